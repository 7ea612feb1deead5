"""The centre's check: reasons for a second look, a sample that nobody chooses, a verdict on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from cases.following_up.planning import ticket
from cases.models import Case, Closing, SpotCheck, SupervisionRules
from cases.services.ordering import is_drawn
from cases.supervising import checking
from cases.supervising.closings import Praised, only_praised, reasons_of
from cases.supervising.watching import held
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.cases.cast import STREET, District, at
from tests.supervising.scenes import resolved, signed

ClientOf = Callable[[str], Client]
QUICK = "签收后不到 5 分钟就办结上报"
BARE = "没有佐证：没有联系诉求人，没有办理进展，没有附件"
AT_ONCE = "同一人在 10 分钟内办结了 5 件以上"


def test_a_closing_keeps_the_facts_of_its_own_round(district: District) -> None:
    case = signed(district, at(2))
    district.record(case, "contact", "handler", at(2, 10), way="phone", reached=True)
    district.record(case, "note", "handler", at(2, 11), text="已到现场")
    resolved(district, at(3), case)
    district.move(case, "send_back", "supervisor", at(3, 10), note="照片不清")
    resolved(district, at(4), case)
    rows = Closing.objects.order_by("seq").values_list("seconds", "contacts", "notes", "files", "checked_at")
    assert list(rows) == [(24 * 3600, 1, 1, 0, None), (48 * 3600, 1, 1, 0, None)]
    assert reasons_of(case) == []


def test_closed_in_minutes_without_a_trace_is_shown_to_the_checker_with_its_reasons(district: District) -> None:
    quick = resolved(district, at(2, 9, 4), signed(district, at(2, 9)))
    on_the_line = signed(district, at(2, 10))
    district.record(on_the_line, "contact", "handler", at(2, 10, 1), way="phone", reached=True)
    resolved(district, at(2, 10, 5), on_the_line)
    assert (reasons_of(quick), reasons_of(on_the_line)) == ([QUICK, BARE], [])
    visible = Case.objects.visible_to(district.actor("supervisor"), at(3))
    assert list(held(visible, "doubtful", at(3))) == [quick]


def test_five_of_one_person_within_ten_minutes_are_all_in_doubt_and_four_are_not(district: District) -> None:
    cases = [signed(district, at(2)) for _ in range(9)]
    for case in cases:
        district.record(case, "note", "handler", at(2, 10), text="已查看")
    for place, case in enumerate(cases[:5]):
        resolved(district, at(3, 9, 2 * place), case)
    for place, case in enumerate(cases[5:]):
        resolved(district, at(3, 15, 2 * place), case)
    assert [reasons_of(case) for case in cases] == [[AT_ONCE]] * 5 + [[]] * 4
    SupervisionRules.objects.create(pk=1, bulk_count=4)
    assert reasons_of(cases[8]) == ["同一人在 10 分钟内办结了 4 件以上"]


def test_the_latest_closing_counts_not_one_that_was_sent_back(district: District) -> None:
    case = resolved(district, at(2, 9, 1), signed(district, at(2, 9)))
    district.move(case, "send_back", "supervisor", at(2, 10), note="请补充")
    district.record(case, "contact", "handler", at(2, 11), way="visit", reached=True)
    resolved(district, at(2, 15), case)
    assert reasons_of(case) == []
    assert not held(Case.objects.all(), "doubtful", at(3)).exists()


def test_a_unit_with_nothing_but_praise_from_more_than_the_rules_say_is_listed(district: District) -> None:
    SupervisionRules.objects.create(pk=1, praised_over=2)
    for _ in range(3):
        case = resolved(district)
        Case.objects.filter(pk=case.pk).update(satisfaction=5, rated_at=at(4))
    assert only_praised(Case.objects.all(), at(5)) == [Praised("区住房和城乡建设局", "housing", 3)]
    assert only_praised(Case.objects.all(), at(5) + timedelta(days=91)) == []
    Case.objects.filter(pk=case.pk).update(satisfaction=2)
    assert only_praised(Case.objects.all(), at(5)) == []


# --- the sample ---------------------------------------------------------------------------------------------------


def test_the_sample_is_decided_by_what_stands_on_record_and_its_share_is_about_right() -> None:
    numbers = [f"26112310{n:06d}" for n in range(5000)]
    drawn = [number for number in numbers if is_drawn(number, 1, "ab12", 10)]
    assert drawn == [number for number in numbers if is_drawn(number, 1, "ab12", 10)]
    assert 420 < len(drawn) < 580
    assert drawn != [number for number in numbers if is_drawn(number, 1, "cd34", 10)]  # the number alone tells nothing
    assert set(drawn) <= {number for number in numbers if is_drawn(number, 1, "ab12", 20)}
    shares = [sum(is_drawn(number, 1, "ab12", share) for number in numbers) for share in (0, 100)]
    assert shares == [0, 5000]
    assert sum(ticket(number, 1, "ab12") < 10 for number in drawn) < 100  # not the draw of the follow-ups again


@pytest.fixture
def street(district: District) -> District:
    """A street that checks its own: a dispatcher, a supervisor, a clerk there."""
    for username, role in (("clerk_s", Role.CLERK), ("disp_s", Role.DISPATCHER), ("sup_s", Role.SUPERVISOR)):
        district.person(username, username, role, "street", STREET)
    SupervisionRules.objects.create(pk=1, sample_share=100)
    return district


def at_street(d: District) -> Case:
    """A case of the street's own desk, reported as done by its officer."""
    case = d.register("clerk_s", at(2))
    d.move(case, "accept", "clerk_s", at(2), category="A0102", level="general")
    d.move(case, "dispatch", "disp_s", at(2), lead_unit="street", mode="forward")
    d.move(case, "sign", "street_handler", at(2))
    return resolved(d, at(3), case, "street_handler")


def test_what_a_street_approves_is_drawn_and_what_the_district_approves_is_not(street: District) -> None:
    d = street
    d.move(resolved(d), "approve", "supervisor", at(4))
    by_district = at_street(d)
    d.move(by_district, "approve", "supervisor", at(4))
    assert SpotCheck.objects.count() == 0
    by_street = at_street(d)
    d.move(by_street, "approve", "sup_s", at(4))
    check = SpotCheck.objects.get()
    assert (check.case, check.round, check.share, check.drawn_at, check.genuine) == (by_street, 1, 100, at(4), None)
    assert Closing.objects.get(case=by_street).checked_at == at(4)
    SupervisionRules.objects.update(sample_share=0)
    d.move(at_street(d), "approve", "sup_s", at(4))
    assert SpotCheck.objects.count() == 1
    with pytest.raises(NotYou):  # the street does not check itself
        checking.judge(d.actor("sup_s"), check.pk, at(6), True, "")


def drawn(d: District) -> SpotCheck:
    """A drawn closing, approved long ago."""
    case = resolved(d)
    d.move(case, "approve", "supervisor2", at(4))
    d.move(case, "confirm", "follow_up", at(5), satisfaction=5, resolved=True, contacted=True)
    return SpotCheck.objects.create(case=case, round=1, share=10, drawn_at=at(4))


def test_a_verdict_is_given_once_by_the_district_and_stands_in_the_history(district: District) -> None:
    d = district
    check = drawn(d)
    visible = Case.objects.visible_to(d.actor("supervisor"), at(6))
    assert list(checking.waiting(visible)) == [check]
    with pytest.raises(NotYou):
        checking.judge(d.actor("handler"), check.pk, at(6), True, "")
    with pytest.raises(Incomplete) as refused:
        checking.judge(d.actor("supervisor"), check.pk, at(6), False, " ")
    assert refused.value.errors == {"note": ["请写明哪里不实、怎么查到的。"]}
    checking.judge(d.actor("supervisor"), check.pk, at(6), False, "电话核实，没有修过。")
    with pytest.raises(NotNow):
        checking.judge(d.actor("supervisor2"), check.pk, at(6), True, "")
    check.refresh_from_db()
    assert (check.genuine, check.checked_by, check.checked_at) == (False, d.people["supervisor"], at(6))
    assert check.case.events.get(kind="note").data["text"] == "区级抽查：不实，建议恢复办理。电话核实，没有修过。"
    assert (list(checking.waiting(visible)), list(checking.to_reopen(visible))) == ([], [check])
    d.move(check.case, "reopen", "supervisor", at(6), reason="抽查不实")
    assert list(checking.to_reopen(visible)) == []


def test_the_page_of_checks_shows_reasons_and_takes_a_verdict(district: District, client_of: ClientOf) -> None:
    now = timezone.now()
    quick = resolved(district, now - timedelta(hours=2), signed(district, now - timedelta(hours=2)))
    check = drawn(district)
    client = client_of("supervisor")
    page = client.get("/supervision/checks/")
    assert next((row["case"], row["reasons"]) for row in page.context["doubtful"]) == (quick, [QUICK, BARE])
    assert QUICK in client.get(f"/cases/{quick.number}/").content.decode()
    wrong = client.post(f"/supervision/checks/{check.pk}/", {"note": ""})
    assert (wrong.status_code, "请选择属实还是不实。" in wrong.content.decode()) == (400, True)
    done = client.post(f"/supervision/checks/{check.pk}/", {"genuine": "true", "note": "属实"})
    assert (done.status_code, SpotCheck.objects.get().genuine) == (302, True)
