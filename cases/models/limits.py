"""Clocks: the calendar, the policies that give limits, the running deadlines and the reminders they owe."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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
    """A wish to have every date from a day on counted again; a row, so that no broker can lose it."""

    since = models.DateField("自")
    asked_at = models.DateTimeField("提出", auto_now_add=True)
    done_at = models.DateTimeField("完成", null=True, blank=True)
    changed = models.PositiveIntegerField("变动的事项", default=0)

    class Meta:
        verbose_name = "时限重新计算"
        verbose_name_plural = "时限重新计算"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.since} {'完成' if self.done_at else '待算'}"


class LimitPolicy(models.Model):
    """A limit for a clock or a window; of the rows that match, the most specific wins.

    Specific is: kind, then procedure, category, level, channel. An empty field matches everything; `category` matches
    by prefix. `unit` is one of LimitUnit.
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

    class Meta:
        verbose_name = "时限规定"
        verbose_name_plural = "时限规定"
        ordering = ("clock", "kind", "procedure", "category", "level", "channel")
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "kind", "procedure", "category", "level", "channel", "valid_from"),
                name="limit_policy_once",
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


class Reminder(models.Model):
    """One obligation to tell somebody about one clock: once per date it had (behaviour 30), claimed with a lease."""

    KINDS = (("due_soon", "即将超时"), ("overdue", "超时"))

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    due_at = models.DateTimeField("所提醒的期限")
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        constraints = (models.UniqueConstraint(fields=("deadline", "kind", "due_at"), name="reminder_once"),)
        indexes = (models.Index(fields=("id",), condition=Q(sent_at__isnull=True), name="reminder_waiting"),)

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.kind}"
