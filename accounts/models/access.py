"""What guards the door: tokens of phones, old passwords, counters of tries."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class AuthToken(models.Model):
    """A phone's key: only its SHA-256 is kept; per device, with an end, revocable."""

    digest = models.CharField("摘要", max_length=64, unique=True)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="tokens", verbose_name="人员")
    device = models.CharField("设备", max_length=80, blank=True)
    created_at = models.DateTimeField("签发时间", default=timezone.now)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("注销时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "设备令牌"
        verbose_name_plural = "设备令牌"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "device"], name="token_user_device")]

    def __str__(self) -> str:
        return f"{self.user} {self.device}"


class PasswordRecord(models.Model):
    """A password somebody had (hashed), so that the last ones are not taken again."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="password_records", verbose_name="人员")
    encoded = models.CharField("密码摘要", max_length=128)
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "历史密码"
        verbose_name_plural = "历史密码"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"


class RateWindow(models.Model):
    """How often something was tried since `started_ms` (Unix milliseconds); written by `accounts.limits` only.

    `bucket` is a SHA-256, so that addresses and log-in names do not lie about in a table.
    """

    scope = models.CharField("范围", max_length=40)
    bucket = models.CharField("键", max_length=64)
    started_ms = models.BigIntegerField("起点")
    expires_ms = models.BigIntegerField("到期", db_index=True)
    hits = models.BigIntegerField("次数")

    class Meta:
        verbose_name = "频次窗口"
        verbose_name_plural = "频次窗口"
        constraints = [models.UniqueConstraint(fields=["scope", "bucket"], name="rate_window_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.hits}"
