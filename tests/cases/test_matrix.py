"""Every status × move × role: offered exactly when legal, refused exactly when not, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.models import AuditEntry, Notice
from accounts.queries import Actor
from cases import policies, services
from cases.choices import Status
from cases.models import Assisting, Case, Deadline, Event, HandlerRequest, Outbox, Submission, SupervisionOrder
from cases.queries import moves_for, records_for
from cases.services.door import posts_of
from cases.workflow import MOVES as TABLE_MOVES
from cases.workflow import RECORDS as TABLE_RECORDS
from cases.workflow import TABLE, refusal
from governance_portal.lib.errors import Incomplete, Refusal
from tests.cases.cast import District, build_district
from tests.cases.matrix import (
    CONDITIONS,
    GIVEN,
    MOVES,
    RECORDS,
    SCENES,
    SERVICES,
    STATUSES,
    Scene,
    expected,
    people,
    registered,
    unseen_by,
    words_of,
)

pytestmark = pytest.mark.django_db

KINDS = (Case, Event, Deadline, Outbox, Notice, Assisting, SupervisionOrder, HandlerRequest, Submission, AuditEntry)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[District]:
    """The cast, made once for the whole module in a transaction that is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        policies.forget()
        yield people(build_district())
        transaction.set_rollback(True)


@pytest.fixture
def cast(stage: District, db: None) -> District:
    """The same cast with nothing on the desks; what a test does is rolled back after it."""
    return stage


def actors(d: District, scene: Scene) -> dict[str, Actor]:
    return {name: d.actor(name, scene.now) for name in (*d.people, *SERVICES)}


def everything() -> list[list[dict[str, Any]]]:
    """Every row that a move could touch."""
    return [list(kind.objects.order_by("pk").values()) for kind in KINDS]


def sees(case: Case, actor: Actor, scene: Scene) -> bool:
    return actor.service is not None or Case.objects.visible_to(actor, scene.now).filter(pk=case.pk).exists()


def offered(case: Case, actor: Actor, scene: Scene) -> set[str]:
    found = [*moves_for(case, actor, scene.now), *records_for(case, actor, scene.now)]
    return {offer.name for offer in found}


def test_the_table_has_exactly_the_moves_and_records_of_the_contract() -> None:
    assert {action.name for action in TABLE_MOVES} == {"register", *MOVES}
    assert {action.name for action in TABLE_RECORDS} == set(RECORDS)
    assert {status.value for status in Status} == set(STATUSES)
    sources = {action.name: sorted(s.value for s in action.sources) for action in TABLE_MOVES if action.sources}
    assert sources == {name: sorted(row[0].split()) for name, row in MOVES.items()}


@pytest.mark.parametrize("scene", [*SCENES, *CONDITIONS], ids=lambda scene: scene.name)
@pytest.mark.behaviour(1, 8)
def test_everything_is_offered_exactly_to_whom_the_contract_says(cast: District, scene: Scene) -> None:
    case = scene.build(cast)
    case.refresh_from_db()
    assert case.status == scene.status
    may = expected(scene, MOVES) | expected(scene, RECORDS)
    who = actors(cast, scene)
    told = {name: offered(case, actor, scene) for name, actor in who.items()}
    assert told == {name: {action for action, names in may.items() if name in names} for name in who}
    assert {name for name, actor in who.items() if not sees(case, actor, scene)} == unseen_by(scene)


#: One of each sort presses at the door itself in `make test`; `make faults` lets everybody press everything.
PRESSING = ("clerk", "busy_supervisor", "handler2", "resident", "auditor")


@pytest.mark.parametrize("scene", [*SCENES, *CONDITIONS], ids=lambda scene: scene.name)
@pytest.mark.behaviour(1)
def test_everything_else_is_refused_in_its_class_to_everybody(cast: District, scene: Scene) -> None:
    case = scene.build(cast)
    case.refresh_from_db()
    may = expected(scene, MOVES) | expected(scene, RECORDS)
    wrong = []
    for name, actor in actors(cast, scene).items():
        standing = frozenset(posts_of(case, actor, scene.now))
        for action, names in may.items():
            refused = refusal(TABLE[action], case, standing, scene.now)
            answer, status = refused[0] if refused else 200, _class(scene, action, name in names)
            if answer != status or (refused and not refused[1].endswith("。")):
                wrong.append((name, action, status, answer))
    assert wrong == []


@pytest.mark.parametrize("scene", [*SCENES, *CONDITIONS], ids=lambda scene: scene.name)
@pytest.mark.behaviour(1, 8)
def test_who_presses_what_is_not_his_gets_the_right_refusal_and_leaves_nothing_behind(
    cast: District, scene: Scene, long_run: bool
) -> None:
    case = scene.build(cast)
    hidden, may = unseen_by(scene), expected(scene, MOVES) | expected(scene, RECORDS)
    before = everything()
    wrong = []
    for name, actor in actors(cast, scene).items():
        if not long_run and name not in PRESSING:
            continue
        for action, names in may.items():
            if name in names or not (long_run or scene in SCENES or action in {*scene.closed_now, *scene.opened}):
                continue
            status = 404 if name in hidden else _class(scene, action, offered=False)
            if (answer := _press(case, action, actor, scene)) != status:
                wrong.append((name, action, status, answer))
    assert wrong == []
    assert everything() == before


def _class(scene: Scene, action: str, offered: bool) -> int:
    """200, or 409 where nobody may at this moment, else 403."""
    if offered:
        return 200
    return 403 if _words(scene, action) else 409


def _words(scene: Scene, action: str) -> str:
    """The words that the contract says for this action at this moment; "" when the moment forbids it."""
    row = MOVES.get(action) or RECORDS[action]
    plain = row[1] if scene.status in row[0].split() and action not in scene.closed_now else ""
    return scene.opened.get(action, plain)


def _press(case: Case, action: str, actor: Actor, scene: Scene) -> int:
    try:
        if action in MOVES:
            services.move(case, action, actor=actor, now=scene.now)
        else:
            services.record(case, action, actor=actor, now=scene.now)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize("scene", [*SCENES, *CONDITIONS], ids=lambda scene: scene.name)
@pytest.mark.behaviour(2)
def test_whoever_may_is_asked_only_for_what_is_missing_and_then_it_is_done(
    cast: District, scene: Scene, long_run: bool
) -> None:
    case = scene.build(cast)
    master = registered(cast)
    before = everything()
    wrong = []
    for action, names in expected(scene, MOVES).items():
        given = {**GIVEN[action], **({"master": master.number} if action == "merge" else {})}
        for name in sorted(names) if long_run else _one_of_each(names, scene):
            answer = _really(
                case, action, cast.actor(name, scene.now), scene, _as_asked(action, name, scene, given, case)
            )
            target = _target(action, scene)
            if answer != target:
                wrong.append((name, action, target, answer))
    assert wrong == []
    assert everything() == before


def _one_of_each(names: set[str], scene: Scene) -> list[str]:
    """The first of the cast for each word of the contract."""
    if scene in CONDITIONS:
        return sorted(names)[:1]
    firsts = {min(people_of & names) for people_of in words_of(scene).values() if people_of & names}
    return sorted(firsts)


def _as_asked(action: str, name: str, scene: Scene, given: dict[str, Any], case: Case) -> dict[str, Any]:
    """What this person is asked: a rating resident is not asked about a call, an officer signs for himself."""
    asked = dict(given)
    if action == "resolve" and scene.assisted:
        asked["waived"] = "镇政府已电话答复"
    if action == "confirm" and name == "resident":
        del asked["contacted"]
    if action == "sign" and name not in words_of(scene)["lead"]:
        del asked["handler"]
    if action == "resolve_on_spot" and scene.status == "accepted":
        del asked["category"], asked["level"]
    return asked


def _target(action: str, scene: Scene) -> str:
    return "archived" if action == "archive" else MOVES[action][2]


def _really(case: Case, action: str, actor: Actor, scene: Scene, given: dict[str, Any]) -> str:
    try:
        with transaction.atomic():
            after = services.move(case, action, actor=actor, now=scene.now, given=given)
            transaction.set_rollback(True)
            return after.status
    except Incomplete as refusal:
        return str(refusal.errors)
    except Refusal as refusal:
        return f"{refusal.status} {refusal.detail}"
