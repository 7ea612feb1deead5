"""The clock's part: who is to be visited is said once, without a name; referrals whose time is over are forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Unit
from accounts.notices import notify
from accounts.queries import service_actor
from cases.caring.helping import expire, over
from cases.caring.posts import NEAR
from cases.caring.queries import overdue, standing
from cases.services.people import officers_of
from governance_portal.lib.working_days import day_of
from grids.queries import names_of

BATCH = 500


def tell_overdue_visits(now: datetime) -> int:
    """Tell the people of each community and its street how many visits are overdue; never whose. Answers how many plans.

    Once for each date of a plan: the mark is written in the transaction of the notice.
    """
    today = day_of(now)
    untold = overdue(standing(), today).exclude(told_for=F("next_on"), told_for__isnull=False)
    rows = list(untold.order_by("area_code", "pk").values_list("area_code", flat=True)[:BATCH])
    return sum(_tell(area, now) for area in Counter(rows))


def _tell(area: str, now: datetime) -> int:
    today = day_of(now)
    with transaction.atomic():
        late = list(overdue(standing().filter(area_code=area), today).select_for_update())
        new = [plan for plan in late if plan.told_for != plan.next_on]
        if not new:
            return 0
        for plan in new:
            plan.told_for = plan.next_on
            plan.save(update_fields=["told_for"])
        words = f"{names_of([area]).get(area) or '本社区'} {len(late)} 位老人的探访已到期"
        units = Unit.objects.filter(Q(area_code__in=(area, area[:9])), kind__in=NEAR, active=True)
        people = {user.pk for unit in units for user in officers_of(unit.pk, now)}
        key = f"caring:{area}:{today.isoformat()}:{len(late)}"
        notify(
            people, key, words, "请在“探访”里查看轮到谁去，并尽快上门。", kind="overdue", now=now, outside="有探访到期"
        )
    return len(new)


def forget_helps(now: datetime) -> int:
    """End and empty the referrals whose 90 days are over, and the words of those that ended before; answers how many."""
    rows = list(over(day_of(now)).order_by("pk")[:BATCH])
    if not rows:
        return 0
    clock = service_actor("clock")
    return sum(expire(row, actor=clock, now=now) for row in rows)
