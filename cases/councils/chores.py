"""The clock's part: a wish whose date is over is said to whose it is, once for each date."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.notices import notify
from cases.councils.queries import OPEN
from cases.models import Wish
from cases.services.people import officers_of
from governance_portal.lib.working_days import day_of

BATCH = 500


def tell_overdue_wishes(now: datetime) -> int:
    """Tell the owner (the person named, else the unit's people) of each wish that ran late; answers how many wishes."""
    today = day_of(now)
    late = Wish.objects.filter(state__in=OPEN, due_on__lt=today).exclude(told_for=F("due_on"), told_for__isnull=False)
    return sum(_tell(pk, now) for pk in list(late.order_by("pk").values_list("pk", flat=True)[:BATCH]))


def _tell(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        wish = Wish.objects.select_for_update().get(pk=pk)
        if wish.state not in OPEN or wish.due_on >= day_of(now) or wish.told_for == wish.due_on:
            return False
        wish.told_for = wish.due_on
        wish.save(update_fields=["told_for"])
        people = [wish.owner_id] if wish.owner_id else [user.pk for user in officers_of(wish.unit_id, now)]
        body = f"“{wish.what}”说好{wish.due_on.month}月{wish.due_on.day}日办好，已经过了；请在“民心台账”里写明进展，或者改期并说明。"
        key = f"wish:{wish.pk}:{wish.due_on.isoformat()}"
        notify(people, key, "民心台账有一件过期", body, kind="overdue", now=now, outside="有民心台账事项过期")
    return True
