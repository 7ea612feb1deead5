"""Who was told of a clock, and at which rung of the ladder."""

from __future__ import annotations

from django.db import models

from cases import choices as c
from cases.models.limits import Deadline


class Reminder(models.Model):
    """One rung of one clock that was told: a row per deadline, rung and date (behaviour 30).

    The row is written in the transaction of its notices and is the claim: of two sweeps at once one writes it.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders")
    rung = models.CharField("第几级", max_length=10, choices=c.Rung)
    due_at = models.DateTimeField("所提醒的期限")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        constraints = (models.UniqueConstraint(fields=("deadline", "rung", "due_at"), name="reminder_once"),)

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.rung}"
