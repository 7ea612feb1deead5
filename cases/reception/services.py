"""领导接访 through its doors: days planned and published; who came, what was said, the instruction, and the order it becomes.

Source: 信访工作条例 §18 (leaders receive people, time and place are public); facts §1.10, D30.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_time

from accounts import audit
from accounts.queries import Actor
from cases import choices as c
from cases.models import Case, ReceptionBooking, ReceptionDay
from cases.models.reception import MOST_PLACES
from cases.needs import is_storable
from cases.reception.queries import find_day, may_book, may_plan, plans, today_of
from cases.services.door import record
from cases.services.finding import check_unit, find_unit
from cases.services.sponsoring import check_instruction
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import parse_number
from governance_portal.lib.working_days import SHANGHAI

LIMITS = {"leader": ("接访领导", 40), "office": ("职务", 60), "place": ("地点", 120), "topics": ("接待内容", 200)}
TEXT_LIMIT = 3000
END_OF_WORK = time(17, 30)
ONLY_PLANNERS = "接访日由中心负责人和督办员安排。"
DAY_OFF = "这一天的接访已经取消，不能登记接访；来访人到了现场的，请在窗口登记，或者改约别的日子。"
ONLY_WINDOW = "接访的预约和登记由窗口受理员、督办员和中心负责人办理。"


# --- days ---------------------------------------------------------------------------------------------------------


def plan_day(actor: Actor, given: Mapping[str, str], *, now: datetime, publish: bool = True) -> ReceptionDay:
    """Plan one day: `leader, office, date, starts, ends, place, capacity, topics?`; published at once unless said.

    NotYou; Incomplete with sentences beside the fields.
    """
    post = next((post for post in actor.posts if plans(post)), None)
    if post is None or actor.user_id is None:
        raise NotYou(ONLY_PLANNERS)
    cleaned = checked_day(given, now)
    with transaction.atomic():
        check_free(cleaned, post.area_code)
        day = ReceptionDay.objects.create(
            **cleaned,
            area_code=post.area_code,
            published_at=now if publish else None,
            made_by_id=actor.user_id,
            made_at=now,
        )
        audit.record(actor, "reception_plan", f"reception:{day.pk}", "", {"date": str(day.date)}, now=now)
    return day


def check_free(cleaned: Mapping[str, Any], area_code: str, *, besides: int = 0) -> None:
    """Refuse (Incomplete) a day on which this leader already receives at that hour; `besides`: the day that is changed."""
    names = ("leader", "date", "starts")
    same = ReceptionDay.objects.filter(
        area_code=area_code, cancelled_at__isnull=True, **{name: cleaned[name] for name in names}
    )
    if same.exclude(pk=besides).exists():
        raise Incomplete({"starts": [f"{cleaned['leader']}这个时间已经安排了接访，请改时间。"]})


def checked_day(given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return what a day is made of, typed, for `plan_day` and a change; Incomplete with sentences beside the fields."""
    errors: dict[str, list[str]] = {}
    cleaned: dict[str, Any] = {}
    for name, (label, most) in LIMITS.items():
        text = str(given.get(name) or "").strip()
        if not text and name != "topics":
            errors[name] = [f"请填写{label}。"]
        elif len(text) > most or not is_storable(text):
            errors[name] = [f"{label}最多 {most} 字。"]
        cleaned[name] = text
    cleaned["date"] = date_of(given.get("date", ""))
    cleaned["starts"], cleaned["ends"] = _time(given.get("starts", "")), _time(given.get("ends", ""))
    if cleaned["date"] is None:
        errors["date"] = ["请填写日期。"]
    for name, label in (("starts", "开始"), ("ends", "结束")):
        if cleaned[name] is None:
            errors[name] = [f"请填写{label}的时间，如 09:00。"]
    if not errors.keys() & {"date", "starts", "ends"}:
        if cleaned["ends"] <= cleaned["starts"]:
            errors["ends"] = ["结束应晚于开始。"]
        if datetime.combine(cleaned["date"], cleaned["starts"], SHANGHAI) <= now:
            errors["date"] = ["这个时间已经过去了，请填以后的时间。"]
    places = str(given.get("capacity") or "").strip()
    if not (places.isascii() and places.isdigit() and 1 <= int(places) <= MOST_PLACES):
        errors["capacity"] = [f"可约人数请填 1 到 {MOST_PLACES} 的数字。"]
    else:
        cleaned["capacity"] = int(places)
    if errors:
        raise Incomplete(errors)
    return cleaned


def date_of(text: Any) -> date | None:
    """Return the day that somebody typed (ISO), or None."""
    try:
        found = text if isinstance(text, date) else parse_date(str(text).strip())
    except ValueError:
        return None
    return found if found is not None and 2000 <= found.year < 2200 else None


def _time(text: Any) -> time | None:
    try:
        return text if isinstance(text, time) else parse_time(str(text).strip())
    except ValueError:
        return None


def publish(actor: Actor, pk: int, *, now: datetime) -> ReceptionDay:
    """Make a planned day public."""
    with transaction.atomic():
        day = planned_day(actor, pk)
        if day.published_at is not None:
            raise NotNow("这个接访日已经公布了。")
        day.published_at = now
        day.save(update_fields=["published_at"])
        audit.record(actor, "reception_publish", f"reception:{day.pk}", now=now)
    return day


def planned_day(actor: Actor, pk: int) -> ReceptionDay:
    """Lock a day that this person plans and that stands; NotYours, NotYou, NotNow."""
    find_day(actor, pk)
    day = ReceptionDay.objects.select_for_update().get(pk=pk)
    if not may_plan(actor, day):
        raise NotYou(ONLY_PLANNERS)
    if day.cancelled_at is not None:
        raise NotNow("这个接访日已经取消了。")
    return day


# --- what was said ------------------------------------------------------------------------------------------------


def _booking(actor: Actor, uid: str, now: datetime) -> ReceptionBooking:
    """Lock one booking of a day that this person registers; NotYours, NotYou, NotNow."""
    rows = ReceptionBooking.objects.select_for_update(of=("self",)).select_related("day", "case", "unit")
    booking = rows.filter(uid=uid).first()
    if booking is None:
        raise NotYours()
    find_day(actor, booking.day_id)
    if not may_book(actor, booking.day):
        raise NotYou(ONLY_WINDOW)
    if booking.cancelled_at is not None:
        raise NotNow("这个预约已经取消了。")
    if booking.case_id and not Case.objects.visible_to(actor, now).filter(pk=booking.case_id).exists():
        raise NotYours()
    return booking


def receive(actor: Actor, uid: str, given: Mapping[str, Any], *, now: datetime) -> ReceptionBooking:
    """Register on the day who came and what was said; with an instruction: what, which unit, until when.

    given: `attended` ("yes"/"no"), `said`, `instruction?`, `unit?` (code), `deadline?`. On a case it is a record of its
    history (`receive`); without one, or on one that was archived meanwhile, it waits, sealed, for the registration
    (`adopt`). NotNow where the day was cancelled.
    """
    with transaction.atomic():
        booking = _booking(actor, uid, now)
        if booking.attended is not None:
            raise NotNow("这一位已经登记过了；有补充的，请在事项里写办理进展。")
        if booking.day.cancelled_at is not None:
            raise NotNow(DAY_OFF)
        if today_of(now) < booking.day.date:
            raise NotNow("还没有到接访的日子；当天再登记。")
        attended = str(given.get("attended", ""))
        if attended not in ("yes", "no"):
            raise Incomplete({"attended": ["请选择到场了没有。"]})
        booking.attended, booking.received_at = attended == "yes", now
        if booking.attended:
            _take_down(actor, booking, given, now)
        booking.save()
    return booking


def _take_down(actor: Actor, booking: ReceptionBooking, given: Mapping[str, Any], now: datetime) -> None:
    said, instruction = str(given.get("said") or "").strip(), str(given.get("instruction") or "").strip()
    for name, text in (("said", said), ("instruction", instruction)):
        if len(text) > TEXT_LIMIT or not is_storable(text):
            raise Incomplete({name: [f"最多 {TEXT_LIMIT} 字。"]})
    if not said:
        raise Incomplete({"said": ["请写下反映的情况。"]})
    unit, ends = str(given.get("unit") or ""), date_of(given.get("deadline") or "")
    if given.get("deadline") and ends is None:
        raise Incomplete({"deadline": ["日期请按“2026-11-21”的样子填写。"]})
    check_instruction({"instruction": instruction, "unit": unit, "deadline": ends})
    if ends and ends < today_of(now):
        raise Incomplete({"deadline": ["这一天已经过去了，请填今天或以后的日期。"]})
    booking.minutes = {"said": mask_text(said), "instruction": mask_text(instruction)}
    if instruction:
        booking.instructed, booking.unit, booking.deadline = True, find_unit("unit", unit), ends
        if booking.case is not None and booking.unit is not None:
            check_unit("unit", booking.case, booking.unit, now)
    if booking.case is not None and not to_register(booking):
        _keep(actor, booking, booking.case, now)


def to_register(booking: ReceptionBooking) -> bool:
    """Tell whether what was said has no case yet that takes it: none at all, or an archived one, which nobody writes to."""
    return booking.case is None or booking.case.status == c.Status.ARCHIVED


def _keep(actor: Actor, booking: ReceptionBooking, case: Case, now: datetime) -> None:
    """Write the reception into the history of its case, by the door."""
    minutes = booking.minutes or {}
    given: dict[str, Any] = {
        "leader": f"{booking.day.leader}（{booking.day.office}）",
        "received_on": booking.day.date,
        "said": minutes.get("said", ""),
    }
    if booking.instructed and booking.unit is not None:
        given |= {"instruction": minutes["instruction"], "unit": booking.unit.code, "deadline": booking.deadline}
    record(case, "receive", actor=actor, now=now, given=given)


def adopt(actor: Actor, uid: str, case: Case, *, now: datetime) -> ReceptionBooking:
    """Give a booking the case that was registered from it: its history tells the reception, the contact data moves there."""
    with transaction.atomic():
        booking = _booking(actor, uid, now)
        if not to_register(booking):
            raise NotNow("这一位的事项已经登记过了。")
        booking.case = case
        booking.contact, booking.phone_index = {}, ""
        if booking.attended:
            if booking.instructed and booking.unit is not None:
                check_unit("unit", case, booking.unit, now)
            _keep(actor, booking, case, now)
        booking.save(update_fields=["case", "contact", "phone_index"])
    return booking


def prefilled(actor: Actor, uid: str, now: datetime) -> dict[str, str]:
    """Return what the registration form of a booking begins with (channel 领导); on record, for it is contact data."""
    with transaction.atomic():
        booking = _booking(actor, uid, now)
        if not to_register(booking):
            raise NotNow("这一位的事项已经登记过了。")
        contact, minutes = booking.contact or {}, booking.minutes or {}
        audit.record(actor, "reception_unmask", f"reception:{booking.day_id}", "登记事项", now=now)
    story = "\n".join(part for part in (contact.get("matter", ""), minutes.get("said", "")) if part)
    return {
        "channel": str(c.Channel.LEADER.value),
        "description": story,
        "reporter-0-name": contact.get("name", ""),
        "reporter-0-phone": contact.get("phone", ""),
        "reception": str(booking.uid),
    }


def order(actor: Actor, uid: str, *, now: datetime) -> ReceptionBooking:
    """Lay the leader's instruction on the case as an order (督办函), by the door: supervisors and the centre's lead."""
    with transaction.atomic():
        booking = _booking(actor, uid, now)
        if not booking.instructed or booking.unit is None or booking.deadline is None:
            raise NotNow("这次接访没有批示，不能转督办。")
        if booking.case is None or to_register(booking):
            raise NotNow("请先把这件事登记为事项，再转督办。")
        if booking.order_number:
            raise NotNow(f"已经转为督办 {booking.order_number}。")
        day, minutes = booking.day, booking.minutes or {}
        ends = datetime.combine(booking.deadline, END_OF_WORK, SHANGHAI)
        if ends <= now:
            raise NotNow("批示的时限已经过了，请在事项里直接发督办，另定期限。")
        when = f"{day.date.month}月{day.date.day}日"
        said = minutes.get("instruction", "")
        demand = f"{day.leader}{when}接访批示：{said}（责任单位：{booking.unit.name}）"
        given = {"kind": c.OrderKind.LETTER.value, "demand": demand, "deadline": ends, "issuer": day.office}
        event = record(booking.case, "order", actor=actor, now=now, given=given)
        booking.order_number = str(event.data["number"])
        booking.save(update_fields=["order_number"])
    return booking


def find_case(actor: Actor, typed: str, now: datetime) -> Case:
    """Return a visible case that is not archived by number, for a booking; Incomplete at `number`."""
    case = Case.objects.visible_to(actor, now).filter(number=parse_number(typed) or "-").first()
    if case is None:
        raise Incomplete({"number": ["没有找到这个受理编号，请核对；抄错一位就对不上。"]})
    if case.status == c.Status.ARCHIVED:
        raise Incomplete({"number": ["这件事已经办结归档，不能再记接访；有新的情况，请填姓名、电话和事由预约。"]})
    return case
