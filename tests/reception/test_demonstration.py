"""The demonstration's reception days, leader's case and whistles: made through the doors, once."""

from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from cases.fold import fold
from cases.models import Case, CaseLead, ReceptionBooking, ReceptionDay, SupervisionOrder, TeamMember, WhistleCall
from cases.policies import calendar
from governance_portal.demo import reception
from governance_portal.demo.making import make_demo
from governance_portal.demo.stories import STORIES
from tests.demo.conftest import MONDAY

pytestmark = pytest.mark.django_db
#: Matters in hand are all that is needed.
IN_HAND = tuple(
    story
    for story in STORIES
    if story.steps and story.steps[-1].what in ("note", "contact", "sign", "assist", "attach")
)


@pytest.fixture
def _no_limits_left() -> None:
    """The demonstration's own database is looked at."""


def test_it_shows_a_day_to_come_a_past_one_with_an_order_a_leaders_case_and_two_whistles(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = settings.VAR_DIR = tmp_path
    make_demo(MONDAY, lambda _words: None, stories=IN_HAND)
    reception.make(MONDAY)
    past, coming = ReceptionDay.objects.order_by("date")
    assert (past.date < MONDAY.date() < coming.date, coming.published_at is not None) == (True, True)
    ordered = ReceptionBooking.objects.get(instructed=True)
    assert SupervisionOrder.objects.get(number=ordered.order_number).case_id == ordered.case_id
    assert Counter(ReceptionBooking.objects.values_list("source", flat=True)) == {"window": 2, "on_site": 1, "web": 1}
    lead = CaseLead.objects.get()
    assert (lead.steps.count(), lead.case.is_open, TeamMember.objects.filter(case=lead.case).count()) == (1, True, 4)
    assert Counter(WhistleCall.objects.values_list("stage", flat=True)) == {"rated": 1, "called": 3}
    for case in Case.objects.filter(pk__in=(ordered.case_id, lead.case_id)):
        state = fold(case.events.order_by("seq"), calendar())
        moments = list(case.events.order_by("seq").values_list("at", flat=True))
        assert (state.status, state.version, moments) == (case.status, case.version, sorted(moments))
    assert reception.make(MONDAY) == 0
