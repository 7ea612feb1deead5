"""Categories proposed from the words of the story (cases/data/words.csv); the person who registers decides."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cases.choices import Kind
from cases.models import Category

WORDS = Path(__file__).parents[1] / "data" / "words.csv"
MOST = 3


@dataclass(frozen=True)
class CategoryProposal:
    """One category, the kind of matter that goes with it, and the words of the story that speak for it."""

    code: str
    label: str
    kind: str
    words: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Say why."""
        return f"提到{'、'.join(f'“{word}”' for word in self.words)}"


@lru_cache(maxsize=1)
def word_table() -> Mapping[str, tuple[str, ...]]:
    """Return `{category code: words}` as shipped."""
    with WORDS.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: tuple(row["words"].split()) for row in csv.DictReader(lines)}


def spoken_of(story: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return `[(code, words found)]`, the longest evidence first; a word inside a longer one found counts once."""
    found = []
    for code, words in word_table().items():
        here = [word for word in words if word in story]
        own = tuple(word for word in here if not any(word != other and word in other for other in here))
        if own:
            found.append((code, own))
    return sorted(found, key=lambda row: (-sum(len(word) for word in row[1]), row[0]))


def propose_categories(story: str, kind: str = "") -> list[CategoryProposal]:
    """Return at most three categories in use that the story speaks of; `kind` keeps those that suit it. One query."""
    spoken = spoken_of(story)
    if not spoken:
        return []
    rows = {
        row.code: row
        for row in Category.objects.filter(code__in=[code for code, _words in spoken], active=True).select_related(
            "parent"
        )
    }
    found = []
    for code, words in spoken:
        row = rows.get(code)
        if row is None or (kind and row.kinds and kind not in row.kinds.split()):
            continue
        label = f"{row.parent.name} · {row.name}" if row.parent else row.name
        found.append(CategoryProposal(code, label, kind or kind_of(row.kinds), words))
    return found[:MOST]


def kind_of(kinds: str) -> str:
    """Return the kind that a category means when nobody said one: the first it suits."""
    return kinds.split()[0] if kinds else str(Kind.APPEAL.value)
