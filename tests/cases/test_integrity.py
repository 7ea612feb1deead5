"""A rewritten history, a row changed beside the door and an exchanged chain are found; the database refuses the rest."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from cases.models import Assisting, Case, Deadline, Event
from cases.services.integrity import faults, root_of
from governance_portal.lib.errors import NotNow
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import District
from tests.cases.matrix import LATER, closed, people


@pytest.fixture
def whole(district: District) -> Case:
    case = closed(people(district))
    case.refresh_from_db()
    return case


def unguarded(statement: str, parameters: list[object]) -> None:
    """What an owner of the database can do: take the triggers away and write."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_event DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
        else:
            for name in ("cases_event_no_update", "cases_event_no_delete", "cases_case_status_door"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(statement, parameters)


def found() -> list[tuple[str, str]]:
    return [(fault.kind, fault.told) for fault in faults()]


def test_an_honest_history_shows_no_fault(whole: Case) -> None:
    assert found() == []
    out = StringIO()
    call_command("verify_history", stdout=out)
    today = timezone.now().astimezone(SHANGHAI).date()
    assert out.getvalue().splitlines() == [root_of(today).as_line(), "没有发现不一致。"]
    assert (root_of(today).cases, root_of(today).events, root_of(today).last_number) == (1, 10, whole.number)
    assert root_of(date(2020, 1, 1)).events == 0


@pytest.mark.services
@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET actor_name = 'x'",
        "UPDATE cases_event SET data = '{}' WHERE seq = 1",
        "DELETE FROM cases_event",
        "UPDATE cases_case SET status = 'registered'",
    ],
)
def test_the_database_refuses_to_rewrite_the_history_or_a_status(whole: Case, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert found() == []


@pytest.mark.services
def test_the_database_refuses_a_status_whose_event_is_not_there(whole: Case) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=whole.pk).update(status="handling", version=whole.version + 1)
    whole.refresh_from_db()
    assert whole.status == "closed"


@pytest.mark.services
def test_an_archived_case_never_changes_whoever_writes(whole: Case, district: District) -> None:
    case = district.move(whole, "archive", "clock", LATER)
    for name in ("reopen", "archive", "withdraw", "unmerge", "redo"):
        with pytest.raises(NotNow):
            district.move(case, name, "supervisor", LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="closed", version=case.version + 1)
    case.refresh_from_db()
    assert (case.status, case.version) == ("archived", 11)


@pytest.mark.services
@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "别人"), ("kind", "conclude"), ("status_after", "accepted"), ("at", "2026-11-01 00:00:00+00:00")],
)
def test_a_rewritten_event_breaks_the_chain(whole: Case, column: str, value: str) -> None:
    unguarded(f"UPDATE cases_event SET {column} = %s WHERE case_id = %s AND seq = 3", [value, whole.pk])
    assert found() == [("chain", "第 3 条办理记录与其校验值不符，或前后不相连。")]


def test_a_lost_event_breaks_the_chain(whole: Case) -> None:
    unguarded("DELETE FROM cases_outbox WHERE event_id IN (SELECT id FROM cases_event WHERE seq = 4)", [])
    unguarded("DELETE FROM cases_event WHERE case_id = %s AND seq = 4", [whole.pk])
    assert found() == [("chain", "第 4 条办理记录与其校验值不符，或前后不相连。")]


def test_a_row_changed_beside_the_door_is_found_and_the_door_stays_shut(whole: Case, district: District) -> None:
    unguarded("UPDATE cases_case SET status = 'follow_up', satisfaction = 1 WHERE id = %s", [whole.pk])
    assert found() == [("row", "这些栏与办理记录不一致：status、satisfaction。")]
    with pytest.raises(NotNow):
        district.move(whole, "redo", "supervisor", note="x")


def test_a_deadline_or_an_assisting_unit_changed_beside_the_door_is_found(whole: Case, district: District) -> None:
    Deadline.objects.filter(case=whole, clock="resolve_by").update(late_at=None, due_at=LATER)
    Assisting.objects.create(case=whole, unit=district.units["street"])
    assert found() == [("deadlines", "时限与办理记录不一致。"), ("assisting", "协办单位与办理记录不一致。")]


def test_the_command_leaves_with_one_when_the_kept_root_is_another(whole: Case) -> None:
    kept = root_of(timezone.now().astimezone(SHANGHAI).date())
    last = Event.objects.get(case=whole, seq=10)
    unguarded("UPDATE cases_event SET hash = %s WHERE id = %s", ["0" * 64, last.pk])
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_history", expect=kept.digest, stdout=out)
    assert left.value.code == 1
    assert out.getvalue().splitlines()[-1] == "发现 2 处不一致，请保护现场并报告安全管理员。"
