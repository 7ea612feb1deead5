"""Clocks: the calendar, the policies that give limits, the running deadlines and the reminders they owe."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases import choices as c
from cases.models.case import Case
from cases.querysets import DeadlineQuerySet


class Holiday(models.Model):
    """A day whose being worked or not is published (国务院办公厅 notice); the authority for every working day."""

    date = models.DateField("日期", unique=True)
    workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("依据", max_length=80, blank=True)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {'班' if self.workday else '休'}"


class Recount(models.Model):
    """A wish to have every date from a day on counted again; a row, so that no broker can lose it.

    One pass answers every wish that waits; `done_with` names the wish whose pass it was, and that one has the `MovedDate`s.
    """

    since = models.DateField("自")
    reason = models.CharField("缘由", max_length=120, blank=True)
    asked_by = models.CharField("提出人", max_length=60, blank=True)
    asked_at = models.DateTimeField("提出", default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField("完成", null=True, blank=True)
    changed = models.PositiveIntegerField("变动的事项", default=0)
    done_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField("告知", null=True, blank=True)

    class Meta:
        verbose_name = "时限重新计算"
        verbose_name_plural = "时限重新计算"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.since} {'完成' if self.done_at else '待算'}"


class CalendarImport(models.Model):
    """What somebody means to write into the calendar: kept when it is read, written when it is confirmed.

    `rows` are `[first, last, worked, name, source]` with ISO dates. `year` is the year that they publish as a whole;
    empty for the edit of single days, which publishes nothing.
    """

    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    file_name = models.CharField("文件", max_length=120, blank=True)
    rows = models.JSONField("安排")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField("经办人", max_length=60)
    created_at = models.DateTimeField("读入")
    confirmed_at = models.DateTimeField("确认", null=True, blank=True)
    recount = models.OneToOneField(
        Recount, on_delete=models.PROTECT, null=True, blank=True, related_name="calendar_import"
    )

    class Meta:
        verbose_name = "放假安排导入"
        verbose_name_plural = "放假安排导入"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.year or '单日'} {self.file_name}".strip()


class LimitPolicy(models.Model):
    """One version of a limit for a clock or a window; of the rows that match, the most specific wins.

    Specific is: kind, then procedure, category, level, channel. An empty field matches everything; `category` matches
    by prefix. `unit` is one of LimitUnit. A version is never edited: the next one begins the day after this one's last
    (`valid_to`), and triggers refuse any other change (cases/migrations).
    """

    clock = models.CharField("时限", max_length=20, choices=[*c.Clock.choices, *c.Window.choices])
    kind = models.CharField("事项大类", max_length=12, choices=c.Kind, blank=True)
    procedure = models.CharField("程序", max_length=10, choices=c.Procedure, blank=True)
    category = models.CharField("类别（前缀）", max_length=20, blank=True)
    level = models.CharField("等级", max_length=8, choices=c.Level, blank=True)
    channel = models.CharField("渠道", max_length=10, choices=c.Channel, blank=True)
    amount = models.PositiveIntegerField("时长", null=True, blank=True, help_text="空为不设这一时限。")
    unit = models.CharField(
        "单位",
        max_length=12,
        choices=[
            ("minute", "分钟"),
            ("hour", "小时"),
            ("working_hour", "工作小时"),
            ("natural_day", "自然日"),
            ("working_day", "工作日"),
        ],
    )
    extension_amount = models.PositiveIntegerField("可延长", default=0)
    extension_times = models.PositiveSmallIntegerField("可延期次数", default=0)
    extension_by = models.CharField(
        "延期批准", max_length=12, choices=[("lead", "承办单位负责人"), ("centre_lead", "中心负责人")], default="lead"
    )
    legal_base = models.CharField("依据", max_length=200, blank=True)
    statutory = models.BooleanField("法定，不得放宽", default=False)
    valid_from = models.DateField("起", default="2020-01-01")
    valid_to = models.DateField("止", null=True, blank=True)
    reason = models.CharField("修改理由", max_length=200, blank=True)
    author_name = models.CharField("发布人", max_length=60, blank=True)
    made_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "时限规定"
        verbose_name_plural = "时限规定"
        ordering = ("clock", "kind", "procedure", "category", "level", "channel")
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "kind", "procedure", "category", "level", "channel", "valid_from"),
                name="limit_policy_once",
            ),
            models.UniqueConstraint(
                fields=("clock", "kind", "procedure", "category", "level", "channel"),
                condition=Q(valid_to__isnull=True),
                name="limit_policy_one_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="limit_policy_from_to"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.amount or '—'} {self.get_unit_display()}"


class Deadline(models.Model):
    """One clock of one case, a copy of fold(events); `warn_at` is when 即将超时 begins. Dates in UTC, aware."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines", db_index=False)
    clock = models.CharField("时限", max_length=20, choices=c.Clock)
    period = models.PositiveIntegerField("期次")
    started_at = models.DateTimeField("起算")
    nominal_at = models.DateTimeField("名义到期")
    due_at = models.DateTimeField("到期")
    warn_at = models.DateTimeField("预警")
    tentative = models.BooleanField("暂定", default=False)
    running = models.BooleanField("计时中", default=True)
    met_at = models.DateTimeField("完成", null=True, blank=True)
    late_at = models.DateTimeField("逾期起", null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "时限"
        verbose_name_plural = "时限"
        ordering = ("due_at",)
        constraints = (models.UniqueConstraint(fields=("case", "clock", "period"), name="deadline_once"),)
        indexes = (models.Index(fields=("warn_at",), condition=Q(running=True), name="deadline_running"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.period}"


class MovedDate(models.Model):
    """A live clock whose date, or whose 暂定, a recount changed: from what to what."""

    recount = models.ForeignKey(Recount, on_delete=models.PROTECT, related_name="moved")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moved_dates")
    clock = models.CharField("时限", max_length=20, choices=c.Clock)
    period = models.PositiveIntegerField("期次")
    due_from = models.DateTimeField("原到期")
    due_to = models.DateTimeField("现到期")
    tentative_from = models.BooleanField("原为暂定")
    tentative_to = models.BooleanField("现为暂定")

    class Meta:
        verbose_name = "变动的期限"
        verbose_name_plural = "变动的期限"
        ordering = ("recount", "due_to", "id")
        constraints = (models.UniqueConstraint(fields=("recount", "case", "clock", "period"), name="moved_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.period}"
