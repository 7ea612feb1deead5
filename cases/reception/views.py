"""领导接访 for staff: the days, a day with its bookings, one booking on the day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases.models import Case, ReceptionBooking, ReceptionDay
from cases.reception import booking as places
from cases.reception import changing, queries, services
from cases.services.registering import REGISTRARS
from cases.views.choices import units
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal
from governance_portal.lib.numbers import format_code

PER_PAGE = 50
NO_POST = "领导接访由窗口、督办、领导和中心负责人查看，您没有这些岗位。"
Errors = dict[str, list[str]]


def reader_of(request: HttpRequest) -> Actor:
    """Return who asks; NotYou for whoever has no post that reads reception days."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.reading_posts(actor):
        raise NotYou(NO_POST)
    return actor


def _to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"reception:{name}", args=args))


# --- days ---------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """The days to come, or with ?when=past those behind; POST plans one."""
    now = timezone.now()
    actor = reader_of(request)
    if request.method == "POST":
        try:
            day = services.plan_day(actor, request.POST.dict(), now=now, publish=bool(request.POST.get("publish")))
        except Incomplete as refused:
            return _days_page(request, actor, now, refused.errors, 400)
        messages.success(
            request, f"{day.leader}的接访日已排好{'，居民在网上看得到' if day.published_at else '，还没有公布'}。"
        )
        return _to("day", day.pk)
    return _days_page(request, actor, now, {}, 200)


def _days_page(request: HttpRequest, actor: Actor, now: datetime, errors: Errors, status: int) -> HttpResponse:
    past = request.GET.get("when") == "past"
    found = queries.counted(queries.days_of(actor))
    behind = found.filter(date__lt=queries.today_of(now)).order_by("-date", "-starts", "-id")
    rows = behind if past else queries.coming(found, now)
    typed = request.POST
    context = {
        "title": "领导接访",
        "past": past,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_plan": queries.may_plan(actor),
        "open": bool(errors),
        "errors": errors,
        "f": _day_fields(typed, errors),
        "now": now,
    }
    return render(request, "cases/reception/days.html", context, status=status)


def _day_fields(typed: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    return {
        "leader": text(typed, errors, "leader", "接访领导", maximum=40, required=True),
        "office": text(typed, errors, "office", "职务", maximum=60, required=True),
        "date": text(typed, errors, "date", "日期", kind="date", required=True),
        "starts": text(typed, errors, "starts", "开始", kind="time", required=True),
        "ends": text(typed, errors, "ends", "结束", kind="time", required=True),
        "place": text(typed, errors, "place", "地点", maximum=120, required=True),
        "capacity": text(typed, errors, "capacity", "可约几位", maximum=3, inputmode="numeric", required=True),
        "topics": text(typed, errors, "topics", "接待内容（选填）", maximum=200),
    }


@staff
@require_safe
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """One day: who has booked, who came, what was said."""
    actor = reader_of(request)
    return _day_page(request, actor, queries.find_day(actor, pk), timezone.now(), {}, 200)


def _day_page(
    request: HttpRequest, actor: Actor, found: ReceptionDay, now: datetime, errors: Errors, status: int
) -> HttpResponse:
    rows = queries.rows_of(queries.bookings_of(found), actor, now)
    standing = [row for row in rows if row["booking"].cancelled_at is None]
    typed = request.POST if errors else {}
    changes = bool(set(errors) & set(changing.FIELDS))
    plan_to_come = queries.may_plan(actor, found) and not found.cancelled_at
    context = {
        "title": f"{found.leader}接访",
        "day": found,
        "rows": standing,
        "given_back": len(rows) - len(standing),
        "left": found.capacity - len(standing),
        "waiting": sum(row["booking"].attended is None for row in standing),
        "may_plan": plan_to_come and now < found.ends_at,
        "may_change": plan_to_come and now < found.begins_at,
        "changes": changes,
        "planned": _day_fields(typed if changes else _as_typed(found), errors),
        "may_book": queries.may_book(actor, found) and not found.cancelled_at and now < found.ends_at,
        "may_receive": queries.may_book(actor, found) and not found.cancelled_at,
        "is_day": queries.today_of(now) >= found.date,
        "errors": errors,
        "client_id": str(uuid.uuid4()),
        "f": {
            "number": text(typed, errors, "number", "已有事项的受理编号", maximum=30, inputmode="numeric"),
            "name": text(typed, errors, "name", "姓名", maximum=60, private=True),
            "phone": text(typed, errors, "phone", "电话", maximum=30, inputmode="tel", private=True),
            "matter": text(typed, errors, "matter", "什么事（一句话）", maximum=places.MATTER_LIMIT),
            "reason": text(typed, errors, "reason", "取消的原因（居民会看到）", maximum=200),
        },
        "now": now,
    }
    return render(request, "cases/reception/day.html", context, status=status)


def _as_typed(found: ReceptionDay) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in changing.FIELDS},
        "date": found.date.isoformat(),
        **{name: f"{getattr(found, name):%H:%M}" for name in ("starts", "ends")},
    }


@staff
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a day public."""
    found = services.publish(reader_of(request), pk, now=timezone.now())
    messages.success(request, "已公布，居民在网上看得到，可以预约。")
    return _to("day", found.pk)


@staff
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a day."""
    now, actor = timezone.now(), reader_of(request)
    try:
        changing.cancel_day(actor, pk, request.POST.get("reason", ""), now=now)
    except Incomplete as refused:
        return _day_page(request, actor, queries.find_day(actor, pk), now, refused.errors, 400)
    messages.success(request, "这一天的接访已取消；请逐一电话告知已预约的人。")
    return _to("day", pk)


@staff
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a day."""
    now, actor = timezone.now(), reader_of(request)
    try:
        _day, changed = changing.change_day(actor, pk, request.POST.dict(), now=now)
    except Incomplete as refused:
        return _day_page(request, actor, queries.find_day(actor, pk), now, refused.errors, 400)
    told = bool({*changing.WHEN, *changing.WHERE} & set(changed))
    words = "已更改，居民看到的是新的时间和地点；已约的人请逐一电话告知。" if told else "已更改。"
    messages.success(request, words if changed else "没有改动。")
    return _to("day", pk)


# --- places -------------------------------------------------------------------------------------------------------


@staff
@require_POST
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book for a resident."""
    now, actor = timezone.now(), reader_of(request)
    try:
        made = places.by_window(actor, pk, request.POST.dict(), now=now, client_id=request.POST.get("client_id", ""))
    except Incomplete as refused:
        return _day_page(request, actor, queries.find_day(actor, pk), now, refused.errors, 400)
    messages.success(
        request, f"已约上：第 {made.booking.seat} 号，预约码 {format_code(made.code)}，请告诉来访人，取消时要用。"
    )
    return _to("day", pk)


@staff
@require_POST
def give_back(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Give a place back."""
    found = places.cancel_by_window(reader_of(request), str(uid), now=timezone.now())
    messages.success(request, f"第 {found.seat} 号已取消，空出的名额可以再约。")
    return _to("day", found.day_id)


@staff
@require_http_methods(["GET", "POST"])
def booking(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One person's turn: who came, what was said, the instruction; POST writes it down."""
    now, actor = timezone.now(), reader_of(request)
    if request.method == "POST":
        try:
            services.receive(actor, str(uid), request.POST.dict(), now=now)
        except NotYours:
            raise
        except Refusal as refused:
            errors = refused.errors if isinstance(refused, Incomplete) else {}
            return _booking_page(request, actor, uid, now, errors, refused.status, "" if errors else refused.detail)
        messages.success(request, "已登记。有批示的，请接着登记为事项或者转督办。")
        return _to("booking", uid)
    return _booking_page(request, actor, uid, now, {}, 200)


def _booking_page(
    request: HttpRequest,
    actor: Actor,
    uid: uuid.UUID,
    now: datetime,
    errors: Errors,
    status: int,
    refusal: str = "",
) -> HttpResponse:
    found = ReceptionBooking.objects.select_related("day", "case", "unit").filter(uid=uid).first()
    if found is None:
        raise NotYours()
    queries.find_day(actor, found.day_id)
    row = queries.rows_of([found], actor, now)[0]
    if row["hidden"]:
        raise NotYours()
    typed = request.POST if errors or refusal else {}
    off = bool(found.cancelled_at or found.day.cancelled_at)
    context = {
        "title": f"第 {found.seat} 号",
        "row": row,
        "booking": found,
        "day": found.day,
        "may_receive": queries.may_book(actor, found.day),
        "off": off,
        "to_receive": found.attended is None and not off and queries.today_of(now) >= found.day.date,
        "archived": found.case is not None and services.to_register(found),
        "may_register": services.to_register(found) and bool(found.attended) and actor.has(*REGISTRARS),
        "may_order": found.instructed
        and not services.to_register(found)
        and not found.order_number
        and _may_order(actor),
        "errors": errors,
        "refusal": refusal,
        "attended": typed.get("attended", "yes"),
        "f": {
            "attended": text(typed, errors, "attended", "来了没有"),
            "said": text(typed, errors, "said", "反映的情况", maximum=services.TEXT_LIMIT, inner=True, required=True),
            "instruction": text(typed, errors, "instruction", "领导批示", maximum=services.TEXT_LIMIT, inner=True),
            "unit": choice(typed, errors, "unit", "责任单位", [(u["value"], u["label"]) for u in units(now)]),
            "deadline": text(typed, errors, "deadline", "办理时限", kind="date"),
            "reason": text(typed, errors, "reason", "查看联系方式的理由", maximum=100),
        },
        "now": now,
    }
    return render(request, "cases/reception/booking.html", context, status=status)


def _may_order(actor: Actor) -> bool:
    return actor.has(Role.SUPERVISOR) or queries.may_plan(actor)


@staff
@require_POST
def order(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The instruction becomes an order on the case: one tap."""
    try:
        found = services.order(reader_of(request), str(uid), now=timezone.now())
    except Incomplete as refused:
        raise NotNow(refused.detail) from refused
    messages.success(request, f"批示已转为督办 {found.order_number}，责任单位须在时限前书面回复。")
    return _to("booking", uid)


@staff
@require_POST
def reveal(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show name and phone once, for a reason, on record."""
    now, actor = timezone.now(), reader_of(request)
    try:
        shown = places.reveal(actor, str(uid), request.POST.get("reason", ""), now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return _booking_page(request, actor, uid, now, refused.errors, 400)
    found = ReceptionBooking.objects.select_related("day", "case", "unit").get(uid=uid)
    return render(
        request, "cases/reception/contact.html", {"title": "联系方式", "booking": found, "shown": shown, "now": now}
    )


def adopted(request: HttpRequest, actor: Actor, case: Case, now: datetime) -> None:
    """After a registration from a booking: give the booking its case, or say why not; the registration itself stands."""
    uid = request.POST.get("reception", "")
    if not uid:
        return
    try:
        services.adopt(actor, str(uuid.UUID(uid)), case, now=now)
    except ValueError:
        return
    except (NotNow, NotYou, NotYours, Incomplete) as refused:
        messages.warning(request, f"事项已登记，但没有与接访预约关联：{refused.detail}")
