"""The builder's pages: ready tables, names and sharing, what is refused and how it is said, files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry, Post
from cases import tasks
from cases.models import SavedTable, TableExport
from cases.tabling import counting, exporting
from cases.tabling.asking import read_text
from cases.tabling.ready import READY
from cases.tabling.steps import window_of
from tests.cases.cast import OTHER_STREET, STREET, District, at
from tests.tabling.conftest import NOW, ClientOf, a_full_district

pytestmark = pytest.mark.django_db
MAKE = "/board/tables/make/"
EVERYTHING = "rows=street&columns=channel&period=ever"


@pytest.fixture
def full(district: District) -> District:
    """The district with its matters, and a leader of one street."""
    a_full_district(district)
    district.person("street_lead", "镇长", "leader", "street", STREET, lead=True)
    return district


def shown(table: dict[str, object]) -> list[list[str]]:
    """What a table reads, head, rows and foot."""
    found = [[table["first"], *(head["label"] for head in table["heads"])]]  # type: ignore[attr-defined]
    for row in (*table["rows"], {"name": table["total_label"], **table["foot"]}):  # type: ignore[dict-item, misc]
        cells = [*row["cells"], row["total"]] if row["total"] else row["cells"]
        found.append([row["name"], *(cell["words"] for cell in cells)])
    return found  # type: ignore[return-value]


def test_six_ready_tables_open_with_one_click(full: District, client_of: ClientOf) -> None:
    leader = client_of("centre_lead")
    page = leader.get("/board/tables/")
    assert [one["name"] for one in page.context["ready"]] == [one.name for one in READY]
    assert len(READY) == 6
    for one in page.context["ready"]:
        answer = leader.get(one["url"])
        assert (one["name"], answer.status_code, bool(answer.context["table"]["rows"])) == (one["name"], 200, True)


def test_a_table_says_what_there_is(full: District, client_of: ClientOf) -> None:
    answer = client_of("centre_lead").get(f"{MAKE}?{EVERYTHING}")
    assert shown(answer.context["table"]) == [
        ["街道", "窗口来访", "12345 热线"],
        ["井坪镇", "6", "1", "7"],
        ["凤凰城镇", "1", "0", "1"],
        ["平鲁区（未落到街道）", "1", "0", "1"],
        ["合计", "8", "1", "9"],
    ]
    page = answer.content.decode()
    assert "行列互换" in page
    assert "可能让人认出当事人" in page
    inner = client_of("centre_lead").get(f"{MAKE}?{EVERYTHING}", headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in page, "<html" in inner, "<table" in inner) == (True, False, True)


def test_rates_show_their_fraction_and_totals_are_counted_anew(full: District, client_of: ClientOf) -> None:
    query = "rows=kind&measure=closure_rate&measure=accepted&period=ever"
    table = client_of("centre_lead").get(f"{MAKE}?{query}").context["table"]
    told = [(row["name"], row["cells"][0]["words"], row["cells"][0]["counts"]) for row in table["rows"]]
    assert told == [
        ("民生诉求", "66.7 %", [2, 3]),
        ("矛盾纠纷", "100.0 %", [1, 1]),
        ("安全隐患", "0.0 %", [0, 1]),
    ]
    assert (table["foot"]["cells"][0]["words"], table["foot"]["cells"][0]["counts"]) == ("60.0 %", [3, 5])
    none = client_of("centre_lead").get(f"{MAKE}?rows=kind&measure=resolution_rate&period=ever").context["table"]
    assert [(row["name"], row["cells"][0]["words"]) for row in none["rows"]] == [("矛盾纠纷", "100.0 %")]
    zeros = client_of("centre_lead").get(f"{MAKE}?rows=kind&measure=resolution_rate&period=ever&zeros=show")
    assert [row["cells"][0]["words"] for row in zeros.context["table"]["rows"]] == ["—", "—", "100.0 %", "—", "—"]


def test_people_who_came_are_added_up(full: District, client_of: ClientOf) -> None:
    table = client_of("centre_lead").get(f"{MAKE}?rows=channel&measure=visitors&period=ever").context["table"]
    assert shown(table) == [["来源渠道", "人次"], ["窗口来访", "14"], ["12345 热线", "1"], ["合计", "15"]]


def test_a_table_asks_as_many_statements_for_few_rows_as_for_many(full: District, client_of: ClientOf) -> None:
    leader, asked = client_of("centre_lead"), []
    for query in ("rows=registered_day&columns=unit&period=day", "rows=registered_day&columns=unit&period=ever"):
        leader.get(f"{MAKE}?{query}")
        with CaptureQueriesContext(
            connection,
        ) as statements:
            leader.get(f"{MAKE}?{query}")
        asked.append(len(statements))
    assert asked[0] + 1 >= asked[1]  # the names of the units, where there are any


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("rows=street&columns=street", "行和列不能是同一项，请换一项。"),
        ("rows=moon", "没有这一行的项目，请从“行”里选一项。"),
        ("measure=moon", "没有这个数字，请从“统计什么”里选。"),
        ("columns=street&measure=open&measure=closed", "有列的时候一次统计一个数字"),
        ("period=custom&from=2026-11-31", "请按“2026-11-21”的样子填写日期。"),
        ("period=custom&from=2026-11-20&to=2026-11-02", "起始日期晚于截止日期。"),
        ("level=purple", "“等级”的条件看不懂，请重新选。"),
        ("area=moon", "没有这个区域，请从“区域”里选。"),
    ],
)
def test_what_cannot_be_asked_is_said_in_its_place(
    full: District, client_of: ClientOf, query: str, sentence: str
) -> None:
    leader = client_of("centre_lead")
    for headers in ({}, {"HX-Request": "true"}):
        answer = leader.get(f"{MAKE}?{query}", headers=headers)
        assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    problem = leader.get(f"/api/v1/stats/table/?{query}")
    said = (problem.status_code, sentence in problem.content.decode())
    assert said == ((404, False) if query.startswith("area") else (400, True))  # what is not in sight comes first


def test_the_form_forgets_further_numbers_when_columns_are_chosen(full: District, client_of: ClientOf) -> None:
    query = "form=1&rows=street&columns=channel&measure=registered&measure=open&period=ever"
    assert client_of("centre_lead").get(f"{MAKE}?{query}").context["asked"].measures == ("registered",)


def test_who_works_in_no_area_is_told_so(full: District, client_of: ClientOf) -> None:
    for path in ("/board/tables/", MAKE, "/api/v1/stats/table/"):
        assert client_of("handler").get(path).status_code == 403
    assert client_of("street_lead").get(f"{MAKE}?area=140603").status_code == 404


# --- names and sharing ------------------------------------------------------------------------------------------


def keep(client: object, name: str = "街道表", query: str = EVERYTHING, **more: str) -> int:
    answer = client.post("/board/tables/save/", {"name": name, "query": query, "share": "nobody", **more})  # type: ignore[attr-defined]
    assert answer.status_code == 302, answer.content.decode()
    return int(SavedTable.objects.latest("pk").pk)


def test_a_shared_table_is_counted_over_what_its_reader_sees(full: District, client_of: ClientOf) -> None:
    leader, other = client_of("centre_lead"), client_of("street_lead")
    pk = keep(leader, share="role", role="leader")
    mine, theirs = (one.get(f"/board/tables/{pk}/") for one in (leader, other))
    assert mine.context["table"]["foot"]["total"]["words"] == "9"
    assert theirs.context["table"]["foot"]["total"]["words"] == "7"
    assert "由孙主任共享给领导" in theirs.content.decode()
    assert "按您能看到的事项统计" in theirs.content.decode()
    fixed = keep(leader, "另一条街", f"rows=channel&period=ever&area={OTHER_STREET}", share="role", role="leader")
    page = other.get(f"/board/tables/{fixed}/")
    assert "不在您的管辖范围内，下面按您的辖区统计" in page.content.decode()
    assert page.context["table"]["foot"]["cells"][0]["words"] == "7"


def test_whom_a_table_is_shared_with_finds_it_and_nobody_else(full: District, client_of: ClientOf) -> None:
    full.person("housing_chief", "马局", "leader", "housing", lead=True)
    readers = ("centre_lead", "supervisor", "street_lead", "housing_chief")
    clients = {name: client_of(name) for name in readers}
    found = {}
    for share, more in (
        ("nobody", {}),
        ("unit", {}),
        ("centre", {}),
        ("role", {"role": "supervisor"}),
    ):
        pk = keep(clients["centre_lead"], f"表{share}", share=share, **more)
        found[share] = [name for name in readers if clients[name].get(f"/board/tables/{pk}/").status_code == 200]
        listed = [
            name for name in readers if f"/board/tables/{pk}/" in clients[name].get("/board/tables/").content.decode()
        ]
        assert listed == found[share]
    assert found == {
        "nobody": ["centre_lead"],
        "unit": ["centre_lead", "supervisor"],
        "centre": ["centre_lead", "supervisor"],
        "role": ["centre_lead", "supervisor"],
    }
    for share in ("centre", "role"):
        body = {"name": "不行", "query": EVERYTHING, "share": share, "role": "leader"}
        answer = clients["street_lead"].post("/board/tables/save/", body)
        assert (answer.status_code, "由中心的人来做" in answer.content.decode()) == (403, True)
    unit = full.units["centre"].pk
    answer = clients["street_lead"].post(
        "/board/tables/save/", {"name": "不行", "query": EVERYTHING, "share": "unit", "unit": str(unit)}
    )
    assert (answer.status_code, "只能共享给您所在的单位" in answer.content.decode()) == (403, True)


def test_a_table_is_renamed_renewed_copied_and_removed(full: District, client_of: ClientOf) -> None:
    leader, second = client_of("centre_lead"), client_of("supervisor")
    pk = keep(leader, share="unit")
    body = {"name": "  街道  和来源 ", "query": "rows=channel&period=year", "share": "unit"}
    assert leader.post(f"/board/tables/{pk}/change/", body).status_code == 302
    row = SavedTable.objects.get(pk=pk)
    assert (row.name, read_text(row.query)) == ("街道 和来源", read_text(EVERYTHING))
    leader.post(f"/board/tables/{pk}/change/", {**body, "renew": "on"})
    assert read_text(SavedTable.objects.get(pk=pk).query) == read_text("rows=channel&period=year")
    refused = second.post(f"/board/tables/{pk}/change/", body)
    assert (refused.status_code, "这张表是孙主任的，您可以另存一份再改。" in refused.content.decode()) == (403, True)
    assert second.post(f"/board/tables/{pk}/remove/").status_code == 403
    for _ in range(2):
        second.post(f"/board/tables/{pk}/copy/")
    names = SavedTable.objects.filter(owner=full.people["supervisor"]).values_list("name", "share").order_by("pk")
    assert list(names) == [("街道 和来源", "nobody"), ("街道 和来源（2）", "nobody")]
    assert client_of("street_lead").post(f"/board/tables/{pk}/copy/").status_code == 404
    assert leader.post(f"/board/tables/{pk}/remove/").status_code == 302
    assert second.get(f"/board/tables/{pk}/").status_code == 404


def test_a_name_that_is_none_or_taken_is_said_at_the_name(full: District, client_of: ClientOf) -> None:
    leader = client_of("centre_lead")
    keep(leader)
    for name, sentence in (
        (" ", "请给统计表起个名字。"),
        ("长" * 31, "名称最多 30 字。"),
        ("街道表", "您已有同名的统计表，请换一个名字。"),
    ):
        answer = leader.post("/board/tables/save/", {"name": name, "query": EVERYTHING, "share": "nobody"})
        assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert SavedTable.objects.count() == 1


def test_a_period_by_name_goes_with_the_days_and_given_days_stay(
    full: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = client_of("centre_lead")
    moving = keep(leader, "本月", "rows=kind&period=month")
    fixed = keep(leader, "十一月上旬", "rows=kind&period=custom&from=2026-11-01&to=2026-11-10")
    totals = []
    for moment in (NOW, at(2, month=12)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        leader = client_of("centre_lead")
        tables = [leader.get(f"/board/tables/{pk}/").context["table"] for pk in (moving, fixed)]
        totals.append([table["foot"]["cells"][0]["number"] for table in tables])
    assert totals == [[6, 2], [0, 2]]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("last_week", (2026, 2, 16), (2026, 2, 22)),
        ("last_month", (2026, 1, 1), (2026, 1, 31)),
        ("last_quarter", (2025, 10, 1), (2025, 12, 31)),
        ("last_year", (2025, 1, 1), (2025, 12, 31)),
        ("twelve_months", (2025, 3, 1), (2026, 2, 28)),
        ("quarter", (2026, 1, 1), (2026, 2, 28)),
    ],
)
def test_periods_that_are_over_are_whole(period: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    today = at(28, month=2).date()
    window = window_of(period, today, None, None)
    assert (window.first, window.last) == (today.replace(*first), today.replace(*last))


# --- files ------------------------------------------------------------------------------------------------------


def test_a_small_table_is_a_file_at_once_and_on_record(full: District, client_of: ClientOf) -> None:
    leader = client_of("centre_lead")
    query = "rows=kind&measure=closure_rate&measure=accepted&period=ever"
    answer = leader.post("/board/tables/export/", {"query": query, "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["事项大类", "办结率（%）", "办结率分子", "办结率分母", "受理"],
        ["民生诉求", "66.7", "2", "3", "3"],
        ["矛盾纠纷", "100.0", "1", "1", "1"],
        ["安全隐患", "0.0", "0", "1", "1"],
        ["全部", "60.0", "3", "5", "5"],
        [],
        ["统计表", "事项大类：办结率、受理"],
        ["区域", "平鲁区"],
        ["时间", "全部时间"],
        ["口径", "办结率：办结 ÷ 受理，按登记时间"],
        ["口径", rows[10][1]],
        ["说明", "按导出人能看到的事项统计，数据截至 2026-11-23 16:00；比率的合计按分子、分母重新计算。"],
    ]
    answer = leader.post("/board/tables/export/", {"query": EVERYTHING, "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["井坪镇", 6, 1, 7]
    entries = AuditEntry.objects.filter(action="export_table").order_by("pk")
    assert [(one.target, parse_qs(one.detail["query"])["rows"], one.detail["cells"]) for one in entries] == [
        ("事项大类：办结率、受理", ["kind"], 3),
        ("街道 × 来源渠道：登记", ["street"], 6),
    ]
    refused = leader.post("/board/tables/export/", {"query": query, "format": "exe"})
    assert (refused.status_code, "请选择导出为 Excel 还是 CSV。" in refused.content.decode()) == (400, True)


@pytest.fixture
def long_ones(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object) -> Path:
    """A page shows four cells at most; files go to a folder of their own."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(counting, "PAGE_CELLS", 4)
    return tmp_path / "tables"


def ask_long(client: object) -> TableExport:
    answer = client.post("/board/tables/export/", {"query": EVERYTHING, "format": "csv"})  # type: ignore[attr-defined]
    assert answer.status_code == 302
    return TableExport.objects.latest("pk")


def test_a_long_table_is_written_in_the_background(full: District, client_of: ClientOf, long_ones: Path) -> None:
    leader = client_of("centre_lead")
    page = leader.get(f"{MAKE}?{EVERYTHING}")
    assert page.context["table"] is None
    assert (
        "页面上最多 4 格。请换粗一些的行或列、缩短时间、缩小区域；确实要全部的，请导出为文件。" in page.content.decode()
    )
    export = ask_long(leader)
    path = f"/board/tables/exports/{export.uid}/"
    assert "排队中" in leader.get(path, headers={"HX-Request": "true"}).content.decode()
    tasks.write_table(export_id=export.pk)
    assert "已写好，4 行" in leader.get(path).content.decode()
    answer = leader.get(f"{path}file/")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[:5] == [
        ["街道", "窗口来访", "12345 热线", "合计"],
        ["井坪镇", "6", "1", "7"],
        ["凤凰城镇", "1", "0", "1"],
        ["平鲁区（未落到街道）", "1", "0", "1"],
        ["合计", "8", "1", "9"],
    ]
    second = client_of("supervisor")
    assert [second.get(address).status_code for address in (path, f"{path}file/")] == [404, 404]
    assert AuditEntry.objects.get(action="export_table").detail["long"] is True


def test_a_writer_that_was_killed_is_followed_by_one_and_the_file_is_made_once(
    full: District, client_of: ClientOf, long_ones: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = client_of("centre_lead")
    export = ask_long(leader)

    def killed(*_args: object) -> str:
        long_ones.mkdir(exist_ok=True)
        (long_ones / f"{export.uid.hex}-half.csv").write_text("街道,")
        raise KeyboardInterrupt

    with monkeypatch.context() as within:
        within.setattr(exporting, "_written_to_disk", killed)
        with pytest.raises(KeyboardInterrupt):
            exporting.write(export.pk, NOW)
    assert exporting.waiting(NOW) == []  # somebody seems to be writing
    assert not exporting.write(export.pk, NOW)
    later = NOW + exporting.LEASE + timedelta(seconds=1)
    assert exporting.waiting(later) == [export.pk]
    tasks_of_two = [exporting.write(export.pk, later), exporting.write(export.pk, later)]
    export.refresh_from_db()
    assert (tasks_of_two, export.state) == ([True, False], "done")
    assert [place.name for place in long_ones.iterdir()] == [Path(export.path).name]


def test_a_writer_that_was_slow_does_not_undo_who_took_over(
    full: District, client_of: ClientOf, long_ones: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask_long(client_of("centre_lead"))
    later = NOW + exporting.LEASE + timedelta(seconds=1)
    whole = exporting._written_to_disk

    def slow(row: TableExport, now: object) -> str:
        monkeypatch.setattr(exporting, "_written_to_disk", whole)
        TableExport.objects.filter(pk=row.pk).update(leased_until=NOW)
        assert exporting.write(row.pk, later)
        return whole(row, NOW)

    monkeypatch.setattr(exporting, "_written_to_disk", slow)
    assert not exporting.write(export.pk, NOW)
    export.refresh_from_db()
    assert export.state == "done"
    assert [place.name for place in long_ones.iterdir()] == [Path(export.path).name]


def test_a_file_is_made_over_what_its_asker_may_see_when_it_is_made(
    full: District, client_of: ClientOf, long_ones: Path
) -> None:
    leader = client_of("centre_lead")
    export = ask_long(leader)
    Post.objects.filter(user=full.people["centre_lead"]).update(ends_on=at(1).date())
    exporting.write(export.pk, NOW)
    export.refresh_from_db()
    assert (export.state, export.said) == (
        "failed",
        "统计数字由管一片区域的岗位查看；您的岗位办理单件事项，请看工作台。",
    )


def test_files_go_after_a_week_and_three_may_wait(full: District, client_of: ClientOf, long_ones: Path) -> None:
    leader = client_of("centre_lead")
    exports = [ask_long(leader) for _ in range(3)]
    answer = leader.post("/board/tables/export/", {"query": EVERYTHING, "format": "csv"})
    assert (answer.status_code, "您已有几份统计表正在写" in answer.content.decode()) == (429, True)
    tasks.tend_lists()
    assert set(TableExport.objects.values_list("state", flat=True)) == {"done"}
    assert len(list(long_ones.iterdir())) == len(exports)
    assert exporting.tidy(NOW + timedelta(days=6)) == 0
    assert exporting.tidy(NOW + timedelta(days=8)) == 3
    assert (list(long_ones.iterdir()), TableExport.objects.count()) == ([], 0)


# --- over the API -----------------------------------------------------------------------------------------------


def test_the_api_answers_the_same_table(full: District, client_of: ClientOf) -> None:
    leader = client_of("centre_lead")
    found = leader.get("/api/v1/stats/table/?rows=kind&measure=closure_rate&period=custom&from=2026-11-01").json()
    query = "tab=all&figure=closed&from=2026-11-01&area=140603"
    assert found == {
        "name": "事项大类：办结率",
        "area": "140603",
        "from": "2026-11-01",
        "to": None,
        "columns": [{"key": "closure_rate", "name": "办结率"}],
        "rows": [
            {
                "key": "appeal",
                "name": "民生诉求",
                "cells": [{"value": 100.0, "numerator": 2, "denominator": 2, "query": f"{query}&kind=appeal"}],
                "total": None,
            },
            {
                "key": "hazard",
                "name": "安全隐患",
                "cells": [{"value": 0.0, "numerator": 0, "denominator": 1, "query": ""}],
                "total": None,
            },
        ],
        "totals": {
            "key": "",
            "name": "全部",
            "cells": [{"value": 66.7, "numerator": 2, "denominator": 3, "query": query}],
            "total": None,
        },
    }
    assert leader.get(f"/api/v1/cases/count/?{query}&kind=appeal").json() == {"count": 2}
