"""Matters of two departments, each one's fate by hand; who asks to leave one out, who decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.choices import Role
from cases.models import Case, RankingExclusion
from cases.ranking import services
from tests.board.conftest import Clock, Enter, clock
from tests.cases.cast import MONDAY, District, at, build_district
from tests.pages.conftest import _fresh_policies, _no_sign_of_life, client_of

__all__ = ["Clock", "Enter", "_fresh_policies", "_no_sign_of_life", "client_of", "clock"]

#: After the resident's date of what came in on MONDAY, and before the limit for asking.
LATE = at(10, month=12)
ASKED = at(14, month=12)
DECIDED = at(15, month=12)
RESOLVED = {"result": "已办", "outcome": "fulfilled", "reply": "已办。"}
WORDS = {"figure": "on_time", "ground": "force_majeure", "words": "大雪封路五天，镇政府有通告，进不了村。"}
YES = {"granted": "yes", "answer": "核对了镇政府的封路通告，属实。"}
NO = {"granted": "no", "answer": "封路只有半天，期限还有四天，不是逾期的原因。"}
#: November 2026 to January 2027.
DAYS = "period=custom&from=2026-11-01&to=2027-01-31"


@pytest.fixture
def district(db: None) -> District:
    """The cast, with who decides and who works in two places."""
    return with_deciders(build_district())


def with_deciders(d: District) -> District:
    """A leader of the district, a supervisor who also works for the department, one of a street; who leads a station."""
    d.person("leader", "区领导", Role.LEADER, "zfw")
    d.person("both", "双岗老赵", Role.SUPERVISOR, "centre")
    d.person("both", "双岗老赵", Role.HANDLER, "housing")
    d.person("street_supervisor", "镇督办", Role.SUPERVISOR, "street", "140603100")
    d.person("heating_lead", "站长老苗", Role.HANDLER, "heating", lead=True)
    return d


def handled(
    d: District,
    by: str = "handler",
    *,
    now: datetime = MONDAY,
    resolved: datetime | None = None,
    rated: int = 5,
    checks: str = "supervisor",
    **given: Any,
) -> Case:
    """A matter a department handles to its end."""
    unit = {"handler": "housing", "heating_man": "heating"}[by]
    case = d.register(now=now, **given)
    d.move(case, "accept", "clerk", now, category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", now, lead_unit=unit, mode="forward")
    d.move(case, "sign", by, now)
    done = resolved or now
    d.move(case, "resolve", by, done, **RESOLVED)
    d.move(case, "approve", checks, done)
    d.move(case, "confirm", "follow_up", done, satisfaction=rated, resolved=True, contacted=True)
    case.refresh_from_db()
    return case


def late(d: District, by: str = "handler", **more: Any) -> Case:
    """One that was resolved after its date."""
    return handled(d, by, resolved=LATE, **more)


def asked(d: District, case: Case, by: str = "handler", now: datetime = ASKED, **changed: str) -> RankingExclusion:
    """Ask as the department does."""
    return services.ask(d.actor(by, now), case.number, {**WORDS, **changed}, now=now)[0]


def granted(d: District, case: Case, by: str = "supervisor2", **changed: str) -> RankingExclusion:
    """Ask and grant."""
    return services.decide(d.actor(by, DECIDED), asked(d, case, **changed).pk, YES, now=DECIDED)


def refused(d: District, case: Case, by: str = "supervisor2", now: datetime = DECIDED) -> RankingExclusion:
    """Ask and refuse."""
    return services.decide(d.actor(by, now), asked(d, case).pk, NO, now=now)


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)
