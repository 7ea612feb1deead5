"""Pairs that hang together make a group: what is likely one matter of many."""

from __future__ import annotations

from collections.abc import Iterable


def joined(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the groups that these pairs make, each sorted, the biggest first and then the newest."""
    head: dict[int, int] = {}

    def top(one: int) -> int:
        head.setdefault(one, one)
        while head[one] != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for one, other in pairs:
        first, second = sorted((top(one), top(other)))
        head[second] = first
    groups: dict[int, list[int]] = {}
    for one in sorted(head):
        groups.setdefault(top(one), []).append(one)
    return sorted(groups.values(), key=lambda group: (-len(group), -group[-1]))
