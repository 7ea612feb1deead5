"""What few cases are (sent back, under an order) is found without reading the many that are not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0036_tabling")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(condition=~models.Q(came_back=""), fields=["came_back"], name="case_sent_back"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(condition=models.Q(orders_open__gt=0), fields=["orders_open"], name="case_under_orders"),
        ),
    ]
