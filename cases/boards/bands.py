"""三段: 前端排查, 中端调处, 末端问效, each figure from the room that owns it, as a fraction that opens what it counts.

Source: facts §8 row 0.9 (三端闭环), §5 (the formulas). Figures of cases are those of `cases.statistics`, patrols those of
`cases.patrols.coverage`, hazards those of their ledger: no figure is counted a second way here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from cases.boards.asking import Asked
from cases.hazards import queries as hazards
from cases.patrols import coverage
from cases.patrols import queries as patrols
from cases.querysets import below
from cases.statistics import counting, wording
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.figures import condition, named, percent
from governance_portal.lib.working_days import day_of

Line = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """A rate over two figures of cases: `basis` is the 口径 that stands beside it."""

    code: str
    label: str
    numerator: str
    denominator: str
    basis: str
    source: str


SELF_SETTLED = Measured(
    "self_rate",
    "网格自办率",
    "self_settled",
    "grid_matters",
    "自办自结 ÷ 网格上报并受理，按登记时间",
    "facts §5 自办率",
)
MIDDLE = (
    Measured("accepted_rate", "受理率", "accepted", "registered", "受理 ÷ 登记，按登记时间", "facts §5 受理率"),
    Measured("closure_rate", "办结率", "closed", "accepted", "办结 ÷ 受理，按登记时间", "facts §5 累计办结率"),
    Measured(
        "resolution_rate",
        "化解率",
        "resolved",
        "disputes",
        "（化解成功 + 达成协议）÷ 受理的矛盾纠纷，按登记时间",
        "facts §5 化解率",
    ),
    Measured(
        "mediation_rate",
        "调解成功率",
        "mediated_agreed",
        "mediated",
        "达成协议 ÷ 调解终结，按终结时间",
        "facts §5 调解成功率",
    ),
)
END = (
    Measured(
        "order_rate", "督办率", "supervised", "accepted", "被督办 ÷ 受理，按登记时间；催办不算", "facts §5 督办率"
    ),
    Measured(
        "order_closed_rate",
        "督办办结率",
        "supervised_closed",
        "supervised",
        "督办后办结 ÷ 被督办，按登记时间",
        "facts §5 督办办结率",
    ),
    Measured("call_rate", "回访率", "called", "call_due", "已回访 ÷ 应回访，按办结时间", "facts §5 回访率"),
    Measured("solved_rate", "解决率", "solved", "asked_solved", "答已解决 ÷ 有效回访，按办结时间", "facts §5 解决率"),
    Measured(
        "content_rate",
        "满意率",
        "satisfied_closed",
        "rated_closed",
        "（非常满意 + 满意 + 基本满意）÷ 有效评价，按办结时间",
        "facts §5 满意率",
    ),
)
#: What the overview counts already; the follow-up's are counted by its own statement, the rest by one more.
OVERVIEW = ("registered", "accepted", "closed", "resolved", "disputes")
FOLLOWED = ("called", "call_due", "solved", "asked_solved", "satisfied_closed", "rated_closed")
BESIDE = ("self_settled", "grid_matters", "mediated", "mediated_agreed", "supervised", "supervised_closed")
PATROLS = "完成的排查任务 ÷ 到期应完成的任务，按任务日期"
NOT_READ = "您的岗位不看排查任务"
NOT_OF_GRIDS = "按社区以上统计，单个网格请看地图"
HAZARDS = "销号 ÷ 发现的隐患，按登记时间；并案和不予受理的不算发现"


def bands_of(asked: Asked) -> list[dict[str, Any]]:
    """Return the three bands `{code, title, says, lines}`; a line is a rate with its two parts (or a dash where nothing can be divided)."""
    counts = counted(asked)
    return [
        {
            "code": "front",
            "title": "前端排查",
            "says": "矛盾和隐患在网格里发现了多少、当场办了多少。",
            "lines": [_patrols(asked), _hazards(asked), _line(asked, counts, SELF_SETTLED)],
        },
        {
            "code": "middle",
            "title": "中端调处",
            "says": "受理的事项办到了哪一步，纠纷化解了多少。",
            "lines": [_line(asked, counts, one) for one in MIDDLE],
        },
        {
            "code": "end",
            "title": "末端问效",
            "says": "督办管不管用，群众认不认可。",
            "lines": [_line(asked, counts, one) for one in END],
        },
    ]


def counted(asked: Asked) -> dict[str, int]:
    """Count every figure of cases that the bands are made of."""
    base = counting.overview(asked.scope, asked.window, asked.now)
    followed = counting.follow_up_counts(asked.scope, asked.window, asked.now)
    return {
        **{name: base[name] for name in OVERVIEW},
        **{name: followed[name] for name in FOLLOWED},
        **_beside(asked),
    }


def _beside(asked: Asked) -> dict[str, int]:
    conditions = {name: condition(name, asked.window, asked.now) for name in BESIDE}
    looked = Q()
    for one in ("grid_matters", "mediated", "supervised"):  # the others are parts of these
        looked |= conditions[one]
    found: dict[str, int] = asked.scope.rows.filter(looked).aggregate(
        **{name: Count("pk", filter=one) for name, one in conditions.items()}
    )
    return found


def _line(asked: Asked, counts: Mapping[str, int], one: Measured) -> Line:
    parts = [
        (named(figure).label, counts[figure], asked.opens(figure), named(figure).counts)
        for figure in (one.numerator, one.denominator)
    ]
    return _drawn(one.code, one.label, one.basis, one.source, parts)


def _drawn(code: str, label: str, basis: str, source: str, parts: list[tuple[str, int, str, str]]) -> Line:
    above, under = parts[0][1], parts[1][1]
    value = percent(above, under)
    return {
        "code": code,
        "label": label,
        "value": value,
        "words": wording.rate(value),
        "parts": [
            {"label": name, "number": number, "words": wording.number(number), "url": url, "about": about}
            for name, number, url, about in parts
        ],
        "basis": basis,
        "source": source,
    }


def _nothing(code: str, label: str, why: str, source: str) -> Line:
    return {
        "code": code,
        "label": label,
        "value": None,
        "words": wording.NOTHING,
        "parts": [],
        "basis": why,
        "source": source,
    }


def _patrols(asked: Asked) -> Line:
    """Tasks done and due up to today; of the areas whose patrols this person reads."""
    label, code, source = "巡查完成率", "patrol_rate", "facts §5 巡查完成率"
    if not patrols.reading_posts(asked.actor):
        return _nothing(code, label, NOT_READ, source)
    if len(asked.area) > COMMUNITY_DIGITS:
        return _nothing(code, label, NOT_OF_GRIDS, source)
    today = day_of(asked.now)
    first, last = asked.window.first or today, min(asked.window.last or today, today)
    tasks = patrols.tasks_read(asked.actor).filter(below("grid__code", asked.area))
    whole = coverage.coverage(coverage.facts(tasks, first, last))
    query = urlencode({"area": asked.area, "from": str(first), "to": str(last)})
    url = f"{reverse('patrols:coverage')}?{query}"
    parts = [
        ("已完成", whole.done, url, "已经完成的排查任务"),
        ("应完成", whole.due, url, "到今天为止应当完成的排查任务，网格无人在岗的也算"),
    ]
    return _drawn(code, label, PATROLS, source, parts)


def _hazards(asked: Asked) -> Line:
    label, code, source = "隐患销号率", "hazard_rate", "facts §5 隐患整改率（46/46）"
    if len(asked.area) > COMMUNITY_DIGITS:
        return _nothing(code, label, NOT_OF_GRIDS, source)
    sift = hazards.Sift(area=asked.area, first=asked.window.first, last=asked.window.last)
    found = hazards.figures_of(asked.actor, sift, asked.now)
    days = {name: str(day) for name, day in (("from", sift.first), ("to", sift.last)) if day}

    def url(state: str) -> str:
        return f"{reverse('hazards:list')}?{urlencode({'state': state, 'area': asked.area, **days})}"

    parts = [
        ("已销号", found["closed"], url("closed"), "整改后经别人核查销号的"),
        ("发现隐患", found["found"], url("found"), "登记为安全隐患的事项"),
    ]
    return _drawn(code, label, HAZARDS, source, parts)
