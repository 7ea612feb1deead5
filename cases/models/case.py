"""The matter, the people in it, and what it is about."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit
from cases import choices as c
from cases.querysets import CaseQuerySet
from governance_portal.lib.crypto import SealedJSONField

#: What the figures that depend on the time look at (cases.statistics.kept): they read this index and no row.
OF_RUNNING = (
    *("area_code", "grid_code", "lead_unit", "category", "channel", "level", "kind"),
    *("registered_at", "judged_at", "due_at", "counted", "round", "on_time"),
)


class Category(models.Model):
    """A node of one of the published lists (facts §3.1, §3.3, §3.4).

    `mediable` is false for lists 14 and 15 of the dispute types: those are only routed (facts §3.1 b).
    """

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    tree = models.CharField("所属分类", max_length=20, choices=c.CategoryTree)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    kinds = models.CharField("适用事项", max_length=80, blank=True, help_text="事项大类代码，用空格分开；空为全部。")
    mediable = models.BooleanField("可以调解", default=True)
    pinyin = models.CharField("拼音首字母", max_length=60, blank=True)
    crosswalk = models.CharField("对应代码", max_length=40, blank=True, help_text="GB/T 31000 事件分类的代码。")
    active = models.BooleanField("启用", default=True)
    for_department = models.BooleanField(
        "部门事项", default=False, help_text="部门职责，不得派给镇街、村（社区）；含下级类别。"
    )

    class Meta:
        verbose_name = "事项类别"
        verbose_name_plural = "事项类别"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One matter, from registration to archive.

    The columns from `status` to `version` are a copy of fold(events) and are written by `cases.services.door` only;
    a trigger of the database refuses any other change of status. `due_at` is the resident's date once accepted,
    before that the date of acceptance; `step_due_at` is the nearest date of any clock that runs.
    """

    number = models.CharField("受理编号", max_length=14, unique=True)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField("事项大类", max_length=12, choices=c.Kind)
    procedure = models.CharField("程序", max_length=10, choices=c.Procedure, default=c.Procedure.ORDINARY)
    channel = models.CharField("来源渠道", max_length=10, choices=c.Channel)
    title = models.CharField("标题", max_length=120)
    description = models.TextField("反映事项")
    anonymous = models.BooleanField("匿名", default=False)
    confidential = models.BooleanField("要求保密", default=False)
    willing_to_mediate = models.BooleanField("愿意调解", null=True)
    visitor_count = models.PositiveIntegerField("来访人数", default=1)
    complained_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被投诉单位"
    )
    nature = models.CharField("投诉性质", max_length=10, choices=c.Nature, blank=True)
    address = models.CharField("地点", max_length=200, blank=True)
    lng = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    datum = models.CharField("坐标系", max_length=8, blank=True)
    foreign_source = models.CharField("外部来源", max_length=40, blank=True)
    foreign_number = models.CharField("外部编号", max_length=60, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    privacy_version = models.CharField("告知书版本", max_length=20, blank=True)

    # What follows is fold(events).
    status = models.CharField("办理状态", max_length=12, choices=c.Status)
    outcome = models.CharField("化解结果", max_length=12, choices=c.Outcome, blank=True)
    level = models.CharField("等级", max_length=8, choices=c.Level, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        to_field="code",
        db_column="category_code",
        null=True,
        blank=True,
        related_name="+",
        verbose_name="类别",
    )
    area_code = models.CharField("属地", max_length=15)
    grid_code = models.CharField("网格", max_length=15, blank=True)
    desk_area = models.CharField("受理层级", max_length=15)
    mode = models.CharField("方式", max_length=8, choices=c.Mode, blank=True)
    first_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="首接单位"
    )
    lead_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_cases",
        verbose_name="主办单位",
        db_index=False,  # case_unit_status begins with it
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_cases",
        verbose_name="承办人",
        db_index=False,  # case_handler begins with it
    )
    handled_by = models.JSONField("经办人", default=list)
    nobody_to_ask = models.BooleanField("无人可回访", default=False)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    returns_used = models.PositiveSmallIntegerField("已退回次数", default=0)
    designated = models.BooleanField("不得退回", default=False)
    signed_off = models.BooleanField("已签发", default=False)
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0)
    redo_request = models.CharField("再次重办", max_length=8, choices=c.RedoRequestState, blank=True)
    came_back = models.CharField("因何退回", max_length=12, blank=True, help_text="退回的那一步，继续办理后为空。")
    unreached_days = models.JSONField("未接通的日子", default=list)
    orders_open = models.PositiveSmallIntegerField("未解除的督办", default=0)
    instalments_open = models.PositiveSmallIntegerField("待履行的期数", default=0)
    query_issue = models.PositiveSmallIntegerField("回执次数", default=1)
    master = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_cases", verbose_name="并入"
    )
    status_before_merge = models.CharField(max_length=12, blank=True)
    satisfaction = models.PositiveSmallIntegerField(
        "满意度", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    resolved = models.BooleanField("已解决", null=True, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True, blank=True)
    registered_at = models.DateTimeField("登记时间")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    resolved_at = models.DateTimeField("办结上报时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    import_on_time = models.BooleanField("来源标记按期", null=True, blank=True)
    return_until = models.DateTimeField("可退回至", null=True, blank=True)
    window_until = models.DateTimeField("可恢复或复审至", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=0)
    due_at = models.DateTimeField("时限", null=True, blank=True)
    due_warn_at = models.DateTimeField("预警时间", null=True, blank=True)
    due_tentative = models.BooleanField("暂定", default=False)
    due_running = models.BooleanField("计时中", default=False)
    late = models.BooleanField("已逾期过", default=False)
    counted = models.CharField("统计归属", max_length=6, choices=c.Counted, blank=True)
    judged_at = models.DateTimeField("首轮期限", null=True, blank=True)
    on_time = models.BooleanField("首轮按期", null=True, blank=True)
    handled_seconds = models.PositiveIntegerField("办理秒数", null=True, blank=True)
    over_at = models.DateTimeField("了结时间", null=True, blank=True)
    step_clock = models.CharField("当前时限", max_length=20, choices=c.Clock, blank=True)
    step_due_at = models.DateTimeField("当前时限至", null=True, blank=True)
    step_warn_at = models.DateTimeField("当前预警", null=True, blank=True)
    step_tentative = models.BooleanField("当前时限暂定", default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering = ("-registered_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=c.Status.values), name="case_status_known"),
            models.CheckConstraint(condition=Q(kind__in=c.Kind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="case_satisfaction_range"
            ),
            models.CheckConstraint(condition=Q(returns_used__lte=1), name="case_returned_once_at_most"),
            models.CheckConstraint(
                condition=Q(status=c.Status.MERGED, master__isnull=False)
                | ~Q(status=c.Status.MERGED) & ~Q(status=c.Status.ARCHIVED) & Q(master__isnull=True)
                | Q(status=c.Status.ARCHIVED),
                name="case_merged_has_master",
            ),
            models.CheckConstraint(
                condition=Q(master__isnull=True) | ~Q(master=F("id")), name="case_not_its_own_master"
            ),
            models.UniqueConstraint(
                fields=("foreign_source", "foreign_number"),
                condition=~Q(foreign_number=""),
                name="case_foreign_number_once",
            ),
        )
        indexes = (
            models.Index(fields=("-registered_at", "-id"), name="case_newest"),
            models.Index(fields=("status", "-registered_at", "-id"), name="case_status_newest"),
            models.Index(fields=("lead_unit", "status", "-registered_at", "-id"), name="case_unit_status"),
            models.Index(fields=("area_code", "-registered_at"), name="case_area"),
            models.Index(fields=("handler", "status"), name="case_handler"),
            models.Index(fields=("due_at",), condition=Q(due_running=True), name="case_due_running"),
            models.Index(
                fields=("due_warn_at",), condition=Q(due_running=True), include=OF_RUNNING, name="case_warn_running"
            ),
            models.Index(fields=("status",), condition=Q(satisfaction__lt=3), name="case_unhappy"),
            models.Index(fields=("judged_at",), name="case_judged"),
            models.Index(fields=("counted",), condition=Q(counted="open"), name="case_open"),
            models.Index(fields=("accepted_at",), name="case_accepted"),
            models.Index(fields=("closed_at",), name="case_closed"),
            models.Index(fields=("came_back",), condition=~Q(came_back=""), name="case_sent_back"),
            models.Index(fields=("orders_open",), condition=Q(orders_open__gt=0), name="case_under_orders"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def category_code(self) -> str:
        """Code of the category, "" while none is set (the name fold and the guards use)."""
        return self.category_id or ""

    @category_code.setter
    def category_code(self, code: str) -> None:
        self.category_id = code or None

    @property
    def finder_id(self) -> int | None:
        """Who registered a hazard and so does not verify it (发现人不核查), None for every other kind."""
        return self.registered_by_id if self.kind == c.Kind.HAZARD else None

    @property
    def stage(self) -> str:
        """The stage the status belongs to."""
        return str(c.STAGE_OF[c.Status(self.status)].value)

    @property
    def is_open(self) -> bool:
        """Not declined, closed, merged or archived."""
        return c.Status(self.status) not in c.ENDED


class Assisting(models.Model):
    """A unit that assists now (协办); rows go when the case leaves the unit."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assisting_rows", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "协办单位"
        verbose_name_plural = "协办单位"
        constraints = (models.UniqueConstraint(fields=("case", "unit"), name="assisting_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class Party(models.Model):
    """A person in a case; contact data is sealed and bound to this row, and found by a keyed hash only.

    contact: `{name, phone, id_number, address}`, each a string, "" when not given (PIPL §§6, 51; facts §7.1).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties", db_index=False)
    side = models.CharField("一方", max_length=10, choices=c.PartySide)
    role = models.CharField("身份", max_length=20, choices=c.PartyRole, default=c.PartyRole.PERSON)
    position = models.PositiveSmallIntegerField("序号", default=0)
    contact = SealedJSONField(bound_to="uid")
    phone_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    id_index = models.CharField(max_length=32, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = "当事人"
        verbose_name_plural = "当事人"
        ordering = ("side", "position")
        constraints = (models.UniqueConstraint(fields=("case", "side", "position"), name="party_position_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_side_display()} {self.position}"
