"""A call that is owed to somebody, and every attempt to make it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import AttemptResult, CallBackState, CallBackWhy
from hotlines.models.calls import CallRecord


class CallBack(models.Model):
    """A call owed: promised by an operator, or because somebody hung up before he was answered.

    caller: `{phone}`, sealed. A number that was missed several times is owed one call (`missed` counts them). Without an
    operator it lies on every operator's desk. It ends done, or given up with a reason.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    why = models.CharField("缘由", max_length=10, choices=CallBackWhy)
    call = models.ForeignKey(CallRecord, on_delete=models.PROTECT, related_name="call_backs", verbose_name="来电")
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="call_backs", verbose_name="事项"
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="call_backs",
        verbose_name="话务员",
    )
    caller = SealedJSONField(bound_to="uid")
    phone_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    about = models.CharField("说什么", max_length=200, blank=True)
    missed = models.PositiveIntegerField("未接次数", default=0)
    created_at = models.DateTimeField("记下时间")
    due_at = models.DateTimeField("应回时间")
    state = models.CharField("状态", max_length=10, choices=CallBackState, default=CallBackState.OWED)
    ended_at = models.DateTimeField("了结时间", null=True, blank=True)
    reason = models.CharField("了结说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "回电"
        verbose_name_plural = "回电"
        ordering = ("due_at", "pk")
        indexes = (models.Index(fields=("due_at",), condition=Q(state="owed"), name="call_back_owed"),)
        constraints = (
            models.UniqueConstraint(
                fields=("phone_index",),
                condition=Q(why="missed", state="owed") & ~Q(phone_index=""),
                name="call_back_once_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state="owed", ended_at__isnull=True) | ~Q(state="owed") & Q(ended_at__isnull=False),
                name="call_back_ends_when_it_ends",
            ),
            models.CheckConstraint(condition=~Q(state="given_up", reason=""), name="call_back_given_up_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")), name="call_back_ends_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.due_at:%Y-%m-%d %H:%M}"


class CallBackAttempt(models.Model):
    """One attempt, with what it came to."""

    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="attempts", verbose_name="回电")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="话务员")
    result = models.CharField("结果", max_length=10, choices=AttemptResult)
    note = models.CharField("说了什么", max_length=200, blank=True)

    class Meta:
        verbose_name = "回电尝试"
        verbose_name_plural = "回电尝试"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_result_display()}"
