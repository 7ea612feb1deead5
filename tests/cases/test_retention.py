"""Contact data goes when its time is over: only after the end, never under a hold, with a mark, files and all (PIPL §19)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEntry
from cases import search
from cases.models import Case, Erasure, Event, RetentionRule
from cases.services import attachments, retention
from cases.services.integrity import faults
from cases.services.parties import masked
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from hotlines import services as hotlines
from hotlines.models import CallRecord
from tests.api.test_attachments import photo
from tests.cases.cast import MONDAY, District, at

pytestmark = [pytest.mark.django_db, pytest.mark.behaviour(17)]

AFTER_THREE_YEARS = at(24, month=11, year=2029)
STORY = "张三称三号楼暖气不热，请打 13812341234 联系。"


def ended(district: District, **given: object) -> Case:
    """A matter settled at the window and closed after its call, all on that Monday."""
    case = district.register(
        description=STORY, place={"grid": "140603100001001", "address": "三号楼二单元 402"}, **given
    )
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "resolve_on_spot", "clerk", result="已解释", outcome="answered", reply="已说明供热标准。")
    district.move(case, "confirm", "follow_up", satisfaction=5, resolved=True, contacted=True)
    return case


def found(words: str, district: District, now: datetime) -> list[str]:
    visible = Case.objects.visible_to(district.actor("clerk", now), now)
    return list(search.matching(visible, words).values_list("number", flat=True))


def test_nothing_goes_before_its_time_and_nothing_that_is_open(district: District) -> None:
    ended(district)
    district.register(description=STORY)
    assert retention.erase_expired(at(22, month=11, year=2029)) == 0
    assert retention.erase_expired(AFTER_THREE_YEARS) == 1


def test_contact_data_place_story_numbers_files_and_words_go_and_a_mark_stays(
    district: District, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    case = ended(district)
    events = list(Event.objects.filter(case=case).values_list("seq", "hash"))
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.erase_expired(AFTER_THREE_YEARS) == 1
    case.refresh_from_db()
    party = case.parties.get()
    mark = Erasure.objects.get(case=case)
    entry = AuditEntry.objects.get(action="erase_contact")
    assert (party.phone_index, party.id_index, party.contact) == ("", "", retention.EMPTY)
    assert masked(party) | {"id": ""} == {"id": "", "side": "reporter", "role": "person", **retention.EMPTY}
    assert (case.description, case.address, case.lng, case.lat) == (
        "张三称三号楼暖气不热，请打 138****1234 联系。",
        "",
        None,
        None,
    )
    assert (mark.at, mark.months, mark.people, mark.files) == (AFTER_THREE_YEARS, 36, 1, 0)
    assert (entry.target, entry.detail) == (f"case:{case.number}", {"people": 1, "files": 0})
    assert (found("暖气", district, AFTER_THREE_YEARS), found(case.number, district, AFTER_THREE_YEARS)) == (
        [],
        [case.number],
    )
    assert list(Event.objects.filter(case=case).values_list("seq", "hash")) == events
    assert list(faults()) == []
    assert retention.erase_expired(AFTER_THREE_YEARS) == 0  # Once.


def test_files_go_with_the_rest(
    district: District,
    tmp_path: Path,
    settings: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    case = ended(district)
    upload = SimpleUploadedFile("现场.jpg", photo(), "image/jpeg")
    attachments.store(case, upload, actor=district.actor("clerk"), now=MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        retention.erase_expired(AFTER_THREE_YEARS)
    assert (case.attachments.count(), Erasure.objects.get().files, [p for p in tmp_path.rglob("*") if p.is_file()]) == (
        0,
        1,
        [],
    )


def test_who_called_about_it_goes_too(district: District) -> None:
    operator = district.actor("operator")
    call = hotlines.answer(operator, phone="13812341234", now=MONDAY)
    case = ended(district)
    hotlines.join_case(call, case.number, "再次来电，请打 13812341234", actor=operator, now=MONDAY)
    retention.erase_expired(AFTER_THREE_YEARS)
    row = CallRecord.objects.get()
    assert (row.caller, row.phone_index, row.summary) == ({}, "", "再次来电，请打 138****1234")


def test_a_hold_keeps_everything_until_it_is_lifted(district: District) -> None:
    case = ended(district)
    lead = district.actor("centre_lead", AFTER_THREE_YEARS)
    retention.hold(case, actor=lead, reason="已起诉", now=AFTER_THREE_YEARS)
    held = retention.erase_expired(AFTER_THREE_YEARS)
    with pytest.raises(NotNow):
        retention.hold(case, actor=lead, reason="再次登记", now=AFTER_THREE_YEARS)
    retention.lift(case, actor=lead, reason="判决已生效", now=AFTER_THREE_YEARS)
    assert (held, retention.erase_expired(AFTER_THREE_YEARS)) == (0, 1)
    with pytest.raises(NotNow):
        retention.hold(case, actor=lead, reason="太晚了", now=AFTER_THREE_YEARS)
    logged = AuditEntry.objects.filter(target=f"case:{case.number}").order_by("pk").values_list("action", flat=True)
    assert [action for action in logged if "hold" in action] == ["hold_contact", "lift_hold"]


def test_only_the_lead_of_the_centre_holds_and_says_why(district: District) -> None:
    case = ended(district)
    with pytest.raises(NotYou):
        retention.hold(case, actor=district.actor("supervisor"), reason="已起诉", now=MONDAY)
    with pytest.raises(Incomplete):
        retention.hold(case, actor=district.actor("centre_lead"), reason=" ", now=MONDAY)


def test_a_kind_may_have_its_own_time(district: District) -> None:
    ended(district)
    RetentionRule.objects.create(kind="appeal", months=12)
    assert [retention.erase_expired(at(20, year=2027)), retention.erase_expired(at(24, year=2027))] == [0, 1]


def test_the_lead_of_the_centre_holds_and_lifts_on_a_page_that_says_what_will_happen(district: District) -> None:
    case = ended(district)
    lead, clerk = Client(), Client()
    lead.force_login(district.people["centre_lead"], backend="accounts.backends.PostBackend")
    clerk.force_login(district.people["clerk"], backend="accounts.backends.PostBackend")
    page = f"/cases/{case.number}/keeping/"
    assert page in lead.get(f"/cases/{case.number}/").content.decode()
    assert (clerk.get(page).status_code, page in clerk.get(f"/cases/{case.number}/").content.decode()) == (403, False)
    assert "办结后 36 个月" in lead.get(page).content.decode()
    refused = lead.post(page, {"reason": ""})
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (400, True)
    held = lead.post(page, {"reason": "已起诉"}, follow=True).content.decode()
    assert ("暂缓清除中：已起诉" in held, "已暂缓清除" in held) == (True, True)
    lifted = lead.post(page, {"reason": "判决已生效", "lift": "1"}, follow=True).content.decode()
    assert ("暂缓清除中" in lifted, "已恢复按期清除" in lifted) == (False, True)
    retention.erase_expired(AFTER_THREE_YEARS)
    assert "按期清除（1 人，0 个附件）" in lead.get(page).content.decode()
