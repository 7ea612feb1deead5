"""What lies on the operator's desk: who rings, which calls wait for their outcome, what was done today."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.models import User
from accounts.queries import Actor
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import SHANGHAI
from hotlines.choices import CallResult
from hotlines.desk import call_backs
from hotlines.models import CallRecord, OperatorExtension
from hotlines.services import check_answerer

#: More calls than these are not shown in the strip; the desk has them all.
MOST_SHOWN = 8


def may_enter(actor: Actor) -> bool:
    """Tell whether the desk is this person's."""
    return actor.has(Role.OPERATOR)


def mine_or_nobodys(actor: Actor) -> Q:
    """The calls this operator sees: his own and those that no operator has."""
    return Q(operator_id=actor.user_id) | Q(operator__isnull=True)


def waiting(actor: Actor) -> QuerySet[CallRecord]:
    """Return the calls that ring, are talked, or ended without an outcome, the newest first; not what was forgotten."""
    check_answerer(actor)
    rings = CallRecord.objects.filter(mine_or_nobodys(actor), result=CallResult.RINGING, forgotten_at__isnull=True)
    return rings.order_by("-started_at", "-pk")


def find(actor: Actor, uid: str) -> CallRecord:
    """Return one call, one's own or nobody's; NotYours (404) otherwise."""
    check_answerer(actor)
    calls = CallRecord.objects.filter(mine_or_nobodys(actor), uid=uid)
    found = calls.select_related("case", "operator", "answered_from").first()
    if found is None:
        raise NotYours("没有找到这个来电，或者它已经由别的话务员接了。")
    return found


def today(actor: Actor, now: datetime) -> QuerySet[CallRecord]:
    """Return what this operator settled today (by our clock, not the telephone system's), the newest first."""
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    done = CallRecord.objects.filter(operator_id=actor.user_id, settled_at__gte=midnight)
    settled = done.exclude(result__in=(CallResult.RINGING, CallResult.MISSED))
    return settled.select_related("case").order_by("-started_at", "-pk")


def unclaimed(actor: Actor, now: datetime) -> QuerySet[CallRecord]:
    """Return today's calls that nobody answered, for every operator: 未接."""
    check_answerer(actor)
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    missed = CallRecord.objects.filter(mine_or_nobodys(actor), result=CallResult.MISSED, settled_at__gte=midnight)
    return missed.order_by("-started_at", "-pk")


def extension_of(actor: Actor) -> str:
    """Return the extension this operator sits at, "" for none."""
    row = OperatorExtension.objects.filter(operator_id=actor.user_id).values_list("extension", flat=True).first()
    return row or ""


def count(actor: Actor, now: datetime) -> int:
    """How many calls wait and call-backs are owed, for the rail; two statements."""
    return waiting(actor).count() + call_backs.owed(actor, now).count()


def stamp(actor: Actor) -> tuple[str, list[CallRecord]]:
    """Return a word that changes when the strip of calls does, and its calls; one statement."""
    rows = list(waiting(actor)[:MOST_SHOWN])
    parts = [f"{row.pk}{'a' if row.answered_at else ''}{'e' if row.ended_at else ''}" for row in rows]
    return f"{actor.user_id}-{'.'.join(parts)}", rows


def operator_name(call: CallRecord) -> str:
    """Who has it, in words."""
    return User.objects.filter(pk=call.operator_id or 0).values_list("name", flat=True).first() or "无人认领"
