"""The dispatch catalogue (派单目录): which unit leads what where, by which document, in versions."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.choices import AREA_CODE_HINT, AREA_CODE_PATTERN


class DispatchLine(models.Model):
    """One version of one line of the catalogue; published is published: triggers refuse UPDATE and DELETE.

    A line is the pair of category and area: `category_code` means that category and all below it ("" every one),
    `area_code` that area and all in it ("" everywhere). The unit is kept as the document names it, by code and name:
    it may end later, and the line still says what was published. `withdrawn` ends a line from `effective_on` on.
    """

    category_code = models.CharField("类别代码", max_length=20, blank=True, help_text="含下级；空为全部类别。")
    area_code = models.CharField(
        "区划代码",
        max_length=15,
        blank=True,
        validators=[RegexValidator(AREA_CODE_PATTERN, AREA_CODE_HINT)],
        help_text="含下级；空为全区。",
    )
    version = models.PositiveIntegerField("版本", editable=False)
    unit_code = models.CharField("主办单位代码", max_length=32, blank=True)
    unit_name = models.CharField("主办单位", max_length=80, blank=True)
    withdrawn = models.BooleanField("撤销本行", default=False, help_text="自生效日起，这一行不再适用。")
    source = models.CharField("依据", max_length=120, help_text="文件名称、文号。")
    effective_on = models.DateField("生效日")
    note = models.CharField("说明", max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    author_name = models.CharField("发布人", max_length=60, editable=False)
    published_at = models.DateTimeField("发布时间", editable=False)

    class Meta:
        verbose_name = "派单目录"
        verbose_name_plural = "派单目录"
        ordering = ("category_code", "area_code", "-version")
        constraints = (
            models.UniqueConstraint(fields=("category_code", "area_code", "version"), name="dispatch_version_once"),
            models.CheckConstraint(
                condition=Q(withdrawn=True) | ~Q(unit_code=""), name="dispatch_line_names_a_unit_or_ends"
            ),
        )

    def __str__(self) -> str:
        where = self.area_code or "全区"
        return f"{self.category_code or '全部类别'} · {where} → {self.unit_name or '撤销'}（第 {self.version} 版）"


class CannedAnswer(models.Model):
    """A text that is often written (常用答复), offered for one field of one move and a category with all below it."""

    title = models.CharField("名称", max_length=40)
    move = models.CharField("步骤", max_length=24)
    field = models.CharField("填写项", max_length=40)
    category_code = models.CharField("类别代码", max_length=20, blank=True, help_text="含下级；空为全部类别。")
    text = models.TextField("正文", max_length=2000, help_text="〔 〕里的内容由使用人改写。")
    active = models.BooleanField("启用", default=True)
    position = models.PositiveSmallIntegerField("顺序", default=100)

    class Meta:
        verbose_name = "常用答复"
        verbose_name_plural = "常用答复"
        ordering = ("move", "field", "category_code", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=("move", "field", "category_code", "title"), name="canned_answer_once"),
        )

    def __str__(self) -> str:
        return self.title
