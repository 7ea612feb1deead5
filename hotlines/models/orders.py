"""12345 orders on their way in: how a line's columns and words are read, batches, rows that wait or were refused."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import BatchSource, BatchState, RowState
from hotlines.models.links import Line


class OrderMapping(models.Model):
    """One version of how a line's orders are read; the highest holds, a changed one is a new version.

    columns: `{field: heading}` (fields of hotlines.orders.fields); natures: `{their word: {kind, nature, confidential}}`;
    categories: `{their word: our code, "" while nobody has said}`.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="mappings", verbose_name="对接系统")
    version = models.PositiveIntegerField("版本")
    columns: Any = models.JSONField("列", default=dict)
    natures: Any = models.JSONField("性质", default=dict)
    categories: Any = models.JSONField("类别", default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField("保存人", max_length=60)
    created_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        verbose_name = "工单列名对照"
        verbose_name_plural = "工单列名对照"
        ordering = ("line", "-version")
        constraints = (models.UniqueConstraint(fields=("line", "version"), name="order_mapping_once"),)

    def __str__(self) -> str:
        return f"{self.line_id} v{self.version}"


class OrderBatch(models.Model):
    """Orders that came together: a sheet somebody uploaded, or what one fetch brought.

    A row leaves the batch in the transaction that registers it, so that the counts and the rows left always add up to
    `total`, and an import that was killed goes on where it stood. `header` keeps the sheet's order of columns.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="batches", verbose_name="对接系统")
    source = models.CharField("来源", max_length=4, choices=BatchSource, default=BatchSource.FILE)
    file_name = models.CharField("文件", max_length=120, blank=True)
    header: Any = models.JSONField("表头", default=list)
    mapping = models.ForeignKey(OrderMapping, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField("进度", max_length=8, choices=BatchState, default=BatchState.DRAFT)
    total = models.PositiveIntegerField("行数", default=0)
    new = models.PositiveIntegerField("新登记", default=0)
    known = models.PositiveIntegerField("已有", default=0)
    changed = models.PositiveIntegerField("内容有变", default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField("导入人", max_length=60, blank=True)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "工单导入"
        verbose_name_plural = "工单导入"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(total__gte=F("new") + F("known") + F("changed")), name="batch_adds_up"),
            models.CheckConstraint(
                condition=Q(state=BatchState.DRAFT) | Q(confirmed_at__isnull=False), name="batch_begins_confirmed"
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(state__in=(BatchState.WAITING, BatchState.RUNNING)), name="batch_waits"
            ),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"

    @property
    def taken(self) -> int:
        """How many rows are in the cases now, new or not."""
        return self.new + self.known + self.changed


class OrderRow(models.Model):
    """A row that is not in the cases: waiting for its import, refused until somebody mends it, or dismissed.

    cells: `{heading: text}` as sent, sealed; emptied when the row is dismissed. errors: `{field or "": sentences}`,
    without anything personal.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(OrderBatch, on_delete=models.CASCADE, related_name="rows")
    line_no = models.PositiveIntegerField("行")
    cells: Any = SealedJSONField(bound_to="uid")
    state = models.CharField("状态", max_length=9, choices=RowState, default=RowState.WAITING)
    errors: Any = models.JSONField("原因", default=dict)
    reason = models.CharField("作废理由", max_length=200, blank=True)
    decided_by = models.CharField("处理人", max_length=60, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "待导入工单"
        verbose_name_plural = "待导入工单"
        ordering = ("batch", "line_no")
        constraints = (
            models.UniqueConstraint(fields=("batch", "line_no"), name="order_row_once"),
            models.CheckConstraint(
                condition=~Q(state=RowState.DISMISSED) | ~Q(reason=""), name="order_dismissed_with_reason"
            ),
        )
        indexes = (models.Index(fields=("state", "id"), name="order_row_state"),)

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line_no}"
