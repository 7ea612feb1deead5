"""A second reading of design/workflow.md in plain dictionaries, written without looking at cases.fold.

It knows status, outcome, lead unit, 承办人, round and the resident's date of one case, and which buttons are legal.
The state machine in test_state_machine.py drives the portal and this model side by side. Hazards are left out: their
photographs need files; test_journeys.py walks them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from governance_portal.lib.working_days import SHANGHAI

DAY = timedelta(days=1)
OFFICERS = {
    "housing": {"handler", "handler2", "housing_lead"},
    "heating": {"heating_man"},
    "street": {"street_handler"},
    "committee": {"mediator", "committee_lead"},
    "community": {"grid_worker"},
    "centre": set(),
}
LEADS = {"housing": {"housing_lead"}, "committee": {"committee_lead"}, "centre": {"centre_lead"}}
MEDIATORS = {"committee": {"mediator", "committee_lead"}}
SUPERVISORS = {"supervisor", "supervisor2"}
DESK = {"clerk", "operator"}
OPEN_EARLY = ["registered", "incomplete", "accepted", "consulting", "dispatched", "returned", "handling"]
CATEGORY = {"appeal": "A0102", "consultation": "C0101", "dispute": "0101", "suggestion": "S01"}


def end_of(day: date) -> datetime:
    """24:00."""
    return datetime.combine(day + DAY, time(), SHANGHAI)


def date_of(start: datetime, amount: int, unit: str, pauses: list[tuple[datetime, datetime]], days: Any) -> datetime:
    """Count a limit by hand: start day out, paused days out, natural days roll off a holiday; hours by adding pauses."""
    if unit == "hour":
        end = start + timedelta(hours=amount)
        for begins, ends in sorted(pauses):
            if begins < end:
                end += ends - begins
        return end
    stopped = [(a.astimezone(SHANGHAI).date(), b.astimezone(SHANGHAI).date()) for a, b in pauses]
    day, left = start.astimezone(SHANGHAI).date(), amount
    while left:
        day += DAY
        if any(a <= day < b for a, b in stopped):
            continue
        if unit == "working_day" and not days(day):
            continue
        left -= 1
    while not days(day) or any(a <= day < b for a, b in stopped):
        day += DAY
    return end_of(day)


def limit(kind: str, procedure: str, level: str) -> tuple[int, str]:
    """The resident's limit (facts §2.4), for everything that did not come through the grid's own channel."""
    if procedure == "petition":
        return 60, "natural_day"
    if kind == "consultation":
        return 3, "working_day"
    if procedure == "mediation":
        return 30, "natural_day"
    return {"major": (15, "working_day"), "serious": (20, "natural_day"), "urgent": (24, "hour")}.get(
        level, (7, "working_day")
    )


def extension(kind: str, procedure: str, level: str) -> int:
    """How much may be added, once."""
    if procedure == "petition":
        return 30
    if kind == "consultation":
        return 0
    if procedure == "mediation":
        return 30
    return {"major": 5, "serious": 10, "urgent": 0}.get(level, 3)


def half(amount: int, unit: str) -> tuple[int, str]:
    """Half of it, at least three working days."""
    if unit == "hour" or (amount + 1) // 2 < 3:
        return 3, "working_day"
    return (amount + 1) // 2, unit


class Model:
    """One case, in a dictionary."""

    def __init__(self, kind: str, procedure: str, somebody: bool, days: Callable[[date], bool]) -> None:
        """`days` tells whether a day is worked: the calendar's rows are facts, not rules."""
        self.days = days
        self.kind, self.procedure, self.somebody = kind, procedure, somebody
        self.desk = "grid"
        self.row: dict[str, Any] = {"status": "registered", "outcome": "", "unit": None, "handler": None, "round": 1}
        self.level = ""
        self.sorted_in = False  # has a category
        self.dates: list[dict[str, Any]] = []
        self.mode = ""
        self.flags: dict[str, Any] = {
            "returned": False,
            "designated": False,
            "redone": 0,
            "missed": set(),
            "orders": 0,
            "extended": 0,
            "rated": None,
            "before_merge": "",
        }
        self.window: datetime | None = None
        self.return_until: datetime | None = None
        self.late = False
        self.promises: list[str] = []  # of each instalment: due, kept or broken

    # -- who and when ------------------------------------------------------------------------------------------

    def legal(self, now: datetime) -> list[tuple[str, str]]:
        """Every (button, person) that the contract allows now."""
        return [(name, person) for name, people in self._buttons(now).items() for person in sorted(people)]

    def others(self) -> list[str]:
        """Who of the lead unit could take it over."""
        unit = self.row["unit"]
        return sorted((OFFICERS.get(unit, set()) | LEADS.get(unit, set())) - {self.row["handler"]})

    def _buttons(self, now: datetime) -> dict[str, set[str]]:
        s, unit = self.row["status"], self.row["unit"]
        officers, leads = OFFICERS.get(unit, set()), LEADS.get(unit, set())
        in_charge = {self.row["handler"]} if self.row["handler"] else set()
        own_grid = {"grid_worker"} if self.desk == "grid" else set()
        formal = self.mode == "assign" or self.procedure == "petition"
        over = self.window is None or now > self.window
        b: dict[str, set[str]] = {}
        if s == "registered":
            b |= {"request_material": DESK, "accept": DESK | own_grid}
        if s == "incomplete":
            b["supplement"] = DESK | {"resident"}
        if s in ("registered", "incomplete", "accepted", "consulting", "returned"):
            b["decline"] = {"clerk", "dispatcher"}
        if s == "declined":
            b["review_decline"] = SUPERVISORS | {"centre_lead"}
        if s in ("registered", "accepted", "returned"):
            b["transfer"] = DESK | {"dispatcher"}
        if s in ("registered", "accepted"):
            b["resolve_on_spot"] = DESK | own_grid
        if s in ("accepted", "returned"):
            b |= {"dispatch": {"dispatcher"}, "consult": {"dispatcher"}}
        if s == "consulting":
            b["conclude"] = {"dispatcher", "centre_lead"}
        if s == "dispatched":
            b["sign"] = set(officers)
        if s in ("dispatched", "handling"):
            b["reassign"] = {"dispatcher"} | SUPERVISORS
            if (
                not self.flags["returned"]
                and not self.flags["designated"]
                and (self.return_until is None or now <= self.return_until)
            ):
                b["return"] = officers | leads
        if s == "returned":
            b["insist"] = {"dispatcher"}
        if s in ("accepted", "handling") and self.desk != "district":
            b["escalate"] = officers | leads | own_grid
        if s == "handling":
            if self.procedure != "petition":
                b["suspend"] = leads | {"centre_lead"}
            b["resolve"] = leads if formal else in_charge | leads
            strict = self.procedure in ("petition", "mediation")  # a term that has run out cannot be prolonged
            due = self.due()
            in_time = not (strict and due and now > due)
            may_extend = extension(self.kind, self.procedure, self.level) and not self.flags["extended"]
            if may_extend and officers and in_time:
                grave = self.level in ("serious", "urgent")
                b["extend"] = {"centre_lead"} if grave else leads | {"centre_lead"}
        if s == "suspended":
            b["resume"] = officers | leads | {"clock"}
        if s in ("handling", "suspended"):
            b["assign"] = leads | {"clock"} if self.others() else set()
            mediators = MEDIATORS.get(unit, set()) if self.procedure == "mediation" else set()
            b["terminate"] = leads | SUPERVISORS | mediators
        if s == "supervision":
            b |= {"send_back": SUPERVISORS, "approve": SUPERVISORS | {"clock"}}
            if not self.somebody:
                b["close_verified"] = SUPERVISORS
        if s == "follow_up":
            b["confirm"] = {"follow_up", "resident"}
            if self.flags["rated"] is None:  # who said himself that he is unhappy is called
                b["close_uncalled"] = {"follow_up", "clock"}
            b["redo"] = SUPERVISORS | (set() if self.flags["redone"] else {"follow_up"})
            if len(self.flags["missed"]) >= 2:
                b["close_unreached"] = {"follow_up"}
        if s in (*OPEN_EARLY, "suspended"):
            b["withdraw"] = DESK | {"resident"}
        if s in OPEN_EARLY:
            b["merge"] = {"dispatcher"}
        if s == "merged":
            b["unmerge"] = {"dispatcher"}
        if s == "closed" and not over:
            b["reopen"] = SUPERVISORS
        if s in ("closed", "declined", "merged") and over and not self.flags["orders"] and "due" not in self.promises:
            b["archive"] = SUPERVISORS | {"clock"}
        if s not in ("closed", "declined", "merged", "archived"):
            b["regrade"] = {"clerk", "dispatcher"}
        if s != "archived":
            calling = DESK | {"follow_up"} | officers | leads | own_grid
            b |= {"missed_call": calling, "note": calling | {"dispatcher", "centre_lead"} | SUPERVISORS}
            b["order"] = SUPERVISORS | {"centre_lead"}
            if self.flags["orders"]:
                b["lift"] = SUPERVISORS | {"centre_lead"}
        week_over = self.flags["rated"] is not None and now > self.flags["rated"] + timedelta(days=7)
        if s in ("follow_up", "closed") and not week_over:
            b["rate"] = {"resident"}
        if s in ("supervision", "follow_up", "closed") and self.row["outcome"] == "agreed":
            b["break_promise"] = b["keep_promise"] = {"follow_up"} | officers | leads | in_charge
        return b

    # -- what follows ------------------------------------------------------------------------------------------

    def press(self, name: str, person: str, now: datetime, given: dict[str, Any]) -> None:
        """Make a legal move."""
        self._note_lateness(now)
        getattr(self, f"_{name}", lambda *_: None)(person, now, given)

    def _note_lateness(self, now: datetime) -> None:
        first = next((d for d in self.dates if d["round"] == 1), None)
        if first and self._runs(first) and now > first["due"]:
            self.late = True

    @staticmethod
    def _runs(date_row: dict[str, Any]) -> bool:
        return not any(date_row[word] for word in ("met", "ended", "halted", "paused"))

    def due(self) -> datetime | None:
        """The resident's date."""
        return self.dates[-1]["due"] if self.dates else None

    def runs(self) -> bool:
        """Whether it runs."""
        return bool(self.dates) and self._runs(self.dates[-1])

    def _open_date(self, now: datetime, amount: int, unit: str) -> None:
        row = {"round": self.row["round"], "start": now, "amount": amount, "more": 0, "unit": unit, "pauses": []}
        row |= {"met": False, "ended": False, "halted": False, "paused": None}
        row["due"] = date_of(now, amount, unit, [], self.days)
        self.dates.append(row)

    def _again(self, now: datetime) -> None:
        self.row["round"] += 1
        first = next((d for d in self.dates if d["round"] == 1), None)
        basis = (first["amount"], first["unit"]) if first else limit(self.kind, self.procedure, self.level)
        self._open_date(now, *half(*basis))
        self.row["outcome"] = ""
        self.promises = []
        self.flags |= {"rated": None, "missed": set()}

    def _to(self, status: str, **columns: Any) -> None:
        self.row |= {"status": status, **columns}
        if status != "archived":
            self.window = None

    def _set(self, word: str, value: Any = True) -> None:
        for row in self.dates:
            row[word] = value

    def _end(self, now: datetime, outcome: str | None = None) -> None:
        self._to("closed", **({"outcome": outcome} if outcome else {}))
        for row in self.dates:
            row["ended"] = row["ended"] or not row["met"]
        self.window = date_of(now, 30, "natural_day", [], self.days)

    def _request_material(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("incomplete")

    def _supplement(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("registered")

    def _accept(self, _person: str, now: datetime, given: Any) -> None:
        self._to("accepted")
        self.level, self.sorted_in = given["level"], True
        if not self.dates:
            self._open_date(now, *limit(self.kind, self.procedure, self.level))

    def _decline(self, _person: str, now: datetime, _given: Any) -> None:
        self._to("declined")
        self._set("halted")
        self.window = date_of(now, 30, "natural_day", [], self.days)

    def _review_decline(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("registered")
        self._set("halted", False)

    def _transfer(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now, "transferred")

    def _resolve_on_spot(self, person: str, now: datetime, given: Any) -> None:
        self.level, self.sorted_in = given.get("level", self.level), True
        if not self.dates:
            self._open_date(now, *limit(self.kind, self.procedure, self.level))
        self._set("met")
        unit = "community" if person == "grid_worker" else "centre"
        self._to("follow_up", outcome="answered", unit=unit, handler=person)

    def _dispatched_to(self, unit: str, now: datetime) -> None:
        self._to("dispatched", unit=unit, handler=None)
        self.return_until = date_of(now, 5 if self.procedure == "petition" else 1, "working_day", [], self.days)

    def _dispatch(self, _person: str, now: datetime, given: Any) -> None:
        self._dispatched_to(given["lead_unit"], now)
        self.mode = given["mode"]
        self.flags["designated"] = False

    def _consult(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("consulting")

    def _conclude(self, _person: str, now: datetime, given: Any) -> None:
        self._dispatched_to(given["lead_unit"], now)
        self.mode = self.mode or "forward"
        self.flags["designated"] = True

    def _sign(self, person: str, _now: datetime, _given: Any) -> None:
        self._to("handling", handler=person)

    def _return(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("returned", handler=None)
        self.flags["returned"] = True

    def _insist(self, _person: str, now: datetime, _given: Any) -> None:
        self._dispatched_to(self.row["unit"], now)
        self.flags["designated"] = True

    def _reassign(self, _person: str, now: datetime, given: Any) -> None:
        self._dispatched_to(given["lead_unit"], now)
        self.flags["designated"] = False

    def _escalate(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("accepted", unit=None, handler=None)
        self.desk = {"grid": "community", "community": "street", "street": "district"}[self.desk]
        self.flags["designated"] = False

    def _suspend(self, _person: str, now: datetime, _given: Any) -> None:
        self._to("suspended")
        self.dates[-1]["paused"] = now

    def _resume(self, _person: str, now: datetime, _given: Any) -> None:
        self._to("handling")
        row = self.dates[-1]
        row["pauses"].append((row["paused"], now))
        row["paused"] = None
        self._count_again(row)

    def _count_again(self, row: dict[str, Any]) -> None:
        row["due"] = date_of(row["start"], row["amount"] + row["more"], row["unit"], row["pauses"], self.days)

    def _resolve(self, _person: str, _now: datetime, given: Any) -> None:
        self._to("supervision", outcome=given["outcome"])
        self.promises = ["due" for _one in given.get("instalments", ())]
        self.dates[-1]["met"] = True

    def _send_back(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("handling", outcome="")
        self.promises = []
        self.flags["missed"] = set()
        self.dates[-1]["met"] = False

    def _approve(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("follow_up")

    def _close_verified(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now)

    def _confirm(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now)
        self.flags["rated"] = self.flags["rated"] or now

    def _redo(self, _person: str, now: datetime, _given: Any) -> None:
        self._to("handling")
        self._again(now)
        self.flags["redone"] += 1

    def _missed_call(self, _person: str, now: datetime, _given: Any) -> None:
        if self.row["status"] == "follow_up":
            self.flags["missed"].add(now.astimezone(SHANGHAI).date())

    def _close_unreached(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now)

    def _close_uncalled(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now)

    def _withdraw(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now, "withdrawn")

    def _terminate(self, _person: str, now: datetime, _given: Any) -> None:
        self._end(now, "terminated")

    def _merge(self, _person: str, now: datetime, _given: Any) -> None:
        self.flags["before_merge"] = self.row["status"]
        self._to("merged", outcome="merged")
        self._set("halted")
        self.window = date_of(now, 30, "natural_day", [], self.days)

    def _unmerge(self, _person: str, now: datetime, _given: Any) -> None:
        self._to(self.flags["before_merge"], outcome="")
        self._set("halted", False)
        if self.row["status"] == "dispatched":
            self.return_until = date_of(now, 5 if self.procedure == "petition" else 1, "working_day", [], self.days)

    def _reopen(self, _person: str, now: datetime, _given: Any) -> None:
        self._to("handling" if self.row["unit"] else "accepted")
        self._again(now)

    def _archive(self, _person: str, _now: datetime, _given: Any) -> None:
        self._to("archived")

    def _assign(self, _person: str, _now: datetime, given: Any) -> None:
        self.row["handler"] = given["handler"]

    def _extend(self, _person: str, _now: datetime, given: Any) -> None:
        self.flags["extended"] += 1
        row = self.dates[-1]
        row["more"] += given["amount"]
        self._count_again(row)

    def _regrade(self, _person: str, _now: datetime, given: Any) -> None:
        self.level = given["level"]

    def _order(self, _person: str, _now: datetime, _given: Any) -> None:
        self.flags["orders"] += 1

    def _lift(self, _person: str, _now: datetime, _given: Any) -> None:
        self.flags["orders"] -= 1

    def _rate(self, _person: str, now: datetime, _given: Any) -> None:
        self.flags["rated"] = self.flags["rated"] or now

    def unkept(self) -> list[int]:
        """The numbers of the instalments that were not performed."""
        return [number for number, state in enumerate(self.promises, 1) if state != "kept"]

    def _keep_promise(self, _person: str, _now: datetime, given: Any) -> None:
        if number := given.get("instalment"):
            self.promises[number - 1] = "kept"
        if given.get("complete") or (self.promises and not self.unkept()):
            self.row["outcome"] = "fulfilled"
            self.promises = ["kept" for _one in self.promises]

    def _break_promise(self, _person: str, now: datetime, given: Any) -> None:
        if number := given.get("instalment"):
            self.promises[number - 1] = "broken"
        if self.row["status"] != "closed":
            return
        broken = now + timedelta(days=90)
        self.window = max(self.window, broken) if self.window else broken
