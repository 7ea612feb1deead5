"""What is looked at: each indicator once, with its predicate, its words, its source. Outcomes only (GB12; facts §5, §6.1).

A case counts for a grid when it lies in it and was handled there: the leading unit is a village or community, or the
grid settled it by itself. What a department or a street handles says nothing about the grid.

Registering many never helps: a case that the same person registered and settled counts in no rate; of the spot checks
among them only those found false count. Few cases never hurt: below the plan's minimal base an indicator says 样本不足.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from accounts.choices import UnitKind
from cases import choices as c
from cases.assessing.choices import Indicator
from cases.models import Closing, SpotCheck
from cases.statistics.figures import condition
from cases.statistics.windows import Window

Where = Callable[[Window, datetime], Q]

#: Complaints about people and reports of wrongdoing are counted nowhere: their number is nobody's to read off a sheet.
OF_THE_GRID = Q(lead_unit__kind=UnitKind.COMMUNITY) & ~Q(nature__in=(c.Nature.CONDUCT, c.Nature.REPORT))
#: Registered and settled by the same person: no evidence of anything but industry.
OWN = Q(handler__isnull=False, handler=F("registered_by"))
NEVER_BELOW = "说“样本不足”，不计算，它的权重由其他各项分担。"


@dataclass(frozen=True)
class Looked:
    """One indicator: `counted` makes the denominator, `good` of those the numerator; words for both, the source."""

    code: str
    label: str
    numerator: str
    denominator: str
    says: str
    source: str
    counted: Where
    good: Where


def _figure(name: str) -> Where:
    return lambda window, now: condition(name, window, now) & ~OWN


def _once(_window: Window, _now: datetime) -> Q:
    again = Closing.objects.filter(case_id=OuterRef("pk")).order_by("seq")[1:2]
    return Q(round=1, redo_count=0) & ~Q(Exists(again))


def _checks(window: Window, **verdict: bool) -> Q:
    judged = SpotCheck.objects.filter(window.holds("checked_at"), case_id=OuterRef("pk"), **verdict)
    return Q(Exists(judged))


def _checked(window: Window, _now: datetime) -> Q:
    return _checks(window) & ~OWN | _checks(window, genuine=False)


INDICATORS: dict[str, Looked] = {
    one.code: one
    for one in (
        Looked(
            Indicator.ON_TIME.value,
            "按期办结率",
            "按期办结",
            "应办结",
            "期限在本季度内的事项中，没有逾期的占多少。",
            "facts §5 按期办结率（到期口径）",
            _figure("due_closed"),
            lambda window, now: condition("on_time", window, now),
        ),
        Looked(
            Indicator.AT_ONCE.value,
            "一次办结率",
            "一次办结",
            "期内办结",
            "本季度办结的事项中，没有被审核退回、没有重办的占多少。",
            "facts §5 退回率",
            _figure("closed_in"),
            _once,
        ),
        Looked(
            Indicator.SATISFIED.value,
            "居民满意率",
            "基本满意以上",
            "有效评价",
            "本季度办结、居民作了评价的事项中，基本满意以上的占多少。",
            "facts §5 满意率",
            _figure("rated_closed"),
            lambda window, now: condition("satisfied_closed", window, now),
        ),
        Looked(
            Indicator.SPOT.value,
            "抽查合格率",
            "属实",
            "已抽查",
            "本季度区级抽查的办结件中，查明属实的占多少；自报自办的，查出不实才计入。",
            "facts §6.1 抽查",
            _checked,
            lambda window, _now: ~_checks(window, genuine=False),
        ),
    )
}
#: Said on the page, with its source.
NOT_LOOKED_AT = ("上报的数量", "在线时长和登录次数", "照片的数量", "走访和巡查的轨迹", "打卡签到", "积分")
NOT_LOOKED_AT_SOURCE = "国办函〔2026〕12号"
