"""Phone: 转办 among a grid's three."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_assessing"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grid_code", models.CharField(max_length=15, verbose_name="网格")),
                ("said", models.CharField(max_length=200, verbose_name="请做什么")),
                ("at", models.DateTimeField(verbose_name="转出时间")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="接下时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "已办好"),
                            ("returned", "已交回"),
                            ("recalled", "已收回"),
                            ("closed", "事项已办结"),
                        ],
                        max_length=10,
                        verbose_name="怎样结束",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="转出",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="转给",
                    ),
                ),
            ],
            options={
                "verbose_name": "网格内转办",
                "verbose_name_plural": "网格内转办",
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(condition=Q(ended_at__isnull=True), fields=["to_user"], name="hand_over_open_to"),
                    models.Index(condition=Q(ended_at__isnull=True), fields=["from_user"], name="hand_over_open_from"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at__isnull=True), fields=("case",), name="hand_over_open_once"
                    ),
                    models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="hand_over_to_another"),
                    models.CheckConstraint(condition=~Q(said=""), name="hand_over_says_what"),
                    models.CheckConstraint(
                        condition=Q(ended_at__isnull=True, ended_as="") | Q(ended_at__isnull=False) & ~Q(ended_as=""),
                        name="hand_over_ends_somehow",
                    ),
                    models.CheckConstraint(
                        condition=~Q(ended_as__in=("done", "returned")) | ~Q(answer=""), name="hand_over_answered"
                    ),
                    models.UniqueConstraint(
                        condition=~Q(client_id=""), fields=("from_user", "client_id"), name="hand_over_sent_once"
                    ),
                ],
            },
        ),
    ]
