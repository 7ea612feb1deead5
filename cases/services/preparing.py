"""What each move makes of what it was given: codes looked up, rules between the fields, rows that go with the event.

A preparer gets the turn and the cleaned values and returns the event's data (JSON, ids and codes, never personal
data), or None when nothing would change. It raises Incomplete with sentences beside the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases import choices as c
from cases.choices import Nature, Status
from cases.crowds.preparing import CROWDS
from cases.following_up import preparing as following_up
from cases.following_up.planning import settled_now
from cases.following_up.preparing import planned
from cases.hazards.preparing import HAZARDS, need_all_done, need_another
from cases.models import Case
from cases.services.agreeing import performed, settled
from cases.services.finding import find_attachments, find_category, find_officer, find_unit, not_past
from cases.services.joint import JOINT, end_tasks
from cases.services.ordering import BESIDE, ORDERING
from cases.services.requesting import REQUESTING
from cases.services.routing import ROUTING
from cases.services.sponsoring import SPONSORING
from cases.standing import APART, Standing, may_be_one
from governance_portal.lib.errors import Incomplete, NotYou
from grids.models import Area, Grid
from grids.queries import parent_code

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]


#: From this satisfaction on, a resident's own answer closes the case (workflow.md `confirm`).
CONTENT_FROM = 3
#: Beside the field, where one of two is about the answer to another (信访工作条例 §§35, 36).
BY_ITSELF = "信访复查、复核须单独办理、单独答复，不能并案；同一件事的可以关联。"


# --- the moves --------------------------------------------------------------------------------------------------


def _accept(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    find_category(cleaned["category"], turn.state.kind)
    return cleaned


def _request_material(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    not_past(turn, "due_on", cleaned["due_on"])
    return cleaned


def _supplement(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if not cleaned.get("supplement") and not cleaned.get("attachments") and not cleaned.get("note"):
        raise Incomplete({"supplement": ["请写明补充的情况，或者附上材料。"]})
    find_attachments("attachments", turn.case, cleaned.get("attachments", []))
    return cleaned


def _on_spot(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if "category" in cleaned:
        find_category(cleaned["category"], turn.state.kind)
    order = (Standing.GRID_WORKER, Standing.CLERK, Standing.OPERATOR)
    post = next(post for who in order if (post := turn.posts.get(who)) is not None)
    about = turn.case.complained_unit
    if turn.case.nature == Nature.CONDUCT and about is not None and f"/{about.pk}/" in post.unit_path:
        raise NotYou("投诉的是您所在的单位，不能由您当场办结；请受理后分流给上级单位。")
    need_all_done(turn)
    told = {**settled(turn, cleaned), "unit_id": post.unit_id, "unit": post.unit_code, "unit_name": post.unit_name}
    return told if turn.state.kind == c.Kind.HAZARD else planned(turn, told, settled_now(turn))


def _resolve(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    need_all_done(turn)
    return JOINT["resolve"](turn, settled(turn, cleaned))


def _approve(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    need_another(turn)
    return following_up.PREPARE["approve"](turn, cleaned)


def _verified(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    need_another(turn)
    return cleaned


def _sign(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if "handler" in cleaned:
        person = find_officer(turn, cleaned["handler"])
        return {**cleaned, "handler_id": person.pk, "handler_name": person.name}
    return {
        **cleaned,
        "handler": turn.actor.username,
        "handler_id": turn.actor.user_id,
        "handler_name": turn.actor.name,
    }


def _assign(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    person = find_officer(turn, cleaned["handler"])
    if person.pk == turn.state.handler_id:
        return None
    return {
        **cleaned,
        "handler_id": person.pk,
        "handler_name": person.name,
        "from_handler_id": turn.state.handler_id,
    }


def _escalate(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    here = turn.state.desk_area
    above = next(length for length in (12, 9, 6) if length < len(here))
    return {**cleaned, "desk_area": here[:above], **end_tasks(turn)}


def _merge(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    number = cleaned["master"]
    master = Case.objects.visible_to(turn.actor, turn.now).filter(number=number).select_for_update(of=("self",)).first()
    if master is None:
        raise Incomplete({"master": ["没有找到这个受理编号，或者不在您的管辖范围内。"]})
    if master.pk == turn.case.pk:
        raise Incomplete({"master": ["不能并入它自己，请填另一件的受理编号。"]})
    if not master.is_open:
        raise Incomplete({"master": [f"{number} 已是“{master.get_status_display()}”，只能并入未办结的事项。"]})
    if master.nature == Nature.REPORT:
        raise Incomplete({"master": ["检举控告件不能并案。"]})
    if turn.case.procedure in c.REVIEWS or master.procedure in c.REVIEWS:
        raise Incomplete({"master": [BY_ITSELF]})
    if not may_be_one(turn.case, master):
        raise Incomplete({"master": [APART]})
    if turn.case.merged_cases.exclude(status=Status.ARCHIVED).exists():
        raise Incomplete({"master": ["已有其他事项并入本件，请先撤销那些并案，或改为并入本件。"]})
    return {**cleaned, "master_id": master.pk}


def _confirm(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    content = cleaned["resolved"] and cleaned["satisfaction"] >= CONTENT_FROM
    if Standing.RESIDENT in turn.standing and not content:
        raise NotYou("没有解决或者不满意的，由回访员与您联系后办结；请提交评价，不必办结。")
    return cleaned


def _import_result(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    data = dict(cleaned)
    if "category" in data:
        find_category(data["category"], turn.state.kind)
    if "lead_unit" in data:
        unit = find_unit("lead_unit", data["lead_unit"])
        data |= {"lead_unit_id": unit.pk, "lead_unit_name": unit.name}
    return data


# --- the records ------------------------------------------------------------------------------------------------


def _note(_turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if not cleaned.get("text") and not cleaned.get("public_text"):
        raise Incomplete({"text": ["请写下进展，或者写下要告诉居民的话。"]})
    return cleaned


def _amend(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    case = turn.case
    now_is = {
        "title": case.title,
        "category": turn.state.category_code,
        "level": turn.state.level,
        "address": case.address,
        "grid": turn.state.grid_code,
        "area": turn.state.area_code,
    }
    after = {name: cleaned[name] for name in now_is if name in cleaned and cleaned[name] != now_is[name]}
    if not after:
        raise Incomplete({"reason": ["没有要更正的内容；请先改动标题、类别、等级或地点。"]})
    if "category" in after:
        find_category(after["category"], turn.state.kind)
    _amend_place(after)
    moved = _desk_of(turn, after["area"]) if "area" in after else {}
    before = {name: now_is[name] for name in after}
    for name in ("title", "address"):
        if name in after:
            setattr(case, name, after[name])
    case.save(update_fields=["title", "address"])
    return {"reason": cleaned["reason"], "before": before, "after": after, **moved}


def _desk_of(turn: Turn, area: str) -> dict[str, str]:
    """A case that moves to another place goes to the nearest desk above both, so that whoever sees it may act."""
    desk = turn.state.desk_area
    while desk and not area.startswith(desk):
        desk = parent_code(desk)
    if not desk:
        raise Incomplete({"area": ["所选地点不在本区，请重新选择；外区的事项请移送。"]})
    return {"desk_area": desk}


def _amend_place(after: dict[str, Any]) -> None:
    if "grid" in after:
        grid = Grid.objects.filter(code=after["grid"], active=True).first()
        if grid is None:
            raise Incomplete({"grid": ["没有这个网格，请重新选择。"]})
        after["area"] = grid.code
    elif "area" in after:
        if not Area.objects.filter(code=after["area"], active=True).exists():
            raise Incomplete({"area": ["没有这个区域，请重新选择。"]})
        after["grid"] = ""


def _attach(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    find_attachments("attachments", turn.case, cleaned["attachments"])
    return cleaned  # ids only: a file's name may hold personal data, and the history keeps what it has for ever


_PREPARE: Mapping[str, Preparer] = {
    **ROUTING,
    **REQUESTING,
    **JOINT,
    **ORDERING,
    "accept": _accept,
    "request_material": _request_material,
    "supplement": _supplement,
    "resolve_on_spot": _on_spot,
    "resolve": _resolve,
    "perform": performed,
    "sign": _sign,
    "escalate": _escalate,
    "confirm": _confirm,
    "merge": _merge,
    "import_result": _import_result,
    "assign": _assign,
    "note": _note,
    "amend": _amend,
    "attach": _attach,
    **following_up.PREPARE,
    **SPONSORING,
    **CROWDS,
    **HAZARDS,
    "approve": _approve,
    "close_verified": _verified,
    "send_back": _verified,
}


def _and(prepare: Preparer | None, beside: Callable[[Turn, dict[str, Any]], None]) -> Preparer:
    """Prepare as ever, then keep what goes beside it in the same transaction."""

    def both(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        data = prepare(turn, cleaned) if prepare else cleaned
        if data is not None:
            beside(turn, data)
        return data

    return both


PREPARE: Mapping[str, Preparer] = {
    **_PREPARE,
    **{name: _and(_PREPARE.get(name), beside) for name, beside in BESIDE.items()},
}
