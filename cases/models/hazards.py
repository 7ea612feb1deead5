"""隐患: the file of a hazard and its three lists, what was inspected, when it is looked at again, flood materials and teams.

Facts §3.4, §8 rows 0.31 (finder ≠ verifier), 0.41 (ledger of 燃气), 1.9 (三张清单), 1.11 (汛期不过，检查不停). Files are of things
and places; a responsible person is somebody in an office or answering for a site, never a resident who is watched.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from cases.hazards.choices import HazardClass
from cases.models.case import Case


class HazardFile(models.Model):
    """The file of one hazard (隐患档案): class, what it concerns, who answers for it until when, plan, emergency measure.

    Written by the door's record `hazard` only; the events keep what it said before.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="hazard", verbose_name="事项")
    hazard_class = models.CharField("类别", max_length=12, choices=HazardClass, db_index=True)
    detail = models.CharField("涉及对象", max_length=40, blank=True, help_text="如燃气的“商业用户”“管网”“居民用户”。")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.CharField("责任人", max_length=40)
    term = models.DateField("整改期限")
    plan = models.TextField("应急预案")
    measure = models.TextField("临时措施", blank=True)
    filed_at = models.DateTimeField("建档时间")

    class Meta:
        verbose_name = "隐患档案"
        verbose_name_plural = "隐患档案"
        constraints = (
            models.CheckConstraint(condition=Q(hazard_class__in=HazardClass.values), name="hazard_class_known"),
            models.CheckConstraint(condition=~Q(person="") & ~Q(plan=""), name="hazard_has_person_and_plan"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_hazard_class_display()}"


class HazardItem(models.Model):
    """One line of the three lists: what is wrong (问题), who answers for it (责任), what is done about it (整改).

    Written by the door's records only. position: from 1, never used twice; a dropped line keeps its row.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hazard_items", verbose_name="事项")
    position = models.PositiveSmallIntegerField("序号")
    problem = models.CharField("问题", max_length=200)
    basis = models.CharField("依据", max_length=200, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.CharField("责任人", max_length=40)
    measure = models.CharField("整改措施", max_length=200)
    due_on = models.DateField("整改期限")
    result = models.CharField("整改结果", max_length=200, blank=True)
    done_at = models.DateTimeField("完成", null=True, blank=True)
    dropped_at = models.DateTimeField("取消", null=True, blank=True)

    class Meta:
        verbose_name = "隐患清单"
        verbose_name_plural = "隐患清单"
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("case", "position"), name="hazard_item_position_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result="") | Q(done_at__isnull=False) & ~Q(result=""),
                name="hazard_item_done_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="hazard_item_done_or_dropped"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.position}"


class InspectionScope(models.Model):
    """What was looked over in a period, counted as its source counts (商业用户 351 户, 中压 438.51 km).

    Shown beside a ledger and never a denominator: nobody knows how many hazards there could have been (facts §8 row 0.41).
    """

    hazard_class = models.CharField("类别", max_length=12, choices=HazardClass)
    area_code = models.CharField("范围", max_length=15)
    what = models.CharField("检查对象", max_length=40)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    measure = models.CharField("量词", max_length=8)
    period = models.CharField("时段", max_length=40)
    source = models.CharField("来源", max_length=200)
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "检查范围"
        verbose_name_plural = "检查范围"
        ordering = ("hazard_class", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("hazard_class", "area_code", "what", "period"), name="inspection_scope_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="inspection_scope_counts"),
            models.CheckConstraint(condition=~Q(source=""), name="inspection_scope_has_a_source"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.quantity} {self.measure}"


class ReinspectionRule(models.Model):
    """When a closed hazard is looked at again: so many days after closing, or every so many days of a season.

    An empty class holds for all. Facts §8 row 1.11: 汛期不过，检查不停，整改不止.
    """

    hazard_class = models.CharField("类别", max_length=12, choices=HazardClass, blank=True, help_text="不选为各类。")
    days = models.PositiveSmallIntegerField(
        "销号后（天）", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    every = models.PositiveSmallIntegerField(
        "每隔（天）", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    begins_on = models.DateField("季节开始", null=True, blank=True)
    ends_on = models.DateField("季节结束", null=True, blank=True)
    base = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "隐患复查规定"
        verbose_name_plural = "隐患复查规定"
        ordering = ("hazard_class", "days", "begins_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(days__isnull=False, every__isnull=True, begins_on__isnull=True, ends_on__isnull=True)
                | Q(days__isnull=True, every__gte=1, begins_on__isnull=False, ends_on__gte=F("begins_on")),
                name="reinspection_after_days_or_in_a_season",
                violation_error_message="请只填“销号后几天”，或者把每隔几天、季节开始、季节结束三项填全（结束不早于开始）。",
            ),
            models.UniqueConstraint(
                fields=("hazard_class", "days"), condition=Q(days__isnull=False), name="reinspection_days_once"
            ),
        )

    def __str__(self) -> str:
        word = self.get_hazard_class_display() if self.hazard_class else "各类"
        if self.days:
            return f"{word}：销号后 {self.days} 天"
        return f"{word}：{self.begins_on} 至 {self.ends_on} 每 {self.every} 天"


class FloodStore(models.Model):
    """A flood material or a rescue team: what, where, how many, which unit keeps it, how often it is looked over.

    phone is that of the unit's office, never a person's. next_on is counted from the last check.
    """

    class Kind(models.TextChoices):
        """What is kept ready."""

        MATERIAL = "material", "防汛物资"
        TEAM = "team", "抢险队伍"

    kind = models.CharField("种类", max_length=8, choices=Kind)
    what = models.CharField("名称", max_length=60)
    place = models.CharField("地点", max_length=120)
    quantity = models.PositiveIntegerField("数量", validators=[MaxValueValidator(1_000_000)])
    measure = models.CharField("量词", max_length=8)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="保管单位")
    area_code = models.CharField("属地", max_length=15)
    phone = models.CharField("值班电话", max_length=30)
    every = models.PositiveSmallIntegerField("每隔几天检查", validators=[MinValueValidator(1), MaxValueValidator(366)])
    last_on = models.DateField("上次检查", null=True, blank=True)
    next_on = models.DateField("下次检查")
    told_at = models.DateTimeField("已提醒", null=True, blank=True)
    retired_at = models.DateTimeField("停用", null=True, blank=True)
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "防汛物资和队伍"
        verbose_name_plural = "防汛物资和队伍"
        ordering = ("next_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "what", "place", "unit"),
                condition=Q(retired_at__isnull=True),
                name="flood_store_once_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(next_on__gt=F("last_on")), name="flood_store_next_after_last"
            ),
        )
        indexes = (models.Index(fields=("next_on",), condition=Q(retired_at__isnull=True), name="flood_store_next"),)

    def __str__(self) -> str:
        return f"{self.what}（{self.place}）"


class FloodCheck(models.Model):
    """One check of a material or team: the day, in order or not, how many were there. No time of day, no position."""

    store = models.ForeignKey(FloodStore, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField("日期")
    fine = models.BooleanField("完好")
    quantity = models.PositiveIntegerField("清点数量")
    note = models.CharField("情况", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="检查人")

    class Meta:
        verbose_name = "防汛检查"
        verbose_name_plural = "防汛检查"
        ordering = ("-day", "-id")
        constraints = (
            models.UniqueConstraint(fields=("store", "day"), name="flood_check_once_a_day"),
            models.CheckConstraint(condition=Q(fine=True) | ~Q(note=""), name="flood_check_says_what_is_wrong"),
        )

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}"
