"""The demonstration that goes on living: demo people work through the same doors, and stop when told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from cases import policies
from cases.dispatching.proposing import propose
from cases.fold import COLUMNS, fold
from cases.models import Case, Event
from governance_portal.demo.making import make_demo
from governance_portal.demo.simulator import Simulator
from tests.demo.conftest import MONDAY


@pytest.fixture(scope="module")
def lived(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulator]:
    """A small demonstration after 80 turns on a Monday morning."""
    policies.forget()
    places = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("up"), VAR_DIR=tmp_path_factory.mktemp("var"))
    with places, django_db_blocker.unblock(), transaction.atomic():
        make_demo(MONDAY, lambda _text: None, cases=120)
        time = iter(MONDAY + timedelta(seconds=5 * turn) for turn in range(1, 10_000))
        simulator = Simulator(lambda: next(time), Random(7))
        for _ in range(80):
            simulator.turn()
        yield simulator
        transaction.set_rollback(True)
    policies.forget()


def test_they_register_and_move_and_every_step_is_an_event_of_the_door(lived: Simulator) -> None:
    fresh = Event.objects.filter(at__gt=MONDAY)

    assert lived.registered + lived.moved == 80
    assert fresh.filter(kind="register").count() == lived.registered == Case.objects.count() - 120
    assert fresh.exclude(kind__in=("register", "attach")).count() == lived.moved
    assert len(set(fresh.values_list("kind", flat=True))) >= 6


def test_the_dispatcher_takes_what_the_catalogue_proposes(lived: Simulator) -> None:
    sent = Event.objects.filter(at__gt=MONDAY, kind="dispatch").select_related("case")
    offers = [(event, propose(event.case, event.at)) for event in sent]
    named = [(event, offer.unit) for event, offer in offers if offer is not None and offer.unit is not None]
    assert named != []
    assert {event.case.title: event.data["lead_unit"] for event, _unit in named} == {
        event.case.title: unit.code for event, unit in named
    }


def test_what_they_leave_is_what_the_histories_say(lived: Simulator) -> None:
    calendar = policies.calendar()
    touched = Case.objects.filter(events__at__gt=MONDAY).distinct()
    wrong = []
    for case in touched:
        state = fold(case.events.order_by("seq"), calendar)
        wrong += [(case.title, name) for name in COLUMNS if getattr(state, name) != getattr(case, name)]

    assert (wrong, touched.count() > 40) == ([], True)


def test_the_command_stops_after_its_turns_and_says_what_was_done(lived: Simulator) -> None:
    heard = StringIO()

    call_command("simulate", turns=3, rate=60_000, seed=3, stdout=heard)

    lines = heard.getvalue().splitlines()
    assert lines[-1].startswith("模拟已停止：登记 ")
    assert len(lines) == 4


@pytest.mark.django_db
def test_without_a_demonstration_it_says_what_to_do(settings: Any) -> None:
    with pytest.raises(CommandError, match="还没有演示数据"):
        call_command("simulate", turns=1)

    settings.DEMO = False
    with pytest.raises(CommandError, match="正式运行时不能模拟办件。"):
        call_command("simulate", turns=1)
