"""What leaves as a file or on paper is written down first; nothing personal leaves unsaid."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import AuditEntry
from cases.services.elements import Asked, chosen, elements
from hotlines.links.transferring import pass_on
from hotlines.models import Provision
from hotlines.outward.provisions import Given, provide
from tests.cases.cast import MONDAY, District
from tests.hotlines.links.scenes import line

ClientOf = Callable[[str], Client]
FORM = {"first": "2026-11-01", "last": "2026-11-30", "kind": "dispute", "form": "csv"}
WHY = {"personal": "true", "receiver": "省综治信息平台", "purpose": "矛盾纠纷数据汇聚", "basis": "晋综治〔2026〕3号"}
ELEMENTS = [
    *("受理编号", "事件名称", "发生日期", "发生地点", "发生地详址", "事件规模", "事件类别", "事件级别", "涉及人数"),
    *("事件简述", "涉及单位", "主要当事人", "化解时限", "化解方式", "化解组织", "化解责任人姓名"),
    *("化解责任人联系方式", "化解是否成功", "化解情况", "考评日期", "考评意见", "经度", "纬度"),
]


def quarrel(district: District, **given: Any) -> Any:
    """A dispute of six people."""
    body = {
        "kind": "dispute",
        "description": "楼上漏水赔偿谈不拢，电话 13812341234。",
        "procedure": "mediation",
        "visitor_count": 6,
        "category": "0101",
        "level": "major",
    }
    return district.register(**{**body, **given})


def rows_of(answer: Any) -> list[dict[str, str]]:
    """The rows of a sheet."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_every_element_and_without_a_reason_nothing_personal(
    district: District, client_of: ClientOf
) -> None:
    case = quarrel(district)
    district.register()  # an appeal
    answer = client_of("dispatcher").post("/hotlines/exchange/", FORM)
    (row,) = rows_of(answer)
    assert (answer.status_code, list(row)) == (200, ELEMENTS)
    filled = {name: value for name, value in row.items() if value}
    assert filled == {
        "受理编号": case.number,
        "事件名称": "恋爱及婚姻（140603100001）",
        "发生日期": "20261123",
        "发生地点": "140603100001",
        "事件规模": "02",
        "事件类别": "16",
        "事件级别": "03",
        "涉及人数": "6",
        "化解时限": filled["化解时限"],
        "化解方式": "01",
    }
    assert b"".join(client_of("dispatcher").post("/hotlines/exchange/", {**FORM, "personal": "false"})).decode(
        "utf-8-sig"
    )
    assert Provision.objects.count() == 0
    assert AuditEntry.objects.filter(action="export_exchange").count() == 2


def test_personal_parts_leave_masked_and_each_matter_has_its_record(district: District, client_of: ClientOf) -> None:
    case, quiet = quarrel(district), quarrel(district, confidential=True)
    answer: Any = client_of("centre_lead").post("/hotlines/exchange/", {**FORM, **WHY, "form": "json"})
    told = {row["受理编号"]: row for row in json.loads(b"".join(answer.streaming_content))}
    assert (told[case.number]["主要当事人"], told[case.number]["发生地详址"]) == ("张**", "胜利社区三号楼")
    assert told[case.number]["事件简述"] == "楼上漏水赔偿谈不拢，电话 138****1234。"
    assert {told[quiet.number][name] for name in ("主要当事人", "发生地详址", "事件简述")} == {""}
    kept = Provision.objects.order_by("case_number").values_list("case_number", "receiver", "purpose", "basis", "way")
    why = ("省综治信息平台", "矛盾纠纷数据汇聚", "晋综治〔2026〕3号", "export")
    assert list(kept) == sorted([(case.number, *why), (quiet.number, *why)])


def test_everything_wrong_is_said_at_once_and_nothing_leaves(district: District, client_of: ClientOf) -> None:
    quarrel(district)
    bad = {"first": "2026-11-30", "last": "2026-11-01", "kind": "weather", "personal": "true"}
    answer = client_of("dispatcher").post("/hotlines/exchange/", bad)
    assert answer.status_code == 400
    assert sorted(answer.context["errors"]) == ["basis", "form", "kind", "last", "purpose", "receiver"]
    empty = client_of("dispatcher").post("/hotlines/exchange/", {**FORM, "first": "2026-01-01", "last": "2026-01-31"})
    assert empty.context["errors"] == {"first": ["这段时间没有这类事项，请换一段时间或大类。"]}
    assert (client_of("handler").post("/hotlines/exchange/", FORM).status_code, Provision.objects.count()) == (403, 0)


def test_complaints_about_conduct_are_in_no_file(district: District) -> None:
    quarrel(district)
    quarrel(district, complained_unit="housing", complaint_nature="conduct")
    actor = district.actor("centre_lead")
    asked = Asked(MONDAY.date(), MONDAY.date(), "dispute", True)
    assert len(list(elements(chosen(actor, asked, MONDAY), True))) == 1


def test_what_was_given_by_word_is_written_down_once_and_read_by_the_lead_and_the_auditor(
    district: District, client_of: ClientOf
) -> None:
    case = district.register()
    clerk = client_of("clerk")
    page = clerk.get(f"/hotlines/provisions/{case.number}/new/")
    form = {
        "client_id": page.context["given"]["client_id"],
        "receiver": "平鲁区人民法院",
        "fields": ["name", "phone"],
        "purpose": "诉前调解联系当事人",
        "basis": "当事人同意",
        "way": "oral",
    }
    for _ in range(2):
        assert clerk.post(f"/hotlines/provisions/{case.number}/new/", form).status_code == 302
    told = clerk.post(f"/hotlines/provisions/{case.number}/new/", {"client_id": form["client_id"]})
    assert (told.status_code, sorted(told.context["errors"])) == (
        400,
        ["basis", "fields", "purpose", "receiver", "way"],
    )
    for reader in ("centre_lead", "auditor"):
        answer = client_of(reader).get("/hotlines/provisions/")
        assert [words for _row, words in answer.context["rows"]] == ["姓名、电话"]
    sheet = rows_of(client_of("auditor").get("/hotlines/provisions/?format=csv"))
    assert [(row["受理编号"], row["提供的内容"], row["经办人"]) for row in sheet] == [
        (case.number, "姓名、电话", "小王")
    ]
    assert client_of("clerk").get("/hotlines/provisions/").status_code == 403
    assert client_of("handler_other").get(f"/hotlines/provisions/{case.number}/new/").status_code == 404


def test_a_record_is_neither_changed_nor_deleted(district: District) -> None:
    given = Given("某单位", ["name"], "目的", "依据", "letter", "x")
    case = district.register()
    people = district.people["clerk"].pk
    for _ in range(2):
        provide([(case.number, case.area_code)], given, people, MONDAY)
    assert Provision.objects.count() == 1
    for attempt in (lambda: Provision.objects.update(receiver="别人"), lambda: Provision.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


def test_nobody_without_a_log_in_reads_anything(client: Client) -> None:
    for address in ("exchange/", "provisions/"):
        assert client.get(f"/hotlines/{address}").status_code == 302


def test_a_case_passed_over_a_line_has_its_record_in_the_same_transaction(district: District) -> None:
    line(code="court", kind="court")
    case, quiet = district.register(), district.register(confidential=True)
    for one in (case, quiet):
        moved = district.move(one, "transfer", "clerk", receiver="judicial", receipt="已送达立案庭")
        pass_on(moved, MONDAY)
        pass_on(one, MONDAY)
    assert list(Provision.objects.order_by("pk").values_list("case_number", "receiver", "way", "fields")) == [
        (case.number, "court 平台", "link", ["name", "phone", "description", "place"]),
        (quiet.number, "court 平台", "link", ["description"]),
    ]
