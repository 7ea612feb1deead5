"""Many tables in one operation: made and dropped as one by one, and the models that hang on them are built once."""

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState, StateApps

from governance_portal.lib.migrating import CreateModels, statements

SHELF = migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True))])
BOOK = migrations.CreateModel(
    "Book",
    [
        ("id", models.AutoField(primary_key=True)),
        ("title", models.CharField(max_length=20)),
        ("shelf", models.ForeignKey("library.Shelf", models.CASCADE)),
    ],
    options={"constraints": [models.UniqueConstraint(fields=["shelf", "title"], name="title_once_a_shelf")]},
)


def ours() -> set[str]:
    """The library's tables that are there."""
    return {name for name in connection.introspection.table_names() if name.startswith("library_")}


def moved(operation: Any, before: ProjectState, after: ProjectState, *, back: bool = False) -> None:
    with connection.schema_editor() as editor:
        if back:
            operation.database_backwards("library", editor, after, before)
        else:
            operation.database_forwards("library", editor, before, after)


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_tables_are_made_and_dropped_again() -> None:
    operation, before = CreateModels([SHELF, BOOK]), ProjectState()
    after = before.clone()
    operation.state_forwards("library", after)

    moved(operation, before, after)
    assert ours() == {"library_shelf", "library_book"}
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "library_book")
    assert constraints["title_once_a_shelf"]["columns"] == ["shelf_id", "title"]

    moved(operation, before, after, back=True)
    assert ours() == set()


def test_no_model_is_built_before_somebody_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    state = ProjectState()
    assert state.apps is not None
    built: list[int] = []
    made = StateApps.render_multiple
    monkeypatch.setattr(
        StateApps, "render_multiple", lambda self, states: (built.append(len(states)), made(self, states))[1]
    )

    CreateModels([SHELF, BOOK]).state_forwards("library", state)

    assert built == []
    assert {model.__name__ for model in state.apps.get_models()} == {"Shelf", "Book"}
    assert built == [2]


def test_it_says_what_it_makes_and_what_it_points_to() -> None:
    operation = CreateModels([SHELF, BOOK])

    assert operation.describe() == "Create 2 models"
    assert operation.references_model("shelf", "library")
    assert not operation.references_model("reader", "library")


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_each_database_is_told_its_own_statements_and_takes_them_back() -> None:
    operation = statements(
        postgresql=["CREATE TABLE library_card (of_postgresql integer)"],
        postgresql_back=["DROP TABLE library_card"],
        sqlite=["CREATE TABLE library_card (of_sqlite integer)"],
        sqlite_back=["DROP TABLE library_card"],
    )
    state = ProjectState()

    moved(operation, state, state)
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "library_card")
    assert [column.name for column in columns] == [f"of_{connection.vendor}"]

    moved(operation, state, state, back=True)
    assert ours() == set()
