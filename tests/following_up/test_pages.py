"""The pages of the follow-up: who sees what, one call after the other, paper, the resident's own rating."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from cases.following_up import services
from cases.models import Case, FollowUp, LookBack, Rectification
from governance_portal.lib.numbers import query_code
from tests.cases.cast import District

pytestmark = pytest.mark.django_db
Waiting = Callable[..., Case]


@pytest.fixture
def enter(desk: District) -> Callable[[str], Client]:
    """A browser of somebody of the cast."""

    def logged_in(username: str) -> Client:
        client = Client()
        client.force_login(desk.people[username], backend="accounts.backends.PostBackend")
        return client

    return logged_in


@pytest.fixture
def case(waiting: Waiting) -> Case:
    """A case that waits to be called about since an hour."""
    return waiting(now=timezone.now() - timedelta(hours=1))


def text(answer: Any) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_each_post_finds_its_own_parts_of_the_desk(enter: Callable[[str], Client], case: Case) -> None:
    tabs = {
        who: [tab["label"] for tab in enter(who).get("/follow-up/").context["tabs"]]
        for who in ("follow_up", "supervisor", "centre_lead")
    }
    rest = ["重办待定", "差评整改", "回头看"]
    assert tabs == {"follow_up": ["待回访", "等居民自评", *rest], "supervisor": rest, "centre_lead": rest}
    assert {who: enter(who).get("/follow-up/").status_code for who in ("clerk", "handler", "auditor")} == {
        "clerk": 403,
        "handler": 403,
        "auditor": 403,
    }


def test_the_rail_leads_there_with_the_number_that_waits(enter: Callable[[str], Client], case: Case) -> None:
    page = enter("follow_up").get("/follow-up/")
    item = next(item for item in page.context["nav"] if item["key"] == "following_up")
    assert (item["label"], item["url"], item["count"], item["active"]) == ("回访", "/follow-up/", 1, True)
    assert "following_up" not in {item["key"] for item in enter("handler").get("/cases/").context["nav"]}


def test_a_call_from_the_queue_to_the_next_one(enter: Callable[[str], Client], waiting: Waiting) -> None:
    ago = timezone.now() - timedelta(hours=1)
    first, second = waiting(now=ago, level="urgent"), waiting(now=ago)
    browser = enter("follow_up")
    taken = browser.post("/follow-up/next/")
    assert taken["Location"] == f"/follow-up/{first.number}/"
    page = browser.get(taken["Location"])
    assert "三号楼已恢复供热。" in text(page)
    assert "13812341234" not in page.content.decode()
    assert "正在回访这一件" in text(enter("follow_up2").get(taken["Location"]))
    answers = {"contacted": "true", "resolved": "true", "satisfaction": "4", "do": "confirm"}
    done = browser.post(taken["Location"], answers)
    first.refresh_from_db()
    assert (first.status, first.satisfaction, done["Location"]) == ("closed", 4, f"/follow-up/{second.number}/")
    assert FollowUp.objects.get(case=second).caller.username == "follow_up"  # type: ignore[union-attr]


def test_what_is_missing_stands_beside_its_question_and_what_was_said_is_kept(
    enter: Callable[[str], Client], case: Case
) -> None:
    browser = enter("follow_up")
    browser.post(f"/follow-up/{case.number}/take/")
    page = browser.post(f"/follow-up/{case.number}/", {"satisfaction": "5", "note": "已暖和", "do": "confirm"})
    assert (page.status_code, page.context["errors"]) == (
        400,
        {"resolved": ["请填写问题是否解决。"], "contacted": ["请填写是否联系过诉求人。"]},
    )
    assert "已暖和" in text(page)
    assert page.content.decode().count("<li>请填写问题是否解决。</li>") == 1
    assert "<li>resolved</li>" not in page.content.decode()  # names of fields are nobody's words
    assert [one["value"] for one in page.context["five"] if one["chosen"]] == ["5"]


def test_five_answers_stand_with_the_three_they_count_as(enter: Callable[[str], Client], case: Case) -> None:
    browser = enter("follow_up")
    browser.post(f"/follow-up/{case.number}/take/")
    five = browser.get(f"/follow-up/{case.number}/").context["five"]
    assert [(one["value"], one["label"], one["three"]) for one in five] == [
        ("5", "非常满意", "满意"),
        ("4", "满意", "满意"),
        ("3", "基本满意", "基本满意"),
        ("2", "不满意", "不满意"),
        ("1", "非常不满意", "不满意"),
    ]


def test_one_tap_logs_a_call_that_nobody_answered(enter: Callable[[str], Client], case: Case) -> None:
    browser = enter("follow_up")
    done = browser.post(f"/follow-up/{case.number}/missed/", {"again": "next_morning"}, follow=True)
    row = FollowUp.objects.get(case=case)
    assert (row.attempts, row.not_before is not None, done.redirect_chain[-1][0]) == (1, True, "/follow-up/")
    assert said(done)[0].startswith(f"{case.number} 没打通，已记下")
    assert [line["number"] for line in done.context["later"]] == [case.number]


def test_a_redo_and_then_a_request_with_what_is_wanted(
    enter: Callable[[str], Client], desk: District, case: Case
) -> None:
    browser, address = enter("follow_up"), f"/follow-up/{case.number}/"
    missing = browser.post(address, {"satisfaction": "2", "do": "redo"})
    assert (missing.status_code, missing.context["errors"]) == (400, {"wanted": ["请写明还要办什么，承办单位照着办。"]})
    browser.post(address, {"satisfaction": "2", "wanted": "仍然不热", "do": "redo"})
    case.refresh_from_db()
    assert case.status == "handling"
    now = timezone.now()
    desk.move(case, "resolve", "handler", now, result="再换泵", outcome="fulfilled", reply="已恢复供热。")
    desk.move(case, "approve", "supervisor", now)
    page = browser.post(f"{address}take/", follow=True)
    assert "申请再次重办" in text(page)
    done = browser.post(address, {"satisfaction": "1", "wanted": "楼道也要修", "do": "redo"}, follow=True)
    assert said(done)[0] == f"{case.number} 已报督办员批复，批复前不用再打。"
    queue = enter("supervisor").get("/follow-up/").context["rows"]
    assert [(line["number"], line["go"], line["mine"]) for line in queue] == [(case.number, "批复", True)]
    form = enter("supervisor").get(queue[0]["url"])
    assert (form.status_code, "释法说明" in text(form)) == (200, True)


def test_a_phone_is_shown_for_a_reason_and_on_record(enter: Callable[[str], Client], case: Case) -> None:
    browser, party = enter("follow_up"), case.parties.get()
    shown = browser.post(f"/cases/{case.number}/contact/", {"party": str(party.uid), "reason": "电话回访"})
    entry = AuditEntry.objects.get(action="unmask")
    assert ("13812341234" in shown.content.decode(), entry.reason) == (True, "电话回访")


def test_who_handled_it_is_refused_on_every_page(
    enter: Callable[[str], Client], desk: District, waiting: Waiting
) -> None:
    now = timezone.now() - timedelta(hours=1)
    mine = waiting(now=now, handler="both", kind="dispute")
    desk.move(mine, "confirm", "follow_up", now, satisfaction=1, resolved=False, contacted=True)
    open_one = waiting(now=now, handler="both")
    browser = enter("both")
    rating, look = Rectification.objects.get(case=mine), LookBack.objects.get(case=mine)
    LookBack.objects.update(due_on=now.date())
    pages = [
        f"/follow-up/{open_one.number}/",
        f"/follow-up/{open_one.number}/record/",
        f"/follow-up/ratings/{rating.pk}/",
        f"/follow-up/look-back/{look.pk}/",
    ]
    posts = [f"/follow-up/{open_one.number}/{word}/" for word in ("take", "missed", "unreached")]
    assert [browser.get(page).status_code for page in pages] == [403, 403, 404, 404]
    assert [browser.post(page, {"again": "next_morning"}).status_code for page in posts] == [403, 403, 403]
    assert browser.get("/follow-up/").context["counts"]["calls"] == 0


def test_the_record_form_shows_this_round_and_masks_the_people(
    enter: Callable[[str], Client], desk: District, case: Case
) -> None:
    actor = desk.actor("follow_up", timezone.now())
    services.answered(
        case,
        {"satisfaction": 3, "resolved": True, "contacted": True, "note": "已暖和"},
        actor=actor,
        now=timezone.now(),
    )
    page = text(enter("follow_up").get(f"/follow-up/{case.number}/record/"))
    assert "☑基本满意（信访口径：基本满意）" in page
    assert ("138****1234" in page, "13812341234" in page, "已暖和" in page, "按规定必须回访" in page) == (
        True,
        False,
        True,
        True,
    )
    assert AuditEntry.objects.filter(action="print_follow_up", target=f"case:{case.number}").count() == 1


def test_the_printed_answer_carries_number_and_code_in_the_fragment_only(
    enter: Callable[[str], Client], case: Case
) -> None:
    page = enter("clerk").get(f"/follow-up/{case.number}/answer/")
    code = query_code(case.number, case.query_issue)
    entry = AuditEntry.objects.get(action="print_answer")
    assert ("三号楼已恢复供热。" in text(page), page.context["qr"].startswith("data:image/svg+xml")) == (True, True)
    assert code.replace("-", "") in text(page).replace("-", "")
    assert code not in str(entry.detail) and code not in entry.target
    assert enter("handler").get(f"/follow-up/{case.number}/answer/").status_code == 403
    refused = enter("supervisor").get(f"/follow-up/{case.number}/answer/")
    assert refused.status_code == 403


def test_an_answer_that_is_not_approved_yet_is_not_printed(enter: Callable[[str], Client], desk: District) -> None:
    open_one = desk.register(now=timezone.now())
    assert enter("clerk").get(f"/follow-up/{open_one.number}/answer/").status_code == 409


def test_the_case_page_leads_to_the_call_and_to_the_answer(enter: Callable[[str], Client], case: Case) -> None:
    address = f"/cases/{case.number}/"
    wanted = (f'/follow-up/{case.number}/"', f"/follow-up/{case.number}/answer/")
    pages = {who: enter(who).get(address).content.decode() for who in ("follow_up", "clerk", "handler")}
    links = {who: [link in page for link in wanted] for who, page in pages.items()}
    assert links == {"follow_up": [True, True], "clerk": [False, True], "handler": [False, False]}


def test_a_bad_rating_goes_its_three_steps_on_its_page(
    enter: Callable[[str], Client], desk: District, case: Case
) -> None:
    now = timezone.now()
    desk.move(case, "confirm", "follow_up", now, satisfaction=2, resolved=False, contacted=True)
    row = Rectification.objects.get(case=case)
    browser, address = enter("follow_up"), f"/follow-up/ratings/{row.pk}/"
    wrong = browser.post(address, {"step": "verify", "verdict": "founded", "finding": "属实"})
    assert (wrong.status_code, list(wrong.context["errors"])) == (400, ["unit"])
    browser.post(address, {"step": "verify", "verdict": "founded", "finding": "属实", "unit": "heating"})
    again = browser.post(address, {"step": "verify", "verdict": "unfounded", "finding": "又说不属实"})
    assert again.status_code == 409
    browser.post(address, {"step": "act", "action": "已换泵"})
    done = browser.post(address, {"step": "ask", "reached": "true", "satisfaction": "4"}, follow=True)
    row.refresh_from_db()
    assert (row.verdict, row.action, row.second_rating, said(done)[-1]) == (
        "founded",
        "已换泵",
        4,
        f"{case.number} 差评已销号。",
    )


def test_the_resident_is_asked_why_and_nothing_closes_by_an_unhappy_word(case: Case) -> None:
    key = {"number": case.number, "query_code": query_code(case.number, case.query_issue)}
    page = Client().post("/query/", key)
    assert "data-rating" in page.content.decode() and "js/rating" in page.content.decode()
    Client().post("/query/rate/", {**key, "satisfaction": "1", "resolved": "false", "comment": "还是凉的"})
    case.refresh_from_db()
    assert (case.status, case.satisfaction, Rectification.objects.get(case=case).own) == ("follow_up", 1, True)
