"""Since when a case lies open no more, kept on its row, and with it 存量、新增、化解 among the kept counts."""

from typing import Any

from django.db import migrations, models

from cases.contributions import count_anew, drop_triggers, make_triggers

MEASURES = ("taken_on", "over_closed", "over_ended")


def fill_in(_apps: Any, schema_editor: Any) -> None:
    """Closed: when it was closed; declined or merged: when it last became so."""
    schema_editor.execute(
        "UPDATE cases_case SET over_at = closed_at WHERE closed_at IS NOT NULL",
        params=None,
    )
    schema_editor.execute(
        "UPDATE cases_case SET over_at = e.at FROM (SELECT case_id, max(at) AS at FROM cases_event"
        " WHERE status_after IN ('declined', 'merged') AND status_before <> status_after GROUP BY case_id) AS e"
        " WHERE e.case_id = cases_case.id AND cases_case.closed_at IS NULL"
        " AND cases_case.status IN ('declined', 'merged', 'archived')",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0037_lists")]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.AddField("case", "over_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
        *(
            migrations.AddField(model, name, models.BigIntegerField(default=0))
            for model in ("tallydelta", "tallycount")
            for name in MEASURES
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
