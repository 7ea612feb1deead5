"""Supervision orders, and what a handler asked a lead to decide; projections of the events that made them."""

from __future__ import annotations

from django.db import models

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case


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

    class Meta:
        verbose_name = "督办"
        verbose_name_plural = "督办"
        ordering = ("-issued_at",)

    def __str__(self) -> str:
        return self.number


class HandlerRequest(models.Model):
    """A request of the handler (延期, 暂停, 签发) and its decision."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField("事项", max_length=12, choices=c.RequestKind)
    amount = models.PositiveIntegerField("延长", null=True, blank=True)
    reason = models.TextField("理由")
    expected_end = models.DateField("预计恢复", null=True, blank=True)
    requested_at = models.DateTimeField("提出")
    approved = models.BooleanField("同意", null=True, blank=True)
    decided_at = models.DateTimeField("批复", null=True, blank=True)

    class Meta:
        verbose_name = "申请"
        verbose_name_plural = "申请"
        ordering = ("-requested_at",)

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"
