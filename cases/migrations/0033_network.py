"""多元解纷网络: its layers and members; what the property figure looks at."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_kept_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="NetworkLayer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="层级名称")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="从上到下第几层。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="次序",
                    ),
                ),
                (
                    "measure",
                    models.CharField(default="个", help_text="个、家、支。", max_length=8, verbose_name="量词"),
                ),
                ("open_ended", models.BooleanField(default=False, verbose_name="不限数量（N）")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("starts_on", models.DateField(verbose_name="起")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="从这一天起不再是网络的一层。", null=True, verbose_name="止"
                    ),
                ),
            ],
            options={
                "verbose_name": "网络层级",
                "verbose_name_plural": "网络层级",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="network_layer_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="门户里没有的单位或队伍填这里。", max_length=60, verbose_name="名称"
                    ),
                ),
                ("area_code", models.CharField(blank=True, max_length=15, verbose_name="服务区域")),
                ("duty", models.CharField(max_length=200, verbose_name="职责")),
                ("contact_post", models.CharField(max_length=40, verbose_name="联系岗位")),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("standing", "常驻"), ("rotating", "轮驻"), ("on_call", "随驻")],
                        max_length=8,
                        verbose_name="驻场方式",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="从这一天起不再是成员。", null=True, verbose_name="止"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="cases.networkmember",
                        verbose_name="由哪一条变更而来",
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="cases.networklayer",
                        verbose_name="层级",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "网络成员",
                "verbose_name_plural": "网络成员",
                "ordering": ("layer", "pk"),
                "indexes": [models.Index(fields=["starts_on", "ends_on"], name="network_member_on")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="network_member_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("unit__isnull", False)),
                            models.Q(("unit__isnull", True), models.Q(("name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="network_member_is_a_unit_or_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PropertyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("categories", models.JSONField(default=list, verbose_name="类别代码")),
                (
                    "least_households",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="最少户数"
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="时间")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "物业统计口径",
                "verbose_name_plural": "物业统计口径",
                "ordering": ("-set_at", "-pk"),
            },
        ),
    ]
