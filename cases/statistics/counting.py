"""Counting the figures over what a person may see: exact at the moment of the call.

A `Scope` of a district, a street or a community is answered from the counts that are kept (`kept`, one statement); all
else, and any queryset, by counting the rows, which is also the reference that the counts are tried against. Over rows
the first statement counts the cohort (registered in the window), the second what has its moment elsewhere: the date in
the window (on_time, due_closed), today's figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Substr, TruncDate

from accounts.queries import Actor
from cases.mapping.lying import grid_now
from cases.querysets import CaseQuerySet
from cases.standing import AREA_ROLES
from cases.statistics import kept
from cases.statistics.excluded import left_out, some_granted
from cases.statistics.figures import (
    CLOSED,
    EXCLUDABLE,
    FIGURES,
    FOLLOW_UP,
    FOLLOW_UP_RATES,
    RATES,
    condition,
    percent,
    rate_of,
)
from cases.statistics.scope import Scope
from cases.statistics.windows import EVER, Window, next_step, step_start, today_of
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.queries import name_of

COHORT = tuple(name for name, figure in FIGURES.items() if figure.days == "registered")
DUE = tuple(name for name, figure in FIGURES.items() if figure.days == "due")
TODAY = tuple(name for name, figure in FIGURES.items() if figure.days == "today")
TOLD = (*COHORT[:7], *TODAY)
FLOWS = ("accepted_in", "closed_in", "asked_solved", "solved", "rated_closed", "satisfied_closed")
#: What of a day's counts is "today's".
OF_A_DAY = {"today_registered": "registered", "today_accepted": "accepted_in", "today_closed": "closed_in"}

#: The column behind a key of `by`.
COLUMN_OF = {"unit": "lead_unit_id", "category": "category_id", "channel": "channel", "level": "level", "kind": "kind"}
COMMUNITY_DIGITS = 12

Counts = dict[str, int]


Cases = Scope | CaseQuerySet


def area_for(actor: Actor, asked: str) -> str:
    """Return the area a person asks about, or the widest of their own.

    Raises NotYou (403) for somebody whose posts have no sight of an area, NotYours (404) for an area that is not
    theirs or that nobody knows.
    """
    own = sorted(
        (post.area_code for post in actor.with_role(*AREA_ROLES) if post.area_code), key=lambda code: (len(code), code)
    )
    if not own:
        raise NotYou("统计数字由管一片区域的岗位查看；您的岗位办理单件事项，请看工作台。")
    if not asked:
        return own[0]
    if not any(asked.startswith(code) for code in own) or not name_of(asked):
        raise NotYours()
    return asked


def cases_of(actor: Actor, area: str, now: datetime) -> Scope:
    """Return what the figures of an area are counted over: the cases this person may see there."""
    return Scope(actor, area, now)


def _rows(cases: Cases) -> CaseQuerySet:
    return cases.rows if isinstance(cases, Scope) else cases


def overview(cases: Cases, window: Window, now: datetime) -> Counts:
    """Count every figure; one statement, two over rows."""
    if isinstance(cases, Scope) and cases.is_kept():
        found = kept.totals(cases, {"asked": window, "today": today_of(now)}, now, bare=("today",))
        return _named(found["asked"], COHORT + DUE) | _today(found["today"])
    cases = _rows(cases)
    first = cases.filter(window.holds("registered_at")).aggregate(**_counted(COHORT, EVER, now))
    second = cases.filter(_any(DUE + TODAY, window, now)).aggregate(**_counted(DUE + TODAY, window, now))
    return {**first, **second}


def standing(cases: Cases, now: datetime) -> Counts:
    """Count how things stand now, whenever the cases were registered: today's figures and what runs; one statement."""
    if isinstance(cases, Scope) and cases.is_kept():
        found = kept.totals(cases, {"ever": EVER, "today": today_of(now)}, now, bare=("today",))
        return _named(found["ever"], ("open", "due_soon", "overdue")) | _today(found["today"])
    cases, names = _rows(cases), ("open", "due_soon", "overdue", *TODAY)
    return cases.filter(_any(names, EVER, now)).aggregate(**_counted(names, EVER, now))


def flows(cases: Cases, window: Window, now: datetime) -> Counts:
    """Count what was accepted and what was closed in the window and how its residents answered; one statement."""
    if isinstance(cases, Scope) and cases.is_kept():
        return _named(kept.totals(cases, {"asked": window}, now, bare=("asked",))["asked"], FLOWS)
    return _rows(cases).filter(_any(FLOWS, window, now)).aggregate(**_counted(FLOWS, window, now))


def _named(sums: Mapping[str, int], names: Iterable[str]) -> Counts:
    return {name: sums[name] for name in names}


def _today(sums: Mapping[str, int]) -> Counts:
    return {name: sums[OF_A_DAY[name]] for name in TODAY}


def by(cases: Cases, key: str, window: Window, now: datetime) -> dict[Any, Counts]:
    """Count the cohort and the due figures per value of a key; one statement, two over rows.

    key: "area" (right below the area of a scope, by code; of a community and of a grid per grid), "grid" (as it is today,
    "": in none), "unit" (id of the lead unit, None: nobody leads), "category" (code on the case, None: none yet),
    "channel", "level" ("": none yet) or "kind". KeyError for any other.
    """
    if key == "area":
        if not isinstance(cases, Scope):
            raise KeyError(key)
        return by_area(cases, cases.area, window, now)
    group = grid_now() if key == "grid" else F(COLUMN_OF[key])
    if isinstance(cases, Scope) and cases.is_kept(key):
        return _kept_by(cases, key, window, now)
    return _by(_rows(cases), group, window, now)


def _kept_by(cases: Scope, key: str, window: Window, now: datetime) -> dict[Any, Counts]:
    lineage = territory.current().lineage if key == "grid" else None
    rows: dict[Any, Counts] = {}
    for found, sums in kept.by(cases, key, window, now).items():
        value: Any = found
        if key == "unit":
            value = int(found) if found else None
        elif key == "category":
            value = found or None
        elif lineage:
            value = lineage.now(found)
        counts = rows.setdefault(value, dict.fromkeys((*COHORT, *DUE), 0))
        for name in counts:
            counts[name] += sums[name]
    return {value: counts for value, counts in rows.items() if counts["registered"] or counts["due_closed"]}


def _by(cases: CaseQuerySet, group: Any, window: Window, now: datetime) -> dict[Any, Counts]:
    rows: dict[Any, Counts] = {}
    for names, days, narrowed in (
        (COHORT, EVER, cases.filter(window.holds("registered_at"))),
        (DUE, window, cases.filter(_any(DUE, window, now))),
    ):
        for row in _grouped(narrowed, group, names, days, now):
            counts = rows.setdefault(row["group"], dict.fromkeys((*COHORT, *DUE), 0))
            counts.update((name, row[name]) for name in names)
    return rows


def by_area(cases: Cases, area: str, window: Window, now: datetime) -> dict[str, Counts]:
    """Count per area right below, by code (of a community per grid, "": in none of them)."""
    if isinstance(cases, Scope) and cases.area == area:
        key = "area" if len(area) < COMMUNITY_DIGITS else "grid"
        if cases.is_kept(key):
            return _kept_by(cases, key, window, now)
    below = Substr("area_code", 1, len(area) + 3) if len(area) < COMMUNITY_DIGITS else grid_now()
    return _by(_rows(cases), below, window, now)


def nowhere_below(area: str) -> Q:
    """What `by_area` counts under the area itself: in none of the areas (of a community: grids) right below it."""
    return Q(area_code=area) if area and len(area) < COMMUNITY_DIGITS else Q(grid_code="")


def by_unit(cases: Cases, window: Window, now: datetime) -> dict[int | None, Counts]:
    """Count per lead unit, by its id; None: nobody leads."""
    return by(cases, "unit", window, now)


def excluded_by_unit(cases: Cases, window: Window, now: datetime) -> dict[int | None, Counts]:
    """Count per lead unit what is left out of the ranking, in each figure that it leaves out of; one statement over few rows.

    The predicates are those of the figures: what is taken away had been counted.
    """
    counted = {
        name: Count("pk", filter=condition(name, window, now) & left_out(figure)) for name, figure in EXCLUDABLE.items()
    }
    rows: Any = _rows(cases).filter(some_granted()).values("lead_unit_id").annotate(**counted)
    return {row["lead_unit_id"]: {name: row[name] for name in EXCLUDABLE} for row in rows}


def by_category(cases: Cases, window: Window, now: datetime) -> dict[str | None, Counts]:
    """Count per category as it stands on the case, by code; None: none yet."""
    return by(cases, "category", window, now)


def trend(cases: Cases, window: Window, step: str) -> list[dict[str, Any]]:
    """Return `[{start, end, registered, accepted, closed}]` by day, week or month: what came in, was accepted, was closed.

    Each is counted on its own day, whenever the case was registered; one statement, three over rows.
    """
    rows: dict[date, dict[str, Any]] = {}
    if window.first and window.last:
        start = step_start(window.first, step)
        while start <= window.last:
            rows[start] = _step(start, step)
            start = next_step(start, step)
    for name, day, number in _days(cases, window):
        start = step_start(day, step)
        rows.setdefault(start, _step(start, step))[name] += number
    found = [rows[start] for start in sorted(rows)]
    for step_row in found:  # the first and the last step may stick out of the window
        step_row["start"] = max(step_row["start"], window.first) if window.first else step_row["start"]
        step_row["end"] = min(step_row["end"], window.last) if window.last else step_row["end"]
    return found


def _days(cases: Cases, window: Window) -> Iterator[tuple[str, date, int]]:
    """What happened on which day how often."""
    if isinstance(cases, Scope) and cases.is_kept():
        for day, sums in kept.by_day(cases, window, cases.now).items():
            for name in ("registered", "accepted", "closed"):
                if number := sums[OF_A_DAY[f"today_{name}"]]:
                    yield name, day, number
        return
    moments = (("registered", "registered_at", Q()), ("accepted", "accepted_at", Q()), ("closed", "closed_at", CLOSED))
    for name, field, also in moments:
        days = _rows(cases).filter(window.holds(field) & also).annotate(day=TruncDate(field, tzinfo=SHANGHAI))
        for row in days.values("day").annotate(number=Count("pk")):
            yield name, row["day"], row["number"]


def told(counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the figures and rates as `stats/overview/` tells them (design/api.md)."""
    return {**{name: counts[name] for name in TOLD}, **rates(counts)}


def rates(counts: Mapping[str, int], names: Iterable[str] = tuple(RATES)) -> dict[str, Any]:
    """Return `{name: {value, numerator, denominator}}`."""
    return {name: rate_of(name, counts) for name in names}


def follow_up_counts(cases: Cases, window: Window, now: datetime) -> Counts:
    """Count what the follow-up's rates are made of over the matters closed in the window; one statement."""
    names = ("closed_in", *(figure.name for figure in FOLLOW_UP))
    return _rows(cases).filter(condition("closed_in", window, now)).aggregate(**_counted(names, window, now))


def follow_up_rates(cases: Cases, window: Window, now: datetime) -> list[dict[str, Any]]:
    """Return 响应率、解决率、满意率、回访率、参评率 as `[{name, label, basis, value, numerator, denominator}]`."""
    counts = follow_up_counts(cases, window, now)
    return [
        {
            "name": rate.name,
            "label": rate.label,
            "basis": rate.basis,
            "value": percent(counts[rate.numerator], counts[rate.denominator]),
            "numerator": counts[rate.numerator],
            "denominator": counts[rate.denominator],
            "unreached": counts["unreached"],
        }
        for rate in FOLLOW_UP_RATES.values()
    ]


def _counted(names: Iterable[str], window: Window, now: datetime) -> dict[str, Count]:
    return {name: Count("pk", filter=condition(name, window, now)) for name in names}


def _grouped(cases: CaseQuerySet, group: Any, names: Iterable[str], window: Window, now: datetime) -> Any:
    return cases.annotate(group=group).values("group").annotate(**_counted(names, window, now))


def _any(names: Iterable[str], window: Window, now: datetime) -> Q:
    """What may count in any of these figures: leaves the rest to the indexes."""
    found = Q()
    for name in names:
        found |= condition(name, window, now)
    return found


def _step(start: date, step: str) -> dict[str, Any]:
    end = next_step(start, step)
    return {"start": start, "end": date.fromordinal(end.toordinal() - 1), "registered": 0, "accepted": 0, "closed": 0}
