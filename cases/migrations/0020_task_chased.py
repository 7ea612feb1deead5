"""When an undone joint task was chased, so that it is chased once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_following_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="jointtask",
            name="chased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="催过"),
        ),
    ]
