"""The door's statements, put together once a process (governance_portal.lib.prepared)."""

from __future__ import annotations

from functools import lru_cache

from accounts.models import Unit
from accounts.queries import Actor
from cases.models import Assisting, Case, Category, Deadline, Event, Outbox, Party, Submission
from governance_portal.lib.prepared import Insert, Query, Update

LOCKED = Query(lambda v: Case.objects.select_for_update(of=("self",)).filter(pk=v.case).order_by(), case=int)
HISTORY = Query(lambda v: Event.objects.filter(case_id=v.case).order_by("seq"), case=int)
ANSWERED = Query(lambda v: Submission.objects.filter(sender=v.sender, client_id=v.key).order_by(), sender=str, key=str)
UNIT = Query(lambda v: Unit.objects.filter(code=v.code, active=True).order_by(), code=str)
CATEGORY = Query(lambda v: Category.objects.filter(code=v.code, active=True).order_by(), code=str)

NEW_CASE, CASE = Insert(Case), Update(Case)
NEW_EVENT, NEW_OUTBOX, NEW_PARTY, NEW_ASSISTING = Insert(Event), Insert(Outbox), Insert(Party), Insert(Assisting)
#: A submission whose key was used already is not stored; `pk` stays None.
NEW_SUBMISSION = Insert(Submission, conflict=("sender", "client_id"))
CLOCK_COLUMNS = ("started_at", "nominal_at", "due_at", "warn_at", "tentative", "running", "met_at", "late_at")
CLOCKS = Insert(Deadline, conflict=("case", "clock", "period"), replace=CLOCK_COLUMNS)


@lru_cache(maxsize=256)
def sight(actor: Actor, own_grids: tuple[str, ...]) -> Query:
    """Return the reading door as it stands for these posts and grids, asked of one case: any row means seen."""
    return Query(
        lambda v: Case.objects.in_sight_of(actor, own_grids).filter(pk=v.case).order_by().values_list("pk"), case=int
    )
