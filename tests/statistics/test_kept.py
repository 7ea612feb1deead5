"""The counts that are kept say what counting the rows says, before the clock has put them together and after."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.choices import Role
from cases import chores
from cases.models import Case, TallyCount, TallyDelta
from cases.statistics import counting
from cases.statistics.compacting import compact
from cases.statistics.kept import pieces_of
from cases.statistics.verifying import verify
from cases.statistics.windows import EVER, Window
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, OTHER_STREET, STREET, District, at
from tests.statistics.against import differences
from tests.statistics.test_counting import brought_over, settled

pytestmark = [pytest.mark.django_db, pytest.mark.both]

AREAS = (DISTRICT, STREET, COMMUNITY)
NOVEMBER, WEEK = Window(date(2026, 11, 1), date(2026, 11, 30)), Window(date(2026, 11, 23), date(2026, 11, 29))
WINDOWS = (EVER, NOVEMBER, WEEK, Window(date(2026, 10, 15), date(2027, 1, 10)), Window(None, date(2026, 11, 23)))


@pytest.fixture
def town(district: District) -> District:
    """Cases of several fates, in two streets, with and without a grid, on several days."""
    d = district
    d.person("politics_lead", "政法委领导", Role.LEADER, "zfw")
    d.register(place={"area": OTHER_STREET, "address": "路口"})
    d.register(place={"grid": GRID})
    d.move(d.register(now=at(24, 23, 59)), "accept", "clerk", at(25, 0, 1), category="A0102", level="general")
    settled(d, d.register())
    settled(d, d.register(kind="dispute", description="邻居两家因滴水檐争执。"), outcome="agreed")
    withdrawn = d.register(channel="hotline")
    d.move(withdrawn, "accept", "clerk", category="A0102", level="major")
    d.move(withdrawn, "withdraw", "clerk", note="不办了")
    brought_over(d, on_time=False)
    brought_over(d, outcome="answered")
    d.register(complained_unit="centre", complaint_nature="conduct", description="窗口人员态度不好。")
    return d


@pytest.mark.parametrize("who", ["centre_lead", "politics_lead", "clock"])
@pytest.mark.parametrize("later", [0, 3, 40])
def test_the_counts_say_what_the_rows_say_for_everybody_at_any_time(town: District, who: str, later: int) -> None:
    now = MONDAY + timedelta(days=later)
    assert differences(town.actor(who), AREAS, WINDOWS, now) == []
    assert compact() > 0
    assert TallyDelta.objects.count() == 0
    assert differences(town.actor(who), AREAS, WINDOWS, now) == []


def test_what_goes_round_the_door_is_counted_too(town: District) -> None:
    compact()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET area_code = %s WHERE grid_code = %s", [OTHER_STREET, GRID])
        cursor.execute("UPDATE cases_case SET registered_at = %s WHERE counted = 'open'", [at(1, month=3)])
    Case.objects.filter(counted="closed").update(category="A0102", satisfaction=None, on_time=False)
    assert differences(town.actor("politics_lead"), (*AREAS, OTHER_STREET), WINDOWS, MONDAY) == []
    assert verify().first == ()


def test_a_move_that_changes_no_figure_writes_nothing(town: District) -> None:
    case = Case.objects.get(counted="open")
    town.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    TallyDelta.objects.all().delete()
    town.move(case, "sign", "handler")
    town.record(case, "note", "handler", text="已联系。")
    assert TallyDelta.objects.count() == 0


def test_a_correction_counts_in_the_days_it_belongs_to(town: District) -> None:
    """Another category: the days of then lose one there and gain one here."""
    compact()
    case = Case.objects.filter(counted="closed", kind="appeal", accepted_at__isnull=False).first()
    assert case is not None
    Case.objects.filter(pk=case.pk).update(category="0101")
    names = ("registered", "closed", "closed_in", "accepted_in", "judged")
    totals = {
        code: tuple(sum(row[name] for row in rows) for name in names)
        for code in ("0101", "A0102")
        for rows in [list(TallyDelta.objects.filter(category_code=code).values(*names))]
    }
    assert totals == {"0101": (1, 1, 1, 1, 1), "A0102": (-1, -1, -1, -1, -1)}
    assert {str(day) for day in TallyDelta.objects.filter(closed_in__lt=0).values_list("day", flat=True)} == {
        str(case.closed_at.astimezone(SHANGHAI).date())  # type: ignore[union-attr]
    }


def test_the_clock_puts_together_what_waits_and_twice_is_once(town: District) -> None:
    waiting = TallyDelta.objects.count()
    assert chores.run(MONDAY)["compact_counts"] == waiting
    before = list(TallyCount.objects.order_by("pk").values())
    assert chores.run(MONDAY)["compact_counts"] == 0
    assert list(TallyCount.objects.order_by("pk").values()) == before


def test_a_batch_is_bounded_and_the_sum_is_the_same_in_between(town: District) -> None:
    waiting = TallyDelta.objects.count()
    assert [compact(3), TallyDelta.objects.count()] == [3, waiting - 3]
    assert differences(town.actor("centre_lead"), AREAS, (EVER, WEEK), MONDAY) == []


def test_a_count_that_was_changed_is_found_and_repaired(town: District) -> None:
    compact()
    TallyCount.objects.filter(cube="unit", area=DISTRICT, grain="day", closed=1).update(closed=7, handled_seconds=0)
    TallyCount.objects.filter(cube="all", area=STREET, grain="month").delete()
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_statistics", stdout=out)
    assert (left.value.code, "没有改动；加 --repair 补正" in out.getvalue()) == (1, True)
    assert f"all {STREET} month 2026-11-01 -: registered+" in out.getvalue()
    call_command("verify_statistics", repair=True, stdout=out)
    out = StringIO()
    call_command("verify_statistics", stdout=out)
    assert out.getvalue().startswith(f"没有差异：{Case.objects.count()} 件事项、{TallyCount.objects.count()} 行累计")
    assert differences(town.actor("centre_lead"), AREAS, WINDOWS, MONDAY) == []


def test_a_lost_change_is_found(town: District) -> None:
    TallyDelta.objects.filter(closed_in=1).first().delete()  # type: ignore[union-attr]
    assert {(one.cube, one.measures["closed_in"]) for one in verify().first} >= {("all", 1), ("category", 1)}


def test_counts_made_from_nothing_are_those_of_the_rows(town: District) -> None:
    """What a bulk load does that goes round the triggers."""
    TallyDelta.objects.all().delete()
    assert verify(repair=True).number > 0
    assert verify().number == 0
    assert differences(town.actor("centre_lead"), AREAS, WINDOWS, MONDAY) == []


def test_figures_cost_one_statement(town: District, django_assert_num_queries: Any) -> None:
    scope = counting.cases_of(town.actor("centre_lead"), DISTRICT, MONDAY)
    for ask in (
        lambda: counting.overview(scope, WEEK, MONDAY),
        lambda: counting.standing(scope, MONDAY),
        lambda: counting.by(scope, "area", WEEK, MONDAY),
        lambda: counting.trend(scope, WEEK, "day"),
    ):
        with django_assert_num_queries(1):
            ask()


@pytest.mark.parametrize(
    ("first", "last", "pieces"),
    [
        ((2026, 11, 1), (2026, 11, 30), ["month 2026-11-01 2026-11-30"]),
        ((2026, 11, 2), (2026, 11, 30), ["day 2026-11-02 2026-11-30"]),
        ((2026, 11, 1), (2026, 11, 29), ["day 2026-11-01 2026-11-29"]),
        (
            (2025, 12, 31),
            (2026, 3, 1),
            ["day 2025-12-31 2025-12-31", "month 2026-01-01 2026-02-28", "day 2026-03-01 2026-03-01"],
        ),
        ((2026, 3, 2), (2026, 3, 1), []),
    ],
)
def test_days_are_whole_months_and_the_days_at_both_ends(first: Any, last: Any, pieces: list[str]) -> None:
    found = pieces_of(Window(date(*first), date(*last)))
    assert [f"{grain} {since} {until}" for grain, since, until in found] == pieces
