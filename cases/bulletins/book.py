"""A bulletin as an Excel book: the text on the first sheet, each table on its own; numbers are numbers, texts are texts."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from cases.bulletins.cells import Cell, Table
from cases.bulletins.document import Document
from cases.letters.letter import clean
from governance_portal.lib.sheets import neutralise

FORMATS = {
    "count": "#,##0",
    "percent": '0.0"%"',
    "change": '+0.0"%";−0.0"%";0.0"%"',
    "points": '+0.0"个百分点";−0.0"个百分点";0.0"个百分点"',
    "days": '0.0"天"',
    "hours": '0.0"小时"',
    "minutes": '0"分钟"',
}
THIN = Side(style="thin", color="999999")
LINES = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="EEF2F7")
#: Characters of a text line on the first sheet.
TEXT_WIDTH = 78


def xlsx(document: Document) -> bytes:
    """Return the book."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = clean(document.issuer)[:255]
    book.properties.title = clean(document.title)[:255]
    _text(book.active, document)
    for table in document.tables:
        _table(book.create_sheet(_name(table.title)), table, document)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", "", clean(title).replace("　", " "))[:31]


def _put(sheet: Any, row: int, column: int, words: str) -> Any:
    """Write a text that no program takes for a formula."""
    cell = sheet.cell(row, column, neutralise(clean(words)))
    cell.data_type = "s"
    return cell


def _text(sheet: Any, document: Document) -> None:
    sheet.title = "正文"
    sheet.column_dimensions["A"].width = TEXT_WIDTH
    subtitle = f"（{document.subtitle}）" + (f"{document.state}，未签发" if document.state else "")
    lines: list[tuple[str, Font, str]] = [
        (document.title, Font(bold=True, size=16), "center"),
        (subtitle, Font(size=12), "center"),
    ]
    if document.number:
        lines.append((document.number, Font(size=12), "center"))
    for heading, part in document.numbered:
        lines.append((heading, Font(bold=True, size=12), "left"))
        lines += [(words, Font(size=11), "left") for words in part.paragraphs]
    day = document.day
    lines.append((f"{document.issuer}　{day.year}年{day.month}月{day.day}日", Font(size=11), "right"))
    lines += [(f"更正（{one.by}，{one.on}）：{one.words}", Font(size=11), "left") for one in document.corrections]
    lines += [(f"说明 {n}. {words}", Font(size=9, color="555555"), "left") for n, words in enumerate(document.notes, 1)]
    for place, (words, font, side) in enumerate(lines, 1):
        cell = _put(sheet, place, 1, words)
        cell.font, cell.alignment = font, Alignment(horizontal=side, vertical="center", wrap_text=True)
        sheet.row_dimensions[place].height = (font.size + 7) * -(-_wide(words) // TEXT_WIDTH)
    _paper(sheet, landscape=False)


def _table(sheet: Any, table: Table, document: Document) -> None:
    many = len(table.columns)
    title = _put(sheet, 1, 1, f"{table.title}（{document.subtitle}）")
    title.font, title.alignment = Font(bold=True, size=13), Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=many)
    sheet.row_dimensions[1].height = 26
    for place, column in enumerate(table.columns, 1):
        cell = _put(sheet, 2, place, column.label)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, LINES
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for line, row in enumerate(table.rows, 3):
        bold = table.summed and line == len(table.rows) + 2
        for place, (one, column) in enumerate(zip(row, table.columns, strict=True), 1):
            cell = _value(sheet, line, place, one)
            cell.border, cell.font = LINES, Font(bold=bold)
            cell.alignment = Alignment(horizontal="left" if column.text else "right", vertical="center", wrap_text=True)
    if table.note:
        _put(sheet, len(table.rows) + 3, 1, f"注：{table.note}").font = Font(size=9, color="555555")
    for place, column in enumerate(table.columns):
        words = [column.label, *(row[place].words for row in table.rows)]
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(40, max(11, 3 + max(map(_wide, words))))
    columns = [sheet.column_dimensions[get_column_letter(place)] for place in range(1, many + 1)]
    missing = _wide(table.title + document.subtitle) * 1.4 - sum(column.width for column in columns)
    for column in columns if missing > 0 else []:  # the title stands over all columns
        column.width += missing / many
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    _paper(sheet, landscape=many > 6)


def _value(sheet: Any, line: int, place: int, one: Cell) -> Any:
    if one.number is None:
        return _put(sheet, line, place, one.words)
    cell = sheet.cell(line, place, one.number)
    cell.number_format = FORMATS[one.form]
    return cell


def _wide(words: str) -> int:
    """The width of a text in half characters."""
    return sum(1 if sign.isascii() else 2 for sign in words)


def _paper(sheet: Any, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
