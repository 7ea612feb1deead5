"""Sixteen at once on PostgreSQL: one request stands, one decision stands; nobody meets a crash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from cases import policies
from cases.models import ExclusionStep, RankingExclusion
from cases.ranking import services
from tests.accounts.conftest import emptied_log  # noqa: F401
from tests.cases.cast import District, build_district
from tests.cases.test_together import at_once
from tests.ranking.conftest import ASKED, DECIDED, NO, WORDS, YES, asked, late, with_deciders

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(emptied_log: None) -> Iterator[District]:  # noqa: F811
    """The cast with real commits."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 一次只有一个写入者")
    policies.forget()
    yield with_deciders(build_district())


def test_one_request_stands_whoever_asks_at_once(cast: District) -> None:
    case = late(cast)
    actors = [cast.actor(name, ASKED) for name in ("handler", "housing_lead")]
    answers = at_once(lambda i: services.ask(actors[i % 2], case.number, WORDS, now=ASKED))
    fresh = [answer[1] for answer in answers if isinstance(answer, tuple)]
    assert (fresh.count(True), {type(answer).__name__ for answer in answers} <= {"tuple", "NotNow"}) == (1, True), (
        answers
    )
    assert (RankingExclusion.objects.count(), ExclusionStep.objects.count()) == (1, 1)


def test_one_decision_stands_whoever_decides_at_once(cast: District) -> None:
    row = asked(cast, late(cast))
    actors = [cast.actor(name, DECIDED) for name in ("supervisor2", "centre_lead")]
    answers = at_once(lambda i: services.decide(actors[i % 2], row.pk, (YES, NO)[i % 2], now=DECIDED))
    kinds = [type(answer).__name__ for answer in answers]
    assert (kinds.count("RankingExclusion"), kinds.count("NotNow")) == (1, 15), answers
    row.refresh_from_db()
    assert row.stage in ("granted", "refused")
    assert list(row.steps.values_list("kind", flat=True)) == ["asked", row.stage]


def test_what_was_granted_is_taken_back_once(cast: District) -> None:
    row = services.decide(cast.actor("supervisor2", DECIDED), asked(cast, late(cast)).pk, YES, now=DECIDED)
    actors = [cast.actor(name, DECIDED) for name in ("supervisor2", "centre_lead")]
    answers = at_once(lambda i: services.take_back(actors[i % 2], row.pk, {"why": "不实。"}, now=DECIDED))
    assert [type(answer).__name__ for answer in answers].count("RankingExclusion") == 1, answers
    assert ExclusionStep.objects.count() == 3
