"""Letters after GB/T 9704 (信函格式): whatever somebody writes is printed as it stands, with its type in the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from cases.letters import Form, Letter, Row, answer, docx, pdf, pictures
from cases.letters.letter import clean, title_lines
from tests.supervising.pdf_reading import characters_of, faces_of, streams_of

LETTER = Letter(
    title="关于井坪镇供暖管网漏水事项的问题整改督办函",
    number="平综治督〔2026〕45号",
    addressee="平鲁区住房和城乡建设管理局",
    paragraphs=("你单位承办的事项已超期3个工作日。", "请于2026年11月26日前完成整改。"),
    issuer="平鲁区社会治安综合治理中心",
    issued_on=date(2026, 11, 9),
    attachments=(Form("问题整改情况反馈表", (Row("整改情况", lines=8), Row("受理编号", "26112310000017"))),),
    contact="联系人：赵丽，电话：0349-6070000",
    case_number="26112310000017",
    query_url="https://portal.invalid/query/#n=26112310000017",
)
HOSTILE = '#import "x.typ": y $a^2$ \\ *_粗_* <label> @ref // 注 `raw` ]} #read("/etc/passwd") 𠮷'


def _printed(letter: Letter) -> str:
    return "".join(
        (
            letter.title,
            letter.number,
            letter.addressee,
            *letter.paragraphs,
            letter.issuer,
            letter.contact,
            "2026年11月9日",
        )
    )


def test_every_character_of_the_letter_is_in_the_pdf_and_so_is_its_type() -> None:
    made = pdf(LETTER)
    faces, embedded = faces_of(made)
    assert made.startswith(b"%PDF-") and embedded
    assert faces == {"NotoSerifSC-Regular", "NotoSerifSC-Bold"}
    assert set(_printed(LETTER)) - characters_of(made) - {" "} == set()


def test_hostile_text_is_printed_as_it_stands_and_no_file_is_read() -> None:
    made = pdf(replace(LETTER, paragraphs=(HOSTILE,), title=HOSTILE[:30], contact=HOSTILE, addressee=HOSTILE))
    assert set(HOSTILE) - characters_of(made) - {" "} == set()
    assert not any(b"root:" in stream for stream in streams_of(made))


def test_what_cannot_be_broken_stays_on_the_paper() -> None:
    """A word of 4,000 letters without a place to break would run off the edge: the margin right of it stays white."""
    long = pictures(replace(LETTER, paragraphs=("a" * 4000,)), ppi=40)
    assert len(long) > len(pictures(LETTER, ppi=40))
    for page in long:
        image = Image.open(BytesIO(page)).convert("L")
        band = image.crop((int(image.width * 0.9), int(image.height * 0.2), image.width, int(image.height * 0.85)))
        assert band.getextrema()[0] > 200


def test_the_signature_never_stands_alone_on_a_page() -> None:
    """The last paragraph comes along: a page with nothing but a signature is not a letter (facts §4.0)."""
    for count in range(1, 26):
        letter = replace(
            LETTER, paragraphs=tuple(f"第{n}段。" for n in range(count)), attachments=(), query_url="", contact=""
        )
        last = Image.open(BytesIO(pictures(letter, ppi=40)[-1])).convert("L")
        top = last.crop(
            (int(last.width * 0.13), int(last.height * 0.12), int(last.width * 0.3), int(last.height * 0.9))
        )
        assert top.getextrema()[0] < 150, count


def test_nothing_but_number_and_office_is_in_the_properties_of_pdf_and_word() -> None:
    whole = b"\n".join(streams_of(pdf(LETTER)))
    for secret in ("赵丽", "漏水", "26112310000017"):
        assert secret.encode("utf-16-be") not in whole and secret.encode() not in whole
    about = Document(BytesIO(docx(LETTER))).core_properties
    assert (about.title, about.author, about.last_modified_by, about.comments, about.subject, about.keywords) == (
        "平综治督〔2026〕45号",
        "平鲁区社会治安综合治理中心",
        "平鲁区社会治安综合治理中心",
        "",
        "",
        "",
    )


def test_word_has_the_letters_text_in_its_order_on_a_grid_of_22_by_28() -> None:
    paper = Document(BytesIO(docx(replace(LETTER, paragraphs=(HOSTILE, "第二段\n第三段")))))
    assert [line.text for line in paper.paragraphs if line.text.strip()] == [
        "平鲁区社会治安综合治理中心",
        "平综治督〔2026〕45号",
        "关于井坪镇供暖管网漏水事项的",
        "问题整改督办函",
        "平鲁区住房和城乡建设管理局：",
        HOSTILE,
        "第二段",
        "第三段",
        "附件：问题整改情况反馈表",
        "平鲁区社会治安综合治理中心",
        "2026年11月9日",
        "（联系人：赵丽，电话：0349-6070000）",
        "　受理编号 26112310000017　扫码查询",
        "附件",
        "问题整改情况反馈表",
    ]
    assert [[cell.text for cell in row.cells] for row in paper.tables[0].rows] == [
        ["整改情况", ""],
        ["受理编号", "26112310000017"],
    ]
    section = paper.sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == (
        "linesAndChars",
        "580",
        "-848",
    )
    assert (round(section.left_margin.mm), round(section.page_height.mm)) == (28, 297)
    faces = paper.styles["Normal"].element.rPr.rFonts
    assert {faces.get(qn(f"w:{which}")) for which in ("eastAsia", "ascii", "hAnsi")} == {"仿宋_GB2312"}


def test_what_word_and_typst_cannot_hold_is_left_out_and_nothing_else() -> None:
    assert clean("\x00甲\x0b乙\ud800\u202e丙\ufffe\t丁𠮷😀") == "甲乙丙 丁𠮷😀"
    assert pdf(replace(LETTER, paragraphs=("\x00甲\x0b乙\ud800丙",))).startswith(b"%PDF-")
    assert ZipFile(BytesIO(docx(replace(LETTER, paragraphs=("\x00甲\x0b乙\ud800丙",))))).testzip() is None


def test_a_long_title_breaks_after_a_phrase() -> None:
    assert title_lines("督办函") == ["督办函"]
    assert title_lines("关于对井坪镇东街社区供暖管网漏水事项的问题整改督办函") == [
        "关于对井坪镇东街社区供暖管网漏水事项的",
        "问题整改督办函",
    ]
    assert title_lines("一" * 30) == ["一" * 15, "一" * 15]


def test_the_answer_to_a_browser_is_a_file_that_no_cache_keeps() -> None:
    shown, kept = answer(LETTER, "pdf", "督办函-平综治督〔2026〕45号"), answer(LETTER, "docx", "order")
    assert shown["Content-Type"] == "application/pdf" and shown["Cache-Control"] == kept["Cache-Control"] == "no-store"
    assert shown["Content-Disposition"].startswith("inline; filename*=UTF-8''%E7%9D%A3")
    assert kept["Content-Disposition"] == "attachment; filename*=UTF-8''order.docx"
