"""What the records of a joint matter make of what they were given (共性诉求和子项; facts §8 row 3.16: 34 schools, 477 rooms).

Preparers of the door, like those of `cases.services.preparing`; rows go with the event in one transaction. An event keeps
numbers and counts, the rows keep the words; nobody's name or telephone belongs into either and numbers are masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases.models import Crowd, SubItem
from governance_portal.lib.errors import Incomplete, NotNow
from governance_portal.lib.masking import mask_text

if TYPE_CHECKING:
    from cases.services.door import Turn

Preparer = Callable[["Turn", dict[str, Any]], dict[str, Any] | None]
MEASURE = "项"
#: More pieces than these are not one matter any more.
MOST = 3000
PLACE_LENGTH, WHAT_LENGTH = 60, 120
_BETWEEN = re.compile(r"[,，;；\t]")
_RANGE = re.compile(r"(\d{1,6})(?:[-—~～至到](\d{1,6}))?")


def standing(turn: Turn) -> Crowd | None:
    """Return the joint matter that this case stands for now."""
    return Crowd.objects.select_for_update().filter(case=turn.case, ended_at__isnull=True).first()


def _crowd(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """Begin a joint matter, or give it another name (`was` keeps the one before); what was told before stays the first resident's."""
    name, measure = mask_text(cleaned["name"]), cleaned.get("measure") or MEASURE
    crowd = standing(turn)
    told = {**cleaned, "name": name, "measure": measure}
    if crowd is None:
        Crowd.objects.update_or_create(
            case=turn.case, defaults={"name": name, "measure": measure, "since": turn.now, "ended_at": None}
        )
        return told
    if (crowd.name, crowd.measure) == (name, measure):
        return None
    told["was"] = crowd.name
    crowd.name, crowd.measure = name, measure
    crowd.save(update_fields=["name", "measure"])
    return told


def _crowd_end(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    crowd = standing(turn)
    if crowd is None:
        raise NotNow("本件不是共性诉求，不用取消。", current_status=turn.state.status)
    crowd.ended_at = turn.now
    crowd.save(update_fields=["ended_at"])
    return {**cleaned, "name": crowd.name}


# --- sub-items --------------------------------------------------------------------------------------------------


def _items(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    """Enter the pieces; those that are there already are passed over, so that a sheet may be sent again."""
    wanted = read_items(cleaned["items"])
    rows = list(SubItem.objects.filter(case=turn.case).order_by("position"))
    known = {(row.place, row.what) for row in rows if row.dropped_at is None}
    fresh = [pair for pair in wanted if pair not in known]
    if len(known) + len(fresh) > MOST:
        raise Incomplete({"items": [f"一件最多 {MOST} 个子项，现在会有 {len(known) + len(fresh)} 个，请分成几件。"]})
    if not fresh:
        return None
    first = max((row.position for row in rows), default=0) + 1
    SubItem.objects.bulk_create(
        SubItem(case=turn.case, position=first + at, place=place, what=what) for at, (place, what) in enumerate(fresh)
    )
    last = first + len(fresh) - 1
    return {
        "added": len(fresh),
        "positions": f"{first}-{last}" if last > first else str(first),
        **counted(turn, len(known) + len(fresh)),
    }


def read_items(text: str) -> list[tuple[str, str]]:
    """Return `(place, what)` of each line, each pair once; Incomplete names the lines that do not read so."""
    found: dict[tuple[str, str], None] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        place, what = ([part.strip() for part in _BETWEEN.split(line, maxsplit=1)] + [""])[:2]
        if not place or not what or len(place) > PLACE_LENGTH or len(what) > WHAT_LENGTH:
            wrong.append(number)
        else:
            found[(mask_text(place), mask_text(what))] = None
    if wrong:
        lines = "、".join(str(number) for number in wrong[:8]) + ("等" if len(wrong) > 8 else "")
        told = f"第 {lines} 行要写成“地点，内容”，地点最多 {PLACE_LENGTH} 字，内容最多 {WHAT_LENGTH} 字。"
        raise Incomplete({"items": [told]})
    if not found:
        raise Incomplete({"items": ["请至少写一行：地点，内容。"]})
    return list(found)


def _items_done(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    rows = _named(turn, cleaned["items"])
    changed = [row for row in rows if (row.done_at is not None) != cleaned["done"]]
    if not changed:
        return None
    SubItem.objects.filter(pk__in=[row.pk for row in changed]).update(done_at=turn.now if cleaned["done"] else None)
    return {**cleaned, "items": ranges(row.position for row in changed), "count": len(changed), **counted(turn)}


def _items_drop(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    rows = _named(turn, cleaned["items"])
    if done := [row.position for row in rows if row.done_at]:
        raise Incomplete({"items": [f"{ranges(done)} 已经完成，不能取消；确实没有完成的，请先改为没有完成。"]})
    SubItem.objects.filter(pk__in=[row.pk for row in rows]).update(dropped_at=turn.now)
    return {**cleaned, "items": ranges(row.position for row in rows), "count": len(rows), **counted(turn)}


def _named(turn: Turn, text: str) -> list[SubItem]:
    """The live pieces that these numbers name; Incomplete for a number that there is none of."""
    positions = read_positions(text)
    rows = list(SubItem.objects.filter(case=turn.case, position__in=positions, dropped_at__isnull=True))
    if missing := positions - {row.position for row in rows}:
        raise Incomplete({"items": [f"没有序号为 {ranges(missing)} 的子项，请核对。"]})
    return rows


def read_positions(text: str) -> set[int]:
    """Return the numbers that `1-14、17` names; Incomplete for anything else."""
    found: set[int] = set()
    for part in re.split(r"[,，、;；\s]+", text.strip()):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise Incomplete({"items": ["请按序号写，例如 1-14、17。"]})
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last < first + MOST:
            raise Incomplete({"items": [f"“{part}”不是一段序号，请从小到大写，例如 1-14。"]})
        found.update(range(first, last + 1))
    return found


def ranges(positions: Any) -> str:
    """Return numbers as people write them: `1-14、17`."""
    parts: list[list[int]] = []
    for one in sorted(positions):
        if parts and one == parts[-1][1] + 1:
            parts[-1][1] = one
        else:
            parts.append([one, one])
    return "、".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def counted(turn: Turn, total: int | None = None) -> dict[str, int]:
    """`{done, total}` as they stand now, for the event and for whoever reads it later."""
    live = SubItem.objects.filter(case=turn.case, dropped_at__isnull=True)
    return {
        "finished": live.filter(done_at__isnull=False).count(),
        "total": live.count() if total is None else total,
    }


CROWDS: Mapping[str, Preparer] = {
    "crowd": _crowd,
    "crowd_end": _crowd_end,
    "items": _items,
    "items_done": _items_done,
    "items_drop": _items_drop,
}
