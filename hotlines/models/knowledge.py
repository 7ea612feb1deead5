"""知识库: what operators answer from, in versions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class KnownAnswer(models.Model):
    """One version of a known answer; the newest of an `entry` is the one in force, the older ones are its history.

    A call names the version that was read out. After `valid_until` (inclusive, a day of Asia/Shanghai) it is never
    offered again. `plain` is what it is found by: question, other ways of saying it and answer, made plain as texts are
    for search; `letters` the pinyin initials of the question. `categories` are codes divided by spaces.
    """

    entry = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField("版次", default=1, editable=False)
    question = models.CharField("问题", max_length=120)
    also = models.CharField("别的说法", max_length=200, blank=True)
    answer = models.TextField("答复")
    source = models.CharField("出处", max_length=200)
    valid_until = models.DateField("有效期至")
    unit = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, related_name="known_answers", verbose_name="负责单位"
    )
    categories = models.CharField("类别", max_length=120, blank=True)
    plain = models.TextField(editable=False)
    letters = models.CharField(max_length=60, blank=True, editable=False)
    withdrawn = models.BooleanField("停用", default=False)
    note = models.CharField("改动说明", max_length=200, blank=True)
    written_at = models.DateTimeField("写定时间")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="经办人"
    )
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        verbose_name = "知识库答复"
        verbose_name_plural = "知识库答复"
        ordering = ("question", "-number")
        constraints = (
            models.UniqueConstraint(fields=("entry", "number"), name="known_answer_version_once"),
            models.UniqueConstraint(
                fields=("entry",), condition=Q(superseded_at__isnull=True), name="known_answer_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("written_at")),
                name="known_answer_superseded_later",
            ),
        )

    def __str__(self) -> str:
        return f"{self.question}（第 {self.number} 版）"
