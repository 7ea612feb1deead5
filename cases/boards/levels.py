"""小事不出网格: at which level matters were settled. Each level is one condition, for the figure and for its list.

Counted over what was closed in the window (`closed_in`) without what was only guided to court, arbitration or an
authority: that is closed and not settled (facts §1.3). The level is that of who settled it: the grid where the person
in charge works in a grid for the leading unit (自办自结, or the community gave it to its grid worker), else that of the
leading unit's ground. What nobody led (an import without a unit) belongs to no level and is told apart.

Source: facts §5 基层化解占比 = 村（社区）、街道化解 ÷ 化解总数; facts §8 row 0.37.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact

from accounts.choices import Role, UnitKind
from accounts.models import Post
from cases.choices import Outcome
from cases.querysets import CaseQuerySet
from cases.statistics.figures import condition, percent
from cases.statistics.scope import GRID_DIGITS, Scope
from cases.statistics.windows import Window

#: What stands beside the figures.
SAYS = (
    "期内办结的事项中，不算“未化解、已引导其他途径”的，看是谁办的：承办人是主办单位的网格员，算网格（自办自结的在内）；"
    "否则看主办单位：村（社区）的算社区，镇街及其所、站、调委会算镇街，其余算区级。占比的分母是各级化解的合计。"
)
LEVELS: Mapping[str, str] = {"grid": "网格", "community": "村（社区）", "street": "镇街", "district": "区级"}
#: All four, and what no unit led.
ANY, UNKNOWN = "any", "none"
CHOICES = ((ANY, "各级合计"), *LEVELS.items(), (UNKNOWN, "没有主办单位"))
STREET_DIGITS, COMMUNITY_DIGITS = 9, 12


class LevelRow(TypedDict):
    """One level: how many, what share of all that was settled (percent, None of nothing), the query of its list."""

    code: str
    label: str
    count: int
    share: Decimal | None
    url_query: str


def _by_grid_worker() -> Q:
    """Whoever was in charge works in a grid for the unit that led."""
    posts = Post.objects.filter(role=Role.GRID_WORKER, user_id=OuterRef("handler_id"), unit_id=OuterRef("lead_unit_id"))
    return Q(Exists(posts))


def _ground_of(digits: int) -> Q:
    return Q(Exact(Length("lead_unit__area_code"), digits))


def at_level(code: str) -> Q:
    """Return what a settled case must be to count at a level, `any` or `none`; each case is at exactly one. KeyError otherwise."""
    led, grid = Q(lead_unit__isnull=False), _by_grid_worker()
    community = Q(lead_unit__kind=UnitKind.COMMUNITY) | _ground_of(COMMUNITY_DIGITS) | _ground_of(GRID_DIGITS)
    street = Q(lead_unit__kind=UnitKind.STREET) | _ground_of(STREET_DIGITS)
    return {
        ANY: led,
        "grid": led & grid,
        "community": led & community & ~grid,
        "street": led & street & ~community & ~grid,
        "district": led & ~street & ~community & ~grid,
        UNKNOWN: ~led,
    }[code]


def settled(window: Window, now: datetime) -> Q:
    """What was settled in the window, at whatever level: closed, and not only guided elsewhere."""
    return condition("closed_in", window, now) & ~Q(outcome=Outcome.GUIDED)


def in_level(code: str) -> Q:
    """The condition of the list's filter `settled`, whatever else narrows it (`figure=closed_in` and its days)."""
    return ~Q(outcome=Outcome.GUIDED) & at_level(code)


def counted(cases: Scope | CaseQuerySet, window: Window, now: datetime) -> dict[str, int]:
    """Return how many were settled by level, `none` among them; one statement."""
    names = (*LEVELS, UNKNOWN)
    found: dict[str, int] = (
        rows_of(cases)
        .filter(settled(window, now))
        .aggregate(**{name: Count("pk", filter=at_level(name)) for name in names})
    )
    return found


def settled_at(cases: Scope | CaseQuerySet, window: Window, now: datetime) -> list[LevelRow]:
    """Return the four levels from the grid up, each with its share of all four; one statement.

    `url_query` is the query of exactly these cases in the list; a scope's area is in it, rows have none.
    """
    numbers = counted(cases, window, now)
    total = sum(numbers[code] for code in LEVELS)
    return [
        LevelRow(
            code=code,
            label=label,
            count=numbers[code],
            share=percent(numbers[code], total),
            url_query=query_of(code, window, cases.area if isinstance(cases, Scope) else ""),
        )
        for code, label in LEVELS.items()
    ]


def by_place(scope: Scope, window: Window, now: datetime) -> dict[str, dict[str, int]]:
    """Return `{code: {level: count}}` of the areas right below a scope's, of those with any; one statement.

    What lies in none of them stands under the scope's own code. Of a community: nothing, its grids settle themselves.
    """
    if len(scope.area) >= COMMUNITY_DIGITS:
        return {}
    rows = scope.rows.filter(settled(window, now)).annotate(place=Substr("area_code", 1, len(scope.area) + 3))
    grouped: Any = rows.values("place").annotate(**{name: Count("pk", filter=at_level(name)) for name in LEVELS})
    return {row["place"]: {name: row[name] for name in LEVELS} for row in grouped.order_by("place")}


def query_of(code: str, window: Window, area: str = "") -> str:
    """Return the query of the list of a level, of `any` or `none`, in an area or grid ("" for wherever one may look)."""
    query = {"tab": "all", "figure": "closed_in", "settled": code}
    if area:
        query["grid" if len(area) > COMMUNITY_DIGITS else "area"] = area
    query |= {name: str(day) for name, day in (("from", window.first), ("to", window.last)) if day}
    return urlencode(query)


def rows_of(cases: Scope | CaseQuerySet) -> Any:
    """The cases of a scope, or those given."""
    return cases.rows if isinstance(cases, Scope) else cases
