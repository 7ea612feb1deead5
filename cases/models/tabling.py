"""自定义统计表: the tables people keep (only the question, never figures) and long ones that are being written."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit
from cases import choices as c
from cases.tabling.choices import Share


class SavedTable(models.Model):
    """A table somebody gave a name: the question as in its address (`cases.tabling.asking`), no figures.

    Shared with a unit, with the people of centres or with who holds a role; each reader's figures are their own.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=30)
    query = models.CharField("怎样统计", max_length=1000)
    share = models.CharField("共享", max_length=8, choices=Share, default=Share.NOBODY)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField("岗位", max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "自定义统计表"
        verbose_name_plural = "自定义统计表"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="table_name_once"),
            models.CheckConstraint(
                condition=Q(share=Share.UNIT, unit__isnull=False, role="")
                | Q(share=Share.ROLE, unit__isnull=True) & ~Q(role="")
                | Q(share__in=(Share.NOBODY, Share.CENTRE), unit__isnull=True, role=""),
                name="table_share_names_whom",
            ),
        )

    def __str__(self) -> str:
        return self.name


class TableExport(models.Model):
    """A table written to a file in the background: who asked for what, how far it is; file and row go after a week.

    `attempt` is the writer's own word: whoever took the row over has another, so that only one of them finishes it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post_ids = models.JSONField("岗位", default=list)
    name = models.CharField("名称", max_length=200)
    query = models.CharField("怎样统计", max_length=1000)
    format = models.CharField("格式", max_length=4, choices=c.SheetFormat)
    total = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("已写", default=0)
    state = models.CharField("进度", max_length=8, choices=c.ExportState, default=c.ExportState.WAITING)
    attempt = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=120, blank=True)
    said = models.CharField("没有写成的原因", max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "统计表导出"
        verbose_name_plural = "统计表导出"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.uid} {self.state} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0
