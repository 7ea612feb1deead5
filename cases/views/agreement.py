"""An agreement on the case's page: 司法确认 and the instalments, each with its day and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.choices import Clock, Confirmation, Outcome
from cases.models import Case, Deadline, Event
from cases.views.due import TENTATIVE, until_words
from governance_portal.lib import spoken

ANSWERS = ("resolve", "resolve_on_spot")


@dataclass(frozen=True)
class Instalment:
    """One instalment: its number, its day, what is to be done, and whether it has been done."""

    number: int
    due_on: date
    what: str
    row: Deadline

    @property
    def kept(self) -> bool:
        """Performed, whenever."""
        return self.row.met_at is not None

    @property
    def told(self) -> str:
        """「第 2 期 2026年12月31日 支付工资 8000 元」."""
        return f"第 {self.number} 期 {spoken.date_words(self.due_on)} {self.what}"

    def state(self, now: datetime) -> str:
        """How far it is, in words."""
        if self.kept:
            return "已履行" if self.row.late_at is None else "已履行（晚于约定）"
        if not self.row.running:
            return "没有按约履行"
        return "已到期，请登记履行情况" if now > self.row.due_at else "待履行"


def instalments_of(
    case: Case, deadlines: Sequence[Deadline], events: Iterable[Event] | None = None
) -> list[Instalment]:
    """Return the instalments of the agreement that holds now; without `events` the last answer is asked for."""
    rows = {row.period: row for row in deadlines if row.clock == Clock.PERFORMANCE_BY}
    if not rows or case.outcome not in (Outcome.AGREED, Outcome.FULFILLED):
        return []
    told = events if events is not None else case.events.filter(kind__in=ANSWERS).order_by("seq")
    answers = [event for event in told if event.kind in ANSWERS]
    promised = answers[-1].data.get("instalments", []) if answers else []
    return [
        Instalment(number, date.fromisoformat(one["due_on"]), one["what"], rows[number])
        for number, one in enumerate(promised, 1)
    ]


def terms_of(case: Case) -> dict[str, str]:
    """Return the dates of the agreement that was sent back, as the form of an answer takes them; {} where there is none."""
    last = case.events.filter(kind__in=ANSWERS).order_by("-seq").first()
    if last is None or last.data.get("outcome") != Outcome.AGREED:
        return {}
    lines = [f"{row['due_on']} {row['what']}" for row in last.data.get("instalments", ())]
    return {"effective_on": last.data.get("effective_on", ""), "instalments": "\n".join(lines)}


def agreement_group(
    case: Case, deadlines: Sequence[Deadline], events: Sequence[Event], now: datetime
) -> dict[str, Any]:
    """Return the group of facts of an agreement; its rows are empty where no dates were given."""
    rows = [
        {"label": f"第 {one.number} 期", "value": f"{spoken.date_words(one.due_on)}前{one.what}：{one.state(now)}"}
        for one in instalments_of(case, deadlines, events)
    ]
    if confirmation := _confirmation(case, deadlines, events, now):
        rows.insert(0, {"label": "司法确认", "value": confirmation})
    return {"title": "协议履行", "rows": rows}


def _confirmation(case: Case, deadlines: Sequence[Deadline], events: Sequence[Event], now: datetime) -> str:
    said = [
        event.data["confirmation"] for event in events if event.kind == "perform" and event.data.get("confirmation")
    ]
    if case.outcome == Outcome.AGREED and said:
        return str(Confirmation(said[-1]).label)
    running = next((row for row in deadlines if row.clock == Clock.CONFIRMATION_BY and row.running), None)
    if running is None:
        return ""
    until = until_words(running.due_at) + (TENTATIVE if running.tentative else "")
    return f"已过期（{until}），不能再申请" if now > running.due_at else f"{until} 前双方可以共同申请"
