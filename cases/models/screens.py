"""大屏: a screen in a hall, its one secret, and the one-time code that gives it to a device.

A screen is nobody: it has no user, no post and no session, and opens nothing but `/screen/`. Of when it was on, only a day
is kept.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ScreenLayout(models.TextChoices):
    """How the figures are laid out."""

    AUTO = "auto", "按屏幕自动"
    WIDE = "wide", "长条屏（3840×1080）"
    STANDARD = "standard", "普通屏（1920×1080）"


class Screen(models.Model):
    """One screen. Code and secret are kept as SHA-256 only; a new pairing makes the old device's secret worthless."""

    name = models.CharField("名称", max_length=40)
    area_code = models.CharField("范围", max_length=9)
    layout = models.CharField("版式", max_length=8, choices=ScreenLayout, default=ScreenLayout.AUTO)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField("配对码有效至", null=True, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    paired_on = models.DateField("配对日期", null=True, blank=True)
    last_seen_on = models.DateField("最近使用", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="设置人"
    )
    created_at = models.DateTimeField("设置时间")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "大屏"
        verbose_name_plural = "大屏"
        ordering = ("ended_at", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("code_hash",), condition=~Q(code_hash=""), name="screen_code_once"),
            models.CheckConstraint(
                condition=Q(code_hash="", code_until__isnull=True) | ~Q(code_hash="") & Q(code_until__isnull=False),
                name="screen_code_has_its_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(code_hash="", secret_hash=""), name="screen_ended_opens_nothing"
            ),
        )

    def __str__(self) -> str:
        return self.name
