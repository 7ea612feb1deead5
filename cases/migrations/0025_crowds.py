"""Repeats and crowds: traces of texts, likely repeats, hot matters left alone, joint matters and their sub-items."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_held_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TextTrace",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("exact", models.CharField(blank=True, db_index=True, max_length=32)),
                ("keys", models.BinaryField()),
            ],
            options={
                "verbose_name": "文字指纹",
                "verbose_name_plural": "文字指纹",
            },
        ),
        migrations.CreateModel(
            name="Crowd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("measure", models.CharField(default="项", max_length=4, verbose_name="子项的量词")),
                ("since", models.DateTimeField(verbose_name="自")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="crowd",
                        to="cases.case",
                        verbose_name="主件",
                    ),
                ),
            ],
            options={
                "verbose_name": "共性诉求",
                "verbose_name_plural": "共性诉求",
            },
        ),
        migrations.CreateModel(
            name="CrowdRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hot_count",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="同一网格（没有网格的按社区）、同一类别的登记件数；《北京市接诉即办工作条例》第二十四至二十六条：高频、共性问题专题治理。",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="几件算热点",
                    ),
                ),
                (
                    "hot_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="自然日。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="几天之内",
                    ),
                ),
                (
                    "repeat_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="一字不差的不受此限。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="可能重复往前找几天",
                    ),
                ),
            ],
            options={
                "verbose_name": "重复和热点规则",
                "verbose_name_plural": "重复和热点规则",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="crowd_rules_one_row")],
            },
        ),
        migrations.CreateModel(
            name="TraceKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "指纹键",
                "verbose_name_plural": "指纹键",
            },
        ),
        migrations.CreateModel(
            name="HotDismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=15, verbose_name="地点代码")),
                ("category_code", models.CharField(max_length=20, verbose_name="类别代码")),
                ("count", models.PositiveIntegerField(verbose_name="当时几件")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("dismissed_at", models.DateTimeField(verbose_name="时间")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "不作热点",
                "verbose_name_plural": "不作热点",
                "constraints": [models.UniqueConstraint(fields=("place", "category_code"), name="hot_dismissed_once")],
            },
        ),
        migrations.CreateModel(
            name="MayRepeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reasons", models.JSONField(default=list, verbose_name="理由")),
                ("evidence", models.PositiveSmallIntegerField(default=0, verbose_name="依据")),
                ("exact", models.BooleanField(default=False, verbose_name="一字不差")),
                ("same_people", models.BooleanField(default=False, verbose_name="同人")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待确认"),
                            ("merged", "已并案"),
                            ("linked", "已关联"),
                            ("dismissed", "不是同一事项"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="决定",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="提示时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="may_repeat",
                        to="cases.case",
                        verbose_name="后来的",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="先来的",
                    ),
                ),
            ],
            options={
                "verbose_name": "可能重复",
                "verbose_name_plural": "可能重复",
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["-made_at"], name="may_repeat_waits")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other"), name="may_repeat_once"),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="may_repeat_of_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="may_repeat_decided_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("place", models.CharField(max_length=60, verbose_name="地点")),
                ("what", models.CharField(max_length=120, verbose_name="内容")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sub_items",
                        to="cases.case",
                        verbose_name="主件",
                    ),
                ),
            ],
            options={
                "verbose_name": "子项",
                "verbose_name_plural": "子项",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "position"), name="sub_item_position_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_at__isnull", True)),
                        fields=("case", "place", "what"),
                        name="sub_item_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                        name="sub_item_done_or_dropped",
                    ),
                ],
            },
        ),
    ]
