"""What is searched and how it is indexed; the dispatch catalogue in versions; canned answers."""

from functools import partial
from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import protect, release

# Window functions, not substr(text, i, 2): that would walk the text from its beginning for every pair.
# The cost is told high, so that the planner asks the index and never works the pairs out row by row; and unsafe in
# parallel, because two workers then seem worth their while: starting them took longer than the answer.
POSTGRESQL = (
    """CREATE FUNCTION cases_bigrams(plain text) RETURNS text[] LANGUAGE sql
       IMMUTABLE STRICT PARALLEL UNSAFE COST 10000 AS $$
       SELECT coalesce(array_agg(pair), '{}') FROM (
         SELECT letter || lead(letter) OVER (ORDER BY place) AS pair
         FROM unnest(string_to_array(plain, NULL)) WITH ORDINALITY AS letters(letter, place)
       ) AS pairs WHERE pair NOT LIKE '% %' $$""",
    # New texts wait in a list that every search reads too: a quarter of PostgreSQL's usual length.
    """CREATE INDEX search_bigrams ON cases_searchtext USING gin (cases_bigrams(text))
       WITH (gin_pending_list_limit = 1024)""",
    # ANALYZE would work the pairs of many thousand texts out to learn what `cases.search` finds out by asking.
    "ALTER INDEX search_bigrams ALTER COLUMN 1 SET STATISTICS 0",
)
POSTGRESQL_BACK = ("DROP INDEX search_bigrams", "DROP FUNCTION cases_bigrams(text)")

# A token is the pair's UTF-8 in hexadecimal: FTS5's own tokenizers would take Chinese apart or lump it together.
PAIRS = """(WITH RECURSIVE place(pair, rest) AS (
       SELECT substr({row}.text, 1, 2), substr({row}.text, 2)
       UNION ALL SELECT substr(rest, 1, 2), substr(rest, 2) FROM place WHERE rest <> '')
     SELECT coalesce(group_concat(hex(pair), ' '), '') FROM place WHERE length(pair) = 2 AND instr(pair, ' ') = 0)"""
ADD = f"INSERT INTO cases_searchgrams (rowid, grams) VALUES (new.case_id, {PAIRS.format(row='new')});"  # noqa: S608
# Contentless FTS5 forgets a row when told what it held (contentless_delete needs SQLite 3.43; Debian 12 has 3.40).
TAKE = (
    "INSERT INTO cases_searchgrams (cases_searchgrams, rowid, grams) "  # noqa: S608
    f"VALUES ('delete', old.case_id, {PAIRS.format(row='old')});"
)
SQLITE = (
    """CREATE VIRTUAL TABLE cases_searchgrams
       USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')""",
    f"CREATE TRIGGER cases_search_added AFTER INSERT ON cases_searchtext BEGIN {ADD} END",
    f"CREATE TRIGGER cases_search_taken AFTER DELETE ON cases_searchtext BEGIN {TAKE} END",
    f"""CREATE TRIGGER cases_search_changed AFTER UPDATE OF text ON cases_searchtext
        WHEN new.text <> old.text BEGIN {TAKE} {ADD} END""",
)
SQLITE_BACK = (
    "DROP TRIGGER cases_search_changed",
    "DROP TRIGGER cases_search_taken",
    "DROP TRIGGER cases_search_added",
    "DROP TABLE cases_searchgrams",
)


def index_bigrams(apps: Any, schema_editor: Any) -> None:
    """Let the database keep the bigrams of every text."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def forget_bigrams(apps: Any, schema_editor: Any) -> None:
    """Drop index and function, or table and triggers."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


AREA = django.core.validators.RegexValidator(
    "^[0-9]{6}([0-9]{3}){0,3}$", "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_work_list"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("tail", models.CharField(max_length=14)),
                ("text", models.TextField()),
            ],
            options={
                "verbose_name": "检索文字",
                "verbose_name_plural": "检索文字",
                "indexes": [models.Index(fields=["tail"], name="search_tail")],
            },
        ),
        migrations.RunPython(index_bigrams, forget_bigrams),
        migrations.CreateModel(
            name="DispatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category_code",
                    models.CharField(
                        blank=True, help_text="含下级；空为全部类别。", max_length=20, verbose_name="类别代码"
                    ),
                ),
                (
                    "area_code",
                    models.CharField(
                        blank=True,
                        help_text="含下级；空为全区。",
                        max_length=15,
                        validators=[AREA],
                        verbose_name="区划代码",
                    ),
                ),
                ("version", models.PositiveIntegerField(editable=False, verbose_name="版本")),
                ("unit_code", models.CharField(blank=True, max_length=32, verbose_name="主办单位代码")),
                ("unit_name", models.CharField(blank=True, max_length=80, verbose_name="主办单位")),
                (
                    "withdrawn",
                    models.BooleanField(
                        default=False, help_text="自生效日起，这一行不再适用。", verbose_name="撤销本行"
                    ),
                ),
                ("source", models.CharField(help_text="文件名称、文号。", max_length=120, verbose_name="依据")),
                ("effective_on", models.DateField(verbose_name="生效日")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("author_name", models.CharField(editable=False, max_length=60, verbose_name="发布人")),
                ("published_at", models.DateTimeField(editable=False, verbose_name="发布时间")),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "派单目录",
                "verbose_name_plural": "派单目录",
                "ordering": ("category_code", "area_code", "-version"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category_code", "area_code", "version"), name="dispatch_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn", True), models.Q(("unit_code", ""), _negated=True), _connector="OR"
                        ),
                        name="dispatch_line_names_a_unit_or_ends",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            partial(protect, table="cases_dispatchline"), partial(release, table="cases_dispatchline")
        ),
        migrations.CreateModel(
            name="CannedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=40, verbose_name="名称")),
                ("move", models.CharField(max_length=24, verbose_name="步骤")),
                ("field", models.CharField(max_length=40, verbose_name="填写项")),
                (
                    "category_code",
                    models.CharField(
                        blank=True, help_text="含下级；空为全部类别。", max_length=20, verbose_name="类别代码"
                    ),
                ),
                (
                    "text",
                    models.TextField(help_text="〔 〕里的内容由使用人改写。", max_length=2000, verbose_name="正文"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "常用答复",
                "verbose_name_plural": "常用答复",
                "ordering": ("move", "field", "category_code", "position", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("move", "field", "category_code", "title"), name="canned_answer_once"
                    )
                ],
            },
        ),
    ]
