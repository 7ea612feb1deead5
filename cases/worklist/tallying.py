"""How many cases a list has, from the counts that are kept, where its filters are what they are kept by.

Exact to the case at any size: `cases.statistics` reads them, and they are moved by the transaction that moves the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.choices import Role
from accounts.queries import Actor
from cases.standing import AREA_ROLES
from cases.statistics import counting
from cases.statistics.figures import FIGURES
from cases.statistics.windows import Window

#: Filters that name one of the keys the counts are kept by; a list may have one of them.
KEYED = ("category", "channel", "level", "kind")
#: Filters besides.
PLAIN = ("area", "from", "to", "figure")
NONE = "none"

Filters = Mapping[str, Sequence[str]]


def whole_area(actor: Actor) -> str:
    """The area that is all this person sees, "" where a post shows something else besides."""
    areas = {post.area_code for post in actor.posts}
    alone = len(areas) == 1 and all(post.role in AREA_ROLES and not post.lead for post in actor.posts)
    return areas.pop() if alone and not actor.has(Role.GRID_WORKER, Role.VOLUNTEER) else ""


def may_be_kept(filters: Iterable[str]) -> bool:
    """Whether the counts are kept by these filters."""
    named = set(filters)
    return not named - {*KEYED, *PLAIN} and len(named & {*KEYED}) <= 1


def kept_count(actor: Actor, now: datetime, filters: Filters, window: Window) -> int | None:
    """Return the exact number of a list with these filters (names as in `cases.filters`, blanks left out); one statement.

    window: what `from` and `to` mean. The filters have been read already and are well formed.
    None where the counts do not say: by filters they are not kept by, or for somebody who sees more than one whole area.
    """
    own, keys = whole_area(actor), [name for name in KEYED if name in filters]
    if not own or not may_be_kept(filters):
        return None
    area, figure = _one(filters, "area") or own, _one(filters, "figure") or "registered"
    if not area.startswith(own) or figure not in FIGURES or FIGURES[figure].days not in ("registered", "due"):
        return None
    scope = counting.cases_of(actor, area, now)
    if not scope.is_kept(keys[0] if keys else "all"):
        return None
    if not keys:
        return counting.overview(scope, window, now).get(figure)
    rows = counting.by(scope, keys[0], window, now)
    return sum(counts[figure] for key, counts in rows.items() if _is_asked(keys[0], key, filters[keys[0]]))


def _is_asked(name: str, key: Any, values: Sequence[str]) -> bool:
    """As the filters read their words: a category with those below it, `none` for none yet, any of several else."""
    if name == "category":
        return key is None if values[-1] == NONE else (key or "").startswith(values[-1])
    return (key or NONE) in values


def _one(filters: Filters, name: str) -> str:
    """The value that counts where a name was given several times."""
    values = filters.get(name)
    return values[-1] if values else ""
