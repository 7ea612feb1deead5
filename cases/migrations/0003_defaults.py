"""Seed the calendar, the limits and the code lists; all of them editable afterwards."""

from typing import Any

from django.db import migrations

from cases.catalogue import load_categories
from cases.default_limits import DEFAULT_LIMITS
from governance_portal.lib.working_days import published_days

FIRST_YEAR, AFTER_LAST = 2024, 2031


def forwards(apps: Any, schema_editor: Any) -> None:
    """Fill the tables."""
    holiday = apps.get_model("cases", "Holiday")
    days = published_days(range(FIRST_YEAR, AFTER_LAST))
    holiday.objects.bulk_create(
        holiday(date=day, workday=workday, source="国务院办公厅放假安排（chinesecalendar）")
        for day, workday in days.items()
    )
    policy = apps.get_model("cases", "LimitPolicy")
    policy.objects.bulk_create(policy(**row) for row in DEFAULT_LIMITS)
    load_categories(apps.get_model("cases", "Category"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_guards")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
