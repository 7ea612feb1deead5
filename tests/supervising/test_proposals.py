"""约谈、通报、挂牌 and suggestions: proposed by the centre, decided by others, with their orders on the cases concerned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from cases.models import OrderDraft, Proposal, SupervisionOrder
from cases.supervising import proposing
from cases.supervising.letters import of_proposal
from governance_portal.demo.supervising import make
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import District, at
from tests.supervising.scenes import signed

ClientOf = Callable[[str], Client]
ASKED: dict[str, Any] = {
    "kind": "listed",
    "unit": "housing",
    "addressee": "区委政法委",
    "ground": "三次督办未整改。",
    "advice": "建议挂牌督办，限期两个月。",
}
ADOPTED = {
    "approved": "true",
    "issuer": "区委政法委",
    "issuer_number": "平政法督〔2026〕2号",
    "listed_until": "2026-12-31",
}


def propose(d: District, **given: Any) -> Proposal:
    """A proposal of the supervisor's."""
    return proposing.propose(d.actor("supervisor"), at(20), {**ASKED, **given})


def test_a_listing_is_proposed_decided_elsewhere_laid_on_its_cases_and_taken_down(district: District) -> None:
    d, supervisor = district, district.actor("supervisor")
    case = signed(d)
    made = propose(d, cases=f"{case.number}、")
    assert (made.number, list(made.cases.all()), SupervisionOrder.objects.count()) == ("平综治建〔2026〕1号", [case], 0)
    with pytest.raises(Incomplete) as refused:
        proposing.decide(supervisor, made.pk, at(21), {"approved": "true"})
    assert sorted(refused.value.errors) == ["issuer", "issuer_number", "listed_until"]
    proposing.decide(supervisor, made.pk, at(21), ADOPTED)
    laid = SupervisionOrder.objects.get()
    assert (laid.case, laid.kind, laid.issuer, laid.issuer_number, laid.deadline, laid.demand) == (
        case,
        "listed",
        "区委政法委",
        "平政法督〔2026〕2号",
        at(31, 17, 30, month=12),
        "建议挂牌督办，限期两个月。",
    )
    with pytest.raises(NotNow):
        proposing.decide(supervisor, made.pk, at(22), ADOPTED)
    with pytest.raises(Incomplete):
        proposing.close(supervisor, made.pk, at(25), {"delisted_on": "2026-11-26", "result": "整改到位"})
    proposing.close(supervisor, made.pk, at(25), {"delisted_on": "2026-11-25", "result": "整改到位，现场核实。"})
    laid.refresh_from_db()
    case.refresh_from_db()
    assert (laid.lifted_at, laid.lift_note, case.orders_open) == (at(25), "整改到位，现场核实。", 0)


def test_what_is_not_adopted_says_why_and_lays_nothing(district: District) -> None:
    made = propose(district, cases=signed(district).number)
    with pytest.raises(Incomplete) as refused:
        proposing.decide(district.actor("supervisor"), made.pk, at(21), {"approved": "false"})
    assert refused.value.errors == {"result": ["请写明不采纳的理由。"]}
    proposing.decide(district.actor("supervisor"), made.pk, at(21), {"approved": "false", "result": "先约谈。"})
    made.refresh_from_db()
    assert (made.approved, made.result, SupervisionOrder.objects.count()) == (False, "先约谈。", 0)


def test_a_suggestion_wants_a_written_answer_and_no_issuer(district: District) -> None:
    made = propose(district, kind="improve", addressee="区住房和城乡建设局")
    with pytest.raises(Incomplete):
        proposing.decide(district.actor("supervisor"), made.pk, at(21), {"approved": "true"})
    answered = {"approved": "true", "result": "全部采纳，已建立台账。"}
    proposing.decide(district.actor("supervisor"), made.pk, at(21), answered)
    letter = of_proposal(made, [])
    assert (letter.title, letter.number, letter.forms[0].title) == (
        "改进工作建议书",
        "平综治建〔2026〕1号",
        "建议采纳情况反馈表",
    )


def test_who_proposes_and_who_reads(district: District) -> None:
    d = district
    made = propose(d)
    with pytest.raises(NotYou):
        proposing.propose(d.actor("handler"), at(20), ASKED)
    d.person("chief", "赵局长", Role.LEADER, "housing")  # a leader of the district, and of the unit it is against
    for who in ("housing_lead", "chief"):
        with pytest.raises(NotYours):
            proposing.find(d.actor(who), made.pk)
    assert proposing.find(d.actor("centre_lead"), made.pk) == made
    with pytest.raises(Incomplete) as refused:
        propose(d, unit="centre")
    assert refused.value.errors == {"unit": ["不能对您自己的单位提出；请由上级提出。"]}
    with pytest.raises(Incomplete) as refused:
        propose(d, cases="99999999999999")
    assert refused.value.errors == {"cases": ["没有找到 99999999999999，或者不在您的管辖范围内。"]}
    assert Proposal.objects.count() == 1  # and no number was used up
    assert propose(d).number == "平综治建〔2026〕2号"


def test_a_proposal_goes_through_its_pages(district: District, client_of: ClientOf) -> None:
    now = timezone.now()
    case = signed(district, now - timedelta(days=40))
    client = client_of("supervisor")
    assert client.get(f"/supervision/proposals/new/?case={case.number}").context["given"]["unit"] == "housing"
    wrong = client.post("/supervision/proposals/new/", {**ASKED, "ground": ""})
    assert (wrong.status_code, wrong.context["errors"]) == (400, {"ground": ["请填写事由和依据。"]})
    made_at = client.post("/supervision/proposals/new/", {**ASKED, "cases": case.number})["Location"]
    made = Proposal.objects.get()
    assert made_at == f"/supervision/proposals/{made.pk}/"
    assert "登记决定" in client.get(made_at).content.decode()
    assert client.get(f"{made_at}letter.pdf")["Content-Type"] == "application/pdf"
    until = (now + timedelta(days=30)).date().isoformat()
    assert client.post(f"{made_at}decide/", {**ADOPTED, "listed_until": until}).status_code == 302
    assert "挂牌督办" in client.get(f"/cases/{case.number}/").content.decode()
    assert "摘牌" in client.get(made_at).content.decode()
    assert client_of("handler").get(made_at).status_code == 403


def test_the_demonstration_has_two_orders_one_answered_a_draft_and_a_proposal_and_is_made_once(
    district: District,
) -> None:
    for _ in range(4):
        signed(district)
    assert (make(at(20)), make(at(21))) == (4, 0)
    orders = SupervisionOrder.objects.order_by("pk").values_list("number", "responded_at")
    assert list(orders) == [("平综治督〔2026〕1号", None), ("平综治督〔2026〕2号", at(20))]
    assert (OrderDraft.objects.count(), Proposal.objects.get().unit.code) == (1, "housing")
