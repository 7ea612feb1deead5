"""What a new centre offers over Open311; what was provided outside stays on record."""

from functools import partial
from typing import Any

from django.db import migrations

from accounts.append_only import protect, release
from hotlines.open311.defaults import load


def add_services(apps: Any, _schema_editor: Any) -> None:
    """The services of public places."""
    categories = set(apps.get_model("cases", "Category").objects.values_list("code", flat=True))
    load(apps.get_model("hotlines", "Open311Service"), apps.get_model("hotlines", "Open311Attribute"), categories)


class Migration(migrations.Migration):
    replaces = [("hotlines", "0005_open311")]
    dependencies = [("hotlines", "0001_tables"), ("cases", "0009_begins_with")]

    operations = [
        migrations.RunPython(add_services, migrations.RunPython.noop),
        migrations.RunPython(
            partial(protect, table="hotlines_provision"), partial(release, table="hotlines_provision")
        ),
    ]
