"""Files of areas and grids as offices deliver them, read into rows. What is wrong is said, never repaired."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance_portal.lib.errors import BadFile
from governance_portal.lib.sheets import BadRow, read_rows
from grids.choices import GridKind, WorkClass
from grids.codes import code_problem, plain_code

#: Headings by our word for them; the first that is present and not empty counts. Compared in lower case.
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code", "adcode", "代码", "区划代码", "编码", "网格编码"),
    "name": ("name", "名称", "网格名称"),
    "parent": ("parent", "parent_code", "上级", "上级代码"),
    "community": ("community", "community_code", "所属社区", "社区代码", "社区编码"),
    "population": ("population", "人口"),
    "households": ("households", "户数"),
    "kind": ("kind", "网格类型", "类型"),
    "work_class": ("work_class", "工作类别"),
    "extent": ("extent", "区域范围", "范围"),
    "supervising_phone": ("supervising_phone", "监督电话"),
}

#: The wide form of the national table: one line names district, street and community.
WIDE = (("areacode", "area"), ("streetcode", "street"), ("code", "name"))

#: What the short list fields may be called in a file.
WORDS: dict[str, dict[str, str]] = {
    "kind": {label: value for value, label in GridKind.choices} | {value: value for value in GridKind.values},
    "work_class": {label: value for value, label in WorkClass.choices} | {value: value for value in WorkClass.values},
}


@dataclass(frozen=True)
class Row:
    """One area or grid as delivered. ``given`` holds only what the file says; ``boundary`` is a GeoJSON geometry.

    ``shared`` rows are the district and street that every line of the wide form repeats.
    """

    line: int
    code: str
    given: Mapping[str, Any] = field(default_factory=dict)
    boundary: Any = None
    shared: bool = False
    problem: str = ""


def read_delivery(path: Path) -> Iterator[list[Row]]:
    """The file as lines of rows (a wide line holds district, street and community); BadFile if unreadable."""
    if path.suffix.lower() in (".geojson", ".json"):
        return ([row] for row in _features(path))
    return _table(path)


def is_geojson(path: Path) -> bool:
    """By its name, whether the file is GeoJSON and its rows are features."""
    return path.suffix.lower() in (".geojson", ".json")


def _features(path: Path) -> Iterator[Row]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadFile("读不懂这个文件：需要 UTF-8 编码的 GeoJSON。") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise BadFile("文件里没有要素：需要 GeoJSON 的 FeatureCollection。")
    for ordinal, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            yield Row(ordinal, "", problem="要素没有属性，不知道是哪个区域。")
            continue
        properties = {key: _text(value) for key, value in feature["properties"].items()}
        row = _general(ordinal, properties)
        yield Row(row.line, row.code, row.given, feature.get("geometry"), problem=row.problem)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _table(path: Path) -> Iterator[list[Row]]:
    try:
        rows = list(read_rows(path))
    except OSError as error:
        raise BadFile("打不开这个文件，请检查路径。") from error
    if not rows:
        raise BadFile("文件里没有数据行。")
    headings = {heading.lower() for _, cells in rows if not isinstance(cells, BadRow) for heading in cells}
    wide = all(code in headings and name in headings for code, name in WIDE)
    if headings and not wide and (headings.isdisjoint(HEADINGS["code"]) or headings.isdisjoint(HEADINGS["name"])):
        raise BadFile("看不懂表头：需要 code,name（可加 parent），或 areaCode,area,streetCode,street,code,name。")
    return (_line(line, cells, wide) for line, cells in rows)


def _line(line: int, cells: Mapping[str, str] | BadRow, wide: bool) -> list[Row]:
    if isinstance(cells, BadRow):
        return [Row(line, "", problem=cells.problem)]
    return _wide(line, cells) if wide else [_general(line, cells)]


def _lowered(cells: Mapping[str, str]) -> dict[str, str]:
    return {key.strip().lower(): _clean(value) for key, value in cells.items() if key}


def _clean(value: str | None) -> str:
    return (value or "").strip()


def _wide(line: int, cells: Mapping[str, str]) -> list[Row]:
    low = _lowered(cells)
    codes = [plain_code(low.get(code, "")) for code, _ in WIDE]
    names = [low.get(name, "") for _, name in WIDE]
    problem = _wide_problem(codes, names)
    if problem:
        return [Row(line, codes[-1], problem=problem)]
    return [Row(line, code, {"name": name}, shared=len(code) < 12) for code, name in zip(codes, names, strict=True)]


def _wide_problem(codes: list[str], names: list[str]) -> str:
    for code, length, word in zip(codes, (6, 9, 12), ("区县", "街道", "社区"), strict=True):
        problem = code_problem(code, (length,))
        if problem:
            return f"{word}代码：{problem}"
    if not (codes[2].startswith(codes[1]) and codes[1].startswith(codes[0])):
        return "社区、街道、区县三级代码对不上：下级代码要以上级代码开头。"
    empty = [word for name, word in zip(names, ("区县", "街道", "社区"), strict=True) if not name]
    return f"没有{'、'.join(empty)}名称。" if empty else ""


def _general(line: int, cells: Mapping[str, str]) -> Row:
    low = _lowered(cells)
    said = {key: next((low[word] for word in words if low.get(word)), "") for key, words in HEADINGS.items()}
    given: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in said.items():
        if value:
            given[key], problem = _cell(key, value)
            problems += [problem] if problem else []
    return Row(line, given.pop("code", ""), given, problem="".join(problems))


def _cell(key: str, value: str) -> tuple[Any, str]:
    """One cell as we keep it, and what is wrong with it ("" if nothing)."""
    if key in ("code", "parent", "community"):
        return plain_code(value), ""
    if key in WORDS:
        known = WORDS[key].get(value)
        return known, "" if known else f"「{value}」不是可用的类型，请填：{'、'.join(_labels(key))}。"
    if key in ("population", "households"):
        whole = re.fullmatch(r"[0-9]{1,9}", value)
        return (int(value), "") if whole else (None, f"人口、户数要填整数，这里是「{value}」。")
    return value, ""


def _labels(key: str) -> list[str]:
    return [label for value, label in (GridKind.choices if key == "kind" else WorkClass.choices)]
