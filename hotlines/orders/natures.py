"""What 12345 calls 咨询、求助、投诉、举报、建议 becomes here: kind of matter, nature of the complaint, secrecy.

Facts §3.3 (the five natures and 办事, 表扬); §7.1 and workflow rule 4: who accuses a unit is never shown to it. So a
举报 is always taken in confidence; it is 检举控告 where the accused is a unit of this district, else a matter like any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.choices import Kind, Nature


@dataclass(frozen=True)
class Meaning:
    """What one word of theirs means here. `nature` holds only where the order names a unit of this district."""

    kind: str
    nature: str = ""
    confidential: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As a mapping keeps it."""
        return {"kind": self.kind, "nature": self.nature, "confidential": self.confidential}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Meaning:
        """Read what `as_dict` wrote."""
        return cls(str(kept["kind"]), str(kept.get("nature", "")), bool(kept.get("confidential", False)))


_APPEAL, _SUGGESTION = Kind.APPEAL.value, Kind.SUGGESTION.value
#: Surest first: 「投诉举报」 is a report, 「咨询投诉」 a complaint.
KNOWN: tuple[tuple[str, Meaning], ...] = (
    ("检举", Meaning(_APPEAL, Nature.REPORT.value, confidential=True)),
    ("控告", Meaning(_APPEAL, Nature.REPORT.value, confidential=True)),
    ("举报", Meaning(_APPEAL, Nature.REPORT.value, confidential=True)),
    ("作风", Meaning(_APPEAL, Nature.CONDUCT.value)),
    ("投诉", Meaning(_APPEAL, Nature.SERVICE.value)),
    ("纠纷", Meaning(Kind.DISPUTE.value)),
    ("隐患", Meaning(Kind.HAZARD.value)),
    ("建议", Meaning(_SUGGESTION)),
    ("意见", Meaning(_SUGGESTION)),
    ("表扬", Meaning(_SUGGESTION)),
    ("感谢", Meaning(_SUGGESTION)),
    ("求助", Meaning(_APPEAL)),
    ("求决", Meaning(_APPEAL)),
    ("诉求", Meaning(_APPEAL)),
    ("办事", Meaning(_APPEAL)),
    ("咨询", Meaning(Kind.CONSULTATION.value)),
)
#: An order that says nothing of its nature.
USUAL = Meaning(_APPEAL)


def propose_meaning(word: str) -> Meaning | None:
    """Return what a word of theirs most likely means; None for one that is not known."""
    return next((meaning for known, meaning in KNOWN if known in word), None)


def propose_meanings(words: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return `{word: meaning}` for the words that are known; the others are listed for a person."""
    found = {word: propose_meaning(word) for word in words}
    return {word: meaning.as_dict() for word, meaning in found.items() if meaning is not None}
