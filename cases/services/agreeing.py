"""What an agreement says that the office watches over: when it came into force, its instalments, whether they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.agreements import unkept
from cases.choices import Outcome
from cases.needs import FIRST_YEAR, LAST_YEAR, TEXT_LIMIT, is_storable
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI

if TYPE_CHECKING:
    from cases.services.door import Turn

_LINE = re.compile(r"\s*(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?[\s前,，、:：]*(.*)", re.DOTALL)
_SAMPLE = "请按“2026-12-31 支付工资 8000 元”的样子填写，一行一期。"


def settled(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Check the dates of an agreement that was reached and put its instalments in order, the earliest first."""
    given = [name for name in ("effective_on", "instalments") if cleaned.get(name)]
    if given and cleaned["outcome"] != Outcome.AGREED:
        sentence = "化解结果是“达成协议待履行”的才填这一项；请改选化解结果，或者清空这一项。"
        raise Incomplete({name: [sentence] for name in given})
    effective: date | None = cleaned.get("effective_on")
    if effective and effective > turn.now.astimezone(SHANGHAI).date():
        raise Incomplete({"effective_on": ["协议自签名、盖章之日起生效，不会晚于今天，请核对。"]})
    if not cleaned.get("instalments"):
        return cleaned
    rows = [_row(place, item) for place, item in enumerate(cleaned["instalments"], 1)]
    if effective and (early := [what for day, what in rows if day < effective]):
        raise Incomplete({"instalments": [f"“{early[0]}”的日期早于协议生效日，请核对。"]})
    told = [{"due_on": day.isoformat(), "what": what} for day, what in sorted(rows, key=lambda row: row[0])]
    return {**cleaned, "instalments": told}


def _row(place: int, item: Mapping[str, Any]) -> tuple[date, str]:
    """Read one instalment, typed as a line (`{line}`) or given in parts (`{due_on, what}`)."""
    line = item.get("line")
    if line is None:
        line = f"{item.get('due_on', '')} {item.get('what', '')}"
    found = _LINE.fullmatch(line) if isinstance(line, str) else None
    try:
        day = date(*(int(part) for part in found.groups()[:3])) if found else None
    except ValueError:
        day = None
    what = found[4].strip() if found else ""
    if day is None or not FIRST_YEAR <= day.year < LAST_YEAR or not what:
        raise Incomplete({"instalments": [f"第 {place} 期没有看懂。{_SAMPLE}"]})
    if len(what) > TEXT_LIMIT["text"] or not is_storable(what):
        raise Incomplete({"instalments": [f"第 {place} 期最多 {TEXT_LIMIT['text']} 字，请改短。"]})
    return day, what


def performed(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Say of which instalment a 履行登记 speaks, and whether with it everything has been performed."""
    if cleaned.get("performed") is None:
        if not cleaned.get("confirmation"):
            raise Incomplete({"performed": ["请选择是否按约履行；只登记司法确认的，请选择司法确认的情况。"]})
        if cleaned.get("complete") is not None or cleaned.get("instalment") is not None:
            raise Incomplete({"performed": ["请选择是否按约履行。"]})
        return cleaned
    if not cleaned["performed"] and cleaned.get("complete"):
        raise Incomplete({"complete": ["没有按约履行的，不能登记为全部履行完毕，请核对。"]})
    if not turn.state.instalments:
        if cleaned.get("complete") is None:
            raise Incomplete({"complete": ["请选择是否全部履行完毕。"]})
        return cleaned
    left = unkept(turn.state)
    number = cleaned.get("instalment")
    if number is None and not cleaned.get("complete"):
        raise Incomplete({"instalment": [f"请选择是第几期；还没有履行的是{spoken_numbers(left)}。"]})
    if number is not None and number not in left:
        known = number <= turn.state.instalments
        what = f"第 {number} 期已经登记履行了" if known else f"协议只有 {turn.state.instalments} 期"
        raise Incomplete({"instalment": [f"{what}；还没有履行的是{spoken_numbers(left)}。"]})
    last = bool(cleaned["performed"]) and left == [number]
    return {**cleaned, "complete": bool(cleaned.get("complete")) or last}


def spoken_numbers(numbers: Iterable[int]) -> str:
    """「第 2、3 期」."""
    return f"第 {'、'.join(str(number) for number in numbers)} 期"
