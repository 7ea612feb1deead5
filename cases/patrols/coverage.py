"""Coverage by grid and period: how much was due, done, not done and why, unreported, without anybody on duty.

Formula (facts §5 巡查完成率 / 覆盖率): tasks done ÷ tasks due; points seen ÷ points due. Of grids and days, never of a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet, Sum

from cases.models import PatrolTask
from cases.patrols import choices as c
from cases.statistics.figures import percent


@dataclass(frozen=True, slots=True)
class Fact:
    """So many tasks of one grid that ended alike. `staffed` False: nobody of that duty was there; None: not known yet."""

    grid: str
    state: str
    reason: str = ""
    staffed: bool | None = True
    tasks: int = 1
    points_due: int = 0
    points_seen: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """`due = done + undone + unmanned + open`; `reasons` says why the undone were not done."""

    due: int = 0
    done: int = 0
    undone: int = 0
    unmanned: int = 0
    open: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    points_due: int = 0
    points_seen: int = 0

    @property
    def rate(self) -> float | None:
        """Done of due in percent with one decimal, half up; None where nothing was due."""
        return _percent(self.done, self.due)

    @property
    def fraction(self) -> str:
        """Numerator and denominator of the rate: 「12/16」."""
        return f"{self.done}/{self.due}"

    @property
    def points_fraction(self) -> str:
        """Numerator and denominator of the points' rate."""
        return f"{self.points_seen}/{self.points_due}"

    @property
    def points_rate(self) -> float | None:
        """Points seen of points due in percent with one decimal, half up; None where there were none."""
        return _percent(self.points_seen, self.points_due)

    @property
    def reason_words(self) -> str:
        """Return the reasons with their numbers as people say them: 「家中或单位没有人 2、天气或道路原因 1」."""
        return "、".join(f"{c.UndoneReason(code).label} {count}" for code, count in sorted(self.reasons.items()))


def _percent(part: int, whole: int) -> float | None:
    found = percent(part, whole)
    return None if found is None else float(found)


def coverage(tasks: Iterable[Fact]) -> Coverage:
    """Count tasks; pure. An open task where nobody was on duty counts as unmanned, not as open."""
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    due_points = seen_points = 0
    for fact in tasks:
        unmanned = fact.state == c.PatrolState.OPEN and fact.staffed is False
        states["unmanned" if unmanned else fact.state] += fact.tasks
        if fact.state == c.PatrolState.UNDONE:
            reasons[fact.reason] += fact.tasks
        due_points += fact.points_due
        seen_points += fact.points_seen
    return Coverage(
        due=states.total(),
        done=states[c.PatrolState.DONE],
        undone=states[c.PatrolState.UNDONE],
        unmanned=states["unmanned"],
        open=states[c.PatrolState.OPEN],
        reasons=dict(reasons),
        points_due=due_points,
        points_seen=seen_points,
    )


def by_grid(tasks: Iterable[Fact]) -> dict[str, Coverage]:
    """Return the coverage of each grid by its code, in order of codes (never by their figures: it is no ranking)."""
    groups: dict[str, list[Fact]] = {}
    for fact in tasks:
        groups.setdefault(fact.grid, []).append(fact)
    return {grid: coverage(groups[grid]) for grid in sorted(groups)}


def facts(tasks: QuerySet[PatrolTask], first: date, last: date) -> list[Fact]:
    """Return the tasks whose day lies in first … last (both included), counted alike; one statement."""
    rows = (
        tasks.filter(day__gte=first, day__lte=last)
        .order_by()
        .values("grid__code", "state", "reason", "staffed")
        .annotate(tasks=Count("pk"), due=Sum("points_due"), seen=Sum("points_seen"))
    )
    return [
        Fact(row["grid__code"], row["state"], row["reason"], row["staffed"], row["tasks"], row["due"], row["seen"])
        for row in rows
    ]
