"""One-tap helps in the form of a move: texts that are ready to use, and the unit that the catalogue proposes.

Both only offer: whatever is missing or broken leaves the form as it is (behaviour 16).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module
from typing import Any

from cases.models import Case

log = logging.getLogger(__name__)


def canned_texts(case: Case, move_name: str) -> list[dict[str, str]]:
    """Return the ready texts for a move on this case as `[{title, text}]`."""
    found = _asked("cases.dispatching.canned", "canned_for", case, move_name) or ()
    return [{"title": str(row.title), "text": str(row.text)} for row in found]


def proposal_of(case: Case, now: datetime) -> dict[str, Any] | None:
    """Return the proposed lead unit as `{code, name, reason, source, date, passed_over}`, or None."""
    found = _asked("cases.dispatching.proposing", "propose", case, now)
    if found is None:
        return None
    day = found.date
    return {
        "code": found.unit.code,
        "name": found.unit.name,
        "reason": found.reason,
        "source": found.source,
        "date": f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else str(day or ""),
        "passed_over": found.passed_over,
    }


def _asked(module: str, name: str, *args: Any) -> Any:
    try:
        asked: Callable[..., Any] = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        return None
    try:
        return asked(*args)
    except Exception:
        log.exception("a help of the move form failed: %s.%s", module, name)
        return None
