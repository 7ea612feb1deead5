"""Every figure of the board and of `stats/`, once: what it counts, in which window, where the definition comes from.

Source: facts §5 (the indicators), §5.1 (the top strip), §9 (golden data); design/api.md (names, the identity).
The same predicate counts a figure and opens its list, so the two cannot differ.

The base: 受理 = the case was accepted here, or an integration brought it over as finished. Whatever was accepted is
exactly one of closed, ended, open, whatever happened to it: `accepted = closed + ended + open`. Which one, the door
keeps on the row with every event (cases.tally), so that counting reads rows and no histories.
办结 is not 化解: a case may be closed and its dispute not resolved (behaviour 21).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q

from cases import choices as c
from cases.choices import Clock
from cases.following_up.choices import Called
from cases.models import Deadline, FollowUp
from cases.ranking.choices import Ranked
from cases.statistics.excluded import left_out
from cases.statistics.indicated import INDICATED
from cases.statistics.stock import STOCK
from cases.statistics.terms import (
    ACCEPTED,
    CLOSED,
    ENDED,
    HAPPY,
    OPEN,
    SAMPLE,
    SETTLED_DISPUTE,
    Figure,
    Rate,
    Where,
    flow,
    on_today,
    percent,
    registered_and,
)
from cases.statistics.windows import Window

__all__ = [
    "ACCEPTED",
    "CHOICES",
    "CLOSED",
    "ENDED",
    "FIGURES",
    "FOLLOW_UP",
    "FOLLOW_UP_RATES",
    "HAPPY",
    "INDICATED",
    "OF_RATINGS",
    "OPEN",
    "RANKED",
    "RATES",
    "SAMPLE",
    "SETTLED_DISPUTE",
    "Figure",
    "Rate",
    "condition",
    "named",
    "percent",
    "rate_of",
]


def _on_time(window: Window, _now: datetime) -> Q:
    return window.holds("judged_at") & Q(on_time=True)


def _due_closed(window: Window, now: datetime) -> Q:
    ran_out = Q(round=1, due_running=True, due_at__lt=now) & ACCEPTED  # late, though nobody has touched it since
    return window.holds("judged_at") & (Q(on_time__isnull=False) | ran_out)


#: Which figures a request leaves a matter out of, each with what was asked for (cases.ranking).
EXCLUDABLE: Mapping[str, Ranked] = {
    "due_closed": Ranked.ON_TIME,
    "on_time": Ranked.ON_TIME,
    "rated": Ranked.SATISFIED,
    "satisfied": Ranked.SATISFIED,
}


def _without(where: Where, figure: Ranked) -> Where:
    return lambda window, now: where(window, now) & ~left_out(figure)


_OVERDUE = lambda now: OPEN & Q(due_running=True, due_at__lt=now)  # noqa: E731
_DUE_SOON = lambda now: OPEN & Q(due_running=True, due_at__gte=now, due_warn_at__lte=now)  # noqa: E731
_DISPUTES = ACCEPTED & Q(kind=c.Kind.DISPUTE)
_RATED = Q(satisfaction__isnull=False)


def _contact(**how: object) -> Q:
    return Q(Exists(Deadline.objects.filter(case_id=OuterRef("pk"), clock=Clock.CONTACT_BY, **how)))


def _called(**how: object) -> Q:
    """The follow-up of the round that was closed."""
    return Q(Exists(FollowUp.objects.filter(case_id=OuterRef("pk"), round=F("case__round"), **how)))


#: Of the matters closed in the window; counted by `counting.follow_up_rates` and as lists, never with the board's own.
FOLLOW_UP: tuple[Figure, ...] = tuple(
    Figure(name, label, counts, source, flow("closed_at", CLOSED & holds), "closed")
    for name, label, counts, source, holds in (
        ("contact_due", "应联系", "期内办结、签收后应当联系诉求人的事项", "facts §5 响应率", _contact()),
        (
            "contacted",
            "按时联系",
            "应联系的事项中首次联系没有超过时限的",
            "facts §5 响应率",
            _contact(met_at__isnull=False) & ~_contact(late_at__isnull=False),
        ),
        (
            "asked_solved",
            "有效回访",
            "期内办结、答了问题是否解决的事项",
            "facts §5 解决率",
            Q(resolved__isnull=False),
        ),
        ("solved", "答已解决", "有效回访中答已解决的", "facts §5 解决率", Q(resolved=True)),
        ("rated_closed", "办结件有效评价", "期内办结、作了评价的事项；未接通的不在内", "facts §5 满意率", _RATED),
        (
            "satisfied_closed",
            "办结件满意",
            "其中评价为基本满意以上（5、4、3）的",
            "facts §5 满意率",
            Q(satisfaction__gte=HAPPY),
        ),
        (
            "call_due",
            "应回访",
            "期内办结、按规定或抽中应当回访的事项；回访前居民自己评了满意的不在内",
            "facts §5 回访率",
            _called(called=True, ended_at__isnull=False) & ~_called(result=Called.RATED),
        ),
        (
            "called",
            "已回访",
            "应回访的事项中问到了诉求人的",
            "facts §5 回访率",
            _called(called=True, result__in=(Called.CONFIRMED, Called.EXPLAINED)),
        ),
        (
            "unreached",
            "未接通",
            "两天各打一次都没有接通而办结的；不计入满意率，单独列出",
            "facts §1.11",
            _called(result=Called.UNREACHED),
        ),
    )
)

FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("registered", "登记", "期内登记的事项", "facts §5 登记量", registered_and(Q())),
        Figure(
            "accepted",
            "受理",
            "期内登记、已受理的事项；外来已办结的导入件算受理。受理 = 办结 + 终结 + 在办",
            "facts §5 受理量; api.md",
            registered_and(ACCEPTED),
        ),
        Figure(
            "closed",
            "办结",
            "已受理、办完并经核查回访（含归档）的事项，不论化解与否",
            "facts §5 累计办结率",
            registered_and(CLOSED),
        ),
        Figure(
            "ended",
            "终结",
            "受理后撤回、终止、并案、移送，或受理后又不予受理的事项",
            "api.md: ended",
            registered_and(ENDED),
        ),
        Figure("open", "在办", "受理 − 办结 − 终结", "facts §5 在办 (559 − 538 = 21)", registered_and(OPEN)),
        Figure(
            "due_soon",
            "即将超时",
            "在办、计时中、剩余不多于时限两成（至少 4 个工作小时，至多 2 个工作日）",
            "facts §5 即将超时; workflow.md Clocks",
            registered_and(_DUE_SOON),
        ),
        Figure("overdue", "超时", "在办、计时中、已过期限", "facts §5 超时（在办）", registered_and(_OVERDUE)),
        Figure("disputes", "受理纠纷", "受理的矛盾纠纷", "facts §5 化解率", registered_and(_DISPUTES)),
        Figure(
            "resolved",
            "化解纠纷",
            "办结的矛盾纠纷中化解成功或达成协议的",
            "facts §5 化解率 (8037/8696)",
            registered_and(CLOSED & Q(kind=c.Kind.DISPUTE, outcome__in=SETTLED_DISPUTE)),
        ),
        Figure("rated", "有效评价", "作了评价的事项", "facts §5 满意率", registered_and(_RATED)),
        Figure(
            "satisfied",
            "满意",
            "评价为基本满意以上（5、4、3）的事项",
            "facts §5 满意率",
            registered_and(Q(satisfaction__gte=HAPPY)),
        ),
        Figure(
            "due_closed",
            "应办结",
            "首轮期限在期内、已办完或已逾期的事项；导入件按来源标记，记在登记日",
            "facts §5 按期办结率（到期口径）",
            _due_closed,
            "due",
        ),
        Figure(
            "on_time",
            "按期办结",
            "应办结的事项中没有逾期的",
            "facts §5 按期办结率（到期口径）",
            _on_time,
            "due",
        ),
        Figure(
            "accepted_in", "期内受理", "期内受理的事项，不论何时登记", "facts §5", flow("accepted_at", Q()), "accepted"
        ),
        Figure(
            "closed_in",
            "期内办结",
            "期内办结的事项，不论何时登记；来源没有办结时间的导入件不在内",
            "facts §5",
            flow("closed_at", CLOSED),
            "closed",
        ),
        Figure(
            "today_registered",
            "今日登记",
            "今天登记的事项",
            "facts §5 今日办件",
            on_today("registered_at", Q()),
            "today",
        ),
        Figure(
            "today_accepted", "今日受理", "今天受理的事项", "facts §5 今日办件", on_today("accepted_at", Q()), "today"
        ),
        Figure(
            "today_closed", "今日办结", "今天办结的事项", "facts §5 今日办件", on_today("closed_at", CLOSED), "today"
        ),
        *FOLLOW_UP,
    )
}
#: The figures that the unit table ranks and rates by: the same predicates without what was granted to be left out of them.
#: Counted and listed there only; the district's own figures, rates and tables never look at them.
RANKED: Mapping[str, Figure] = {
    f"ranked_{name}": Figure(
        f"ranked_{name}",
        f"{FIGURES[name].label}（剔除后）",
        f"{FIGURES[name].counts}；经同意剔除的不在内",
        "facts §5 红黑榜（剔除）",
        _without(FIGURES[name].where, figure),
        FIGURES[name].days,
    )
    for name, figure in EXCLUDABLE.items()
}
#: Figures that tell how residents answered: as lists they are for who may read ratings.
OF_RATINGS = frozenset(
    {
        "rated",
        "satisfied",
        "ranked_rated",
        "ranked_satisfied",
        "asked_solved",
        "solved",
        "rated_closed",
        "satisfied_closed",
        "called",
        "unreached",
        "call_due",
    }
)
CHOICES = tuple((figure.name, figure.label) for figure in (*FIGURES.values(), *INDICATED.values(), *STOCK.values()))


def named(name: str) -> Figure:
    """Return a figure, of the board, of the indicators or of the stock; KeyError for one nobody defined."""
    return FIGURES.get(name) or INDICATED.get(name) or RANKED.get(name) or STOCK[name]


def condition(name: str, window: Window, now: datetime) -> Q:
    """Return what a case must be to count in a figure; KeyError for a figure nobody defined."""
    return named(name).where(window, now)


# --- rates ------------------------------------------------------------------------------------------------------


RATES: Mapping[str, Rate] = {
    rate.name: rate
    for rate in (
        Rate(
            "closure_rate", "办结率", "closed", "accepted", "办结 ÷ 受理，按登记时间", "facts §5: 18260/18407 = 99.2%"
        ),
        Rate(
            "on_time_rate",
            "按期办结率",
            "on_time",
            "due_closed",
            "到期口径：期限在期内的应办结件中按期办结的",
            "facts §5 按期办结率",
        ),
        Rate(
            "resolution_rate",
            "化解率",
            "resolved",
            "disputes",
            "（化解成功 + 达成协议）÷ 受理的矛盾纠纷",
            "facts §5: 8037/8696 = 92.4%",
        ),
        Rate(
            "satisfaction_rate",
            "满意率",
            "satisfied",
            "rated",
            "（非常满意 + 满意 + 基本满意）÷ 有效评价",
            "facts §5 满意率",
        ),
    )
}


#: The four questions of the follow-up, over what was closed in the window (facts §5; 北京条例 §32 names the first three).
FOLLOW_UP_RATES: Mapping[str, Rate] = {
    rate.name: rate
    for rate in (
        Rate("response_rate", "响应率", "contacted", "contact_due", "按时联系 ÷ 应联系，按办结时间", "facts §5 响应率"),
        Rate("solved_rate", "解决率", "solved", "asked_solved", "答已解决 ÷ 有效回访，按办结时间", "facts §5 解决率"),
        Rate(
            "content_rate",
            "满意率",
            "satisfied_closed",
            "rated_closed",
            "（非常满意 + 满意 + 基本满意）÷ 有效评价，按办结时间；未接通的不在分母",
            "facts §5 满意率",
        ),
        Rate("call_rate", "回访率", "called", "call_due", "已回访 ÷ 应回访，按办结时间", "facts §5 回访率"),
        Rate("turnout_rate", "参评率", "rated_closed", "closed_in", "有效评价 ÷ 已办结，按办结时间", "facts §5 参评率"),
    )
}


def rate_of(name: str, counts: Mapping[str, int]) -> dict[str, Decimal | int | None]:
    """Return `{value, numerator, denominator}` of a rate."""
    rate = RATES[name]
    above, below = counts[rate.numerator], counts[rate.denominator]
    return {"value": percent(above, below), "numerator": above, "denominator": below}
