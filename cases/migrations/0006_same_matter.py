"""Two cases about one matter that go their own ways, told of each other by a person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_append_only"),
        ("cases", "0005_indexes_said_twice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SameMatter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("linked_at", models.DateTimeField(verbose_name="关联时间")),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="同一事项",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="关联人",
                    ),
                ),
            ],
            options={
                "verbose_name": "同一事项",
                "verbose_name_plural": "同一事项",
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="same_matter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="same_matter_older_first"
                    ),
                ],
            },
        ),
    ]
