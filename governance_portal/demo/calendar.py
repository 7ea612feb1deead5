"""Limits in the demonstration: one version published and not yet in force, so that the table shows what is to come.

The calendar needs nothing: the year after this one is not published, and its dates are 暂定 by themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.choices import Role
from accounts.queries import Actor, actor_for, people_holding
from cases.limits import versions

AHEAD = timedelta(days=60)
REASON = "政策咨询提速：区综治中心 2026 年第 4 次联席会议纪要"


def make(now: datetime) -> int:
    """Publish the version, once; returns how many were published. Needs a lead of the centre among the people."""
    line = _consultation(now)
    actor = _centre_lead(now)
    if line is None or actor is None or len(line.versions) > 1:
        return 0
    row = line.versions[0]
    given = {
        "amount": "2",
        "unit": "working_day",
        "extension_by": "lead",
        "legal_base": "区综治中心联席会议纪要",
        "valid_from": str(versions.day_of(now + AHEAD)),
        "reason": REASON,
    }
    versions.publish(given, row.pk, actor, now)
    return 1


def _consultation(now: datetime) -> versions.Line | None:
    for _label, lines in versions.table(now):
        for line in lines:
            row = line.current
            if (row.clock, row.kind, row.procedure) == ("resolve_by", "consultation", ""):
                return line
    return None


def _centre_lead(now: datetime) -> Actor | None:
    for user in people_holding(Role.LEADER, now):
        actor = actor_for(user, now)
        if actor.leads_centre:
            return actor
    return None
