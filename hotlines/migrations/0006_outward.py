"""What leaves the portal: who listens, what they are told, every provision of personal data (append-only)."""

import uuid
from functools import partial

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto
from accounts.append_only import protect, release


class Migration(migrations.Migration):
    """Subscriber, OutwardMessage, Provision."""

    dependencies = [("hotlines", "0005_open311"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("address", models.URLField(help_text="https 地址；主机须在允许外发的名单里。", verbose_name="地址")),
                ("events", models.JSONField(blank=True, default=list, verbose_name="推送内容")),
                (
                    "area_code",
                    models.CharField(help_text="只推送这个行政区划之内的事项。", max_length=15, verbose_name="属地"),
                ),
                ("secrets", governance_portal.lib.crypto.SealedJSONField(verbose_name="密钥")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="开通时间"),
                ),
                ("settled_event", models.BigIntegerField(default=0, editable=False)),
                ("settled_reminder", models.BigIntegerField(default=0, editable=False)),
                ("seen_event", models.BigIntegerField(default=0, editable=False)),
                ("seen_reminder", models.BigIntegerField(default=0, editable=False)),
                ("seen_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "推送对象",
                "verbose_name_plural": "推送对象",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("case_number", models.CharField(db_index=True, max_length=14, verbose_name="受理编号")),
                ("area_code", models.CharField(max_length=15, verbose_name="属地")),
                ("receiver", models.CharField(max_length=80, verbose_name="接收方")),
                ("fields", models.JSONField(verbose_name="提供的字段")),
                ("purpose", models.CharField(max_length=120, verbose_name="目的")),
                ("basis", models.CharField(max_length=120, verbose_name="依据")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("link", "系统对接"),
                            ("export", "导出文件"),
                            ("letter", "书面材料"),
                            ("oral", "电话、当面"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("cause", models.CharField(editable=False, max_length=80, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息提供记录",
                "verbose_name_plural": "个人信息提供记录",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["-at", "-id"], name="provision_newest")],
            },
        ),
        migrations.CreateModel(
            name="OutwardMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20, verbose_name="内容")),
                ("cause", models.CharField(editable=False, max_length=40)),
                ("case_number", models.CharField(max_length=14, verbose_name="受理编号")),
                ("payload", models.JSONField(default=dict, editable=False)),
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
                ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("answer", models.CharField(blank=True, max_length=120, verbose_name="结果")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="hotlines.subscriber",
                        verbose_name="推送对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送记录",
                "verbose_name_plural": "推送记录",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "sending", "failed"))),
                        fields=["next_attempt_at"],
                        name="outward_message_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("refused", "given_up"))),
                        fields=["-id"],
                        name="outward_message_stuck",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscriber", "cause"), name="outward_message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "failed", "sent", "refused", "given_up"])
                        ),
                        name="outward_message_state_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            partial(protect, table="hotlines_provision"), partial(release, table="hotlines_provision")
        ),
    ]
