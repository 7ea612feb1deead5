"""Assessment of grids' work: plans in versions, rounds, frozen figures, appeals, grades; what is written stays (triggers).

The plans that a centre begins with differ by class (facts §8 row 3.8: 分类管理、差异化考核评价); a centre publishes its own.
"""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: class: weights of 按期, 一次, 满意, 抽查.
PLANS = {"community": (30, 20, 30, 20), "village": (35, 20, 30, 15), "dedicated": (40, 25, 15, 20)}
PLAN_KEPT = (
    *("work_class", "since", "on_time", "at_once", "satisfied", "spot", "min_base"),
    *("reason", "author_name", "made_at"),
)
ROUND_KEPT = ("quarter", "work_class", "plan_id", "computed_at", "computed_by_id")
REFUSED = "what was computed, published or settled in an assessment stays"


def _changed(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _rules(differs: str) -> list[tuple[str, str, str, str]]:
    """(table, event, name, when)."""
    frozen = ("cases_gridassessment", "cases_gridfigure", "cases_appealstep")
    return [
        *((table, "UPDATE", f"{table}_kept", "") for table in frozen),
        *((table, "DELETE", f"{table}_stays", "") for table in frozen),
        (
            "cases_assessmentplan",
            "UPDATE",
            "cases_assessmentplan_version",
            f"{_changed(PLAN_KEPT, differs)} OR (OLD.until <> '' AND NEW.until <> OLD.until)",
        ),
        ("cases_assessmentplan", "DELETE", "cases_assessmentplan_stays", "OLD.author_name <> ''"),
        (
            "cases_assessmentround",
            "UPDATE",
            "cases_assessmentround_computed_once",
            f"OLD.computed_at IS NOT NULL AND ({_changed(ROUND_KEPT, differs)})",
        ),
        (
            "cases_assessmentround",
            "UPDATE",
            "cases_assessmentround_decided_once",
            f"OLD.decided_at IS NOT NULL AND ({_changed(('decided_at', 'decided_by_id', 'shown_at'), differs)})",
        ),
        ("cases_assessmentround", "DELETE", "cases_assessmentround_stays", "OLD.computed_at IS NOT NULL"),
        ("cases_appeal", "UPDATE", "cases_appeal_settled", "OLD.confirmed_at IS NOT NULL"),
        ("cases_appeal", "DELETE", "cases_appeal_stays", ""),
    ]


#: A grade stands once its round is decided; the round is another row, so this rule is a question.
DECIDED = """SELECT 1 FROM cases_gridassessment a JOIN cases_assessmentround r ON r.id = a.round_id
    WHERE a.id = OLD.assessment_id AND r.decided_at IS NOT NULL"""


def _sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {f'WHEN {when} ' if when else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table, event, name, when in _rules("IS NOT")
    ]
    return made + [
        f"CREATE TRIGGER cases_gridgrade_{event.lower()} BEFORE {event} ON cases_gridgrade WHEN EXISTS ({DECIDED}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION cases_assessing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
        f"""CREATE FUNCTION cases_gridgrade_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF EXISTS ({DECIDED}) THEN RAISE EXCEPTION '{REFUSED}'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER cases_gridgrade_kept BEFORE UPDATE OR DELETE ON cases_gridgrade
           FOR EACH ROW EXECUTE FUNCTION cases_gridgrade_kept()""",
    ]
    return made + [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
        "EXECUTE FUNCTION cases_assessing_kept()"
        for table, event, name, when in _rules("IS DISTINCT FROM")
    ]


def forwards(apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database, then the plans that a centre begins with."""
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement)
    plan = apps.get_model("cases", "AssessmentPlan")
    for work_class, (on_time, at_once, satisfied, spot) in PLANS.items():
        plan.objects.create(
            work_class=work_class,
            since="2020Q1",
            on_time=on_time,
            at_once=at_once,
            satisfied=satisfied,
            spot=spot,
        )


def backwards(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers; the tables go with the rest."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, _event, name, _when in _rules(""):
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if on_postgresql else f"DROP TRIGGER {name}")
    if on_postgresql:
        schema_editor.execute("DROP TRIGGER cases_gridgrade_kept ON cases_gridgrade")
        schema_editor.execute("DROP FUNCTION cases_gridgrade_kept()")
        schema_editor.execute("DROP FUNCTION cases_assessing_kept()")
    else:
        schema_editor.execute("DROP TRIGGER cases_gridgrade_update")
        schema_editor.execute("DROP TRIGGER cases_gridgrade_delete")


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_wishes"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
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
            ],
            options={
                "verbose_name": "考核申诉",
                "verbose_name_plural": "考核申诉",
                "ordering": ("made_at", "id"),
            },
        ),
        migrations.CreateModel(
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
        migrations.CreateModel(
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
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.AddField(
            model_name="appeal",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeals",
                to="cases.gridassessment",
                verbose_name="结果",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="correction",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.gridassessment",
                verbose_name="更正",
            ),
        ),
        migrations.CreateModel(
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
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="值"),
                ),
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.UniqueConstraint(fields=("quarter", "work_class"), name="assessment_round_once"),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("computed_at__isnull", True),
                    models.Q(("computed_by__isnull", False), ("plan__isnull", False)),
                    _connector="OR",
                ),
                name="assessment_round_computed_by_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appeal_until__isnull", True), ("shown_at__isnull", True)),
                    ("appeal_until__gt", models.F("shown_at")),
                    _connector="OR",
                ),
                name="assessment_round_shown_with_time_to_appeal",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="gridassessment",
            constraint=models.UniqueConstraint(fields=("round", "grid_code", "version"), name="grid_assessment_once"),
        ),
        migrations.AddConstraint(
            model_name="gridassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects__isnull", True), ("reason", ""), ("version", 1)),
                    models.Q(("corrects__isnull", False), ("version__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="grid_assessment_corrected_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total__isnull", True), models.Q(("total__gte", 0), ("total__lte", 100)), _connector="OR"
                ),
                name="grid_assessment_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(fields=("assessment", "made_by"), name="appeal_once"),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("correction__isnull", True), models.Q(("stage", "settled"), ("upheld", True)), _connector="OR"
                ),
                name="appeal_corrected_when_upheld",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridfigure",
            constraint=models.UniqueConstraint(fields=("assessment", "indicator"), name="grid_figure_once"),
        ),
        migrations.AddConstraint(
            model_name="gridfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("numerator__lte", models.F("denominator"))), name="grid_figure_part_of_a_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="gridfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True),
                    models.Q(("denominator__gt", 0), ("value__gte", 0), ("value__lte", 100)),
                    _connector="OR",
                ),
                name="grid_figure_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridgrade",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("valued", True), models.Q(("grade", "too_few"), _negated=True)),
                    models.Q(("grade__in", ("too_few", "passed")), ("valued", False)),
                    _connector="OR",
                ),
                name="grid_grade_few_cases_do_not_hurt",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridgrade",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grade", "improve"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="grid_grade_to_improve_says_what",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
