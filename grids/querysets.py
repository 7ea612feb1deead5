"""Filters of the territory, named as adjectives; every bulk write renews the territory's stamp."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q

_M = TypeVar("_M", bound=models.Model)


class TerritoryQuerySet(models.QuerySet[_M]):
    """Areas or grids. Bulk writes send no signal, so they renew the stamp of the cached territory themselves."""

    #: Set by grids.apps to grids.territory.touch; a queryset stands below the cache and may not import it.
    on_write: Callable[[], None] | None = None

    def _written(self) -> None:
        if TerritoryQuerySet.on_write is not None:
            TerritoryQuerySet.on_write()

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """As Django's; afterwards every process reads the territory anew."""
        made = super().bulk_create(objs, *args, **kwargs)
        if made:
            self._written()
        return made

    def bulk_update(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> int:
        """As Django's; afterwards every process reads the territory anew."""
        changed = super().bulk_update(objs, *args, **kwargs)
        if changed:
            self._written()
        return changed

    def update(self, **kwargs: Any) -> int:
        """As Django's; afterwards every process reads the territory anew."""
        changed = super().update(**kwargs)
        if changed:
            self._written()
        return changed

    def active(self) -> TerritoryQuerySet[_M]:
        """Those in use today; what was abolished stays for the old cases that name it."""
        return self.filter(active=True)

    def within(self, area_code: str) -> TerritoryQuerySet[_M]:
        """The area or grid with this code and all below it (a code begins with its parent's)."""
        return self.filter(code__startswith=area_code)


class DutyQuerySet(models.QuerySet[_M]):
    """Duties."""

    def on(self, day: date) -> DutyQuerySet[_M]:
        """In force on ``day``: begun, and not ended by that day (the end day itself is off duty)."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def overlapping(self, starts_on: date, ends_on: date | None) -> DutyQuerySet[_M]:
        """Sharing at least one day with the half-open span ``[starts_on, ends_on)``; ``None`` is without end.

        A duty that ended on the day it began has no day and overlaps nothing.
        """
        if ends_on == starts_on:
            return self.none()
        found = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on) & Q(ends_on__gt=F("starts_on")))
        return found if ends_on is None else found.filter(starts_on__lt=ends_on)
