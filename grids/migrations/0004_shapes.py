"""What a grid was and what became of it: rows that are only ever added."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("grids_gridversion", "grids_gridsuccession", "grids_gridbelonging")
SAID = "the history of grids is append-only"


def forwards(apps: Any, schema_editor: Any) -> None:
    """Refuse every change of a row that is there."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION grids_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
        )
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION grids_append_only()"
            )
            continue
        for event in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )


def backwards(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        else:
            for event in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{event}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION grids_append_only()")


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0003_responsibility"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GridBelonging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=14, verbose_name="受理编号")),
                ("old_code", models.CharField(max_length=15, verbose_name="原编码")),
                ("new_code", models.CharField(db_index=True, max_length=15, verbose_name="新编码")),
            ],
            options={
                "verbose_name": "拆分归属",
                "verbose_name_plural": "拆分归属",
                "constraints": [models.UniqueConstraint(fields=("old_code", "number"), name="grid_belonging_once")],
            },
        ),
        migrations.CreateModel(
            name="GridSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_code", models.CharField(max_length=15, verbose_name="原编码")),
                ("new_code", models.CharField(max_length=15, verbose_name="新编码")),
                (
                    "kind",
                    models.CharField(
                        choices=[("merge", "并入"), ("split", "拆分为"), ("recode", "改码为")],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="自")),
            ],
            options={
                "verbose_name": "网格沿革",
                "verbose_name_plural": "网格沿革",
                "ordering": ("since", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("old_code", "new_code"), name="grid_succession_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "split"), _negated=True),
                        fields=("old_code",),
                        name="grid_succession_whole_has_one_heir",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old_code", models.F("new_code")), _negated=True),
                        name="grid_succession_of_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GridVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=15, verbose_name="网格编码")),
                ("name", models.CharField(max_length=64, verbose_name="名称")),
                ("community", models.CharField(max_length=12, verbose_name="所属社区（村）")),
                (
                    "kind",
                    models.CharField(
                        choices=[("basic", "基础网格"), ("dedicated", "专属网格")],
                        max_length=16,
                        verbose_name="网格类型",
                    ),
                ),
                (
                    "work_class",
                    models.CharField(
                        choices=[("community", "社区网格"), ("village", "村网格"), ("dedicated", "专属网格")],
                        max_length=16,
                        verbose_name="工作类别",
                    ),
                ),
                ("boundary", models.JSONField(null=True, verbose_name="边界（GeoJSON）")),
                (
                    "datum",
                    models.CharField(
                        choices=[("gcj02", "GCJ-02（国测局坐标）"), ("wgs84", "WGS-84（手机定位）")],
                        max_length=8,
                        verbose_name="边界坐标系",
                    ),
                ),
                ("extent", models.TextField(blank=True, verbose_name="区域范围")),
                ("population", models.PositiveIntegerField(null=True, verbose_name="人口")),
                ("active", models.BooleanField(verbose_name="在用")),
                ("since", models.DateTimeField(verbose_name="自")),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("found", "原有"),
                            ("opened", "新设"),
                            ("imported", "导入"),
                            ("drawn", "调整边界"),
                            ("described", "修改名称或说明"),
                            ("merged", "合并设立"),
                            ("split", "拆分设立"),
                            ("recoded", "改码设立"),
                            ("closed", "撤销"),
                        ],
                        max_length=12,
                        verbose_name="变动",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="依据或原因")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经手人",
                    ),
                ),
            ],
            options={
                "verbose_name": "网格版本",
                "verbose_name_plural": "网格版本",
                "ordering": ("code", "-since", "-pk"),
                "indexes": [models.Index(fields=["community", "since"], name="grid_version_of_community")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__startswith", models.F("community"))),
                        name="grid_version_in_its_community",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change", "closed"), _negated=True), ("active", False), _connector="OR"
                        ),
                        name="grid_version_closed_says_so",
                    ),
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
