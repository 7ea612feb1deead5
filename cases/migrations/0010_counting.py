"""The triggers that write what a change of a case adds to the figures, last of all.

Whoever has SQLite make `cases_case` anew (a migration that alters it) makes them anew, as those of 0002.
"""

from django.db import migrations

from cases.contributions import drop_triggers, make_triggers


class Migration(migrations.Migration):
    replaces = [("cases", "0032_kept_counts"), ("cases", "0038_over_at")]
    dependencies = [("cases", "0009_begins_with")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
