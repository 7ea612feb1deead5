"""月报、季报、年报: figures in versions that stay, what was signed stays, a correction stands beside it (triggers)."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSED = "what a bulletin said stays"
SIGNED = "SELECT 1 FROM cases_bulletin b WHERE b.id = {row}.bulletin_id AND b.state = 'signed'"
#: (table, event, when)
RULES = (
    ("cases_bulletin", "UPDATE", "OLD.state = 'signed'"),
    ("cases_bulletin", "DELETE", "OLD.state = 'signed'"),
    ("cases_bulletinversion", "UPDATE", ""),
    ("cases_bulletinversion", "DELETE", ""),
    ("cases_bulletincorrection", "UPDATE", ""),
    ("cases_bulletincorrection", "DELETE", ""),
)
#: A paragraph and a version belong to a draft; the bulletin is another row, so these rules are questions.
OF_DRAFTS = (
    ("cases_bulletintext", "INSERT", "NEW"),
    ("cases_bulletintext", "UPDATE", "OLD"),
    ("cases_bulletintext", "DELETE", "OLD"),
    ("cases_bulletinversion", "INSERT", "NEW"),
)


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    made = [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} {f'WHEN {when} ' if when else ''}{refuse}"
        for table, event, when in RULES
    ]
    return made + [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} WHEN EXISTS ({SIGNED.format(row=row)}) {refuse}"
        for table, event, row in OF_DRAFTS
    ]


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION cases_bulletin_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"""
    ]
    made += [
        f"""CREATE FUNCTION cases_bulletin_signed_{row.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF EXISTS ({SIGNED.format(row=row)}) THEN RAISE EXCEPTION '{REFUSED}'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"""
        for row in ("OLD", "NEW")
    ]
    made += [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW "
        f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION cases_bulletin_kept()"
        for table, event, when in RULES
    ]
    return made + [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION cases_bulletin_signed_{row.lower()}()"
        for table, event, row in OF_DRAFTS
    ]


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement)


def backwards(_apps: Any, schema_editor: Any) -> None:
    """Drop the triggers; the tables go with the rest."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, event, _rest in (*RULES, *OF_DRAFTS):
        on = f" ON {table}" if on_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER {_name(table, event)}{on}")
    if on_postgresql:
        for name in ("kept", "signed_old", "signed_new"):
            schema_editor.execute(f"DROP FUNCTION cases_bulletin_{name}()")


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_screens"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[("month", "月报"), ("quarter", "季报"), ("year", "年报")],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("period", models.CharField(help_text="2026-10、2026Q3、2026", max_length=7, verbose_name="期间")),
                ("first", models.DateField(verbose_name="起")),
                ("last", models.DateField(verbose_name="止")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="第几次制表")),
                ("made_at", models.DateTimeField(verbose_name="制表时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("signed", "已签发")],
                        default="draft",
                        max_length=8,
                        verbose_name="进度",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                ("document", models.JSONField(blank=True, null=True, verbose_name="签发的全文")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作报告",
                "verbose_name_plural": "工作报告",
                "ordering": ("-last", "kind", "area_code"),
            },
        ),
        migrations.CreateModel(
            name="BulletinAsk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("area_code", models.CharField(max_length=12, verbose_name="区划")),
                ("period", models.CharField(max_length=7, verbose_name="期间")),
                ("done", models.PositiveSmallIntegerField(default=0, verbose_name="已统计")),
                ("total", models.PositiveSmallIntegerField(default=1, verbose_name="共")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在统计"),
                            ("done", "已写好"),
                            ("failed", "没有写成"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="进度",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出")),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bulletin",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.bulletin"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "制表任务",
                "verbose_name_plural": "制表任务",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="BulletinCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(verbose_name="更正内容")),
                ("made_at", models.DateTimeField(verbose_name="更正时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="cases.bulletin",
                        verbose_name="报告",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更正人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告的更正",
                "verbose_name_plural": "报告的更正",
                "ordering": ("bulletin", "id"),
            },
        ),
        migrations.CreateModel(
            name="BulletinText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("overview", "总体情况"),
                            ("fields", "事项数量和涉及领域"),
                            ("complained", "被投诉较多的单位"),
                            ("handling", "转送、交办、督办"),
                            ("mediation", "人民调解"),
                            ("quality", "办理时效和满意度"),
                            ("hot", "热点事项"),
                            ("hazards", "隐患和排查"),
                            ("advice", "意见建议和采纳情况"),
                        ],
                        max_length=12,
                        verbose_name="部分",
                    ),
                ),
                ("words", models.TextField(verbose_name="内容")),
                ("linked", models.JSONField(default=dict, verbose_name="所见数字")),
                ("written_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="cases.bulletin",
                        verbose_name="报告",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告的段落",
                "verbose_name_plural": "报告的段落",
                "ordering": ("bulletin", "section"),
            },
        ),
        migrations.CreateModel(
            name="BulletinVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="第几次制表")),
                ("figures", models.JSONField(verbose_name="数字")),
                ("made_at", models.DateTimeField(verbose_name="制表时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="cases.bulletin",
                        verbose_name="报告",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="制表人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告的数字",
                "verbose_name_plural": "报告的数字",
                "ordering": ("bulletin", "version"),
            },
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(fields=("area_code", "kind", "period"), name="bulletin_once"),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lte", models.F("last"))), name="bulletin_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("document__isnull", True),
                        ("signed_at__isnull", True),
                        ("signed_by__isnull", True),
                        ("state", "draft"),
                    ),
                    models.Q(
                        ("document__isnull", False),
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        ("state", "signed"),
                    ),
                    _connector="OR",
                ),
                name="bulletin_signed_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletinask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "running"))),
                fields=("area_code", "period"),
                name="bulletin_ask_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletintext",
            constraint=models.UniqueConstraint(fields=("bulletin", "section"), name="bulletin_text_once"),
        ),
        migrations.AddConstraint(
            model_name="bulletinversion",
            constraint=models.UniqueConstraint(fields=("bulletin", "version"), name="bulletin_version_once"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
