"""What a person keeps of the work list: columns, views, an export that is being written."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit
from cases import choices as c


class ListPreference(models.Model):
    """How one person's list is drawn; columns are codes of `cases.worklist.columns`, empty means the usual ones."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    columns = models.JSONField("列", default=list)
    density = models.CharField("行距", max_length=8, choices=c.Density, default=c.Density.COMPACT)
    page_size = models.PositiveSmallIntegerField("每页件数", default=30)

    class Meta:
        verbose_name = "列表设置"
        verbose_name_plural = "列表设置"

    def __str__(self) -> str:
        return f"{self.user_id} {self.density}"


class SavedView(models.Model):
    """A list somebody gave a name: filters, tab and sort as in its address, never a cursor.

    Shared with a unit, its people find it among their views; shared by the unit's lead it is a tab for all of them.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=1000, blank=True)
    pinned = models.BooleanField("放在标签栏", default=True)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    by_lead = models.BooleanField("负责人共享", default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "视图"
        verbose_name_plural = "视图"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="view_name_once"),
            models.CheckConstraint(condition=Q(unit__isnull=False) | Q(by_lead=False), name="view_lead_names_unit"),
        )

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A list written to a file: who asked for what, how far it is. The file is deleted after a day, the row with it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post_ids = models.JSONField("岗位", default=list)
    query = models.CharField("条件", max_length=1000, blank=True)
    columns = models.JSONField("列", default=list)
    format = models.CharField("格式", max_length=4, choices=c.SheetFormat)
    total = models.PositiveIntegerField("件数", default=0)
    done = models.PositiveIntegerField("已写", default=0)
    state = models.CharField("进度", max_length=8, choices=c.ExportState, default=c.ExportState.WAITING)
    path = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "导出"
        verbose_name_plural = "导出"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.uid} {self.state} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Presence(models.Model):
    """Somebody has a case open just now. Nothing is kept: the row goes a minute after the last sign of life."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    role = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "正在查看"
        verbose_name_plural = "正在查看"
        constraints = (models.UniqueConstraint(fields=("case", "user"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.case_id}"
