"""A leader receives people (领导接访), takes a case (领导包案), and a team solves it (一案多包)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case
from governance_portal.lib.crypto import SealedJSONField
from governance_portal.lib.spoken import date_words
from governance_portal.lib.working_days import SHANGHAI

MOST_PLACES = 100


class ReceptionDay(models.Model):
    """One leader, one place, from when to when: published beforehand (信访工作条例 §18), cancelled with its reason."""

    area_code = models.CharField("层级", max_length=15)
    leader = models.CharField("接访领导", max_length=40)
    office = models.CharField("职务", max_length=60)
    date = models.DateField("日期")
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    place = models.CharField("地点", max_length=120)
    capacity = models.PositiveSmallIntegerField("可约人数")
    topics = models.CharField("接待内容", max_length=200, blank=True)
    published_at = models.DateTimeField("公布", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="安排人"
    )
    made_at = models.DateTimeField("安排时间")

    class Meta:
        verbose_name = "领导接访日"
        verbose_name_plural = "领导接访日"
        ordering = ("date", "starts", "id")
        indexes = (models.Index(fields=("date", "area_code"), name="reception_of_day"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="reception_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES), name="reception_has_places"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="reception_cancelled_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=("area_code", "leader", "date", "starts"),
                condition=Q(cancelled_at__isnull=True),
                name="reception_once_for_a_leader",
            ),
        )

    def __str__(self) -> str:
        return f"{date_words(self.date)} {self.leader}"

    @property
    def begins_at(self) -> datetime:
        """When it begins, in Shanghai."""
        return datetime.combine(self.date, self.starts, SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """When it ends, in Shanghai."""
        return datetime.combine(self.date, self.ends, SHANGHAI)


class ReceptionBooking(models.Model):
    """One place of a day. Nobody is named in clear: `contact` holds `{name, phone, matter}`, `minutes` `{said, instruction}`.

    `seat` counts from 1 and is one standing booking's only; the code that cancels it is kept as a keyed hash.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(ReceptionDay, on_delete=models.PROTECT, related_name="bookings", verbose_name="接访日")
    seat = models.PositiveSmallIntegerField("号")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="receptions", verbose_name="事项"
    )
    contact = SealedJSONField(bound_to="uid")
    minutes = SealedJSONField(bound_to="uid")
    phone_index = models.CharField(max_length=32, blank=True)
    code_index = models.CharField(max_length=32, blank=True)
    source = models.CharField("预约方式", max_length=8, choices=c.BookedBy)
    client_id = models.CharField("提交号", max_length=64, blank=True)
    booked_at = models.DateTimeField("预约时间")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("取消", null=True, blank=True)
    attended = models.BooleanField("到场", null=True, blank=True)
    received_at = models.DateTimeField("登记接访", null=True, blank=True)
    instructed = models.BooleanField("有批示", default=False)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位"
    )
    deadline = models.DateField("时限", null=True, blank=True)
    order_number = models.CharField("督办文号", max_length=40, blank=True)
    erased_at = models.DateTimeField("清除个人信息", null=True, blank=True)

    class Meta:
        verbose_name = "接访预约"
        verbose_name_plural = "接访预约"
        ordering = ("day", "seat", "id")
        constraints = (
            models.CheckConstraint(condition=Q(seat__gte=1, seat__lte=MOST_PLACES), name="booking_has_a_seat"),
            models.UniqueConstraint(
                fields=("day", "seat"), condition=Q(cancelled_at__isnull=True), name="booking_one_for_a_seat"
            ),
            models.UniqueConstraint(
                fields=("day", "case"),
                condition=Q(cancelled_at__isnull=True, case__isnull=False),
                name="booking_one_for_a_case",
            ),
            models.UniqueConstraint(
                fields=("day", "phone_index"),
                condition=Q(cancelled_at__isnull=True) & ~Q(phone_index=""),
                name="booking_one_for_a_phone",
            ),
            models.UniqueConstraint(fields=("client_id",), condition=~Q(client_id=""), name="booking_sent_once"),
            models.CheckConstraint(
                condition=Q(attended__isnull=True, received_at__isnull=True)
                | Q(attended__isnull=False, received_at__isnull=False, cancelled_at__isnull=True),
                name="booking_received_when_attended",
            ),
            models.CheckConstraint(
                condition=Q(instructed=False, unit__isnull=True, deadline__isnull=True)
                | Q(instructed=True, attended=True, unit__isnull=False, deadline__isnull=False),
                name="booking_instruction_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(order_number="") | Q(instructed=True, case__isnull=False),
                name="booking_order_follows_an_instruction",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} 第 {self.seat} 号"

    @property
    def is_echo(self) -> bool:
        """Tell whether a phone that had a place asked again on the public page: this row never stood."""
        return self.cancelled_at == self.booked_at


class CaseLead(models.Model):
    """A leader has taken a case (包案): who, which unit and person, plan, until when. One at a time; ends with the case.

    Source: 信访工作条例 §18; facts §1.10.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads", verbose_name="事项")
    leader = models.CharField("包案领导", max_length=40)
    office = models.CharField("职务", max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.CharField("责任人", max_length=40)
    plan = models.TextField("化解方案")
    deadline = models.DateField("时限")
    since = models.DateTimeField("包案时间")
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    result = models.TextField("结果", blank=True)

    class Meta:
        verbose_name = "领导包案"
        verbose_name_plural = "领导包案"
        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(ended_at__isnull=True), name="case_lead_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, result="") | Q(ended_at__isnull=False) & ~Q(result=""),
                name="case_lead_ends_with_a_result",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.leader}"


class CaseLeadStep(models.Model):
    """One step of it: what was done, and the day on which the leader met the people, if he did."""

    lead = models.ForeignKey(CaseLead, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField("时间")
    met_on = models.DateField("接访、走访日期", null=True, blank=True)
    text = models.TextField("进展")

    class Meta:
        verbose_name = "包案进展"
        verbose_name_plural = "包案进展"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.lead_id} {self.at:%Y-%m-%d}"


class TeamRole(models.Model):
    """A part that somebody can have in solving a case (一案多包); which there are, the centre says itself."""

    code = models.SlugField("代码", max_length=24, unique=True)
    name = models.CharField("角色", max_length=30, unique=True)
    about = models.CharField("做什么", max_length=120, blank=True)
    place = models.PositiveSmallIntegerField("顺序", default=50)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "案组角色"
        verbose_name_plural = "案组角色"
        ordering = ("place", "code")

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """One part of a case's team with its solving task; of people who work for the case, never of who brought it.

    `told`: the unit agrees that the resident reads unit, role, office and work phone; the name never.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="team", verbose_name="事项")
    role = models.ForeignKey(TeamRole, on_delete=models.PROTECT, related_name="+", verbose_name="角色")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    person = models.CharField("姓名", max_length=40, blank=True)
    office = models.CharField("职务", max_length=60, blank=True)
    phone = models.CharField("工作电话", max_length=30, blank=True)
    told = models.BooleanField("告知居民", default=False)
    task = models.TextField("化解任务")
    due_on = models.DateField("完成期限")
    joined_at = models.DateTimeField("加入")
    done = models.BooleanField("完成", null=True, blank=True)
    done_at = models.DateTimeField("报告", null=True, blank=True)
    note = models.TextField("完成情况", blank=True)
    left_at = models.DateTimeField("退出", null=True, blank=True)

    class Meta:
        verbose_name = "案组成员"
        verbose_name_plural = "案组成员"
        ordering = ("role__place", "joined_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "role", "unit"), condition=Q(left_at__isnull=True), name="team_role_once_for_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(done__isnull=True, done_at__isnull=True, note="")
                | Q(done__isnull=False, done_at__isnull=False) & ~Q(note=""),
                name="team_task_told_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.role} {self.unit}"
