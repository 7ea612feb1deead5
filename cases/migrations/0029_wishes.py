"""民心台账 and 议事: wishes, topics, meetings, decisions; what was signed or said never changes."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSED = "what a council signed or residents said stays as it is"
#: Of a signed meeting's decision only what became of it may be written, once.
_KEPT = ("meeting_id", "topic_id", "what", "unit_id", "due_on", "uid")
_ONCE = ("case_id", "done_on")


def _changed(different: str) -> str:
    """The condition that a decision was changed in what was decided, or again in what became of it."""
    parts = [f"NEW.{name} {different} OLD.{name}" for name in _KEPT]
    parts += [f"(OLD.{name} IS NOT NULL AND NEW.{name} {different} OLD.{name})" for name in _ONCE]
    parts.append(f"(OLD.result <> '' AND NEW.result {different} OLD.result)")
    return " OR ".join(parts)


def _signed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_councilmeeting m WHERE m.id = {row}.meeting_id AND m.signed_on IS NOT NULL)"  # noqa: S608 - names of our own


_TOPIC = ("title", "what", "meeting_id", "raised_on")
#: name: (event, table, condition for SQLite, condition inside PostgreSQL's function)
_GUARDS = {
    "council_signed": ("UPDATE", "cases_councilmeeting", "OLD.signed_on IS NOT NULL", "OLD.signed_on IS NOT NULL"),
    "council_kept": ("DELETE", "cases_councilmeeting", "OLD.signed_on IS NOT NULL", "OLD.signed_on IS NOT NULL"),
    "decision_added": ("INSERT", "cases_councildecision", _signed("NEW"), _signed("NEW")),
    "decision_dropped": ("DELETE", "cases_councildecision", _signed("OLD"), _signed("OLD")),
    "decision_changed": (
        "UPDATE",
        "cases_councildecision",
        f"{_signed('OLD')} AND ({_changed('IS NOT')})",
        f"{_signed('OLD')} AND ({_changed('IS DISTINCT FROM')})",
    ),
    "topic_decided": (
        "UPDATE",
        "cases_counciltopic",
        f"{_signed('OLD')} AND ({' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in _TOPIC)})",
        f"{_signed('OLD')} AND ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in _TOPIC)})",
    ),
    "topic_word_changed": ("UPDATE", "cases_topicword", "1 = 1", "TRUE"),
    "topic_word_dropped": ("DELETE", "cases_topicword", "1 = 1", "TRUE"),
}


def forwards(_apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    for name, (event, table, lite, pg) in _GUARDS.items():
        if schema_editor.connection.vendor == "postgresql":
            back = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION cases_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF {pg} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
                f" RETURN {back}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER cases_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION cases_{name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER cases_{name} BEFORE {event} ON {table} WHEN {lite}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def backwards(_apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    for name, (_event, table, _lite, _pg) in reversed(_GUARDS.items()):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER cases_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION cases_{name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER cases_{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_caring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CouncilMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=12, verbose_name="社区")),
                ("title", models.CharField(max_length=100, verbose_name="会议")),
                ("day", models.DateField(verbose_name="日期")),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                ("attendance", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="到会人数")),
                ("minutes", models.TextField(blank=True, verbose_name="纪要")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="召集登记人",
                    ),
                ),
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
                "verbose_name": "议事会",
                "verbose_name_plural": "议事会",
                "ordering": ("-day", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CouncilTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=12, verbose_name="社区")),
                ("title", models.CharField(max_length=100, verbose_name="议题")),
                ("what", models.TextField(blank=True, verbose_name="说明")),
                ("raised_on", models.DateField(verbose_name="提出日期")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="cases.councilmeeting",
                        verbose_name="会议",
                    ),
                ),
            ],
            options={
                "verbose_name": "议题",
                "verbose_name_plural": "议题",
                "ordering": ("-raised_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CouncilDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("what", models.CharField(max_length=300, verbose_name="决定")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="办成")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="结果")),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="cases.councilmeeting",
                        verbose_name="会议",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="cases.counciltopic",
                        verbose_name="议题",
                    ),
                ),
            ],
            options={
                "verbose_name": "会议决定",
                "verbose_name_plural": "会议决定",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="TopicWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("residents", "居民议事"),
                            ("grid", "网格议事"),
                            ("meeting", "会议定事"),
                            ("joint", "联动办事"),
                        ],
                        max_length=10,
                        verbose_name="哪一步",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("people", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="几个人")),
                ("text", models.TextField(verbose_name="意见")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="cases.counciltopic",
                        verbose_name="议题",
                    ),
                ),
            ],
            options={
                "verbose_name": "议题意见",
                "verbose_name_plural": "议题意见",
                "ordering": ("day", "id"),
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("area_code", models.CharField(max_length=12, verbose_name="社区")),
                ("what", models.CharField(max_length=200, verbose_name="心愿")),
                (
                    "heard_at",
                    models.CharField(
                        choices=[
                            ("round", "走访"),
                            ("office", "来社区说的"),
                            ("call", "来电"),
                            ("council", "议事会"),
                            ("online", "网上留言"),
                        ],
                        max_length=8,
                        verbose_name="从哪里听到",
                    ),
                ),
                ("heard_on", models.DateField(verbose_name="哪天")),
                ("due_on", models.DateField(verbose_name="何时办好")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待办"),
                            ("doing", "在办"),
                            ("done", "已销账"),
                            ("not_possible", "办不了，已说明"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "agreed",
                    models.CharField(
                        choices=[
                            ("unasked", "还没有问"),
                            ("yes", "同意公示"),
                            ("no", "不同意公示"),
                            ("nobody", "大家的事，看不出是谁提的"),
                        ],
                        default="unasked",
                        max_length=8,
                        verbose_name="公示",
                    ),
                ),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="公示日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="办结")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="结果")),
                ("told_for", models.DateField(blank=True, null=True, verbose_name="到期已提醒")),
                ("client_id", models.CharField(blank=True, max_length=64, verbose_name="提交号")),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wish",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="同意公示的负责人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "民心台账",
                "verbose_name_plural": "民心台账",
                "ordering": ("due_on", "id"),
            },
        ),
        migrations.AddField(
            model_name="counciltopic",
            name="wish",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topics",
                to="cases.wish",
                verbose_name="民心台账",
            ),
        ),
        migrations.AddIndex(
            model_name="councilmeeting",
            index=models.Index(fields=["area_code", "day"], name="council_of_area"),
        ),
        migrations.AddConstraint(
            model_name="councilmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_by__isnull", True), ("signed_on__isnull", True)),
                    models.Q(
                        ("attendance__gte", 1),
                        ("signed_by__isnull", False),
                        ("signed_on__isnull", False),
                        models.Q(("minutes", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="council_signed_when_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="councilmeeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="council_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="councildecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", True), ("result", "")),
                    models.Q(("done_on__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="decision_done_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicword",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("residents", "grid"))), name="topic_word_before_the_meeting"
            ),
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(fields=["area_code", "state", "due_on"], name="wish_of_area"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_by__isnull", True), ("published_on__isnull", True)),
                    models.Q(
                        ("agreed__in", ("yes", "nobody")),
                        ("published_by__isnull", False),
                        ("published_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="wish_public_when_agreed",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("result", ""), ("state__in", ("open", "doing"))),
                    models.Q(
                        ("ended_on__isnull", False),
                        ("state__in", ("done", "not_possible")),
                        models.Q(("result", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="wish_ends_with_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="wish_sent_once",
            ),
        ),
        migrations.AddIndex(
            model_name="counciltopic",
            index=models.Index(fields=["area_code", "raised_on"], name="topic_of_area"),
        ),
        migrations.AddConstraint(
            model_name="counciltopic",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_id", ""), _negated=True),
                fields=("made_by", "client_id"),
                name="topic_sent_once",
            ),
        ),
        migrations.RunPython(forwards, backwards, elidable=False),
    ]
