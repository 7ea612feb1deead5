"""The follow-up: policies, one row a round, requests for a second redo, bad ratings, looking back; with what a centre starts with.

`redo_request` is added by a statement of our own: Django's way makes the table of SQLite anew and loses its triggers.
"""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cases.following_up.default_policies import FOLLOW_UP_POLICIES, LOOK_BACK_RULES


def forwards(apps: Any, schema_editor: Any) -> None:
    """Fill in what a new centre starts with."""
    for name, rows in (("FollowUpPolicy", FOLLOW_UP_POLICIES), ("LookBackRule", LOOK_BACK_RULES)):
        model = apps.get_model("cases", name)
        model.objects.bulk_create(model(**row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_supervising"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cases_case ADD COLUMN redo_request varchar(8) DEFAULT '' NOT NULL",
                    "ALTER TABLE cases_case DROP COLUMN redo_request",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="case",
                    name="redo_request",
                    field=models.CharField(
                        blank=True,
                        choices=[("asked", "待批复"), ("refused", "不同意，待会签")],
                        max_length=8,
                        verbose_name="再次重办",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "circumstance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complaint", "投诉件"),
                            ("ordered", "被督办"),
                            ("repeated", "重复反映"),
                            ("redone", "已重办"),
                            ("nobody", "无诉求人"),
                            ("anonymous", "匿名"),
                        ],
                        max_length=12,
                        verbose_name="情形",
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
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appeal", "民生诉求"),
                            ("consultation", "政策咨询"),
                            ("dispute", "矛盾纠纷"),
                            ("hazard", "安全隐患"),
                            ("suggestion", "意见建议"),
                        ],
                        max_length=12,
                        verbose_name="事项大类",
                    ),
                ),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[("checked", "经审核办结"), ("on_spot", "当场办结"), ("self_settled", "网格自办自结")],
                        max_length=12,
                        verbose_name="办结方式",
                    ),
                ),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        help_text="100 为必访，0 为不访，其余按受理编号抽取。",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="回访比例（%）",
                    ),
                ),
                (
                    "rate_days",
                    models.PositiveSmallIntegerField(
                        default=2, help_text="未抽中的，满这些天由系统办结。", verbose_name="等候自评（工作日）"
                    ),
                ),
                (
                    "approve_by_clock",
                    models.BooleanField(default=False, help_text="隐患除外；一般不开。", verbose_name="由系统审核通过"),
                ),
                ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("valid_from", models.DateField(default="2020-01-01", verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "verbose_name": "回访规定",
                "verbose_name_plural": "回访规定",
                "ordering": ("-circumstance", "-procedure", "kind", "settled", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("circumstance", "procedure", "kind", "settled", "valid_from"),
                        name="follow_up_policy_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("share__lte", 100)), name="follow_up_policy_share"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBackRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appeal", "民生诉求"),
                            ("consultation", "政策咨询"),
                            ("dispute", "矛盾纠纷"),
                            ("hazard", "安全隐患"),
                            ("suggestion", "意见建议"),
                        ],
                        max_length=12,
                        verbose_name="事项大类",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
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
                        verbose_name="渠道",
                    ),
                ),
                (
                    "circumstance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complaint", "投诉件"),
                            ("ordered", "被督办"),
                            ("repeated", "重复反映"),
                            ("redone", "已重办"),
                            ("nobody", "无诉求人"),
                            ("anonymous", "匿名"),
                        ],
                        max_length=12,
                        verbose_name="情形",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="办结后（自然日）",
                    ),
                ),
                ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("valid_from", models.DateField(default="2020-01-01", verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "verbose_name": "回头看规定",
                "verbose_name_plural": "回头看规定",
                "ordering": ("kind", "channel", "circumstance", "days"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "channel", "circumstance", "days", "valid_from"), name="look_back_rule_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("opened_at", models.DateTimeField(verbose_name="进入回访")),
                (
                    "settled",
                    models.CharField(
                        choices=[("checked", "经审核办结"), ("on_spot", "当场办结"), ("self_settled", "网格自办自结")],
                        max_length=12,
                        verbose_name="办结方式",
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(verbose_name="回访比例")),
                ("called", models.BooleanField(verbose_name="要回访")),
                ("must", models.BooleanField(verbose_name="必访")),
                ("reasons", models.JSONField(default=list, verbose_name="情形")),
                ("rate_until", models.DateTimeField(blank=True, null=True, verbose_name="等候自评至")),
                ("claimed_until", models.DateTimeField(blank=True, null=True, verbose_name="占用至")),
                ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="不早于")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="拨打次数")),
                ("reached_at", models.DateTimeField(blank=True, null=True, verbose_name="接通")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "已回访"),
                            ("rated", "居民自评"),
                            ("redo", "退回重办"),
                            ("unreached", "未接通"),
                            ("uncalled", "免回访"),
                            ("explained", "书面说明"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                (
                    "caller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="正在回访",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="cases.case",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.followuppolicy",
                        verbose_name="规定",
                    ),
                ),
            ],
            options={
                "verbose_name": "回访",
                "verbose_name_plural": "回访",
                "ordering": ("opened_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["opened_at"], name="follow_up_open"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "round"), name="follow_up_once_a_round")],
            },
        ),
        migrations.CreateModel(
            name="LookBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("days", models.PositiveSmallIntegerField(verbose_name="办结后天数")),
                ("due_on", models.DateField(verbose_name="日期")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="已提醒")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stable", "稳定"),
                            ("relapsed", "有反复"),
                            ("recurred", "再次发生"),
                            ("unreached", "没联系上"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="情况")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_backs",
                        to="cases.case",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回看人",
                    ),
                ),
                (
                    "linked",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                        verbose_name="新登记的事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "回头看",
                "verbose_name_plural": "回头看",
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["due_on"], name="look_back_open"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "round", "days"), name="look_back_once")],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="评价",
                    ),
                ),
                ("own", models.BooleanField(verbose_name="居民自评")),
                ("opened_at", models.DateTimeField(verbose_name="差评时间")),
                ("nominal_at", models.DateTimeField(verbose_name="名义到期")),
                ("due_at", models.DateTimeField(verbose_name="整改期限")),
                ("tentative", models.BooleanField(default=False, verbose_name="暂定")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("founded", "属实"), ("unfounded", "不属实"), ("unsupported", "诉求无法支持")],
                        max_length=12,
                        verbose_name="核实结论",
                    ),
                ),
                ("finding", models.TextField(blank=True, verbose_name="核实情况")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="核实")),
                ("action", models.TextField(blank=True, verbose_name="整改情况")),
                ("acted_at", models.DateTimeField(blank=True, null=True, verbose_name="整改")),
                ("second_reached", models.BooleanField(blank=True, null=True, verbose_name="再次回访接通")),
                ("second_rating", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="再次评价")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号")),
                ("dropped", models.BooleanField(default=False, verbose_name="居民已改评")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectifications",
                        to="cases.case",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="销号人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核实人",
                    ),
                ),
            ],
            options={
                "verbose_name": "差评整改",
                "verbose_name_plural": "差评整改",
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["due_at"], name="rectification_open"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "round"), name="rectification_once_a_round")],
            },
        ),
        migrations.CreateModel(
            name="RedoRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("wanted", models.TextField(verbose_name="重办要求")),
                ("satisfaction", models.PositiveSmallIntegerField(verbose_name="满意度")),
                ("asked_at", models.DateTimeField(verbose_name="提出")),
                ("approved", models.BooleanField(blank=True, null=True, verbose_name="同意")),
                ("note", models.TextField(blank=True, verbose_name="批复意见")),
                ("explanation", models.TextField(blank=True, verbose_name="释法说明")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="批复")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="会签")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redo_requests", to="cases.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批复人",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="会签人",
                    ),
                ),
            ],
            options={
                "verbose_name": "重办申请",
                "verbose_name_plural": "重办申请",
                "ordering": ("-asked_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "round"), name="redo_request_once_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved", False), _negated=True),
                            models.Q(("explanation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="redo_request_refused_is_explained",
                    ),
                ],
            },
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
