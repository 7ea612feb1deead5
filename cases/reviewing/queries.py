"""Whether somebody may still ask for 复查 or 复核, the chain of a matter, and whether it has come to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from cases import policies
from cases.choices import HANDLED_OUTCOMES, Outcome, Procedure, Relation, Status
from cases.models import Case, Event, Review, SameMatter
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due

#: 信访工作条例 §§35, 36: 自收到书面答复（复查意见）之日起 30 日内.
APPLY_WITHIN = Limit(30, LimitUnit.NATURAL_DAY)
#: What is asked for against the answer of each procedure.
AGAINST = {Procedure.PETITION: Procedure.REVIEW, Procedure.REVIEW: Procedure.RECHECK}
WORDS = {Procedure.REVIEW: "复查", Procedure.RECHECK: "复核"}
ANSWERED = (Status.FOLLOW_UP, Status.CLOSED, Status.ARCHIVED)
ANSWERING = ("approve", "close_verified", "resolve_on_spot")
FINAL = "复核意见是终结意见；同一事实和理由再提出的，依照《信访工作条例》第三十六条不再受理。"


@dataclass(frozen=True)
class Chance:
    """May somebody ask now? `kind` "review" or "recheck", `word` 复查 or 复核; `why_not` a sentence, "" when they may.

    answered_on: the day of the written answer; until: aware, the end of the last day to ask (rolled over holidays).
    """

    kind: str
    word: str
    answered_on: date | None = None
    until: datetime | None = None
    why_not: str = ""


def chance_of(case: Case, events: Sequence[Event], now: datetime, received_on: date | None = None) -> Chance | None:
    """Return whether 复查 or 复核 may be asked for against this case's answer; None where the law gives neither.

    received_on: when the written answer was received, where it is known to be later than it was given.
    """
    kind = AGAINST.get(Procedure(case.procedure))
    if kind is None:
        return None
    word = WORDS[kind]
    if case.status not in ANSWERED or (case.outcome and Outcome(case.outcome) not in HANDLED_OUTCOMES):
        return Chance(kind, word, why_not="还没有书面答复，答复以后才能申请。")
    last = next((event for event in reversed(events) if event.kind in ANSWERING), None)
    if last is None:
        return Chance(kind, word, why_not="还没有书面答复，答复以后才能申请。")
    answered = max(last.at.astimezone(SHANGHAI).date(), received_on or date.min)
    counted_from = last.at if received_on is None else _noon(answered)
    until = due(counted_from, APPLY_WITHIN, policies.calendar()).due
    if running := standing_review(case):
        return Chance(kind, word, answered, until, f"已经申请过{word}，受理编号 {running.case.number}。")
    if now > until:
        return Chance(kind, word, answered, until, f"申请{word}的 30 日期限已过。")
    return Chance(kind, word, answered, until)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def standing_review(case: Case) -> Review | None:
    """Return the review of this case that was neither declined nor taken back."""
    rows = Review.objects.filter(of=case).select_related("case").exclude(case__status=Status.DECLINED)
    return rows.exclude(case__outcome=Outcome.WITHDRAWN).order_by("-pk").first()


@dataclass(frozen=True)
class Link:
    """One case of a chain: the first answer, 复查, 复核."""

    word: str
    case: Case
    is_here: bool


def chain_of(case: Case) -> list[Link]:
    """Return the whole chain a case belongs to, the first answer first; [] for a case that stands alone."""
    if Procedure(case.procedure) not in (Procedure.PETITION, Procedure.REVIEW, Procedure.RECHECK):
        return []
    root = case
    while (row := Review.objects.filter(case=root).select_related("of__lead_unit").first()) is not None:
        root = row.of
    found, layer = [Link("原处理意见", root, root.pk == case.pk)], [root]
    while layer:
        rows = list(Review.objects.filter(of__in=layer).select_related("case__lead_unit").order_by("pk"))
        found += [Link(row.get_kind_display(), row.case, row.case_id == case.pk) for row in rows]
        layer = [row.case for row in rows]
    return found if len(found) > 1 else []


def final_of(case: Case) -> Case | None:
    """Return the answered 复核 of a matter that a human has called the same as this one; for declining by N6."""
    linked = SameMatter.objects.filter(Q(first=case) | Q(second=case)).values_list("first_id", "second_id")
    keys = {pk for pair in linked for pk in pair} - {case.pk}
    first = case.events.filter(kind="register").values_list("data", flat=True).first() or {}
    said = [row["number"] for row in first.get("related", []) if row["relation"] == Relation.DUPLICATE]
    earlier = Case.objects.filter(Q(pk__in=keys) | Q(number__in=said))
    for other in earlier:
        links: list[Any] = chain_of(other)
        for link in links:
            if link.case.procedure == Procedure.RECHECK and link.case.status in ANSWERED:
                return link.case
    return None
