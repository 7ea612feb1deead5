"""大屏 in the demonstration: one screen named 大厅, set up by the centre's lead and not paired."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.models import Screen
from cases.models.screens import ScreenLayout
from cases.screens import services
from governance_portal.demo.offices import DISTRICT

NAME = "大厅"


def make(now: datetime) -> int:
    """Make it once; answers how many were made."""
    if Screen.objects.filter(name=NAME).exists():
        return 0
    lead = actor_for(User.objects.get(username="centre_lead"), now)
    services.make(lead, NAME, DISTRICT, ScreenLayout.AUTO, now)
    return 1
