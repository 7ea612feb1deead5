"""The categories in use with the names somebody else may know them by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.models import Category

_STEP = re.compile(r"[/／\\>＞→|｜·\-—]+")


@dataclass(frozen=True)
class NamedCategory:
    """One category in use: its code, its name, the name with its parent's, and the kinds of matter it suits (none: all)."""

    code: str
    name: str
    label: str
    kinds: tuple[str, ...]

    def suits(self, kind: str) -> bool:
        """Tell whether a matter of this kind may have it."""
        return not self.kinds or kind in self.kinds


def categories_in_use() -> dict[str, NamedCategory]:
    """Return every category in use by code; one query."""
    rows = Category.objects.filter(active=True).select_related("parent").order_by("tree", "code")
    return {
        row.code: NamedCategory(
            row.code, row.name, f"{row.parent.name} · {row.name}" if row.parent else row.name, tuple(row.kinds.split())
        )
        for row in rows
    }


def same_named(words: Iterable[str], known: Mapping[str, NamedCategory]) -> dict[str, str]:
    """Return `{word: code}` for words whose last steps are the name of one category: 「城乡建设/物业服务」 → A0201.

    A name that several categories bear is not decided here.
    """
    by_name: dict[str, list[str]] = {}
    for row in known.values():
        by_name.setdefault(row.name, []).append(row.code)
    found = {}
    for word in words:
        steps = [step.strip() for step in _STEP.split(word) if step.strip()]
        codes = next((by_name[step] for step in reversed(steps) if step in by_name), [])
        if len(codes) == 1:
            found[word] = codes[0]
    return found
