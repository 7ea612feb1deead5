"""月报、季报、年报: figures frozen in versions, paragraphs of the author, the signed document, corrections beside it.

Migration 0035 holds by triggers: a version and a correction never change, a signed bulletin and its paragraphs neither.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.bulletins.choices import Ask, Kind, Section, State


def _person(label: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, blank=null, related_name="+", verbose_name=label
    )


class Bulletin(models.Model):
    """One bulletin of an area and a period; `version` is the newest of its figures.

    `document` is what was signed, word for word (`cases.bulletins.document`): a bulletin read next year says what it said.
    """

    area_code = models.CharField("区划", max_length=12)
    kind = models.CharField("种类", max_length=8, choices=Kind)
    period = models.CharField("期间", max_length=7, help_text="2026-10、2026Q3、2026")
    first = models.DateField("起")
    last = models.DateField("止")
    version = models.PositiveIntegerField("第几次制表", default=1)
    made_at = models.DateTimeField("制表时间")
    state = models.CharField("进度", max_length=8, choices=State, default=State.DRAFT)
    number = models.CharField("文号", max_length=40, blank=True)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    signed_by = _person("签发人", null=True)
    document = models.JSONField("签发的全文", null=True, blank=True)

    class Meta:
        verbose_name = "工作报告"
        verbose_name_plural = "工作报告"
        ordering = ("-last", "kind", "area_code")
        constraints = (
            models.UniqueConstraint(fields=("area_code", "kind", "period"), name="bulletin_once"),
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="bulletin_days_in_order"),
            models.CheckConstraint(
                condition=Q(state="draft", signed_at__isnull=True, signed_by__isnull=True, document__isnull=True)
                | Q(state="signed", signed_at__isnull=False, signed_by__isnull=False, document__isnull=False),
                name="bulletin_signed_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_code} {self.period} {self.get_kind_display()}"


class BulletinVersion(models.Model):
    """The figures as they were counted at a moment (`cases.bulletins.counted`); never changed. By nobody: by the clock."""

    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.PROTECT, related_name="versions", verbose_name="报告", db_index=False
    )
    version = models.PositiveIntegerField("第几次制表")
    figures = models.JSONField("数字")
    made_at = models.DateTimeField("制表时间")
    made_by = _person("制表人", null=True)

    class Meta:
        verbose_name = "报告的数字"
        verbose_name_plural = "报告的数字"
        ordering = ("bulletin", "version")
        constraints = (models.UniqueConstraint(fields=("bulletin", "version"), name="bulletin_version_once"),)

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.version}"


class BulletinText(models.Model):
    """A paragraph in the author's words instead of the generated one; `linked` the figures he saw (`{name: words}`)."""

    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.PROTECT, related_name="texts", verbose_name="报告", db_index=False
    )
    section = models.CharField("部分", max_length=12, choices=Section)
    words = models.TextField("内容")
    linked = models.JSONField("所见数字", default=dict)
    written_at = models.DateTimeField("修改时间")
    written_by = _person("修改人")

    class Meta:
        verbose_name = "报告的段落"
        verbose_name_plural = "报告的段落"
        ordering = ("bulletin", "section")
        constraints = (models.UniqueConstraint(fields=("bulletin", "section"), name="bulletin_text_once"),)

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.section}"


class BulletinCorrection(models.Model):
    """What turned out wrong in a signed bulletin, said beside it; never changed."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="corrections", verbose_name="报告")
    words = models.TextField("更正内容")
    made_at = models.DateTimeField("更正时间")
    made_by = _person("更正人")

    class Meta:
        verbose_name = "报告的更正"
        verbose_name_plural = "报告的更正"
        ordering = ("bulletin", "id")

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.made_at:%Y-%m-%d}"


class BulletinAsk(models.Model):
    """Somebody asked for a bulletin: who, which, how far the counting is; gone after a day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    area_code = models.CharField("区划", max_length=12)
    period = models.CharField("期间", max_length=7)
    done = models.PositiveSmallIntegerField("已统计", default=0)
    total = models.PositiveSmallIntegerField("共", default=1)
    state = models.CharField("进度", max_length=8, choices=Ask, default=Ask.WAITING)
    asked_at = models.DateTimeField("提出")
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = "制表任务"
        verbose_name_plural = "制表任务"
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("area_code", "period"),
                condition=Q(state__in=("waiting", "running")),
                name="bulletin_ask_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.state} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0
