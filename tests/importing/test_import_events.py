"""Another system's table comes in through the one door: once, with its damaged rows listed and the rest taken."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from cases.fold import COLUMNS, fold
from cases.models import Case, Event, Outbox
from cases.policies import calendar
from cases.services.importing import import_events, load_mapping
from governance_portal.lib.errors import BadFile
from grids.reports import Remark
from grids.services import import_areas
from tests.cases.cast import at

MAPPING = load_mapping(Path("cases/data/mappings/pingshan_2018.toml"))
NOW = at(23)
COLUMN_NAMES = [
    *("REC_ID", "CREATE_TIME", "STREET_NAME", "COMMUNITY_NAME", "OCCUR_PLACE", "DISPOSE_UNIT_NAME", "DISPOSE_UNIT_ID"),
    *("INTIME_ARCHIVE_NUM", "OVERTIME_ARCHIVE_NUM", "EVENT_PROPERTY_NAME", "EVENT_SRC_NAME"),
    *("EVENT_TYPE_NAME", "MAIN_TYPE_NAME", "SUB_TYPE_NAME"),
]


def row(number: int, **changed: str) -> dict[str, str]:
    """An invented row of the file's shape."""
    plain = {
        "REC_ID": str(number),
        "CREATE_TIME": "2018-06-04 11:01:22",
        "STREET_NAME": "坪山街道",
        "COMMUNITY_NAME": "六联社区",
        "OCCUR_PLACE": "-",
        "DISPOSE_UNIT_NAME": "城市管理局",
        "DISPOSE_UNIT_ID": "181",
        "INTIME_ARCHIVE_NUM": "1",
        "OVERTIME_ARCHIVE_NUM": "0",
        "EVENT_PROPERTY_NAME": "投诉",
        "EVENT_SRC_NAME": "12345",
        "EVENT_TYPE_NAME": "市容环卫",
        "MAIN_TYPE_NAME": "环境卫生",
        "SUB_TYPE_NAME": "垃圾未及时清运",
    }
    return {**plain, **changed}


def table(rows: list[dict[str, str]], encoding: str = "gb18030") -> bytes:
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMN_NAMES)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def everything() -> dict[str, Any]:
    """What a second import must leave as it is."""
    return {
        "cases": list(Case.objects.order_by("pk").values()),
        "events": list(Event.objects.order_by("pk").values("pk", "hash")),
    }


def test_a_finished_row_becomes_a_closed_case_with_no_invented_closing_time(pingshan: None) -> None:
    report = import_events(table([row(7)]), MAPPING, now=NOW, dry_run=False)
    case = Case.objects.select_related("lead_unit").get()
    assert (report.new, report.rejected) == (["7"], [])
    assert (case.status, case.import_on_time, case.closed_at, case.registered_at) == (
        "closed",
        True,
        None,
        at(4, 11, 1, month=6, year=2018).replace(second=22),
    )
    assert (case.area_code, case.channel, case.category_code, case.number[:7]) == (
        "440310001001",
        "hotline",
        "A04",
        "1806044",
    )
    assert case.lead_unit is not None
    assert case.lead_unit.name == "城市管理局"
    state = fold(case.events.order_by("seq"), calendar())
    assert {name: getattr(case, name) for name in COLUMNS} == {name: getattr(state, name) for name in COLUMNS}


def test_a_row_that_its_source_did_not_finish_stays_open(pingshan: None) -> None:
    import_events(table([row(7, INTIME_ARCHIVE_NUM="-", OVERTIME_ARCHIVE_NUM="-")]), MAPPING, now=NOW, dry_run=False)
    assert list(Case.objects.values_list("status", "import_on_time")) == [("registered", None)]


def test_nobody_is_told_of_matters_that_were_finished_elsewhere(pingshan: None) -> None:
    import_events(table([row(7)]), MAPPING, now=NOW, dry_run=False)
    assert Outbox.objects.filter(sent_at__isnull=True).count() == 0


def test_a_dry_run_reports_and_writes_nothing(pingshan: None) -> None:
    report = import_events(table([row(7), row(8, STREET_NAME="火星街道")]), MAPPING, now=NOW, dry_run=True)
    assert list(report.lines()) == [
        "事项：新增 1，变更 0，不变 0，拒收 1。",
        "拒收 第 3 行（8）：本区没有“火星街道”这个街道；请核对名称。",
    ]
    assert Case.objects.count() == 0


def test_the_same_file_a_second_time_changes_nothing(pingshan: None) -> None:
    data = table([row(number) for number in range(1, 6)])
    import_events(data, MAPPING, now=NOW, dry_run=False)
    before = everything()
    report = import_events(data, MAPPING, now=at(24), dry_run=False)
    assert (report.new, report.unchanged, everything()) == ([], ["1", "2", "3", "4", "5"], before)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_is_found_out(pingshan: None, encoding: str) -> None:
    import_events(table([row(7)], encoding), MAPPING, now=NOW, dry_run=False)
    assert Case.objects.get().title == "垃圾未及时清运"


DAMAGE: list[tuple[dict[str, str], str]] = [
    ({"REC_ID": "-"}, "没有来源编号，无法防止重复导入；请补上编号。"),
    ({"REC_ID": "投诉，市容"}, "来源编号“投诉，市容”不像编号；请核对这一行是否错位。"),
    ({"REC_ID": "1"}, "来源编号 1 与第 2 行重复；请核对后只留一行。"),
    ({"CREATE_TIME": "-"}, "登记时间“”读不出来；请写成 2018-06-04 11:01:22 的样子。"),
    ({"CREATE_TIME": "六月四日"}, "登记时间“六月四日”读不出来；请写成 2018-06-04 11:01:22 的样子。"),
    (
        {"CREATE_TIME": "2018-13-44 11:00:00"},
        "登记时间“2018-13-44 11:00:00”读不出来；请写成 2018-06-04 11:01:22 的样子。",
    ),
    ({"CREATE_TIME": "2081-06-04 11:00:00"}, "登记时间 2081-06-04 11:00:00 在现在之后；请核对。"),
    ({"STREET_NAME": "火星街道"}, "本区没有“火星街道”这个街道；请核对名称。"),
    ({"COMMUNITY_NAME": "月亮社区"}, "坪山街道没有“月亮社区”这个社区；请核对名称。"),
    ({"STREET_NAME": "-"}, "有社区“六联社区”而没有街道；请补上街道。"),
    ({"INTIME_ARCHIVE_NUM": "是"}, "按期标记“是/0”应为 0 或 1；请核对。"),
    ({"OVERTIME_ARCHIVE_NUM": "1"}, "同时标记了按期和超期；请核对。"),
    ({"EVENT_PROPERTY_NAME": "诉说"}, "“诉说”不在对照表的 EVENT_PROPERTY_NAME 中；请在对照文件里补上，或改正这一行。"),
]


def test_forty_damaged_rows_are_listed_with_line_and_reason_and_the_rest_goes_in(pingshan: None) -> None:
    rows = [row(number) for number in range(1, 61)]
    expected = []
    for place in range(40):
        damage, reason = DAMAGE[place % len(DAMAGE)]
        damaged = row(1000 + place, **damage)
        rows.append(damaged)
        number = "" if damaged["REC_ID"] == "-" else damaged["REC_ID"]
        expected.append(Remark(len(rows) + 1, damaged["REC_ID"] if number else "-", reason))
    report = import_events(table(rows), MAPPING, now=NOW, dry_run=False)
    assert report.rejected == expected
    assert (len(report.new), Case.objects.count(), Event.objects.count()) == (60, 60, 120)


def test_a_file_without_a_column_that_is_needed_is_refused_whole(pingshan: None) -> None:
    with pytest.raises(BadFile) as refused:
        import_events("编号,时间\n1,2018-06-04\n".encode(), MAPPING, now=NOW, dry_run=False)
    assert str(refused.value).startswith("表格缺少这些列：REC_ID、CREATE_TIME")


@pytest.fixture
def real_rows(shared_data: Path, db: None) -> Iterator[tuple[bytes, list[dict[str, str]]]]:
    """The real file: the first 250 rows, all 5,000 with LONG=1."""
    import_areas(shared_data / "divisions" / "six_districts_villages.csv", district="440310")
    lines = (shared_data / "events" / "pingshan_2018_first_half.csv").read_text(encoding="gb18030").splitlines()
    if os.environ.get("LONG") != "1":
        lines = lines[:251]
    yield "\n".join(lines).encode("gb18030"), list(csv.DictReader(lines))


def test_the_real_rows_come_in_twice_and_count_as_the_file_counts(
    real_rows: tuple[bytes, list[dict[str, str]]],
) -> None:
    data, rows = real_rows
    import_events(data, MAPPING, now=NOW, dry_run=False)
    before = everything()
    second = import_events(data, MAPPING, now=NOW, dry_run=False)
    assert (len(second.unchanged), second.rejected, everything() == before) == (len(rows), [], True)

    names = dict(Counter(r["DISPOSE_UNIT_NAME"] for r in rows))
    unfinished = [r for r in rows if r["INTIME_ARCHIVE_NUM"] == "-"]
    for r in unfinished:
        names[r["DISPOSE_UNIT_NAME"]] -= 1
    names.pop("-", None)
    by_unit = Case.objects.exclude(lead_unit=None).values_list("lead_unit__name").annotate(n=Count("id"))
    assert dict(by_unit) == {name: n for name, n in names.items() if n}

    flags = Counter({"1": True, "0": False}.get(r["INTIME_ARCHIVE_NUM"]) for r in rows)
    assert dict(Case.objects.values_list("import_on_time").annotate(n=Count("id"))) == dict(flags)

    from_areas = Counter(case.area_code[:9] for case in Case.objects.all())
    street_codes = {"-": "440310", "坪山街道": "440310001", "马峦街道": "440310002", "碧岭街道": "440310003"}
    street_codes |= {"石井街道": "440310004", "坑梓街道": "440310005", "龙田街道": "440310006"}
    assert from_areas == Counter(street_codes[r["STREET_NAME"]] for r in rows)
