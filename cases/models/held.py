"""A resident's report that waits for a human: it has its number and query code, and is no matter yet."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.reporting.choices import Discarded, HeldFor, HeldState
from governance_portal.lib.crypto import SealedJSONField


class HeldReport(models.Model):
    """One report as it was sent, under the number that its resident holds; released, the case gets this very number.

    `content` is the body of a registration, sealed, and empty once the report was released or its discarding is final.
    `source` is a keyed hash of the sender's address, `alike` a keyed similarity hash of the text (cases.reporting.alike).
    A row is shown by itself, or folded into another one (`folded_into`), which counts it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("受理编号", max_length=14, unique=True)
    client_id = models.CharField("提交号", max_length=64, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    content = SealedJSONField(bound_to="uid", null=True)  # type: ignore[misc]  # what it gives may be None anyway
    area_code = models.CharField("地点", max_length=15)
    held_for = models.CharField("原因", max_length=12, choices=HeldFor)
    source = models.CharField(max_length=32)
    alike = models.BigIntegerField()
    folded_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="folded", verbose_name="归入"
    )
    count = models.PositiveIntegerField("件数", default=1)
    received_at = models.DateTimeField("收到时间")
    state = models.CharField("状态", max_length=12, choices=HeldState, default=HeldState.WAITING)
    judged_at = models.DateTimeField("核实时间", null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核实人",
    )
    discarded = models.CharField("丢弃理由", max_length=12, choices=Discarded, blank=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="held_reports", verbose_name="事项"
    )

    class Meta:
        verbose_name = "待核实上报"
        verbose_name_plural = "待核实上报"
        ordering = ("received_at", "id")
        indexes = (
            models.Index(fields=("state", "folded_into", "received_at"), name="held_shown"),
            models.Index(fields=("state", "source"), name="held_of_source"),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_id",), condition=~Q(client_id=""), name="held_sent_once"),
            models.CheckConstraint(
                condition=Q(state=HeldState.WAITING, judged_at__isnull=True, judged_by__isnull=True)
                | Q(judged_at__isnull=False, judged_by__isnull=False) & ~Q(state=HeldState.WAITING),
                name="held_judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=HeldState.DISCARDED) & ~Q(discarded="")
                | ~Q(state=HeldState.DISCARDED) & Q(discarded=""),
                name="held_discarded_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=HeldState.RELEASED, case__isnull=False)
                | ~Q(state=HeldState.RELEASED) & Q(case__isnull=True),
                name="held_released_as_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(state=HeldState.WAITING) | Q(content__isnull=False), name="held_waiting_is_whole"
            ),
        )

    def __str__(self) -> str:
        return self.number
