"""The resident's side: what they may do to their own matter, what they may download, how they report; never more than theirs."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from cases.choices import DeclineReason
from cases.models import Case
from cases.public import about, files
from cases.services import attachments
from governance_portal.lib.numbers import query_code
from tests.cases.cast import District

STORY = "胜利社区三号楼前路灯不亮三天，晚上老人摔过跤，请维修。"


def key_of(case: Case) -> dict[str, str]:
    return {"number": case.number, "query_code": query_code(case.number, case.query_issue)}


def opened(case: Case, **more: str) -> Any:
    return Client().post("/query/", {**key_of(case), **more})


def act(case: Case, name: str, **given: Any) -> Any:
    return Client().post("/query/act/", {**key_of(case), "act": name, **given})


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (32, 24), "#446688").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def got(address: str) -> int:
    """The status of a download, the file closed again."""
    answer = Client().get(address)
    answer.getvalue()
    return answer.status_code


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


# --- supplement and withdraw ------------------------------------------------------------------------------------


@pytest.fixture
def incomplete(district: District) -> Case:
    """The window asked for a paper."""
    now = timezone.now()
    case = district.register(now=now)
    district.move(case, "request_material", "clerk", now, missing="房产证复印件", due_on="2027-12-20")
    return case


def test_what_was_missing_is_sent_with_a_photo_and_the_window_goes_on(incomplete: Case) -> None:
    page = opened(incomplete)
    assert [way["name"] for way in page.context["ways"]] == ["supplement", "withdraw"]
    answer = act(incomplete, "supplement", supplement="房产证在办，先交购房合同。", attachments=photo())
    incomplete.refresh_from_db()
    kept = incomplete.attachments.get()
    assert (answer.status_code, incomplete.status, kept.public) == (200, "registered", True)
    assert "补充的材料已经收到" in answer.content.decode()
    last = incomplete.events.order_by("-seq").first()
    assert last is not None
    assert (last.kind, last.actor.username) == ("supplement", "resident")


def test_an_empty_supplement_is_told_beside_the_field(incomplete: Case) -> None:
    answer = act(incomplete, "supplement")
    incomplete.refresh_from_db()
    assert (answer.status_code, answer.context["shown"].errors) == (
        400,
        {"supplement": ["请写下补充的情况，或者上传照片。"]},
    )
    assert incomplete.status == "incomplete"


def test_a_file_that_is_no_photo_is_refused_by_its_content(incomplete: Case) -> None:
    fake = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = act(incomplete, "supplement", supplement="见照片", attachments=fake)
    incomplete.refresh_from_db()
    assert (answer.status_code, list(answer.context["shown"].errors), incomplete.status) == (
        400,
        ["attachments"],
        "incomplete",
    )


def test_a_resident_takes_a_matter_back_with_a_reason(district: District) -> None:
    case = district.register(now=timezone.now())
    refused = act(case, "withdraw")
    answer = act(case, "withdraw", note="邻居已经和好")
    case.refresh_from_db()
    assert (refused.status_code, list(refused.context["shown"].errors)) == (400, ["note"])
    assert (answer.status_code, case.status, case.outcome) == (200, "closed", "withdrawn")
    assert answer.context["view"]["status_text"] == "已撤回"


@pytest.mark.parametrize("name", ["accept", "reopen", "rate", ""])
def test_nothing_else_is_done_by_a_resident(district: District, name: str) -> None:
    case = district.register(now=timezone.now())
    answer = act(case, name, note="请受理", category="A0102", level="general")
    case.refresh_from_db()
    assert (answer.status_code, case.status, case.version) == (404, "registered", 1)


def test_a_wrong_code_does_nothing_and_says_what_the_look_up_says(district: District) -> None:
    case = district.register(now=timezone.now())
    given = {"number": case.number, "query_code": "0000000000"}
    acted = Client().post("/query/act/", {**given, "act": "withdraw", "note": "不办了"})
    looked = Client().post("/query/", given)
    case.refresh_from_db()
    assert (acted.status_code, acted.context["errors"], case.version) == (404, looked.context["errors"], 1)


def test_what_the_table_does_not_offer_is_not_on_the_page(district: District) -> None:
    case, now = district.register(now=timezone.now()), timezone.now()
    given = {"category": "A0102", "level": "general", "result": "答复", "outcome": "answered", "reply": "已答复。"}
    district.move(case, "resolve_on_spot", "clerk", now, **given)
    assert opened(case).context["ways"] == []
    answer = act(case, "withdraw", note="不办了")
    assert (answer.status_code, answer.context["shown"].refusal[:8]) == (409, "现在不能这样办，")


# --- attachments ------------------------------------------------------------------------------------------------


@pytest.fixture
def with_files(district: District) -> Case:
    """One file the resident may have, one that is for colleagues."""
    case, now = district.register(now=timezone.now()), timezone.now()
    clerk = district.actor("clerk", now)
    attachments.store(case, photo("答复附图.jpg"), actor=clerk, now=now, public=True)
    attachments.store(case, photo("内部核查.jpg"), actor=clerk, now=now, public=False)
    return case


def test_only_public_files_are_listed_and_downloaded(with_files: Case) -> None:
    page = opened(with_files)
    rows = page.context["files"]
    answer = Client().get(rows[0]["url"])
    assert answer.getvalue()
    assert [row["name"] for row in rows] == ["答复附图.jpg"]
    assert "内部核查" not in page.content.decode()
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    assert answer["Content-Disposition"].startswith("attachment")
    assert with_files.number not in rows[0]["url"]


def test_a_link_made_for_an_internal_file_opens_nothing(with_files: Case) -> None:
    inner = with_files.attachments.get(public=False)
    assert got(files.link(with_files, inner)) == 404


def test_a_link_ends_when_the_file_is_no_longer_public_when_the_code_is_void_and_after_half_an_hour(
    with_files: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = with_files.attachments.get(public=True)
    good = files.link(with_files, shown)
    answers = [got(good), got(good[:-3] + "x/")]
    monkeypatch.setattr(files, "GOOD_FOR_SECONDS", -1)
    late = Client().get(good)
    monkeypatch.undo()
    with_files.query_issue = 2
    voided = got(files.link(with_files, shown))
    with_files.query_issue = 1
    shown.public = False
    shown.save(update_fields=["public"])
    hidden = got(good)
    assert (answers, late.status_code, voided, hidden) == ([200, 404], 404, 404, 404)
    assert "下载链接已经过期" in late.content.decode()


# --- what is told -----------------------------------------------------------------------------------------------


def answered(district: District, **given: Any) -> Case:
    now = timezone.now()
    case = district.register(now=now, **given)
    body = {"category": "A0102", "level": "general", "result": "答复", "outcome": "answered", "reply": "已答复。"}
    district.move(case, "resolve_on_spot", "clerk", now, **body)
    return case


def test_the_right_to_review_stands_where_the_law_gives_it(district: District) -> None:
    petition = text_of(opened(answered(district, procedure="petition")))
    ordinary = text_of(opened(answered(district)))
    assert "30日内，可以请求办理机关、单位的上一级机关、单位复查" in petition
    assert "《信访工作条例》第三十五条、第三十六条" in petition
    assert "复查" not in ordinary
    assert "可以向本中心反映" in ordinary


def test_the_right_to_review_is_not_told_before_there_is_an_answer(district: District) -> None:
    assert "复查" not in text_of(opened(district.register(now=timezone.now(), procedure="petition")))


def test_a_rating_may_be_amended_for_seven_days_and_then_no_more(district: District) -> None:
    case = answered(district)
    rate = {**key_of(case), "satisfaction": "4", "resolved": "true"}
    Client().post("/query/rate/", rate)
    open_still = opened(case).context["rate"]
    case.refresh_from_db()
    assert case.rated_at is not None
    Case.objects.filter(pk=case.pk).update(rated_at=case.rated_at - timezone.timedelta(days=8))
    late = opened(case)
    assert (open_still, late.context["rate"], "评价满7天后不能再改" in text_of(late)) == (True, False, True)


def test_the_words_to_copy_hold_nothing_of_the_person(district: District) -> None:
    case = district.register(now=timezone.now())
    copied = opened(case).context["copied"]
    assert case.number in copied.replace(" ", "")
    for private in ("张三", "13812341234", query_code(case.number, 1), case.description):
        assert private not in copied


def test_nothing_of_other_people_is_on_the_page(district: District) -> None:
    case = district.register(now=timezone.now(), other_party=[{"name": "李四光", "phone": "13900001111"}])
    page = opened(case).content.decode()
    for private in ("李四光", "13900001111", "小王"):
        assert private not in page


# --- reporting --------------------------------------------------------------------------------------------------


def report(**given: Any) -> Any:
    body = {"kind": "appeal", "description": STORY, "area": "140603100001", "agree": "1", **given}
    return Client().post("/report/", {name: value for name, value in body.items() if value != ""})


def test_a_report_without_an_account_gets_a_number_and_a_code_that_open_it(district: District) -> None:
    answer = report(name="王五", phone="13712345678", attachments=photo())
    case = Case.objects.get()
    assert (answer.status_code, case.channel, case.status, case.privacy_version) == (200, "web", "registered", "2026-2")
    assert case.registered_by.username == "resident"
    assert case.attachments.count() == 1
    given = {"number": answer.context["plain_number"], "query_code": answer.context["plain_code"]}
    assert Client().post("/query/", given).status_code == 200
    assert answer.context["plain_code"] not in answer.request["PATH_INFO"]


def test_sending_the_same_form_twice_registers_once(district: District) -> None:
    key = "0f6c2b7e-3a58-4f0e-9d2b-6a4a1f0c9a11"
    answers = [report(client_id=key).context["number"] for _try in range(2)]
    assert (answers[0] == answers[1], Case.objects.count()) == (True, 1)


@pytest.mark.parametrize(
    ("missing", "field"), [("kind", "kind"), ("description", "description"), ("agree", "agree"), ("area", "address")]
)
def test_what_is_missing_is_told_at_its_question_and_nothing_typed_is_lost(
    district: District, missing: str, field: str
) -> None:
    answer = report(**{missing: ""}, name="王五")
    assert (answer.status_code, list(answer.context["errors"]), Case.objects.count()) == (400, [field], 0)
    assert "王五" in answer.content.decode()


def test_an_anonymous_report_keeps_no_name_even_when_one_was_typed(district: District) -> None:
    report(name="王五", phone="13712345678", anonymous="1")
    case = Case.objects.get()
    assert (case.anonymous, case.parties.count()) == (True, 0)


def test_a_resident_cannot_set_level_status_or_unit(district: District) -> None:
    report(level="urgent", status="closed", lead_unit="housing")
    case = Case.objects.get()
    assert (case.level, case.status, case.lead_unit_id) == ("", "registered", None)


def test_the_twenty_first_report_of_an_hour_is_received_and_waits_for_a_human(district: District) -> None:
    answers = [report(description=f"{STORY}{place}") for place in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 21
    assert [answer.context["held"] for answer in answers] == [False] * 20 + [True]
    assert Case.objects.count() == 20


def test_complaints_and_suggestions_have_an_entry_on_every_page_of_residents(district: District) -> None:
    for address in ("/", "/query/", "/report/", "/guide/", "/privacy/"):
        assert 'href="/report/?kind=suggestion"' in Client().get(address).content.decode()
    page = Client().get("/report/?kind=suggestion")
    assert (page.context["title"], page.context["values"]["kind"]) == ("投诉建议", "suggestion")
    assert report(kind="suggestion", area="").status_code == 200


def test_the_guide_says_every_ground_for_not_accepting_in_a_resident_s_words(district: District) -> None:
    page = Client().get("/guide/").content.decode()
    assert list(about.ELSEWHERE) != []
    assert {reason: about.ELSEWHERE[reason] in page for reason in DeclineReason} == dict.fromkeys(DeclineReason, True)


def test_the_notice_names_the_version_that_reports_carry(district: District) -> None:
    assert "2026-2版" in text_of(Client().get("/privacy/"))
