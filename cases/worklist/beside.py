"""What another system has beside a matter: its name, its number, its date. Known one floor above, which puts its reader here.

The list shows their date where it comes before ours: whoever works by ours alone would be late there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.models import Case


@dataclass(frozen=True)
class Theirs:
    """One matter at the other side; `due_at` None when they named no date or have their answer."""

    source: str
    number: str
    due_at: datetime | None = None


Reader = Callable[[Sequence[int]], Mapping[int, Theirs]]
Sources = Callable[[], Iterable[tuple[str, str]]]


@dataclass
class _Registry:
    theirs: Reader = field(default=lambda case_ids: {})
    sources: Sources = field(default=lambda: ())


_registry = _Registry()


def set_readers(theirs: Reader, sources: Sources) -> None:
    """Called when the app of the lines starts: `theirs(case ids)`, one query; `sources() -> [(code, name)]`, one query."""
    _registry.theirs, _registry.sources = theirs, sources


def theirs_of(cases: Sequence[Case]) -> Mapping[int, Theirs]:
    """Return what is known beside these cases; no query where none of them came from elsewhere."""
    foreign = [case.pk for case in cases if case.foreign_number]
    return _registry.theirs(foreign) if foreign else {}


def sources() -> list[tuple[str, str]]:
    """Return the systems that matters come from, by code and name."""
    return list(_registry.sources())


def comes_first(case: Case, theirs: Theirs | None) -> bool:
    """Tell whether their date is the one to keep: the matter is open and ours is later or not known yet."""
    if theirs is None or theirs.due_at is None or not case.is_open:
        return False
    return case.due_at is None or theirs.due_at < case.due_at
