"""What the board shows, as plain values: strips of figures and, part by part, its tables; each figure with its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from accounts.models import Unit
from accounts.queries import Actor
from cases.querysets import CaseQuerySet
from cases.statistics import counting, wording
from cases.statistics.counting import COMMUNITY_DIGITS, Cases, Counts
from cases.statistics.figures import FIGURES, OF_RATINGS, RATES, Rate, named
from cases.statistics.scope import Scope
from cases.statistics.terms import SAMPLE
from cases.statistics.windows import YEAR_AGO, Period, Window
from governance_portal.lib.working_days import SHANGHAI

#: A count below this may point at a person (facts §5.1).
SMALL = 3
COHORT = ("registered", "accepted", "closed", "ended", "open")
STANDING = ("open", "due_soon", "overdue", "today_registered", "today_accepted", "today_closed")
TONES = {"due_soon": "soon", "overdue": "overdue"}
#: The parts of the page, each an address of its own (`?part=`), in the order they are read.
PARTS: Mapping[str, str] = {
    "now": "总览",
    "matters": "来源和类别",
    "places": "区域和网格",
    "quality": "时长和评价",
    "units": "单位",
    "all": "全部",
}


@dataclass(frozen=True)
class Board:
    """The board of one area or unit and one period, over the cases one person may see there.

    narrowed: whether the area narrows what is counted (of a unit's own board it does only when it was asked for).
    reads_ratings: whether the lists of who was happy and who was not are this reader's; the unit that handles never reads them.
    """

    cases: Cases
    actor: Actor
    area: str
    period: Period
    now: datetime
    list_path: str
    path: str
    part: str = "now"
    unit: Unit | None = None
    narrowed: bool = True
    reads_ratings: bool = True
    category: str = ""
    #: Where the requests to leave a matter out of the ranking stand; "": nowhere, no link is drawn.
    exclusions_path: str = ""

    @property
    def rows(self) -> CaseQuerySet:
        """The cases themselves."""
        return self.cases.rows if isinstance(self.cases, Scope) else self.cases

    @property
    def today(self) -> date:
        """The day it is in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    # -- addresses -----------------------------------------------------------------------------------------------

    def here(self, **changes: str) -> str:
        """This board with some names changed; a name changed to "" is left out."""
        window, period = self.period.window, changes.get("period", self.period.code)
        query = {"area": self.area if self.narrowed else "", "unit": self.unit.code if self.unit else ""}
        query |= {"period": period, "part": self.part if self.part != "now" else "", "category": self.category}
        if period == "custom":
            query |= {"from": str(window.first), "to": str(window.last)}
        return f"{self.path}?{urlencode({name: value for name, value in (query | changes).items() if value})}"

    def opens(self, figure: str, window: Window | None = None, more: Mapping[str, str] | None = None) -> str:
        """The list of exactly what a figure counts; "" where its list is not this reader's."""
        if figure in OF_RATINGS and not self.reads_ratings:
            return ""
        days = window or self.period.window
        query = {"tab": "all", "figure": figure, **self.place(), **(more or {})}
        if named(figure).days != "today":
            query |= {name: str(day) for name, day in (("from", days.first), ("to", days.last)) if day}
        return f"{self.list_path}?{urlencode(query)}"

    def place(self) -> dict[str, str]:
        """What narrows a list to this board."""
        found = {"unit": self.unit.code} if self.unit else {}
        if self.narrowed:
            found["grid" if len(self.area) > COMMUNITY_DIGITS else "area"] = self.area
        return found

    # -- large figures -------------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> Counts:
        """Of the period."""
        return counting.overview(self.cases, self.period.window, self.now)

    @cached_property
    def compared(self) -> list[tuple[str, str, Counts]]:
        """What the period is compared with: 环比 with the period before, 同比 with the same days a year ago.

        Of a year both are the same days, compared once.
        """
        found = [("同比", YEAR_AGO, self.period.year_ago)]
        if self.period.is_compared_twice:
            found.insert(0, ("环比", self.period.before_label, self.period.before))
        return [(kind, words, counting.overview(self.cases, days, self.now)) for kind, words, days in found]

    def standing(self) -> list[dict[str, Any]]:
        """How things stand now, whenever they were registered."""
        counts = counting.standing(self.cases, self.now)
        return [
            {
                "label": FIGURES[name].label,
                "value": wording.number(counts[name]),
                "url": self.opens(name, Window()),
                "tone": TONES.get(name, "") if counts[name] else "",
            }
            for name in STANDING
        ]

    def cohort(self) -> list[dict[str, Any]]:
        """What was registered in the period and where it stands."""
        return [
            {
                "label": FIGURES[name].label,
                "value": wording.number(self.counts[name]),
                "url": self.opens(name),
                "changes": [
                    _change(
                        kind,
                        wording.change_of_count(self.counts[name], then[name], words),
                        _more(self.counts[name], then[name]),
                    )
                    for kind, words, then in self.compared
                ],
            }
            for name in COHORT
        ]

    def rates(self) -> list[dict[str, Any]]:
        """The four rates with their fractions and their 口径."""
        return [self._rate(rate) for rate in RATES.values()]

    def _rate(self, rate: Rate) -> dict[str, Any]:
        now = counting.rates(self.counts, [rate.name])[rate.name]["value"]
        hidden = rate.numerator in OF_RATINGS and not self.reads_ratings and self.counts[rate.denominator] < SAMPLE
        if hidden:
            return {"label": rate.label, "value": wording.NOTHING, "parts": [], "says": f"评价满 {SAMPLE} 件才显示"}
        changes = []
        for kind, words, then in self.compared:
            before = counting.rates(then, [rate.name])[rate.name]["value"]
            if rate.numerator in OF_RATINGS and not self.reads_ratings and then[rate.denominator] < SAMPLE:
                before = None
            changes.append(_change(kind, wording.change_of_rate(now, before, words), wording.points(now, before)))
        parts = [
            {"label": FIGURES[name].label, "value": wording.number(self.counts[name]), "url": self.opens(name)}
            for name in (rate.numerator, rate.denominator)
        ]
        return {"label": rate.label, "value": wording.rate(now), "parts": parts, "changes": changes}


def _change(kind: str, told: wording.Change, short: str) -> dict[str, str]:
    """A change as a short line beside the arrow, and as the sentence behind it."""
    return {"kind": kind, "short": "持平" if told.trend == "flat" else short, "words": told.words, "trend": told.trend}


def _more(now: int, before: int) -> str:
    sign = "+" if now > before else "−"
    return f"{sign}{wording.number(abs(now - before))} 件（{wording.signed(wording.growth(now, before))}）"


# --- as a sheet -------------------------------------------------------------------------------------------------


def sheet_head(table: Mapping[str, Any]) -> list[str]:
    """The header of a table's CSV; a rate that shows its fraction has it in two columns beside it."""
    fractions, head = _with_fraction(table), [str(table["first"])]
    for place, column in enumerate(table["columns"]):
        head.append(column["label"])
        if place in fractions:
            head += [f"{column['label']}分子", f"{column['label']}分母"]
        if column.get("left_out"):
            head.append(f"{column['label']}剔除")
    return head


def sheet_rows(table: Mapping[str, Any]) -> Any:
    """The lines of a table's CSV."""
    fractions = _with_fraction(table)
    for row in table["rows"]:
        line: list[str | int] = [row["name"]]
        for place, cell in enumerate(row["cells"]):
            line.append(cell["number"] if isinstance(cell.get("number"), int) else cell["words"])
            if place in fractions:
                line += [int(part["value"].replace(",", "")) for part in cell.get("parts", ())] or ["", ""]
            if table["columns"][place].get("left_out"):
                line.append(cell["left_out"]["number"] if "left_out" in cell else "")
        yield line


def _with_fraction(table: Mapping[str, Any]) -> set[int]:
    return {place for row in table["rows"] for place, cell in enumerate(row["cells"]) if cell.get("parts")}
