"""Calls that are owed: for a missed call, or because an operator promised one. Each ends done, or given up with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from accounts import audit
from accounts.audit import RequestMeta
from accounts.queries import Actor
from cases.following_up.services import slots
from cases.needs import is_storable
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYours
from hotlines.choices import AttemptResult, CallBackState, CallBackWhy, CallResult
from hotlines.models import CallBack, CallBackAttempt, CallRecord
from hotlines.services import LONGEST_PHONE, check_answerer

#: A missed call is returned within so much; nobody knows yet what it is about.
MISSED_WITHIN = timedelta(minutes=30)
#: A promise that lay so long past its time may be kept by any operator: who gave it may be off duty.
LET_LIE = timedelta(hours=1)
LONGEST, SHORTEST_REASON = 200, 2
RANG_AGAIN = "来电人又打进来，已接听。"
WAS_ANSWERED = "话务系统后来告知已接听。"


def _may_make(actor: Actor, now: datetime) -> Q:
    """One's own, nobody's, and those that somebody else has let lie: they are everybody's then."""
    check_answerer(actor)
    let_lie = Q(state=CallBackState.OWED, due_at__lte=now - LET_LIE)
    return Q(operator_id=actor.user_id) | Q(operator__isnull=True) | let_lie


def owed(actor: Actor, now: datetime) -> QuerySet[CallBack]:
    """Return what this operator owes and what every operator owes, the nearest first."""
    mine = _may_make(actor, now)
    return (
        CallBack.objects.filter(mine, state=CallBackState.OWED).select_related("call", "case").order_by("due_at", "pk")
    )


def find(actor: Actor, uid: str, now: datetime) -> CallBack:
    """Return one that this operator may make, ended or not; NotYours (404) otherwise."""
    found = CallBack.objects.filter(_may_make(actor, now), uid=uid).select_related("call", "case", "operator").first()
    if found is None:
        raise NotYours("没有找到这个回电，或者是别的话务员答应的。")
    return found


# --- owing ------------------------------------------------------------------------------------------------------


def owe_missed(call: CallRecord, now: datetime) -> CallBack | None:
    """Owe a call to somebody who was not answered: one for each number however often it rang; none to a hidden number."""
    if not call.phone_index:
        return None
    again = CallBack.objects.filter(phone_index=call.phone_index, why=CallBackWhy.MISSED, state=CallBackState.OWED)
    if not again.update(missed=F("missed") + 1):
        try:
            with transaction.atomic():
                return CallBack.objects.create(
                    why=CallBackWhy.MISSED,
                    call=call,
                    caller=dict(call.caller or {}),
                    phone_index=call.phone_index,
                    missed=1,
                    created_at=now,
                    due_at=now + MISSED_WITHIN,
                )
        except IntegrityError:  # another line missed the same number this moment
            again.update(missed=F("missed") + 1)
    return again.first()


def take_back(call: CallRecord, now: datetime) -> None:
    """The call was answered after all: nothing is owed for it."""
    _settle(CallBack.objects.filter(call=call), WAS_ANSWERED, now)


def settle_missed(call: CallRecord, at: datetime, now: datetime) -> None:
    """Whoever rang again and was answered is not called back for having been missed before.

    `at` is when this call was answered, by the telephone system's clock as all its times: the word of it may come late,
    and who was missed again since then is still owed a call.
    """
    if not call.phone_index:
        return
    missed = CallRecord.objects.filter(phone_index=call.phone_index, result=CallResult.MISSED).exclude(pk=call.pk)
    if not missed.filter(ended_at__gt=at).exists():
        _settle(CallBack.objects.filter(phone_index=call.phone_index), RANG_AGAIN, now)


def _settle(rows: QuerySet[CallBack], reason: str, now: datetime) -> None:
    """End those still owed for a missed call; no clock that goes backwards ends one before it began."""
    owed_rows = rows.filter(why=CallBackWhy.MISSED, state=CallBackState.OWED)
    owed_rows.update(state=CallBackState.DONE, ended_at=Greatest("created_at", Value(now)), reason=reason)


def promise(
    call: CallRecord, when: str, about: str, *, actor: Actor, now: datetime, phone: str = "", case_id: int | None = None
) -> CallBack:
    """Promise to call back: `when` is the code of a slot (`cases.following_up.services.slots`), `about` what for.

    `phone` is another number than the one that called. Incomplete without any number, or without what it is about.
    """
    check_answerer(actor)
    number = phone.strip() or str((call.caller or {}).get("phone", ""))
    times = {slot["code"]: slot["at"] for slot in slots(now)}
    errors: dict[str, list[str]] = {}
    if when not in times:
        errors["when"] = ["请选择什么时候回电。"]
    if not blind_index("phone", number) or len(number) > LONGEST_PHONE or not is_storable(number):
        errors["phone"] = ["来电没有显示号码，请问清回电号码后填写。"]
    errors |= _text_errors("about", about, "请写一句回电说什么。")
    if errors:
        raise Incomplete(errors)
    return CallBack.objects.create(
        why=CallBackWhy.PROMISED,
        call=call,
        case_id=case_id,
        operator_id=actor.user_id,
        caller={"phone": number},
        phone_index=blind_index("phone", number),
        about=about.strip(),
        created_at=now,
        due_at=times[when],
    )


# --- calling ----------------------------------------------------------------------------------------------------


def number_of(row: CallBack, *, actor: Actor, now: datetime, meta: RequestMeta) -> str:
    """Return the number to dial; on record, since it is somebody's (PIPL §51). "" when it was forgotten."""
    owed_row = _open(row)
    audit.record(actor, "call_back_number", f"call_back:{owed_row.pk}", "回电", now=now, **meta)
    return str((owed_row.caller or {}).get("phone", ""))


def attempt(row: CallBack, result: str, note: str, *, actor: Actor, now: datetime, again: str = "") -> CallBack:
    """Log one attempt. Reached ends it; otherwise `again` (a slot's code, may be empty) says when to try next."""
    check_answerer(actor)
    errors = _text_errors("note", note, "") if note.strip() else {}
    if result not in AttemptResult.values:
        errors["result"] = ["请选择打通了没有。"]
    times = {slot["code"]: slot["at"] for slot in slots(now)}
    if again and again not in times:
        errors["again"] = ["请重新选择什么时候再打。"]
    if errors:
        raise Incomplete(errors)
    with transaction.atomic():
        row = _open(row)
        CallBackAttempt.objects.create(
            call_back=row, at=now, by_id=actor.user_id or 0, result=result, note=note.strip()
        )
        if result == AttemptResult.REACHED:
            row.state, row.ended_at, row.operator_id = CallBackState.DONE, now, row.operator_id or actor.user_id
        elif again:
            row.due_at = times[again]
        row.save(update_fields=["state", "ended_at", "operator", "due_at"])
    return row


def give_up(row: CallBack, reason: str, *, actor: Actor, now: datetime) -> CallBack:
    """Call no more, with the reason; Incomplete without one."""
    check_answerer(actor)
    if errors := _text_errors("reason", reason, "请写明为什么不再回电，例如“三次无人接听”。"):
        raise Incomplete(errors)
    with transaction.atomic():
        row = _open(row)
        row.state, row.ended_at, row.reason = CallBackState.GIVEN_UP, now, reason.strip()
        row.operator_id = row.operator_id or actor.user_id
        row.save(update_fields=["state", "ended_at", "reason", "operator"])
    return row


def _open(row: CallBack) -> CallBack:
    with transaction.atomic():
        locked = CallBack.objects.select_for_update().get(pk=row.pk)
    if locked.state != CallBackState.OWED:
        raise NotNow(f"这个回电已经了结（{locked.get_state_display()}），不用再打。")
    return locked


def _text_errors(name: str, text: str, missing: str) -> dict[str, list[str]]:
    words = text.strip()
    if len(words) < SHORTEST_REASON:
        return {name: [missing or "请写得具体一些。"]}
    if len(words) > LONGEST or not is_storable(words):
        return {name: [f"最多 {LONGEST} 字，请改短。"]}
    return {}
