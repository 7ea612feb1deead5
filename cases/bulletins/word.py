"""A bulletin as Word: the sheet and the type of the letters (GB/T 9704), tables whose heads come again on each page."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import docx as python_docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cases.bulletins.cells import Column, Table
from cases.bulletins.document import Document
from cases.letters.letter import clean, dated, title_lines
from cases.letters.word import TITLE_SONG, add_line, set_face, set_page

HEITI, KAITI, SONGTI = "黑体", "楷体_GB2312", "宋体"
#: The width of the type area.
WIDTH = 156
#: A table of so many rows stays on one page; a longer one is broken between rows.
KEPT_WHOLE = 20


def docx(document: Document) -> bytes:
    """Return the bulletin as .docx; its properties name the issuer and the title, nobody else."""
    paper = python_docx.Document()
    set_page(paper)
    _without_grid(paper)
    _properties(paper, document)
    if document.state:
        add_line(paper, f"（{document.state}，未签发）", WD_ALIGN_PARAGRAPH.RIGHT, KAITI, 14)
    for words in title_lines(clean(document.title)):
        add_line(paper, words, WD_ALIGN_PARAGRAPH.CENTER, TITLE_SONG, 22, bold=True).paragraph_format.line_spacing = Pt(
            34
        )
    add_line(paper, f"（{clean(document.subtitle)}）", WD_ALIGN_PARAGRAPH.CENTER, KAITI)
    if document.number:
        add_line(paper, clean(document.number), WD_ALIGN_PARAGRAPH.CENTER)
    add_line(paper, "")
    for heading, part in document.numbered:
        head = add_line(paper, heading, face=HEITI, indent=2)
        head.paragraph_format.keep_with_next = True
        for words in part.paragraphs:
            add_line(paper, clean(words), WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2)
        for table in part.tables:
            _table(paper, table)
    if document.parts and not document.parts[-1].tables:  # the signature does not stand alone on a page
        paper.paragraphs[-1].paragraph_format.keep_with_next = True
    add_line(paper, "").paragraph_format.keep_with_next = True
    for words, spare in ((clean(document.issuer), 2), (dated(document.day), 4)):
        line = add_line(paper, words, WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = Pt(16 * spare)
        line.paragraph_format.keep_with_next = spare == 2
    for one in document.corrections:
        add_line(paper, f"更正（{one.by}，{one.on}）：{clean(one.words)}", WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2)
    _notes(paper, document)
    _page_numbers(paper)
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def _without_grid(paper: Any) -> None:
    """Leave the letter's grid of characters out: in a table it would pull the words apart."""
    about = paper.sections[0]._sectPr
    for grid in about.findall(qn("w:docGrid")):
        about.remove(grid)


def _properties(paper: Any, document: Document) -> None:
    about = paper.core_properties
    about.author = about.last_modified_by = clean(document.issuer)[:255]
    about.title = clean(f"{document.title}（{document.subtitle}）")[:255]
    about.comments = about.keywords = about.subject = about.category = ""
    day = document.day
    about.created = about.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001  the format keeps no zone
    about.language = "zh-CN"


def _table(paper: Any, table: Table) -> None:
    title = add_line(paper, clean(table.title), WD_ALIGN_PARAGRAPH.CENTER, HEITI, 12)
    title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_before = Pt(8)
    title.paragraph_format.line_spacing = Pt(22)
    grid = paper.add_table(rows=0, cols=len(table.columns))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths(table.columns)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    _row(grid, [column.label for column in table.columns], table.columns, widths, head=True)
    whole = len(table.rows) <= KEPT_WHOLE
    for place, row in enumerate(table.rows):
        last = place == len(table.rows) - 1
        words = [cell.words for cell in row]
        _row(
            grid,
            words,
            table.columns,
            widths,
            bold=last and table.summed,
            keep=whole and (not last or bool(table.note)),
        )
    after = add_line(paper, clean(f"注：{table.note}") if table.note else "", size=10)
    after.paragraph_format.line_spacing = Pt(18 if table.note else 10)


def _widths(columns: tuple[Column, ...]) -> list[float]:
    whole = sum(column.wide for column in columns)
    return [WIDTH * column.wide / whole for column in columns]


def _row(
    grid: Any,
    words: list[str],
    columns: tuple[Column, ...],
    widths: list[float],
    *,
    head: bool = False,
    bold: bool = False,
    keep: bool = False,
) -> None:
    row = grid.add_row()
    about = row._tr.get_or_add_trPr()
    about.append(OxmlElement("w:cantSplit"))
    if head:
        about.append(OxmlElement("w:tblHeader"))
    for cell, text, column, width in zip(row.cells, words, columns, widths, strict=True):
        cell.width, cell.vertical_alignment = Mm(width), WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = Pt(18)
        paragraph.paragraph_format.keep_with_next = head or keep
        aligned = WD_ALIGN_PARAGRAPH.LEFT if column.text else WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if head else aligned
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = Pt(10.5), bold or None
        if head:
            set_face(run, HEITI)
            _shade(cell)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF2F7")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _notes(paper: Any, document: Document) -> None:
    for place, words in enumerate(document.notes):
        line = add_line(paper, f"{'说明：' if place == 0 else ''}{place + 1}. {clean(words)}", size=10)
        line.paragraph_format.line_spacing = Pt(16)
        line.paragraph_format.space_before = Pt(16 if place == 0 else 0)


def _page_numbers(paper: Any) -> None:
    """— 1 — in 四号宋体, on the right of odd pages and on the left of even ones (GB/T 9704 §7.5)."""
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        for words in ("— ", None, " —"):
            if words is not None:
                run = paragraph.add_run(words)
                run.font.size = Pt(14)
                set_face(run, SONGTI)
                continue
            simple, run, text = (OxmlElement(f"w:{name}") for name in ("fldSimple", "r", "t"))
            simple.set(qn("w:instr"), "PAGE")
            about, size = OxmlElement("w:rPr"), OxmlElement("w:sz")
            size.set(qn("w:val"), "28")
            about.append(size)
            text.text = "1"
            run.append(about)
            run.append(text)
            simple.append(run)
            paragraph._p.append(simple)
