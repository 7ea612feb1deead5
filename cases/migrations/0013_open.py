"""What is open now is found without reading what is not: a few thousand of a million rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_recount")]

    operations = [
        migrations.AddIndex(
            "case", models.Index(fields=["counted"], condition=models.Q(("counted", "open")), name="case_open")
        ),
    ]
