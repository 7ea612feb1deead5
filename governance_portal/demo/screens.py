"""大屏 in the demonstration: one screen named 大厅, set up by the centre's lead and not paired."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.screens import services
from governance_portal.demo.offices import DISTRICT

NAME = "大厅"


def make(now: datetime) -> int:
    """Make it once; answers how many were made."""
    lead = actor_for(User.objects.get(username="centre_lead"), now)
    return services.make_once(lead, NAME, DISTRICT, now)
