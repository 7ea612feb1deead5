"""Reading the ledger of wishes and the councils: by the community and its street, by who has something to do, by everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Post, Unit
from accounts.queries import Actor
from cases.caring.posts import COMMUNITY_DIGITS, NEAR, NEVER, overseeing, within, working
from cases.choices import Status
from cases.councils.choices import TopicStage, WishState
from cases.models import Case, CouncilDecision, CouncilMeeting, CouncilTopic, TopicWord, Wish
from cases.queries import public_status
from cases.standing import OFFICER_ROLES
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import day_of

OPEN = (WishState.OPEN, WishState.DOING)
#: A choice without choices would take any code.
NOTHING = (("", "没有可以选的"),)
ELSEWHERE = {Status.MERGED: "与同类事项合并办理", Status.DECLINED: "由其他机关办理"}
NO_POST = "民心台账和议事由社区（村）、街道的工作人员办理，区里的领导和督办员查看，您没有这些岗位。"


def may_enter(actor: Actor) -> bool:
    """Tell whether the pages of wishes and councils are for this person."""
    return bool(working(actor) or overseeing(actor))


# --- wishes -------------------------------------------------------------------------------------------------------


def wishes_of(actor: Actor) -> QuerySet[Wish]:
    """The wishes somebody reads: of the communities they work in or oversee, and those that are theirs to do."""
    scope = within(working(actor)) | within(overseeing(actor))
    if actor.user_id is not None:
        scope |= Q(owner_id=actor.user_id, unit_id__in=actor.unit_ids)
    return Wish.objects.filter(scope).select_related("unit", "owner", "case", "case__lead_unit", "case__master")


def find_wish(actor: Actor, pk: int) -> Wish:
    """Return one of them; NotYours (404) otherwise."""
    found = wishes_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def of_tab(actor: Actor, tab: str, today: date) -> QuerySet[Wish]:
    """Return the wishes of a tab: mine (to do), late, open, done, all."""
    rows = wishes_of(actor)
    if tab == "mine":
        mine = Q(owner_id=actor.user_id) | Q(owner__isnull=True, unit_id__in=actor.unit_ids)
        return rows.filter(mine, state__in=OPEN)
    if tab == "late":
        return rows.filter(state__in=OPEN, due_on__lt=today)
    if tab == "done":
        return rows.exclude(state__in=OPEN).order_by("-ended_on", "-id")
    return rows.filter(state__in=OPEN) if tab == "open" else rows


def published() -> QuerySet[Wish]:
    """What everybody reads: wishes that who voiced them and the community's lead agreed to show."""
    return Wish.objects.filter(published_on__isnull=False).select_related(
        "unit", "case", "case__lead_unit", "case__master"
    )


def public_communities() -> list[tuple[str, int]]:
    """The communities with published wishes and how many; one statement."""
    rows = published().select_related(None).order_by().values("area_code").annotate(count=Count("pk"))
    return [(row["area_code"], row["count"]) for row in rows.order_by("area_code")]


def state_words(wish: Wish, today: date) -> str:
    """How far a wish is, as residents read it."""
    if wish.state in OPEN and wish.case is not None:
        return f"已转办：{_words_of(wish.case)}"
    if wish.state in OPEN and wish.due_on < today:
        return "已过说好的日子，还在办"
    return WishState(wish.state).label


def _words_of(case: Case) -> str:
    """How far a matter is, for everybody: what its own resident reads, without the number of somebody else's matter."""
    return ELSEWHERE.get(Status(case.status)) or public_status(case)


# --- who can be asked to do something -----------------------------------------------------------------------------


def units_for(area_code: str) -> list[Unit]:
    """The units that a community itself gives something to do: its own and its street's. Departments get it as a case."""
    return list(
        Unit.objects.filter(active=True, kind__in=NEAR, area_code__in=(area_code, area_code[:9])).order_by(
            "kind", "code"
        )
    )


def owners_for(area_code: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Who can answer for a wish: `(unit, 单位)` and `(unit/log-in, 单位 · 姓名)` of those who have the ledger; two statements."""
    units = units_for(area_code)
    posts = Post.objects.in_force(day_of(now)).filter(unit__in=units, user__is_active=True)
    posts = posts.filter(Q(role__in=OFFICER_ROLES) | Q(lead=True))
    people: dict[int, list[tuple[str, str]]] = {}
    rows = posts.order_by("user__username").values_list("unit_id", "user__username", "user__name").distinct()
    for unit_id, login, name in rows:
        people.setdefault(unit_id, []).append((login, name))
    found: dict[str, str] = {}
    for unit in units:
        found[unit.code] = unit.name
        found |= {f"{unit.code}/{login}": f"{unit.name} · {name}" for login, name in people.get(unit.pk, ())}
    return tuple(found.items()) or NOTHING


# --- councils -----------------------------------------------------------------------------------------------------


def topics_of(actor: Actor) -> QuerySet[CouncilTopic]:
    """The topics somebody reads, the newest first, each with where it is."""
    scope = within(working(actor)) | within(overseeing(actor))
    said_in_grid = TopicWord.objects.filter(topic=OuterRef("pk"), stage=TopicStage.GRID)
    decided = CouncilDecision.objects.filter(topic=OuterRef("pk"), meeting__signed_on__isnull=False)
    rows = CouncilTopic.objects.filter(scope).annotate(in_grid=Exists(said_in_grid), decided=Exists(decided))
    return rows.select_related("meeting", "wish")


def stage_of(topic: Any) -> str:
    """居民议事 → 网格议事 → 会议定事 → 联动办事, read off what there is of a topic (of `topics_of`)."""
    if topic.decided:
        return str(TopicStage.JOINT)
    if topic.meeting_id is not None:
        return str(TopicStage.MEETING)
    return str(TopicStage.GRID if topic.in_grid else TopicStage.RESIDENTS)


def find_topic(actor: Actor, pk: int) -> Any:
    """Return one of them; NotYours (404) otherwise."""
    found = topics_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def meetings_of(actor: Actor) -> QuerySet[CouncilMeeting]:
    """The meetings somebody reads, the newest first."""
    scope = within(working(actor)) | within(overseeing(actor))
    return CouncilMeeting.objects.filter(scope).select_related("made_by", "signed_by")


def find_meeting(actor: Actor, pk: int) -> CouncilMeeting:
    """Return one of them; NotYours (404) otherwise."""
    found = meetings_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def find_decision(actor: Actor, pk: int) -> CouncilDecision:
    """Return a decision of a meeting that somebody reads; NotYours (404) otherwise."""
    rows = CouncilDecision.objects.select_related("meeting", "unit", "case", "case__lead_unit", "case__master")
    found = rows.filter(pk=pk, meeting__in=meetings_of(actor).select_related(None)).first()
    if found is None:
        raise NotYours()
    return found


@dataclass(frozen=True)
class DecisionRow:
    """A decision with how far it is; its case is named only to who may open it."""

    decision: CouncilDecision
    words: str
    case: Case | None
    late: bool

    @property
    def done_key(self) -> str:
        """The name of its form on the page."""
        return f"done-{self.decision.pk}"


def decision_rows(decisions: Iterable[CouncilDecision], actor: Actor, now: datetime) -> list[DecisionRow]:
    """Return the rows of a page; one statement for the cases somebody may open."""
    decisions, today = list(decisions), day_of(now)
    ids = {one.case_id for one in decisions if one.case_id}
    seen = set(Case.objects.visible_to(actor, now).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [
        DecisionRow(
            one,
            how_far(one),
            one.case if one.case_id in seen else None,
            one.done_on is None and one.due_on < today and (one.case is None or one.case.is_open),
        )
        for one in decisions
    ]


def how_far(decision: CouncilDecision) -> str:
    """How far a decision is, in words that name nobody."""
    if decision.done_on is not None:
        return "已办成"
    if decision.case is not None:
        return f"已登记为事项：{_words_of(decision.case)}"
    return "待办"


def decisions_to_do(actor: Actor) -> QuerySet[CouncilDecision]:
    """Decisions of signed meetings that are neither done nor a case, the nearest first."""
    rows = CouncilDecision.objects.filter(
        meeting__in=meetings_of(actor).select_related(None), meeting__signed_on__isnull=False
    )
    return (
        rows.filter(done_on__isnull=True)
        .select_related("meeting", "unit", "case", "case__lead_unit", "case__master")
        .order_by("due_on")
    )


def community_condition(code: str) -> Q:
    """The condition "of this community"; never for a code that is none."""
    return Q(area_code=code) if code.isascii() and code.isdigit() and len(code) == COMMUNITY_DIGITS else NEVER
