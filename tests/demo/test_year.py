"""The year behind the 60 stories: the board shows what the plan says, people and texts are as a district has them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from accounts.choices import SERVICE_ACCOUNTS
from accounts.models import User
from accounts.queries import actor_for
from cases import policies
from cases.choices import Channel, Kind, Status
from cases.desks import counts_of
from cases.models import Case, Event, LookBack, Rectification, Submission
from cases.statistics.counting import overview
from cases.statistics.windows import Window
from governance_portal.demo import filling, orders
from governance_portal.demo.making import make_demo, matters_in, plan_of, player_at, year_behind
from governance_portal.demo.offices import seats
from governance_portal.demo.outline import Reader, figures
from governance_portal.demo.samples import KEYS, MATTERS
from governance_portal.demo.script import Step, Story
from governance_portal.demo.skeletons import CONDUCT, SKELETONS
from governance_portal.demo.stories import STORIES
from governance_portal.demo.timetable import Timetable
from governance_portal.lib.working_days import SHANGHAI
from grids.demo import make_territory
from tests.demo.conftest import MONDAY

SMALL = 260
FULL = 2000


@dataclass
class Year:
    """The plan, and the database it was played into."""

    now: datetime
    stories: list[Story]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    policies.forget()
    places = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads"), VAR_DIR=tmp_path_factory.mktemp("var"))
    with places, django_db_blocker.unblock(), transaction.atomic():
        make_demo(MONDAY, lambda _text: None, cases=SMALL)
        yield Year(MONDAY, [*STORIES, *year_behind(MONDAY, SMALL - len(STORIES) - MATTERS)])
        transaction.set_rollback(True)
    policies.forget()


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Story]]:
    """The whole year as stories; nothing is played."""
    policies.forget()
    with django_db_blocker.unblock(), transaction.atomic():
        make_territory(MONDAY)
        yield year_behind(MONDAY, FULL - len(STORIES))
        transaction.set_rollback(True)
    policies.forget()


def expected(stories: list[Story], now: datetime) -> dict[str, int]:
    calendar = policies.calendar()
    return figures(Reader(Timetable(now, calendar), calendar).read(stories), now, calendar)


def without_samples() -> Any:
    """The matters of the stories: the samples of the other desks are counted apart."""
    made = reduce(or_, (Q(client_id__startswith=key) for key in KEYS))
    samples = Submission.objects.filter(made).values("case_id")
    return Case.objects.exclude(pk__in=samples).exclude(foreign_source=orders.SOURCE)


def everyone(stories: list[Story]) -> Iterator[Story]:
    """The stories, those that come in meanwhile included."""
    for story in stories:
        yield story
        yield from (step.given["story"] for step in story.steps if step.what == "enter")


def steps(stories: list[Story]) -> Iterator[Step]:
    return (step for story in everyone(stories) for step in story.steps)


def test_the_board_shows_what_the_plan_says(year: Year) -> None:
    shown = overview(without_samples(), Window(), year.now)
    wanted = expected(year.stories, year.now)

    assert {name: shown[name] for name in wanted} == wanted
    assert (wanted["registered"], Case.objects.count()) == (SMALL - MATTERS, SMALL)
    assert min(wanted["due_soon"], wanted["overdue"], wanted["resolved"]) > 0


def test_every_desk_has_work_and_some_of_it_is_pressing(year: Year) -> None:
    found = {
        name: counts_of(actor_for(User.objects.get(username=name), year.now), year.now)["mine"]
        for name in ("clerk", "operator", "dispatcher", "handler", "mediator", "supervisor", "follow_up", "grid_worker")
    }

    assert [name for name, waiting in found.items() if waiting < 2] == []
    assert set(Case.objects.values_list("status", flat=True)) == set(Status.values)


def test_what_a_year_ago_was_put_right_is_not_chased_today(year: Year) -> None:
    late = Rectification.objects.filter(closed_at__isnull=True, due_at__lt=year.now)
    back = LookBack.objects.filter(done_at__isnull=True, due_on__lt=(year.now - timedelta(days=5)).date())

    assert (late.count() <= 2, back.count()) == (True, 0)
    assert Rectification.objects.filter(closed_at__isnull=False).count() > 5


def test_a_second_run_of_the_same_day_adds_nothing(year: Year, monkeypatch: Any) -> None:
    before = (Case.objects.count(), Event.objects.count())
    monkeypatch.setattr("governance_portal.demo.making._why_not", lambda: "")  # as if it had not come to its end

    made = make_demo(year.now + timedelta(minutes=20), lambda _text: None, cases=SMALL)

    assert (made.stories, Case.objects.count(), Event.objects.filter(kind="register").count()) == ([], before[0], SMALL)


@pytest.mark.django_db
def test_an_interrupted_filling_goes_on_without_telling_anything_twice(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path, tmp_path
    few, heard = STORIES[:2], []

    def dies(text: str) -> None:
        heard.append(text)
        if text.startswith("演示事项 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo(MONDAY, dies, stories=few, cases=42)
    half, unfinished = Case.objects.count(), filling.current()
    make_demo(MONDAY + timedelta(hours=2), lambda _text: None, stories=few, cases=42)

    told = Counter(Submission.objects.filter(client_id__startswith="demo:").values_list("client_id", flat=True))
    assert 2 < half < 42
    assert unfinished is not None and unfinished.total == 42
    assert (Case.objects.count(), max(told.values()), filling.current()) == (42, 1, None)


def test_a_story_told_by_an_earlier_edition_in_other_words_is_left_as_it_is(year: Year) -> None:
    told = year.stories[-1]
    before = (Case.objects.count(), Event.objects.count())

    new = player_at(year.now).play(replace(told, text=told.text + "（改写）"))

    assert (new, Case.objects.count(), Event.objects.count()) == (False, *before)


def test_the_same_day_has_the_same_plan(plan: list[Story]) -> None:
    assert year_behind(MONDAY, FULL - len(STORIES)) == plan
    assert sum(map(matters_in, plan)) == FULL - len(STORIES)


def test_there_are_two_hundred_sorts_and_no_two_neighbours_read_alike(plan: list[Story]) -> None:
    by_time = sorted(plan, key=lambda story: str(story.came[0]))
    told = [story.text for story in plan]
    alike = [
        one.text for one, other in pairwise(by_time) if one.title == other.title or one.text[:40] == other.text[:40]
    ]

    assert len({(sort.title, sort.story) for sort in (*SKELETONS, *CONDUCT)}) == len(SKELETONS) + len(CONDUCT) >= 200
    assert len(set(told)) > 0.95 * len(told)
    assert alike == []


def test_seasons_and_weekdays_are_those_of_life(plan: list[Story]) -> None:
    came = [story.came[0] for story in plan if isinstance(story.came[0], datetime)]
    heating = [story.came[0] for story in plan if any(s.given.get("category") == "A0102" for s in story.steps)]
    wet = [story.came[0] for story in plan if any(str(s.given.get("category")).startswith("H04") for s in story.steps)]
    by_weekday = Counter(moment.weekday() for moment in came)

    assert {moment.month for moment in heating} <= {10, 11, 12, 1, 2, 3, 4}
    assert {moment.month for moment in wet} <= {5, 6, 7, 8, 9, 10}
    assert by_weekday[0] > 2 * by_weekday[6]
    assert len({(moment.year, moment.month) for moment in came}) >= 12


def test_hard_things_happen_in_a_year(plan: list[Story]) -> None:
    kinds = Counter(step.what for step in steps(plan))
    wanted = (
        *("decline", "transfer", "merge", "withdraw", "terminate", "reopen", "request", "decide", "order"),
        *("respond", "lift", "return", "insist", "consult", "conclude", "send_back", "redo", "supplement", "assist"),
        *("escalate", "close_verified", "close_unreached", "close_uncalled", "rate", "archive", "resume"),
    )
    joint = [story for story in plan if story.given.get("visitor_count", 0) >= 5]
    two_sided = [story for story in plan if story.given.get("other_party")]
    ratings = [step.given["satisfaction"] for step in steps(plan) if step.what == "rate"]

    assert [kind for kind in wanted if not kinds[kind]] == []
    assert min(len(joint), len(two_sided)) > 30
    assert {1, 2, 3, 4, 5} == set(ratings)
    assert {story.channel for story in everyone(plan)} == set(Channel.values)
    assert {story.kind for story in plan} == set(Kind.values)
    assert any(story.given.get("complaint_nature") == "conduct" for story in plan)


def test_a_complaint_about_conduct_is_merged_with_nothing(plan: list[Story]) -> None:
    about = [story for story in plan if story.given.get("complaint_nature") == "conduct"]
    assert [step for story in about for step in story.steps if step.what in ("enter", "merge")] == []


def test_people_are_invented_and_named_nowhere_but_with_their_telephone(plan: list[Story]) -> None:
    rows = [row for story in everyone(plan) for row in (*story.people, *story.given.get("other_party", ()))]
    names = {row["name"] for row in rows}
    staff = {seat.name for seat in seats()}
    texts = [story.title + story.text for story in everyone(plan)]
    texts += [str(value) for step in steps(plan) for value in step.given.values() if isinstance(value, str)]

    assert [row["phone"] for row in rows if not re.fullmatch(r"1541\d{7}", row["phone"])] == []
    assert names & staff == set()
    assert [text for text in set(texts) if "1541" in text or "{" in text] == []
    assert len({row["phone"] for row in rows}) == len({(row["name"], row["phone"]) for row in rows}) > 900


def test_everybody_who_acts_has_a_seat_and_time_runs_forward(plan: list[Story]) -> None:
    acting = {step.who for step in steps(plan)} | {story.came[2] for story in everyone(plan)}
    backwards = [
        story.key
        for story in everyone(plan)
        if (times := [story.came[0], *(step.day for step in story.steps if step.what != "enter")]) != sorted(times)  # type: ignore[type-var]
    ]

    assert acting - {seat.username for seat in seats()} - set(SERVICE_ACCOUNTS) == set()
    assert backwards == []
    assert max(step.day for step in steps(plan)) < MONDAY  # type: ignore[type-var]


def test_no_petition_is_paused(year: Year) -> None:
    plan = plan_of(MONDAY)
    paused = [plan._standing("suspended", 0.3, 0.8, number) for number in range(150)]

    assert {story.channel for story in paused} > {"window", "hotline"}
    assert [story.key for story in paused if story.channel == "petition"] == []


@pytest.mark.django_db
@pytest.mark.skipif(not os.environ.get("LONG"), reason="the whole year takes minutes (LONG=1)")
def test_the_board_shows_what_the_plan_says_for_the_whole_year(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path, tmp_path
    sunday = datetime(2026, 11, 22, 12, 40, tzinfo=SHANGHAI)
    make_demo(sunday, lambda _text: None, cases=FULL)
    wanted = expected([*STORIES, *year_behind(sunday, FULL - len(STORIES) - MATTERS)], sunday)

    shown = overview(without_samples(), Window(), sunday)

    assert {name: shown[name] for name in wanted} == wanted
    assert Case.objects.count() == FULL
