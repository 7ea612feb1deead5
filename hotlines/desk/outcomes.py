"""What an operator says came of a call: one submission, all or nothing, with a call-back promised along with it or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import Actor
from cases.intake import PRIVACY_VERSION
from cases.services import drafting
from cases.views.intake_given import given_of, typed_in
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.numbers import parse_number
from hotlines import services
from hotlines.choices import CallResult
from hotlines.desk import call_backs, knowledge, sitting
from hotlines.models import CallRecord, KnownAnswer
from hotlines.services import EMERGENCY

#: Answered at once, and the caller wants a number: a consultation, closed on the spot.
NUMBERED = "numbered"
#: What may come of a call, in the order of the screen.
OUTCOMES = (
    (CallResult.ANSWERED.value, "当场答复"),
    (NUMBERED, "当场答复，给编号"),
    (CallResult.OPENED.value, "登记为事项"),
    (CallResult.JOINED.value, "补充到已有事项"),
    (CallResult.PASSED.value, "转 110、119、120"),
    (CallResult.DROPPED.value, "中断"),
)


@dataclass(frozen=True)
class Settled:
    """What was done, as a sentence for the operator; `number` of the case that is new, "" without one."""

    words: str
    number: str = ""


def settle(call: CallRecord, posted: Mapping[str, Any], *, actor: Actor, now: datetime) -> Settled:
    """Write what came of the call, which is then this operator's.

    Incomplete beside the fields; NotNow when it is settled already, or another operator has it by now.
    """
    outcome = typed_in(posted, "outcome")
    way = WAYS.get(outcome)
    if way is None:
        raise Incomplete({"outcome": ["请选择这个电话怎么处理的。"]})
    with transaction.atomic():
        done = way(sitting.claim(call, actor), posted, actor, now)
        call.refresh_from_db()
        if typed_in(posted, "back-when"):
            call_backs.promise(
                call,
                typed_in(posted, "back-when"),
                typed_in(posted, "back-about"),
                actor=actor,
                now=now,
                phone=typed_in(posted, "back-phone"),
                case_id=call.case_id,
            )
            done = Settled(f"{done.words}已记下回电。", done.number)
        drafting.drop(actor, str(call.uid))
    return done


def body_of(call: CallRecord, posted: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Return the body of a registration: what was typed, and the caller's own number unless he wants none kept."""
    given = {**given_of(posted, actor), "channel": "hotline", "privacy_version": PRIVACY_VERSION}
    phone = str((call.caller or {}).get("phone", ""))
    if not given.get("anonymous") and typed_in(posted, "use_number") and phone:
        first = given["reporters"][0] if given["reporters"] else {"name": "", "id_number": "", "address": ""}
        given["reporters"] = [{**first, "phone": first.get("phone") or phone}, *given["reporters"][1:]]
    return given


def _answered(call: CallRecord, posted: Mapping[str, Any], _actor: Actor, now: datetime) -> Settled:
    source, story = _source(posted, now), typed_in(posted, "description")
    reply = _reply(posted, source)
    summary = "\n".join(part for part in (f"问：{story}" if story else "", f"答：{reply}") if part)
    services.finish(call, CallResult.ANSWERED, summary, now=now, source=source)
    return Settled("已记为当场答复。")


def _numbered(call: CallRecord, posted: Mapping[str, Any], actor: Actor, now: datetime) -> Settled:
    source, given = _source(posted, now), body_of(call, posted, actor)
    given["description"] = typed_in(posted, "description") or (source.question if source else "")
    reply = _reply(posted, source)
    made = services.answer_with_number(call, given, reply, actor=actor, now=now, source=source)
    return Settled(f"已当场答复，编号 {made.case.number}，可以念给来电人。", made.case.number)


def _reply(posted: Mapping[str, Any], source: KnownAnswer | None) -> str:
    """What was answered: the operator's words, else those that were read out."""
    reply = typed_in(posted, "reply") or (source.answer if source else "")
    if not reply:
        raise Incomplete({"reply": ["请写答复了什么，或者选一条知识库答复。"]})
    return reply


def _opened(call: CallRecord, posted: Mapping[str, Any], actor: Actor, now: datetime) -> Settled:
    made = services.open_case(call, body_of(call, posted, actor), actor=actor, now=now, client_id=str(call.uid))
    return Settled(f"已登记，编号 {made.case.number}，请念给来电人。", made.case.number)


def _joined(call: CallRecord, posted: Mapping[str, Any], actor: Actor, now: datetime) -> Settled:
    number = parse_number(typed_in(posted, "join-other") or typed_in(posted, "join"))
    errors: dict[str, list[str]] = {}
    if not number:
        errors["join"] = ["请选择补充到哪一件，或者填 14 位受理编号。"]
    if not typed_in(posted, "description"):
        errors["description"] = ["请写下来电人补充了什么。"]
    if errors:
        raise Incomplete(errors)
    services.join_case(call, str(number), typed_in(posted, "description"), actor=actor, now=now)
    return Settled(f"已补充到 {number}，承办人能看到。")


def _passed(call: CallRecord, posted: Mapping[str, Any], _actor: Actor, now: datetime) -> Settled:
    to = typed_in(posted, "passed_to")
    if to not in EMERGENCY:
        raise Incomplete({"passed_to": ["请选择转给 110、119 还是 120。"]})
    services.finish(call, CallResult.PASSED, typed_in(posted, "description"), now=now, to=to)
    return Settled(f"已记为转 {EMERGENCY[to]}。")


def _dropped(call: CallRecord, posted: Mapping[str, Any], _actor: Actor, now: datetime) -> Settled:
    services.finish(call, CallResult.DROPPED, typed_in(posted, "description"), now=now)
    return Settled("已记为中断。")


def _source(posted: Mapping[str, Any], now: datetime) -> KnownAnswer | None:
    """The version that was read out; one that has expired since the page was drawn is not taken."""
    chosen = typed_in(posted, "answered_from")
    if not chosen:
        return None
    found = knowledge.one_in_force(chosen, now)
    if found is None:
        raise Incomplete({"reply": ["所选的知识库答复刚刚过期或已改版，请重新查一下。"]})
    return found


WAYS = {
    CallResult.ANSWERED.value: _answered,
    NUMBERED: _numbered,
    CallResult.OPENED.value: _opened,
    CallResult.JOINED.value: _joined,
    CallResult.PASSED.value: _passed,
    CallResult.DROPPED.value: _dropped,
}
