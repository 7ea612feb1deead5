"""The shapes of requests to leave a matter out of the ranking, for the API's published description."""

from __future__ import annotations

from rest_framework import serializers

from cases.ranking.choices import ExclusionAct, ExclusionStage, Ground, Ranked
from cases.ranking.services import WORDS_LIMIT
from cases.serializers.shown import Shape
from cases.serializers.whistles import _body


class _UnitSerializer(Shape):
    """A unit."""

    code = serializers.CharField()
    name = serializers.CharField()


class ExclusionStepSerializer(Shape):
    """What happened to a request, in order."""

    kind = serializers.ChoiceField(choices=ExclusionAct.choices)
    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="经办人姓名")
    words = serializers.CharField()


class ExclusionSerializer(Shape):
    """A request of a unit to leave one matter out of one of its ranking figures."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="受理编号")
    unit = _UnitSerializer()
    figure = serializers.ChoiceField(choices=Ranked.choices)
    ground = serializers.ChoiceField(choices=Ground.choices)
    words = serializers.CharField()
    attempt = serializers.IntegerField(help_text="第几次申请，最多 2 次")
    stage = serializers.ChoiceField(choices=ExclusionStage.choices)
    may_decide = serializers.BooleanField(help_text="本人现在能否决定，或把已剔除的恢复计入")
    steps = ExclusionStepSerializer(many=True)


_WORDS = {"type": "string", "maxLength": WORDS_LIMIT, "description": "不写姓名、电话"}
ASK_BODY = _body(
    ["figure", "ground", "words"],
    figure={"type": "string", "enum": list(Ranked.values)},
    ground={"type": "string", "enum": list(Ground.values)},
    words=_WORDS,
)
DECIDE_BODY = _body(["granted", "answer"], granted={"type": "boolean"}, answer=_WORDS)
REVOKE_BODY = _body(["why"], why=_WORDS)
