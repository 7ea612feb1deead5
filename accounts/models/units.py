"""Units: the tree of offices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from accounts.choices import AREA_CODE_HINT, AREA_CODE_PATTERN, UnitKind
from accounts.querysets import UnitQuerySet


class Unit(models.Model):
    """An office that can lead, assist or receive a matter; `path` holds its ancestors' keys and its own (`/1/5/`)."""

    code = models.CharField("单位代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30, blank=True)
    kind = models.CharField("类别", max_length=12, choices=UnitKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    area_code = models.CharField(
        "所属区划", max_length=15, blank=True, validators=[RegexValidator(AREA_CODE_PATTERN, AREA_CODE_HINT)]
    )
    path = models.CharField("路径", max_length=120, editable=False, db_index=True, default="")
    phone = models.CharField("电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    office_hours = models.CharField("办公时间", max_length=80, blank=True)
    active = models.BooleanField("启用", default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area_code="") | Q(area_code__regex=AREA_CODE_PATTERN),
                name="unit_area_code_is_a_prefix",
                violation_error_message=AREA_CODE_HINT,
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="unit_is_not_its_own_parent",
                violation_error_message="上级单位不能是本单位。",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        """No unit stands below itself."""
        if self.pk and self.parent_id and self.parent is not None and self._would_loop(self.parent):
            raise ValidationError({"parent": "上级单位不能是本单位或本单位的下级。"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep `path` of this unit and of all below it true; raises ValidationError on a loop."""
        with transaction.atomic():
            self.clean()
            fields = kwargs.get("update_fields")
            super().save(*args, **kwargs)
            if fields is None or "parent" in fields or "parent_id" in fields:
                self._repath()

    def is_within(self, other: Unit) -> bool:
        """True when this unit is `other` or stands anywhere below it."""
        return self.path.startswith(other.path)

    def _would_loop(self, parent: Unit) -> bool:
        if parent.pk == self.pk:
            return True
        # The caller's instance may be stale: ask the table, whose paths are always true.
        current = Unit.objects.filter(pk=parent.pk).values_list("path", flat=True).first() or ""
        return f"/{self.pk}/" in current

    def _path_above(self) -> str:
        # Not `self.parent.path`: the instance may have been read before its own parent moved.
        if self.parent is None:
            return "/"
        return Unit.objects.values_list("path", flat=True).get(pk=self.parent.pk)

    def _repath(self) -> None:
        path = f"{self._path_above()}{self.pk}/"
        old = Unit.objects.values_list("path", flat=True).get(pk=self.pk)
        self.path = path
        if old == path:
            return
        if old:
            Unit.objects.filter(path__startswith=old).update(path=Concat(Value(path), Substr("path", len(old) + 1)))
        else:
            Unit.objects.filter(pk=self.pk).update(path=path)
