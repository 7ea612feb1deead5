"""What a cell of a table says: every figure and rate of `cases.statistics.figures`, how many people came, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.queries import Actor
from cases.indicators.lasting import BASIS, FORMULAS, NAMES
from cases.standing import AREA_ROLES
from cases.statistics.figures import CHOICES, FOLLOW_UP_RATES, OF_RATINGS, RATES, Rate, named
from cases.tabling.lasting import LASTED

#: 人次: of what was registered in the window, the people who came with it.
VISITORS = "visitors"
#: What is no figure is of the matters of one.
LISTS: Mapping[str, str] = {VISITORS: "registered", LASTED: "closed_in"}


@dataclass(frozen=True)
class Measure:
    """A figure (`parts` is the one), a rate (numerator, denominator), the sum of people, or a duration; `basis` is its 口径.

    which: of a duration "mean", "median" or "p90", else "".
    """

    name: str
    label: str
    section: str
    parts: tuple[str, ...]
    basis: str
    unit: str = "件"
    which: str = ""

    @property
    def is_rate(self) -> bool:
        """A fraction of two figures."""
        return len(self.parts) == 2

    @property
    def of_ratings(self) -> bool:
        """Tells how residents answered."""
        return any(part in OF_RATINGS for part in self.parts)

    @property
    def lists(self) -> tuple[str, ...]:
        """The figure whose list each part opens."""
        return tuple(LISTS.get(part, part) for part in self.parts)


def _rate(rate: Rate, label: str) -> Measure:
    return Measure(rate.name, label, "比率", (rate.numerator, rate.denominator), rate.basis)


def _figure(name: str, label: str) -> Measure:
    return Measure(name, label, "件数", (name,), named(name).counts)


#: Two rates are called 满意率; in one list each says over what.
_TWICE = {"content_rate": "满意率（按办结时间）", "satisfaction_rate": "满意率（按登记时间）"}

MEASURES: Mapping[str, Measure] = {
    one.name: one
    for one in (
        *(_figure(name, label) for name, label in CHOICES),
        Measure(VISITORS, "人次", "人次", (VISITORS,), "期内登记的事项来访（反映）的人数之和", "人次"),
        *(
            Measure(f"{which}_time", label, "时长", (LASTED,), f"{FORMULAS[which]}。{BASIS}", "时长", which)
            for which, label in NAMES.items()
        ),
        *(_rate(rate, _TWICE.get(rate.name, rate.label)) for rate in (*RATES.values(), *FOLLOW_UP_RATES.values())),
    )
}


def reads_ratings(actor: Actor, area: str) -> bool:
    """Whether somebody may narrow the cases of an area by how residents rated (`querysets.ratings_read_by`)."""
    return any((post.role in AREA_ROLES or post.leads_centre) and post.covers(area) for post in actor.posts)


def sections(actor: Actor, area: str) -> list[tuple[str, list[Measure]]]:
    """The measures somebody may ask for, as a select groups them."""
    ratings = reads_ratings(actor, area)
    found: dict[str, list[Measure]] = {"件数": [], "比率": [], "时长": [], "人次": []}
    for one in MEASURES.values():
        if ratings or not one.of_ratings:
            found[one.section].append(one)
    return list(found.items())
