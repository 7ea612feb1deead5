"""The whole file of one case, read with few queries, and what of it is shown to whom.

design/workflow.md "Who sees what", rule 4; facts §7.1. The API shows a case only through here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import BooleanField, CharField, Q
from django.db.models.expressions import RawSQL

from accounts.queries import Actor
from cases import choices as c
from cases.choices import Clock, Nature, Status
from cases.fold import COLUMNS, fold
from cases.models import (
    Assisting,
    Attachment,
    Case,
    CaseLead,
    Consultation,
    Crowd,
    Deadline,
    Event,
    HandlerRequest,
    HazardFile,
    JointTask,
    MayRepeat,
    Party,
    PatrolFinding,
    RankingExclusion,
    SubItem,
    SupervisionOrder,
    TeamMember,
    Whistle,
)
from cases.queries import Offer, offers
from cases.querysets import CaseQuerySet, own_grids
from cases.services.attachments import shown_to
from cases.services.door import posts_of
from cases.services.parties import MAY_CALL
from cases.standing import UNWELCOME_TO_ITS_UNIT, Standing
from governance_portal.lib.errors import NotYours
from governance_portal.lib.numbers import parse_number
from governance_portal.lib.prepared import Query
from governance_portal.lib.working_days import Calendar
from grids.models import Area, Grid

#: Kinds whose own table is asked only when the case has a row in it.
RARE: Mapping[str, Any] = {
    "has_assisting": Assisting,
    "has_orders": SupervisionOrder,
    "has_requests": HandlerRequest,
    "has_files": Attachment,
    "has_consultations": Consultation,
    "has_tasks": JointTask,
    "has_leads": CaseLead,
    "has_team": TeamMember,
    "has_whistles": Whistle,
    "has_repeats": MayRepeat,
    "has_patrol": PatrolFinding,
    "has_crowd": Crowd,
    "has_items": SubItem,
    "has_hazard": HazardFile,
    "has_exclusions": RankingExclusion,
}
#: Those who may know how one resident rated; the handling unit learns it in sums only.
RATING_READERS = frozenset(
    {
        Standing.CLERK,
        Standing.OPERATOR,
        Standing.DISPATCHER,
        Standing.SUPERVISOR,
        Standing.FOLLOW_UP_OFFICER,
        Standing.LEADER,
        Standing.CENTRE_LEAD,
    }
)
RATED = frozenset({"satisfaction", "resolved", "comment", "unhappy"})
PAUSED = (Status.SUSPENDED, Status.INCOMPLETE)
#: Keys of an event's data that mean something to the database only.
_INNER = re.compile(r"(^|_)ids?$")


@dataclass
class Dossier:
    """One case as one person sees it at one moment."""

    case: Case
    standing: frozenset[Standing]
    moves: list[Offer]
    records: list[Offer]
    assisting: list[Assisting] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    orders: list[SupervisionOrder] = field(default_factory=list)
    requests: list[HandlerRequest] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    tasks: list[JointTask] = field(default_factory=list)

    @property
    def shows_rating(self) -> bool:
        """Whether this person may know how the resident rated."""
        return may_read_rating(self.standing)


def find(actor: Actor, number: str, now: datetime) -> Case:
    """Return one visible case with its joined rows and the marks of `RARE`; NotYours (404) otherwise. One query."""
    found: Case | None = _by_number(actor, own_grids(actor, now)).first(number=_number_of(number))
    if found is None:
        raise NotYours()
    found.__dict__["seen_by"] = (actor.user_id, now)  # so that the door need not ask again at this same moment
    return found


def find_answered(number: str) -> Case:
    """Return a case whoever asks, for the door to judge: a repeated submission is answered also out of sight."""
    found = Case.objects.filter(number=_number_of(number)).first()
    if found is None:
        raise NotYours()
    return found


def find_again(actor: Actor, case: Case, now: datetime) -> Case | None:
    """Return the case as it stands after a write, or None when it left this person's sight. One query."""
    found: Case | None = _by_key(actor, own_grids(actor, now)).first(case=case.pk)
    return found


@lru_cache(maxsize=256)
def _by_number(actor: Actor, grids: tuple[str, ...]) -> Query:
    """The reading door of these posts as one statement, put together once: it took 10 of a detail's 15 ms."""
    return Query(
        lambda v: marked(Case.objects.in_sight_of(actor, grids)).filter(number=v.number).order_by(), number=str
    )


@lru_cache(maxsize=256)
def _by_key(actor: Actor, grids: tuple[str, ...]) -> Query:
    return Query(lambda v: marked(Case.objects.in_sight_of(actor, grids)).filter(pk=v.case).order_by(), case=int)


_ASSISTING = Query(lambda v: Assisting.objects.filter(case_id=v.case).select_related("unit"), case=int)
_DEADLINES = Query(lambda v: Deadline.objects.filter(case_id=v.case).order_by("started_at", "id"), case=int)
_PARTIES = Query(lambda v: Party.objects.filter(case_id=v.case), case=int)


def is_visible(actor: Actor, number: str, now: datetime) -> Case:
    """Return the bare case for a list below it (events, files); NotYours otherwise. One query."""
    found = Case.objects.visible_to(actor, now).filter(number=_number_of(number)).first()
    if found is None:
        raise NotYours()
    return found


def marked(cases: CaseQuerySet) -> CaseQuerySet:
    """Join what a case page names and mark which of the rare rows there are; the few with a master ask for it."""
    joined = ("category", "lead_unit", "handler", "first_unit", "complained_unit")
    return cases.select_related(*joined).annotate(**MARKS)


def _is_there(model: Any, column: str = "case_id") -> RawSQL:
    """Whether a table has a row of the case at hand."""
    table = model._meta.db_table
    sql = f'EXISTS(SELECT 1 FROM "{table}" mark WHERE mark."{column}" = "{CASES}"."id")'  # noqa: S608
    return RawSQL(sql, (), BooleanField())  # noqa: S611  names of our own tables, nothing given


def _name_of(column: str) -> RawSQL:
    """The name of a place in the same query: a community's or a grid's, "" for none."""
    named = (f'(SELECT name FROM "{m._meta.db_table}" WHERE code = "{CASES}"."{column}")' for m in (Area, Grid))  # noqa: S608
    return RawSQL(f"COALESCE({', '.join(named)}, '')", (), CharField())  # noqa: S611


#: Written as SQL once: building the same from OuterRef for each call was half the work of reading a case (make bench).
CASES = Case._meta.db_table
MARKS = {
    **{name: _is_there(model) for name, model in RARE.items()},
    "has_merged": _is_there(Case, "master_id"),
    "area_name": _name_of("area_code"),
    "grid_name": _name_of("grid_code"),
}


def _number_of(text: str) -> str:
    return parse_number(text) or "-"


def as_registered(case: Case, calendar: Calendar) -> Case:
    """Make a case read (not saved) as it was when its registration was answered, for the same answer again."""
    events = list(case.events.order_by("seq"))
    first = [event for event in events if event.at == events[0].at]
    if len(first) == len(events):
        return case
    state = fold(first, calendar)
    for name in COLUMNS:
        setattr(case, name, getattr(state, name))
    clock = state.latest(Clock.RESOLVE_BY) or state.latest(Clock.ACCEPT_BY)
    case.due_at, case.due_warn_at = (clock.due_at, clock.warn_at) if clock else (None, None)
    case.due_running, case.late = bool(clock and clock.running), False
    running = state.running()
    case.step_clock = running[0].clock if running else ""
    case.step_due_at = running[0].due_at if running else None
    case.due_tentative = bool(clock and clock.tentative)
    case.step_tentative = bool(running and running[0].tentative)
    return case


def fresh(case: Case) -> Case:
    """Mark a case that was registered this moment: nothing rare belongs to it yet, so nothing is asked."""
    for mark in (*RARE, "has_merged"):
        setattr(case, mark, False)
    return case


def brief(case: Case, actor: Actor, now: datetime) -> Dossier:
    """Return what may be done with a case; at most one query (assisting units) for a case of `find`."""
    _keep_assisting(case)
    standing = frozenset(posts_of(case, actor, now))
    moves, records = offers(case, standing, now)
    return Dossier(case, standing, moves, records)


def whole(case: Case, actor: Actor, now: datetime, *, clocks: bool = True) -> Dossier:
    """Return everything of a case of `find`: two queries, and one for each of the rarer lists that is not empty.

    Without `clocks` the deadlines are left out: a page says its dates from the row.
    """
    dossier = brief(case, actor, now)
    dossier.assisting = list(case.assisting_rows.all())
    if clocks:
        dossier.deadlines = _DEADLINES.rows(case=case.pk)
    shown = _PARTIES.rows(case=case.pk)
    if not may_read_reporters(case, dossier.standing):
        shown = [party for party in shown if party.side == c.PartySide.OTHER]
    dossier.parties = shown
    if _has(case, "has_orders"):
        dossier.orders = list(case.orders.select_related("unit"))
    if _has(case, "has_requests"):
        dossier.requests = list(case.requests.all())
    if _has(case, "has_consultations"):
        dossier.consultations = list(case.consultations.prefetch_related("units__unit").select_related("lead_unit"))
    if _has(case, "has_tasks"):
        dossier.tasks = list(case.tasks.filter(dropped_at__isnull=True).select_related("unit", "done_by"))
    if _has(case, "has_files"):
        dossier.attachments = list(shown_to(case, actor, now))
    if _has(case, "has_merged"):
        dossier.merged = _merged(case, actor, now)
    return dossier


def _merged(case: Case, actor: Actor, now: datetime) -> list[str]:
    """Numbers of what went into a case; of what its unit must not read (rule 4) only to who may open it."""
    open_to_me = Q(pk__in=Case.objects.visible_to(actor, now).values("pk"))
    told = case.merged_cases.filter(~Q(nature__in=UNWELCOME_TO_ITS_UNIT) | open_to_me)
    return list(told.order_by("number").values_list("number", flat=True))


def _has(case: Case, mark: str) -> bool:
    return bool(getattr(case, mark, True))


def _keep_assisting(case: Case) -> None:
    """Read the assisting units once, or not at all where there are none."""
    rows = Assisting.objects.none()
    rows._result_cache = _ASSISTING.rows(case=case.pk) if _has(case, "has_assisting") else []  # type: ignore[attr-defined]
    if not hasattr(case, "_prefetched_objects_cache"):
        case._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    case._prefetched_objects_cache["assisting_rows"] = rows  # type: ignore[attr-defined]


# --- what is shown ----------------------------------------------------------------------------------------------


def may_read_rating(standing: frozenset[Standing]) -> bool:
    """Whether somebody with this standing may know how the resident rated (not the handling unit)."""
    return bool(standing & RATING_READERS)


def may_read_reporters(case: Case, standing: frozenset[Standing]) -> bool:
    """Whether the reporters are shown, masked as ever: those of a sealed or confidential case only to who must call."""
    if case.nature in (Nature.CONDUCT, Nature.REPORT) or case.confidential:
        return bool(standing & (MAY_CALL - {Standing.IN_CHARGE}))
    return True


def event_data(event: Event, *, ratings: bool) -> dict[str, Any]:
    """Return what an event says, without the database's own ids and limits, and without a rating where it is hidden."""
    hidden = RATED if not ratings else frozenset()
    return {
        key: value
        for key, value in event.data.items()
        if key not in ("limits", "suspend", "decline", "follow_up", "redo")
        and key not in hidden
        and not _INNER.search(key)
    }


class Dated(Protocol):
    """What has a resident's date: a case, or a line of the list."""

    @property
    def status(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def due_warn_at(self) -> datetime | None: ...
    @property
    def due_running(self) -> bool: ...


def due_state(case: Dated, now: datetime) -> str:
    """Return how the resident's date stands: none, ok, soon (即将超时), overdue, paused or done."""
    if case.due_at is None:
        return "none"
    if case.due_running:
        if now > case.due_at:
            return "overdue"
        return "soon" if case.due_warn_at and now >= case.due_warn_at else "ok"
    return "paused" if case.status in PAUSED else "done"
