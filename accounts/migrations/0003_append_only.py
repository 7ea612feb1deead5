"""The log and its seals refuse UPDATE and DELETE in the database itself."""

from functools import partial

from django.db import migrations

from accounts.append_only import protect, release

TABLES = ["accounts_auditentry", "accounts_auditseal"]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_service_accounts")]

    operations = [
        migrations.RunPython(partial(protect, table=table), partial(release, table=table)) for table in TABLES
    ]
