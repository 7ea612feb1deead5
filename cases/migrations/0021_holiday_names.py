"""The days that the calendar began with get the names of their holidays; an edited one keeps its own."""

from typing import Any

from django.db import migrations

from governance_portal.lib.working_days import holiday_name

SEEDED = "国务院办公厅放假安排（chinesecalendar）"


def forwards(apps: Any, schema_editor: Any) -> None:
    """Fill the names in."""
    holiday = apps.get_model("cases", "Holiday")
    named = []
    for row in holiday.objects.filter(source=SEEDED, name=""):
        row.name = holiday_name(row.date)
        if row.name:
            named.append(row)
    holiday.objects.bulk_update(named, ["name"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_task_chased")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
