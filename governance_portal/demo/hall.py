"""Who sits in the hall of the demonstration: 信访、公安 every day, others by turns, the rest when called (facts §1.1)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.hall.roster import is_planned
from cases.services.rostering import PlanGiven, plan
from governance_portal.demo.offices import DISTRICT

#: (unit, how, weekdays, desk); no weekday: every working day.
DESKS = (
    ("petition", "resident", (), "1 号"),
    ("police", "resident", (), "2 号"),
    ("committee", "resident", (), "3 号"),
    ("labour", "rotating", ("0", "2", "4"), "4 号"),
    ("land", "rotating", ("1", "3"), "4 号"),
    ("housing", "rotating", ("0", "3"), "5 号"),
    ("heating", "on_call", (), ""),
    ("legal_aid", "on_call", (), ""),
)
LEADERS = (("马国栋", ("0", "2", "4", "6")), ("孙立民", ("1", "3", "5")))


def make_roster(now: datetime) -> int:
    """Plan the week through the same door as people do, once; answers how many rows."""
    if is_planned(DISTRICT):
        return 0
    actor = actor_for(User.objects.get(username="dispatcher"), now)
    made = 0
    for unit, presence, weekdays, desk in DESKS:
        phone = f"0349-60{21000 + made * 17:05d}"
        given = PlanGiven(False, unit, presence, weekdays, "", "", desk, phone)
        made += len(plan(actor, given, now=now))
    for name, days in LEADERS:
        given = PlanGiven(True, "", "", days, "", name, "", "0349-6020001")
        made += len(plan(actor, given, now=now))
    return made
