"""What the catalogue proposes for a case: a unit, why, and by which document. It only offers and never stands in the way."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Unit
from accounts.queries import prefixes
from accounts.querysets import day_of
from cases.choices import REVIEWS, Nature, Status
from cases.dispatching.catalogue import in_force
from cases.models import Case, Category, DispatchLine, Review
from cases.services.people import has_officer
from cases.standing import UNWELCOME_TO_ITS_UNIT
from grids.queries import names_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proposal:
    """A lead unit and the reason in a sentence, from `source`, in force since `date`.

    `passed_over` is one sentence about every more fitting unit that cannot have the case, "" when there was none. When
    all were passed over, `unit` is None and `reason` says so.
    """

    unit: Unit | None
    reason: str
    source: str
    date: date | None
    passed_over: str = ""


def propose(case: Case, now: datetime) -> Proposal | None:
    """Return what the catalogue says of this case; None where it says nothing, or cannot be read.

    The most specific line wins: the longest area, then the deepest category. Never raises: a broken line must not
    stop anybody (behaviour 16).
    """
    return propose_many([case], now).get(case.pk)


def propose_many(cases: Iterable[Case], now: datetime) -> dict[int, Proposal]:
    """The same for several cases, by their key; the catalogue and the units are read once."""
    try:
        asked = [case for case in cases if case.nature != Nature.REPORT]  # only 移送, never a unit
        return _Reader(asked, now).proposals() if asked else {}
    except Exception:
        log.exception("the dispatch catalogue could not be read")
        return {}


class _Reader:
    def __init__(self, cases: list[Case], now: datetime) -> None:
        self.cases, self.now = cases, now
        self.lines = list(in_force(day_of(now)).filter(area_code__in=self._areas(), category_code__in=self._codes()))
        codes = {line.unit_code for line in self.lines}
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
        self.about: Mapping[int, Unit] = Unit.objects.in_bulk(
            {case.complained_unit_id for case in cases if case.complained_unit_id}
        )
        self.seated: dict[int, bool] = {}
        named = {line.category_code for line in self.lines} - {""}
        self.categories = dict(Category.objects.filter(code__in=named).values_list("code", "name"))
        self.places = names_of({line.area_code for line in self.lines} - {""})

    def proposals(self) -> dict[int, Proposal]:
        """By key of the case; nothing for a case that no line fits."""
        found = {case.pk: self._of(case) for case in self.cases}
        return {pk: proposal for pk, proposal in found.items() if proposal is not None}

    def _areas(self) -> set[str]:
        return {"", *(code for case in self.cases for code in prefixes(case.area_code))}

    def _codes(self) -> set[str]:
        return {code for case in self.cases for code in _stem(case.category_code)}

    def _of(self, case: Case) -> Proposal | None:
        fitting = [
            line
            for line in self.lines
            if case.area_code.startswith(line.area_code) and case.category_code.startswith(line.category_code)
        ]
        if case.procedure in REVIEWS:
            return self._above(case)
        if not fitting:
            return None
        fitting.sort(key=lambda line: (len(line.area_code), len(line.category_code)), reverse=True)
        passed: dict[str, str] = {}
        for line in fitting:
            unit = self.units.get(line.unit_code)
            why_not = self._why_not(case, line, unit)
            if not why_not:
                return Proposal(unit, self._reason(line), line.source, line.effective_on, _told(passed))
            passed.setdefault(line.unit_code, why_not)
        return Proposal(None, "派单目录里适用的单位现在都不能办，请另选单位。", "", None, _told(passed))

    def _above(self, case: Case) -> Proposal | None:
        """复查 and 复核 go to the unit above the one that decided (信访工作条例 §§35, 36), whatever the catalogue says."""
        row = Review.objects.filter(case=case).select_related("decided_by__parent").first()
        if row is None or row.decided_by is None:
            return None
        above, law = row.decided_by.parent, "《信访工作条例》第三十五条、第三十六条"
        if above is None or not above.active or not has_officer(above.pk, self.now):
            why = f"“{row.decided_by.name}”的上一级在平台里没有可以办理的单位，请另选本级或上一级机关，或者移送。"
            return Proposal(None, why, law, None)
        return Proposal(above, f"原意见由{row.decided_by.name}作出，应由其上一级办理。", law, None)

    def _why_not(self, case: Case, line: DispatchLine, unit: Unit | None) -> str:
        """Why this unit cannot have the case now; "" when it can."""
        if unit is None:
            return f"“{line.unit_name}”已不在单位名录里"
        if not unit.active:
            return f"“{unit.name}”已停用"
        about = self.about.get(case.complained_unit_id or 0)
        if about is not None and case.nature in UNWELCOME_TO_ITS_UNIT and unit.is_within(about):
            return f"“{unit.name}”是被投诉单位或其下级，须回避"
        if case.status == Status.RETURNED and case.lead_unit_id == unit.pk:
            return f"“{unit.name}”刚退回本件"
        if unit.pk not in self.seated:
            self.seated[unit.pk] = has_officer(unit.pk, self.now)
        return "" if self.seated[unit.pk] else f"“{unit.name}”目前没有在岗的承办人员"

    def _reason(self, line: DispatchLine) -> str:
        what = f"“{self.categories.get(line.category_code, line.category_code)}”类" if line.category_code else "各类"
        where = self.places.get(line.area_code, line.area_code) if line.area_code else "全区"
        note = f"（{line.note}）" if line.note else ""
        return f"{where}的{what}事项，派单目录定由{line.unit_name}主办{note}。"


def _stem(code: str) -> list[str]:
    """A category's code and every beginning of it, "" too: those above it are among them."""
    return [code[:length] for length in range(len(code) + 1)]


def _told(passed: Mapping[str, str]) -> str:
    return f"{'；'.join(passed.values())}，所以跳过。" if passed else ""
