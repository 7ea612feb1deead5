"""What moves, for everybody in the hall to read: category, place and step; never a name, an address, a number or an hour.

A line stands only where it cannot point at one matter: at least three of its kind came from that place within 90 days,
else the place is the street, else it is left out. Nothing of mediation, nothing confidential, no conduct complaint, no
report of wrongdoing (`points.PRIVATE`); nothing that happened at the window (受理, 当场办结), and nothing of the last half
hour, so that nobody sees the matter of the visitor who has just left. One line for each matter: its newest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr

from cases.mapping.lying import grid_now
from cases.mapping.points import PRIVATE
from cases.models import Case, Category, Event
from cases.screens.ground import SMALL
from cases.statistics.scope import Scope
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import beside, chain_of, names_of

SAID = {
    "dispatch": "已分流",
    "sign": "已签收",
    "resolve": "已办结上报",
    "approve": "已审核",
    "confirm": "已回访办结",
    "close_verified": "已核查销号",
}
LATER, NEWEST_DAYS, LOOKED_AT = timedelta(minutes=30), 7, 150
KIN = timedelta(days=90)
STREET_DIGITS = 9

Line = dict[str, str]


def lines(scope: Scope, many: int) -> list[Line]:
    """The newest `{what, where, said, day}`, at most `many`; seven statements whatever there is."""
    told = scope.rows.exclude(PRIVATE)
    found = _newest(scope, told)
    if not found:
        return []
    mains = _main_categories()
    groups: list[tuple[Case, str, str]] = []
    for event in found:
        code = event.case.category_code
        if code in mains:
            groups.append((event.case, mains[code][0], event.kind))
    kin = _kin(scope, told, {case.area_code[:STREET_DIGITS] for case, _main, _kind in groups}, mains)
    names = names_of(
        {case.grid_code for case, _main, _kind in groups} | {case.area_code[:9] for case, _m, _k in groups}
    )
    around = [name for _code, name in chain_of(scope.area)]
    days = {event.case_id: event.at for event in found}
    labels = dict(mains.values())
    rows = []
    for case, main, kind in groups:
        place = next(
            (code for code in (case.grid_code, case.area_code[:STREET_DIGITS]) if kin[main, code] >= SMALL), ""
        )
        if place and names.get(place):
            rows.append(
                {
                    "what": labels[main],
                    "where": beside(names[place], *around),
                    "said": SAID[kind],
                    "day": _day(days[case.pk], scope.now),
                }
            )
    return rows[:many]


def _newest(scope: Scope, told: Any) -> list[Event]:
    """The newest event of each matter that came or was closed lately, those of the last half hour left out.

    By the two indexes of newest registered and newest closed, so that it costs the same at any size.
    """
    pks = list(told.order_by("-registered_at", "-id").values_list("pk", flat=True)[:LOOKED_AT])
    pks += told.filter(closed_at__lte=scope.now).order_by("-closed_at").values_list("pk", flat=True)[:LOOKED_AT]
    since, until = scope.now - timedelta(days=NEWEST_DAYS), scope.now - LATER
    events = Event.objects.filter(case_id__in=set(pks), kind__in=SAID, at__gte=since, at__lte=until)
    found: dict[int, Event] = {}
    for event in events.select_related("case").defer("data").order_by("-at", "-id"):
        found.setdefault(event.case_id, event)
    return list(found.values())


def _main_categories() -> dict[str, tuple[str, str]]:
    """Each category's main one: (code, name)."""
    rows = list(Category.objects.values_list("code", "name", "parent__code", "parent__name"))
    return {code: (above or code, above_name or name) for code, name, above, above_name in rows}


def _kin(
    scope: Scope, told: Any, streets: Iterable[str], mains: dict[str, tuple[str, str]]
) -> Counter[tuple[str, str]]:
    """How many matters of a main category came from a grid, and from a street, within 90 days; one statement."""
    since = scope.now - KIN
    rows = (
        told.filter(registered_at__gte=since, registered_at__lte=scope.now)
        .annotate(street=Substr("area_code", 1, STREET_DIGITS), lies=grid_now())
        .filter(street__in=sorted(streets))
        .values("category_id", "street", "lies")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        main = mains.get(row["category_id"] or "", ("", ""))[0]
        found[main, row["street"]] += row["number"]
        if row["lies"]:
            found[main, row["lies"]] += row["number"]
    return found


def _day(moment: datetime, now: datetime) -> str:
    day, today = moment.astimezone(SHANGHAI).date(), now.astimezone(SHANGHAI).date()
    ago = (today - day).days
    return {0: "今天", 1: "昨天"}.get(ago, f"{ago}天前")
