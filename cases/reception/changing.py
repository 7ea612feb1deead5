"""A planned day is changed or cancelled: residents read it on the public page, and the window calls who has booked.

Source: 信访工作条例 §18 (time and place of a reception are public, so a change of them is, too).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.notices import notify
from accounts.queries import Actor
from cases.models import ReceptionDay
from cases.needs import is_storable
from cases.reception.queries import window_of
from cases.reception.services import check_free, checked_day, planned_day
from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.spoken import day_words, moment_words

#: What a resident who has booked must hear of.
WHEN, WHERE = ("date", "starts", "ends"), ("place",)
FIELDS = ("leader", "office", *WHEN, *WHERE, "capacity", "topics")


def change_day(
    actor: Actor, pk: int, given: Mapping[str, str], *, now: datetime
) -> tuple[ReceptionDay, tuple[str, ...]]:
    """Change a day that has not begun; given as for `services.plan_day`. Answers it and the names of what changed.

    Of a published day places are only added. Where time or place changes and somebody has booked, the window is told to
    call them. NotYours, NotYou, NotNow; Incomplete with sentences beside the fields.
    """
    with transaction.atomic():
        day = planned_day(actor, pk)
        if now >= day.begins_at:
            raise NotNow("这一天的接访已经开始，不能再改。")
        cleaned = checked_day(given, now)
        if day.published_at is not None and cleaned["capacity"] < day.capacity:
            raise Incomplete({"capacity": [f"已经公布的名额只能增加，现在是 {day.capacity} 位。"]})
        check_free(cleaned, day.area_code, besides=day.pk)
        changed = tuple(name for name in FIELDS if getattr(day, name) != cleaned[name])
        before = _words(day, now)
        for name in changed:
            setattr(day, name, cleaned[name])
        if changed:
            day.save(update_fields=changed)
            audit.record(actor, "reception_change", f"reception:{day.pk}", "", {"changed": list(changed)}, now=now)
        if set(changed) & {*WHEN, *WHERE}:
            what = f"接访改为 {_words(day, now)}（原来是 {before}）"
            _tell(day, f"changed:{int(now.timestamp() * 1000)}", "接访有变动", what, now)
    return day, changed


def cancel_day(actor: Actor, pk: int, reason: str, *, now: datetime) -> ReceptionDay:
    """Cancel a day for a reason that residents read; the window is told to call those who booked."""
    reason = (reason or "").strip()
    with transaction.atomic():
        day = planned_day(actor, pk)
        if now >= day.ends_at:
            raise NotNow("这个接访日已经结束，不能再取消。")
        if not reason or len(reason) > 200 or not is_storable(reason):
            raise Incomplete({"reason": ["请写明取消的原因（200 字以内），居民会看到。"]})
        day.cancelled_at, day.cancel_reason = now, reason
        day.save(update_fields=["cancelled_at", "cancel_reason"])
        audit.record(actor, "reception_cancel", f"reception:{day.pk}", reason, now=now)
        _tell(day, "cancelled", "接访取消", f"{day_words(day.begins_at, now)}的接访取消", now)
    return day


def _words(day: ReceptionDay, now: datetime) -> str:
    return f"{moment_words(day.begins_at, now)}—{day.ends:%H:%M}，{day.place}"


def _tell(day: ReceptionDay, key: str, title: str, what: str, now: datetime) -> None:
    """Tell the window, whoever of the staff booked for somebody, and whoever planned the day; nobody when nobody booked."""
    waiting = day.bookings.filter(cancelled_at__isnull=True, attended__isnull=True)
    count = waiting.count()
    if not count:
        return
    hands = User.objects.filter(pk__in=waiting.values("booked_by_id"), is_service=False, is_active=True)
    people = {*window_of(day, now), *hands.values_list("pk", flat=True), day.made_by_id}
    body = f"{what}，已约 {count} 人，请逐一电话告知。"
    notify(people, f"reception:{day.pk}:{key}", f"{day.leader}{title}", body, kind="reception", now=now)
