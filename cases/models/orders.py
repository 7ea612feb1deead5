"""Supervision orders, and what a handler asked a lead to decide; projections of the events that made them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case
from cases.models.event import Event


class SupervisionOrder(models.Model):
    """An order laid on a case (督办): demand, deadline, written response, lifting. It never changes the status."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField("文号", max_length=40, unique=True)
    kind = models.CharField("形式", max_length=10, choices=c.OrderKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="被督办单位")
    demand = models.TextField("整改要求")
    deadline = models.DateTimeField("回复期限")
    issuer = models.CharField("签发机关", max_length=80, blank=True)
    issuer_number = models.CharField("签发文号", max_length=40, blank=True)
    issued_at = models.DateTimeField("发出")
    response = models.TextField("整改情况", blank=True)
    responded_at = models.DateTimeField("回复", null=True, blank=True)
    lifted_at = models.DateTimeField("解除", null=True, blank=True)
    lift_note = models.TextField("解除意见", blank=True)
    problem = models.TextField("存在问题", blank=True)
    signed_by = models.CharField("签发人", max_length=60, blank=True)
    renewed = models.PositiveSmallIntegerField("再次督办", default=0)
    cause_clock = models.CharField("因何时限", max_length=20, blank=True, help_text="时钟催办的时限；人发的为空。")
    cause_period = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "督办"
        verbose_name_plural = "督办"
        ordering = ("-issued_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "cause_clock", "cause_period"),
                condition=~models.Q(cause_clock=""),
                name="order_urged_once",
            ),
        )

    def __str__(self) -> str:
        return self.number


class HandlerRequestQuerySet(models.QuerySet["HandlerRequest"]):
    """Requests, narrowed."""

    def waiting(self) -> HandlerRequestQuerySet:
        """Neither decided nor withdrawn, and the case has not moved on since (a pause and its end do not count)."""
        moved = Event.objects.filter(case_id=OuterRef("case_id"), at__gt=OuterRef("requested_at"))
        moved = moved.exclude(status_before=F("status_after")).exclude(kind__in=("suspend", "resume"))
        return self.filter(approved__isnull=True, withdrawn_at__isnull=True).filter(~Exists(moved))


class HandlerRequest(models.Model):
    """What somebody asks to be decided (延期, 暂停, 签发, 不予受理) and its decision.

    `amount` in the unit of the limit that it lengthens; `due_before`, `due_after` aware, as of the decision.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField("事项", max_length=12, choices=c.RequestKind)
    amount = models.PositiveIntegerField("延长", null=True, blank=True)
    reason = models.TextField("理由")
    expected_end = models.DateField("预计恢复", null=True, blank=True)
    requested_at = models.DateTimeField("提出")
    approved = models.BooleanField("同意", null=True, blank=True)
    decided_at = models.DateTimeField("批复", null=True, blank=True)
    public_reason = models.TextField("告诉居民的理由", blank=True)
    consent = models.BooleanField("双方同意", null=True, blank=True)
    suspend_reason = models.CharField("暂停理由", max_length=20, choices=c.SuspendReason, blank=True)
    decline_reason = models.CharField("不予受理理由", max_length=4, choices=c.DeclineReason, blank=True)
    decline_instead = models.TextField("应当向哪里提出", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="批复人"
    )
    decision_note = models.TextField("批复意见", blank=True)
    number = models.CharField("文号", max_length=40, blank=True)
    due_before = models.DateTimeField("原到期", null=True, blank=True)
    due_after = models.DateTimeField("延长后到期", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回", null=True, blank=True)

    objects = HandlerRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "申请"
        verbose_name_plural = "申请"
        ordering = ("-requested_at",)

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"
