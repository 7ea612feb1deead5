"""Hazards in a demonstration: brought through the doors to where the ledgers have something to show, materials with their checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases import services
from cases.hazards import keeping
from cases.models import Case, FloodStore, InspectionScope, Submission
from cases.services.attachments import store
from governance_portal.lib.working_days import SHANGHAI

KEY = "demo:hazards:"
#: Who acts in the demonstration, by log-in name.
CLERK, DISPATCHER, KEEPER, VERIFIER = "clerk", "dispatcher", "supervisor", "supervisor2"


@dataclass(frozen=True)
class Sample:
    """One invented hazard: its words, its file, its lines (problem, basis, measure, result or "") and how far it goes.

    then: filed | listed | handed_up | closed; officer: log-in name of who handles it in `unit`.
    """

    key: str
    days_ago: int
    description: str
    address: str
    category: str
    hazard_class: str
    detail: str
    unit: str
    officer: str
    person: str
    term_in: int
    plan: str
    measure: str
    lines: tuple[tuple[str, str, str, str], ...]
    then: str
    level: str = "major"


@dataclass(frozen=True)
class Kept:
    """A material or team (`STORE` of `cases.hazards.keeping`), entered and last checked so many days ago."""

    given: dict[str, Any]
    entered_ago: int
    checked_ago: int | None
    fine: bool = True
    note: str = ""


def lay_samples(samples: tuple[Sample, ...], now: datetime, picture: Any) -> int:
    """Make the hazards that are missing; `picture(name)` gives an upload. Answers how many were made."""
    made = 0
    for sample in samples:
        if not Submission.objects.filter(client_id=KEY + sample.key).exists():
            with transaction.atomic():
                _play(sample, now, picture)
            made += 1
    return made


def lay_beside(kept: tuple[Kept, ...], scopes: tuple[dict[str, str], ...], now: datetime) -> None:
    """Enter materials, teams and inspected quantities where there are none yet."""
    if not FloodStore.objects.exists():
        for one in kept:
            at = now - timedelta(days=one.entered_ago)
            row = keeping.enter_store(one.given, actor=_actor(KEEPER, at), now=at)
            if one.checked_ago is not None:
                day = now - timedelta(days=one.checked_ago)
                check = {"day": day.astimezone(SHANGHAI).date(), "fine": one.fine, "quantity": row.quantity}
                check |= {"note": one.note} if one.note else {}
                keeping.check_store(row.pk, check, actor=_actor(KEEPER, day), now=day)
    if not InspectionScope.objects.exists():
        for scope in scopes:
            keeping.enter_scope(scope, actor=_actor(KEEPER, now), now=now)


def _actor(name: str, at: datetime) -> Actor:
    return actor_for(User.objects.get(username=name), at)


def _record(case: Case, record: str, by: str, at: datetime, /, **given: Any) -> None:
    services.record(case, record, actor=_actor(by, at), now=at, given=given)


def _play(sample: Sample, now: datetime, picture: Any) -> None:
    at = now - timedelta(days=sample.days_ago, hours=5)

    def move(name: str, by: str, minutes: int, **given: Any) -> Case:
        moment = at + timedelta(minutes=minutes)
        return services.move(case, name, actor=_actor(by, moment), now=moment, given=given)

    given = {
        "kind": "hazard",
        "channel": "department",
        "description": sample.description,
        "place": {"address": sample.address},
        "reporters": [],
        "anonymous": True,
    }
    case = services.register(_actor(CLERK, at), given, now=at, client_id=KEY + sample.key).case
    store(case, picture("整改前"), actor=_actor(CLERK, at), now=at, purpose="整改前")
    move("accept", CLERK, 10, category=sample.category, level=sample.level)
    move("dispatch", DISPATCHER, 30, lead_unit=sample.unit, mode="forward")
    move("sign", sample.officer, 70)
    term = (at + timedelta(days=sample.term_in)).astimezone(SHANGHAI).date()
    file: dict[str, Any] = {name: getattr(sample, name) for name in ("hazard_class", "unit", "person", "plan")}
    file |= {name: getattr(sample, name) for name in ("detail", "measure") if getattr(sample, name)}
    _record(case, "hazard", sample.officer, at + timedelta(minutes=90), **file, term=term)
    if sample.then == "filed":
        return
    for number, (problem, basis, measure, result) in enumerate(sample.lines, start=1):
        moment = at + timedelta(minutes=95 + number)
        line = {"problem": problem, "measure": measure, **({"basis": basis} if basis else {})}
        _record(case, "hazard_item", sample.officer, moment, **line)
        if result:
            moment = at + timedelta(minutes=150 + number)
            _record(case, "hazard_done", sample.officer, moment, item=number, done=True, result=result)
    if sample.then == "listed":
        return
    case.refresh_from_db()  # who may attach now is read off the row
    later = at + timedelta(minutes=195)
    after = store(case, picture("整改后"), actor=_actor(sample.officer, later), now=later, purpose="整改后")
    told = {"result": "已按清单逐条整改。", "outcome": "fulfilled", "reply": "这处隐患已经整改。"}
    move("resolve", sample.officer, 200, **told, photos_after=[str(after.uid)])
    if sample.then == "closed":
        move("close_verified", VERIFIER, 240, note="现场与照片、清单相符，销号。")
