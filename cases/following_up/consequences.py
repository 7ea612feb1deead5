"""What follows from an event for the follow-up, in the transaction of that event: the rows of its desk.

The door calls `follow` after every event it has written. A follow-up begins and ends with the status; a bad rating opens
a rectification; a closed dispute gets its dates of looking back (facts §1.11, §2.3 好差评 15 working days).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from cases import choices as c
from cases.choices import Status
from cases.following_up.choices import Called, Settled
from cases.following_up.planning import circumstances_of, rate_until
from cases.hazards.planning import plan_reinspections
from cases.models import Event, FollowUp, LookBack, LookBackRule, Rectification, RedoRequest
from cases.policies import calendar
from cases.standing import Standing
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due

if TYPE_CHECKING:
    from cases.services.door import Turn

#: A bad rating (差评) is one of these.
BAD_UP_TO = 2
#: So many rows are counted again in one transaction.
AT_ONCE = 500
RECTIFY_WITHIN = Limit(15, LimitUnit.WORKING_DAY)
ENDINGS = {
    "confirm": Called.CONFIRMED,
    "redo": Called.REDO,
    "close_unreached": Called.UNREACHED,
    "close_uncalled": Called.UNCALLED,
    "close_explained": Called.EXPLAINED,
}
#: Closings after which the matter may come back: what was settled, and what was given up without a result.
LOOKED_BACK_AFTER = frozenset({*ENDINGS, "close_verified", "terminate"}) - {"redo"}


def follow(turn: Turn, event: Event) -> None:
    """Write what the follow-up needs because of this event."""
    begins = event.status_after == Status.FOLLOW_UP and event.status_before != Status.FOLLOW_UP
    ends = event.status_before == Status.FOLLOW_UP and event.status_after != Status.FOLLOW_UP
    if begins:
        open_follow_up(turn.case, turn.state.round, event.data.get("follow_up"), event.at)
    if ends and event.kind in ENDINGS:
        _end(turn, event)
    if event.kind == "contact" and event.status_after == Status.FOLLOW_UP:
        _note_call(turn, event)
    if event.kind in ("rate", "confirm", "close_explained"):
        _take_rating(turn, event)
    if event.kind in LOOKED_BACK_AFTER and event.status_after == Status.CLOSED:
        _plan_looking_back(turn, event.at)
        if turn.state.kind == c.Kind.HAZARD and event.kind != "terminate":
            plan_reinspections(turn.case, turn.state.round, event.at)


def open_follow_up(case: Any, round_: int, plan: dict[str, Any] | None, begun: datetime) -> FollowUp:
    """Make the row of one round; a plan that is missing means that the case is called."""
    plan = plan or {}
    share, called = plan.get("share", 100), plan.get("called", True)
    made, _new = FollowUp.objects.get_or_create(
        case=case,
        round=round_,
        defaults={
            "opened_at": begun,
            "settled": plan.get("settled", Settled.CHECKED.value),
            "share": share,
            "called": called,
            "must": called and share >= 100,
            "reasons": plan.get("reasons", []),
            "policy_id": plan.get("policy"),
            "rate_until": None if called else rate_until(begun, plan.get("rate_days", 0)),
        },
    )
    return made


def _current(turn: Turn, round_: int) -> Any:
    return FollowUp.objects.filter(case=turn.case, round=round_, ended_at__isnull=True)


def _end(turn: Turn, event: Event) -> None:
    round_ = turn.state.round - (1 if event.kind == "redo" else 0)  # the redo has opened the next one already
    result = ENDINGS[event.kind]
    if event.kind == "confirm" and turn.actor.service == "resident":
        result = Called.RATED
    reached = {"reached_at": event.at} if event.data.get("contacted") else {}
    ended = {"result": result, "ended_at": event.at, "caller": None, "claimed_until": None, **reached}
    if event.kind == "redo":  # a supervisor may send it back without waiting for the paper
        asked = RedoRequest.objects.filter(case=turn.case, round=round_, approved__isnull=True)
        asked.update(approved=True, decided_at=event.at, decided_by_id=event.actor_id)
    if not _current(turn, round_).update(**ended):
        row = open_follow_up(turn.case, round_, None, event.at)  # it was there before there were rows
        FollowUp.objects.filter(pk=row.pk, ended_at__isnull=True).update(**ended)


def _note_call(turn: Turn, event: Event) -> None:
    """Count an attempt of the follow-up; calls of the handling unit are none."""
    if Standing.FOLLOW_UP_OFFICER not in turn.standing:
        return
    row = _current(turn, turn.state.round).first()
    if row is None:
        return
    row.attempts += 1
    row.reached_at = event.at if event.data["reached"] else row.reached_at
    row.save(update_fields=["attempts", "reached_at"])


# --- ratings ----------------------------------------------------------------------------------------------------


def is_unhappy(data: Mapping[str, Any]) -> bool:
    """Tell whether an answer says that somebody should call: a bad rating, or not solved."""
    return data["satisfaction"] <= BAD_UP_TO or not data["resolved"]


def _take_rating(turn: Turn, event: Event) -> None:
    own = event.kind == "rate" or turn.actor.service == "resident"
    if own and is_unhappy(event.data):
        # Not drawn, and unhappy by his own word: he is called all the same.
        _current(turn, turn.state.round).update(called=True, rate_until=None)
    if event.data["satisfaction"] <= BAD_UP_TO:
        open_rectification(turn.case, turn.state.round, event.data["satisfaction"], own, event.at)
    elif event.kind == "rate":
        unread = Rectification.objects.filter(
            case=turn.case, round=turn.state.round, closed_at__isnull=True, verdict=""
        )
        unread.update(dropped=True, closed_at=event.at)


def open_rectification(case: Any, round_: int, rating: int, own: bool, at: datetime) -> None:
    """Open the fifteen working days of a bad rating; one that is open keeps its date whatever is said again."""
    ends = due(at, RECTIFY_WITHIN, calendar())
    dates = {"nominal_at": ends.nominal, "due_at": ends.due, "tentative": ends.tentative}
    row, new = Rectification.objects.get_or_create(
        case=case, round=round_, defaults={"rating": rating, "own": own, "opened_at": at, **dates}
    )
    if new:
        return
    if row.dropped:  # better, and then worse again: it begins anew
        fresh = {"opened_at": at, "dropped": False, "closed_at": None, "late_told_at": None, **dates}
        Rectification.objects.filter(pk=row.pk).update(rating=rating, own=own, **fresh)
    elif row.closed_at is None:
        Rectification.objects.filter(pk=row.pk).update(rating=rating)


def recount_rectifications(since: datetime) -> int:
    """Count the dates of open rectifications again that lie at or after a moment, all of them; returns how many moved.

    Called where the calendar changed; what was late by an earlier date stays late.
    """
    changed, after = 0, 0
    rows = Rectification.objects.filter(closed_at__isnull=True, due_at__gte=since).order_by("pk")
    while found := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        after = found[-1].pk
        changed += _count_again(found)
    return changed


def _count_again(rows: list[Rectification]) -> int:
    with transaction.atomic():
        keys = [row.pk for row in rows]
        held = Rectification.objects.select_for_update().filter(pk__in=keys, closed_at__isnull=True).order_by("pk")
        moved = []
        for row in held:
            ends = due(row.opened_at, RECTIFY_WITHIN, calendar())
            if (ends.due, ends.tentative) != (row.due_at, row.tentative):
                if ends.due != row.due_at:
                    row.late_told_at = None
                row.nominal_at, row.due_at, row.tentative = ends.nominal, ends.due, ends.tentative
                moved.append(row)
        Rectification.objects.bulk_update(moved, ["nominal_at", "due_at", "tentative", "late_told_at"])
    return len(moved)


# --- looking back -----------------------------------------------------------------------------------------------


def _plan_looking_back(turn: Turn, closed: datetime) -> None:
    rules = _rules(turn, closed)
    if not rules:
        return
    reasons = circumstances_of(turn.case, turn.state)
    days = {rule.days for rule in rules if not rule.circumstance or rule.circumstance in reasons}
    day = closed.astimezone(SHANGHAI).date()
    rows = [
        LookBack(case=turn.case, round=turn.state.round, days=count, due_on=day + timedelta(days=count))
        for count in sorted(days)
    ]
    LookBack.objects.bulk_create(rows, ignore_conflicts=True)


def _rules(turn: Turn, closed: datetime) -> list[LookBackRule]:
    if turn.state.imported or turn.state.outcome in (c.Outcome.WITHDRAWN, c.Outcome.TRANSFERRED):
        return []
    today = closed.astimezone(SHANGHAI).date()
    rules = LookBackRule.objects.filter(kind__in=("", turn.state.kind), channel__in=("", turn.state.channel))
    rules = rules.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today)
    return list(rules)
