"""What an indicator is made of: its definition, the question it is computed for, the value that comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import TextChoices

from accounts.queries import Actor
from cases.indicators import counting as live
from cases.statistics import counting
from cases.statistics.counting import Counts
from cases.statistics.figures import named
from cases.statistics.scope import Scope
from cases.statistics.windows import EVER, Window

T = TypeVar("T")

#: Which moment of a case must lie in the days, in words.
DAYS = {
    "registered": "登记时间在期内",
    "due": "期限在期内",
    "accepted": "受理时间在期内",
    "closed": "办结时间在期内",
    "today": "今天，与所选时间无关",
}
#: How the sources that the code names are called on a page.
SOURCES = {
    "facts §5: ": "《业务规则》指标 ",
    "facts §5": "《业务规则》指标",
    "api.md: ended": "《接口约定》",
    "api.md": "《接口约定》",
    "workflow.md Clocks": "《办理流程》时限",
    "; ": "；",
}
NOW = "此刻，与何时登记无关"


class Unit(TextChoices):
    """What a value is counted in."""

    CASES = "cases", "件"
    PERCENT = "percent", "%"
    VISITS = "visits", "批次"
    PEOPLE = "people", "人次"
    HOURS = "hours", "小时"
    DAYS = "days", "天"
    HOUSEHOLDS = "households", "户"
    PLACES = "places", "处"
    UNITS = "units", "个单位"


class Group(TextChoices):
    """The chapters of the page."""

    VOLUME = "volume", "登记、受理和办结"
    TIME = "time", "时效"
    RESOLVED = "resolved", "化解和调解"
    ANSWERED = "answered", "回访和评价"
    ROUTED = "routed", "分流和督办"
    COMING = "coming", "来访和重复"
    HOT = "hot", "热点"
    GROUND = "ground", "网格、巡查、隐患和探访"
    COMPARED = "compared", "比较和排名"


@dataclass(frozen=True)
class Value:
    """What came out. `number` None: there is none, `why` says why; a share has both parts, a plain count neither.

    number: a whole count, or a decimal with one place (percent, half up). opens: the addresses of the lists of the
    number or of both parts, "" where there is no list of exactly these.
    """

    number: Decimal | int | None
    numerator: int | None = None
    denominator: int | None = None
    opens: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Question:
    """Of which area, over which days, for whom, when. Each kind of count is made once, at the first who asks."""

    scope: Scope
    window: Window
    _made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several indicators are read off is counted once."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.scope.actor

    @property
    def area(self) -> str:
        """The code of the area or grid."""
        return self.scope.area

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.scope.now

    @cached_property
    def counts(self) -> Counts:
        """Every case figure over the days."""
        found = counting.overview(self.scope, self.window, self.now)
        followed = counting.follow_up_counts(self.scope, self.window, self.now)
        return {**live.indicated(self.scope, self.window, self.now), **followed, **found}

    def overview(self, window: Window) -> Counts:
        """The board's figures over other days."""
        return counting.overview(self.scope, window, self.now)

    @cached_property
    def standing(self) -> Counts:
        """How things stand now."""
        return counting.standing(self.scope, self.now)


@dataclass(frozen=True)
class Indicator:
    """One indicator: named once, told in words, computed in one place.

    figures: the case figures it is made of, numerator and denominator or the one that is counted; empty where another
    room computes it (`compute`). stands: counted now, whenever registered. basis: the 口径 that stands beside it.
    """

    code: str
    label: str
    group: str
    unit: str
    formula: str
    source: str
    numerator: str = ""
    denominator: str = ""
    days: str = ""
    basis: str = ""
    golden: str = ""
    figures: tuple[str, ...] = ()
    stands: bool = False
    compute: Callable[[Question], Value] | None = None

    @property
    def base(self) -> str:
        """Where the definition comes from, as people read it."""
        words = self.source
        for code, name in SOURCES.items():
            words = words.replace(code, name)
        return words

    @property
    def window(self) -> Window | None:
        """The days of its lists where they are not the ones asked for."""
        return EVER if self.stands else None


def words_of(figure: str) -> str:
    """A figure's label and what it counts: 「办结：已受理、办完并……」."""
    found = named(figure)
    return f"{found.label}：{found.counts}"
