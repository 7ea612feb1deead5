"""Who decides what between units: 会商 with opinions and minutes, joint tasks, when declining needs the centre's lead."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case


class Series(models.Model):
    """The last number of a series of documents in a year (纪要文号): consecutive, none left out, none twice."""

    name = models.CharField("字", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "文号"
        verbose_name_plural = "文号"
        constraints = (models.UniqueConstraint(fields=("name", "year"), name="series_once"),)

    def __str__(self) -> str:
        return f"{self.name}〔{self.year}〕{self.last}号"


class Consultation(models.Model):
    """One 会商 of a case: the question, and once it is concluded its minutes (facts §1.10; 信访工作条例 §24).

    `line` is what every unit tells the resident alike (口径); `referred_to` the body it was handed up to, undecided.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consultations")
    question = models.TextField("议题")
    opened_at = models.DateTimeField("提出")
    reply_by = models.DateField("请于此日前答复", null=True, blank=True)
    referred_to = models.CharField("提请", max_length=16, choices=c.HigherBody, blank=True)
    referred_why = models.TextField("未能议定的原因", blank=True)
    referred_at = models.DateTimeField("提请时间", null=True, blank=True)
    number = models.CharField("纪要文号", max_length=40, blank=True)
    minutes = models.TextField("会商纪要", blank=True)
    attendees = models.TextField("参会人员", blank=True)
    line = models.TextField("对外口径", blank=True)
    term = models.DateField("办理时限", null=True, blank=True)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="主办")
    assisting_names = models.CharField("协办", max_length=500, blank=True)
    closed_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        verbose_name = "会商"
        verbose_name_plural = "会商"
        ordering = ("-opened_at", "-id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.number or '会商中'}"


class ConsultedUnit(models.Model):
    """A unit invited to a 会商 and what it said; the last word before the conclusion counts, the history keeps all."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="参会单位")
    opinion = models.TextField("意见", blank=True)
    said_by = models.CharField("发表人", max_length=60, blank=True)
    said_at = models.DateTimeField("时间", null=True, blank=True)

    class Meta:
        verbose_name = "会商意见"
        verbose_name_plural = "会商意见"
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("consultation", "unit"), name="consulted_once"),)

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.unit_id}"


class JointTask(models.Model):
    """A piece of the work that another unit does under the lead unit (联办任务: 网格、警务、调解、巡防、电力…)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    what = models.TextField("任务")
    due_on = models.DateField("期限")
    given_at = models.DateTimeField("布置")
    done_at = models.DateTimeField("完成", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="完成人"
    )
    result = models.TextField("完成情况", blank=True)
    dropped_at = models.DateTimeField("取消", null=True, blank=True)
    chased_at = models.DateTimeField("催过", null=True, blank=True)

    class Meta:
        verbose_name = "联办任务"
        verbose_name_plural = "联办任务"
        ordering = ("due_on", "id")
        indexes = (
            models.Index(
                fields=("due_on",),
                condition=models.Q(done_at__isnull=True, dropped_at__isnull=True),
                name="task_undone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"

    @property
    def is_undone(self) -> bool:
        """Somebody is still waited for."""
        return self.done_at is None and self.dropped_at is None


class DeclineRule(models.Model):
    """When declining needs the centre's lead (workflow.md `decline`: "where policy says so"); an empty field is any."""

    reason = models.CharField("理由", max_length=4, choices=c.DeclineReason, blank=True)
    kind = models.CharField("事项大类", max_length=12, choices=c.Kind, blank=True)
    procedure = models.CharField("程序", max_length=10, choices=c.Procedure, blank=True)
    legal_base = models.CharField("依据", max_length=200, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "不予受理须批准的情形"
        verbose_name_plural = "不予受理须批准的情形"
        ordering = ("reason", "kind", "procedure")

    def __str__(self) -> str:
        parts = (self.get_reason_display(), self.get_kind_display(), self.get_procedure_display())
        return " · ".join(part for part in parts if part) or "全部"


class Review(models.Model):
    """A 复查 or 复核 (`case`) and the case whose answer it looks at (`of`); 信访工作条例 §§35, 36.

    `decided_by` is the unit whose answer is looked at; `answered_on` the day the written answer was received, `until`
    the last day to apply, both days in Asia/Shanghai.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="review_of", verbose_name="复查复核件")
    of = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews", verbose_name="原事项")
    kind = models.CharField("种类", max_length=10, choices=[("review", "复查"), ("recheck", "复核")])
    decided_by = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="原办理单位"
    )
    answered_on = models.DateField("收到书面答复")
    applied_on = models.DateField("提出申请")
    number = models.CharField("意见书文号", max_length=40, blank=True)

    class Meta:
        verbose_name = "复查复核"
        verbose_name_plural = "复查复核"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_id} ← {self.of_id}"
