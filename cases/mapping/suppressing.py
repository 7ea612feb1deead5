"""Small cells on public screens: no figure from one to four, and none that the others give away. Pure.

What is hidden reads alike, whether it is small itself or hidden for a neighbour's sake: 「不足 5 或不单列」. A sum less the
parts in sight must leave more than one possibility, so no part is hidden alone, and not where each hidden one could only
be 1; which neighbour goes along is drawn by its code, never by its size, or its size would be told. What lies in a hidden
area is hidden as a whole. A 0 is nobody and is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256

SMALL = 5
WORDS = "不足 5 或不单列"

Children = Callable[[str], Iterable[str]]


def hidden_parts(parts: Mapping[str, int], must: Collection[str]) -> set[str] | None:
    """Which parts of a published sum stay hidden, those of `must` among them; None where the sum itself would tell one."""
    hidden = [code for code in parts if code in must]
    rest = sorted((code for code in parts if code not in must and parts[code]), key=_drawn)
    while hidden and _told(hidden, parts):
        if not rest:
            return None
        hidden.append(rest.pop(0))
    return set(hidden)


def _drawn(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _told(hidden: list[str], parts: Mapping[str, int]) -> bool:
    """Whether what is left of the sum says what one of them is: each is at least 1."""
    return len(hidden) < 2 or sum(parts[code] for code in hidden) == len(hidden)


def published(top: str, value: Callable[[str], int], children: Children, small: int = SMALL) -> dict[str, int | None]:
    """Every area below `top` with its figure, None where it is hidden. `children(code)` are the areas right below.

    What lies in an area and in none of its children counts as one more part, which is never shown by itself.
    """
    found: dict[str, int | None] = {}
    hidden: dict[str, set[str] | None] = {}
    _judge(top, value, children, small, hidden)
    _publish(top, not _must(top, value, small, hidden), value, children, hidden, found)
    return found


def _must(code: str, value: Callable[[str], int], small: int, hidden: Mapping[str, set[str] | None]) -> bool:
    """Small itself, or with parts that its sum would tell."""
    return 0 < value(code) < small or hidden[code] is None


def _judge(
    code: str, value: Callable[[str], int], children: Children, small: int, hidden: dict[str, set[str] | None]
) -> None:
    """From below: what is hidden within each area if the area itself is shown."""
    below = list(children(code))
    for child in below:
        _judge(child, value, children, small, hidden)
    parts = {child: value(child) for child in below}
    rest = value(code) - sum(parts.values())
    must = {child for child in below if _must(child, value, small, hidden)}
    if below and rest:
        parts[""] = rest
        must |= {""} if rest < small else set()
    hidden[code] = hidden_parts(parts, must)


def _publish(
    code: str,
    shown: bool,
    value: Callable[[str], int],
    children: Children,
    hidden: Mapping[str, set[str] | None],
    found: dict[str, int | None],
) -> None:
    found[code] = value(code) if shown else None
    out = hidden[code]
    for child in children(code):
        _publish(child, shown and out is not None and child not in out, value, children, hidden, found)
