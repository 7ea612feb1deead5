"""The 督办函 that the clock drafts and a person signs: its text from the facts, once per cause (facts §1.10, D10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.notices import notify
from accounts.queries import Actor
from cases import choices as c
from cases import services
from cases.letters.letter import dated
from cases.models import Case, OrderDraft, SupervisionOrder
from cases.policies import calendar
from cases.querysets import CaseQuerySet
from cases.services.door import posts_of
from cases.services.order_numbers import rules
from cases.services.recipients import Recipients
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due, remaining_words

END_OF_WORK = time(17, 30)
SIGNERS = frozenset({Standing.SUPERVISOR, Standing.CENTRE_LEAD})


def answer_by(now: datetime) -> datetime:
    """Until when a unit answers when nobody says otherwise: the end of work of the last working day of the rules."""
    last = due(now, Limit(rules().answer_days, LimitUnit.WORKING_DAY), calendar()).due - timedelta(minutes=1)
    return datetime.combine(last.astimezone(SHANGHAI).date(), END_OF_WORK, SHANGHAI)


def day_words(end: datetime) -> str:
    """The day that a limit ends on, as letters say it; 24:00 is that day, not the next."""
    return dated((end - timedelta(microseconds=1)).astimezone(SHANGHAI).date())


def late_words(due_at: datetime, now: datetime) -> str:
    """「超期3个工作日」, as the calendar counts."""
    return remaining_words(now, due_at, calendar()).removeprefix("已超时").replace(" ", "")


def texts(case: Case, cause: str, now: datetime, due_at: datetime | None = None) -> tuple[str, str]:
    """`(problem, demand)` of a letter from the facts of the case; no names, no phones, nothing the reporter said."""
    head = f"你单位承办的事项（受理编号{case.number}，“{subject(case)}”）"
    until = day_words(answer_by(now))
    if cause == c.DraftCause.UNHAPPY:
        problem = f"{head}办结后，经回访和核实，诉求人对办理结果不满意，问题没有得到解决。"
        demand = f"请重新核查诉求，与诉求人当面沟通，逐项整改，于{until}前将整改情况书面报送我中心。"
        return problem, demand
    ends = due_at or case.due_at
    if ends is not None and ends < now:
        today = dated(now.astimezone(SHANGHAI).date())
        problem = f"{head}应于{day_words(ends)}前办结，截至{today}已超期{late_words(ends, now)}，仍未办结。"
    elif ends is not None:
        problem = f"{head}应于{day_words(ends)}前办结，期限将至，尚未办结。"
    else:
        problem = f"{head}尚未办结。"
    return problem, f"请查明原因，落实责任人，抓紧办理，于{until}前办结并将整改情况书面报送我中心。"


def subject(case: Case) -> str:
    """What a letter calls the matter: never the words of a complaint or of who asked for confidence (rule 4)."""
    if case.nature or case.confidential or case.anonymous:
        return case.get_kind_display()
    return case.category.name if case.category else case.get_kind_display()


def draft(case: Case, cause: str, period: int, now: datetime, due_at: datetime | None = None) -> OrderDraft | None:
    """Write a draft and tell the supervisors; None where this cause was drafted before (also by another worker)."""
    problem, demand = texts(case, cause, now, due_at)
    try:
        with transaction.atomic():
            made = OrderDraft.objects.create(
                case=case,
                cause=cause,
                period=period,
                unit_id=case.lead_unit_id,
                problem=problem,
                demand=demand,
                deadline=answer_by(now),
                made_at=now,
            )
            notify(
                Recipients(now).supervisors(case),
                key=f"order-draft:{made.pk}",
                title=f"{case.number} 的督办函已起草，等您签发",
                body=f"起因：{made.get_cause_display()}。请到“督办”核对后签发，或者写明理由不发。",
                case_number=case.number,
                kind="order",
                now=now,
            )
    except IntegrityError:
        return None
    return made


def waiting(visible: CaseQuerySet) -> Any:
    """Drafts that wait for a person, of cases somebody sees, the oldest first."""
    found = OrderDraft.objects.filter(order__isnull=True, discarded_at__isnull=True, case__in=visible.order_by())
    return found.select_related("case__lead_unit", "case__category", "unit").order_by("made_at", "pk")


def find(actor: Actor, pk: int, now: datetime, *, lock: bool = False) -> OrderDraft:
    """One draft of a case this person sees and may sign for; NotYours (404), NotYou (403)."""
    found = OrderDraft.objects.filter(pk=pk, case__in=Case.objects.visible_to(actor, now).order_by())
    if lock:
        found = found.select_for_update(of=("self",))
    made = found.select_related("case__lead_unit", "case__category", "case__complained_unit", "unit", "order").first()
    if made is None:
        raise NotYours()
    if not SIGNERS & set(posts_of(made.case, actor, now)):
        raise NotYou("督办函由督办员或中心负责人签发。")
    return made


def sign(actor: Actor, pk: int, now: datetime, given: Mapping[str, Any]) -> SupervisionOrder:
    """Sign a draft as edited (`problem`, `demand`, `deadline`): it becomes an order through the door, once.

    NotNow when it was signed or discarded meanwhile; whatever the door refuses.
    """
    with transaction.atomic():
        made = find(actor, pk, now, lock=True)
        _undecided(made)
        event = services.record(
            made.case, "order", actor=actor, now=now, given={**given, "kind": c.OrderKind.LETTER.value}
        )
        made.order_id, made.decided_by_id = event.data["order"], actor.user_id
        made.save(update_fields=["order", "decided_by"])
        return SupervisionOrder.objects.get(pk=event.data["order"])


def discard(actor: Actor, pk: int, now: datetime, reason: str) -> OrderDraft:
    """Do not send it, for a reason that stays on record (also in the case's history)."""
    if not reason.strip():
        raise Incomplete({"reason": ["请写明不发的理由，例如已当面督促、当天办结。"]})
    if len(reason) > 200:
        raise Incomplete({"reason": [f"理由最多 200 字，现在有 {len(reason)} 字。"]})
    with transaction.atomic():
        made = find(actor, pk, now, lock=True)
        _undecided(made)
        made.discarded_at, made.discard_reason, made.decided_by_id = now, reason.strip(), actor.user_id
        made.save(update_fields=["discarded_at", "discard_reason", "decided_by"])
        text = f"督办函（{made.get_cause_display()}）不发：{reason.strip()}"
        services.record(made.case, "note", actor=actor, now=now, given={"text": text})
    return made


def _undecided(made: OrderDraft) -> None:
    if made.order_id:
        raise NotNow(f"这份草稿已经签发为 {made.order.number if made.order else ''}。", current_status=made.case.status)
    if made.discarded_at:
        raise NotNow(f"这份草稿已决定不发：{made.discard_reason}", current_status=made.case.status)
