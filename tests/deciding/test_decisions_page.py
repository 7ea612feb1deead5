"""待批申请: who has the page, what stands in it, and what happens there; declining that needs approval."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice
from cases.deciding import queries
from cases.models import Case, DeclineRule, HandlerRequest
from cases.services import clock
from cases.services.integrity import faults
from governance_portal.lib.errors import NotYou
from tests.cases.cast import MONDAY, District, at

ClientOf = Callable[[str], Client]
DECLINED = {"reason": "N4", "instead": "区人民法院诉讼服务中心，电话 0349-6020000", "note": "已有生效判决"}


def asked(d: District, level: str = "general", by: str = "handler", **more: Any) -> HandlerRequest:
    case = d.move(d.register(), "accept", "clerk", category="A0102", level=level)
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler")
    given = {"kind": "extension", "amount": 3, "reason": "配件未到", "public_reason": "水泵从外地调运", **more}
    return HandlerRequest.objects.get(pk=d.record(case, "request", by, **given).data["request"])


def page(client: Client) -> str:
    answer = client.get("/decisions/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_leads_have_the_page_and_nobody_else(district: District, client_of: ClientOf, monday: None) -> None:
    codes = {who: client_of(who).get("/decisions/").status_code for who in ("housing_lead", "centre_lead", "handler")}
    assert (codes, "没有等您批复的申请" in page(client_of("housing_lead"))) == (
        {"housing_lead": 200, "centre_lead": 200, "handler": 403},
        True,
    )
    assert "/decisions/" in client_of("housing_lead").get("/").content.decode()
    assert "/decisions/" not in client_of("handler").get("/").content.decode()


def test_it_shows_limit_maximum_and_the_date_before_and_after(
    district: District, client_of: ClientOf, monday: None
) -> None:
    asked(district)
    shown = page(client_of("housing_lead"))
    told = (
        "2026年12月2日 星期三 24:00",
        "2026年12月7日 星期一 24:00",
        "时限 7 个工作日；按规定最多延长 3 个工作日，已延期 0 次。",
        "配件未到",
        "水泵从外地调运",
    )
    assert [words in shown for words in told] == [True] * 5


def test_each_sees_what_is_theirs_to_decide_and_never_their_own(
    district: District, client_of: ClientOf, monday: None
) -> None:
    plain, serious, own = asked(district), asked(district, "serious"), asked(district, by="housing_lead")
    found = {
        who: {row.pk for row in (plain, serious, own) if f'id="decision-{row.pk}"' in page(client_of(who))}
        for who in ("housing_lead", "centre_lead")
    }
    assert found == {"housing_lead": {plain.pk}, "centre_lead": {serious.pk, own.pk}}


def test_what_waits_for_others_hides_nothing_and_more_than_a_page_is_said(
    district: District, client_of: ClientOf, monday: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    _plain = [asked(district) for _ in range(3)]
    serious = [asked(district, "serious")]
    more = "这里列出最早提出的 2 件"

    def shown() -> tuple[list[int], bool]:
        whole = page(client_of("centre_lead"))
        return [row.pk for row in serious if f'id="decision-{row.pk}"' in whole], more in whole

    assert shown() == ([serious[0].pk], False)
    serious += [asked(district, "serious"), asked(district, "serious")]
    assert shown() == ([row.pk for row in serious[:2]], True)


def test_where_the_unit_s_only_lead_is_gone_the_centre_has_the_request(
    district: District, client_of: ClientOf, monday: None
) -> None:
    row = asked(district)
    assert f'id="decision-{row.pk}"' not in page(client_of("centre_lead"))
    lead = district.people["housing_lead"]
    lead.is_active = False
    lead.save()
    assert f'id="decision-{row.pk}"' in page(client_of("centre_lead"))


def test_approving_and_refusing_in_place(district: District, client_of: ClientOf, monday: None) -> None:
    row, other = asked(district), asked(district)
    lead = client_of("housing_lead")
    silent = lead.post(f"/decisions/{other.pk}/", {"approved": "0"})
    assert (silent.status_code, "不同意的，请写明理由" in silent.content.decode()) == (400, True)
    assert lead.post(f"/decisions/{other.pk}/", {"approved": "maybe"}).status_code == 400
    assert lead.post(f"/decisions/{other.pk}/", {"approved": "0", "note": "配件本地有货"}).status_code == 302
    done = lead.post(f"/decisions/{row.pk}/", {"approved": "1"}, follow=True).content.decode()
    assert (f"/cases/{row.case.number}/requests/{row.pk}/notice.pdf" in done, "没有等您批复的申请" in done) == (
        True,
        True,
    )
    again = lead.post(f"/decisions/{row.pk}/", {"approved": "1"})
    assert (again.status_code, "可能已经批复" in again.content.decode()) == (400, True)
    assert client_of("handler_other").post(f"/decisions/{row.pk}/", {"approved": "1"}).status_code == 404
    assert [HandlerRequest.objects.get(pk=one.pk).approved for one in (row, other)] == [True, False]


def test_the_notice_is_printed_for_who_sees_the_case(district: District, client_of: ClientOf, monday: None) -> None:
    row = asked(district)
    address = f"/cases/{row.case.number}/requests/{row.pk}/notice"
    assert client_of("handler").get(f"{address}.pdf").status_code == 404  # nothing approved yet
    district.record(row.case, "decide", "housing_lead", request=row.pk, approved=True)
    answers = {form: client_of("handler").get(f"{address}.{form}") for form in ("pdf", "docx")}
    assert {form: (answer.status_code, answer.content[:2]) for form, answer in answers.items()} == {
        "pdf": (200, b"%P"),
        "docx": (200, b"PK"),
    }
    assert [client_of(who).get(f"{address}.pdf").status_code for who in ("handler_other", "auditor")] == [404, 403]


def test_who_decides_hears_of_the_request_and_who_asked_of_the_decision(district: District) -> None:
    row, serious = asked(district), asked(district, "serious", reason="重大")
    clock.sweep(at(23, 10))
    told = {
        number: set(
            Notice.objects.filter(case_number=number, title__endswith=" 申请").values_list("user__username", flat=True)
        )
        for number in (row.case.number, serious.case.number)
    }
    assert told == {row.case.number: {"housing_lead"}, serious.case.number: {"centre_lead"}}
    district.record(row.case, "decide", "housing_lead", at(23, 11), request=row.pk, approved=True)
    clock.sweep(at(23, 12))
    heard = Notice.objects.filter(case_number=row.case.number, title__endswith="批复申请")
    assert list(heard.values_list("user__username", flat=True)) == ["handler"]


# --- declining ----------------------------------------------------------------------------------------------------


@pytest.fixture
def rule(district: District) -> DeclineRule:
    return DeclineRule.objects.create(reason="N4", legal_base="中心议事规则第五条")


def test_without_a_rule_the_desk_declines_by_itself_and_the_centre_lead_never_does(district: District) -> None:
    assert DeclineRule.objects.count() == 0
    assert district.move(district.register(), "decline", "clerk", **DECLINED).status == "declined"
    with pytest.raises(NotYou, match="由窗口受理员或分流员提出"):
        district.move(district.register(), "decline", "centre_lead", **DECLINED)


def test_with_a_rule_the_form_asks_the_centre_lead_with_the_same_words(
    district: District, client_of: ClientOf, monday: None, rule: DeclineRule
) -> None:
    case = district.register()
    with pytest.raises(NotYou, match="须由中心负责人批准（中心议事规则第五条）"):
        district.move(case, "decline", "clerk", **DECLINED)
    answer = client_of("clerk").post(f"/cases/{case.number}/moves/decline/", {**DECLINED, "version": "1"})
    row = HandlerRequest.objects.get()
    case.refresh_from_db()
    assert (answer.status_code, case.status, row.kind, row.decline_reason) == (302, "registered", "decline", "N4")
    shown = page(client_of("centre_lead"))
    assert [words in shown for words in ("申请不予受理", "已有生效判决", "区人民法院诉讼服务中心")] == [True] * 3
    client_of("centre_lead").post(f"/decisions/{row.pk}/", {"approved": "1"})
    case.refresh_from_db()
    event = case.events.get(kind="decline")
    assert (case.status, event.actor_name, event.data["instead"]) == ("declined", "孙主任", DECLINED["instead"])
    assert list(faults()) == []


def test_a_refused_request_leaves_the_matter_where_it_was_and_its_asker_is_told(
    district: District, rule: DeclineRule
) -> None:
    case = district.register()
    pk = district.record(case, "request_decline", "clerk", **DECLINED).data["request"]
    district.record(case, "decide", "centre_lead", at(23, 10), request=pk, approved=False, note="判决未涉及这一项")
    clock.sweep(at(23, 11))
    heard = Notice.objects.filter(case_number=case.number, title__endswith="批复申请")
    assert (Case.objects.get(pk=case.pk).status, list(heard.values_list("user__username", flat=True))) == (
        "registered",
        ["clerk"],
    )
    with pytest.raises(NotYou, match="由窗口受理员或分流员提出"):
        district.move(case, "decline", "centre_lead", at(23, 12), **DECLINED)


def test_other_reasons_and_other_procedures_are_not_touched_by_a_rule(district: District, rule: DeclineRule) -> None:
    rule.procedure = "petition"
    rule.save()
    given = [("N7", "ordinary"), ("N4", "ordinary")]
    done = [
        district.move(
            district.register(procedure=procedure), "decline", "clerk", MONDAY, **{**DECLINED, "reason": reason}
        )
        for reason, procedure in given
    ]
    assert [case.status for case in done] == ["declined", "declined"]
    with pytest.raises(NotYou):
        district.move(district.register(procedure="petition"), "decline", "clerk", **DECLINED)
