"""Indicators that another room computes: each is read from there, with the sight that room gives this person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.http import urlencode

from cases.boards import levels
from cases.caring.posts import overseeing
from cases.caring.queries import counts_of
from cases.choices import JOINT_VISIT_FROM
from cases.crowds.hot import hot, may_look
from cases.hall.visits import READERS, seen_by
from cases.hazards.choices import HazardClass
from cases.hazards.queries import Sift, hazards_of, in_state, sifted
from cases.indicators import counting as live
from cases.indicators.shapes import Question, Value
from cases.mapping.lying import lying_in
from cases.models import InspectionScope
from cases.patrols.coverage import Coverage, coverage, facts
from cases.patrols.queries import reading_posts, tasks_read
from cases.querysets import below
from cases.statistics import durations, ranking, tables, wording
from cases.statistics.figures import percent
from cases.statistics.windows import Window, a_year_before
from cases.supervising.closings import only_praised
from cases.supervising.watching import counts as watched
from governance_portal.lib.working_days import SHANGHAI

GRID_DIGITS, STREET_DIGITS = 15, 9
#: The largest pairs of category and grid whose share tells how concentrated matters are.
TOP = 5
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)
NOT_YOURS = "您的岗位不看这一项。"
EMPTY = "没有可除的数。"
HOUR = timedelta(hours=1)


def share(above: int, of: int, *opens: str) -> Value:
    """A percentage of two counts, or why there is none."""
    return Value(percent(above, of), above, of, opens, "" if of else EMPTY)


def hours(length: timedelta | None) -> Value:
    """Hours with one decimal, half up."""
    if length is None:
        return Value(None, why="期内没有办结的事项。")
    return Value(Decimal(str(length / HOUR)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def mean(asked: Question) -> Value:
    """平均办理时长."""
    return hours(_durations(asked).mean)


def median(asked: Question) -> Value:
    """The middle one."""
    return hours(_durations(asked).median)


def p90(asked: Question) -> Value:
    """What nine of ten did not exceed."""
    return hours(_durations(asked).p90)


def _durations(asked: Question) -> durations.Durations:
    return asked.once("durations", lambda: durations.overall(asked.scope.rows, asked.window))


def settled_at(code: str, asked: Question) -> Value:
    """基层化解占比: settled at one level of those settled at any."""
    found = asked.once("levels", lambda: levels.counted(asked.scope, asked.window, asked.now))
    total = sum(found[level] for level in levels.LEVELS)
    opens = (
        f"{reverse('cases:list')}?{levels.query_of(level, asked.window, asked.area)}" for level in (code, levels.ANY)
    )
    return share(found[code], total, *opens)


def visits(asked: Question) -> Value:
    """批次."""
    found = _visits(asked)
    return Value(found["visits"]) if found else Value(None, why=NOT_YOURS)


def visitors(asked: Question) -> Value:
    """人次."""
    found = _visits(asked)
    return Value(found["persons"]) if found else Value(None, why=NOT_YOURS)


def joint_visits(asked: Question) -> Value:
    """集体访占比: visits of five and more."""
    found = _visits(asked)
    return share(found["joint"], found["visits"]) if found else Value(None, why=NOT_YOURS)


def _visits(asked: Question) -> dict[str, int]:
    def count() -> dict[str, int]:
        if not asked.actor.has(*READERS):
            return {}
        rows = seen_by(asked.actor, *_days(asked.window)).filter(below("area_code", asked.area)).order_by()
        found = rows.aggregate(
            visits=Count("pk"), persons=Sum("people"), joint=Count("pk", filter=Q(people__gte=JOINT_VISIT_FROM))
        )
        return {name: number or 0 for name, number in found.items()}

    return asked.once("visits", count)


def hot_matters(asked: Question) -> Value:
    """热点 as the room of repeats has them now."""
    if not may_look(asked.actor):
        return Value(None, why=NOT_YOURS)
    return Value(sum(one.place.startswith(asked.area) for one in hot(asked.actor, asked.now)))


def concentration(asked: Question) -> Value:
    """How much of it lies in a few pairs of category and grid."""
    return share(*live.concentration(asked.scope, asked.window, asked.now, TOP))


def patrol_rate(asked: Question) -> Value:
    """巡查完成率."""
    found = _coverage(asked)
    return share(found.done, found.due) if found else Value(None, why=NOT_YOURS)


def point_rate(asked: Question) -> Value:
    """点位覆盖率."""
    found = _coverage(asked)
    return share(found.points_seen, found.points_due) if found else Value(None, why=NOT_YOURS)


def _coverage(asked: Question) -> Coverage | None:
    def count() -> Coverage | None:
        if not reading_posts(asked.actor):
            return None
        tasks = tasks_read(asked.actor).filter(below("grid__code", asked.area))
        return coverage(facts(tasks, *_days(asked.window)))

    return asked.once("coverage", count)


def hazards_closed(asked: Question) -> Value:
    """隐患整改率（销号率）."""
    found = _hazards(asked)
    return share(found["closed"], found["found"], _ledger(asked, "closed"), _ledger(asked, "found"))


def hazards_overdue(asked: Question) -> Value:
    """逾期未改."""
    return Value(_hazards(asked)["overdue"], opens=(_ledger(asked, "overdue"),))


def _hazards(asked: Question) -> dict[str, int]:
    def count() -> dict[str, int]:
        seen = hazards_of(asked.actor, asked.now)
        there = seen.filter(lying_in(asked.area)) if len(asked.area) == GRID_DIGITS else seen.within(asked.area)
        rows = sifted(there, Sift(first=asked.window.first, last=asked.window.last))
        wanted = {
            name: Count("pk", filter=in_state(name, asked.now) or None) for name in ("found", "closed", "overdue")
        }
        found: dict[str, int] = rows.aggregate(**wanted)
        return found

    return asked.once("hazards", count)


def _ledger(asked: Question, state: str) -> str:
    """The ledger of exactly these hazards; it knows areas, no grids."""
    if len(asked.area) == GRID_DIGITS:
        return ""
    query = {"state": state, "area": asked.area}
    query |= {name: str(day) for name, day in (("from", asked.window.first), ("to", asked.window.last)) if day}
    return f"{reverse('hazards:list')}?{urlencode(query)}"


def gas_households(asked: Question) -> Value:
    """入户安检: how many households, as was entered. Nobody has said of how many, so there is no rate."""
    rows = InspectionScope.objects.filter(
        below("area_code", asked.area), hazard_class=HazardClass.GAS, measure="户", what__contains="居民"
    )
    found = rows.aggregate(number=Count("pk"), quantity=Sum("quantity"))
    return Value(int(found["quantity"])) if found["number"] else Value(None, why="没有登记过入户安检的户数。")


def cared_for(asked: Question) -> Value:
    """当月探访率 of the streets in sight; communities and grids are too small to be told apart from persons."""
    if not overseeing(asked.actor):
        return Value(None, why=NOT_YOURS)
    if len(asked.area) > STREET_DIGITS:
        return Value(None, why="只按镇街统计，以免让人认出探访对象。")
    rows = counts_of(asked.actor, asked.now.astimezone(SHANGHAI).date())
    mine = [row for row in rows if row.code.startswith(asked.area)]
    return share(sum(row.visited for row in mine), sum(row.plans for row in mine))


def doubtful(asked: Question) -> Value:
    """办结存疑 as supervisors watch it."""
    query = {"tab": "all", "watch": "doubtful", "grid" if len(asked.area) == GRID_DIGITS else "area": asked.area}
    counted = watched(asked.scope.rows, asked.now, ("doubtful",))["doubtful"]
    return Value(counted, opens=(f"{reverse('cases:list')}?{urlencode(query)}",))


def only_happy(asked: Question) -> Value:
    """Units of which nobody is ever unhappy."""
    return Value(len(only_praised(asked.scope.rows, asked.now)))


def ranked_units(asked: Question) -> Value:
    """How many units have enough judged cases to be ranked, without what they were granted to leave out."""
    return Value(len(ranking.judged(tables.ranked_units(asked.scope, asked.window, asked.now))))


def since_year_ago(asked: Question) -> Value:
    """同比 of what was accepted."""
    first, last = asked.window.first, asked.window.last
    return _growth(asked, Window(first and a_year_before(first), last and a_year_before(last)))


def since_before(asked: Question) -> Value:
    """环比 of what was accepted: against as many days just before."""
    first, last = asked.window.first, asked.window.last
    if first is None or last is None:
        return Value(None, why="没有选定起止日期。")
    length = last - first + timedelta(days=1)
    return _growth(asked, Window(first - length, first - timedelta(days=1)))


def _growth(asked: Question, before: Window) -> Value:
    if before.first is None or before.last is None:
        return Value(None, why="没有选定起止日期。")
    number = asked.counts["accepted"]
    base = asked.overview(before)["accepted"]
    return Value(wording.growth(number, base), number, base, why="" if base else "基数为 0。")


def _days(window: Window) -> tuple[date, date]:
    return max(window.first or FIRST, FIRST), min(window.last or LAST, LAST)
