"""The desk of a person: the cases where somebody with their posts is expected to act now (待我处理).

One row per role, read from workflow.md "Moves": whose turn it is in which status. A person's desk is the union over
their posts, inside what they may see; who may really press a button is decided by the table when they open the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Count, F, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Regex

from accounts.choices import ADMIN_ROLES, Role, UnitKind
from accounts.queries import Actor, PostView
from cases import choices as c
from cases.choices import Status
from cases.models import Case, HandlerRequest
from cases.querysets import CaseQuerySet, below
from cases.standing import OFFICER_ROLES

NEVER = Q(pk__in=())
GRAVE = (c.Level.SERIOUS, c.Level.URGENT)
IN_HAND = (Status.HANDLING, Status.SUSPENDED)


def not_handled_by(user_id: int | None) -> Q:
    """Leave out what this person handled (rule 5). The ids are a short JSON list; SQLite cannot ask it for a member."""
    return ~Q(Regex(Cast("handled_by", TextField()), rf"[\[ ]{user_id}[,\]]"))


def _registering(post: PostView, _actor: Actor) -> Q:
    return Q(status__in=(Status.REGISTERED, Status.INCOMPLETE)) & below("desk_area", post.area_code)


def _dispatching(post: PostView, _actor: Actor) -> Q:
    waiting = (Status.ACCEPTED, Status.RETURNED, Status.CONSULTING)
    return Q(status__in=waiting) & below("desk_area", post.area_code)


def _checking(post: PostView, actor: Actor) -> Q:
    own = Q(kind=c.Kind.HAZARD, registered_by_id=actor.user_id)  # who found a hazard does not verify it
    return Q(status=Status.SUPERVISION) & below("desk_area", post.area_code) & not_handled_by(actor.user_id) & ~own


def _calling_back(post: PostView, actor: Actor) -> Q:
    return Q(status=Status.FOLLOW_UP) & below("desk_area", post.area_code) & not_handled_by(actor.user_id)


def _handling(post: PostView, actor: Actor) -> Q:
    return Q(status=Status.DISPATCHED, lead_unit_id=post.unit_id) | Q(
        status__in=IN_HAND, lead_unit_id=post.unit_id, handler_id=actor.user_id
    )


def _patrolling(post: PostView, actor: Actor) -> Q:
    own = Q(desk_area=F("grid_code")) & ~Q(grid_code="")  # at the grid's own desk; which grids, the reading door says
    return _handling(post, actor) | Q(status__in=(Status.REGISTERED, Status.ACCEPTED)) & own


DESKS: Mapping[str, Callable[[PostView, Actor], Q]] = {
    Role.CLERK: _registering,
    Role.OPERATOR: _registering,
    Role.DISPATCHER: _dispatching,
    Role.SUPERVISOR: _checking,
    Role.FOLLOW_UP_OFFICER: _calling_back,
    Role.HANDLER: _handling,
    Role.MEDIATOR: _handling,
    Role.GRID_WORKER: _patrolling,
}


def turn_of(actor: Actor) -> Q:
    """Return the condition "it is this person's turn"; a unit's lead also has what nobody has signed for yet."""
    expected = NEVER
    for post in actor.posts:
        desk = DESKS.get(post.role)
        if desk is not None and (post.area_code or post.role in OFFICER_ROLES):
            expected |= desk(post, actor)
        if post.lead:
            expected |= Q(status=Status.DISPATCHED, lead_unit_id=post.unit_id) | _asked_to_decide(post)
    return expected


def _asked_to_decide(post: PostView) -> Q:
    """A request (延期, 暂停, 签发) waits for this lead; the first two wait for the centre's when the matter is serious."""
    asked = HandlerRequest.objects.filter(decided_at__isnull=True)
    others = Q(pk__in=asked.exclude(kind=c.RequestKind.SIGN_OFF).values("case_id"))
    if post.unit_kind == UnitKind.CENTRE and post.area_code:
        return Q(status=Status.HANDLING, level__in=GRAVE) & others & below("desk_area", post.area_code)
    to_sign = Q(pk__in=asked.filter(kind=c.RequestKind.SIGN_OFF).values("case_id"))
    return Q(status=Status.HANDLING, lead_unit_id=post.unit_id) & (to_sign | others & ~Q(level__in=GRAVE))


def desk_of(actor: Actor, now: datetime) -> CaseQuerySet:
    """Return the cases that wait for this person, unordered."""
    return Case.objects.visible_to(actor, now).filter(turn_of(actor))


def has_cases(actor: Actor) -> bool:
    """Tell whether this person works with cases at all (the three administrators do not)."""
    return any(post.role not in ADMIN_ROLES for post in actor.posts)


def late_now(now: datetime) -> Q:
    """The resident's clock has run out (as `CaseQuerySet.overdue`)."""
    return Q(due_running=True, due_at__lt=now)


def soon_late(now: datetime) -> Q:
    """即将超时 (as `CaseQuerySet.due_soon`)."""
    return Q(due_running=True, due_at__gte=now, due_warn_at__lte=now)


def sent_back() -> Q:
    """What came back and was not taken further: handed back by a unit, to be handled again after check or follow-up."""
    return ~Q(came_back="")


def counts_of(actor: Actor, now: datetime) -> dict[str, int]:
    """Return `{mine, soon, overdue, returned}` of a person's open cases; one query."""
    return (
        Case.objects.visible_to(actor, now)
        .order_by()
        .filter(status__in=c.OPEN)
        .aggregate(
            mine=Count("pk", filter=turn_of(actor)),
            soon=Count("pk", filter=soon_late(now)),
            overdue=Count("pk", filter=late_now(now)),
            returned=Count("pk", filter=sent_back()),
        )
    )
