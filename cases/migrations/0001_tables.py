"""The tables of cases as the models say them; what stands behind them (triggers, first rows) is in the files that follow."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import CreateModel

import governance_portal.lib.crypto
from governance_portal.lib.migrating import CreateModels

MODELS = [
    CreateModel(
        name="AssessmentPlan",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "work_class",
                models.CharField(
                    choices=[("community", "社区网格"), ("village", "村网格"), ("dedicated", "专属网格")],
                    max_length=16,
                    verbose_name="工作类别",
                ),
            ),
            ("since", models.CharField(max_length=6, verbose_name="起（季度）")),
            ("until", models.CharField(blank=True, max_length=6, verbose_name="止（季度）")),
            (
                "on_time",
                models.PositiveSmallIntegerField(
                    default=0,
                    validators=[django.core.validators.MaxValueValidator(100)],
                    verbose_name="按期办结率的权重",
                ),
            ),
            (
                "at_once",
                models.PositiveSmallIntegerField(
                    default=0,
                    validators=[django.core.validators.MaxValueValidator(100)],
                    verbose_name="一次办结率的权重",
                ),
            ),
            (
                "satisfied",
                models.PositiveSmallIntegerField(
                    default=0,
                    validators=[django.core.validators.MaxValueValidator(100)],
                    verbose_name="居民满意率的权重",
                ),
            ),
            (
                "spot",
                models.PositiveSmallIntegerField(
                    default=0,
                    validators=[django.core.validators.MaxValueValidator(100)],
                    verbose_name="抽查合格率的权重",
                ),
            ),
            (
                "min_base",
                models.PositiveSmallIntegerField(
                    default=5,
                    validators=[
                        django.core.validators.MinValueValidator(3),
                        django.core.validators.MaxValueValidator(100),
                    ],
                    verbose_name="最少件数",
                ),
            ),
            ("reason", models.CharField(blank=True, max_length=200, verbose_name="修改理由")),
            ("author_name", models.CharField(blank=True, max_length=60, verbose_name="发布人")),
            ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
        ],
        options={
            "verbose_name": "考核办法",
            "verbose_name_plural": "考核办法",
            "ordering": ("work_class", "-since"),
            "constraints": [
                models.UniqueConstraint(fields=("work_class", "since"), name="assessment_plan_once"),
                models.UniqueConstraint(
                    condition=models.Q(("until", "")), fields=("work_class",), name="assessment_plan_one_open"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "on_time",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(100), "-", models.F("at_once")
                                    ),
                                    "-",
                                    models.F("satisfied"),
                                ),
                                "-",
                                models.F("spot"),
                            ),
                        )
                    ),
                    name="assessment_plan_weights_are_100",
                    violation_error_message="各项权重之和应为 100。",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("at_once__lte", 100), ("on_time__lte", 100), ("satisfied__lte", 100), ("spot__lte", 100)
                    ),
                    name="assessment_plan_weights_are_shares",
                ),
                models.CheckConstraint(
                    condition=models.Q(("min_base__gte", 3), ("min_base__lte", 100)),
                    name="assessment_plan_base_is_no_single_case",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("since__endswith", "Q1"),
                            ("since__endswith", "Q2"),
                            ("since__endswith", "Q3"),
                            ("since__endswith", "Q4"),
                            _connector="OR",
                        ),
                        ("since__gte", "2020Q1"),
                        ("since__lte", "2199Q4"),
                    ),
                    name="assessment_plan_begins_with_a_quarter",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("until", ""),
                        models.Q(
                            ("until__gte", models.F("since")),
                            models.Q(
                                ("until__endswith", "Q1"),
                                ("until__endswith", "Q2"),
                                ("until__endswith", "Q3"),
                                ("until__endswith", "Q4"),
                                _connector="OR",
                            ),
                            ("until__gte", "2020Q1"),
                            ("until__lte", "2199Q4"),
                        ),
                        _connector="OR",
                    ),
                    name="assessment_plan_ends_with_a_quarter",
                ),
            ],
        },
    ),
    CreateModel(
        name="AssessmentRound",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("quarter", models.CharField(max_length=6, verbose_name="季度")),
            (
                "work_class",
                models.CharField(
                    choices=[("community", "社区网格"), ("village", "村网格"), ("dedicated", "专属网格")],
                    max_length=16,
                    verbose_name="工作类别",
                ),
            ),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("proposed", "待计算"),
                        ("draft", "草稿"),
                        ("shown", "公示中"),
                        ("decided", "已评定"),
                        ("archived", "已归档"),
                    ],
                    default="proposed",
                    max_length=10,
                    verbose_name="进度",
                ),
            ),
            ("proposed_at", models.DateTimeField(verbose_name="提请")),
            ("computed_at", models.DateTimeField(blank=True, null=True, verbose_name="计算")),
            ("shown_at", models.DateTimeField(blank=True, null=True, verbose_name="公示")),
            ("appeal_until", models.DateTimeField(blank=True, null=True, verbose_name="申诉截止")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="评定")),
            ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="归档")),
            (
                "archived_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="归档人",
                ),
            ),
            (
                "computed_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="计算人",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="评定人",
                ),
            ),
            (
                "plan",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="rounds",
                    to="cases.assessmentplan",
                    verbose_name="考核办法",
                ),
            ),
            (
                "shown_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="公示人",
                ),
            ),
        ],
        options={
            "verbose_name": "网格考核",
            "verbose_name_plural": "网格考核",
            "ordering": ("-quarter", "work_class"),
            "constraints": [
                models.UniqueConstraint(fields=("quarter", "work_class"), name="assessment_round_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("quarter__endswith", "Q1"),
                            ("quarter__endswith", "Q2"),
                            ("quarter__endswith", "Q3"),
                            ("quarter__endswith", "Q4"),
                            _connector="OR",
                        ),
                        ("quarter__gte", "2020Q1"),
                        ("quarter__lte", "2199Q4"),
                    ),
                    name="assessment_round_of_a_quarter",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("archived_at__isnull", True),
                            ("computed_at__isnull", True),
                            ("decided_at__isnull", True),
                            ("shown_at__isnull", True),
                            ("stage__in", ("proposed",)),
                        ),
                        models.Q(
                            ("archived_at__isnull", True),
                            ("computed_at__isnull", False),
                            ("decided_at__isnull", True),
                            ("shown_at__isnull", True),
                            ("stage__in", ("draft",)),
                        ),
                        models.Q(
                            ("archived_at__isnull", True),
                            ("computed_at__isnull", False),
                            ("decided_at__isnull", True),
                            ("shown_at__isnull", False),
                            ("stage__in", ("shown",)),
                        ),
                        models.Q(
                            ("archived_at__isnull", True),
                            ("computed_at__isnull", False),
                            ("decided_at__isnull", False),
                            ("shown_at__isnull", False),
                            ("stage__in", ("decided",)),
                        ),
                        models.Q(
                            ("archived_at__isnull", False),
                            ("computed_at__isnull", False),
                            ("decided_at__isnull", False),
                            ("shown_at__isnull", False),
                            ("stage__in", ("archived",)),
                        ),
                        _connector="OR",
                    ),
                    name="assessment_round_stage_has_its_moments",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("computed_at__isnull", True),
                        models.Q(("computed_by__isnull", False), ("plan__isnull", False)),
                        _connector="OR",
                    ),
                    name="assessment_round_computed_by_a_plan",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("appeal_until__isnull", True), ("shown_at__isnull", True)),
                        ("appeal_until__gt", models.F("shown_at")),
                        _connector="OR",
                    ),
                    name="assessment_round_shown_with_time_to_appeal",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("decided_at__isnull", True),
                        models.Q(
                            ("decided_at__gte", models.F("appeal_until")),
                            models.Q(("decided_by", models.F("computed_by")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="assessment_round_decided_by_another_after_appeals",
                ),
            ],
        },
    ),
    CreateModel(
        name="GridAssessment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("grid_code", models.CharField(max_length=15, verbose_name="网格")),
            ("grid_name", models.CharField(max_length=64, verbose_name="网格名称")),
            ("version", models.PositiveSmallIntegerField(default=1, verbose_name="第几次计算")),
            ("reason", models.CharField(blank=True, max_length=500, verbose_name="更正理由")),
            (
                "total",
                models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="计算值"),
            ),
            ("sentence", models.CharField(max_length=300, verbose_name="算式")),
            ("made_at", models.DateTimeField(verbose_name="计算时间")),
            (
                "corrects",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="corrected",
                    to="cases.gridassessment",
                    verbose_name="更正的是",
                ),
            ),
            (
                "round",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="assessments",
                    to="cases.assessmentround",
                    verbose_name="考核",
                ),
            ),
        ],
        options={
            "verbose_name": "网格考核结果",
            "verbose_name_plural": "网格考核结果",
            "ordering": ("grid_code", "version"),
            "constraints": [
                models.UniqueConstraint(fields=("round", "grid_code", "version"), name="grid_assessment_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("corrects__isnull", True), ("reason", ""), ("version", 1)),
                        models.Q(
                            ("corrects__isnull", False), ("version__gt", 1), models.Q(("reason", ""), _negated=True)
                        ),
                        _connector="OR",
                    ),
                    name="grid_assessment_corrected_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("total__isnull", True), models.Q(("total__gte", 0), ("total__lte", 100)), _connector="OR"
                    ),
                    name="grid_assessment_total",
                ),
            ],
        },
    ),
    CreateModel(
        name="GridFigure",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "indicator",
                models.CharField(
                    choices=[
                        ("on_time", "按期办结率"),
                        ("at_once", "一次办结率"),
                        ("satisfied", "居民满意率"),
                        ("spot", "抽查合格率"),
                    ],
                    max_length=10,
                    verbose_name="指标",
                ),
            ),
            ("numerator", models.PositiveIntegerField(verbose_name="分子")),
            ("denominator", models.PositiveIntegerField(verbose_name="分母")),
            ("value", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="值")),
            ("weight", models.PositiveSmallIntegerField(verbose_name="权重")),
            ("sentence", models.CharField(max_length=200, verbose_name="算式")),
            ("cases", models.JSONField(default=list, verbose_name="事项")),
            (
                "assessment",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="figures",
                    to="cases.gridassessment",
                    verbose_name="结果",
                ),
            ),
        ],
        options={
            "verbose_name": "网格考核指标",
            "verbose_name_plural": "网格考核指标",
            "ordering": ("id",),
            "constraints": [
                models.UniqueConstraint(fields=("assessment", "indicator"), name="grid_figure_once"),
                models.CheckConstraint(
                    condition=models.Q(("numerator__lte", models.F("denominator"))), name="grid_figure_part_of_a_whole"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("value__isnull", True),
                        models.Q(("denominator__gt", 0), ("value__gte", 0), ("value__lte", 100)),
                        _connector="OR",
                    ),
                    name="grid_figure_value",
                ),
            ],
        },
    ),
    CreateModel(
        name="Appeal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "stage",
                models.CharField(
                    choices=[("open", "待答复"), ("answered", "待会签"), ("settled", "已办结")],
                    default="open",
                    max_length=10,
                    verbose_name="进度",
                ),
            ),
            ("words", models.TextField(verbose_name="申诉理由")),
            ("made_at", models.DateTimeField(verbose_name="提出")),
            ("answer", models.TextField(blank=True, verbose_name="答复")),
            ("upheld", models.BooleanField(blank=True, null=True, verbose_name="成立")),
            ("removed", models.JSONField(blank=True, default=list, verbose_name="不计的事项")),
            ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
            ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="会签时间")),
            (
                "answered_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="答复人",
                ),
            ),
            (
                "confirmed_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="会签人",
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="提出人",
                ),
            ),
            (
                "assessment",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="appeals",
                    to="cases.gridassessment",
                    verbose_name="结果",
                ),
            ),
            (
                "correction",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.gridassessment",
                    verbose_name="更正",
                ),
            ),
        ],
        options={
            "verbose_name": "考核申诉",
            "verbose_name_plural": "考核申诉",
            "ordering": ("made_at", "id"),
            "constraints": [
                models.UniqueConstraint(fields=("assessment", "made_by"), name="appeal_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("answered_at__isnull", True),
                            ("confirmed_at__isnull", True),
                            ("stage", "open"),
                            ("upheld__isnull", True),
                        ),
                        models.Q(
                            ("answered_at__isnull", False),
                            ("confirmed_at__isnull", True),
                            ("stage", "answered"),
                            ("upheld__isnull", False),
                        ),
                        models.Q(
                            ("answered_at__isnull", False),
                            ("confirmed_at__isnull", False),
                            ("stage", "settled"),
                            ("upheld__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="appeal_stage_has_its_moments",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("answered_at__isnull", True),
                        models.Q(
                            ("answered_by__isnull", False),
                            models.Q(("answer", ""), _negated=True),
                            models.Q(("answered_by", models.F("made_by")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="appeal_answered_by_another_with_words",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("confirmed_at__isnull", True),
                        models.Q(
                            ("confirmed_by__isnull", False),
                            models.Q(("confirmed_by", models.F("answered_by")), _negated=True),
                            models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="appeal_confirmed_by_a_third",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("correction__isnull", True), models.Q(("stage", "settled"), ("upheld", True)), _connector="OR"
                    ),
                    name="appeal_corrected_when_upheld",
                ),
            ],
        },
    ),
    CreateModel(
        name="AppealStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("made", "提出申诉"),
                        ("answered", "拟答复"),
                        ("sent_back", "会签退回"),
                        ("confirmed", "会签同意"),
                    ],
                    max_length=10,
                    verbose_name="步骤",
                ),
            ),
            ("words", models.TextField(blank=True, verbose_name="内容")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "appeal",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="steps",
                    to="cases.appeal",
                    verbose_name="申诉",
                ),
            ),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经办人",
                ),
            ),
        ],
        options={
            "verbose_name": "申诉记录",
            "verbose_name_plural": "申诉记录",
            "ordering": ("id",),
        },
    ),
    CreateModel(
        name="GridGrade",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "grade",
                models.CharField(
                    choices=[
                        ("excellent", "优秀"),
                        ("passed", "合格"),
                        ("improve", "需改进"),
                        ("too_few", "样本不足，不评定"),
                    ],
                    max_length=10,
                    verbose_name="评定",
                ),
            ),
            ("words", models.CharField(blank=True, max_length=300, verbose_name="评语")),
            ("valued", models.BooleanField(verbose_name="有计算值")),
            ("graded_at", models.DateTimeField(verbose_name="评定时间")),
            (
                "assessment",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="grade",
                    to="cases.gridassessment",
                    verbose_name="结果",
                ),
            ),
            (
                "graded_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="评定人",
                ),
            ),
        ],
        options={
            "verbose_name": "网格评定",
            "verbose_name_plural": "网格评定",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("valued", True), models.Q(("grade", "too_few"), _negated=True)),
                        models.Q(("grade__in", ("too_few", "passed")), ("valued", False)),
                        _connector="OR",
                    ),
                    name="grid_grade_few_cases_do_not_hurt",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("grade", "improve"), _negated=True),
                        models.Q(("words", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="grid_grade_to_improve_says_what",
                ),
            ],
        },
    ),
    CreateModel(
        name="Category",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
            ("name", models.CharField(max_length=60, verbose_name="名称")),
            (
                "tree",
                models.CharField(
                    choices=[
                        ("dispute", "矛盾纠纷类型"),
                        ("dispute_31000", "GB/T 31000 事件分类"),
                        ("appeal", "民生诉求"),
                        ("hazard", "安全隐患"),
                        ("grid_event", "网格事件"),
                        ("consultation", "政策咨询"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=20,
                    verbose_name="所属分类",
                ),
            ),
            (
                "kinds",
                models.CharField(
                    blank=True, help_text="事项大类代码，用空格分开；空为全部。", max_length=80, verbose_name="适用事项"
                ),
            ),
            ("mediable", models.BooleanField(default=True, verbose_name="可以调解")),
            ("pinyin", models.CharField(blank=True, max_length=60, verbose_name="拼音首字母")),
            (
                "crosswalk",
                models.CharField(
                    blank=True, help_text="GB/T 31000 事件分类的代码。", max_length=40, verbose_name="对应代码"
                ),
            ),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
            (
                "for_department",
                models.BooleanField(
                    default=False, help_text="部门职责，不得派给镇街、村（社区）；含下级类别。", verbose_name="部门事项"
                ),
            ),
            (
                "parent",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="children",
                    to="cases.category",
                    verbose_name="上级",
                ),
            ),
        ],
        options={
            "verbose_name": "事项类别",
            "verbose_name_plural": "事项类别",
            "ordering": ("code",),
        },
    ),
    CreateModel(
        name="Case",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.CharField(max_length=14, unique=True, verbose_name="受理编号")),
            ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    verbose_name="事项大类",
                ),
            ),
            (
                "procedure",
                models.CharField(
                    choices=[
                        ("ordinary", "一般"),
                        ("petition", "信访"),
                        ("mediation", "调解"),
                        ("review", "信访复查"),
                        ("recheck", "信访复核"),
                    ],
                    default="ordinary",
                    max_length=10,
                    verbose_name="程序",
                ),
            ),
            (
                "channel",
                models.CharField(
                    choices=[
                        ("window", "窗口来访"),
                        ("grid", "网格上报"),
                        ("web", "网上提交"),
                        ("hotline", "12345 热线"),
                        ("police", "110 移交"),
                        ("court", "法院委派"),
                        ("petition", "信访转送"),
                        ("department", "部门移交"),
                        ("leader", "领导交办"),
                        ("other", "其他渠道"),
                    ],
                    max_length=10,
                    verbose_name="来源渠道",
                ),
            ),
            ("title", models.CharField(max_length=120, verbose_name="标题")),
            ("description", models.TextField(verbose_name="反映事项")),
            ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
            ("confidential", models.BooleanField(default=False, verbose_name="要求保密")),
            ("willing_to_mediate", models.BooleanField(null=True, verbose_name="愿意调解")),
            ("visitor_count", models.PositiveIntegerField(default=1, verbose_name="来访人数")),
            (
                "nature",
                models.CharField(
                    blank=True,
                    choices=[("service", "服务投诉"), ("conduct", "作风投诉"), ("report", "检举控告")],
                    max_length=10,
                    verbose_name="投诉性质",
                ),
            ),
            ("address", models.CharField(blank=True, max_length=200, verbose_name="地点")),
            ("lng", models.FloatField(blank=True, null=True, verbose_name="经度")),
            ("lat", models.FloatField(blank=True, null=True, verbose_name="纬度")),
            ("datum", models.CharField(blank=True, max_length=8, verbose_name="坐标系")),
            ("foreign_source", models.CharField(blank=True, max_length=40, verbose_name="外部来源")),
            ("foreign_number", models.CharField(blank=True, max_length=60, verbose_name="外部编号")),
            ("privacy_version", models.CharField(blank=True, max_length=20, verbose_name="告知书版本")),
            (
                "status",
                models.CharField(
                    choices=[
                        ("registered", "待受理"),
                        ("incomplete", "待补正"),
                        ("declined", "不予受理"),
                        ("accepted", "待分流"),
                        ("consulting", "会商中"),
                        ("dispatched", "待签收"),
                        ("returned", "退回待改派"),
                        ("handling", "办理中"),
                        ("suspended", "暂停计时"),
                        ("supervision", "待审核"),
                        ("follow_up", "待回访"),
                        ("closed", "已办结"),
                        ("archived", "已归档"),
                        ("merged", "已并案"),
                    ],
                    max_length=12,
                    verbose_name="办理状态",
                ),
            ),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("fulfilled", "化解成功（已履行）"),
                        ("agreed", "达成协议待履行"),
                        ("partly", "部分化解"),
                        ("answered", "已答复（解释、依法不予支持）"),
                        ("guided", "未化解（已引导诉讼、仲裁、行政程序）"),
                        ("transferred", "已移送"),
                        ("withdrawn", "申请人撤回"),
                        ("terminated", "终止"),
                        ("merged", "已并案"),
                    ],
                    max_length=12,
                    verbose_name="化解结果",
                ),
            ),
            (
                "level",
                models.CharField(
                    blank=True,
                    choices=[
                        ("general", "一般（蓝）"),
                        ("major", "较大（黄）"),
                        ("serious", "重大（橙）"),
                        ("urgent", "紧急（红）"),
                    ],
                    max_length=8,
                    verbose_name="等级",
                ),
            ),
            ("area_code", models.CharField(max_length=15, verbose_name="属地")),
            ("grid_code", models.CharField(blank=True, max_length=15, verbose_name="网格")),
            ("desk_area", models.CharField(max_length=15, verbose_name="受理层级")),
            (
                "mode",
                models.CharField(
                    blank=True, choices=[("forward", "转送"), ("assign", "交办")], max_length=8, verbose_name="方式"
                ),
            ),
            ("handled_by", models.JSONField(default=list, verbose_name="经办人")),
            ("nobody_to_ask", models.BooleanField(default=False, verbose_name="无人可回访")),
            ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
            ("returns_used", models.PositiveSmallIntegerField(default=0, verbose_name="已退回次数")),
            ("designated", models.BooleanField(default=False, verbose_name="不得退回")),
            ("signed_off", models.BooleanField(default=False, verbose_name="已签发")),
            ("redo_count", models.PositiveSmallIntegerField(default=0, verbose_name="重办次数")),
            (
                "redo_request",
                models.CharField(
                    blank=True,
                    choices=[("asked", "待批复"), ("refused", "不同意，待会签")],
                    max_length=8,
                    verbose_name="再次重办",
                ),
            ),
            (
                "came_back",
                models.CharField(
                    blank=True, help_text="退回的那一步，继续办理后为空。", max_length=12, verbose_name="因何退回"
                ),
            ),
            ("unreached_days", models.JSONField(default=list, verbose_name="未接通的日子")),
            ("orders_open", models.PositiveSmallIntegerField(default=0, verbose_name="未解除的督办")),
            ("instalments_open", models.PositiveSmallIntegerField(default=0, verbose_name="待履行的期数")),
            ("query_issue", models.PositiveSmallIntegerField(default=1, verbose_name="回执次数")),
            ("status_before_merge", models.CharField(blank=True, max_length=12)),
            (
                "satisfaction",
                models.PositiveSmallIntegerField(
                    blank=True,
                    null=True,
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(5),
                    ],
                    verbose_name="满意度",
                ),
            ),
            ("resolved", models.BooleanField(blank=True, null=True, verbose_name="已解决")),
            ("rated_at", models.DateTimeField(blank=True, null=True, verbose_name="评价时间")),
            ("registered_at", models.DateTimeField(verbose_name="登记时间")),
            ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="受理时间")),
            ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="办结上报时间")),
            ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
            ("import_on_time", models.BooleanField(blank=True, null=True, verbose_name="来源标记按期")),
            ("return_until", models.DateTimeField(blank=True, null=True, verbose_name="可退回至")),
            ("window_until", models.DateTimeField(blank=True, null=True, verbose_name="可恢复或复审至")),
            ("version", models.PositiveIntegerField(default=0, verbose_name="版本")),
            ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="时限")),
            ("due_warn_at", models.DateTimeField(blank=True, null=True, verbose_name="预警时间")),
            ("due_tentative", models.BooleanField(default=False, verbose_name="暂定")),
            ("due_running", models.BooleanField(default=False, verbose_name="计时中")),
            ("late", models.BooleanField(default=False, verbose_name="已逾期过")),
            (
                "counted",
                models.CharField(
                    blank=True,
                    choices=[("open", "在办"), ("closed", "办结"), ("ended", "终结")],
                    max_length=6,
                    verbose_name="统计归属",
                ),
            ),
            ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="首轮期限")),
            ("on_time", models.BooleanField(blank=True, null=True, verbose_name="首轮按期")),
            ("handled_seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="办理秒数")),
            ("over_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
            (
                "step_clock",
                models.CharField(
                    blank=True,
                    choices=[
                        ("accept_by", "受理时限"),
                        ("dispatch_by", "分流时限"),
                        ("sign_by", "签收时限"),
                        ("contact_by", "首次联系时限"),
                        ("resolve_by", "办结时限"),
                        ("review_by", "审核时限"),
                        ("follow_up_by", "回访时限"),
                        ("order_by", "督办回复时限"),
                        ("confirmation_by", "司法确认时限"),
                        ("performance_by", "履行时限"),
                    ],
                    max_length=20,
                    verbose_name="当前时限",
                ),
            ),
            ("step_due_at", models.DateTimeField(blank=True, null=True, verbose_name="当前时限至")),
            ("step_warn_at", models.DateTimeField(blank=True, null=True, verbose_name="当前预警")),
            ("step_tentative", models.BooleanField(default=False, verbose_name="当前时限暂定")),
            (
                "complained_unit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="被投诉单位",
                ),
            ),
            (
                "first_unit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="首接单位",
                ),
            ),
            (
                "handler",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="handled_cases",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="承办人",
                ),
            ),
            (
                "lead_unit",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="led_cases",
                    to="accounts.unit",
                    verbose_name="主办单位",
                ),
            ),
            (
                "master",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="merged_cases",
                    to="cases.case",
                    verbose_name="并入",
                ),
            ),
            (
                "registered_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
            (
                "category",
                models.ForeignKey(
                    blank=True,
                    db_column="category_code",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.category",
                    to_field="code",
                    verbose_name="类别",
                ),
            ),
        ],
        options={
            "verbose_name": "事项",
            "verbose_name_plural": "事项",
            "ordering": ("-registered_at", "-id"),
            "indexes": [
                models.Index(fields=["-registered_at", "-id"], name="case_newest"),
                models.Index(fields=["status", "-registered_at", "-id"], name="case_status_newest"),
                models.Index(fields=["lead_unit", "status", "-registered_at", "-id"], name="case_unit_status"),
                models.Index(fields=["area_code", "-registered_at"], name="case_area"),
                models.Index(fields=["handler", "status"], name="case_handler"),
                models.Index(condition=models.Q(("due_running", True)), fields=["due_at"], name="case_due_running"),
                models.Index(
                    condition=models.Q(("due_running", True)), fields=["due_warn_at"], name="case_warn_running"
                ),
                models.Index(fields=["judged_at"], name="case_judged"),
                models.Index(condition=models.Q(("counted", "open")), fields=["counted"], name="case_open"),
                models.Index(fields=["accepted_at"], name="case_accepted"),
                models.Index(fields=["closed_at"], name="case_closed"),
                models.Index(
                    condition=models.Q(("came_back", ""), _negated=True), fields=["came_back"], name="case_sent_back"
                ),
                models.Index(
                    condition=models.Q(("orders_open__gt", 0)), fields=["orders_open"], name="case_under_orders"
                ),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "status__in",
                            [
                                "registered",
                                "incomplete",
                                "declined",
                                "accepted",
                                "consulting",
                                "dispatched",
                                "returned",
                                "handling",
                                "suspended",
                                "supervision",
                                "follow_up",
                                "closed",
                                "archived",
                                "merged",
                            ],
                        )
                    ),
                    name="case_status_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["appeal", "consultation", "dispute", "hazard", "suggestion"])),
                    name="case_kind_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                    ),
                    name="case_satisfaction_range",
                ),
                models.CheckConstraint(condition=models.Q(("returns_used__lte", 1)), name="case_returned_once_at_most"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("master__isnull", False), ("status", "merged")),
                        models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            models.Q(("status", "archived"), _negated=True),
                            ("master__isnull", True),
                        ),
                        ("status", "archived"),
                        _connector="OR",
                    ),
                    name="case_merged_has_master",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("master__isnull", True), models.Q(("master", models.F("id")), _negated=True), _connector="OR"
                    ),
                    name="case_not_its_own_master",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("foreign_number", ""), _negated=True),
                    fields=("foreign_source", "foreign_number"),
                    name="case_foreign_number_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="Assisting",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "unit",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"),
            ),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="assisting_rows",
                    to="cases.case",
                ),
            ),
        ],
        options={
            "verbose_name": "协办单位",
            "verbose_name_plural": "协办单位",
            "constraints": [models.UniqueConstraint(fields=("case", "unit"), name="assisting_once")],
        },
    ),
    CreateModel(
        name="Party",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            (
                "side",
                models.CharField(
                    choices=[("reporter", "来访人"), ("other", "对方")], max_length=10, verbose_name="一方"
                ),
            ),
            (
                "role",
                models.CharField(
                    choices=[
                        ("person", "本人"),
                        ("representative", "推选代表"),
                        ("principal", "委托人"),
                        ("agent", "代办人"),
                        ("organisation", "单位"),
                    ],
                    default="person",
                    max_length=20,
                    verbose_name="身份",
                ),
            ),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="序号")),
            ("contact", governance_portal.lib.crypto.SealedJSONField()),
            ("phone_index", models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
            ("id_index", models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
            (
                "case",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="parties", to="cases.case"
                ),
            ),
        ],
        options={
            "verbose_name": "当事人",
            "verbose_name_plural": "当事人",
            "ordering": ("side", "position"),
            "constraints": [models.UniqueConstraint(fields=("case", "side", "position"), name="party_position_once")],
        },
    ),
    CreateModel(
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
            "indexes": [
                models.Index(fields=["state", "folded_into", "received_at"], name="held_shown"),
                models.Index(fields=["state", "source"], name="held_of_source"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True), fields=("client_id",), name="held_sent_once"
                ),
                models.CheckConstraint(
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
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "discarded"), models.Q(("discarded", ""), _negated=True)),
                        models.Q(models.Q(("state", "discarded"), _negated=True), ("discarded", "")),
                        _connector="OR",
                    ),
                    name="held_discarded_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("case__isnull", False), ("state", "released")),
                        models.Q(models.Q(("state", "released"), _negated=True), ("case__isnull", True)),
                        _connector="OR",
                    ),
                    name="held_released_as_a_case",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "waiting"), _negated=True), ("content__isnull", False), _connector="OR"
                    ),
                    name="held_waiting_is_whole",
                ),
            ],
        },
    ),
    CreateModel(
        name="Attachment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("name", models.CharField(max_length=120, verbose_name="文件名")),
            ("mime", models.CharField(max_length=80, verbose_name="类型")),
            ("size", models.PositiveIntegerField(verbose_name="大小（字节）")),
            ("sha256", models.CharField(max_length=64)),
            ("path", models.CharField(max_length=120, unique=True)),
            ("purpose", models.CharField(blank=True, max_length=40, verbose_name="用途")),
            ("public", models.BooleanField(default=False, verbose_name="居民可见")),
            ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
            (
                "uploaded_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="上传人",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="attachments",
                    to="cases.case",
                ),
            ),
            (
                "held",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="attachments",
                    to="cases.heldreport",
                ),
            ),
        ],
        options={
            "verbose_name": "附件",
            "verbose_name_plural": "附件",
            "ordering": ("uploaded_at", "id"),
        },
    ),
    CreateModel(
        name="Bulletin",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=12, verbose_name="区划")),
            (
                "kind",
                models.CharField(
                    choices=[("month", "月报"), ("quarter", "季报"), ("year", "年报")],
                    max_length=8,
                    verbose_name="种类",
                ),
            ),
            ("period", models.CharField(help_text="2026-10、2026Q3、2026", max_length=7, verbose_name="期间")),
            ("first", models.DateField(verbose_name="起")),
            ("last", models.DateField(verbose_name="止")),
            ("version", models.PositiveIntegerField(default=1, verbose_name="第几次制表")),
            ("made_at", models.DateTimeField(verbose_name="制表时间")),
            (
                "state",
                models.CharField(
                    choices=[("draft", "草稿"), ("signed", "已签发")],
                    default="draft",
                    max_length=8,
                    verbose_name="进度",
                ),
            ),
            ("number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
            ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
            ("document", models.JSONField(blank=True, null=True, verbose_name="签发的全文")),
            (
                "signed_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="签发人",
                ),
            ),
        ],
        options={
            "verbose_name": "工作报告",
            "verbose_name_plural": "工作报告",
            "ordering": ("-last", "kind", "area_code"),
            "constraints": [
                models.UniqueConstraint(fields=("area_code", "kind", "period"), name="bulletin_once"),
                models.CheckConstraint(
                    condition=models.Q(("first__lte", models.F("last"))), name="bulletin_days_in_order"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("document__isnull", True),
                            ("signed_at__isnull", True),
                            ("signed_by__isnull", True),
                            ("state", "draft"),
                        ),
                        models.Q(
                            ("document__isnull", False),
                            ("signed_at__isnull", False),
                            ("signed_by__isnull", False),
                            ("state", "signed"),
                        ),
                        _connector="OR",
                    ),
                    name="bulletin_signed_is_whole",
                ),
            ],
        },
    ),
    CreateModel(
        name="BulletinVersion",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("version", models.PositiveIntegerField(verbose_name="第几次制表")),
            ("figures", models.JSONField(verbose_name="数字")),
            ("made_at", models.DateTimeField(verbose_name="制表时间")),
            (
                "bulletin",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="versions",
                    to="cases.bulletin",
                    verbose_name="报告",
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="制表人",
                ),
            ),
        ],
        options={
            "verbose_name": "报告的数字",
            "verbose_name_plural": "报告的数字",
            "ordering": ("bulletin", "version"),
            "constraints": [models.UniqueConstraint(fields=("bulletin", "version"), name="bulletin_version_once")],
        },
    ),
    CreateModel(
        name="BulletinText",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "section",
                models.CharField(
                    choices=[
                        ("overview", "总体情况"),
                        ("fields", "事项数量和涉及领域"),
                        ("complained", "被投诉较多的单位"),
                        ("handling", "转送、交办、督办"),
                        ("mediation", "人民调解"),
                        ("quality", "办理时效和满意度"),
                        ("hot", "热点事项"),
                        ("hazards", "隐患和排查"),
                        ("advice", "意见建议和采纳情况"),
                    ],
                    max_length=12,
                    verbose_name="部分",
                ),
            ),
            ("words", models.TextField(verbose_name="内容")),
            ("linked", models.JSONField(default=dict, verbose_name="所见数字")),
            ("written_at", models.DateTimeField(verbose_name="修改时间")),
            (
                "bulletin",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="texts",
                    to="cases.bulletin",
                    verbose_name="报告",
                ),
            ),
            (
                "written_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="修改人",
                ),
            ),
        ],
        options={
            "verbose_name": "报告的段落",
            "verbose_name_plural": "报告的段落",
            "ordering": ("bulletin", "section"),
            "constraints": [models.UniqueConstraint(fields=("bulletin", "section"), name="bulletin_text_once")],
        },
    ),
    CreateModel(
        name="BulletinCorrection",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("words", models.TextField(verbose_name="更正内容")),
            ("made_at", models.DateTimeField(verbose_name="更正时间")),
            (
                "bulletin",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="corrections",
                    to="cases.bulletin",
                    verbose_name="报告",
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="更正人",
                ),
            ),
        ],
        options={
            "verbose_name": "报告的更正",
            "verbose_name_plural": "报告的更正",
            "ordering": ("bulletin", "id"),
        },
    ),
    CreateModel(
        name="BulletinAsk",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("area_code", models.CharField(max_length=12, verbose_name="区划")),
            ("period", models.CharField(max_length=7, verbose_name="期间")),
            ("done", models.PositiveSmallIntegerField(default=0, verbose_name="已统计")),
            ("total", models.PositiveSmallIntegerField(default=1, verbose_name="共")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "排队中"),
                        ("running", "正在统计"),
                        ("done", "已写好"),
                        ("failed", "没有写成"),
                    ],
                    default="waiting",
                    max_length=8,
                    verbose_name="进度",
                ),
            ),
            ("asked_at", models.DateTimeField(verbose_name="提出")),
            ("leased_until", models.DateTimeField(blank=True, null=True)),
            ("finished_at", models.DateTimeField(blank=True, null=True)),
            (
                "bulletin",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.bulletin"
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "制表任务",
            "verbose_name_plural": "制表任务",
            "ordering": ("-pk",),
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("state__in", ("waiting", "running"))),
                    fields=("area_code", "period"),
                    name="bulletin_ask_once_at_a_time",
                )
            ],
        },
    ),
    CreateModel(
        name="CarePlan",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("area_code", models.CharField(max_length=12, verbose_name="社区")),
            ("contact", governance_portal.lib.crypto.SealedJSONField(null=True)),
            (
                "consent_by",
                models.CharField(
                    choices=[("self", "本人"), ("guardian", "监护人代为同意")], max_length=8, verbose_name="同意人"
                ),
            ),
            ("consent_on", models.DateField(verbose_name="同意日期")),
            ("consent_version", models.CharField(max_length=20, verbose_name="告知内容版本")),
            ("interval_days", models.PositiveSmallIntegerField(default=30, verbose_name="间隔（天）")),
            ("next_on", models.DateField(blank=True, null=True, verbose_name="下次探访")),
            ("last_on", models.DateField(blank=True, null=True, verbose_name="上次探访")),
            (
                "last_role",
                models.CharField(
                    blank=True,
                    choices=[
                        ("party_head", "党小组长"),
                        ("building_head", "栋长"),
                        ("health", "卫生员"),
                        ("security", "治安员"),
                        ("property", "物管员"),
                        ("mediator", "调解员"),
                    ],
                    max_length=14,
                    verbose_name="上次由谁",
                ),
            ),
            ("told_for", models.DateField(blank=True, null=True, verbose_name="到期已提醒")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束")),
            (
                "ended_why",
                models.CharField(
                    blank=True,
                    choices=[("revoked", "撤回同意"), ("over", "不再需要")],
                    max_length=8,
                    verbose_name="结束原因",
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
        ],
        options={
            "verbose_name": "探访计划",
            "verbose_name_plural": "探访计划",
            "ordering": ("next_on", "id"),
            "indexes": [models.Index(fields=["area_code", "next_on"], name="care_plan_due")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("interval_days__gte", 7), ("interval_days__lte", 31)),
                    name="care_plan_at_least_monthly",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("contact__isnull", False),
                            ("ended_on__isnull", True),
                            ("ended_why", ""),
                            ("next_on__isnull", False),
                        ),
                        models.Q(
                            ("client_id", ""),
                            ("contact__isnull", True),
                            ("ended_on__isnull", False),
                            ("last_role", ""),
                            ("next_on__isnull", True),
                            models.Q(("ended_why", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="care_plan_forgets_when_it_ends",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="care_plan_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="CareVisitor",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=12, verbose_name="社区")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("party_head", "党小组长"),
                        ("building_head", "栋长"),
                        ("health", "卫生员"),
                        ("security", "治安员"),
                        ("property", "物管员"),
                        ("mediator", "调解员"),
                    ],
                    max_length=14,
                    verbose_name="角色",
                ),
            ),
            ("name", models.CharField(max_length=40, verbose_name="姓名")),
            (
                "user",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="账号",
                ),
            ),
        ],
        options={
            "verbose_name": "探访人员",
            "verbose_name_plural": "探访人员",
            "ordering": ("area_code", "id"),
            "constraints": [models.UniqueConstraint(fields=("area_code", "role"), name="care_visitor_one_for_a_role")],
        },
    ),
    CreateModel(
        name="CareVisit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("day", models.DateField(verbose_name="日期")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("party_head", "党小组长"),
                        ("building_head", "栋长"),
                        ("health", "卫生员"),
                        ("security", "治安员"),
                        ("property", "物管员"),
                        ("mediator", "调解员"),
                    ],
                    max_length=14,
                    verbose_name="谁去的",
                ),
            ),
            (
                "found",
                models.CharField(
                    choices=[("well", "安好"), ("help", "需帮助"), ("refer", "转介")], max_length=6, verbose_name="情况"
                ),
            ),
            ("said", governance_portal.lib.crypto.SealedJSONField(null=True)),
            ("settled", models.BooleanField(default=False, verbose_name="当面已经解决")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
            (
                "plan",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="visits",
                    to="cases.careplan",
                    verbose_name="计划",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
        ],
        options={
            "verbose_name": "探访记录",
            "verbose_name_plural": "探访记录",
            "ordering": ("-day", "-id"),
            "constraints": [
                models.UniqueConstraint(fields=("plan", "day"), name="care_visit_once_a_day"),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="care_visit_sent_once",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("case__isnull", True), models.Q(("found", "well"), _negated=True), _connector="OR"
                    ),
                    name="care_visit_case_for_a_need",
                ),
            ],
        },
    ),
    CreateModel(
        name="HelpReferral",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("number", models.CharField(max_length=14, unique=True, verbose_name="转介编号")),
            ("area_code", models.CharField(max_length=15, verbose_name="属地")),
            (
                "need",
                models.CharField(
                    choices=[
                        ("living", "生活救助"),
                        ("work", "就业"),
                        ("mind", "心理"),
                        ("law", "法律"),
                        ("medical", "医疗"),
                    ],
                    max_length=8,
                    verbose_name="需要",
                ),
            ),
            (
                "ground",
                models.CharField(
                    choices=[("request", "本人提出"), ("case", "办理事项时提出"), ("visit", "探访时提出")],
                    max_length=8,
                    verbose_name="从哪里来",
                ),
            ),
            ("content", governance_portal.lib.crypto.SealedJSONField(null=True)),
            ("answer", governance_portal.lib.crypto.SealedJSONField(null=True)),
            (
                "consent",
                models.CharField(
                    choices=[("person", "本人同意"), ("emergency", "紧急情况，先转介后告知")],
                    max_length=10,
                    verbose_name="依据",
                ),
            ),
            ("consent_on", models.DateField(verbose_name="同意日期")),
            ("consent_version", models.CharField(max_length=20, verbose_name="告知内容版本")),
            ("renewals", models.PositiveSmallIntegerField(default=0, verbose_name="续期次数")),
            ("opened_on", models.DateField(verbose_name="转介日期")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            (
                "state",
                models.CharField(
                    choices=[("opened", "等待接收"), ("accepted", "正在帮扶"), ("closed", "已结束")],
                    default="opened",
                    max_length=8,
                    verbose_name="状态",
                ),
            ),
            ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束")),
            (
                "end",
                models.CharField(
                    blank=True,
                    choices=[
                        ("helped", "已得到帮助"),
                        ("elsewhere", "已告知到别处办理"),
                        ("not_wanted", "本人不需要了"),
                        ("by_person", "本人结束"),
                        ("expired", "满 90 天到期"),
                    ],
                    max_length=10,
                    verbose_name="结果",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "officer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="接收人",
                ),
            ),
            (
                "opened_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="转介人",
                ),
            ),
            (
                "opened_from",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="转介单位",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="接收单位",
                ),
            ),
            (
                "visit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="helps",
                    to="cases.carevisit",
                    verbose_name="探访",
                ),
            ),
        ],
        options={
            "verbose_name": "困难帮扶转介",
            "verbose_name_plural": "困难帮扶转介",
            "ordering": ("-opened_on", "-id"),
            "indexes": [models.Index(fields=["consent_on"], name="help_expires")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("content__isnull", False),
                            ("end", ""),
                            ("ended_on__isnull", True),
                            models.Q(("state", "closed"), _negated=True),
                        ),
                        models.Q(
                            ("case__isnull", True),
                            ("content__isnull", True),
                            ("ended_on__isnull", False),
                            ("state", "closed"),
                            models.Q(("end", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="help_forgets_when_it_ends",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ground", "case"), _negated=True),
                        ("case__isnull", False),
                        ("ended_on__isnull", False),
                        _connector="OR",
                    ),
                    name="help_from_a_case_names_it",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("opened_by", "client_id"),
                    name="help_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="Wish",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("area_code", models.CharField(max_length=12, verbose_name="社区")),
            ("what", models.CharField(max_length=200, verbose_name="心愿")),
            (
                "heard_at",
                models.CharField(
                    choices=[
                        ("round", "走访"),
                        ("office", "来社区说的"),
                        ("call", "来电"),
                        ("council", "议事会"),
                        ("online", "网上留言"),
                    ],
                    max_length=8,
                    verbose_name="从哪里听到",
                ),
            ),
            ("heard_on", models.DateField(verbose_name="哪天")),
            ("due_on", models.DateField(verbose_name="何时办好")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("open", "待办"),
                        ("doing", "在办"),
                        ("done", "已销账"),
                        ("not_possible", "办不了，已说明"),
                    ],
                    default="open",
                    max_length=12,
                    verbose_name="状态",
                ),
            ),
            (
                "agreed",
                models.CharField(
                    choices=[
                        ("unasked", "还没有问"),
                        ("yes", "同意公示"),
                        ("no", "不同意公示"),
                        ("nobody", "大家的事，看不出是谁提的"),
                    ],
                    default="unasked",
                    max_length=8,
                    verbose_name="公示",
                ),
            ),
            ("published_on", models.DateField(blank=True, null=True, verbose_name="公示日期")),
            ("ended_on", models.DateField(blank=True, null=True, verbose_name="办结")),
            ("result", models.CharField(blank=True, max_length=500, verbose_name="结果")),
            ("told_for", models.DateField(blank=True, null=True, verbose_name="到期已提醒")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            (
                "case",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="wish",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="责任人",
                ),
            ),
            (
                "published_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="同意公示的负责人",
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
            "verbose_name": "民心台账",
            "verbose_name_plural": "民心台账",
            "ordering": ("due_on", "id"),
            "indexes": [models.Index(fields=["area_code", "state", "due_on"], name="wish_of_area")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("published_by__isnull", True), ("published_on__isnull", True)),
                        models.Q(
                            ("agreed__in", ("yes", "nobody")),
                            ("published_by__isnull", False),
                            ("published_on__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="wish_public_when_agreed",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_on__isnull", True), ("result", ""), ("state__in", ("open", "doing"))),
                        models.Q(
                            ("ended_on__isnull", False),
                            ("state__in", ("done", "not_possible")),
                            models.Q(("result", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="wish_ends_with_a_result",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="wish_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="CouncilMeeting",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=12, verbose_name="社区")),
            ("title", models.CharField(max_length=100, verbose_name="会议")),
            ("day", models.DateField(verbose_name="日期")),
            ("place", models.CharField(max_length=120, verbose_name="地点")),
            ("attendance", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="到会人数")),
            ("minutes", models.TextField(blank=True, verbose_name="纪要")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            ("signed_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="召集登记人",
                ),
            ),
            (
                "signed_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="签发人",
                ),
            ),
        ],
        options={
            "verbose_name": "议事会",
            "verbose_name_plural": "议事会",
            "ordering": ("-day", "-id"),
            "indexes": [models.Index(fields=["area_code", "day"], name="council_of_area")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("signed_by__isnull", True), ("signed_on__isnull", True)),
                        models.Q(
                            ("attendance__gte", 1),
                            ("signed_by__isnull", False),
                            ("signed_on__isnull", False),
                            models.Q(("minutes", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="council_signed_when_whole",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="council_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="CouncilTopic",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=12, verbose_name="社区")),
            ("title", models.CharField(max_length=100, verbose_name="议题")),
            ("what", models.TextField(blank=True, verbose_name="说明")),
            ("raised_on", models.DateField(verbose_name="提出日期")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
            (
                "meeting",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="topics",
                    to="cases.councilmeeting",
                    verbose_name="会议",
                ),
            ),
            (
                "wish",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="topics",
                    to="cases.wish",
                    verbose_name="民心台账",
                ),
            ),
        ],
        options={
            "verbose_name": "议题",
            "verbose_name_plural": "议题",
            "ordering": ("-raised_on", "-id"),
            "indexes": [models.Index(fields=["area_code", "raised_on"], name="topic_of_area")],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="topic_sent_once",
                )
            ],
        },
    ),
    CreateModel(
        name="TopicWord",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("residents", "居民议事"),
                        ("grid", "网格议事"),
                        ("meeting", "会议定事"),
                        ("joint", "联动办事"),
                    ],
                    max_length=10,
                    verbose_name="哪一步",
                ),
            ),
            ("day", models.DateField(verbose_name="日期")),
            ("people", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="几个人")),
            ("text", models.TextField(verbose_name="意见")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
            (
                "topic",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="words",
                    to="cases.counciltopic",
                    verbose_name="议题",
                ),
            ),
        ],
        options={
            "verbose_name": "议题意见",
            "verbose_name_plural": "议题意见",
            "ordering": ("day", "id"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("stage__in", ("residents", "grid"))), name="topic_word_before_the_meeting"
                )
            ],
        },
    ),
    CreateModel(
        name="CouncilDecision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("what", models.CharField(max_length=300, verbose_name="决定")),
            ("due_on", models.DateField(verbose_name="期限")),
            ("done_on", models.DateField(blank=True, null=True, verbose_name="办成")),
            ("result", models.CharField(blank=True, max_length=500, verbose_name="结果")),
            (
                "case",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="decision",
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
            (
                "meeting",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="decisions",
                    to="cases.councilmeeting",
                    verbose_name="会议",
                ),
            ),
            (
                "topic",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="decisions",
                    to="cases.counciltopic",
                    verbose_name="议题",
                ),
            ),
        ],
        options={
            "verbose_name": "会议决定",
            "verbose_name_plural": "会议决定",
            "ordering": ("id",),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("done_on__isnull", True), ("result", "")),
                        models.Q(("done_on__isnull", False), models.Q(("result", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="decision_done_with_a_result",
                )
            ],
        },
    ),
    CreateModel(
        name="CrowdRules",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "hot_count",
                models.PositiveSmallIntegerField(
                    default=3,
                    help_text="同一网格（没有网格的按社区）、同一类别的登记件数；《北京市接诉即办工作条例》第二十四至二十六条：高频、共性问题专题治理。",
                    validators=[
                        django.core.validators.MinValueValidator(2),
                        django.core.validators.MaxValueValidator(100),
                    ],
                    verbose_name="几件算热点",
                ),
            ),
            (
                "hot_days",
                models.PositiveSmallIntegerField(
                    default=7,
                    help_text="自然日。",
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(90),
                    ],
                    verbose_name="几天之内",
                ),
            ),
            (
                "repeat_days",
                models.PositiveSmallIntegerField(
                    default=365,
                    help_text="一字不差的不受此限。",
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(3650),
                    ],
                    verbose_name="可能重复往前找几天",
                ),
            ),
        ],
        options={
            "verbose_name": "重复和热点规则",
            "verbose_name_plural": "重复和热点规则",
            "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="crowd_rules_one_row")],
        },
    ),
    CreateModel(
        name="TextTrace",
        fields=[
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to="cases.case",
                ),
            ),
            ("exact", models.CharField(blank=True, db_index=True, max_length=32)),
            ("keys", models.BinaryField()),
        ],
        options={
            "verbose_name": "文字指纹",
            "verbose_name_plural": "文字指纹",
        },
    ),
    CreateModel(
        name="TraceKey",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "key", "case_id", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("key", models.BigIntegerField()),
            (
                "case",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                ),
            ),
        ],
        options={
            "verbose_name": "指纹键",
            "verbose_name_plural": "指纹键",
        },
    ),
    CreateModel(
        name="MayRepeat",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("reasons", models.JSONField(default=list, verbose_name="理由")),
            ("evidence", models.PositiveSmallIntegerField(default=0, verbose_name="依据")),
            ("exact", models.BooleanField(default=False, verbose_name="一字不差")),
            ("same_people", models.BooleanField(default=False, verbose_name="同人")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("open", "待确认"),
                        ("merged", "已并案"),
                        ("linked", "已关联"),
                        ("dismissed", "不是同一事项"),
                    ],
                    default="open",
                    max_length=10,
                    verbose_name="决定",
                ),
            ),
            ("made_at", models.DateTimeField(verbose_name="提示时间")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="理由")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="may_repeat",
                    to="cases.case",
                    verbose_name="后来的",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="决定人",
                ),
            ),
            (
                "other",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="cases.case",
                    verbose_name="先来的",
                ),
            ),
        ],
        options={
            "verbose_name": "可能重复",
            "verbose_name_plural": "可能重复",
            "indexes": [
                models.Index(condition=models.Q(("state", "open")), fields=["-made_at"], name="may_repeat_waits")
            ],
            "constraints": [
                models.UniqueConstraint(fields=("case", "other"), name="may_repeat_once"),
                models.CheckConstraint(
                    condition=models.Q(("case", models.F("other")), _negated=True), name="may_repeat_of_another"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("decided_at__isnull", True), ("state", "open")),
                        models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="may_repeat_decided_when",
                ),
            ],
        },
    ),
    CreateModel(
        name="HotDismissal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("place", models.CharField(max_length=15, verbose_name="地点代码")),
            ("category_code", models.CharField(max_length=20, verbose_name="类别代码")),
            ("count", models.PositiveIntegerField(verbose_name="当时几件")),
            ("reason", models.CharField(max_length=200, verbose_name="理由")),
            ("dismissed_at", models.DateTimeField(verbose_name="时间")),
            (
                "dismissed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="谁",
                ),
            ),
        ],
        options={
            "verbose_name": "不作热点",
            "verbose_name_plural": "不作热点",
            "constraints": [models.UniqueConstraint(fields=("place", "category_code"), name="hot_dismissed_once")],
        },
    ),
    CreateModel(
        name="Crowd",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=60, verbose_name="名称")),
            ("measure", models.CharField(default="项", max_length=4, verbose_name="子项的量词")),
            ("since", models.DateTimeField(verbose_name="自")),
            ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="crowd",
                    to="cases.case",
                    verbose_name="主件",
                ),
            ),
        ],
        options={
            "verbose_name": "共性诉求",
            "verbose_name_plural": "共性诉求",
        },
    ),
    CreateModel(
        name="SubItem",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("position", models.PositiveIntegerField(verbose_name="序号")),
            ("place", models.CharField(max_length=60, verbose_name="地点")),
            ("what", models.CharField(max_length=120, verbose_name="内容")),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
            ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="sub_items",
                    to="cases.case",
                    verbose_name="主件",
                ),
            ),
        ],
        options={
            "verbose_name": "子项",
            "verbose_name_plural": "子项",
            "ordering": ("position",),
            "constraints": [
                models.UniqueConstraint(fields=("case", "position"), name="sub_item_position_once"),
                models.UniqueConstraint(
                    condition=models.Q(("dropped_at__isnull", True)),
                    fields=("case", "place", "what"),
                    name="sub_item_once",
                ),
                models.CheckConstraint(
                    condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                    name="sub_item_done_or_dropped",
                ),
            ],
        },
    ),
    CreateModel(
        name="DispatchLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "category_code",
                models.CharField(
                    blank=True, help_text="含下级；空为全部类别。", max_length=20, verbose_name="类别代码"
                ),
            ),
            (
                "area_code",
                models.CharField(
                    blank=True,
                    help_text="含下级；空为全区。",
                    max_length=15,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[0-9]{6}([0-9]{3}){0,3}$", "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"
                        )
                    ],
                    verbose_name="区划代码",
                ),
            ),
            ("version", models.PositiveIntegerField(editable=False, verbose_name="版本")),
            ("unit_code", models.CharField(blank=True, max_length=32, verbose_name="主办单位代码")),
            ("unit_name", models.CharField(blank=True, max_length=80, verbose_name="主办单位")),
            (
                "withdrawn",
                models.BooleanField(default=False, help_text="自生效日起，这一行不再适用。", verbose_name="撤销本行"),
            ),
            ("source", models.CharField(help_text="文件名称、文号。", max_length=120, verbose_name="依据")),
            ("effective_on", models.DateField(verbose_name="生效日")),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ("author_name", models.CharField(editable=False, max_length=60, verbose_name="发布人")),
            ("published_at", models.DateTimeField(editable=False, verbose_name="发布时间")),
            (
                "author",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "verbose_name": "派单目录",
            "verbose_name_plural": "派单目录",
            "ordering": ("category_code", "area_code", "-version"),
            "constraints": [
                models.UniqueConstraint(fields=("category_code", "area_code", "version"), name="dispatch_version_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("withdrawn", True), models.Q(("unit_code", ""), _negated=True), _connector="OR"
                    ),
                    name="dispatch_line_names_a_unit_or_ends",
                ),
            ],
        },
    ),
    CreateModel(
        name="CannedAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("title", models.CharField(max_length=40, verbose_name="名称")),
            ("move", models.CharField(max_length=24, verbose_name="步骤")),
            ("field", models.CharField(max_length=40, verbose_name="填写项")),
            (
                "category_code",
                models.CharField(
                    blank=True, help_text="含下级；空为全部类别。", max_length=20, verbose_name="类别代码"
                ),
            ),
            ("text", models.TextField(help_text="〔 〕里的内容由使用人改写。", max_length=2000, verbose_name="正文")),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
            ("position", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
        ],
        options={
            "verbose_name": "常用答复",
            "verbose_name_plural": "常用答复",
            "ordering": ("move", "field", "category_code", "position", "id"),
            "constraints": [
                models.UniqueConstraint(fields=("move", "field", "category_code", "title"), name="canned_answer_once")
            ],
        },
    ),
    CreateModel(
        name="Event",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("seq", models.PositiveIntegerField(verbose_name="序号")),
            ("kind", models.CharField(max_length=24, verbose_name="动作")),
            ("actor_name", models.CharField(max_length=60, verbose_name="办理人")),
            ("actor_role", models.CharField(blank=True, max_length=30, verbose_name="岗位")),
            ("actor_unit", models.CharField(blank=True, max_length=80, verbose_name="单位")),
            ("acting_for", models.CharField(blank=True, max_length=60, verbose_name="代")),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
            ("status_before", models.CharField(blank=True, max_length=12)),
            ("status_after", models.CharField(max_length=12)),
            ("data", models.JSONField(default=dict)),
            ("prev_hash", models.CharField(blank=True, max_length=64)),
            ("hash", models.CharField(max_length=64)),
            (
                "actor",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.case"
                ),
            ),
        ],
        options={
            "verbose_name": "办理记录",
            "verbose_name_plural": "办理记录",
            "ordering": ("case_id", "seq"),
            "constraints": [models.UniqueConstraint(fields=("case", "seq"), name="event_seq_once")],
        },
    ),
    CreateModel(
        name="Outbox",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("created_at", models.DateTimeField()),
            ("claimed_until", models.DateTimeField(blank=True, null=True)),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
            ("sent_at", models.DateTimeField(blank=True, null=True)),
            (
                "event",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="outbox", to="cases.event"
                ),
            ),
        ],
        options={
            "verbose_name": "待发通知",
            "verbose_name_plural": "待发通知",
            "indexes": [
                models.Index(condition=models.Q(("sent_at__isnull", True)), fields=["id"], name="outbox_waiting")
            ],
        },
    ),
    CreateModel(
        name="Submission",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("sender", models.CharField(max_length=40)),
            ("client_id", models.CharField(max_length=64)),
            ("digest", models.CharField(max_length=64)),
            ("version", models.PositiveIntegerField()),
            ("created_at", models.DateTimeField()),
            ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case")),
        ],
        options={
            "verbose_name": "已处理的提交",
            "verbose_name_plural": "已处理的提交",
            "constraints": [models.UniqueConstraint(fields=("sender", "client_id"), name="submission_once")],
        },
    ),
    CreateModel(
        name="FollowUpPolicy",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "circumstance",
                models.CharField(
                    blank=True,
                    choices=[
                        ("complaint", "投诉件"),
                        ("ordered", "被督办"),
                        ("repeated", "重复反映"),
                        ("redone", "已重办"),
                        ("nobody", "无诉求人"),
                        ("anonymous", "匿名"),
                    ],
                    max_length=12,
                    verbose_name="情形",
                ),
            ),
            (
                "procedure",
                models.CharField(
                    blank=True,
                    choices=[
                        ("ordinary", "一般"),
                        ("petition", "信访"),
                        ("mediation", "调解"),
                        ("review", "信访复查"),
                        ("recheck", "信访复核"),
                    ],
                    max_length=10,
                    verbose_name="程序",
                ),
            ),
            (
                "kind",
                models.CharField(
                    blank=True,
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    verbose_name="事项大类",
                ),
            ),
            (
                "settled",
                models.CharField(
                    blank=True,
                    choices=[("checked", "经审核办结"), ("on_spot", "当场办结"), ("self_settled", "网格自办自结")],
                    max_length=12,
                    verbose_name="办结方式",
                ),
            ),
            (
                "share",
                models.PositiveSmallIntegerField(
                    help_text="100 为必访，0 为不访，其余按受理编号抽取。",
                    validators=[
                        django.core.validators.MinValueValidator(0),
                        django.core.validators.MaxValueValidator(100),
                    ],
                    verbose_name="回访比例（%）",
                ),
            ),
            (
                "rate_days",
                models.PositiveSmallIntegerField(
                    default=2, help_text="未抽中的，满这些天由系统办结。", verbose_name="等候自评（工作日）"
                ),
            ),
            (
                "approve_by_clock",
                models.BooleanField(default=False, help_text="隐患除外；一般不开。", verbose_name="由系统审核通过"),
            ),
            ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ("valid_from", models.DateField(default="2020-01-01", verbose_name="起")),
            ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
        ],
        options={
            "verbose_name": "回访规定",
            "verbose_name_plural": "回访规定",
            "ordering": ("-circumstance", "-procedure", "kind", "settled", "valid_from"),
            "constraints": [
                models.UniqueConstraint(
                    fields=("circumstance", "procedure", "kind", "settled", "valid_from"), name="follow_up_policy_once"
                ),
                models.CheckConstraint(condition=models.Q(("share__lte", 100)), name="follow_up_policy_share"),
            ],
        },
    ),
    CreateModel(
        name="FollowUp",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
            ("opened_at", models.DateTimeField(verbose_name="进入回访")),
            (
                "settled",
                models.CharField(
                    choices=[("checked", "经审核办结"), ("on_spot", "当场办结"), ("self_settled", "网格自办自结")],
                    max_length=12,
                    verbose_name="办结方式",
                ),
            ),
            ("share", models.PositiveSmallIntegerField(verbose_name="回访比例")),
            ("called", models.BooleanField(verbose_name="要回访")),
            ("must", models.BooleanField(verbose_name="必访")),
            ("reasons", models.JSONField(default=list, verbose_name="情形")),
            ("rate_until", models.DateTimeField(blank=True, null=True, verbose_name="等候自评至")),
            ("claimed_until", models.DateTimeField(blank=True, null=True, verbose_name="占用至")),
            ("not_before", models.DateTimeField(blank=True, null=True, verbose_name="不早于")),
            ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="拨打次数")),
            ("reached_at", models.DateTimeField(blank=True, null=True, verbose_name="接通")),
            (
                "result",
                models.CharField(
                    blank=True,
                    choices=[
                        ("confirmed", "已回访"),
                        ("rated", "居民自评"),
                        ("redo", "退回重办"),
                        ("unreached", "未接通"),
                        ("uncalled", "免回访"),
                        ("explained", "书面说明"),
                    ],
                    max_length=10,
                    verbose_name="结果",
                ),
            ),
            ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
            (
                "caller",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="正在回访",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="follow_ups",
                    to="cases.case",
                ),
            ),
            (
                "policy",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.followuppolicy",
                    verbose_name="规定",
                ),
            ),
        ],
        options={
            "verbose_name": "回访",
            "verbose_name_plural": "回访",
            "ordering": ("opened_at", "id"),
            "indexes": [
                models.Index(
                    condition=models.Q(("ended_at__isnull", True)), fields=["opened_at"], name="follow_up_open"
                )
            ],
            "constraints": [models.UniqueConstraint(fields=("case", "round"), name="follow_up_once_a_round")],
        },
    ),
    CreateModel(
        name="RedoRequest",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
            ("wanted", models.TextField(verbose_name="重办要求")),
            ("satisfaction", models.PositiveSmallIntegerField(verbose_name="满意度")),
            ("asked_at", models.DateTimeField(verbose_name="提出")),
            ("approved", models.BooleanField(blank=True, null=True, verbose_name="同意")),
            ("note", models.TextField(blank=True, verbose_name="批复意见")),
            ("explanation", models.TextField(blank=True, verbose_name="释法说明")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="批复")),
            ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="会签")),
            (
                "asked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="提出人",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="redo_requests", to="cases.case"
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="批复人",
                ),
            ),
            (
                "signed_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="会签人",
                ),
            ),
        ],
        options={
            "verbose_name": "重办申请",
            "verbose_name_plural": "重办申请",
            "ordering": ("-asked_at", "-id"),
            "constraints": [
                models.UniqueConstraint(fields=("case", "round"), name="redo_request_once_a_round"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("approved", False), _negated=True),
                        models.Q(("explanation", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="redo_request_refused_is_explained",
                ),
            ],
        },
    ),
    CreateModel(
        name="Rectification",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
            (
                "rating",
                models.PositiveSmallIntegerField(
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(2),
                    ],
                    verbose_name="评价",
                ),
            ),
            ("own", models.BooleanField(verbose_name="居民自评")),
            ("opened_at", models.DateTimeField(verbose_name="差评时间")),
            ("nominal_at", models.DateTimeField(verbose_name="名义到期")),
            ("due_at", models.DateTimeField(verbose_name="整改期限")),
            ("tentative", models.BooleanField(default=False, verbose_name="暂定")),
            (
                "verdict",
                models.CharField(
                    blank=True,
                    choices=[("founded", "属实"), ("unfounded", "不属实"), ("unsupported", "诉求无法支持")],
                    max_length=12,
                    verbose_name="核实结论",
                ),
            ),
            ("finding", models.TextField(blank=True, verbose_name="核实情况")),
            ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="核实")),
            ("action", models.TextField(blank=True, verbose_name="整改情况")),
            ("acted_at", models.DateTimeField(blank=True, null=True, verbose_name="整改")),
            ("second_reached", models.BooleanField(blank=True, null=True, verbose_name="再次回访接通")),
            ("second_rating", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="再次评价")),
            ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号")),
            ("dropped", models.BooleanField(default=False, verbose_name="居民已改评")),
            ("late_told_at", models.DateTimeField(blank=True, null=True, verbose_name="超期已提醒")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="rectifications",
                    to="cases.case",
                ),
            ),
            (
                "closed_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="销号人",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="责任单位",
                ),
            ),
            (
                "verified_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="核实人",
                ),
            ),
        ],
        options={
            "verbose_name": "差评整改",
            "verbose_name_plural": "差评整改",
            "ordering": ("due_at", "id"),
            "indexes": [
                models.Index(
                    condition=models.Q(("closed_at__isnull", True)), fields=["due_at"], name="rectification_open"
                )
            ],
            "constraints": [models.UniqueConstraint(fields=("case", "round"), name="rectification_once_a_round")],
        },
    ),
    CreateModel(
        name="LookBackRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    blank=True,
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    verbose_name="事项大类",
                ),
            ),
            (
                "channel",
                models.CharField(
                    blank=True,
                    choices=[
                        ("window", "窗口来访"),
                        ("grid", "网格上报"),
                        ("web", "网上提交"),
                        ("hotline", "12345 热线"),
                        ("police", "110 移交"),
                        ("court", "法院委派"),
                        ("petition", "信访转送"),
                        ("department", "部门移交"),
                        ("leader", "领导交办"),
                        ("other", "其他渠道"),
                    ],
                    max_length=10,
                    verbose_name="渠道",
                ),
            ),
            (
                "circumstance",
                models.CharField(
                    blank=True,
                    choices=[
                        ("complaint", "投诉件"),
                        ("ordered", "被督办"),
                        ("repeated", "重复反映"),
                        ("redone", "已重办"),
                        ("nobody", "无诉求人"),
                        ("anonymous", "匿名"),
                    ],
                    max_length=12,
                    verbose_name="情形",
                ),
            ),
            (
                "days",
                models.PositiveSmallIntegerField(
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(366),
                    ],
                    verbose_name="办结后（自然日）",
                ),
            ),
            ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ("valid_from", models.DateField(default="2020-01-01", verbose_name="起")),
            ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
        ],
        options={
            "verbose_name": "回头看规定",
            "verbose_name_plural": "回头看规定",
            "ordering": ("kind", "channel", "circumstance", "days"),
            "constraints": [
                models.UniqueConstraint(
                    fields=("kind", "channel", "circumstance", "days", "valid_from"), name="look_back_rule_once"
                )
            ],
        },
    ),
    CreateModel(
        name="LookBack",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
            ("days", models.PositiveSmallIntegerField(verbose_name="办结后天数")),
            ("due_on", models.DateField(verbose_name="日期")),
            ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="已提醒")),
            (
                "result",
                models.CharField(
                    blank=True,
                    choices=[
                        ("stable", "稳定"),
                        ("relapsed", "有反复"),
                        ("recurred", "再次发生"),
                        ("unreached", "没联系上"),
                    ],
                    max_length=10,
                    verbose_name="结果",
                ),
            ),
            ("note", models.TextField(blank=True, verbose_name="情况")),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="look_backs",
                    to="cases.case",
                ),
            ),
            (
                "done_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="回看人",
                ),
            ),
            (
                "linked",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.case",
                    verbose_name="新登记的事项",
                ),
            ),
        ],
        options={
            "verbose_name": "回头看",
            "verbose_name_plural": "回头看",
            "ordering": ("due_on", "id"),
            "indexes": [
                models.Index(condition=models.Q(("done_at__isnull", True)), fields=["due_on"], name="look_back_open")
            ],
            "constraints": [models.UniqueConstraint(fields=("case", "round", "days"), name="look_back_once")],
        },
    ),
    CreateModel(
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
                    blank=True, help_text="如燃气的“商业用户”“管网”“居民用户”。", max_length=40, verbose_name="涉及对象"
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
            "constraints": [
                models.CheckConstraint(
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
                models.CheckConstraint(
                    condition=models.Q(models.Q(("person", ""), _negated=True), models.Q(("plan", ""), _negated=True)),
                    name="hazard_has_person_and_plan",
                ),
            ],
        },
    ),
    CreateModel(
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
            "constraints": [
                models.UniqueConstraint(fields=("case", "position"), name="hazard_item_position_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("done_at__isnull", True), ("result", "")),
                        models.Q(("done_at__isnull", False), models.Q(("result", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="hazard_item_done_with_a_result",
                ),
                models.CheckConstraint(
                    condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                    name="hazard_item_done_or_dropped",
                ),
            ],
        },
    ),
    CreateModel(
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
            "constraints": [
                models.UniqueConstraint(
                    fields=("hazard_class", "area_code", "what", "period"), name="inspection_scope_once"
                ),
                models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="inspection_scope_counts"),
                models.CheckConstraint(
                    condition=models.Q(("source", ""), _negated=True), name="inspection_scope_has_a_source"
                ),
            ],
        },
    ),
    CreateModel(
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
    CreateModel(
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
            "indexes": [
                models.Index(
                    condition=models.Q(("retired_at__isnull", True)), fields=["next_on"], name="flood_store_next"
                )
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("retired_at__isnull", True)),
                    fields=("kind", "what", "place", "unit"),
                    name="flood_store_once_at_a_place",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("last_on__isnull", True), ("next_on__gt", models.F("last_on")), _connector="OR"
                    ),
                    name="flood_store_next_after_last",
                ),
            ],
        },
    ),
    CreateModel(
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
            "constraints": [
                models.UniqueConstraint(fields=("store", "day"), name="flood_check_once_a_day"),
                models.CheckConstraint(
                    condition=models.Q(("fine", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                    name="flood_check_says_what_is_wrong",
                ),
            ],
        },
    ),
    CreateModel(
        name="Holiday",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("date", models.DateField(unique=True, verbose_name="日期")),
            ("workday", models.BooleanField(verbose_name="上班")),
            ("name", models.CharField(blank=True, max_length=40, verbose_name="名称")),
            ("source", models.CharField(blank=True, max_length=80, verbose_name="依据")),
        ],
        options={
            "verbose_name": "工作日历",
            "verbose_name_plural": "工作日历",
            "ordering": ("date",),
        },
    ),
    CreateModel(
        name="Recount",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("since", models.DateField(verbose_name="自")),
            ("reason", models.CharField(blank=True, max_length=120, verbose_name="缘由")),
            ("asked_by", models.CharField(blank=True, max_length=60, verbose_name="提出人")),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出")),
            ("claimed_until", models.DateTimeField(blank=True, null=True)),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
            ("changed", models.PositiveIntegerField(default=0, verbose_name="变动的事项")),
            ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知")),
            (
                "done_with",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.recount",
                ),
            ),
        ],
        options={
            "verbose_name": "时限重新计算",
            "verbose_name_plural": "时限重新计算",
            "ordering": ("-id",),
        },
    ),
    CreateModel(
        name="CalendarImport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年份")),
            ("file_name", models.CharField(blank=True, max_length=120, verbose_name="文件")),
            ("rows", models.JSONField(verbose_name="安排")),
            ("author_name", models.CharField(max_length=60, verbose_name="经办人")),
            ("created_at", models.DateTimeField(verbose_name="读入")),
            ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认")),
            (
                "author",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "recount",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="calendar_import",
                    to="cases.recount",
                ),
            ),
        ],
        options={
            "verbose_name": "放假安排导入",
            "verbose_name_plural": "放假安排导入",
            "ordering": ("-id",),
        },
    ),
    CreateModel(
        name="LimitPolicy",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "clock",
                models.CharField(
                    choices=[
                        ("accept_by", "受理时限"),
                        ("dispatch_by", "分流时限"),
                        ("sign_by", "签收时限"),
                        ("contact_by", "首次联系时限"),
                        ("resolve_by", "办结时限"),
                        ("review_by", "审核时限"),
                        ("follow_up_by", "回访时限"),
                        ("order_by", "督办回复时限"),
                        ("confirmation_by", "司法确认时限"),
                        ("performance_by", "履行时限"),
                        ("return_window", "退回期限"),
                        ("reopen_window", "恢复办理期限"),
                        ("review_window", "复审期限"),
                    ],
                    max_length=20,
                    verbose_name="时限",
                ),
            ),
            (
                "kind",
                models.CharField(
                    blank=True,
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    verbose_name="事项大类",
                ),
            ),
            (
                "procedure",
                models.CharField(
                    blank=True,
                    choices=[
                        ("ordinary", "一般"),
                        ("petition", "信访"),
                        ("mediation", "调解"),
                        ("review", "信访复查"),
                        ("recheck", "信访复核"),
                    ],
                    max_length=10,
                    verbose_name="程序",
                ),
            ),
            ("category", models.CharField(blank=True, max_length=20, verbose_name="类别（前缀）")),
            (
                "level",
                models.CharField(
                    blank=True,
                    choices=[
                        ("general", "一般（蓝）"),
                        ("major", "较大（黄）"),
                        ("serious", "重大（橙）"),
                        ("urgent", "紧急（红）"),
                    ],
                    max_length=8,
                    verbose_name="等级",
                ),
            ),
            (
                "channel",
                models.CharField(
                    blank=True,
                    choices=[
                        ("window", "窗口来访"),
                        ("grid", "网格上报"),
                        ("web", "网上提交"),
                        ("hotline", "12345 热线"),
                        ("police", "110 移交"),
                        ("court", "法院委派"),
                        ("petition", "信访转送"),
                        ("department", "部门移交"),
                        ("leader", "领导交办"),
                        ("other", "其他渠道"),
                    ],
                    max_length=10,
                    verbose_name="渠道",
                ),
            ),
            (
                "amount",
                models.PositiveIntegerField(blank=True, help_text="空为不设这一时限。", null=True, verbose_name="时长"),
            ),
            (
                "unit",
                models.CharField(
                    choices=[
                        ("minute", "分钟"),
                        ("hour", "小时"),
                        ("working_hour", "工作小时"),
                        ("natural_day", "自然日"),
                        ("working_day", "工作日"),
                    ],
                    max_length=12,
                    verbose_name="单位",
                ),
            ),
            ("extension_amount", models.PositiveIntegerField(default=0, verbose_name="可延长")),
            ("extension_times", models.PositiveSmallIntegerField(default=0, verbose_name="可延期次数")),
            (
                "extension_by",
                models.CharField(
                    choices=[("lead", "承办单位负责人"), ("centre_lead", "中心负责人")],
                    default="lead",
                    max_length=12,
                    verbose_name="延期批准",
                ),
            ),
            ("legal_base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ("statutory", models.BooleanField(default=False, verbose_name="法定，不得放宽")),
            ("valid_from", models.DateField(default="2020-01-01", verbose_name="起")),
            ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
            ("reason", models.CharField(blank=True, max_length=200, verbose_name="修改理由")),
            ("author_name", models.CharField(blank=True, max_length=60, verbose_name="发布人")),
            ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
        ],
        options={
            "verbose_name": "时限规定",
            "verbose_name_plural": "时限规定",
            "ordering": ("clock", "kind", "procedure", "category", "level", "channel"),
            "constraints": [
                models.UniqueConstraint(
                    fields=("clock", "kind", "procedure", "category", "level", "channel", "valid_from"),
                    name="limit_policy_once",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("valid_to__isnull", True)),
                    fields=("clock", "kind", "procedure", "category", "level", "channel"),
                    name="limit_policy_one_open",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                    ),
                    name="limit_policy_from_to",
                ),
            ],
        },
    ),
    CreateModel(
        name="Deadline",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "clock",
                models.CharField(
                    choices=[
                        ("accept_by", "受理时限"),
                        ("dispatch_by", "分流时限"),
                        ("sign_by", "签收时限"),
                        ("contact_by", "首次联系时限"),
                        ("resolve_by", "办结时限"),
                        ("review_by", "审核时限"),
                        ("follow_up_by", "回访时限"),
                        ("order_by", "督办回复时限"),
                        ("confirmation_by", "司法确认时限"),
                        ("performance_by", "履行时限"),
                    ],
                    max_length=20,
                    verbose_name="时限",
                ),
            ),
            ("period", models.PositiveIntegerField(verbose_name="期次")),
            ("started_at", models.DateTimeField(verbose_name="起算")),
            ("nominal_at", models.DateTimeField(verbose_name="名义到期")),
            ("due_at", models.DateTimeField(verbose_name="到期")),
            ("warn_at", models.DateTimeField(verbose_name="预警")),
            ("tentative", models.BooleanField(default=False, verbose_name="暂定")),
            ("running", models.BooleanField(default=True, verbose_name="计时中")),
            ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
            ("late_at", models.DateTimeField(blank=True, null=True, verbose_name="逾期起")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="deadlines",
                    to="cases.case",
                ),
            ),
        ],
        options={
            "verbose_name": "时限",
            "verbose_name_plural": "时限",
            "ordering": ("due_at",),
            "indexes": [
                models.Index(condition=models.Q(("running", True)), fields=["warn_at"], name="deadline_running")
            ],
            "constraints": [models.UniqueConstraint(fields=("case", "clock", "period"), name="deadline_once")],
        },
    ),
    CreateModel(
        name="MovedDate",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "clock",
                models.CharField(
                    choices=[
                        ("accept_by", "受理时限"),
                        ("dispatch_by", "分流时限"),
                        ("sign_by", "签收时限"),
                        ("contact_by", "首次联系时限"),
                        ("resolve_by", "办结时限"),
                        ("review_by", "审核时限"),
                        ("follow_up_by", "回访时限"),
                        ("order_by", "督办回复时限"),
                        ("confirmation_by", "司法确认时限"),
                        ("performance_by", "履行时限"),
                    ],
                    max_length=20,
                    verbose_name="时限",
                ),
            ),
            ("period", models.PositiveIntegerField(verbose_name="期次")),
            ("due_from", models.DateTimeField(verbose_name="原到期")),
            ("due_to", models.DateTimeField(verbose_name="现到期")),
            ("tentative_from", models.BooleanField(verbose_name="原为暂定")),
            ("tentative_to", models.BooleanField(verbose_name="现为暂定")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="moved_dates", to="cases.case"
                ),
            ),
            (
                "recount",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="moved", to="cases.recount"
                ),
            ),
        ],
        options={
            "verbose_name": "变动的期限",
            "verbose_name_plural": "变动的期限",
            "ordering": ("recount", "due_to", "id"),
            "constraints": [models.UniqueConstraint(fields=("recount", "case", "clock", "period"), name="moved_once")],
        },
    ),
    CreateModel(
        name="SameMatter",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("reason", models.CharField(max_length=200, verbose_name="理由")),
            ("linked_at", models.DateTimeField(verbose_name="关联时间")),
            (
                "first",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case", verbose_name="事项"
                ),
            ),
            (
                "linked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="关联人",
                ),
            ),
            (
                "second",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="cases.case",
                    verbose_name="同一事项",
                ),
            ),
        ],
        options={
            "verbose_name": "同一事项",
            "verbose_name_plural": "同一事项",
            "constraints": [
                models.UniqueConstraint(fields=("first", "second"), name="same_matter_once"),
                models.CheckConstraint(
                    condition=models.Q(("first__lt", models.F("second"))), name="same_matter_older_first"
                ),
            ],
        },
    ),
    CreateModel(
        name="ListPreference",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("columns", models.JSONField(default=list, verbose_name="列")),
            (
                "density",
                models.CharField(
                    choices=[("compact", "紧凑"), ("comfort", "舒适")],
                    default="compact",
                    max_length=8,
                    verbose_name="行距",
                ),
            ),
            ("page_size", models.PositiveSmallIntegerField(default=30, verbose_name="每页件数")),
            (
                "user",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "列表设置",
            "verbose_name_plural": "列表设置",
        },
    ),
    CreateModel(
        name="SavedView",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=20, verbose_name="名称")),
            ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
            ("pinned", models.BooleanField(default=True, verbose_name="放在标签栏")),
            ("by_lead", models.BooleanField(default=False, verbose_name="负责人共享")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="accounts.unit",
                ),
            ),
        ],
        options={
            "verbose_name": "视图",
            "verbose_name_plural": "视图",
            "ordering": ("pk",),
            "constraints": [
                models.UniqueConstraint(fields=("owner", "name"), name="view_name_once"),
                models.CheckConstraint(
                    condition=models.Q(("unit__isnull", False), ("by_lead", False), _connector="OR"),
                    name="view_lead_names_unit",
                ),
            ],
        },
    ),
    CreateModel(
        name="Export",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("post_ids", models.JSONField(default=list, verbose_name="岗位")),
            ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
            ("columns", models.JSONField(default=list, verbose_name="列")),
            (
                "format",
                models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4, verbose_name="格式"),
            ),
            ("total", models.PositiveIntegerField(default=0, verbose_name="件数")),
            ("done", models.PositiveIntegerField(default=0, verbose_name="已写")),
            (
                "state",
                models.CharField(
                    choices=[("waiting", "排队中"), ("running", "正在写"), ("done", "已写好"), ("failed", "没有写成")],
                    default="waiting",
                    max_length=8,
                    verbose_name="进度",
                ),
            ),
            ("path", models.CharField(blank=True, max_length=80)),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("leased_until", models.DateTimeField(blank=True, null=True)),
            ("finished_at", models.DateTimeField(blank=True, null=True)),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "导出",
            "verbose_name_plural": "导出",
            "ordering": ("-pk",),
        },
    ),
    CreateModel(
        name="Presence",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("role", models.CharField(blank=True, max_length=20)),
            ("seen_at", models.DateTimeField(db_index=True)),
            (
                "case",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "verbose_name": "正在查看",
            "verbose_name_plural": "正在查看",
            "constraints": [models.UniqueConstraint(fields=("case", "user"), name="presence_once")],
        },
    ),
    CreateModel(
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
            ("measure", models.CharField(default="个", help_text="个、家、支。", max_length=8, verbose_name="量词")),
            ("open_ended", models.BooleanField(default=False, verbose_name="不限数量（N）")),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ("starts_on", models.DateField(verbose_name="起")),
            (
                "ends_on",
                models.DateField(blank=True, help_text="从这一天起不再是网络的一层。", null=True, verbose_name="止"),
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
    CreateModel(
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
            ("ends_on", models.DateField(blank=True, help_text="从这一天起不再是成员。", null=True, verbose_name="止")),
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
    CreateModel(
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
    CreateModel(
        name="SupervisionOrder",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.CharField(max_length=40, unique=True, verbose_name="文号")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("urge", "催办"),
                        ("letter", "督办函"),
                        ("talk", "约谈"),
                        ("circular", "通报"),
                        ("listed", "挂牌督办"),
                    ],
                    max_length=10,
                    verbose_name="形式",
                ),
            ),
            ("demand", models.TextField(verbose_name="整改要求")),
            ("deadline", models.DateTimeField(verbose_name="回复期限")),
            ("issuer", models.CharField(blank=True, max_length=80, verbose_name="签发机关")),
            ("issuer_number", models.CharField(blank=True, max_length=40, verbose_name="签发文号")),
            ("issued_at", models.DateTimeField(verbose_name="发出")),
            ("response", models.TextField(blank=True, verbose_name="整改情况")),
            ("responded_at", models.DateTimeField(blank=True, null=True, verbose_name="回复")),
            ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="解除")),
            ("lift_note", models.TextField(blank=True, verbose_name="解除意见")),
            ("problem", models.TextField(blank=True, verbose_name="存在问题")),
            ("signed_by", models.CharField(blank=True, max_length=60, verbose_name="签发人")),
            ("renewed", models.PositiveSmallIntegerField(default=0, verbose_name="再次督办")),
            (
                "cause_clock",
                models.CharField(
                    blank=True, help_text="时钟催办的时限；人发的为空。", max_length=20, verbose_name="因何时限"
                ),
            ),
            ("cause_period", models.PositiveIntegerField(default=0)),
            (
                "case",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="cases.case"),
            ),
            (
                "unit",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="被督办单位",
                ),
            ),
        ],
        options={
            "verbose_name": "督办",
            "verbose_name_plural": "督办",
            "ordering": ("-issued_at",),
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("cause_clock", ""), _negated=True),
                    fields=("case", "cause_clock", "cause_period"),
                    name="order_urged_once",
                )
            ],
        },
    ),
    CreateModel(
        name="HandlerRequest",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("extension", "延期"),
                        ("suspension", "暂停计时"),
                        ("sign_off", "签发办结"),
                        ("decline", "不予受理"),
                    ],
                    max_length=12,
                    verbose_name="事项",
                ),
            ),
            ("amount", models.PositiveIntegerField(blank=True, null=True, verbose_name="延长")),
            ("reason", models.TextField(verbose_name="理由")),
            ("expected_end", models.DateField(blank=True, null=True, verbose_name="预计恢复")),
            ("requested_at", models.DateTimeField(verbose_name="提出")),
            ("approved", models.BooleanField(blank=True, null=True, verbose_name="同意")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="批复")),
            ("public_reason", models.TextField(blank=True, verbose_name="告诉居民的理由")),
            ("consent", models.BooleanField(blank=True, null=True, verbose_name="双方同意")),
            (
                "suspend_reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("hearing", "听证"),
                        ("appraisal", "鉴定、评估、检测"),
                        ("confirmation", "等待司法确认"),
                        ("other_procedure", "等待另一程序的结论"),
                        ("force_majeure", "不可抗力"),
                    ],
                    max_length=20,
                    verbose_name="暂停理由",
                ),
            ),
            (
                "decline_reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("N1", "应当通过诉讼、仲裁、复议、纪检监察、信息公开等法定途径"),
                        ("N2", "已进入信访、诉讼、仲裁或复议程序"),
                        ("N3", "涉及国家秘密、商业秘密、个人隐私或违反公序良俗"),
                        ("N4", "已依法处理并有结论，同一事实和理由"),
                        ("N5", "已受理或正在办理的同一事项"),
                        ("N6", "复核终结后的同一事实和理由"),
                        ("N7", "不属于本中心职权，已告知有权机关"),
                        ("N8", "紧急事项，已转 110、119、120、122"),
                        ("N9", "涉法涉诉，引导至政法部门"),
                        ("N10", "检举控告，按权限转纪检监察"),
                        ("N11", "一方明确拒绝调解"),
                        ("N12", "身份关系，不得司法确认"),
                        ("N13", "要素不清、失联或匿名无法核实"),
                    ],
                    max_length=4,
                    verbose_name="不予受理理由",
                ),
            ),
            ("decline_instead", models.TextField(blank=True, verbose_name="应当向哪里提出")),
            ("decision_note", models.TextField(blank=True, verbose_name="批复意见")),
            ("number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
            ("due_before", models.DateTimeField(blank=True, null=True, verbose_name="原到期")),
            ("due_after", models.DateTimeField(blank=True, null=True, verbose_name="延长后到期")),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="cases.case"
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="批复人",
                ),
            ),
            (
                "requested_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="申请人",
                ),
            ),
        ],
        options={
            "verbose_name": "申请",
            "verbose_name_plural": "申请",
            "ordering": ("-requested_at",),
        },
    ),
    CreateModel(
        name="PatrolPlan",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[("daily", "日常排查"), ("focus", "重点排查"), ("campaign", "专项排查")],
                    max_length=12,
                    verbose_name="类别",
                ),
            ),
            ("name", models.CharField(max_length=60, verbose_name="名称")),
            ("look_for", models.CharField(blank=True, max_length=500, verbose_name="查什么")),
            ("area_code", models.CharField(max_length=15, verbose_name="范围")),
            (
                "duty_kind",
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
                    verbose_name="由谁排查",
                ),
            ),
            (
                "repeat",
                models.CharField(
                    choices=[
                        ("workdays", "每个工作日"),
                        ("days", "每几天"),
                        ("week", "每周几"),
                        ("month", "每月几日"),
                        ("once", "截止日前一次"),
                    ],
                    max_length=12,
                    verbose_name="周期",
                ),
            ),
            ("every", models.PositiveSmallIntegerField(default=1, verbose_name="每几天")),
            ("weekdays", models.CharField(blank=True, help_text="如 FR,SU", max_length=20, verbose_name="每周几")),
            ("month_days", models.CharField(blank=True, help_text="如 1,15", max_length=90, verbose_name="每月几日")),
            (
                "special",
                models.CharField(
                    choices=[("keep", "照常排查"), ("skip", "不排查"), ("move", "顺延到之后第一个平常的日子")],
                    default="keep",
                    max_length=8,
                    verbose_name="遇节假日、调休",
                ),
            ),
            ("first_day", models.DateField(verbose_name="开始")),
            ("last_day", models.DateField(blank=True, null=True, verbose_name="结束（专项的截止日）")),
            ("made_at", models.DateTimeField(verbose_name="安排时间")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            ("ends_on", models.DateField(blank=True, null=True, verbose_name="停止")),
            ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="停止原因")),
            ("made_until", models.DateField(blank=True, null=True)),
            ("closing_told", models.BooleanField(default=False)),
            (
                "follows",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="followed_by",
                    to="cases.patrolplan",
                    verbose_name="上一版",
                ),
            ),
            ("grids", models.ManyToManyField(blank=True, related_name="+", to="grids.grid", verbose_name="网格")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="安排人",
                ),
            ),
        ],
        options={
            "verbose_name": "排查计划",
            "verbose_name_plural": "排查计划",
            "ordering": ("-first_day", "-id"),
            "indexes": [models.Index(fields=["area_code", "kind"], name="patrol_plan_of_area")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"
                    ),
                    name="patrol_ends_after_it_starts",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("kind", "campaign"), ("last_day__isnull", False), ("repeat", "once")),
                        models.Q(
                            models.Q(("kind", "campaign"), _negated=True), models.Q(("repeat", "once"), _negated=True)
                        ),
                        _connector="OR",
                    ),
                    name="patrol_campaign_has_a_closing_date",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("repeat", "week"), _negated=True),
                        models.Q(("weekdays", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="patrol_week_names_its_days",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("repeat", "month"), _negated=True),
                        models.Q(("month_days", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="patrol_month_names_its_days",
                ),
                models.CheckConstraint(
                    condition=models.Q(("every__gte", 1), ("every__lte", 366)), name="patrol_every_some_days"
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("made_by", "client_id"),
                    name="patrol_plan_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="PatrolPoint",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("position", models.PositiveIntegerField(verbose_name="顺序")),
            ("name", models.CharField(max_length=60, verbose_name="名称")),
            ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
            (
                "grid",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="grids.grid",
                    verbose_name="网格",
                ),
            ),
            (
                "plan",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="points",
                    to="cases.patrolplan",
                    verbose_name="计划",
                ),
            ),
        ],
        options={
            "verbose_name": "排查点位",
            "verbose_name_plural": "排查点位",
            "ordering": ("plan", "position"),
            "constraints": [
                models.UniqueConstraint(fields=("plan", "position"), name="patrol_point_position_once"),
                models.UniqueConstraint(fields=("plan", "grid", "name", "place"), name="patrol_point_once"),
            ],
        },
    ),
    CreateModel(
        name="PatrolTask",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("opens_on", models.DateField(verbose_name="从")),
            ("day", models.DateField(verbose_name="日期")),
            (
                "state",
                models.CharField(
                    choices=[("open", "未报"), ("done", "已完成"), ("undone", "未完成")],
                    default="open",
                    max_length=8,
                    verbose_name="结果",
                ),
            ),
            (
                "reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("nobody_home", "家中或单位没有人"),
                        ("not_let_in", "没有同意进入"),
                        ("weather", "天气或道路原因"),
                        ("urgent_work", "临时有紧急工作"),
                        ("nobody_on_duty", "网格无人在岗"),
                        ("gone", "点位已不存在"),
                        ("other", "其他（请写明）"),
                    ],
                    max_length=16,
                    verbose_name="未完成的原因",
                ),
            ),
            ("words", models.CharField(blank=True, max_length=500, verbose_name="说明")),
            ("reported_on", models.DateField(blank=True, null=True, verbose_name="填报日期")),
            ("staffed", models.BooleanField(blank=True, null=True, verbose_name="有人在岗")),
            ("points_due", models.PositiveIntegerField(default=0, verbose_name="应查点位")),
            ("points_seen", models.PositiveIntegerField(default=0, verbose_name="已查点位")),
            (
                "done_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "grid",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.grid", verbose_name="网格"
                ),
            ),
            (
                "plan",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="tasks",
                    to="cases.patrolplan",
                    verbose_name="计划",
                ),
            ),
        ],
        options={
            "verbose_name": "排查任务",
            "verbose_name_plural": "排查任务",
            "ordering": ("day", "grid", "id"),
            "indexes": [models.Index(fields=["day", "grid"], name="patrol_task_of_day")],
            "constraints": [
                models.UniqueConstraint(fields=("plan", "grid", "day"), name="patrol_task_once"),
                models.CheckConstraint(
                    condition=models.Q(("opens_on__lte", models.F("day"))), name="patrol_task_opens_by_its_day"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("done_by__isnull", True), ("reason", ""), ("reported_on__isnull", True), ("state", "open")
                        ),
                        models.Q(
                            ("done_by__isnull", False),
                            ("reason", ""),
                            ("reported_on__isnull", False),
                            ("state", "done"),
                        ),
                        models.Q(
                            ("done_by__isnull", False),
                            ("reported_on__isnull", False),
                            ("state", "undone"),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="patrol_task_told_whole",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("reason", "other"), _negated=True),
                        models.Q(("words", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="patrol_task_other_reason_has_words",
                ),
                models.CheckConstraint(
                    condition=models.Q(("points_seen__lte", models.F("points_due"))),
                    name="patrol_task_sees_what_is_due",
                ),
            ],
        },
    ),
    CreateModel(
        name="PatrolCheck",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "state",
                models.CharField(choices=[("normal", "正常"), ("abnormal", "异常")], max_length=8, verbose_name="结果"),
            ),
            ("words", models.CharField(blank=True, max_length=500, verbose_name="情况")),
            ("on", models.DateField(verbose_name="日期")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "point",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.patrolpoint"
                ),
            ),
            (
                "task",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="cases.patroltask"
                ),
            ),
        ],
        options={
            "verbose_name": "点位结果",
            "verbose_name_plural": "点位结果",
            "ordering": ("task", "point"),
            "constraints": [
                models.UniqueConstraint(fields=("task", "point"), name="patrol_check_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "abnormal"), _negated=True),
                        models.Q(("words", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="patrol_abnormal_says_what",
                ),
            ],
        },
    ),
    CreateModel(
        name="PatrolReport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("client_id", models.CharField(max_length=64, verbose_name="提交号")),
            ("digest", models.CharField(max_length=64)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "task",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="cases.patroltask"
                ),
            ),
        ],
        options={
            "verbose_name": "排查填报",
            "verbose_name_plural": "排查填报",
            "constraints": [models.UniqueConstraint(fields=("by", "client_id"), name="patrol_report_sent_once")],
        },
    ),
    CreateModel(
        name="PatrolFinding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="patrol_finding",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "point",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.patrolpoint",
                    verbose_name="点位",
                ),
            ),
            (
                "task",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="findings",
                    to="cases.patroltask",
                    verbose_name="任务",
                ),
            ),
        ],
        options={
            "verbose_name": "排查发现",
            "verbose_name_plural": "排查发现",
            "ordering": ("id",),
        },
    ),
    CreateModel(
        name="PatrolRemark",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("on", models.DateField(verbose_name="日期")),
            ("text", models.CharField(max_length=500, verbose_name="补充")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "task",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="cases.patroltask"
                ),
            ),
        ],
        options={
            "verbose_name": "补充说明",
            "verbose_name_plural": "补充说明",
            "ordering": ("id",),
            "constraints": [models.UniqueConstraint(fields=("task", "by", "on", "text"), name="patrol_remark_once")],
        },
    ),
    CreateModel(
        name="PatrolHandOver",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "duty_kind",
                models.CharField(
                    choices=[
                        ("grid_worker", "网格员"),
                        ("red_armband", "红袖章"),
                        ("opinion_surveyor", "民调员"),
                        ("building_head", "楼栋长"),
                        ("section_head", "片区长"),
                        ("grid_head", "网格长"),
                    ],
                    max_length=24,
                    verbose_name="岗位",
                ),
            ),
            ("on", models.DateField(verbose_name="接手日期")),
            ("words", models.CharField(blank=True, max_length=500, verbose_name="交接说明")),
            (
                "from_user",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "grid",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.grid", verbose_name="网格"
                ),
            ),
            (
                "to_user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "written_by",
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
            "verbose_name": "排查交接",
            "verbose_name_plural": "排查交接",
            "ordering": ("-on", "-id"),
            "constraints": [
                models.UniqueConstraint(fields=("grid", "duty_kind", "to_user", "on"), name="patrol_hand_over_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("words", ""), ("written_by__isnull", True)),
                        models.Q(models.Q(("words", ""), _negated=True), ("written_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="patrol_hand_over_has_its_writer",
                ),
            ],
        },
    ),
    CreateModel(
        name="PatrolSheet",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rows", models.JSONField()),
            ("problems", models.JSONField()),
            ("made_at", models.DateTimeField()),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "plan",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="sheet", to="cases.patrolplan"
                ),
            ),
        ],
        options={
            "verbose_name": "待确认的清单",
            "verbose_name_plural": "待确认的清单",
        },
    ),
    CreateModel(
        name="PatrolClosing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("closed_at", models.DateTimeField(verbose_name="结清时间")),
            ("words", models.CharField(max_length=1000, verbose_name="小结")),
            ("points_due", models.PositiveIntegerField(verbose_name="应查点位")),
            ("points_seen", models.PositiveIntegerField(verbose_name="已查点位")),
            (
                "closed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "plan",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="closing",
                    to="cases.patrolplan",
                    verbose_name="专项",
                ),
            ),
        ],
        options={
            "verbose_name": "专项结清",
            "verbose_name_plural": "专项结清",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("points_seen__lte", models.F("points_due"))),
                    name="patrol_closing_sees_what_is_due",
                )
            ],
        },
    ),
    CreateModel(
        name="PatrolClosingGrid",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("points_due", models.PositiveIntegerField(verbose_name="应查点位")),
            ("points_seen", models.PositiveIntegerField(verbose_name="已查点位")),
            (
                "reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("nobody_home", "家中或单位没有人"),
                        ("not_let_in", "没有同意进入"),
                        ("weather", "天气或道路原因"),
                        ("urgent_work", "临时有紧急工作"),
                        ("nobody_on_duty", "网格无人在岗"),
                        ("gone", "点位已不存在"),
                        ("other", "其他（请写明）"),
                    ],
                    max_length=16,
                    verbose_name="未查的原因",
                ),
            ),
            ("words", models.CharField(blank=True, max_length=500, verbose_name="说明")),
            (
                "closing",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="grids", to="cases.patrolclosing"
                ),
            ),
            ("grid", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.grid")),
        ],
        options={
            "verbose_name": "专项结清（网格）",
            "verbose_name_plural": "专项结清（网格）",
            "ordering": ("grid",),
            "constraints": [
                models.UniqueConstraint(fields=("closing", "grid"), name="patrol_closing_grid_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("points_seen", models.F("points_due")), ("reason", "")),
                        models.Q(("points_seen__lt", models.F("points_due")), models.Q(("reason", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="patrol_closing_says_why",
                ),
            ],
        },
    ),
    CreateModel(
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
                models.Index(
                    condition=models.Q(("ended_at__isnull", True)), fields=["to_user"], name="hand_over_open_to"
                ),
                models.Index(
                    condition=models.Q(("ended_at__isnull", True)), fields=["from_user"], name="hand_over_open_from"
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("ended_at__isnull", True)), fields=("case",), name="hand_over_open_once"
                ),
                models.CheckConstraint(
                    condition=models.Q(("from_user", models.F("to_user")), _negated=True), name="hand_over_to_another"
                ),
                models.CheckConstraint(condition=models.Q(("said", ""), _negated=True), name="hand_over_says_what"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_as", ""), ("ended_at__isnull", True)),
                        models.Q(("ended_at__isnull", False), models.Q(("ended_as", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="hand_over_ends_somehow",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_as__in", ("done", "returned")), _negated=True),
                        models.Q(("answer", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="hand_over_answered",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("from_user", "client_id"),
                    name="hand_over_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="ReceptionDay",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=15, verbose_name="层级")),
            ("leader", models.CharField(max_length=40, verbose_name="接访领导")),
            ("office", models.CharField(max_length=60, verbose_name="职务")),
            ("date", models.DateField(verbose_name="日期")),
            ("starts", models.TimeField(verbose_name="开始")),
            ("ends", models.TimeField(verbose_name="结束")),
            ("place", models.CharField(max_length=120, verbose_name="地点")),
            ("capacity", models.PositiveSmallIntegerField(verbose_name="可约人数")),
            ("topics", models.CharField(blank=True, max_length=200, verbose_name="接待内容")),
            ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布")),
            ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
            ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
            ("made_at", models.DateTimeField(verbose_name="安排时间")),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="安排人",
                ),
            ),
        ],
        options={
            "verbose_name": "领导接访日",
            "verbose_name_plural": "领导接访日",
            "ordering": ("date", "starts", "id"),
            "indexes": [models.Index(fields=["date", "area_code"], name="reception_of_day")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("ends__gt", models.F("starts"))), name="reception_ends_after_it_starts"
                ),
                models.CheckConstraint(
                    condition=models.Q(("capacity__gte", 1), ("capacity__lte", 100)), name="reception_has_places"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("cancel_reason", ""), ("cancelled_at__isnull", True)),
                        models.Q(("cancelled_at__isnull", False), models.Q(("cancel_reason", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="reception_cancelled_for_a_reason",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("cancelled_at__isnull", True)),
                    fields=("area_code", "leader", "date", "starts"),
                    name="reception_once_for_a_leader",
                ),
            ],
        },
    ),
    CreateModel(
        name="ReceptionBooking",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("seat", models.PositiveSmallIntegerField(verbose_name="号")),
            ("contact", governance_portal.lib.crypto.SealedJSONField()),
            ("minutes", governance_portal.lib.crypto.SealedJSONField()),
            ("phone_index", models.CharField(blank=True, max_length=32)),
            ("code_index", models.CharField(blank=True, max_length=32)),
            (
                "source",
                models.CharField(
                    choices=[("window", "窗口代约"), ("web", "网上预约"), ("on_site", "当日到场")],
                    max_length=8,
                    verbose_name="预约方式",
                ),
            ),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            ("booked_at", models.DateTimeField(verbose_name="预约时间")),
            ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
            ("attended", models.BooleanField(blank=True, null=True, verbose_name="到场")),
            ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="登记接访")),
            ("instructed", models.BooleanField(default=False, verbose_name="有批示")),
            ("deadline", models.DateField(blank=True, null=True, verbose_name="时限")),
            ("order_number", models.CharField(blank=True, max_length=40, verbose_name="督办文号")),
            ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="清除个人信息")),
            (
                "booked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="receptions",
                    to="cases.case",
                    verbose_name="事项",
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
                    verbose_name="责任单位",
                ),
            ),
            (
                "day",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="bookings",
                    to="cases.receptionday",
                    verbose_name="接访日",
                ),
            ),
        ],
        options={
            "verbose_name": "接访预约",
            "verbose_name_plural": "接访预约",
            "ordering": ("day", "seat", "id"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("seat__gte", 1), ("seat__lte", 100)), name="booking_has_a_seat"
                ),
                models.UniqueConstraint(
                    condition=models.Q(("cancelled_at__isnull", True)),
                    fields=("day", "seat"),
                    name="booking_one_for_a_seat",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("cancelled_at__isnull", True), ("case__isnull", False)),
                    fields=("day", "case"),
                    name="booking_one_for_a_case",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("cancelled_at__isnull", True), models.Q(("phone_index", ""), _negated=True)),
                    fields=("day", "phone_index"),
                    name="booking_one_for_a_phone",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("client_id",),
                    name="booking_sent_once",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("attended__isnull", True), ("received_at__isnull", True)),
                        models.Q(
                            ("attended__isnull", False), ("cancelled_at__isnull", True), ("received_at__isnull", False)
                        ),
                        _connector="OR",
                    ),
                    name="booking_received_when_attended",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("deadline__isnull", True), ("instructed", False), ("unit__isnull", True)),
                        models.Q(
                            ("attended", True),
                            ("deadline__isnull", False),
                            ("instructed", True),
                            ("unit__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="booking_instruction_is_whole",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("order_number", ""), models.Q(("case__isnull", False), ("instructed", True)), _connector="OR"
                    ),
                    name="booking_order_follows_an_instruction",
                ),
            ],
        },
    ),
    CreateModel(
        name="CaseLead",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("leader", models.CharField(max_length=40, verbose_name="包案领导")),
            ("office", models.CharField(max_length=60, verbose_name="职务")),
            ("person", models.CharField(max_length=40, verbose_name="责任人")),
            ("plan", models.TextField(verbose_name="化解方案")),
            ("deadline", models.DateField(verbose_name="时限")),
            ("since", models.DateTimeField(verbose_name="包案时间")),
            ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
            ("result", models.TextField(blank=True, verbose_name="结果")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="leads",
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
            "verbose_name": "领导包案",
            "verbose_name_plural": "领导包案",
            "ordering": ("-since", "-id"),
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("ended_at__isnull", True)), fields=("case",), name="case_lead_one_at_a_time"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at__isnull", True), ("result", "")),
                        models.Q(("ended_at__isnull", False), models.Q(("result", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="case_lead_ends_with_a_result",
                ),
            ],
        },
    ),
    CreateModel(
        name="CaseLeadStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("met_on", models.DateField(blank=True, null=True, verbose_name="接访、走访日期")),
            ("text", models.TextField(verbose_name="进展")),
            (
                "lead",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="cases.caselead"
                ),
            ),
        ],
        options={
            "verbose_name": "包案进展",
            "verbose_name_plural": "包案进展",
            "ordering": ("-at", "-id"),
        },
    ),
    CreateModel(
        name="TeamRole",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.SlugField(max_length=24, unique=True, verbose_name="代码")),
            ("name", models.CharField(max_length=30, unique=True, verbose_name="角色")),
            ("about", models.CharField(blank=True, max_length=120, verbose_name="做什么")),
            ("place", models.PositiveSmallIntegerField(default=50, verbose_name="顺序")),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
        ],
        options={
            "verbose_name": "案组角色",
            "verbose_name_plural": "案组角色",
            "ordering": ("place", "code"),
        },
    ),
    CreateModel(
        name="TeamMember",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("person", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
            ("office", models.CharField(blank=True, max_length=60, verbose_name="职务")),
            ("phone", models.CharField(blank=True, max_length=30, verbose_name="工作电话")),
            ("told", models.BooleanField(default=False, verbose_name="告知居民")),
            ("task", models.TextField(verbose_name="化解任务")),
            ("due_on", models.DateField(verbose_name="完成期限")),
            ("joined_at", models.DateTimeField(verbose_name="加入")),
            ("done", models.BooleanField(blank=True, null=True, verbose_name="完成")),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="报告")),
            ("note", models.TextField(blank=True, verbose_name="完成情况")),
            ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="team",
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
                    verbose_name="单位",
                ),
            ),
            (
                "role",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="cases.teamrole",
                    verbose_name="角色",
                ),
            ),
        ],
        options={
            "verbose_name": "案组成员",
            "verbose_name_plural": "案组成员",
            "ordering": ("role__place", "joined_at", "id"),
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("left_at__isnull", True)),
                    fields=("case", "role", "unit"),
                    name="team_role_once_for_a_unit",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("done__isnull", True), ("done_at__isnull", True), ("note", "")),
                        models.Q(
                            ("done__isnull", False), ("done_at__isnull", False), models.Q(("note", ""), _negated=True)
                        ),
                        _connector="OR",
                    ),
                    name="team_task_told_whole",
                ),
            ],
        },
    ),
    CreateModel(
        name="Reminder",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "rung",
                models.CharField(
                    choices=[
                        ("before", "即将到期"),
                        ("before2", "5 天内到期"),
                        ("before3", "2 天内到期"),
                        ("due", "超时"),
                        ("late1", "超时满 1 个工作日"),
                        ("late2", "超时满 3 个工作日"),
                    ],
                    max_length=10,
                    verbose_name="第几级",
                ),
            ),
            ("due_at", models.DateTimeField(verbose_name="所提醒的期限")),
            ("created_at", models.DateTimeField()),
            ("sent_at", models.DateTimeField(blank=True, null=True)),
            (
                "deadline",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="cases.deadline"
                ),
            ),
        ],
        options={
            "verbose_name": "提醒",
            "verbose_name_plural": "提醒",
            "constraints": [models.UniqueConstraint(fields=("deadline", "rung", "due_at"), name="reminder_once")],
        },
    ),
    CreateModel(
        name="RetentionRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    blank=True,
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    unique=True,
                    verbose_name="事项大类",
                ),
            ),
            (
                "months",
                models.PositiveIntegerField(
                    validators=[django.core.validators.MinValueValidator(1)], verbose_name="办结后保存（月）"
                ),
            ),
            ("legal_base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
        ],
        options={
            "verbose_name": "个人信息保存期限",
            "verbose_name_plural": "个人信息保存期限",
            "ordering": ("kind",),
            "constraints": [
                models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="retention_at_least_a_month")
            ],
        },
    ),
    CreateModel(
        name="LegalHold",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("reason", models.CharField(max_length=200, verbose_name="理由")),
            ("placed_at", models.DateTimeField(verbose_name="起")),
            ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="止")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="holds",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "placed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经办人",
                ),
            ),
        ],
        options={
            "verbose_name": "暂缓清除",
            "verbose_name_plural": "暂缓清除",
            "ordering": ("-placed_at",),
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("lifted_at__isnull", True)), fields=("case",), name="hold_once_at_a_time"
                )
            ],
        },
    ),
    CreateModel(
        name="Erasure",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="清除时间")),
            ("months", models.PositiveIntegerField(verbose_name="保存期限（月）")),
            ("people", models.PositiveIntegerField(verbose_name="当事人")),
            ("files", models.PositiveIntegerField(verbose_name="附件")),
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="erasure",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
        ],
        options={
            "verbose_name": "个人信息清除记录",
            "verbose_name_plural": "个人信息清除记录",
            "ordering": ("-at",),
        },
    ),
    CreateModel(
        name="Series",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=20, verbose_name="字")),
            ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
            ("last", models.PositiveIntegerField(default=0, verbose_name="最后一号")),
        ],
        options={
            "verbose_name": "文号",
            "verbose_name_plural": "文号",
            "constraints": [models.UniqueConstraint(fields=("name", "year"), name="series_once")],
        },
    ),
    CreateModel(
        name="Consultation",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("question", models.TextField(verbose_name="议题")),
            ("opened_at", models.DateTimeField(verbose_name="提出")),
            ("reply_by", models.DateField(blank=True, null=True, verbose_name="请于此日前答复")),
            (
                "referred_to",
                models.CharField(
                    blank=True,
                    choices=[
                        ("joint_meeting", "信访工作联席会议"),
                        ("committee", "区委政法委"),
                        ("government", "区政府常务会议"),
                    ],
                    max_length=16,
                    verbose_name="提请",
                ),
            ),
            ("referred_why", models.TextField(blank=True, verbose_name="未能议定的原因")),
            ("referred_at", models.DateTimeField(blank=True, null=True, verbose_name="提请时间")),
            ("number", models.CharField(blank=True, max_length=40, verbose_name="纪要文号")),
            ("minutes", models.TextField(blank=True, verbose_name="会商纪要")),
            ("attendees", models.TextField(blank=True, verbose_name="参会人员")),
            ("line", models.TextField(blank=True, verbose_name="对外口径")),
            ("term", models.DateField(blank=True, null=True, verbose_name="办理时限")),
            ("assisting_names", models.CharField(blank=True, max_length=500, verbose_name="协办")),
            ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="consultations", to="cases.case"
                ),
            ),
            (
                "lead_unit",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="主办",
                ),
            ),
        ],
        options={
            "verbose_name": "会商",
            "verbose_name_plural": "会商",
            "ordering": ("-opened_at", "-id"),
        },
    ),
    CreateModel(
        name="ConsultedUnit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("opinion", models.TextField(blank=True, verbose_name="意见")),
            ("said_by", models.CharField(blank=True, max_length=60, verbose_name="发表人")),
            ("said_at", models.DateTimeField(blank=True, null=True, verbose_name="时间")),
            (
                "consultation",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="units", to="cases.consultation"
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="参会单位",
                ),
            ),
        ],
        options={
            "verbose_name": "会商意见",
            "verbose_name_plural": "会商意见",
            "ordering": ("id",),
            "constraints": [models.UniqueConstraint(fields=("consultation", "unit"), name="consulted_once")],
        },
    ),
    CreateModel(
        name="JointTask",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("what", models.TextField(verbose_name="任务")),
            ("due_on", models.DateField(verbose_name="期限")),
            ("given_at", models.DateTimeField(verbose_name="布置")),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
            ("result", models.TextField(blank=True, verbose_name="完成情况")),
            ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
            ("chased_at", models.DateTimeField(blank=True, null=True, verbose_name="催过")),
            (
                "case",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="cases.case"),
            ),
            (
                "done_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="完成人",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="单位",
                ),
            ),
        ],
        options={
            "verbose_name": "联办任务",
            "verbose_name_plural": "联办任务",
            "ordering": ("due_on", "id"),
            "indexes": [
                models.Index(
                    condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                    fields=["due_on"],
                    name="task_undone",
                )
            ],
        },
    ),
    CreateModel(
        name="DeclineRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("N1", "应当通过诉讼、仲裁、复议、纪检监察、信息公开等法定途径"),
                        ("N2", "已进入信访、诉讼、仲裁或复议程序"),
                        ("N3", "涉及国家秘密、商业秘密、个人隐私或违反公序良俗"),
                        ("N4", "已依法处理并有结论，同一事实和理由"),
                        ("N5", "已受理或正在办理的同一事项"),
                        ("N6", "复核终结后的同一事实和理由"),
                        ("N7", "不属于本中心职权，已告知有权机关"),
                        ("N8", "紧急事项，已转 110、119、120、122"),
                        ("N9", "涉法涉诉，引导至政法部门"),
                        ("N10", "检举控告，按权限转纪检监察"),
                        ("N11", "一方明确拒绝调解"),
                        ("N12", "身份关系，不得司法确认"),
                        ("N13", "要素不清、失联或匿名无法核实"),
                    ],
                    max_length=4,
                    verbose_name="理由",
                ),
            ),
            (
                "kind",
                models.CharField(
                    blank=True,
                    choices=[
                        ("appeal", "民生诉求"),
                        ("consultation", "政策咨询"),
                        ("dispute", "矛盾纠纷"),
                        ("hazard", "安全隐患"),
                        ("suggestion", "意见建议"),
                    ],
                    max_length=12,
                    verbose_name="事项大类",
                ),
            ),
            (
                "procedure",
                models.CharField(
                    blank=True,
                    choices=[
                        ("ordinary", "一般"),
                        ("petition", "信访"),
                        ("mediation", "调解"),
                        ("review", "信访复查"),
                        ("recheck", "信访复核"),
                    ],
                    max_length=10,
                    verbose_name="程序",
                ),
            ),
            ("legal_base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
            ("active", models.BooleanField(default=True, verbose_name="启用")),
        ],
        options={
            "verbose_name": "不予受理须批准的情形",
            "verbose_name_plural": "不予受理须批准的情形",
            "ordering": ("reason", "kind", "procedure"),
        },
    ),
    CreateModel(
        name="Review",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(choices=[("review", "复查"), ("recheck", "复核")], max_length=10, verbose_name="种类"),
            ),
            ("answered_on", models.DateField(verbose_name="收到书面答复")),
            ("applied_on", models.DateField(verbose_name="提出申请")),
            ("number", models.CharField(blank=True, max_length=40, verbose_name="意见书文号")),
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="review_of",
                    to="cases.case",
                    verbose_name="复查复核件",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="原办理单位",
                ),
            ),
            (
                "of",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="reviews",
                    to="cases.case",
                    verbose_name="原事项",
                ),
            ),
        ],
        options={
            "verbose_name": "复查复核",
            "verbose_name_plural": "复查复核",
            "ordering": ("id",),
        },
    ),
    CreateModel(
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
                    condition=models.Q(("code_hash", ""), _negated=True), fields=("code_hash",), name="screen_code_once"
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
                        ("ended_at__isnull", True), models.Q(("code_hash", ""), ("secret_hash", "")), _connector="OR"
                    ),
                    name="screen_ended_opens_nothing",
                ),
            ],
        },
    ),
    CreateModel(
        name="SearchText",
        fields=[
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to="cases.case",
                ),
            ),
            ("tail", models.CharField(max_length=14)),
            ("text", models.TextField()),
        ],
        options={
            "verbose_name": "检索文字",
            "verbose_name_plural": "检索文字",
            "indexes": [models.Index(fields=["tail"], name="search_tail")],
        },
    ),
    CreateModel(
        name="TallyDelta",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("day", models.DateField(verbose_name="日期")),
            ("area_code", models.CharField(max_length=15, verbose_name="属地")),
            ("grid_code", models.CharField(blank=True, max_length=15, verbose_name="网格")),
            ("unit_id", models.BigIntegerField(null=True, verbose_name="主办单位")),
            ("category_code", models.CharField(blank=True, max_length=20, verbose_name="类别")),
            ("channel", models.CharField(max_length=10, verbose_name="来源渠道")),
            ("level", models.CharField(blank=True, max_length=8, verbose_name="等级")),
            ("kind", models.CharField(max_length=12, verbose_name="事项大类")),
            ("bucket", models.PositiveIntegerField(null=True, verbose_name="办理时长段")),
            ("registered", models.BigIntegerField(default=0)),
            ("accepted", models.BigIntegerField(default=0)),
            ("closed", models.BigIntegerField(default=0)),
            ("ended", models.BigIntegerField(default=0)),
            ("open", models.BigIntegerField(default=0)),
            ("disputes", models.BigIntegerField(default=0)),
            ("resolved", models.BigIntegerField(default=0)),
            ("rated", models.BigIntegerField(default=0)),
            ("satisfied", models.BigIntegerField(default=0)),
            ("accepted_in", models.BigIntegerField(default=0)),
            ("taken_on", models.BigIntegerField(default=0)),
            ("closed_in", models.BigIntegerField(default=0)),
            ("asked_solved", models.BigIntegerField(default=0)),
            ("solved", models.BigIntegerField(default=0)),
            ("rated_closed", models.BigIntegerField(default=0)),
            ("satisfied_closed", models.BigIntegerField(default=0)),
            ("handled", models.BigIntegerField(default=0)),
            ("handled_seconds", models.BigIntegerField(default=0)),
            ("over_closed", models.BigIntegerField(default=0)),
            ("over_ended", models.BigIntegerField(default=0)),
            ("judged", models.BigIntegerField(default=0)),
            ("on_time", models.BigIntegerField(default=0)),
        ],
        options={
            "verbose_name": "统计变动",
            "verbose_name_plural": "统计变动",
        },
    ),
    CreateModel(
        name="TallyCount",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("cube", models.CharField(max_length=8, verbose_name="分类方式")),
            ("area", models.CharField(max_length=12, verbose_name="区划")),
            ("grain", models.CharField(max_length=5, verbose_name="日或月")),
            ("start", models.DateField(verbose_name="起")),
            ("key", models.CharField(blank=True, max_length=20, verbose_name="值")),
            ("registered", models.BigIntegerField(default=0)),
            ("accepted", models.BigIntegerField(default=0)),
            ("closed", models.BigIntegerField(default=0)),
            ("ended", models.BigIntegerField(default=0)),
            ("open", models.BigIntegerField(default=0)),
            ("disputes", models.BigIntegerField(default=0)),
            ("resolved", models.BigIntegerField(default=0)),
            ("rated", models.BigIntegerField(default=0)),
            ("satisfied", models.BigIntegerField(default=0)),
            ("accepted_in", models.BigIntegerField(default=0)),
            ("taken_on", models.BigIntegerField(default=0)),
            ("closed_in", models.BigIntegerField(default=0)),
            ("asked_solved", models.BigIntegerField(default=0)),
            ("solved", models.BigIntegerField(default=0)),
            ("rated_closed", models.BigIntegerField(default=0)),
            ("satisfied_closed", models.BigIntegerField(default=0)),
            ("handled", models.BigIntegerField(default=0)),
            ("handled_seconds", models.BigIntegerField(default=0)),
            ("over_closed", models.BigIntegerField(default=0)),
            ("over_ended", models.BigIntegerField(default=0)),
            ("judged", models.BigIntegerField(default=0)),
            ("on_time", models.BigIntegerField(default=0)),
        ],
        options={
            "verbose_name": "统计累计",
            "verbose_name_plural": "统计累计",
            "constraints": [
                models.UniqueConstraint(fields=("cube", "area", "grain", "start", "key"), name="tally_once")
            ],
        },
    ),
    CreateModel(
        name="OrderSeries",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("word", models.CharField(max_length=20, verbose_name="机关代字")),
            ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
            ("last", models.PositiveIntegerField(default=0, verbose_name="已用到")),
        ],
        options={
            "verbose_name": "督办文号",
            "verbose_name_plural": "督办文号",
            "constraints": [models.UniqueConstraint(fields=("word", "year"), name="order_series_once")],
        },
    ),
    CreateModel(
        name="SupervisionRules",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("urge_word", models.CharField(default="平综治催", max_length=20, verbose_name="催办的机关代字")),
            ("letter_word", models.CharField(default="平综治督", max_length=20, verbose_name="督办函的机关代字")),
            ("proposal_word", models.CharField(default="平综治建", max_length=20, verbose_name="建议书的机关代字")),
            (
                "urged_clocks",
                models.CharField(
                    default="resolve_by sign_by",
                    help_text="时限代码，用空格分开：accept_by 受理，dispatch_by 分流，sign_by 签收，resolve_by 办结；留空不自动催办。",
                    max_length=200,
                    verbose_name="到期自动催办的时限",
                ),
            ),
            (
                "answer_days",
                models.PositiveSmallIntegerField(
                    default=3,
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(60),
                    ],
                    verbose_name="回复期限（工作日）",
                ),
            ),
            (
                "draft_after_days",
                models.PositiveSmallIntegerField(
                    default=1,
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(60),
                    ],
                    verbose_name="超期几个工作日后起草督办函",
                ),
            ),
            (
                "stuck_days",
                models.PositiveSmallIntegerField(
                    default=7,
                    help_text="自然日，暂停计时的不算。",
                    validators=[
                        django.core.validators.MinValueValidator(1),
                        django.core.validators.MaxValueValidator(365),
                    ],
                    verbose_name="几天没有进展算停滞",
                ),
            ),
            ("quick_minutes", models.PositiveSmallIntegerField(default=5, verbose_name="签收后几分钟内办结须核查")),
            (
                "bulk_count",
                models.PositiveSmallIntegerField(
                    default=5,
                    validators=[django.core.validators.MinValueValidator(2)],
                    verbose_name="同一人连续办结几件须核查",
                ),
            ),
            (
                "bulk_minutes",
                models.PositiveSmallIntegerField(
                    default=10,
                    validators=[django.core.validators.MinValueValidator(1)],
                    verbose_name="连续是指几分钟内",
                ),
            ),
            (
                "praised_over",
                models.PositiveSmallIntegerField(default=50, verbose_name="满意率 100% 且评价多于几件须核查"),
            ),
            (
                "sample_share",
                models.PositiveSmallIntegerField(
                    default=10,
                    validators=[django.core.validators.MaxValueValidator(100)],
                    verbose_name="区级抽查镇街审核件的比例（%）",
                ),
            ),
        ],
        options={
            "verbose_name": "督办规则",
            "verbose_name_plural": "督办规则",
            "constraints": [
                models.CheckConstraint(condition=models.Q(("id", 1)), name="supervision_rules_one_row"),
                models.CheckConstraint(
                    condition=models.Q(("sample_share__lte", 100)), name="supervision_share_percent"
                ),
            ],
        },
    ),
    CreateModel(
        name="OrderDraft",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "cause",
                models.CharField(
                    choices=[("late", "办理超期"), ("unhappy", "评价不满意")], max_length=10, verbose_name="起因"
                ),
            ),
            ("period", models.PositiveIntegerField(default=1, verbose_name="轮次")),
            ("problem", models.TextField(verbose_name="存在问题")),
            ("demand", models.TextField(verbose_name="整改要求")),
            ("deadline", models.DateTimeField(verbose_name="回复期限")),
            ("made_at", models.DateTimeField(verbose_name="起草")),
            ("discarded_at", models.DateTimeField(blank=True, null=True, verbose_name="不发")),
            ("discard_reason", models.CharField(blank=True, max_length=200, verbose_name="不发的理由")),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="order_drafts", to="cases.case"
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="被督办单位",
                ),
            ),
            (
                "order",
                models.OneToOneField(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="draft",
                    to="cases.supervisionorder",
                    verbose_name="督办",
                ),
            ),
        ],
        options={
            "verbose_name": "督办函草稿",
            "verbose_name_plural": "督办函草稿",
            "ordering": ("made_at", "id"),
            "constraints": [
                models.UniqueConstraint(fields=("case", "cause", "period"), name="order_draft_once"),
                models.CheckConstraint(
                    condition=models.Q(("order__isnull", True), ("discarded_at__isnull", True), _connector="OR"),
                    name="order_draft_one_end",
                ),
            ],
        },
    ),
    CreateModel(
        name="Proposal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("talk", "约谈"),
                        ("circular", "通报"),
                        ("listed", "挂牌督办"),
                        ("improve", "改进工作建议"),
                        ("policy", "完善政策建议"),
                        ("accountability", "追究责任建议"),
                    ],
                    max_length=14,
                    verbose_name="形式",
                ),
            ),
            ("addressee", models.CharField(max_length=80, verbose_name="报送")),
            ("ground", models.TextField(verbose_name="事由和依据")),
            ("advice", models.TextField(verbose_name="建议")),
            ("number", models.CharField(max_length=40, unique=True, verbose_name="建议文号")),
            ("area_code", models.CharField(max_length=15, verbose_name="区划")),
            ("proposed_at", models.DateTimeField(verbose_name="提出")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定")),
            ("approved", models.BooleanField(blank=True, null=True, verbose_name="采纳")),
            ("issuer", models.CharField(blank=True, max_length=80, verbose_name="作出机关")),
            ("issuer_number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
            ("listed_until", models.DateField(blank=True, null=True, verbose_name="挂牌期限")),
            ("result", models.TextField(blank=True, verbose_name="结果")),
            ("resulted_at", models.DateTimeField(blank=True, null=True, verbose_name="结果登记")),
            ("delisted_on", models.DateField(blank=True, null=True, verbose_name="摘牌")),
            (
                "cases",
                models.ManyToManyField(blank=True, related_name="proposals", to="cases.case", verbose_name="涉及事项"),
            ),
            (
                "proposed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="对象单位",
                ),
            ),
        ],
        options={
            "verbose_name": "督办建议",
            "verbose_name_plural": "督办建议",
            "ordering": ("-proposed_at", "-id"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("approved__isnull", True), ("decided_at__isnull", True)),
                        models.Q(("approved__isnull", False), ("decided_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="proposal_decided_as_a_whole",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("delisted_on__isnull", True), models.Q(("approved", True), ("kind", "listed")), _connector="OR"
                    ),
                    name="proposal_delisted_listed",
                ),
            ],
        },
    ),
    CreateModel(
        name="Closing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("seq", models.PositiveIntegerField(verbose_name="办结记录")),
            ("reported_at", models.DateTimeField(verbose_name="办结上报")),
            ("seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="自签收起（秒）")),
            ("contacts", models.PositiveSmallIntegerField(default=0, verbose_name="联系")),
            ("notes", models.PositiveSmallIntegerField(default=0, verbose_name="进展")),
            ("files", models.PositiveSmallIntegerField(default=0, verbose_name="附件")),
            ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="审核")),
            ("self_checked", models.BooleanField(default=False, verbose_name="审核人经办过")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="closings",
                    to="cases.case",
                ),
            ),
            (
                "reported_by",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                ),
            ),
        ],
        options={
            "verbose_name": "办结核查",
            "verbose_name_plural": "办结核查",
            "indexes": [models.Index(fields=["reported_by", "reported_at"], name="closing_by_whom")],
            "constraints": [models.UniqueConstraint(fields=("case", "seq"), name="closing_once")],
        },
    ),
    CreateModel(
        name="SpotCheck",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
            ("share", models.PositiveSmallIntegerField(verbose_name="抽查比例（%）")),
            ("drawn_at", models.DateTimeField(verbose_name="抽中")),
            ("genuine", models.BooleanField(blank=True, null=True, verbose_name="属实")),
            ("note", models.CharField(blank=True, max_length=500, verbose_name="核查意见")),
            ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核查")),
            (
                "case",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="spot_checks",
                    to="cases.case",
                ),
            ),
            (
                "checked_by",
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
            "verbose_name": "抽查",
            "verbose_name_plural": "抽查",
            "ordering": ("drawn_at", "id"),
            "constraints": [
                models.UniqueConstraint(fields=("case", "round"), name="spot_check_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("checked_at__isnull", True), ("genuine__isnull", True)),
                        models.Q(("checked_at__isnull", False), ("genuine__isnull", False)),
                        _connector="OR",
                    ),
                    name="spot_check_decided_as_a_whole",
                ),
            ],
        },
    ),
    CreateModel(
        name="SavedTable",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=30, verbose_name="名称")),
            ("query", models.CharField(max_length=1000, verbose_name="怎样统计")),
            (
                "share",
                models.CharField(
                    choices=[("nobody", "只有我"), ("unit", "本单位"), ("centre", "综治中心"), ("role", "某一类岗位")],
                    default="nobody",
                    max_length=8,
                    verbose_name="共享",
                ),
            ),
            ("role", models.CharField(blank=True, max_length=20, verbose_name="岗位")),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="accounts.unit",
                ),
            ),
        ],
        options={
            "verbose_name": "自定义统计表",
            "verbose_name_plural": "自定义统计表",
            "ordering": ("name", "pk"),
            "constraints": [
                models.UniqueConstraint(fields=("owner", "name"), name="table_name_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("role", ""), ("share", "unit"), ("unit__isnull", False)),
                        models.Q(("share", "role"), ("unit__isnull", True), models.Q(("role", ""), _negated=True)),
                        models.Q(("role", ""), ("share__in", ("nobody", "centre")), ("unit__isnull", True)),
                        _connector="OR",
                    ),
                    name="table_share_names_whom",
                ),
            ],
        },
    ),
    CreateModel(
        name="TableExport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("post_ids", models.JSONField(default=list, verbose_name="岗位")),
            ("name", models.CharField(max_length=200, verbose_name="名称")),
            ("query", models.CharField(max_length=1000, verbose_name="怎样统计")),
            (
                "format",
                models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4, verbose_name="格式"),
            ),
            ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
            ("done", models.PositiveIntegerField(default=0, verbose_name="已写")),
            (
                "state",
                models.CharField(
                    choices=[("waiting", "排队中"), ("running", "正在写"), ("done", "已写好"), ("failed", "没有写成")],
                    default="waiting",
                    max_length=8,
                    verbose_name="进度",
                ),
            ),
            ("attempt", models.CharField(blank=True, max_length=32)),
            ("path", models.CharField(blank=True, max_length=120)),
            ("said", models.CharField(blank=True, max_length=200, verbose_name="没有写成的原因")),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("leased_until", models.DateTimeField(blank=True, null=True)),
            ("finished_at", models.DateTimeField(blank=True, null=True)),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "verbose_name": "统计表导出",
            "verbose_name_plural": "统计表导出",
            "ordering": ("-pk",),
        },
    ),
    CreateModel(
        name="WhistlePolicy",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[("voices", "群众反映突出"), ("enforcement", "综合执法"), ("emergency", "应急处置")],
                    max_length=12,
                    verbose_name="哨种",
                ),
            ),
            (
                "scale",
                models.CharField(choices=[("simple", "简单"), ("complex", "复杂")], max_length=8, verbose_name="难易"),
            ),
            ("arrive_amount", models.PositiveSmallIntegerField(verbose_name="报到期限")),
            (
                "arrive_unit",
                models.CharField(
                    choices=[
                        ("hour", "小时"),
                        ("working_hour", "工作小时"),
                        ("working_day", "工作日"),
                        ("natural_day", "自然日"),
                    ],
                    max_length=12,
                    verbose_name="报到期限单位",
                ),
            ),
            ("finish_amount", models.PositiveSmallIntegerField(verbose_name="办结期限")),
            (
                "finish_unit",
                models.CharField(
                    choices=[
                        ("hour", "小时"),
                        ("working_hour", "工作小时"),
                        ("working_day", "工作日"),
                        ("natural_day", "自然日"),
                    ],
                    max_length=12,
                    verbose_name="办结期限单位",
                ),
            ),
            ("base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
        ],
        options={
            "verbose_name": "吹哨时限",
            "verbose_name_plural": "吹哨时限",
            "ordering": ("kind", "scale"),
            "constraints": [models.UniqueConstraint(fields=("kind", "scale"), name="whistle_policy_once")],
        },
    ),
    CreateModel(
        name="Whistle",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.CharField(max_length=40, unique=True, verbose_name="哨单号")),
            (
                "kind",
                models.CharField(
                    choices=[("voices", "群众反映突出"), ("enforcement", "综合执法"), ("emergency", "应急处置")],
                    max_length=12,
                    verbose_name="哨种",
                ),
            ),
            (
                "scale",
                models.CharField(choices=[("simple", "简单"), ("complex", "复杂")], max_length=8, verbose_name="难易"),
            ),
            ("area_code", models.CharField(max_length=15, verbose_name="属地")),
            ("place", models.CharField(max_length=120, verbose_name="地点")),
            ("what", models.TextField(verbose_name="请来做什么")),
            ("called_at", models.DateTimeField(verbose_name="吹哨时间")),
            ("arrive_by", models.DateTimeField(verbose_name="报到期限")),
            ("finish_by", models.DateTimeField(verbose_name="办结期限")),
            ("tentative", models.BooleanField(default=False, verbose_name="暂定")),
            ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
            (
                "called_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="吹哨人",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="whistles",
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
                    verbose_name="吹哨单位",
                ),
            ),
        ],
        options={
            "verbose_name": "吹哨单",
            "verbose_name_plural": "吹哨单",
            "ordering": ("-called_at", "-id"),
            "indexes": [models.Index(fields=["area_code", "called_at"], name="whistle_of_area")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("arrive_by__gte", models.F("called_at")), ("finish_by__gte", models.F("called_at"))
                    ),
                    name="whistle_dates_follow_the_call",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("client_id", ""), _negated=True),
                    fields=("called_by", "client_id"),
                    name="whistle_sent_once",
                ),
            ],
        },
    ),
    CreateModel(
        name="WhistleCall",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("called", "已吹哨"),
                        ("arrived", "已报到"),
                        ("handling", "处置中"),
                        ("finished", "已办结"),
                        ("rated", "已双评"),
                        ("recalled", "已撤回"),
                    ],
                    default="called",
                    max_length=10,
                    verbose_name="状态",
                ),
            ),
            ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="确认报到")),
            ("arrived_who", models.CharField(blank=True, max_length=60, verbose_name="到场人")),
            ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="开始处置")),
            ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="办结")),
            ("result", models.TextField(blank=True, verbose_name="处置结果")),
            ("recalled_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回")),
            ("recall_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
            ("street_score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="街道评部门")),
            ("street_words", models.CharField(blank=True, max_length=500, verbose_name="街道的话")),
            ("unit_score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="部门评街道")),
            ("unit_words", models.CharField(blank=True, max_length=500, verbose_name="部门的话")),
            ("chased", models.CharField(blank=True, max_length=8, verbose_name="已催")),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="呼叫部门",
                ),
            ),
            (
                "whistle",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="calls",
                    to="cases.whistle",
                    verbose_name="吹哨单",
                ),
            ),
        ],
        options={
            "verbose_name": "报到单",
            "verbose_name_plural": "报到单",
            "ordering": ("id",),
            "indexes": [models.Index(fields=["stage", "chased"], name="whistle_call_to_chase")],
            "constraints": [
                models.UniqueConstraint(fields=("whistle", "unit"), name="whistle_calls_a_unit_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("arrived_at__isnull", True),
                            ("finished_at__isnull", True),
                            ("recalled_at__isnull", True),
                            ("stage", "called"),
                            ("started_at__isnull", True),
                            ("street_score__isnull", True),
                            ("unit_score__isnull", True),
                        ),
                        models.Q(
                            ("arrived_at__isnull", False),
                            ("finished_at__isnull", True),
                            ("recalled_at__isnull", True),
                            ("stage", "arrived"),
                            ("started_at__isnull", True),
                            ("street_score__isnull", True),
                            ("unit_score__isnull", True),
                        ),
                        models.Q(
                            ("arrived_at__isnull", False),
                            ("finished_at__isnull", True),
                            ("recalled_at__isnull", True),
                            ("stage", "handling"),
                            ("started_at__isnull", False),
                            ("street_score__isnull", True),
                            ("unit_score__isnull", True),
                        ),
                        models.Q(
                            ("arrived_at__isnull", False),
                            ("finished_at__isnull", False),
                            ("recalled_at__isnull", True),
                            ("stage", "finished"),
                            ("started_at__isnull", False),
                            models.Q(("street_score__isnull", False), ("unit_score__isnull", False), _negated=True),
                        ),
                        models.Q(
                            ("arrived_at__isnull", False),
                            ("finished_at__isnull", False),
                            ("recalled_at__isnull", True),
                            ("stage", "rated"),
                            ("started_at__isnull", False),
                            ("street_score__isnull", False),
                            ("unit_score__isnull", False),
                        ),
                        models.Q(
                            ("arrived_at__isnull", True),
                            ("finished_at__isnull", True),
                            ("recalled_at__isnull", False),
                            ("stage", "recalled"),
                            ("started_at__isnull", True),
                            ("street_score__isnull", True),
                            ("unit_score__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="whistle_stage_has_its_moments",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("finished_at__isnull", True), ("result", "")),
                        models.Q(("finished_at__isnull", False), models.Q(("result", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="whistle_finished_with_a_result",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("recall_reason", ""), ("recalled_at__isnull", True)),
                        models.Q(("recalled_at__isnull", False), models.Q(("recall_reason", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="whistle_recalled_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("street_score__isnull", True),
                            models.Q(("street_score__gte", 1), ("street_score__lte", 5)),
                            _connector="OR",
                        ),
                        models.Q(
                            ("unit_score__isnull", True),
                            models.Q(("unit_score__gte", 1), ("unit_score__lte", 5)),
                            _connector="OR",
                        ),
                    ),
                    name="whistle_scores_one_to_five",
                ),
            ],
        },
    ),
    CreateModel(
        name="Visit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("area_code", models.CharField(max_length=15, verbose_name="受理层级")),
            (
                "purpose",
                models.CharField(
                    choices=[
                        ("matter", "反映事项"),
                        ("progress", "询问进度"),
                        ("material", "补交材料"),
                        ("guidance", "问路、找人"),
                    ],
                    max_length=10,
                    verbose_name="来访目的",
                ),
            ),
            ("people", models.PositiveIntegerField(default=1, verbose_name="人次")),
            ("repeat", models.BooleanField(default=False, verbose_name="重复来访")),
            ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
            (
                "case",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="visits",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "received_by",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="接待人",
                ),
            ),
        ],
        options={
            "verbose_name": "来访",
            "verbose_name_plural": "来访登记",
            "ordering": ("-at", "-id"),
            "indexes": [models.Index(fields=["at", "area_code"], name="visit_of_day")],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("people__gte", 1)), name="visit_has_people"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("case__isnull", False), models.Q(("purpose", "matter"), _negated=True), _connector="OR"
                    ),
                    name="visit_for_a_matter_has_one",
                ),
            ],
        },
    ),
    CreateModel(
        name="IntakeDraft",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("client_id", models.CharField(max_length=64, verbose_name="提交号")),
            ("typed", governance_portal.lib.crypto.SealedJSONField()),
            ("updated_at", models.DateTimeField(verbose_name="保存时间")),
            (
                "clerk",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="登记人",
                ),
            ),
        ],
        options={
            "verbose_name": "未提交的登记",
            "verbose_name_plural": "未提交的登记",
            "indexes": [models.Index(fields=["updated_at"], name="intake_draft_age")],
            "constraints": [models.UniqueConstraint(fields=("clerk", "client_id"), name="intake_draft_once")],
        },
    ),
    CreateModel(
        name="RosterEntry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("area_code", models.CharField(max_length=15, verbose_name="大厅")),
            ("leader", models.BooleanField(default=False, verbose_name="值班领导")),
            (
                "presence",
                models.CharField(
                    blank=True,
                    choices=[("resident", "常驻"), ("rotating", "轮驻"), ("on_call", "随驻")],
                    max_length=10,
                    verbose_name="方式",
                ),
            ),
            (
                "weekday",
                models.PositiveSmallIntegerField(
                    blank=True,
                    choices=[(0, "周一"), (1, "周二"), (2, "周三"), (3, "周四"), (4, "周五"), (5, "周六"), (6, "周日")],
                    null=True,
                    verbose_name="星期",
                ),
            ),
            ("date", models.DateField(blank=True, null=True, verbose_name="日期")),
            ("person", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
            ("desk", models.CharField(blank=True, max_length=20, verbose_name="窗口号")),
            ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
            ("away", models.BooleanField(default=False, verbose_name="当日不在")),
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
            "verbose_name": "大厅值班",
            "verbose_name_plural": "大厅值班表",
            "ordering": ("-leader", "desk", "id"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("weekday__isnull", True), ("date__isnull", True), _connector="OR"),
                    name="roster_by_weekday_or_date",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("leader", True), ("unit__isnull", True)),
                        models.Q(("leader", False), ("unit__isnull", False)),
                        _connector="OR",
                    ),
                    name="roster_of_a_unit_or_leader",
                ),
                models.CheckConstraint(
                    condition=models.Q(("away", False), ("date__isnull", False), _connector="OR"),
                    name="roster_away_on_a_date",
                ),
            ],
        },
    ),
]


#: These columns were added to a table that had rows: the database has a default for them still, of which the models know
#: nothing. A new database has it too, so that there is one schema.
DEFAULTS = {"came_back": "", "counted": "", "redo_request": "", "step_tentative": False, "instalments_open": 0}


def _with_defaults(model: CreateModel) -> CreateModel:
    """The same table, with those defaults if it is that of the cases."""
    if model.name != "Case":
        return model
    fields = []
    for name, field in model.fields:
        _name, _path, args, given = field.deconstruct()
        more = {"db_default": DEFAULTS[name]} if name in DEFAULTS else {}
        fields.append((name, type(field)(*args, **given, **more)))
    return CreateModel(model.name, fields, model.options)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("cases", "0001_initial"),
        ("cases", "0005_indexes_said_twice"),
        ("cases", "0006_same_matter"),
        ("cases", "0007_window"),
        ("cases", "0008_work_list"),
        ("cases", "0011_counted"),
        ("cases", "0012_recount"),
        ("cases", "0013_open"),
        ("cases", "0016_deciding_and_reviewing"),
        ("cases", "0017_ladder"),
        ("cases", "0018_supervising"),
        ("cases", "0020_task_chased"),
        ("cases", "0022_following_up_mended"),
        ("cases", "0023_agreement_clocks"),
        ("cases", "0024_held_reports"),
        ("cases", "0025_crowds"),
        ("cases", "0028_caring"),
        ("cases", "0031_phone"),
        ("cases", "0033_network"),
        ("cases", "0034_screens"),
        ("cases", "0036_tabling"),
        ("cases", "0037_lists"),
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("grids", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[CreateModels([_with_defaults(model) for model in MODELS])],
            state_operations=[CreateModels(MODELS)],
        )
    ]
