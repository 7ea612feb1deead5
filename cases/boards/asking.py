"""What a board is asked for, read off its address: whose sight, which area, which days; as the main board reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_date

from accounts.queries import Actor
from cases.standing import AREA_ROLES
from cases.statistics import counting
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.figures import named
from cases.statistics.scope import Scope
from cases.statistics.windows import LABELS, Period, Window, period_of
from governance_portal.lib.working_days import day_of
from grids.models import Area
from grids.queries import chain_of, name_of

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
LONGEST = 3660


def may_enter(actor: Actor) -> bool:
    """Tell whether the boards are anything to somebody: who has sight of an area, as on the main board."""
    return any(post.area_code for post in actor.with_role(*AREA_ROLES))


@dataclass(frozen=True)
class Asked:
    """One board as asked: 403 for who has no sight of an area, 404 for an area that is not theirs (`area_for`)."""

    actor: Actor
    now: datetime
    area: str
    period: Period
    path: str

    @cached_property
    def scope(self) -> Scope:
        """The cases the figures are counted over."""
        return counting.cases_of(self.actor, self.area, self.now)

    @property
    def window(self) -> Window:
        """The days."""
        return self.period.window

    def here(self, **changes: str) -> str:
        """This board with another area or period."""
        return f"{self.path}?{self.query(**changes)}"

    def query(self, **changes: str) -> str:
        """The area and the days, for this board and the ones beside it."""
        period = changes.get("period", self.period.code)
        query = {"area": changes.get("area", self.area), "period": period}
        if period == "custom":
            query |= {"from": str(self.window.first), "to": str(self.window.last)}
        return urlencode(query)

    def opens(self, figure: str, **more: str) -> str:
        """The list of exactly what a figure counts here."""
        place = "grid" if len(self.area) > COMMUNITY_DIGITS else "area"
        query = {"tab": "all", "figure": figure, place: self.area, **more}
        if named(figure).days != "today":
            query |= {name: str(day) for name, day in (("from", self.window.first), ("to", self.window.last)) if day}
        return f"{reverse('cases:list')}?{urlencode(query)}"

    def context(self) -> dict[str, Any]:
        """What `board/bands_ask.html` draws: the way up, what lies below, the periods."""
        own = [post.area_code for post in self.actor.posts if post.area_code]
        below = Area.objects.active().filter(parent__code=self.area).order_by("code").values_list("code", "name")
        return {
            "way": [
                {"name": name, "url": self.here(area=code), "current": code == self.area}
                for code, name in chain_of(self.area)
                if any(code.startswith(mine) for mine in own)
            ],
            "path": self.path,
            "area": self.area,
            "area_name": name_of(self.area),
            "below": [{"value": code, "label": name} for code, name in below],
            "period": self.period,
            "first": self.window.first,
            "last": self.window.last,
            "periods": [
                {"label": label, "url": self.here(period=code), "current": code == self.period.code}
                for code, label in LABELS.items()
                if code != "custom"
            ],
            "now": self.now,
        }


def asked_of(query: Mapping[str, Any], actor: Actor, now: datetime, path: str) -> Asked:
    """Read `area, period, from, to`; days that are none, or in the wrong order, are put right."""
    area = counting.area_for(actor, str(query.get("area", "")))
    code = str(query.get("period", "month"))
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    if first and last and first > last:
        first, last = last, first
    if first and last and (last - first).days > LONGEST:
        first = date.fromordinal(last.toordinal() - LONGEST)
    period = period_of(code if code in LABELS else "month", day_of(now), first, last)
    return Asked(actor, now, area, period, path)


def _day(text: Any) -> date | None:
    try:
        found = parse_date(str(text))
    except ValueError:
        return None
    return found if found and EARLIEST <= found <= LATEST else None
