"""Matters that are one and the same matter, told of each other by a person (workflow.md "Who sees what")."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case


class SameMatter(models.Model):
    """Two cases about the same matter that go their own ways; the older row stands first, each pair stands once.

    `reason` says in a few words why: internal, never a name. Undone rows go; the history of both cases keeps a note.
    """

    first = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name="事项")
    second = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name="同一事项")
    reason = models.CharField("理由", max_length=200)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="关联人"
    )
    linked_at = models.DateTimeField("关联时间")

    class Meta:
        verbose_name = "同一事项"
        verbose_name_plural = "同一事项"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="same_matter_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="same_matter_older_first"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}"
