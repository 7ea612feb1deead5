"""The tables of hotlines as the models say them; what stands behind them (triggers, first rows) is in the files that follow."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import CreateModel

import governance_portal.lib.crypto
from governance_portal.lib.migrating import CreateModels

MODELS = [
    CreateModel(
        name="KnownAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("entry", models.UUIDField(default=uuid.uuid4, editable=False)),
            ("number", models.PositiveIntegerField(default=1, editable=False, verbose_name="版次")),
            ("question", models.CharField(max_length=120, verbose_name="问题")),
            ("also", models.CharField(blank=True, max_length=200, verbose_name="别的说法")),
            ("answer", models.TextField(verbose_name="答复")),
            ("source", models.CharField(max_length=200, verbose_name="出处")),
            ("valid_until", models.DateField(verbose_name="有效期至")),
            ("categories", models.CharField(blank=True, max_length=120, verbose_name="类别")),
            ("plain", models.TextField(editable=False)),
            ("letters", models.CharField(blank=True, editable=False, max_length=60)),
            ("withdrawn", models.BooleanField(default=False, verbose_name="停用")),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="改动说明")),
            ("written_at", models.DateTimeField(verbose_name="写定时间")),
            ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="被替换时间")),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="known_answers",
                    to="accounts.unit",
                    verbose_name="负责单位",
                ),
            ),
            (
                "written_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经办人",
                ),
            ),
        ],
        options={
            "verbose_name": "知识库答复",
            "verbose_name_plural": "知识库答复",
            "ordering": ("question", "-number"),
            "constraints": [
                models.UniqueConstraint(fields=("entry", "number"), name="known_answer_version_once"),
                models.UniqueConstraint(
                    condition=models.Q(("superseded_at__isnull", True)),
                    fields=("entry",),
                    name="known_answer_one_in_force",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("superseded_at__isnull", True), ("superseded_at__gte", models.F("written_at")), _connector="OR"
                    ),
                    name="known_answer_superseded_later",
                ),
            ],
        },
    ),
    CreateModel(
        name="CallRecord",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("foreign_id", models.CharField(blank=True, editable=False, max_length=64, verbose_name="话务系统编号")),
            ("extension", models.CharField(blank=True, max_length=20, verbose_name="分机")),
            ("caller", governance_portal.lib.crypto.SealedJSONField()),
            ("phone_index", models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
            ("started_at", models.DateTimeField(verbose_name="来电时间")),
            ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="接起时间")),
            ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="挂断时间")),
            ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
            (
                "result",
                models.CharField(
                    choices=[
                        ("ringing", "通话中"),
                        ("answered", "当场答复"),
                        ("opened", "登记为事项"),
                        ("joined", "补充到已有事项"),
                        ("passed", "转 110、119、120"),
                        ("dropped", "中断"),
                        ("missed", "未接"),
                    ],
                    default="ringing",
                    max_length=10,
                    verbose_name="处理结果",
                ),
            ),
            ("summary", models.TextField(blank=True, verbose_name="通话摘要")),
            ("recording", governance_portal.lib.crypto.SealedJSONField(blank=True, null=True, verbose_name="录音编号")),
            ("passed_to", models.CharField(blank=True, max_length=10, verbose_name="转到")),
            (
                "guide",
                models.CharField(
                    blank=True,
                    choices=[
                        ("self_harm", "说要伤害自己"),
                        ("abuse", "辱骂、威胁"),
                        ("drunk", "醉酒、说不清楚"),
                        ("long", "通话很长"),
                    ],
                    max_length=10,
                    verbose_name="难处理的来电",
                ),
            ),
            ("forgotten_at", models.DateTimeField(blank=True, null=True, verbose_name="号码清除时间")),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="calls",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "operator",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="calls",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="话务员",
                ),
            ),
            (
                "answered_from",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="calls",
                    to="hotlines.knownanswer",
                    verbose_name="答复依据",
                ),
            ),
        ],
        options={
            "verbose_name": "来电记录",
            "verbose_name_plural": "来电记录",
            "ordering": ("-started_at",),
            "indexes": [
                models.Index(fields=["operator", "-settled_at"], name="call_of_operator"),
                models.Index(condition=models.Q(("result", "ringing")), fields=["started_at"], name="call_unsettled"),
                models.Index(
                    condition=models.Q(("forgotten_at__isnull", True)), fields=["started_at"], name="call_remembered"
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("foreign_id", ""), _negated=True), fields=("foreign_id",), name="call_told_once"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                    ),
                    name="call_ends_after_it_begins",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("case__isnull", False), ("result__in", ("opened", "joined"))),
                        ("result", "answered"),
                        models.Q(
                            models.Q(("result__in", ("opened", "joined", "answered")), _negated=True),
                            ("case__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="call_has_its_case",
                ),
            ],
        },
    ),
    CreateModel(
        name="CallerLookUp",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="话务员",
                ),
            ),
            (
                "call",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="look_ups",
                    to="hotlines.callrecord",
                    verbose_name="来电",
                ),
            ),
        ],
        options={
            "verbose_name": "查看来电人",
            "verbose_name_plural": "查看来电人",
            "ordering": ("at", "pk"),
            "constraints": [models.UniqueConstraint(fields=("call", "by"), name="caller_looked_up_once")],
        },
    ),
    CreateModel(
        name="OperatorExtension",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("extension", models.CharField(max_length=20, unique=True, verbose_name="分机")),
            ("since", models.DateTimeField(verbose_name="起")),
            (
                "operator",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="extension",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="话务员",
                ),
            ),
        ],
        options={
            "verbose_name": "话务员分机",
            "verbose_name_plural": "话务员分机",
            "ordering": ("extension",),
        },
    ),
    CreateModel(
        name="TelephonyEvent",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("event_id", models.CharField(max_length=64, unique=True, verbose_name="事件号")),
            (
                "kind",
                models.CharField(
                    choices=[("ringing", "来电"), ("answered", "接起"), ("hung_up", "挂断")],
                    max_length=10,
                    verbose_name="种类",
                ),
            ),
            ("at", models.DateTimeField(verbose_name="发生时间")),
            ("received_at", models.DateTimeField(verbose_name="收到时间")),
            (
                "call",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="events",
                    to="hotlines.callrecord",
                    verbose_name="来电",
                ),
            ),
        ],
        options={
            "verbose_name": "话务事件",
            "verbose_name_plural": "话务事件",
            "ordering": ("received_at", "pk"),
        },
    ),
    CreateModel(
        name="CallBack",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            (
                "why",
                models.CharField(
                    choices=[("missed", "未接来电"), ("promised", "答应回电")], max_length=10, verbose_name="缘由"
                ),
            ),
            ("caller", governance_portal.lib.crypto.SealedJSONField()),
            ("phone_index", models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
            ("about", models.CharField(blank=True, max_length=200, verbose_name="说什么")),
            ("missed", models.PositiveIntegerField(default=0, verbose_name="未接次数")),
            ("created_at", models.DateTimeField(verbose_name="记下时间")),
            ("due_at", models.DateTimeField(verbose_name="应回时间")),
            (
                "state",
                models.CharField(
                    choices=[("owed", "待回电"), ("done", "已回电"), ("given_up", "不再回电")],
                    default="owed",
                    max_length=10,
                    verbose_name="状态",
                ),
            ),
            ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
            ("reason", models.CharField(blank=True, max_length=200, verbose_name="了结说明")),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="call_backs",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "operator",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="call_backs",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="话务员",
                ),
            ),
            (
                "call",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="call_backs",
                    to="hotlines.callrecord",
                    verbose_name="来电",
                ),
            ),
        ],
        options={
            "verbose_name": "回电",
            "verbose_name_plural": "回电",
            "ordering": ("due_at", "pk"),
            "indexes": [models.Index(condition=models.Q(("state", "owed")), fields=["due_at"], name="call_back_owed")],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(
                        ("state", "owed"), ("why", "missed"), models.Q(("phone_index", ""), _negated=True)
                    ),
                    fields=("phone_index",),
                    name="call_back_once_a_number",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at__isnull", True), ("state", "owed")),
                        models.Q(models.Q(("state", "owed"), _negated=True), ("ended_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="call_back_ends_when_it_ends",
                ),
                models.CheckConstraint(
                    condition=models.Q(("reason", ""), ("state", "given_up"), _negated=True),
                    name="call_back_given_up_with_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ended_at__isnull", True), ("ended_at__gte", models.F("created_at")), _connector="OR"
                    ),
                    name="call_back_ends_later",
                ),
            ],
        },
    ),
    CreateModel(
        name="CallBackAttempt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "result",
                models.CharField(
                    choices=[("reached", "接通"), ("no_answer", "无人接听"), ("busy", "占线"), ("wrong", "号码不对")],
                    max_length=10,
                    verbose_name="结果",
                ),
            ),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="说了什么")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="话务员",
                ),
            ),
            (
                "call_back",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="attempts",
                    to="hotlines.callback",
                    verbose_name="回电",
                ),
            ),
        ],
        options={
            "verbose_name": "回电尝试",
            "verbose_name_plural": "回电尝试",
            "ordering": ("at", "pk"),
        },
    ),
    CreateModel(
        name="Line",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
            ("name", models.CharField(max_length=60, verbose_name="名称")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("order", "12345 工单"),
                        ("court", "诉调对接"),
                        ("police", "警调对接"),
                        ("petition", "访调对接"),
                        ("other", "其他系统"),
                    ],
                    max_length=10,
                    verbose_name="类型",
                ),
            ),
            (
                "adapter",
                models.CharField(
                    choices=[("http", "接口"), ("file", "文件夹交换"), ("none", "人工传递")],
                    default="none",
                    max_length=6,
                    verbose_name="方式",
                ),
            ),
            ("address", models.CharField(blank=True, max_length=200, verbose_name="地址或文件夹")),
            ("secret", governance_portal.lib.crypto.SealedJSONField(verbose_name="密钥")),
            (
                "channel",
                models.CharField(
                    choices=[
                        ("window", "窗口来访"),
                        ("grid", "网格上报"),
                        ("web", "网上提交"),
                        ("hotline", "12345 热线"),
                        ("police", "110 移交"),
                        ("court", "法院委派"),
                        ("petition", "信访转送"),
                        ("department", "部门移交"),
                        ("leader", "领导交办"),
                        ("other", "其他渠道"),
                    ],
                    max_length=10,
                    verbose_name="来源渠道",
                ),
            ),
            (
                "procedure",
                models.CharField(
                    blank=True,
                    choices=[
                        ("ordinary", "一般"),
                        ("petition", "信访"),
                        ("mediation", "调解"),
                        ("review", "信访复查"),
                        ("recheck", "信访复核"),
                    ],
                    max_length=10,
                    verbose_name="程序",
                ),
            ),
            ("receipt_hours", models.PositiveSmallIntegerField(default=24, verbose_name="几小时内应有回执")),
            ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ("cursor", models.CharField(blank=True, editable=False, max_length=120)),
            ("fetched_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次收取")),
            ("spoken_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次送达")),
            ("failed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次失败")),
            ("trouble", models.CharField(blank=True, editable=False, max_length=120, verbose_name="上次失败的原因")),
        ],
        options={
            "verbose_name": "对接系统",
            "verbose_name_plural": "对接系统",
            "ordering": ("code",),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["order", "court", "police", "petition", "other"])),
                    name="line_kind_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("adapter__in", ["http", "file", "none"])), name="line_adapter_known"
                ),
            ],
        },
    ),
    CreateModel(
        name="Link",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("foreign_number", models.CharField(blank=True, max_length=60, verbose_name="对方编号")),
            (
                "direction",
                models.CharField(
                    choices=[("in", "转入"), ("out", "转出")], default="in", max_length=3, verbose_name="方向"
                ),
            ),
            ("received_at", models.DateTimeField(verbose_name="转入或转出时间")),
            ("their_due_at", models.DateTimeField(blank=True, null=True, verbose_name="对方时限")),
            ("cause", models.CharField(blank=True, editable=False, max_length=40)),
            ("papers", governance_portal.lib.crypto.SealedJSONField()),
            ("fingerprint", models.CharField(blank=True, editable=False, max_length=32)),
            ("version", models.PositiveIntegerField(default=1, verbose_name="内容版本")),
            ("heard", models.PositiveIntegerField(default=0, editable=False)),
            ("place_index", models.CharField(blank=True, editable=False, max_length=32)),
            ("receipt_at", models.DateTimeField(blank=True, null=True, verbose_name="对方回执")),
            ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="已告知或收到结果")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="links",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "line",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="links",
                    to="hotlines.line",
                    verbose_name="对接系统",
                ),
            ),
        ],
        options={
            "verbose_name": "对接事项",
            "verbose_name_plural": "对接事项",
            "ordering": ("-received_at", "-id"),
            "indexes": [
                models.Index(
                    condition=models.Q(("place_index", ""), _negated=True),
                    fields=["place_index", "received_at"],
                    name="link_place",
                ),
                models.Index(
                    condition=models.Q(("direction", "out"), ("receipt_at__isnull", True)),
                    fields=["received_at"],
                    name="link_unheard",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("foreign_number", ""), _negated=True),
                    fields=("line", "foreign_number"),
                    name="link_number_once",
                ),
                models.UniqueConstraint(fields=("line", "case", "direction", "cause"), name="link_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("direction", "out"), models.Q(("foreign_number", ""), _negated=True), _connector="OR"
                    ),
                    name="link_in_has_its_number",
                ),
            ],
        },
    ),
    CreateModel(
        name="LinkMessage",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("seq", models.PositiveIntegerField(verbose_name="序号")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("receipt", "接收回执"),
                        ("progress", "办理进展"),
                        ("returned", "不予受理、退回"),
                        ("extension", "延期"),
                        ("result", "办理结果"),
                        ("supplement", "补充说明"),
                        ("refused", "材料未能接收"),
                        ("transfer", "移送"),
                    ],
                    max_length=12,
                    verbose_name="内容",
                ),
            ),
            ("cause", models.CharField(editable=False, max_length=40)),
            ("payload", governance_portal.lib.crypto.SealedJSONField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "待发送"),
                        ("sending", "正在发送"),
                        ("failed", "未送达，将重试"),
                        ("sent", "已送达"),
                        ("refused", "对方拒收"),
                        ("given_up", "多次未送达"),
                    ],
                    default="waiting",
                    max_length=10,
                    verbose_name="状态",
                ),
            ),
            ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
            ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
            ("claimed_until", models.DateTimeField(blank=True, null=True)),
            ("answer", models.CharField(blank=True, max_length=120, verbose_name="结果")),
            ("receipt", models.CharField(blank=True, max_length=60, verbose_name="对方回执号")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
            (
                "link",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="messages",
                    to="hotlines.link",
                    verbose_name="对接事项",
                ),
            ),
        ],
        options={
            "verbose_name": "对接消息",
            "verbose_name_plural": "对接消息",
            "ordering": ("link", "seq"),
            "indexes": [
                models.Index(
                    condition=models.Q(("state__in", ("waiting", "sending", "failed"))),
                    fields=["next_attempt_at"],
                    name="link_message_due",
                ),
                models.Index(
                    condition=models.Q(("state__in", ("refused", "given_up"))),
                    fields=["-id"],
                    name="link_message_stuck",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("link", "seq"), name="link_message_order"),
                models.UniqueConstraint(fields=("link", "cause"), name="link_message_once"),
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["waiting", "sending", "failed", "sent", "refused", "given_up"])),
                    name="link_message_state_known",
                ),
            ],
        },
    ),
    CreateModel(
        name="Open311Client",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=60, unique=True, verbose_name="应用名称")),
            (
                "holder",
                models.CharField(
                    help_text="单位和联系人；对外提供的依据写在备注里。", max_length=80, verbose_name="使用单位"
                ),
            ),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
            ("digest", models.CharField(editable=False, max_length=64, unique=True)),
            ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ("created_at", models.DateTimeField(editable=False, verbose_name="开通时间")),
        ],
        options={
            "verbose_name": "Open311 应用",
            "verbose_name_plural": "Open311 应用",
            "ordering": ("name",),
        },
    ),
    CreateModel(
        name="Open311Service",
        fields=[
            (
                "category",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    serialize=False,
                    to="cases.category",
                    to_field="code",
                    verbose_name="类别",
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[("appeal", "民生诉求"), ("hazard", "安全隐患")],
                    default="appeal",
                    max_length=12,
                    verbose_name="登记为",
                ),
            ),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            (
                "keywords",
                models.CharField(blank=True, help_text="用英文逗号分开。", max_length=200, verbose_name="关键词"),
            ),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
            ("offered", models.BooleanField(default=True, verbose_name="对外开放")),
        ],
        options={
            "verbose_name": "Open311 服务",
            "verbose_name_plural": "Open311 服务",
            "ordering": ("position", "category"),
        },
    ),
    CreateModel(
        name="Open311Attribute",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.SlugField(max_length=30, verbose_name="代码")),
            (
                "variable",
                models.BooleanField(
                    default=True, help_text="不勾选时只是一句告知，不用回答。", verbose_name="需要回答"
                ),
            ),
            (
                "datatype",
                models.CharField(
                    choices=[
                        ("string", "一行文字"),
                        ("number", "数字"),
                        ("datetime", "日期时间"),
                        ("text", "多行文字"),
                        ("singlevaluelist", "单选"),
                        ("multivaluelist", "多选"),
                    ],
                    default="string",
                    max_length=15,
                    verbose_name="类型",
                ),
            ),
            ("required", models.BooleanField(default=False, verbose_name="必答")),
            ("description", models.CharField(max_length=120, verbose_name="问题")),
            ("hint", models.CharField(blank=True, max_length=120, verbose_name="怎么填")),
            ("choices", models.TextField(blank=True, help_text="每行一个：代码=文字。", verbose_name="选项")),
            ("position", models.PositiveSmallIntegerField(default=1, verbose_name="次序")),
            (
                "service",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="attributes",
                    to="hotlines.open311service",
                    verbose_name="服务",
                ),
            ),
        ],
        options={
            "verbose_name": "Open311 问题",
            "verbose_name_plural": "Open311 问题",
            "ordering": ("service", "position", "id"),
            "constraints": [models.UniqueConstraint(fields=("service", "code"), name="open311_attribute_once")],
        },
    ),
    CreateModel(
        name="Open311Post",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("media_url", models.URLField(blank=True, max_length=500, verbose_name="图片地址")),
            ("posted_at", models.DateTimeField(editable=False, verbose_name="提交时间")),
            (
                "case",
                models.OneToOneField(
                    editable=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="open311",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "client",
                models.ForeignKey(
                    editable=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="posts",
                    to="hotlines.open311client",
                    verbose_name="应用",
                ),
            ),
            (
                "service",
                models.ForeignKey(
                    editable=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="posts",
                    to="hotlines.open311service",
                    verbose_name="服务",
                ),
            ),
        ],
        options={
            "verbose_name": "Open311 上报",
            "verbose_name_plural": "Open311 上报",
            "ordering": ("-posted_at", "-id"),
            "indexes": [models.Index(fields=["-posted_at", "-id"], name="open311_newest")],
        },
    ),
    CreateModel(
        name="OrderMapping",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("version", models.PositiveIntegerField(verbose_name="版本")),
            ("columns", models.JSONField(default=dict, verbose_name="列")),
            ("natures", models.JSONField(default=dict, verbose_name="性质")),
            ("categories", models.JSONField(default=dict, verbose_name="类别")),
            ("author_name", models.CharField(max_length=60, verbose_name="保存人")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="保存时间")),
            (
                "author",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "line",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="mappings",
                    to="hotlines.line",
                    verbose_name="对接系统",
                ),
            ),
        ],
        options={
            "verbose_name": "工单列名对照",
            "verbose_name_plural": "工单列名对照",
            "ordering": ("line", "-version"),
            "constraints": [models.UniqueConstraint(fields=("line", "version"), name="order_mapping_once")],
        },
    ),
    CreateModel(
        name="OrderBatch",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            (
                "source",
                models.CharField(
                    choices=[("file", "表格"), ("pull", "接口收取")], default="file", max_length=4, verbose_name="来源"
                ),
            ),
            ("file_name", models.CharField(blank=True, max_length=120, verbose_name="文件")),
            ("header", models.JSONField(default=list, verbose_name="表头")),
            (
                "state",
                models.CharField(
                    choices=[("draft", "待确认"), ("waiting", "排队中"), ("running", "正在导入"), ("done", "已导入")],
                    default="draft",
                    max_length=8,
                    verbose_name="进度",
                ),
            ),
            ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
            ("new", models.PositiveIntegerField(default=0, verbose_name="新登记")),
            ("known", models.PositiveIntegerField(default=0, verbose_name="已有")),
            ("changed", models.PositiveIntegerField(default=0, verbose_name="内容有变")),
            ("author_name", models.CharField(blank=True, max_length=60, verbose_name="导入人")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
            ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
            ("leased_until", models.DateTimeField(blank=True, null=True)),
            ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
            (
                "author",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "line",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="batches",
                    to="hotlines.line",
                    verbose_name="对接系统",
                ),
            ),
            (
                "mapping",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="hotlines.ordermapping",
                ),
            ),
        ],
        options={
            "verbose_name": "工单导入",
            "verbose_name_plural": "工单导入",
            "ordering": ("-pk",),
            "indexes": [
                models.Index(
                    condition=models.Q(("state__in", ("waiting", "running"))), fields=["id"], name="batch_waits"
                )
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "total__gte",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("new"), "+", models.F("known")
                                ),
                                "+",
                                models.F("changed"),
                            ),
                        )
                    ),
                    name="batch_adds_up",
                ),
                models.CheckConstraint(
                    condition=models.Q(("state", "draft"), ("confirmed_at__isnull", False), _connector="OR"),
                    name="batch_begins_confirmed",
                ),
            ],
        },
    ),
    CreateModel(
        name="OrderRow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("line_no", models.PositiveIntegerField(verbose_name="行")),
            ("cells", governance_portal.lib.crypto.SealedJSONField()),
            (
                "state",
                models.CharField(
                    choices=[("waiting", "待导入"), ("refused", "待修正"), ("dismissed", "已作废")],
                    default="waiting",
                    max_length=9,
                    verbose_name="状态",
                ),
            ),
            ("errors", models.JSONField(default=dict, verbose_name="原因")),
            ("reason", models.CharField(blank=True, max_length=200, verbose_name="作废理由")),
            ("decided_by", models.CharField(blank=True, max_length=60, verbose_name="处理人")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
            (
                "batch",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="hotlines.orderbatch"
                ),
            ),
        ],
        options={
            "verbose_name": "待导入工单",
            "verbose_name_plural": "待导入工单",
            "ordering": ("batch", "line_no"),
            "indexes": [models.Index(fields=["state", "id"], name="order_row_state")],
            "constraints": [
                models.UniqueConstraint(fields=("batch", "line_no"), name="order_row_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "dismissed"), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="order_dismissed_with_reason",
                ),
            ],
        },
    ),
    CreateModel(
        name="Subscriber",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
            ("address", models.URLField(help_text="https 地址；主机须在允许外发的名单里。", verbose_name="地址")),
            ("events", models.JSONField(blank=True, default=list, verbose_name="推送内容")),
            (
                "area_code",
                models.CharField(help_text="只推送这个行政区划之内的事项。", max_length=15, verbose_name="属地"),
            ),
            ("secrets", governance_portal.lib.crypto.SealedJSONField(verbose_name="密钥")),
            ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            (
                "created_at",
                models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="开通时间"),
            ),
            ("settled_event", models.BigIntegerField(default=0, editable=False)),
            ("settled_reminder", models.BigIntegerField(default=0, editable=False)),
            ("seen_event", models.BigIntegerField(default=0, editable=False)),
            ("seen_reminder", models.BigIntegerField(default=0, editable=False)),
            ("seen_at", models.DateTimeField(blank=True, editable=False, null=True)),
        ],
        options={
            "verbose_name": "推送对象",
            "verbose_name_plural": "推送对象",
            "ordering": ("name",),
        },
    ),
    CreateModel(
        name="OutwardMessage",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("kind", models.CharField(max_length=20, verbose_name="内容")),
            ("cause", models.CharField(editable=False, max_length=40)),
            ("case_number", models.CharField(max_length=14, verbose_name="受理编号")),
            ("payload", models.JSONField(default=dict, editable=False)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "待发送"),
                        ("sending", "正在发送"),
                        ("failed", "未送达，将重试"),
                        ("sent", "已送达"),
                        ("refused", "对方拒收"),
                        ("given_up", "多次未送达"),
                    ],
                    default="waiting",
                    max_length=10,
                    verbose_name="状态",
                ),
            ),
            ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
            ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
            ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
            ("answer", models.CharField(blank=True, max_length=120, verbose_name="结果")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
            (
                "subscriber",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="messages",
                    to="hotlines.subscriber",
                    verbose_name="推送对象",
                ),
            ),
        ],
        options={
            "verbose_name": "推送记录",
            "verbose_name_plural": "推送记录",
            "ordering": ("-id",),
            "indexes": [
                models.Index(
                    condition=models.Q(("state__in", ("waiting", "sending", "failed"))),
                    fields=["next_attempt_at"],
                    name="outward_message_due",
                ),
                models.Index(
                    condition=models.Q(("state__in", ("refused", "given_up"))),
                    fields=["-id"],
                    name="outward_message_stuck",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("subscriber", "cause"), name="outward_message_once"),
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["waiting", "sending", "failed", "sent", "refused", "given_up"])),
                    name="outward_message_state_known",
                ),
            ],
        },
    ),
    CreateModel(
        name="Provision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("case_number", models.CharField(db_index=True, max_length=14, verbose_name="受理编号")),
            ("area_code", models.CharField(max_length=15, verbose_name="属地")),
            ("receiver", models.CharField(max_length=80, verbose_name="接收方")),
            ("fields", models.JSONField(verbose_name="提供的字段")),
            ("purpose", models.CharField(max_length=120, verbose_name="目的")),
            ("basis", models.CharField(max_length=120, verbose_name="依据")),
            (
                "way",
                models.CharField(
                    choices=[
                        ("link", "系统对接"),
                        ("export", "导出文件"),
                        ("letter", "书面材料"),
                        ("oral", "电话、当面"),
                    ],
                    max_length=10,
                    verbose_name="方式",
                ),
            ),
            ("cause", models.CharField(editable=False, max_length=80, unique=True)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经办人",
                ),
            ),
        ],
        options={
            "verbose_name": "个人信息提供记录",
            "verbose_name_plural": "个人信息提供记录",
            "ordering": ("-at", "-id"),
            "indexes": [models.Index(fields=["-at", "-id"], name="provision_newest")],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("hotlines", "0001_initial"),
        ("hotlines", "0002_desk"),
        ("hotlines", "0003_links"),
        ("hotlines", "0004_orders"),
        ("hotlines", "0006_outward"),
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("cases", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [CreateModels(MODELS)]
