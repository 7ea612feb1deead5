"""Open311 GeoReport v2: what is offered, who may post, and which case came of which post."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models

from cases.choices import Kind
from hotlines.choices import AttributeType


class Open311Client(models.Model):
    """An app that posts reports for residents (api_key); the key itself is shown once and kept as SHA-256."""

    name = models.CharField("应用名称", max_length=60, unique=True)
    holder = models.CharField("使用单位", max_length=80, help_text="单位和联系人；对外提供的依据写在备注里。")
    note = models.CharField("备注", max_length=200, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("开通时间", editable=False)

    class Meta:
        verbose_name = "Open311 应用"
        verbose_name_plural = "Open311 应用"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Open311Service(models.Model):
    """One service that may be reported from outside: a category that is about a public place, in words for residents."""

    category = models.OneToOneField(
        "cases.Category", on_delete=models.PROTECT, to_field="code", primary_key=True, verbose_name="类别"
    )
    kind = models.CharField(
        "登记为",
        max_length=12,
        choices=[(Kind.APPEAL.value, Kind.APPEAL.label), (Kind.HAZARD.value, Kind.HAZARD.label)],
        default=Kind.APPEAL,
    )
    description = models.CharField("说明", max_length=200, blank=True)
    keywords = models.CharField("关键词", max_length=200, blank=True, help_text="用英文逗号分开。")
    position = models.PositiveSmallIntegerField("次序", default=0)
    offered = models.BooleanField("对外开放", default=True)

    class Meta:
        verbose_name = "Open311 服务"
        verbose_name_plural = "Open311 服务"
        ordering = ("position", "category")

    def __str__(self) -> str:
        return str(self.category)


class Open311Attribute(models.Model):
    """One question of a service (GeoReport v2, GET service definition), asked beside description and place.

    choices: lines `key=words` for the two list types, else empty. A row with `variable` false only tells something.
    """

    service = models.ForeignKey(
        Open311Service, on_delete=models.CASCADE, related_name="attributes", verbose_name="服务"
    )
    code = models.SlugField("代码", max_length=30)
    variable = models.BooleanField("需要回答", default=True, help_text="不勾选时只是一句告知，不用回答。")
    datatype = models.CharField("类型", max_length=15, choices=AttributeType, default=AttributeType.STRING)
    required = models.BooleanField("必答", default=False)
    description = models.CharField("问题", max_length=120)
    hint = models.CharField("怎么填", max_length=120, blank=True)
    choices = models.TextField("选项", blank=True, help_text="每行一个：代码=文字。")
    position = models.PositiveSmallIntegerField("次序", default=1)

    class Meta:
        verbose_name = "Open311 问题"
        verbose_name_plural = "Open311 问题"
        ordering = ("service", "position", "id")
        constraints = (models.UniqueConstraint(fields=("service", "code"), name="open311_attribute_once"),)

    def __str__(self) -> str:
        return self.description

    def clean(self) -> None:
        """A list needs its choices, everything else has none; what only tells something is never required."""
        listed = self.datatype in (AttributeType.SINGLE, AttributeType.MULTI)
        if listed and not self.values():
            raise ValidationError({"choices": "请写出选项，每行一个：代码=文字。"})
        if not listed and self.choices.strip():
            raise ValidationError({"choices": "只有单选和多选有选项，请清空。"})
        if self.required and not self.variable:
            raise ValidationError({"required": "只是告知的一句，不能设为必答。"})

    def values(self) -> dict[str, str]:
        """`{key: words}` of the list types, in their order."""
        pairs = (line.partition("=") for line in self.choices.splitlines())
        return {key.strip(): words.strip() for key, sign, words in pairs if sign and key.strip() and words.strip()}


class Open311Post(models.Model):
    """One report that came by Open311. token: the standard's, names nobody and opens nothing but the number."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(
        Open311Client, on_delete=models.PROTECT, related_name="posts", verbose_name="应用", editable=False
    )
    service = models.ForeignKey(
        Open311Service, on_delete=models.PROTECT, related_name="posts", verbose_name="服务", editable=False
    )
    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, related_name="open311", verbose_name="事项", editable=False
    )
    media_url = models.URLField("图片地址", max_length=500, blank=True)
    posted_at = models.DateTimeField("提交时间", editable=False)

    class Meta:
        verbose_name = "Open311 上报"
        verbose_name_plural = "Open311 上报"
        ordering = ("-posted_at", "-id")
        indexes = (models.Index(fields=("-posted_at", "-id"), name="open311_newest"),)

    def __str__(self) -> str:
        return str(self.token)
