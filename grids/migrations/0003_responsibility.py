"""Responsibility: which unit answers for which street in which topic and period."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_deliveries"),
        ("grids", "0002_duty_does_not_overlap"),
    ]

    operations = [
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("flood", "防汛"),
                            ("forest_fire", "森林防火"),
                            ("fire", "消防安全"),
                            ("gas", "燃气安全"),
                            ("safety", "安全生产"),
                            ("self_built", "自建房"),
                            ("heating", "冬季取暖"),
                        ],
                        max_length=16,
                        verbose_name="事项",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="最后一天；长期的留空。", null=True, verbose_name="止"),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.area",
                        to_field="code",
                        verbose_name="街道（乡镇）",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="包保单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保责任",
                "verbose_name_plural": "包保责任",
                "ordering": ("topic", "area", "starts_on", "pk"),
                "indexes": [models.Index(fields=["topic", "starts_on", "ends_on"], name="responsibility_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "area", "topic", "starts_on"), name="responsibility_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="responsibility_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("topic__in", ["flood", "forest_fire", "fire", "gas", "safety", "self_built", "heating"])
                        ),
                        name="responsibility_of_a_known_topic",
                    ),
                ],
            },
        ),
    ]
