"""Answering a call: what it becomes. Cases are opened and joined through cases.services, never past it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.choices import Role
from accounts.queries import Actor
from cases import services as matter
from cases.choices import Kind, Level, Outcome
from cases.needs import is_storable
from cases.queries import case_for
from cases.services.registering import Registration
from cases.services.taking_in import take_in
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from hotlines.choices import CallResult
from hotlines.models import CallRecord, KnownAnswer

LONGEST_PHONE, LONGEST_SUMMARY = 30, 2000
ANSWERERS = (Role.OPERATOR, Role.CLERK)
#: In a consultation that is answered on the telephone the answer is the result.
ON_THE_TELEPHONE = "话务员电话中当场答复。"
EMERGENCY = {"110": "110 报警", "119": "119 消防", "120": "120 急救"}


def check_answerer(actor: Actor) -> None:
    """Refuse whoever does not answer calls (NotYou)."""
    if not actor.has(*ANSWERERS):
        raise NotYou("接听来电由话务员办理，您没有这个岗位。")


def answer(actor: Actor, *, phone: str = "", now: datetime, recording: str = "") -> CallRecord:
    """Begin the record of a call. `phone` may be empty: a hidden number is not a reason to refuse anybody."""
    check_answerer(actor)
    if len(phone) > LONGEST_PHONE or not is_storable(phone):
        raise Incomplete({"phone": ["来电号码最多 30 个字符，请核对。"]})
    return CallRecord.objects.create(
        operator_id=actor.user_id or 0,
        caller={"phone": phone},
        phone_index=blind_index("phone", phone),
        started_at=now,
        answered_at=now,
        recording={"name": recording} if recording else None,
    )


def open_case(
    call: CallRecord,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
    quiet: bool = False,
) -> Registration:
    """Register what the caller reports as a new matter and tie the call to it; both or neither (`quiet`: register)."""
    with transaction.atomic():
        call = _ringing(call)
        body = {"channel": "hotline", **given}
        made = matter.register(actor, body, now=now, client_id=client_id, quiet=quiet)
        _finish(call, CallResult.OPENED, now, case_id=made.case.pk)
    return made


def join_case(call: CallRecord, number: str, text: str, *, actor: Actor, now: datetime) -> CallRecord:
    """Add what the caller says to a matter that exists, as a note of its history. 404 outside the operator's sight."""
    with transaction.atomic():
        call = _ringing(call)
        case = case_for(actor, number, now)
        matter.record(case, "note", actor=actor, now=now, given={"text": f"来电补充：{text}"})
        return _finish(call, CallResult.JOINED, now, case_id=case.pk, summary=text)


def finish(
    call: CallRecord, result: str, summary: str = "", *, now: datetime, source: KnownAnswer | None = None, to: str = ""
) -> CallRecord:
    """End a call that became no case: answered at once (from `source`), passed (`to` 110, 119 or 120), or dropped."""
    if result not in (CallResult.ANSWERED, CallResult.PASSED, CallResult.DROPPED):
        raise Incomplete({"result": ["请选择：当场答复、转 110/119/120，或中断。"]})
    with transaction.atomic():
        call = _ringing(call)
        call.answered_from, call.passed_to = source, to
        return _finish(call, result, now, summary=summary)


def answer_with_number(
    call: CallRecord,
    given: Mapping[str, Any],
    reply: str,
    *,
    actor: Actor,
    now: datetime,
    source: KnownAnswer | None = None,
) -> Registration:
    """Answer at once and give the caller a number: a consultation, registered and closed in the same turn.

    `given` is a body of an intake; what it lacks of a consultation is put in. Refusals as of the door; then the call
    goes on and nothing was written.
    """
    with transaction.atomic():
        call = _ringing(call)
        body = {"channel": "hotline", **given, "kind": Kind.CONSULTATION.value, "level": Level.GENERAL.value}
        needed = {"result": ON_THE_TELEPHONE, "outcome": Outcome.ANSWERED.value, "reply": reply}
        made = take_in(actor, body, then="resolve_on_spot", then_given=needed, now=now, client_id=str(call.uid))
        call.answered_from = source
        _finish(call, CallResult.ANSWERED, now, case_id=made.case.pk, summary=reply)
    return made


def _ringing(call: CallRecord) -> CallRecord:
    locked = CallRecord.objects.select_for_update().get(pk=call.pk)
    if locked.result != CallResult.RINGING:
        raise NotNow(f"这个来电已经处理为“{locked.get_result_display()}”，不能再次处理。")
    return locked


def _finish(
    call: CallRecord, result: str, now: datetime, *, case_id: int | None = None, summary: str = ""
) -> CallRecord:
    """Write what came of it. When it ended is the telephone system's to say, where one told of the call."""
    if len(summary) > LONGEST_SUMMARY or not is_storable(summary):
        raise Incomplete({"summary": [f"通话摘要最多 {LONGEST_SUMMARY} 字，请改短。"]})
    call.result, call.case_id, call.settled_at = str(result), case_id, now
    if not call.foreign_id:
        call.ended_at = now
    call.summary = summary
    call.save(update_fields=["result", "case", "settled_at", "ended_at", "summary", "answered_from", "passed_to"])
    return call
