"""人民调解 monthly list: the fifteen types of the justice office, and where a dispute came from (facts §3.1 c, §3.8).

Counted are disputes that went the way of mediation: taken in with the wish to mediate, or led by a people's mediation
committee. 受理 by the day of acceptance, 终结 by the day of closing; 调解成功率 = 成功 ÷ 终结 (facts §5).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from accounts.choices import UnitKind
from cases import choices as c
from cases.choices import Channel, Clock, Counted, Outcome
from cases.models import Deadline
from cases.querysets import CaseQuerySet
from cases.statistics.figures import ACCEPTED, SETTLED_DISPUTE
from cases.statistics.windows import Window

#: In the order of the list.
TYPES = (
    *("婚姻家庭", "邻里", "房屋宅基地", "合同", "生产经营", "损害赔偿", "山林土地", "征地拆迁"),
    *("环境污染", "劳动争议", "消费", "医疗", "道路交通事故", "物业", "其他"),
)
OTHER = TYPES[-1]
#: Category codes of the 16+99 list by their beginning, the longest that fits; what is not named here is 其他.
TYPE_OF = {
    "01": "婚姻家庭",
    "02": "邻里",
    "03": "损害赔偿",
    "0401": "损害赔偿",
    "0402": "物业",
    "0403": "房屋宅基地",
    "05": "损害赔偿",
    "0502": "医疗",
    "0503": "道路交通事故",
    "0504": "环境污染",
    "06": "合同",
    "0601": "消费",
    "07": "劳动争议",
    "08": "合同",
    "09": "山林土地",
    "0902": "房屋宅基地",
    "1001": "生产经营",
    "1002": "生产经营",
    "1003": "生产经营",
    "1004": "生产经营",
    "1005": "生产经营",
    "1101": "征地拆迁",
    "1102": "征地拆迁",
    "1105": "征地拆迁",
}
#: 主动调解: a grid found it; 委托移送: another office sent it; else somebody applied.
PROACTIVE = (Channel.GRID,)
ENTRUSTED = (Channel.COURT, Channel.POLICE, Channel.PETITION, Channel.DEPARTMENT, Channel.LEADER)

MEDIATED = Q(kind=c.Kind.DISPUTE) & (Q(procedure=c.Procedure.MEDIATION) | Q(lead_unit__kind=UnitKind.COMMITTEE))
CONCLUDED = Q(counted=Counted.CLOSED) | Q(counted=Counted.ENDED, outcome=Outcome.TERMINATED)


def type_of(category: str | None) -> str:
    """Return the type that a category belongs to."""
    code = category or ""
    return next((TYPE_OF[code[:length]] for length in (4, 2) if code[:length] in TYPE_OF), OTHER)


def source_of(channel: str) -> str:
    """Return 主动调解, 申请调解 or 委托移送."""
    if channel in PROACTIVE:
        return "主动调解"
    return "委托移送" if channel in ENTRUSTED else "申请调解"


def totals(cases: CaseQuerySet, window: Window) -> dict[str, int]:
    """Return `{accepted, ended, settled, people}` of a window; one statement."""
    told = cases.filter(MEDIATED, _any(window)).aggregate(
        **_counts(window), people=Sum("visitor_count", filter=_in(window))
    )
    return {name: told[name] or 0 for name in ("accepted", "ended", "settled", "people")}


def by_type(cases: CaseQuerySet, window: Window) -> list[dict[str, Any]]:
    """Return `[{type, accepted, ended, settled}]` for all fifteen types in the order of the list; one statement."""
    rows: dict[str, dict[str, Any]] = {name: {"type": name, "accepted": 0, "ended": 0, "settled": 0} for name in TYPES}
    found: Any = cases.filter(MEDIATED, _any(window)).values("category_id").annotate(**_counts(window))
    for row in found:
        kept = rows[type_of(row["category_id"])]
        for name in ("accepted", "ended", "settled"):
            kept[name] += row[name]
    return list(rows.values())


def by_source(cases: CaseQuerySet, window: Window) -> dict[str, int]:
    """Return how many were accepted in each of the three ways; one statement."""
    found = {"主动调解": 0, "申请调解": 0, "委托移送": 0}
    for row in cases.filter(MEDIATED, _in(window)).values("channel").annotate(many=Count("pk")):
        found[source_of(row["channel"])] += row["many"]
    return found


def agreements(cases: CaseQuerySet, window: Window) -> dict[str, int]:
    """Return `{agreed, dated, applied}` of what was settled: an agreement to be kept, its day on record, 司法确认 applied for."""
    dated = Deadline.objects.filter(case_id=OuterRef("pk"), clock=Clock.CONFIRMATION_BY)
    settled = cases.filter(MEDIATED, _done(window), outcome__in=SETTLED_DISPUTE)
    told: dict[str, int] = settled.aggregate(
        agreed=Count("pk", filter=Q(outcome=Outcome.AGREED)),
        dated=Count("pk", filter=Exists(dated)),
        applied=Count("pk", filter=Exists(dated.filter(met_at__isnull=False))),
    )
    return told


def _in(window: Window) -> Q:
    return window.holds("accepted_at") & ACCEPTED


def _done(window: Window) -> Q:
    return window.holds("closed_at") & CONCLUDED


def _any(window: Window) -> Q:
    """What may count in any figure of the window: leaves the rest to the indexes."""
    return window.holds("accepted_at") | window.holds("closed_at")


def _counts(window: Window) -> dict[str, Count]:
    return {
        "accepted": Count("pk", filter=_in(window)),
        "ended": Count("pk", filter=_done(window)),
        "settled": Count("pk", filter=_done(window) & Q(outcome__in=SETTLED_DISPUTE)),
    }
