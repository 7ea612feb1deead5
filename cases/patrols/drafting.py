"""A plan as it is given: checked field by field, foreseen in words; nothing is saved here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_date

from accounts.queries import Actor
from cases import policies
from cases.models import PatrolPlan
from cases.needs import is_storable
from cases.patrols import choices as c
from cases.patrols import recurrence
from cases.patrols.making import rule_of
from cases.patrols.places import GridNames, Place, typed
from cases.patrols.queries import planning_post, today_of
from cases.patrols.recurrence import WEEKDAYS, Foreseen, Rule
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_text
from grids.choices import DutyKind
from grids.models import Area, Grid

NAME_LIMIT, LOOK_LIMIT = 60, 500
#: Whose duty patrols are planned for (三员: facts §3.7).
DUTIES = (DutyKind.GRID_WORKER, DutyKind.RED_ARMBAND, DutyKind.OPINION_SURVEYOR)
#: A plan begins within so many days; what lies further ahead has no calendar yet.
FURTHEST = timedelta(days=366)
MOST_EVERY, MOST_GRIDS = 366, 600
#: So many days are foreseen before a plan is saved.
FORESEEN = timedelta(days=9)
ONLY_PLANNERS = "排查由中心负责人、督办员、分流员安排；乡镇、街道由负责人和分流员安排本辖区的。"


@dataclass(frozen=True)
class Draft:
    """A plan as it was given, checked: the columns of PatrolPlan, the grids it names, its points."""

    columns: dict[str, Any]
    grids: tuple[int, ...] = ()
    points: tuple[Place, ...] = ()
    rule: Rule = field(default_factory=lambda: Rule(c.PatrolRepeat.ONCE.value, date.min))


@dataclass(frozen=True)
class Ahead:
    """What a plan will do: the days, the rule in words, in how many grids, how many tasks these days will have."""

    words: str
    days: tuple[Foreseen, ...]
    grids: int
    tasks: int


def check_plan(actor: Actor, given: Mapping[str, Any], *, now: datetime, earliest: date | None = None) -> Draft:
    """Return a plan as it can be saved; NotYou, or Incomplete with sentences beside the fields.

    given: `kind, name, look_for?, area` (code), `grids?` (one a line), `duty_kind, repeat, every?, weekdays?` (list or
    "FR,SU"), `month_days?` ("1,15"), `special, first_day, last_day?, points?` (one a line); dates ISO.
    """
    if planning_post(actor) is None:
        raise NotYou(ONLY_PLANNERS)
    errors: dict[str, list[str]] = {}
    today = today_of(now)
    columns: dict[str, Any] = {
        "kind": _code(
            given, "kind", [c.PatrolKind.DAILY.value, c.PatrolKind.FOCUS.value], "请选择日常还是重点。", errors
        ),
        "name": words_of(given, "name", NAME_LIMIT, "请给计划起个名称。", errors),
        "look_for": words_of(given, "look_for", LOOK_LIMIT, "", errors),
        "area_code": area_of(actor, given, errors),
        "duty_kind": _code(given, "duty_kind", [kind.value for kind in DUTIES], "请选择由谁排查。", errors),
        "special": _code(given, "special", c.SpecialDay.values, "请选择遇到节假日、调休怎么办。", errors),
    }
    columns |= _repeat(given, errors)
    columns["first_day"] = day_in(given, "first_day", errors, earliest or today, today + FURTHEST)
    columns["last_day"] = None
    if str(given.get("last_day") or "").strip():
        columns["last_day"] = day_in(given, "last_day", errors, columns["first_day"] or today, today + 5 * FURTHEST)
    grids, points = _places(given, str(columns["area_code"]), errors)
    if errors:
        raise Incomplete(errors)
    probe = PatrolPlan(**columns)
    return Draft(columns, tuple(grids), tuple(points), rule_of(probe))


def foresee(draft: Draft, now: datetime) -> Ahead:
    """Return what the plan will do in its first ten days, counted by the official calendar; nothing is saved."""
    start = max(draft.rule.first, today_of(now))
    found = tuple(recurrence.foresee(draft.rule, start, start + FORESEEN, policies.calendar()))
    grids = reached_by(draft)
    return Ahead(recurrence.rule_words(draft.rule), found, grids, grids * sum(one.due for one in found))


def reached_by(draft: Draft) -> int:
    """Return in how many grids the plan will have tasks."""
    within = set(draft.grids) or set(
        Grid.objects.active().within(draft.columns["area_code"]).values_list("pk", flat=True)
    )
    if draft.points and all(point.grid_id for point in draft.points):
        within &= {point.grid_id for point in draft.points if point.grid_id}
    return len(within)


# --- the fields -------------------------------------------------------------------------------------------------


def text_of(given: Mapping[str, Any], name: str) -> str:
    """Return what was typed, trimmed; nothing for what is no text."""
    value = given.get(name)
    return value.strip() if isinstance(value, str) else ""


def words_of(given: Mapping[str, Any], name: str, most: int, wanted: str, errors: dict[str, list[str]]) -> str:
    """Return a text with the numbers of people masked; its refusal goes into `errors`."""
    text = text_of(given, name)
    if not text and wanted:
        errors[name] = [wanted]
    elif len(text) > most or not is_storable(text):
        errors[name] = [f"最多 {most} 字，现在有 {len(text)} 字。"]
    return mask_text(text)


def _code(given: Mapping[str, Any], name: str, known: list[str], wanted: str, errors: dict[str, list[str]]) -> str:
    text = text_of(given, name)
    if text not in known:
        errors[name] = [wanted]
    return text


def area_of(actor: Actor, given: Mapping[str, Any], errors: dict[str, list[str]]) -> str:
    """Return the code of an area that this person plans in; its refusal goes into `errors`."""
    code = text_of(given, "area")
    known = Area.objects.filter(code=code, active=True).exists() if code.isdigit() and len(code) <= 12 else False
    if not known:
        errors["area"] = ["请选择范围：全区、乡镇街道，或者社区。"]
    elif planning_post(actor, code) is None:
        errors["area"] = ["这里不在您安排的范围内，请选择本辖区。"]
    return code


def _repeat(given: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    known = [code for code in c.PatrolRepeat.values if code != c.PatrolRepeat.ONCE]
    repeat = _code(given, "repeat", known, "请选择多久排查一次。", errors)
    found: dict[str, Any] = {"repeat": repeat, "every": 1, "weekdays": "", "month_days": ""}
    if repeat == c.PatrolRepeat.DAYS:
        text = str(given.get("every") or "").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_EVERY):
            errors["every"] = [f"请填 1 到 {MOST_EVERY} 的数字。"]
        else:
            found["every"] = int(text)
    if repeat == c.PatrolRepeat.WEEK:
        raw = given.get("weekdays") or []
        chosen = raw.split(",") if isinstance(raw, str) else [str(day) for day in raw]
        days = [day for day in WEEKDAYS if day in chosen]
        if not days or set(chosen) - set(WEEKDAYS):
            errors["weekdays"] = ["请选择周几，可以选几天。"]
        found["weekdays"] = ",".join(days)
    if repeat == c.PatrolRepeat.MONTH:
        parts = [part.strip() for part in text_of(given, "month_days").replace("，", ",").replace("、", ",").split(",")]
        days_of_month = sorted({int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 3})
        if (
            not days_of_month
            or len(days_of_month) != len(set(parts))
            or not 1 <= days_of_month[0] <= days_of_month[-1] <= 31
        ):
            errors["month_days"] = ["请填每月的几日，如 1、15；没有 31 日的月份在月底。"]
        found["month_days"] = ",".join(str(day) for day in days_of_month)
    return found


def day_in(given: Mapping[str, Any], name: str, errors: dict[str, list[str]], first: date, last: date) -> date | None:
    """Return a day between two; its refusal goes into `errors`."""
    try:
        found = parse_date(text_of(given, name))
    except ValueError:
        found = None
    if found is None:
        errors[name] = ["请填写日期，如 2026-12-01。"]
    elif not first <= found <= last:
        errors[name] = [f"请填 {first:%Y-%m-%d} 到 {last:%Y-%m-%d} 之间的日子。"]
    return found


def _places(given: Mapping[str, Any], area: str, errors: dict[str, list[str]]) -> tuple[list[int], list[Place]]:
    if "area" in errors:
        return [], []
    lines = [line.strip() for line in text_of(given, "grids").splitlines() if line.strip()]
    found, wrong = [], []
    names = GridNames(area) if lines else None
    for line in lines[:MOST_GRIDS]:
        try:
            if names is not None:
                found.append(names.find(line)[0])
        except ValueError as problem:
            wrong.append(str(problem))
    if wrong:
        errors["grids"] = wrong[:5]
    points: list[Place] = []
    try:
        points = typed(text_of(given, "points"), area)
    except Incomplete as refused:
        errors |= refused.errors
    if found and any(point.grid_id and point.grid_id not in found for point in points):
        errors.setdefault("points", ["有的点位不在上面所列的网格里，请核对。"])
    return found, points
