"""Agreements: how many instalments are waited for, and the rungs before a 司法确认 can be applied for no more.

`instalments_open` is added by a statement of our own: Django's way makes the table of SQLite anew and loses its triggers.
No agreement had dates before, so that nothing is waited for.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of the case, and two names of a rung."""

    dependencies = [("cases", "0022_following_up_mended")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cases_case ADD COLUMN instalments_open smallint DEFAULT 0 NOT NULL"
                    " CHECK (instalments_open >= 0)",
                    "ALTER TABLE cases_case DROP COLUMN instalments_open",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="case",
                    name="instalments_open",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="待履行的期数"),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="reminder",
            name="rung",
            field=models.CharField(
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
    ]
