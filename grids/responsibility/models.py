"""包保责任 as rows: unit × street × topic × period (facts §8 row 1.10)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Unit


class Topic(models.TextChoices):
    """For what a street is guaranteed."""

    FLOOD = "flood", "防汛"
    FOREST_FIRE = "forest_fire", "森林防火"
    FIRE = "fire", "消防安全"
    GAS = "gas", "燃气安全"
    SAFETY = "safety", "安全生产"
    SELF_BUILT = "self_built", "自建房"
    HEATING = "heating", "冬季取暖"


class Responsibility(models.Model):
    """One unit answers for one street in one topic, from `starts_on` to `ends_on`, both days included; no end: until told.

    Two units for one street at once is allowed to be written down, and reported (`coverage`): a list that is being put
    right is wrong for a while. The same unit twice on a day is one answer, the database refuses it where it begins alike.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="包保单位")
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, to_field="code", related_name="+", verbose_name="街道（乡镇）"
    )
    topic = models.CharField("事项", max_length=16, choices=Topic.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True, help_text="最后一天；长期的留空。")

    class Meta:
        verbose_name = "包保责任"
        verbose_name_plural = "包保责任"
        ordering = ("topic", "area", "starts_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("unit", "area", "topic", "starts_on"), name="responsibility_once"),
            models.CheckConstraint(
                name="responsibility_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="responsibility_of_a_known_topic", condition=Q(topic__in=Topic.values)),
        )
        indexes = (models.Index(fields=("topic", "starts_on", "ends_on"), name="responsibility_on"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.area_id} {self.topic}"
