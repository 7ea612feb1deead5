"""Until when, in words (look.md "List": the due column speaks)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.choices import Clock, Status
from cases.models import Case
from cases.policies import calendar
from governance_portal.lib import spoken
from governance_portal.lib.working_days import remaining_words

PAUSED = (Status.SUSPENDED, Status.INCOMPLETE)
#: Said of a date past the last published year; it may still move when that year's notice comes.
TENTATIVE = "（暂定）"


@dataclass(frozen=True)
class DueWords:
    """What `components/due.html` draws. state: ok, soon, overdue, paused, done or ""."""

    state: str = ""
    words: str = ""
    full: str = ""
    tentative: bool = False

    @property
    def told(self) -> str:
        """The words with 暂定, for where nothing is drawn: paper, sheets, lines of text."""
        return self.words + (TENTATIVE if self.tentative else "")


def due_of(case: Case, now: datetime) -> DueWords:
    """Return the resident's date of a case; once that no longer runs, the nearest clock that does; else how it ended."""
    if case.due_running and case.due_at:
        warn = case.due_warn_at or case.due_at
        return _running(case.due_at, warn, case.due_tentative, now)
    if case.status in PAUSED:
        return DueWords("paused", "补正中，暂停计时" if case.status == Status.INCOMPLETE else "暂停计时")
    if case.is_open:
        return step_of(case, now)
    if case.status == Status.DECLINED or not case.resolved_at:
        return DueWords()
    return DueWords("done", "逾期办结" if case.late else "按期办结")


def step_of(case: Case, now: datetime) -> DueWords:
    """Return the nearest running clock of a case, named: 「签收：今天 16:30 前」."""
    if not case.step_due_at:
        return DueWords("paused", "暂停计时") if case.status in PAUSED else DueWords()
    name = str(Clock(case.step_clock).label).removesuffix("时限") if case.step_clock else ""
    found = _running(case.step_due_at, case.step_warn_at or case.step_due_at, case.step_tentative, now)
    return DueWords(found.state, f"{name}：{found.words}" if name else found.words, found.full, found.tentative)


def _running(due_at: datetime, warn_at: datetime, tentative: bool, now: datetime) -> DueWords:
    state = "overdue" if now > due_at else "soon" if now >= warn_at else "ok"
    return DueWords(state, remaining_words(now, due_at, calendar()), until_words(due_at), tentative)


def until_words(moment: datetime) -> str:
    """Return the full end of a limit: 「2026年12月9日 星期三 24:00」; a midnight belongs to the day that it ends."""
    return spoken.until_words(moment)
