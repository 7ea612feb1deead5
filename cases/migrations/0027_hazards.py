"""Hazards: files and lists, inspected quantities, rules of looking again, flood materials and their checks."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def rules(apps, schema_editor):
    """Every closed hazard is looked at again after a month until the centre says otherwise (facts §8 row 1.11)."""
    rule = apps.get_model("cases", "ReinspectionRule")
    rule.objects.create(hazard_class="", days=30, base="默认值；汛期的间隔和起止由中心按当年通知填写。")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_deliveries"),
        ("cases", "0026_patrols"),
    ]

    operations = [
        migrations.CreateModel(
            name="FloodStore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("material", "防汛物资"), ("team", "抢险队伍")], max_length=8, verbose_name="种类"
                    ),
                ),
                ("what", models.CharField(max_length=60, verbose_name="名称")),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name="数量"
                    ),
                ),
                ("measure", models.CharField(max_length=8, verbose_name="量词")),
                ("area_code", models.CharField(max_length=15, verbose_name="属地")),
                ("phone", models.CharField(max_length=30, verbose_name="值班电话")),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="每隔几天检查",
                    ),
                ),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="上次检查")),
                ("next_on", models.DateField(verbose_name="下次检查")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="已提醒")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="停用")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="保管单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "防汛物资和队伍",
                "verbose_name_plural": "防汛物资和队伍",
                "ordering": ("next_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="FloodCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                ("fine", models.BooleanField(verbose_name="完好")),
                ("quantity", models.PositiveIntegerField(verbose_name="清点数量")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="情况")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="cases.floodstore"
                    ),
                ),
            ],
            options={
                "verbose_name": "防汛检查",
                "verbose_name_plural": "防汛检查",
                "ordering": ("-day", "-id"),
            },
        ),
        migrations.CreateModel(
            name="HazardFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard_class",
                    models.CharField(
                        choices=[
                            ("gas", "燃气"),
                            ("power", "电力"),
                            ("fire", "消防"),
                            ("flood", "防汛"),
                            ("self_built", "自建房"),
                            ("rundown_c", "C 级危房"),
                            ("rundown_d", "D 级危房"),
                            ("chemical", "危化品"),
                            ("building", "建筑施工"),
                            ("elderly", "养老机构"),
                            ("school", "学校"),
                            ("hospital", "医院"),
                            ("other", "其他"),
                        ],
                        db_index=True,
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "detail",
                    models.CharField(
                        blank=True,
                        help_text="如燃气的“商业用户”“管网”“居民用户”。",
                        max_length=40,
                        verbose_name="涉及对象",
                    ),
                ),
                ("person", models.CharField(max_length=40, verbose_name="责任人")),
                ("term", models.DateField(verbose_name="整改期限")),
                ("plan", models.TextField(verbose_name="应急预案")),
                ("measure", models.TextField(blank=True, verbose_name="临时措施")),
                ("filed_at", models.DateTimeField(verbose_name="建档时间")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazard",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患档案",
                "verbose_name_plural": "隐患档案",
            },
        ),
        migrations.CreateModel(
            name="HazardItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("problem", models.CharField(max_length=200, verbose_name="问题")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("person", models.CharField(max_length=40, verbose_name="责任人")),
                ("measure", models.CharField(max_length=200, verbose_name="整改措施")),
                ("due_on", models.DateField(verbose_name="整改期限")),
                ("result", models.CharField(blank=True, max_length=200, verbose_name="整改结果")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazard_items",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患清单",
                "verbose_name_plural": "隐患清单",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="InspectionScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard_class",
                    models.CharField(
                        choices=[
                            ("gas", "燃气"),
                            ("power", "电力"),
                            ("fire", "消防"),
                            ("flood", "防汛"),
                            ("self_built", "自建房"),
                            ("rundown_c", "C 级危房"),
                            ("rundown_d", "D 级危房"),
                            ("chemical", "危化品"),
                            ("building", "建筑施工"),
                            ("elderly", "养老机构"),
                            ("school", "学校"),
                            ("hospital", "医院"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("area_code", models.CharField(max_length=15, verbose_name="范围")),
                ("what", models.CharField(max_length=40, verbose_name="检查对象")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="数量",
                    ),
                ),
                ("measure", models.CharField(max_length=8, verbose_name="量词")),
                ("period", models.CharField(max_length=40, verbose_name="时段")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
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
            ],
            options={
                "verbose_name": "检查范围",
                "verbose_name_plural": "检查范围",
                "ordering": ("hazard_class", "id"),
            },
        ),
        migrations.CreateModel(
            name="ReinspectionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gas", "燃气"),
                            ("power", "电力"),
                            ("fire", "消防"),
                            ("flood", "防汛"),
                            ("self_built", "自建房"),
                            ("rundown_c", "C 级危房"),
                            ("rundown_d", "D 级危房"),
                            ("chemical", "危化品"),
                            ("building", "建筑施工"),
                            ("elderly", "养老机构"),
                            ("school", "学校"),
                            ("hospital", "医院"),
                            ("other", "其他"),
                        ],
                        help_text="不选为各类。",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="销号后（天）",
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="每隔（天）",
                    ),
                ),
                ("begins_on", models.DateField(blank=True, null=True, verbose_name="季节开始")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="季节结束")),
                ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "隐患复查规定",
                "verbose_name_plural": "隐患复查规定",
                "ordering": ("hazard_class", "days", "begins_on"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("begins_on__isnull", True),
                                ("days__isnull", False),
                                ("ends_on__isnull", True),
                                ("every__isnull", True),
                            ),
                            models.Q(
                                ("begins_on__isnull", False),
                                ("days__isnull", True),
                                ("ends_on__gte", models.F("begins_on")),
                                ("every__gte", 1),
                            ),
                            _connector="OR",
                        ),
                        name="reinspection_after_days_or_in_a_season",
                        violation_error_message="请只填“销号后几天”，或者把每隔几天、季节开始、季节结束三项填全（结束不早于开始）。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("days__isnull", False)),
                        fields=("hazard_class", "days"),
                        name="reinspection_days_once",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="floodstore",
            index=models.Index(
                condition=models.Q(("retired_at__isnull", True)), fields=["next_on"], name="flood_store_next"
            ),
        ),
        migrations.AddConstraint(
            model_name="floodstore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("kind", "what", "place", "unit"),
                name="flood_store_once_at_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="floodstore",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__isnull", True), ("next_on__gt", models.F("last_on")), _connector="OR"),
                name="flood_store_next_after_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="floodcheck",
            constraint=models.UniqueConstraint(fields=("store", "day"), name="flood_check_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="floodcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("fine", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="flood_check_says_what_is_wrong",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hazard_class__in",
                        [
                            "gas",
                            "power",
                            "fire",
                            "flood",
                            "self_built",
                            "rundown_c",
                            "rundown_d",
                            "chemical",
                            "building",
                            "elderly",
                            "school",
                            "hospital",
                            "other",
                        ],
                    )
                ),
                name="hazard_class_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardfile",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("person", ""), _negated=True), models.Q(("plan", ""), _negated=True)),
                name="hazard_has_person_and_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazarditem",
            constraint=models.UniqueConstraint(fields=("case", "position"), name="hazard_item_position_once"),
        ),
        migrations.AddConstraint(
            model_name="hazarditem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("result", "")),
                    models.Q(("done_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="hazard_item_done_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazarditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                name="hazard_item_done_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionscope",
            constraint=models.UniqueConstraint(
                fields=("hazard_class", "area_code", "what", "period"), name="inspection_scope_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionscope",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="inspection_scope_counts"),
        ),
        migrations.AddConstraint(
            model_name="inspectionscope",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="inspection_scope_has_a_source"
            ),
        ),
        migrations.RunPython(rules, migrations.RunPython.noop),
    ]
