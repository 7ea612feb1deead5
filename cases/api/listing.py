"""Lines of the list: what a row shows and nothing more, by statements that are kept where only their values differ.

The statement of a list depends on who asks (posts, grids), on the filters and on the way it is sorted; only the place
in the list differs from page to page. Lists narrowed by what the clock says or by what somebody searches for are put
together anew each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.api.paging import Place, Reading
from cases.querysets import CaseQuerySet, own_grids
from cases.serializers.telling import Line
from governance_portal.lib.prepared import Query, Shelf

#: Filters whose meaning depends on nothing but their words: not on the time, not on what the database holds.
PLAIN = frozenset(
    {"status", "stage", "kind", "channel", "level", "category", "area", "grid", "unit", "handler", "orders"}
)
#: Where the columns of a line come from, when not from one of the same name.
COLUMNS = {
    "category": "category_id",
    "category_name": "category__name",
    "lead_unit": "lead_unit__code",
    "lead_unit_name": "lead_unit__name",
    "handler": "handler__username",
    "handler_name": "handler__name",
}
_shelf = Shelf(256)

Filters = tuple[tuple[str, tuple[str, ...]], ...]


def lines(
    actor: Actor, now: datetime, filters: Filters, reading: Reading, narrowed: Callable[[], CaseQuerySet]
) -> list[Line]:
    """Return one line more than a page holds; `narrowed` gives the cases of this person under these filters."""

    def build(values: Any) -> Any:
        place = Place(values.at, values.pk) if reading.place else None
        columns = [COLUMNS.get(name, name) for name in Line._fields]
        return reading.ordered(narrowed(), place).values_list(*columns)

    kinds: dict[str, type] = {"at": datetime, "pk": int} if reading.place else {}
    query = Query(build, planned=False, **kinds)  # what is rare is read otherwise than what is common
    if all(name in PLAIN for name, _values in filters):
        query = _shelf.kept((actor, own_grids(actor, now), filters, reading.shape), query)
    place = {"at": reading.place.at, "pk": reading.place.pk} if reading.place else {}
    return [Line(*row) for row in query.rows(**place)]
