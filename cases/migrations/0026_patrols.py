"""排查: plans in versions, points, tasks by day, findings, hand-overs, closings; triggers keep the past as it was.

Whoever alters `PatrolPlan` or `PatrolTask` makes their triggers anew on SQLite (`SQLITE` below).
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Everything of a plan but its end and the clock's own marks.
KEPT = (
    *("kind", "name", "look_for", "area_code", "duty_kind", "repeat", "every", "weekdays", "month_days", "special"),
    *("first_day", "last_day", "follows_id", "made_by_id", "made_at"),
)
PLAN = "a patrol plan is a version: end it and make the next one"
CLOSED = "the campaign is closed: what was left undone is on record"
_PLAN_LITE = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)
_PLAN_PG = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in KEPT)
SQLITE = (
    f"""CREATE TRIGGER cases_patrolplan_version BEFORE UPDATE ON cases_patrolplan
        WHEN {_PLAN_LITE} OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS NOT OLD.ends_on)
        BEGIN SELECT RAISE(ABORT, '{PLAN}'); END""",
    f"""CREATE TRIGGER cases_patroltask_closed BEFORE UPDATE ON cases_patroltask
        WHEN EXISTS (SELECT 1 FROM cases_patrolclosing WHERE plan_id = OLD.plan_id)
        BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END""",  # noqa: S608
)
SQLITE_BACK = ("DROP TRIGGER cases_patroltask_closed", "DROP TRIGGER cases_patrolplan_version")
POSTGRESQL = (
    f"""CREATE FUNCTION cases_patrolplan_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{PLAN}'; END $$""",
    f"""CREATE TRIGGER cases_patrolplan_version BEFORE UPDATE ON cases_patrolplan FOR EACH ROW
        WHEN ({_PLAN_PG} OR (OLD.ends_on IS NOT NULL AND NEW.ends_on IS DISTINCT FROM OLD.ends_on))
        EXECUTE FUNCTION cases_patrolplan_version()""",
    f"""CREATE FUNCTION cases_patroltask_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT 1 FROM cases_patrolclosing WHERE plan_id = OLD.plan_id) THEN
            RAISE EXCEPTION '{CLOSED}';
          END IF;
          RETURN NEW;
        END $$""",  # noqa: S608
    """CREATE TRIGGER cases_patroltask_closed BEFORE UPDATE ON cases_patroltask
       FOR EACH ROW EXECUTE FUNCTION cases_patroltask_closed()""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER cases_patroltask_closed ON cases_patroltask",
    "DROP FUNCTION cases_patroltask_closed()",
    "DROP TRIGGER cases_patrolplan_version ON cases_patrolplan",
    "DROP FUNCTION cases_patrolplan_version()",
)


def forwards(apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0025_crowds"),
        ("grids", "0002_duty_does_not_overlap"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
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
                (
                    "month_days",
                    models.CharField(blank=True, help_text="如 1,15", max_length=90, verbose_name="每月几日"),
                ),
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
        migrations.CreateModel(
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
            },
        ),
        migrations.CreateModel(
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
        migrations.CreateModel(
            name="PatrolCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("normal", "正常"), ("abnormal", "异常")], max_length=8, verbose_name="结果"
                    ),
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
            },
        ),
        migrations.CreateModel(
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
                (
                    "grid",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.grid"),
                ),
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
                            models.Q(
                                ("points_seen__lt", models.F("points_due")), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="patrol_closing_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.grid",
                        verbose_name="网格",
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
                    models.UniqueConstraint(
                        fields=("grid", "duty_kind", "to_user", "on"), name="patrol_hand_over_once"
                    ),
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
        migrations.AddIndex(
            model_name="patrolplan",
            index=models.Index(fields=["area_code", "kind"], name="patrol_plan_of_area"),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"
                ),
                name="patrol_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "campaign"), ("last_day__isnull", False), ("repeat", "once")),
                    models.Q(
                        models.Q(("kind", "campaign"), _negated=True), models.Q(("repeat", "once"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="patrol_campaign_has_a_closing_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("repeat", "week"), _negated=True),
                    models.Q(("weekdays", ""), _negated=True),
                    _connector="OR",
                ),
                name="patrol_week_names_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("repeat", "month"), _negated=True),
                    models.Q(("month_days", ""), _negated=True),
                    _connector="OR",
                ),
                name="patrol_month_names_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__gte", 1), ("every__lte", 366)), name="patrol_every_some_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="patrol_plan_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolclosing",
            constraint=models.CheckConstraint(
                condition=models.Q(("points_seen__lte", models.F("points_due"))), name="patrol_closing_sees_what_is_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolpoint",
            constraint=models.UniqueConstraint(fields=("plan", "position"), name="patrol_point_position_once"),
        ),
        migrations.AddConstraint(
            model_name="patrolpoint",
            constraint=models.UniqueConstraint(fields=("plan", "grid", "name", "place"), name="patrol_point_once"),
        ),
        migrations.AddIndex(
            model_name="patroltask",
            index=models.Index(fields=["day", "grid"], name="patrol_task_of_day"),
        ),
        migrations.AddConstraint(
            model_name="patroltask",
            constraint=models.UniqueConstraint(fields=("plan", "grid", "day"), name="patrol_task_once"),
        ),
        migrations.AddConstraint(
            model_name="patroltask",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens_on__lte", models.F("day"))), name="patrol_task_opens_by_its_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="patroltask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("done_by__isnull", True), ("reason", ""), ("reported_on__isnull", True), ("state", "open")
                    ),
                    models.Q(
                        ("done_by__isnull", False), ("reason", ""), ("reported_on__isnull", False), ("state", "done")
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
        ),
        migrations.AddConstraint(
            model_name="patroltask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "other"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="patrol_task_other_reason_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="patroltask",
            constraint=models.CheckConstraint(
                condition=models.Q(("points_seen__lte", models.F("points_due"))), name="patrol_task_sees_what_is_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolreport",
            constraint=models.UniqueConstraint(fields=("by", "client_id"), name="patrol_report_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="patrolremark",
            constraint=models.UniqueConstraint(fields=("task", "by", "on", "text"), name="patrol_remark_once"),
        ),
        migrations.AddConstraint(
            model_name="patrolcheck",
            constraint=models.UniqueConstraint(fields=("task", "point"), name="patrol_check_once"),
        ),
        migrations.AddConstraint(
            model_name="patrolcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "abnormal"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="patrol_abnormal_says_what",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
