"""重复和共性: traces of what was said, likely repeats and what a person decided of them, joint matters with their sub-items.

Facts §1.8 (重信重访 = 同人 + 同事, a human confirms), §2 热点 (BJ §§24-26), §8 row 3.16 (34 schools, 477 rooms). A trace and
a suggestion are of two matters, never of a person: nobody is listed and nobody is scored.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cases import choices as c
from cases.models.case import Case


class CrowdRules(models.Model):
    """From when on many reports are one subject; one row, changed by the system administrator, every change in the log."""

    hot_count = models.PositiveSmallIntegerField(
        "几件算热点",
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text="同一网格（没有网格的按社区）、同一类别的登记件数；《北京市接诉即办工作条例》第二十四至二十六条：高频、共性问题专题治理。",
    )
    hot_days = models.PositiveSmallIntegerField(
        "几天之内", default=7, validators=[MinValueValidator(1), MaxValueValidator(90)], help_text="自然日。"
    )
    repeat_days = models.PositiveSmallIntegerField(
        "可能重复往前找几天",
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="一字不差的不受此限。",
    )

    class Meta:
        verbose_name = "重复和热点规则"
        verbose_name_plural = "重复和热点规则"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="crowd_rules_one_row"),)

    def __str__(self) -> str:
        return "重复和热点规则"


class TextTrace(models.Model):
    """What is compared of a case's words: `exact`, the keyed hash of its plain text, and its keys in `TraceKey`.

    keys: the same keys packed, 8 bytes each, so that they can be taken away. Written by the worker (`cases.crowds.traces`)
    and deleted when the case is made anonymous. `exact` is "" for a text too short to say anything.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    exact = models.CharField(max_length=32, blank=True, db_index=True)
    keys = models.BinaryField()

    class Meta:
        verbose_name = "文字指纹"
        verbose_name_plural = "文字指纹"

    def __str__(self) -> str:
        return f"trace of case {self.case_id}"


class TraceKey(models.Model):
    """One key of a trace (63 bits of a keyed hash of a few characters) and the case that has it; the index is the table."""

    pk = models.CompositePrimaryKey("key", "case_id")
    key = models.BigIntegerField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = "指纹键"
        verbose_name_plural = "指纹键"

    def __str__(self) -> str:
        return f"{self.key} {self.case_id}"


class MayRepeat(models.Model):
    """A newer case that may be the same matter as an older one, with the reasons in words and what a person decided.

    A dismissed pair keeps its row and is never offered again. evidence orders the queue and is about the pair of texts and
    places, not about anybody. same_people and exact are said in words where the pair is shown.
    """

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="may_repeat", verbose_name="后来的", db_index=False
    )
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name="先来的")
    reasons = models.JSONField("理由", default=list)
    evidence = models.PositiveSmallIntegerField("依据", default=0)
    exact = models.BooleanField("一字不差", default=False)
    same_people = models.BooleanField("同人", default=False)
    state = models.CharField("决定", max_length=10, choices=c.RepeatState, default=c.RepeatState.OPEN)
    made_at = models.DateTimeField("提示时间")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    note = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "可能重复"
        verbose_name_plural = "可能重复"
        constraints = (
            models.UniqueConstraint(fields=("case", "other"), name="may_repeat_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="may_repeat_of_another"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="may_repeat_decided_when",
            ),
        )
        indexes = (models.Index(fields=("-made_at",), condition=Q(state="open"), name="may_repeat_waits"),)

    def __str__(self) -> str:
        return f"{self.case_id} ≈ {self.other_id}"


class HotDismissal(models.Model):
    """A hot matter somebody has looked at and left: not shown again until one more report of it comes in."""

    place = models.CharField("地点代码", max_length=15)
    category_code = models.CharField("类别代码", max_length=20)
    count = models.PositiveIntegerField("当时几件")
    reason = models.CharField("理由", max_length=200)
    dismissed_at = models.DateTimeField("时间")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="谁"
    )

    class Meta:
        verbose_name = "不作热点"
        verbose_name_plural = "不作热点"
        constraints = (models.UniqueConstraint(fields=("place", "category_code"), name="hot_dismissed_once"),)

    def __str__(self) -> str:
        return f"{self.place} {self.category_code}"


class Crowd(models.Model):
    """A matter of many (共性诉求): the master case under the name that every one of its residents reads.

    Residents are the cases merged into it, each with its own number and code. `since`: what is told publicly from then on
    is written for all of them; what came before was for the first one only. Ended by `crowd_end`; begun again, the row
    is the same with a new `since`.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="crowd", verbose_name="主件")
    name = models.CharField("名称", max_length=60)
    measure = models.CharField("子项的量词", max_length=4, default="项")
    since = models.DateTimeField("自")
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = "共性诉求"
        verbose_name_plural = "共性诉求"

    def __str__(self) -> str:
        return self.name


class SubItem(models.Model):
    """One piece of a joint matter (子项): where and what, done or not. Written by the door's records only.

    position is what people name it by, from 1, never used twice. A dropped one keeps its row; the events say why.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sub_items", verbose_name="主件")
    position = models.PositiveIntegerField("序号")
    place = models.CharField("地点", max_length=60)
    what = models.CharField("内容", max_length=120)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = "子项"
        verbose_name_plural = "子项"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("case", "position"), name="sub_item_position_once"),
            models.UniqueConstraint(
                fields=("case", "place", "what"), condition=Q(dropped_at__isnull=True), name="sub_item_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="sub_item_done_or_dropped"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.position}"
