"""The counts that are kept: what the moves of cases changed (`TallyDelta`) and what that comes to (`TallyCount`).

Written by the triggers of `migrations/0010_counting` and by the clock (cases.statistics.compacting); nobody else writes here.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from cases.contributions import MEASURES


def _measured(cls: Any) -> Any:
    for name in MEASURES:
        models.BigIntegerField(default=0).contribute_to_class(cls, name)
    return cls


@_measured
class TallyDelta(models.Model):
    """What one change of a case takes from (minus) or adds to the figures of a day; consumed by the clock."""

    day = models.DateField("日期")
    area_code = models.CharField("属地", max_length=15)
    grid_code = models.CharField("网格", max_length=15, blank=True)
    unit_id = models.BigIntegerField("主办单位", null=True)
    category_code = models.CharField("类别", max_length=20, blank=True)
    channel = models.CharField("来源渠道", max_length=10)
    level = models.CharField("等级", max_length=8, blank=True)
    kind = models.CharField("事项大类", max_length=12)
    bucket = models.PositiveIntegerField("办理时长段", null=True)

    class Meta:
        verbose_name = "统计变动"
        verbose_name_plural = "统计变动"

    def __str__(self) -> str:
        return f"{self.day} {self.area_code}"


@_measured
class TallyCount(models.Model):
    """The figures of one day or month, area and key: of the area as a whole (`all`) or of one value of a dimension."""

    cube = models.CharField("分类方式", max_length=8)
    area = models.CharField("区划", max_length=12)
    grain = models.CharField("日或月", max_length=5)
    start = models.DateField("起")
    key = models.CharField("值", max_length=20, blank=True)

    class Meta:
        verbose_name = "统计累计"
        verbose_name_plural = "统计累计"
        constraints = (models.UniqueConstraint(fields=("cube", "area", "grain", "start", "key"), name="tally_once"),)

    def __str__(self) -> str:
        return f"{self.cube} {self.area} {self.start} {self.key}"
