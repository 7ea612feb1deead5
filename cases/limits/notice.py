"""A year's notice of holidays from a table or a JSON file, judged row by row; nothing is written here.

Columns 日期, 类别 (休 or 班), 名称, 依据. A day or a span: `2027-02-05`, `2027-02-05至2027-02-11`, `2月5日至11日`.
JSON: a list of objects with the same names, or `{"年份": 2027, "依据": "…", "安排": [...]}`.
Held against 《全国年节及纪念日放假办法》 (国务院令第795号, 2025-01-01): what the whole country has off must be off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from governance_portal.lib.errors import BadFile
from governance_portal.lib.sheets import BadRow, read_rows
from governance_portal.lib.spoken import WEEKDAYS, date_words

COLUMNS = ("日期", "类别", "名称", "依据")
OFF, WORKED = "休", "班"
KINDS = {OFF: False, "放假": False, "休息": False, WORKED: True, "上班": True, "补班": True}
#: No holiday of a notice has been longer than nine days; a longer span is a slip of the pen.
LONGEST = 12
FIRST_YEAR, LAST_YEAR = 2004, 2199
_DAY = r"(?:(\d{4})\s*[-/.年])?\s*(?:(\d{1,2})\s*[-/.月])?\s*(\d{1,2})\s*日?"
_ONE = re.compile(rf"^{_DAY}$")
_SPAN = re.compile(rf"^{_DAY}\s*(?:至|到|~|～|—|–|--)\s*{_DAY}$")


@dataclass(frozen=True)
class NoticeRow:
    """One line of the notice: from the first to the last day, worked or off."""

    first: date
    last: date
    worked: bool
    name: str
    source: str

    def days(self) -> Iterator[date]:
        """Each of its days."""
        return (date.fromordinal(day) for day in range(self.first.toordinal(), self.last.toordinal() + 1))

    def as_list(self) -> list[Any]:
        """As `CalendarImport.rows` keeps it."""
        return [self.first.isoformat(), self.last.isoformat(), self.worked, self.name, self.source]

    @classmethod
    def from_list(cls, row: list[Any]) -> NoticeRow:
        """Read what `as_list` wrote."""
        return cls(date.fromisoformat(row[0]), date.fromisoformat(row[1]), bool(row[2]), str(row[3]), str(row[4]))


@dataclass
class Notice:
    """What a file says. `problems` are sentences with their line; with any of them nothing may be written."""

    year: int
    rows: list[NoticeRow] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def off(self) -> int:
        """How many days are off by this notice."""
        return sum((row.last - row.first).days + 1 for row in self.rows if not row.worked)

    @property
    def worked(self) -> int:
        """How many weekend days are worked by this notice (调休)."""
        return sum((row.last - row.first).days + 1 for row in self.rows if row.worked)


def read_notice(data: bytes, year: int, source: str = "") -> Notice:
    """Read a file for one year. `source` stands in where a line names none. BadFile when it cannot be read at all."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadFile(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，现在是 {year}。")
    notice = Notice(year)
    taken: dict[date, int] = {}
    for line, cells in _lines(data, year):
        if isinstance(cells, BadRow):
            notice.problems.append((line, cells.problem))
            continue
        source = cells.get("依据", "").strip()[:80] or source
        row, problem = _row(cells, year, source)
        problem = problem or _clash(row, taken)
        if row is None or problem:
            notice.problems.append((line, problem))
            continue
        taken |= dict.fromkeys(row.days(), line)
        notice.rows.append(row)
    if not notice.problems:
        notice.problems += [(0, sentence) for sentence in _missing(notice)]
    notice.rows.sort(key=lambda row: row.first)
    return notice


def _lines(data: bytes, year: int) -> Iterator[tuple[int, Mapping[str, str] | BadRow]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        yield from _json_lines(data, year)
        return
    rows = read_rows(data)
    for line, cells in rows:
        if not isinstance(cells, BadRow) and (missing := [name for name in COLUMNS[:3] if name not in cells]):
            raise BadFile(f"表头缺少“{'”“'.join(missing)}”列；应有：{'、'.join(COLUMNS)}。")
        yield line, cells


def _json_lines(data: bytes, year: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    wrong = BadFile(
        "JSON 应是一列安排，每项写“日期、类别、名称、依据”；或者写成 {“年份”、“依据”、“安排”}。请核对后再导入。"
    )
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise BadFile("这个 JSON 文件读不出来，请核对引号、逗号和括号，并存为 UTF-8。") from problem
    source = ""
    if isinstance(found, dict):
        told = found.get("年份", year)
        if told != year:
            raise BadFile(f"文件写的是 {told} 年，选的是 {year} 年，请核对。")
        source, found = str(found.get("依据", "")), found.get("安排")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise wrong
    if not found:
        raise BadFile("文件里没有安排。请填好后再导入。")
    for line, row in enumerate(found, start=1):
        cells = {str(name): str(value).strip() for name, value in row.items() if value is not None}
        yield line, {"依据": source, **{name: "" for name in COLUMNS[:3]}, **cells}


def _row(cells: Mapping[str, str], year: int, source: str) -> tuple[NoticeRow | None, str]:
    span = read_span(cells["日期"], year)
    if span is None:
        shown = cells["日期"][:30]
        return None, f"日期“{shown}”读不出来，请写成 {year}-02-05，或 {year}-02-05至{year}-02-11。"
    first, last = span
    worked = KINDS.get(cells["类别"].strip())
    if worked is None:
        return None, f"类别“{cells['类别'][:10]}”不对，请填“休”或“班”。"
    if last < first:
        return None, f"{date_words(first)} 至 {date_words(last)} 的先后反了，请核对。"
    if (last - first).days >= LONGEST:
        return (
            None,
            f"{date_words(first)} 至 {date_words(last)} 有 {(last - first).days + 1} 天，放假没有这么长，请核对日期。",
        )
    if not _near(first, last, year):
        return None, f"{date_words(first)} 不属于 {year} 年的安排（只可连着上年 12 月末或下年 1 月初），请核对年份。"
    if not source:
        return None, "没有写依据，请填写通知的名称和文号。"
    row = NoticeRow(first, last, worked, cells["名称"].strip()[:40], source)
    if not worked and not row.name:
        return None, "放假要写名称，如“春节”。"
    if worked:
        plain = [day for day in row.days() if day.weekday() < 5]
        if plain:
            return None, f"{plain[0]} 是星期{WEEKDAYS[plain[0].weekday()]}，本来就上班，不用写“班”；请核对日期。"
    return row, ""


def _near(first: date, last: date, year: int) -> bool:
    return date(year - 1, 12, 25) <= first and last <= date(year + 1, 1, 7) and year in (first.year, last.year)


def _clash(row: NoticeRow | None, taken: Mapping[date, int]) -> str:
    twice = next((day for day in row.days() if day in taken), None) if row else None
    return f"{twice} 在第 {taken[twice]} 行已经写过，请只留一行。" if twice else ""


def read_span(text: str, year: int) -> tuple[date, date] | None:
    """Read a day or a span of days; what is not said of the end is that of the beginning. None where it makes no sense."""
    text = text.strip()
    try:
        if one := _ONE.match(text):
            day = _date(one.groups(), year, None)
            return day, day
        if span := _SPAN.match(text):
            first = _date(span.groups()[:3], year, None)
            return first, _date(span.groups()[3:], first.year, first.month)
    except ValueError:
        pass
    return None


def _date(parts: tuple[str | Any, ...], year: int, month: int | None) -> date:
    if parts[1] is None and (month is None or parts[0] is not None):
        raise ValueError("no month")
    return date(int(parts[0] or year), int(parts[1] or month or 0), int(parts[2]))


# --- what the law has off ---------------------------------------------------------------------------------------


def _missing(notice: Notice) -> list[str]:
    """Sentences for the national holidays that the notice does not have off: a half file would make them worked days."""
    off = {day for row in notice.rows if not row.worked for day in row.days()}
    names: dict[str, list[date]] = {}
    for day, name in _national(notice.year).items():
        if day not in off:
            names.setdefault(name, []).append(day)
    return [
        f"没有写{name}（{'、'.join(f'{day.month}月{day.day}日' for day in days)}）放假。一年的安排要一次导入，请补上。"
        for name, days in names.items()
    ]


@lru_cache(maxsize=16)
def _national(year: int) -> dict[date, str]:
    """The thirteen days that everybody has off (办法第二条); the lunar ones by the calendar, days in lieu left out."""
    found = holidays.country_holidays("CN", years=[year], language="zh_CN")
    said = {day: name for day, name in found.items() if day.year == year and "补假" not in name and "调休" not in name}
    return {day: name for day, name in sorted(said.items()) if "休息日" not in name}


def weekday_base(year: int) -> dict[date, bool]:
    """Each day of a year by its weekday alone: the ground on which a notice is laid."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return {
        first + timedelta(days=at): (first + timedelta(days=at)).weekday() < 5 for at in range((after - first).days)
    }
