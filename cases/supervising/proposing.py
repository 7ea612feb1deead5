"""约谈、通报、挂牌 and the three suggestions of 信访工作条例 §40: the centre proposes, others decide, the result is kept.

They are against a unit. What is decided elsewhere is laid on the cases concerned as orders of the issuer, through the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor, PostView
from cases import choices as c
from cases import services
from cases.models import Case, Proposal
from cases.needs import Need, clean
from cases.querysets import below
from cases.services.order_numbers import rules
from cases.services.series import next_of_orders
from cases.supervising.drafting import answer_by
from cases.supervising.letters import FORMAL
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI

MOST_CASES = 50
KIND = Need("kind", "形式", "choice", choices=tuple((kind.value, str(kind.label)) for kind in c.ProposalKind))
ASKED: tuple[Need, ...] = (
    KIND,
    Need("unit", "对象单位", "unit", help="约谈、通报、挂牌督办和建议都是对单位，不对个人。"),
    Need("addressee", "报送", "text", help="例如区委政法委、区信访工作联席会议；改进工作建议可以直接送对象单位。"),
    Need("ground", "事由和依据", "longtext", help="写明事实和依据；不要写诉求人的姓名、电话。"),
    Need("advice", "建议", "longtext"),
    Need("cases", "涉及事项的受理编号", "text", required=False, maximum=1000, help="多件用空格或顿号分开。"),
)
DECIDED: tuple[Need, ...] = (
    Need("approved", "是否采纳", "boolean"),
    Need("issuer", "作出机关", "text", required=False, help="采纳约谈、通报、挂牌督办的，写明作出机关和文号。"),
    Need("issuer_number", "文号", "text", required=False),
    Need("listed_until", "挂牌期限", "date", required=False, help="只有挂牌督办填写。"),
    Need(
        "result",
        "决定或反馈的情况",
        "longtext",
        required=False,
        help="不采纳的写明理由；建议书写明书面反馈的采纳情况。",
    ),
)
RESULT: tuple[Need, ...] = (Need("result", "结果", "longtext", help="约谈、整改的情况，落实到什么程度。"),)
DELIST: tuple[Need, ...] = (
    Need("delisted_on", "摘牌日期", "date"),
    Need("result", "摘牌理由", "longtext", help="整改到位的情况，由谁核实。"),
)
END_OF_WORK = time(17, 30)


def may_propose(actor: Actor) -> bool:
    """Supervisors and the leads of the centre."""
    return any(_proposes(post) for post in actor.posts)


def may_read(actor: Actor) -> bool:
    """Who proposes, and the leaders it goes to."""
    return may_propose(actor) or any(post.role == Role.LEADER and post.area_code for post in actor.posts)


def _proposes(post: PostView) -> bool:
    return bool(post.area_code) and (post.role == Role.SUPERVISOR or post.leads_centre)


def visible_to(actor: Actor) -> Any:
    """The proposals of this person's areas, without those against a unit he belongs to."""
    scope = Q(pk__in=())
    for post in actor.posts:
        if _proposes(post) or (post.role == Role.LEADER and post.area_code):
            scope |= below("area_code", post.area_code)
    found = Proposal.objects.filter(scope).exclude(unit_id__in=actor.unit_ids)
    return found.select_related("unit", "proposed_by")


def find(actor: Actor, pk: int, *, lock: bool = False) -> Proposal:
    """One of them; NotYours (404)."""
    found = visible_to(actor)
    made: Proposal | None = (found.select_for_update(of=("self",)) if lock else found).filter(pk=pk).first()
    if made is None:
        raise NotYours()
    return made


def propose(actor: Actor, now: datetime, given: Mapping[str, Any]) -> Proposal:
    """Put a proposal on record and give it a number; Incomplete beside the field."""
    post = next((post for post in actor.posts if _proposes(post)), None)
    if post is None:
        raise NotYou("督办建议由督办员或中心负责人提出。")
    cleaned = _clean(ASKED, given)
    unit = Unit.objects.filter(code=cleaned["unit"], active=True).first()
    if unit is None:
        raise Incomplete({"unit": ["没有这个单位，或者该单位已停用；请重新选择。"]})
    if unit.pk in actor.unit_ids:
        raise Incomplete({"unit": ["不能对您自己的单位提出；请由上级提出。"]})
    cases = _cases_of(actor, now, cleaned.get("cases", ""))
    with transaction.atomic():
        made = Proposal.objects.create(
            kind=cleaned["kind"],
            unit=unit,
            addressee=cleaned["addressee"],
            ground=cleaned["ground"],
            advice=cleaned["advice"],
            number=next_of_orders(rules().proposal_word, now),
            area_code=post.area_code,
            proposed_by_id=actor.user_id or 0,
            proposed_at=now,
        )
        made.cases.set(cases)
    return made


def decide(actor: Actor, pk: int, now: datetime, given: Mapping[str, Any]) -> Proposal:
    """Keep what was decided: adopted with issuer and number, or not adopted with the reason.

    Of 约谈, 通报 and 挂牌 an order of the issuer is laid on each case concerned; all or nothing.
    """
    cleaned = _clean(DECIDED, given)
    with transaction.atomic():
        made = _mine(actor, pk)
        if made.decided_at:
            raise NotNow("这份建议的决定已经登记过。", current_status="")
        if cleaned["approved"]:
            _complete(made, cleaned, now)
        elif not cleaned.get("result"):
            raise Incomplete({"result": ["请写明不采纳的理由。"]})
        made.approved, made.decided_at = cleaned["approved"], now
        for name in ("issuer", "issuer_number", "listed_until", "result"):
            setattr(made, name, cleaned.get(name) or getattr(made, name))
        if cleaned.get("result"):
            made.resulted_at = now
        made.save()
        if made.approved and made.kind in FORMAL:
            _lay(made, actor, now)
    return made


def _complete(made: Proposal, cleaned: Mapping[str, Any], now: datetime) -> None:
    if made.kind not in FORMAL:
        if not cleaned.get("result"):
            raise Incomplete({"result": ["请写明对方书面反馈的采纳情况。"]})
        return
    missing = {
        name: [f"请填写{label}。"]
        for name, label in (("issuer", "作出机关"), ("issuer_number", "文号"))
        if not cleaned.get(name)
    }
    if made.kind == c.ProposalKind.LISTED:
        ends = cleaned.get("listed_until")
        if ends is None:
            missing["listed_until"] = ["请填写挂牌期限。"]
        elif ends <= now.astimezone(SHANGHAI).date():
            missing["listed_until"] = ["挂牌期限应在今天以后。"]
    if missing:
        raise Incomplete(missing)


def _lay(made: Proposal, actor: Actor, now: datetime) -> None:
    ends = datetime.combine(made.listed_until, END_OF_WORK, SHANGHAI) if made.listed_until else answer_by(now)
    for case in made.cases.exclude(status=c.Status.ARCHIVED).order_by("pk"):
        given = {
            "kind": made.kind,
            "demand": made.advice,
            "deadline": ends,
            "issuer": made.issuer,
            "issuer_number": made.issuer_number,
        }
        services.record(case, "order", actor=actor, now=now, given=given)


def close(actor: Actor, pk: int, now: datetime, given: Mapping[str, Any]) -> Proposal:
    """Keep the result of an adopted proposal; of 挂牌督办 with the day it was taken down (摘牌), which lifts its orders."""
    with transaction.atomic():
        made = _mine(actor, pk)
        if not made.approved:
            raise NotNow("采纳的建议才登记结果。", current_status="")
        listed = made.kind == c.ProposalKind.LISTED
        cleaned = _clean(DELIST if listed else RESULT, given)
        if listed:
            if made.delisted_on:
                raise NotNow("已经摘牌。", current_status="")
            decided_on = made.decided_at.astimezone(SHANGHAI).date() if made.decided_at else None
            day = cleaned["delisted_on"]
            if day > now.astimezone(SHANGHAI).date() or (decided_on and day < decided_on):
                raise Incomplete({"delisted_on": ["摘牌日期在决定之后、今天以前。"]})
            made.delisted_on = day
        made.result, made.resulted_at = cleaned["result"], now
        made.save()
        if listed:
            _lift(made, actor, now)
    return made


def _lift(made: Proposal, actor: Actor, now: datetime) -> None:
    for case in made.cases.exclude(status=c.Status.ARCHIVED).order_by("pk"):
        laid = case.orders.filter(kind=made.kind, issuer_number=made.issuer_number, lifted_at__isnull=True)
        for order in laid:
            services.record(case, "lift", actor=actor, now=now, given={"order": order.pk, "note": made.result})


def _mine(actor: Actor, pk: int) -> Proposal:
    if not may_propose(actor):
        raise NotYou("由督办员或中心负责人登记。")
    return find(actor, pk, lock=True)


def _clean(needs: tuple[Need, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, errors = clean(needs, given)
    if errors:
        raise Incomplete(errors)
    return cleaned


def _cases_of(actor: Actor, now: datetime, text: str) -> list[Case]:
    numbers = list(dict.fromkeys(text.replace("、", " ").replace("，", " ").replace(",", " ").split()))
    if len(numbers) > MOST_CASES:
        raise Incomplete({"cases": [f"一份建议最多涉及 {MOST_CASES} 件。"]})
    found = {case.number: case for case in Case.objects.visible_to(actor, now).filter(number__in=numbers)}
    missing = [number[:20] for number in numbers if number not in found]
    if missing:
        raise Incomplete({"cases": [f"没有找到 {'、'.join(missing)}，或者不在您的管辖范围内。"]})
    return [found[number] for number in numbers]
