"""自定义统计表: what people keep, and long ones being written."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0035_bulletins"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SavedTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(max_length=1000, verbose_name="怎样统计")),
                (
                    "share",
                    models.CharField(
                        choices=[
                            ("nobody", "只有我"),
                            ("unit", "本单位"),
                            ("centre", "综治中心"),
                            ("role", "某一类岗位"),
                        ],
                        default="nobody",
                        max_length=8,
                        verbose_name="共享",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="岗位")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "自定义统计表",
                "verbose_name_plural": "自定义统计表",
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="table_name_once"),
                    models.CheckConstraint(
                        condition=Q(("role", ""), ("share", "unit"), ("unit__isnull", False))
                        | Q(("share", "role"), ("unit__isnull", True), ~Q(("role", "")))
                        | Q(("role", ""), ("share__in", ("nobody", "centre")), ("unit__isnull", True)),
                        name="table_share_names_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TableExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("post_ids", models.JSONField(default=list, verbose_name="岗位")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("query", models.CharField(max_length=1000, verbose_name="怎样统计")),
                (
                    "format",
                    models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4, verbose_name="格式"),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已写")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在写"),
                            ("done", "已写好"),
                            ("failed", "没有写成"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="进度",
                    ),
                ),
                ("attempt", models.CharField(blank=True, max_length=32)),
                ("path", models.CharField(blank=True, max_length=120)),
                ("said", models.CharField(blank=True, max_length=200, verbose_name="没有写成的原因")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "统计表导出",
                "verbose_name_plural": "统计表导出",
                "ordering": ("-pk",),
            },
        ),
    ]
