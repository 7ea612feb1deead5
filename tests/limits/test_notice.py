"""A year's notice is read row by row: spans, kinds, names, bases; every error has its line and says what to do."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cases.limits.notice import NoticeRow, read_notice, read_span
from governance_portal.lib.errors import BadFile
from tests.limits.notice_2027 import ROWS, SOURCE, as_csv


def test_a_sheet_is_read_with_spans_and_the_basis_of_the_row_above() -> None:
    notice = read_notice(as_csv(), 2027)
    assert notice.problems == []
    assert (notice.off, notice.worked) == (3 + 1 + 7 + 3 + 5 + 1 + 1 + 7, 3)
    assert notice.rows[:3] == [
        NoticeRow(date(2027, 1, 1), date(2027, 1, 3), False, "元旦", SOURCE),
        NoticeRow(date(2027, 1, 4), date(2027, 1, 4), False, "元旦（虚构的补休）", SOURCE),
        NoticeRow(date(2027, 1, 9), date(2027, 1, 9), True, "元旦调休", SOURCE),
    ]
    assert notice.rows[-2] == NoticeRow(date(2027, 10, 1), date(2027, 10, 7), False, "国庆节", SOURCE)


def test_a_json_file_says_the_same() -> None:
    rows = [dict(zip(("日期", "类别", "名称"), row, strict=False)) for row in ROWS]
    whole = json.dumps({"年份": 2027, "依据": SOURCE, "安排": rows}, ensure_ascii=False).encode()
    plain = json.dumps([{**row, "依据": SOURCE} for row in rows]).encode()
    assert read_notice(whole, 2027) == read_notice(plain, 2027) == read_notice(as_csv(), 2027)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2027-02-05", (date(2027, 2, 5), date(2027, 2, 5))),
        ("2027/2/5", (date(2027, 2, 5), date(2027, 2, 5))),
        ("2027年2月5日", (date(2027, 2, 5), date(2027, 2, 5))),
        ("2月5日", (date(2027, 2, 5), date(2027, 2, 5))),
        ("2027-02-05至2027-02-11", (date(2027, 2, 5), date(2027, 2, 11))),
        ("2027年2月5日至11日", (date(2027, 2, 5), date(2027, 2, 11))),
        ("4月30日～5月4日", (date(2027, 4, 30), date(2027, 5, 4))),
        ("2026-12-31 至 2027-01-02", (date(2026, 12, 31), date(2027, 1, 2))),
        ("2027-02-30", None),
        ("5日", None),
        ("二月五日", None),
        ("", None),
    ],
)
def test_days_and_spans_are_read_as_people_write_them(text: str, span: tuple[date, date] | None) -> None:
    assert read_span(text, 2027) == span


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("2027-13-01", "休", "x", ""), "日期“2027-13-01”读不出来，请写成 2027-02-05，或 2027-02-05至2027-02-11。"),
        (("2027-03-08", "假", "x", ""), "类别“假”不对，请填“休”或“班”。"),
        (("2027-03-08", "休", "", ""), "放假要写名称，如“春节”。"),
        (("2027-03-08", "班", "", ""), "2027-03-08 是星期一，本来就上班，不用写“班”；请核对日期。"),
        (("2027-03-09至2027-03-08", "休", "x", ""), "2027年3月9日 至 2027年3月8日 的先后反了，请核对。"),
        (
            ("2027-03-01至2027-03-20", "休", "x", ""),
            "2027年3月1日 至 2027年3月20日 有 20 天，放假没有这么长，请核对日期。",
        ),
        (
            ("2026-03-08", "休", "x", ""),
            "2026年3月8日 不属于 2027 年的安排（只可连着上年 12 月末或下年 1 月初），请核对年份。",
        ),
        (("2027-01-02", "休", "元旦", ""), "2027-01-02 在第 2 行已经写过，请只留一行。"),
        (("2027-03-08", "休"), "这一行有 2 列，表头有 4 列。请检查是否多了或少了分隔符。"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_with_its_line(row: tuple[str, ...], sentence: str) -> None:
    notice = read_notice(as_csv((*ROWS, row)), 2027)
    assert notice.problems == [(len(ROWS) + 2, sentence)]


def test_every_faulty_row_is_told_at_once() -> None:
    notice = read_notice(as_csv((*ROWS, ("?", "休", "x", ""), ("2027-03-08", "?", "x", ""))), 2027)
    assert [line for line, _ in notice.problems] == [len(ROWS) + 2, len(ROWS) + 3]


def test_a_holiday_that_the_law_gives_must_not_be_missing() -> None:
    notice = read_notice(as_csv(tuple(row for row in ROWS if row[2] not in ("国庆节", "端午节"))), 2027)
    assert notice.problems == [
        (0, "没有写端午节（6月9日）放假。一年的安排要一次导入，请补上。"),
        (0, "没有写国庆节（10月1日、10月2日、10月3日）放假。一年的安排要一次导入，请补上。"),
    ]


def test_a_basis_must_be_said_once() -> None:
    bare = tuple((*row[:3], "") for row in ROWS)
    assert read_notice(as_csv(bare), 2027).problems[0] == (2, "没有写依据，请填写通知的名称和文号。")
    assert read_notice(as_csv(bare), 2027, SOURCE).rows == read_notice(as_csv(), 2027).rows


@pytest.mark.parametrize(
    ("data", "year", "sentence"),
    [
        (b"", 2027, "文件是空的。请选择填好的表格。"),
        ("日期,名称\n2027-01-01,元旦".encode(), 2027, "表头缺少“类别”列；应有：日期、类别、名称、依据。"),
        (b"[", 2027, "这个 JSON 文件读不出来，请核对引号、逗号和括号，并存为 UTF-8。"),
        (
            b"[1]",
            2027,
            "JSON 应是一列安排，每项写“日期、类别、名称、依据”；或者写成 {“年份”、“依据”、“安排”}。请核对后再导入。",
        ),
        (b"[]", 2027, "文件里没有安排。请填好后再导入。"),
        ('{"年份": 2026, "安排": []}'.encode(), 2027, "文件写的是 2026 年，选的是 2027 年，请核对。"),
        (b"x", 1999, "年份应在 2004 至 2199 之间，现在是 1999。"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, year: int, sentence: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_notice(data, year)
    assert refused.value.detail == sentence
