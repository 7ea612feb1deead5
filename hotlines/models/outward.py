"""What leaves the portal for other systems: who listens, what they are told, and every provision of personal data."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import OWED, STUCK, MessageState, ProvisionWay


class Subscriber(models.Model):
    """Another system that is told what happens (Standard Webhooks). secrets: `{current, previous?}`, sealed.

    `events` are news kinds, none means all; `area_code` the place it is told of. The marks say how far the history was
    read: what lies below `settled_*` is done with; `seen_*` is how far it went at `seen_at`. A transaction may write a
    lower number later, so that what was seen is settled only when ten minutes have passed (hotlines.outward.owing).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=60, unique=True)
    address = models.URLField("地址", max_length=200, help_text="https 地址；主机须在允许外发的名单里。")
    events = models.JSONField("推送内容", default=list, blank=True)
    area_code = models.CharField("属地", max_length=15, help_text="只推送这个行政区划之内的事项。")
    secrets: Any = SealedJSONField("密钥", bound_to="uid", editable=False)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("开通时间", default=timezone.now, editable=False)
    settled_event = models.BigIntegerField(default=0, editable=False)
    settled_reminder = models.BigIntegerField(default=0, editable=False)
    seen_event = models.BigIntegerField(default=0, editable=False)
    seen_reminder = models.BigIntegerField(default=0, editable=False)
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "推送对象"
        verbose_name_plural = "推送对象"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class OutwardMessage(models.Model):
    """One piece of news for one subscriber. `uid` is the webhook-id, the same at each attempt; no personal data."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.PROTECT, related_name="messages", verbose_name="推送对象"
    )
    kind = models.CharField("内容", max_length=20)
    cause = models.CharField(max_length=40, editable=False)
    case_number = models.CharField("受理编号", max_length=14)
    payload = models.JSONField(default=dict, editable=False)
    state = models.CharField("状态", max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送", default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.CharField("结果", max_length=120, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)

    class Meta:
        verbose_name = "推送记录"
        verbose_name_plural = "推送记录"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("subscriber", "cause"), name="outward_message_once"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="outward_message_state_known"),
        )
        indexes = (
            models.Index(fields=("next_attempt_at",), condition=Q(state__in=OWED), name="outward_message_due"),
            models.Index(fields=("-id",), condition=Q(state__in=STUCK), name="outward_message_stuck"),
        )

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.cause}"


class Provision(models.Model):
    """One sending of personal data to somebody outside (个人信息提供记录), append-only, kept three years and more.

    个人信息保护法 §23, 网络数据安全管理条例 §12 (facts §7.1, §2.3): who received it, which fields, why. The data
    themselves are not in it. `cause` makes it once per sending, whatever is repeated.
    """

    at = models.DateTimeField("时间", default=timezone.now)
    case_number = models.CharField("受理编号", max_length=14, db_index=True)
    area_code = models.CharField("属地", max_length=15)
    receiver = models.CharField("接收方", max_length=80)
    fields = models.JSONField("提供的字段")
    purpose = models.CharField("目的", max_length=120)
    basis = models.CharField("依据", max_length=120)
    way = models.CharField("方式", max_length=10, choices=ProvisionWay)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    cause = models.CharField(max_length=80, unique=True, editable=False)

    class Meta:
        verbose_name = "个人信息提供记录"
        verbose_name_plural = "个人信息提供记录"
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("-at", "-id"), name="provision_newest"),)

    def __str__(self) -> str:
        return f"{self.case_number} → {self.receiver}"
