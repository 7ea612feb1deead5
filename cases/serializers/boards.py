"""The shapes of `stats/bands/`, `stats/settled-at/` and `network/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class BandLineSerializer(Shape):
    """A rate with its fraction; all three null where this person does not read what it is made of."""

    code = serializers.CharField()
    label = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="百分比，一位小数；没有可除的数为空")
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    basis = serializers.CharField(help_text="口径")
    source = serializers.CharField(help_text="出处")


class BandSerializer(Shape):
    """One of the three bands."""

    code = serializers.ChoiceField(choices=(("front", "前端排查"), ("middle", "中端调处"), ("end", "末端问效")))
    title = serializers.CharField()
    lines = BandLineSerializer(many=True)


class SettledAtSerializer(Shape):
    """A level at which matters were settled."""

    code = serializers.ChoiceField(
        choices=(("grid", "网格"), ("community", "村（社区）"), ("street", "镇街"), ("district", "区级"))
    )
    label = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="占各级合计的百分比；合计为 0 时为空")


class NetworkUnitSerializer(Shape):
    """A unit of the portal."""

    code = serializers.CharField()
    name = serializers.CharField()


class NetworkMemberSerializer(Shape):
    """A member of a layer; unit is null for one that is known by its name only, who then holds nothing here."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = NetworkUnitSerializer(allow_null=True)
    area = serializers.CharField(allow_blank=True)
    duty = serializers.CharField()
    contact_post = serializers.CharField()
    mode = serializers.CharField(allow_blank=True, help_text="standing 常驻、rotating 轮驻、on_call 随驻，空为不驻场")
    since = serializers.DateField()
    open = serializers.IntegerField(allow_null=True, help_text="现在主办的在办事项，调用者看得到的")
    overdue = serializers.IntegerField(allow_null=True, help_text="其中超时的")


class NetworkLayerSerializer(Shape):
    """A layer from the top down; symbol is the number of its members, or N."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    symbol = serializers.CharField()
    count = serializers.IntegerField()
    measure = serializers.CharField()
    members = NetworkMemberSerializer(many=True)
