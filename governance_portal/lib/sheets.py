"""Tables in and out: CSV and XLSX as officials have them, without losing rows on the way in or running on the way out.

In: CSV in UTF-8 (with or without BOM), GB18030 or UTF-16, separated by commas, tabs or semicolons, and XLSX. Every row
comes with its line; a row that does not fit comes as ``BadRow`` with a sentence, it is not dropped. A file that cannot
be read at all raises ``BadFile``.

Out: every text is written as text, and one that a spreadsheet could take for a formula is prefixed with an apostrophe
(OWASP "CSV Injection", and its full-width forms). Numbers passed as numbers stay numbers.
"""

import codecs
import csv
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from governance_portal.lib.errors import BadFile as BadFile

LARGEST_SHEET = 20 * 1024 * 1024
"""Bytes of one uploaded table."""

_LARGEST_UNPACKED = 300 * 1024 * 1024
_MOST_COLUMNS = 200
_EXACT_DIGITS = 15
_SHANGHAI = ZoneInfo("Asia/Shanghai")

_STARTS_A_FORMULA = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−\t\r\n")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float | Decimal | bool | date | datetime | time | None


class Writable(Protocol):
    """Anything that takes bytes: an open file, BytesIO, Django's HttpResponse."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that does not fit its header: where it is, what it holds, what to do about it (Chinese)."""

    line: int
    cells: tuple[str, ...]
    problem: str


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_rows(source: str | Path | bytes) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    """(line, row) for each row under the header, blank rows left out; lines count from 1, the header is one of them.

    A row is ``{heading: text}``, trimmed; dates come as 2026-11-21, whole numbers without a decimal point. BadFile when
    the file or its header cannot be read.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not data.strip():
        raise BadFile("文件是空的。请选择填好的表格。")
    if len(data) > LARGEST_SHEET:
        raise BadFile("表格超过 20 MB。请拆分成几个文件导入。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile("这是旧版 Excel 文件（xls）。请另存为 xlsx 或 CSV 后导入。")
    if data.startswith(b"PK\x03\x04"):
        return _fitted(_xlsx_rows(data), short_rows_are_blank=True)
    return _fitted(_csv_rows(_decoded(data)), short_rows_are_blank=False)


def _fitted(
    rows: Iterator[tuple[int, list[str], str]], *, short_rows_are_blank: bool
) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    filled = ((line, cells, problem) for line, cells, problem in rows if any(cells))
    first = next(filled, None)
    if first is None:
        raise BadFile("表格里没有内容。请填好后再导入。")
    header = _checked_header(first[1])
    return _fit_each(filled, header, short_rows_are_blank)


def _fit_each(
    rows: Iterator[tuple[int, list[str], str]], header: list[str], short_rows_are_blank: bool
) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    for line, cells, problem in rows:
        beyond = len(header)
        if not any(cells[beyond:]):
            cells = cells[:beyond]
        if short_rows_are_blank:
            cells = cells + [""] * (beyond - len(cells))
        if len(cells) != beyond:
            problem = f"这一行有 {len(cells)} 列，表头有 {beyond} 列。请检查是否多了或少了分隔符。"
        yield line, BadRow(line, tuple(cells), problem) if problem else dict(zip(header, cells, strict=True))


def _checked_header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if "" in cells:
        raise BadFile(f"表头第 {cells.index('') + 1} 列是空的。请给每一列填上列名。")
    twice = next((name for at, name in enumerate(cells) if name in cells[:at]), None)
    if twice:
        raise BadFile(f"表头里「{twice}」出现了两次。请删去或改名其中一列。")
    if len(cells) > _MOST_COLUMNS:
        raise BadFile(f"表格超过 {_MOST_COLUMNS} 列。请只保留需要导入的列。")
    return cells


def _decoded(data: bytes) -> str:
    """Text of a CSV. UTF-8 is tried before GB18030, which would accept almost anything."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data:
        encodings = ["utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile("看不懂文件的文字编码。请用 WPS 或 Excel 另存为 xlsx 或 UTF-8 编码的 CSV 后导入。")


def _csv_rows(text: str) -> Iterator[tuple[int, list[str], str]]:
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first_line.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells], ""
            line = reader.line_num + 1
    except csv.Error:
        raise BadFile(f"第 {line} 行的引号没有成对，或者单元格太长，后面的内容读不出来。请改正后再导入。") from None


def _xlsx_rows(data: bytes) -> Iterator[tuple[int, list[str], str]]:
    unreadable = BadFile("打不开这个表格。请用 WPS 或 Excel 另存为 xlsx 后再导入。")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if sum(member.file_size for member in package.infolist()) > _LARGEST_UNPACKED:
                raise BadFile("表格展开后太大。请拆分成几个文件导入。")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as problem:
        raise (problem if isinstance(problem, BadFile) else unreadable) from None
    try:
        sheet = book.worksheets[0]
        # Some programs write a wrong extent; then the sheet would end early.
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS + 1, values_only=True), start=1):
            cells = [_read_cell(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            yield line, cells, _lost_digits(values)
    except (KeyError, ValueError, IndexError, SyntaxError, zipfile.BadZipFile) as problem:
        raise unreadable from problem
    finally:
        book.close()


def _read_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, time):
        return f"{value:%H:%M:%S}"
    return str(value).strip()


def _lost_digits(values: Iterable[Any]) -> str:
    """A spreadsheet keeps 15 digits of a number: an ID number typed as a number has lost its end."""
    for column, value in enumerate(values, start=1):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= 10**_EXACT_DIGITS:
            return f"第 {column} 列是超过 15 位的数字，表格软件已经改变了它的末尾。请把这一列设为文本格式后重新填写。"
    return ""


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def neutralise(value: str) -> str:
    """The text with an apostrophe before it when a spreadsheet could run it: ``=1+1`` → ``'=1+1``; else unchanged.

    Looks past leading spaces of any width and invisible characters. Doing it twice changes nothing more.
    """
    first_seen = next((sign for sign in value if sign in _STARTS_A_FORMULA or not _is_invisible(sign)), "")
    return f"'{value}" if first_seen in _STARTS_A_FORMULA else value


def _is_invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}


def write_csv(stream: Writable, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV in UTF-8 with BOM (so that Excel and WPS see Chinese), texts quoted, to a binary stream."""
    for piece in csv_pieces(header, rows):
        stream.write(piece)


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same file line by line, for a streaming answer."""
    yield codecs.BOM_UTF8
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in chain([header], rows):
        writer.writerow([_written_cell(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_xlsx(stream: Writable, header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "数据") -> None:
    """Write an XLSX of one sheet with its heading row frozen to a binary stream. Every text is a text cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "", title)[:31] or "数据")
    sheet.freeze_panes = "A2"
    for row in chain([header], rows):
        sheet.append([_xlsx_cell(sheet, _written_cell(cell)) for cell in row])
    out = BytesIO()
    book.save(out)
    stream.write(out.getvalue())


def _xlsx_cell(sheet: Any, value: str | int | float) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    # Said outright: openpyxl would take "=…" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _written_cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float, Decimal)):
        exact = isfinite(value) and abs(value) < 10**_EXACT_DIGITS
        return (value if isinstance(value, (int, float)) else float(value)) if exact else str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(_SHANGHAI) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return neutralise(_NOT_IN_XML.sub("", str(value)))
