"""What a telephone system tells: it rings, it was answered, it was hung up. In any order, as often as it likes.

Every event is taken once (by its id) and every call has one record (by the system's own name of it), whatever comes first and
however many lines ring at once: the record is locked while an event of it is taken. docs/telephony.md is the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from cases.needs import FIRST_YEAR, LAST_YEAR, is_storable
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow
from hotlines.choices import CallResult, TelephonyKind
from hotlines.desk import call_backs
from hotlines.models import CallRecord, OperatorExtension, TelephonyEvent

#: The parts of an event and how long each may be.
LONGEST = {"call_id": 64, "extension": 20, "number": 30, "recording": 120}
KINDS = {kind.value for kind in TelephonyKind}
#: No word of a call comes later; a clock that says so is wrong.
LATEST_WORD = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One event as it was sent; `number` is "" when it is hidden, `recording` a name in the telephone system."""

    kind: str
    at: datetime
    call_id: str
    extension: str = ""
    number: str = ""
    recording: str = ""


def read(body: Any) -> Told:
    """Read `{type, timestamp, data: {call_id, extension?, number?, recording?}}`; Incomplete with sentences."""
    errors: dict[str, list[str]] = {}
    given: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    kind, at = given.get("type"), given.get("timestamp")
    data = given.get("data")
    if kind not in KINDS:
        errors["type"] = ["type 应为 ringing、answered 或 hung_up。"]
    moment = _moment(at)
    if moment is None:
        errors["timestamp"] = ["timestamp 应为带时区的 ISO 8601 时间，如 2026-11-22T09:30:00+08:00。"]
    parts = data if isinstance(data, Mapping) else {}
    told = {name: parts.get(name) or "" for name in LONGEST}
    for name, longest in LONGEST.items():
        value = told[name]
        if not isinstance(value, str) or len(value) > longest or not is_storable(value):
            errors[f"data.{name}"] = [f"{name} 应为最多 {longest} 个字符的文字。"]
    if not told["call_id"]:
        errors["data.call_id"] = ["请带上 call_id：同一个电话的三个事件用同一个。"]
    if errors or moment is None:
        raise Incomplete(errors)
    return Told(str(kind), moment, **{name: str(value).strip() for name, value in told.items()})


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not FIRST_YEAR <= found.year < LAST_YEAR:
        return None
    return found


def take(event_id: str, told: Told, now: datetime) -> tuple[CallRecord, bool]:
    """Take one event; answers the call and whether the event was new. A repeat changes nothing.

    An event later than now, or older than a day, is taken as of now: their clock is wrong. NotNow when the id was used for
    another call.
    """
    at = told.at if now - LATEST_WORD <= told.at <= now else now
    with transaction.atomic():
        call = _record_of(told, at)
        if TelephonyEvent.objects.filter(event_id=event_id, call=call).exists():
            return call, False
        try:
            with transaction.atomic():
                TelephonyEvent.objects.create(event_id=event_id, kind=told.kind, call=call, at=at, received_at=now)
        except IntegrityError:
            raise NotNow("这个事件号已经用于另一个电话；每个事件请用自己的编号。") from None
        _apply(call, told, at, now)
        call.save()
    return call, True


def _record_of(told: Told, at: datetime) -> CallRecord:
    """Return the call's one record, locked; it is made by whichever event comes first."""
    fresh = {
        "extension": told.extension,
        "operator_id": operator_at(told.extension),
        "caller": {"phone": told.number},
        "phone_index": blind_index("phone", told.number),
        "started_at": at,
    }
    made, _fresh = CallRecord.objects.get_or_create(foreign_id=told.call_id, defaults=fresh)
    return CallRecord.objects.select_for_update().get(pk=made.pk)


def operator_at(extension: str) -> int | None:
    """Return who sits at an extension; None for one that nobody has: then every operator sees the call."""
    if not extension:
        return None
    return OperatorExtension.objects.filter(extension=extension).values_list("operator_id", flat=True).first()


def _apply(call: CallRecord, told: Told, at: datetime, now: datetime) -> None:
    call.started_at = min(call.started_at, at)
    if told.number and not call.phone_index and call.forgotten_at is None:
        call.caller, call.phone_index = {"phone": told.number}, blind_index("phone", told.number)
    if told.recording and call.forgotten_at is None:
        call.recording = {"name": told.recording}
    if told.kind == TelephonyKind.ANSWERED:
        _answered(call, told, at, now)
    elif told.kind == TelephonyKind.HUNG_UP:
        _hung_up(call, at, now)
    elif not call.extension:
        call.extension, call.operator_id = told.extension, call.operator_id or operator_at(told.extension)


def _answered(call: CallRecord, told: Told, at: datetime, now: datetime) -> None:
    """Somebody took it, perhaps at another telephone than the one it rang at."""
    call.answered_at = at
    if call.result == CallResult.MISSED:  # the hang-up was told first
        call.result = CallResult.RINGING
        call_backs.take_back(call, now)
    if told.extension and told.extension != call.extension and call.result == CallResult.RINGING:
        call.extension = told.extension
        call.operator_id = operator_at(told.extension)
    call_backs.settle_missed(call, at, now)


def _hung_up(call: CallRecord, at: datetime, now: datetime) -> None:
    call.ended_at = max(at, call.started_at)
    if call.answered_at is None and call.result == CallResult.RINGING:
        miss(call, now)


def miss(call: CallRecord, now: datetime) -> None:
    """Nobody answered: the call is missed, and the caller is owed one. The caller of this saves the record."""
    call.result, call.settled_at = CallResult.MISSED, now
    call_backs.owe_missed(call, now)
