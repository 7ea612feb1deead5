"""民心台账 (facts row 2.8) and 议事 (row 2.7: 居民议事、网格议事、会议定事、联动办事). No resident is named in any of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Unit
from cases.councils.choices import Agreed, HeardAt, TopicStage, WishState
from cases.models.case import Case


class Wish(models.Model):
    """One wish of residents, as the matter it is: what, whose to do, by when, what became of it (销账).

    Shown publicly only when who voiced it agrees (or nobody can be told from it) and the community's lead has said so.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area_code = models.CharField("社区", max_length=12)
    what = models.CharField("心愿", max_length=200)
    heard_at = models.CharField("从哪里听到", max_length=8, choices=HeardAt)
    heard_on = models.DateField("哪天")
    unit = models.ForeignKey(Unit, verbose_name="责任单位", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="责任人",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    due_on = models.DateField("何时办好")
    state = models.CharField("状态", max_length=12, choices=WishState, default=WishState.OPEN)
    agreed = models.CharField("公示", max_length=8, choices=Agreed, default=Agreed.UNASKED)
    published_on = models.DateField("公示日期", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="同意公示的负责人",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="wish", verbose_name="事项"
    )
    ended_on = models.DateField("办结", null=True, blank=True)
    result = models.CharField("结果", max_length=500, blank=True)
    told_for = models.DateField("到期已提醒", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)

    class Meta:
        verbose_name = "民心台账"
        verbose_name_plural = "民心台账"
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("area_code", "state", "due_on"), name="wish_of_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(published_on__isnull=True, published_by__isnull=True)
                | Q(published_on__isnull=False, published_by__isnull=False, agreed__in=(Agreed.YES, Agreed.NOBODY)),
                name="wish_public_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(WishState.OPEN, WishState.DOING), ended_on__isnull=True, result="")
                | Q(state__in=(WishState.DONE, WishState.NOT_POSSIBLE), ended_on__isnull=False) & ~Q(result=""),
                name="wish_ends_with_a_result",
            ),
            models.UniqueConstraint(fields=("made_by", "client_id"), condition=~Q(client_id=""), name="wish_sent_once"),
        )

    def __str__(self) -> str:
        return self.what


class CouncilMeeting(models.Model):
    """A meeting where topics are decided; how many came is a number. Signed, nothing of it changes any more (a trigger)."""

    area_code = models.CharField("社区", max_length=12)
    title = models.CharField("会议", max_length=100)
    day = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    attendance = models.PositiveSmallIntegerField("到会人数", null=True, blank=True)
    minutes = models.TextField("纪要", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="召集登记人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "议事会"
        verbose_name_plural = "议事会"
        ordering = ("-day", "-id")
        indexes = (models.Index(fields=("area_code", "day"), name="council_of_area"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, signed_by__isnull=True)
                | Q(signed_on__isnull=False, signed_by__isnull=False, attendance__gte=1) & ~Q(minutes=""),
                name="council_signed_when_whole",
            ),
            models.UniqueConstraint(
                fields=("made_by", "client_id"), condition=~Q(client_id=""), name="council_sent_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class CouncilTopic(models.Model):
    """A topic that residents raise; it goes to one meeting."""

    area_code = models.CharField("社区", max_length=12)
    title = models.CharField("议题", max_length=100)
    what = models.TextField("说明", blank=True)
    raised_on = models.DateField("提出日期")
    wish = models.ForeignKey(
        Wish, on_delete=models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="民心台账"
    )
    meeting = models.ForeignKey(
        CouncilMeeting, on_delete=models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="会议"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField("提交号", max_length=64, blank=True)

    class Meta:
        verbose_name = "议题"
        verbose_name_plural = "议题"
        ordering = ("-raised_on", "-id")
        indexes = (models.Index(fields=("area_code", "raised_on"), name="topic_of_area"),)
        constraints = (
            models.UniqueConstraint(
                fields=("made_by", "client_id"), condition=~Q(client_id=""), name="topic_sent_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class TopicWord(models.Model):
    """What was said on a topic, by a group of residents or in the grid, before the meeting; written once (a trigger)."""

    topic = models.ForeignKey(CouncilTopic, on_delete=models.PROTECT, related_name="words", verbose_name="议题")
    stage = models.CharField("哪一步", max_length=10, choices=TopicStage)
    day = models.DateField("日期")
    people = models.PositiveSmallIntegerField("几个人", null=True, blank=True)
    text = models.TextField("意见")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "议题意见"
        verbose_name_plural = "议题意见"
        ordering = ("day", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=(TopicStage.RESIDENTS, TopicStage.GRID)), name="topic_word_before_the_meeting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic_id} {self.day}"


class CouncilDecision(models.Model):
    """One decision of a meeting: who does what by when. It can become exactly one case, or be done by its owner."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(CouncilMeeting, on_delete=models.PROTECT, related_name="decisions", verbose_name="会议")
    topic = models.ForeignKey(
        CouncilTopic, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="议题"
    )
    what = models.CharField("决定", max_length=300)
    unit = models.ForeignKey(Unit, verbose_name="责任单位", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("期限")
    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="decision", verbose_name="事项"
    )
    done_on = models.DateField("办成", null=True, blank=True)
    result = models.CharField("结果", max_length=500, blank=True)

    class Meta:
        verbose_name = "会议决定"
        verbose_name_plural = "会议决定"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, result="") | Q(done_on__isnull=False) & ~Q(result=""),
                name="decision_done_with_a_result",
            ),
        )

    def __str__(self) -> str:
        return self.what
