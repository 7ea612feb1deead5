"""What a matter of one sort is about, with gaps for place, numbers and days; the rest of its text is put together.

A skeleton is a sentence of the field, not a case: `telling.py` gives it an opening, details, a wish and an answer.
Gaps: {spot} the address, {near} the community or village, {since} since when, {n} 2–9, {d} days, {t} degrees, {m} yuan, {v} a
month's pay, {w} savings.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.choices import Kind

#: The first character of a category's code says which kind of matter it is for.
_KIND_OF = {"A": Kind.APPEAL, "C": Kind.CONSULTATION, "S": Kind.SUGGESTION, "H": Kind.HAZARD}
_INDOORS = (
    "A01",
    "A0201",
    "A0202",
    "A0203",
    "A05",
    "A06",
    "A08",
    "02",
    "04",
    "06",
    "08",
    "H0101",
    "H0202",
    "H0403",
    "01",
    "C",
)


@dataclass(frozen=True)
class Skeleton:
    """One sort of matter.

    unit: whose it is: a unit's code, or "town", "community", "committee" (the ones of the place).
    season: a row of seasons.SEASONS; where: "urban", "village", "any" or "none".
    found: what was found; done: what was done, or what the answer is.
    outcome: what usually comes of it; grid: a grid worker may find and settle it; joint: many may come together.
    """

    category: str
    unit: str
    season: str
    where: str
    title: str
    story: str
    found: str
    done: str
    outcome: str = "fulfilled"
    grid: bool = False
    joint: bool = False

    @property
    def kind(self) -> str:
        """The kind of the matter (cases.choices.Kind)."""
        return str(_KIND_OF.get(self.category[0], Kind.DISPUTE).value)

    @property
    def indoors(self) -> bool:
        """Whether it happens in somebody's home, so that the address is a door and not a street corner."""
        return self.category.startswith(_INDOORS)


def skeleton(
    category: str, unit: str, season: str, where: str, title: str, story: str, found: str, done: str, flags: str = ""
) -> Skeleton:
    """Write one in a row; flags: g grid, j joint, P partly, A answered, G guided, D agreed."""
    outcomes = {"P": "partly", "A": "answered", "G": "guided", "D": "agreed"}
    outcome = next((outcomes[flag] for flag in flags if flag in outcomes), "fulfilled")
    return Skeleton(category, unit, season, where, title, story, found, done, outcome, "g" in flags, "j" in flags)
