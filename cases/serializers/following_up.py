"""The shapes of the follow-up: a line of the queue of calls, and its rates with their fractions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases.following_up.choices import Settled

Shape = serializers.Serializer[Any]


class FollowUpSerializer(Shape):
    """A case that waits to be called about; nobody's name or number: those are shown one case at a time."""

    number = serializers.CharField()
    title = serializers.CharField()
    must = serializers.BooleanField(help_text="必访；否则是抽中的")
    share = serializers.IntegerField(help_text="抽取比例，%")
    settled = serializers.ChoiceField(choices=Settled.choices)
    reasons = serializers.ListField(child=serializers.CharField(), help_text="为什么排在前面")
    risk = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    not_before = serializers.DateTimeField(allow_null=True)
    busy = serializers.BooleanField(help_text="有人正在打")


class FollowUpRateSerializer(Shape):
    """One rate of the follow-up; null where the denominator is 0."""

    name = serializers.CharField()
    label = serializers.CharField()
    basis = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    unreached = serializers.IntegerField(help_text="未接通，不在满意率的分母里")
