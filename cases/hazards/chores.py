"""What the clock does for hazards: the looks of a season made day by day, checks of flood materials that are overdue told once."""

from __future__ import annotations

from datetime import datetime

from accounts.channels.planning import Message
from accounts.choices import Role
from cases.hazards.planning import plan_season
from cases.models import FloodStore
from cases.services.recipients import Recipients
from cases.services.telling_once import tell_once
from governance_portal.lib.working_days import SHANGHAI

BATCH = 500


def keep_looking_again(now: datetime) -> int:
    """Make today's looks of the seasons that last (facts §8 row 1.11); a hazard that has one waiting gets no second."""
    return plan_season(now, BATCH)


def tell_overdue_checks(now: datetime) -> int:
    """Tell the keeper's unit, once for each date, that a material or a team should have been checked."""
    today = now.astimezone(SHANGHAI).date()
    late = FloodStore.objects.filter(retired_at__isnull=True, next_on__lt=today, told_at__isnull=True)
    return tell_once(late.select_related("unit").order_by("next_on", "pk"), "told_at", _late_check, now, BATCH)


def _late_check(store: FloodStore, recipients: Recipients) -> Message:
    people = recipients.officers(store.unit_id) | recipients.leads(store.unit_id)
    if not people:
        people = recipients.role(Role.SUPERVISOR, store.area_code)
    body = f"{store.place}，{store.unit}保管，应在 {store.next_on:%m月%d日} 前检查；检查后请在“防汛物资和队伍”登记。"
    key = f"flood_check:{store.pk}:{store.next_on:%Y%m%d}"
    return Message(people, key, f"{store.get_kind_display()}“{store.what}”该检查了", body, "", "due")
