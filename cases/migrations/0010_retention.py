"""How long contact data is kept, what holds it longer, the mark that it is gone; one rule for every kind to begin with."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forwards(apps: Any, schema_editor: Any) -> None:
    """Three years for every kind, until the centre says otherwise."""
    apps.get_model("cases", "RetentionRule").objects.create(
        kind="", months=36, legal_base="个人信息保护法第十九条；民法典第一百八十八条（普通诉讼时效三年）"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="清除时间")),
                ("months", models.PositiveIntegerField(verbose_name="保存期限（月）")),
                ("people", models.PositiveIntegerField(verbose_name="当事人")),
                ("files", models.PositiveIntegerField(verbose_name="附件")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息清除记录",
                "verbose_name_plural": "个人信息清除记录",
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
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
                        unique=True,
                        verbose_name="事项大类",
                    ),
                ),
                (
                    "months",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="办结后保存（月）"
                    ),
                ),
                ("legal_base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "个人信息保存期限",
                "verbose_name_plural": "个人信息保存期限",
                "ordering": ("kind",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="retention_at_least_a_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("placed_at", models.DateTimeField(verbose_name="起")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="止")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂缓清除",
                "verbose_name_plural": "暂缓清除",
                "ordering": ("-placed_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("case",), name="hold_once_at_a_time"
                    )
                ],
            },
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
