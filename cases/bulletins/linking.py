"""The figures inside a paragraph that its author wrote: which of them are no longer those of the bulletin. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

#: A number as it stands in a text: 1,234、96.9、869.
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
#: What follows a number that is a date, an article, a place in a list, a house: no figure of the bulletin.
_NO_FIGURE = re.compile(
    r"\s*(?:年|月|日|号|时|点|条|款|项|楼|单元|栋|小区|[-—–~～至/:：]\s*\d|[.、．)）]\s*(?!\d)\S|届|级|路)"
)
#: Numbers that are names.
_NAMES = frozenset({"12345", "110", "119", "120", "122"})
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")


def numbers_in(words: str) -> list[str]:
    """Return the figures of a text in their order, without thousands separators; dates and articles are left out."""
    text, found = words.translate(_FULL_WIDTH), []
    for match in _NUMBER.finditer(text):
        before = text[: match.start()].rstrip()
        ordinal = before.endswith(("第", "〔", "-", "—", "/", ":", "："))
        opens = match.group().isdigit() and (not before or before.endswith("\n"))  # "1. …" begins a line
        listed = opens and re.match(r"\s*[.、．]", text[match.end() :])
        named = match.group() in _NAMES
        if not (ordinal or listed or named or _NO_FIGURE.match(text, match.end())):
            found.append(plain(match.group()))
    return found


def plain(words: str) -> str:
    """1,234 → 1234; 96.9% → 96.9."""
    return words.translate(_FULL_WIDTH).replace(",", "").rstrip("%.")


def linked_in(words: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return those of the known figures (`{name: words}`) that stand in a text."""
    there = set(numbers_in(words))
    return {name: value for name, value in known.items() if plain(value) in there}


def warnings(words: str, linked: Mapping[str, str], known: Mapping[str, str], also: Collection[str] = ()) -> list[str]:
    """Return a sentence for each figure of a text that is none of the bulletin's (any more).

    linked: what the author saw when he wrote, by name; known: the same names now; also: further figures that may stand
    there (those of the tables).
    """
    current = {plain(value) for value in (*known.values(), *also)}
    told = []
    for one in _once(numbers_in(words)):
        if one in current:
            continue
        was = [name for name, value in linked.items() if plain(value) == one]
        now = [(name, known[name]) for name in was if name in known]
        if now:
            told.append(f"文中的“{one}”是上次制表的{now[0][0]}，现在是 {now[0][1]}。")
        elif was:
            told.append(f"文中的“{one}”是上次制表的{was[0]}，本次已没有这个数字。")
        else:
            told.append(f"文中的“{one}”不在本期的统计数字里，请核对。")
    return told


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
