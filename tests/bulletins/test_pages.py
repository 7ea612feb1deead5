"""The pages of the bulletins: who opens what, the course by the buttons, files as one opens them, paper, the API."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import AuditEntry
from cases.bulletins import asking, chores, services
from cases.bulletins.book import xlsx
from cases.bulletins.document import compose
from cases.bulletins.typeset import pdf
from cases.bulletins.word import docx as written
from cases.models import Bulletin, BulletinAsk
from tests.api.phone import Phone
from tests.bulletins.conftest import NOON
from tests.bulletins.figures import golden
from tests.cases.cast import DISTRICT, STREET, District, at

ClientOf = Callable[[str], Client]
Clock = Callable[[datetime], None]
LIST = "/board/bulletins/"


@pytest.fixture
def signed(october: District, draft: Bulletin) -> Bulletin:
    """October's, signed."""
    return services.sign(october.actor("centre_lead", NOON), draft.pk, 1, "平综治〔2026〕18号", now=NOON)


def test_a_draft_is_its_writers_and_what_is_signed_its_areas(
    october: District, draft: Bulletin, client_of: ClientOf, clock: Clock
) -> None:
    clock(NOON)
    page = f"{LIST}{draft.pk}/"
    people = ("supervisor", "centre_lead", "clerk", "dispatcher", "street_chief", "handler", "grid_worker", "auditor")

    def seen() -> dict[str, tuple[int, int]]:
        return {who: (client_of(who).get(LIST).status_code, client_of(who).get(page).status_code) for who in people}

    before = seen()
    services.sign(october.actor("centre_lead", NOON), draft.pk, 1, "", now=NOON)
    nobody = {"handler": (403, 403), "grid_worker": (403, 403), "auditor": (403, 403)}
    assert before == {
        "supervisor": (200, 200),
        "centre_lead": (200, 200),
        "clerk": (200, 404),
        "dispatcher": (200, 404),
        "street_chief": (200, 404),
        **nobody,
    }
    assert seen() == {
        "supervisor": (200, 200),
        "centre_lead": (200, 200),
        "clerk": (200, 200),
        "dispatcher": (200, 200),
        "street_chief": (200, 404),
        **nobody,
    }


def test_the_course_by_its_buttons(october: District, client_of: ClientOf, clock: Clock) -> None:
    clock(NOON)
    supervisor, lead = client_of("supervisor"), client_of("centre_lead")
    asked = supervisor.post(f"{LIST}make/", {"area": DISTRICT, "period": "2026-10"})
    assert (asked.status_code, Bulletin.objects.count()) == (302, 0)
    asking.write(BulletinAsk.objects.get().pk, NOON)
    row = Bulletin.objects.get()
    here = f"{LIST}{row.pk}/"
    assert f'href="{here}"' in supervisor.get(asked["Location"]).content.decode()
    page = supervisor.get(here).content.decode()
    assert "受理调解的矛盾纠纷1件" in page
    assert "表8" in page
    assert 'action="/board/bulletins/make/"' in page
    assert f'{LIST}{row.pk}/sign/"' not in page
    assert f'{LIST}{row.pk}/sign/"' in lead.get(here).content.decode()
    edit = f"{LIST}{row.pk}/edit/advice/"
    assert "本月没有提出改进工作" in supervisor.get(edit).content.decode()
    assert supervisor.post(edit, {"words": "一是建议<b>检修</b>管网99处。"}).status_code == 302
    page = supervisor.get(here).content.decode()
    assert "一是建议&lt;b&gt;检修&lt;/b&gt;管网99处。" in page
    assert "文中的“99”不在本期的统计数字里，请核对。" in page
    assert supervisor.post(f"{LIST}{row.pk}/sign/", {"version": "1"}).status_code == 403
    assert lead.post(f"{LIST}{row.pk}/sign/", {"version": "1", "number": "号" * 41}).status_code == 400
    assert lead.post(f"{LIST}{row.pk}/sign/", {"version": "2"}).status_code == 412
    assert lead.post(f"{LIST}{row.pk}/sign/", {"version": "1", "number": "平综治〔2026〕1号"}).status_code == 302
    assert supervisor.post(f"{LIST}make/", {"area": DISTRICT, "period": "2026-10"}).status_code == 409
    assert supervisor.get(edit).status_code == 409
    assert lead.post(f"{LIST}{row.pk}/correct/", {"correction": " "}).status_code == 400
    assert lead.post(f"{LIST}{row.pk}/correct/", {"correction": "99处应为9处。"}).status_code == 302
    page = client_of("clerk").get(here).content.decode()
    assert "更正（孙主任，2026-11-02）：99处应为9处。" in page
    assert f'{LIST}{row.pk}/correct/"' not in page


def test_what_is_asked_for_wrongly_is_told_at_its_field(october: District, client_of: ClientOf, clock: Clock) -> None:
    clock(NOON)
    supervisor = client_of("supervisor")
    answers = [
        (supervisor.post(f"{LIST}make/", given).status_code)
        for given in (
            {"area": DISTRICT, "period": "2026-11"},
            {"area": DISTRICT, "period": "十月"},
            {"area": "140602", "period": "2026-10"},
            {"area": STREET, "period": "2026-10"},
            {"period": "2026-10"},
        )
    ]
    assert answers == [400, 400, 404, 302, 302]
    assert client_of("clerk").post(f"{LIST}make/", {"period": "2026-10"}).status_code == 403
    chores.make_asked_bulletins(NOON)
    assert sorted(Bulletin.objects.values_list("area_code", flat=True)) == [DISTRICT, STREET]
    pk = Bulletin.objects.get(area_code=DISTRICT).pk
    assert supervisor.post(f"{LIST}{pk}/edit/advice/", {"words": "长" * 4001}).status_code == 400
    assert supervisor.get(f"{LIST}{pk}/edit/weather/").status_code == 404
    assert supervisor.get(f"{LIST}{pk}/file/exe/").status_code == 404


def test_one_goes_to_the_worker_and_its_page_tells_who_writes_how_far_it_is(
    october: District, client_of: ClientOf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(NOON)
    nudged: list[Any] = []
    monkeypatch.setattr("cases.bulletins.acting.nudge", lambda task, **given: nudged.append((task.name, given)))
    supervisor, other = client_of("supervisor"), client_of("supervisor2")
    form = {"area": DISTRICT, "period": "2026-10", "key": str(uuid.uuid4())}
    asked = supervisor.post(f"{LIST}make/", form)
    row = BulletinAsk.objects.get()
    assert (asked["Location"], nudged, str(row.uid)) == (
        f"{LIST}asks/{row.uid}/",
        [("cases.tasks.make_bulletin", {"ask_id": row.pk})],
        form["key"],
    )
    assert other.post(f"{LIST}make/", {**form, "key": str(uuid.uuid4())})["Location"] == asked["Location"]
    assert [client.get(asked["Location"]).status_code for client in (supervisor, other, client_of("clerk"))] == [
        *(200, 200, 404)
    ]
    assert "排队中：0 / 10 部分" in other.get(LIST).content.decode()
    asking.write(row.pk, NOON)
    fragment = supervisor.get(asked["Location"], headers={"HX-Request": "true"}).content.decode()
    here = f"{LIST}{Bulletin.objects.get().pk}/"
    assert ("<html" in fragment, f'href="{here}"' in fragment, "草稿已写好" in fragment) == (False, True, True)
    assert supervisor.post(f"{LIST}make/", form)["Location"] == asked["Location"]
    assert (BulletinAsk.objects.count(), Bulletin.objects.get().version) == (1, 1)
    again = supervisor.post(f"{LIST}make/", {**form, "key": str(uuid.uuid4())})
    page = supervisor.get(here).content.decode()
    assert ("排队中：0 / 10 部分" in page, "按现在的数据重新制表？" in page) == (True, False)
    asking.write(BulletinAsk.objects.latest("pk").pk, NOON)
    assert "已重新制表，数字是现在的" in supervisor.get(again["Location"]).content.decode()
    assert Bulletin.objects.get().version == 2


def test_one_that_was_signed_while_it_waited_says_so(
    october: District, draft: Bulletin, client_of: ClientOf, clock: Clock
) -> None:
    clock(NOON)
    supervisor = client_of("supervisor")
    asked = supervisor.post(f"{LIST}make/", {"area": DISTRICT, "period": "2026-10"})
    services.sign(october.actor("centre_lead", NOON), draft.pk, 1, "", now=NOON)
    assert asking.write(BulletinAsk.objects.get().pk, NOON) is False
    assert services.SIGNED_ALREADY in supervisor.get(asked["Location"]).content.decode()
    assert Bulletin.objects.get().version == 1


def test_word_pdf_and_excel_open_and_say_the_same(signed: Bulletin, client_of: ClientOf, clock: Clock) -> None:
    clock(NOON)
    clerk, page = client_of("clerk"), f"{LIST}{signed.pk}/file/"
    answers = {form: clerk.get(f"{page}{form}/") for form in ("docx", "pdf", "xlsx")}
    names = {form: unquote(answer["Content-Disposition"]) for form, answer in answers.items()}
    assert names["docx"] == "attachment; filename*=UTF-8''平鲁区社会治安综合治理中心工作月报（2026年10月）.docx"
    assert names["pdf"].startswith("inline;")
    paper = docx.Document(BytesIO(answers["docx"].content))
    words = [paragraph.text for paragraph in paper.paragraphs]
    assert words[:3] == ["平鲁区社会治安综合治理中心工作月报", "（2026年10月）", "平综治〔2026〕18号"]
    document = services.document_of(signed)
    assert [words.index(heading) > 0 for heading in document.headings] == [True] * 9
    assert len(paper.tables) == len(document.tables)
    assert [cell.text for cell in paper.tables[0].rows[1].cells] == ["登记（件）", "3", "1", "+200.0%", "—", "—"]
    assert answers["pdf"].content.startswith(b"%PDF")
    book = load_workbook(BytesIO(answers["xlsx"].content))
    assert len(book.sheetnames) == len(document.tables) + 1
    assert [cell.value for cell in book.worksheets[1][3]] == ["登记（件）", 3, 1, 200, "—", "—"]
    assert AuditEntry.objects.filter(action="export_bulletin").count() == 3


def test_heads_of_tables_come_again_and_no_row_is_torn() -> None:
    document = compose(golden(), {}, number="", dated=at(2).date(), state="草稿")
    paper = docx.Document(BytesIO(written(document)))
    for table in paper.tables:
        first, *rest = (row._tr.trPr.xml for row in table.rows)
        assert "w:tblHeader" in first
        assert all("w:cantSplit" in one and "w:tblHeader" not in one for one in rest)
    noted = [table for table, said in zip(paper.tables, document.tables, strict=True) if said.note]
    assert [table.rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next for table in noted] == [True] * len(
        noted
    )
    assert "PAGE" in paper.sections[0].footer._element.xml
    assert "PAGE" in paper.sections[0].even_page_footer._element.xml
    assert paper.paragraphs[0].text == "（草稿，未签发）"


def test_what_an_author_types_is_text_in_every_file() -> None:
    evil = '=HYPERLINK("x")\n#set text(red)\n<w:b/>@SUM(A1)'
    document = compose(golden(), {"advice": evil, "hot": "+1"}, number="=1", dated=at(2).date(), state="")
    words = [paragraph.text for paragraph in docx.Document(BytesIO(written(document))).paragraphs]
    assert [one in words for one in evil.splitlines()] == [True] * 3
    cells = [cell for (cell,) in load_workbook(BytesIO(xlsx(document))).worksheets[0].iter_rows(max_col=1)]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert '\'=HYPERLINK("x")' in [cell.value for cell in cells]
    assert pdf(document).startswith(b"%PDF")


def test_the_golden_month_in_a_sheet_is_numbers() -> None:
    document = compose(golden(), {}, number="", dated=at(2).date(), state="")
    book = load_workbook(BytesIO(xlsx(document)))
    sheet = next(sheet for sheet in book.worksheets if "人民调解月报" in sheet.title)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[-1] == ["合计", 869, 869, 842, 27, 96.9]
    assert sum(row[1] for row in rows[:-1]) == 869
    assert sheet["F3"].number_format == '0.0"%"'


def test_the_paper_has_no_frame_and_is_on_record(signed: Bulletin, client_of: ClientOf, clock: Clock) -> None:
    clock(NOON)
    page = client_of("clerk").get(f"{LIST}{signed.pk}/?paper=1").content.decode()
    assert ('class="rail' in page, page.count("<table")) == (False, len(services.document_of(signed).tables))
    assert re.search(r"平鲁区社会治安综合治理中心<br>2026年11月2日", page)
    assert AuditEntry.objects.filter(action="print_bulletin", target=f"bulletin:{signed.pk}").count() == 1


def test_the_api_reads_what_the_pages_show(october: District, signed: Bulletin, phones: Callable[[str], Phone]) -> None:
    rows = phones("clerk").get("bulletins/?kind=month").json()
    assert [(row["id"], row["period"], row["label"], row["state"]) for row in rows] == [
        (signed.pk, "2026-10", "2026年10月", "signed")
    ]
    whole = phones("clerk").get(f"bulletins/{signed.pk}/").json()
    assert (whole["number"], whole["dated"], whole["corrections"]) == ("平综治〔2026〕18号", "2026-11-02", [])
    assert whole["parts"][0]["tables"][0]["rows"][0][1] == {"words": "3", "number": 3, "form": "count"}
    assert phones("clerk").get("bulletins/?kind=week").status_code == 400
    assert [phones("clerk").get(f"bulletins/{pk}/").status_code for pk in ("x", "999999")] == [404, 404]
    assert phones("street_chief").get(f"bulletins/{signed.pk}/").status_code == 404
