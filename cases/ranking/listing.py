"""The list of requests: by how far they are, or exactly what a figure of the unit table leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.dateparse import parse_date

from accounts.models import Unit
from accounts.queries import Actor
from cases.mapping.lying import lying_in
from cases.models import Case, RankingExclusion
from cases.querysets import ratings_read_by
from cases.ranking import access
from cases.ranking.choices import ExclusionStage, Ranked
from cases.statistics.excluded import left_out
from cases.statistics.figures import EXCLUDABLE, condition
from cases.statistics.windows import Window
from governance_portal.lib.errors import Incomplete
from grids.queries import name_of

TABS = (
    ("open", "待决定"),
    ("granted", "已剔除"),
    ("refused", "不同意"),
    ("revoked", "已恢复计入"),
    ("all", "全部"),
)
GRID_DIGITS = 15
FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)
NOT_A_DAY = "请按“2026-11-21”的样子填写日期。"
#: The whole of each rate, whose condition says what the rate was left without.
WHOLE = {figure: name for name, figure in EXCLUDABLE.items() if name in ("due_closed", "rated")}


@dataclass(frozen=True)
class Asked:
    """What is asked of the list: the tab, and of which unit, area, figure and days; "" and None ask nothing."""

    tab: str
    unit: str = ""
    area: str = ""
    figure: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the tab is asked."""
        return bool(self.unit or self.area or self.figure or self.first or self.last)


def asked_of(given: Mapping[str, str]) -> Asked:
    """Read an address or the API's parameters; Incomplete for a day that is none and a figure nobody knows."""
    tab = next((code for code, _label in TABS if code == given.get("tab")), TABS[0][0])
    figure = given.get("figure", "")
    if figure and figure not in Ranked.values:
        raise Incomplete({"figure": [f"指标只能是 {'、'.join(Ranked.values)}。"]})
    area = given.get("area", "") or given.get("grid", "")
    return Asked(
        tab,
        given.get("unit", "")[:40],
        area if area.isascii() and area.isdigit() and len(area) <= GRID_DIGITS else "",
        figure,
        _day(given.get("from", ""), "from"),
        _day(given.get("to", ""), "to"),
    )


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        raise Incomplete({name: [NOT_A_DAY]})
    return found


def rows_of(actor: Actor, asked: Asked, now: datetime) -> QuerySet[RankingExclusion]:
    """The requests of a list. With days: those whose matter the figure's rate is without in these days, no others.

    What is about ratings is narrowed by days only for who may narrow cases by ratings: it would tell that there was one.
    """
    rows = access.visible_to(actor, now)
    if asked.tab != "all":
        rows = rows.filter(stage=asked.tab)
    if asked.unit:
        rows = rows.filter(unit__code=asked.unit)
    if asked.figure:
        rows = rows.filter(figure=asked.figure)
    if asked.area:
        lies = lying_in(asked.area) if len(asked.area) == GRID_DIGITS else None
        cases = Case.objects.filter(lies) if lies is not None else Case.objects.within(asked.area)
        rows = rows.filter(case__in=cases.order_by().values("pk"))
    if asked.figure and (asked.first or asked.last):
        rows = rows.filter(stage=ExclusionStage.GRANTED, case__in=_left_out(actor, asked, now).values("pk"))
    return rows


def _left_out(actor: Actor, asked: Asked, now: datetime) -> QuerySet[Case]:
    figure = Ranked(asked.figure)
    days = Window(asked.first, asked.last)
    cases = Case.objects.filter(left_out(figure), condition(WHOLE[figure], days, now)).order_by()
    return cases.filter(ratings_read_by(actor)) if figure == Ranked.SATISFIED else cases


def words_of(asked: Asked) -> list[str]:
    """What the list is narrowed to, as words."""
    found = []
    if asked.figure:
        found.append(str(Ranked(asked.figure).label))
    if asked.unit:
        unit = Unit.objects.filter(code=asked.unit).first()
        found.append(str(unit) if unit else "没有这个单位")
    if asked.area:
        found.append(name_of(asked.area) or "没有这个地方")
    if asked.first and asked.last:
        found.append(f"{_said(asked.first)}—{_said(asked.last)}")
    elif asked.first or asked.last:
        found.append(f"{_said(asked.first)}起" if asked.first else f"到{_said(asked.last or LAST)}")
    return found


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
