"""The desk: what is watched is one condition, so that tile, list and count agree to the row; drafts signed or not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import AuditEntry
from cases.models import Case, OrderDraft, SameMatter, SupervisionOrder
from cases.supervising import drafting, letters
from cases.supervising.chores import draft_late
from cases.supervising.watching import MATTERS, PAPERS, WATCHES, counts, held
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from tests.cases.cast import District, at
from tests.supervising.scenes import accepted, order, resolved, signed

ClientOf = Callable[[str], Client]
LATER = at(30, 12)


def seen(d: District, username: str = "supervisor") -> dict[str, set[int]]:
    """What each watch holds for a person, by id."""
    visible = Case.objects.visible_to(d.actor(username, LATER), LATER)
    return {code: set(held(visible, code, LATER).values_list("pk", flat=True)) for code in WATCHES}


def test_each_thing_watched_holds_exactly_the_cases_it_says(district: District) -> None:
    d = district
    late = signed(d)
    busy = signed(d, at(27))
    joint = accepted(d, at(27), visitor_count=5)
    four = accepted(d, at(27), visitor_count=4)
    stuck = accepted(d, at(20))
    paused = signed(d, at(16))
    d.move(paused, "suspend", "housing_lead", at(16, 10), reason="appraisal", expected_end="2026-12-10")
    unhappy = resolved(d, at(25), signed(d, at(24)))
    d.move(unhappy, "approve", "supervisor", at(25))
    d.move(unhappy, "confirm", "follow_up", at(26), satisfaction=2, resolved=False, contacted=True)
    content = resolved(d, at(25), signed(d, at(24)))
    d.move(content, "approve", "supervisor", at(25))
    d.move(content, "confirm", "follow_up", at(26), satisfaction=3, resolved=True, contacted=True)
    again = accepted(d, at(28))
    SameMatter.objects.create(
        first=content, second=again, reason="同一处", linked_by=d.people["supervisor"], linked_at=at(28)
    )
    disputed = accepted(d, at(27))
    d.move(disputed, "dispatch", "dispatcher", at(27), lead_unit="housing", mode="forward")
    d.move(disputed, "return", "handler", at(27), reason="not_ours", basis="职责清单")
    d.move(disputed, "insist", "dispatcher", at(28), note="归住建")
    silent = order(d, busy, at(28), deadline=at(29, 17).isoformat())
    answered = order(d, joint, at(28))
    d.record(joint, "respond", "dispatcher", at(29), order=answered.pk, response="已安排")
    assert silent.case_id == busy.pk
    assert {code: found for code, found in seen(d).items() if found} == {
        "late": {late.pk},
        "stuck": {late.pk, stuck.pk},
        "unhappy": {unhappy.pk},
        "joint": {joint.pk},
        "repeated": {again.pk},
        "bandied": {disputed.pk},
        "unanswered": {busy.pk},
        "order_late": {busy.pk},
        "answered": {joint.pk},
        "doubtful": {unhappy.pk, content.pk},
    }
    assert four.pk not in set().union(*seen(d).values())
    visible = Case.objects.visible_to(d.actor("supervisor", LATER), LATER)
    assert counts(visible, LATER, WATCHES) == {code: len(found) for code, found in seen(d).items()}


def test_a_repeat_counts_for_thirty_days_after_the_closing_and_not_for_an_older_case(district: District) -> None:
    d = district
    first = resolved(d, at(3))
    d.move(first, "approve", "supervisor", at(3))
    d.move(first, "confirm", "follow_up", at(4), satisfaction=5, resolved=True, contacted=True)
    inside = accepted(d, at(4, month=12))
    outside = accepted(d, at(4, 9, 1, month=12))
    for one in (inside, outside):
        SameMatter.objects.create(
            first=first, second=one, reason="同一处", linked_by=d.people["supervisor"], linked_at=at(5, month=12)
        )
    assert seen(d)["repeated"] == {inside.pk}


def test_who_sits_in_the_unit_complained_about_neither_watches_nor_prints(
    district: District, client_of: ClientOf
) -> None:
    """Rule 4: hidden from the unit complained about; and the letter says the kind of the matter, not what was said."""
    d = district
    d.person("inside", "里面的", Role.SUPERVISOR, "housing")
    plain = signed(d)
    complaint = accepted(d, complained_unit="housing", complaint_nature="conduct")
    laid = order(d, complaint, at(20))
    assert seen(d)["late"] == {plain.pk, complaint.pk}
    assert seen(d, "inside")["late"] == {plain.pk}
    assert seen(d, "handler_other")["late"] == set()
    address = f"/supervision/orders/{laid.pk}/letter.pdf"
    assert {who: client_of(who).get(address).status_code for who in ("supervisor", "inside")} == {
        "supervisor": 200,
        "inside": 404,
    }
    letter = letters.of_order(laid, "")
    assert letter.title == "关于“民生诉求”事项的问题整改督办函"
    assert "暖气" not in "".join(letter.paragraphs) and "张三" not in "".join(letter.paragraphs)


# --- pages --------------------------------------------------------------------------------------------------------


def test_every_tile_its_list_and_its_count_are_the_same_cases(district: District, client_of: ClientOf) -> None:
    d, now = district, timezone.now()
    for days in (40, 30, 3):
        signed(d, now - timedelta(days=days))
    order(d, signed(d, now - timedelta(days=1)), now, deadline=(now + timedelta(days=3)).isoformat())
    draft_late(now)
    client = client_of("supervisor")
    visible = Case.objects.visible_to(d.actor("supervisor", now), now)
    found = counts(visible, now, (*MATTERS, *PAPERS))
    assert (found["late"], found["unanswered"], found["drafted"]) == (2, 1, 2)
    for code in (*MATTERS, *PAPERS):
        page = client.get(f"/supervision/?look={code}")
        listed = client.get(f"/cases/?tab=all&watch={code}")
        tile = next(t for t in (*page.context["matters"], *page.context["papers"]) if t["code"] == code)
        shown = [row["number"] for row in page.context["rows"]]
        assert (tile["value"], len(shown)) == (found[code], found[code])
        assert sorted(shown) == sorted(row["number"] for row in listed.context["rows"])


def test_the_desk_is_for_supervisors_leads_and_leaders_only(district: District, client_of: ClientOf) -> None:
    signed(district)
    told = {who: client_of(who).get("/supervision/").status_code for who in ("supervisor", "centre_lead", "handler")}
    assert told == {"supervisor": 200, "centre_lead": 200, "handler": 403}


def test_the_desk_asks_a_constant_number_of_questions(
    district: District, client_of: ClientOf, django_assert_max_num_queries: Callable[..., object]
) -> None:
    now = timezone.now()
    client = client_of("supervisor")
    for _ in range(6):
        order(district, signed(district, now - timedelta(days=40)), now, deadline=(now + timedelta(days=3)).isoformat())
    draft_late(now)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get("/supervision/?look=late")


def test_one_tap_from_a_row_opens_an_order_that_says_what_is_wrong(district: District, client_of: ClientOf) -> None:
    case = signed(district, timezone.now() - timedelta(days=40))
    client = client_of("supervisor")
    address = client.get("/supervision/?look=late").context["rows"][0]["order_url"]
    assert address == f"/cases/{case.number}/records/order/?watch=late"
    given = client.get(address).context["given"]
    assert given["kind"] == "letter" and "已超期" in given["problem"] and "书面报送" in given["demand"]


# --- drafts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(district: District) -> OrderDraft:
    """The draft of a case that ran late."""
    signed(district)
    assert draft_late(at(20)) == 1
    return OrderDraft.objects.get()


SIGNED = {"problem": "超期。", "demand": "请三日内办结。", "deadline": at(25, 17).isoformat()}


def test_a_draft_is_signed_once_and_becomes_an_order_through_the_door(district: District, draft: OrderDraft) -> None:
    laid = drafting.sign(district.actor("supervisor"), draft.pk, at(20), SIGNED)
    draft.refresh_from_db()
    assert (draft.order, draft.decided_by) == (laid, district.people["supervisor"])
    assert (laid.kind, laid.number, laid.problem, laid.demand, laid.signed_by) == (
        "letter",
        "平综治督〔2026〕1号",
        "超期。",
        "请三日内办结。",
        "赵主任",
    )
    for again in (
        lambda: drafting.sign(district.actor("supervisor2"), draft.pk, at(20), SIGNED),
        lambda: drafting.discard(district.actor("supervisor2"), draft.pk, at(20), "不必了"),
    ):
        with pytest.raises(NotNow):
            again()
    assert SupervisionOrder.objects.count() == 1
    assert draft_late(at(21)) == 0


def test_a_draft_not_sent_keeps_its_reason_in_the_history_and_is_not_drafted_again(
    district: District, draft: OrderDraft
) -> None:
    with pytest.raises(Incomplete):
        drafting.discard(district.actor("supervisor"), draft.pk, at(20), "  ")
    drafting.discard(district.actor("supervisor"), draft.pk, at(20), "已当面督促")
    draft.refresh_from_db()
    assert (draft.discarded_at, draft.discard_reason, draft.order) == (at(20), "已当面督促", None)
    assert draft.case.events.get(kind="note").data["text"] == "督办函（办理超期）不发：已当面督促"
    assert draft_late(at(25)) == 0
    assert list(drafting.waiting(Case.objects.all())) == []


def test_only_who_may_lay_orders_signs_and_who_sees_nothing_finds_nothing(
    district: District, draft: OrderDraft
) -> None:
    with pytest.raises(NotYou):
        drafting.sign(district.actor("handler"), draft.pk, at(20), SIGNED)
    with pytest.raises(NotYours):
        drafting.sign(district.actor("handler_other"), draft.pk, at(20), SIGNED)
    with pytest.raises(Incomplete) as refused:
        drafting.sign(district.actor("supervisor"), draft.pk, at(20), {**SIGNED, "deadline": at(19).isoformat()})
    assert refused.value.errors == {"deadline": ["回复期限应在现在之后，请重新填写。"]}
    draft.refresh_from_db()
    assert draft.order is None


def test_a_draft_is_edited_and_signed_on_its_page_and_its_letter_printed(
    district: District, client_of: ClientOf
) -> None:
    case = signed(district, timezone.now() - timedelta(days=40))
    draft_late(timezone.now())
    made = OrderDraft.objects.get()
    client = client_of("supervisor")
    assert client.get(f"/supervision/drafts/{made.pk}/").status_code == 200
    preview = client.get(f"/supervision/drafts/{made.pk}/letter.pdf")
    assert (preview.status_code, preview["Content-Type"]) == (200, "application/pdf")
    wrong = client.post(f"/supervision/drafts/{made.pk}/", {"problem": "超期", "demand": "", "deadline": "x"})
    assert (wrong.status_code, sorted(wrong.context["errors"])) == (400, ["deadline", "demand"])
    until = timezone.now() + timedelta(days=5)
    sent = {"problem": "超期", "demand": "请办结", "deadline": f"{until:%Y-%m-%dT%H:%M}"}
    gone = client.post(f"/supervision/drafts/{made.pk}/", sent)
    assert (gone.status_code, gone["Location"]) == (302, f"/cases/{case.number}/#orders")
    laid = SupervisionOrder.objects.get()
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/supervision/orders/{laid.pk}/letter.pdf" in page and laid.number in page
    assert client.get("/cases/?tab=all&watch=unanswered").context["rows"][0]["orders"] == 1  # the ribbon in the list


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_letter_is_for_whoever_sees_the_case_and_its_printing_is_on_record(
    district: District, client_of: ClientOf, form: str
) -> None:
    laid = order(district, signed(district), at(10))
    address = f"/supervision/orders/{laid.pk}/letter.{form}"
    told = {who: client_of(who).get(address).status_code for who in ("supervisor", "handler", "handler_other")}
    assert told == {"supervisor": 200, "handler": 200, "handler_other": 404}
    assert client_of("supervisor").get(f"/supervision/orders/{laid.pk}/letter.txt").status_code == 404
    rows = AuditEntry.objects.filter(action="print_order").order_by("pk")
    assert {(row.target, row.detail["number"]) for row in rows} == {(f"case:{laid.case.number}", laid.number)}
