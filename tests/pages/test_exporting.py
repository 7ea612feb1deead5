"""Exports: the same rows, rights, columns and dates as on the screen; formulas disarmed; each on record; long ones left."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import AuditEntry
from cases import tasks
from cases.models import Case, Export, ListPreference
from cases.services import clock
from cases.worklist import columns, exporting, saved
from cases.worklist.listing import TABS, Listing
from governance_portal.lib import nudging
from tests.cases.cast import OTHER_STREET, STREET, District, at
from tests.lib.test_sheets import DANGEROUS

ClientOf = Callable[[str], Client]
EVERY_COLUMN = [column.code for column in columns.ALL]


class Shown(HTMLParser):
    """The rows of the list as the screen has them: every text and every full date on hover, by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.depth: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        if tag == "tr" and "data-href" in given_:
            self.rows.append([])
        if tag in ("input", "br", "use", "progress"):
            return
        self.depth.append(tag)
        if self.hidden or "hide" in (given_.get("class") or "").split():
            self.hidden += 1
        if self.rows and "td" in self.depth and given_.get("title") and not self.hidden:
            self.rows[-1].append(str(given_["title"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("input", "br", "use", "progress"):
            return
        self.depth.pop()
        self.hidden = max(0, self.hidden - 1)

    def handle_data(self, data: str) -> None:
        if self.rows and "td" in self.depth and not self.hidden and data.strip() not in ("", "—"):
            self.rows[-1].append(data.strip())


def as_csv(client: Client, query: str = "tab=all") -> list[list[str]]:
    answer = client.post("/cases/export/", {"query": query, "format": "csv"})
    assert answer.status_code == 200, answer
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def as_xlsx(client: Client, query: str = "tab=all") -> list[list[Any]]:
    answer = client.post("/cases/export/", {"query": query, "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]


def a_busy_district(district: District) -> None:
    """Matters in many states, in two streets."""
    plain = district.register(now=at(2))
    late = district.register(now=at(2), reporters=[{"name": "李四"}, {"name": "王五"}], visitor_count=2)
    closed = district.register(now=at(20), kind="hazard", description="窨井盖坏了，请修。")
    district.register(now=at(20), place={"area": OTHER_STREET}, description="路灯不亮。", confidential=True)
    district.register(now=at(20), place={"area": OTHER_STREET}, anonymous=True, reporters=[])
    for case in (late, closed):
        district.move(case, "accept", "clerk", at(3), category="A0102", level="serious") if case is late else None
    district.move(late, "dispatch", "dispatcher", at(3), lead_unit="housing", mode="forward")
    district.move(late, "sign", "handler", at(3))
    district.move(late, "resolve", "handler", at(4), result="换泵", outcome="fulfilled", reply="已修好。")
    district.move(late, "send_back", "supervisor", at(4, 15), note="没有照片")
    district.record(
        late, "order", "supervisor", at(5), kind="urge", demand="三日内办结", deadline="2026-11-10T17:00:00+08:00"
    )
    district.move(closed, "withdraw", "clerk", at(21), note="本人撤回")
    assert plain.status == "registered"


def wide(client: Client) -> None:
    """Show every column there is."""
    client.post("/cases/columns/", {"column": EVERY_COLUMN, "density": "compact", "page_size": "100"})


@pytest.mark.behaviour(27)
def test_an_export_holds_every_column_and_date_that_the_screen_shows(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """behaviours.md 27: what stands in a row on the screen stands in the same row of the sheet."""
    monkeypatch.setattr(columns, "MOST", len(EVERY_COLUMN))
    a_busy_district(district)
    dispatcher = client_of("dispatcher")
    wide(dispatcher)
    for tab in TABS:
        page = dispatcher.get(f"/cases/?tab={tab}")
        shown = Shown()
        shown.feed(page.content.decode())
        for sheet in (as_csv(dispatcher, f"tab={tab}"), as_xlsx(dispatcher, f"tab={tab}")):
            head, *lines = sheet
            assert len(lines) == len(shown.rows) == page.context["total"], tab
            for line, row in zip(lines, shown.rows, strict=True):
                written = " ".join(str(cell) for cell in line)
                # A time of day is said shortly on the screen and in full on hover: the sheet has the full one.
                spoken = re.compile(r"(今天|昨天|明天|\d+月\d+日|\d+年\d+月\d+日) \d\d:\d\d")
                missing = [text for text in row if text not in written and not spoken.fullmatch(text)]
                missing = [text for text in missing if text not in ("（暂定）", "督办中")]
                assert missing == [], (tab, head, line)
            labels = {heading for column in columns.ALL for heading, _key in column.sheet}
            assert set(head) == labels


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tab=st.sampled_from(sorted(TABS)),
    chosen=st.sets(st.sampled_from(EVERY_COLUMN)),
    narrowed=st.sampled_from(["", "kind=appeal", "status=handling", f"area={STREET}", "orders=open", "due=overdue"]),
    sort=st.sampled_from(["newest", "due", "step_last", "status", "level", "area_last", "unit", "nonsense"]),
)
def test_rows_equal_the_count_and_the_screen_s_order_whatever_is_asked(
    district: District, tab: str, chosen: set[str], narrowed: str, sort: str
) -> None:
    if not Case.objects.exists():
        a_busy_district(district)
    actor, now = district.actor("dispatcher"), at(24)
    listing = Listing(QueryDict(f"tab={tab}&{narrowed}&sort={sort}"), actor, now)
    shown = columns.chosen(chosen)
    lines = list(exporting.lines(listing, shown, exporting.keys_of(listing)))
    page = listing.page(100, lambda cases: cases)
    assert [line[0] for line in lines] == [case.number for case in page.cases]
    assert len(lines) == listing.cases.count()
    assert {len(line) for line in lines} <= {len(exporting.head_of(listing, shown))}


@pytest.mark.behaviour(9)
def test_list_totals_and_exports_agree_and_another_street_s_rows_never_appear(
    district: District, client_of: ClientOf
) -> None:
    """behaviours.md 9: page, counts and both sheets show one set of rows, none twice, none of another street."""
    a_busy_district(district)
    district.person("street_clerk", "小吕", "clerk", "street", STREET)
    mine = set(Case.objects.filter(area_code__startswith=STREET).values_list("number", flat=True))
    clerk = client_of("street_clerk")
    page = clerk.get("/cases/?tab=all").context
    assert mine != set(Case.objects.values_list("number", flat=True))
    assert {row["number"] for row in page["rows"]} == mine
    assert page["total"] == len(mine)
    for sheet in (as_csv(clerk), as_xlsx(clerk)):
        numbers = [str(line[0]) for line in sheet[1:]]
        assert sorted(numbers) == sorted(mine)
    # Asked for by name, it is still not theirs.
    assert as_csv(clerk, f"tab=all&area={OTHER_STREET}")[1:] == []


def test_a_long_export_is_written_behind_within_the_same_rights(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "CHUNK", 2)
    monkeypatch.setattr(portal_settings, "MEDIA_ROOT", tmp_path)
    nudged: list[int] = []
    monkeypatch.setattr(tasks.write_export, "apply_async", lambda kwargs, **_how: nudged.append(kwargs["export_id"]))
    a_busy_district(district)
    district.person("street_clerk", "小吕", "clerk", "street", STREET)
    mine = set(Case.objects.filter(area_code__startswith=STREET).values_list("number", flat=True))
    clerk = client_of("street_clerk")
    asked = clerk.post("/cases/export/", {"query": "tab=all", "format": "csv"})
    export = Export.objects.get()
    nudging.nudger().settle()
    assert (asked.url, nudged) == (f"/cases/exports/{export.uid}/", [export.pk])
    waiting = clerk.get(asked.url).content.decode()
    assert ("排队中" in waiting, "hx-trigger" in waiting) == (True, True)
    heard: list[int] = []
    was = Export.objects.filter

    def listening(*args: Any, **kwargs: Any) -> Any:
        heard.extend(Export.objects.all().values_list("done", flat=True))
        return was(*args, **kwargs)

    monkeypatch.setattr(Export.objects, "filter", listening)
    tasks.write_export(export_id=export.pk)
    monkeypatch.undo()
    monkeypatch.setattr(portal_settings, "MEDIA_ROOT", tmp_path)
    export.refresh_from_db()
    assert (export.state, export.done, export.percent) == ("done", len(mine), 100)
    assert any(0 < done < len(mine) for done in heard)
    page = clerk.get(asked.url, headers={"HX-Request": "true"}).content.decode()
    assert ("已写好" in page, "hx-trigger" in page) == (True, False)
    body = b"".join(clerk.get(f"/cases/exports/{export.uid}/file/").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == mine
    assert client_of("dispatcher").get(f"/cases/exports/{export.uid}/file/").status_code == 404
    assert exporting.write(export.pk, timezone.now()) is False
    assert exporting.tidy(timezone.now() + timedelta(hours=25)) == 1
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


def test_an_export_nobody_was_nudged_about_is_found_by_the_minute_s_task(
    district: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(portal_settings, "MEDIA_ROOT", tmp_path)
    a_busy_district(district)
    actor = district.actor("dispatcher")
    shown = columns.chosen(())
    lost = exporting.ask(actor, QueryDict("tab=all"), shown, "xlsx", 5, timezone.now())
    silent = exporting.ask(actor, QueryDict("tab=all"), shown, "csv", 5, timezone.now())
    Export.objects.filter(pk=silent.pk).update(state="running", leased_until=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr(clock, "database_now", timezone.now)
    tasks.tend_lists()
    assert set(Export.objects.values_list("state", flat=True)) == {"done"}
    assert {lost.pk, silent.pk} == set(Export.objects.values_list("pk", flat=True))


def test_who_lost_the_post_gets_nothing_of_an_export_asked_for_before(
    district: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(portal_settings, "MEDIA_ROOT", tmp_path)
    a_busy_district(district)
    asked = exporting.ask(
        district.actor("dispatcher"), QueryDict("tab=all"), columns.chosen(()), "csv", 5, timezone.now()
    )
    Export.objects.filter(pk=asked.pk).update(post_ids=[])
    exporting.write(asked.pk, timezone.now())
    asked.refresh_from_db()
    place = exporting.bytes_of(asked)
    assert place is not None
    assert len(place.read_text(encoding="utf-8-sig").splitlines()) == 1


def test_people_are_masked_in_list_and_sheet(district: District, client_of: ClientOf) -> None:
    a_busy_district(district)
    dispatcher = client_of("dispatcher")
    dispatcher.post("/cases/columns/", {"column": ["reporter"], "density": "compact", "page_size": "30"})
    texts = [dispatcher.get("/cases/?tab=all").content.decode(), str(as_csv(dispatcher)), str(as_xlsx(dispatcher))]
    for text in texts:
        assert not {"张三", "李四", "王五", "13812341234"} & {
            word for word in ("张三", "李四", "王五", "13812341234") if word in text
        }
        assert all(word in text for word in ("张**", "李** 等 2 人", "保密", "匿名"))


@pytest.mark.parametrize("payload", DANGEROUS, ids=repr)
def test_no_payload_becomes_a_formula_in_a_sheet(district: District, client_of: ClientOf, payload: str) -> None:
    case = district.register(description="路灯不亮。")
    Case.objects.filter(pk=case.pk).update(title=f"{payload}x"[:120])
    clerk = client_of("clerk")
    for sheet in (as_csv(clerk), as_xlsx(clerk)):
        for cell in sheet[1]:
            assert exporting.sheets.neutralise(str(cell)) == str(cell)
    answer = clerk.post("/cases/export/", {"query": "tab=all", "format": "xlsx"})
    types = {c.data_type for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows() for c in row}
    assert "f" not in types


def test_every_export_is_in_the_log_without_what_was_searched_for(district: District, client_of: ClientOf) -> None:
    a_busy_district(district)
    as_csv(client_of("dispatcher"), "tab=all&q=路灯&kind=appeal")
    entry = AuditEntry.objects.get(action="export_cases")
    assert entry.username == "dispatcher"
    assert entry.detail["searched"] is True
    assert entry.detail["query"] == "tab=all&kind=appeal"
    assert "路灯" not in str(entry.detail) + entry.target


def test_what_cannot_be_exported_is_refused_in_words(district: District, client_of: ClientOf) -> None:
    answer = client_of("dispatcher").post("/cases/export/", {"query": "tab=all", "format": "pdf"})
    assert (answer.status_code, "请选择导出为" in answer.content.decode()) == (400, True)
    assert not AuditEntry.objects.filter(action="export_cases").exists()
    with pytest.raises(exporting.Incomplete):
        exporting.ask(district.actor("clerk"), QueryDict(""), columns.chosen(()), "csv", 100_001, at(23))
    for _ in range(exporting.MOST_WAITING):
        exporting.ask(district.actor("clerk"), QueryDict(""), columns.chosen(()), "csv", 5_000, at(23))
    with pytest.raises(exporting.TooMany):
        exporting.ask(district.actor("clerk"), QueryDict(""), columns.chosen(()), "csv", 5_000, at(23))


@pytest.mark.behaviour(20)
def test_a_sheet_of_one_and_of_thirty_takes_the_same_queries(district: District, client_of: ClientOf) -> None:
    """behaviours.md 20, for the sheet: no query per row."""
    dispatcher, counted = client_of("dispatcher"), {}
    ListPreference.objects.create(user=district.people["dispatcher"], columns=EVERY_COLUMN[: columns.MOST])
    for rows in (1, 30):
        while Case.objects.count() < rows:
            district.register()
        dispatcher.get("/cases/")
        with CaptureQueriesContext(connection) as asked:
            assert len(as_csv(dispatcher)) == rows + 1
        counted[rows] = len(asked)
    assert counted[1] == counted[30] <= 12


def test_the_sheet_follows_the_columns_each_person_chose(district: District, client_of: ClientOf) -> None:
    district.register()
    dispatcher = client_of("dispatcher")
    dispatcher.post("/cases/columns/", {"column": ["level", "registered"], "density": "comfort", "page_size": "60"})
    assert as_csv(dispatcher)[0] == ["受理编号", "事项", "类别", "等级", "登记时间"]
    assert as_csv(client_of("clerk"))[0] == columns.headings(columns.chosen(()))
    assert saved.preference_of(district.actor("dispatcher")).page_size == 60
