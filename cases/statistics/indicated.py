"""The case figures that only the indicators look at (cases.indicators): counted when asked, never with the board's own.

Each opens its list as the board's figures do (`?figure=`). Source: facts §5; unless said otherwise of the matters
registered in the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from cases import choices as c
from cases.choices import Clock, Outcome, Status
from cases.models import Deadline, Event, SameMatter, SupervisionOrder
from cases.statistics.terms import ACCEPTED, CLOSED, ENDED, SETTLED_DISPUTE, Figure, flow, registered_and
from cases.statistics.windows import Window

DISPATCHING = ("dispatch", "conclude")


def _event(**which: object) -> Q:
    return Q(Exists(Event.objects.filter(case_id=OuterRef("pk"), **which)))


def _clock(clock: Clock, which: Q) -> Q:
    return Q(Exists(Deadline.objects.filter(which, case_id=OuterRef("pk"), clock=clock)))


def _late(now: datetime) -> Q:
    return Q(late_at__isnull=False) | Q(running=True, due_at__lt=now)


def _judged(clock: Clock, now: datetime) -> Q:
    """What was waited for came, or is late: a clock that was ended, halted or still has time judges nobody."""
    return _clock(clock, Q(met_at__isnull=False) | _late(now))


def _in_time(clock: Clock, now: datetime) -> Q:
    return _judged(clock, now) & ~_clock(clock, _late(now))


def _due_instalments(window: Window, now: datetime, **which: object) -> Q:
    """Instalments of the agreement that holds (they began when it was reached), due in the window, paid or past."""
    due = Q(started_at=OuterRef("resolved_at")) & window.holds("due_at")
    return _clock(Clock.PERFORMANCE_BY, due & (Q(met_at__isnull=False) | Q(due_at__lt=now)) & Q(**which))


def _performance_due(window: Window, now: datetime) -> Q:
    return Q(outcome__in=SETTLED_DISPUTE) & _due_instalments(window, now)


def _performed(window: Window, now: datetime) -> Q:
    return _performance_due(window, now) & ~_due_instalments(window, now, met_at__isnull=True)


_DISPUTE = Q(kind=c.Kind.DISPUTE)
_RESOLVED = CLOSED & _DISPUTE & Q(outcome__in=SETTLED_DISPUTE)
_MEDIATED = _DISPUTE & Q(procedure=c.Procedure.MEDIATION) & (CLOSED | ENDED & Q(outcome=Outcome.TERMINATED))
_AGREED = _RESOLVED & (
    Q(outcome=Outcome.AGREED) | _event(data__outcome=Outcome.AGREED.value, at=OuterRef("resolved_at"))
)
_ORDERS = SupervisionOrder.objects.filter(case_id=OuterRef("pk")).exclude(kind=c.OrderKind.URGE)
_SUPERVISED = ACCEPTED & Q(Exists(_ORDERS))
_DISPATCHED = _event(kind__in=DISPATCHING)
_RETURNED = _DISPATCHED & Q(returns_used__gt=0)
#: Handed back and not refused: somebody else was found, or nobody has decided otherwise.
_UPHELD = _RETURNED & ~_event(kind="insist") & ~Q(status__in=(Status.RETURNED, Status.CONSULTING))
_REPEATED = ACCEPTED & (Q(Exists(SameMatter.objects.filter(second_id=OuterRef("pk")))) | Q(master__isnull=False))
_OF_GRIDS = ACCEPTED & Q(channel=c.Channel.GRID)

INDICATED: Mapping[str, Figure] = {
    one.name: one
    for one in (
        Figure(
            "closed_judged",
            "期内办结（有期限）",
            "期内办结、可以判断是否按期的事项；来源没有标记的导入件不在内",
            "facts §5 按期办结率（办结口径）",
            flow("closed_at", CLOSED & Q(on_time__isnull=False)),
            "closed",
        ),
        Figure(
            "closed_on_time",
            "期内按期办结",
            "其中首轮没有逾期的",
            "facts §5 按期办结率（办结口径）",
            flow("closed_at", CLOSED & Q(on_time=True)),
            "closed",
        ),
        Figure(
            "closed_late",
            "超期办结",
            "期内办结、首轮已逾期的事项；还没办结的算“超时”，两者不重复",
            "facts §5 超期办结",
            flow("closed_at", CLOSED & Q(on_time=False)),
            "closed",
        ),
        Figure(
            "sign_due",
            "应签收",
            "已经签收（或退回）、或签收期限已过的事项；期限内还没签收的不算",
            "facts §5 签收及时率",
            registered_and(lambda now: _judged(Clock.SIGN_BY, now)),
        ),
        Figure(
            "signed_in_time",
            "及时签收",
            "应签收的事项中每次都没有超过签收时限的",
            "facts §5 签收及时率",
            registered_and(lambda now: _in_time(Clock.SIGN_BY, now)),
        ),
        Figure(
            "dispatch_due",
            "应分流",
            "已经分流（或当场办结、移送、不予受理）、或分流期限已过的事项",
            "facts §5 分流及时率",
            registered_and(lambda now: _judged(Clock.DISPATCH_BY, now)),
        ),
        Figure(
            "dispatched_in_time",
            "及时分流",
            "应分流的事项中每次都没有超过分流时限的",
            "facts §5 分流及时率",
            registered_and(lambda now: _in_time(Clock.DISPATCH_BY, now)),
        ),
        Figure(
            "mediated",
            "已调解（终结）",
            "期内调解结束的纠纷：办结的，和调解不成终止的",
            "facts §5 调解成功率",
            flow("closed_at", _MEDIATED),
            "closed",
        ),
        Figure(
            "mediated_agreed",
            "调解成功",
            "其中达成协议或已经履行的",
            "facts §5 调解成功率 (842/869)",
            flow("closed_at", _MEDIATED & CLOSED & Q(outcome__in=SETTLED_DISPUTE)),
            "closed",
        ),
        Figure(
            "agreed",
            "达成协议",
            "办结的纠纷中达成过协议的，含已经履行的",
            "facts §5 司法确认率",
            registered_and(_AGREED),
        ),
        Figure(
            "agreed_confirmed",
            "司法确认",
            "达成协议的纠纷中登记了“法院已确认”的",
            "facts §5 司法确认率",
            registered_and(_AGREED & _event(kind="perform", data__confirmation=c.Confirmation.CONFIRMED.value)),
        ),
        Figure(
            "performance_due",
            "到期应履行",
            "协议有一期在期内到期、已经履行或期限已过的纠纷",
            "facts §5 协议履行率",
            _performance_due,
            "due",
        ),
        Figure(
            "performed",
            "已履行",
            "到期应履行的纠纷中期内到期的各期都已履行的",
            "facts §5 协议履行率",
            _performed,
            "due",
        ),
        Figure(
            "supervised",
            "被督办",
            "受理的事项中发过督办函、约谈、通报或挂牌督办的；催办不算",
            "facts §5 督办率",
            registered_and(_SUPERVISED),
        ),
        Figure(
            "supervised_closed",
            "督办后办结",
            "被督办的事项中督办之后办结的",
            "facts §5 督办办结率",
            registered_and(CLOSED & Q(Exists(_ORDERS.filter(issued_at__lte=OuterRef("closed_at"))))),
        ),
        Figure("dispatched", "派单", "分流或会商指定过主办单位的事项", "facts §5 退回率", registered_and(_DISPATCHED)),
        Figure("sent_back", "退回", "派单的事项中被单位退回过的", "facts §5 退回率", registered_and(_RETURNED)),
        Figure(
            "right_first",
            "一次派准",
            "派单的事项中没有退回成立的：没有退回过，或退回没有被同意，或退回还没有处理",
            "facts §5 一次派准率",
            registered_and(_DISPATCHED & ~_UPHELD),
        ),
        Figure(
            "repeated",
            "重复件",
            "受理的事项中由人认定与先前事项是同一事项的：关联为同一事项，或并案",
            "facts §5 重复率; §1.8",
            registered_and(_REPEATED),
        ),
        Figure("grid_matters", "网格事件", "网格上报、已受理的事项", "facts §5 自办率", registered_and(_OF_GRIDS)),
        Figure(
            "self_settled",
            "自办自结",
            "网格事件中当场办结、没有派给别的单位的",
            "facts §5 自办率",
            registered_and(_OF_GRIDS & CLOSED & _event(kind="resolve_on_spot") & ~_DISPATCHED),
        ),
    )
}
