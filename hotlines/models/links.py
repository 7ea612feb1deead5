"""Lines to other systems, the matters that went over them, and what must still be told."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.choices import Channel, Procedure
from governance_portal.lib.crypto import SealedJSONField
from hotlines.choices import OWED, STUCK, TO_TELL, AdapterKind, Direction, LineKind, MessageKind, MessageState

#: Under this name in `Link.papers`: until when the other side takes the matter back (ISO 8601), where it says so.
RETURN_BY = "return_by"


class Line(models.Model):
    """One other system (12345 platform, court, police, petition office) and how to speak with it.

    `code` is the `foreign_source` of its cases. `address` is an https address, or the name of a folder below
    `LINKS_FOLDER`. secret: `{key}`, sealed: signs what goes out, and what comes in must be signed with it. `cursor` is
    where the last fetch ended, in the other side's words. Silent for `receipt_hours`, a transfer's receipt is overdue.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=LineKind)
    adapter = models.CharField("方式", max_length=6, choices=AdapterKind, default=AdapterKind.NONE)
    address = models.CharField("地址或文件夹", max_length=200, blank=True)
    secret: Any = SealedJSONField("密钥", bound_to="uid")
    channel = models.CharField("来源渠道", max_length=10, choices=Channel)
    procedure = models.CharField("程序", max_length=10, choices=Procedure, blank=True)
    receipt_hours = models.PositiveSmallIntegerField("几小时内应有回执", default=24)
    is_active = models.BooleanField("启用", default=True)
    cursor = models.CharField(max_length=120, blank=True, editable=False)
    fetched_at = models.DateTimeField("上次收取", null=True, blank=True, editable=False)
    spoken_at = models.DateTimeField("上次送达", null=True, blank=True, editable=False)
    failed_at = models.DateTimeField("上次失败", null=True, blank=True, editable=False)
    trouble = models.CharField("上次失败的原因", max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = "对接系统"
        verbose_name_plural = "对接系统"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="line_kind_known"),
            models.CheckConstraint(condition=Q(adapter__in=AdapterKind.values), name="line_adapter_known"),
        )

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """One matter that went over a line: their number beside ours, their date beside ours.

    papers: sealed, `{given, papers}` of what came in, or `{words: [...]}` what they said since (links.arriving).
    `fingerprint` is that of the content last seen, `version` how many contents there were. `heard` is the last event of
    the case that was looked at for them. Of an outgoing link the number is empty until their receipt names it, and
    `cause` is the event that passed the case out ("e3"), so that it is passed once.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="links", verbose_name="对接系统")
    foreign_number = models.CharField("对方编号", max_length=60, blank=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="links", verbose_name="事项")
    direction = models.CharField("方向", max_length=3, choices=Direction, default=Direction.IN)
    received_at = models.DateTimeField("转入或转出时间")
    their_due_at = models.DateTimeField("对方时限", null=True, blank=True)
    cause = models.CharField(max_length=40, blank=True, editable=False)
    papers: Any = SealedJSONField(bound_to="uid")
    fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    version = models.PositiveIntegerField("内容版本", default=1)
    heard = models.PositiveIntegerField(default=0, editable=False)
    place_index = models.CharField(max_length=32, blank=True, editable=False)
    receipt_at = models.DateTimeField("对方回执", null=True, blank=True)
    answered_at = models.DateTimeField("已告知或收到结果", null=True, blank=True)

    class Meta:
        verbose_name = "对接事项"
        verbose_name_plural = "对接事项"
        ordering = ("-received_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("line", "foreign_number"), condition=~Q(foreign_number=""), name="link_number_once"
            ),
            models.UniqueConstraint(fields=("line", "case", "direction", "cause"), name="link_once"),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | ~Q(foreign_number=""), name="link_in_has_its_number"
            ),
        )
        indexes = (
            models.Index(fields=("place_index", "received_at"), condition=~Q(place_index=""), name="link_place"),
            models.Index(
                fields=("received_at",),
                condition=Q(direction=Direction.OUT, receipt_at__isnull=True),
                name="link_unheard",
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id} {self.foreign_number}"

    @property
    def return_by(self) -> datetime | None:
        """Until when the other side takes the matter back (退回窗口); None where it did not say, or it was forgotten."""
        text = (self.papers or {}).get(RETURN_BY)
        return datetime.fromisoformat(text) if text else None


class LinkMessage(models.Model):
    """One thing the other side must hear: claimed with a lease, tried again, refused or given up, sent again by hand.

    `uid` is the Idempotency-Key, the same at each attempt; `cause` names the event it comes from ("e12": the twelfth of
    the link's case), so that it is written down once whoever finds it owed. `answer` is in our own words, `receipt` the
    number they gave it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="messages", verbose_name="对接事项")
    seq = models.PositiveIntegerField("序号")
    kind = models.CharField("内容", max_length=12, choices=MessageKind)
    cause = models.CharField(max_length=40, editable=False)
    payload: Any = SealedJSONField(bound_to="uid")
    state = models.CharField("状态", max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送", default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField("结果", max_length=120, blank=True)
    receipt = models.CharField("对方回执号", max_length=60, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)

    class Meta:
        verbose_name = "对接消息"
        verbose_name_plural = "对接消息"
        ordering = ("link", "seq")
        constraints = (
            models.UniqueConstraint(fields=("link", "seq"), name="link_message_order"),
            models.UniqueConstraint(fields=("link", "cause"), name="link_message_once"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="link_message_state_known"),
        )
        indexes = (
            models.Index(fields=("next_attempt_at",), condition=Q(state__in=OWED), name="link_message_due"),
            models.Index(fields=("-id",), condition=Q(state__in=STUCK), name="link_message_stuck"),
        )

    def __str__(self) -> str:
        return f"{self.link_id}#{self.seq} {self.kind}"

    @property
    def standing(self) -> str:
        """How far it has come, in words; what a person has to tell is not said to be on its way."""
        by_hand = self.state in OWED and self.link.line.adapter == AdapterKind.NONE
        return TO_TELL if by_hand else str(self.get_state_display())
