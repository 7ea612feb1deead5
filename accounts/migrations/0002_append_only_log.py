"""The log and its seals refuse UPDATE and DELETE in the database itself."""

from functools import partial

from django.db import migrations

from accounts.append_only import protect, release

TABLES = ["accounts_auditentry", "accounts_auditseal"]


class Migration(migrations.Migration):
    replaces = [("accounts", "0003_append_only")]
    dependencies = [("accounts", "0001_tables")]

    operations = [
        migrations.RunPython(partial(protect, table=table), partial(release, table=table)) for table in TABLES
    ]
