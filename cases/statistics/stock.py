"""存量、新增、化解: what lay open at the beginning, what came in and was done with, what lies open at the end.

    期初在办 + 新增受理 − 办结 − 终结 = 期末在办, to the case, for any days.

Formula. A matter is taken on when it is accepted (`accepted_at`) and over (`over_at`) when it is closed, or, where that
is no closing (declined after acceptance, merged), when the event that ended it was written. It lies open on every day
between. Each of the five figures is one condition over these two moments, so that each opens exactly its cases and the
identity holds by construction, whatever the days are. Of an area they come off the kept counts: what was taken on before
less what was over before is what lay open.

A matter that was reopened, unmerged or sent back for another round has lain open all the time since it was accepted: what
is over is read off the matter as it stands today, and the figures of a past month change when one of its closings is
undone. What came in finished from elsewhere (import) never lay open here and stands in none of the five; once reopened
here it counts from then on. A matter's place, unit and category are those of today, as everywhere on the board.

Source: issue 7 Build 3; facts §5 在办 (受理 − 办结 − 终止).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q

from cases.querysets import CaseQuerySet
from cases.statistics import kept
from cases.statistics.scope import Scope
from cases.statistics.terms import CLOSED, ENDED, OPEN, Figure
from cases.statistics.windows import Window
from cases.statistics.windows import before as days_before

FORMULA = "期初在办 + 新增受理 − 办结 − 终结 = 期末在办"
SAYS = (
    f"{FORMULA}。受理那天算新增，办结、终结各按发生的日子；重开、退回重办、撤销并案的，视作受理以来一直在办；"
    "外来已办结的导入件没有在这里办过，不在内。"
)

#: Accepted here, and its end, where there is one, is known.
_KNOWN = Q(accepted_at__isnull=False) & (OPEN | Q(over_at__isnull=False))
_NONE = Q(pk__in=())


def _open_at(moment: datetime) -> Q:
    """Taken on before the moment, and not over by then."""
    return _KNOWN & Q(accepted_at__lt=moment) & (OPEN | Q(over_at__gte=moment))


def _at_start(window: Window, _now: datetime) -> Q:
    return _open_at(window.begins) if window.begins else _NONE


def _new(window: Window, _now: datetime) -> Q:
    return _KNOWN & window.holds("accepted_at")


def _closed(window: Window, _now: datetime) -> Q:
    return _KNOWN & CLOSED & window.holds("over_at")


def _ended(window: Window, _now: datetime) -> Q:
    return _KNOWN & ENDED & window.holds("over_at")


def _at_end(window: Window, _now: datetime) -> Q:
    return _open_at(window.ends) if window.ends else _KNOWN & OPEN


STOCK: Mapping[str, Figure] = {
    one.name: one
    for one in (
        Figure("stock_start", "期初在办", "期初以前受理、到期初还没办完的事项", "facts §5 在办", _at_start, "stock"),
        Figure("stock_new", "新增受理", "期内受理的事项；外来已办结的导入件不在内", "facts §5 受理量", _new, "stock"),
        Figure("stock_closed", "办结", "期内办结的事项，不论何时受理", "facts §5", _closed, "stock"),
        Figure("stock_ended", "终结", "期内撤回、终止、并案、移送、不予受理的事项", "api.md: ended", _ended, "stock"),
        Figure("stock_end", "期末在办", f"到期末还没办完的事项。{FORMULA}", "facts §5 在办", _at_end, "stock"),
    )
}


def counted(cases: Scope | CaseQuerySet, window: Window, now: datetime) -> dict[str, int]:
    """Return the five figures of `STOCK` for a window; one statement."""
    if isinstance(cases, Scope) and cases.is_kept():
        return _kept(cases, window, now)
    wanted = {name: Count("pk", filter=figure.where(window, now)) for name, figure in STOCK.items()}
    reached = _KNOWN & (OPEN | Q(over_at__gte=window.begins)) if window.begins else _KNOWN
    rows = cases.rows if isinstance(cases, Scope) else cases
    found: dict[str, int] = rows.filter(reached).aggregate(**wanted)
    return found


def _kept(scope: Scope, window: Window, now: datetime) -> dict[str, int]:
    windows = {"asked": window}
    if window.first:
        windows["before"] = days_before(window)
    sums = kept.totals(scope, windows, now, bare=tuple(windows))
    new, closed, ended = (sums["asked"][name] for name in ("taken_on", "over_closed", "over_ended"))
    before = sums.get("before", {"taken_on": 0, "over_closed": 0, "over_ended": 0})
    start = before["taken_on"] - before["over_closed"] - before["over_ended"]
    figures = (start, new, closed, ended, start + new - closed - ended)
    return dict(zip(STOCK, figures, strict=True))
