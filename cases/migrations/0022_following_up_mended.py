"""A bad rating that is late is told of once: the row says when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The mark of the chore that tells of late rectifications; those told of before it are told once more, at most."""

    dependencies = [("cases", "0021_holiday_names")]
    operations = [
        migrations.AddField(
            model_name="rectification",
            name="late_told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="超期已提醒"),
        ),
    ]
