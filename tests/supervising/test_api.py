"""Drafts and proposals for phones: the same services, the same refusals."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import AuditEntry
from cases.models import OrderDraft, Proposal
from cases.supervising import proposing
from cases.supervising.chores import draft_late
from tests.api.conftest import Phones, phones
from tests.cases.cast import District
from tests.supervising.scenes import signed
from tests.supervising.test_proposals import ASKED

__all__ = ["phones"]


def test_drafts_are_listed_signed_once_and_not_sent_with_a_reason(district: District, phones: Phones) -> None:
    now = timezone.now()
    for _ in range(2):
        signed(district, now - timedelta(days=40))
    draft_late(now)
    supervisor = phones("supervisor")
    rows = supervisor.get("order-drafts/").json()
    assert [(row["cause"], row["unit"]) for row in rows] == [("late", "housing")] * 2
    first, second = (f"order-drafts/{row['id']}/" for row in rows)
    given = {"problem": "超期", "demand": "请办结", "deadline": (now + timedelta(days=5)).isoformat()}
    wrong = supervisor.post(f"{first}signature/", {**given, "demand": " "})
    assert (wrong.status_code, sorted(wrong.json()["errors"])) == (400, ["demand"])
    order = supervisor.post(f"{first}signature/", given)
    assert (order.status_code, order.json()["problem"], order.json()["kind"]) == (201, "超期", "letter")
    assert supervisor.post(f"{first}signature/", given).status_code == 409
    assert supervisor.post(f"{second}discard/", {}).status_code == 400
    assert supervisor.post(f"{second}discard/", {"reason": "已当面督促"}).status_code == 200
    assert supervisor.get("order-drafts/").json() == []
    assert OrderDraft.objects.get(order__isnull=True).discard_reason == "已当面督促"
    assert phones("handler").get("order-drafts/").status_code == 403


def test_proposals_are_read(district: District, phones: Phones) -> None:
    made = proposing.propose(district.actor("supervisor", timezone.now()), timezone.now(), ASKED)
    (row,) = phones("supervisor").get("supervision-proposals/").json()
    assert (row["number"], row["kind"], row["unit"], row["approved"]) == (made.number, "listed", "housing", None)


def test_a_proposal_goes_its_course_by_phone(district: District, phones: Phones) -> None:
    """Put forward, decided elsewhere, taken down: the page's services, its orders and its log."""
    now = timezone.now()
    case = signed(district, now - timedelta(days=3))
    supervisor = phones("supervisor")
    made = supervisor.post("supervision-proposals/", {**ASKED, "cases": [case.number]})
    told = made.json()
    address = f"supervision-proposals/{told['id']}/"
    assert (made.status_code, told["kind"], told["unit"], told["cases"], told["approved"]) == (
        *(201, "listed", "housing"),
        *([case.number], None),
    )
    until = (now + timedelta(days=30)).date().isoformat()
    decided = {"approved": True, "issuer": "区委政法委", "issuer_number": "平政法督〔2026〕3号", "listed_until": until}
    wrong = supervisor.post(f"{address}decision/", {"approved": True})
    assert (wrong.status_code, sorted(wrong.json()["errors"])) == (400, ["issuer", "issuer_number", "listed_until"])
    answer = supervisor.post(f"{address}decision/", decided)
    assert (answer.status_code, answer.json()["approved"], answer.json()["listed_until"]) == (200, True, until)
    assert supervisor.post(f"{address}decision/", decided).status_code == 409
    assert case.orders.filter(kind="listed", lifted_at__isnull=True).count() == 1
    ended = supervisor.post(
        f"{address}result/", {"delisted_on": str(timezone.localdate()), "result": "已整改，现场核实。"}
    )
    assert (ended.status_code, ended.json()["result"], supervisor.get(address).json()) == (
        *(200, "已整改，现场核实。"),
        ended.json(),
    )
    assert case.orders.filter(lifted_at__isnull=True).count() == 0
    logged = AuditEntry.objects.filter(target=f"proposal:{told['id']}").order_by("pk")
    assert list(logged.values_list("action", flat=True)) == ["proposal.made", "proposal.decided", "proposal.closed"]


def test_who_may_not_propose_and_what_is_missing_is_told(district: District, phones: Phones) -> None:
    supervisor = phones("supervisor")
    made = supervisor.post("supervision-proposals/", ASKED).json()
    answers = [
        phones("handler").post("supervision-proposals/", ASKED),
        supervisor.post("supervision-proposals/", {}),
        supervisor.post("supervision-proposals/", {**ASKED, "cases": "26112310000018"}),
        supervisor.post("supervision-proposals/", {**ASKED, "status": "approved"}),
        phones("handler").get(f"supervision-proposals/{made['id']}/"),
        supervisor.post(f"supervision-proposals/{made['id']}/result/", {"result": "已约谈"}),
        supervisor.get("supervision-proposals/one/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 400, 400, 400, 404, 409, 404]
    assert sorted(answers[1].json()["errors"]) == ["addressee", "advice", "ground", "kind", "unit"]
    assert Proposal.objects.count() == 1
