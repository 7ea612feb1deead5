"""物业服务 as rows: company × ground × households × period (facts §8 row 1.5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

GROUND_PATTERN = r"^[0-9]{12}([0-9]{3})?$"


class PropertyCompany(models.Model):
    """A company that manages residential areas; never a person."""

    name = models.CharField("物业公司", max_length=60, unique=True)

    class Meta:
        verbose_name = "物业公司"
        verbose_name_plural = "物业公司"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PropertyService(models.Model):
    """One company serves one ground, a community (12 digits) or a grid (15), from `starts_on` until the day before `ends_on`.

    Two never serve the same ground on a day, so that a matter that lies there is one company's (`services` sees to it
    under the lock of the community). Another number of households is another row, so that what was counted stays.
    """

    company = models.ForeignKey(PropertyCompany, models.PROTECT, related_name="services", verbose_name="物业公司")
    estate = models.CharField("小区", max_length=60)
    area_code = models.CharField("所在社区或网格", max_length=15)
    households = models.PositiveIntegerField("户数", null=True, blank=True)
    starts_on = models.DateField("进驻日期")
    ends_on = models.DateField("撤出日期", null=True, blank=True, help_text="从这一天起不再服务；在管的留空。")

    class Meta:
        verbose_name = "物业服务"
        verbose_name_plural = "物业服务"
        ordering = ("company", "area_code", "starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="property_service_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="property_service_on_a_ground", condition=Q(area_code__regex=GROUND_PATTERN)),
            models.CheckConstraint(
                name="property_service_has_households",
                condition=Q(households__isnull=True) | Q(households__gte=1),
            ),
        )
        indexes = (models.Index(fields=("area_code", "starts_on"), name="property_service_on"),)

    def __str__(self) -> str:
        return f"{self.estate} {self.company_id} {self.starts_on}"
