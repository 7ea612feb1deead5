"""The record of a call."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import CallResult


class CallRecord(models.Model):
    """One call, answered by an operator; it opens a case or joins one through the matter's own door.

    caller: `{phone}`, sealed; `phone_index` recognises a number that called before without showing it. The sound is
    not kept here, only where the telephone system keeps it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calls", verbose_name="话务员"
    )
    caller = SealedJSONField(bound_to="uid")
    phone_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    started_at = models.DateTimeField("来电时间")
    ended_at = models.DateTimeField("挂断时间", null=True, blank=True)
    result = models.CharField("处理结果", max_length=10, choices=CallResult, default=CallResult.RINGING)
    summary = models.TextField("通话摘要", blank=True)
    recording = models.CharField("录音编号", max_length=120, blank=True)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name="事项"
    )

    class Meta:
        verbose_name = "来电记录"
        verbose_name_plural = "来电记录"
        ordering = ("-started_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="call_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(result__in=("opened", "joined"), case__isnull=False)
                | ~Q(result__in=("opened", "joined")) & Q(case__isnull=True),
                name="call_has_its_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.get_result_display()}"
