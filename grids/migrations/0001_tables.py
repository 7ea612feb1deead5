"""The tables of grids as the models say them; what stands behind them (triggers, first rows) is in the files that follow."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import CreateModel

from governance_portal.lib.migrating import CreateModels

MODELS = [
    CreateModel(
        name="GridVersion",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.CharField(max_length=15, verbose_name="网格编码")),
            ("name", models.CharField(max_length=64, verbose_name="名称")),
            ("community", models.CharField(max_length=12, verbose_name="所属社区（村）")),
            (
                "kind",
                models.CharField(
                    choices=[("basic", "基础网格"), ("dedicated", "专属网格")], max_length=16, verbose_name="网格类型"
                ),
            ),
            (
                "work_class",
                models.CharField(
                    choices=[("community", "社区网格"), ("village", "村网格"), ("dedicated", "专属网格")],
                    max_length=16,
                    verbose_name="工作类别",
                ),
            ),
            ("boundary", models.JSONField(null=True, verbose_name="边界（GeoJSON）")),
            (
                "datum",
                models.CharField(
                    choices=[("gcj02", "GCJ-02（国测局坐标）"), ("wgs84", "WGS-84（手机定位）")],
                    max_length=8,
                    verbose_name="边界坐标系",
                ),
            ),
            ("extent", models.TextField(blank=True, verbose_name="区域范围")),
            ("population", models.PositiveIntegerField(null=True, verbose_name="人口")),
            ("active", models.BooleanField(verbose_name="在用")),
            ("since", models.DateTimeField(verbose_name="自")),
            (
                "change",
                models.CharField(
                    choices=[
                        ("found", "原有"),
                        ("opened", "新设"),
                        ("imported", "导入"),
                        ("drawn", "调整边界"),
                        ("described", "修改名称或说明"),
                        ("merged", "合并设立"),
                        ("split", "拆分设立"),
                        ("recoded", "改码设立"),
                        ("closed", "撤销"),
                    ],
                    max_length=12,
                    verbose_name="变动",
                ),
            ),
            ("reason", models.CharField(blank=True, max_length=500, verbose_name="依据或原因")),
            (
                "user",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经手人",
                ),
            ),
        ],
        options={
            "verbose_name": "网格版本",
            "verbose_name_plural": "网格版本",
            "ordering": ("code", "-since", "-pk"),
            "indexes": [models.Index(fields=["community", "since"], name="grid_version_of_community")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("code__startswith", models.F("community"))),
                    name="grid_version_in_its_community",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("change", "closed"), _negated=True), ("active", False), _connector="OR"
                    ),
                    name="grid_version_closed_says_so",
                ),
            ],
        },
    ),
    CreateModel(
        name="GridSuccession",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("old_code", models.CharField(max_length=15, verbose_name="原编码")),
            ("new_code", models.CharField(max_length=15, verbose_name="新编码")),
            (
                "kind",
                models.CharField(
                    choices=[("merge", "并入"), ("split", "拆分为"), ("recode", "改码为")],
                    max_length=8,
                    verbose_name="方式",
                ),
            ),
            ("since", models.DateTimeField(verbose_name="自")),
        ],
        options={
            "verbose_name": "网格沿革",
            "verbose_name_plural": "网格沿革",
            "ordering": ("since", "pk"),
            "constraints": [
                models.UniqueConstraint(fields=("old_code", "new_code"), name="grid_succession_once"),
                models.UniqueConstraint(
                    condition=models.Q(("kind", "split"), _negated=True),
                    fields=("old_code",),
                    name="grid_succession_whole_has_one_heir",
                ),
                models.CheckConstraint(
                    condition=models.Q(("old_code", models.F("new_code")), _negated=True),
                    name="grid_succession_of_another",
                ),
            ],
        },
    ),
    CreateModel(
        name="GridBelonging",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.CharField(max_length=14, verbose_name="受理编号")),
            ("old_code", models.CharField(max_length=15, verbose_name="原编码")),
            ("new_code", models.CharField(db_index=True, max_length=15, verbose_name="新编码")),
        ],
        options={
            "verbose_name": "拆分归属",
            "verbose_name_plural": "拆分归属",
            "constraints": [models.UniqueConstraint(fields=("old_code", "number"), name="grid_belonging_once")],
        },
    ),
    CreateModel(
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
    CreateModel(
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
    CreateModel(
        name="Area",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "code",
                models.CharField(
                    max_length=12,
                    unique=True,
                    validators=[django.core.validators.RegexValidator("^[0-9]+\\Z", "编码只能由数字组成。")],
                    verbose_name="区划代码",
                ),
            ),
            ("name", models.CharField(max_length=64, verbose_name="名称")),
            (
                "level",
                models.CharField(
                    choices=[("district", "区县"), ("street", "街道（乡镇）"), ("community", "社区（村）")],
                    max_length=16,
                    verbose_name="级别",
                ),
            ),
            ("boundary", models.JSONField(blank=True, null=True, verbose_name="边界（GeoJSON）")),
            (
                "datum",
                models.CharField(
                    choices=[("gcj02", "GCJ-02（国测局坐标）"), ("wgs84", "WGS-84（手机定位）")],
                    default="gcj02",
                    max_length=8,
                    verbose_name="边界坐标系",
                ),
            ),
            ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="人口")),
            ("households", models.PositiveIntegerField(blank=True, null=True, verbose_name="户数")),
            ("active", models.BooleanField(default=True, verbose_name="在用")),
            ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            (
                "parent",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="children",
                    to="grids.area",
                    to_field="code",
                    verbose_name="上级区域",
                ),
            ),
        ],
        options={
            "verbose_name": "区域",
            "verbose_name_plural": "区域",
            "ordering": ("code",),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("level", "district"),
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("code"), 6),
                            ("parent__isnull", True),
                        ),
                        models.Q(
                            ("level", "street"),
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("code"), 9),
                            ("parent__isnull", False),
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("parent"), 6),
                        ),
                        models.Q(
                            ("level", "community"),
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("code"), 12),
                            ("parent__isnull", False),
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("parent"), 9),
                        ),
                        _connector="OR",
                    ),
                    name="area_code_has_the_length_of_its_level",
                    violation_error_message="代码位数要与级别一致（区县 6 位、街道 9 位、社区 12 位），并选好上一级。",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("parent__isnull", True), ("code__startswith", models.F("parent")), _connector="OR"
                    ),
                    name="area_code_begins_with_its_parent",
                    violation_error_message="代码要以上级区域的代码开头。",
                ),
            ],
        },
    ),
    CreateModel(
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
            ("ends_on", models.DateField(blank=True, help_text="最后一天；长期的留空。", null=True, verbose_name="止")),
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
    CreateModel(
        name="Grid",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "code",
                models.CharField(
                    max_length=15,
                    unique=True,
                    validators=[django.core.validators.RegexValidator("^[0-9]+\\Z", "编码只能由数字组成。")],
                    verbose_name="网格编码",
                ),
            ),
            ("name", models.CharField(max_length=64, verbose_name="名称")),
            (
                "kind",
                models.CharField(
                    choices=[("basic", "基础网格"), ("dedicated", "专属网格")],
                    default="basic",
                    max_length=16,
                    verbose_name="网格类型",
                ),
            ),
            (
                "work_class",
                models.CharField(
                    choices=[("community", "社区网格"), ("village", "村网格"), ("dedicated", "专属网格")],
                    default="community",
                    max_length=16,
                    verbose_name="工作类别",
                ),
            ),
            ("boundary", models.JSONField(blank=True, null=True, verbose_name="边界（GeoJSON）")),
            (
                "datum",
                models.CharField(
                    choices=[("gcj02", "GCJ-02（国测局坐标）"), ("wgs84", "WGS-84（手机定位）")],
                    default="gcj02",
                    max_length=8,
                    verbose_name="边界坐标系",
                ),
            ),
            (
                "extent",
                models.TextField(
                    blank=True, help_text="公示牌上的文字，如：东至平安路，南至北坪街。", verbose_name="区域范围"
                ),
            ),
            ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="人口")),
            ("supervising_phone", models.CharField(blank=True, max_length=32, verbose_name="监督电话")),
            ("active", models.BooleanField(default=True, verbose_name="在用")),
            ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            (
                "community",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="grids",
                    to="grids.area",
                    to_field="code",
                    verbose_name="所属社区（村）",
                ),
            ),
        ],
        options={
            "verbose_name": "网格",
            "verbose_name_plural": "网格",
            "ordering": ("code",),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("code__startswith", models.F("community")),
                        django.db.models.lookups.Exact(django.db.models.functions.text.Length("community"), 12),
                    ),
                    name="grid_code_begins_with_its_community",
                    violation_error_message="网格编码要以所属社区（村）的 12 位代码开头。",
                )
            ],
        },
    ),
    CreateModel(
        name="Duty",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("grid_worker", "网格员"),
                        ("red_armband", "红袖章"),
                        ("opinion_surveyor", "民调员"),
                        ("building_head", "楼栋长"),
                        ("section_head", "片区长"),
                        ("grid_head", "网格长"),
                    ],
                    default="grid_worker",
                    max_length=24,
                    verbose_name="岗位",
                ),
            ),
            (
                "phone",
                models.CharField(
                    blank=True, help_text="印在网格公示牌上的联系方式。", max_length=32, verbose_name="公示电话"
                ),
            ),
            ("starts_on", models.DateField(verbose_name="上岗日期")),
            (
                "ends_on",
                models.DateField(
                    blank=True, help_text="从这一天起不再负责；在岗的留空。", null=True, verbose_name="离岗日期"
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="duties",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="人员",
                ),
            ),
            (
                "grid",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="duties",
                    to="grids.grid",
                    verbose_name="网格",
                ),
            ),
        ],
        options={
            "verbose_name": "网格人员",
            "verbose_name_plural": "网格人员",
            "ordering": ("grid", "kind", "starts_on", "pk"),
            "indexes": [models.Index(fields=["user", "starts_on", "ends_on"], name="duty_of_person")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                    ),
                    name="duty_does_not_end_before_it_starts",
                    violation_error_message="离岗日期不能早于上岗日期。",
                )
            ],
        },
    ),
    CreateModel(
        name="TerritoryStamp",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("stamp", models.CharField(max_length=32)),
        ],
    ),
]


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("grids", "0001_initial"),
        ("grids", "0003_responsibility"),
        ("grids", "0005_households"),
    ]

    dependencies = [("accounts", "0001_tables"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [CreateModels(MODELS)]
