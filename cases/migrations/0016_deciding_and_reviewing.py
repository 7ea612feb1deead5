"""会商 with opinions and minutes, joint tasks, 复查 and 复核 with their limits, requests with both reasons and their dates."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cases.default_limits import REVIEW_LIMITS

OWN = ("clock", "kind", "procedure", "category", "level", "channel")


def add_limits(apps: Any, schema_editor: Any) -> None:
    """The limits of 复查 and 复核 in a database that has the others already."""
    policy = apps.get_model("cases", "LimitPolicy")
    for row in REVIEW_LIMITS:
        own = {name: row.get(name, "") for name in OWN}
        if not policy.objects.filter(**own).exists():
            policy.objects.create(**row)


def name_who_asked(apps: Any, schema_editor: Any) -> None:
    """Who asked and who decided stands in the history already."""
    asked, event = apps.get_model("cases", "HandlerRequest"), apps.get_model("cases", "Event")
    for row in event.objects.filter(kind__in=("request", "decide")).iterator():
        column = "requested_by_id" if row.kind == "request" else "decided_by_id"
        asked.objects.filter(pk=row.data.get("request")).update(**{column: row.actor_id})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_deliveries"),
        ("cases", "0015_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeclineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("N1", "应当通过诉讼、仲裁、复议、纪检监察、信息公开等法定途径"),
                            ("N2", "已进入信访、诉讼、仲裁或复议程序"),
                            ("N3", "涉及国家秘密、商业秘密、个人隐私或违反公序良俗"),
                            ("N4", "已依法处理并有结论，同一事实和理由"),
                            ("N5", "已受理或正在办理的同一事项"),
                            ("N6", "复核终结后的同一事实和理由"),
                            ("N7", "不属于本中心职权，已告知有权机关"),
                            ("N8", "紧急事项，已转 110、119、120、122"),
                            ("N9", "涉法涉诉，引导至政法部门"),
                            ("N10", "检举控告，按权限转纪检监察"),
                            ("N11", "一方明确拒绝调解"),
                            ("N12", "身份关系，不得司法确认"),
                            ("N13", "要素不清、失联或匿名无法核实"),
                        ],
                        max_length=4,
                        verbose_name="理由",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appeal", "民生诉求"),
                            ("consultation", "政策咨询"),
                            ("dispute", "矛盾纠纷"),
                            ("hazard", "安全隐患"),
                            ("suggestion", "意见建议"),
                        ],
                        max_length=12,
                        verbose_name="事项大类",
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
                ("legal_base", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "不予受理须批准的情形",
                "verbose_name_plural": "不予受理须批准的情形",
                "ordering": ("reason", "kind", "procedure"),
            },
        ),
        migrations.AddField(
            model_name="category",
            name="for_department",
            field=models.BooleanField(
                default=False, help_text="部门职责，不得派给镇街、村（社区）；含下级类别。", verbose_name="部门事项"
            ),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="consent",
            field=models.BooleanField(blank=True, null=True, verbose_name="双方同意"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="批复人",
            ),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="decision_note",
            field=models.TextField(blank=True, verbose_name="批复意见"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="decline_instead",
            field=models.TextField(blank=True, verbose_name="应当向哪里提出"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="decline_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("N1", "应当通过诉讼、仲裁、复议、纪检监察、信息公开等法定途径"),
                    ("N2", "已进入信访、诉讼、仲裁或复议程序"),
                    ("N3", "涉及国家秘密、商业秘密、个人隐私或违反公序良俗"),
                    ("N4", "已依法处理并有结论，同一事实和理由"),
                    ("N5", "已受理或正在办理的同一事项"),
                    ("N6", "复核终结后的同一事实和理由"),
                    ("N7", "不属于本中心职权，已告知有权机关"),
                    ("N8", "紧急事项，已转 110、119、120、122"),
                    ("N9", "涉法涉诉，引导至政法部门"),
                    ("N10", "检举控告，按权限转纪检监察"),
                    ("N11", "一方明确拒绝调解"),
                    ("N12", "身份关系，不得司法确认"),
                    ("N13", "要素不清、失联或匿名无法核实"),
                ],
                max_length=4,
                verbose_name="不予受理理由",
            ),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="due_after",
            field=models.DateTimeField(blank=True, null=True, verbose_name="延长后到期"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="due_before",
            field=models.DateTimeField(blank=True, null=True, verbose_name="原到期"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="number",
            field=models.CharField(blank=True, max_length=40, verbose_name="文号"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="public_reason",
            field=models.TextField(blank=True, verbose_name="告诉居民的理由"),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="requested_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请人",
            ),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="suspend_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hearing", "听证"),
                    ("appraisal", "鉴定、评估、检测"),
                    ("confirmation", "等待司法确认"),
                    ("other_procedure", "等待另一程序的结论"),
                    ("force_majeure", "不可抗力"),
                ],
                max_length=20,
                verbose_name="暂停理由",
            ),
        ),
        migrations.AddField(
            model_name="handlerrequest",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回"),
        ),
        migrations.AlterField(
            model_name="case",
            name="procedure",
            field=models.CharField(
                choices=[
                    ("ordinary", "一般"),
                    ("petition", "信访"),
                    ("mediation", "调解"),
                    ("review", "信访复查"),
                    ("recheck", "信访复核"),
                ],
                default="ordinary",
                max_length=10,
                verbose_name="程序",
            ),
        ),
        migrations.AlterField(
            model_name="handlerrequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("extension", "延期"),
                    ("suspension", "暂停计时"),
                    ("sign_off", "签发办结"),
                    ("decline", "不予受理"),
                ],
                max_length=12,
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="limitpolicy",
            name="procedure",
            field=models.CharField(
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
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField(verbose_name="议题")),
                ("opened_at", models.DateTimeField(verbose_name="提出")),
                ("reply_by", models.DateField(blank=True, null=True, verbose_name="请于此日前答复")),
                (
                    "referred_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("joint_meeting", "信访工作联席会议"),
                            ("committee", "区委政法委"),
                            ("government", "区政府常务会议"),
                        ],
                        max_length=16,
                        verbose_name="提请",
                    ),
                ),
                ("referred_why", models.TextField(blank=True, verbose_name="未能议定的原因")),
                ("referred_at", models.DateTimeField(blank=True, null=True, verbose_name="提请时间")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="纪要文号")),
                ("minutes", models.TextField(blank=True, verbose_name="会商纪要")),
                ("attendees", models.TextField(blank=True, verbose_name="参会人员")),
                ("line", models.TextField(blank=True, verbose_name="对外口径")),
                ("term", models.DateField(blank=True, null=True, verbose_name="办理时限")),
                ("assisting_names", models.CharField(blank=True, max_length=500, verbose_name="协办")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consultations", to="cases.case"
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="主办",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商",
                "verbose_name_plural": "会商",
                "ordering": ("-opened_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("review", "复查"), ("recheck", "复核")], max_length=10, verbose_name="种类"
                    ),
                ),
                ("answered_on", models.DateField(verbose_name="收到书面答复")),
                ("applied_on", models.DateField(verbose_name="提出申请")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="意见书文号")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_of",
                        to="cases.case",
                        verbose_name="复查复核件",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="原办理单位",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="cases.case",
                        verbose_name="原事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "复查复核",
                "verbose_name_plural": "复查复核",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="字")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后一号")),
            ],
            options={
                "verbose_name": "文号",
                "verbose_name_plural": "文号",
                "constraints": [models.UniqueConstraint(fields=("name", "year"), name="series_once")],
            },
        ),
        migrations.CreateModel(
            name="ConsultedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("said_by", models.CharField(blank=True, max_length=60, verbose_name="发表人")),
                ("said_at", models.DateTimeField(blank=True, null=True, verbose_name="时间")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="units", to="cases.consultation"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="参会单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商意见",
                "verbose_name_plural": "会商意见",
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("consultation", "unit"), name="consulted_once")],
            },
        ),
        migrations.CreateModel(
            name="JointTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.TextField(verbose_name="任务")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("given_at", models.DateTimeField(verbose_name="布置")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成")),
                ("result", models.TextField(blank=True, verbose_name="完成情况")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="取消")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="cases.case"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="完成人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "联办任务",
                "verbose_name_plural": "联办任务",
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                        fields=["due_on"],
                        name="task_undone",
                    )
                ],
            },
        ),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
        migrations.RunPython(name_who_asked, migrations.RunPython.noop),
    ]
