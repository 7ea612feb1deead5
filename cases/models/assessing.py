"""Assessment of grids' work: plans in versions, rounds of a quarter, what was computed (frozen), appeals, grades.

Nothing here is about a person: a grid has figures and a grade, people appear only as those who did a step
(国办函〔2026〕12号; facts §6.1, §8 rows 0.29, 3.8). Migration 0030 holds what is written: plans and computed rows by triggers.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cases.assessing.choices import AppealStage, Grade, Indicator, Stage, Step
from grids.choices import WorkClass

#: A quarter is written "2026Q4", so that text order is the order of time.
FIRST_QUARTER, LAST_QUARTER = "2020Q1", "2199Q4"


def _is_quarter(name: str) -> Q:
    ends = Q()
    for number in "1234":
        ends |= Q(**{f"{name}__endswith": f"Q{number}"})
    return ends & Q(**{f"{name}__gte": FIRST_QUARTER, f"{name}__lte": LAST_QUARTER})


def _weight(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=0, validators=[MaxValueValidator(100)])


class AssessmentPlan(models.Model):
    """One version of what a class of grids is assessed by, from the quarter `since` on; 0: not looked at.

    Fewer than `min_base` cases: the indicator says 样本不足 and its weight is shared by the others. A version is never
    edited: the next one begins with a later quarter and ends this one (`until`, its last quarter).
    """

    work_class = models.CharField("工作类别", max_length=16, choices=WorkClass)
    since = models.CharField("起（季度）", max_length=6)
    until = models.CharField("止（季度）", max_length=6, blank=True)
    on_time = _weight("按期办结率的权重")
    at_once = _weight("一次办结率的权重")
    satisfied = _weight("居民满意率的权重")
    spot = _weight("抽查合格率的权重")
    min_base = models.PositiveSmallIntegerField(
        "最少件数", default=5, validators=[MinValueValidator(3), MaxValueValidator(100)]
    )
    reason = models.CharField("修改理由", max_length=200, blank=True)
    author_name = models.CharField("发布人", max_length=60, blank=True)
    made_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "考核办法"
        verbose_name_plural = "考核办法"
        ordering = ("work_class", "-since")
        constraints = (
            models.UniqueConstraint(fields=("work_class", "since"), name="assessment_plan_once"),
            models.UniqueConstraint(fields=("work_class",), condition=Q(until=""), name="assessment_plan_one_open"),
            models.CheckConstraint(
                condition=Q(on_time=100 - F("at_once") - F("satisfied") - F("spot")),
                name="assessment_plan_weights_are_100",
                violation_error_message="各项权重之和应为 100。",
            ),
            models.CheckConstraint(
                condition=Q(on_time__lte=100, at_once__lte=100, satisfied__lte=100, spot__lte=100),
                name="assessment_plan_weights_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(min_base__gte=3, min_base__lte=100), name="assessment_plan_base_is_no_single_case"
            ),
            models.CheckConstraint(condition=_is_quarter("since"), name="assessment_plan_begins_with_a_quarter"),
            models.CheckConstraint(
                condition=Q(until="") | Q(until__gte=F("since")) & _is_quarter("until"),
                name="assessment_plan_ends_with_a_quarter",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_work_class_display()} {self.since}"

    @property
    def weights(self) -> dict[str, int]:
        """`{indicator: weight}` of those that are looked at, in the fixed order."""
        found = {code: int(getattr(self, code)) for code in Indicator.values}
        return {code: weight for code, weight in found.items() if weight}


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def _reached(stages: tuple[str, ...], *there: str) -> Q:
    moments = ("computed_at", "shown_at", "decided_at", "archived_at")
    return Q(stage__in=stages, **{f"{name}__isnull": name not in there for name in moments})


class AssessmentRound(models.Model):
    """The assessment of one class in one quarter: computed once, shown, appealed, decided, archived."""

    quarter = models.CharField("季度", max_length=6)
    work_class = models.CharField("工作类别", max_length=16, choices=WorkClass)
    stage = models.CharField("进度", max_length=10, choices=Stage, default=Stage.PROPOSED)
    plan = models.ForeignKey(
        AssessmentPlan, on_delete=models.PROTECT, null=True, related_name="rounds", verbose_name="考核办法"
    )
    proposed_at = models.DateTimeField("提请")
    computed_at = models.DateTimeField("计算", null=True, blank=True)
    computed_by = _person("计算人")
    shown_at = models.DateTimeField("公示", null=True, blank=True)
    shown_by = _person("公示人")
    appeal_until = models.DateTimeField("申诉截止", null=True, blank=True)
    decided_at = models.DateTimeField("评定", null=True, blank=True)
    decided_by = _person("评定人")
    archived_at = models.DateTimeField("归档", null=True, blank=True)
    archived_by = _person("归档人")

    class Meta:
        verbose_name = "网格考核"
        verbose_name_plural = "网格考核"
        ordering = ("-quarter", "work_class")
        constraints = (
            models.UniqueConstraint(fields=("quarter", "work_class"), name="assessment_round_once"),
            models.CheckConstraint(condition=_is_quarter("quarter"), name="assessment_round_of_a_quarter"),
            models.CheckConstraint(
                condition=_reached(("proposed",))
                | _reached(("draft",), "computed_at")
                | _reached(("shown",), "computed_at", "shown_at")
                | _reached(("decided",), "computed_at", "shown_at", "decided_at")
                | _reached(("archived",), "computed_at", "shown_at", "decided_at", "archived_at"),
                name="assessment_round_stage_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(computed_at__isnull=True) | Q(plan__isnull=False, computed_by__isnull=False),
                name="assessment_round_computed_by_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True, appeal_until__isnull=True) | Q(appeal_until__gt=F("shown_at")),
                name="assessment_round_shown_with_time_to_appeal",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(decided_at__gte=F("appeal_until")) & ~Q(decided_by=F("computed_by")),
                name="assessment_round_decided_by_another_after_appeals",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quarter} {self.get_work_class_display()}"


class GridAssessment(models.Model):
    """What was computed for one grid: frozen. A correction after an appeal is a row of its own, `version` one higher.

    `total` is None where no indicator had enough cases. `sentence` is the formula with the numbers filled in.
    """

    round = models.ForeignKey(
        AssessmentRound, on_delete=models.PROTECT, related_name="assessments", verbose_name="考核", db_index=False
    )
    grid_code = models.CharField("网格", max_length=15)
    grid_name = models.CharField("网格名称", max_length=64)
    version = models.PositiveSmallIntegerField("第几次计算", default=1)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected", verbose_name="更正的是"
    )
    reason = models.CharField("更正理由", max_length=500, blank=True)
    total = models.DecimalField("计算值", max_digits=4, decimal_places=1, null=True, blank=True)
    sentence = models.CharField("算式", max_length=300)
    made_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = "网格考核结果"
        verbose_name_plural = "网格考核结果"
        ordering = ("grid_code", "version")
        constraints = (
            models.UniqueConstraint(fields=("round", "grid_code", "version"), name="grid_assessment_once"),
            models.CheckConstraint(
                condition=Q(version=1, corrects__isnull=True, reason="")
                | Q(version__gt=1, corrects__isnull=False) & ~Q(reason=""),
                name="grid_assessment_corrected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="grid_assessment_total"
            ),
        )

    def __str__(self) -> str:
        return f"{self.grid_name} {self.version}"


class GridFigure(models.Model):
    """One indicator of one grid: `numerator` of `denominator` cases; `value` in percent, None below the minimal base.

    `cases` is `[[case id, counted as good], …]`, the very cases that were counted; frozen with the rest.
    """

    assessment = models.ForeignKey(
        GridAssessment, on_delete=models.PROTECT, related_name="figures", verbose_name="结果", db_index=False
    )
    indicator = models.CharField("指标", max_length=10, choices=Indicator)
    numerator = models.PositiveIntegerField("分子")
    denominator = models.PositiveIntegerField("分母")
    value = models.DecimalField("值", max_digits=4, decimal_places=1, null=True, blank=True)
    weight = models.PositiveSmallIntegerField("权重")
    sentence = models.CharField("算式", max_length=200)
    cases = models.JSONField("事项", default=list)

    class Meta:
        verbose_name = "网格考核指标"
        verbose_name_plural = "网格考核指标"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "indicator"), name="grid_figure_once"),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="grid_figure_part_of_a_whole"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(denominator__gt=0, value__gte=0, value__lte=100),
                name="grid_figure_value",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.numerator}/{self.denominator}"


class Appeal(models.Model):
    """Who served the grid in that quarter, or leads its community, does not agree. Answered by one, confirmed by another.

    `correction` is the row that came of it, None when the figures stand.
    """

    assessment = models.ForeignKey(
        GridAssessment, on_delete=models.PROTECT, related_name="appeals", verbose_name="结果"
    )
    stage = models.CharField("进度", max_length=10, choices=AppealStage, default=AppealStage.OPEN)
    words = models.TextField("申诉理由")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    made_at = models.DateTimeField("提出")
    answer = models.TextField("答复", blank=True)
    upheld = models.BooleanField("成立", null=True, blank=True)
    removed = models.JSONField("不计的事项", default=list, blank=True)
    answered_by = _person("答复人")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    confirmed_by = _person("会签人")
    confirmed_at = models.DateTimeField("会签时间", null=True, blank=True)
    correction = models.OneToOneField(
        GridAssessment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正"
    )

    class Meta:
        verbose_name = "考核申诉"
        verbose_name_plural = "考核申诉"
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("assessment", "made_by"), name="appeal_once"),
            models.CheckConstraint(
                condition=Q(stage="open", answered_at__isnull=True, upheld__isnull=True, confirmed_at__isnull=True)
                | Q(stage="answered", answered_at__isnull=False, upheld__isnull=False, confirmed_at__isnull=True)
                | Q(stage="settled", answered_at__isnull=False, upheld__isnull=False, confirmed_at__isnull=False),
                name="appeal_stage_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | Q(answered_by__isnull=False) & ~Q(answer="") & ~Q(answered_by=F("made_by")),
                name="appeal_answered_by_another_with_words",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("answered_by")) & ~Q(confirmed_by=F("made_by")),
                name="appeal_confirmed_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(correction__isnull=True) | Q(stage="settled", upheld=True),
                name="appeal_corrected_when_upheld",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.get_stage_display()}"


class AppealStep(models.Model):
    """What happened to an appeal, in order; never changed."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="steps", verbose_name="申诉")
    kind = models.CharField("步骤", max_length=10, choices=Step)
    words = models.TextField("内容", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "申诉记录"
        verbose_name_plural = "申诉记录"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.get_kind_display()}"


class GridGrade(models.Model):
    """What somebody concluded for one grid, beside the computed value (`assessment`, its newest row); fixed once decided."""

    assessment = models.OneToOneField(
        GridAssessment, on_delete=models.PROTECT, related_name="grade", verbose_name="结果"
    )
    grade = models.CharField("评定", max_length=10, choices=Grade)
    words = models.CharField("评语", max_length=300, blank=True)
    valued = models.BooleanField("有计算值")
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评定人"
    )
    graded_at = models.DateTimeField("评定时间")

    class Meta:
        verbose_name = "网格评定"
        verbose_name_plural = "网格评定"
        constraints = (
            models.CheckConstraint(
                condition=Q(valued=True) & ~Q(grade="too_few") | Q(valued=False, grade__in=("too_few", "passed")),
                name="grid_grade_few_cases_do_not_hurt",
            ),
            models.CheckConstraint(
                condition=~Q(grade="improve") | ~Q(words=""), name="grid_grade_to_improve_says_what"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.get_grade_display()}"
