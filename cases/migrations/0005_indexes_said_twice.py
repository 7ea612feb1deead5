"""Drop six indexes that say what the beginning of another index says: less to write with every event.

Dropped by name, as SQLite's way of altering a field makes the table anew and would lose its triggers (0002, 0004).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TWICE = (
    ("cases_event_case_id_59b954a1", "cases_event", "case_id"),
    ("cases_deadline_case_id_fd6938e1", "cases_deadline", "case_id"),
    ("cases_party_case_id_9d5babdc", "cases_party", "case_id"),
    ("cases_assisting_case_id_3646d0b3", "cases_assisting", "case_id"),
    ("cases_case_lead_unit_id_fb1941ea", "cases_case", "lead_unit_id"),
    ("cases_case_handler_id_21cefe0d", "cases_case", "handler_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_append_only"),
        ("cases", "0004_status_needs_its_event"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')
                for name, table, column in TWICE
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="assisting",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assisting_rows",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="handler",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承办人",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="lead_unit",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_cases",
                        to="accounts.unit",
                        verbose_name="主办单位",
                    ),
                ),
                migrations.AlterField(
                    model_name="deadline",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="party",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="cases.case",
                    ),
                ),
            ],
        ),
    ]
