"""物业: matters of property management per thousand households, of companies and of places.

Formula (facts §8 row 1.5): matters of the property categories registered in the window on the grounds a company serves
÷ the households it serves there × 1000, one decimal, half up; "—" without households. A company's matters of a ground
count from the day it began there; its households are those of the grounds it serves on the last day of the window.
Companies are compared from a least number of households on; places are not, and people never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.urls import reverse

from cases.boards.asking import Asked
from cases.boards.network import on_day
from cases.mapping.lying import grid_now, lying_in
from cases.models import Category, PropertyRule
from cases.querysets import below
from cases.statistics import wording
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.windows import Window
from governance_portal.lib.working_days import day_of
from grids.models import Area, PropertyService
from grids.queries import names_of

#: 物业及其管理 (a dispute) and 物业服务 (an appeal) of the delivered lists.
CATEGORIES = ("0402", "A0201")
LEAST_HOUSEHOLDS = 300
BASIS = (
    "物业类事项 ÷ 户数 × 1000，按登记时间；户数为期末在管的户数，期内新进驻的只算进驻以后的事项。"
    "期间长短不同的不能直接相比。"
)
Counts = dict[str, int]


@dataclass(frozen=True)
class Rule:
    """What is looked at: codes of categories (with those below them), and from how many households companies compare."""

    categories: tuple[str, ...] = CATEGORIES
    least: int = LEAST_HOUSEHOLDS


def rule_now() -> Rule:
    """Return what holds; one statement."""
    row = PropertyRule.objects.first()
    return Rule(tuple(row.categories), row.least_households) if row else Rule()


def per_thousand(matters: int, households: int | None) -> Decimal | None:
    """Return matters per thousand households with one decimal, half up; None without households (shown "—")."""
    if not households:
        return None
    return (Decimal(1000 * matters) / households).quantize(Decimal("0.1"), ROUND_HALF_UP)


def words_of(value: Decimal | None) -> str:
    """3.4 → 「3.4」; None → 「—」."""
    return wording.NOTHING if value is None else f"{value:,}"


@dataclass(frozen=True)
class Ground:
    """One ground a company serves, with the days of the window that count and how many matters of each category."""

    row: PropertyService
    days: Window
    counts: Counts

    @property
    def matters(self) -> int:
        """Of all categories."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Company:
    """A company in an area and a window. `place` is its place in the order, None where it is not compared."""

    pk: int
    name: str
    grounds: list[Ground] = field(default_factory=list)

    @property
    def matters(self) -> int:
        """On all its grounds."""
        return sum(ground.matters for ground in self.grounds)

    @property
    def households(self) -> int | None:
        """Of all its grounds; None where one of them is not known."""
        numbers = [ground.row.households for ground in self.grounds]
        return None if not numbers or None in numbers else sum(number or 0 for number in numbers)

    @property
    def rate(self) -> Decimal | None:
        """Matters per thousand households."""
        return per_thousand(self.matters, self.households)


def companies_of(asked: Asked, rule: Rule) -> list[Company]:
    """Return the companies with grounds in the area: those compared first, the lowest rate first; then the others by name."""
    found: dict[int, Company] = {}
    for ground in grounds_of(asked, rule):
        company = ground.row.company
        found.setdefault(company.pk, Company(company.pk, company.name)).grounds.append(ground)
    return sorted(found.values(), key=lambda one: (not compared(one, rule), one.rate or 0, one.name))


def compared(company: Company, rule: Rule) -> bool:
    """Tell whether a company has households enough to stand in an order."""
    return company.households is not None and company.households >= rule.least


def place_of(company: Company, companies: list[Company], rule: Rule) -> int | None:
    """Return the place among those compared; equal rates share one."""
    if not compared(company, rule) or company.rate is None:
        return None
    mine = company.rate
    return 1 + sum(compared(one, rule) and one.rate is not None and one.rate < mine for one in companies)


def grounds_of(asked: Asked, rule: Rule, company: int | None = None) -> list[Ground]:
    """Return the grounds served on the last day of the window in the area, each with its matters."""
    last = min(asked.window.last or day_of(asked.now), day_of(asked.now))
    rows = PropertyService.objects.filter(on_day(last), below("area_code", asked.area)).select_related("company")
    if company is not None:
        rows = rows.filter(company_id=company)
    services = list(rows.order_by("company__name", "area_code", "pk"))
    whole = _by_ground(asked, rule) if services else {}
    return [_ground(asked, rule, one, whole) for one in services]


def _ground(asked: Asked, rule: Rule, row: PropertyService, whole: Mapping[str, Counts]) -> Ground:
    first = asked.window.first
    if first is not None and row.starts_on <= first:
        return Ground(row, asked.window, whole.get(row.area_code, dict.fromkeys(rule.categories, 0)))
    days = Window(max(first, row.starts_on) if first else row.starts_on, asked.window.last)
    there = lying_in(row.area_code) if len(row.area_code) > COMMUNITY_DIGITS else below("area_code", row.area_code)
    counts = asked.scope.rows.filter(there, days.holds("registered_at")).aggregate(**_counted(rule))
    return Ground(row, days, {code: counts[f"c{place}"] for place, code in enumerate(rule.categories)})


def _by_ground(asked: Asked, rule: Rule) -> dict[str, Counts]:
    """Return `{community or grid code: {category: matters}}` of the whole window; one statement."""
    rows = asked.scope.rows.filter(_looked(rule), asked.window.holds("registered_at"))
    grouped = rows.annotate(community=Substr("area_code", 1, COMMUNITY_DIGITS), now_grid=grid_now())
    found: dict[str, Counts] = {}
    counted: Any = grouped.values("community", "now_grid").annotate(**_counted(rule)).order_by()
    for row in counted:
        for code in {row["community"], row["now_grid"]} - {"", None}:
            counts = found.setdefault(code, dict.fromkeys(rule.categories, 0))
            for place, category in enumerate(rule.categories):
                counts[category] += row[f"c{place}"]
    return found


def _looked(rule: Rule) -> Q:
    looked = Q(pk__in=())
    for code in rule.categories:
        looked |= below("category_id", code)
    return looked


def _counted(rule: Rule) -> dict[str, Count]:
    return {f"c{place}": Count("pk", filter=below("category_id", code)) for place, code in enumerate(rule.categories)}


@dataclass(frozen=True)
class Place:
    """An area with its matters of each category and the households it is known to have."""

    code: str
    name: str
    counts: Counts
    households: int | None

    @property
    def matters(self) -> int:
        """Of all categories."""
        return sum(self.counts.values())

    @property
    def rate(self) -> Decimal | None:
        """Matters per thousand households."""
        return per_thousand(self.matters, self.households)


def places_of(asked: Asked, rule: Rule) -> list[Place]:
    """Return the area itself and the areas right below (down to communities) by their codes: in no order of rates."""
    if len(asked.area) >= COMMUNITY_DIGITS:
        codes: dict[str, int | None] = {}
    else:
        below_here = Area.objects.active().filter(parent__code=asked.area).order_by("code")
        codes = dict(below_here.values_list("code", "households"))
    rows = asked.scope.rows.filter(_looked(rule), asked.window.holds("registered_at"))
    grouped: Any = rows.annotate(place=Substr("area_code", 1, len(asked.area) + 3)).values("place")
    counted = {row["place"]: row for row in grouped.annotate(**_counted(rule)).order_by()}
    names = names_of([*codes, asked.area])

    def counts(places: list[str]) -> Counts:
        found = [counted[code] for code in places if code in counted]
        return {code: sum(row[f"c{at}"] for row in found) for at, code in enumerate(rule.categories)}

    own = Area.objects.filter(code=asked.area).values_list("households", flat=True).first()
    known = list(codes.values())
    if own is None and known and None not in known:
        own = sum(number or 0 for number in known)
    return [
        Place(asked.area, names.get(asked.area, asked.area), counts(list(counted)), own),
        *(Place(code, names.get(code, code), counts([code]), households) for code, households in codes.items()),
    ]


def list_of(category: str, area: str, days: Window) -> str:
    """Return the list of exactly the matters of a category on a ground."""
    place = "grid" if len(area) > COMMUNITY_DIGITS else "area"
    query = {"tab": "all", "figure": "registered", "category": category, place: area}
    query |= {name: str(day) for name, day in (("from", days.first), ("to", days.last)) if day}
    return f"{reverse('cases:list')}?{urlencode(query)}"


def parts_of(counts: Counts, names: Mapping[str, str], area: str, days: Window) -> list[dict[str, Any]]:
    """Return the matters of a ground by category, each with its list; of the categories there are any of."""
    return [
        {
            "label": names.get(code, code),
            "number": number,
            "words": wording.number(number),
            "url": list_of(code, area, days),
        }
        for code, number in counts.items()
        if number
    ]


def category_names(rule: Rule) -> dict[str, str]:
    """Return what the categories are called."""
    return dict(Category.objects.filter(code__in=rule.categories).values_list("code", "name"))
