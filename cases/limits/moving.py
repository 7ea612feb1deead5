"""Which dates would move under another calendar: the same histories folded over it, nothing saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from accounts.models import Unit
from accounts.queries import Actor
from cases.choices import Clock, Stage
from cases.fold import fold
from cases.models import Case, Deadline, Event, MovedDate
from cases.services.recounting import moved_between, touched_by
from governance_portal.lib.working_days import Calendar

CHUNK = 500
#: So many cases are foreseen while somebody waits; the command foresees all of them.
MOST = 5_000
#: So many lines are listed before the confirmation; afterwards all of them, by pages.
LISTED = 200


@dataclass(frozen=True)
class Moved:
    """One live clock that would read otherwise. `holder` is the unit that leads the case, or the desk it lies on."""

    case_id: int
    number: str
    clock: str
    period: int
    due_from: datetime
    due_to: datetime
    tentative_from: bool
    tentative_to: bool
    holder: str = ""

    @property
    def label(self) -> str:
        """The clock's name."""
        return str(Clock(self.clock).label)

    @property
    def way(self) -> str:
        """earlier, later, or the same day and no longer 暂定 (or 暂定 again)."""
        if self.due_to == self.due_from:
            return "same"
        return "earlier" if self.due_to < self.due_from else "later"


@dataclass
class Foreseen:
    """What would move. `asked` cases were looked at out of `total`."""

    asked: int = 0
    total: int = 0
    rows: list[Moved] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many cases."""
        return len({row.case_id for row in self.rows})

    def ways(self) -> dict[str, int]:
        """`{earlier, later, same}`."""
        counts = Counter(row.way for row in self.rows)
        return {way: counts[way] for way in ("earlier", "later", "same")}

    def by_clock(self) -> list[tuple[str, int, int]]:
        """(clock, dates that move, dates that are only no longer 暂定), in the order of the workflow."""
        return _counted(self.rows, [str(clock.label) for clock in Clock], lambda row: row.label)

    def by_holder(self) -> list[tuple[str, int, int]]:
        """The same by unit or desk, the most first."""
        names = [name for name, _count in Counter(row.holder for row in self.rows).most_common()]
        return _counted(self.rows, names, lambda row: row.holder)


def _counted(rows: Iterable[Moved], names: Iterable[str], name_of: Any) -> list[tuple[str, int, int]]:
    moved, certain = Counter[str](), Counter[str]()
    for row in rows:
        (certain if row.way == "same" else moved)[name_of(row)] += 1
    return [(name, moved[name], certain[name]) for name in names if moved[name] or certain[name]]


def foresee(since: date, calendar: Calendar, most: int | None = MOST) -> Foreseen:
    """Return what a recount from a day on under this calendar would move; three queries for each 500 cases.

    Compared with the rows as they stand, which is what people see now.
    """
    open_cases = touched_by(since).open()
    found = Foreseen(total=open_cases.count())
    units: dict[int, str] = dict(Unit.objects.values_list("pk", "name"))
    for cases in _chunks(open_cases.order_by("pk"), most):
        found.asked += len(cases)
        found.rows += _moved_of(cases, calendar, units)
    found.rows.sort(key=lambda row: (row.way == "same", row.due_to, row.number, row.clock))
    return found


def _chunks(cases: Any, most: int | None) -> Iterator[dict[int, Case]]:
    after, seen = 0, 0
    while most is None or seen < most:
        size = CHUNK if most is None else min(CHUNK, most - seen)
        rows = {case.pk: case for case in cases.filter(pk__gt=after).only(*COLUMNS)[:size]}
        if not rows:
            return
        after, seen = max(rows), seen + len(rows)
        yield rows


COLUMNS = ("id", "number", "status", "lead_unit_id")


def _moved_of(cases: dict[int, Case], calendar: Calendar, units: dict[int, str]) -> Iterator[Moved]:
    stand: dict[int, list[tuple[str, int, datetime, bool]]] = {}
    told = Deadline.objects.filter(case_id__in=cases).values_list("case_id", "clock", "period", "due_at", "tentative")
    for case_id, *row in told:
        stand.setdefault(case_id, []).append(tuple(row))  # type: ignore[arg-type]
    events = Event.objects.filter(case_id__in=cases).order_by("case_id", "seq")
    read = events.only("case_id", "kind", "at", "actor_id", "status_after", "data")
    for case_id, history in groupby(read.iterator(chunk_size=2000), key=lambda event: event.case_id):
        case = cases[case_id]
        holder = units.get(case.lead_unit_id or 0) or f"{Stage(case.stage).label}岗位"
        for moved in moved_between(stand.get(case_id, []), fold(history, calendar)):
            yield Moved(case_id=case_id, number=case.number, holder=holder, **moved)  # type: ignore[arg-type]


def shown_to(rows: Iterable[Moved], actor: Actor, now: datetime, most: int = LISTED) -> list[Moved]:
    """Return those this person may read by number, at most so many; nobody without a case post reads any."""
    rows = list(rows)
    if not actor.posts or not rows:
        return []
    seen: list[Moved] = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        keys = {row.case_id for row in part}
        visible = set(Case.objects.visible_to(actor, now).filter(pk__in=keys).values_list("pk", flat=True))
        seen += [row for row in part if row.case_id in visible]
        if len(seen) >= most:
            return seen[:most]
    return seen


def kept(recount_id: int) -> Any:
    """Return what a recount did move, as rows of `MovedDate`."""
    return MovedDate.objects.filter(recount_id=recount_id).select_related("case__lead_unit")
