"""Who does and reads what in the assessment.

The centre's supervisors and its lead compute, show, answer and decide; nobody who works with the phone app does
(facts §6.1: 考核 is human-decided; GB12: the app is no vehicle of appraisal). Each reads what concerns them: the centre
everything, a street's or community's lead their grids, somebody on duty their own, leaders the totals of a class.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.choices import Role, UnitKind
from accounts.models import Post
from accounts.queries import Actor
from cases.assessing.choices import Stage
from cases.assessing.quarters import Quarter
from cases.models import AssessmentRound, GridAssessment
from cases.querysets import NEVER, below
from cases.services.ordering import DISTRICT_DIGITS
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.working_days import day_of
from grids.models import Duty, Grid

ON_THE_PHONE = (Role.GRID_WORKER, Role.VOLUNTEER)
ONLY_THE_CENTRE = "网格考核由区综治中心的督办员和负责人办理，不用手机端的人员办理。"
ONLY_THE_LEAD = "考核办法由中心负责人发布。"
NOT_HERE = "网格考核由中心、镇街、社区负责人和网格上的人员查看，您没有这些岗位。"
#: Shown to those concerned, or over.
TOLD = (Stage.SHOWN, Stage.DECIDED, Stage.ARCHIVED)


def oversees(actor: Actor) -> bool:
    """Tell whether somebody runs the assessment: a supervisor of the district or the centre's lead, without a phone post."""
    if actor.has(*ON_THE_PHONE):
        return False
    return any(
        post.leads_centre or (post.role == Role.SUPERVISOR and 0 < len(post.area_code) <= DISTRICT_DIGITS)
        for post in actor.posts
    )


def check_overseer(actor: Actor) -> None:
    """NotYou for who does not run the assessment."""
    if not oversees(actor):
        raise NotYou(ONLY_THE_CENTRE)


def leads_plans(actor: Actor) -> bool:
    """Tell whether somebody publishes plans."""
    return actor.leads_centre and not actor.has(*ON_THE_PHONE)


def reads_totals(actor: Actor) -> bool:
    """Leaders of the district: totals of a class, no single grid."""
    return any(post.role == Role.LEADER and 0 < len(post.area_code) <= DISTRICT_DIGITS for post in actor.posts)


def led_areas(actor: Actor) -> list[str]:
    """The areas whose grids a lead of a street or community reads."""
    return sorted(
        {
            post.area_code
            for post in actor.posts
            if post.area_code
            and (
                (post.lead and post.unit_kind in (UnitKind.STREET, UnitKind.COMMUNITY))
                or (post.role == Role.LEADER and post.unit_kind == UnitKind.STREET)
            )
        }
    )


def served_grids(user_id: int | None, quarter: Quarter) -> list[str]:
    """The grids somebody served on any day of a quarter, in the order of their codes; one statement."""
    duties = Duty.objects.filter(user_id=user_id or 0).overlapping(quarter.first, quarter.next.first)
    return list(duties.order_by("grid__code").values_list("grid__code", flat=True).distinct())


def works_in_grids(actor: Actor) -> bool:
    """Tell whether somebody has a page of their own grids."""
    return actor.has(*ON_THE_PHONE)


def may_enter(actor: Actor) -> bool:
    """Tell whether the list of rounds is anything to somebody."""
    return oversees(actor) or reads_totals(actor) or bool(led_areas(actor))


def own(actor: Actor, quarter: Quarter) -> Q:
    """The condition over `GridAssessment`: grids that somebody reads beside the centre."""
    found = Q()
    for area in led_areas(actor):
        found |= below("grid_code", area)
    if grids := served_grids(actor.user_id, quarter):
        found |= Q(grid_code__in=grids)
    return found or NEVER


def readable(actor: Actor, row: AssessmentRound, quarter: Quarter) -> QuerySet[GridAssessment]:
    """The newest rows of a round that somebody reads, by the code of the grid and in no other order.

    Those concerned read what was shown to them; a draft is the centre's.
    """
    newest = GridAssessment.objects.filter(round=row, corrected__isnull=True).order_by("grid_code")
    if oversees(actor):
        return newest
    return newest.filter(own(actor, quarter)) if row.stage in TOLD else newest.none()


def find_round(actor: Actor, pk: int, now: datetime) -> AssessmentRound:
    """Return a round that this person may open; NotYours otherwise."""
    row = AssessmentRound.objects.select_related("plan", "computed_by", "shown_by", "decided_by").filter(pk=pk).first()
    if row is None or not (oversees(actor) or (row.stage in TOLD and may_enter(actor))):
        raise NotYours()
    return row


def may_appeal(actor: Actor, grid_code: str, quarter: Quarter) -> bool:
    """On duty in the grid in that quarter, or lead of its community."""
    leads = any(
        post.lead and post.unit_kind == UnitKind.COMMUNITY and post.area_code == grid_code[:12] for post in actor.posts
    )
    return leads or grid_code in served_grids(actor.user_id, quarter)


def classes_with_grids() -> set[str]:
    """Which work classes have grids in use; one statement."""
    return set(Grid.objects.active().order_by().values_list("work_class", flat=True).distinct())


def check_decider(actor: Actor, now: datetime) -> None:
    """NotYou for who does not run the assessment, or works with the phone app in any post or duty, chosen now or not."""
    check_overseer(actor)
    today = day_of(now)
    on_the_phone = Post.objects.in_force(today).filter(user_id=actor.user_id or 0, role__in=ON_THE_PHONE).exists()
    if on_the_phone or Duty.objects.on(today).filter(user_id=actor.user_id or 0).exists():
        raise NotYou(ONLY_THE_CENTRE)


def overseers(now: datetime) -> set[int]:
    """Everybody who runs the assessment now: those to whom a quarter is proposed; one statement."""
    posts = Post.objects.in_force(day_of(now)).filter(user__is_active=True)
    phone = posts.filter(role__in=ON_THE_PHONE).values("user_id")
    runs = Q(lead=True, unit__kind=UnitKind.CENTRE) | Q(role=Role.SUPERVISOR, area_code__regex=r"^[0-9]{6}$")
    return set(posts.filter(runs).exclude(user_id__in=phone).values_list("user_id", flat=True))


def concerned(grids: Collection[str], quarter: Quarter, now: datetime) -> set[int]:
    """Whom the figures of these grids concern: who served there in the quarter, the leads of the communities; two statements."""
    communities = {code[:12] for code in grids}
    duties = Duty.objects.filter(user__is_active=True).overlapping(quarter.first, quarter.next.first)
    served = duties.filter(grid__code__in=list(grids)).values_list("user_id", flat=True)
    leads = Post.objects.in_force(day_of(now)).filter(
        lead=True, unit__kind=UnitKind.COMMUNITY, area_code__in=communities, user__is_active=True
    )
    return set(served) | set(leads.values_list("user_id", flat=True))
