"""Reading whistles: who sees which, what lies on a desk. Counted for what waits, never to compare anybody."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.choices import Role, UnitKind
from accounts.queries import Actor, PostView
from cases import choices as c
from cases.choices import WhistleStage as Stage
from cases.models import Case, Whistle, WhistleCall
from cases.querysets import below
from cases.standing import OFFICER_ROLES
from governance_portal.lib.errors import NotYours

NEVER = Q(pk__in=())
OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
#: Of them, who assess both sides (北京市接诉即办工作条例 §33) and read how they rated each other.
ASSESSORS = (Role.SUPERVISOR, Role.LEADER)
NOT_HERE = "吹哨报到由乡镇街道、被呼叫的部门和分流、督办、领导查看，您没有这些岗位。"
TABS = (("mine", "待我处理"), ("late", "已超期"), ("open", "正在处置"), ("all", "全部"))
#: At work for the department that was called.
UNDER_WAY = (Stage.ARRIVED, Stage.HANDLING)
WAITING = (Stage.CALLED, *UNDER_WAY)


def works_for(post: PostView, unit_id: int) -> bool:
    """Tell whether somebody in this post acts for a unit: its officers and leads, and a street's dispatchers."""
    of_unit = post.unit_id == unit_id
    return of_unit and (
        post.role in OFFICER_ROLES or post.lead or (post.role == Role.DISPATCHER and post.unit_kind == UnitKind.STREET)
    )


def acts_for(actor: Actor, unit_id: int) -> bool:
    """Tell whether any post of somebody acts for the unit."""
    return any(works_for(post, unit_id) for post in actor.posts)


def visible_to(actor: Actor, now: datetime) -> QuerySet[Whistle]:
    """Return the whistles somebody may read: of their unit on either side, and those of their area for who oversees it.

    One about a case is hidden from the unit that the case complains about, whoever was called (workflow.md rule 4).
    """
    scope = NEVER
    for post in actor.posts:
        if works_for(post, post.unit_id):
            called = WhistleCall.objects.filter(whistle_id=OuterRef("pk"), unit_id=post.unit_id)
            scope |= Q(unit_id=post.unit_id) | Q(Exists(called))
        if post.role in OVERSEERS and post.area_code:
            scope |= below("area_code", post.area_code)
    hidden = Case.objects.filter(_about(actor)).values("pk")
    return Whistle.objects.filter(scope).exclude(case_id__isnull=False, case_id__in=hidden)


def _about(actor: Actor) -> Q:
    about = Q(nature=c.Nature.CONDUCT, complained_unit_id__in=actor.unit_ids)
    for post in actor.posts:
        above = [int(pk) for pk in post.unit_path.strip("/").split("/") if pk]
        about |= Q(nature=c.Nature.REPORT, complained_unit_id__in=above)
    return about


def of_tab(actor: Actor, tab: str, now: datetime) -> QuerySet[Whistle]:
    """Return the whistles of one of `TABS` that somebody sees; every one for a code that is none."""
    seen = visible_to(actor, now)
    if tab == "mine":
        return seen.filter(mine(actor))
    if tab == "late":
        return seen.filter(late(now))
    return seen.filter(calls__stage__in=WAITING).distinct() if tab == "open" else seen


def sees_rates(actor: Actor, whistle: Whistle, unit_id: int) -> bool:
    """Tell whether somebody reads how the street and this department rated each other: the two, and who assesses them.

    Another department that was called to the same spot, and who only dispatches, do not.
    """
    if acts_for(actor, whistle.unit_id) or acts_for(actor, unit_id):
        return True
    return any(post.role in ASSESSORS and post.covers(whistle.area_code) for post in actor.posts)


def whole(whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
    """Join what a page of whistles names: two statements whatever its length."""
    calls = Prefetch("calls", queryset=WhistleCall.objects.select_related("unit"))
    return whistles.select_related("unit", "called_by", "case").prefetch_related(calls)


def find(actor: Actor, pk: int, now: datetime) -> Whistle:
    """Return one whistle with its calls; NotYours (404) when it is not this person's to see."""
    found = whole(visible_to(actor, now)).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def of_call(actor: Actor, call_id: int, now: datetime) -> Whistle:
    """Return the whistle that a department's part belongs to; NotYours (404) when it is not this person's to see."""
    found = visible_to(actor, now).filter(calls=call_id).first()
    if found is None:
        raise NotYours()
    return found


def mine(actor: Actor) -> Q:
    """The condition "something here waits for me": to come or finish, to confirm who came, to rate."""
    units = [post.unit_id for post in actor.posts if works_for(post, post.unit_id)]
    if not units:
        return NEVER
    calls = WhistleCall.objects.filter(whistle_id=OuterRef("pk"))
    to_work = calls.filter(unit_id__in=units, stage__in=WAITING)
    to_rate_street = calls.filter(unit_id__in=units, stage=Stage.FINISHED, unit_score__isnull=True)
    waits_for_street = calls.filter(Q(stage=Stage.CALLED) | Q(stage=Stage.FINISHED, street_score__isnull=True))
    return Q(Exists(to_work)) | Q(Exists(to_rate_street)) | Q(Q(unit_id__in=units), Exists(waits_for_street))


def late(now: datetime) -> Q:
    """Somebody has not come, or not finished, by the date."""
    calls = WhistleCall.objects.filter(whistle_id=OuterRef("pk"))
    return Q(Q(arrive_by__lt=now), Exists(calls.filter(stage=Stage.CALLED))) | Q(
        Q(finish_by__lt=now), Exists(calls.filter(stage__in=UNDER_WAY))
    )


def waiting_count(actor: Actor, now: datetime) -> int:
    """How many whistles wait for this person; one statement, none for who can have none."""
    condition = mine(actor)
    return 0 if condition == NEVER else visible_to(actor, now).filter(condition).count()


def works_here(actor: Actor) -> bool:
    """Tell whether whistles concern these posts at all."""
    return any(works_for(post, post.unit_id) or post.role in OVERSEERS for post in actor.posts)


def calls_or_comes(actor: Actor) -> bool:
    """Tell whether these posts whistle or are called, so that it is a line of their rail: dispatchers, leads, a street's."""
    return any(
        post.role == Role.DISPATCHER
        or (post.lead and works_for(post, post.unit_id))
        or post.unit_kind == UnitKind.STREET
        for post in actor.posts
    )
