"""Reminders get rungs: what was told as due soon or overdue was told as `before` or `due`; what waited is found again."""

from django.db import migrations, models

RUNGS = {"due_soon": "before", "overdue": "due"}


def climb(apps, schema_editor):
    reminders = apps.get_model("cases", "Reminder").objects
    reminders.filter(sent_at__isnull=True).delete()
    for kind, rung in RUNGS.items():
        reminders.filter(rung=kind).update(rung=rung)


def descend(apps, schema_editor):
    reminders = apps.get_model("cases", "Reminder").objects
    reminders.exclude(rung__in=RUNGS.values()).delete()
    for kind, rung in RUNGS.items():
        reminders.filter(rung=rung).update(rung=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_deciding_and_reviewing"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once"),
        migrations.RemoveIndex(model_name="reminder", name="reminder_waiting"),
        migrations.RenameField(model_name="reminder", old_name="kind", new_name="rung"),
        migrations.RunPython(climb, descend),
        migrations.AlterField(
            model_name="reminder",
            name="rung",
            field=models.CharField(
                choices=[
                    ("before", "即将到期"),
                    ("due", "超时"),
                    ("late1", "超时满 1 个工作日"),
                    ("late2", "超时满 3 个工作日"),
                ],
                max_length=10,
                verbose_name="第几级",
            ),
        ),
        migrations.RemoveField(model_name="reminder", name="claimed_until"),
        migrations.RemoveField(model_name="reminder", name="attempts"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("deadline", "rung", "due_at"), name="reminder_once"),
        ),
    ]
