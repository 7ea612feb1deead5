"""The clock's part: names and phones of bookings go when their time is over (PIPL §§19, 47; facts §7.1)."""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from django.db import transaction
from django.db.models import Q

from cases.models import ReceptionBooking, RetentionRule
from cases.reception.queries import today_of

BATCH = 500
#: A place that was given back is nobody's business any more a month after the day.
CANCELLED_DAYS = 30


def erase_bookings(now: datetime) -> int:
    """Erase what is sealed in bookings whose time is over; answers how many. Idempotent, at most a batch.

    With a case it goes when the case's goes (`Erasure`); without one after the general retention rule's months, counted
    from the day; of a cancelled place after thirty days.
    """
    today = today_of(now)
    months = RetentionRule.objects.filter(kind="").values_list("months", flat=True).first()
    over = Q(case__erasure__isnull=False) | Q(
        cancelled_at__isnull=False, day__date__lt=today - relativedelta(days=CANCELLED_DAYS)
    )
    if months:
        over |= Q(case__isnull=True, day__date__lt=today - relativedelta(months=months))
    rows = ReceptionBooking.objects.filter(over, erased_at__isnull=True).order_by("pk")
    return sum(_erase(pk, now) for pk in list(rows.values_list("pk", flat=True)[:BATCH]))


def _erase(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        booking = ReceptionBooking.objects.select_for_update().get(pk=pk)
        if booking.erased_at is not None:
            return False
        booking.contact, booking.minutes, booking.phone_index, booking.code_index = {}, {}, "", ""
        booking.erased_at = now
        booking.save(update_fields=["contact", "minutes", "phone_index", "code_index", "erased_at"])
    return True
