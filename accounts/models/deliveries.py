"""How people are told outside the portal: what each one chose, the groups' robots, and each message as a row."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.choices import AREA_CODE_HINT, AREA_CODE_PATTERN, DeliveryState, GroupKind, Way
from governance_portal.lib.crypto import SealedJSONField

MOBILE = RegexValidator(r"^1[3-9][0-9]{9}$", "手机号应为 11 位数字。")


class NoticeSetting(models.Model):
    """What somebody chose; whoever has no row has the defaults of `accounts.channels.preferences`.

    kinds: `{kind: {"pace": "at_once" | "digest", "channels": ["email", "sms"]}}`; a kind that is missing is as by default.
    Quiet hours (both or neither) hold messages back until their end; they may go past midnight.
    """

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, related_name="notice_setting", verbose_name="人员", primary_key=True
    )
    email = models.EmailField("接收邮箱", blank=True)
    mobile = models.CharField("接收短信的手机号", max_length=11, blank=True, validators=[MOBILE])
    quiet_from = models.TimeField("免打扰开始", null=True, blank=True)
    quiet_to = models.TimeField("免打扰结束", null=True, blank=True)
    digest_at = models.TimeField("汇总发送时间", default=time(8, 30))
    kinds = models.JSONField("各类通知", default=dict)

    class Meta:
        verbose_name = "通知设置"
        verbose_name_plural = "通知设置"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class GroupChannel(models.Model):
    """A group's robot or a signed webhook: told when somebody of its unit or area is told; address and key are sealed.

    kinds: codes of `NoticeKind` with spaces between; empty is all. A message carries numbers and what to do, never names.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("类型", max_length=10, choices=GroupKind)
    sealed: Any = SealedJSONField("地址和密钥", bound_to="uid")
    kinds = models.CharField("发哪几类通知", max_length=120, blank=True)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, blank=True, verbose_name="单位")
    area_code = models.CharField(
        "区划", max_length=15, blank=True, validators=[RegexValidator(AREA_CODE_PATTERN, AREA_CODE_HINT)]
    )
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "群机器人"
        verbose_name_plural = "群机器人"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message by one way to one person or group: claimed with a lease, tried again, given up, sent again by hand.

    `key` keeps the same message from being written down twice; `uid` is what the receiver gets as Idempotency-Key, the
    same at each attempt. `text` is number and what to do; `answer` is ours ("HTTP 500"), never the receiver's own words.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.CharField("键", max_length=160, unique=True)
    channel = models.CharField("方式", max_length=10, choices=Way)
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="人员"
    )
    group = models.ForeignKey(
        GroupChannel, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="群"
    )
    notice = models.ForeignKey(
        "accounts.Notice", models.CASCADE, null=True, blank=True, related_name="deliveries", db_index=False
    )
    kind = models.CharField("类别", max_length=20)
    case_number = models.CharField("受理编号", max_length=20, blank=True)
    text = models.CharField("内容", max_length=300)
    urgent = models.BooleanField("紧急", default=False)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送", default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField("结果", max_length=120, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True) | Q(user__isnull=True, group__isnull=False),
                name="delivery_to_a_person_or_a_group",
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=("waiting", "failed", "sending")), name="delivery_due"
            ),
            models.Index(fields=["-id"], condition=Q(state="given_up"), name="delivery_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.case_number}".strip()


class DigestEntry(models.Model):
    """A notice that waits for its reader's digest; `delivery` is the message that told it."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField("方式", max_length=10, choices=Way)
    notice = models.ForeignKey("accounts.Notice", models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField("汇总时间")
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="entries", db_index=False)
    gathered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "待汇总通知"
        verbose_name_plural = "待汇总通知"
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="digest_entry_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(gathered_at__isnull=True), name="digest_entry_due")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.channel}"
