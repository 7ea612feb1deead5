"""大屏: screens of a hall, their pairing codes and secrets as hashes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0033_network"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Screen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("area_code", models.CharField(max_length=9, verbose_name="范围")),
                (
                    "layout",
                    models.CharField(
                        choices=[
                            ("auto", "按屏幕自动"),
                            ("wide", "长条屏（3840×1080）"),
                            ("standard", "普通屏（1920×1080）"),
                        ],
                        default="auto",
                        max_length=8,
                        verbose_name="版式",
                    ),
                ),
                ("code_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("code_until", models.DateTimeField(blank=True, null=True, verbose_name="配对码有效至")),
                ("secret_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("paired_on", models.DateField(blank=True, null=True, verbose_name="配对日期")),
                ("last_seen_on", models.DateField(blank=True, null=True, verbose_name="最近使用")),
                ("created_at", models.DateTimeField(verbose_name="设置时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设置人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "大屏",
                "verbose_name_plural": "大屏",
                "ordering": ("ended_at", "name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code_hash", ""), _negated=True),
                        fields=("code_hash",),
                        name="screen_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code_hash", ""), ("code_until__isnull", True)),
                            models.Q(models.Q(("code_hash", ""), _negated=True), ("code_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="screen_code_has_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("code_hash", ""), ("secret_hash", "")),
                            _connector="OR",
                        ),
                        name="screen_ended_opens_nothing",
                    ),
                ],
            },
        ),
    ]
