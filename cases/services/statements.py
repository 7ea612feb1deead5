"""The door's statements, put together once a process (governance_portal.lib.prepared)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Func, Value

from accounts.models import Unit
from accounts.queries import Actor
from cases.models import Assisting, Case, Category, Closing, Deadline, Event, Outbox, Party, Submission, Visit
from governance_portal.lib.prepared import Insert, Query, Update


def _locked(v: Any) -> Any:
    cases = Case.objects.select_for_update(of=("self",)).filter(pk=v.case).order_by()
    if connection.vendor != "postgresql":
        return cases
    # The keys of what will be written, so that it can be sent in one go; a refused move leaves a gap and no harm.
    event, outbox = (
        Func(Value(f"{name}_id_seq"), function="nextval", output_field=BigIntegerField())
        for name in ("cases_event", "cases_outbox")
    )
    return cases.annotate(event_key=event, outbox_key=outbox)


LOCKED = Query(_locked, case=int)
HISTORY = Query(lambda v: Event.objects.filter(case_id=v.case).order_by("seq"), case=int)
ANSWERED = Query(lambda v: Submission.objects.filter(sender=v.sender, client_id=v.key).order_by(), sender=str, key=str)
UNIT = Query(lambda v: Unit.objects.filter(code=v.code, active=True).order_by(), code=str)
CATEGORY = Query(lambda v: Category.objects.filter(code=v.code, active=True).order_by(), code=str)

NEW_CASE, CASE = Insert(Case), Update(Case)
NEW_EVENT, NEW_OUTBOX = Insert(Event), Insert(Outbox)
NEW_CLOSING = Insert(Closing, keyless=True)
NEW_PARTY, NEW_ASSISTING, NEW_VISIT = (
    Insert(Party, keyless=True),
    Insert(Assisting, keyless=True),
    Insert(Visit, keyless=True),
)
#: A submission whose key was used already is not stored; `pk` stays None.
NEW_SUBMISSION = Insert(Submission, conflict=("sender", "client_id"))
CLOCK_COLUMNS = ("started_at", "nominal_at", "due_at", "warn_at", "tentative", "running", "met_at", "late_at")
CLOCKS = Insert(Deadline, conflict=("case", "clock", "period"), replace=CLOCK_COLUMNS, keyless=True)


@lru_cache(maxsize=256)
def sight(actor: Actor, own_grids: tuple[str, ...]) -> Query:
    """Return the reading door as it stands for these posts and grids, asked of one case: any row means seen."""
    return Query(
        lambda v: Case.objects.in_sight_of(actor, own_grids).filter(pk=v.case).order_by().values_list("pk"), case=int
    )
