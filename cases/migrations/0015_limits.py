"""Calendar imports, the dates that a recount moved, versions of limits that nobody edits, 暂定 of the nearest clock.

`step_tentative` is added by a statement of our own: Django's way makes the table of SQLite anew and loses its triggers.
Whoever alters `LimitPolicy` again makes its triggers anew on SQLite (`SQLITE` below).
"""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CLOCKS = [
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
]
BACKFILL = """
UPDATE cases_case SET step_tentative = TRUE WHERE step_due_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM cases_deadline AS d
    WHERE d.case_id = cases_case.id AND d.clock = cases_case.step_clock AND d.running AND d.tentative
      AND d.due_at = cases_case.step_due_at)
"""
#: Everything of a version but the day on which it ends.
KEPT = (
    *("clock", "kind", "procedure", "category", "level", "channel", "amount", "unit"),
    *("extension_amount", "extension_times", "extension_by", "legal_base", "statutory", "valid_from"),
    *("reason", "author_name", "made_at"),
)
REFUSED = "a limit is a version: end it and add the next one"
_SAME_LITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
_SAME_PG = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)
SQLITE = (
    f"""CREATE TRIGGER cases_limitpolicy_version BEFORE UPDATE ON cases_limitpolicy
        WHEN {_SAME_LITE} OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS NOT OLD.valid_to)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # Emptying a table is a DELETE here: what the migrations filled in may go with the whole, what people wrote may not.
    f"""CREATE TRIGGER cases_limitpolicy_kept BEFORE DELETE ON cases_limitpolicy WHEN OLD.author_name <> ''
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
SQLITE_BACK = ("DROP TRIGGER cases_limitpolicy_kept", "DROP TRIGGER cases_limitpolicy_version")
POSTGRESQL = (
    f"""CREATE FUNCTION cases_limitpolicy_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    f"""CREATE TRIGGER cases_limitpolicy_version BEFORE UPDATE ON cases_limitpolicy FOR EACH ROW
        WHEN ({_SAME_PG} OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to))
        EXECUTE FUNCTION cases_limitpolicy_version()""",
    """CREATE TRIGGER cases_limitpolicy_kept BEFORE DELETE ON cases_limitpolicy
       FOR EACH ROW EXECUTE FUNCTION cases_limitpolicy_version()""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER cases_limitpolicy_kept ON cases_limitpolicy",
    "DROP TRIGGER cases_limitpolicy_version ON cases_limitpolicy",
    "DROP FUNCTION cases_limitpolicy_version()",
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
        ("cases", "0014_reception_and_whistles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cases_case ADD COLUMN step_tentative boolean DEFAULT FALSE NOT NULL",
                    "ALTER TABLE cases_case DROP COLUMN step_tentative",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="case",
                    name="step_tentative",
                    field=models.BooleanField(default=False, verbose_name="当前时限暂定"),
                ),
            ],
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="recount",
            name="asked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出"),
        ),
        migrations.AddField(
            model_name="recount",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="缘由"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recount",
            name="asked_by",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="提出人"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recount", name="claimed_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="recount",
            name="done_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.recount",
            ),
        ),
        migrations.AddField(
            model_name="recount",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="告知"),
        ),
        migrations.CreateModel(
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
            options={"verbose_name": "放假安排导入", "verbose_name_plural": "放假安排导入", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="MovedDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(choices=CLOCKS, max_length=20, verbose_name="时限")),
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
                "constraints": [
                    models.UniqueConstraint(fields=("recount", "case", "clock", "period"), name="moved_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="limitpolicy",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="修改理由"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="limitpolicy",
            name="author_name",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="发布人"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="limitpolicy",
            name="made_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
        ),
        migrations.AddConstraint(
            model_name="limitpolicy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("clock", "kind", "procedure", "category", "level", "channel"),
                name="limit_policy_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="limitpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="limit_policy_from_to",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
