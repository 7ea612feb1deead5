"""物业服务: which company manages which ground, for how many households."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0004_shapes")]
    operations = [
        migrations.CreateModel(
            name="PropertyCompany",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="物业公司")),
            ],
            options={
                "verbose_name": "物业公司",
                "verbose_name_plural": "物业公司",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="PropertyService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("estate", models.CharField(max_length=60, verbose_name="小区")),
                ("area_code", models.CharField(max_length=15, verbose_name="所在社区或网格")),
                ("households", models.PositiveIntegerField(blank=True, null=True, verbose_name="户数")),
                ("starts_on", models.DateField(verbose_name="进驻日期")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="从这一天起不再服务；在管的留空。", null=True, verbose_name="撤出日期"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="grids.propertycompany",
                        verbose_name="物业公司",
                    ),
                ),
            ],
            options={
                "verbose_name": "物业服务",
                "verbose_name_plural": "物业服务",
                "ordering": ("company", "area_code", "starts_on", "pk"),
                "indexes": [models.Index(fields=["area_code", "starts_on"], name="property_service_on")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="property_service_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_code__regex", "^[0-9]{12}([0-9]{3})?$")),
                        name="property_service_on_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("households__isnull", True), ("households__gte", 1), _connector="OR"),
                        name="property_service_has_households",
                    ),
                ],
            },
        ),
    ]
