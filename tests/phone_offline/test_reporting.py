"""What the phone sends: a photo and a report, each as often as it likes, each counted once; who may, and what is refused."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.choices import Role
from cases.models import Attachment, Case
from cases.phone.reporting import COMMON, catalogue
from tests.api.conftest import Phones
from tests.api.phone import Phone
from tests.cases.cast import COMMUNITY, GRID, District

KEY = "0f1e2d3c-0000-4000-8000-000000000001"
STORY = "三号楼前垃圾三天没有清运，已有异味。"
REPORT: dict[str, Any] = {
    "client_id": KEY,
    "category": "A0401",
    "description": STORY,
    "place": {"grid": GRID, "address": "三号楼前"},
}


def picture(shade: int = 90) -> SimpleUploadedFile:
    """A small photo; another shade is another photo."""
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 60)).save(out, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def keep(phone: Phone, shade: int = 90, key: str = KEY, **given: Any) -> str:
    answer = phone.upload("phone/photos/", file=picture(shade), client_id=key, **given)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_report_is_registered_and_accepted_in_the_worker_s_own_grid_with_all_its_photos(phones: Phones) -> None:
    phone = phones("grid_worker")
    photos = [keep(phone, shade) for shade in (10, 200)]
    answer = phone.post("phone/reports/", {**REPORT, "photos": photos})
    case = Case.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "number": case.number,
            "status": "accepted",
            "status_text": "已受理，正在安排办理单位",
            "title": "三号楼前垃圾三天没有清运，已有异味",
            "grid": GRID,
            "photos": 2,
        },
    )
    assert (case.channel, case.kind, case.category_code, case.level, case.registered_by.username) == (
        "grid",
        "appeal",
        "A0401",
        "general",
        "grid_worker",
    )
    assert [event.kind for event in case.events.all()] == ["register", "accept"]
    assert {str(file.uid) for file in case.attachments.all()} == set(photos)


def test_the_same_photo_and_the_same_report_sent_again_change_nothing(phones: Phones) -> None:
    phone = phones("grid_worker")
    photos = [keep(phone), keep(phone)]
    body = {**REPORT, "photos": photos[:1]}
    first, again = phone.post("phone/reports/", body), phone.post("phone/reports/", body)
    late = keep(phone)
    assert (first.status_code, again.status_code, first.json() == again.json()) == (201, 200, True)
    assert (len({*photos, late}), Case.objects.count(), Attachment.objects.count()) == (1, 1, 1)


def test_other_words_under_the_same_key_are_refused_and_nothing_is_lost(phones: Phones) -> None:
    phone = phones("grid_worker")
    phone.post("phone/reports/", REPORT)
    answer = phone.post("phone/reports/", {**REPORT, "description": "别的事。"})
    assert (answer.status_code, Case.objects.get().description) == (409, STORY)


def test_a_matter_settled_at_once_goes_to_follow_up_and_a_hazard_to_somebody_else_s_check(phones: Phones) -> None:
    phone = phones("grid_worker")
    settled = {**REPORT, "way": "settle", "result": "联系保洁当场清走，已消毒。"}
    assert phone.post("phone/reports/", settled).json()["status"] == "follow_up"
    hazard = {**settled, "client_id": "h1", "category": "H0301", "description": "楼道堆了杂物。"}
    refused = phone.post("phone/reports/", hazard)
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        {"photos_after": ["自己整改好的隐患，请拍一张整改后的照片；另有人来核查销号。"]},
    )
    before, after = keep(phone, 10, "h1"), keep(phone, 200, "h1", after="true")
    answer = phone.post("phone/reports/", {**hazard, "photos": [before], "photos_after": [after]})
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.kind, case.status, case.handler.username) == ("hazard", "supervision", "grid_worker")  # type: ignore[union-attr]
    assert {file.purpose for file in case.attachments.all()} == {"现场", "整改后"}


def test_what_cannot_be_settled_here_is_not_registered_either(district: District, phones: Phones) -> None:
    body = {**REPORT, "place": {"address": "三号楼前"}, "way": "settle", "result": "办好了。"}
    answer = phones("grid_worker").post("phone/reports/", body)
    assert (answer.status_code, Case.objects.count()) == (201, 1)  # no grid named: his own
    district.person("other_worker", "小郭", Role.GRID_WORKER, "community", COMMUNITY)
    answer = phones("other_worker").post("phone/reports/", {**REPORT, "way": "settle", "result": "办好了。"})
    assert (answer.status_code, answer.json()["detail"], Case.objects.count()) == (
        403,
        "这件事不在您负责的网格，不能自办自结；请改成“上报”，由当地处理。",
        1,
    )
    told = phones("other_worker").post("phone/reports/", {**REPORT, "client_id": "again"}).json()
    assert told["status"] == "registered"


def test_volunteers_report_and_nobody_else_does(district: District, phones: Phones) -> None:
    district.person("armband", "老赵", Role.VOLUNTEER, "community", COMMUNITY)
    assert phones("armband").post("phone/reports/", REPORT).json()["status"] == "registered"
    for who in ("clerk", "handler", "supervisor", "auditor"):
        assert phones(who).post("phone/reports/", REPORT).status_code == 403
        assert phones(who).upload("phone/photos/", file=picture(), client_id=KEY).status_code == 403
    assert phones("").post("phone/reports/", REPORT).status_code == 401


def test_another_s_photo_and_one_of_another_report_are_not_taken(district: District, phones: Phones) -> None:
    district.person("armband", "老赵", Role.VOLUNTEER, "community", COMMUNITY)
    others = keep(phones("armband"))
    answer = phones("grid_worker").post("phone/reports/", {**REPORT, "photos": [others]})
    assert (answer.status_code, list(answer.json()["errors"]), Case.objects.count()) == (400, ["attachments"], 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "Z99"}, "category"),
        ({"category": None}, "category"),
        ({"category": "J01"}, "category"),
        ({"category": ["A0401"]}, "category"),
        ({"description": ""}, "description"),
        ({"description": "长" * 5001}, "description"),
        ({"description": "坏\x00字"}, "_"),
        ({"place": None}, "place"),
        ({"place": {"grid": "140603100001999"}}, "place"),
        ({"place": {"lng": 112, "lat": "北"}}, "place"),
        ({"place": {"lng": 200, "lat": 10}}, "place"),
        ({"level": "worst"}, "level"),
        ({"way": "both"}, "way"),
        ({"way": "settle"}, "result"),
        ({"way": "settle", "result": "长" * 5001}, "result"),
        ({"photos": "x"}, "photos"),
        ({"photos": [str(uuid.UUID(int=n)) for n in range(10)]}, "photos"),
        ({"photos": ["no"]}, "attachments"),
        ({"reporters": [{"name": "王五", "id_number": "140603197001010011"}]}, "reporters"),
        ({"reporters": "王五"}, "reporters"),
        ({"status": "closed"}, "status"),
        ({"client_id": ""}, "client_id"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    phones: Phones, wrong: dict[str, Any], field: str
) -> None:
    answer = phones("grid_worker").post("phone/reports/", {**REPORT, **wrong})
    assert (answer.status_code, field in answer.json().get("errors", {}), Case.objects.count()) == (400, True, 0), (
        answer.content.decode()
    )


def test_every_large_button_is_a_category_and_every_category_says_which_kind_it_is(district: District) -> None:
    kinds = {choice.code: choice.kind for choice in catalogue()}
    assert {one.label: kinds[one.code] for one in COMMON} == {
        "垃圾卫生": "appeal",
        "路灯不亮": "appeal",
        "占道经营": "appeal",
        "油烟噪声": "appeal",
        "水电气暖": "appeal",
        "小区设施": "appeal",
        "困难求助": "appeal",
        "邻里纠纷": "dispute",
        "欠薪讨薪": "appeal",
        "消防通道": "hazard",
        "用火用电": "hazard",
        "燃气": "hazard",
    }
    assert (kinds["G0302"], kinds["G0602"], kinds["G0802"], kinds["0705"], kinds["C0101"], kinds["S02"]) == (
        "appeal",
        "hazard",
        "hazard",
        "dispute",
        "consultation",
        "suggestion",
    )
    assert [code for code in kinds if code.startswith("J")] == []
