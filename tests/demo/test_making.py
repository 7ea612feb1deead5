"""The demonstration as a whole: every status, true histories, people who can log in and have something to do."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from accounts.checks import unstaffed
from accounts.models import AuditEntry, Notice, Post, Unit, User
from accounts.queries import actor_for
from cases import policies
from cases.boards import network
from cases.choices import REVIEWS, Channel, Clock, Kind, Nature, Outcome, Procedure, Status
from cases.desks import counts_of
from cases.fold import COLUMNS, fold
from cases.models import Attachment, Case, Deadline, Event, Outbox, Party, Reminder, SupervisionOrder
from governance_portal.demo import network as demo_network
from governance_portal.demo.making import make_demo
from governance_portal.demo.stories import STORIES
from governance_portal.management.commands import make_demo as make_demo_command
from grids.models import Area, Duty, Grid
from hotlines.models import CallRecord
from tests.demo.conftest import MONDAY, Demo

TABLES: tuple[Any, ...] = (
    *(Area, Grid, Duty, Unit, User, Post, AuditEntry, Notice, CallRecord),
    *(Case, Event, Party, Deadline, Attachment, Outbox, Reminder, SupervisionOrder),
)


def counts() -> dict[str, int]:
    """How many rows each table has."""
    return {model.__name__: model.objects.count() for model in TABLES}


def present(field: str) -> set[str]:
    """The values of a column of the cases, "" left out."""
    return set(Case.objects.exclude(**{field: ""}).values_list(field, flat=True))


def told(case: Case) -> list[str]:
    """The kinds of a case's events, in order."""
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def test_the_territory_is_the_district_of_the_report(demo: Demo) -> None:
    assert (Area.objects.count(), Grid.objects.count(), Case.objects.count()) == (247, 506, 60)
    assert (demo.made.areas, demo.made.grids, len(demo.made.stories)) == (247, 506, 60)


def test_every_status_kind_channel_procedure_and_outcome_is_present(demo: Demo) -> None:
    assert present("status") == set(Status.values)
    assert present("kind") == set(Kind.values)
    assert present("channel") == set(Channel.values)
    assert present("procedure") | set(REVIEWS) == set(
        Procedure.values
    )  # 复查、复核: governance_portal/demo/deciding.py
    assert present("outcome") == set(Outcome.values)


def test_the_network_is_one_thirteen_ten_and_n_and_is_made_once(demo: Demo) -> None:
    with transaction.atomic():
        made = [demo_network.make(demo.now) for _twice in range(2)]
        formula = network.formula(network.network_on(demo.now.date()))
        transaction.set_rollback(True)
    assert (made, formula) == ([41, 0], "1+13+10+N")


def test_the_rows_are_what_their_histories_say(demo: Demo) -> None:
    calendar = policies.calendar()
    wrong = []
    for case in Case.objects.all():
        state = fold(case.events.order_by("seq"), calendar)
        wrong += [(case.title, name) for name in COLUMNS if getattr(state, name) != getattr(case, name)]

    assert wrong == []


def test_nothing_happened_in_the_future_or_before_the_season(demo: Demo) -> None:
    times = list(Event.objects.values_list("at", flat=True))

    assert max(times) <= demo.now
    assert min(times) > demo.now - timedelta(days=70)


def test_every_log_in_opens_with_the_password(demo: Demo) -> None:
    answers = {
        username: Client().post("/login/", {"username": username, "password": settings.DEMO_PASSWORD}).status_code
        for username in settings.DEMO_USERNAMES
    }

    assert answers == dict.fromkeys(settings.DEMO_USERNAMES, 302)


@pytest.mark.parametrize(
    ("username", "at_least"),
    [
        ("clerk", 4),
        ("operator", 4),
        ("dispatcher", 4),
        ("handler", 4),
        ("handler2", 1),
        ("handler_other", 2),
        ("mediator", 2),
        ("supervisor", 4),
        ("follow_up", 3),
        ("grid_worker", 1),
        ("zfw_clerk", 1),
        ("zfw_dispatcher", 1),
    ],
)
def test_who_logs_in_finds_something_to_do(demo: Demo, username: str, at_least: int) -> None:
    actor = actor_for(User.objects.get(username=username), demo.now)

    assert counts_of(actor, demo.now)["mine"] >= at_least


def test_some_are_due_soon_and_some_overdue(demo: Demo) -> None:
    assert Case.objects.due_soon(demo.now).count() >= 3
    assert Case.objects.overdue(demo.now).count() >= 3


def test_the_desks_are_staffed_as_the_system_check_asks(demo: Demo) -> None:
    assert unstaffed(demo.now) == []


def test_a_complaint_about_the_centre_is_seen_above_it_only(demo: Demo) -> None:
    case = Case.objects.get(nature=Nature.CONDUCT, complained_unit__code="centre")
    seen = {
        username: Case.objects.visible_to(actor_for(User.objects.get(username=username), demo.now), demo.now)
        .filter(pk=case.pk)
        .exists()
        for username in ("clerk", "dispatcher", "supervisor", "follow_up", "centre_lead", "zfw_dispatcher", "leader")
    }

    assert {name for name, sees in seen.items() if sees} == {"zfw_dispatcher", "leader"}


def test_the_hard_cases_are_among_them(demo: Demo) -> None:
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    wanted = (
        *("return", "insist", "escalate", "consult", "conclude", "redo", "reopen", "send_back", "suspend", "merge"),
        *("resolve_on_spot", "close_verified", "close_unreached", "close_uncalled", "terminate", "withdraw", "rate"),
        *("transfer", "decline", "order", "respond", "request", "decide", "assist", "perform", "archive", "attach"),
    )

    assert [kind for kind in wanted if not kinds[kind]] == []
    assert Case.objects.filter(nature=Nature.REPORT, outcome=Outcome.TRANSFERRED).exists()
    assert Case.objects.filter(visitor_count__gte=5, parties__role="representative").distinct().count() >= 3
    assert Case.objects.filter(kind=Kind.HAZARD, anonymous=True).count() >= 2
    assert Case.objects.filter(confidential=True, nature="").exists()
    assert SupervisionOrder.objects.filter(responded_at=None, lifted_at=None, deadline__lt=demo.now).exists()
    assert SupervisionOrder.objects.filter(responded_at__isnull=False).exists()
    ratings = Event.objects.filter(kind="rate")
    assert sorted(event.data["satisfaction"] for event in ratings) == [2, 5, 5, 5]


def test_a_returned_case_that_was_insisted_on_may_not_come_back(demo: Demo) -> None:
    case = Case.objects.get(title="西泉社区小区垃圾三天没人清")

    assert told(case) == ["register", "accept", "dispatch", "return", "insist"]
    assert (case.status, case.designated, case.returns_used) == (Status.DISPATCHED, True, 1)


def test_who_checks_and_who_rings_did_not_handle(demo: Demo) -> None:
    checking = Event.objects.filter(kind__in=("approve", "send_back", "close_verified", "confirm"))

    assert [e.case.title for e in checking.select_related("case") if e.actor_id in e.case.handled_by] == []


def test_events_hold_nothing_personal(demo: Demo) -> None:
    contacts = [party.contact for party in Party.objects.all()]
    private = {contact[field] for contact in contacts for field in ("name", "phone") if contact[field]}
    found = [
        (event.case_id, event.kind)
        for event in Event.objects.all()
        if any(word in json.dumps(event.data, ensure_ascii=False) for word in private)
    ]

    assert len(private) > 80
    assert found == []


def test_nobody_begins_with_an_inbox_of_six_weeks(demo: Demo) -> None:
    waiting = Outbox.objects.filter(sent_at=None).count() + Reminder.objects.filter(sent_at=None).count()
    unread = Notice.objects.filter(read_at=None)
    recent = {
        f"event:{pk}" for pk in Event.objects.filter(at__gte=demo.now - timedelta(days=4)).values_list("pk", flat=True)
    }

    assert waiting == 0
    assert {notice.key for notice in unread.filter(kind="case")} <= recent
    assert unread.filter(kind="overdue").exists()
    assert unread.filter(kind="due_soon").exists()


def test_limits_ran_from_the_days_of_the_story(demo: Demo) -> None:
    case = Case.objects.get(title="安东社区 3 号楼室温只有 14 度")
    clock = case.deadlines.get(clock=Clock.RESOLVE_BY)

    assert (clock.running, clock.late_at, case.late) == (False, None, False)
    assert case.closed_at == case.events.get(kind="confirm").at


def test_hotline_cases_came_by_a_call(demo: Demo) -> None:
    by_call = Case.objects.filter(channel=Channel.HOTLINE)

    assert CallRecord.objects.count() == by_call.count() == by_call.filter(calls__isnull=False).count()


def test_a_second_run_changes_nothing_and_says_so(demo: Demo) -> None:
    before = counts()
    said: list[str] = []

    made = make_demo(demo.now + timedelta(hours=1), said.append)

    assert counts() == before
    assert (made.refused, said) == ("演示数据早已生成，没有改动任何内容。", ["演示数据早已生成，没有改动任何内容。"])


def test_progress_is_told_in_chinese(demo: Demo) -> None:
    assert demo.said[0] == f"单位 {Unit.objects.count()} 个、人员 {demo.made.people} 名：现在就可以登录。"
    assert demo.said[-1] == "演示事项 60/60 件（100%）"


@pytest.mark.django_db
def test_a_database_with_people_in_it_is_left_alone() -> None:
    User.objects.create(username="wang", name="小王")
    before = counts()

    made = make_demo(MONDAY, lambda _text: None)

    assert made.refused == "数据库里已有人员或区划，不生成演示数据，没有改动任何内容。"
    assert counts() == before


@pytest.mark.django_db
def test_an_interrupted_run_is_finished_by_the_next(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    few = STORIES[7:9] + STORIES[13:14]  # by a grid worker, by telephone twice
    with pytest.raises(KeyboardInterrupt):
        make_demo(MONDAY, _dies_once_a_story_is_told, stories=few)
    half = counts()
    made = make_demo(MONDAY + timedelta(hours=3), lambda _text: None, stories=few)

    after = counts()
    assert made.stories == []
    assert {name for name in half if half[name] != after[name]} <= {"Notice", "AuditEntry", "Reminder"}
    assert AuditEntry.objects.filter(action="demo.done").count() == 1


@pytest.mark.django_db
def test_a_story_is_whole_or_not_there(tmp_path: Any, settings: Any, monkeypatch: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr("governance_portal.demo.player._Scene._record", _fails)
        make_demo(MONDAY, lambda _text: None, stories=STORIES[:1])

    assert (Case.objects.count(), Event.objects.count()) == (0, 0)

    made = make_demo(MONDAY, lambda _text: None, stories=STORIES[:1])
    assert (made.stories, Case.objects.get().status) == (["heat_block3"], Status.CLOSED)


def _dies_once_a_story_is_told(text: str) -> None:
    if text.startswith("演示事项"):
        raise KeyboardInterrupt


def _fails(*_args: Any) -> None:
    raise OSError("disk")


@pytest.mark.django_db
def test_the_command_says_at_last_how_many_matters_there_are(tmp_path: Any, settings: Any, monkeypatch: Any) -> None:
    """Not how many stories this run told: of three, one was there from a run that ended early."""
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(KeyboardInterrupt):
        make_demo(MONDAY, _dies_once_a_story_is_told, stories=STORIES[7:8])
    few = partial(make_demo, MONDAY, stories=(STORIES[7], *STORIES[13:15]))
    monkeypatch.setattr(make_demo_command, "make_demo", lambda _now, say, cases: few(say))
    out = StringIO()
    call_command("make_demo", stdout=out)

    last = out.getvalue().splitlines()[-1]
    assert (Case.objects.count(), last.startswith("演示数据完成：共 3 件事项，用时 ")) == (3, True)


@pytest.mark.django_db
def test_a_real_site_gets_no_demonstration(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="正式运行时不能生成演示数据。"):
        call_command("make_demo", stdout=StringIO())
