"""Visits and help for a demonstration: made through the doors, once; the words are given by who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.queries import Actor
from cases.caring import helping, plans, visiting
from cases.caring.referring import open_referral
from cases.models import CarePlan, HelpReferral
from governance_portal.lib.working_days import day_of


@dataclass(frozen=True)
class Elder:
    """One who agreed: name, phone, address, how many days ago each visit was (the newest last), what was found then."""

    name: str
    phone: str
    address: str
    visited: tuple[int, ...]
    found: str = "well"
    words: str = ""
    revoked: bool = False


@dataclass(frozen=True)
class Help:
    """One need: what, of whom, to whom (unit/log-in), how long ago, and what came of it ("" while it lasts)."""

    need: str
    name: str
    phone: str
    what: str
    to: str
    days_ago: int
    answer: str = ""


def lay_samples(
    worker: Actor,
    area_code: str,
    visitors: dict[str, str],
    elders: Sequence[Elder],
    helps: Sequence[Help],
    now: datetime,
) -> int:
    """Make what is missing; answers how many plans and referrals are there then, 0 when they were there already."""
    if CarePlan.objects.filter(area_code=area_code).exists():
        return 0
    plans.set_rota(worker, area_code, visitors, now=now)
    for number, elder in enumerate(elders):
        _plan(worker, area_code, f"demo:caring:{number}", elder, now)
    for number, one in enumerate(helps):
        _help(worker, f"demo:help:{number}", one, now)
    return CarePlan.objects.filter(area_code=area_code).count() + HelpReferral.objects.count()


def _plan(worker: Actor, area_code: str, key: str, elder: Elder, now: datetime) -> None:
    began = now - timedelta(days=max((*elder.visited, 1)) + 1)
    given = {
        "area": area_code,
        "name": elder.name,
        "phone": elder.phone,
        "address": elder.address,
        "consent_by": "self",
        "consent_on": day_of(began).isoformat(),
        "interval_days": "30",
        "told": "true",
    }
    plan, _fresh = plans.agree(worker, given, now=began, client_id=key)
    roles = ("party_head", "building_head", "health", "security", "property", "mediator")
    for turn, days in enumerate(elder.visited):
        at, last = now - timedelta(days=days), turn == len(elder.visited) - 1
        visit = {"found": elder.found if last else "well", "role": roles[turn % 6], "day": day_of(at).isoformat()}
        if last and elder.words:
            visit["words"] = elder.words
        if visit["found"] == "help":
            visit["then"] = "none"
        visiting.visit(worker, str(plan.uid), visit, now=at, client_id=f"{key}:{turn}")
    if elder.revoked:
        plans.end(worker, str(plan.uid), "revoked", now=now)


def _help(worker: Actor, key: str, one: Help, now: datetime) -> None:
    at = now - timedelta(days=one.days_ago)
    given = {
        "need": one.need,
        "ground": "request",
        "name": one.name,
        "phone": one.phone,
        "what": one.what,
        "officer": one.to,
        "consent": "person",
        "consent_on": day_of(at).isoformat(),
    }
    row, _fresh = open_referral(worker, given, now=at, client_id=key)
    if one.answer:
        helping.finish(worker, str(row.uid), {"end": "helped", "answer": one.answer}, now=now)
