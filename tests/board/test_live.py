"""The board keeps itself up to date: 304 while no figure has moved, never when one has, whatever moved it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import Post
from cases.models import Case
from tests.board.conftest import Clock, Enter
from tests.cases.cast import MONDAY, District, at

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def ask(client: Client, known: str = "", part: str = "now") -> Any:
    """The inner part, as the page asks for it again."""
    headers = {"HX-Request": "true", "X-Background": "1"} | ({"If-None-Match": known} if known else {})
    return client.get(f"/board/?period=month&part={part}", headers=headers)


def shown(answer: Any) -> dict[str, str]:
    """The figures of the top strip."""
    return {tile["label"]: tile["value"] for tile in answer.context["standing"]}


def accepted(d: District, now: datetime) -> Case:
    """A case whose clock runs."""
    case = d.register(now=now)
    return d.move(case, "accept", "clerk", now, category="A0102", level="general")


def test_nothing_moved_is_said_without_a_body_and_with_the_time(
    district: District, client_of: Enter, clock: Clock
) -> None:
    accepted(district, MONDAY)
    leader = client_of("centre_lead")
    first = ask(leader)
    clock.now = MONDAY + timedelta(minutes=5)
    again = ask(leader, first["ETag"])
    assert (again.status_code, again.content, again["X-As-Of"], again["ETag"]) == (304, b"", "09:05", first["ETag"])
    assert ask(leader, f"W/{first['ETag']}").status_code == 304
    assert "数据截至" in first.content.decode()


def test_a_whole_page_is_never_answered_with_nothing(district: District, client_of: Enter, clock: Clock) -> None:
    leader = client_of("centre_lead")
    known = ask(leader)["ETag"]
    assert leader.get("/board/?period=month&part=now", headers={"If-None-Match": known}).status_code == 200


def test_every_move_is_told(district: District, client_of: Enter, clock: Clock) -> None:
    leader = client_of("centre_lead")
    known = ask(leader)["ETag"]
    case = district.register(now=MONDAY)
    after = ask(leader, known)
    assert (after.status_code, shown(after)["今日登记"]) == (200, "1")
    known = after["ETag"]
    district.move(case, "accept", "clerk", MONDAY, category="A0102", level="general")
    after = ask(leader, known)
    assert (after.status_code, shown(after)["今日受理"], shown(after)["在办"]) == (200, "1", "1")
    assert ask(leader, after["ETag"]).status_code == 304


def test_a_date_that_passes_is_told_though_nobody_did_anything(
    district: District, client_of: Enter, clock: Clock
) -> None:
    case = accepted(district, MONDAY)
    assert case.due_at and case.due_warn_at
    seen = []
    for moment in (case.due_warn_at, case.due_at):
        clock.now = moment - SECOND
        leader = client_of("centre_lead")  # an old log-in would have ended
        before = ask(leader)
        clock.now = moment + SECOND
        after = ask(leader, before["ETag"])
        assert after.status_code == 200
        seen += [(shown(answer)["即将超时"], shown(answer)["超时"]) for answer in (before, after)]
    assert seen == [("0", "0"), ("1", "0"), ("1", "0"), ("0", "1")]


def test_midnight_is_told(district: District, client_of: Enter, clock: Clock) -> None:
    district.register(now=MONDAY)
    clock.now = at(23, 23, 59)
    leader = client_of("centre_lead")
    before = ask(leader)
    clock.now = at(24, 0, 1)
    after = ask(leader, before["ETag"])
    assert (shown(before)["今日登记"], after.status_code, shown(after)["今日登记"]) == ("1", 200, "0")


def test_whenever_a_figure_differs_the_mark_differs(district: District, client_of: Enter, clock: Clock) -> None:
    """Every twelve hours of a fortnight in which nobody works."""
    for day in (16, 18, 20):
        accepted(district, at(day))
    marks: dict[str, tuple[object, ...]] = {}
    figures = set()
    for step in range(0, 14 * 24, 12):
        clock.now = MONDAY + timedelta(hours=step)
        answer = ask(client_of("centre_lead"))
        drawn = (*shown(answer).values(), *(tile["value"] for tile in answer.context["rates"]))
        figures.add(drawn)
        assert marks.setdefault(answer["ETag"], drawn) == drawn
    assert len(figures) > 3


def test_a_change_of_post_is_told(district: District, client_of: Enter, clock: Clock) -> None:
    leader = client_of("centre_lead")
    known = ask(leader)["ETag"]
    Post.objects.filter(user__username="centre_lead", role=Role.LEADER).update(area_code="140603100")
    assert ask(leader, known).status_code == 200


def test_parts_periods_and_people_have_marks_of_their_own(district: District, client_of: Enter, clock: Clock) -> None:
    leader, other = client_of("centre_lead"), client_of("supervisor")
    marks = {
        ask(leader)["ETag"],
        ask(leader, part="quality")["ETag"],
        ask(other)["ETag"],
        leader.get("/board/?period=day", headers={"HX-Request": "true"})["ETag"],
    }
    assert len(marks) == 4


def test_asking_again_costs_few_statements(
    district: District, client_of: Enter, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    leader = client_of("centre_lead")
    known = ask(leader)["ETag"]
    with django_assert_max_num_queries(8):
        assert ask(leader, known).status_code == 304
