"""Whether every street has exactly one unit on every day of a period; pure: dates in, sentences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One unit on one street from a first to a last day; None: without end."""

    area: str
    unit: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Finding:
    """A stretch of days on which a street has nobody (`units` empty) or several."""

    area: str
    name: str
    first: date
    last: date
    units: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「凤凰城镇 7月1日至7月15日无人包保」「井坪镇 7月3日由水务局、应急局同时包保」."""
        when = days_words(self.first, self.last)
        return f"{self.name} {when}由{'、'.join(self.units)}同时包保" if self.units else f"{self.name} {when}无人包保"


@dataclass(frozen=True)
class Coverage:
    """What the check found: how many streets, gaps and overlaps; `whole` when every street has exactly one every day."""

    streets: int
    gaps: tuple[Finding, ...]
    overlaps: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether there are streets and nothing is wrong with any."""
        return self.streets > 0 and not self.gaps and not self.overlaps

    @property
    def sentences(self) -> list[str]:
        """Everything that is wrong, gaps first."""
        return [one.sentence for one in (*self.gaps, *self.overlaps)]


def days_words(first: date, last: date) -> str:
    """「7月1日」「7月1日至7月15日」, with the years where they differ."""
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.year == last.year:
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"


def check(streets: Mapping[str, str], spans: Iterable[Span], first: date, last: date) -> Coverage:
    """Judge a period, both days included: `streets` is `{code: name}`. ValueError when it ends before it begins.

    Walks the days on which anything changes and not every day, so that a period may be long.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    by_street: dict[str, list[Span]] = {code: [] for code in streets}
    for span in spans:
        if span.area in by_street and span.first <= last and (span.last is None or span.last >= first):
            by_street[span.area].append(span)
    found = [one for code, name in streets.items() for one in _of_street(code, name, by_street[code], first, last)]
    gaps, overlaps = [one for one in found if not one.units], [one for one in found if one.units]
    return Coverage(len(streets), tuple(gaps), tuple(overlaps))


def _of_street(code: str, name: str, spans: Sequence[Span], first: date, last: date) -> list[Finding]:
    turns = {first, last + DAY}
    for span in spans:
        turns.add(max(span.first, first))
        if span.last is not None and span.last < last:
            turns.add(span.last + DAY)
    days = sorted(turns)
    found: list[Finding] = []
    for begins, ends in pairwise(days):
        here = sorted(
            {span.unit for span in spans if span.first <= begins and (span.last is None or span.last >= begins)}
        )
        if len(here) == 1:
            continue
        units, until = tuple(here), ends - DAY
        if found and found[-1].units == units and found[-1].last + DAY == begins:
            found[-1] = Finding(code, name, found[-1].first, until, units)
        else:
            found.append(Finding(code, name, begins, until, units))
    return found
