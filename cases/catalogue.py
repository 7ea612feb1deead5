"""The published category lists, as shipped (cases/data/categories.csv).

Sources: facts §3.1 a (GB/T 31000-2015 era, 25 classes), §3.1 b (16+99 two-level dispute types), §3.3, §3.4.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "data" / "categories.csv"


def initials(name: str) -> str:
    """Return the pinyin initials of a name, for search by a few keys: 邻里 → "ll"."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # 57 MB of dictionary, for who serves the intake only

    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(letters)[:60]


def load_categories(model: Any) -> int:
    """Write the shipped list into the category table; a code that exists is left as the centre edited it.

    Returns how many were added.
    """
    have = {row.code: row for row in model.objects.all()}
    added = 0
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"] in have:
                continue
            have[row["code"]] = model.objects.create(
                code=row["code"],
                name=row["name"],
                tree=row["tree"],
                parent=have.get(row["parent"]),
                kinds="" if row["kinds"] == "-" else row["kinds"],
                mediable=row["mediable"] == "yes",
                pinyin=initials(row["name"]),
                crosswalk=row["crosswalk"],
                active=row["kinds"] != "-",  # the older list is only written to by the crosswalk
            )
            added += 1
    return added
