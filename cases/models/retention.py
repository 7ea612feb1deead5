"""How long contact data is kept, what holds it longer, and the mark that it is gone."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from cases import choices as c
from cases.models.case import Case


class RetentionRule(models.Model):
    """Months after the end of a matter until its contact data goes; an empty kind holds for every kind without one.

    Source: PIPL §§19, 47 (the shortest time the purpose needs; facts §7.1). The default, 36 months, is the general
    limitation of actions (民法典 §188): so long may either side still need to be reached.
    """

    kind = models.CharField("事项大类", max_length=12, choices=c.Kind, blank=True, unique=True)
    months = models.PositiveIntegerField("办结后保存（月）", validators=[MinValueValidator(1)])
    legal_base = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "个人信息保存期限"
        verbose_name_plural = "个人信息保存期限"
        ordering = ("kind",)
        constraints = (models.CheckConstraint(condition=Q(months__gte=1), name="retention_at_least_a_month"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display() if self.kind else '其他各类'} {self.months} 个月"


class LegalHold(models.Model):
    """While it stands, nothing of the case is erased: a lawsuit, a review, an inspection still needs it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds", verbose_name="事项")
    reason = models.CharField("理由", max_length=200)
    placed_at = models.DateTimeField("起")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    lifted_at = models.DateTimeField("止", null=True, blank=True)

    class Meta:
        verbose_name = "暂缓清除"
        verbose_name_plural = "暂缓清除"
        ordering = ("-placed_at",)
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(lifted_at__isnull=True), name="hold_once_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.reason}"


class Erasure(models.Model):
    """The mark that remains: when, by which rule, of how many people and files. Nothing of what they were."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="erasure", verbose_name="事项")
    at = models.DateTimeField("清除时间")
    months = models.PositiveIntegerField("保存期限（月）")
    people = models.PositiveIntegerField("当事人")
    files = models.PositiveIntegerField("附件")

    class Meta:
        verbose_name = "个人信息清除记录"
        verbose_name_plural = "个人信息清除记录"
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"
