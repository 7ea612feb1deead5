"""The demonstration's hazards: made once, through the doors, of several classes and partly closed; twelve streets guaranteed."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from accounts.queries import actor_for
from cases.hazards import queries
from cases.hazards.queries import Sift
from cases.models import FloodStore
from cases.services.integrity import faults
from governance_portal.demo import hazards
from governance_portal.demo.people import make_offices, make_people
from governance_portal.lib.working_days import SHANGHAI
from grids.demo import make_territory
from grids.responsibility.queries import coverage

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def test_the_ledger_is_lively_and_made_once() -> None:
    make_offices()
    make_people(NOW)
    make_territory(NOW, 234)
    assert (hazards.make(NOW), hazards.make(NOW)) == (12, 0)
    actor = actor_for(User.objects.get(username="supervisor"), NOW)
    figures = queries.figures_of(actor, Sift(), NOW)
    late = FloodStore.objects.filter(next_on__lt=NOW.date()).count()
    whole = coverage("flood", NOW.date(), NOW.date(), "140603")
    assert (figures, late, whole.streets, whole.whole, list(faults())) == (
        {"found": 12, "closed": 5, "open": 7, "overdue": 2, "other": 0},
        1,
        12,
        True,
        [],
    )
