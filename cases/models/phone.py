"""转办 in one grid: 网格员, 红袖章 and 民调员 give each other a matter for a while (facts §8 row 2.5, 铁三角三方联动).

It moves nothing of the workflow: lead unit, 承办人 and clocks stay as they are. No time of work is kept beside the three
moments at which somebody pressed (国办函〔2026〕12号; facts §6.1), and nothing is counted per person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases import choices as c
from cases.models.case import Case

SAID_LIMIT = 200
ANSWER_LIMIT = 500


class HandOverEnd(models.TextChoices):
    """How a hand-over ended."""

    DONE = "done", "已办好"
    RETURNED = "returned", "已交回"
    RECALLED = "recalled", "已收回"
    CLOSED = "closed", "事项已办结"


class HandOver(models.Model):
    """One matter given by one of a grid's three to another; open until somebody ends it or the case ends.

    While it is open, whoever has it sees the case (`CaseQuerySet.in_sight_of`), also a volunteer.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs", verbose_name="事项")
    grid_code = models.CharField("网格", max_length=15)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="转出"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="转给"
    )
    said = models.CharField("请做什么", max_length=SAID_LIMIT)
    at = models.DateTimeField("转出时间")
    taken_at = models.DateTimeField("接下时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_as = models.CharField("怎样结束", max_length=10, choices=HandOverEnd, blank=True)
    answer = models.CharField("情况", max_length=ANSWER_LIMIT, blank=True)
    client_id = models.CharField("提交号", max_length=64, blank=True)

    class Meta:
        verbose_name = "网格内转办"
        verbose_name_plural = "网格内转办"
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("to_user",), condition=Q(ended_at__isnull=True), name="hand_over_open_to"),
            models.Index(fields=("from_user",), condition=Q(ended_at__isnull=True), name="hand_over_open_from"),
        )
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(ended_at__isnull=True), name="hand_over_open_once"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="hand_over_to_another"),
            models.CheckConstraint(condition=~Q(said=""), name="hand_over_says_what"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | Q(ended_at__isnull=False) & ~Q(ended_as=""),
                name="hand_over_ends_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(ended_as__in=(HandOverEnd.DONE, HandOverEnd.RETURNED)) | ~Q(answer=""),
                name="hand_over_answered",
            ),
            models.UniqueConstraint(
                fields=("from_user", "client_id"), condition=~Q(client_id=""), name="hand_over_sent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_user_id}→{self.to_user_id}"

    @property
    def is_open(self) -> bool:
        """Nobody has ended it, and the matter goes on."""
        return self.ended_at is None and self.case.status in c.OPEN
