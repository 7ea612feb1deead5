"""The tables of accounts as the models say them; what stands behind them (triggers, first rows) is in the files that follow."""

import datetime
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import CreateModel

import governance_portal.lib.crypto
from governance_portal.lib.migrating import CreateModels

MODELS = [
    CreateModel(
        name="User",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("password", models.CharField(max_length=128, verbose_name="password")),
            ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
            (
                "username",
                models.CharField(
                    error_messages={"unique": "这个登录名已有人使用。"},
                    max_length=64,
                    unique=True,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[A-Za-z0-9_.@-]+\\Z", "登录名只能用字母、数字和 _ . @ -。"
                        )
                    ],
                    verbose_name="登录名",
                ),
            ),
            ("name", models.CharField(max_length=40, verbose_name="姓名")),
            ("phone", models.CharField(blank=True, max_length=30, verbose_name="工作电话")),
            ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ("is_service", models.BooleanField(default=False, editable=False, verbose_name="服务账号")),
            ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须改密码")),
            (
                "password_changed_at",
                models.DateTimeField(blank=True, editable=False, null=True, verbose_name="密码修改时间"),
            ),
            ("last_seen", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="最近活动")),
            (
                "date_joined",
                models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="建立时间"),
            ),
        ],
        options={
            "verbose_name": "人员",
            "verbose_name_plural": "人员",
            "ordering": ["username"],
        },
    ),
    CreateModel(
        name="AuthToken",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("digest", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
            ("device", models.CharField(blank=True, max_length=80, verbose_name="设备")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="签发时间")),
            ("expires_at", models.DateTimeField(verbose_name="到期时间")),
            ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="注销时间")),
            ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="最近使用")),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="tokens",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
        ],
        options={
            "verbose_name": "设备令牌",
            "verbose_name_plural": "设备令牌",
            "ordering": ["-id"],
            "indexes": [models.Index(fields=["user", "device"], name="token_user_device")],
        },
    ),
    CreateModel(
        name="PasswordRecord",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("encoded", models.CharField(max_length=128, verbose_name="密码摘要")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="password_records",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
        ],
        options={
            "verbose_name": "历史密码",
            "verbose_name_plural": "历史密码",
            "ordering": ["-id"],
        },
    ),
    CreateModel(
        name="RateWindow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("scope", models.CharField(max_length=40, verbose_name="范围")),
            ("bucket", models.CharField(max_length=64, verbose_name="键")),
            ("started_ms", models.BigIntegerField(verbose_name="起点")),
            ("expires_ms", models.BigIntegerField(db_index=True, verbose_name="到期")),
            ("hits", models.BigIntegerField(verbose_name="次数")),
        ],
        options={
            "verbose_name": "频次窗口",
            "verbose_name_plural": "频次窗口",
            "constraints": [models.UniqueConstraint(fields=("scope", "bucket"), name="rate_window_once")],
        },
    ),
    CreateModel(
        name="NoticeSetting",
        fields=[
            (
                "user",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="notice_setting",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
            ("email", models.EmailField(blank=True, max_length=254, verbose_name="接收邮箱")),
            (
                "mobile",
                models.CharField(
                    blank=True,
                    max_length=11,
                    validators=[django.core.validators.RegexValidator("^1[3-9][0-9]{9}$", "手机号应为 11 位数字。")],
                    verbose_name="接收短信的手机号",
                ),
            ),
            ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="免打扰开始")),
            ("quiet_to", models.TimeField(blank=True, null=True, verbose_name="免打扰结束")),
            ("digest_at", models.TimeField(default=datetime.time(8, 30), verbose_name="汇总发送时间")),
            ("kinds", models.JSONField(default=dict, verbose_name="各类通知")),
        ],
        options={
            "verbose_name": "通知设置",
            "verbose_name_plural": "通知设置",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                        models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                        _connector="OR",
                    ),
                    name="quiet_hours_have_both_ends",
                )
            ],
        },
    ),
    CreateModel(
        name="Unit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.CharField(max_length=32, unique=True, verbose_name="单位代码")),
            ("name", models.CharField(max_length=80, verbose_name="名称")),
            ("short_name", models.CharField(blank=True, max_length=30, verbose_name="简称")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("leadership", "党委政府、政法委"),
                        ("centre", "综治中心"),
                        ("department", "职能部门"),
                        ("street", "乡镇、街道"),
                        ("community", "村、社区"),
                        ("committee", "调委会"),
                        ("court", "法院"),
                        ("police", "公安"),
                        ("petition", "信访"),
                        ("discipline", "纪检监察"),
                        ("partner", "合作单位"),
                    ],
                    max_length=12,
                    verbose_name="类别",
                ),
            ),
            (
                "area_code",
                models.CharField(
                    blank=True,
                    max_length=15,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[0-9]{6}([0-9]{3}){0,3}$", "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"
                        )
                    ],
                    verbose_name="所属区划",
                ),
            ),
            ("path", models.CharField(db_index=True, default="", editable=False, max_length=120, verbose_name="路径")),
            ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
            ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
            ("office_hours", models.CharField(blank=True, max_length=80, verbose_name="办公时间")),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
            (
                "parent",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="children",
                    to="accounts.unit",
                    verbose_name="上级单位",
                ),
            ),
        ],
        options={
            "verbose_name": "单位",
            "verbose_name_plural": "单位",
            "ordering": ["code"],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("area_code", ""), ("area_code__regex", "^[0-9]{6}([0-9]{3}){0,3}$"), _connector="OR"
                    ),
                    name="unit_area_code_is_a_prefix",
                    violation_error_message="区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                    ),
                    name="unit_is_not_its_own_parent",
                    violation_error_message="上级单位不能是本单位。",
                ),
            ],
        },
    ),
    CreateModel(
        name="GroupChannel",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("name", models.CharField(max_length=40, verbose_name="名称")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("wecom", "企业微信群机器人"),
                        ("dingtalk", "钉钉群机器人"),
                        ("feishu", "飞书群机器人"),
                        ("webhook", "接口推送（签名）"),
                    ],
                    max_length=10,
                    verbose_name="类型",
                ),
            ),
            ("sealed", governance_portal.lib.crypto.SealedJSONField(verbose_name="地址和密钥")),
            ("kinds", models.CharField(blank=True, max_length=120, verbose_name="发哪几类通知")),
            (
                "area_code",
                models.CharField(
                    blank=True,
                    max_length=15,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[0-9]{6}([0-9]{3}){0,3}$", "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"
                        )
                    ],
                    verbose_name="区划",
                ),
            ),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
            (
                "unit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    to="accounts.unit",
                    verbose_name="单位",
                ),
            ),
        ],
        options={
            "verbose_name": "群机器人",
            "verbose_name_plural": "群机器人",
            "ordering": ["name"],
        },
    ),
    CreateModel(
        name="Notice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.CharField(max_length=120, verbose_name="键")),
            ("title", models.CharField(max_length=120, verbose_name="标题")),
            ("body", models.TextField(blank=True, verbose_name="内容")),
            ("case_number", models.CharField(blank=True, max_length=20, verbose_name="受理编号")),
            ("kind", models.CharField(default="case", max_length=20, verbose_name="类别")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="已读时间")),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="notices",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
        ],
        options={
            "verbose_name": "通知",
            "verbose_name_plural": "通知",
            "ordering": ["-id"],
            "indexes": [
                models.Index(fields=["user", "-id"], name="notice_inbox"),
                models.Index(condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notice_unread"),
            ],
            "constraints": [models.UniqueConstraint(fields=("user", "key"), name="notice_once")],
        },
    ),
    CreateModel(
        name="Delivery",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
            ("key", models.CharField(max_length=160, unique=True, verbose_name="键")),
            (
                "channel",
                models.CharField(
                    choices=[
                        ("email", "邮件"),
                        ("sms", "短信"),
                        ("wecom", "企业微信群"),
                        ("dingtalk", "钉钉群"),
                        ("feishu", "飞书群"),
                        ("webhook", "接口推送"),
                    ],
                    max_length=10,
                    verbose_name="方式",
                ),
            ),
            ("kind", models.CharField(max_length=20, verbose_name="类别")),
            ("case_number", models.CharField(blank=True, max_length=20, verbose_name="受理编号")),
            ("text", models.CharField(max_length=300, verbose_name="内容")),
            ("urgent", models.BooleanField(default=False, verbose_name="紧急")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "等待发送"),
                        ("sending", "正在发送"),
                        ("sent", "已送达"),
                        ("failed", "未送达，将重试"),
                        ("given_up", "多次未送达，已停止"),
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
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
            (
                "user",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="deliveries",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
            (
                "group",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="deliveries",
                    to="accounts.groupchannel",
                    verbose_name="群",
                ),
            ),
            (
                "notice",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="deliveries",
                    to="accounts.notice",
                ),
            ),
        ],
        options={
            "verbose_name": "发送记录",
            "verbose_name_plural": "发送记录",
            "ordering": ["-id"],
            "indexes": [
                models.Index(
                    condition=models.Q(("state__in", ("waiting", "failed", "sending"))),
                    fields=["next_attempt_at"],
                    name="delivery_due",
                ),
                models.Index(condition=models.Q(("state", "given_up")), fields=["-id"], name="delivery_given_up"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("group__isnull", True), ("user__isnull", False)),
                        models.Q(("group__isnull", False), ("user__isnull", True)),
                        _connector="OR",
                    ),
                    name="delivery_to_a_person_or_a_group",
                ),
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["waiting", "sending", "sent", "failed", "given_up"])),
                    name="delivery_state_known",
                ),
            ],
        },
    ),
    CreateModel(
        name="DigestEntry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "channel",
                models.CharField(
                    choices=[
                        ("email", "邮件"),
                        ("sms", "短信"),
                        ("wecom", "企业微信群"),
                        ("dingtalk", "钉钉群"),
                        ("feishu", "飞书群"),
                        ("webhook", "接口推送"),
                    ],
                    max_length=10,
                    verbose_name="方式",
                ),
            ),
            ("due_at", models.DateTimeField(verbose_name="汇总时间")),
            ("gathered_at", models.DateTimeField(blank=True, null=True)),
            (
                "delivery",
                models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="entries",
                    to="accounts.delivery",
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "notice",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.notice"
                ),
            ),
        ],
        options={
            "verbose_name": "待汇总通知",
            "verbose_name_plural": "待汇总通知",
            "indexes": [
                models.Index(
                    condition=models.Q(("gathered_at__isnull", True)), fields=["due_at"], name="digest_entry_due"
                )
            ],
            "constraints": [models.UniqueConstraint(fields=("notice", "channel"), name="digest_entry_once")],
        },
    ),
    CreateModel(
        name="AuditEntry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("username", models.CharField(blank=True, max_length=64, verbose_name="登录名")),
            ("action", models.CharField(max_length=40, verbose_name="事项")),
            ("target", models.CharField(blank=True, max_length=200, verbose_name="对象")),
            ("ok", models.BooleanField(default=True, verbose_name="成功")),
            ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
            ("detail", models.JSONField(default=dict, verbose_name="详情")),
            ("address", models.CharField(blank=True, max_length=45, verbose_name="来源地址")),
            ("agent", models.CharField(blank=True, max_length=200, verbose_name="浏览器")),
            ("digest", models.CharField(max_length=64, verbose_name="校验值")),
            (
                "user",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
        ],
        options={
            "verbose_name": "审计记录",
            "verbose_name_plural": "审计记录",
            "ordering": ["-id"],
            "indexes": [
                models.Index(fields=["at"], name="audit_at"),
                models.Index(fields=["user", "at"], name="audit_user_at"),
                models.Index(fields=["action", "at"], name="audit_action_at"),
                models.Index(fields=["target"], name="audit_target"),
            ],
        },
    ),
    CreateModel(
        name="AuditSeal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ("first_id", models.BigIntegerField(verbose_name="起")),
            ("last_id", models.BigIntegerField(unique=True, verbose_name="止")),
            ("entries", models.BigIntegerField(verbose_name="条数")),
            ("previous", models.CharField(max_length=64, unique=True, verbose_name="上一封印")),
            ("root", models.CharField(max_length=64, verbose_name="封印")),
        ],
        options={
            "verbose_name": "审计封印",
            "verbose_name_plural": "审计封印",
            "ordering": ["id"],
        },
    ),
    CreateModel(
        name="Post",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("clerk", "窗口受理员"),
                        ("operator", "话务员"),
                        ("dispatcher", "分流员"),
                        ("handler", "承办人"),
                        ("mediator", "调解员"),
                        ("supervisor", "督办员"),
                        ("follow_up_officer", "回访员"),
                        ("leader", "领导"),
                        ("grid_worker", "网格员"),
                        ("volunteer", "志愿者"),
                        ("system_admin", "系统管理员"),
                        ("security_admin", "安全管理员"),
                        ("auditor", "审计员"),
                    ],
                    max_length=20,
                    verbose_name="角色",
                ),
            ),
            (
                "area_code",
                models.CharField(
                    max_length=15,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[0-9]{6}([0-9]{3}){0,3}$", "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"
                        )
                    ],
                    verbose_name="负责区划",
                ),
            ),
            ("lead", models.BooleanField(default=False, verbose_name="单位负责人")),
            ("starts_on", models.DateField(verbose_name="任职开始")),
            ("ends_on", models.DateField(blank=True, null=True, verbose_name="任职结束")),
            ("note", models.CharField(blank=True, max_length=120, verbose_name="备注")),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="posts",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="posts",
                    to="accounts.unit",
                    verbose_name="单位",
                ),
            ),
        ],
        options={
            "verbose_name": "岗位",
            "verbose_name_plural": "岗位",
            "ordering": ["user_id", "starts_on", "id"],
            "indexes": [
                models.Index(fields=["user", "starts_on"], name="post_user_starts"),
                models.Index(fields=["role", "area_code"], name="post_role_area"),
                models.Index(fields=["unit", "role"], name="post_unit_role"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                    ),
                    name="post_ends_after_it_starts",
                    violation_error_message="结束日期不能早于开始日期。",
                ),
                models.CheckConstraint(
                    condition=models.Q(("area_code__regex", "^[0-9]{6}([0-9]{3}){0,3}$")),
                    name="post_area_code_is_a_prefix",
                    violation_error_message="区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "role__in",
                            [
                                "clerk",
                                "operator",
                                "dispatcher",
                                "handler",
                                "mediator",
                                "supervisor",
                                "follow_up_officer",
                                "leader",
                                "grid_worker",
                                "volunteer",
                                "system_admin",
                                "security_admin",
                                "auditor",
                            ],
                        )
                    ),
                    name="post_role_is_known",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("ends_on__isnull", True)),
                    fields=("user", "role", "unit", "area_code"),
                    name="post_open_once",
                    violation_error_message="此人已有相同的在任岗位。",
                ),
            ],
        },
    ),
    CreateModel(
        name="Deputy",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("starts_on", models.DateField(verbose_name="代理开始")),
            ("ends_on", models.DateField(verbose_name="代理结束")),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="deputyships",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="代理人",
                ),
            ),
            (
                "post",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="deputies",
                    to="accounts.post",
                    verbose_name="岗位",
                ),
            ),
        ],
        options={
            "verbose_name": "代理",
            "verbose_name_plural": "代理",
            "ordering": ["starts_on", "id"],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                    name="deputy_ends_after_it_starts",
                    violation_error_message="结束日期不能早于开始日期。",
                ),
                models.UniqueConstraint(
                    fields=("post", "user", "starts_on"),
                    name="deputy_once",
                    violation_error_message="已有同样的代理安排。",
                ),
            ],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0004_deliveries"),
        ("accounts", "0005_screens"),
    ]

    dependencies = []

    operations = [CreateModels(MODELS)]
