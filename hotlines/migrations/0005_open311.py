"""Open311 GeoReport v2: apps, services with their questions, and which case came of which post."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from hotlines.open311.defaults import load


def add_services(apps: Any, _schema_editor: Any) -> None:
    """What a new centre offers."""
    categories = set(apps.get_model("cases", "Category").objects.values_list("code", flat=True))
    load(apps.get_model("hotlines", "Open311Service"), apps.get_model("hotlines", "Open311Attribute"), categories)


class Migration(migrations.Migration):
    """Four tables, and the services of public places."""

    dependencies = [("hotlines", "0004_orders"), ("cases", "0021_holiday_names")]

    operations = [
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.RunPython(add_services, migrations.RunPython.noop),
    ]
