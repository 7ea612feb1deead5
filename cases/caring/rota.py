"""Whose turn it is: the six roles in order, those that somebody holds; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from cases.caring.choices import VisitorRole

ORDER: tuple[str, ...] = tuple(VisitorRole.values)


def next_role(last: str, held: Collection[str], start: int = 0) -> str:
    """Return the next role of the rota, "" when nobody holds any.

    last: the role of the last visit, "" before the first; held: the roles that somebody of the community holds; start: where the
    first turn begins, so that not every plan of a community begins with the same person.
    """
    if not held:
        return ""
    first = ORDER.index(last) + 1 if last in ORDER else start
    turn = (ORDER[(first + step) % len(ORDER)] for step in range(len(ORDER)))
    return next(role for role in turn if role in held)


def next_day(last: date, interval_days: int) -> date:
    """Return the day by which the next visit is due."""
    return last + timedelta(days=interval_days)
