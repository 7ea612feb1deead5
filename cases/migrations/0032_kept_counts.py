"""The counts that the transaction keeps which moves a case: their tables.

What stands is counted, and the triggers that write what changed are made, by 0038.

`handled_seconds` of the cases that stand is worked out from the row and from the history of those that were suspended.
"""

from datetime import datetime
from typing import Any

from django.db import migrations, models

MEASURES = (
    *("registered", "accepted", "closed", "ended", "open", "disputes", "resolved", "rated", "satisfied"),
    *("accepted_in", "closed_in", "asked_solved", "solved", "rated_closed", "satisfied_closed"),
    *("handled", "handled_seconds", "judged", "on_time"),
)
ELAPSED = {
    "postgresql": "FLOOR(EXTRACT(EPOCH FROM closed_at - accepted_at))::integer",
    "sqlite": "seconds_between(accepted_at, closed_at)",
}


def _seconds_between(since: str, until: str) -> int:
    return int((datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds())


def fill_in_durations(apps: Any, schema_editor: Any) -> None:
    """From acceptance to closing, without the time a case was suspended."""
    using = schema_editor.connection
    if using.vendor == "sqlite":
        using.ensure_connection()
        using.connection.create_function("seconds_between", 2, _seconds_between)
    schema_editor.execute(
        f"UPDATE cases_case SET handled_seconds = {ELAPSED[using.vendor]} "  # noqa: S608
        "WHERE accepted_at IS NOT NULL AND closed_at >= accepted_at",
        params=None,
    )
    case, event = apps.get_model("cases", "Case"), apps.get_model("cases", "Event")
    suspended = event.objects.filter(kind="suspend", case__handled_seconds__isnull=False).values("case_id")
    for row in case.objects.filter(pk__in=suspended).only("pk", "accepted_at", "closed_at").iterator(chunk_size=2000):
        events = event.objects.filter(case_id=row.pk, kind__in=("suspend", "resume", "send_back")).order_by("seq")
        left, since = (row.closed_at - row.accepted_at).total_seconds(), None
        for kind, at in [*events.values_list("kind", "at"), ("resume", row.closed_at)]:
            at = min(max(at, row.accepted_at), row.closed_at)
            if kind == "suspend":
                since = since or at
            elif since:
                left, since = left - (at - since).total_seconds(), None
        case.objects.filter(pk=row.pk).update(handled_seconds=int(left))


def _measures() -> list[tuple[str, models.Field]]:
    return [(name, models.BigIntegerField(default=0)) for name in MEASURES]


KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0031_phone")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="handled_seconds",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="办理秒数"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(condition=models.Q(("due_running", True)), fields=["due_warn_at"], name="case_warn_running"),
        ),
        migrations.CreateModel(
            name="TallyDelta",
            fields=[
                KEY,
                ("day", models.DateField(verbose_name="日期")),
                ("area_code", models.CharField(max_length=15, verbose_name="属地")),
                ("grid_code", models.CharField(blank=True, max_length=15, verbose_name="网格")),
                ("unit_id", models.BigIntegerField(null=True, verbose_name="主办单位")),
                ("category_code", models.CharField(blank=True, max_length=20, verbose_name="类别")),
                ("channel", models.CharField(max_length=10, verbose_name="来源渠道")),
                ("level", models.CharField(blank=True, max_length=8, verbose_name="等级")),
                ("kind", models.CharField(max_length=12, verbose_name="事项大类")),
                ("bucket", models.PositiveIntegerField(null=True, verbose_name="办理时长段")),
                *_measures(),
            ],
            options={"verbose_name": "统计变动", "verbose_name_plural": "统计变动"},
        ),
        migrations.CreateModel(
            name="TallyCount",
            fields=[
                KEY,
                ("cube", models.CharField(max_length=8, verbose_name="分类方式")),
                ("area", models.CharField(max_length=12, verbose_name="区划")),
                ("grain", models.CharField(max_length=5, verbose_name="日或月")),
                ("start", models.DateField(verbose_name="起")),
                ("key", models.CharField(blank=True, max_length=20, verbose_name="值")),
                *_measures(),
            ],
            options={
                "verbose_name": "统计累计",
                "verbose_name_plural": "统计累计",
                "constraints": [
                    models.UniqueConstraint(fields=("cube", "area", "grain", "start", "key"), name="tally_once")
                ],
            },
        ),
        migrations.RunPython(fill_in_durations, migrations.RunPython.noop),
    ]
