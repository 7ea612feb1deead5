"""Tables in and out."""

import codecs
import csv
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from openpyxl import Workbook, load_workbook

from governance_portal.lib import sheets
from governance_portal.lib.sheets import BadFile, BadRow, csv_pieces, neutralise, read_rows, write_csv, write_xlsx

TABLE = "姓名,电话,备注\r\n王小明,13812341234,常住\r\n李四,13912341234,\r\n"
ROWS = [
    (2, {"姓名": "王小明", "电话": "13812341234", "备注": "常住"}),
    (3, {"姓名": "李四", "电话": "13912341234", "备注": ""}),
]

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n@SUM(1)",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    " =1+1",
    "   +1",
    "\u3000=1+1",
    "\u00a0-1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u3000＝1+1",
    " \t@SUM(1)",
    '=HYPERLINK("https://example.org?x="&A1,"点这里")',
    "=cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!D2",
    "@SUM(1+9)*cmd|'/C calc'!A0",
    '=IMPORTXML("https://example.org","//a")',
    '=WEBSERVICE("https://example.org/"&A1)',
    '=DDE("cmd";"/C calc";"x")',
    "﹦1+1",
    "−1+1",
    "=1+1;=2+2",
    '"=1+1',
    "-5",
    "+8613812341234",
]
HARMLESS = [
    "王小明",
    "",
    "1=1",
    "王=李",
    "13812341234",
    "2026-11-21",
    "a@b.cn",
    "'=1+1",
    "（一）",
    '"引号"',
    "说：-5 度",
    "#N/A",
]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ("UTF-8", TABLE.encode()),
        ("UTF-8 with BOM", codecs.BOM_UTF8 + TABLE.encode()),
        ("GB18030", TABLE.encode("gb18030")),
        ("UTF-16 with BOM", TABLE.encode("utf-16")),
        ("UTF-16 big-endian with BOM", codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be")),
        ("UTF-16 without BOM", TABLE.encode("utf-16-le")),
        ("UTF-16 big-endian without BOM", TABLE.encode("utf-16-be")),
        ("tabs, as Excel's Unicode text", TABLE.replace(",", "\t").encode("utf-16")),
        ("semicolons", TABLE.replace(",", ";").encode()),
        ("Unix line ends", TABLE.replace("\r\n", "\n").encode()),
        ("old Macintosh line ends", TABLE.replace("\r\n", "\r").encode()),
        ("no line end at the end", TABLE.encode().rstrip()),
        ("empty columns to the right", TABLE.replace("\r\n", ",,\r\n").encode()),
        ("spaces around", TABLE.replace(",", " , ").encode()),
        ("XLSX", workbook(["姓名", "电话", "备注"], ["王小明", 13812341234, "常住"], ["李四", "13912341234", None])),
    ],
)
def test_a_table_reads_the_same_however_it_was_saved(said: str, data: bytes) -> None:
    assert list(read_rows(data)) == ROWS, said


def test_a_rare_character_only_gb18030_has_is_read() -> None:
    assert list(read_rows("姓名\n㐀𠀀镕\n".encode("gb18030"))) == [(2, {"姓名": "㐀𠀀镕"})]


def test_a_path_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "居民.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    assert (list(read_rows(path)), list(read_rows(str(path)))) == (ROWS, ROWS)


def test_rows_that_do_not_fit_come_with_their_line_and_the_others_too() -> None:
    table = "姓名,电话\n王小明,138\n\n李四\n赵,六,七\n孙,139\n,,\n"
    assert list(read_rows(table.encode())) == [
        (2, {"姓名": "王小明", "电话": "138"}),
        (4, BadRow(4, ("李四",), "这一行有 1 列，表头有 2 列。请检查是否多了或少了分隔符。")),
        (5, BadRow(5, ("赵", "六", "七"), "这一行有 3 列，表头有 2 列。请检查是否多了或少了分隔符。")),
        (6, {"姓名": "孙", "电话": "139"}),
    ]


def test_a_cell_of_several_lines_does_not_shift_the_count() -> None:
    table = '姓名,备注\n王,"第一行\n第二行，有逗号,和""引号"""\n李,好\n'
    assert list(read_rows(table.encode())) == [
        (2, {"姓名": "王", "备注": '第一行\n第二行，有逗号,和"引号"'}),
        (4, {"姓名": "李", "备注": "好"}),
    ]


def test_cells_of_a_workbook_come_as_people_see_them() -> None:
    data = workbook(
        ["项", "值"],
        ["整数", 12],
        ["小数", 12.5],
        ["整数的小数", 13812341234.0],
        ["日期", date(2026, 11, 21)],
        ["时刻", datetime(2026, 11, 21, 9, 30)],  # noqa: DTZ001
        ["钟点", time(9, 30)],
        ["是否", True],
        ["空", None],
        [],
        ["文本", " 前后有空格 "],
    )
    assert [(line, row["值"]) for line, row in read_rows(data) if isinstance(row, dict)] == [
        *[(2, "12"), (3, "12.5"), (4, "13812341234"), (5, "2026-11-21"), (6, "2026-11-21 09:30:00"), (7, "09:30:00")],
        *[(8, "是"), (9, ""), (11, "前后有空格")],
    ]


def test_an_id_number_typed_as_a_number_is_reported_because_its_end_is_lost() -> None:
    data = workbook(["姓名", "身份证号"], ["王", 140603199001011234], ["李", "140603199001011234"])
    assert list(read_rows(data)) == [
        (
            2,
            BadRow(
                2,
                ("王", "140603199001011200"),
                "第 2 列是超过 15 位的数字，表格软件已经改变了它的末尾。请把这一列设为文本格式后重新填写。",
            ),
        ),
        (3, {"姓名": "李", "身份证号": "140603199001011234"}),
    ]


def test_a_row_too_long_in_a_workbook_is_reported() -> None:
    rows = list(read_rows(workbook(["姓名"], ["王", "多出来"], ["李"])))
    assert rows == [
        (2, BadRow(2, ("王", "多出来"), "这一行有 2 列，表头有 1 列。请检查是否多了或少了分隔符。")),
        (3, {"姓名": "李"}),
    ]


def zip_of(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的。请选择填好的表格。"),
        (b" \r\n ", "文件是空的。请选择填好的表格。"),
        (b",,\r\n,,\r\n", "表格里没有内容。请填好后再导入。"),
        (workbook(), "表格里没有内容。请填好后再导入。"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "这是旧版 Excel 文件（xls）。请另存为 xlsx 或 CSV 后导入。",
        ),
        (zip_of(readme=b"hello"), "打不开这个表格。请用 WPS 或 Excel 另存为 xlsx 后再导入。"),
        (b"PK\x03\x04 not really", "打不开这个表格。请用 WPS 或 Excel 另存为 xlsx 后再导入。"),
        ("姓名,,电话\n".encode(), "表头第 2 列是空的。请给每一列填上列名。"),
        ("姓名,电话,姓名\n".encode(), "表头里「姓名」出现了两次。请删去或改名其中一列。"),
        (",".join(f"列{at}" for at in range(201)).encode(), "表格超过 200 列。请只保留需要导入的列。"),
        (
            '姓名,备注\n王,"没有关上\n李,x\n'.encode(),
            "第 2 行的引号没有成对，或者单元格太长，后面的内容读不出来。请改正后再导入。",
        ),
        (
            b"\x81\x20\xff\xff,\x80\n",
            "看不懂文件的文字编码。请用 WPS 或 Excel 另存为 xlsx 或 UTF-8 编码的 CSV 后导入。",
        ),
        (b"a" * (20 * 1024 * 1024 + 1), "表格超过 20 MB。请拆分成几个文件导入。"),
    ],
    ids=range(13),
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile) as raised:
        list(read_rows(data))
    assert raised.value.detail == sentence


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_LARGEST_UNPACKED", 1000)
    with pytest.raises(BadFile) as raised:
        list(read_rows(zip_of(bomb=b"\0" * 1001)))
    assert raised.value.detail == "表格展开后太大。请拆分成几个文件导入。"


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", DANGEROUS)
def test_what_a_spreadsheet_could_run_is_neutralised_once(value: str) -> None:
    if value == '"=1+1':
        # The quotation mark is text here; the writer doubles it, so the cell does not begin with "=".
        assert neutralise(value) == value
        return
    assert neutralise(value) == f"'{value}"
    assert neutralise(neutralise(value)) == f"'{value}"


@pytest.mark.parametrize("value", HARMLESS)
def test_what_is_harmless_stays_as_it_is(value: str) -> None:
    assert neutralise(value) == value


def cells_of_csv(data: bytes) -> list[str]:
    return [cell for row in csv.reader(StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]


def cells_of_xlsx(data: bytes) -> list[str]:
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    return [cell.value or "" for cell in cells]


@pytest.mark.parametrize(("write", "read"), [(write_csv, cells_of_csv), (write_xlsx, cells_of_xlsx)])
def test_no_payload_survives_export_and_reading_again(
    write: Callable[..., None], read: Callable[[bytes], list[str]]
) -> None:
    out = BytesIO()
    write(out, ["=列名", "备注"], [[payload, "正常"] for payload in DANGEROUS])
    cells = read(out.getvalue())
    assert len(cells) == 2 * (len(DANGEROUS) + 1)
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")] == []
    assert [cell for cell in cells if cell == "正常"] == ["正常"] * len(DANGEROUS)


VALUES = [
    *["13812341234", "007", 12, -5, 12.5, Decimal("99.20"), True, False, None, date(2026, 11, 21), time(9, 30)],
    *[datetime(2026, 11, 21, 1, 30, tzinfo=UTC), 140603199001011234, float("nan"), "控\x00制\x0b符", "#N/A"],
]
TEXTS = [
    *["13812341234", "007", "12", "-5", "12.5", "99.2", "是", "否", "", "2026-11-21", "09:30:00"],
    *["2026-11-21 09:30", "140603199001011234", "nan", "控制符", "#N/A"],
]


def test_values_are_written_as_people_read_them() -> None:
    out = BytesIO()
    write_csv(out, ["值"], [[value] for value in VALUES])
    assert out.getvalue().startswith(codecs.BOM_UTF8 + '"值"\r\n"13812341234"\r\n"007"\r\n12\r\n-5\r\n'.encode())
    assert cells_of_csv(out.getvalue()) == ["值", *TEXTS]


def test_numbers_are_numbers_and_texts_are_texts_in_a_workbook() -> None:
    out = BytesIO()
    write_xlsx(out, ["值"], [[value] for value in VALUES], title="统计：2026/11 [全区]")
    sheet = load_workbook(BytesIO(out.getvalue())).worksheets[0]
    numbers = [
        row[0].value for row in sheet.iter_rows(min_row=2) if row[0].data_type == "n" and row[0].value is not None
    ]
    assert (numbers, sheet.title, sheet.freeze_panes) == ([12, -5, 12.5, 99.2], "统计：202611 全区", "A2")


def test_what_was_written_is_read_again() -> None:
    for write in (write_csv, write_xlsx):
        out = BytesIO()
        write(out, ["姓名", "电话", "备注"], [list(row.values()) for _, row in ROWS])
        assert list(read_rows(out.getvalue())) == ROWS


def test_an_answer_can_be_written_to_or_streamed() -> None:
    answer = HttpResponse()
    write_csv(answer, ["姓名"], [["王"]])
    assert answer.content == b"".join(csv_pieces(["姓名"], [["王"]])) == codecs.BOM_UTF8 + '"姓名"\r\n"王"\r\n'.encode()
