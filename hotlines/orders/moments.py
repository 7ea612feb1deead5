"""Times and limits as sheets have them; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta, timezone

from cases.needs import FIRST_YEAR, LAST_YEAR
from governance_portal.lib.working_days import SHANGHAI, Calendar, Limit, LimitUnit, due

_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2})?)?(?:秒)?(?:\.\d+)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_TIGHT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")
_SERIAL = re.compile(r"^[3-6]\d{4}\.\d+$")
#: A spreadsheet's day 0.
_EPOCH = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_LENGTH = re.compile(r"^(\d{1,3})\s*个?\s*(工作日|工作小时|自然日|小时|天|日)(?:内|以内)?(?:办结|反馈|回复)?$")
_UNITS = {
    "工作日": LimitUnit.WORKING_DAY,
    "工作小时": LimitUnit.WORKING_HOUR,
    "自然日": LimitUnit.NATURAL_DAY,
    "天": LimitUnit.NATURAL_DAY,
    "日": LimitUnit.NATURAL_DAY,
    "小时": LimitUnit.HOUR,
}
_DAY = timedelta(days=1)


def read_moment(text: str) -> datetime | None:
    """Return the moment a cell names, in Asia/Shanghai unless it says an offset; a bare day is its beginning.

    None: no moment, or one beyond all years (what other systems write for "never" or "no limit").
    """
    try:
        moment = _moment(text)
    except (OverflowError, ValueError):
        return None
    return moment if moment is not None and FIRST_YEAR <= moment.year < LAST_YEAR else None


def _moment(text: str) -> datetime | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.match(text):
        return (_EPOCH + timedelta(days=float(text))).replace(microsecond=0)
    found = _DATE.match(text) or _TIGHT.match(text)
    if not found:
        return None
    parts = found.groups()
    numbers = [int(part or 0) for part in parts[:6]]
    moment = datetime(*numbers[:6], tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]
    zone = parts[6] if len(parts) > 6 else None
    return _in_zone(moment, zone) if zone else moment


def _in_zone(moment: datetime, zone: str) -> datetime:
    digits = zone.lstrip("+-").replace(":", "").replace("Z", "0000")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment.replace(tzinfo=timezone(-away if zone[0] == "-" else away)).astimezone(SHANGHAI)


def read_due(text: str, received_at: datetime, calendar: Calendar) -> datetime | None:
    """Return the end of a limit: a moment, a day (its 24:00) or a length from the time of receipt. None: unreadable."""
    text = unicodedata.normalize("NFKC", text).strip()
    if length := _LENGTH.match(text):
        return due(received_at, Limit(int(length[1]), _UNITS[length[2]]), calendar).due
    moment = read_moment(text)
    if moment is None:
        return None
    return moment + _DAY if moment.time() == time() and not re.search(r"[:时点]", text) else moment
