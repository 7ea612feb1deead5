"""督办: running numbers of orders, what the clock drafts and a person signs, proposals against a unit, closings looked at.

Source: design/workflow.md "督办 is two things"; facts §1.10 (the ladder), §4.1 D10–D12, §5 (反造假); 信访工作条例 §§38–40.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases import choices as c
from cases.models.case import Case
from cases.models.orders import SupervisionOrder


class OrderSeries(models.Model):
    """The last number given in a year under a word (机关代字): a row that is locked while a number is taken."""

    word = models.CharField("机关代字", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "督办文号"
        verbose_name_plural = "督办文号"
        constraints = (models.UniqueConstraint(fields=("word", "year"), name="order_series_once"),)

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.last}号"


class SupervisionRules(models.Model):
    """How this centre supervises; one row. Limits of clocks are not here but in `LimitPolicy`."""

    urge_word = models.CharField("催办的机关代字", max_length=20, default="平综治催")
    letter_word = models.CharField("督办函的机关代字", max_length=20, default="平综治督")
    proposal_word = models.CharField("建议书的机关代字", max_length=20, default="平综治建")
    urged_clocks = models.CharField(
        "到期自动催办的时限",
        max_length=200,
        default="resolve_by sign_by",
        help_text="时限代码，用空格分开：accept_by 受理，dispatch_by 分流，sign_by 签收，resolve_by 办结；留空不自动催办。",
    )
    answer_days = models.PositiveSmallIntegerField(
        "回复期限（工作日）", default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    draft_after_days = models.PositiveSmallIntegerField(
        "超期几个工作日后起草督办函", default=1, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    stuck_days = models.PositiveSmallIntegerField(
        "几天没有进展算停滞",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="自然日，暂停计时的不算。",
    )
    quick_minutes = models.PositiveSmallIntegerField("签收后几分钟内办结须核查", default=5)
    bulk_count = models.PositiveSmallIntegerField(
        "同一人连续办结几件须核查", default=5, validators=[MinValueValidator(2)]
    )
    bulk_minutes = models.PositiveSmallIntegerField("连续是指几分钟内", default=10, validators=[MinValueValidator(1)])
    praised_over = models.PositiveSmallIntegerField("满意率 100% 且评价多于几件须核查", default=50)
    sample_share = models.PositiveSmallIntegerField(
        "区级抽查镇街审核件的比例（%）", default=10, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "督办规则"
        verbose_name_plural = "督办规则"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="supervision_rules_one_row"),
            models.CheckConstraint(condition=Q(sample_share__lte=100), name="supervision_share_percent"),
        )

    def __str__(self) -> str:
        return "督办规则"


class OrderDraft(models.Model):
    """A 督办函 that the clock wrote and a person signs (it becomes `order`) or discards with a reason; once per cause.

    `cause` says why, `period` which clock or round it was about, so that nothing is drafted twice.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="order_drafts")
    cause = models.CharField("起因", max_length=10, choices=c.DraftCause)
    period = models.PositiveIntegerField("轮次", default=1)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="被督办单位")
    problem = models.TextField("存在问题")
    demand = models.TextField("整改要求")
    deadline = models.DateTimeField("回复期限")
    made_at = models.DateTimeField("起草")
    order = models.OneToOneField(
        SupervisionOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", verbose_name="督办"
    )
    discarded_at = models.DateTimeField("不发", null=True, blank=True)
    discard_reason = models.CharField("不发的理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "督办函草稿"
        verbose_name_plural = "督办函草稿"
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("case", "cause", "period"), name="order_draft_once"),
            models.CheckConstraint(
                condition=Q(order__isnull=True) | Q(discarded_at__isnull=True), name="order_draft_one_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_cause_display()}"


class Proposal(models.Model):
    """What the centre proposes against a unit to 政法委 or 联席会议, and what came of it.

    约谈、通报、挂牌 are decided and numbered by the issuer (`issuer`, `issuer_number`); the three suggestion documents of
    信访工作条例 §40 bear a number of the centre and want a written answer whether they are adopted.
    """

    kind = models.CharField("形式", max_length=14, choices=c.ProposalKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="对象单位")
    addressee = models.CharField("报送", max_length=80)
    ground = models.TextField("事由和依据")
    advice = models.TextField("建议")
    cases = models.ManyToManyField(Case, related_name="proposals", blank=True, verbose_name="涉及事项")
    number = models.CharField("建议文号", max_length=40, unique=True)
    area_code = models.CharField("区划", max_length=15)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出")
    decided_at = models.DateTimeField("决定", null=True, blank=True)
    approved = models.BooleanField("采纳", null=True, blank=True)
    issuer = models.CharField("作出机关", max_length=80, blank=True)
    issuer_number = models.CharField("文号", max_length=40, blank=True)
    listed_until = models.DateField("挂牌期限", null=True, blank=True)
    result = models.TextField("结果", blank=True)
    resulted_at = models.DateTimeField("结果登记", null=True, blank=True)
    delisted_on = models.DateField("摘牌", null=True, blank=True)

    class Meta:
        verbose_name = "督办建议"
        verbose_name_plural = "督办建议"
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_at__isnull=False),
                name="proposal_decided_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(delisted_on__isnull=True) | Q(kind="listed", approved=True), name="proposal_delisted_listed"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Closing(models.Model):
    """How a case was reported as done (`resolve`) and checked: facts from its history, for the audit of hollow closings.

    Written in the transaction of its event. What is a reason for a second look is not stored: `cases.supervising.closings`
    reads it from the rules, so that a changed rule holds for earlier closings too.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closings", db_index=False)
    seq = models.PositiveIntegerField("办结记录")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reported_at = models.DateTimeField("办结上报")
    seconds = models.PositiveIntegerField("自签收起（秒）", null=True, blank=True)
    contacts = models.PositiveSmallIntegerField("联系", default=0)
    notes = models.PositiveSmallIntegerField("进展", default=0)
    files = models.PositiveSmallIntegerField("附件", default=0)
    checked_at = models.DateTimeField("审核", null=True, blank=True)
    self_checked = models.BooleanField("审核人经办过", default=False)

    class Meta:
        verbose_name = "办结核查"
        verbose_name_plural = "办结核查"
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="closing_once"),)
        indexes = (models.Index(fields=("reported_by", "reported_at"), name="closing_by_whom"),)

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq}"


class SpotCheck(models.Model):
    """A closing approved by a street that the district looks at again: drawn by a hash, not by anybody (抽查)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spot_checks", db_index=False)
    round = models.PositiveSmallIntegerField("轮次")
    share = models.PositiveSmallIntegerField("抽查比例（%）")
    drawn_at = models.DateTimeField("抽中")
    genuine = models.BooleanField("属实", null=True, blank=True)
    note = models.CharField("核查意见", max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField("核查", null=True, blank=True)

    class Meta:
        verbose_name = "抽查"
        verbose_name_plural = "抽查"
        ordering = ("drawn_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("case", "round"), name="spot_check_once"),
            models.CheckConstraint(
                condition=Q(genuine__isnull=True, checked_at__isnull=True)
                | Q(genuine__isnull=False, checked_at__isnull=False),
                name="spot_check_decided_as_a_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"
