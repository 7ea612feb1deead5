"""Reports held for review: with number and query code, sealed, folded when they are too many; their photos."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto


class Migration(migrations.Migration):
    """One table, and the photos that belong to its rows."""

    dependencies = [
        ("cases", "0023_agreement_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="HeldReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=14, unique=True, verbose_name="受理编号")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                ("digest", models.CharField(blank=True, max_length=32)),
                ("content", governance_portal.lib.crypto.SealedJSONField(null=True)),
                ("area_code", models.CharField(max_length=15, verbose_name="地点")),
                (
                    "held_for",
                    models.CharField(
                        choices=[
                            ("unproven", "提交量异常时没有完成校验"),
                            ("frequent", "同一网络短时间内提交很多"),
                            ("trap", "填了页面上看不见的栏目"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("source", models.CharField(max_length=32)),
                ("alike", models.BigIntegerField()),
                ("count", models.PositiveIntegerField(default=1, verbose_name="件数")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待核实"), ("released", "已放行登记"), ("discarded", "已丢弃")],
                        default="waiting",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="核实时间")),
                (
                    "discarded",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("machine", "由程序自动提交，不是真实反映"),
                            ("advert", "广告或者与反映事项无关的内容"),
                            ("empty", "没有写明要反映的事"),
                            ("twice", "同一件事已经登记"),
                        ],
                        max_length=12,
                        verbose_name="丢弃理由",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_reports",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "folded_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="folded",
                        to="cases.heldreport",
                        verbose_name="归入",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核实人",
                    ),
                ),
            ],
            options={
                "verbose_name": "待核实上报",
                "verbose_name_plural": "待核实上报",
                "ordering": ("received_at", "id"),
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="held",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="cases.heldreport",
            ),
        ),
        migrations.AddIndex(
            model_name="heldreport",
            index=models.Index(fields=["state", "folded_into", "received_at"], name="held_shown"),
        ),
        migrations.AddIndex(
            model_name="heldreport",
            index=models.Index(fields=["state", "source"], name="held_of_source"),
        ),
        migrations.AddConstraint(
            model_name="heldreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True), fields=("client_id",), name="held_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="heldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("judged_by__isnull", True), ("state", "waiting")),
                    models.Q(
                        ("judged_at__isnull", False),
                        ("judged_by__isnull", False),
                        models.Q(("state", "waiting"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="held_judged_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "discarded"), models.Q(("discarded", ""), _negated=True)),
                    models.Q(models.Q(("state", "discarded"), _negated=True), ("discarded", "")),
                    _connector="OR",
                ),
                name="held_discarded_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("state", "released")),
                    models.Q(models.Q(("state", "released"), _negated=True), ("case__isnull", True)),
                    _connector="OR",
                ),
                name="held_released_as_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True), ("content__isnull", False), _connector="OR"
                ),
                name="held_waiting_is_whole",
            ),
        ),
    ]
