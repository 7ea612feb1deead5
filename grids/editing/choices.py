"""Codes of the grids' own history."""

from django.db import models


class Change(models.TextChoices):
    """Why a version of a grid was written."""

    FOUND = "found", "原有"
    OPENED = "opened", "新设"
    IMPORTED = "imported", "导入"
    DRAWN = "drawn", "调整边界"
    DESCRIBED = "described", "修改名称或说明"
    MERGED = "merged", "合并设立"
    SPLIT = "split", "拆分设立"
    RECODED = "recoded", "改码设立"
    CLOSED = "closed", "撤销"


class Succession(models.TextChoices):
    """How the ground of a closed grid went on."""

    MERGE = "merge", "并入"
    SPLIT = "split", "拆分为"
    RECODE = "recode", "改码为"
