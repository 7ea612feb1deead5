"""The follow-up desk, written: who is on the phone, what came of it, bad ratings put right, disputes looked at again.

Whatever changes a case goes through the door (`cases.services.move`, `record`); what stands here beside it is the desk's own
rows. A person who handled the case is refused everywhere (workflow.md rule 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.queries import Actor
from cases.choices import ContactWay, Status
from cases.following_up.consequences import open_follow_up
from cases.following_up.planning import plan_for, settled_by
from cases.models import Case, FollowUp
from cases.policies import calendar
from cases.services.door import move, posts_of, record
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import SHANGHAI

#: So long a case is one caller's after each thing he did.
LEASE = timedelta(minutes=15)
#: When to try again, offered in one tap: code, words.
LATER = {
    "two_hours": "2 小时后再打",
    "evening": "今天 18:30 再打",
    "next_morning": "下个工作日 9:30 再打",
    "next_afternoon": "下个工作日 15:00 再打",
}


def need_caller(case: Case, actor: Actor, now: datetime) -> None:
    """Refuse whoever does not call people back about this case: other posts, and who handled it."""
    if Standing.FOLLOW_UP_OFFICER in posts_of(case, actor, now):
        return
    if actor.user_id in case.handled_by:
        raise NotYou("您经办过这一件，不能由您回访；请由其他回访员办理。")
    raise NotYou("回访由回访员办理，您在本件上没有这个岗位。")


def need_keeper(case: Case, actor: Actor, now: datetime) -> None:
    """Refuse whoever neither calls nor checks this case, and who handled it."""
    if actor.user_id in case.handled_by:
        raise NotYou("您经办过这一件，差评核实和回头看由没有经办的人办理。")
    if not {Standing.FOLLOW_UP_OFFICER, Standing.CHECKER, Standing.CENTRE_LEAD} & set(posts_of(case, actor, now)):
        raise NotYou("差评核实和回头看由回访员、督办员和中心负责人办理，您在本件上没有这些岗位。")


# --- who is on the phone ----------------------------------------------------------------------------------------


def take(case: Case, actor: Actor, now: datetime) -> FollowUp:
    """Take a case to call; NotNow while somebody else is on the phone with it. A conditional UPDATE: one wins."""
    need_caller(case, actor, now)
    if case.status != Status.FOLLOW_UP:
        raise NotNow(f"该件现在是“{case.get_status_display()}”，不用再回访。", current_status=case.status)
    row = FollowUp.objects.filter(case=case, round=case.round).first() or plan_anew(case, now)
    open_now = FollowUp.objects.filter(pk=row.pk, ended_at__isnull=True)
    mine = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(caller_id=actor.user_id)
    if not open_now.filter(mine).update(caller_id=actor.user_id, claimed_until=now + LEASE):
        raise NotNow(busy_words(row, now) or "这一件刚刚办完，请看下一件。", current_status=case.status)
    row.refresh_from_db()
    return row


def busy_words(row: FollowUp, now: datetime) -> str:
    """「小陈正在回访这一件」, "" when nobody is."""
    row.refresh_from_db(fields=["caller", "claimed_until"])
    if row.caller is None or row.claimed_until is None or row.claimed_until <= now:
        return ""
    since = (row.claimed_until - LEASE).astimezone(SHANGHAI)
    return f"{row.caller.name}正在回访这一件（{since:%H:%M} 开始），请先打下一件。"


def leave(case: Case, actor: Actor) -> None:
    """Put a case back without having called."""
    mine = FollowUp.objects.filter(case=case, round=case.round, caller_id=actor.user_id)
    mine.update(caller=None, claimed_until=None)


def plan_anew(case: Case, now: datetime) -> FollowUp:
    """Make the row of a case that waited before there were rows."""
    begun = case.events.filter(status_after=Status.FOLLOW_UP).exclude(status_before=Status.FOLLOW_UP).order_by("-seq")
    at, before = begun.values_list("at", "prev_hash").first() or (now, "")
    plan = plan_for(case, case, settled_by(case.events.order_by("seq")), at, before)
    return open_follow_up(case, case.round, plan.as_data(), at)


# --- what came of the call --------------------------------------------------------------------------------------


def slots(now: datetime) -> list[dict[str, Any]]:
    """Return when to try again: `[{code, label, at}]`, only times that lie ahead in this or the next working day."""
    local, days = now.astimezone(SHANGHAI), calendar()
    day = local.date() + timedelta(days=1)
    while not days.is_workday(day):
        day += timedelta(days=1)
    times = {
        "two_hours": local + timedelta(hours=2),
        "evening": datetime.combine(local.date(), time(18, 30), SHANGHAI),
        "next_morning": datetime.combine(day, time(9, 30), SHANGHAI),
        "next_afternoon": datetime.combine(day, time(15), SHANGHAI),
    }
    late = datetime.combine(local.date(), time(20), SHANGHAI)  # nobody is rung up at night
    fits = {"two_hours": times["two_hours"] <= late, "evening": times["evening"] > local}
    return [{"code": code, "label": label, "at": times[code]} for code, label in LATER.items() if fits.get(code, True)]


def missed(case: Case, again: str, *, actor: Actor, now: datetime, way: str = ContactWay.PHONE) -> FollowUp:
    """Log a call that was not answered, and when to try again; the case goes back to the queue."""
    wanted = {slot["code"]: slot["at"] for slot in slots(now)}
    if again not in wanted:
        raise Incomplete({"again": ["请选择什么时候再打。"]})
    row = take(case, actor, now)
    with transaction.atomic():
        record(case, "contact", actor=actor, now=now, given={"way": way, "reached": False})
        row.not_before, row.caller, row.claimed_until = wanted[again], None, None
        row.save(update_fields=["not_before", "caller", "claimed_until"])
    row.refresh_from_db()
    return row


def answered(case: Case, given: Mapping[str, Any], *, actor: Actor, now: datetime, way: str = ContactWay.PHONE) -> Case:
    """Close with what the resident said on the phone: `{satisfaction, resolved, contacted, note?}`."""
    take(case, actor, now)
    with transaction.atomic():
        record(case, "contact", actor=actor, now=now, given={"way": way, "reached": True})
        return move(case, "confirm", actor=actor, now=now, given=given)


def wants_redo(case: Case, wanted: str, unhappy: str, *, actor: Actor, now: datetime) -> str:
    """Have it handled again: the first time at once, later as a request to the supervisor. Returns `redo` or `asked`."""
    take(case, actor, now)
    with transaction.atomic():
        record(case, "contact", actor=actor, now=now, given={"way": ContactWay.PHONE, "reached": True})
        case.refresh_from_db()
        if not case.redo_count:
            move(case, "redo", actor=actor, now=now, given={"note": wanted})
            return "redo"
        record(case, "ask_redo", actor=actor, now=now, given={"wanted": wanted, "unhappy": unhappy})
        leave(case, actor)
        return "asked"


def unreached(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Close what was not reached on two days; the door asks for the two days."""
    take(case, actor, now)
    return move(case, "close_unreached", actor=actor, now=now)
