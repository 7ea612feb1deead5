"""A call at an extension nobody sits at: whoever looks who it is is on record, whoever settles it has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from governance_portal.lib.errors import Incomplete, NotNow
from hotlines.choices import CallResult
from hotlines.desk import outcomes, queries, sitting
from hotlines.models import CallRecord
from tests.cases.cast import District
from tests.hotlines.desk.conftest import NINE, PHONE, Tell

pytestmark = pytest.mark.both
Clients = Callable[[str], Client]
DROPPED = {"outcome": "dropped"}


@pytest.fixture
def nobodys(tell: Tell) -> CallRecord:
    """It rings at an extension nobody sits at."""
    return tell("ringing", extension="8999")


def test_everybody_who_looks_is_on_record_once(district: District, client_of: Clients, nobodys: CallRecord) -> None:
    district.register(now=timezone.now())
    for who in ("operator", "operator2", "operator", "operator2"):
        client_of(who).get(reverse("hotlines:call", args=[nobodys.uid]))
    looked = AuditEntry.objects.filter(action="search_person").order_by("pk").values_list("username", flat=True)
    assert list(looked) == ["operator", "operator2"]


def test_who_claims_a_call_he_looked_at_is_not_put_on_record_again(client_of: Clients, nobodys: CallRecord) -> None:
    client, address = client_of("operator"), reverse("hotlines:call", args=[nobodys.uid])
    client.get(address)
    client.post(reverse("hotlines:claim", args=[nobodys.uid]))
    client.get(address)
    assert AuditEntry.objects.filter(action="search_person").count() == 1


@pytest.mark.parametrize(
    "typed", [DROPPED, {"outcome": "answered", "reply": "已告知"}, {"outcome": "passed", "passed_to": "110"}]
)
def test_who_settles_nobodys_call_has_it(
    district: District, client_of: Clients, nobodys: CallRecord, typed: dict[str, str]
) -> None:
    client_of("operator2").post(reverse("hotlines:call", args=[nobodys.uid]), typed)
    nobodys.refresh_from_db()
    now = timezone.now()
    mine = [queries.today(district.actor(who, now), now).count() for who in ("operator", "operator2")]
    assert (nobodys.operator, mine) == (district.people["operator2"], [0, 1])


def test_who_was_quicker_keeps_it_while_another_submits(district: District, nobodys: CallRecord) -> None:
    slow, quick = district.actor("operator", NINE), district.actor("operator2", NINE)
    seen = queries.find(slow, str(nobodys.uid))
    sitting.claim(queries.find(quick, str(nobodys.uid)), quick)
    with pytest.raises(NotNow) as refused:
        outcomes.settle(seen, DROPPED, actor=slow, now=NINE)
    seen.refresh_from_db()
    assert refused.value.detail == "这个来电刚刚由别的话务员接了。"
    assert (seen.operator, seen.result) == (district.people["operator2"], CallResult.RINGING)


def test_a_call_taken_up_elsewhere_is_not_settled_by_whom_it_rang_at(district: District, tell: Tell) -> None:
    actor = district.actor("operator", NINE)
    seen = queries.find(actor, str(tell("ringing", extension="8001").uid))
    tell("answered", extension="8002")
    with pytest.raises(NotNow):
        outcomes.settle(seen, DROPPED, actor=actor, now=NINE)
    with pytest.raises(NotNow):
        sitting.claim(seen, actor)


def test_a_submission_with_mistakes_takes_nothing(district: District, nobodys: CallRecord) -> None:
    with pytest.raises(Incomplete):
        outcomes.settle(nobodys, {"outcome": "answered"}, actor=district.actor("operator", NINE), now=NINE)
    nobodys.refresh_from_db()
    assert nobodys.operator is None


def test_two_people_who_look_at_the_same_moment_are_both_on_record(district: District, nobodys: CallRecord) -> None:
    from hotlines.desk.recognising import recognise

    stale = [CallRecord.objects.get(pk=nobodys.pk) for _twice in range(4)]
    for row, who in zip(stale, ("operator", "operator2", "operator", "operator2"), strict=True):
        found = recognise(district.actor(who, NINE), row, NINE, {"address": "", "agent": ""})
        assert found.number == "138****1234"
    assert (PHONE, AuditEntry.objects.filter(action="search_person").count()) == (PHONE, 2)
