"""The operator's desk: calls that a telephone system tells of, call-backs, what is known."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import governance_portal.lib.crypto


class Migration(migrations.Migration):
    """Calls may have nobody's extension and end without an operator; two tables of call-backs, one of known answers.

    Where the sound lies is sealed from now on; the column before was never filled, so nothing is carried over.
    """

    dependencies = [
        ("accounts", "0004_deliveries"),
        ("hotlines", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "why",
                    models.CharField(
                        choices=[("missed", "未接来电"), ("promised", "答应回电")], max_length=10, verbose_name="缘由"
                    ),
                ),
                ("caller", governance_portal.lib.crypto.SealedJSONField()),
                ("phone_index", models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="说什么")),
                ("missed", models.PositiveIntegerField(default=0, verbose_name="未接次数")),
                ("created_at", models.DateTimeField(verbose_name="记下时间")),
                ("due_at", models.DateTimeField(verbose_name="应回时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("owed", "待回电"), ("done", "已回电"), ("given_up", "不再回电")],
                        default="owed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="了结说明")),
            ],
            options={
                "verbose_name": "回电",
                "verbose_name_plural": "回电",
                "ordering": ("due_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CallBackAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "接通"),
                            ("no_answer", "无人接听"),
                            ("busy", "占线"),
                            ("wrong", "号码不对"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说了什么")),
            ],
            options={
                "verbose_name": "回电尝试",
                "verbose_name_plural": "回电尝试",
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="KnownAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(default=1, editable=False, verbose_name="版次")),
                ("question", models.CharField(max_length=120, verbose_name="问题")),
                ("also", models.CharField(blank=True, max_length=200, verbose_name="别的说法")),
                ("answer", models.TextField(verbose_name="答复")),
                ("source", models.CharField(max_length=200, verbose_name="出处")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("categories", models.CharField(blank=True, max_length=120, verbose_name="类别")),
                ("plain", models.TextField(editable=False)),
                ("letters", models.CharField(blank=True, editable=False, max_length=60)),
                ("withdrawn", models.BooleanField(default=False, verbose_name="停用")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="改动说明")),
                ("written_at", models.DateTimeField(verbose_name="写定时间")),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="被替换时间")),
            ],
            options={
                "verbose_name": "知识库答复",
                "verbose_name_plural": "知识库答复",
                "ordering": ("question", "-number"),
            },
        ),
        migrations.CreateModel(
            name="OperatorExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extension", models.CharField(max_length=20, unique=True, verbose_name="分机")),
                ("since", models.DateTimeField(verbose_name="起")),
            ],
            options={
                "verbose_name": "话务员分机",
                "verbose_name_plural": "话务员分机",
                "ordering": ("extension",),
            },
        ),
        migrations.CreateModel(
            name="TelephonyEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=64, unique=True, verbose_name="事件号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ringing", "来电"), ("answered", "接起"), ("hung_up", "挂断")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="发生时间")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
            ],
            options={
                "verbose_name": "话务事件",
                "verbose_name_plural": "话务事件",
                "ordering": ("received_at", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="callrecord",
            name="call_has_its_case",
        ),
        migrations.AddField(
            model_name="callrecord",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="接起时间"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="extension",
            field=models.CharField(blank=True, max_length=20, verbose_name="分机"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="foreign_id",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="话务系统编号"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="forgotten_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="号码清除时间"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="guide",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self_harm", "说要伤害自己"),
                    ("abuse", "辱骂、威胁"),
                    ("drunk", "醉酒、说不清楚"),
                    ("long", "通话很长"),
                ],
                max_length=10,
                verbose_name="难处理的来电",
            ),
        ),
        migrations.RemoveField(model_name="callrecord", name="recording"),
        migrations.AddField(
            model_name="callrecord",
            name="recording",
            field=governance_portal.lib.crypto.SealedJSONField(blank=True, null=True, verbose_name="录音编号"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="passed_to",
            field=models.CharField(blank=True, max_length=10, verbose_name="转到"),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to=settings.AUTH_USER_MODEL,
                verbose_name="话务员",
            ),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="result",
            field=models.CharField(
                choices=[
                    ("ringing", "通话中"),
                    ("answered", "当场答复"),
                    ("opened", "登记为事项"),
                    ("joined", "补充到已有事项"),
                    ("passed", "转 110、119、120"),
                    ("dropped", "中断"),
                    ("missed", "未接"),
                ],
                default="ringing",
                max_length=10,
                verbose_name="处理结果",
            ),
        ),
        migrations.AddField(
            model_name="callback",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call_backs",
                to="hotlines.callrecord",
                verbose_name="来电",
            ),
        ),
        migrations.AddField(
            model_name="callback",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call_backs",
                to="cases.case",
                verbose_name="事项",
            ),
        ),
        migrations.AddField(
            model_name="callback",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call_backs",
                to=settings.AUTH_USER_MODEL,
                verbose_name="话务员",
            ),
        ),
        migrations.AddField(
            model_name="callbackattempt",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="话务员",
            ),
        ),
        migrations.AddField(
            model_name="callbackattempt",
            name="call_back",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attempts",
                to="hotlines.callback",
                verbose_name="回电",
            ),
        ),
        migrations.AddField(
            model_name="knownanswer",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="known_answers",
                to="accounts.unit",
                verbose_name="负责单位",
            ),
        ),
        migrations.AddField(
            model_name="knownanswer",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="answered_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="hotlines.knownanswer",
                verbose_name="答复依据",
            ),
        ),
        migrations.AddIndex(
            model_name="callrecord",
            index=models.Index(fields=["operator", "-settled_at"], name="call_of_operator"),
        ),
        migrations.AddIndex(
            model_name="callrecord",
            index=models.Index(condition=models.Q(("result", "ringing")), fields=["started_at"], name="call_unsettled"),
        ),
        migrations.AddIndex(
            model_name="callrecord",
            index=models.Index(
                condition=models.Q(("forgotten_at__isnull", True)), fields=["started_at"], name="call_remembered"
            ),
        ),
        migrations.AddConstraint(
            model_name="callrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("foreign_id", ""), _negated=True), fields=("foreign_id",), name="call_told_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="callrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("result__in", ("opened", "joined"))),
                    ("result", "answered"),
                    models.Q(
                        models.Q(("result__in", ("opened", "joined", "answered")), _negated=True),
                        ("case__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="call_has_its_case",
            ),
        ),
        migrations.AddField(
            model_name="operatorextension",
            name="operator",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="extension",
                to=settings.AUTH_USER_MODEL,
                verbose_name="话务员",
            ),
        ),
        migrations.AddField(
            model_name="telephonyevent",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="hotlines.callrecord",
                verbose_name="来电",
            ),
        ),
        migrations.CreateModel(
            name="CallerLookUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="话务员",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look_ups",
                        to="hotlines.callrecord",
                        verbose_name="来电",
                    ),
                ),
            ],
            options={
                "verbose_name": "查看来电人",
                "verbose_name_plural": "查看来电人",
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("call", "by"), name="caller_looked_up_once"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(condition=models.Q(("state", "owed")), fields=["due_at"], name="call_back_owed"),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "owed"), ("why", "missed"), models.Q(("phone_index", ""), _negated=True)),
                fields=("phone_index",),
                name="call_back_once_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "owed")),
                    models.Q(models.Q(("state", "owed"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="call_back_ends_when_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), ("state", "given_up"), _negated=True),
                name="call_back_given_up_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("created_at")), _connector="OR"
                ),
                name="call_back_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="knownanswer",
            constraint=models.UniqueConstraint(fields=("entry", "number"), name="known_answer_version_once"),
        ),
        migrations.AddConstraint(
            model_name="knownanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)), fields=("entry",), name="known_answer_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="knownanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_at__isnull", True), ("superseded_at__gte", models.F("written_at")), _connector="OR"
                ),
                name="known_answer_superseded_later",
            ),
        ),
    ]
