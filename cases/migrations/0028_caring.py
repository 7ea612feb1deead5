"""Visits and help: plans that forget when they end, the rota, visits, referrals by need."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_hazards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CarePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("area_code", models.CharField(max_length=12, verbose_name="社区")),
                ("contact", governance_portal.lib.crypto.SealedJSONField(null=True)),
                (
                    "consent_by",
                    models.CharField(
                        choices=[("self", "本人"), ("guardian", "监护人代为同意")], max_length=8, verbose_name="同意人"
                    ),
                ),
                ("consent_on", models.DateField(verbose_name="同意日期")),
                ("consent_version", models.CharField(max_length=20, verbose_name="告知内容版本")),
                ("interval_days", models.PositiveSmallIntegerField(default=30, verbose_name="间隔（天）")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="下次探访")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="上次探访")),
                (
                    "last_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party_head", "党小组长"),
                            ("building_head", "栋长"),
                            ("health", "卫生员"),
                            ("security", "治安员"),
                            ("property", "物管员"),
                            ("mediator", "调解员"),
                        ],
                        max_length=14,
                        verbose_name="上次由谁",
                    ),
                ),
                ("told_for", models.DateField(blank=True, null=True, verbose_name="到期已提醒")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "ended_why",
                    models.CharField(
                        blank=True,
                        choices=[("revoked", "撤回同意"), ("over", "不再需要")],
                        max_length=8,
                        verbose_name="结束原因",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "探访计划",
                "verbose_name_plural": "探访计划",
                "ordering": ("next_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="CareVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("party_head", "党小组长"),
                            ("building_head", "栋长"),
                            ("health", "卫生员"),
                            ("security", "治安员"),
                            ("property", "物管员"),
                            ("mediator", "调解员"),
                        ],
                        max_length=14,
                        verbose_name="谁去的",
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[("well", "安好"), ("help", "需帮助"), ("refer", "转介")],
                        max_length=6,
                        verbose_name="情况",
                    ),
                ),
                ("said", governance_portal.lib.crypto.SealedJSONField(null=True)),
                ("settled", models.BooleanField(default=False, verbose_name="当面已经解决")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="cases.careplan",
                        verbose_name="计划",
                    ),
                ),
            ],
            options={
                "verbose_name": "探访记录",
                "verbose_name_plural": "探访记录",
                "ordering": ("-day", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CareVisitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=12, verbose_name="社区")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("party_head", "党小组长"),
                            ("building_head", "栋长"),
                            ("health", "卫生员"),
                            ("security", "治安员"),
                            ("property", "物管员"),
                            ("mediator", "调解员"),
                        ],
                        max_length=14,
                        verbose_name="角色",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "探访人员",
                "verbose_name_plural": "探访人员",
                "ordering": ("area_code", "id"),
            },
        ),
        migrations.CreateModel(
            name="HelpReferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=14, unique=True, verbose_name="转介编号")),
                ("area_code", models.CharField(max_length=15, verbose_name="属地")),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("living", "生活救助"),
                            ("work", "就业"),
                            ("mind", "心理"),
                            ("law", "法律"),
                            ("medical", "医疗"),
                        ],
                        max_length=8,
                        verbose_name="需要",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[("request", "本人提出"), ("case", "办理事项时提出"), ("visit", "探访时提出")],
                        max_length=8,
                        verbose_name="从哪里来",
                    ),
                ),
                ("content", governance_portal.lib.crypto.SealedJSONField(null=True)),
                ("answer", governance_portal.lib.crypto.SealedJSONField(null=True)),
                (
                    "consent",
                    models.CharField(
                        choices=[("person", "本人同意"), ("emergency", "紧急情况，先转介后告知")],
                        max_length=10,
                        verbose_name="依据",
                    ),
                ),
                ("consent_on", models.DateField(verbose_name="同意日期")),
                ("consent_version", models.CharField(max_length=20, verbose_name="告知内容版本")),
                ("renewals", models.PositiveSmallIntegerField(default=0, verbose_name="续期次数")),
                ("opened_on", models.DateField(verbose_name="转介日期")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                (
                    "state",
                    models.CharField(
                        choices=[("opened", "等待接收"), ("accepted", "正在帮扶"), ("closed", "已结束")],
                        default="opened",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "已得到帮助"),
                            ("elsewhere", "已告知到别处办理"),
                            ("not_wanted", "本人不需要了"),
                            ("by_person", "本人结束"),
                            ("expired", "满 90 天到期"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="转介人",
                    ),
                ),
                (
                    "opened_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="转介单位",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="接收单位",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helps",
                        to="cases.carevisit",
                        verbose_name="探访",
                    ),
                ),
            ],
            options={
                "verbose_name": "困难帮扶转介",
                "verbose_name_plural": "困难帮扶转介",
                "ordering": ("-opened_on", "-id"),
            },
        ),
        migrations.AddIndex(
            model_name="careplan",
            index=models.Index(fields=["area_code", "next_on"], name="care_plan_due"),
        ),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("interval_days__gte", 7), ("interval_days__lte", 31)),
                name="care_plan_at_least_monthly",
            ),
        ),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("contact__isnull", False),
                        ("ended_on__isnull", True),
                        ("ended_why", ""),
                        ("next_on__isnull", False),
                    ),
                    models.Q(
                        ("client_id", ""),
                        ("contact__isnull", True),
                        ("ended_on__isnull", False),
                        ("last_role", ""),
                        ("next_on__isnull", True),
                        models.Q(("ended_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="care_plan_forgets_when_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="care_plan_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carevisit",
            constraint=models.UniqueConstraint(fields=("plan", "day"), name="care_visit_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="carevisit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="care_visit_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carevisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("case__isnull", True), models.Q(("found", "well"), _negated=True), _connector="OR"),
                name="care_visit_case_for_a_need",
            ),
        ),
        migrations.AddConstraint(
            model_name="carevisitor",
            constraint=models.UniqueConstraint(fields=("area_code", "role"), name="care_visitor_one_for_a_role"),
        ),
        migrations.AddIndex(
            model_name="helpreferral",
            index=models.Index(fields=["consent_on"], name="help_expires"),
        ),
        migrations.AddConstraint(
            model_name="helpreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("content__isnull", False),
                        ("end", ""),
                        ("ended_on__isnull", True),
                        models.Q(("state", "closed"), _negated=True),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("content__isnull", True),
                        ("ended_on__isnull", False),
                        ("state", "closed"),
                        models.Q(("end", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="help_forgets_when_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "case"), _negated=True),
                    ("case__isnull", False),
                    ("ended_on__isnull", False),
                    _connector="OR",
                ),
                name="help_from_a_case_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpreferral",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("opened_by", "client_id"),
                name="help_sent_once",
            ),
        ),
    ]
