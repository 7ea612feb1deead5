"""What a granted request changes: the unit's two rates in the unit table and what ranks by them; nothing else of the portal."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.ranking import services
from cases.statistics import counting, tables
from cases.statistics.compacting import compact
from cases.statistics.ranking import judged, place
from cases.statistics.tables import Row
from cases.statistics.windows import EVER
from tests.api.phone import Phone
from tests.cases.cast import DISTRICT, District
from tests.ranking.conftest import ASKED, DAYS, DECIDED, Clock, Enter, asked, granted, handled, late

pytestmark = pytest.mark.django_db
NAMES = {"housing": "区住房和城乡建设局", "heating": "区供热服务站"}


@pytest.fixture
def months(district: District) -> dict[str, Case]:
    """The bureau: 10 in time, 2 late, one of them rated 2 when it was asked; the station: 9 in time, 1 late."""
    d = district
    for _one in range(10):
        handled(d)
    found = {"first": late(d), "second": late(d, rated=3)}
    for _one in range(9):
        handled(d, "heating_man")
    found["station"] = late(d, "heating_man")
    return found


def table(page: Any) -> list[tuple[Any, ...]]:
    """The rows as read: name, rank, on-time rate with its fraction and what was left out, the counts, the rated likewise."""

    def rate(cell: dict[str, Any]) -> tuple[str, str, int]:
        return cell["words"], "/".join(part["value"] for part in cell["parts"]), cell["left_out"]["number"]

    (section,) = page.context["sections"]
    found = []
    for row in section["rows"]:
        rank, on_time, *counts, rated = row["cells"]
        found.append((row["name"], rank["words"], rate(on_time), tuple(cell["words"] for cell in counts), rate(rated)))
    return found


def test_the_table_by_hand_before_and_after(
    district: District, months: dict[str, Case], client_of: Enter, clock: Clock
) -> None:
    clock.now = DECIDED
    leader = client_of("leader")
    address = f"/board/?part=units&{DAYS}"
    counts = ("12", "12", "0", "0")
    assert table(leader.get(address)) == [
        (NAMES["heating"], "1", ("90.0 %", "9/10", 0), ("10", "10", "0", "0"), ("100.0 %", "10/10", 0)),
        (NAMES["housing"], "2", ("83.3 %", "10/12", 0), counts, ("100.0 %", "12/12", 0)),
    ]
    before = leader.get(f"/board/?{DAYS}").context
    asked(district, months["second"])  # nobody has decided: nothing changes
    row = granted(district, months["first"])
    granted(district, months["second"], figure="satisfied")
    assert table(leader.get(address)) == [
        (NAMES["housing"], "1", ("90.9 %", "10/11", 1), counts, ("100.0 %", "11/11", 1)),
        (NAMES["heating"], "2", ("90.0 %", "9/10", 0), ("10", "10", "0", "0"), ("100.0 %", "10/10", 0)),
    ]
    after = leader.get(f"/board/?{DAYS}").context
    assert [(one["cohort"], one["rates"], one["standing"]) for one in (before, after)] == [
        (before["cohort"], before["rates"], before["standing"])
    ] * 2
    assert [rate["value"] for rate in after["rates"]][:2] == ["100.0 %", "86.4 %"]  # 19 of 22: the district's own stays
    services.take_back(district.actor("centre_lead", DECIDED), row.pk, {"why": "通告不实。"}, now=DECIDED)
    assert table(leader.get(address))[1] == (
        *(NAMES["housing"], "2", ("83.3 %", "10/12", 0)),
        *(counts, ("100.0 %", "11/11", 1)),
    )


def test_each_part_opens_exactly_what_is_counted_and_the_rest_says_why(
    district: District, months: dict[str, Case], client_of: Enter, clock: Clock
) -> None:
    clock.now = DECIDED
    row = granted(district, months["first"])
    granted(district, months["second"], figure="satisfied")
    leader = client_of("leader")
    (section,) = leader.get(f"/board/?part=units&{DAYS}").context["sections"]
    first = next(one for one in section["rows"] if one["name"] == NAMES["housing"])
    for cell in (first["cells"][1], first["cells"][-1]):
        for part in cell["parts"]:
            query = part["url"].partition("?")[2].replace("tab=all&", "")
            assert leader.get(f"/api/v1/cases/count/?{query}").json() == {"count": int(part["value"])}
    listed = leader.get(first["cells"][1]["left_out"]["url"])
    assert [one.pk for one in listed.context["rows"]] == [row.pk]
    assert listed.context["narrowed"] == ["按期办结率", NAMES["housing"], "平鲁区", "2026年11月1日—2027年1月31日"]
    assert "大雪封路五天" in listed.content.decode()
    rated = leader.get(first["cells"][-1]["left_out"]["url"])
    assert [one.case_id for one in rated.context["rows"]] == [months["second"].pk]
    october = (
        first["cells"][1]["left_out"]["url"].replace("2026-11-01", "2026-10-01").replace("2027-01-31", "2026-10-31")
    )
    assert len(leader.get(october).context["rows"]) == 0


def test_the_page_says_how_ties_stand_what_is_left_out_and_that_the_district_stays(
    district: District, months: dict[str, Case], client_of: Enter, clock: Clock
) -> None:
    clock.now = DECIDED
    granted(district, months["first"])
    told = client_of("leader").get(f"/board/?part=units&{DAYS}").content.decode()
    assert "剔除 1 件" in told and "/board/exclusions/" in told
    assert "两家并列第 1，下一家是第 3" in told and "剔除只影响本表，全区的总数、比率和指标照常计入" in told
    sheet = client_of("leader").get(f"/board/units.csv?{DAYS}")
    lines = list(csv.reader(StringIO(sheet.content.decode("utf-8-sig"))))
    assert lines == [
        [
            *("单位", "名次", "按期办结率", "按期办结率分子", "按期办结率分母", "按期办结率剔除"),
            *("受理", "办结", "在办", "超时", "满意率", "满意率分子", "满意率分母", "满意率剔除"),
        ],
        [NAMES["housing"], "1", "90.9 %", "10", "11", "1", "12", "12", "0", "0", "100.0 %", "12", "12", "0"],
        [NAMES["heating"], "2", "90.0 %", "9", "10", "0", "10", "10", "0", "0", "100.0 %", "10", "10", "0"],
    ]


def test_counts_that_are_kept_and_counts_over_rows_say_the_same_and_the_kept_ones_stay(
    district: District, months: dict[str, Case]
) -> None:
    scope = counting.cases_of(district.actor("leader", DECIDED), DISTRICT, DECIDED)
    before = counting.overview(scope, EVER, DECIDED), counting.by_unit(scope, EVER, DECIDED)
    granted(district, months["first"])
    for _round in range(2):
        assert (counting.overview(scope, EVER, DECIDED), counting.by_unit(scope, EVER, DECIDED)) == before
        kept, rows = (tables.ranked_units(over, EVER, DECIDED) for over in (scope, scope.rows))
        assert kept == rows
        compact()
    assert {row.code: (row.counts["on_time"], row.counts["due_closed"], dict(row.left_out)) for row in kept} == {
        "housing": (10, 11, {"due_closed": 1, "rated": 0}),
        "heating": (9, 10, {}),
    }


def test_it_is_left_out_of_the_unit_it_was_granted_to_and_of_the_round_it_was_asked_about(district: District) -> None:
    d = district
    case = handled(d, rated=3)
    granted(d, case, figure="satisfied")
    scope = counting.cases_of(d.actor("leader", DECIDED), DISTRICT, DECIDED)
    assert counting.excluded_by_unit(scope, EVER, DECIDED) == {
        d.units["housing"].pk: {"due_closed": 0, "on_time": 0, "rated": 1, "satisfied": 1}
    }
    Case.objects.filter(pk=case.pk).update(round=2)
    nothing = dict.fromkeys(("due_closed", "on_time", "rated", "satisfied"), 0)
    assert counting.excluded_by_unit(scope, EVER, DECIDED) == {d.units["housing"].pk: nothing}
    Case.objects.filter(pk=case.pk).update(round=1, lead_unit=d.units["heating"])
    assert counting.excluded_by_unit(scope, EVER, DECIDED) == {d.units["heating"].pk: nothing}


def test_a_board_of_another_area_leaves_nothing_out(district: District, months: dict[str, Case]) -> None:
    granted(district, months["first"])
    there = counting.cases_of(district.actor("leader", DECIDED), "140603101", DECIDED)
    assert counting.excluded_by_unit(there, EVER, DECIDED) == {}


def test_equals_share_a_rank_and_the_next_one_is_free() -> None:
    def unit(code: str, on_time: int, due: int) -> Row:
        return Row(code, code, {"on_time": on_time, "due_closed": due})

    rows = [
        unit("a", 9, 10),
        unit("b", 18, 20),
        unit("c", 17, 20),
        unit("d", 9, 9),
        unit("", 99, 99),
        unit("e", 10, 10),
    ]
    ranked = judged(rows)
    assert [(row.code, place(row, ranked)) for row in ranked] == [("e", 1), ("b", 2), ("a", 2), ("c", 4)]


def test_it_costs_one_statement_however_many(district: District, months: dict[str, Case]) -> None:
    scope = counting.cases_of(district.actor("leader", DECIDED), DISTRICT, DECIDED)
    numbers = []
    for case in (None, months["first"], months["second"]):
        if case:
            granted(district, case)
        with CaptureQueriesContext(connection) as counted:
            tables.ranked_units(scope, EVER, DECIDED)
        numbers.append(len(counted))
    assert numbers == [3, 3, 3]


def test_an_open_board_is_told_of_a_decision(
    district: District, months: dict[str, Case], client_of: Enter, clock: Clock
) -> None:
    clock.now = DECIDED
    leader, address = client_of("leader"), f"/board/?part=units&{DAYS}"
    mark = leader.get(address)["ETag"]
    ask = {"HTTP_HX_REQUEST": "true", "HTTP_IF_NONE_MATCH": mark}
    assert leader.get(address, **ask).status_code == 304
    row = asked(district, months["first"])
    mark = leader.get(address)["ETag"]
    assert mark != ask["HTTP_IF_NONE_MATCH"]
    services.decide(district.actor("supervisor2", DECIDED), row.pk, {"granted": "yes", "answer": "属实。"}, now=DECIDED)
    assert leader.get(address, **{**ask, "HTTP_IF_NONE_MATCH": mark}).status_code == 200


def test_the_api_tells_the_same_rates(
    district: District, months: dict[str, Case], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    clock.now = ASKED
    granted(district, months["first"])
    clock.now = DECIDED
    rows = Phone(district, "supervisor").get("stats/by-unit/").json()
    found = {row["code"]: (row["on_time_rate"], row["left_out"]) for row in rows}
    assert found == {
        "housing": (
            {"value": 90.9, "numerator": 10, "denominator": 11},
            {"on_time_rate": 1, "satisfaction_rate": 0},
        ),
        "heating": ({"value": 90.0, "numerator": 9, "denominator": 10}, {"on_time_rate": 0, "satisfaction_rate": 0}),
    }
