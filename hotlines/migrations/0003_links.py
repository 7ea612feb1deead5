"""Lines to other systems, the matters that went over them, the messages owed; the limits of 警调 transfers."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import governance_portal.lib.crypto
from cases.default_limits import POLICE_LIMITS

OWN = ("clock", "kind", "procedure", "category", "level", "channel")


def add_police_limits(apps: Any, schema_editor: Any) -> None:
    """The limits of 警调 in a database that has the others already."""
    policy = apps.get_model("cases", "LimitPolicy")
    for row in POLICE_LIMITS:
        own = {name: row.get(name, "") for name in OWN}
        if not policy.objects.filter(**own).exists():
            policy.objects.create(**row)


class Migration(migrations.Migration):
    """Line, Link, LinkMessage."""

    dependencies = [("hotlines", "0002_desk"), ("cases", "0021_holiday_names")]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "12345 工单"),
                            ("court", "诉调对接"),
                            ("police", "警调对接"),
                            ("petition", "访调对接"),
                            ("other", "其他系统"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "adapter",
                    models.CharField(
                        choices=[("http", "接口"), ("file", "文件夹交换"), ("none", "人工传递")],
                        default="none",
                        max_length=6,
                        verbose_name="方式",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址或文件夹")),
                ("secret", governance_portal.lib.crypto.SealedJSONField(verbose_name="密钥")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("window", "窗口来访"),
                            ("grid", "网格上报"),
                            ("web", "网上提交"),
                            ("hotline", "12345 热线"),
                            ("police", "110 移交"),
                            ("court", "法院委派"),
                            ("petition", "信访转送"),
                            ("department", "部门移交"),
                            ("leader", "领导交办"),
                            ("other", "其他渠道"),
                        ],
                        max_length=10,
                        verbose_name="来源渠道",
                    ),
                ),
                (
                    "procedure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ordinary", "一般"),
                            ("petition", "信访"),
                            ("mediation", "调解"),
                            ("review", "信访复查"),
                            ("recheck", "信访复核"),
                        ],
                        max_length=10,
                        verbose_name="程序",
                    ),
                ),
                ("receipt_hours", models.PositiveSmallIntegerField(default=24, verbose_name="几小时内应有回执")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("cursor", models.CharField(blank=True, editable=False, max_length=120)),
                ("fetched_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次收取")),
                ("spoken_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次送达")),
                ("failed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="上次失败")),
                (
                    "trouble",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="上次失败的原因"),
                ),
            ],
            options={
                "verbose_name": "对接系统",
                "verbose_name_plural": "对接系统",
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["order", "court", "police", "petition", "other"])),
                        name="line_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("adapter__in", ["http", "file", "none"])), name="line_adapter_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("foreign_number", models.CharField(blank=True, max_length=60, verbose_name="对方编号")),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "转入"), ("out", "转出")], default="in", max_length=3, verbose_name="方向"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="转入或转出时间")),
                ("their_due_at", models.DateTimeField(blank=True, null=True, verbose_name="对方时限")),
                ("cause", models.CharField(blank=True, editable=False, max_length=40)),
                ("papers", governance_portal.lib.crypto.SealedJSONField()),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=32)),
                ("version", models.PositiveIntegerField(default=1, verbose_name="内容版本")),
                ("heard", models.PositiveIntegerField(default=0, editable=False)),
                ("place_index", models.CharField(blank=True, editable=False, max_length=32)),
                ("receipt_at", models.DateTimeField(blank=True, null=True, verbose_name="对方回执")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="已告知或收到结果")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="cases.case",
                        verbose_name="事项",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="hotlines.line",
                        verbose_name="对接系统",
                    ),
                ),
            ],
            options={
                "verbose_name": "对接事项",
                "verbose_name_plural": "对接事项",
                "ordering": ("-received_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="LinkMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "接收回执"),
                            ("progress", "办理进展"),
                            ("returned", "不予受理、退回"),
                            ("extension", "延期"),
                            ("result", "办理结果"),
                            ("supplement", "补充说明"),
                            ("refused", "材料未能接收"),
                            ("transfer", "移送"),
                        ],
                        max_length=12,
                        verbose_name="内容",
                    ),
                ),
                ("cause", models.CharField(editable=False, max_length=40)),
                ("payload", governance_portal.lib.crypto.SealedJSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("sending", "正在发送"),
                            ("failed", "未送达，将重试"),
                            ("sent", "已送达"),
                            ("refused", "对方拒收"),
                            ("given_up", "多次未送达"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=120, verbose_name="结果")),
                ("receipt", models.CharField(blank=True, max_length=60, verbose_name="对方回执号")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="hotlines.link",
                        verbose_name="对接事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "对接消息",
                "verbose_name_plural": "对接消息",
                "ordering": ("link", "seq"),
            },
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("place_index", ""), _negated=True),
                fields=["place_index", "received_at"],
                name="link_place",
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("direction", "out"), ("receipt_at__isnull", True)),
                fields=["received_at"],
                name="link_unheard",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("foreign_number", ""), _negated=True),
                fields=("line", "foreign_number"),
                name="link_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("line", "case", "direction", "cause"), name="link_once"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("direction", "out"), models.Q(("foreign_number", ""), _negated=True), _connector="OR"
                ),
                name="link_in_has_its_number",
            ),
        ),
        migrations.AddIndex(
            model_name="linkmessage",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "sending", "failed"))),
                fields=["next_attempt_at"],
                name="link_message_due",
            ),
        ),
        migrations.AddIndex(
            model_name="linkmessage",
            index=models.Index(
                condition=models.Q(("state__in", ("refused", "given_up"))), fields=["-id"], name="link_message_stuck"
            ),
        ),
        migrations.AddConstraint(
            model_name="linkmessage",
            constraint=models.UniqueConstraint(fields=("link", "seq"), name="link_message_order"),
        ),
        migrations.AddConstraint(
            model_name="linkmessage",
            constraint=models.UniqueConstraint(fields=("link", "cause"), name="link_message_once"),
        ),
        migrations.AddConstraint(
            model_name="linkmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "failed", "sent", "refused", "given_up"])),
                name="link_message_state_known",
            ),
        ),
        migrations.RunPython(add_police_limits, migrations.RunPython.noop),
    ]
