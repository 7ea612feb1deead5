"""督办 in a demonstration: two matters under an order, one of them answered, a letter waiting to be signed, a proposal."""

from __future__ import annotations

from datetime import datetime

from accounts.queries import Actor, actor_for
from cases import choices as c
from cases import services
from cases.models import Case, Proposal
from cases.standing import UNWELCOME_TO_ITS_UNIT
from cases.supervising import drafting, proposing


def lay_samples(supervisor: Actor, now: datetime, answer: str, ground: str, advice: str) -> int:
    """Make the papers through the doors, as this supervisor; answers how many, 0 where there is a proposal already."""
    if Proposal.objects.exists():
        return 0
    cases, made = _late(supervisor, now), 0
    for place, case in enumerate(cases[:2]):
        problem, demand = drafting.texts(case, c.DraftCause.LATE, now)
        given = {"kind": "letter", "problem": problem, "demand": demand, "deadline": drafting.answer_by(now)}
        event = services.record(case, "order", actor=supervisor, now=now, given=given)
        made += 1
        if place and case.handler:
            response = {"order": event.data["order"], "response": answer}
            services.record(case, "respond", actor=actor_for(case.handler, now), now=now, given=response)
    for case in cases[2:3]:
        made += drafting.draft(case, c.DraftCause.LATE, case.round, now) is not None
    for case in cases[:1]:
        proposed = {
            "kind": c.ProposalKind.TALK.value,
            "unit": case.lead_unit.code if case.lead_unit else "",
            "addressee": "区委政法委",
            "ground": ground,
            "advice": advice,
            "cases": case.number,
        }
        proposing.propose(supervisor, now, proposed)
        made += 1
    return made


def _late(supervisor: Actor, now: datetime) -> list[Case]:
    """Matters in hand that are late, or the nearest to it; none of a complaint, none under an order."""
    in_hand = Case.objects.visible_to(supervisor, now).filter(
        status=c.Status.HANDLING, orders_open=0, lead_unit__isnull=False, handler__isnull=False, due_at__isnull=False
    )
    found = in_hand.exclude(nature__in=UNWELCOME_TO_ITS_UNIT).exclude(lead_unit_id__in=supervisor.unit_ids)
    return list(found.select_related("lead_unit", "handler", "category").order_by("due_at", "pk")[:3])
