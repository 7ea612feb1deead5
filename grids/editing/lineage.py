"""What became of closed grids: which old codes a grid goes on with, and where an old code's ground is now. Pure.

Merge and new code: the whole ground has one heir, so its matters are the heir's. Split: each matter goes where its point
lies (`GridBelonging`); what has no point stays under the old code. New codes are always new, so what came before a
grid is settled in the moment it is made and never changes: whoever keeps it may keep it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

from grids.editing.choices import Succession

Row = tuple[str, str, str]


class Lineage:
    """The successions `(old, new, kind)` of a territory, ready to be asked."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._heir: dict[str, str] = {}
        self._before: dict[str, list[str]] = {}
        self._parts: dict[str, list[str]] = {}
        self._whole: dict[str, str] = {}
        for old, new, kind in rows:
            if kind == Succession.SPLIT:
                self._parts.setdefault(old, []).append(new)
                self._whole[new] = old
            else:
                self._heir[old] = new
                self._before.setdefault(new, []).append(old)

    def before(self, code: str) -> tuple[str, ...]:
        """The grid and all whose whole ground went into it, itself first."""
        found = [code]
        for known in found:
            found += self._before.get(known, ())
        return tuple(found)

    def now(self, code: str) -> str:
        """The grid that has the whole ground of this one today; a split one stays itself."""
        while code in self._heir:
            code = self._heir[code]
        return code

    def parts(self, code: str) -> tuple[str, ...]:
        """Into which grids it was split; () for one that was not."""
        return tuple(self._parts.get(code, ()))

    def heirs(self, code: str) -> tuple[str, ...]:
        """Where to look for its ground: the next grid or grids; () for one that stands."""
        return (self._heir[code],) if code in self._heir else self.parts(code)

    def split_from(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes whose matters a split may have given to one of these; () where none of them was made by a split."""
        found = {self._whole[code] for code in codes if code in self._whole}
        waiting = list(found)
        while waiting:
            code = waiting.pop()
            above = {*self._before.get(code, ()), *([self._whole[code]] if code in self._whole else [])}
            waiting += above - found
            found |= above
        return tuple(sorted(found))

    def splits_of(self, code: str) -> frozenset[str]:
        """The grids that were split among this one and those its ground went to."""
        found, waiting = {code}, [code]
        while waiting:
            after = set(self.heirs(waiting.pop())) - found
            waiting += after
            found |= after
        return frozenset(found & self._parts.keys())

    @property
    def closed(self) -> frozenset[str]:
        """Every code that was closed."""
        return frozenset(self._heir) | frozenset(self._parts)
