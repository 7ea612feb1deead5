"""Where a matter stands, in sentences: who has it, until when, what is expected of the reader; what a move brought.

look.md "Words": say what happened and what follows, 「已分流至井坪司法所，请于今天 16:30 前签收」.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from cases.choices import STAGE_OF, Clock, Stage, Status
from cases.models import Case, Event
from cases.workflow import Action
from governance_portal.lib import spoken
from governance_portal.lib.working_days import SHANGHAI

#: Whose turn it is and what they do, while no unit has the case; the move whose button says the same.
DESKS = {
    Status.REGISTERED: ("窗口受理员", "受理"),
    Status.ACCEPTED: ("分流员", "分流"),
    Status.CONSULTING: ("分流员", "会商指定承办单位"),
    Status.RETURNED: ("分流员", "改派"),
    Status.SUPERVISION: ("督办员", "审核"),
    Status.FOLLOW_UP: ("回访员", "回访"),
}
#: What each clock waits for, as a verb.
STEPS = {
    Clock.ACCEPT_BY: "受理",
    Clock.DISPATCH_BY: "分流",
    Clock.SIGN_BY: "签收",
    Clock.CONTACT_BY: "首次联系当事人",
    Clock.RESOLVE_BY: "办结上报",
    Clock.REVIEW_BY: "审核",
    Clock.FOLLOW_UP_BY: "回访",
    Clock.ORDER_BY: "回复督办",
    Clock.CONFIRMATION_BY: "申请司法确认",
    Clock.PERFORMANCE_BY: "履行协议",
}
TO_A_UNIT = ("dispatch", "conclude", "reassign", "insist")


@dataclass(frozen=True)
class Whereabouts:
    """One look's worth. `mine`: the reader is expected to act; `late`: the step's limit has passed."""

    text: str
    mine: bool = False
    late: bool = False


def whereabouts_of(case: Case, events: Sequence[Event], mine: str, now: datetime) -> Whereabouts:
    """Return the sentence under the five words. mine: label of the move expected of the reader, "" when none is."""
    status = Status(case.status)
    if ended := _ended(case, events, now):
        return Whereabouts(ended)
    late = bool(case.step_due_at and now > case.step_due_at)
    if status == Status.INCOMPLETE:
        until = _day_given(events, "request_material", "due_on", now)
        return Whereabouts(f"等来访人补充材料{until and f'，{until}前'}；收到后请点“补正”。")
    if status == Status.SUSPENDED:
        until = _day_given(events, "suspend", "expected_end", now)
        return Whereabouts(f"{_holder(case)} 已暂停计时{until and f'，预计{until}恢复'}。", bool(mine))
    if mine and status == Status.HANDLING:
        return Whereabouts(f"由您办理{_until(case, now, late)}。{_besides(case, now)}", True, late)
    if mine:
        verb = "签收" if status == Status.DISPATCHED else DESKS[status][1]
        return Whereabouts(f"等您{verb}{_until(case, now, late)}。{_besides(case, now)}", True, late)
    if status == Status.HANDLING:
        return Whereabouts(f"现在由 {_holder(case)} 办理{_until(case, now, late)}。{_besides(case, now)}", False, late)
    who, verb = (_unit(case), "签收") if status == Status.DISPATCHED else DESKS[status]
    return Whereabouts(f"等 {who} {verb}{_until(case, now, late)}。", False, late)


def told(case: Case, action: Action, now: datetime) -> str:
    """Say what happened and what follows."""
    if not action.is_move:
        return f"已记入“{action.label}”。"
    where = f"至{_unit(case)}" if action.name in TO_A_UNIT else ""
    if action.name == "merge" and case.master:
        return f"已并案，并入 {case.master.number}；那一件办结时一并告诉居民。"
    return f"已{action.label}{where}，{_follows(case, now)}。"


def notes_of(case: Case, events: Sequence[Event]) -> dict[str, str]:
    """The small words under the five: who left a stage and on which day; who has it now and since when."""
    notes: dict[str, str] = {}
    since = case.registered_at
    for event in events:
        if event.status_before and event.status_before != event.status_after:
            since = event.at
            left, entered = (STAGE_OF[Status(s)] for s in (event.status_before, event.status_after))
            if left != entered:
                notes[left.value] = f"{event.actor_name} {_short(event.at)}"
    here = STAGE_OF[Status(case.status)]
    if here != Stage.DONE:
        notes[here.value] = f"{_note_holder(case)} {_short(since)}起"
    return notes


# --- parts of sentences -----------------------------------------------------------------------------------------


def _until(case: Case, now: datetime, late: bool) -> str:
    """「，请于今天 16:30 前签收」, or that the limit has passed."""
    if not case.step_due_at:
        return ""
    verb = STEPS.get(Clock(case.step_clock), "办理") if case.step_clock else "办理"
    when = _step(case, now)
    return f"，应于{when}{verb}，已超时" if late else f"，请于{when}{verb}"


def _besides(case: Case, now: datetime) -> str:
    """The resident's date, when a nearer step was named."""
    if case.due_running and case.due_at and case.step_due_at and case.due_at > case.step_due_at:
        return f"{_by(case.due_at, now, case.due_tentative)}办结。"
    return ""


def _follows(case: Case, now: datetime) -> str:
    status = Status(case.status)
    if status == Status.DISPATCHED:
        return f"请于{_step(case, now)}签收" if case.step_due_at else "等待签收"
    if status == Status.HANDLING:
        return f"请于{_step(case, now)}{STEPS[Clock(case.step_clock)]}" if case.step_due_at else "可以办理了"
    if status in DESKS:
        who, verb = DESKS[status]
        return f"请{who}于{_step(case, now)}{verb}" if case.step_due_at else f"等{who}{verb}"
    if status == Status.INCOMPLETE:
        return "受理期限暂停；居民补充后请点“补正”"
    if status == Status.SUSPENDED:
        return "办结期限暂停计算；条件具备时请点“恢复计时”"
    if status == Status.CLOSED:
        outcome = f"，化解结果：{case.get_outcome_display()}" if case.outcome else ""
        return f"本件办结{outcome}"
    return f"现为“{status.label}”"


def _step(case: Case, now: datetime) -> str:
    return _by(case.step_due_at, now, case.step_tentative) if case.step_due_at else ""


def _by(moment: datetime, now: datetime, tentative: bool) -> str:
    """「今天 16:30 前」; a limit of days ends with its last day: 「明天 24:00 前」; 暂定 past the published year."""
    local = moment.astimezone(SHANGHAI)
    end = " 24:00 前" if (local.hour, local.minute) == (0, 0) else " 前"
    return f"{spoken.deadline_words(moment, now)}{end}{'（暂定）' if tentative else ''}"


def _ended(case: Case, events: Sequence[Event], now: datetime) -> str:
    status = Status(case.status)
    window = _by(case.window_until, now, tentative=False) if case.window_until else ""
    if status == Status.DECLINED:
        return f"不予受理；{window}可以复审。" if window else "不予受理。"
    if status == Status.MERGED:
        return f"已并入 {case.master.number} 一并办理。" if case.master else "已与另一件合并办理。"
    if status == Status.ARCHIVED:
        return "已归档，只能查看。"
    if status != Status.CLOSED:
        return ""
    outcome = f"，化解结果：{case.get_outcome_display()}" if case.outcome else ""
    again = f"；{window}可以恢复办理" if window and case.window_until and case.window_until > now else ""
    return f"已办结{outcome}{again}。"


def _day_given(events: Sequence[Event], kind: str, name: str, now: datetime) -> str:
    found = next((event.data.get(name) for event in reversed(events) if event.kind == kind), None)
    if not found:
        return ""
    day = datetime.combine(date.fromisoformat(str(found)), time(12), SHANGHAI)
    return f" {spoken.day_words(day, now)}"


def _unit(case: Case) -> str:
    return case.lead_unit.name if case.lead_unit_id and case.lead_unit else "承办单位"


def _holder(case: Case) -> str:
    return f"{_unit(case)} {case.handler.name}" if case.handler_id and case.handler else _unit(case)


def _note_holder(case: Case) -> str:
    status = Status(case.status)
    if status in (Status.HANDLING, Status.SUSPENDED):
        return case.handler.name if case.handler_id and case.handler else _unit(case)
    if status == Status.DISPATCHED:
        unit = case.lead_unit
        return (unit.short_name or unit.name) if unit else "承办单位"
    return "来访人补正" if status == Status.INCOMPLETE else DESKS.get(status, ("", ""))[0]


def _short(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日"
