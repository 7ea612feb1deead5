"""What depends on the time is counted off one index of the cases whose clock runs; who was unhappy off another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0039_appeals")]

    operations = [
        migrations.RemoveIndex("case", "case_warn_running"),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("due_running", True)),
                fields=["due_warn_at"],
                include=(
                    *("area_code", "grid_code", "lead_unit", "category", "channel", "level", "kind"),
                    *("registered_at", "judged_at", "due_at", "counted", "round", "on_time"),
                ),
                name="case_warn_running",
            ),
        ),
        migrations.AddIndex(
            "case", models.Index(condition=models.Q(("satisfaction__lt", 3)), fields=["status"], name="case_unhappy")
        ),
    ]
