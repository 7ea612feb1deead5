"""The workflow table: 受理 — 分流 — 化解 — 督办 — 回访, all of it, in one place.

Everything else is read from here: the page's buttons, the API's `allowed_moves`, the clocks that a move starts and
meets, the diagram in docs/workflow.md and the exhaustive tests. Source: design/workflow.md ("Moves", "Clocks").

A row is an `Action`. A *move* changes the status; a *record* is an event of the case that does not. Nothing here
touches the database: a case, a fold state or a test double with the same attributes all do.

`actions` says what a row is, `moves_*` and `records_*` hold the rows in the order of the stages, `table` puts them together.
"""

from cases.workflow.actions import ATTACHMENT_URL, CATEGORY_URL, DECLINABLE, UNIT_URL, Action
from cases.workflow.moves_to_units import REGISTER
from cases.workflow.table import (
    MOVE_NAMES,
    MOVES,
    RECORDS,
    TABLE,
    WINDOWS,
    offered,
    records_offered,
    refusal,
)

__all__ = [
    "ATTACHMENT_URL",
    "CATEGORY_URL",
    "DECLINABLE",
    "MOVES",
    "MOVE_NAMES",
    "RECORDS",
    "REGISTER",
    "TABLE",
    "UNIT_URL",
    "WINDOWS",
    "Action",
    "offered",
    "records_offered",
    "refusal",
]
