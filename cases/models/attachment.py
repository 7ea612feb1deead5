"""Files of a case."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from cases.models.case import Case


class Attachment(models.Model):
    """A file, judged by its content and, when a picture, drawn anew (no position, no second file inside).

    `path` is relative to the private upload folder and random; the row exists only after the bytes are safe.
    `case` is empty for a resident's upload until the report that names it arrives; a report that is held holds it too.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    held = models.ForeignKey(
        "cases.HeldReport", on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    name = models.CharField("文件名", max_length=120)
    mime = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, unique=True)
    purpose = models.CharField("用途", max_length=40, blank=True)
    public = models.BooleanField("居民可见", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("uploaded_at", "id")

    def __str__(self) -> str:
        return self.name
