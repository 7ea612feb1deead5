"""A district whose posts cannot carry the workflow is told before the first case gets stuck."""

from datetime import date

import pytest
from django.core.checks import Warning, run_checks
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from accounts.checks import HINT, unstaffed
from accounts.choices import Role
from accounts.models import Unit, User
from tests.accounts.conftest import NOW, Appointed

DISTRICT_ROLES = (Role.CLERK, Role.DISPATCHER, Role.SUPERVISOR, Role.FOLLOW_UP_OFFICER)


@pytest.fixture
def staffed(appointed: Appointed, centre: Unit) -> None:
    """Everybody a district needs."""
    for number, role in enumerate((*DISTRICT_ROLES, Role.SUPERVISOR)):
        appointed(f"p{number}", f"第{number}人", role, centre, "140603")


def test_nothing_is_told_of_an_empty_database_or_of_a_staffed_district(
    db: None, request: pytest.FixtureRequest
) -> None:
    assert unstaffed(NOW) == []
    request.getfixturevalue("staffed")
    assert unstaffed(NOW) == []


def test_a_centre_without_people_lacks_all_of_them(centre: Unit) -> None:
    assert unstaffed(NOW) == [
        "140603 区级窗口受理员应不少于 1 人，现有 0 人。",
        "140603 区级分流员应不少于 1 人，现有 0 人。",
        "140603 区级督办员应不少于 2 人，现有 0 人。",
        "140603 区级回访员应不少于 1 人，现有 0 人。",
    ]


def test_two_supervisors_missing_in_a_district_is_told_by_the_system_check(
    staffed: None, appointed: Appointed, centre: Unit
) -> None:
    User.objects.filter(username="p2").update(is_active=False)
    appointed("p4", "第4人", Role.SUPERVISOR, centre, "140603100")
    appointed("p9", "第9人", Role.SUPERVISOR, centre, "140603", starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1))
    one_left = "140603 区级督办员应不少于 2 人，现有 1 人。"
    assert unstaffed(NOW) == [one_left]
    told = [message for message in run_checks(databases=["default"]) if message.id == "accounts.W001"]
    assert told == [Warning(one_left, hint=HINT, id="accounts.W001")]


def test_the_check_stays_silent_when_no_database_was_asked_for(centre: Unit) -> None:
    assert [message for message in run_checks() if message.id == "accounts.W001"] == []
    call_command("check")


def test_two_districts_are_told_apart_for_the_same_two_queries(
    staffed: None, appointed: Appointed, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    appointed("q1", "外区人", Role.SUPERVISOR, area_code="140602")
    with django_assert_num_queries(2):
        assert [sentence[:6] for sentence in unstaffed(NOW)] == ["140602"] * 4
