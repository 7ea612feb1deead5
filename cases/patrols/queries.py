"""Who plans patrols, who reads them, whose task it is today; no figures per person anywhere (facts §6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.choices import ADMIN_ROLES, Role, UnitKind
from accounts.queries import Actor, PostView, prefixes
from cases.models import Case, PatrolFinding, PatrolHandOver, PatrolPlan, PatrolTask
from cases.patrols import choices as c
from cases.querysets import below
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import day_of
from grids.choices import DutyKind
from grids.models import Duty
from grids.queries import chain_of

NEVER = Q(pk__in=())
WEEK = timedelta(days=7)
#: Who does patrols in a grid; the heads of a grid stand in where nobody of the plan's duty is there.
ON_THE_GROUND = (Role.GRID_WORKER, Role.VOLUNTEER)
OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
NEAR = (UnitKind.STREET, UnitKind.COMMUNITY)
NOT_HERE = "排查由网格员、红袖章、民调员填报，由中心、乡镇街道和社区查看，您没有这些岗位。"


def plans(post: PostView) -> bool:
    """Tell whether a post plans patrols in its area.

    The district's are planned by whoever orders work for the whole district: the centre's lead, its supervisors (专项 are
    supervised) and its dispatchers. A street plans for itself as it whistles for itself: its lead and its dispatchers.
    Departments and communities do not: they ask the street, so that a grid has one plan and not five (facts §3.7).
    """
    if not post.area_code:
        return False
    if post.unit_kind == UnitKind.STREET:
        return post.lead or post.role == Role.DISPATCHER
    return post.leads_centre or (post.unit_kind == UnitKind.CENTRE and post.role in (Role.SUPERVISOR, Role.DISPATCHER))


def reads(post: PostView) -> bool:
    """Tell whether a post reads the patrols of its area: planners, overseers, and the offices of street and community."""
    if not post.area_code or post.role in ADMIN_ROLES or post.role in ON_THE_GROUND:
        return False
    return plans(post) or post.role in OVERSEERS or post.unit_kind in NEAR


def planning_post(actor: Actor, area_code: str = "") -> PostView | None:
    """Return the post somebody plans with: one that covers the area ("" for any), the widest first."""
    fitting = [post for post in actor.posts if plans(post) and (not area_code or post.covers(area_code))]
    return min(fitting, key=lambda post: len(post.area_code), default=None)


def reading_posts(actor: Actor) -> list[PostView]:
    """Return the posts of somebody that read patrols."""
    return [post for post in actor.posts if reads(post)]


def may_enter(actor: Actor) -> bool:
    """Tell whether patrols are a line of somebody's rail; asks the database nothing."""
    return bool(reading_posts(actor)) or actor.has(*ON_THE_GROUND)


def plans_seen(actor: Actor) -> QuerySet[PatrolPlan]:
    """Return the plans of the areas somebody reads, and those of wider areas that reach into them."""
    scope = NEVER
    for post in reading_posts(actor):
        scope |= below("area_code", post.area_code) | Q(area_code__in=prefixes(post.area_code))
    return PatrolPlan.objects.filter(scope)


def find_plan(actor: Actor, pk: int) -> PatrolPlan:
    """Return one of them; NotYours (404) otherwise."""
    found = plans_seen(actor).select_related("made_by", "closing", "followed_by").filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def may_change(actor: Actor, plan: PatrolPlan) -> bool:
    """Tell whether somebody plans where this plan holds."""
    return planning_post(actor, plan.area_code) is not None


def tasks_read(actor: Actor) -> QuerySet[PatrolTask]:
    """Return the tasks of the areas somebody reads by post."""
    scope = NEVER
    for post in reading_posts(actor):
        scope |= below("grid__code", post.area_code)
    return PatrolTask.objects.filter(scope)


def tasks_seen(actor: Actor) -> QuerySet[PatrolTask]:
    """Return those, and the tasks of the grids that somebody serves while they are open: whoever had the duty or gets it.

    A campaign is open until a person closes it, also after its date.
    """
    served = Duty.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("opens_on")),
        user_id=actor.user_id or 0,
        grid_id=OuterRef("grid_id"),
    ).exclude(ends_on=F("starts_on"))
    unclosed = Q(plan__kind=c.PatrolKind.CAMPAIGN, plan__closing__isnull=True)
    mine = Q(Exists(served.filter(starts_on__lte=OuterRef("day")))) | unclosed & Q(Exists(served))
    mine = mine if actor.has(*ON_THE_GROUND) else NEVER
    scope = NEVER
    for post in reading_posts(actor):
        scope |= below("grid__code", post.area_code)
    return PatrolTask.objects.filter(scope | mine)


def find_task(actor: Actor, pk: int) -> PatrolTask:
    """Return one task with its plan and grid; NotYours (404) otherwise."""
    found = tasks_seen(actor).select_related("plan", "plan__closing", "grid", "done_by").filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def acting_day(task: PatrolTask, today: date) -> date:
    """Return the day whose duty counts: the task's own, once it has passed (a report from a phone may arrive later)."""
    return task.day if today > task.day and not task.plan.is_campaign else today


def is_on_duty(actor: Actor, task: PatrolTask, today: date) -> bool:
    """Tell whether the task is this person's: of the plan's duty in the grid, or its head where nobody else is."""
    duties = Duty.objects.on(acting_day(task, today)).filter(grid_id=task.grid_id, user__is_active=True)
    there = list(duties.filter(kind__in=(task.plan.duty_kind, DutyKind.GRID_HEAD)).values_list("user_id", "kind"))
    proper = {user for user, kind in there if kind == task.plan.duty_kind}
    if actor.user_id in proper:
        return True
    return not proper and actor.user_id in {user for user, _kind in there}


def staffed(day: date) -> Q:
    """The condition "somebody of the plan's duty is in the grid on that day", for tasks."""
    duties = Duty.objects.on(day).filter(
        grid_id=OuterRef("grid_id"), kind=OuterRef("plan__duty_kind"), user__is_active=True
    )
    return Q(Exists(duties))


def current(day: date) -> Q:
    """The condition "may be worked on that day": open by then, its day not over, its campaign not closed."""
    return Q(opens_on__lte=day, day__gte=day) | Q(
        opens_on__lte=day, plan__kind=c.PatrolKind.CAMPAIGN, plan__closing__isnull=True, state=c.PatrolState.OPEN
    )


@dataclass(frozen=True)
class TaskRow:
    """One task as the phone's 今天 shows it. `place` is the grid; `state` a code of PatrolState."""

    id: int
    url: str
    title: str
    kind: str
    place: str
    day: date
    state: str
    state_label: str
    points_due: int
    points_seen: int


def tasks_for(actor: Actor, day: date) -> list[TaskRow]:
    """Return what somebody has to patrol on that day, open ones first; two statements, none for who is on no ground.

    The tasks of the grids where they have the plan's duty on that day; a grid's head has those where nobody has it.
    """
    if actor.user_id is None or not actor.has(*ON_THE_GROUND):
        return []
    duties = Duty.objects.on(day).filter(user_id=actor.user_id, grid_id=OuterRef("grid_id"))
    own = Q(Exists(duties.filter(kind=OuterRef("plan__duty_kind"))))
    stands_in = Q(Exists(duties.filter(kind=DutyKind.GRID_HEAD))) & ~staffed(day)
    rows = PatrolTask.objects.filter(current(day)).filter(own | stands_in).select_related("plan", "grid")
    ordered = sorted(rows, key=lambda task: (task.state != c.PatrolState.OPEN, task.day, task.grid.code, task.pk))
    return [row_of(task) for task in ordered]


def row_of(task: PatrolTask) -> TaskRow:
    """Return a task with its plan and grid joined as a line of today."""
    return TaskRow(
        id=task.pk,
        url=reverse("patrols:task", args=[task.pk]),
        title=task.plan.name,
        kind=task.plan.get_kind_display(),
        place=task.grid.name,
        day=task.day,
        state=task.state,
        state_label=task.get_state_display(),
        points_due=task.points_due,
        points_seen=task.points_seen,
    )


def hand_overs_of(task: PatrolTask) -> list[PatrolHandOver]:
    """Return the hand-overs of the task's grid and duty that concern it: in the month before its day."""
    since = date.fromordinal(task.opens_on.toordinal() - 31)
    rows = PatrolHandOver.objects.filter(grid_id=task.grid_id, duty_kind=task.plan.duty_kind)
    return list(rows.filter(on__gte=since, on__lte=task.day).select_related("from_user", "to_user")[:5])


def to_hand_over(actor: Actor, today: date) -> list[PatrolHandOver]:
    """Return the hand-overs that somebody still has to write words for: from a week before to a week after the day."""
    if actor.user_id is None or not actor.has(*ON_THE_GROUND):
        return []
    rows = PatrolHandOver.objects.filter(from_user_id=actor.user_id, on__gte=today - WEEK).order_by("on", "pk")
    return list(rows.select_related("grid", "to_user")[:20])


def cases_of(task: PatrolTask, actor: Actor, now: datetime) -> list[tuple[PatrolFinding, bool]]:
    """Return what the task opened, each with whether this person may open it."""
    findings = list(task.findings.select_related("case", "point"))
    if not findings:
        return []
    seen = set(
        Case.objects.visible_to(actor, now)
        .filter(pk__in=[one.case_id for one in findings])
        .values_list("pk", flat=True)
    )
    return [(one, one.case_id in seen) for one in findings]


def finding_of(case: Case) -> PatrolFinding | None:
    """Return from which patrol a case came, for its page; one statement."""
    return PatrolFinding.objects.select_related("task", "task__plan", "task__grid", "point").filter(case=case).first()


def shown(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the case's page says of the patrol that found it; two statements, none for a case nobody found so."""
    if not getattr(case, "has_patrol", True):
        return {}
    found = finding_of(case)
    opens = found is not None and may_enter(actor) and tasks_seen(actor).filter(pk=found.task_id).exists()
    return {"found": found, "found_opens": opens}


def where(grid_code: str) -> str:
    """Return street and community of a grid as words."""
    return " ".join(name for code, name in chain_of(grid_code) if len(code) in (9, 12))


def areas_of(actor: Actor) -> Iterable[str]:
    """Return the widest areas somebody reads."""
    return sorted({post.area_code for post in reading_posts(actor)}, key=len)


today_of = day_of
