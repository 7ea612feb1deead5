"""A call, what the telephone system said of it, and who sits at which telephone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import CallGuide, CallResult, TelephonyKind
from hotlines.models.knowledge import KnownAnswer


class CallRecord(models.Model):
    """One call: it rang, was answered or missed, ended, and something came of it.

    A case is opened or joined through the matter's own door. caller: `{phone}`, sealed, empty for a hidden number;
    `phone_index` recognises a number that called before without showing it. The sound is not kept here, only where the
    telephone system keeps it: recording `{name}`, sealed, since such names often hold the number. Without an operator
    nobody's extension rang: every operator sees it. `foreign_id` is the telephone system's name of the call, "" for one
    entered by hand; `ended_at` is then the moment it was settled, or when it began if nobody did.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    foreign_id = models.CharField("话务系统编号", max_length=64, blank=True, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name="话务员",
    )
    extension = models.CharField("分机", max_length=20, blank=True)
    caller = SealedJSONField(bound_to="uid")
    phone_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    started_at = models.DateTimeField("来电时间")
    answered_at = models.DateTimeField("接起时间", null=True, blank=True)
    ended_at = models.DateTimeField("挂断时间", null=True, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    result = models.CharField("处理结果", max_length=10, choices=CallResult, default=CallResult.RINGING)
    summary = models.TextField("通话摘要", blank=True)
    recording = SealedJSONField(  # type: ignore[misc]  # what it gives may be None anyway
        "录音编号", bound_to="uid", null=True, blank=True
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name="事项"
    )
    answered_from = models.ForeignKey(
        KnownAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name="答复依据"
    )
    passed_to = models.CharField("转到", max_length=10, blank=True)
    guide = models.CharField("难处理的来电", max_length=10, choices=CallGuide, blank=True)
    forgotten_at = models.DateTimeField("号码清除时间", null=True, blank=True)

    class Meta:
        verbose_name = "来电记录"
        verbose_name_plural = "来电记录"
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("operator", "-settled_at"), name="call_of_operator"),
            models.Index(fields=("started_at",), condition=Q(result="ringing"), name="call_unsettled"),
            models.Index(fields=("started_at",), condition=Q(forgotten_at__isnull=True), name="call_remembered"),
        )
        constraints = (
            models.UniqueConstraint(fields=("foreign_id",), condition=~Q(foreign_id=""), name="call_told_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="call_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(result__in=("opened", "joined"), case__isnull=False)
                | Q(result="answered")
                | ~Q(result__in=("opened", "joined", "answered")) & Q(case__isnull=True),
                name="call_has_its_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.get_result_display()}"

    @property
    def recording_name(self) -> str:
        """What the telephone system calls the sound, "" without one."""
        return str((self.recording or {}).get("name", ""))


class CallerLookUp(models.Model):
    """Who was shown who calls, once for each call and person; the log has the entry that goes with it."""

    call = models.ForeignKey(CallRecord, on_delete=models.CASCADE, related_name="look_ups", verbose_name="来电")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="话务员")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "查看来电人"
        verbose_name_plural = "查看来电人"
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("call", "by"), name="caller_looked_up_once"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}"


class OperatorExtension(models.Model):
    """Whose screen pops when an extension rings; an operator sits at one telephone, a telephone has one operator."""

    extension = models.CharField("分机", max_length=20, unique=True)
    operator = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="extension", verbose_name="话务员"
    )
    since = models.DateTimeField("起")

    class Meta:
        verbose_name = "话务员分机"
        verbose_name_plural = "话务员分机"
        ordering = ("extension",)

    def __str__(self) -> str:
        return f"{self.extension} {self.operator}"


class TelephonyEvent(models.Model):
    """One event of the telephone system, taken once; no number stands here, only in the call it is about, sealed."""

    event_id = models.CharField("事件号", max_length=64, unique=True)
    kind = models.CharField("种类", max_length=10, choices=TelephonyKind)
    call = models.ForeignKey(CallRecord, on_delete=models.CASCADE, related_name="events", verbose_name="来电")
    at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "话务事件"
        verbose_name_plural = "话务事件"
        ordering = ("received_at", "pk")

    def __str__(self) -> str:
        return f"{self.event_id} {self.get_kind_display()}"
