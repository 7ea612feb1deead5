"""Who else has a case open: post and surname, gone after a minute, nothing kept (no tracking of persons)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from cases.models import Presence
from cases.worklist import presence
from tests.cases.cast import District

ClientOf = Callable[[str], Client]
BACKGROUND = {"X-Background": "1"}


def test_two_who_look_at_once_are_told_of_each_other(district: District, client_of: ClientOf) -> None:
    case = district.register()
    place = f"/cases/{case.number}/presence/"
    clerk, dispatcher = client_of("clerk"), client_of("dispatcher")
    assert "也在看" not in clerk.post(place, headers=BACKGROUND).content.decode()
    assert "受理员小**也在看这一件" in dispatcher.post(place, headers=BACKGROUND).content.decode()
    assert "分流员老**也在看这一件" in clerk.post(place, headers=BACKGROUND).content.decode()
    assert Presence.objects.count() == 2


def test_a_minute_later_the_row_is_gone_and_nothing_else_was_written(district: District) -> None:
    case, now = district.register(), timezone.now()
    events, entries = case.events.count(), AuditEntry.objects.count()
    clerk, dispatcher = district.actor("clerk"), district.actor("dispatcher")
    presence.beat(case, clerk, now)
    assert presence.beat(case, dispatcher, now + timedelta(seconds=59)) != []
    assert presence.beat(case, dispatcher, now + timedelta(seconds=60)) == []
    assert list(Presence.objects.values_list("user__username", flat=True)) == ["dispatcher"]
    assert presence.forget(now + timedelta(seconds=120)) == 1
    assert Presence.objects.count() == 0
    assert (case.events.count(), AuditEntry.objects.count()) == (events, entries)


def test_an_open_page_does_not_keep_a_session_alive(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance_portal.middleware.SEEN_EVERY_SECONDS", 60)
    case, clerk = district.register(), client_of("clerk")
    clerk.get("/cases/")
    session = clerk.session
    session["portal_seen"] -= 120
    session.save()
    before = clerk.session["portal_seen"]
    clerk.post(f"/cases/{case.number}/presence/", headers=BACKGROUND)
    assert clerk.session["portal_seen"] == before
    clerk.get("/cases/")
    assert clerk.session["portal_seen"] > before


def test_who_may_not_see_the_case_learns_nothing(district: District, client_of: ClientOf) -> None:
    case = district.register()
    presence.beat(case, district.actor("clerk"), timezone.now())
    answer = client_of("handler_other").post(f"/cases/{case.number}/presence/", headers=BACKGROUND)
    assert (answer.status_code, "也在看" in answer.content.decode(), Presence.objects.count()) == (404, False, 1)


def test_leaving_says_so_at_once(district: District, client_of: ClientOf) -> None:
    case, clerk = district.register(), client_of("clerk")
    clerk.post(f"/cases/{case.number}/presence/", headers=BACKGROUND)
    clerk.post(f"/cases/{case.number}/presence/", {"leave": "1"}, headers=BACKGROUND)
    assert Presence.objects.count() == 0


def test_the_case_page_asks_after_it_stands_and_pays_nothing(district: District, client_of: ClientOf) -> None:
    case = district.register()
    page = client_of("clerk").get(f"/cases/{case.number}/").content.decode()
    assert f'hx-post="/cases/{case.number}/presence/"' in page
    assert Presence.objects.count() == 0
