"""What the server promises beyond the standard: nothing personal goes out, nothing half done, every refusal an array."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cases.models import Case, Party
from hotlines.api.failures import TOO_OFTEN
from hotlines.models import Open311Attribute, Open311Client, Open311Post, Open311Service
from hotlines.open311.keys import new_key
from tests.cases.cast import District

ROOT = "/open311/v2/"
PHONE = "13812345678"
SAID = {
    "service_code": "G0601",
    "description": f"东单元消防通道被两辆车堵死，联系人 {PHONE}。",
    "address_string": "胜利社区3号楼东侧",
    "lat": "39.5123456",
    "long": "112.2765432",
    "first_name": "小明",
    "last_name": "王",
    "phone": PHONE,
    "attribute[blocked_by][]": ["car", "lock"],
}
FIELDS = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]


@pytest.fixture
def key(district: District) -> str:
    """The key of an app."""
    text, digest = new_key()
    Open311Client.objects.create(name="市民随手拍", holder="区城管局", digest=digest, created_at=timezone.now())
    return text


def post(client: Client, key: str, form: str = "json", /, **changes: Any) -> Any:
    """Post a report, some of it changed; None takes a field away."""
    body = {name: value for name, value in {**SAID, "api_key": key, **changes}.items() if value is not None}
    return client.post(f"{ROOT}requests.{form}", body)


def told(answer: Any) -> list[dict[str, Any]]:
    """The errors of an answer."""
    rows: list[dict[str, Any]] = json.loads(answer.content)
    return rows


def test_a_report_becomes_a_case_with_its_answers_person_and_place(client: Client, key: str) -> None:
    answer = post(client, key, media_url="https://example.org/a.jpg")
    case = Case.objects.get()
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json; charset=utf-8")
    assert [row["service_request_id"] for row in answer.json()] == [case.number]
    assert (case.channel, case.kind, case.category_id, case.lat) == ("other", "hazard", "G0601", 39.5123456)
    assert case.description == f"{SAID['description']}\n被什么堵住：车辆、上锁\n图片：https://example.org/a.jpg"
    party = Party.objects.get()
    assert (party.contact["name"], party.contact["phone"]) == ("王小明", PHONE)


def test_the_sender_reads_its_own_words_masked_and_everybody_else_none_of_them(client: Client, key: str) -> None:
    number = post(client, key).json()[0]["service_request_id"]
    own = client.get(f"{ROOT}requests/{number}.json", {"api_key": key}).json()
    other = client.get(f"{ROOT}requests/{number}.json").json()
    assert [list(row) for row in (own[0], other[0])] == [FIELDS, FIELDS]
    assert own[0]["description"].startswith("东单元消防通道被两辆车堵死，联系人 138****5678。")
    assert (own[0]["lat"], own[0]["address"]) == (39.5123456, "胜利社区3号楼东侧")
    assert (other[0]["lat"], other[0]["long"]) == (39.512, 112.277)
    assert "胜利社区3号楼" not in json.dumps(other, ensure_ascii=False)
    assert other[0]["description"].startswith("消防通道堵塞")
    assert (other[0]["status"], other[0]["status_notes"]) == ("open", "已登记，等待受理")
    text = json.dumps([own, other], ensure_ascii=False)
    assert (PHONE in text, "小明" in text) == (False, False)


def test_xml_and_json_say_the_same(client: Client, key: str) -> None:
    number = post(client, key).json()[0]["service_request_id"]
    for address in (f"requests/{number}", "requests", "services"):
        rows = client.get(f"{ROOT}{address}.json").json()
        answer = client.get(f"{ROOT}{address}.xml")
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        read = [{field.tag: field.text for field in row} for row in ElementTree.fromstring(answer.content)]
        as_text = [{name: _text(value) for name, value in row.items()} for row in rows]
        assert read == as_text
        assert rows


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        (
            {"api_key": None},
            403,
            "缺少 api_key；上报需要 api_key（写在表单里，不写在网址里），请与区综治中心联系开通。",
        ),
        ({"api_key": "wrong"}, 403, "api_key 不对，或者已经停用；请与区综治中心联系。"),
        ({"service_code": None}, 400, "缺少 service_code，请从 services 中选一项。"),
        ({"service_code": "G9999"}, 404, "没有这个 service_code，请重新读取 services。"),
        ({"jurisdiction_id": "nowhere.gov"}, 404, "没有这个 jurisdiction_id；这里只有 140603，可以不填。"),
        ({"lat": "north"}, 400, "lat 和 long 应为十进制度数（WGS-84）。"),
        ({"lat": None}, 400, "lat 和 long 要一起填写。"),
        ({"lat": "nan"}, 400, "lat 和 long 应为十进制度数（WGS-84）。"),
        ({"lat": "٣٩"}, 400, "lat 和 long 应为十进制度数（WGS-84）。"),
        ({"lat": "91"}, 400, "lat 应在 -90 到 90 之间，long 应在 -180 到 180 之间。"),
        ({"description": "字" * 4001}, 400, "description 最多 4000 字，请改短。"),
        ({"phone": "call me"}, 400, "电话请填数字，如 13812341234 或 0349-6021234；没有电话可以不填。"),
        ({"email": "nobody"}, 400, "email 格式不对；不填也可以。"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url 应为 http 或 https 地址。"),
        ({"attribute[blocked_by][]": "ufo"}, 400, "被什么堵住：没有选项 ufo，请用选项的 key。"),
        ({"attribute[colour]": "red"}, 400, "这项服务没有代码为 colour 的问题。"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_the_standards_array(
    client: Client, key: str, changes: dict[str, Any], status: int, sentence: str
) -> None:
    answer = post(client, key, **changes)
    assert (answer.status_code, told(answer)) == (status, [{"code": status, "description": sentence}])
    assert (Case.objects.count(), Open311Post.objects.count()) == (0, 0)
    as_xml = post(client, key, "xml", **changes)
    root = ElementTree.fromstring(as_xml.content)
    said = [(row.findtext("code"), row.findtext("description")) for row in root]
    assert (root.tag, [row.tag for row in root], said) == ("errors", ["error"], [(str(status), sentence)])


def test_everything_that_is_wrong_is_said_at_once(client: Client, key: str) -> None:
    answer = post(client, key, lat=None, long=None, address_string=None, email="x", **{"attribute[colour]": "red"})
    assert [row["description"] for row in told(answer)] == [
        "这项服务没有代码为 colour 的问题。",
        "缺少地点：请填 lat 和 long，或者 address_string。",
        "email 格式不对；不填也可以。",
    ]


def test_service_and_place_alone_are_a_report_and_a_long_address_is_kept_whole(client: Client, key: str) -> None:
    bare = {"service_code": "G0601", "api_key": key, "address_string": "胜利社区" * 60}
    assert client.post(f"{ROOT}requests.json", bare).status_code == 201
    case = Case.objects.get()
    assert (len(case.address), case.description) == (200, f"消防通道堵塞\n地点：{'胜利社区' * 60}")


def test_text_that_is_no_utf_8_is_refused_and_a_key_in_the_address_is_not_read(client: Client, key: str) -> None:
    form = "application/x-www-form-urlencoded"
    body = f"api_key={key}&service_code=G0601&address_string=x&description=%FF"
    answer = client.post(f"{ROOT}requests.json", body, content_type=form)
    assert (answer.status_code, Case.objects.count()) == (400, 0)
    assert client.post(f"{ROOT}requests.json?api_key={key}", {"service_code": "G0601"}).status_code == 403


@pytest.mark.parametrize(
    "moment",
    ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "20261120T000000Z", "2026-W47-1T00:00:00Z", "yesterday"],
)
def test_dates_that_no_report_has_are_refused_in_the_standards_array(client: Client, key: str, moment: str) -> None:
    for name in ("start_date", "end_date"):
        answer = client.get(f"{ROOT}requests.json", {name: moment})
        assert (answer.status_code, told(answer)[0]["code"]) == (400, 400)


def test_a_required_question_is_asked_and_a_taken_back_key_posts_no_more(client: Client, key: str) -> None:
    answer = post(client, key, service_code="G0103", **{"attribute[blocked_by][]": None})
    assert told(answer) == [{"code": 400, "description": "请回答：是什么设施"}]
    Open311Client.objects.update(is_active=False)
    assert post(client, key).status_code == 403


def test_the_same_idempotency_key_is_answered_again(client: Client, key: str) -> None:
    body = {name: value for name, value in {**SAID, "api_key": key}.items()}
    answers = [client.post(f"{ROOT}requests.json", body, headers={"Idempotency-Key": "a-1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (Case.objects.count(), Open311Post.objects.count()) == (1, 1)


def test_reports_of_other_channels_and_confidential_ones_are_not_told(
    client: Client, district: District, key: str
) -> None:
    walk_in = district.register()
    assert client.get(f"{ROOT}requests/{walk_in.number}.json").status_code == 404
    assert client.get(f"{ROOT}requests.json").json() == []
    post(client, key)
    Case.objects.filter(open311__isnull=False).update(confidential=True)
    assert client.get(f"{ROOT}requests.json").json() == []


def test_statuses_dates_and_services_filter_and_a_long_span_is_refused(
    client: Client, district: District, key: str
) -> None:
    first, second = (post(client, key).json()[0]["service_request_id"] for _ in range(2))
    district.move(Case.objects.get(number=first), "withdraw", "clerk", note="当事人撤回")
    old = timezone.now() - timedelta(days=100)
    Open311Post.objects.filter(case__number=second).update(posted_at=old)

    def numbers(**query: str) -> list[str]:
        return [row["service_request_id"] for row in client.get(f"{ROOT}requests.json", query).json()]

    assert numbers() == [first]
    assert (numbers(status="closed"), numbers(status="open")) == ([first], [])
    assert numbers(service_code="G0101,G0601") == [first]
    assert numbers(service_code="G0101") == []
    begin = (old - timedelta(days=1)).isoformat()
    assert numbers(start_date=begin) == [second]
    assert numbers(service_request_id=f"{first},{second},99999999999999") == [first, second]
    repeated = client.get(f"{ROOT}requests.json?status=open&status=closed&service_code=G0601").json()
    assert [row["service_request_id"] for row in repeated] == [first]
    too_long = client.get(f"{ROOT}requests.json", {"start_date": begin, "end_date": timezone.now().isoformat()})
    assert told(too_long) == [{"code": 400, "description": "一次最多查询 90 天，请分几次查询。"}]
    unreadable = client.get(f"{ROOT}requests.json", {"start_date": "yesterday"})
    assert unreadable.status_code == 400


def test_a_list_takes_the_same_queries_for_one_and_for_ten(
    client: Client, key: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        post(client, key)
    with django_assert_max_num_queries(5):
        assert len(client.get(f"{ROOT}requests.json", {"api_key": key}).json()) == 10


def test_tokens_definitions_discovery_and_unknown_addresses_answer(client: Client, key: str) -> None:
    number = post(client, key).json()[0]["service_request_id"]
    token = Open311Post.objects.get().token
    assert client.get(f"{ROOT}tokens/{token}.json").json() == [{"service_request_id": number, "token": str(token)}]
    assert client.get(f"{ROOT}tokens/x.json").status_code == 404
    definition = client.get(f"{ROOT}services/G0601.json").json()
    assert definition == {
        "service_code": "G0601",
        "attributes": [
            {
                "variable": True,
                "code": "blocked_by",
                "datatype": "multivaluelist",
                "required": False,
                "datatype_description": "可多选",
                "order": 1,
                "description": "被什么堵住",
                "values": [
                    {"key": "car", "name": "车辆"},
                    {"key": "goods", "name": "杂物"},
                    {"key": "lock", "name": "上锁"},
                    {"key": "build", "name": "搭建"},
                ],
            }
        ],
    }
    found = client.get(f"{ROOT}discovery.json").json()
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert client.get(f"{ROOT}services.yaml").status_code == 404
    assert told(client.get(f"{ROOT}nowhere.json"))[0]["code"] == 404
    assert told(client.delete(f"{ROOT}requests.json"))[0]["code"] == 405


def test_a_service_no_longer_offered_is_neither_listed_nor_taken(client: Client, key: str) -> None:
    Open311Service.objects.filter(category_id="G0601").update(offered=False)
    assert "G0601" not in [row["service_code"] for row in client.get(f"{ROOT}services.json").json()]
    assert client.get(f"{ROOT}services/G0601.json").status_code == 404
    assert post(client, key).status_code == 404


def test_a_list_question_without_choices_is_not_saved() -> None:
    question = Open311Attribute(code="x", datatype="singlevaluelist", description="是什么", choices="没有等号")
    with pytest.raises(Exception, match="请写出选项"):
        question.clean()


def test_the_command_gives_a_key_and_a_new_one_voids_the_old(client: Client, district: District) -> None:
    keys = []
    for _ in range(2):
        out = StringIO()
        call_command("open311_key", "随手拍", stdout=out)
        keys.append(out.getvalue().strip())
    assert [post(client, key).status_code for key in keys] == [403, 201]


def test_a_nul_is_refused_in_the_standards_array_wherever_it_stands(client: Client, key: str) -> None:
    for address in ("requests.json?service_code=%00", "services/%00.json", "requests/%00.json"):
        answer = client.get(f"{ROOT}{address}")
        assert (answer.status_code, told(answer)[0]["code"]) == (400, 400)
    assert post(client, key, description="a\0b").status_code == 400


def test_a_wrong_key_is_told_to_wait_after_sixty_an_hour_and_a_right_one_is_heard_all_the_same(
    client: Client, key: str
) -> None:
    answers = [post(client, "wrong") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [403] * 60 + [429]
    assert 3500 < int(answers[60]["Retry-After"]) <= 3600
    assert told(answers[60]) == [{"code": 429, "description": TOO_OFTEN}]
    assert post(client, key).status_code == 201
