"""The territory: areas by national code, grids below communities, and who serves a grid from when to when.

Codes are the keys everywhere: a code begins with the code of what it lies in, so "the cases of a street" is a prefix.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from grids.choices import CODE_LENGTHS, Datum, DutyKind, GridKind, Level, WorkClass
from grids.codes import grid_code_problem
from grids.editing.models import GridBelonging as GridBelonging
from grids.editing.models import GridSuccession as GridSuccession
from grids.editing.models import GridVersion as GridVersion
from grids.households.models import PropertyCompany as PropertyCompany
from grids.households.models import PropertyService as PropertyService
from grids.querysets import DutyQuerySet, TerritoryQuerySet
from grids.responsibility.models import Responsibility as Responsibility

digits_only = RegexValidator(r"^[0-9]+\Z", "编码只能由数字组成。")


def _level_has_length(level: str) -> Q:
    """The condition that a code has the digits of its level and its parent those of the level above."""
    length = CODE_LENGTHS[level]
    of_level = Q(level=level) & Q(Exact(Length("code"), length))
    if level == Level.DISTRICT:
        return of_level & Q(parent__isnull=True)
    return of_level & Q(parent__isnull=False) & Q(Exact(Length("parent"), length - 3))


class Area(models.Model):
    """A district, a street (township) or a community (village). ``parent_id`` is the parent's *code*.

    ``boundary`` is a GeoJSON Polygon or MultiPolygon in the stored ``datum``, kept as it was delivered.
    """

    code = models.CharField("区划代码", max_length=12, unique=True, validators=[digits_only])
    name = models.CharField("名称", max_length=64)
    level = models.CharField("级别", max_length=16, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级区域",
    )
    boundary = models.JSONField("边界（GeoJSON）", null=True, blank=True)
    datum = models.CharField("边界坐标系", max_length=8, choices=Datum.choices, default=Datum.GCJ02)
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    households = models.PositiveIntegerField("户数", null=True, blank=True)
    active = models.BooleanField("在用", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "区域"
        verbose_name_plural = "区域"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="area_code_has_the_length_of_its_level",
                condition=_level_has_length("district") | _level_has_length("street") | _level_has_length("community"),
                violation_error_message="代码位数要与级别一致（区县 6 位、街道 9 位、社区 12 位），并选好上一级。",
            ),
            models.CheckConstraint(
                name="area_code_begins_with_its_parent",
                condition=Q(parent__isnull=True) | Q(code__startswith=F("parent")),
                violation_error_message="代码要以上级区域的代码开头。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class Grid(models.Model):
    """A grid of a community: the smallest ground anybody answers for. ``community_id`` is the community's *code*.

    There is one system of grids and every grid lies in one community (facts §3.7). The public card of a grid shows
    name, extent, crew and supervising phone.
    """

    code = models.CharField("网格编码", max_length=15, unique=True, validators=[digits_only])
    name = models.CharField("名称", max_length=64)
    community = models.ForeignKey(
        Area, models.PROTECT, to_field="code", related_name="grids", verbose_name="所属社区（村）"
    )
    kind = models.CharField("网格类型", max_length=16, choices=GridKind.choices, default=GridKind.BASIC)
    work_class = models.CharField("工作类别", max_length=16, choices=WorkClass.choices, default=WorkClass.COMMUNITY)
    boundary = models.JSONField("边界（GeoJSON）", null=True, blank=True)
    datum = models.CharField("边界坐标系", max_length=8, choices=Datum.choices, default=Datum.GCJ02)
    extent = models.TextField("区域范围", blank=True, help_text="公示牌上的文字，如：东至平安路，南至北坪街。")
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    supervising_phone = models.CharField("监督电话", max_length=32, blank=True)
    active = models.BooleanField("在用", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "网格"
        verbose_name_plural = "网格"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="grid_code_begins_with_its_community",
                condition=Q(code__startswith=F("community")) & Q(Exact(Length("community"), 12)),
                violation_error_message="网格编码要以所属社区（村）的 12 位代码开头。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"

    def clean(self) -> None:
        """The code follows the district's pattern, and its number says whether the grid is 专属."""
        super().clean()
        problem = grid_code_problem(self.code, self.kind)
        if problem:
            raise ValidationError({"code": problem})


class Duty(models.Model):
    """One person serves one grid as one kind of worker, from ``starts_on`` until the day before ``ends_on``.

    The end day itself is off duty, so ending a duty today takes effect at once. The same person, grid and kind never
    overlap (the database refuses it, see `overlaps`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="duties", verbose_name="人员")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="duties", verbose_name="网格")
    kind = models.CharField("岗位", max_length=24, choices=DutyKind.choices, default=DutyKind.GRID_WORKER)
    phone = models.CharField("公示电话", max_length=32, blank=True, help_text="印在网格公示牌上的联系方式。")
    starts_on = models.DateField("上岗日期")
    ends_on = models.DateField("离岗日期", null=True, blank=True, help_text="从这一天起不再负责；在岗的留空。")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "网格人员"
        verbose_name_plural = "网格人员"
        ordering = ("grid", "kind", "starts_on", "pk")
        indexes = (models.Index(fields=("user", "starts_on", "ends_on"), name="duty_of_person"),)
        constraints = (
            models.CheckConstraint(
                name="duty_does_not_end_before_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="离岗日期不能早于上岗日期。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.grid} · {self.get_kind_display()}"

    def clean(self) -> None:
        """The same person holds the same kind of duty in the same grid once at a time."""
        super().clean()
        if not (self.user_id and self.grid_id and self.starts_on):
            return
        same = Duty.objects.filter(user_id=self.user_id, grid_id=self.grid_id, kind=self.kind).exclude(pk=self.pk)
        if same.overlapping(self.starts_on, self.ends_on).exists():
            raise ValidationError("这个人在这个网格的同一岗位上，起止日期与已有的一段重叠，请先结束原来的一段。")


class TerritoryStamp(models.Model):
    """The one row (pk 1) whose ``stamp`` changes with every change of areas and grids; caches compare it.

    A random token and not a counter: a counter that is rolled back and counted again would look unchanged.
    """

    stamp = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.stamp

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep to the one row."""
        self.pk = 1
        super().save(*args, **kwargs)
