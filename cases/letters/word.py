"""A letter as Word, for who must edit it before it is sealed: the same measures, with the names of the official type."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from cases.letters.letter import Letter, clean, dated, lines_of, title_lines

FANGSONG, TITLE_SONG = "仿宋_GB2312", "方正小标宋简体"
RED = RGBColor(0xC1, 0x27, 0x2D)
LINE = Pt(29)
#: 22 lines of 28 characters: twentieths of a point from line to line; 4096ths of a point beside a 16 pt character.
LINE_PITCH, CHARACTER_SPACE = "580", "-848"


def docx(letter: Letter) -> bytes:
    """Return the letter as .docx (Office Open XML); its properties name the issuer and the number, nobody else."""
    paper = Document()
    set_page(paper)
    _properties(paper, letter)
    head = add_line(paper, clean(letter.issuer), WD_ALIGN_PARAGRAPH.CENTER, TITLE_SONG, 30, bold=True)
    head.runs[0].font.color.rgb = RED
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _red_rule(head, "thickThinSmallGap")
    add_line(paper, clean(letter.number), WD_ALIGN_PARAGRAPH.RIGHT)
    add_line(paper, "")
    for words in title_lines(clean(letter.title)):
        title = add_line(paper, words, WD_ALIGN_PARAGRAPH.CENTER, TITLE_SONG, 22, bold=True)
        title.paragraph_format.line_spacing = Pt(34)
    add_line(paper, "")
    if letter.addressee:
        add_line(paper, clean(letter.addressee) + "：")
    for text in letter.paragraphs:
        for line in lines_of(text):
            add_line(paper, line, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2)
    names = letter.attachment_names
    if names:
        add_line(paper, "")
        for n, name in enumerate(names, 1):
            count = f"{n}. " if len(names) > 1 else ""
            add_line(paper, f"{'附件：' if n == 1 else '　　　'}{count}{name}", indent=2)
    add_line(paper, "")
    add_line(paper, "")
    for words, spare in ((clean(letter.issuer), 2), (dated(letter.issued_on), 4)):
        add_line(paper, words, WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format.right_indent = Pt(16 * spare)
    if letter.contact:
        add_line(paper, f"（{clean(letter.contact)}）", indent=2)
    if letter.query_url:
        _code(paper, letter)
    for n, form in enumerate(letter.forms, 1):
        add_line(paper, "").runs[0].add_break(WD_BREAK.PAGE)
        add_line(paper, f"附件{n if len(letter.forms) > 1 else ''}")
        add_line(paper, clean(form.title), WD_ALIGN_PARAGRAPH.CENTER, TITLE_SONG, 22, bold=True)
        _table(paper, [(clean(row.label), lines_of(row.value), row.lines) for row in form.rows])
        if form.note:
            add_line(paper, clean(form.note), size=12)
    _page_numbers(paper)
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def set_page(paper: Any) -> None:
    """Set GB/T 9704's sheet on the first section: A4, 22 lines of 28 characters, 三号仿宋."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(16)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), LINE_PITCH)
    grid.set(qn("w:charSpace"), CHARACTER_SPACE)
    section._sectPr.append(grid)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(16)
    set_face(normal, FANGSONG)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = LINE


def _properties(paper: Any, letter: Letter) -> None:
    about = paper.core_properties
    about.author = about.last_modified_by = clean(letter.issuer)[:255]
    about.title = clean(letter.number)[:255]
    about.comments = about.keywords = about.subject = about.category = ""
    about.created = about.modified = datetime(  # noqa: DTZ001  the format keeps a date without zone
        letter.issued_on.year, letter.issued_on.month, letter.issued_on.day
    )
    about.language = "zh-CN"


def add_line(
    paper: Any,
    words: str,
    align: WD_ALIGN_PARAGRAPH | None = None,
    face: str = "",
    size: int = 0,
    *,
    bold: bool = False,
    indent: int = 0,
) -> Paragraph:
    """Add a paragraph of one run; `size` in points, `indent` in characters."""
    paragraph: Paragraph = paper.add_paragraph()
    run = paragraph.add_run(words)
    run.bold = bold or None
    if face:
        set_face(run, face)
    if size:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
    return paragraph


def set_face(owner: Any, face: str) -> None:
    """Name the type for Chinese and for figures: python-docx sets the latter only."""
    owner.font.name = face
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(which), face)


def _red_rule(paragraph: Paragraph, kind: str) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", "24"), ("space", "4"), ("color", "C1272D")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _code(paper: Any, letter: Letter) -> None:
    """The QR, as a picture that every Word can show, and the case's number beside it."""
    kept = BytesIO()
    segno.make(letter.query_url, error="m").save(kept, kind="png", scale=6, border=1)
    kept.seek(0)
    paragraph = add_line(paper, "")
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.add_run().add_picture(kept, width=Mm(24))
    tail = paragraph.add_run(
        f"　受理编号 {clean(letter.case_number)}　扫码查询" if letter.case_number else "　扫码查询"
    )
    tail.font.size = Pt(10)


def _table(paper: Any, rows: list[tuple[str, list[str], int]]) -> None:
    table = paper.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.autofit = False
    for label, value, lines in rows:
        row = table.add_row()
        row.height = Emu(Pt(24) * (lines if not value else max(1, len(value))))
        for cell, words, width in ((row.cells[0], [label], Mm(34)), (row.cells[1], value or [""], Mm(122))):
            cell.width = width
            _fill(cell, words)


def _fill(cell: _Cell, words: list[str]) -> None:
    for n, text in enumerate(words):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(22)
        paragraph.add_run(text).font.size = Pt(14)


def _page_numbers(paper: Any) -> None:
    """第 n 页 共 m 页, counted by Word itself."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        paragraph.add_run(words).font.size = Pt(12)
        if field:
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            run, text = OxmlElement("w:r"), OxmlElement("w:t")
            text.text = "1"
            run.append(text)
            simple.append(run)
            paragraph._p.append(simple)
