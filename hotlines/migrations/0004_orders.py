"""Orders of other systems: how a line's columns and words are read, batches, rows that wait or were refused."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto


class Migration(migrations.Migration):
    """Orders on their way in."""

    dependencies = [
        ("hotlines", "0003_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
            name="OrderBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("file", "表格"), ("pull", "接口收取")],
                        default="file",
                        max_length=4,
                        verbose_name="来源",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=120, verbose_name="文件")),
                ("header", models.JSONField(default=list, verbose_name="表头")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待确认"),
                            ("waiting", "排队中"),
                            ("running", "正在导入"),
                            ("done", "已导入"),
                        ],
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.AddConstraint(
            model_name="ordermapping",
            constraint=models.UniqueConstraint(fields=("line", "version"), name="order_mapping_once"),
        ),
        migrations.AddIndex(
            model_name="orderbatch",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "running"))), fields=["id"], name="batch_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", models.F("new") + models.F("known") + models.F("changed"))),
                name="batch_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("confirmed_at__isnull", False), _connector="OR"),
                name="batch_begins_confirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="orderrow",
            index=models.Index(fields=["state", "id"], name="order_row_state"),
        ),
        migrations.AddConstraint(
            model_name="orderrow",
            constraint=models.UniqueConstraint(fields=("batch", "line_no"), name="order_row_once"),
        ),
        migrations.AddConstraint(
            model_name="orderrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dismissed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="order_dismissed_with_reason",
            ),
        ),
    ]
