"""Reading plans and visits: lists of the community's and street's people, counts for the district, what is due on a phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse

from accounts.queries import Actor
from cases.caring.choices import Found, VisitorRole
from cases.caring.posts import COMMUNITY_DIGITS, NEVER, overseeing, serves_in, within, working, works_in
from cases.caring.rota import ORDER, next_role
from cases.models import CarePlan, CareVisit, CareVisitor
from governance_portal.lib.errors import NotYours
from governance_portal.lib.masking import mask_name
from grids.choices import Level
from grids.models import Area
from grids.queries import names_of

#: What is due within so many days is shown beforehand.
SOON = timedelta(days=7)
MOST_DUE = 50
NO_POST = "探访由社区（村）和街道的网格员、工作人员办理，您没有这些岗位。"


def may_enter(actor: Actor) -> bool:
    """Tell whether the pages of visits are for this person: who works there, and who reads the counts."""
    return bool(working(actor) or overseeing(actor))


def standing() -> QuerySet[CarePlan]:
    """Every plan in force."""
    return CarePlan.objects.filter(ended_on__isnull=True)


def plans_of(actor: Actor) -> QuerySet[CarePlan]:
    """The plans in force of the communities that somebody works in; none that ended is in any list."""
    return standing().filter(within(working(actor)))


def find_plan(actor: Actor, uid: str) -> CarePlan:
    """Return one plan in force that somebody works with, or whose next turn is theirs; NotYours (404) otherwise."""
    plan = standing().filter(uid=uid).first()
    if plan is None or not (works_in(actor, plan.area_code) or turn_is_of(actor, plan)):
        raise NotYours()
    return plan


def turn_is_of(actor: Actor, plan: CarePlan) -> bool:
    """Tell whether it is this person's turn to visit: a visitor with an account and no post there, say a 栋长."""
    if (
        actor.user_id is None
        or not serves_in(actor, plan.area_code)
        or not CareVisitor.objects.filter(user_id=actor.user_id, area_code=plan.area_code).exists()
    ):
        return False
    persons = visitors_of([plan.area_code]).get(plan.area_code, {})
    mine = persons.get(turn_of(plan, persons))
    return mine is not None and mine.user_id == actor.user_id


def visitors_of(areas: Iterable[str]) -> dict[str, dict[str, CareVisitor]]:
    """Return who visits, by community and role; one statement."""
    found: dict[str, dict[str, CareVisitor]] = {}
    for row in CareVisitor.objects.filter(area_code__in=set(areas)):
        found.setdefault(row.area_code, {})[row.role] = row
    return found


def turn_of(plan: CarePlan, persons: Mapping[str, CareVisitor]) -> str:
    """The role whose turn it is."""
    return next_role(plan.last_role, persons, plan.pk % len(ORDER))


@dataclass(frozen=True)
class PlanRow:
    """A plan as a list shows it: masked, whose turn, by when."""

    plan: CarePlan
    name: str
    area: str
    role: str
    who: str
    late_days: int


def rows_of(plans: Iterable[CarePlan], today: date) -> list[PlanRow]:
    """Return the rows of a list; one statement for the visitors."""
    plans = list(plans)
    persons = visitors_of(plan.area_code for plan in plans)
    names = names_of({plan.area_code for plan in plans})
    rows = []
    for plan in plans:
        there = persons.get(plan.area_code, {})
        role = turn_of(plan, there)
        late = max((today - plan.next_on).days, 0) if plan.next_on else 0
        rows.append(
            PlanRow(
                plan,
                mask_name((plan.contact or {}).get("name", "")),
                names.get(plan.area_code, ""),
                VisitorRole(role).label if role else "",
                there[role].name if role else "",
                late,
            )
        )
    return rows


def due(plans: QuerySet[CarePlan], today: date) -> QuerySet[CarePlan]:
    """Those to visit today or within a week, the latest first."""
    return plans.filter(next_on__lte=today + SOON)


def overdue(plans: QuerySet[CarePlan], today: date) -> QuerySet[CarePlan]:
    """Those whose day is over."""
    return plans.filter(next_on__lt=today)


def to_go_on_with(actor: Actor) -> QuerySet[CareVisit]:
    """Visits that found somebody in need, of which nothing was made yet: no case, no referral."""
    plans = plans_of(actor)
    found = CareVisit.objects.filter(plan__in=plans, found__in=(Found.HELP, Found.REFER), case__isnull=True)
    return found.filter(helps__isnull=True, settled=False).select_related("plan").order_by("day", "id")


def visits_due_for(actor: Actor, day: date) -> list[dict[str, Any]]:
    """Return what is due on a day for somebody's phone: `[{url, title, day, overdue}]`, masked, at most `MOST_DUE`.

    Of who works there all that are due; of a visitor who only has a role in the rota those whose turn is theirs.
    At most three statements.
    """
    posts = working(actor)
    scope = within(posts)
    mine: set[str] = set()
    if actor.user_id is not None:
        named = CareVisitor.objects.filter(user_id=actor.user_id).values_list("area_code", flat=True)
        mine = {code for code in named if serves_in(actor, code)}
        scope |= Q(area_code__in=mine)
    if scope == NEVER or not (posts or mine):
        return []
    plans = list(standing().filter(scope, next_on__lte=day).order_by("next_on", "id")[:MOST_DUE])
    persons = visitors_of(plan.area_code for plan in plans) if plans else {}
    rows = []
    for plan in plans:
        there = persons.get(plan.area_code, {})
        turn = there.get(turn_of(plan, there))
        if not works_in(actor, plan.area_code) and (turn is None or turn.user_id != actor.user_id):
            continue
        name = mask_name((plan.contact or {}).get("name", ""))
        rows.append(
            {
                "id": str(plan.uid),
                "url": reverse("caring:plan", args=[plan.uid]),
                "title": f"探访 · {name}",
                "day": plan.next_on,
                "overdue": plan.next_on is not None and plan.next_on < day,
            }
        )
    return rows


@dataclass(frozen=True)
class StreetCount:
    """How many of a street are in a plan, were visited this month, are overdue: numbers and nothing else."""

    code: str
    name: str
    plans: int
    visited: int
    overdue: int


def counts_of(actor: Actor, today: date) -> list[StreetCount]:
    """当月探访 by street for who oversees (facts §5 探访率: 当月已探访 ÷ 应探访); two statements. Nobody can be told from them.

    应探访 is every plan in force; a visit counts for its plan once.
    """
    scope = within(overseeing(actor))
    plans = standing().filter(scope).annotate(street=Substr("area_code", 1, 9)).order_by()
    first = today.replace(day=1)
    made = Q(visits__day__gte=first, visits__day__lte=today)
    rows = plans.values("street").annotate(
        plans=Count("pk", distinct=True),
        visited=Count("pk", filter=made, distinct=True),
        overdue=Count("pk", filter=Q(next_on__lt=today), distinct=True),
    )
    found = sorted(rows, key=lambda row: row["street"])
    names = names_of({row["street"] for row in found})
    return [
        StreetCount(row["street"], names.get(row["street"], ""), row["plans"], row["visited"], row["overdue"])
        for row in found
    ]


def communities_of(actor: Actor) -> list[tuple[str, str]]:
    """The communities in use that somebody works in, by code and name: their own, or those of their street. One statement."""
    scope = NEVER
    for post in working(actor):
        scope |= Q(code__under=post.area_code[:COMMUNITY_DIGITS])
    found = Area.objects.filter(scope, level=Level.COMMUNITY, active=True).order_by("code")
    return list(found.values_list("code", "name"))
