"""The clock, the resident and the integration act under names of their own; nobody can log in with them."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

# Frozen here on purpose: a migration says what was true when it was written.
ACCOUNTS = {"clock": "时钟", "resident": "居民", "integration": "对接系统"}


def make(apps, schema_editor):
    """Make those that are missing."""
    users = apps.get_model("accounts", "User").objects
    for username, name in ACCOUNTS.items():
        users.get_or_create(
            username=username, defaults={"name": name, "is_service": True, "password": make_password(None)}
        )


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_service_accounts")]
    dependencies = [("accounts", "0002_append_only_log")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
