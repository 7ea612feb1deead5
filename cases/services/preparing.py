"""What each move makes of what it was given: codes looked up, rules between the fields, rows that go with the event.

A preparer gets the turn and the cleaned values and returns the event's data (JSON, ids and codes, never personal
data), or None when nothing would change. It raises Incomplete with sentences beside the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Unit, User
from cases import choices as c
from cases.choices import Nature, Status
from cases.models import Case, Category, HandlerRequest, SupervisionOrder
from cases.numbering import next_serial
from cases.policies import policy_for
from cases.services import statements
from cases.services.people import has_officer, officers_of
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area, Grid
from grids.queries import parent_code

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]


#: From this satisfaction on, a resident's own answer closes the case (workflow.md `confirm`).
CONTENT_FROM = 3


# --- looking codes up -------------------------------------------------------------------------------------------


def find_unit(field: str, code: str) -> Unit:
    """Return an active unit by code."""
    unit: Unit | None = statements.UNIT.first(code=code)
    if unit is None:
        raise Incomplete({field: ["没有这个单位，或者该单位已停用；请重新选择。"]})
    return unit


def find_units(field: str, codes: list[str]) -> list[Unit]:
    """Return active units by code, in the order given."""
    if not codes:
        return []
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=codes, active=True)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Incomplete({field: [f"没有代码为 {'、'.join(missing)} 的单位，请重新选择。"]})
    return [found[code] for code in codes]


def find_category(code: str, kind: str) -> Category:
    """Return an active category that suits the kind of the matter."""
    category: Category | None = statements.CATEGORY.first(code=code)
    if category is None:
        raise Incomplete({"category": ["没有这个类别，请从列表中选择。"]})
    if category.kinds and kind not in category.kinds.split():
        raise Incomplete({"category": [f"“{category.name}”不适用于{c.Kind(kind).label}，请重新选择类别。"]})
    return category


def find_attachments(field: str, case: Case, uids: list[str]) -> list[str]:
    """Return the ids of attachments that are files of this case."""
    found = {str(uid) for uid in case.attachments.values_list("uid", flat=True)} if uids else set()
    missing = [uid for uid in uids if uid not in found]
    if missing:
        raise Incomplete({field: ["所选的附件不在本件中，请先上传再选择。"]})
    return list(uids)


def find_officer(turn: Turn, username: str) -> User:
    """Return a person of the lead unit who can take the case."""
    people = {user.username: user for user in officers_of(turn.state.lead_unit_id or 0, turn.now)}
    if username not in people:
        raise Incomplete({"handler": ["此人不是主办单位的在岗承办人员，请重新选择。"]})
    return people[username]


# --- rule 4 -----------------------------------------------------------------------------------------------------


def check_unit(field: str, case: Case, unit: Unit, now: datetime) -> None:
    """Refuse a unit that may not have this case: the one complained about (or below it), or one where nobody sits.

    Source: workflow.md rule 4; 信访工作条例 §30 ¶3, §46(5) (facts §7.1).
    """
    about = case.complained_unit
    if case.nature in (Nature.CONDUCT, Nature.REPORT) and about is not None and unit.is_within(about):
        raise Incomplete(
            {field: [f"{case.get_nature_display()}不得交由被投诉单位“{about.name}”或其下级办理，请选其上级单位。"]}
        )
    if not has_officer(unit.pk, now):
        raise Incomplete({field: [f"“{unit.name}”目前没有在岗的承办人员，请改选其他单位。"]})


# --- the moves --------------------------------------------------------------------------------------------------


def _accept(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    find_category(cleaned["category"], turn.state.kind)
    return cleaned


def _not_past(turn: Turn, field: str, day: date | None) -> None:
    """Refuse a day that people are to wait for and that is already over."""
    if day is not None and day < turn.now.astimezone(SHANGHAI).date():
        raise Incomplete({field: ["这一天已经过去了，请填今天或以后的日期。"]})


def _request_material(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    _not_past(turn, "due_on", cleaned["due_on"])
    return cleaned


def _suspend(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    _not_past(turn, "expected_end", cleaned["expected_end"])
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
    return {**cleaned, "unit_id": post.unit_id, "unit": post.unit_code, "unit_name": post.unit_name}


def _dispatch(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    unit = find_unit("lead_unit", cleaned["lead_unit"])
    check_unit("lead_unit", turn.case, unit, turn.now)
    assisting = [u for u in find_units("assisting_units", cleaned.get("assisting_units", [])) if u.pk != unit.pk]
    for other in assisting:
        check_unit("assisting_units", turn.case, other, turn.now)
    return {
        **cleaned,
        "lead_unit_id": unit.pk,
        "lead_unit_name": unit.name,
        "assisting_units": [u.code for u in assisting],
        "assisting_ids": [u.pk for u in assisting],
        "assisting_names": [u.name for u in assisting],
    }


def _consult(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    units = find_units("units", cleaned["units"])
    for unit in units:
        check_unit("units", turn.case, unit, turn.now)
    return {**cleaned, "unit_names": [unit.name for unit in units]}


def _reassign(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    unit = find_unit("lead_unit", cleaned["lead_unit"])
    if unit.pk == turn.state.lead_unit_id:
        return None
    check_unit("lead_unit", turn.case, unit, turn.now)
    before = Unit.objects.filter(pk=turn.state.lead_unit_id or 0).values_list("name", flat=True).first()
    return {
        **cleaned,
        "lead_unit_id": unit.pk,
        "lead_unit_name": unit.name,
        "from_unit_name": before or "",
        "from_unit_id": turn.state.lead_unit_id,
        "from_handler_id": turn.state.handler_id,
    }


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
    return {**cleaned, "desk_area": here[:above]}


def _resolve(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    find_attachments("photos_after", turn.case, cleaned.get("photos_after", []))
    return cleaned


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


def _uncalled(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Hold the ground for not calling against the case itself (workflow.md `close_uncalled`)."""
    state, ground = turn.state, cleaned["ground"]
    holds = {
        c.UncalledGround.NO_REPORTER: state.nobody_to_ask,
        c.UncalledGround.ANONYMOUS: turn.case.anonymous,
        c.UncalledGround.RATED_ON_SPOT: state.satisfaction is not None,
        c.UncalledGround.NOT_RATED: state.kind in (c.Kind.CONSULTATION, c.Kind.SUGGESTION),
        c.UncalledGround.NOT_SAMPLED: True,
    }
    if not holds[ground]:
        label = c.UncalledGround(ground).label
        raise Incomplete({"ground": [f"该件不属于“{label}”，请另选理由，或者回访后再办结。"]})
    return cleaned


# --- the records ------------------------------------------------------------------------------------------------


def _note(_turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    if not cleaned.get("text") and not cleaned.get("public_text"):
        raise Incomplete({"text": ["请写下进展，或者写下要告诉居民的话。"]})
    return cleaned


def _request(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    kind = cleaned["kind"]
    if kind == c.RequestKind.EXTENSION:
        _check_extension(turn, cleaned)
    if kind == c.RequestKind.SUSPENSION and not (cleaned.get("suspend_reason") and cleaned.get("expected_end")):
        raise Incomplete({"suspend_reason": ["申请暂停计时，请选择暂停理由并填写预计恢复日。"]})
    _not_past(turn, "expected_end", cleaned.get("expected_end"))
    asked = HandlerRequest.objects.create(
        case=turn.case,
        kind=kind,
        amount=cleaned.get("amount"),
        reason=cleaned["reason"],
        expected_end=cleaned.get("expected_end"),
        requested_at=turn.now,
    )
    return {**cleaned, "request": asked.pk}


def _facts(turn: Turn) -> Mapping[str, str]:
    state = turn.state
    return {
        "kind": state.kind,
        "procedure": state.procedure,
        "category": state.category_code,
        "level": state.level,
        "channel": state.channel,
    }


def _check_extension(turn: Turn, cleaned: dict[str, Any]) -> None:
    policy = policy_for(c.Clock.RESOLVE_BY, _facts(turn), turn.now)
    amount, times = (policy.extension_amount, policy.extension_times) if policy else (0, 0)
    used = turn.case.requests.filter(kind=c.RequestKind.EXTENSION, approved=True).count()
    if not amount or used >= times:
        raise NotNow("本件按规定不能再延期；如确需更多时间，请会商或申请暂停计时。", current_status=turn.state.status)
    if not cleaned.get("amount"):
        raise Incomplete({"amount": [f"请填写延长多少，最多 {amount}。"]})
    if cleaned["amount"] > amount:
        raise Incomplete({"amount": [f"按规定最多延长 {amount}，请改小。"]})


def _needs_the_centre(turn: Turn, kind: str) -> bool:
    """For serious ones the centre's lead decides (workflow.md "request and decide"), and where the policy says so."""
    if kind == c.RequestKind.SIGN_OFF:
        return False
    policy = policy_for(c.Clock.RESOLVE_BY, _facts(turn), turn.now)
    said = kind == c.RequestKind.EXTENSION and policy is not None and policy.extension_by == "centre_lead"
    return said or turn.state.level in (c.Level.SERIOUS, c.Level.URGENT)


def _decide(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    asked = turn.case.requests.select_for_update().filter(pk=cleaned["request"], approved__isnull=True).first()
    if asked is None:
        raise Incomplete({"request": ["没有这份待批的申请，可能已经批复过。"]})
    if _needs_the_centre(turn, asked.kind) and Standing.CENTRE_LEAD not in turn.standing:
        raise NotYou(f"本件的{c.RequestKind(asked.kind).label}须由中心负责人批准。")
    asked.approved, asked.decided_at = cleaned["approved"], turn.now
    asked.save(update_fields=["approved", "decided_at"])
    data = {**cleaned, "kind": asked.kind, "amount": asked.amount}
    if asked.approved and asked.kind == c.RequestKind.SUSPENSION:
        wanted = turn.events_of("request", asked.pk).data
        data["suspend"] = {"reason": wanted["suspend_reason"], "expected_end": wanted["expected_end"]}
    return data


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


def _order(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    kind = cleaned["kind"]
    if Standing.CLOCK in turn.standing and kind != c.OrderKind.URGE:
        raise NotYou("系统只能自动催办；督办函等须由督办员签发。")
    if cleaned["deadline"] <= turn.now:
        raise Incomplete({"deadline": ["回复期限应在现在之后，请重新填写。"]})
    if cleaned["deadline"] > turn.now + timedelta(days=366):
        raise Incomplete({"deadline": ["回复期限不超过一年，请重新填写。"]})
    formal = kind in (c.OrderKind.TALK, c.OrderKind.CIRCULAR, c.OrderKind.LISTED)
    if formal and not (cleaned.get("issuer") and cleaned.get("issuer_number")):
        raise Incomplete({"issuer": ["约谈、通报、挂牌督办由政法委或联席会议作出，请写明签发机关和文号。"]})
    year = turn.now.astimezone(SHANGHAI).year
    order = SupervisionOrder.objects.create(
        case=turn.case,
        number=f"综治督〔{year}〕{next_serial()}号",
        kind=kind,
        unit_id=turn.state.lead_unit_id,
        demand=cleaned["demand"],
        deadline=cleaned["deadline"],
        issuer=cleaned.get("issuer", ""),
        issuer_number=cleaned.get("issuer_number", ""),
        issued_at=turn.now,
    )
    return {**cleaned, "order": order.pk, "number": order.number}


def _find_order(turn: Turn, pk: int) -> SupervisionOrder:
    order = turn.case.orders.select_for_update().filter(pk=pk, lifted_at__isnull=True).first()
    if order is None:
        raise Incomplete({"order": ["没有这份未解除的督办，请核对编号。"]})
    return order


def _respond(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    order = _find_order(turn, cleaned["order"])
    order.response, order.responded_at = cleaned["response"], turn.now
    order.save(update_fields=["response", "responded_at"])
    return {**cleaned, "number": order.number}


def _lift(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    order = _find_order(turn, cleaned["order"])
    order.lifted_at = turn.now
    order.save(update_fields=["lifted_at"])
    return {**cleaned, "number": order.number}


def _attach(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    find_attachments("attachments", turn.case, cleaned["attachments"])
    return cleaned  # ids only: a file's name may hold personal data, and the history keeps what it has for ever


PREPARE: Mapping[str, Preparer] = {
    "accept": _accept,
    "request_material": _request_material,
    "supplement": _supplement,
    "resolve_on_spot": _on_spot,
    "dispatch": _dispatch,
    "consult": _consult,
    "conclude": _dispatch,
    "sign": _sign,
    "reassign": _reassign,
    "escalate": _escalate,
    "suspend": _suspend,
    "resolve": _resolve,
    "confirm": _confirm,
    "close_uncalled": _uncalled,
    "merge": _merge,
    "import_result": _import_result,
    "assign": _assign,
    "note": _note,
    "request": _request,
    "decide": _decide,
    "amend": _amend,
    "order": _order,
    "respond": _respond,
    "lift": _lift,
    "attach": _attach,
}
