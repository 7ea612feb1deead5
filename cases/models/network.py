"""多元解纷网络 (1+13+10+N): layers and members as the centre keeps them, and what the property figure looks at.

Composition is configuration (facts §8 row 0.17: it is not printed anywhere). Nothing is deleted: a row has its days, a
change is another row that follows it.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit


class NetworkLayer(models.Model):
    """One layer of the network, from `starts_on` until the day before `ends_on`; `open_ended` is told as N."""

    name = models.CharField("层级名称", max_length=30)
    position = models.PositiveSmallIntegerField(
        "次序", validators=[MinValueValidator(1), MaxValueValidator(20)], help_text="从上到下第几层。"
    )
    measure = models.CharField("量词", max_length=8, default="个", help_text="个、家、支。")
    open_ended = models.BooleanField("不限数量（N）", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True, help_text="从这一天起不再是网络的一层。")

    class Meta:
        verbose_name = "网络层级"
        verbose_name_plural = "网络层级"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                name="network_layer_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class NetworkMember(models.Model):
    """A unit, or somebody who is none of the portal's units (by name), in a layer; days as of the layer.

    contact_post is a post (综治中心副主任), never a name or a private phone. mode: how it sits in the centre (facts §1.1),
    "" for one that does not.
    """

    class Mode(models.TextChoices):
        """How a member sits in the centre."""

        STANDING = "standing", "常驻"
        ROTATING = "rotating", "轮驻"
        ON_CALL = "on_call", "随驻"

    layer = models.ForeignKey(NetworkLayer, on_delete=models.PROTECT, related_name="members", verbose_name="层级")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    name = models.CharField("名称", max_length=60, blank=True, help_text="门户里没有的单位或队伍填这里。")
    area_code = models.CharField("服务区域", max_length=15, blank=True)
    duty = models.CharField("职责", max_length=200)
    contact_post = models.CharField("联系岗位", max_length=40)
    mode = models.CharField("驻场方式", max_length=8, choices=Mode, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True, help_text="从这一天起不再是成员。")
    follows = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name="由哪一条变更而来",
    )
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "网络成员"
        verbose_name_plural = "网络成员"
        ordering = ("layer", "pk")
        constraints = (
            models.CheckConstraint(
                name="network_member_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="network_member_is_a_unit_or_a_name",
                condition=Q(unit__isnull=False, name="") | Q(unit__isnull=True) & ~Q(name=""),
            ),
        )
        indexes = (models.Index(fields=("starts_on", "ends_on"), name="network_member_on"),)

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """The unit's name, or the name written down."""
        return self.unit.name if self.unit else self.name


class PropertyRule(models.Model):
    """What counts as a matter of property management, and from how many households on companies are compared.

    The newest row holds; none is changed.
    """

    categories = models.JSONField("类别代码", default=list)
    least_households = models.PositiveIntegerField("最少户数", validators=[MinValueValidator(1)])
    set_at = models.DateTimeField("时间")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "物业统计口径"
        verbose_name_plural = "物业统计口径"
        ordering = ("-set_at", "-pk")

    def __str__(self) -> str:
        return "、".join(self.categories)
