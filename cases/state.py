"""What the history of a case decides: the state that `fold` makes and the row copies. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cases.choices import AGREEMENT_CLOCKS, OPEN, Status
from cases.deadlines import ClockState


class EventLike(Protocol):
    """What fold reads of an event."""

    kind: str
    at: datetime
    actor_id: int
    status_after: str
    data: dict[str, Any]


@dataclass
class State:
    """Everything about a case that its history decides. Names equal the columns of `Case`.

    `instalments`: how many the agreement has that holds now; `instalments_open`: of those, how many are waited for.
    `finder_id`: who registered a hazard, and so does not verify it (facts §8 row 0.31), None for every other kind.
    `tasks`: the open joint tasks and their units; `tasked`: the units that assist for such a task only.
    """

    kind: str = ""
    procedure: str = ""
    channel: str = ""
    nature: str = ""
    complained_unit_id: int | None = None
    status: str = ""
    outcome: str = ""
    level: str = ""
    category_code: str = ""
    area_code: str = ""
    grid_code: str = ""
    desk_area: str = ""
    mode: str = ""
    first_unit_id: int | None = None
    lead_unit_id: int | None = None
    handler_id: int | None = None
    assisting: tuple[int, ...] = ()
    team: tuple[int, ...] = ()
    handled_by: list[int] = field(default_factory=list)
    nobody_to_ask: bool = False
    round: int = 1
    returns_used: int = 0
    designated: bool = False
    signed_off: bool = False
    redo_count: int = 0
    redo_request: str = ""
    came_back: str = ""
    unreached_days: list[str] = field(default_factory=list)
    orders_open: int = 0
    query_issue: int = 1
    master_id: int | None = None
    status_before_merge: str = ""
    satisfaction: int | None = None
    resolved: bool | None = None
    rated_at: datetime | None = None
    registered_at: datetime | None = None
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    over_at: datetime | None = None
    import_on_time: bool | None = None
    imported: bool = False
    return_until: datetime | None = None
    window_until: datetime | None = None
    version: int = 0
    decline_asked: bool = False
    invited: bool = False
    finder_id: int | None = None
    tasks: dict[int, int] = field(default_factory=dict)
    tasked: tuple[int, ...] = ()
    instalments: int = 0
    instalments_open: int = 0
    clocks: dict[tuple[str, int], ClockState] = field(default_factory=dict)

    def running(self) -> list[ClockState]:
        """The clocks that run now, the nearest first; those of an agreement last, as no step waits for them."""
        found = (clock for clock in self.clocks.values() if clock.running)
        return sorted(found, key=lambda clock: (clock.clock in AGREEMENT_CLOCKS, clock.due_at))

    def over_since(self, at: datetime, before: str) -> datetime | None:
        """Since when it lies open no more, after an event `at`: its closing, or what ended it otherwise (declined, merged)."""
        if self.status in (Status.DECLINED, Status.MERGED) and self.status != before:
            return self.closed_at or at
        return (self.closed_at or self.over_at) if self.status not in OPEN else None

    def latest(self, clock: str) -> ClockState | None:
        """The last opened clock of a kind, or None."""
        found = [state for (name, _period), state in self.clocks.items() if name == clock]
        return max(found, key=lambda state: state.period) if found else None


#: Columns of Case that are a plain copy of the state.
OWN = frozenset(
    {
        "clocks",
        "assisting",
        "team",
        "imported",
        "decline_asked",
        "invited",
        "finder_id",
        "tasks",
        "tasked",
        "instalments",
    }
)
COLUMNS = tuple(name for name in State.__dataclass_fields__ if name not in OWN)
