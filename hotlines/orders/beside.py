"""What the list of matters shows of other systems: their name, their number, their date (cases.worklist.beside)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cases.worklist.beside import Theirs
from hotlines.choices import Direction
from hotlines.models import Line, Link


def theirs(case_ids: Sequence[int]) -> Mapping[int, Theirs]:
    """Return what came in beside these cases; one query. Their date counts until they have their answer."""
    rows = Link.objects.filter(case_id__in=case_ids, direction=Direction.IN).order_by("pk")
    values = rows.values_list("case_id", "line__name", "foreign_number", "their_due_at", "answered_at")
    return {
        case_id: Theirs(name, number, None if answered_at else due_at)
        for case_id, name, number, due_at, answered_at in values
    }


def sources() -> list[tuple[str, str]]:
    """Return the lines by code and name; one query."""
    return list(Line.objects.order_by("name").values_list("code", "name"))
