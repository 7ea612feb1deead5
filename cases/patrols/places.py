"""Places as people write them: lines of a form, rows of a sheet, each with its grid by code or name; no person is named."""

from __future__ import annotations

from dataclasses import dataclass

from cases.needs import is_storable
from governance_portal.lib.errors import BadFile, Incomplete
from governance_portal.lib.masking import mask_text
from governance_portal.lib.sheets import BadRow, read_rows
from grids.models import Grid

NAME_LIMIT, PLACE_LIMIT = 60, 120
#: Points of a plan that are typed, rows of a campaign's sheet.
MOST_TYPED, MOST_ROWS = 60, 3000
NAMES = ("名称", "点位", "场所", "单位", "地点名称", "店名")
PLACES = ("地点", "地址", "位置", "详细地址")
GRIDS = ("网格", "网格编码", "网格名称", "所属网格")
WANTED = "表头要有“名称”和“网格”两列（网格写编码或名称），可以有“地点”一列。"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what it is called, where, and in which grid (None: in every one)."""

    name: str
    place: str
    grid_id: int | None
    grid_code: str = ""


class GridNames:
    """The active grids of an area by code and by name; one statement."""

    def __init__(self, area_code: str) -> None:
        rows = list(Grid.objects.active().within(area_code).values_list("pk", "code", "name"))
        self._codes = {code: (pk, code) for pk, code, _name in rows}
        self._names: dict[str, list[tuple[int, str]]] = {}
        for pk, code, name in rows:
            self._names.setdefault(name, []).append((pk, code))

    def find(self, words: str) -> tuple[int, str]:
        """Return id and code of the grid; ValueError with a sentence when there is none, or two of that name."""
        if words in self._codes:
            return self._codes[words]
        found = self._names.get(words, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"有 {len(found)} 个网格都叫“{words}”，请写网格编码。")
        raise ValueError(f"范围内没有网格“{words[:40]}”，请核对名称或写 15 位编码。")


def checked(name: str, place: str, grid: str, grids: GridNames, *, grid_needed: bool) -> Place:
    """Return one place; ValueError with a sentence."""
    name, place, grid = (" ".join(part.split()) for part in (name, place, grid))
    if not name:
        raise ValueError("没有写名称。")
    if len(name) > NAME_LIMIT or len(place) > PLACE_LIMIT or not is_storable(name + place):
        raise ValueError(f"名称最多 {NAME_LIMIT} 字，地点最多 {PLACE_LIMIT} 字。")
    if not grid and grid_needed:
        raise ValueError("没有写网格。")
    pk, code = grids.find(grid) if grid else (None, "")
    return Place(mask_text(name), mask_text(place), pk, code)


def typed(text: str, area_code: str) -> list[Place]:
    """Return the points typed one a line as 「名称，地点，网格」, the last two optional; Incomplete beside `points`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_TYPED:
        raise Incomplete(
            {"points": [f"点位最多 {MOST_TYPED} 个，现在有 {len(lines)} 个；更多的请做成专项，导入清单。"]}
        )
    grids = GridNames(area_code) if lines else None
    found: list[Place] = []
    wrong = []
    for number, line in enumerate(lines, start=1):
        parts = [part.strip() for part in line.replace(",", "，").split("，")]
        try:
            if len(parts) > 3 or grids is None:
                raise ValueError("一行最多三项：名称，地点，网格。")
            name, place, grid = [*parts, "", ""][:3]
            one = checked(name, place, grid, grids, grid_needed=False)
            if one in found:
                raise ValueError("和前面的一行相同。")
            found.append(one)
        except ValueError as problem:
            wrong.append(f"第 {number} 行：{problem}")
    if wrong:
        raise Incomplete({"points": wrong[:10]})
    return found


def read_sheet(content: bytes, area_code: str) -> tuple[list[tuple[int, Place]], list[tuple[int, str]]]:
    """Return the rows of a campaign's list that can be taken, each with its line, and the problems of the others.

    Incomplete beside `sheet` for a file that cannot be read, or without the columns.
    """
    grids = GridNames(area_code)
    good: list[tuple[int, Place]] = []
    wrong: list[tuple[int, str]] = []
    seen: set[Place] = set()
    try:
        for line, row in read_rows(content):
            if len(good) + len(wrong) >= MOST_ROWS:
                raise Incomplete({"sheet": [f"一次最多 {MOST_ROWS} 行，请分几次导入。"]})
            if isinstance(row, BadRow):
                wrong.append((line, row.problem))
                continue
            if not any(name in row for name in NAMES) or not any(name in row for name in GRIDS):
                raise Incomplete({"sheet": [f"没有读到需要的列。{WANTED}"]})
            try:
                one = checked(_cell(row, NAMES), _cell(row, PLACES), _cell(row, GRIDS), grids, grid_needed=True)
                if one in seen:
                    raise ValueError("和前面的一行相同，不重复列入。")
            except ValueError as problem:
                wrong.append((line, str(problem)))
                continue
            seen.add(one)
            good.append((line, one))
    except BadFile as bad:
        raise Incomplete({"sheet": [bad.detail]}) from bad
    if not good and not wrong:
        raise Incomplete({"sheet": [f"表格里没有内容。{WANTED}"]})
    return good, wrong


def _cell(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
