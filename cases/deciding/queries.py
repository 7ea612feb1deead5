"""What waits for whose decision, with the facts that a decision needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Prefetch, Q

from accounts.queries import Actor
from cases import policies, queries
from cases.choices import Clock, RequestKind, Status
from cases.fold import fold
from cases.models import Case, Event, HandlerRequest, LimitPolicy
from cases.models.orders import HandlerRequestQuerySet
from cases.querysets import NEVER, below
from cases.services.recipients import Recipients
from cases.services.requesting import (
    UNITS,
    is_strict,
    lengthened,
    needs_the_centre,
    resolve_policy,
    used_of,
)
from cases.workflow import DECLINABLE
from governance_portal.lib.spoken import until_words

#: A page that is longer than this is told to be so, never cut without a word.
MOST = 60
RECENT = 12
#: So many requests are looked at with one statement each for them, their cases and when those were accepted.
CHUNK = 200


@dataclass(frozen=True)
class Asked:
    """One request as the page draws it.

    Of an extension: `limit` in words, `used` how many times before, `most` and `unit` of the policy, the date now and
    as it would be in words (`before`, `after`; `nominal` when a holiday moved it; `tentative`: 暂定), `late` when the date
    has passed, `void` why it cannot be approved any more ("" when it can), `base` the legal base.
    """

    row: HandlerRequest
    case: Case
    centre: bool
    limit: str = ""
    used: int = 0
    most: int = 0
    unit: str = ""
    base: str = ""
    before: str = ""
    after: str = ""
    nominal: str = ""
    tentative: bool = False
    late: bool = False
    void: str = ""


def leads_units(actor: Actor) -> set[int]:
    """Units that this person leads."""
    return {post.unit_id for post in actor.posts if post.lead}


def centre_areas(actor: Actor) -> list[str]:
    """Areas whose centre this person leads."""
    return [post.area_code for post in actor.posts if post.leads_centre]


def decides(actor: Actor) -> bool:
    """Tell whether this person has the page at all; no query."""
    return any(post.lead for post in actor.posts)


def waiting_for(actor: Actor, now: datetime) -> list[Asked]:
    """Return what waits for this person's decision, the oldest first; never a request of their own.

    At most `MOST` + 1: one more than the page shows tells that there are more.
    """
    rows = _in_reach(actor, now).waiting().exclude(requested_by_id=actor.user_id)
    here = Q(kind=RequestKind.DECLINE, case__status__in=DECLINABLE)
    here |= ~Q(kind=RequestKind.DECLINE) & Q(case__status=Status.HANDLING)
    accepting = Prefetch("case__events", Event.objects.filter(kind="accept").order_by("seq"))
    whole = rows.filter(here).prefetch_related(accepting).order_by("requested_at", "pk")
    people = Recipients(now)
    theirs = (row for row in whole.iterator(chunk_size=CHUNK) if _is_theirs(row, actor, people))
    return [asked_of(row, now) for row in islice(theirs, MOST + 1)]


def recent_of(actor: Actor, now: datetime) -> list[HandlerRequest]:
    """Return what was decided last within this person's reach, the newest first."""
    return list(_in_reach(actor, now).filter(approved__isnull=False).order_by("-decided_at", "-pk")[:RECENT])


def find(actor: Actor, pk: int, now: datetime) -> HandlerRequest | None:
    """Return one request of a case in this person's reach, or None."""
    return _in_reach(actor, now).filter(pk=pk).first()


def _in_reach(actor: Actor, now: datetime) -> HandlerRequestQuerySet:
    mine = Q(case__lead_unit_id__in=leads_units(actor))
    for area in centre_areas(actor):
        mine |= below("case__desk_area", area) if area else NEVER
    if not decides(actor):
        mine = NEVER
    visible = Case.objects.visible_to(actor, now)
    rows = HandlerRequest.objects.filter(mine, case__in=visible)
    return rows.select_related("case__lead_unit", "case__category", "case__handler", "requested_by", "decided_by")


def _is_theirs(row: HandlerRequest, actor: Actor, people: Recipients) -> bool:
    """The unit's lead decides; the centre's what must go to the centre, or what nobody else in the unit could.

    As `Recipients.deciders` tells them. The row comes with the acceptance of its case.
    """
    case = row.case
    policy = resolve_policy(case, case.events.all(), people.now) if row.kind == RequestKind.EXTENSION else None
    if needs_the_centre(case, row.kind, policy):
        return any(case.desk_area.startswith(area) for area in centre_areas(actor))
    if case.lead_unit_id in leads_units(actor):
        return True
    return not people.leads(case.lead_unit_id) - {row.requested_by_id}


def asked_of(row: HandlerRequest, now: datetime) -> Asked:
    """Return the facts of one request; the history is read for an extension only."""
    case = row.case
    if row.kind != RequestKind.EXTENSION:
        return Asked(row, case, needs_the_centre(case, row.kind, None))
    events = queries.history(case)
    policy = resolve_policy(case, events, now)
    centre = needs_the_centre(case, row.kind, policy)
    calendar = policies.calendar()
    clock = fold(events, calendar).latest(Clock.RESOLVE_BY)
    if clock is None or policy is None:
        return Asked(row, case, centre)
    late = now > clock.due_at
    longer = lengthened(clock, row.amount or 0, calendar)
    void = "办结期限已经届满，法定期限不能再延；只能不同意。" if late and is_strict(case, policy) else ""
    return Asked(
        row,
        case,
        centre,
        limit=f"{clock.amount} {UNITS.get(clock.unit, '')}",
        used=used_of(case),
        most=policy.extension_amount,
        unit=UNITS.get(policy.unit, ""),
        base=policy.legal_base,
        before=until_words(clock.due_at),
        after=until_words(longer.due_at),
        nominal=until_words(longer.nominal_at) if longer.nominal_at != longer.due_at else "",
        tentative=longer.tentative,
        late=late,
        void=void,
    )


def maximum_of(case: Case, now: datetime) -> tuple[LimitPolicy | None, int]:
    """Return the policy of a case's limit and how many extensions it has had; for the form that asks for one."""
    return resolve_policy(case, queries.history(case), now), used_of(case)


def of_case(case: Case, requests: Sequence[HandlerRequest]) -> list[HandlerRequest]:
    """Return the requests that a case page tells, the newest first; those withdrawn too."""
    return sorted(requests, key=lambda row: row.requested_at, reverse=True)
