"""剔除: requests of units to leave a matter out of their ranking figures; what was asked and decided stays (triggers)."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import CreateModel

from governance_portal.lib.migrating import CreateModels

REFUSED = "what was asked and decided about the ranking stays"
ASKED = (
    *("case_id", "unit_id", "figure", "round", "attempt", "ground", "words"),
    *("counted_at", "asked_by_id", "asked_at"),
)
DECIDED = ("decided_by_id", "decided_at", "answer")


def _changed(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _rules(differs: str) -> list[tuple[str, str, str, str]]:
    """(table, event, name, when)."""
    table, steps = "cases_rankingexclusion", "cases_exclusionstep"
    return [
        (steps, "UPDATE", f"{steps}_kept", ""),
        (steps, "DELETE", f"{steps}_stays", ""),
        (table, "DELETE", f"{table}_stays", ""),
        (table, "UPDATE", f"{table}_asked", _changed(ASKED, differs)),
        (table, "UPDATE", f"{table}_decided", f"OLD.decided_at IS NOT NULL AND ({_changed(DECIDED, differs)})"),
        (table, "UPDATE", f"{table}_over", "OLD.stage IN ('refused', 'revoked')"),
        (table, "UPDATE", f"{table}_granted", "OLD.stage = 'granted' AND NEW.stage NOT IN ('granted', 'revoked')"),
    ]


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION cases_exclusion_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"""
        )
        for table, event, name, when in _rules("IS DISTINCT FROM"):
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
                "EXECUTE FUNCTION cases_exclusion_kept()"
            )
        return
    for table, event, name, when in _rules("IS NOT"):
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {f'WHEN {when} ' if when else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def backwards(_apps: Any, schema_editor: Any) -> None:
    """Drop the triggers; the tables go with the rest."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, _event, name, _when in _rules(""):
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if on_postgresql else f"DROP TRIGGER {name}")
    if on_postgresql:
        schema_editor.execute("DROP FUNCTION cases_exclusion_kept()")


MODELS = [
    CreateModel(
        name="RankingExclusion",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "figure",
                models.CharField(
                    choices=[("on_time", "按期办结率"), ("satisfied", "满意率")], max_length=10, verbose_name="指标"
                ),
            ),
            ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
            ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="第几次申请")),
            (
                "ground",
                models.CharField(
                    choices=[
                        ("force_majeure", "不可抗力"),
                        ("not_ours", "责任不在本单位（如等当事人、等其他单位）"),
                        ("wrong_data", "数据有误"),
                        ("other", "其他"),
                    ],
                    max_length=16,
                    verbose_name="事由",
                ),
            ),
            ("words", models.TextField(verbose_name="理由")),
            ("counted_at", models.DateTimeField(verbose_name="计入时间")),
            (
                "stage",
                models.CharField(
                    choices=[
                        ("open", "待决定"),
                        ("granted", "已剔除"),
                        ("refused", "不同意剔除"),
                        ("revoked", "已恢复计入"),
                    ],
                    default="open",
                    max_length=10,
                    verbose_name="进度",
                ),
            ),
            ("asked_at", models.DateTimeField(verbose_name="申请时间")),
            ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
            ("answer", models.TextField(blank=True, verbose_name="决定理由")),
            ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="恢复计入时间")),
            ("revoked_why", models.TextField(blank=True, verbose_name="恢复计入理由")),
            (
                "asked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="申请人",
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="exclusions",
                    to="cases.case",
                    verbose_name="事项",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="决定人",
                ),
            ),
            (
                "revoked_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="恢复计入的决定人",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="accounts.unit",
                    verbose_name="申请单位",
                ),
            ),
        ],
        options={
            "verbose_name": "剔除申请",
            "verbose_name_plural": "剔除申请",
            "ordering": ("-asked_at", "-id"),
            "indexes": [
                models.Index(fields=["stage", "asked_at"], name="exclusion_by_stage"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("stage", "open")),
                    fields=("case", "figure"),
                    name="exclusion_one_open_per_figure",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("stage", "granted")),
                    fields=("case", "figure", "unit", "round"),
                    name="exclusion_granted_once",
                ),
                models.UniqueConstraint(
                    fields=("case", "figure", "unit", "round", "attempt"), name="exclusion_attempt_once"
                ),
                models.CheckConstraint(
                    condition=models.Q(("attempt__gte", 1), ("attempt__lte", 2)), name="exclusion_attempts"
                ),
                models.CheckConstraint(
                    condition=models.Q(("words", ""), _negated=True), name="exclusion_asked_with_words"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("decided_at__isnull", True), ("revoked_at__isnull", True), ("stage", "open")),
                        models.Q(
                            ("decided_at__isnull", False),
                            ("revoked_at__isnull", True),
                            ("stage__in", ("granted", "refused")),
                        ),
                        models.Q(("decided_at__isnull", False), ("revoked_at__isnull", False), ("stage", "revoked")),
                        _connector="OR",
                    ),
                    name="exclusion_stage_has_its_moments",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("answer", ""), ("decided_at__isnull", True), ("decided_by__isnull", True)),
                        models.Q(
                            ("decided_at__isnull", False),
                            ("decided_by__isnull", False),
                            models.Q(("answer", ""), _negated=True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="exclusion_decided_by_another_with_words",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True), ("revoked_why", "")),
                        models.Q(
                            ("revoked_at__isnull", False),
                            ("revoked_by__isnull", False),
                            models.Q(("revoked_why", ""), _negated=True),
                            models.Q(("revoked_by", models.F("asked_by")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="exclusion_revoked_by_another_with_words",
                ),
            ],
        },
    ),
    CreateModel(
        name="ExclusionStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("asked", "申请剔除"),
                        ("granted", "同意剔除"),
                        ("refused", "不同意剔除"),
                        ("revoked", "恢复计入"),
                    ],
                    max_length=10,
                    verbose_name="步骤",
                ),
            ),
            ("words", models.TextField(verbose_name="内容")),
            ("at", models.DateTimeField(verbose_name="时间")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="经办人",
                ),
            ),
            (
                "exclusion",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="steps",
                    to="cases.rankingexclusion",
                    verbose_name="剔除申请",
                ),
            ),
        ],
        options={
            "verbose_name": "剔除申请的记录",
            "verbose_name_plural": "剔除申请的记录",
            "ordering": ("id",),
        },
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_tables"),
        ("cases", "0010_counting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [CreateModels(MODELS), migrations.RunPython(forwards, backwards)]
