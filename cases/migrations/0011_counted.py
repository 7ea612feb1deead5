"""As what a case counts in the statistics, kept on its row by the door (cases.tally), and the indexes the board reads.

`counted` is added by a statement of our own: Django's way makes the table of SQLite anew and loses its triggers.
"""

from django.db import migrations, models

CAME_FINISHED = "EXISTS (SELECT 1 FROM cases_event AS e WHERE e.case_id = cases_case.id AND e.kind = 'import_result')"
SETTLED = "('fulfilled', 'agreed', 'partly', 'answered', 'guided')"
FIRST = "SELECT d.{column} FROM cases_deadline AS d WHERE d.case_id = cases_case.id AND d.clock = 'resolve_by' AND d.period = 1"
BACKFILL = f"""
UPDATE cases_case SET
    counted = CASE
        WHEN accepted_at IS NULL AND NOT {CAME_FINISHED} THEN ''
        WHEN status IN ('declined', 'merged') THEN 'ended'
        WHEN status NOT IN ('closed', 'archived') THEN 'open'
        WHEN outcome IN {SETTLED} OR (outcome = '' AND accepted_at IS NULL) THEN 'closed'
        ELSE 'ended' END,
    judged_at = CASE WHEN import_on_time IS NOT NULL THEN registered_at ELSE ({FIRST.format(column="due_at")}) END,
    on_time = CASE
        WHEN import_on_time IS NOT NULL THEN import_on_time
        WHEN ({FIRST.format(column="late_at")}) IS NOT NULL THEN FALSE
        WHEN ({FIRST.format(column="met_at")}) IS NOT NULL AND (round > 1 OR status <> 'supervision') THEN TRUE
        END
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_retention")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cases_case ADD COLUMN counted varchar(6) DEFAULT '' NOT NULL",
                    "ALTER TABLE cases_case DROP COLUMN counted",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="case",
                    name="counted",
                    field=models.CharField(
                        blank=True,
                        choices=[("open", "在办"), ("closed", "办结"), ("ended", "终结")],
                        max_length=6,
                        verbose_name="统计归属",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="judged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="首轮期限"),
        ),
        migrations.AddField(
            model_name="case",
            name="on_time",
            field=models.BooleanField(blank=True, null=True, verbose_name="首轮按期"),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddIndex("case", models.Index(fields=["judged_at"], name="case_judged")),
        migrations.AddIndex("case", models.Index(fields=["accepted_at"], name="case_accepted")),
        migrations.AddIndex("case", models.Index(fields=["closed_at"], name="case_closed")),
    ]
