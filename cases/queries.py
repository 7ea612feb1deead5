"""Reading a case: what may be done, what happened, what the resident may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases import choices as c
from cases.choices import Status
from cases.crowds import telling as crowds
from cases.models import Case, Deadline, Event, Submission
from cases.needs import Need, applying
from cases.querysets import CaseQuerySet
from cases.services.door import posts_of
from cases.standing import Standing
from cases.workflow import CATEGORY_URL, TABLE, Action, offered, records_offered
from governance_portal.lib.errors import NotYours
from governance_portal.lib.numbers import is_valid_number, matches, parse_number
from governance_portal.lib.prepared import Query
from governance_portal.lib.spoken import until_words


@dataclass(frozen=True)
class Offer:
    """A move or record offered to one person on one case, with the needs that apply to them."""

    action: Action
    needs: tuple[Need, ...]

    @property
    def name(self) -> str:
        """Code of the move."""
        return self.action.name

    @property
    def label(self) -> str:
        """What the button says."""
        return self.action.label

    def as_dict(self) -> dict[str, Any]:
        """Return `{name, label, needs}` as the API publishes it."""
        return {"name": self.name, "label": self.label, "needs": [need.as_dict() for need in self.needs]}


def moves_for(case: Case, actor: Actor, now: datetime) -> list[Offer]:
    """Return the moves this person may make now, the expected one first (one query: assisting units)."""
    standing = frozenset(posts_of(case, actor, now))
    return [Offer(action, _needs(action, case, standing)) for action in offered(case, standing, now)]


def records_for(case: Case, actor: Actor, now: datetime) -> list[Offer]:
    """Return the records this person may write now."""
    standing = frozenset(posts_of(case, actor, now))
    return [Offer(action, _needs(action, case, standing)) for action in records_offered(case, standing, now)]


def offers(case: Case, standing: frozenset[Standing], now: datetime) -> tuple[list[Offer], list[Offer]]:
    """Return `(moves, records)` for somebody whose standing is known already; no query."""
    moves = [Offer(action, _needs(action, case, standing)) for action in offered(case, standing, now)]
    records = [Offer(action, _needs(action, case, standing)) for action in records_offered(case, standing, now)]
    return moves, records


def _needs(action: Action, case: Case, standing: Any) -> tuple[Need, ...]:
    return tuple(_for_case(need, case) for need in applying(action.needs, case, standing))


def _for_case(need: Need, case: Case) -> Need:
    if need.choices_url == CATEGORY_URL:
        return Need(**{**need.__dict__, "choices_url": f"{CATEGORY_URL}?kind={case.kind}"})
    if "{number}" not in need.choices_url:
        return need
    return Need(**{**need.__dict__, "choices_url": need.choices_url.format(number=case.number)})


def case_for(actor: Actor, number: str, now: datetime) -> Case:
    """Return one visible case with what its page needs; NotYours (404) otherwise."""
    found = (
        Case.objects.visible_to(actor, now)
        .select_related("category", "lead_unit", "handler", "first_unit", "complained_unit")
        .prefetch_related("assisting_rows")  # asked by each "may this person …" of the page
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotYours()
    return found


def registered_as(client_ids: str) -> list[Case]:
    """Return the cases whose registration came under a `client_id` that begins so, the oldest first."""
    made = Submission.objects.filter(client_id__startswith=client_ids)
    return list(Case.objects.filter(pk__in=made.values("case_id")).order_by("pk"))


def cases_from(source: str) -> list[Case]:
    """Return the cases that came from another system, by its code (`foreign_source`), the oldest first."""
    return list(Case.objects.filter(foreign_source=source).order_by("pk"))


def history(case: Case) -> list[Event]:
    """Return the whole history, oldest first."""
    return _HISTORY.rows(case=case.pk)


def visible_cases(actor: Actor, now: datetime) -> CaseQuerySet:
    """Return what somebody may see, for the floors above to narrow what they show."""
    return Case.objects.visible_to(actor, now)


def passed_out(since: datetime) -> CaseQuerySet:
    """Return the cases passed to another body (移送) since then, for who carries them there (hotlines.links)."""
    return Case.objects.filter(outcome=c.Outcome.TRANSFERRED, closed_at__gte=since).order_by("pk")


def running_deadlines(case: Case) -> list[Deadline]:
    """Return the clocks that run, the nearest first."""
    return list(case.deadlines.filter(running=True).order_by("due_at"))


# --- the resident -----------------------------------------------------------------------------------------------

PUBLIC_LABELS = {
    Status.REGISTERED: "已登记，等待受理",
    Status.INCOMPLETE: "需要补充材料",
    Status.DECLINED: "这件事由其他机关办理，地址、电话见下",
    Status.ACCEPTED: "已受理，正在安排办理单位",
    Status.CONSULTING: "正在协调办理单位",
    Status.DISPATCHED: "已转交 {unit}",
    Status.RETURNED: "正在协调办理单位",
    Status.HANDLING: "{unit} 正在办理",
    Status.SUSPENDED: "正在办理（等待鉴定、听证等）",
    Status.SUPERVISION: "办理结果审核中",
    Status.FOLLOW_UP: "已答复，等待您评价",
    Status.MERGED: "与受理编号 {master} 合并办理",
}
ENDINGS = {
    c.Outcome.WITHDRAWN: "已撤回",
    c.Outcome.TERMINATED: "已终止",
    c.Outcome.TRANSFERRED: "已移送 {receiver}",
}

#: What a resident reads of each move; a move that is not here is not shown (white list).
PUBLIC_EVENTS = {
    "register": "已登记",
    "request_material": "需要补充材料",
    "supplement": "已收到补充材料",
    "accept": "已受理",
    "decline": "告知由其他机关办理",
    "review_decline": "重新审核",
    "transfer": "已移送",
    "resolve_on_spot": "已答复",
    "dispatch": "已转交办理单位",
    "consult": "正在协调办理单位",
    "conclude": "已转交办理单位",
    "sign": "办理单位已签收",
    "return": "正在协调办理单位",
    "insist": "已转交办理单位",
    "reassign": "已转交办理单位",
    "escalate": "已转上一级办理",
    "suspend": "等待鉴定、听证等，暂停计时",
    "resume": "继续办理",
    "approve": "已答复，等待您评价",
    "close_verified": "已办结",
    "confirm": "已办结",
    "redo": "重新办理",
    "close_unreached": "已办结",
    "close_uncalled": "已办结",
    "close_explained": "已办结，书面说明如下",
    "withdraw": "已撤回",
    "terminate": "已终止",
    "merge": "合并办理",
    "unmerge": "恢复单独办理",
    "reopen": "恢复办理",
    "import_result": "已办结",
}


_PUBLIC = Query(lambda v: Case.objects.select_related("lead_unit").filter(number=v.number).order_by(), number=str)
_HISTORY = Query(lambda v: Event.objects.filter(case_id=v.case).order_by("seq"), case=int)


def find_public(number: str, code: str) -> Case | None:
    """Return the case that this number and query code open, or None; both failures take the same work."""
    parsed = parse_number(number) if is_valid_number(number) else ""
    case: Case | None = _PUBLIC.first(number=parsed or "-")
    ok = matches(case.number if case else "0" * 14, case.query_issue if case else 1, code)
    return case if case is not None and ok else None


def public_status(case: Case, events: Iterable[Event] = ()) -> str:
    """Return what the resident reads for the status (workflow.md "what the resident reads")."""
    status = Status(case.status)
    if status in (Status.CLOSED, Status.ARCHIVED):
        ending = ENDINGS.get(c.Outcome(case.outcome)) if case.outcome else None
        receiver = next((e.data.get("receiver") for e in reversed(list(events)) if e.kind == "transfer"), "")
        return ending.format(receiver=c.Receiver(receiver).label if receiver else "有权机关") if ending else "已办结"
    unit = case.lead_unit.name if case.lead_unit else "办理单位"
    master = case.master.number if case.master_id and case.master else ""
    return PUBLIC_LABELS[status].format(unit=unit, master=master)


def public_timeline(case: Case, told: Sequence[Event] | None = None) -> dict[str, Any]:
    """Return the white-listed view of one case for its resident; three queries beyond the case, more for a merged one.

    told: the history to tell, when it is not the stored one (a move that is only being thought of).

    `{number, title, status, stage, status_text, registered_at, due_at, due_tentative, lead_unit, reply, next_step,
    events: [{at, label, text}], can_rate, satisfaction, crowd}`. No names, no internal text, never the other party.
    """
    events = list(told) if told is not None else history(case)
    shown: list[dict[str, Any]] = []
    reply = ""
    for event in events:
        if event.kind in ("resolve", "resolve_on_spot"):
            reply = str(event.data.get("reply", ""))
        if received := event.data.get("received_at") if event.kind == "register" else "":
            shown.append({"at": datetime.fromisoformat(received), "label": "已收到", "text": ""})
        if words := resident_words(event):
            shown.append({"at": event.at, "label": words[0], "text": words[1]})
    if case.master is not None:
        told_there = crowds.from_master(case, events, resident_words)
        shown = sorted([*shown, *told_there.events], key=lambda row: row["at"])
        if news := _news_of_master(case.master):
            shown.append(news)
        reply = told_there.reply
    answered = case.status in (Status.FOLLOW_UP, Status.CLOSED, Status.ARCHIVED)
    return {
        "number": case.number,
        "title": case.title,
        "status": case.status,
        "stage": case.stage,
        "status_text": public_status(case, events),
        "registered_at": case.registered_at,
        "due_at": case.due_at if case.is_open and not answered else None,
        "due_tentative": case.due_tentative,
        "lead_unit": case.lead_unit.name if case.lead_unit else "",
        "reply": reply if answered or case.status == Status.MERGED else "",
        "crowd": crowds.crowd_shown(case),
        "events": shown,
        "can_rate": "rate" in TABLE and case.status in (Status.FOLLOW_UP, Status.CLOSED) and not case.anonymous,
        "satisfaction": case.satisfaction,
    }


def _news_of_master(master: Case) -> dict[str, Any] | None:
    """Tell the resident of a merged case that the other one has ended, and how; its texts are another resident's."""
    if master.status not in (Status.CLOSED, Status.ARCHIVED) or not master.closed_at:
        return None
    text = f"受理编号 {master.number} 的事项{public_status(master)}。办理结果请带受理编号到窗口或来电询问。"
    return {"at": master.closed_at, "label": "合并办理的事项已办结", "text": text}


def resident_words(event: Event) -> tuple[str, str] | None:
    """Return `(label, text)` of an event as its resident reads it, or None when he reads nothing of it."""
    text = _public_text(event)
    if event.kind in PUBLIC_EVENTS:
        return PUBLIC_EVENTS[event.kind], _public_words(event, text)
    if event.kind == "decide" and event.data.get("due_after"):
        return "办理期限延长", _longer_words(event.data)
    return ("办理进展", text) if event.kind == "note" and text else None


def _longer_words(data: Mapping[str, Any]) -> str:
    """Tell an extension: the old date, the new one and why (信访工作条例 §34 告知延期理由)."""
    before, after = (until_words(datetime.fromisoformat(data[name])) for name in ("due_before", "due_after"))
    tentative = "（暂定，以公布的放假安排为准）" if data.get("tentative") else ""
    why = data.get("public_reason") or "情况比较复杂，需要更多时间。"
    return f"原定最晚 {before} 前答复，经批准延长到 {after} 前{tentative}。\n延期理由：{why}"


def _public_text(event: Event) -> str:
    """Return the texts of an event that its needs mark as public, except the reply, which waits for the check."""
    names = [need.name for need in TABLE[event.kind].needs if need.public and need.type in ("longtext", "text")]
    return "\n".join(str(event.data[name]) for name in names if event.data.get(name) and name != "reply")


def _public_words(event: Event, text: str) -> str:
    data = event.data
    if event.kind in ("dispatch", "conclude", "reassign"):
        return str(data.get("lead_unit_name", ""))
    if event.kind == "transfer":
        return str(c.Receiver(data["receiver"]).label)
    if event.kind == "request_material":
        return f"{text}\n请于 {data['due_on']} 前补充。"
    if event.kind == "close_explained":
        return str(data.get("explanation", ""))
    return text
