"""Filters named as adjectives, and the day a moment belongs to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from governance_portal.lib.working_days import day_of as day_of

if TYPE_CHECKING:
    from accounts.models import Unit, User


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser (三权分立)."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Log-in names are compared exactly."""
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password nobody can log in."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *args: Any, **fields: Any) -> User:
        """Refused: rights come from posts, and no account may hold all of them."""
        raise NotImplementedError(
            "本系统不设超级用户，请用 manage.py import_people 导入系统管理员、安全管理员、审计员。"
        )


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units by their place in the tree."""

    def subtree(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and every unit below it."""
        return self.filter(path__startswith=unit.path)

    def active(self) -> UnitQuerySet:
        """Units that still exist as offices."""
        return self.filter(active=True)


class InForceQuerySet(models.QuerySet[Any]):
    """Rows with `starts_on` and `ends_on` (inclusive; open end = null)."""

    def in_force(self, day: date) -> InForceQuerySet:
        """Those that hold on the given day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def overlapping(self, starts_on: date, ends_on: date | None) -> InForceQuerySet:
        """Those that share at least one day with the span."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)
