"""What was done (append-only) and what people are told."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete a row that may only be added; the database refuses it as well."""


class AppendOnlyModel(models.Model):
    """Refuses to be changed before the database's triggers have to."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only the first time."""
        if not self._state.adding:
            raise AppendOnly("日志只能追加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnly("日志只能追加，不能删除。")


class AuditEntry(AppendOnlyModel):
    """Who did what to what, when, from where, why (GB/T 22239-2019 §8.1.4.3). Never personal data of residents.

    `digest` is the SHA-256 of the row's content, so an altered row is told by number; the chain over the digests
    is made in batches (`AuditSeal`), so that two log-ins never wait for each other.
    """

    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="人员")
    username = models.CharField("登录名", max_length=64, blank=True)
    action = models.CharField("事项", max_length=40)
    target = models.CharField("对象", max_length=200, blank=True)
    ok = models.BooleanField("成功", default=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    detail = models.JSONField("详情", default=dict)
    address = models.CharField("来源地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    digest = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["user", "at"], name="audit_user_at"),
            models.Index(fields=["action", "at"], name="audit_action_at"),
            models.Index(fields=["target"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"第 {self.pk} 条"


class AuditSeal(AppendOnlyModel):
    """One link of the chain: covers every entry with `first_id ≤ id ≤ last_id`.

    `root` = SHA-256(previous root + each entry's id and digest in order); keep it off the machine.
    """

    at = models.DateTimeField("时间", default=timezone.now)
    first_id = models.BigIntegerField("起")
    last_id = models.BigIntegerField("止", unique=True)
    entries = models.BigIntegerField("条数")
    previous = models.CharField("上一封印", max_length=64, unique=True)
    root = models.CharField("封印", max_length=64)

    class Meta:
        verbose_name = "审计封印"
        verbose_name_plural = "审计封印"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id} {self.root[:12]}"


class Notice(models.Model):
    """A line in somebody's inbox; the same `key` reaches the same person once, however often it is sent."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices", verbose_name="人员")
    key = models.CharField("键", max_length=120)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    case_number = models.CharField("受理编号", max_length=20, blank=True)
    kind = models.CharField("类别", max_length=20, default="case")
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_inbox"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title
