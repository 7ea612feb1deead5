"""The figures of a bulletin as one plain value (JSON): counted once, kept as they were.

Every count is a predicate of `cases.statistics.figures` over whole days of Asia/Shanghai. What came in and what was
closed count on their own day. A list of three numbers is `[period, period before, same period a year ago]`, None where
nothing was registered yet. 办结率 looks at all three as long after their last day as this one was looked at, so that an
older month is not better only for being older. Of all cases of the area, whoever makes the bulletin: it is a total, no
list, and nothing of it names a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Substr

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.queries import service_actor
from cases import choices as c
from cases.bulletins import mediation
from cases.bulletins.periods import Span
from cases.choices import Channel, Counted, Mode, Nature, OrderKind, Outcome, ProposalKind
from cases.hazards.choices import HazardClass
from cases.hazards.queries import hazards_of, in_state
from cases.models import Category, PatrolTask, Proposal, SupervisionOrder
from cases.patrols.coverage import coverage, facts
from cases.querysets import CaseQuerySet, below
from cases.statistics import counting
from cases.statistics.figures import CLOSED, FOLLOW_UP, condition
from cases.statistics.windows import DAY, Window
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import name_of, names_of

SCHEMA = 1
#: Fewer complaints against one unit than this say nothing of the unit and may point at a person (facts §5.1).
FEWEST = 3
HOT_ROWS = 10
FLOWS = ("registered", "accepted_in", "closed_in")
Figures = dict[str, Any]
Triple = list[int | None]


class Counting:
    """The cases of an area in the three windows of a span, at a moment."""

    def __init__(self, area: str, span: Span, now: datetime) -> None:
        self.area, self.span, self.now = area, span, now
        self.actor = service_actor("clock")
        self.cases: CaseQuerySet = counting.cases_of(self.actor, area, now).rows.filter(registered_at__lte=now)
        begun = self.cases.aggregate(first=Min("registered_at"))["first"]
        self.begun: date | None = begun.astimezone(SHANGHAI).date() if begun else None
        self.windows = (span.window, span.before.window, span.year_ago.window)
        self.there = tuple(n == 0 or self._was_there(window) for n, window in enumerate(self.windows))

    def _was_there(self, window: Window) -> bool:
        return self.begun is not None and window.last is not None and self.begun <= window.last

    def three(self, count: Callable[[Window], Mapping[str, int]]) -> dict[str, Triple]:
        """Count in each window that has something to count."""
        found = [count(window) if there else None for window, there in zip(self.windows, self.there, strict=True)]
        return {name: [one[name] if one is not None else None for one in found] for name in found[0] or {}}

    def grouped(self, group: Any, names: Iterable[str]) -> dict[Any, dict[str, Triple]]:
        """Count figures per value of an expression in each window; one statement a window."""
        rows: dict[Any, dict[str, Triple]] = {}
        for place, (window, there) in enumerate(zip(self.windows, self.there, strict=True)):
            if not there:
                continue
            holds = {name: condition(name, window, self.now) for name in names}
            any_of = Q()
            for one in holds.values():
                any_of |= one
            counts = {f"n_{name}": Count("pk", filter=one) for name, one in holds.items()}
            found: Any = self.cases.filter(any_of).annotate(group=group).values("group").annotate(**counts)
            for row in found:
                kept = rows.setdefault(
                    row["group"], {name: [0 if here else None for here in self.there] for name in names}
                )
                for name in names:
                    kept[name][place] = row[f"n_{name}"]
        return rows


def count(area: str, span: Span, now: datetime, told: Callable[[int], None] | None = None) -> Figures:
    """Count everything; `told` hears how many of the `len(PARTS)` parts are done."""
    counted = Counting(area, span, now)
    figures = _head(counted)
    for done, (name, part) in enumerate(PARTS.items(), 1):
        figures[name] = part(counted)
        if told:
            told(done)
    return figures


def _head(counted: Counting) -> Figures:
    area, span = counted.area, counted.span
    centre = Unit.objects.filter(kind=UnitKind.CENTRE, area_code=area, active=True).order_by("pk").first()
    name = name_of(area)
    return {
        "schema": SCHEMA,
        "area": {"code": area, "name": name, "issuer": centre.name if centre else f"{name}综治中心"},
        "period": {
            "kind": span.kind.value,
            "code": span.code,
            "label": span.label,
            "this": span.this_words,
            "before": span.before_words,
            "first": str(span.window.first),
            "last": str(span.window.last),
        },
        "there": list(counted.there),
        "as_of": counted.now.isoformat(),
    }


def _totals(counted: Counting) -> Figures:
    def flows(window: Window) -> dict[str, int]:
        holds = {name: condition(name, window, counted.now) for name in FLOWS}
        visits = window.holds("registered_at") & Q(channel=Channel.WINDOW)
        told = counted.cases.aggregate(
            **{name: Count("pk", filter=one) for name, one in holds.items()},
            visits=Count("pk", filter=visits),
            visitors=Sum("visitor_count", filter=visits),
            joint=Count("pk", filter=visits & Q(visitor_count__gte=c.JOINT_VISIT_FROM)),
        )
        return {name: many or 0 for name, many in told.items()}

    standing = counting.standing(counted.cases, counted.now)
    return {**counted.three(flows), "open": standing["open"], "overdue": standing["overdue"]}


def _channels(counted: Counting) -> list[Figures]:
    rows = counted.grouped(F("channel"), ("accepted_in", "closed_in"))
    return [{"code": code, "name": str(label), **rows[code]} for code, label in Channel.choices if code in rows]


def _categories(counted: Counting) -> list[Figures]:
    rows = counted.grouped(F("category_id"), ("accepted_in", "closed_in"))
    known = {row.code: row for row in Category.objects.select_related("parent").filter(code__in=[x for x in rows if x])}
    merged: dict[str, Figures] = {}
    for code, counts in rows.items():
        category = known.get(code)
        top = (category.parent or category) if category else None
        kept = merged.setdefault(
            top.code if top else "",
            {
                "code": top.code if top else "",
                "name": top.name if top else "尚未归类",
                **{name: [0 if here else None for here in counted.there] for name in counts},
            },
        )
        for name, three in counts.items():
            kept[name] = [
                None if one is None else one + (more or 0) for one, more in zip(kept[name], three, strict=True)
            ]
    return _largest(merged.values())


def _areas(counted: Counting) -> list[Figures]:
    if len(counted.area) >= counting.COMMUNITY_DIGITS:
        return []
    area, digits = counted.area, len(counted.area) + 3
    rows = counted.grouped(Substr("area_code", 1, digits), ("accepted_in", "closed_in", "due_closed", "on_time"))
    names = names_of(rows)
    standing = {
        row["group"]: row["many"]
        for row in counted.cases.filter(counted=Counted.OPEN)
        .annotate(group=Substr("area_code", 1, digits))
        .values("group")
        .annotate(many=Count("pk"))
    }
    found = [
        {
            "code": code,
            "name": names.get(code, code) if code != counted.area else "未落到下一级",
            **counts,
            "open": standing.get(code, 0),
        }
        for code, counts in rows.items()
    ]
    # In the order of the codes, since how much came in ranks nobody; what lies in none of them comes last.
    return sorted(found, key=lambda row: (row["code"] == area, row["code"]))


def _complained(counted: Counting) -> Figures:
    """Complaints about service and conduct; reports of wrongdoing (检举控告) go another way and are in no table."""
    about = counted.cases.filter(
        condition("accepted_in", counted.span.window, counted.now),
        complained_unit__isnull=False,
        nature__in=(Nature.SERVICE, Nature.CONDUCT),
    )
    rows = list(
        about.values("complained_unit_id", name=F("complained_unit__name")).annotate(
            complaints=Count("pk"), answered=Count("pk", filter=CLOSED)
        )
    )
    many = sorted(
        (row for row in rows if row["complaints"] >= FEWEST), key=lambda row: (-row["complaints"], row["name"])
    )
    few = [row for row in rows if row["complaints"] < FEWEST]
    return {
        "all": sum(row["complaints"] for row in rows),
        "answered": sum(row["answered"] for row in rows),
        "units": [{name: row[name] for name in ("name", "complaints", "answered")} for row in many],
        "few": {"units": len(few), "complaints": sum(row["complaints"] for row in few)},
    }


def _handling(counted: Counting) -> Figures:
    window = counted.span.window

    def ways(days: Window) -> dict[str, int]:
        taken = condition("accepted_in", days, counted.now)
        told = counted.cases.filter(taken).aggregate(
            forwarded=Count("pk", filter=Q(mode=Mode.FORWARD)),
            assigned=Count("pk", filter=Q(mode=Mode.ASSIGN)),
            forwarded_closed=Count("pk", filter=Q(mode=Mode.FORWARD) & CLOSED),
            assigned_closed=Count("pk", filter=Q(mode=Mode.ASSIGN) & CLOSED),
            transferred=Count("pk", filter=Q(outcome=Outcome.TRANSFERRED)),
        )
        return {name: many or 0 for name, many in told.items()}

    orders = SupervisionOrder.objects.filter(below("case__area_code", counted.area)).filter(window.holds("issued_at"))
    laid = {
        row["kind"]: row
        for row in orders.order_by()
        .values("kind")
        .annotate(
            issued=Count("pk"),
            responded=Count("pk", filter=Q(responded_at__isnull=False)),
            lifted=Count("pk", filter=Q(lifted_at__isnull=False)),
        )
    }
    put = {
        row["kind"]: row
        for row in Proposal.objects.filter(below("area_code", counted.area))
        .filter(window.holds("proposed_at"))
        .order_by()
        .values("kind")
        .annotate(made=Count("pk"), adopted=Count("pk", filter=Q(approved=True)))
    }
    return {
        **counted.three(ways),
        "orders": [
            {"name": str(label), **{key: laid[code][key] for key in ("issued", "responded", "lifted")}}
            for code, label in OrderKind.choices
            if code in laid
        ],
        "proposals": [
            {"name": str(label), "made": put[code]["made"], "adopted": put[code]["adopted"]}
            for code, label in ProposalKind.choices
            if code in put
        ],
    }


def _mediation(counted: Counting) -> Figures:
    window = counted.span.window
    return {
        **counted.three(lambda days: mediation.totals(counted.cases, days)),
        "types": mediation.by_type(counted.cases, window),
        "sources": mediation.by_source(counted.cases, window),
        **mediation.agreements(counted.cases, window),
    }


def _quality(counted: Counting) -> Figures:
    late = counted.now - (counted.span.window.ends or counted.now)

    def cohort(days: Window) -> dict[str, int]:
        by_then = (days.ends or counted.now) + late
        told = {
            name: condition(name, days, counted.now)
            & (Q(**{f"{field}__lt": by_then}) | Q(**{f"{field}__isnull": True}))
            for name, field in (("accepted", "accepted_at"), ("closed", "closed_at"))
        }
        found: dict[str, int] = counted.cases.aggregate(**{name: Count("pk", filter=q) for name, q in told.items()})
        return found

    def due(days: Window) -> dict[str, int]:
        names = ("due_closed", "on_time")
        found: dict[str, int] = counted.cases.aggregate(
            **{name: Count("pk", filter=condition(name, days, counted.now)) for name in names}
        )
        return found

    def asked(days: Window) -> dict[str, int]:
        names = [figure.name for figure in FOLLOW_UP]
        told = counted.cases.filter(condition("closed_in", days, counted.now)).aggregate(
            **{name: Count("pk", filter=condition(name, days, counted.now)) for name in names}
        )
        return {name: told[name] or 0 for name in names}

    return {
        **counted.three(cohort),
        **counted.three(due),
        **counted.three(asked),
        "days": [
            _days(counted, window) if there else None
            for window, there in zip(counted.windows, counted.there, strict=True)
        ],
    }


def _days(counted: Counting, window: Window) -> dict[str, float | int]:
    """From acceptance to closing in natural days of what was closed in the window: number, mean, median, P90 (nearest rank)."""
    closed = counted.cases.filter(condition("closed_in", window, counted.now), accepted_at__isnull=False)
    lasted: Any = closed.values_list("accepted_at", "closed_at").iterator(chunk_size=5000)
    hours: Counter[int] = Counter(max(0, round((ends - begins).total_seconds() / 3600)) for begins, ends in lasted)
    many = hours.total()
    if not many:
        return {"many": 0}
    mean = sum(hour * n for hour, n in hours.items()) / many
    return {
        "many": many,
        "mean": round(mean / 24, 1),
        "median": round(_rank(hours, many, 50) / 24, 1),
        "p90": round(_rank(hours, many, 90) / 24, 1),
    }


def _rank(hours: Counter[int], many: int, percent: int) -> int:
    wanted, seen = -(-many * percent // 100), 0
    for hour in sorted(hours):
        seen += hours[hour]
        if seen >= wanted:
            return hour
    return 0


def _hot(counted: Counting) -> list[Figures]:
    """The same category in the same community again and again (≥ 3), the most often first."""

    def pairs(window: Window) -> Counter[tuple[str, str]]:
        rows = (
            counted.cases.filter(window.holds("registered_at"), category__isnull=False)
            .exclude(Q(grid_code="") & Q(area_code__regex=r"^.{0,11}$"))
            .annotate(place=Substr("area_code", 1, counting.COMMUNITY_DIGITS))
            .values_list("place", "category_id")
            .annotate(many=Count("pk"))
        )
        return Counter({(place, category): many for place, category, many in rows})

    now = pairs(counted.windows[0])
    before = pairs(counted.windows[1]) if counted.there[1] else None
    most = [(key, many) for key, many in now.items() if many >= FEWEST]
    most = sorted(most, key=lambda row: (-row[1], row[0]))[:HOT_ROWS]
    places = names_of({place for (place, _category), _many in most})
    names = dict(Category.objects.filter(code__in={cat for (_place, cat), _many in most}).values_list("code", "name"))
    return [
        {
            "place": places.get(place, place),
            "category": names.get(category, category),
            "count": [many, None if before is None else before[place, category]],
        }
        for (place, category), many in most
    ]


def _hazards(counted: Counting) -> Figures:
    window = counted.span.window
    found = hazards_of(counted.actor, counted.now).within(counted.area).filter(window.holds("registered_at"))
    counts = {code: Count("pk", filter=in_state(code, counted.now)) for code in ("closed", "open", "overdue")}
    rows: dict[Any, Any] = {
        row["hazard__hazard_class"]: row
        for row in found.values("hazard__hazard_class").annotate(found=Count("pk"), **counts)
    }
    named = [*((code, str(label)) for code, label in HazardClass.choices), (None, "未建档")]
    tasks = PatrolTask.objects.filter(below("grid__code", counted.area))
    first, last = window.first or date.min, min(window.last or date.max, counted.now.astimezone(SHANGHAI).date() - DAY)
    seen = coverage(facts(tasks, first, last)) if first <= last else coverage(())
    return {
        "classes": [
            {"name": name, **{key: rows[code][key] for key in ("found", "closed", "open", "overdue")}}
            for code, name in named
            if code in rows
        ],
        "patrols": {
            name: getattr(seen, name)
            for name in ("due", "done", "undone", "unmanned", "open", "points_due", "points_seen")
        },
    }


def _largest(rows: Iterable[Figures]) -> list[Figures]:
    return sorted(rows, key=lambda row: (-(row["accepted_in"][0] or 0), row["code"]))


#: Part by part, so that a long one can say how far it is.
PARTS: Mapping[str, Callable[[Counting], Any]] = {
    "totals": _totals,
    "channels": _channels,
    "categories": _categories,
    "areas": _areas,
    "complained": _complained,
    "handling": _handling,
    "mediation": _mediation,
    "quality": _quality,
    "hot": _hot,
    "hazards": _hazards,
}
