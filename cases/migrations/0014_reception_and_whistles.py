"""领导接访、领导包案、一案多包、镇街吹哨; with the roles and the response times a centre begins with."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto

#: 一案多包 (facts §7.4): seven parts, each with a solving task.
ROLES = (
    ("leader", "包案领导", "牵头协调，接访、走访"),
    ("lead_unit", "主办部门", "依法办理，给出答复"),
    ("street", "属地街道（乡镇）", "就近联系，落实到位"),
    ("community", "社区（村）", "了解情况，帮办手续"),
    ("mediator", "调解员", "居中调解"),
    ("law", "法律服务", "释法，提供法律援助"),
    ("help", "心理和帮扶", "按需要提供帮助"),
)
#: kind, scale, arrive, finish (amount, unit). 广陵: 简单当日，复杂不超过 10 个工作日 (facts §1.10); the rest is ours to begin with.
TIMES = (
    ("emergency", "simple", 2, "hour", 0, "working_day"),
    ("emergency", "complex", 2, "hour", 3, "working_day"),
    ("voices", "simple", 0, "working_day", 0, "working_day"),
    ("voices", "complex", 2, "working_day", 10, "working_day"),
    ("enforcement", "simple", 0, "working_day", 0, "working_day"),
    ("enforcement", "complex", 2, "working_day", 10, "working_day"),
)


def forwards(apps: Any, schema_editor: Any) -> None:
    """What a new centre begins with; all of it can be changed."""
    for place, (code, name, about) in enumerate(ROLES, 1):
        apps.get_model("cases", "TeamRole").objects.create(code=code, name=name, about=about, place=place * 10)
    for kind, scale, arrive, arrive_unit, finish, finish_unit in TIMES:
        apps.get_model("cases", "WhistlePolicy").objects.create(
            kind=kind,
            scale=scale,
            arrive_amount=arrive,
            arrive_unit=arrive_unit,
            finish_amount=finish,
            finish_unit=finish_unit,
            base="北京市接诉即办工作条例第十六条；简单当日、复杂不超过 10 个工作日为各地做法",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_append_only"),
        ("cases", "0013_open"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseLead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leader", models.CharField(max_length=40, verbose_name="包案领导")),
                ("office", models.CharField(max_length=60, verbose_name="职务")),
                ("person", models.CharField(max_length=40, verbose_name="责任人")),
                ("plan", models.TextField(verbose_name="化解方案")),
                ("deadline", models.DateField(verbose_name="时限")),
                ("since", models.DateTimeField(verbose_name="包案时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                ("result", models.TextField(blank=True, verbose_name="结果")),
            ],
            options={
                "verbose_name": "领导包案",
                "verbose_name_plural": "领导包案",
                "ordering": ("-since", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CaseLeadStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("met_on", models.DateField(blank=True, null=True, verbose_name="接访、走访日期")),
                ("text", models.TextField(verbose_name="进展")),
            ],
            options={
                "verbose_name": "包案进展",
                "verbose_name_plural": "包案进展",
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ReceptionBooking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("seat", models.PositiveSmallIntegerField(verbose_name="号")),
                ("contact", governance_portal.lib.crypto.SealedJSONField()),
                ("minutes", governance_portal.lib.crypto.SealedJSONField()),
                ("phone_index", models.CharField(blank=True, max_length=32)),
                ("code_index", models.CharField(blank=True, max_length=32)),
                (
                    "source",
                    models.CharField(
                        choices=[("window", "窗口代约"), ("web", "网上预约"), ("on_site", "当日到场")],
                        max_length=8,
                        verbose_name="预约方式",
                    ),
                ),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                ("booked_at", models.DateTimeField(verbose_name="预约时间")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
                ("attended", models.BooleanField(blank=True, null=True, verbose_name="到场")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="登记接访")),
                ("instructed", models.BooleanField(default=False, verbose_name="有批示")),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="时限")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="督办文号")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="清除个人信息")),
            ],
            options={
                "verbose_name": "接访预约",
                "verbose_name_plural": "接访预约",
                "ordering": ("day", "seat", "id"),
            },
        ),
        migrations.CreateModel(
            name="ReceptionDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=15, verbose_name="层级")),
                ("leader", models.CharField(max_length=40, verbose_name="接访领导")),
                ("office", models.CharField(max_length=60, verbose_name="职务")),
                ("date", models.DateField(verbose_name="日期")),
                ("starts", models.TimeField(verbose_name="开始")),
                ("ends", models.TimeField(verbose_name="结束")),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="可约人数")),
                ("topics", models.CharField(blank=True, max_length=200, verbose_name="接待内容")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
                ("made_at", models.DateTimeField(verbose_name="安排时间")),
            ],
            options={
                "verbose_name": "领导接访日",
                "verbose_name_plural": "领导接访日",
                "ordering": ("date", "starts", "id"),
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                ("office", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="工作电话")),
                ("told", models.BooleanField(default=False, verbose_name="告知居民")),
                ("task", models.TextField(verbose_name="化解任务")),
                ("due_on", models.DateField(verbose_name="完成期限")),
                ("joined_at", models.DateTimeField(verbose_name="加入")),
                ("done", models.BooleanField(blank=True, null=True, verbose_name="完成")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="报告")),
                ("note", models.TextField(blank=True, verbose_name="完成情况")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出")),
            ],
            options={
                "verbose_name": "案组成员",
                "verbose_name_plural": "案组成员",
                "ordering": ("role__place", "joined_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="TeamRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=30, unique=True, verbose_name="角色")),
                ("about", models.CharField(blank=True, max_length=120, verbose_name="做什么")),
                ("place", models.PositiveSmallIntegerField(default=50, verbose_name="顺序")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "案组角色",
                "verbose_name_plural": "案组角色",
                "ordering": ("place", "code"),
            },
        ),
        migrations.CreateModel(
            name="Whistle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="哨单号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("voices", "群众反映突出"), ("enforcement", "综合执法"), ("emergency", "应急处置")],
                        max_length=12,
                        verbose_name="哨种",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[("simple", "简单"), ("complex", "复杂")], max_length=8, verbose_name="难易"
                    ),
                ),
                ("area_code", models.CharField(max_length=15, verbose_name="属地")),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                ("what", models.TextField(verbose_name="请来做什么")),
                ("called_at", models.DateTimeField(verbose_name="吹哨时间")),
                ("arrive_by", models.DateTimeField(verbose_name="报到期限")),
                ("finish_by", models.DateTimeField(verbose_name="办结期限")),
                ("tentative", models.BooleanField(default=False, verbose_name="暂定")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            ],
            options={
                "verbose_name": "吹哨单",
                "verbose_name_plural": "吹哨单",
                "ordering": ("-called_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="WhistleCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("called", "已吹哨"),
                            ("arrived", "已报到"),
                            ("handling", "处置中"),
                            ("finished", "已办结"),
                            ("rated", "已双评"),
                            ("recalled", "已撤回"),
                        ],
                        default="called",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="确认报到")),
                ("arrived_who", models.CharField(blank=True, max_length=60, verbose_name="到场人")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="开始处置")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="办结")),
                ("result", models.TextField(blank=True, verbose_name="处置结果")),
                ("recalled_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回")),
                ("recall_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                ("street_score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="街道评部门")),
                ("street_words", models.CharField(blank=True, max_length=500, verbose_name="街道的话")),
                ("unit_score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="部门评街道")),
                ("unit_words", models.CharField(blank=True, max_length=500, verbose_name="部门的话")),
                ("chased", models.CharField(blank=True, max_length=8, verbose_name="已催")),
            ],
            options={
                "verbose_name": "报到单",
                "verbose_name_plural": "报到单",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="WhistlePolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("voices", "群众反映突出"), ("enforcement", "综合执法"), ("emergency", "应急处置")],
                        max_length=12,
                        verbose_name="哨种",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[("simple", "简单"), ("complex", "复杂")], max_length=8, verbose_name="难易"
                    ),
                ),
                ("arrive_amount", models.PositiveSmallIntegerField(verbose_name="报到期限")),
                (
                    "arrive_unit",
                    models.CharField(
                        choices=[
                            ("hour", "小时"),
                            ("working_hour", "工作小时"),
                            ("working_day", "工作日"),
                            ("natural_day", "自然日"),
                        ],
                        max_length=12,
                        verbose_name="报到期限单位",
                    ),
                ),
                ("finish_amount", models.PositiveSmallIntegerField(verbose_name="办结期限")),
                (
                    "finish_unit",
                    models.CharField(
                        choices=[
                            ("hour", "小时"),
                            ("working_hour", "工作小时"),
                            ("working_day", "工作日"),
                            ("natural_day", "自然日"),
                        ],
                        max_length=12,
                        verbose_name="办结期限单位",
                    ),
                ),
                ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "吹哨时限",
                "verbose_name_plural": "吹哨时限",
                "ordering": ("kind", "scale"),
            },
        ),
        migrations.AddField(
            model_name="caselead",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="cases.case", verbose_name="事项"
            ),
        ),
        migrations.AddField(
            model_name="caselead",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="责任单位",
            ),
        ),
        migrations.AddField(
            model_name="caseleadstep",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="cases.caselead"
            ),
        ),
        migrations.AddField(
            model_name="receptionbooking",
            name="booked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="receptionbooking",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receptions",
                to="cases.case",
                verbose_name="事项",
            ),
        ),
        migrations.AddField(
            model_name="receptionbooking",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="责任单位",
            ),
        ),
        migrations.AddField(
            model_name="receptionday",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="安排人",
            ),
        ),
        migrations.AddField(
            model_name="receptionbooking",
            name="day",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="cases.receptionday",
                verbose_name="接访日",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="team", to="cases.case", verbose_name="事项"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit", verbose_name="单位"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="role",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.teamrole", verbose_name="角色"
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="called_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="吹哨人",
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="whistles",
                to="cases.case",
                verbose_name="事项",
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="吹哨单位",
            ),
        ),
        migrations.AddField(
            model_name="whistlecall",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="呼叫部门",
            ),
        ),
        migrations.AddField(
            model_name="whistlecall",
            name="whistle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calls",
                to="cases.whistle",
                verbose_name="吹哨单",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlepolicy",
            constraint=models.UniqueConstraint(fields=("kind", "scale"), name="whistle_policy_once"),
        ),
        migrations.AddConstraint(
            model_name="caselead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("case",), name="case_lead_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("result", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="case_lead_ends_with_a_result",
            ),
        ),
        migrations.AddIndex(
            model_name="receptionday",
            index=models.Index(fields=["date", "area_code"], name="reception_of_day"),
        ),
        migrations.AddConstraint(
            model_name="receptionday",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))), name="reception_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionday",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("capacity__lte", 100)), name="reception_has_places"
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancel_reason", ""), ("cancelled_at__isnull", True)),
                    models.Q(("cancelled_at__isnull", False), models.Q(("cancel_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reception_cancelled_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=("area_code", "leader", "date", "starts"),
                name="reception_once_for_a_leader",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__gte", 1), ("seat__lte", 100)), name="booking_has_a_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=("day", "seat"),
                name="booking_one_for_a_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("case__isnull", False)),
                fields=("day", "case"),
                name="booking_one_for_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), models.Q(("phone_index", ""), _negated=True)),
                fields=("day", "phone_index"),
                name="booking_one_for_a_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True), fields=("client_id",), name="booking_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attended__isnull", True), ("received_at__isnull", True)),
                    models.Q(
                        ("attended__isnull", False), ("cancelled_at__isnull", True), ("received_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="booking_received_when_attended",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline__isnull", True), ("instructed", False), ("unit__isnull", True)),
                    models.Q(
                        ("attended", True), ("deadline__isnull", False), ("instructed", True), ("unit__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="booking_instruction_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="receptionbooking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("order_number", ""), models.Q(("case__isnull", False), ("instructed", True)), _connector="OR"
                ),
                name="booking_order_follows_an_instruction",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("case", "role", "unit"),
                name="team_role_once_for_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done__isnull", True), ("done_at__isnull", True), ("note", "")),
                    models.Q(
                        ("done__isnull", False), ("done_at__isnull", False), models.Q(("note", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="team_task_told_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(fields=["area_code", "called_at"], name="whistle_of_area"),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrive_by__gte", models.F("called_at")), ("finish_by__gte", models.F("called_at"))
                ),
                name="whistle_dates_follow_the_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("called_by", "client_id"),
                name="whistle_sent_once",
            ),
        ),
        migrations.AddIndex(
            model_name="whistlecall",
            index=models.Index(fields=["stage", "chased"], name="whistle_call_to_chase"),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.UniqueConstraint(fields=("whistle", "unit"), name="whistle_calls_a_unit_once"),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("arrived_at__isnull", True),
                        ("finished_at__isnull", True),
                        ("recalled_at__isnull", True),
                        ("stage", "called"),
                        ("started_at__isnull", True),
                        ("street_score__isnull", True),
                        ("unit_score__isnull", True),
                    ),
                    models.Q(
                        ("arrived_at__isnull", False),
                        ("finished_at__isnull", True),
                        ("recalled_at__isnull", True),
                        ("stage", "arrived"),
                        ("started_at__isnull", True),
                        ("street_score__isnull", True),
                        ("unit_score__isnull", True),
                    ),
                    models.Q(
                        ("arrived_at__isnull", False),
                        ("finished_at__isnull", True),
                        ("recalled_at__isnull", True),
                        ("stage", "handling"),
                        ("started_at__isnull", False),
                        ("street_score__isnull", True),
                        ("unit_score__isnull", True),
                    ),
                    models.Q(
                        ("arrived_at__isnull", False),
                        ("finished_at__isnull", False),
                        ("recalled_at__isnull", True),
                        ("stage", "finished"),
                        ("started_at__isnull", False),
                        models.Q(("street_score__isnull", False), ("unit_score__isnull", False), _negated=True),
                    ),
                    models.Q(
                        ("arrived_at__isnull", False),
                        ("finished_at__isnull", False),
                        ("recalled_at__isnull", True),
                        ("stage", "rated"),
                        ("started_at__isnull", False),
                        ("street_score__isnull", False),
                        ("unit_score__isnull", False),
                    ),
                    models.Q(
                        ("arrived_at__isnull", True),
                        ("finished_at__isnull", True),
                        ("recalled_at__isnull", False),
                        ("stage", "recalled"),
                        ("started_at__isnull", True),
                        ("street_score__isnull", True),
                        ("unit_score__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="whistle_stage_has_its_moments",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("result", "")),
                    models.Q(("finished_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="whistle_finished_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recall_reason", ""), ("recalled_at__isnull", True)),
                    models.Q(("recalled_at__isnull", False), models.Q(("recall_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="whistle_recalled_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("street_score__isnull", True),
                        models.Q(("street_score__gte", 1), ("street_score__lte", 5)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("unit_score__isnull", True),
                        models.Q(("unit_score__gte", 1), ("unit_score__lte", 5)),
                        _connector="OR",
                    ),
                ),
                name="whistle_scores_one_to_five",
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
