"""A fresh database costs little, and one that stands between two migrations that were put together is refused."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import SeparateDatabaseAndState
from django.test import Client

from governance_portal import half_way
from governance_portal.lib.migrating import CreateModels

APPS = {"accounts", "grids", "cases", "hotlines"}
#: Each builds most of the 170 models anew (0.1 to 0.4 s of a processor). When there are more, put them together.
MAY_BUILD_ANEW = 40
#: App → the number of its last migration of before; they were numbered without a gap.
BEFORE = {"accounts": 5, "grids": 5, "cases": 38, "hotlines": 6}


def before(app: str) -> list[tuple[str, str]]:
    """The migrations of before of an app, in their order."""
    return sorted(key for old in half_way.put_together().values() for key in old if key[0] == app)


def test_a_fresh_database_builds_its_models_a_few_times_only() -> None:
    cheap = (CreateModels, RunPython, SeparateDatabaseAndState)
    ours = [migration for (app, _), migration in MigrationLoader(None).disk_migrations.items() if app in APPS]
    costly = Counter(
        type(operation).__name__
        for migration in ours
        for operation in migration.operations
        if not isinstance(operation, cheap)
    )

    assert costly.total() <= MAY_BUILD_ANEW, costly


@pytest.mark.parametrize("app", sorted(BEFORE))
def test_every_migration_of_before_is_stood_for_once(app: str) -> None:
    assert [int(name[:4]) for _, name in before(app)] == list(range(1, BEFORE[app] + 1))


def test_none_of_today_bears_a_name_of_before() -> None:
    old = {key for app in BEFORE for key in before(app)}

    assert old & set(MigrationLoader(None).disk_migrations) == set()


@pytest.mark.parametrize("app", sorted(BEFORE))
def test_a_database_may_go_on_from_all_or_nothing(app: str) -> None:
    others = [key for other in BEFORE if other != app for key in before(other)]

    refused = [
        upto
        for upto in range(BEFORE[app] + 1)
        if half_way.missing_of([*others, *before(app)[:upto]])
        == [f"{app}.{name}" for _, name in before(app)[upto:]]
        != []
    ]

    assert refused == list(range(1, BEFORE[app]))
    assert half_way.missing_of(others) == half_way.missing_of([*others, *before(app)]) == []


def test_a_new_database_that_was_broken_off_may_go_on() -> None:
    done: list[tuple[str, str]] = []
    for old in half_way.put_together().values():
        done += old

        assert half_way.missing_of(done) == []


@pytest.fixture
def stands_half_way(db: None) -> None:
    """The database says that the last of hotlines and what stands for it were never applied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'hotlines' AND name IN ('0006_outward', '0001_tables')"
        )


SAID = "数据库停在较早的版本，还差 1 个旧的变更，第一个是 hotlines.0006_outward。"


@pytest.mark.both
def test_no_migration_runs_on_a_database_that_stands_half_way(stands_half_way: None) -> None:
    with pytest.raises(SystemCheckError, match=SAID):
        call_command("migrate", verbosity=0, skip_checks=False)
    with pytest.raises(CommandError, match=SAID):
        call_command("migrate", verbosity=0)


def test_it_is_told_how_to_go_on(stands_half_way: None, client: Client, settings: Any) -> None:
    (error,) = half_way.no_database_stands_half_way(None, databases=["default"])

    assert (error.id, error.msg) == ("portal.E008", SAID)
    assert error.hint == (
        "先换到还有 cases/migrations/0038_over_at.py 的最后一个版本，执行 manage.py migrate，再换回本版（docs/architecture.md）。"
    )
    assert client.get("/readyz").json()["checks"]["migrations"] == SAID


@pytest.mark.django_db
def test_a_database_in_order_is_let_through() -> None:
    assert half_way.no_database_stands_half_way(None, databases=["default"]) == []
    assert half_way.no_database_stands_half_way(None) == []
