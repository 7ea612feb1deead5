"""Thousands of steps by anybody: fold(events) equals the row, and a second reading of the contract agrees with both."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from accounts.queries import Actor
from cases import policies, services
from cases.fold import COLUMNS, fold
from cases.models import Case, Deadline, FollowUpPolicy
from cases.services.door import deadline_values
from governance_portal.lib.errors import Refusal
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import GRID, MONDAY, District, build_district
from tests.cases.model import CATEGORY, Model, extension

STEPS = 25
EXAMPLES = 2000 if os.environ.get("LONG") == "1" else 80
PEOPLE = (
    *("clerk", "operator", "dispatcher", "supervisor", "supervisor2", "follow_up", "centre_lead", "handler"),
    *("handler2", "housing_lead", "heating_man", "street_handler", "mediator", "committee_lead", "grid_worker"),
    *("handler_other", "auditor", "resident", "clock"),
)
BUTTONS = (
    *("request_material", "supplement", "accept", "decline", "review_decline", "transfer", "resolve_on_spot"),
    *("dispatch", "consult", "conclude", "sign", "return", "insist", "reassign", "escalate", "suspend", "resume"),
    *("resolve", "send_back", "approve", "close_verified", "confirm", "redo", "missed_call", "close_unreached"),
    *("close_uncalled", "withdraw", "terminate", "merge", "unmerge", "reopen", "archive", "assign", "extend"),
    *("regrade", "note", "order", "lift", "rate", "break_promise", "keep_promise"),
)
RECORDS = {
    "missed_call": "contact",
    "assign": "assign",
    "regrade": "amend",
    "note": "note",
    "order": "order",
    "lift": "lift",
    "rate": "rate",
    "break_promise": "perform",
    "keep_promise": "perform",
}
WAITS = (0, 1, 20, 180, 1440, 2 * 1440, 5 * 1440, 12 * 1440, 40 * 1440)
LEVELS = ("general", "major", "serious", "urgent")
OFFICER_OF = {
    "housing": "handler",
    "heating": "heating_man",
    "street": "street_handler",
    "committee": "mediator",
    "community": "grid_worker",
}

pytestmark = pytest.mark.django_db

_stage: dict[str, Any] = {}


class Portal(RuleBasedStateMachine):
    """The portal on one side, the model on the other."""

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.now: datetime = MONDAY
        self.trace: list[tuple[str, str, str]] = []

    def teardown(self) -> None:
        """Leave the database as it was."""
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    @initialize(
        kind=st.sampled_from(sorted(CATEGORY)),
        procedure=st.sampled_from(["ordinary", "ordinary", "mediation", "petition"]),
        somebody=st.booleans(),
        agreed=st.integers(0, 3),
    )
    def register(self, kind: str, procedure: str, somebody: bool, agreed: int) -> None:
        d: District = _stage["district"]
        self.actors: dict[str, Actor] = _stage["actors"]
        given = {"kind": kind, "procedure": procedure, "place": {"grid": GRID}, "channel": "web"}
        self.master = d.register("resident", **given)
        self.row = d.register("resident", **given, **({} if somebody else {"reporters": []}))
        self.row.refresh_from_db()
        self.model = Model(kind, procedure, somebody, policies.calendar().is_workday)
        if not agreed and somebody and kind in ("appeal", "dispute"):
            self.come_to_terms(kind)

    def come_to_terms(self, kind: str) -> None:
        """Go straight to a closed case with an agreement: by chance alone hardly one gets so far."""
        promises = [{"due_on": day, "what": "付款"} for day in ("2026-12-31", "2027-02-26")]
        terms = {"outcome": "agreed", "effective_on": "2026-11-23", "instalments": promises}
        steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("accept", "clerk", {"category": CATEGORY[kind], "level": "general"}),
            ("dispatch", "dispatcher", {"lead_unit": "housing", "mode": "forward"}),
            ("sign", "handler", {}),
            ("resolve", "housing_lead", {"result": "已办", "reply": "已办。", **terms}),
            ("approve", "supervisor", {}),
            ("confirm", "follow_up", {"satisfaction": 5, "resolved": True, "contacted": True}),
        )
        for button, person, given in steps:
            self.really(button, person, given)
            self.row = Case.objects.select_related("lead_unit", "handler").get(pk=self.row.pk)
            self.model.press(button, person, self.now, given)

    @rule(data=st.data(), wait=st.sampled_from(WAITS), wild=st.integers(0, 9))
    def press(self, data: st.DataObject, wait: int, wild: int) -> None:
        self.now += timedelta(minutes=wait)
        legal = self.model.legal(self.now)
        if wild < 2 or not legal:
            button, person = data.draw(st.sampled_from(BUTTONS)), data.draw(st.sampled_from(PEOPLE))
        else:
            names = sorted({name for name, _person in legal})
            lasting = [name for name in names if name != "archive"]  # after which there is nothing left to try
            button = data.draw(st.sampled_from(lasting if lasting and wild < 9 else names))
            person = data.draw(st.sampled_from([who for name, who in legal if name == button]))
        given = self.given(button, person, data)
        may = (button, person) in legal
        self.trace.append((button, person, f"{self.now:%m-%d %H:%M}"))
        version = self.row.version
        try:
            with transaction.atomic():
                self.really(button, person, given)
        except Refusal as refusal:
            assert not may, (refusal.detail, refusal.extra(), self.model.row, self.trace)
            assert Case.objects.values_list("version", flat=True).get(pk=self.row.pk) == version
            return
        assert may, (self.model.row, self.trace)
        self.row = Case.objects.select_related("lead_unit", "handler").get(pk=self.row.pk)
        self.model.press(button, person, self.now, given)

    @invariant()
    def the_row_is_the_fold_and_the_model_says_the_same(self) -> None:
        case = self.row
        state = fold(case.events.order_by("seq"), policies.calendar())
        assert {name: getattr(case, name) for name in COLUMNS} == {name: getattr(state, name) for name in COLUMNS}
        rows = {(row.clock, row.period): deadline_values(row) for row in Deadline.objects.filter(case=case)}
        assert rows == {key: deadline_values(clock) for key, clock in state.clocks.items()}
        model = self.model
        unit = case.lead_unit.code if case.lead_unit else None
        handler = case.handler.username if case.handler else None
        mine = {"status": case.status, "outcome": case.outcome, "unit": unit, "handler": handler, "round": case.round}
        assert mine == model.row, self.trace
        assert case.late == model.late, self.trace
        assert case.instalments_open == model.promises.count("due"), self.trace
        if model.dates:
            assert (case.due_at, case.due_running) == (model.due(), model.runs()), self.trace

    # -- how it is really pressed --------------------------------------------------------------------------------

    def really(self, button: str, person: str, given: dict[str, Any]) -> None:
        actor, case = self.actors[person], self.row
        if button == "extend":
            asker = self.actors[OFFICER_OF.get(self.model.row["unit"] or "", "handler")]
            told = "配件还在路上，要多等几天。"  # a petitioner must be told why (信访工作条例 §34)
            asked = {"kind": "extension", "amount": given["amount"], "reason": "配件未到", "public_reason": told}
            if self.model.procedure == "mediation":
                asked["consent"] = True  # both parties must agree to more time
            event = services.record(case, "request", actor=asker, now=self.now, given=asked)
            decided = {"request": event.data["request"], "approved": True}
            services.record(case, "decide", actor=actor, now=self.now, given=decided)
        elif button in RECORDS:
            services.record(case, RECORDS[button], actor=actor, now=self.now, given=given)
        else:
            services.move(case, button, actor=actor, now=self.now, given=given)

    def given(self, button: str, person: str, data: st.DataObject) -> dict[str, Any]:
        model, draw = self.model, data.draw
        other = [unit for unit in ("housing", "heating", "street", "committee") if unit != model.row["unit"]]
        lead_unit = (
            other[draw(st.integers(0, len(other) - 1))] if button in ("dispatch", "conclude", "reassign") else ""
        )
        text = {"note": "情况属实"}
        later = (self.now + timedelta(days=30)).date().isoformat()
        unset = {} if model.sorted_in else {"category": CATEGORY[model.kind]}
        unset |= {} if model.level else {"level": draw(st.sampled_from(LEVELS))}
        forms: dict[str, Any] = {
            "request_material": lambda: {"missing": "身份证复印件", "due_on": later},
            "supplement": lambda: {"supplement": "已补交"},
            "accept": lambda: {"category": CATEGORY[model.kind], "level": draw(st.sampled_from(LEVELS))},
            "decline": lambda: {"reason": "N7", "instead": "区供热站"},
            "transfer": lambda: {"receiver": "petition", "receipt": "收件 3 号"},
            "resolve_on_spot": lambda: {**unset, "result": "当场说明", "outcome": "answered", "reply": "已答复。"},
            "dispatch": lambda: {"lead_unit": lead_unit, "mode": draw(st.sampled_from(["forward", "assign"]))},
            "consult": lambda: {"units": ["street"], "question": "由谁办理"},
            "conclude": lambda: {"lead_unit": lead_unit, "minutes": "会议议定"},
            "return": lambda: {"reason": "not_ours", "basis": "职责清单"},
            "reassign": lambda: {"lead_unit": lead_unit, "reason": "归口"},
            "escalate": lambda: {"reason": "超出职权"},
            "suspend": lambda: {"reason": "appraisal", "expected_end": later},
            "resolve": lambda: {"result": "已办", "reply": "已办。", **self._came_of_it(draw)},
            "confirm": lambda: (
                {"satisfaction": 5, "resolved": True} | ({} if person == "resident" else {"contacted": True})
            ),
            "missed_call": lambda: {"way": "phone", "reached": False},
            "close_uncalled": lambda: {"ground": "not_sampled"},
            "terminate": lambda: {"reason": "deadlock", "routes": "可以起诉"},
            "merge": lambda: {"master": self.master.number},
            "reopen": lambda: {"reason": "诉求人反映未解决"},
            "assign": lambda: {"handler": draw(st.sampled_from(self._others()))},
            "extend": lambda: {"amount": max(1, extension(model.kind, model.procedure, model.level))},
            "regrade": lambda: {
                "level": [v for v in LEVELS if v != model.level][draw(st.integers(0, 2))],
                "reason": "重新定级",
            },
            "note": lambda: {"text": "来电"},
            "order": lambda: {"kind": "letter", "demand": "请说明", "deadline": self.now + timedelta(days=5)},
            "lift": lambda: {"order": self._order(), "note": "已整改"},
            "rate": lambda: {"satisfaction": 1, "resolved": False},
            "break_promise": lambda: {"performed": False, **self._promise(draw)},
            "keep_promise": lambda: {"performed": True, **self._promise(draw)},
        }
        return dict(forms.get(button, lambda: text)())

    def _came_of_it(self, draw: Any) -> dict[str, Any]:
        """Fulfilled, or agreed upon with or without dates."""
        count = draw(st.sampled_from([None, 0, 1, 3]))
        if count is None:
            return {"outcome": "fulfilled"}
        today = self.now.astimezone(SHANGHAI).date()
        days = [(today + timedelta(days=20 * place)).isoformat() for place in range(count)]
        dates = {"effective_on": today.isoformat(), "instalments": [{"due_on": day, "what": "付款"} for day in days]}
        return {"outcome": "agreed", **(dates if count and self.model.kind in ("appeal", "dispute") else {})}

    def _promise(self, draw: Any) -> dict[str, Any]:
        left = self.model.unkept()
        return {"instalment": draw(st.sampled_from(left))} if left else {"complete": False}

    def _order(self) -> int:
        return self.row.orders.filter(lifted_at__isnull=True).values_list("pk", flat=True).first() or 1

    def _others(self) -> list[str]:
        return self.model.others() or ["auditor"]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    """The cast, made once, in a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        policies.forget()
        district = build_district()
        FollowUpPolicy.objects.update(share=0)  # nobody is drawn, so that a case may be closed without a call
        _stage.update(district=district, actors={name: district.actor(name) for name in PEOPLE})
        yield
        transaction.set_rollback(True)


def _machine(examples: int) -> None:
    run_state_machine_as_test(
        Portal,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a case has its own trace; shrinking through a database takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.faults
def test_whatever_is_pressed_the_row_is_the_fold_of_its_history_and_the_model_agrees(stage: None, db: None) -> None:
    """2,000 steps; 50,000 in `make faults`."""
    _machine(EXAMPLES)
