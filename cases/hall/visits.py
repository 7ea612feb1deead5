"""The visit register: 批次、人次、初次、重复、集体访, by day. No ranking of anybody; the numbers are never a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import JOINT_VISIT_FROM, VisitPurpose
from cases.models import Case, Visit
from cases.querysets import below
from governance_portal.lib.working_days import SHANGHAI

READERS = (Role.CLERK, Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
MOST_DAYS = 93
SHEET = ("时间", "来访目的", "人次", "初次/重复", "集体访", "受理编号", "接待人", "备注")


@dataclass(frozen=True)
class Totals:
    """What a day (or a span of days) comes to."""

    visits: int = 0
    people: int = 0
    first: int = 0
    repeat: int = 0
    joint: int = 0
    matters: int = 0


def seen_by(actor: Actor, first: date, last: date) -> QuerySet[Visit]:
    """Return the visits of the areas whose hall this person reads, from the first to the last day, newest first."""
    begins = datetime.combine(first, time.min, SHANGHAI)
    ends = datetime.combine(last, time.min, SHANGHAI) + timedelta(days=1)
    found = Visit.objects.none()
    for post in actor.with_role(*READERS):
        if post.area_code:
            found = found | Visit.objects.filter(below("area_code", post.area_code), at__gte=begins, at__lt=ends)
    return found.select_related("received_by", "case").order_by("-at", "-id")


def totals_of(rows: Iterable[Visit]) -> Totals:
    """Add up."""
    rows = list(rows)
    return Totals(
        visits=len(rows),
        people=sum(row.people for row in rows),
        first=sum(not row.repeat for row in rows),
        repeat=sum(row.repeat for row in rows),
        joint=sum(row.joint for row in rows),
        matters=sum(row.purpose == VisitPurpose.MATTER for row in rows),
    )


def by_day(rows: Iterable[Visit]) -> list[tuple[date, Totals]]:
    """Add up each day, the newest first."""
    days: dict[date, list[Visit]] = {}
    for row in rows:
        days.setdefault(row.at.astimezone(SHANGHAI).date(), []).append(row)
    return [(day, totals_of(found)) for day, found in sorted(days.items(), reverse=True)]


def open_numbers(rows: Iterable[Visit], actor: Actor, now: datetime) -> set[int]:
    """Return the ids of the cases among these that this person may open; one query."""
    ids = {row.case_id for row in rows if row.case_id}
    return set(Case.objects.visible_to(actor, now).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def sheet_rows(rows: Iterable[Visit], may_open: set[int]) -> Iterator[list[str | int]]:
    """Yield what the CSV shows: exactly the columns of the page."""
    for row in rows:
        yield [
            row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            str(row.get_purpose_display()),
            row.people,
            "重复" if row.repeat else "初次",
            "是" if row.people >= JOINT_VISIT_FROM else "",
            row.case.number if row.case is not None and row.case_id in may_open else "",
            row.received_by.name,
            row.note,
        ]
