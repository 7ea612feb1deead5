"""What the desk's page draws: figures, columns, the way into the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.queries import Actor
from cases import lanes
from cases.lanes import Lane
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.views.due import due_of, step_of
from cases.worklist import following, paging
from grids.queries import beside, names_of

ROWS = 7


def desk(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return `{tiles, columns, first, counts, drawn}`; five statements beyond what may be seen, and one for names."""
    columns = lanes.lanes_of(actor, now)
    counts = lanes.counts_of(actor, now, columns)
    visible = Case.objects.visible_to(actor, now)
    found = {lane.code: _first_of(visible, lane) if counts[lane.code] else [] for lane in columns}
    cases = [case for rows in found.values() for case in rows]
    names = names_of({code for case in cases for code in (case.area_code[:9], case.area_code, case.grid_code) if code})
    drawn = [_column(lane, counts[lane.code], found[lane.code], names, now) for lane in columns]
    first = next((row["url"] for column in drawn[:1] for row in column["rows"]), "")
    return {"columns": drawn, "first": first, "counts": counts, **figures(actor, now, counts)}


def figures(actor: Actor, now: datetime, counts: Mapping[str, int]) -> dict[str, Any]:
    """Return `{tiles, drawn}`: the four figures, and what they were as one word (to tell later whether they changed)."""
    shown = lanes.figures_of(actor, now)
    tiles = [
        {
            "label": figure.label,
            "value": counts[figure.code],
            "unit": figure.unit,
            "url": reverse(figure.route) + (f"?{figure.query}" if figure.query else ""),
            "tone": figure.tone if counts[figure.code] else "",
        }
        for figure in shown
    ]
    return {"tiles": tiles, "drawn": "-".join(str(counts[figure.code]) for figure in shown)}


def live(actor: Actor, now: datetime) -> dict[str, Any]:
    """The figures alone, counted anew: two statements."""
    counts = lanes.counts_of(actor, now, ())
    return {"counts": counts, **figures(actor, now, counts)}


def _first_of(visible: CaseQuerySet, lane: Lane) -> list[Case]:
    """The first rows of a column, in the order of its list."""
    return list(paging.ordered(lanes.held_by(visible, lane), lane.order)[:ROWS])


def _column(lane: Lane, total: int, cases: list[Case], names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    title, means = lane.blank
    links = [{"label": label, "url": f"{reverse('cases:list')}?{query}"} for label, query in lane.links]
    return {
        "code": lane.code,
        "title": lane.title,
        "total": total,
        "links": links if total > len(cases) or len(links) > 1 else [],
        "rows": [_row(case, lane, names, now) for case in cases],
        "blank": {"title": title, "means": means},
    }


def _row(case: Case, lane: Lane, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    due = step_of(case, now) if lane.by_step else due_of(case, now)
    street = names.get(case.area_code[:9]) or names.get(case.area_code, "")
    nearest = names.get(case.grid_code) or (names.get(case.area_code, "") if len(case.area_code) > 9 else "")
    return {
        "url": following.opened_from(case, lane.query, lane.order),
        "what": case.title,
        "where": beside(nearest, street) or street,
        "where_full": " · ".join(filter(None, (street, beside(nearest, street)))),
        "who": _who(case),
        "due_state": due.state,
        "due_words": due.words or str(case.get_status_display()),
        "due_full": due.full,
        "due_tentative": due.tentative,
        "orders": case.orders_open,
    }


def _who(case: Case) -> str:
    """Who has it, and before anybody has it, who came and how."""
    if case.handler_id and case.handler:
        return f"{_unit(case)} {case.handler.name}".strip()
    if case.lead_unit_id:
        return _unit(case)
    came = str(case.get_channel_display())
    return f"{came} {case.visitor_count} 人" if case.visitor_count > 1 else came


def _unit(case: Case) -> str:
    return (case.lead_unit.short_name or case.lead_unit.name) if case.lead_unit else ""
