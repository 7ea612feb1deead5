"""Keeping the hall's plan: rows added, changed for one day, taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.dateparse import parse_date

from accounts import audit
from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor
from cases.choices import Presence, Weekday
from cases.hall.roster import hall_of, may_edit
from cases.models import RosterEntry
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotYou, NotYours

LIMITS = {"person": ("姓名", 40), "desk": ("窗口号", 20), "phone": ("电话", 30)}


@dataclass(frozen=True)
class PlanGiven:
    """What the form says: a unit's code ("" for the leader on duty), when, where."""

    leader: bool
    unit: str
    presence: str
    weekdays: Sequence[str]
    date: str
    person: str
    desk: str
    phone: str
    away: bool = False


def _hall(actor: Actor) -> str:
    if not may_edit(actor):
        raise NotYou("大厅值班表由中心负责人和分流员维护。")
    centre = next((post.area_code for post in actor.posts if post.lead), "")
    return hall_of(actor, Role.DISPATCHER) or centre


def plan(actor: Actor, given: PlanGiven, *, now: datetime) -> list[RosterEntry]:
    """Add rows: one for each weekday, or one for a date, or one for every working day. Incomplete, NotYou."""
    area = _hall(actor)
    errors: dict[str, list[str]] = {}
    unit = None
    if not given.leader:
        unit = Unit.objects.filter(code=given.unit, active=True).first()
        if unit is None:
            errors["unit"] = ["请选择单位。"]
        if given.presence not in Presence.values:
            errors["presence"] = ["请选择常驻、轮驻还是随驻。"]
    elif not given.person.strip():
        errors["person"] = ["请填写值班领导的姓名。"]
    for name, (label, most) in LIMITS.items():
        text = getattr(given, name)
        if len(text) > most or not is_storable(text):
            errors[name] = [f"{label}最多 {most} 字。"]
    day = _day(given, errors)
    days = sorted({int(day) for day in given.weekdays if day.isdigit() and int(day) in Weekday.values})
    if day and days:
        errors["date"] = ["按星期排班和单独一天只能选一样。"]
    if given.away and day is None:
        errors["date"] = ["“当日不在”要写明是哪一天。"]
    if errors:
        raise Incomplete(errors)
    rows = [
        RosterEntry(
            area_code=area,
            leader=given.leader,
            unit=unit,
            presence="" if given.leader else given.presence,
            weekday=weekday,
            date=day,
            person=given.person.strip(),
            desk=given.desk.strip(),
            phone=given.phone.strip(),
            away=given.away,
        )
        for weekday in (days or (None,))
    ]
    with transaction.atomic():
        for row in rows:
            row.save()
        what = {"unit": unit.code if unit else "leader", "days": days, "date": str(day or ""), "away": given.away}
        audit.record(actor, "roster", f"hall:{area}", "", what, now=now)
    return rows


def _day(given: PlanGiven, errors: dict[str, list[str]]) -> date | None:
    if not given.date:
        return None
    try:
        found = parse_date(given.date)
    except ValueError:
        found = None
    if found is None:
        errors["date"] = ["日期请按“2026-11-23”的样子填写。"]
    return found


def take_off(actor: Actor, entry_id: int, *, now: datetime) -> None:
    """Delete one row of one's own hall; NotYours when there is none."""
    area = _hall(actor)
    with transaction.atomic():
        row = RosterEntry.objects.filter(pk=entry_id, area_code=area).first()
        if row is None:
            raise NotYours()
        what = {"unit": row.unit.code if row.unit else "leader", "off": True}
        row.delete()
        audit.record(actor, "roster", f"hall:{area}", "", what, now=now)
