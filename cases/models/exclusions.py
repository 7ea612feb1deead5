"""剔除: a unit asked that one matter be left out of one of its ranking figures; what was decided, and why.

Nothing here is about a person: units are ranked, people appear only as those who did a step. Migration 0038 holds what is
written: no row goes, what was asked never changes, what was decided stays, steps are append-only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from cases.models.case import Case
from cases.ranking.choices import ATTEMPTS, ExclusionAct, ExclusionStage, Ground, Ranked


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class RankingExclusion(models.Model):
    """One request: this matter, of this unit, in this figure. While it is granted and the unit leads, it is left out.

    `round` is the case's when the rating was asked about (a rating is given by round), 1 of the on-time figure, which judges
    round 1 only. `counted_at` is the moment that the limit for asking ran from. `attempt`: 2 after a refusal.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions", verbose_name="事项")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="申请单位")
    figure = models.CharField("指标", max_length=10, choices=Ranked)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    attempt = models.PositiveSmallIntegerField("第几次申请", default=1)
    ground = models.CharField("事由", max_length=16, choices=Ground)
    words = models.TextField("理由")
    counted_at = models.DateTimeField("计入时间")
    stage = models.CharField("进度", max_length=10, choices=ExclusionStage, default=ExclusionStage.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间")
    decided_by = _person("决定人")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.TextField("决定理由", blank=True)
    revoked_by = _person("恢复计入的决定人")
    revoked_at = models.DateTimeField("恢复计入时间", null=True, blank=True)
    revoked_why = models.TextField("恢复计入理由", blank=True)

    class Meta:
        verbose_name = "剔除申请"
        verbose_name_plural = "剔除申请"
        ordering = ("-asked_at", "-id")
        indexes = (models.Index(fields=("stage", "asked_at"), name="exclusion_by_stage"),)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "figure"), condition=Q(stage="open"), name="exclusion_one_open_per_figure"
            ),
            models.UniqueConstraint(
                fields=("case", "figure", "unit", "round"), condition=Q(stage="granted"), name="exclusion_granted_once"
            ),
            models.UniqueConstraint(
                fields=("case", "figure", "unit", "round", "attempt"), name="exclusion_attempt_once"
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1, attempt__lte=ATTEMPTS), name="exclusion_attempts"),
            models.CheckConstraint(condition=~Q(words=""), name="exclusion_asked_with_words"),
            models.CheckConstraint(
                condition=Q(stage="open", decided_at__isnull=True, revoked_at__isnull=True)
                | Q(stage__in=("granted", "refused"), decided_at__isnull=False, revoked_at__isnull=True)
                | Q(stage="revoked", decided_at__isnull=False, revoked_at__isnull=False),
                name="exclusion_stage_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, answer="")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(answer="") & ~Q(decided_by=F("asked_by")),
                name="exclusion_decided_by_another_with_words",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_why="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False)
                & ~Q(revoked_why="")
                & ~Q(revoked_by=F("asked_by")),
                name="exclusion_revoked_by_another_with_words",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_figure_display()} {self.get_stage_display()}"


class ExclusionStep(models.Model):
    """What happened to a request, in order; never changed. Its last key is also how an open board knows of a decision."""

    exclusion = models.ForeignKey(
        RankingExclusion, on_delete=models.PROTECT, related_name="steps", verbose_name="剔除申请"
    )
    kind = models.CharField("步骤", max_length=10, choices=ExclusionAct)
    words = models.TextField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "剔除申请的记录"
        verbose_name_plural = "剔除申请的记录"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.exclusion_id} {self.get_kind_display()}"
