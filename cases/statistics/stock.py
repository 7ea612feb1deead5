"""存量、新增、化解: what lay open at the beginning, what came in and was done with, what lies open at the end.

    期初在办 + 新增受理 − 办结 − 终结 = 期末在办, to the case, for any days.

Formula. A matter is taken on when it is accepted (`accepted_at`) and over when it is closed (`closed_at`), or, where that
is no closing (declined after acceptance, merged), when the event that ended it was written. It lies open on every day
between. Each of the five figures is one condition over these two moments, so that each opens exactly its cases and the
identity holds by construction, whatever the days are.

A matter that was reopened, unmerged or sent back for another round has lain open all the time since it was accepted: what
is over is read off the matter as it stands today, and the figures of a past month change when one of its closings is
undone. What came in finished from elsewhere (import) never lay open here and stands in none of the five; once reopened
here it counts from then on. A matter's place, unit and category are those of today, as everywhere on the board.

Source: issue 7 Build 3; facts §5 在办 (受理 − 办结 − 终止).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q

from cases.choices import Status
from cases.models import Event
from cases.querysets import CaseQuerySet
from cases.statistics.terms import CLOSED, ENDED, OPEN, Figure
from cases.statistics.windows import Window

#: An end that is no closing: its moment is that of the event.
GIVEN_UP = (Status.DECLINED, Status.MERGED)
FORMULA = "期初在办 + 新增受理 − 办结 − 终结 = 期末在办"
SAYS = (
    f"{FORMULA}。受理那天算新增，办结、终结各按发生的日子；重开、退回重办、撤销并案的，视作受理以来一直在办；"
    "外来已办结的导入件没有在这里办过，不在内。"
)


def _entered(**when: object) -> Q:
    ends = Event.objects.filter(case_id=OuterRef("pk"), status_after__in=GIVEN_UP, **when)
    return Q(Exists(ends.exclude(status_before=F("status_after"))))


_TAKEN_ON = Q(accepted_at__isnull=False)
_HAS_CLOSED = Q(closed_at__isnull=False)
#: Over by an event and not by a closing.
_GIVEN_UP = ENDED & Q(closed_at__isnull=True)
#: Accepted here, and its end, where there is one, is known.
_KNOWN = _TAKEN_ON & (OPEN | _HAS_CLOSED | (_GIVEN_UP & _entered()))


def _before(window: Window) -> Q:
    """Taken on before the window began; nothing was before a window without a beginning."""
    return Q(accepted_at__lt=window.begins) if window.begins else Q(pk__in=())


def _over_from(moment: datetime | None) -> Q:
    """Over at this moment or later; with no moment, never."""
    if moment is None:
        return Q(pk__in=())
    return (~OPEN & Q(closed_at__gte=moment)) | (_GIVEN_UP & _entered(at__gte=moment))


def _over_in(window: Window) -> Q:
    """Over within the window."""
    found = ~OPEN & (_HAS_CLOSED | _GIVEN_UP)
    if window.begins:
        found &= _over_from(window.begins)
    return found & ~_over_from(window.ends) if window.ends else found


def _at_start(window: Window, _now: datetime) -> Q:
    return _KNOWN & _before(window) & (OPEN | _over_from(window.begins))


def _new(window: Window, _now: datetime) -> Q:
    return _KNOWN & window.holds("accepted_at")


def _closed(window: Window, _now: datetime) -> Q:
    return _KNOWN & CLOSED & _over_in(window)


def _ended(window: Window, _now: datetime) -> Q:
    return _KNOWN & ENDED & _over_in(window)


def _at_end(window: Window, _now: datetime) -> Q:
    taken_on = Q(accepted_at__lt=window.ends) if window.ends else Q()
    return _KNOWN & taken_on & (OPEN | _over_from(window.ends))


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


def counted(cases: CaseQuerySet, window: Window, now: datetime) -> dict[str, int]:
    """Return the five figures of `STOCK` for a window; one statement."""
    wanted = {name: Count("pk", filter=figure.where(window, now)) for name, figure in STOCK.items()}
    reached = OPEN | Q(closed_at__gte=window.begins) | _GIVEN_UP if window.begins else Q()
    found: dict[str, int] = cases.filter(_TAKEN_ON & reached).aggregate(**wanted)
    return found
