"""Answering a call: what it becomes. Cases are opened and joined through cases.services, never past it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.choices import Role
from accounts.queries import Actor
from cases import services as matter
from cases.queries import case_for
from cases.services.registering import Registration
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from hotlines.choices import CallResult
from hotlines.models import CallRecord

LONGEST_PHONE = 30


def answer(actor: Actor, *, phone: str = "", now: datetime, recording: str = "") -> CallRecord:
    """Begin the record of a call. `phone` may be empty: a hidden number is not a reason to refuse anybody."""
    if not actor.has(Role.OPERATOR, Role.CLERK):
        raise NotYou("接听来电由话务员办理，您没有这个岗位。")
    if len(phone) > LONGEST_PHONE:
        raise Incomplete({"phone": ["来电号码过长，请核对。"]})
    return CallRecord.objects.create(
        operator_id=actor.user_id or 0,
        caller={"phone": phone},
        phone_index=blind_index("phone", phone),
        started_at=now,
        recording=recording,
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


def finish(call: CallRecord, result: str, summary: str = "", *, now: datetime) -> CallRecord:
    """End a call that became no case: answered at once, passed to 110/119/120, or dropped."""
    if result not in (CallResult.ANSWERED, CallResult.PASSED, CallResult.DROPPED):
        raise Incomplete({"result": ["请选择：当场答复、转 110/119/120，或中断。"]})
    with transaction.atomic():
        return _finish(_ringing(call), result, now, summary=summary)


def _ringing(call: CallRecord) -> CallRecord:
    locked = CallRecord.objects.select_for_update().get(pk=call.pk)
    if locked.result != CallResult.RINGING:
        raise NotNow(f"这个来电已经处理为“{locked.get_result_display()}”，不能再次处理。")
    return locked


def _finish(
    call: CallRecord, result: str, now: datetime, *, case_id: int | None = None, summary: str = ""
) -> CallRecord:
    call.result, call.case_id, call.ended_at = str(result), case_id, now
    call.summary = summary
    call.save(update_fields=["result", "case", "ended_at", "summary"])
    return call
