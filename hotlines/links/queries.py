"""What the pages of the links read: lines with their state, matters within one's sight, messages that need somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Channel, Outcome
from cases.queries import visible_cases
from governance_portal.lib.errors import NotYou, NotYours
from hotlines.choices import OWED, STUCK, TO_TELL, AdapterKind, Direction, MessageState
from hotlines.links.looking_back import later_calls
from hotlines.links.transferring import receipt_due
from hotlines.models import Line, Link, LinkMessage

NOBODY = "对接页面由分流员、中心负责人和系统管理员查看，您没有这些岗位。"
#: Matters of these channels came from another system, whether it has a line by now or not.
OVER_LINES = (Channel.COURT, Channel.POLICE, Channel.PETITION)
SHOWN: Mapping[str, str] = {"": "全部", "stuck": "需要处理", "waiting": "待发送", "late": "超时", "out": "转出的"}


@dataclass(frozen=True)
class LineState:
    """A line as the overview shows it; `trouble` is "" once it spoke or was read since it failed.

    `waiting` counts the messages that a worker still sends, or that a person has to tell (`waits`: how that is called).
    """

    line: Line
    open: int
    waiting: int
    stuck: int
    overdue: int
    last: datetime | None
    trouble: str

    @property
    def waits(self) -> str:
        """待发送, or 待告知 over a line without an interface."""
        return shown(self.line)["waiting"]


def shown(line: Line) -> Mapping[str, str]:
    """Return what the matters of a line can be narrowed to, in the words of this line."""
    return {**SHOWN, "waiting": TO_TELL} if line.adapter == AdapterKind.NONE else SHOWN


def handles(actor: Actor) -> bool:
    """Dispatchers and the centre's leads: they see the matters within their sight and send again."""
    return actor.has(Role.DISPATCHER) or actor.leads_centre


def may_enter(actor: Actor) -> bool:
    """Who has the page 对接; the system administrator sees lines, no matters."""
    return handles(actor) or actor.has(Role.SYSTEM_ADMIN)


def check_entry(actor: Actor) -> None:
    """NotYou for everybody else."""
    if not may_enter(actor):
        raise NotYou(NOBODY)


def lines(now: datetime) -> list[LineState]:
    """Return every line with its state; three statements."""
    messages = LinkMessage.objects.values("link__line").order_by()
    counted: dict[int, Any] = {
        row["link__line"]: row
        for row in messages.annotate(
            waiting=Count("pk", filter=Q(state__in=OWED)), stuck=Count("pk", filter=Q(state__in=STUCK))
        )
    }
    rows = list(Line.objects.order_by("-is_active", "name"))
    going: dict[int, Any] = {
        row["line"]: row
        for row in Link.objects.values("line")
        .order_by()
        .annotate(open=Count("pk", filter=Q(answered_at__isnull=True)), late=Count("pk", filter=_unheard(rows, now)))
    }
    return [_state(line, counted.get(line.pk, {}), going.get(line.pk, {})) for line in rows]


def _unheard(rows: Iterable[Line], now: datetime) -> Q:
    """What we passed on over these lines and whose receipt is overdue."""
    late = Q(pk__in=())
    for line in rows:
        late |= Q(line=line, received_at__lt=now - timedelta(hours=line.receipt_hours))
    return late & Q(direction=Direction.OUT, receipt_at__isnull=True, answered_at__isnull=True)


def _state(line: Line, messages: Mapping[str, Any], links: Mapping[str, Any]) -> LineState:
    last = max((moment for moment in (line.spoken_at, line.fetched_at) if moment), default=None)
    failed = line.failed_at is not None and (last is None or line.failed_at > last)
    return LineState(
        line=line,
        open=links.get("open", 0),
        waiting=messages.get("waiting", 0),
        stuck=messages.get("stuck", 0),
        overdue=links.get("late", 0),
        last=last,
        trouble=line.trouble if failed else "",
    )


def line_of(code: str) -> Line:
    """Return a line by its code; NotYours when there is none."""
    found = Line.objects.filter(code=code).first()
    if found is None:
        raise NotYours()
    return found


def matters(line: Line, actor: Actor, show: str, now: datetime) -> QuerySet[Link]:
    """Return the matters of a line within one's sight, the newest first, narrowed to what `show` says (SHOWN)."""
    found = Link.objects.filter(line=line, case__in=visible_cases(actor, now)).select_related("case", "line")
    mine = LinkMessage.objects.filter(link=OuterRef("pk"))
    found = found.annotate(
        stuck=Exists(mine.filter(state__in=STUCK)), waiting=Exists(mine.exclude(state=MessageState.SENT))
    )
    narrowed = {
        "stuck": Q(stuck=True),
        "waiting": Q(waiting=True),
        "late": Q(answered_at__isnull=True, their_due_at__lt=now) | _unheard([line], now),
        "out": Q(direction=Direction.OUT),
    }
    return found.filter(narrowed[show]) if show in narrowed else found


def link_of(uid: Any, actor: Actor, now: datetime) -> Link:
    """Return a matter within one's sight; NotYours otherwise, NotYou for who does not handle links."""
    if not handles(actor):
        raise NotYou(NOBODY)
    found = Link.objects.filter(uid=uid, case__in=visible_cases(actor, now)).select_related("case", "line").first()
    if found is None:
        raise NotYours()
    return found


def may_not_return(link: Link, now: datetime) -> bool:
    """Tell whether the other side named a date until which it takes the matter back, and it is over."""
    return link.return_by is not None and link.return_by < now and link.answered_at is None


def windows_over(case: Any, now: datetime) -> list[Link]:
    """Return the links of a case that can no longer be returned to where they came from; none asked of our own cases."""
    if not case.foreign_number:
        return []
    links = Link.objects.filter(case_id=case.pk, direction=Direction.IN).select_related("line")
    return [link for link in links if may_not_return(link, now)]


def of_case(case: Any, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return what the case page shows of its links; no question for a case that no other system has to do with.

    `again`: later matters of the police at the same place or of the same caller, for those who follow up.
    """
    if not (case.foreign_number or case.channel in OVER_LINES or case.outcome == Outcome.TRANSFERRED):
        return []
    follows = actor.has(Role.FOLLOW_UP_OFFICER)
    rows = []
    for link in Link.objects.filter(case_id=case.pk).select_related("line", "case"):
        last = link.messages.order_by("-seq").first()
        rows.append(
            {
                "link": link,
                "return_over": may_not_return(link, now),
                "late": link.their_due_at is not None and link.their_due_at < now and link.answered_at is None,
                "receipt_due": receipt_due(link) if link.direction == Direction.OUT else None,
                "receipt_late": link.direction == Direction.OUT
                and link.receipt_at is None
                and link.answered_at is None
                and receipt_due(link) < now,
                "last": last,
                "again": later_calls(link, actor, now) if follows else [],
                "may_open": handles(actor),
            }
        )
    return rows
