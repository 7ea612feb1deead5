"""A page of cases as rows of words: what the screen, the cards and the sheet all read. No query per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from cases import choices as c
from cases.models import Case, Party
from cases.services.parties import masked
from cases.views.contact import is_hidden
from cases.views.due import due_of, step_of
from cases.workflow import TABLE
from cases.worklist.beside import Theirs, comes_first, theirs_of
from cases.worklist.columns import Column
from governance_portal.lib import spoken
from grids.queries import beside, names_of

STREET_DIGITS = 9
NAMED = ("category", "category__parent", "lead_unit", "handler")
FIRST = "first"


def with_names(cases: Any, columns: Iterable[Column]) -> Any:
    """The query with what its columns name: joins, and one query more where people are shown."""
    columns = list(columns)
    joined = (*NAMED, "first_unit") if any(column.code == FIRST for column in columns) else NAMED
    named = cases.select_related(*joined)
    if any(column.code == "reporter" for column in columns):
        reporters = Party.objects.filter(side=c.PartySide.REPORTER).order_by("position")
        return named.prefetch_related(Prefetch("parties", queryset=reporters, to_attr="reporters"))
    return named


def rows_of(cases: Sequence[Case], columns: Sequence[Column], tab: str, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of these cases; those of 待我处理 speak of the step that waits, the others of the resident's date."""
    codes = {code for case in cases for code in (case.area_code[:STREET_DIGITS], case.area_code, case.grid_code)}
    names = names_of(code for code in codes if code)
    theirs = theirs_of(cases)
    rows = [{**_row(case, names, tab, now), **_theirs(case, theirs.get(case.pk), now)} for case in cases]
    if any(column.code == FIRST for column in columns):
        for case, row in zip(cases, rows, strict=True):
            row["first_unit"] = (case.first_unit.short_name or case.first_unit.name) if case.first_unit else ""
    return rows


def _row(case: Case, names: Mapping[str, str], tab: str, now: datetime) -> dict[str, Any]:
    step = step_of(case, now)
    due = step if tab == "mine" else due_of(case, now)
    category = case.category
    words = [str(case.get_kind_display()), category.name] if category else [str(case.get_kind_display())]
    place = names.get(case.area_code[:STREET_DIGITS]) or names.get(case.area_code, "")
    nearest = names.get(case.grid_code) or (
        names.get(case.area_code, "") if len(case.area_code) > STREET_DIGITS else ""
    )
    return {
        "case": case,
        "url": reverse("cases:case", args=[case.number]),
        "number": case.number,
        "version": case.version,
        "title": case.title,
        "category": " · ".join(words),
        "reporter": _reporter(case),
        "place": place,
        "grid": beside(nearest, place) if nearest != place else "",
        "handler": case.handler.name if case.handler else "",
        "unit": (case.lead_unit.short_name or case.lead_unit.name) if case.lead_unit else "",
        "stage": case.stage,
        "status": case.status,
        "status_label": str(case.get_status_display()),
        "back_label": TABLE[case.came_back].label if case.came_back else "",
        "orders": case.orders_open,
        "orders_label": "督办中" if case.orders_open else "",
        "due_state": due.state,
        "due_words": due.words,
        "due_told": due.told,
        "due_full": due.full,
        "due_tentative": due.tentative,
        "step_state": step.state,
        "step_words": step.words,
        "step_told": step.told,
        "step_full": step.full,
        "step_tentative": step.tentative,
        "level": case.level,
        "level_label": str(case.get_level_display()) if case.level else "",
        "channel_label": str(case.get_channel_display()),
        "registered_at": case.registered_at,
        "registered_full": spoken.full_words(case.registered_at),
        "resolved_at": case.resolved_at,
        "resolved_full": spoken.full_words(case.resolved_at) if case.resolved_at else "",
        "closed_at": case.closed_at,
        "closed_full": spoken.full_words(case.closed_at) if case.closed_at else "",
        "outcome_label": str(case.get_outcome_display()) if case.outcome else "",
        "visitors": case.visitor_count,
    }


def _theirs(case: Case, theirs: Theirs | None, now: datetime) -> dict[str, Any]:
    """The other system and its number; its date in words, as a badge only where it comes before ours."""
    due_at = theirs.due_at if theirs else None
    return {
        "source": theirs.source if theirs else case.foreign_source,
        "source_number": theirs.number if theirs else case.foreign_number,
        "theirs_words": spoken.deadline_words(due_at, now) if due_at and comes_first(case, theirs) else "",
        "theirs_late": due_at is not None and due_at < now,
        "theirs_full": spoken.until_words(due_at) if due_at else "",
    }


def _reporter(case: Case) -> str:
    """Who came, masked; who asked for confidence or complains about a unit is not even hinted at."""
    if case.anonymous:
        return "匿名"
    if is_hidden(case):
        return "保密"
    people = getattr(case, "reporters", [])
    if not people:
        return ""
    first = str(masked(people[0])["name"])
    return f"{first} 等 {len(people)} 人" if len(people) > 1 else first
