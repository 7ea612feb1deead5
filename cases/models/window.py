"""The window's own tables: who came (never their names), what a clerk has half written, who sits in the hall."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case
from governance_portal.lib.crypto import SealedJSONField


class Visit(models.Model):
    """One visit to the window (批次): how many people, why, first or repeated; nobody is named here.

    A registration over the window writes its own row; a visit without a new matter is entered by hand.
    """

    at = models.DateTimeField("时间")
    area_code = models.CharField("受理层级", max_length=15)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="接待人"
    )
    purpose = models.CharField("来访目的", max_length=10, choices=c.VisitPurpose)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="visits", verbose_name="事项"
    )
    people = models.PositiveIntegerField("人次", default=1)
    repeat = models.BooleanField("重复来访", default=False)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "来访"
        verbose_name_plural = "来访登记"
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("at", "area_code"), name="visit_of_day"),)
        constraints = (
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_has_people"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(purpose=c.VisitPurpose.MATTER), name="visit_for_a_matter_has_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_purpose_display()}"

    @property
    def joint(self) -> bool:
        """Tell whether it counts as 集体访."""
        return self.people >= c.JOINT_VISIT_FROM


class IntakeDraft(models.Model):
    """What a clerk has typed and not yet registered: sealed, one row per open form, purged after three days.

    `client_id` is that of the form, so that a draft sent twice registers once. `typed`: the form's fields as they are.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name="登记人"
    )
    client_id = models.CharField("提交号", max_length=64)
    typed = SealedJSONField(bound_to="uid")
    updated_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "未提交的登记"
        verbose_name_plural = "未提交的登记"
        constraints = (models.UniqueConstraint(fields=("clerk", "client_id"), name="intake_draft_once"),)
        indexes = (models.Index(fields=("updated_at",), name="intake_draft_age"),)

    def __str__(self) -> str:
        return f"{self.clerk_id} {self.updated_at:%Y-%m-%d %H:%M}"


class RosterEntry(models.Model):
    """Who sits in the hall or leads the day: by weekday, for one date, or (neither) every working day.

    A row for a date takes the place of what the week says of the same unit (or of the leader on duty) on that day;
    `away` on such a row: not there today. No clock-in: this is a plan to be read, nobody is measured by it.
    """

    area_code = models.CharField("大厅", max_length=15)
    leader = models.BooleanField("值班领导", default=False)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    presence = models.CharField("方式", max_length=10, choices=c.Presence, blank=True)
    weekday = models.PositiveSmallIntegerField("星期", choices=c.Weekday, null=True, blank=True)
    date = models.DateField("日期", null=True, blank=True)
    person = models.CharField("姓名", max_length=40, blank=True)
    desk = models.CharField("窗口号", max_length=20, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    away = models.BooleanField("当日不在", default=False)

    class Meta:
        verbose_name = "大厅值班"
        verbose_name_plural = "大厅值班表"
        ordering = ("-leader", "desk", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(date__isnull=True), name="roster_by_weekday_or_date"
            ),
            models.CheckConstraint(
                condition=Q(leader=True, unit__isnull=True) | Q(leader=False, unit__isnull=False),
                name="roster_of_a_unit_or_leader",
            ),
            models.CheckConstraint(condition=Q(away=False) | Q(date__isnull=False), name="roster_away_on_a_date"),
        )

    def __str__(self) -> str:
        return f"{self.unit or '值班领导'} {self.date or self.get_weekday_display() or '每个工作日'}"
