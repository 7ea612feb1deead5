"""Turns a skeleton into what people said, what was found and what they were answered: the parts and how they join.

Nothing here names anybody: histories are kept for ever (tests/demo).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from governance_portal.demo import phrases
from governance_portal.demo.ground import Spot
from governance_portal.demo.skeletons import Skeleton

#: Appeals about something that one can look at; the others are about papers, money and people.
_THINGS = ("A01", "A02", "A03", "A04", "A0803", "A0903", "A0904")


class Telling:
    """The texts of one matter."""

    def __init__(self, skeleton: Skeleton, spot: Spot | None, channel: str, chance: Random) -> None:
        self._skeleton, self._chance, self._channel = skeleton, chance, channel
        self._gaps = {
            "spot": spot.address if spot else "",
            "near": spot.near if spot else "城区",
            "since": chance.choice(phrases.SINCE),
            "n": str(chance.randint(2, 9)),
            "d": str(chance.choice((3, 4, 5, 6, 7, 8, 10, 12))),
            "t": str(chance.randint(13, 17)),
            "v": str(chance.choice((2600, 3000, 3200, 3600, 4000, 4500))),
            "w": str(chance.choice((8000, 12000, 15000, 18000, 26000, 30000))),
            "m": f"{chance.choice((300, 480, 600, 860, 1200, 1500, 1800, 2400, 3200, 4600, 6800))}",
        }

    def one(self, of: Sequence[str]) -> str:
        """One of several sentences."""
        return self._chance.choice(of)

    def title(self) -> str:
        """What the list shows."""
        return self._filled(self._skeleton.title)

    def story(self, *more: str) -> str:
        """What was said: an opening, the matter, a detail or two, a wish."""
        kind = self._skeleton.kind
        if kind == "appeal" and not self._skeleton.category.startswith(_THINGS):
            kind = "paper"
        details = self._chance.sample(phrases.DETAILS[kind], self._chance.choice((0, 1, 1, 1, 2)))
        parts = (self._filled(self._skeleton.story), "。", *more, *details, self._chance.choice(phrases.WISHES[kind]))
        return self._chance.choice(phrases.OPENINGS[self._channel]) + "".join(parts)

    def result(self) -> str:
        """What colleagues read: how it was looked into, what was found, what was done."""
        if not self._skeleton.found:
            return f"当面说明：{self._filled(self._skeleton.done)}。"
        ways = phrases.MEDIATED if self._skeleton.kind == "dispute" else phrases.LOOKED
        return f"{self._chance.choice(ways)}{self._filled(self._skeleton.found)}；{self._filled(self._skeleton.done)}。"

    def reply(self) -> str:
        """What the resident reads."""
        done = self._filled(self._skeleton.done)
        closing = self._chance.choice(phrases.CLOSINGS)
        if not self._skeleton.found:
            return f"{done}。{closing}"
        first = self._chance.choice(
            (f"经核实，{self._filled(self._skeleton.found)}。{done}。", f"您反映的事项已办理：{done}。", f"{done}。")
        )
        return first + closing

    def _filled(self, text: str) -> str:
        return text.format(**self._gaps)
