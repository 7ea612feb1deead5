"""fold(events): the state of a case, computed from its history and nothing else.

The door writes a row from this and from nothing else, so a row that disagrees with its events has been written by
somebody who went round the door. Pure: no database, time comes in with the events.

An event is anything with `kind, at, actor_id, status_after, data` (cases.models.Event, or a test double).
`data["limits"]` holds the limits that the policy gave when the event was written, `{clock: [amount, unit]}`, so a
later change of policy never moves a running clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from cases import agreements
from cases.choices import AGREEMENT_CLOCKS, REVIEWS, Clock, Kind, RedoRequestState, RequestKind, Status, Window
from cases.deadlines import ClockState
from cases.state import COLUMNS, EventLike, State
from cases.workflow import TABLE, WINDOWS, Action
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, LimitUnit, due

__all__ = ["COLUMNS", "COMING_BACK", "EventLike", "State", "apply", "fold"]

#: Moves by which a case comes back to somebody's desk (退回重办); a pause and its end change nothing about that.
COMING_BACK = frozenset({"return", "send_back", "redo", "reopen"})
WAITING_MOVES = frozenset({"suspend", "resume"})


def fold(events: Iterable[EventLike], calendar: Calendar) -> State:
    """Return the state after these events, oldest first."""
    state = State()
    for event in events:
        apply(state, event, calendar)
    return state


def apply(state: State, event: EventLike, calendar: Calendar) -> State:
    """Take one event into the state, in place, and return it.

    Order matters: lateness reached by now is noted before anything is met, paused or extended (rule 6).
    """
    action = TABLE[event.kind]
    if event.kind != "import_result":  # A finished matter from elsewhere: our clocks judge nothing of it.
        for clock in state.clocks.values():
            clock.note_lateness(event.at)
    if event.kind == "merge":
        state.status_before_merge = state.status
    _clocks(state, action, event, calendar)
    if handler := EFFECTS.get(event.kind):
        handler(state, event, calendar)
    if ended := event.data.get("ended_tasks"):
        state.tasks = {pk: unit for pk, unit in state.tasks.items() if pk not in ended}
    if action.handles and event.actor_id not in state.handled_by:
        state.handled_by = [*state.handled_by, event.actor_id]
    if action.outcome is not None:
        state.outcome = action.outcome
    if action.is_move:
        _enter(state, event, calendar)
        _after_consulting(state, event)
        if event.kind not in WAITING_MOVES:
            state.came_back = event.kind if event.kind in COMING_BACK else ""
    state.instalments_open = agreements.open_instalments(state)
    state.version += 1
    return state


def _after_consulting(state: State, event: EventLike) -> None:
    """Who was invited to a 会商 that led nowhere sees the case no longer; what was asked before a move is void."""
    if event.kind != "suspend":
        state.decline_asked = False
    if not state.invited or event.kind in ("consult", "merge", "unmerge"):
        return
    state.invited = False
    if event.kind != "conclude":
        state.assisting = state.team


def _enter(state: State, event: EventLike, calendar: Calendar) -> None:
    """Write the new status with what follows from standing there."""
    before, state.status = state.status, event.status_after
    window = WINDOWS.get(Status(state.status))
    limit = _limit(event, window) if window else None
    if window is Window.RETURN:
        state.return_until = due(event.at, limit, calendar).due if limit else None
    elif window is not None:
        state.window_until = due(event.at, limit, calendar).due if limit else None
    elif state.status != Status.ARCHIVED:
        state.window_until = None
    if state.status == Status.CLOSED:
        state.closed_at = _closing_time(event)
    elif state.status not in (Status.ARCHIVED, Status.MERGED):
        state.closed_at = None
    state.over_at = state.over_since(event.at, before)


# --- clocks -----------------------------------------------------------------------------------------------------


def _limit(event: EventLike, clock: str) -> Limit | None:
    row = event.data.get("limits", {}).get(str(clock.value if hasattr(clock, "value") else clock))
    return Limit(int(row[0]), LimitUnit(row[1])) if row else None


def _clocks(state: State, action: Action, event: EventLike, calendar: Calendar) -> None:
    if event.kind == "import_result":
        _stop(state, event.at, "cancel")
    for name in action.meets:
        _meet(state, name, event.at)
    for name in action.cancels:
        _each_live(state, name, lambda found: found.cancel(event.at))
    if action.ends:
        spared = AGREEMENT_CLOCKS if agreements.outlive(state, event, action.outcome) else ()
        _stop(state, event.at, {"all": "cancel", "halt": "halt", "unhalt": "unhalt"}[action.ends], spared)
    for name in action.pauses:
        _each_live(state, name, lambda found: found.pause(event.at))
    for name in action.resumes:
        found = state.latest(name)
        if found:
            found.resume(event.at, calendar)
            if event.kind == "send_back":
                found.reopen()
    for name in action.starts:
        _start(state, name, event, calendar)


def _meet(state: State, name: str, at: datetime) -> None:
    if name == Clock.CONTACT_BY or name in AGREEMENT_CLOCKS:
        return  # Not by every such record: see _contact and agreements.perform.
    _each_live(state, name, lambda found: found.meet(at))


def _each_live(state: State, name: str, act: Callable[[ClockState], None]) -> None:
    for clock in state.clocks.values():
        if clock.clock == name and clock.live:
            act(clock)


def _stop(state: State, at: datetime, how: str, spared: Collection[str] = ()) -> None:
    for clock in state.clocks.values():
        if clock.clock == Clock.ORDER_BY or clock.clock in spared:
            continue  # An order stands until it is lifted, also on a closed case.
        if how == "unhalt":
            clock.unhalt()
        elif clock.live:
            clock.cancel(at) if how == "cancel" else clock.halt(at)


def _start(state: State, name: Clock, event: EventLike, calendar: Calendar) -> None:
    if name == Clock.ORDER_BY or name in AGREEMENT_CLOCKS:
        return  # Their ends stand in the event: see _order, agreements.begin.
    previous = state.latest(name)
    if name == Clock.RESOLVE_BY:
        if event.kind in ("redo", "reopen"):
            state.round += 1
        elif previous is not None:
            return  # Accepted once already (a declined case that was reviewed): its date goes on (rule 6).
    limit = _limit(event, name)
    if limit is None:
        return
    period = state.round if name == Clock.RESOLVE_BY else (previous.period + 1 if previous else 1)
    begins = event.at
    if name == Clock.RESOLVE_BY and event.kind == "accept" and state.procedure in REVIEWS and state.registered_at:
        begins = state.registered_at  # 自收到复查（复核）请求之日起 (XF §§35, 36)
    state.clocks[(str(name.value), period)] = ClockState.begin(str(name.value), period, begins, limit, calendar)


# --- what single events do beyond their clocks ------------------------------------------------------------------


def _register(state: State, event: EventLike, _calendar: Calendar) -> None:
    data = event.data
    for name in ("kind", "procedure", "channel", "nature", "level", "area_code", "grid_code", "desk_area"):
        setattr(state, name, data.get(name) or "")
    state.category_code = data.get("category") or ""
    state.complained_unit_id = data.get("complained_unit_id")
    state.nobody_to_ask = bool(data.get("nobody_to_ask"))
    state.registered_at = event.at
    if state.kind == Kind.HAZARD:
        state.finder_id = event.actor_id


def _accept(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.category_code = event.data.get("category") or state.category_code
    state.level = event.data.get("level") or state.level
    state.accepted_at = state.accepted_at or event.at


def _on_spot(state: State, event: EventLike, calendar: Calendar) -> None:
    _accept(state, event, calendar)
    resolve_by = state.latest(Clock.RESOLVE_BY)
    limit = _limit(event, Clock.RESOLVE_BY)
    if resolve_by is None and limit:
        resolve_by = ClockState.begin(str(Clock.RESOLVE_BY.value), state.round, event.at, limit, calendar)
        resolve_by.meet(event.at)
        state.clocks[(resolve_by.clock, resolve_by.period)] = resolve_by
    state.outcome = event.data["outcome"]
    agreements.begin(state, event, calendar)
    state.resolved_at = event.at
    _led_by(state, event.data.get("unit_id"))
    state.handler_id = event.actor_id
    check = Clock.REVIEW_BY if event.status_after == Status.SUPERVISION else Clock.FOLLOW_UP_BY
    _start(state, check, event, calendar)


def _led_by(state: State, unit_id: int | None) -> None:
    state.lead_unit_id = unit_id
    if state.first_unit_id is None:
        state.first_unit_id = unit_id  # 首接负责: written once (北京条例 §14)


def _dispatch(state: State, event: EventLike, _calendar: Calendar) -> None:
    _led_by(state, event.data["lead_unit_id"])
    state.handler_id = None
    state.mode = event.data.get("mode") or state.mode or "forward"
    asked = tuple(event.data.get("assisting_ids", ()))
    state.team = tuple(unit for unit in state.team if unit not in (*asked, state.lead_unit_id))
    _assist(state, *asked, *state.team)
    state.designated = event.kind == "conclude"
    state.signed_off = False


def _sign(state: State, event: EventLike, _calendar: Calendar) -> None:
    _take(state, event.data["handler_id"])
    state.signed_off = False


def _take(state: State, handler_id: int) -> None:
    state.handler_id = handler_id
    if handler_id not in state.handled_by:
        state.handled_by = [*state.handled_by, handler_id]


def _return(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.returns_used += 1
    state.handler_id = None


def _insist(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.designated = True
    state.handler_id = None


def _reassign(state: State, event: EventLike, _calendar: Calendar) -> None:
    _led_by(state, event.data["lead_unit_id"])
    state.handler_id = None
    state.designated = False
    state.signed_off = False
    state.assisting = tuple(unit for unit in state.assisting if unit != state.lead_unit_id)


def _escalate(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.desk_area = event.data["desk_area"]
    state.lead_unit_id = None
    state.handler_id = None
    _assist(state, *state.team)
    state.designated = False


def _resolve(state: State, event: EventLike, calendar: Calendar) -> None:
    state.outcome = event.data["outcome"]
    agreements.begin(state, event, calendar)
    state.resolved_at = event.at
    state.signed_off = False


def _back_to_work(state: State, event: EventLike, calendar: Calendar) -> None:
    state.outcome = ""
    agreements.void(state, event.at)
    state.resolved_at = None
    if event.status_after == Status.ACCEPTED:
        _start(state, Clock.DISPATCH_BY, event, calendar)
    if event.kind != "send_back":
        state.satisfaction = state.resolved = state.rated_at = None
    if event.kind == "redo":
        state.redo_count += 1
    state.redo_request = ""
    if event.kind == "reopen":
        state.accepted_at = state.accepted_at or event.at  # withdrawn or transferred before anybody accepted it
    state.unreached_days = []


def _confirm(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.satisfaction = event.data["satisfaction"]
    state.resolved = event.data["resolved"]
    state.rated_at = state.rated_at or event.at  # the week for amending runs from the first answer


def _ask_redo(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.redo_request = str(RedoRequestState.ASKED.value)


def _decide_redo(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.redo_request = "" if event.data["approved"] else str(RedoRequestState.REFUSED.value)


def _close_explained(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.satisfaction, state.resolved = event.data["satisfaction"], event.data["resolved"]
    state.redo_request = ""


def _merge(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.master_id = event.data["master_id"]


def _unmerge(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.master_id = None
    state.status_before_merge = ""


def _import_result(state: State, event: EventLike, _calendar: Calendar) -> None:
    data = event.data
    state.outcome = data.get("outcome") or ""
    state.import_on_time = data.get("on_time")
    state.imported = True
    state.category_code = data.get("category") or state.category_code
    if data.get("lead_unit_id"):
        _led_by(state, data["lead_unit_id"])


def _closing_time(event: EventLike) -> datetime | None:
    """When the case was closed; of an imported one only what its source said, none is invented."""
    if event.kind != "import_result":
        return event.at
    told = event.data.get("closed_at")
    return datetime.fromisoformat(told) if told else None


def _assign(state: State, event: EventLike, _calendar: Calendar) -> None:
    _take(state, event.data["handler_id"])


def _contact(state: State, event: EventLike, _calendar: Calendar) -> None:
    if state.status == Status.FOLLOW_UP and not event.data["reached"]:
        day = event.at.astimezone(SHANGHAI).date().isoformat()
        if day not in state.unreached_days:
            state.unreached_days = [*state.unreached_days, day]
    first = state.latest(Clock.CONTACT_BY)
    if first and first.live:
        first.meet(event.at)


def _decide(state: State, event: EventLike, calendar: Calendar) -> None:
    if not event.data["approved"]:
        _withdraw_request(state, event, calendar)
        return
    if event.data["kind"] == RequestKind.EXTENSION:
        clock = state.latest(Clock.RESOLVE_BY)
        if clock and clock.live:
            clock.extend(int(event.data["amount"]), calendar)
    elif event.data["kind"] == RequestKind.SIGN_OFF:
        state.signed_off = True


def _amend(state: State, event: EventLike, _calendar: Calendar) -> None:
    after = event.data.get("after", {})
    for given, column in (
        ("category", "category_code"),
        ("level", "level"),
        ("area", "area_code"),
        ("grid", "grid_code"),
    ):
        if given in after:
            setattr(state, column, after[given])
    if "desk_area" in event.data:
        state.desk_area = event.data["desk_area"]


def _order(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.orders_open += 1
    ends = datetime.fromisoformat(event.data["deadline"])
    number = int(event.data["order"])
    state.clocks[(str(Clock.ORDER_BY.value), number)] = ClockState.until(
        str(Clock.ORDER_BY.value), number, event.at, ends
    )


def _renew(state: State, event: EventLike, _calendar: Calendar) -> None:
    """A new date for the same order; that an earlier one was missed stays known."""
    number, ends = int(event.data["order"]), datetime.fromisoformat(event.data["deadline"])
    before = state.clocks.get((str(Clock.ORDER_BY.value), number))
    clock = ClockState.until(str(Clock.ORDER_BY.value), number, event.at, ends)
    clock.late_at = before.late_at if before else None
    state.clocks[(clock.clock, number)] = clock


def _respond(state: State, event: EventLike, _calendar: Calendar) -> None:
    clock = state.clocks.get((str(Clock.ORDER_BY.value), int(event.data["order"])))
    if clock and clock.live:
        clock.meet(event.at)


def _lift(state: State, event: EventLike, _calendar: Calendar) -> None:
    state.orders_open -= 1
    clock = state.clocks.get((str(Clock.ORDER_BY.value), int(event.data["order"])))
    if clock and clock.live:
        clock.cancel(event.at)


def _team(state: State, event: EventLike, _calendar: Calendar) -> None:
    """Whoever joins the team sees the case as assisting units do, until they leave or the case ends (一案多包)."""
    if (unit := event.data.get("brought_id")) is not None:
        state.team = (*state.team, unit)
        state.assisting = (*state.assisting, unit)


def _team_leave(state: State, event: EventLike, _calendar: Calendar) -> None:
    gone = event.data.get("gone_id")
    if gone in state.team:
        state.team = tuple(unit for unit in state.team if unit != gone)
        state.assisting = tuple(unit for unit in state.assisting if unit != gone)


def _consult(state: State, event: EventLike, _calendar: Calendar) -> None:
    if "unit_ids" in event.data:  # older histories name codes only; what they left stays as it was
        asked = tuple(event.data["unit_ids"])
        _assist(state, *asked, *(unit for unit in state.team if unit not in asked))
        state.invited = True


def _assist(state: State, *units: int) -> None:
    """Let these units and no others assist from now on, each in its own right."""
    state.assisting, state.tasked = units, ()


def _task(state: State, event: EventLike, _calendar: Calendar) -> None:
    unit = event.data["unit_id"]
    state.tasks = {**state.tasks, event.data["task"]: unit}
    if unit not in state.assisting:
        state.assisting = (*state.assisting, unit)
        state.tasked = (*state.tasked, unit)


def _task_over(state: State, event: EventLike, _calendar: Calendar) -> None:
    """Done or taken back; `gone_id`: the unit that was here for it alone."""
    state.tasks = {pk: unit for pk, unit in state.tasks.items() if pk != event.data["task"]}
    if (gone := event.data.get("gone_id")) is not None:
        state.assisting = tuple(unit for unit in state.assisting if unit != gone)
        state.tasked = tuple(unit for unit in state.tasked if unit != gone)


def _request_decline(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.decline_asked = True


def _withdraw_request(state: State, event: EventLike, _calendar: Calendar) -> None:
    if event.data["kind"] == RequestKind.DECLINE:
        state.decline_asked = False


def _reissue(state: State, _event: EventLike, _calendar: Calendar) -> None:
    state.query_issue += 1


EFFECTS: dict[str, Callable[[State, EventLike, Calendar], None]] = {
    "register": _register,
    "accept": _accept,
    "resolve_on_spot": _on_spot,
    "dispatch": _dispatch,
    "conclude": _dispatch,
    "sign": _sign,
    "return": _return,
    "insist": _insist,
    "reassign": _reassign,
    "escalate": _escalate,
    "resolve": _resolve,
    "send_back": _back_to_work,
    "redo": _back_to_work,
    "reopen": _back_to_work,
    "confirm": _confirm,
    "rate": _confirm,
    "ask_redo": _ask_redo,
    "decide_redo": _decide_redo,
    "close_explained": _close_explained,
    "merge": _merge,
    "unmerge": _unmerge,
    "import_result": _import_result,
    "assign": _assign,
    "contact": _contact,
    "decide": _decide,
    "amend": _amend,
    "order": _order,
    "respond": _respond,
    "renew": _renew,
    "lift": _lift,
    "perform": lambda state, event, _calendar: agreements.perform(state, event),
    "team": _team,
    "team_leave": _team_leave,
    "reissue": _reissue,
    "consult": _consult,
    "task": _task,
    "task_done": _task_over,
    "task_drop": _task_over,
    "request_decline": _request_decline,
    "withdraw_request": _withdraw_request,
}
