"""Which cases lie in a grid today, whatever code they were registered under (grids/editing/lineage.py).

One condition for the list's filter, the count, the figures of the map and the board, so that they agree to the row.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from grids import territory
from grids.models import GridBelonging


def lying_in(*codes: str) -> Q:
    """The cases of these grids: their own, those of grids that went into them whole, and those a split gave them.

    Asked for a grid that was split: what could not be given to one of its parts (it has no point). A grid that nothing
    became of is asked by its code alone. No statement of its own beyond the territory's stamp.
    """
    lineage = territory.current().lineage
    known = sorted({old for code in codes for old in lineage.before(code)})
    found = Q(grid_code=known[0]) if len(known) == 1 else Q(grid_code__in=known)
    if above := lineage.split_from(known):
        # Only what still bears an old code: what was amended to another place since lies there.
        given = GridBelonging.objects.filter(new_code__in=known).values("number")
        found |= Q(grid_code__in=above, number__in=given)
    if split := [code for code in known if lineage.parts(code)]:
        found &= ~Q(number__in=GridBelonging.objects.filter(old_code__in=split).values("number"))
    return found


def _placed(splits: frozenset[str]) -> Subquery:
    """Where the last of these splits put a matter; by the index of old code and number, for those that a split touched."""
    rows = GridBelonging.objects.filter(old_code__in=sorted(splits), number=OuterRef("number"))
    return Subquery(rows.order_by("-pk").values("new_code")[:1])


def grid_now() -> Any:
    """The code of the grid a case lies in today, to group by; the plain column while no grid has changed."""
    lineage = territory.current().lineage
    column: Any = F("grid_code")
    ways: dict[frozenset[str], list[str]] = {}
    for old in sorted(lineage.closed):
        if splits := lineage.splits_of(old):
            ways.setdefault(splits, []).append(old)
    if ways:
        placed = (When(grid_code__in=olds, then=_placed(splits)) for splits, olds in ways.items())
        column = Coalesce(Case(*placed), column)
    heirs: dict[str, list[str]] = {}
    for old in sorted(lineage.closed):
        if lineage.now(old) != old:
            heirs.setdefault(lineage.now(old), []).append(old)
    if not heirs:
        return column
    return Case(*(When(In(column, olds), then=Value(new)) for new, olds in heirs.items()), default=column)
