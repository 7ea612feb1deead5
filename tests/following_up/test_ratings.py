"""The resident's own rating, and a bad one put right in fifteen working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import UnitKind
from accounts.models import AuditEntry, Notice
from cases import services as doors
from cases.following_up import chores, consequences, keeping, queries
from cases.models import Case, Holiday, Rectification
from cases.services import clock, recounting
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import MONDAY, District, at

pytestmark = pytest.mark.django_db


def rate(desk: District, case: Case, satisfaction: int, resolved: bool, now: Any = MONDAY, **more: Any) -> Case:
    given = {"satisfaction": satisfaction, "resolved": resolved, **more}
    return doors.rate(case, given, actor=desk.actor("resident"), now=now)


@pytest.fixture
def closed(desk: District, waiting: Callable[..., Case]) -> Case:
    """Closed on 23 November with a happy answer on the phone."""
    case = waiting()
    return desk.move(case, "confirm", "follow_up", satisfaction=4, resolved=True, contacted=True)


@pytest.fixture
def bad(desk: District, closed: Case) -> Rectification:
    """The same resident says the next day that he is not content."""
    rate(desk, closed, 2, False, at(24, 9), comment="没两天又凉了")
    return Rectification.objects.get(case=closed)


def test_an_unhappy_rating_of_a_closed_case_opens_a_rectification_and_never_the_case(
    desk: District, closed: Case, bad: Rectification
) -> None:
    closed.refresh_from_db()
    assert (closed.status, closed.satisfaction, closed.resolved) == ("closed", 2, False)
    assert (bad.rating, bad.own, bad.opened_at, bad.due_at, bad.tentative) == (
        2,
        True,
        at(24, 9),
        at(16, 0, month=12),
        False,
    )
    assert [row.pk for row in queries.rectifications(desk.actor("follow_up"), at(24))] == [bad.pk]


def test_the_follow_up_officers_hear_of_it_once_however_often_it_is_amended(
    desk: District, closed: Case, bad: Rectification
) -> None:
    clock.sweep(at(24, 10))
    rate(desk, closed, 1, False, at(25, 9))
    rate(desk, closed, 1, False, at(26, 9))
    clock.sweep(at(26, 10))
    told = Notice.objects.filter(title=f"{closed.number} 评价").values_list("user__username", flat=True)
    assert sorted(told) == ["both", "follow_up", "follow_up2"]
    assert Rectification.objects.filter(case=closed).values_list("rating", "due_at").get() == (1, bad.due_at)


def test_a_happy_rating_wakes_nobody(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    clock.sweep(at(23, 10))
    before = Notice.objects.count()
    rate(desk, case, 5, True, at(23, 11))
    clock.sweep(at(23, 12))
    assert Notice.objects.count() == before


def test_better_within_the_week_and_nobody_has_looked_yet_it_is_dropped_and_worse_again_it_begins_anew(
    desk: District, closed: Case, bad: Rectification
) -> None:
    rate(desk, closed, 4, True, at(25, 9))
    bad.refresh_from_db()
    assert (bad.dropped, bad.closed_at) == (True, at(25, 9))
    rate(desk, closed, 1, True, at(26, 9))
    bad.refresh_from_db()
    assert (bad.dropped, bad.closed_at, bad.rating, bad.opened_at, bad.due_at) == (
        False,
        None,
        1,
        at(26, 9),
        at(18, 0, month=12),
    )
    with pytest.raises(NotNow):
        rate(desk, closed, 5, True, at(30, 10))  # a week after the first answer


def test_not_solved_but_content_is_called_and_is_no_bad_rating(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting()
    rate(desk, case, 3, False)
    assert (Rectification.objects.count(), queries.to_call(desk.actor("follow_up"), MONDAY).count()) == (0, 1)


def test_who_puts_it_right_has_somebody_to_do_it(desk: District, bad: Rectification) -> None:
    desk.unit("empty", "空编办", UnitKind.DEPARTMENT)
    for code, refused in (("empty", "目前没有在岗的承办人员"), ("nowhere", "没有这个单位，或者该单位已停用")):
        with pytest.raises(Incomplete) as found:
            given = {"verdict": "founded", "finding": "确实又凉了", "unit": code}
            keeping.verify(bad.pk, given, actor=desk.actor("follow_up", at(25)), now=at(25))
        assert refused in found.value.errors["unit"][0]


def test_it_is_verified_put_right_asked_again_and_closed_each_step_on_record(
    desk: District, closed: Case, bad: Rectification
) -> None:
    actor = desk.actor("follow_up", at(25))
    with pytest.raises(Incomplete) as missing:
        keeping.verify(bad.pk, {"verdict": "founded", "finding": "确实又凉了"}, actor=actor, now=at(25))
    assert missing.value.errors == {"unit": ["属实的须写明由哪个单位整改，请选择责任单位。"]}
    given = {"verdict": "founded", "finding": "确实又凉了", "unit": "heating"}
    assert keeping.step_of(keeping.verify(bad.pk, given, actor=actor, now=at(25))) == "act"
    with pytest.raises(NotNow):
        keeping.verify(bad.pk, given, actor=actor, now=at(25))
    checker = desk.actor("supervisor", at(26))
    keeping.act(bad.pk, {"action": "更换循环泵，逐户测温。"}, actor=checker, now=at(26))
    with pytest.raises(Incomplete) as unsaid:
        keeping.ask_again(bad.pk, {"reached": "true"}, actor=actor, now=at(27))
    assert unsaid.value.errors == {"satisfaction": ["接通了的，请选择居民现在的评价。"]}
    done = keeping.ask_again(bad.pk, {"reached": "true", "satisfaction": 4}, actor=actor, now=at(27))
    closed.refresh_from_db()
    assert (done.verdict, done.unit.code, done.second_rating, done.closed_at) == ("founded", "heating", 4, at(27))  # type: ignore[union-attr]
    assert closed.satisfaction == 2  # what he said stays said
    log = AuditEntry.objects.filter(target=f"case:{closed.number}", action__startswith="rating_").order_by("id")
    assert list(log.values_list("action", "user__username")) == [
        ("rating_verified", "follow_up"),
        ("rating_acted", "supervisor"),
        ("rating_closed", "follow_up"),
    ]
    assert queries.rectifications(actor, at(27)).count() == 0


def test_who_handled_the_case_neither_sees_nor_touches_it(desk: District, waiting: Callable[..., Case]) -> None:
    case = waiting(handler="both")
    desk.move(case, "confirm", "follow_up", satisfaction=1, resolved=False, contacted=True)
    row = Rectification.objects.get(case=case)
    given = {"verdict": "unfounded", "finding": "不属实"}
    for who in ("both", "handler", "clerk"):
        with pytest.raises((NotYours, NotYou)):
            keeping.verify(row.pk, given, actor=desk.actor(who), now=MONDAY)
    assert queries.rectifications(desk.actor("both"), MONDAY).count() == 0
    row.refresh_from_db()
    assert row.verdict == ""


def test_it_is_late_after_fifteen_working_days_and_everybody_concerned_is_told_once(
    desk: District, closed: Case, bad: Rectification
) -> None:
    last, after = at(15, 23, 59, month=12), at(16, 0, 1, month=12)
    assert (queries.late_rectifications(last).count(), chores.tell_late_rectifications(last)) == (0, 0)
    assert [row.pk for row in queries.late_rectifications(after)] == [bad.pk]
    assert (chores.tell_late_rectifications(after), chores.tell_late_rectifications(after)) == (1, 0)
    told = Notice.objects.filter(title=f"{closed.number} 差评整改已超期").values_list("user__username", flat=True)
    assert sorted(told) == ["both", "follow_up", "follow_up2", "supervisor", "supervisor2"]


def test_a_late_one_is_told_of_however_many_were_told_before_it_in_as_many_statements(
    desk: District,
    waiting: Callable[..., Case],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    for number in (1, 4):
        made = [waiting() for _ in range(number)]
        for case in made:
            desk.move(case, "confirm", "follow_up", satisfaction=1, resolved=False, contacted=True)
        with CaptureQueriesContext(connection) as asked:
            assert chores.tell_late_rectifications(at(20, month=12)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]
    monkeypatch.setattr(chores, "BATCH", 2)
    Rectification.objects.update(late_told_at=None)
    Notice.objects.all().delete()
    assert [chores.tell_late_rectifications(at(21, month=12)) for _run in range(4)] == [2, 2, 1, 0]
    told = Notice.objects.filter(key__startswith="rectification_late:", user__username="supervisor")
    assert told.count() == 5


def test_a_day_that_is_declared_free_moves_the_dates_of_all_that_are_open(
    desk: District, closed: Case, bad: Rectification, waiting: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = waiting()
    desk.move(second, "confirm", "follow_up", satisfaction=1, resolved=False, contacted=True)
    Rectification.objects.filter(pk=bad.pk).update(late_told_at=at(24))
    Holiday.objects.filter(date="2026-12-07").update(workday=False)
    monkeypatch.setattr(consequences, "AT_ONCE", 1)
    recounting.ask(date(2026, 12, 7), now=at(25))
    recounting.recount_asked(at(25, 10))
    found = Rectification.objects.order_by("pk").values_list("due_at", "late_told_at")
    assert list(found) == [(at(17, 0, month=12), None), (at(16, 0, month=12), None)]


def test_the_handling_unit_finds_no_rating_on_any_page_nor_by_any_list(
    desk: District, closed: Case, bad: Rectification
) -> None:
    client = Client()
    client.force_login(desk.people["handler"], backend="accounts.backends.PostBackend")
    number = closed.number
    page, paper = client.get(f"/cases/{number}/"), client.get(f"/cases/{number}/print/")
    words = ("没两天又凉了", "不满意", "满意度", "差评")
    assert {word for word in words if word in page.content.decode() + paper.content.decode()} == set()
    for query in (
        "rating=unhappy",
        "rating=happy",
        "figure=satisfied",
        "figure=rated",
        "figure=solved",
        "watch=unhappy",
    ):
        listed = client.get(f"/cases/?tab=all&{query}").content.decode()
        assert number not in listed, query
        told = client.get(f"/api/v1/cases/?{query}").json()
        assert (query, told.get("results", [])) == (query, [])
    events = client.get(f"/api/v1/cases/{number}/events/").json()["results"]
    answers = [event["data"] for event in events if event["kind"] in ("rate", "confirm", "approve")]
    assert [set(data) & {"satisfaction", "resolved", "comment", "follow_up"} for data in answers] == [set()] * 3
    for address in (
        "/follow-up/",
        f"/follow-up/ratings/{bad.pk}/",
        f"/follow-up/{number}/record/",
        f"/follow-up/{number}/answer/",
    ):
        assert client.get(address).status_code in (403, 404), address


def test_those_who_may_know_find_it(desk: District, closed: Case, bad: Rectification) -> None:
    client = Client()
    client.force_login(desk.people["supervisor"], backend="accounts.backends.PostBackend")
    assert closed.number in client.get("/cases/?tab=all&rating=unhappy").content.decode()
