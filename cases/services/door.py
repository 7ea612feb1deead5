"""The one door: every change of a case goes through here, whoever asks (design/house.md "One door").

1 lock the row, 2 is it legal now, 3 may this person, 4 is everything filled in, 5 write status, event, deadlines
and outbox in one transaction, 6 on commit tell those who listen. The row is written from fold(events) and nothing
else, so the history and the row cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from accounts.choices import Role
from accounts.queries import Actor, PostView
from cases import policies
from cases.choices import AGREEMENT_CLOCKS, Clock, Status
from cases.fold import COLUMNS, State, apply, fold
from cases.following_up.consequences import follow
from cases.models import Assisting, Case, Deadline, Event, Outbox, Submission
from cases.needs import applying, clean, is_storable
from cases.querysets import own_grids
from cases.services import statements
from cases.services.complaints import raised_roles
from cases.services.indexing import keep_searchable
from cases.services.preparing import PREPARE
from cases.services.submitting import digest_of, remember, sender_of
from cases.signals import case_moved
from cases.standing import UNWELCOME_TO_ITS_UNIT, Standing, standings
from cases.tally import tally
from cases.workflow import TABLE, WINDOWS, Action, refusal
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Stale
from governance_portal.lib.prepared import together
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, LimitUnit
from grids.queries import ground_codes_of


@dataclass
class Turn:
    """One use of the door: the locked case, its state so far, who acts and as what."""

    case: Case
    events: list[Event]
    state: State
    actor: Actor
    posts: Mapping[Standing, PostView | None]
    now: datetime
    calendar: Calendar

    @property
    def standing(self) -> frozenset[Standing]:
        """What the actor is to the case."""
        return frozenset(self.posts)

    def events_of(self, kind: str, key: int) -> Event:
        """Return the event of a kind that made the row with this id (a request, an order)."""
        return next(event for event in self.events if event.kind == kind and event.data.get(kind) == key)


def move(
    case: Case,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    if_match: int | None = None,
    client_id: str | None = None,
    given: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> Case:
    """Make one move on a case and return the case as it stands afterwards.

    `given` holds what the move needs, as codes (units, categories), usernames, numbers and attachment ids.
    `quiet` tells nobody: for histories brought over from elsewhere.
    Raises NotYours (404), Stale (412, `if_match`), NotNow (409, also for an older `version`), NotYou (403) and
    Incomplete (400) in that order; whatever is raised, nothing has been written.
    """
    action = TABLE.get(name)
    if action is None or not action.is_move or name == "register":
        if not sees_case(case, actor, now):
            raise NotYours()
        raise Incomplete({"move": ["没有这一步；可办的步骤见“可办事项”。"]})
    return _through(case, action, actor, now, version, if_match, client_id, given or {}, quiet)[0]


def record(
    case: Case,
    kind: str,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    client_id: str | None = None,
    if_match: int | None = None,
    given: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> Event:
    """Write an event that leaves the status alone (note, contact, order …) and return it; refusals as in `move`."""
    action = TABLE.get(kind)
    if action is None or action.is_move:
        if not sees_case(case, actor, now):
            raise NotYours()
        raise Incomplete({"kind": ["没有这种记录。"]})
    with transaction.atomic():
        changed, event = _through(case, action, actor, now, version, if_match, client_id, given or {}, quiet)
        for follows in ("suspend", "decline"):
            if kind == "decide" and event.data.get(follows):
                _through(changed, TABLE[follows], actor, now, None, None, None, event.data[follows], quiet)
        if kind == "decide_redo" and event.data["redo"]:
            _through(changed, TABLE["redo"], actor, now, None, None, None, {"note": event.data["redo"]}, quiet)
    return event


def _through(
    case: Case,
    action: Action,
    actor: Actor,
    now: datetime,
    version: int | None,
    if_match: int | None,
    client_id: str | None,
    given: Mapping[str, Any],
    quiet: bool = False,
) -> tuple[Case, Event]:
    # Before the lock: whoever saw the case when pressing is told who was faster (409), not that there is none (404).
    sees = sees_case(case, actor, now)
    if not sees and not client_id:
        raise NotYours()  # With a key it may be the repeat of a move that took the case out of sight.
    with transaction.atomic():
        if action.name == "merge":
            _lock_both(case, given.get("master"))
        turn = _open(case, actor, now)
        digest = digest_of({"move": action.name, **given}) if client_id else ""
        answered = _answered(actor, client_id, digest, turn.case)
        if answered is not None:
            return turn.case, turn.events[answered - 1]
        if not sees:
            raise NotYours()
        _judge(turn, action, version, if_match)
        needs = applying(action.needs, turn.state, turn.standing)
        cleaned, errors = clean(needs, given)
        if errors:
            raise Incomplete(errors)
        with together():
            data = PREPARE.get(action.name, _as_given)(turn, cleaned)
            if data is None:
                return turn.case, turn.events[-1]  # Nothing would change: assigning the same unit again is no event.
            event = _write(turn, action, _jsonable(data), quiet)
            if client_id:
                _remember(actor, client_id, digest, turn.case, now)
        follow(turn, event)
    return turn.case, event


def sees_case(case: Case, actor: Actor, now: datetime) -> bool:
    """Ask the reading door: what a person may not see he may not move either. A service account has no post to ask."""
    if actor.service or case.__dict__.get("seen_by") == (actor.user_id, now):
        return True  # A reader of this very moment came through that door already (cases.dossier.find).
    return statements.sight(actor, own_grids(actor, now)).first(case=case.pk) is not None


def _lock_both(case: Case, master: Any) -> None:
    """Lock the two cases of a merge in one order, so that two merges across each other wait instead of dying."""
    if isinstance(master, str) and is_storable(master):
        pair = Case.objects.filter(Q(pk=case.pk) | Q(number=master.strip())).order_by("pk")
        list(pair.select_for_update(of=("self",)).values_list("pk"))


def _as_given(_turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    return cleaned


def _jsonable(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return loaded


# --- opening the door -------------------------------------------------------------------------------------------


def _open(case: Case, actor: Actor, now: datetime) -> Turn:
    locked = statements.LOCKED.first(case=case.pk)
    if locked is None:
        raise NotYours()
    events = statements.HISTORY.rows(case=case.pk)
    calendar = policies.calendar()
    state = fold(events, calendar)
    if state.status != locked.status or state.version != locked.version:
        raise NotNow("该件的办理记录与状态不一致，已停止办理；请联系系统管理员核对。", current_status=locked.status)
    return Turn(locked, events, state, actor, posts_of(state, actor, now), now, calendar)


def posts_of(state: Any, actor: Actor, now: datetime) -> dict[Standing, PostView | None]:
    """Return the actor's standings to a case or state; a query for duty only where a grid worker asks."""
    own_grids: Iterable[str] = ()
    if actor.has(Role.GRID_WORKER) and state.grid_code:
        own_grids = ground_codes_of(actor.user_id, now.astimezone(SHANGHAI).date())  # type: ignore[arg-type]
    assisting = state.assisting if isinstance(state, State) else assisting_of(state)
    raised = raised_roles(state, actor, now) if state.nature in UNWELCOME_TO_ITS_UNIT else ()
    return standings(state, actor, frozenset(own_grids), frozenset(assisting), raised)


def assisting_of(case: Case) -> list[int]:
    """Return the ids of the assisting units, from what was prefetched where it was."""
    return [row.unit_id for row in case.assisting_rows.all()]


def _judge(turn: Turn, action: Action, version: int | None, if_match: int | None) -> None:
    if if_match is not None and if_match != turn.case.version:
        raise Stale("该件在您打开之后有了新的记录，请刷新后再办。")
    if version is not None and version != turn.case.version:
        raise _not_now(turn, _since(turn, version))
    refused = refusal(action, turn.state, turn.standing, turn.now)
    if refused is None:
        return
    code, sentence = refused
    if code == 409:
        raise _not_now(turn, _told(turn, sentence))
    raise NotYou(sentence)


def _since(turn: Turn, version: int) -> str:
    """Say what happened after the version that was seen: a move with who made it, else that there is something new."""
    if any(TABLE[event.kind].is_move for event in turn.events[version:]):
        return _told(turn, "请看过最新情况后再办。")
    return "该件在您打开之后有了新的记录，您的操作未生效；请看过最新情况后再办。"


def _told(turn: Turn, sentence: str) -> str:
    """A 409 says who moved the case, to what and when, and that nothing was done."""
    last = _last_move(turn)
    when = last.at.astimezone(SHANGHAI)
    who = last.actor_unit or last.actor_name
    label = Status(turn.state.status).label
    return (
        f"该件已于 {when:%m月%d日 %H:%M} 由{who}“{TABLE[last.kind].label}”，现为“{label}”，您的操作未生效。{sentence}"
    )


def _last_move(turn: Turn) -> Event:
    return next(event for event in reversed(turn.events) if TABLE[event.kind].is_move)


def _not_now(turn: Turn, sentence: str) -> NotNow:
    last = _last_move(turn)
    return NotNow(sentence, current_status=turn.state.status, moved_by=last.actor_name, moved_at=last.at)


# --- the same submission again ----------------------------------------------------------------------------------


def _answered(actor: Actor, client_id: str | None, digest: str, case: Case) -> int | None:
    if not client_id:
        return None
    prior = statements.ANSWERED.first(sender=sender_of(actor), key=client_id)
    if prior is None:
        return None
    if prior.digest != digest or prior.case_id != case.pk:
        raise NotNow("同一个提交号已经用于另一次提交；请重新提交。", current_status=case.status)
    return int(prior.version)


def _remember(actor: Actor, client_id: str, digest: str, case: Case, now: datetime) -> None:
    if not remember(Submission(client_id=client_id, digest=digest, case=case, version=case.version), actor, now):
        raise NotNow("同一个提交号正用于另一次提交；请重新提交。", current_status=case.status)


# --- the one move nobody is left to make ------------------------------------------------------------------------


def pass_out(case: Case, actor: Actor, now: datetime, data: dict[str, Any]) -> Event:
    """Transfer (移送) a complaint that nobody here may touch; for the system only (rule 4, services.complaints)."""
    with transaction.atomic():
        return _write(_open(case, actor, now), TABLE["transfer"], _jsonable(data))


# --- a correction that keeps what it corrected to itself ----------------------------------------------------------


def correct(case: Case, actor: Actor, now: datetime, data: dict[str, Any]) -> Event:
    """Write the 更正 of contact data into the history: which fields, by whom and why, never what they hold.

    For `services.parties` only, which has judged the person; NotNow on an archived case, which never changes (rule 8).
    """
    with transaction.atomic():
        turn = _open(case, actor, now)
        if turn.state.status == Status.ARCHIVED:
            raise _not_now(turn, "该件已归档，不能再更正联系方式。")
        event = _write(turn, TABLE["amend"], _jsonable(data))
        case.version = turn.case.version
        return event


# --- writing ----------------------------------------------------------------------------------------------------


def _write(turn: Turn, action: Action, data: dict[str, Any], quiet: bool = False) -> Event:
    target = action.target(turn.state, data) if action.is_move else Status(turn.state.status)
    data["limits"] = limits_of(turn.state, action, target, data, turn.now)
    post = next((turn.posts[who] for who in action.who if who in turn.posts), None)
    before = {key: deadline_values(clock) for key, clock in turn.state.clocks.items()}
    event = build_event(
        turn.case, turn.events, action.name, turn.actor, post, turn.now, turn.state.status, target, data
    )
    assisting_before = set(turn.state.assisting)
    apply(turn.state, event, turn.calendar)
    changed = [clock for key, clock in turn.state.clocks.items() if before.get(key) != deadline_values(clock)]
    keys = turn.case.__dict__
    event.pk = keys.pop("event_key", None)
    with together():
        statements.NEW_EVENT.write([event])
        write_row(turn.case, turn.state)
        _write_assisting(turn, assisting_before)
        write_deadlines(turn.case, changed)
        announce(turn.case, event, quiet, key=keys.pop("outbox_key", None))
    return event


def build_event(
    case: Case,
    earlier: list[Event],
    kind: str,
    actor: Actor,
    post: PostView | None,
    now: datetime,
    status_before: str,
    status_after: str,
    data: dict[str, Any],
) -> Event:
    """Make the next line of the history, chained to the one before; not yet saved."""
    event = Event(
        case=case,
        seq=len(earlier) + 1,
        kind=kind,
        actor_id=actor.user_id or 0,
        actor_name=actor.name,
        actor_role=str(Role(post.role).label) if post else "",
        actor_unit=post.unit_name if post else "",
        acting_for=(post.acting_for or "") if post else "",
        at=now,
        status_before=str(status_before),
        status_after=str(Status(status_after).value),
        data=data,
        prev_hash=earlier[-1].hash if earlier else "",
    )
    event.hash = hash_of(event, case.number)
    return event


def hash_of(event: Event, number: str) -> str:
    """Return the chain hash of an event: SHA-256 over the previous hash and everything that must not change."""
    row = {
        "number": number,
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "role": event.actor_role,
        "unit": event.actor_unit,
        "acting_for": event.acting_for,
        "at": event.at.astimezone(SHANGHAI).isoformat(),
        "before": event.status_before,
        "after": event.status_after,
        "data": event.data,
        "prev": event.prev_hash,
    }
    return digest_of(row)


def limits_of(state: State, action: Action, target: str, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Look up the limits of every clock and window that this event opens, for the event to keep."""
    facts = {
        "kind": state.kind,
        "procedure": state.procedure,
        "category": data.get("category") or state.category_code,
        "level": data.get("level") or state.level,
        "channel": state.channel,
    }
    wanted = [clock for clock in action.starts if clock not in NOT_BY_POLICY]
    if action.name == "resolve_on_spot":
        wanted.append(Clock.REVIEW_BY if target == Status.SUPERVISION else Clock.FOLLOW_UP_BY)
    if action.name == "reopen" and target == Status.ACCEPTED:
        wanted.append(Clock.DISPATCH_BY)
    if action.is_move and (window := WINDOWS.get(Status(target))):
        wanted.append(window)  # type: ignore[arg-type]
    found = policies.limits_for(wanted, facts, now)
    if action.name in ("redo", "reopen"):
        found |= _half(state, facts, now)
    elif Clock.RESOLVE_BY in action.starts or action.name == "resolve_on_spot":
        found |= policies.limits_for([Clock.RESOLVE_BY], facts, now)
    return found


def _half(state: State, facts: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Round n+1 has half the limit of round 1, at least 3 working days (workflow.md "Clocks")."""
    first = state.clocks.get((str(Clock.RESOLVE_BY.value), 1))
    row: list[Any] | None = [first.amount, first.unit] if first else None
    row = row or policies.limits_for([Clock.RESOLVE_BY], facts, now).get(str(Clock.RESOLVE_BY.value))
    if not row:
        return {}
    half = Limit(row[0], LimitUnit(row[1])).half(minimum=3)
    return {str(Clock.RESOLVE_BY.value): [half.amount, str(half.unit)]}


def copy_state(case: Case, state: State) -> list[str]:
    """Make a row read like the state and return the fields that changed; nothing is saved."""
    told = {name: getattr(state, name) for name in COLUMNS} | _dates_of(state)
    changed = [name for name, value in told.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, told[name])
    return [FIELDS.get(name, name) for name in changed]


#: Clocks whose limit is worked out otherwise, or that an event gives a date.
NOT_BY_POLICY = (Clock.RESOLVE_BY, Clock.ORDER_BY, *AGREEMENT_CLOCKS)
#: What the state calls otherwise than the row.
FIELDS = {"category_code": "category"}


def write_row(case: Case, state: State, extra: Mapping[str, Any] | None = None) -> None:
    """Copy the state into the row: the only place where a status is written (rule 1)."""
    changed = copy_state(case, state)
    for name, value in (extra or {}).items():
        setattr(case, name, value)
    if case._state.adding:
        statements.NEW_CASE.write([case])
    elif changed or extra:
        statements.CASE.write(case, [*changed, *(extra or {})])


def _dates_of(state: State) -> dict[str, Any]:
    main = state.latest(Clock.RESOLVE_BY) or state.latest(Clock.ACCEPT_BY)
    first = state.clocks.get((str(Clock.RESOLVE_BY.value), 1))
    running = state.running()
    return {
        "due_at": main.due_at if main else None,
        "due_warn_at": main.warn_at if main else None,
        "due_tentative": bool(main and main.tentative),
        "due_running": bool(main and main.running),
        "late": bool(first and first.late_at),
        **tally(state),
        "step_clock": running[0].clock if running else "",
        "step_due_at": running[0].due_at if running else None,
        "step_warn_at": running[0].warn_at if running else None,
        "step_tentative": bool(running and running[0].tentative),
    }


def _write_assisting(turn: Turn, before: set[int]) -> None:
    after = set(turn.state.assisting)
    if before - after:
        Assisting.objects.filter(case=turn.case, unit_id__in=before - after).delete()
    if after - before:
        statements.NEW_ASSISTING.write(Assisting(case=turn.case, unit_id=pk) for pk in sorted(after - before))


def deadline_values(clock: Any) -> dict[str, Any]:
    """Return what a clock and its row have in common; they must be equal."""
    return {
        "started_at": clock.started_at,
        "nominal_at": clock.nominal_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "tentative": clock.tentative,
        "running": clock.running,
        "met_at": clock.met_at,
        "late_at": clock.late_at,
    }


def write_deadlines(case: Case, clocks: Iterable[Any]) -> None:
    """Copy changed clocks into their rows, one statement for all."""
    rows = [Deadline(case=case, clock=c.clock, period=c.period, **deadline_values(c)) for c in clocks]
    statements.CLOCKS.write(rows)


def announce(case: Case, event: Event, quiet: bool = False, key: int | None = None) -> None:
    """Leave an outbox row in the same transaction, and after commit tell those who listen; quietly: a paid row."""
    keep_searchable(case, event)
    owed = Outbox(pk=key, event=event, created_at=event.at, sent_at=event.at if quiet else None)
    statements.NEW_OUTBOX.write([owed])
    if quiet:
        return
    transaction.on_commit(lambda: case_moved.send(sender=Case, case=case, event=event), robust=True)
