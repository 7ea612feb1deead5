"""The follow-up: who is called by which policy, what came of it, bad ratings put right, closed disputes looked at again.

Rows of single cases only: there is no list of persons here, and no score of one (PIPL §24).
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases import choices as c
from cases.following_up.choices import Called, Circumstance, LookBackResult, Settled, Verdict
from cases.models.case import Case


class FollowUpPolicy(models.Model):
    """Which share of the closed matters is called; of the rows that match, the most specific holds.

    Specific is: circumstance, then procedure, kind, how it was settled. An empty field matches everything. 100: each
    one must be called; 0: none is. Who is not called may rate himself for `rate_days` working days before the clock closes.
    """

    circumstance = models.CharField("情形", max_length=12, choices=Circumstance, blank=True)
    procedure = models.CharField("程序", max_length=10, choices=c.Procedure, blank=True)
    kind = models.CharField("事项大类", max_length=12, choices=c.Kind, blank=True)
    settled = models.CharField("办结方式", max_length=12, choices=Settled, blank=True)
    share = models.PositiveSmallIntegerField(
        "回访比例（%）",
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="100 为必访，0 为不访，其余按受理编号抽取。",
    )
    rate_days = models.PositiveSmallIntegerField(
        "等候自评（工作日）", default=2, help_text="未抽中的，满这些天由系统办结。"
    )
    approve_by_clock = models.BooleanField("由系统审核通过", default=False, help_text="隐患除外；一般不开。")
    base = models.CharField("依据", max_length=200, blank=True)
    valid_from = models.DateField("起", default="2020-01-01")
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "回访规定"
        verbose_name_plural = "回访规定"
        ordering = ("-circumstance", "-procedure", "kind", "settled", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("circumstance", "procedure", "kind", "settled", "valid_from"), name="follow_up_policy_once"
            ),
            models.CheckConstraint(condition=Q(share__lte=100), name="follow_up_policy_share"),
        )

    def __str__(self) -> str:
        chosen = (
            self.get_circumstance_display(),
            self.get_procedure_display() if self.procedure else "",
            self.get_kind_display() if self.kind else "",
            self.get_settled_display(),
        )
        return f"{'、'.join(word for word in chosen if word) or '其他各件'}：{self.share}%"


class FollowUp(models.Model):
    """One round's follow-up of a case, made with the event by which it began; a case has one per round.

    called: whether somebody is to call; must: whether by rule and not by sample. share, reasons: what the policy said
    then. caller, claimed_until: who is on the phone with it now. not_before: when to try again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    round = models.PositiveSmallIntegerField("轮次")
    opened_at = models.DateTimeField("进入回访")
    settled = models.CharField("办结方式", max_length=12, choices=Settled)
    share = models.PositiveSmallIntegerField("回访比例")
    called = models.BooleanField("要回访")
    must = models.BooleanField("必访")
    reasons = models.JSONField("情形", default=list)
    policy = models.ForeignKey(
        FollowUpPolicy, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="规定"
    )
    rate_until = models.DateTimeField("等候自评至", null=True, blank=True)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="正在回访"
    )
    claimed_until = models.DateTimeField("占用至", null=True, blank=True)
    not_before = models.DateTimeField("不早于", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("拨打次数", default=0)
    reached_at = models.DateTimeField("接通", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=Called, blank=True)
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        ordering = ("opened_at", "id")
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="follow_up_once_a_round"),)
        indexes = (models.Index(fields=("opened_at",), condition=Q(ended_at__isnull=True), name="follow_up_open"),)

    def __str__(self) -> str:
        return f"{self.case_id} 第 {self.round} 轮"


class RedoRequest(models.Model):
    """The follow-up officer asks for a second redo; a supervisor decides, a refusal is explained in writing and countersigned."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="redo_requests")
    round = models.PositiveSmallIntegerField("轮次")
    wanted = models.TextField("重办要求")
    satisfaction = models.PositiveSmallIntegerField("满意度")
    asked_at = models.DateTimeField("提出")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    approved = models.BooleanField("同意", null=True, blank=True)
    note = models.TextField("批复意见", blank=True)
    explanation = models.TextField("释法说明", blank=True)
    decided_at = models.DateTimeField("批复", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="批复人"
    )
    signed_at = models.DateTimeField("会签", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="会签人"
    )

    class Meta:
        verbose_name = "重办申请"
        verbose_name_plural = "重办申请"
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("case", "round"), name="redo_request_once_a_round"),
            models.CheckConstraint(
                condition=~Q(approved=False) | ~Q(explanation=""), name="redo_request_refused_is_explained"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} 第 {self.round} 轮"


class Rectification(models.Model):
    """A bad rating (1–2): looked into and put right within 15 working days, then asked about again (好差评; facts §2.3).

    Kept beside the history and not in it: its fifteen working days outlast the archive of a case, which takes no events.
    dropped: the resident rated better himself. late_told_at: when those concerned were told that its date is over.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rectifications", db_index=False)
    round = models.PositiveSmallIntegerField("轮次")
    rating = models.PositiveSmallIntegerField("评价", validators=[MinValueValidator(1), MaxValueValidator(2)])
    own = models.BooleanField("居民自评")
    opened_at = models.DateTimeField("差评时间")
    nominal_at = models.DateTimeField("名义到期")
    due_at = models.DateTimeField("整改期限")
    tentative = models.BooleanField("暂定", default=False)
    verdict = models.CharField("核实结论", max_length=12, choices=Verdict, blank=True)
    finding = models.TextField("核实情况", blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    verified_at = models.DateTimeField("核实", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    action = models.TextField("整改情况", blank=True)
    acted_at = models.DateTimeField("整改", null=True, blank=True)
    second_reached = models.BooleanField("再次回访接通", null=True, blank=True)
    second_rating = models.PositiveSmallIntegerField("再次评价", null=True, blank=True)
    closed_at = models.DateTimeField("销号", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="销号人"
    )
    dropped = models.BooleanField("居民已改评", default=False)
    late_told_at = models.DateTimeField("超期已提醒", null=True, blank=True)

    class Meta:
        verbose_name = "差评整改"
        verbose_name_plural = "差评整改"
        ordering = ("due_at", "id")
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="rectification_once_a_round"),)
        indexes = (models.Index(fields=("due_at",), condition=Q(closed_at__isnull=True), name="rectification_open"),)

    def __str__(self) -> str:
        return f"{self.case_id} 第 {self.round} 轮"


class LookBackRule(models.Model):
    """How long after closing a matter is looked at again; every row that matches makes its own date."""

    kind = models.CharField("事项大类", max_length=12, choices=c.Kind, blank=True)
    channel = models.CharField("渠道", max_length=10, choices=c.Channel, blank=True)
    circumstance = models.CharField("情形", max_length=12, choices=Circumstance, blank=True)
    days = models.PositiveSmallIntegerField(
        "办结后（自然日）", validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    base = models.CharField("依据", max_length=200, blank=True)
    valid_from = models.DateField("起", default="2020-01-01")
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "回头看规定"
        verbose_name_plural = "回头看规定"
        ordering = ("kind", "channel", "circumstance", "days")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "channel", "circumstance", "days", "valid_from"), name="look_back_rule_once"
            ),
        )

    def __str__(self) -> str:
        chosen = (
            self.get_circumstance_display(),
            self.get_channel_display() if self.channel else "",
            self.get_kind_display() if self.kind else "",
        )
        return f"{'、'.join(word for word in chosen if word) or '各件'}：{self.days} 天"


class LookBack(models.Model):
    """One date on which a closed dispute is looked at again (回头看); by the case, never by the person."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="look_backs", db_index=False)
    round = models.PositiveSmallIntegerField("轮次")
    days = models.PositiveSmallIntegerField("办结后天数")
    due_on = models.DateField("日期")
    told_at = models.DateTimeField("已提醒", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=LookBackResult, blank=True)
    note = models.TextField("情况", blank=True)
    linked = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新登记的事项"
    )
    done_at = models.DateTimeField("完成", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="回看人"
    )

    class Meta:
        verbose_name = "回头看"
        verbose_name_plural = "回头看"
        ordering = ("due_on", "id")
        constraints = (models.UniqueConstraint(fields=("case", "round", "days"), name="look_back_once"),)
        indexes = (models.Index(fields=("due_on",), condition=Q(done_at__isnull=True), name="look_back_open"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on:%Y-%m-%d}"
