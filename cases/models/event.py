"""The history of a case, what must be sent because of it, and submissions already answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case


class Event(models.Model):
    """One line of the history; append-only (triggers refuse UPDATE and DELETE) and hash-chained per case.

    data: what the move was given, as codes and ids, never personal data; and `limits`, the limits that the policy
    gave to the clocks this event started. `actor_role`, `actor_unit` are words as they were that day.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField("序号")
    kind = models.CharField("动作", max_length=24)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField("办理人", max_length=60)
    actor_role = models.CharField("岗位", max_length=30, blank=True)
    actor_unit = models.CharField("单位", max_length=80, blank=True)
    acting_for = models.CharField("代", max_length=60, blank=True)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    status_before = models.CharField(max_length=12, blank=True)
    status_after = models.CharField(max_length=12)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ("case_id", "seq")
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="event_seq_once"),)

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.kind}"


class Outbox(models.Model):
    """What must leave the transaction because of an event: claimed with a lease, swept by the clock (safety.md)."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="outbox")
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "待发通知"
        verbose_name_plural = "待发通知"
        indexes = (models.Index(fields=("id",), condition=Q(sent_at__isnull=True), name="outbox_waiting"),)

    def __str__(self) -> str:
        return f"outbox of event {self.event_id}"


class Submission(models.Model):
    """A submission that was answered, so that the same one is answered again and not stored again.

    sender: "user:7" or "public"; digest: hash of the body, so that another body under the same key is a conflict.
    """

    sender = models.CharField(max_length=40)
    client_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "已处理的提交"
        verbose_name_plural = "已处理的提交"
        constraints = (models.UniqueConstraint(fields=("sender", "client_id"), name="submission_once"),)

    def __str__(self) -> str:
        return f"{self.sender} {self.client_id}"
