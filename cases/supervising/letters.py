"""Orders and proposals as letters: 问题整改督办函 and 催办通知 (D10), 挂牌督办通知书 (D11), suggestions with their answer form (D12).

Nothing personal: the matter is named by number and category, never by its reporter or his words (rule 4, facts §4.1).
"""

from __future__ import annotations

from django.conf import settings

from cases import choices as c
from cases.letters import Form, Letter, Row
from cases.models import Case, OrderDraft, Proposal, SupervisionOrder
from cases.supervising.drafting import subject
from governance_portal.lib.working_days import SHANGHAI

NOT_SIGNED = "（草稿，签发后编号）"
TITLES = {
    c.OrderKind.URGE: "催办通知",
    c.OrderKind.LETTER: "问题整改督办函",
    c.OrderKind.TALK: "约谈通知书",
    c.OrderKind.CIRCULAR: "情况通报",
    c.OrderKind.LISTED: "挂牌督办通知书",
}
OTHERWISE = "逾期不回复、整改不到位的，将按照《信访工作条例》关于督办的规定，提出约谈、通报或者挂牌督办的建议。"


def of_order(order: SupervisionOrder, address: str) -> Letter:
    """The letter of an order; `address` is what its QR opens (the residents' query page, number only)."""
    title, number, issuer = TITLES[c.OrderKind(order.kind)], order.number, settings.CENTRE_NAME
    if order.issuer:
        issuer, number = order.issuer, order.issuer_number or order.number
    return _letter(order.case, title, number, issuer, order.unit.name if order.unit else "", order, address)


def of_draft(draft: OrderDraft, address: str) -> Letter:
    """The letter that a draft would become, without a number."""
    unit = draft.unit.name if draft.unit else ""
    return _letter(draft.case, TITLES[c.OrderKind.LETTER], NOT_SIGNED, settings.CENTRE_NAME, unit, draft, address)


def _letter(
    case: Case, title: str, number: str, issuer: str, unit: str, told: SupervisionOrder | OrderDraft, address: str
) -> Letter:
    at = told.issued_at if isinstance(told, SupervisionOrder) else told.made_at
    renewed = isinstance(told, SupervisionOrder) and told.renewed
    deadline = told.deadline.astimezone(SHANGHAI)
    until = f"{deadline.year}年{deadline.month}月{deadline.day}日{deadline:%H:%M}"
    asked = "二、再次整改要求" if renewed else "二、整改要求"
    problem = told.problem or f"你单位承办的事项（受理编号{case.number}，“{subject(case)}”）需要督办。"
    return Letter(
        title=f"关于“{subject(case)}”事项的{title}",
        number=number,
        addressee=unit or f"{settings.CENTRE_NAME}受理分流窗口",
        paragraphs=(
            f"一、存在问题。{problem}",
            f"{asked}。{told.demand}",
            f"三、回复期限和方式。请于{until}前，填写所附的反馈表，加盖公章后送我中心，或者在平台中回复。{OTHERWISE}",
        ),
        issuer=issuer,
        issued_on=at.astimezone(SHANGHAI).date(),
        attachments=(answer_form(number, case.number, unit, until),),
        contact=_contact(),
        case_number=case.number,
        query_url=address,
    )


def _contact() -> str:
    phone = settings.CENTRE_OFFICE.get("phone", "")
    return f"联系电话：{phone}" if phone else ""


def answer_form(number: str, case_number: str, unit: str, until: str) -> Form:
    """反馈表 (D12): what the unit fills in."""
    return Form(
        "问题整改情况反馈表",
        (
            Row("督办文号", number),
            Row("受理编号", case_number),
            Row("单位", unit) if unit else Row("单位"),
            Row("回复期限", until),
            Row("采纳情况", "□ 全部采纳　□ 部分采纳　□ 不采纳"),
            Row("整改情况", lines=7),
            Row("不采纳理由", lines=2),
            Row("责任人电话"),
            Row("签字、盖章", lines=3),
        ),
    )


def of_proposal(proposal: Proposal, numbers: list[str]) -> Letter:
    """The paper of a proposal; `numbers` are those of the cases that the reader sees."""
    label = c.ProposalKind(proposal.kind).label
    formal = proposal.kind in FORMAL
    title = f"关于对{proposal.unit.name}{label}的建议" if formal else f"{label}书"
    concerned = (f"涉及事项受理编号：{'、'.join(numbers)}。",) if numbers else ()
    form = Form(
        "建议采纳情况反馈表",
        (
            Row("建议文号", proposal.number),
            Row("建议形式", label),
            Row("对象单位", proposal.unit.name),
            Row("采纳情况", "□ 全部采纳　□ 部分采纳　□ 不采纳"),
            Row("落实情况", lines=7),
            Row("不采纳理由", lines=2),
            Row("签字、盖章", lines=3),
        ),
    )
    return Letter(
        title=title,
        number=proposal.number,
        addressee=proposal.addressee,
        paragraphs=(
            f"一、事由和依据。{proposal.ground}",
            *concerned,
            f"二、建议。{proposal.advice}",
            "请将是否采纳和办理结果书面反馈我中心（《信访工作条例》第四十条）。",
        ),
        issuer=settings.CENTRE_NAME,
        issued_on=proposal.proposed_at.astimezone(SHANGHAI).date(),
        attachments=(form,),
        contact=_contact(),
    )


FORMAL = (c.ProposalKind.TALK, c.ProposalKind.CIRCULAR, c.ProposalKind.LISTED)
