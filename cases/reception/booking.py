"""Places of a reception day: taken and given back. Capacity is exact however many press at once; nobody learns of others.

By the window for a resident; by residents themselves on the public page, with number and query code of a matter, or with
the least there is to say: name, phone, the matter in a line. The same phone on the same day has one place; who asks again
reads the same as at first, so that nobody can find out whether a number has booked. For that the second asking is kept as
an echo: a row that never stood, with a code that gives it back as any other and a place of its own on the public page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit, limits
from accounts.queries import Actor
from cases import choices as c
from cases.intake import check_contact
from cases.models import Case, ReceptionBooking, ReceptionDay
from cases.needs import is_storable
from cases.queries import find_public
from cases.reception.queries import ECHO, find_day, may_book, today_of
from cases.reception.services import ONLY_WINDOW, find_case
from cases.services.lookup import CALLS_A_MINUTE, TOO_MANY_CALLS, WRONG_AN_HOUR
from governance_portal.lib.crypto import blind_index, blind_index_candidates
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, TooMany
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import is_valid_number, parse_code, parse_number

MATTER_LIMIT = 100
#: A place that is given back was given back later than it was taken; an echo at once.
MOMENT = timedelta(microseconds=1)
CODE_DIGITS = 10
FULL = "这一天已经约满了，请选别的日子，或者直接到窗口反映，窗口每天都受理。"
CANCELLED = "这一天的接访已经取消，请选别的日子。"
GIVEN_BACK = "这次预约已经取消了；还要来的，请重新填写一次。"
ARCHIVED = "这件事已经办结归档，不能再凭编号预约；有新的情况，请留姓名、电话和事由预约。"
OVER = "这一天的接访已经开始，不能再预约；请直接到现场，或者选别的日子。"
NOT_FOUND = "没有找到这个预约，请核对后再试；记不清的，打窗口电话取消。"
BOOKINGS_AN_HOUR = 10
TOO_MANY = "一小时内预约的次数太多，请稍后再试，或者打窗口电话预约。"


@dataclass(frozen=True)
class Booked:
    """What somebody who booked gets: the code that gives the place back, the day, and the row (of an echo, too).

    `fresh` tells whether this submission made it, or an earlier one with the same key.
    """

    day: ReceptionDay
    code: str
    booking: ReceptionBooking
    fresh: bool = True


def _code_of(day_id: int, key: str) -> str:
    """Ten digits that follow from the submission, so that the same submission reads the same code again."""
    return f"{int(blind_index('reception_code', f'{day_id}:{key}'), 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def by_window(actor: Actor, day_id: int, given: Mapping[str, str], *, now: datetime, client_id: str = "") -> Booked:
    """Book for a resident who stands or calls: `number` of a case, or `name, phone, matter`. NotYou, Incomplete, NotNow."""
    day = find_day(actor, day_id)
    if not may_book(actor, day):
        raise NotYou(ONLY_WINDOW)
    number = str(given.get("number") or "").strip()
    case = find_case(actor, number, now) if number else None
    contact = {} if case is not None else _contact(given)
    source = c.BookedBy.ON_SITE if today_of(now) == day.date else c.BookedBy.WINDOW
    try:
        made = _take(day_id, source, contact, case, actor, now, client_id)
    except _Already as already:
        where = "number" if case is not None else "phone"
        raise Incomplete({where: ["这一位这一天已经约过了，不用再约。"]}) from already
    audit.record(actor, "reception_book", f"reception:{day_id}", now=now)
    return made


def by_resident(
    actor: Actor, day_id: int, given: Mapping[str, str], *, address: str, now: datetime, client_id: str = ""
) -> Booked:
    """Book on the public page; call it outside a transaction (limits are counted for good).

    given: `number` and `query_code` of a matter, or `name, phone, matter`. TooMany (429), Incomplete, NotNow, NotYours. A
    wrong number and a wrong code answer alike; so does a phone that has booked already and one that has not.
    """
    _count(address, now)
    taken = limits.hit("reception_bookings", address, BOOKINGS_AN_HOUR, 3600, now)
    if not taken:
        raise TooMany(TOO_MANY, retry_after=taken.retry_after)
    number, code = str(given.get("number") or "").strip(), str(given.get("query_code") or "").strip()
    key = client_id or str(uuid.uuid4())
    if number or code:
        case = _opened(number, code, now)
        try:
            return _take(day_id, c.BookedBy.WEB, {}, case, actor, now, key)
        except _Already as already:
            raise NotNow("这件事这一天已经约过了，不用再约；到时候带上回执就行。") from already
    return _take(day_id, c.BookedBy.WEB, _contact(given), None, actor, now, key)


def _count(address: str, now: datetime) -> None:
    called = limits.hit("lookup_address", address, CALLS_A_MINUTE, 60, now)
    if not called:
        raise TooMany(TOO_MANY_CALLS, retry_after=called.retry_after)


def _opened(number: str, code: str, now: datetime) -> Case:
    case = find_public(parse_number(number), code)
    if case is not None:
        if case.status == c.Status.ARCHIVED:
            raise Incomplete({"number": [ARCHIVED]})
        return case
    key = parse_number(number) or number[:40]
    wrong = limits.hit("lookup_wrong", key, WRONG_AN_HOUR, 3600, now)
    if not wrong:
        raise TooMany("这个编号输错查询码的次数太多，请一小时后再试，或者打窗口电话。", retry_after=wrong.retry_after)
    raise Incomplete({"query_code": ["编号和查询码对不上，请核对回执；也可以不填编号，留姓名和电话预约。"]})


def contact_errors(given: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is missing or wrong of `name, phone, matter`, all of it at once, by field."""
    errors: dict[str, list[str]] = {}
    typed = _typed(given)
    for name, sentence in (
        ("name", "请填写姓名。"),
        ("phone", "请填写电话，有变动时好通知您。"),
        ("matter", "请用一句话写明要反映的事。"),
    ):
        if not typed[name]:
            errors[name] = [sentence]
    if len(typed["matter"]) > MATTER_LIMIT or not is_storable(typed["matter"]):
        errors["matter"] = [f"最多 {MATTER_LIMIT} 字，详细的当面说。"]
    for name in ("name", "phone"):
        try:
            check_contact({name: typed[name]}, "预约人")
        except ValueError as refused:
            errors[name] = [str(refused)]
    return errors


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    return {name: str(given.get(name) or "").strip() for name in ("name", "phone", "matter")}


def _contact(given: Mapping[str, str]) -> dict[str, str]:
    if errors := contact_errors(given):
        raise Incomplete(errors)
    typed = _typed(given)
    return {**typed, "matter": mask_text(typed["matter"])}


class _Already(Exception):
    """This case or phone has a place on that day."""


def _take(
    day_id: int,
    source: str,
    contact: Mapping[str, str],
    case: Case | None,
    actor: Actor,
    now: datetime,
    client_id: str,
) -> Booked:
    """Take the lowest free seat under the day's lock. The database holds the rest: one standing booking for a seat."""
    key = client_id or str(uuid.uuid4())
    sent = f"{day_id}:{key}"[:64]
    code = _code_of(day_id, key)
    phone = blind_index("phone", contact["phone"]) if contact else ""
    try:
        with transaction.atomic():
            day = ReceptionDay.objects.select_for_update().filter(pk=day_id).first()
            if day is None or (source == c.BookedBy.WEB and day.published_at is None):
                raise NotYours()
            if before := ReceptionBooking.objects.filter(client_id=sent).first():
                if before.cancelled_at is not None and not before.is_echo:
                    raise NotNow(GIVEN_BACK)
                return Booked(day, code, before, fresh=False)
            _still_open(day, source, now)
            standing = day.bookings.filter(cancelled_at__isnull=True)
            seats = set(standing.values_list("seat", flat=True))
            seat = next((number for number in range(1, day.capacity + 1) if number not in seats), None)
            echoes = day.bookings.filter(ECHO).count() if source == c.BookedBy.WEB else 0
            if seat is None or len(seats) + echoes >= day.capacity:
                raise NotNow(FULL)
            known = blind_index_candidates("phone", contact["phone"]) if contact else ()
            again = standing.filter(phone_index__in=known).exists()
            if (case and standing.filter(case=case).exists()) or (again and source != c.BookedBy.WEB):
                raise _Already
            booking = ReceptionBooking.objects.create(
                day=day,
                seat=seat,
                case=case,
                contact={} if again else dict(contact),
                minutes={},
                phone_index=phone,
                code_index=blind_index("reception_code_kept", code),
                source=source,
                client_id=sent,
                booked_at=now,
                booked_by_id=actor.user_id or 0,
                cancelled_at=now if again else None,
            )
    except IntegrityError as raced:  # the database was asked by two at once and kept the first
        raise NotNow(FULL) from raced
    return Booked(day, code, booking)


def _still_open(day: ReceptionDay, source: str, now: datetime) -> None:
    if day.cancelled_at is not None:
        raise NotNow(CANCELLED)
    if now >= (day.begins_at if source == c.BookedBy.WEB else day.ends_at):
        raise NotNow(OVER)


# --- given back ---------------------------------------------------------------------------------------------------


def cancel_by_window(actor: Actor, uid: str, *, now: datetime) -> ReceptionBooking:
    """Give a place back at the window; only before it was registered who came."""
    with transaction.atomic():
        rows = ReceptionBooking.objects.select_for_update(of=("self",)).select_related("day")
        booking = rows.filter(uid=uid).first()
        if booking is None:
            raise NotYours()
        find_day(actor, booking.day_id)
        if not may_book(actor, booking.day):
            raise NotYou(ONLY_WINDOW)
        _give_back(booking, now)
        audit.record(actor, "reception_unbook", f"reception:{booking.day_id}", now=now)
    return booking


def cancel_by_resident(key: str, code: str, *, address: str, now: datetime) -> ReceptionBooking:
    """Give a place back by phone and booking code, or by number and query code of the matter; all failures answer alike.

    An echo is given back as a place is, and nothing else with it: who knows somebody's phone takes no place from them.
    Call it outside a transaction. TooMany (429), NotYours (404) with a sentence for the resident.
    """
    _count(address, now)
    found = _standing_of(key, code, now)
    if found is None:
        wrong = limits.hit("reception_wrong", parse_number(key) or key.strip()[:40], WRONG_AN_HOUR, 3600, now)
        if not wrong:
            raise TooMany("输错的次数太多，请一小时后再试，或者打窗口电话取消。", retry_after=wrong.retry_after)
        raise NotYours(NOT_FOUND)
    with transaction.atomic():
        booking = ReceptionBooking.objects.select_for_update(of=("self",)).select_related("day").get(pk=found)
        _give_back(booking, now)
    return booking


def _standing_of(key: str, code: str, now: datetime) -> int | None:
    rows = ReceptionBooking.objects.filter(attended__isnull=True, day__date__gte=today_of(now)).filter(
        Q(cancelled_at__isnull=True) | ECHO
    )
    rows = rows.order_by("day__date", "pk")
    case = find_public(parse_number(key), code) if is_valid_number(key) else None
    if case is not None:
        return rows.filter(case=case).values_list("pk", flat=True).first()
    codes = blind_index_candidates("reception_code_kept", parse_code(code) or "-")
    phones = blind_index_candidates("phone", key) or ("-",)
    return rows.filter(code_index__in=codes, phone_index__in=phones).values_list("pk", flat=True).first()


def _give_back(booking: ReceptionBooking, now: datetime) -> None:
    if (booking.cancelled_at is not None and not booking.is_echo) or booking.attended is not None:
        raise NotNow("这个预约已经取消或者已经登记，不能再取消。")
    booking.cancelled_at = max(now, booking.booked_at + MOMENT)
    booking.save(update_fields=["cancelled_at"])


def reveal(actor: Actor, uid: str, reason: str, *, now: datetime, **meta: Any) -> dict[str, str]:
    """Show the name and phone of one booking to who must call, for a reason, on record (PIPL §§6, 51)."""
    booking = ReceptionBooking.objects.select_related("day").filter(uid=uid).first()
    if booking is None:
        raise NotYours()
    find_day(actor, booking.day_id)
    if not may_book(actor, booking.day):
        raise NotYou(ONLY_WINDOW)
    if len((reason or "").strip()) < 2:
        raise Incomplete({"reason": ["请写明查看联系方式的理由，例如“告知改期”。"]})
    audit.record(actor, "reception_unmask", f"reception:{booking.day_id}", reason.strip(), now=now, **meta)
    contact = booking.contact or {}
    return {name: contact.get(name, "") for name in ("name", "phone", "matter")}
