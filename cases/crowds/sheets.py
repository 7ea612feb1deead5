"""Sub-items from a sheet: two columns, where and what; the header may call them as people do."""

from __future__ import annotations

from cases.crowds.preparing import MOST
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.sheets import BadFile, BadRow, read_rows

PLACES = ("地点", "学校", "小区", "单位", "村", "社区", "名称")
CONTENTS = ("内容", "子项", "房间", "教室", "户号", "事项", "楼栋")


def lines_of(content: bytes) -> str:
    """Return the sheet as the lines that the record `items` takes: `地点，内容`.

    Incomplete beside `sheet` with a sentence: a file that cannot be read, no such columns, a row that does not fit.
    """
    lines: list[str] = []
    try:
        for line, row in read_rows(content):
            if isinstance(row, BadRow):
                raise Incomplete({"sheet": [f"第 {line} 行：{row.problem}"]})
            place, what = _cell(row, PLACES), _cell(row, CONTENTS)
            if not place or not what:
                wanted = "表头要有“地点”和“内容”两列，每行两格都要填。"
                raise Incomplete({"sheet": [f"第 {line} 行没有读到地点和内容。{wanted}"]})
            lines.append(f"{_plain(place)}，{_plain(what)}")
            if len(lines) > MOST:
                raise Incomplete({"sheet": [f"一次最多 {MOST} 行，请分成几件。"]})
    except BadFile as wrong:
        raise Incomplete({"sheet": [str(wrong)]}) from wrong
    if not lines:
        raise Incomplete({"sheet": ["表格里没有内容。第一行写“地点”“内容”，下面一行一项。"]})
    return "\n".join(lines)


def _cell(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _plain(text: str) -> str:
    """One line without the sign that divides the two."""
    return " ".join(text.replace("，", "、").replace(",", "、").replace("；", "、").replace(";", "、").split())
