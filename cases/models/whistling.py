"""镇街吹哨、部门报到: a street calls departments to a matter or a place; arrival, work, result, both rate.

Nobody's position is kept, no photograph, no clock-in: the side that whistled says that they came (国办函〔2026〕12号; facts §6.1).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case
from governance_portal.lib.working_days import LimitUnit

UNITS = [
    (LimitUnit.HOUR.value, "小时"),
    (LimitUnit.WORKING_HOUR.value, "工作小时"),
    (LimitUnit.WORKING_DAY.value, "工作日"),
    (LimitUnit.NATURAL_DAY.value, "自然日"),
]
BEST = 5


class WhistlePolicy(models.Model):
    """How soon departments come and finish, by kind and scale; 0 working days is the same day. A whistle keeps its dates."""

    kind = models.CharField("哨种", max_length=12, choices=c.WhistleKind)
    scale = models.CharField("难易", max_length=8, choices=c.WhistleScale)
    arrive_amount = models.PositiveSmallIntegerField("报到期限")
    arrive_unit = models.CharField("报到期限单位", max_length=12, choices=UNITS)
    finish_amount = models.PositiveSmallIntegerField("办结期限")
    finish_unit = models.CharField("办结期限单位", max_length=12, choices=UNITS)
    base = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "吹哨时限"
        verbose_name_plural = "吹哨时限"
        ordering = ("kind", "scale")
        constraints = (models.UniqueConstraint(fields=("kind", "scale"), name="whistle_policy_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.get_scale_display()}）"


class Whistle(models.Model):
    """One call of a street (吹哨单): kind, place, what for, perhaps a case. What is written names nobody."""

    number = models.CharField("哨单号", max_length=40, unique=True)
    kind = models.CharField("哨种", max_length=12, choices=c.WhistleKind)
    scale = models.CharField("难易", max_length=8, choices=c.WhistleScale)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="whistles", verbose_name="事项"
    )
    area_code = models.CharField("属地", max_length=15)
    place = models.CharField("地点", max_length=120)
    what = models.TextField("请来做什么")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="吹哨单位")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="吹哨人"
    )
    called_at = models.DateTimeField("吹哨时间")
    arrive_by = models.DateTimeField("报到期限")
    finish_by = models.DateTimeField("办结期限")
    tentative = models.BooleanField("暂定", default=False)
    client_id = models.CharField("提交号", max_length=64, blank=True)

    class Meta:
        verbose_name = "吹哨单"
        verbose_name_plural = "吹哨单"
        ordering = ("-called_at", "-id")
        indexes = (models.Index(fields=("area_code", "called_at"), name="whistle_of_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(arrive_by__gte=models.F("called_at"), finish_by__gte=models.F("called_at")),
                name="whistle_dates_follow_the_call",
            ),
            models.UniqueConstraint(
                fields=("called_by", "client_id"), condition=~Q(client_id=""), name="whistle_sent_once"
            ),
        )

    def __str__(self) -> str:
        return self.number


def _stands(stage: str, *there: str, **also: object) -> Q:
    """A stage and exactly the moments that belong to it."""
    moments = ("arrived_at", "started_at", "finished_at", "recalled_at")
    return Q(stage=stage, **{f"{name}__isnull": name not in there for name in moments}, **also)


BOTH_RATED = Q(street_score__isnull=False, unit_score__isnull=False)


class WhistleCall(models.Model):
    """One department's part (报到单): called, arrived as the street confirms, at work, finished, rated by both sides."""

    whistle = models.ForeignKey(Whistle, on_delete=models.CASCADE, related_name="calls", verbose_name="吹哨单")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="呼叫部门")
    stage = models.CharField("状态", max_length=10, choices=c.WhistleStage, default=c.WhistleStage.CALLED)
    arrived_at = models.DateTimeField("确认报到", null=True, blank=True)
    arrived_who = models.CharField("到场人", max_length=60, blank=True)
    started_at = models.DateTimeField("开始处置", null=True, blank=True)
    finished_at = models.DateTimeField("办结", null=True, blank=True)
    result = models.TextField("处置结果", blank=True)
    recalled_at = models.DateTimeField("撤回", null=True, blank=True)
    recall_reason = models.CharField("撤回原因", max_length=200, blank=True)
    street_score = models.PositiveSmallIntegerField("街道评部门", null=True, blank=True)
    street_words = models.CharField("街道的话", max_length=500, blank=True)
    unit_score = models.PositiveSmallIntegerField("部门评街道", null=True, blank=True)
    unit_words = models.CharField("部门的话", max_length=500, blank=True)
    chased = models.CharField("已催", max_length=8, blank=True)

    class Meta:
        verbose_name = "报到单"
        verbose_name_plural = "报到单"
        ordering = ("id",)
        indexes = (models.Index(fields=("stage", "chased"), name="whistle_call_to_chase"),)
        constraints = (
            models.UniqueConstraint(fields=("whistle", "unit"), name="whistle_calls_a_unit_once"),
            models.CheckConstraint(
                condition=_stands("called", street_score__isnull=True, unit_score__isnull=True)
                | _stands("arrived", "arrived_at", street_score__isnull=True, unit_score__isnull=True)
                | _stands("handling", "arrived_at", "started_at", street_score__isnull=True, unit_score__isnull=True)
                | _stands("finished", "arrived_at", "started_at", "finished_at") & ~BOTH_RATED
                | _stands("rated", "arrived_at", "started_at", "finished_at") & BOTH_RATED
                | _stands("recalled", "recalled_at", street_score__isnull=True, unit_score__isnull=True),
                name="whistle_stage_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, result="") | Q(finished_at__isnull=False) & ~Q(result=""),
                name="whistle_finished_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recall_reason="")
                | Q(recalled_at__isnull=False) & ~Q(recall_reason=""),
                name="whistle_recalled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(street_score__isnull=True) | Q(street_score__gte=1, street_score__lte=BEST))
                & (Q(unit_score__isnull=True) | Q(unit_score__gte=1, unit_score__lte=BEST)),
                name="whistle_scores_one_to_five",
            ),
        )

    def __str__(self) -> str:
        return f"{self.whistle} {self.unit}"
