"""排查: plans in versions, their points, one task per plan, grid and day, what was found, hand-overs, closings.

What a patrol leaves is a *day*: no hour, no position, no photograph, nothing per person (国办函〔2026〕12号; facts §6.1, §7.4).
The columns are dates, so that no code can keep more.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.patrols import choices as c
from grids.choices import DutyKind
from grids.models import Grid


class PatrolPlan(models.Model):
    """One version of a plan (日常、重点), or a campaign (专项): what, where, by whom, when.

    A trigger refuses every change but its end: another rule is the next version, from tomorrow on (`follows`), so that the
    past stays as it was. `area_code` is who plans it; without `grids` it is every grid there. `ends_on` is the first day
    without tasks; `made_until` the last day whose tasks are made.
    """

    kind = models.CharField("类别", max_length=12, choices=c.PatrolKind)
    name = models.CharField("名称", max_length=60)
    look_for = models.CharField("查什么", max_length=500, blank=True)
    area_code = models.CharField("范围", max_length=15)
    grids = models.ManyToManyField(Grid, blank=True, related_name="+", verbose_name="网格")
    duty_kind = models.CharField("由谁排查", max_length=24, choices=DutyKind, default=DutyKind.GRID_WORKER)
    repeat = models.CharField("周期", max_length=12, choices=c.PatrolRepeat)
    every = models.PositiveSmallIntegerField("每几天", default=1)
    weekdays = models.CharField("每周几", max_length=20, blank=True, help_text="如 FR,SU")
    month_days = models.CharField("每月几日", max_length=90, blank=True, help_text="如 1,15")
    special = models.CharField("遇节假日、调休", max_length=8, choices=c.SpecialDay, default=c.SpecialDay.KEEP)
    first_day = models.DateField("开始")
    last_day = models.DateField("结束（专项的截止日）", null=True, blank=True)
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name="上一版"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="安排人"
    )
    made_at = models.DateTimeField("安排时间")
    client_id = models.CharField("提交号", max_length=64, blank=True)
    ends_on = models.DateField("停止", null=True, blank=True)
    end_reason = models.CharField("停止原因", max_length=200, blank=True)
    made_until = models.DateField(null=True, blank=True)
    closing_told = models.BooleanField(default=False)

    class Meta:
        verbose_name = "排查计划"
        verbose_name_plural = "排查计划"
        ordering = ("-first_day", "-id")
        indexes = (models.Index(fields=("area_code", "kind"), name="patrol_plan_of_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="patrol_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(kind=c.PatrolKind.CAMPAIGN, repeat=c.PatrolRepeat.ONCE, last_day__isnull=False)
                | ~Q(kind=c.PatrolKind.CAMPAIGN) & ~Q(repeat=c.PatrolRepeat.ONCE),
                name="patrol_campaign_has_a_closing_date",
            ),
            models.CheckConstraint(
                condition=~Q(repeat=c.PatrolRepeat.WEEK) | ~Q(weekdays=""), name="patrol_week_names_its_days"
            ),
            models.CheckConstraint(
                condition=~Q(repeat=c.PatrolRepeat.MONTH) | ~Q(month_days=""), name="patrol_month_names_its_days"
            ),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=366), name="patrol_every_some_days"),
            models.UniqueConstraint(
                fields=("made_by", "client_id"), condition=~Q(client_id=""), name="patrol_plan_sent_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_campaign(self) -> bool:
        """Tell whether it is a 专项 with a list and a closing date."""
        return self.kind == c.PatrolKind.CAMPAIGN


class PatrolPoint(models.Model):
    """One point, street or place to look at; without a grid it is looked at in every grid of the plan. Names no person."""

    plan = models.ForeignKey(PatrolPlan, on_delete=models.CASCADE, related_name="points", verbose_name="计划")
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格"
    )
    position = models.PositiveIntegerField("顺序")
    name = models.CharField("名称", max_length=60)
    place = models.CharField("地点", max_length=120, blank=True)

    class Meta:
        verbose_name = "排查点位"
        verbose_name_plural = "排查点位"
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="patrol_point_position_once"),
            models.UniqueConstraint(fields=("plan", "grid", "name", "place"), name="patrol_point_once"),
        )

    def __str__(self) -> str:
        return self.name


class PatrolTask(models.Model):
    """One plan, one grid, one day: it belongs to the grid; `done_by` is who reported it, `reported_on` on which day.

    A campaign's task opens on `opens_on` and is due on its closing date. `staffed` says whether somebody of that duty was
    there (None: not known yet). `points_due` and `points_seen` are counted by `cases.patrols`.
    """

    plan = models.ForeignKey(PatrolPlan, on_delete=models.PROTECT, related_name="tasks", verbose_name="计划")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+", verbose_name="网格")
    opens_on = models.DateField("从")
    day = models.DateField("日期")
    state = models.CharField("结果", max_length=8, choices=c.PatrolState, default=c.PatrolState.OPEN)
    reason = models.CharField("未完成的原因", max_length=16, choices=c.UndoneReason, blank=True)
    words = models.CharField("说明", max_length=500, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_on = models.DateField("填报日期", null=True, blank=True)
    staffed = models.BooleanField("有人在岗", null=True, blank=True)
    points_due = models.PositiveIntegerField("应查点位", default=0)
    points_seen = models.PositiveIntegerField("已查点位", default=0)

    class Meta:
        verbose_name = "排查任务"
        verbose_name_plural = "排查任务"
        ordering = ("day", "grid", "id")
        indexes = (models.Index(fields=("day", "grid"), name="patrol_task_of_day"),)
        constraints = (
            models.UniqueConstraint(fields=("plan", "grid", "day"), name="patrol_task_once"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("day")), name="patrol_task_opens_by_its_day"),
            models.CheckConstraint(
                condition=Q(state=c.PatrolState.OPEN, done_by__isnull=True, reported_on__isnull=True, reason="")
                | Q(state=c.PatrolState.DONE, done_by__isnull=False, reported_on__isnull=False, reason="")
                | Q(Q(state=c.PatrolState.UNDONE, done_by__isnull=False, reported_on__isnull=False) & ~Q(reason="")),
                name="patrol_task_told_whole",
            ),
            models.CheckConstraint(
                condition=~Q(reason=c.UndoneReason.OTHER) | ~Q(words=""), name="patrol_task_other_reason_has_words"
            ),
            models.CheckConstraint(condition=Q(points_seen__lte=F("points_due")), name="patrol_task_sees_what_is_due"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.grid_id} {self.day}"


class PatrolCheck(models.Model):
    """What was found at one point of one task: normal, or abnormal and what; on which day, no hour."""

    task = models.ForeignKey(PatrolTask, on_delete=models.CASCADE, related_name="checks")
    point = models.ForeignKey(PatrolPoint, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("结果", max_length=8, choices=c.PointState)
    words = models.CharField("情况", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("日期")

    class Meta:
        verbose_name = "点位结果"
        verbose_name_plural = "点位结果"
        ordering = ("task", "point")
        constraints = (
            models.UniqueConstraint(fields=("task", "point"), name="patrol_check_once"),
            models.CheckConstraint(
                condition=~Q(state=c.PointState.ABNORMAL) | ~Q(words=""), name="patrol_abnormal_says_what"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task_id} {self.point_id} {self.state}"


class PatrolReport(models.Model):
    """One submission as it came, by its key: sent twice, it is answered and not done twice. `digest` is keyed."""

    task = models.ForeignKey(PatrolTask, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField("提交号", max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "排查填报"
        verbose_name_plural = "排查填报"
        constraints = (models.UniqueConstraint(fields=("by", "client_id"), name="patrol_report_sent_once"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.client_id}"


class PatrolFinding(models.Model):
    """A case that a patrol opened: the case knows its patrol, the task its cases."""

    task = models.ForeignKey(PatrolTask, on_delete=models.PROTECT, related_name="findings", verbose_name="任务")
    point = models.ForeignKey(
        PatrolPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="点位"
    )
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="patrol_finding", verbose_name="事项")

    class Meta:
        verbose_name = "排查发现"
        verbose_name_plural = "排查发现"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.task_id} {self.case_id}"


class PatrolRemark(models.Model):
    """What somebody adds when the day is over and the result stands."""

    task = models.ForeignKey(PatrolTask, on_delete=models.CASCADE, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("日期")
    text = models.CharField("补充", max_length=500)

    class Meta:
        verbose_name = "补充说明"
        verbose_name_plural = "补充说明"
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("task", "by", "on", "text"), name="patrol_remark_once"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.on}"


class PatrolHandOver(models.Model):
    """The duty of a grid went from somebody to somebody on a day, with tasks that wait: who, to whom, in what words."""

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+", verbose_name="网格")
    duty_kind = models.CharField("岗位", max_length=24, choices=DutyKind)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("接手日期")
    words = models.CharField("交接说明", max_length=500, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "排查交接"
        verbose_name_plural = "排查交接"
        ordering = ("-on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("grid", "duty_kind", "to_user", "on"), name="patrol_hand_over_once"),
            models.CheckConstraint(
                condition=Q(words="", written_by__isnull=True) | Q(~Q(words="") & Q(written_by__isnull=False)),
                name="patrol_hand_over_has_its_writer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.grid_id} {self.on}"


class PatrolSheet(models.Model):
    """A list of places as it was read, waiting to be confirmed: `[[line, name, place, grid code], …]`; one per campaign."""

    plan = models.OneToOneField(PatrolPlan, on_delete=models.CASCADE, related_name="sheet")
    rows = models.JSONField()
    problems = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "待确认的清单"
        verbose_name_plural = "待确认的清单"

    def __str__(self) -> str:
        return f"{self.plan_id}"


class PatrolClosing(models.Model):
    """A campaign's end, by a person: how much was done of how much, and in words. Afterwards nothing is reported."""

    plan = models.OneToOneField(PatrolPlan, on_delete=models.PROTECT, related_name="closing", verbose_name="专项")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("结清时间")
    words = models.CharField("小结", max_length=1000)
    points_due = models.PositiveIntegerField("应查点位")
    points_seen = models.PositiveIntegerField("已查点位")

    class Meta:
        verbose_name = "专项结清"
        verbose_name_plural = "专项结清"
        constraints = (
            models.CheckConstraint(
                condition=Q(points_seen__lte=F("points_due")), name="patrol_closing_sees_what_is_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id}"


class PatrolClosingGrid(models.Model):
    """One grid of it: how many were due, how many done, and why the rest was not."""

    closing = models.ForeignKey(PatrolClosing, on_delete=models.CASCADE, related_name="grids")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+")
    points_due = models.PositiveIntegerField("应查点位")
    points_seen = models.PositiveIntegerField("已查点位")
    reason = models.CharField("未查的原因", max_length=16, choices=c.UndoneReason, blank=True)
    words = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "专项结清（网格）"
        verbose_name_plural = "专项结清（网格）"
        ordering = ("grid",)
        constraints = (
            models.UniqueConstraint(fields=("closing", "grid"), name="patrol_closing_grid_once"),
            models.CheckConstraint(
                condition=Q(points_seen=F("points_due"), reason="")
                | Q(points_seen__lt=F("points_due")) & ~Q(reason=""),
                name="patrol_closing_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.closing_id} {self.grid_id}"
