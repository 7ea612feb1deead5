"""The shapes of drafts of orders and of proposals, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases import choices as c
from cases.serializers.shown import Shape
from cases.serializers.whistles import _body

_TEXT = {"type": "string", "maxLength": 5000}
SIGN_BODY = _body(
    ["problem", "demand", "deadline"],
    problem={**_TEXT, "description": "存在问题，印在督办函上，不写诉求人的姓名、电话"},
    demand={**_TEXT, "description": "整改要求"},
    deadline={"type": "string", "format": "date-time", "description": "回复期限"},
)
DISCARD_BODY = _body(["reason"], reason={"type": "string", "maxLength": 200, "description": "不发的理由"})


PROPOSE_BODY = _body(
    ["kind", "unit", "addressee", "ground", "advice"],
    kind={"type": "string", "enum": list(c.ProposalKind.values)},
    unit={"type": "string", "description": "对象单位的代码"},
    addressee={"type": "string", "description": "报送"},
    ground={**_TEXT, "description": "事由和依据，不写诉求人的姓名、电话"},
    advice=_TEXT,
    cases={"type": "array", "items": {"type": "string"}, "maxItems": 50, "description": "涉及事项的受理编号"},
)
DECISION_BODY = _body(
    ["approved"],
    approved={"type": "boolean", "description": "是否采纳"},
    issuer={"type": "string", "description": "作出机关；采纳约谈、通报、挂牌的必填"},
    issuer_number={"type": "string", "description": "文号；同上"},
    listed_until={"type": "string", "format": "date", "description": "挂牌期限；只有挂牌填写"},
    result={**_TEXT, "description": "不采纳的理由，或者书面反馈的采纳情况"},
)
RESULT_BODY = _body(
    ["result"], result=_TEXT, delisted_on={"type": "string", "format": "date", "description": "摘牌日期；挂牌的必填"}
)


class OrderDraftSerializer(Shape):
    """A 督办函 that waits to be signed."""

    id = serializers.IntegerField()
    case = serializers.CharField(help_text="受理编号")
    cause = serializers.ChoiceField(c.DraftCause.choices)
    unit = serializers.CharField(allow_null=True, help_text="单位代码")
    unit_name = serializers.CharField()
    problem = serializers.CharField()
    demand = serializers.CharField()
    deadline = serializers.DateTimeField()
    made_at = serializers.DateTimeField()


class SupervisionProposalSerializer(Shape):
    """A proposal against a unit."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(c.ProposalKind.choices)
    unit = serializers.CharField()
    unit_name = serializers.CharField()
    addressee = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    approved = serializers.BooleanField(allow_null=True)
    issuer = serializers.CharField()
    issuer_number = serializers.CharField()
    listed_until = serializers.DateField(allow_null=True)
    delisted_on = serializers.DateField(allow_null=True)
    result = serializers.CharField()


class OneProposalSerializer(SupervisionProposalSerializer):
    """A proposal with its words and the cases of it that the reader may open."""

    ground = serializers.CharField()
    advice = serializers.CharField()
    cases = serializers.ListField(child=serializers.CharField(), help_text="受理编号")
    decided_at = serializers.DateTimeField(allow_null=True)
    resulted_at = serializers.DateTimeField(allow_null=True)
