"""What a person keeps of the work list, who looks at a case, and on the row: by which move the case came back.

The column is added by a statement of our own: Django's way makes the table of SQLite anew and loses its triggers.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

#: The last move of a case that still waits, pauses left out, as `cases.fold` now keeps it.
RECORDS = """'assign', 'note', 'contact', 'request', 'decide', 'assist', 'amend', 'order', 'respond', 'lift', 'rate',
    'perform', 'attach', 'reissue'"""
LAST_MOVE = f"""(
    SELECT kind FROM cases_event AS latest
    WHERE latest.case_id = cases_case.id AND latest.kind NOT IN ('suspend', 'resume', {RECORDS})
    ORDER BY latest.seq DESC LIMIT 1
)"""  # noqa: S608
BACKFILL = f"""
UPDATE cases_case SET came_back = {LAST_MOVE}
WHERE status IN ('returned', 'handling', 'suspended', 'accepted')
  AND {LAST_MOVE} IN ('return', 'send_back', 'redo', 'reopen')
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_append_only"),
        ("cases", "0007_window"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cases_case ADD COLUMN came_back varchar(12) DEFAULT '' NOT NULL",
                    "ALTER TABLE cases_case DROP COLUMN came_back",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="case",
                    name="came_back",
                    field=models.CharField(
                        blank=True, help_text="退回的那一步，继续办理后为空。", max_length=12, verbose_name="因何退回"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("post_ids", models.JSONField(default=list, verbose_name="岗位")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                (
                    "format",
                    models.CharField(choices=[("csv", "CSV"), ("xlsx", "Excel")], max_length=4, verbose_name="格式"),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="件数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已写")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在写"),
                            ("done", "已写好"),
                            ("failed", "没有写成"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="进度",
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "导出",
                "verbose_name_plural": "导出",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="ListPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                (
                    "density",
                    models.CharField(
                        choices=[("compact", "紧凑"), ("comfort", "舒适")],
                        default="compact",
                        max_length=8,
                        verbose_name="行距",
                    ),
                ),
                ("page_size", models.PositiveSmallIntegerField(default=30, verbose_name="每页件数")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "列表设置",
                "verbose_name_plural": "列表设置",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(blank=True, max_length=20)),
                ("seen_at", models.DateTimeField(db_index=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "正在查看",
                "verbose_name_plural": "正在查看",
                "constraints": [models.UniqueConstraint(fields=("case", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
                ("pinned", models.BooleanField(default=True, verbose_name="放在标签栏")),
                ("by_lead", models.BooleanField(default=False, verbose_name="负责人共享")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "视图",
                "verbose_name_plural": "视图",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="view_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("unit__isnull", False), ("by_lead", False), _connector="OR"),
                        name="view_lead_names_unit",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
