"""探访 and 困难帮扶转介. What is said of a person is sealed and goes the moment its ground goes; days only, never a time or a place.

Source: facts rows 4.6 and 4.7 (two heads and four members visit in turn, monthly; consent; no health record), §7.4 (help by
need and not by label, 90 days, need-to-know, no list by person).
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases.caring.choices import (
    HELP_DAYS,
    LONGEST_INTERVAL,
    SHORTEST_INTERVAL,
    USUAL_INTERVAL,
    ConsentBy,
    Found,
    HelpConsent,
    HelpEnd,
    HelpGround,
    HelpNeed,
    HelpState,
    PlanEnd,
    VisitorRole,
)
from cases.models.case import Case
from governance_portal.lib.crypto import SealedJSONField


class CarePlan(models.Model):
    """One older resident who agreed to be visited: `contact` is sealed `{name, phone, address}`.

    Ended (consent revoked, or no longer wanted) the row keeps that there was a plan, and nothing else: the database refuses a
    plan that is ended and still knows whom it was for. `next_on` is the day by which the next visit is due.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area_code = models.CharField("社区", max_length=12)
    contact = SealedJSONField(bound_to="uid", null=True)  # type: ignore[misc]  # what it gives may be None anyway
    consent_by = models.CharField("同意人", max_length=8, choices=ConsentBy)
    consent_on = models.DateField("同意日期")
    consent_version = models.CharField("告知内容版本", max_length=20)
    interval_days = models.PositiveSmallIntegerField("间隔（天）", default=USUAL_INTERVAL)
    next_on = models.DateField("下次探访", null=True, blank=True)
    last_on = models.DateField("上次探访", null=True, blank=True)
    last_role = models.CharField("上次由谁", max_length=14, choices=VisitorRole, blank=True)
    told_for = models.DateField("到期已提醒", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)
    ended_on = models.DateField("结束", null=True, blank=True)
    ended_why = models.CharField("结束原因", max_length=8, choices=PlanEnd, blank=True)

    class Meta:
        verbose_name = "探访计划"
        verbose_name_plural = "探访计划"
        ordering = ("next_on", "id")
        indexes = (models.Index(fields=("area_code", "next_on"), name="care_plan_due"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(interval_days__gte=SHORTEST_INTERVAL, interval_days__lte=LONGEST_INTERVAL),
                name="care_plan_at_least_monthly",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_why="", contact__isnull=False, next_on__isnull=False)
                | Q(ended_on__isnull=False, contact__isnull=True, next_on__isnull=True, last_role="", client_id="")
                & ~Q(ended_why=""),
                name="care_plan_forgets_when_it_ends",
            ),
            models.UniqueConstraint(
                fields=("made_by", "client_id"), condition=~Q(client_id=""), name="care_plan_sent_once"
            ),
        )

    def __str__(self) -> str:
        return f"探访计划 {self.pk}"


class CareVisitor(models.Model):
    """Who of a community visits in one of the six roles; one person a role. With an account, it is on their phone."""

    area_code = models.CharField("社区", max_length=12)
    role = models.CharField("角色", max_length=14, choices=VisitorRole)
    name = models.CharField("姓名", max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "探访人员"
        verbose_name_plural = "探访人员"
        ordering = ("area_code", "id")
        constraints = (models.UniqueConstraint(fields=("area_code", "role"), name="care_visitor_one_for_a_role"),)

    def __str__(self) -> str:
        return f"{self.area_code} {self.get_role_display()}"


class CareVisit(models.Model):
    """One visit: a day, a role, what was found in a word; `said` is sealed `{words}` and empties when the plan ends.

    There is no time, no place, no photograph and no field for illness: nobody is watched, neither visitor nor visited.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="visits", verbose_name="计划")
    day = models.DateField("日期")
    role = models.CharField("谁去的", max_length=14, choices=VisitorRole)
    found = models.CharField("情况", max_length=6, choices=Found)
    said = SealedJSONField(bound_to="uid", null=True)  # type: ignore[misc]
    settled = models.BooleanField("当面已经解决", default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项"
    )

    class Meta:
        verbose_name = "探访记录"
        verbose_name_plural = "探访记录"
        ordering = ("-day", "-id")
        constraints = (
            models.UniqueConstraint(fields=("plan", "day"), name="care_visit_once_a_day"),
            models.UniqueConstraint(
                fields=("made_by", "client_id"), condition=~Q(client_id=""), name="care_visit_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | ~Q(found=Found.WELL), name="care_visit_case_for_a_need"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day}"


class HelpReferral(models.Model):
    """困难帮扶转介: one person's one need, passed to one named officer with consent.

    `content` is sealed `{name, phone, address, what, urgent}`, null once it ended, as is
    `case` (a case leads to its people); `answer` is sealed `{words}`, what the person
    reads. It ends by itself 90 days after the last consent: that day is counted from `consent_on`, so that no row can say
    another. `number` and its query code are the person's, made as a case's are. No index leads from a person here.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("转介编号", max_length=14, unique=True)
    area_code = models.CharField("属地", max_length=15)
    need = models.CharField("需要", max_length=8, choices=HelpNeed)
    ground = models.CharField("从哪里来", max_length=8, choices=HelpGround)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项"
    )
    visit = models.ForeignKey(
        CareVisit, on_delete=models.PROTECT, null=True, blank=True, related_name="helps", verbose_name="探访"
    )
    content = SealedJSONField(bound_to="uid", null=True)  # type: ignore[misc]
    answer = SealedJSONField(bound_to="uid", null=True)  # type: ignore[misc]
    consent = models.CharField("依据", max_length=10, choices=HelpConsent)
    consent_on = models.DateField("同意日期")
    consent_version = models.CharField("告知内容版本", max_length=20)
    renewals = models.PositiveSmallIntegerField("续期次数", default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="转介人", on_delete=models.PROTECT, related_name="+"
    )
    opened_from = models.ForeignKey(Unit, verbose_name="转介单位", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField("转介日期")
    unit = models.ForeignKey(Unit, verbose_name="接收单位", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="接收人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)
    state = models.CharField("状态", max_length=8, choices=HelpState, default=HelpState.OPENED)
    ended_on = models.DateField("结束", null=True, blank=True)
    end = models.CharField("结果", max_length=10, choices=HelpEnd, blank=True)

    class Meta:
        verbose_name = "困难帮扶转介"
        verbose_name_plural = "困难帮扶转介"
        ordering = ("-opened_on", "-id")
        indexes = (models.Index(fields=("consent_on",), name="help_expires"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end="", content__isnull=False) & ~Q(state=HelpState.CLOSED)
                | Q(ended_on__isnull=False, content__isnull=True, case__isnull=True, state=HelpState.CLOSED)
                & ~Q(end=""),
                name="help_forgets_when_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(ground=HelpGround.CASE) | Q(case__isnull=False) | Q(ended_on__isnull=False),
                name="help_from_a_case_names_it",
            ),
            models.UniqueConstraint(
                fields=("opened_by", "client_id"), condition=~Q(client_id=""), name="help_sent_once"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def expires_on(self) -> date:
        """The last day: 90 days after the last consent."""
        return self.consent_on + timedelta(days=HELP_DAYS)
