import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Order numbers before this one keep their form (综治督〔…〕…号); the new series begin at 1.
class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_append_only"),
        ("cases", "0017_ladder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="办结记录")),
                ("reported_at", models.DateTimeField(verbose_name="办结上报")),
                ("seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="自签收起（秒）")),
                ("contacts", models.PositiveSmallIntegerField(default=0, verbose_name="联系")),
                ("notes", models.PositiveSmallIntegerField(default=0, verbose_name="进展")),
                ("files", models.PositiveSmallIntegerField(default=0, verbose_name="附件")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="审核")),
                ("self_checked", models.BooleanField(default=False, verbose_name="审核人经办过")),
            ],
            options={
                "verbose_name": "办结核查",
                "verbose_name_plural": "办结核查",
            },
        ),
        migrations.CreateModel(
            name="OrderDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[("late", "办理超期"), ("unhappy", "评价不满意")], max_length=10, verbose_name="起因"
                    ),
                ),
                ("period", models.PositiveIntegerField(default=1, verbose_name="轮次")),
                ("problem", models.TextField(verbose_name="存在问题")),
                ("demand", models.TextField(verbose_name="整改要求")),
                ("deadline", models.DateTimeField(verbose_name="回复期限")),
                ("made_at", models.DateTimeField(verbose_name="起草")),
                ("discarded_at", models.DateTimeField(blank=True, null=True, verbose_name="不发")),
                ("discard_reason", models.CharField(blank=True, max_length=200, verbose_name="不发的理由")),
            ],
            options={
                "verbose_name": "督办函草稿",
                "verbose_name_plural": "督办函草稿",
                "ordering": ("made_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="OrderSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=20, verbose_name="机关代字")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="已用到")),
            ],
            options={
                "verbose_name": "督办文号",
                "verbose_name_plural": "督办文号",
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("talk", "约谈"),
                            ("circular", "通报"),
                            ("listed", "挂牌督办"),
                            ("improve", "改进工作建议"),
                            ("policy", "完善政策建议"),
                            ("accountability", "追究责任建议"),
                        ],
                        max_length=14,
                        verbose_name="形式",
                    ),
                ),
                ("addressee", models.CharField(max_length=80, verbose_name="报送")),
                ("ground", models.TextField(verbose_name="事由和依据")),
                ("advice", models.TextField(verbose_name="建议")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="建议文号")),
                ("area_code", models.CharField(max_length=15, verbose_name="区划")),
                ("proposed_at", models.DateTimeField(verbose_name="提出")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定")),
                ("approved", models.BooleanField(blank=True, null=True, verbose_name="采纳")),
                ("issuer", models.CharField(blank=True, max_length=80, verbose_name="作出机关")),
                ("issuer_number", models.CharField(blank=True, max_length=40, verbose_name="文号")),
                ("listed_until", models.DateField(blank=True, null=True, verbose_name="挂牌期限")),
                ("result", models.TextField(blank=True, verbose_name="结果")),
                ("resulted_at", models.DateTimeField(blank=True, null=True, verbose_name="结果登记")),
                ("delisted_on", models.DateField(blank=True, null=True, verbose_name="摘牌")),
            ],
            options={
                "verbose_name": "督办建议",
                "verbose_name_plural": "督办建议",
                "ordering": ("-proposed_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SpotCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("share", models.PositiveSmallIntegerField(verbose_name="抽查比例（%）")),
                ("drawn_at", models.DateTimeField(verbose_name="抽中")),
                ("genuine", models.BooleanField(blank=True, null=True, verbose_name="属实")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="核查意见")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核查")),
            ],
            options={
                "verbose_name": "抽查",
                "verbose_name_plural": "抽查",
                "ordering": ("drawn_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="SupervisionRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urge_word", models.CharField(default="平综治催", max_length=20, verbose_name="催办的机关代字")),
                ("letter_word", models.CharField(default="平综治督", max_length=20, verbose_name="督办函的机关代字")),
                ("proposal_word", models.CharField(default="平综治建", max_length=20, verbose_name="建议书的机关代字")),
                (
                    "urged_clocks",
                    models.CharField(
                        default="resolve_by sign_by",
                        help_text="时限代码，用空格分开：accept_by 受理，dispatch_by 分流，sign_by 签收，resolve_by 办结；留空不自动催办。",
                        max_length=200,
                        verbose_name="到期自动催办的时限",
                    ),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="回复期限（工作日）",
                    ),
                ),
                (
                    "draft_after_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="超期几个工作日后起草督办函",
                    ),
                ),
                (
                    "stuck_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="自然日，暂停计时的不算。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="几天没有进展算停滞",
                    ),
                ),
                ("quick_minutes", models.PositiveSmallIntegerField(default=5, verbose_name="签收后几分钟内办结须核查")),
                (
                    "bulk_count",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(2)],
                        verbose_name="同一人连续办结几件须核查",
                    ),
                ),
                (
                    "bulk_minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="连续是指几分钟内",
                    ),
                ),
                (
                    "praised_over",
                    models.PositiveSmallIntegerField(default=50, verbose_name="满意率 100% 且评价多于几件须核查"),
                ),
                (
                    "sample_share",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="区级抽查镇街审核件的比例（%）",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办规则",
                "verbose_name_plural": "督办规则",
            },
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="cause_clock",
            field=models.CharField(
                blank=True, help_text="时钟催办的时限；人发的为空。", max_length=20, verbose_name="因何时限"
            ),
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="cause_period",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="lift_note",
            field=models.TextField(blank=True, verbose_name="解除意见"),
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="problem",
            field=models.TextField(blank=True, verbose_name="存在问题"),
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="renewed",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="再次督办"),
        ),
        migrations.AddField(
            model_name="supervisionorder",
            name="signed_by",
            field=models.CharField(blank=True, max_length=60, verbose_name="签发人"),
        ),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cause_clock", ""), _negated=True),
                fields=("case", "cause_clock", "cause_period"),
                name="order_urged_once",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="closings", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="reported_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
            ),
        ),
        migrations.AddField(
            model_name="orderdraft",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="order_drafts", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="orderdraft",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderdraft",
            name="order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="cases.supervisionorder",
                verbose_name="督办",
            ),
        ),
        migrations.AddField(
            model_name="orderdraft",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="被督办单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderseries",
            constraint=models.UniqueConstraint(fields=("word", "year"), name="order_series_once"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="cases",
            field=models.ManyToManyField(
                blank=True, related_name="proposals", to="cases.case", verbose_name="涉及事项"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="对象单位",
            ),
        ),
        migrations.AddField(
            model_name="spotcheck",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="spot_checks", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="spotcheck",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionrules",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="supervision_rules_one_row"),
        ),
        migrations.AddConstraint(
            model_name="supervisionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("sample_share__lte", 100)), name="supervision_share_percent"
            ),
        ),
        migrations.AddIndex(
            model_name="closing",
            index=models.Index(fields=["reported_by", "reported_at"], name="closing_by_whom"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(fields=("case", "seq"), name="closing_once"),
        ),
        migrations.AddConstraint(
            model_name="orderdraft",
            constraint=models.UniqueConstraint(fields=("case", "cause", "period"), name="order_draft_once"),
        ),
        migrations.AddConstraint(
            model_name="orderdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__isnull", True), ("discarded_at__isnull", True), _connector="OR"),
                name="order_draft_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved__isnull", True), ("decided_at__isnull", True)),
                    models.Q(("approved__isnull", False), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="proposal_decided_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delisted_on__isnull", True), models.Q(("approved", True), ("kind", "listed")), _connector="OR"
                ),
                name="proposal_delisted_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="spotcheck",
            constraint=models.UniqueConstraint(fields=("case", "round"), name="spot_check_once"),
        ),
        migrations.AddConstraint(
            model_name="spotcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", True), ("genuine__isnull", True)),
                    models.Q(("checked_at__isnull", False), ("genuine__isnull", False)),
                    _connector="OR",
                ),
                name="spot_check_decided_as_a_whole",
            ),
        ),
    ]
