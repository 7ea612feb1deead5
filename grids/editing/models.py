"""What a grid was and what became of it. Rows are only ever added (triggers of `migrations/0002_refusals`).

Codes and not keys: history outlives rows, and this module stands beside `grids.models`, which imports it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grids.choices import Datum, GridKind, WorkClass
from grids.editing.choices import Change, Succession


class GridVersion(models.Model):
    """A grid as it stood from `since` until the `since` of the next version of the same code.

    The end of a version is not written down: it is the beginning of the next, so that no row is ever changed.
    `boundary` is GeoJSON in `datum`, as on the grid. A version that is not `active` says that the grid was closed.
    """

    code = models.CharField("网格编码", max_length=15)
    name = models.CharField("名称", max_length=64)
    community = models.CharField("所属社区（村）", max_length=12)
    kind = models.CharField("网格类型", max_length=16, choices=GridKind)
    work_class = models.CharField("工作类别", max_length=16, choices=WorkClass)
    boundary = models.JSONField("边界（GeoJSON）", null=True)
    datum = models.CharField("边界坐标系", max_length=8, choices=Datum)
    extent = models.TextField("区域范围", blank=True)
    population = models.PositiveIntegerField("人口", null=True)
    active = models.BooleanField("在用")
    since = models.DateTimeField("自")
    change = models.CharField("变动", max_length=12, choices=Change)
    reason = models.CharField("依据或原因", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经手人"
    )

    class Meta:
        verbose_name = "网格版本"
        verbose_name_plural = "网格版本"
        ordering = ("code", "-since", "-pk")
        indexes = (models.Index(fields=("community", "since"), name="grid_version_of_community"),)
        constraints = (
            models.CheckConstraint(name="grid_version_in_its_community", condition=Q(code__startswith=F("community"))),
            models.CheckConstraint(
                name="grid_version_closed_says_so",
                condition=~Q(change=Change.CLOSED) | Q(active=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）{self.since:%Y-%m-%d}"


class GridSuccession(models.Model):
    """A closed grid and one that its ground went to; a code is for ever, so the new one never was before."""

    old_code = models.CharField("原编码", max_length=15)
    new_code = models.CharField("新编码", max_length=15)
    kind = models.CharField("方式", max_length=8, choices=Succession)
    since = models.DateTimeField("自")

    class Meta:
        verbose_name = "网格沿革"
        verbose_name_plural = "网格沿革"
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(fields=("old_code", "new_code"), name="grid_succession_once"),
            models.UniqueConstraint(
                fields=("old_code",), condition=~Q(kind="split"), name="grid_succession_whole_has_one_heir"
            ),
            models.CheckConstraint(name="grid_succession_of_another", condition=~Q(old_code=F("new_code"))),
        )

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class GridBelonging(models.Model):
    """Where one matter of a split grid lies now, found by the matter's point when the grid was split.

    A matter by its number: grids stand below cases and know no rows of theirs. One that has no point is not here and
    stays under the old code.
    """

    number = models.CharField("受理编号", max_length=14)
    old_code = models.CharField("原编码", max_length=15)
    new_code = models.CharField("新编码", max_length=15, db_index=True)

    class Meta:
        verbose_name = "拆分归属"
        verbose_name_plural = "拆分归属"
        constraints = (models.UniqueConstraint(fields=("old_code", "number"), name="grid_belonging_once"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.old_code} → {self.new_code}"
