"""What a leader's reception, a leader's case and a case team make of what they were given (领导接访、包案、一案多包).

Preparers of the door, like those of `preparing`: `SPONSORING` below joins theirs. The rows go with the event, in one
transaction. Names here are of people who work for the case in their office; of residents nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from accounts.models import Unit
from cases.models import CaseLead, CaseLeadStep, TeamMember, TeamRole
from cases.services.finding import check_unit, find_unit, find_units, not_past
from cases.services.joint import end_tasks
from cases.standing import Standing
from cases.whistling.calling import Call, lay
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import SHANGHAI

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]

#: They speak for any part of a team; everybody else for their own unit's.
OVERSEERS = frozenset({Standing.SUPERVISOR, Standing.CENTRE_LEAD, Standing.DISPATCHER})
REPLACED = "更换包案领导"


def _unit(field: str, turn: Turn, code: str) -> Unit:
    """A unit that may have to do with this case (rule 4)."""
    unit = find_unit(field, code)
    check_unit(field, turn.case, unit, turn.now)
    return unit


def check_instruction(given: Mapping[str, Any]) -> None:
    """Refuse half an instruction: 批示 is what is to be done, by which unit and until when (facts D30)."""
    if given.get("instruction"):
        missing = {
            name: [sentence]
            for name, sentence in (("unit", "写了批示，请选择责任单位。"), ("deadline", "写了批示，请填写办理时限。"))
            if not given.get(name)
        }
        if missing:
            raise Incomplete(missing)
    elif given.get("unit") or given.get("deadline"):
        raise Incomplete({"instruction": ["填了责任单位或时限，请写明批示；没有批示的，两项都不填。"]})


def _receive(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    check_instruction(cleaned)
    data = {**cleaned, "said": mask_text(cleaned["said"])}
    if "unit" in cleaned:
        data["unit_name"] = _unit("unit", turn, cleaned["unit"]).name
        data["instruction"] = mask_text(cleaned["instruction"])
    return data


# --- 包案 -------------------------------------------------------------------------------------------------------


def _standing_lead(turn: Turn) -> CaseLead | None:
    return turn.case.leads.select_for_update().filter(ended_at__isnull=True).first()


def _must_stand(turn: Turn) -> CaseLead:
    lead = _standing_lead(turn)
    if lead is None:
        raise NotNow("本件现在没有领导包案；请先登记领导包案。", current_status=turn.state.status)
    return lead


def _sponsor(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A leader takes the case; who had it before is replaced, and the ledger keeps both."""
    unit = _unit("unit", turn, cleaned["unit"])
    not_past(turn, "deadline", cleaned["deadline"])
    before = _standing_lead(turn)
    if before is not None:
        before.ended_at, before.result = turn.now, REPLACED
        before.save(update_fields=["ended_at", "result"])
    lead = CaseLead.objects.create(
        case=turn.case,
        leader=cleaned["leader"],
        office=cleaned["office"],
        unit=unit,
        person=cleaned["person"],
        plan=cleaned["plan"],
        deadline=cleaned["deadline"],
        since=turn.now,
    )
    return {**cleaned, "unit_name": unit.name, "lead_id": lead.pk, "before": before.leader if before else ""}


def _sponsor_progress(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    lead, met_on = _must_stand(turn), cleaned.get("met_on")
    if met_on and met_on > turn.now.astimezone(SHANGHAI).date():
        raise Incomplete({"met_on": ["还没有到这一天；见面之后再登记。"]})
    CaseLeadStep.objects.create(lead=lead, at=turn.now, met_on=met_on, text=cleaned["text"])
    return {**cleaned, "leader": lead.leader}


def _sponsor_end(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    lead = _must_stand(turn)
    lead.ended_at, lead.result = turn.now, cleaned["result"]
    lead.save(update_fields=["ended_at", "result"])
    return {**cleaned, "leader": lead.leader}


# --- 一案多包 ---------------------------------------------------------------------------------------------------


def _team(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Somebody joins; a unit that had no part in the case yet now sees it as assisting units do."""
    role = TeamRole.objects.filter(code=cleaned["role"], active=True).first()
    if role is None:
        raise Incomplete({"role": ["没有这个角色，请从列表中选择。"]})
    unit = _unit("unit", turn, cleaned["unit"])
    not_past(turn, "due_on", cleaned["due_on"])
    if cleaned["told"] and not (cleaned.get("phone") or unit.phone):
        raise Incomplete({"phone": ["要告知居民的，请填写工作电话。"]})
    if turn.case.team.filter(role=role, unit=unit, left_at__isnull=True).exists():
        raise Incomplete({"unit": [f"“{unit.name}”已经是本件的{role.name}，不必再加。"]})
    member = TeamMember.objects.create(
        case=turn.case,
        role=role,
        unit=unit,
        person=cleaned.get("person", ""),
        office=cleaned.get("office", ""),
        phone=cleaned.get("phone") or unit.phone,
        told=cleaned["told"],
        task=cleaned["task"],
        due_on=cleaned["due_on"],
        joined_at=turn.now,
    )
    known = unit.pk in turn.state.assisting or unit.pk == turn.state.lead_unit_id
    kept = {name: cleaned[name] for name in ("role", "unit", "task", "due_on", "told")}
    brought = {} if known else {"brought_id": unit.pk}
    return {**kept, **brought, "member": member.pk, "role_name": role.name, "unit_name": unit.name, "unit_id": unit.pk}


def _member(turn: Turn, pk: int) -> TeamMember:
    rows = turn.case.team.select_for_update(of=("self",)).select_related("role", "unit")
    member = rows.filter(pk=pk, left_at__isnull=True).first()
    if member is None:
        raise Incomplete({"member": ["本件的案组里没有这一位，请重新选择。"]})
    return member


def _team_done(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    member = _member(turn, cleaned["member"])
    if not turn.standing & OVERSEERS and member.unit_id not in turn.actor.unit_ids:
        raise NotYou(f"这项任务由{member.unit.name}报告，您不在这个单位。")
    member.done, member.done_at, member.note = cleaned["done"], turn.now, cleaned["text"]
    member.save(update_fields=["done", "done_at", "note"])
    return {**cleaned, "role_name": member.role.name, "unit_name": member.unit.name}


def _team_leave(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    member = _member(turn, cleaned["member"])
    member.left_at = turn.now
    member.save(update_fields=["left_at"])
    stays = turn.case.team.filter(unit_id=member.unit_id, left_at__isnull=True).exists()
    gone: dict[str, Any] = {} if stays else {"gone_id": member.unit_id}
    if gone and member.unit_id in turn.state.team:
        gone |= end_tasks(turn, member.unit_id)
    return {**cleaned, **gone, "role_name": member.role.name, "unit_name": member.unit.name}


# --- 吹哨 -------------------------------------------------------------------------------------------------------


def _whistle(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    units = find_units("units", cleaned["units"])
    for unit in units:
        check_unit("units", turn.case, unit, turn.now)
    call = Call(cleaned["kind"], cleaned["scale"], cleaned["place"], cleaned["what"], tuple(units))
    whistle = lay(turn.actor, call, area_code=turn.state.area_code, case=turn.case, now=turn.now)
    return {
        **cleaned,
        "what": whistle.what,
        "whistle": whistle.pk,
        "number": whistle.number,
        "unit_names": [u.name for u in units],
    }


SPONSORING: Mapping[str, Preparer] = {
    "receive": _receive,
    "sponsor": _sponsor,
    "sponsor_progress": _sponsor_progress,
    "sponsor_end": _sponsor_end,
    "team": _team,
    "team_done": _team_done,
    "team_leave": _team_leave,
    "whistle": _whistle,
}
