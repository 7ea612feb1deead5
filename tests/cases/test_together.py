"""Sixteen at once: one moves, fifteen are told who was faster; on SQLite's file and on PostgreSQL alike."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django import Settings

from cases import policies, services
from cases.models import Attachment, Case, Event, Outbox, Submission
from cases.services import attachments
from governance_portal.lib.errors import NotNow, NotYours, Refusal
from tests.api.test_attachments import photo
from tests.cases.cast import MONDAY, District, build_district
from tests.cases.matrix import GIVEN, handling, people, registered

HOW_MANY = 16

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Iterator[District]:
    """The cast with real commits; afterwards the append-only tables are emptied so that the database can be too."""
    policies.forget()
    yield people(build_district())
    if connection.vendor == "sqlite":
        _empty_what_refuses()


def _empty_what_refuses() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for table in ("cases_outbox", "cases_event"):
            cursor.execute(f"DELETE FROM {table}")
        for _name, sql in triggers:
            cursor.execute(sql)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Let sixteen threads begin together; what each answered, a refusal or a crash included."""
    gate = threading.Barrier(HOW_MANY)
    answers: list[Any] = [None] * HOW_MANY

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = work(place)
        except Refusal as refusal:
            answers[place] = refusal
        except Exception as crash:
            answers[place] = crash
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(HOW_MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers


@pytest.mark.behaviour(19)
def test_sixteen_press_the_same_button_one_moves_and_fifteen_are_told_who(cast: District) -> None:
    case = registered(cast)
    clerks = [cast.actor(name) for name in ("clerk", "operator")]
    given = GIVEN["accept"]
    answers = at_once(lambda i: services.move(case, "accept", actor=clerks[i % 2], now=MONDAY, given=given))
    won = [answer for answer in answers if isinstance(answer, Case)]
    lost = [answer for answer in answers if isinstance(answer, NotNow)]
    assert (len(won), len(lost)) == (1, 15), answers
    winner = Event.objects.get(case=case, kind="accept").actor_name
    assert {(refusal.current_status, refusal.moved_by) for refusal in lost} == {("accepted", winner)}
    case.refresh_from_db()
    assert (case.status, case.version, case.events.count(), Outbox.objects.filter(event__case=case).count()) == (
        *("accepted", 2),
        *(2, 2),
    )


def test_sixteen_press_different_buttons_and_only_what_the_table_allows_in_a_row_happens(cast: District) -> None:
    case = handling(cast)
    buttons = [
        ("resolve", "handler", GIVEN["resolve"]),
        ("suspend", "housing_lead", GIVEN["suspend"]),
        ("reassign", "dispatcher", GIVEN["reassign"]),
        ("withdraw", "clerk", GIVEN["withdraw"]),
    ]
    actors = {name: cast.actor(name) for _move, name, _given in buttons}

    def press(place: int) -> Any:
        move, name, given = buttons[place % 4]
        return services.move(case, move, actor=actors[name], now=MONDAY, given=given)

    answers = at_once(press)
    # Whose unit lost it to the reassignment a moment before does not see it any more: 404 goes before 409.
    assert [answer for answer in answers if not isinstance(answer, Case | NotNow | NotYours)] == []
    events = list(case.events.order_by("seq").values_list("status_before", "status_after", "kind", "seq"))
    assert [after for _before, after, *_ in events[:-1]] == [before for before, *_ in events[1:]]
    moved = [(buttons[i % 4][0], answer.version) for i, answer in enumerate(answers) if isinstance(answer, Case)]
    written = [(kind, seq) for _before, _after, kind, seq in events[7:]]  # without those before
    assert {version for _move, version in moved} == {seq for _kind, seq in written}
    # Whoever reassigns to the unit that has just been given it is told so with no event: nothing would change.
    assert Counter(move for move, _version in moved if move != "reassign") == Counter(
        kind for kind, _seq in written if kind != "reassign"
    )


def test_the_same_submission_sixteen_times_is_one_case(cast: District) -> None:
    clerk, body = cast.actor("clerk"), _body()
    answers = at_once(lambda _i: services.register(clerk, body, now=MONDAY, client_id="one-and-the-same"))
    assert [answer for answer in answers if not isinstance(answer, services_registration())] == []
    assert Counter(answer.fresh for answer in answers) == {True: 1, False: 15}
    assert len({(answer.case.number, answer.query_code) for answer in answers}) == 1
    assert (Case.objects.count(), Event.objects.count(), Submission.objects.count()) == (1, 1, 1)


def test_sixteen_submissions_are_sixteen_numbers(cast: District) -> None:
    clerk, body = cast.actor("clerk"), _body()
    answers = at_once(lambda i: services.register(clerk, body, now=MONDAY, client_id=f"number-{i}"))
    assert [answer for answer in answers if not isinstance(answer, services_registration())] == []
    assert (len({answer.case.number for answer in answers}), Case.objects.count()) == (16, 16)


def test_the_same_move_sent_sixteen_times_under_one_key_is_one_event_and_sixteen_same_answers(cast: District) -> None:
    case, clerk = registered(cast), cast.actor("clerk")
    given = GIVEN["accept"]
    answers = at_once(lambda _i: services.move(case, "accept", actor=clerk, now=MONDAY, client_id="k", given=given))
    assert [type(answer) for answer in answers] == [Case] * 16, answers
    assert (case.events.count(), {answer.version for answer in answers}) == (2, {2})


@pytest.mark.behaviour(6)
def test_sixteen_uploads_at_once_all_arrive_and_each_leaves_one_event(
    cast: District, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case, clerk = registered(cast), cast.actor("clerk")
    pictures = [SimpleUploadedFile(f"{i}.jpg", photo(size=(20 + i, 10)), "image/jpeg") for i in range(HOW_MANY)]
    answers = at_once(lambda i: attachments.store(case, pictures[i], actor=clerk, now=MONDAY))
    assert [type(answer) for answer in answers] == [Attachment] * 16, answers
    told = Event.objects.filter(case=case, kind="attach").values_list("data__attachments", flat=True)
    kept = sorted(str(uid) for uid in Attachment.objects.values_list("uid", flat=True))
    assert sorted(uid for uids in told for uid in uids) == kept
    assert len({path for path in tmp_path.rglob("*") if path.is_file()}) == len(kept) == 16


def test_merges_across_each_other_end_in_one_merge_and_no_crash(cast: District) -> None:
    one, two = registered(cast), registered(cast)
    dispatcher = cast.actor("dispatcher")
    pairs = [(one, two), (two, one)]

    def merge(place: int) -> Any:
        case, master = pairs[place % 2]
        return services.move(case, "merge", actor=dispatcher, now=MONDAY, given={"master": master.number})

    answers = at_once(merge)
    assert [answer for answer in answers if not isinstance(answer, Case | Refusal)] == []
    assert sorted(Case.objects.values_list("status", flat=True)) == ["merged", "registered"]


def _body() -> dict[str, Any]:
    return {
        "kind": "appeal",
        "channel": "window",
        "description": "楼道灯不亮",
        "place": {"area": "140603100001"},
        "reporters": [{"name": "张三", "phone": "13812341234"}],
    }


def services_registration() -> type:
    return services.registering.Registration  # type: ignore[attr-defined]
