"""Who may ask that a matter be left out, of what, until when; who decides; who reads what was asked.

On time: of a matter that counts as late. Rated: of any closed matter, because the handling unit must not learn how a resident
rated (workflow.md "Who sees what"): were only the badly rated ones taken, a refusal would tell. What is granted leaves the
rating out whatever it was, and nothing on the unit's side ever says whether there was one. The decision looks at the
grounds alone.

Decided at the district, because the ranking is one for all units: a supervisor of the district or the centre's lead; of the
centre's own matters a leader of the district. Never the asker, anybody with a post in the asking unit (chosen now or not),
anybody who handled the matter, nor who judged it (checked or sent it back, decided on more time; rated or closed it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.choices import Role, UnitKind
from accounts.models import Deputy, Post
from accounts.queries import Actor, PostView
from accounts.querysets import day_of
from cases import choices as c
from cases.models import Case, Event, RankingExclusion
from cases.querysets import NEVER, below
from cases.ranking.choices import AGAIN_WITHIN, ASK_WITHIN, ATTEMPTS, ExclusionStage, Ranked
from cases.services.door import posts_of
from cases.services.ordering import DISTRICT_DIGITS
from cases.standing import AREA_ROLES, Standing
from governance_portal.lib.errors import NotYou, NotYours

#: Those of the lead unit who act on the matter.
ASKERS = (Standing.LEAD, Standing.IN_CHARGE, Standing.OFFICER, Standing.MEDIATOR)
ONLY_THE_UNIT = "剔除由这件事项的主办单位申请，您不在主办单位的承办、调解或负责岗位上。"
ONLY_THE_CENTRE = "剔除由区级督办员或中心负责人决定；中心主办的事项由区领导决定。"
NOT_HERE = "剔除申请由单位和管一片区域的岗位查看，您没有这些岗位。"
NOTHING = "这件事项没有计为逾期，也还没有办结，现在没有可以剔除的指标。"
_NOT_AGAINST = {
    Ranked.ON_TIME: "这件事项没有计为逾期，不用从按期办结率里剔除。",
    Ranked.SATISFIED: "这件事项还没有办结，办结后才能申请不计入满意率。",
}
_STANDS = {
    ExclusionStage.OPEN: "这件事项的这个指标已有一份申请在等决定，请等结果。",
    ExclusionStage.GRANTED: "这件事项已经从这个指标剔除，不用再申请。",
    ExclusionStage.REVOKED: "这件事项剔除后又恢复计入了，不再受理同一申请。",
}
#: A decision can be made, or taken back.
WAITS = (ExclusionStage.OPEN, ExclusionStage.GRANTED)
#: What of a history judged the figure that is asked about.
JUDGED_BY = {
    Ranked.ON_TIME: ("approve", "send_back", "close_verified", "decide"),
    Ranked.SATISFIED: ("confirm", "redo", "close_unreached", "close_uncalled", "rate"),
}


def judged_at(case: Case, figure: str, now: datetime) -> datetime | None:
    """When a matter was judged in a figure of the ranking; None: it does not count against its unit, nothing to ask for."""
    if case.lead_unit_id is None:
        return None
    if figure == Ranked.SATISFIED:
        return case.closed_at if case.counted == c.Counted.CLOSED else None
    ran_out = case.round == 1 and case.due_running and case.due_at is not None and case.due_at < now
    late = case.on_time is False or (case.on_time is None and ran_out and bool(case.counted))
    return case.judged_at if late else None


def last_day(moment: datetime) -> date:
    """Until when one may ask, that day included; a limit that ended at 24:00 was of the day it ended."""
    return day_of(moment - timedelta(microseconds=1)) + ASK_WITHIN


def again_until(refused: datetime) -> date:
    """Until when one may ask once more after a refusal, that day included."""
    return day_of(refused) + AGAIN_WITHIN


def in_time(moment: datetime, now: datetime) -> bool:
    """Whether one may still ask."""
    return day_of(now) <= last_day(moment)


def asks(case: Case, actor: Actor, now: datetime) -> bool:
    """Whether somebody speaks for the unit that leads the matter."""
    return speaks(frozenset(posts_of(case, actor, now)))


def speaks(standing: frozenset[Standing]) -> bool:
    """The same of a standing."""
    return any(one in standing for one in ASKERS)


def round_of(case: Case, figure: str) -> int:
    """The round that a request is about: the on-time figure judges round 1 only."""
    return case.round if figure == Ranked.SATISFIED else 1


def before(case: Case) -> list[RankingExclusion]:
    """What the unit that leads now has asked for a matter, the first first; one statement."""
    return list(RankingExclusion.objects.filter(case=case, unit=case.lead_unit).order_by("attempt", "pk"))


def of_figure(case: Case, figure: str, rows: Sequence[RankingExclusion]) -> list[RankingExclusion]:
    """Those of one figure, in the round it would be asked about now."""
    return [row for row in rows if row.figure == figure and row.round == round_of(case, figure)]


def why_not_ask(case: Case, figure: str, rows: Sequence[RankingExclusion], now: datetime) -> str:
    """Why a matter cannot be asked to be left out of a figure now, "" when it can; `rows` as of `before`, no statement."""
    moment = judged_at(case, figure, now)
    if moment is None:
        return _NOT_AGAINST[Ranked(figure)]
    earlier = of_figure(case, figure, rows)
    if not earlier:
        return "" if in_time(moment, now) else f"申请剔除的期限到{_day(last_day(moment))}，已经过了。"
    last = earlier[-1]
    if last.stage != ExclusionStage.REFUSED:
        return _STANDS[ExclusionStage(last.stage)]
    if len(earlier) >= ATTEMPTS:
        return "同一件事项、同一指标最多申请两次，两次都没有同意，不再受理。"
    if last.decided_at is None or day_of(now) > again_until(last.decided_at):
        return f"没有同意之后 {AGAIN_WITHIN.days} 天内可以再申请一次，期限已经过了。"
    return ""


def why_nothing(case: Case, rows: Sequence[RankingExclusion], now: datetime) -> str:
    """Why a matter cannot be asked about at all now, "" when it can of one figure at least; no statement."""
    reasons = {figure: why_not_ask(case, figure, rows, now) for figure in Ranked}
    if not all(reasons.values()):
        return ""
    counted = [figure for figure in Ranked if judged_at(case, figure, now)]
    return reasons[counted[0]] if counted else NOTHING


def offered(case: Case, rows: Sequence[RankingExclusion], now: datetime) -> list[Ranked]:
    """Of which figures a matter may be asked to be left out now; no statement."""
    return [figure for figure in Ranked if not why_not_ask(case, figure, rows, now)]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- who decides --------------------------------------------------------------------------------------------------


def _of_the_district(post: PostView) -> bool:
    return 0 < len(post.area_code) <= DISTRICT_DIGITS


def decides(actor: Actor) -> bool:
    """Whether deciding is anything to somebody: a supervisor or leader of the district, or the centre's lead."""
    return any(
        post.leads_centre or (post.role in (Role.SUPERVISOR, Role.LEADER) and _of_the_district(post))
        for post in actor.posts
    )


def _has_the_post(actor: Actor, kind: str) -> bool:
    if kind == UnitKind.CENTRE:
        return any(post.role == Role.LEADER and _of_the_district(post) for post in actor.posts)
    return any(post.leads_centre or (post.role == Role.SUPERVISOR and _of_the_district(post)) for post in actor.posts)


def why_not(actor: Actor, asked: RankingExclusion, now: datetime) -> str:
    """Why somebody may not decide on a request, "" when they may; at most three statements."""
    return _reasons(actor, [asked], now)[asked.pk]


def decidable(actor: Actor, rows: Sequence[RankingExclusion], now: datetime) -> frozenset[int]:
    """The keys of the requests somebody may decide on or take back now; as many statements for a hundred as for one."""
    waiting = [row for row in rows if row.stage in WAITS] if decides(actor) else []
    return frozenset(pk for pk, reason in _reasons(actor, waiting, now).items() if not reason)


def _reasons(actor: Actor, rows: Sequence[RankingExclusion], now: datetime) -> dict[int, str]:
    if not rows:
        return {}
    units = _units_held(actor.user_id, now)
    judged = set(
        Event.objects.filter(
            case_id__in={row.case_id for row in rows}, actor_id=actor.user_id, kind__in=[*chain(*JUDGED_BY.values())]
        ).values_list("case_id", "kind")
    )
    found = {}
    for row in rows:
        found[row.pk] = ""
        if not _has_the_post(actor, row.unit.kind):
            found[row.pk] = ONLY_THE_CENTRE
        elif row.asked_by_id == actor.user_id:
            found[row.pk] = "自己提出的申请由别人决定。"
        elif row.unit_id in units:
            found[row.pk] = "您在申请单位有岗位，由其他督办员或中心负责人决定。"
        elif actor.user_id in row.case.handled_by:
            found[row.pk] = "您经办过这件事项，由其他督办员或中心负责人决定。"
        elif any((row.case_id, kind) in judged for kind in JUDGED_BY[Ranked(row.figure)]):
            found[row.pk] = "这件事项是您审核、核查或回访的，由其他督办员或中心负责人决定。"
    return found


def check_decider(actor: Actor, asked: RankingExclusion, now: datetime) -> None:
    """NotYou for who may not decide on a request."""
    if reason := why_not(actor, asked, now):
        raise NotYou(reason)


def _units_held(user_id: int | None, now: datetime) -> frozenset[int]:
    """The units in which somebody holds a post or stands in for who does, whatever post they chose to work with."""
    day = day_of(now)
    posts = Post.objects.in_force(day)
    acting = Deputy.objects.in_force(day).filter(user_id=user_id).values("post_id")
    return frozenset(posts.filter(Q(user_id=user_id) | Q(pk__in=acting)).values_list("unit_id", flat=True))


def deciding_roles(kind: str) -> tuple[str, ...]:
    """The roles of the district that decide for a unit of this kind, beside the centre's lead."""
    return (Role.LEADER,) if kind == UnitKind.CENTRE else (Role.SUPERVISOR,)


# --- who reads ----------------------------------------------------------------------------------------------------


def may_enter(actor: Actor) -> bool:
    """Whether the list of requests is anything to somebody."""
    return bool(actor.posts) and (actor.has(*AREA_ROLES) or bool(_units_of(actor)))


def _units_of(actor: Actor) -> list[int]:
    roles = (Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER)
    return sorted({post.unit_id for post in actor.posts if post.lead or post.role in roles})


def visible_to(actor: Actor, now: datetime) -> QuerySet[RankingExclusion]:
    """The requests somebody reads: of matters they may see (the one door), of their area or of their own units.

    So nobody reads of a complaint about their own unit, and an assisting unit nothing of what the lead unit asks.
    """
    of_area = NEVER
    for post in actor.posts:
        if post.role in AREA_ROLES and post.area_code:
            of_area |= below("area_code", post.area_code)
    seen = Case.objects.visible_to(actor, now).order_by()
    found = RankingExclusion.objects.filter(case__in=seen.filter(of_area).values("pk"))
    if units := _units_of(actor):
        found |= RankingExclusion.objects.filter(unit_id__in=units, case__in=seen.values("pk"))
    return found


def find(actor: Actor, pk: int, now: datetime) -> RankingExclusion:
    """Return a request somebody may read, with its matter and people; NotYours otherwise."""
    joined = ("case", "case__category", "unit", "asked_by", "decided_by", "revoked_by")
    found = visible_to(actor, now).select_related(*joined).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def district() -> str:
    """The code of the district, whose supervisors decide."""
    return str(settings.PORTAL_DISTRICT)
