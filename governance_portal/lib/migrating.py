"""What migrations share: many tables in one operation, and the statements of this database or of the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """Create the tables of several models, each as ``CreateModel`` would; what they point to comes first.

    ``CreateModel`` has Django build all models anew that hang together with the new one, and nearly all of the portal's
    do: for 150 tables that was 9,800 classes and twelve seconds of a processor. Here they are built once.
    """

    def __init__(self, models: list[CreateModel]) -> None:
        """Take the models in the order in which they are made."""
        self.models = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Add the models to a state that is not rendered; whoever asks for its classes has them built then, once."""
        state.__dict__.pop("apps", None)
        state.is_delayed = False
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the tables."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop them, the last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        """Whether one of the models is this one or points to it."""
        return any(model.references_model(name, app_label) for model in self.models)

    def describe(self) -> str:
        """For ``migrate --plan``."""
        return f"Create {len(self.models)} models"


def statements(
    *, postgresql: Iterable[str], postgresql_back: Iterable[str], sqlite: Iterable[str], sqlite_back: Iterable[str]
) -> RunPython:
    """An operation of plain SQL: the statements that this database understands, and those that take them back."""
    there = {"postgresql": list(postgresql), "sqlite": list(sqlite)}
    back = {"postgresql": list(postgresql_back), "sqlite": list(sqlite_back)}

    def forwards(_apps: Any, schema_editor: Any) -> None:
        _execute(schema_editor, there)

    def backwards(_apps: Any, schema_editor: Any) -> None:
        _execute(schema_editor, back)

    return RunPython(forwards, backwards)


def _execute(schema_editor: Any, by_vendor: dict[str, list[str]]) -> None:
    for statement in by_vendor[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
