"""To which unit a matter goes, comes back from, and what several of them agree on: 分流, 改派, 退回, 会商.

Sources: facts §1.5, §1.6; 政务服务热线规范 (WF) §22 (指定的不得退回), §24 (部门事项不得推给镇街); 信访工作条例 §§23, 24.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.querysets import day_of
from cases import choices as c
from cases.dispatching.catalogue import in_force
from cases.models import Case, Category, Consultation, ConsultedUnit, DispatchLine
from cases.services.finding import check_unit, find_unit, find_units, not_past
from cases.services.joint import end_tasks
from cases.services.series import next_in_series
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

if TYPE_CHECKING:
    from cases.services.door import Turn

#: Units below the departments of a district.
LOWER = frozenset({UnitKind.STREET, UnitKind.COMMUNITY})


# --- no pushing down ----------------------------------------------------------------------------------------------


def department_of(category_code: str) -> Category | None:
    """Return the category, this or one above it, that is marked as a matter of departments (部门事项); one query."""
    stems = [category_code[:length] for length in range(1, len(category_code) + 1)]
    return Category.objects.filter(code__in=stems, for_department=True).first() if stems else None


def named_line(case: Any, now: Any) -> DispatchLine | None:
    """Return the line of the dispatch catalogue that fits this case best (longest area, deepest category), or None."""
    stems = ["", *(case.category_code[:length] for length in range(1, len(case.category_code) + 1))]
    areas = ["", *(case.area_code[:length] for length in range(2, len(case.area_code) + 1))]
    lines = in_force(day_of(now)).filter(category_code__in=stems, area_code__in=areas)
    return max(lines, key=lambda line: (len(line.area_code), len(line.category_code)), default=None)


def check_not_down(turn: Turn, unit: Unit, reason: str) -> dict[str, Any]:
    """Refuse to send a matter of departments to a township, street or community; return the marks of an exception.

    What the district has marked as 部门事项 is refused (WF §24). What only the catalogue gives to a department may go
    down for a written reason, which stands in the history and is counted (`pushed_down`).
    """
    if unit.kind not in LOWER:
        return {}
    marked = department_of(turn.state.category_code)
    if marked is not None:
        sentence = f"“{marked.name}”是部门事项，不得派给镇街、村（社区）；请派给主管部门，需要属地配合的，把“{unit.name}”列为协办单位。"
        raise Incomplete({"lead_unit": [sentence]})
    line = named_line(turn.case, turn.now)
    named = Unit.objects.filter(code=line.unit_code).first() if line is not None else None
    if named is None or named.kind in LOWER:
        return {}
    if not reason:
        sentence = f"派单目录写明这类事项由“{named.name}”主办；确需派给“{unit.name}”的，请在“下派理由”里写明，否则请派给该部门。"
        raise Incomplete({"why_down": [sentence]})
    return {"pushed_down": True}


# --- dispatching --------------------------------------------------------------------------------------------------


def _assisting(turn: Turn, cleaned: Mapping[str, Any], lead: Unit) -> dict[str, Any]:
    others = [u for u in find_units("assisting_units", cleaned.get("assisting_units", [])) if u.pk != lead.pk]
    for other in others:
        check_unit("assisting_units", turn.case, other, turn.now)
    return {
        "assisting_units": [u.code for u in others],
        "assisting_ids": [u.pk for u in others],
        "assisting_names": [u.name for u in others],
    }


def _dispatch(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    unit = find_unit("lead_unit", cleaned["lead_unit"])
    check_unit("lead_unit", turn.case, unit, turn.now)
    marks = check_not_down(turn, unit, cleaned.get("why_down", ""))
    named = {"lead_unit_id": unit.pk, "lead_unit_name": unit.name}
    return {**cleaned, **named, **_assisting(turn, cleaned, unit), **marks, **end_tasks(turn)}


def _reassign(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    unit = find_unit("lead_unit", cleaned["lead_unit"])
    if unit.pk == turn.state.lead_unit_id:
        return None
    check_unit("lead_unit", turn.case, unit, turn.now)
    marks = check_not_down(turn, unit, cleaned["reason"])
    before = Unit.objects.filter(pk=turn.state.lead_unit_id or 0).values_list("name", flat=True).first()
    return {
        **cleaned,
        **marks,
        **end_tasks(turn, unit.pk),
        "lead_unit_id": unit.pk,
        "lead_unit_name": unit.name,
        "from_unit_name": before or "",
        "from_unit_id": turn.state.lead_unit_id,
        "from_handler_id": turn.state.handler_id,
    }


def _return(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Mark a matter that the unit hands back although the catalogue gives it to that very unit (facts §1.4, §1.6)."""
    unit = Unit.objects.filter(pk=turn.state.lead_unit_id or 0).first()
    named = {"from_unit_id": unit.pk, "from_unit_name": unit.name} if unit else {}
    line = named_line(turn.case, turn.now)
    if unit is None or line is None or line.unit_code != unit.code:
        return {**cleaned, **named}
    return {**cleaned, **named, "within_own_line": True, "line_source": line.source}


# --- 会商 ---------------------------------------------------------------------------------------------------------


def _consult(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    units = find_units("units", cleaned["units"])
    for unit in units:
        check_unit("units", turn.case, unit, turn.now)
    not_past(turn, "reply_by", cleaned.get("reply_by"))
    opened = Consultation.objects.create(
        case=turn.case, question=cleaned["question"], opened_at=turn.now, reply_by=cleaned.get("reply_by")
    )
    ConsultedUnit.objects.bulk_create([ConsultedUnit(consultation=opened, unit=unit) for unit in units])
    return {
        **cleaned,
        **end_tasks(turn),
        "consultation_id": opened.pk,
        "unit_ids": [unit.pk for unit in units],
        "unit_names": [unit.name for unit in units],
    }


def _open_consultation(case: Case) -> Consultation | None:
    return case.consultations.select_for_update().filter(closed_at__isnull=True).first()


def _opinion(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    post = turn.posts[Standing.ASSISTANT]
    opened = _open_consultation(turn.case)
    row = opened.units.filter(unit_id=post.unit_id).first() if opened and post else None
    if row is None or post is None:
        raise NotYou("本次会商没有邀请您的单位。")
    row.opinion, row.said_by, row.said_at = cleaned["opinion"], turn.actor.name, turn.now
    row.save()
    return {**cleaned, "unit_id": post.unit_id, "unit_name": post.unit_name}


def _refer(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    opened = _open_consultation(turn.case)
    if opened is not None and opened.referred_to:
        word = c.HigherBody(opened.referred_to).label
        raise NotNow(f"本件已提请{word}研究，请等结果后会商指定。", current_status=turn.state.status)
    if opened is not None:
        opened.referred_to, opened.referred_why, opened.referred_at = cleaned["body"], cleaned["reason"], turn.now
        opened.save()
    return cleaned


def _conclude(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Designate a unit for good, with numbered minutes; a marked 部门事项 still goes to no township (WF §§22, 24)."""
    unit = find_unit("lead_unit", cleaned["lead_unit"])
    check_unit("lead_unit", turn.case, unit, turn.now)
    marks = check_not_down(turn, unit, cleaned["minutes"])
    not_past(turn, "term", cleaned.get("term"))
    assisting = _assisting(turn, cleaned, unit)
    marks |= end_tasks(turn)
    opened = _open_consultation(turn.case)
    if opened is not None:
        opened.number = next_in_series("综治纪", turn.now)
        opened.minutes, opened.attendees = cleaned["minutes"], cleaned.get("attendees", "")
        opened.line, opened.term = cleaned.get("line", ""), cleaned.get("term")
        opened.lead_unit, opened.closed_at = unit, turn.now
        opened.assisting_names = "、".join(assisting["assisting_names"])[:500]
        opened.save()
        marks |= {"number": opened.number}
    return {**cleaned, "lead_unit_id": unit.pk, "lead_unit_name": unit.name, **assisting, **marks}


ROUTING: Mapping[str, Callable[[Turn, dict[str, Any]], dict[str, Any] | None]] = {
    "dispatch": _dispatch,
    "reassign": _reassign,
    "return": _return,
    "consult": _consult,
    "opinion": _opinion,
    "refer": _refer,
    "conclude": _conclude,
}
