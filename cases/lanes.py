"""What lies on a desk: at most four figures and three columns of work for the posts somebody works with.

Everything is a condition over the cases they may see, so a figure, a column and the list behind it agree to the row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from accounts.choices import ADMIN_ROLES, Role
from accounts.queries import Actor
from cases import choices as c
from cases.choices import Channel, Status
from cases.desks import GRAVE, late_now, sent_back, soon_late, turn_of
from cases.hall import visits
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.statistics.figures import HAPPY
from governance_portal.lib.working_days import SHANGHAI

Blank = tuple[str, str]
#: What each role's queue is called, and the statuses it consists of; one line of the rail each.
QUEUES: dict[str, tuple[str, tuple[str, ...]]] = {
    Role.CLERK: ("受理和补正", (Status.REGISTERED, Status.INCOMPLETE)),
    Role.OPERATOR: ("受理和补正", (Status.REGISTERED, Status.INCOMPLETE)),
    Role.DISPATCHER: ("待分流", (Status.ACCEPTED, Status.RETURNED, Status.CONSULTING)),
    Role.HANDLER: ("待办理", (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED)),
    Role.MEDIATOR: ("待调解", (Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED)),
    Role.SUPERVISOR: ("待审核", (Status.SUPERVISION,)),
    Role.FOLLOW_UP_OFFICER: ("待回访", (Status.FOLLOW_UP,)),
    Role.GRID_WORKER: ("待处理", ()),
    Role.LEADER: ("待我处理", ()),
    Role.VOLUNTEER: ("待我处理", ()),
}
STILL_OPEN = [("status", status.value) for status in c.Status if status in c.OPEN]


@dataclass(frozen=True)
class Lane:
    """A column: what it holds, in which order of the list (`cases.worklist.paging`), the links above it, and `query`:
    the one list that is exactly this column in this order, for 下一件 to walk on."""

    code: str
    title: str
    holds: Q
    order: str
    query: str
    blank: Blank
    links: tuple[tuple[str, str], ...] = ()
    by_step: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure above the columns; `code` names its count, `unit` what is counted, `query` its list (a route and more)."""

    code: str
    label: str
    query: str
    tone: str = ""
    unit: str = "件"
    route: str = "cases:list"


@dataclass(frozen=True)
class Queue:
    """One line of the rail: a queue of this person's posts."""

    code: str
    label: str
    query: str
    holds: Q


def role_of(actor: Actor) -> str:
    """The role whose desk this is: that of the only queue, else "" (several posts at once have a common desk)."""
    roles = [post.role for post in actor.posts if post.role not in ADMIN_ROLES]
    return roles[0] if roles and len({QUEUES[role] for role in roles}) == 1 else ""


def queues_of(actor: Actor) -> list[Queue]:
    """The queues of these posts in the order of the posts; a single one is the whole tab 待我处理."""
    found: dict[str, set[str]] = {}
    for post in actor.posts:
        if post.role in QUEUES and (post.role != Role.LEADER or post.lead):  # nothing waits for who only looks on
            label, statuses = QUEUES[post.role]
            found.setdefault(label, set()).update(statuses)
    if len(found) == 1:
        return [Queue("mine", label, listed(tab="mine"), Q()) for label in found]
    return [_queue(label, statuses) for label, statuses in found.items() if statuses or label == "待处理"]


def _queue(label: str, statuses: set[str]) -> Queue:
    pairs = [("status", status.value) for status in c.Status if status.value in statuses]
    return Queue(f"queue_{label}", label, listed(*pairs, tab="mine"), Q(status__in=statuses) if statuses else Q())


def queue_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many wait in each queue, by its code; one statement."""
    queues = queues_of(actor)
    if not queues:
        return {}
    mine = Case.objects.visible_to(actor, now).order_by().filter(turn_of(actor))
    return mine.aggregate(**{queue.code: Count("pk", filter=queue.holds) for queue in queues})


def counts_of(actor: Actor, now: datetime, lanes: Iterable[Lane]) -> dict[str, int]:
    """`{mine, soon, overdue, returned, open, orders, today}`, every queue and every lane by code; two statements.

    A clerk's has `visits` besides (批次, as the visit register of today counts them): three.
    """
    visible = Case.objects.visible_to(actor, now).order_by()
    turn = turn_of(actor)
    wanted: dict[str, Any] = {
        "mine": Count("pk", filter=turn),
        "soon": Count("pk", filter=soon_late(now)),
        "overdue": Count("pk", filter=late_now(now)),
        "returned": Count("pk", filter=sent_back()),
        "orders": Count("pk", filter=Q(orders_open__gt=0)),
        "open": Count("pk"),
    }
    wanted |= {queue.code: Count("pk", filter=turn & queue.holds) for queue in queues_of(actor)}
    wanted |= {lane.code: Count("pk", filter=lane.holds) for lane in lanes if lane.code not in (*wanted, "today")}
    counts: dict[str, int] = visible.filter(status__in=c.OPEN).aggregate(**wanted)
    counts["today"] = visible.filter(came_today(actor, now)).count()
    if role_of(actor) == Role.CLERK:
        today = now.astimezone(SHANGHAI).date()
        counts["visits"] = visits.seen_by(actor, today, today).count()
    return counts


def held_by(visible: CaseQuerySet, lane: Lane) -> CaseQuerySet:
    """The cases of a lane with what a row names, unordered."""
    cases = visible.filter(lane.holds)
    if lane.code != "today":
        cases = cases.filter(status__in=c.OPEN)
    return cases.select_related("category", "lead_unit", "handler").defer("description")


def lanes_of(actor: Actor, now: datetime) -> tuple[Lane, ...]:
    """The three columns of this desk."""
    turn, role = turn_of(actor), role_of(actor)
    mine = _mine(role, turn)
    if role in (Role.CLERK, Role.OPERATOR):
        return _registered(turn), _incomplete(turn), _today(actor, now, role)
    if role == Role.DISPATCHER:
        return mine, _pressing(now), _handed_back(turn)
    if role == Role.SUPERVISOR:
        return mine, _pressing(now), _ordered()
    if role == Role.FOLLOW_UP_OFFICER:
        return mine, _unhappy(turn), _again()
    if role == Role.LEADER:
        return (mine, _pressing(now), _grave()) if actor.lead_posts else (_pressing(now), _grave(), _ordered())
    return mine, _pressing(now), _again()


def figures_of(actor: Actor, now: datetime) -> tuple[Figure, ...]:
    """The four figures of this desk."""
    role = role_of(actor)
    mine = Figure("mine", QUEUES[role][0] if role else "待我处理", listed(tab="mine"))
    soon = Figure("soon", "即将超时", listed(tab="soon"), "soon")
    late = Figure("overdue", "已超时", listed(tab="overdue"), "overdue")
    if role == Role.CLERK:
        return mine, soon, late, Figure("visits", "今天来访", "", unit="批", route="hall:visits")
    if role == Role.OPERATOR:
        return mine, soon, late, Figure("today", "今天来电登记", _today_list(actor, now))
    if role == Role.LEADER:
        today = Figure("today", "今天登记", _today_list(actor, now))
        return today, Figure("open", "正在办理", listed(*STILL_OPEN, tab="all")), soon, late
    if role == Role.SUPERVISOR:
        return mine, soon, late, Figure("orders", "督办中", listed(*STILL_OPEN, orders="open", tab="all"), "overdue")
    return mine, soon, late, Figure("returned", "退回重办", listed(tab="returned"))


def listed(*pairs: tuple[str, str], **more: str) -> str:
    """The query string of a list."""
    return urlencode([*more.items(), *pairs])


# --- the columns ------------------------------------------------------------------------------------------------

NOTHING_WAITS: dict[str, Blank] = {
    Role.DISPATCHER: ("没有等分流的事项", "窗口受理的、单位退回的，会出现在这里。"),
    Role.HANDLER: ("没有等您办理的事项", "转到本单位等签收的、您承办的，会出现在这里。"),
    Role.MEDIATOR: ("没有等您调解的纠纷", "转到调委会等签收的、您正在调解的，会出现在这里。"),
    Role.SUPERVISOR: ("没有等审核的事项", "单位办结上报、您没有经手过的，会出现在这里。"),
    Role.FOLLOW_UP_OFFICER: ("没有等回访的事项", "审核通过、您没有经手过的，会出现在这里。"),
    Role.GRID_WORKER: ("没有等您处理的事项", "您网格里新登记的、转到本单位的，会出现在这里。"),
    Role.LEADER: ("没有等您批办的事项", "报您批准的申请、转到本单位等签收的，会出现在这里。"),
}
ANYTHING: Blank = ("没有等您处理的事项", "新转来、退回或到您这一步的事项会出现在这里。")


def _mine(role: str, turn: Q) -> Lane:
    title, query = QUEUES[role][0] if role else "待我处理", listed(tab="mine")
    return Lane("mine", title, turn, "step", query, NOTHING_WAITS.get(role, ANYTHING), _whole(query), by_step=True)


def _registered(turn: Q) -> Lane:
    query = listed(("status", Status.REGISTERED.value), tab="mine")
    blank = ("没有等受理的事项", "新登记的、网上和网格员报来的，会出现在这里。")
    holds = turn & Q(status=Status.REGISTERED)
    return Lane("fresh", "待受理", holds, "step", query, blank, _whole(query), by_step=True)


def _incomplete(turn: Q) -> Lane:
    query = listed(("status", Status.INCOMPLETE.value), tab="mine")
    blank = ("没有等补正的事项", "告知来访人补材料后，在这里等他们送来；送来了点“补正”。")
    holds = turn & Q(status=Status.INCOMPLETE)
    return Lane("incomplete", "等来访人补正", holds, "step", query, blank, _whole(query), by_step=True)


def _today(actor: Actor, now: datetime, role: str) -> Lane:
    title, query = "今天来电登记" if role == Role.OPERATOR else "今天窗口登记", _today_list(actor, now)
    blank = ("今天还没有登记", "登记的每一件都会出现在这里，可以补打回执。")
    return Lane("today", title, came_today(actor, now), "newest", query, blank, _whole(query))


def _pressing(now: datetime) -> Lane:
    links = (("已超时", listed(tab="overdue")), ("即将超时", listed(tab="soon")))
    blank = ("没有超时和快到期的", "时限还剩不到两成，或者已经过了时限还没办完的，会出现在这里。")
    holds, query = late_now(now) | soon_late(now), listed(due="pressing", sort="due", tab="all")
    return Lane("pressing", "已超时和快到期", holds, "due", query, blank, links)


def _handed_back(turn: Q) -> Lane:
    query = listed(("status", Status.RETURNED.value), tab="mine")
    blank = ("没有退回的事项", "单位认为不归自己办、退回来请您改派的，会出现在这里。")
    holds = turn & Q(status=Status.RETURNED)
    return Lane("handed_back", "退回待改派", holds, "step", query, blank, _whole(query), by_step=True)


def _again() -> Lane:
    query = listed(tab="returned")
    blank = ("没有退回重办的事项", "审核不通过、回访要求重办的，会出现在这里。")
    return Lane("returned", "退回重办", sent_back(), "due", query, blank, _whole(query))


def _ordered() -> Lane:
    query = listed(*STILL_OPEN, orders="open", sort="due", tab="all")
    blank = ("没有督办中的事项", "发出督办、还没有解除的，会出现在这里。")
    return Lane("orders", "督办中", Q(orders_open__gt=0), "due", query, blank, _whole(query))


def _unhappy(turn: Q) -> Lane:
    query = listed(rating="unhappy", tab="mine")
    blank = ("没有不满意的评价", "居民自己评了不满意的，会出现在这里，请先打电话问清楚。")
    holds = turn & Q(satisfaction__lt=HAPPY)
    return Lane("unhappy", "评价不满意", holds, "step", query, blank, _whole(query), by_step=True)


def _grave() -> Lane:
    levels = [("level", level.value) for level in GRAVE]
    query = listed(*levels, *STILL_OPEN, sort="due", tab="all")
    blank = ("没有重大、紧急的事项", "等级为重大、紧急、还没办完的，会出现在这里。")
    return Lane("grave", "重大和紧急", Q(level__in=GRAVE), "due", query, blank, _whole(query))


def _whole(query: str) -> tuple[tuple[str, str], ...]:
    return (("全部", query),)


def came_today(actor: Actor, now: datetime) -> Q:
    """Registered today: by telephone for an operator, at the window for a clerk, by any way for everybody else."""
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    channel = _channel(actor)
    return Q(registered_at__gte=midnight) & (Q(channel=channel) if channel else Q())


def _channel(actor: Actor) -> str:
    return {Role.CLERK: Channel.WINDOW.value, Role.OPERATOR: Channel.HOTLINE.value}.get(role_of(actor), "")  # type: ignore[call-overload, no-any-return]


def _today_list(actor: Actor, now: datetime) -> str:
    channel, day = _channel(actor), now.astimezone(SHANGHAI).date().isoformat()
    return listed(*([("channel", channel)] if channel else []), tab="all", received_after=day)
