"""A phone logs in, asks who it is, reads its notices and the list of offices."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import notices, queries, tokens
from accounts.choices import Role
from accounts.models import Notice, Post, Unit, User
from tests.accounts.conftest import NOW, PASSWORD, Appointed, logged, person
from tests.accounts.test_door import code_of, device_for

NAMES = {"140603": "平鲁区", "140603100": "井坪镇"}


@pytest.fixture(autouse=True)
def _area_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries._registry, "area_names", lambda codes: {code: NAMES[code] for code in codes})


@pytest.fixture
def handler(appointed: Appointed) -> Post:
    """老李 of the street's office."""
    return appointed("laoli", "老李", Role.HANDLER, lead=True)


def ask(client: Client, **given: str):
    """Log the phone in."""
    return client.post("/api/v1/auth/token/", {"username": "laoli", "password": PASSWORD, **given}, "application/json")


def with_key(user: User) -> dict[str, str]:
    """The header a phone sends."""
    return {"Authorization": f"Token {tokens.issue(user, '', timezone.now())[0]}"}


def test_a_phone_logs_in_with_name_and_password(client: Client, handler: Post) -> None:
    response = ask(client, device="华为 P60")
    body = response.json()
    assert (response.status_code, sorted(body)) == (200, ["expires_at", "token"])
    assert datetime.fromisoformat(body["expires_at"]).tzinfo is not None
    me = client.get("/api/v1/me/", headers={"Authorization": f"Token {body['token']}"})
    assert me.json() == {
        "username": "laoli",
        "name": "老李",
        "posts": [
            {
                "role": "handler",
                "role_label": "承办人",
                "unit": {"code": "JP-SF", "name": "井坪司法所"},
                "area": {"code": "140603100", "name": "井坪镇"},
                "lead": True,
                "acting_for": None,
                "from": "2020-01-01",
                "to": None,
            }
        ],
        "unread": 0,
    }
    assert logged() == [("login", "laoli", "laoli", True)]


def test_a_wrong_password_and_an_unknown_name_answer_alike(client: Client, handler: Post) -> None:
    answers = [ask(client, password="Cuowu-2026-x"), ask(client, username="nobody")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (
            401,
            {
                "type": "urn:governance-portal:problem:wrong-credentials",
                "title": "登录失败",
                "status": 401,
                "detail": "登录名、密码或动态验证码不正确，请核对后再试。",
            },
        )
    ] * 2


def test_a_phone_of_somebody_with_a_device_sends_the_code(client: Client, handler: Post) -> None:
    device = device_for(handler.user)
    missing = ask(client)
    assert (missing.status_code, missing.json()["errors"]) == (400, {"otp": ["请输入手机上显示的 6 位动态验证码"]})
    assert ask(client, otp="000000").status_code == 401
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert ask(client, otp=code_of(device)).status_code == 200


def test_a_first_password_is_changed_at_a_desk_before_a_phone_comes_in(client: Client, handler: Post) -> None:
    User.objects.update(must_change_password=True)
    refused = ask(client)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "请先修改密码，再继续使用。请先在电脑上登录并修改密码。",
    )


def test_a_phone_logs_out(client: Client, handler: Post) -> None:
    header = with_key(handler.user)
    gone = client.delete("/api/v1/auth/token/", headers=header)
    after = client.get("/api/v1/me/", headers=header)
    assert (gone.status_code, after.status_code, after["WWW-Authenticate"]) == (204, 401, "Token")
    assert logged() == [("logout", "laoli", "laoli", True)]


def test_an_ended_key_in_the_header_does_not_keep_anybody_from_logging_in(client: Client, handler: Post) -> None:
    header = {"Authorization": "Token gone"}
    given = {"username": "laoli", "password": PASSWORD}
    assert client.post("/api/v1/auth/token/", given, "application/json", headers=header).status_code == 200


def test_ten_tries_of_a_name_at_an_address_are_enough_for_five_minutes(
    client: Client, handler: Post, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 100
    statuses = [ask(client, password="Cuowu-2026-x").status_code for _ in range(11)]
    refused = ask(client)
    assert statuses == [401] * 10 + [429]
    assert (refused.status_code, refused.json()["detail"], int(refused["Retry-After"]) in range(1, 301)) == (
        429,
        "登录尝试过于频繁，请稍后再试。",
        True,
    )
    given = {"username": "laoli", "password": PASSWORD}
    elsewhere = client.post("/api/v1/auth/token/", given, "application/json", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200


def test_sixty_tries_of_an_address_are_enough_whatever_the_names(client: Client, handler: Post) -> None:
    statuses = [ask(client, username=f"guess{number}").status_code for number in range(61)]
    assert statuses == [401] * 60 + [429]


def test_without_a_key_nothing_is_told(client: Client, db: None) -> None:
    addresses = ["/api/v1/me/", "/api/v1/notices/", "/api/v1/units/"]
    assert [client.get(address).status_code for address in addresses] == [401, 401, 401]


def test_me_costs_the_same_for_one_post_and_for_thirty(
    client: Client, appointed: Appointed, handler: Post, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    header = with_key(handler.user)
    client.get("/api/v1/me/", headers=header)
    with django_assert_num_queries(3):
        client.get("/api/v1/me/", headers=header)
    for number in range(29):
        appointed("laoli", "老李", Role.HANDLER, lead=bool(number % 2), ends_on=NOW.date().replace(year=2099))
    with django_assert_num_queries(3):
        assert len(client.get("/api/v1/me/", headers=header).json()["posts"]) == 30


def test_an_inbox_is_ones_own_newest_first(client: Client, handler: Post) -> None:
    zhangsan = person("zhangsan", "张三")
    for key in ("甲", "乙"):
        notices.notify([handler.user_id, zhangsan.pk], key, key, "内容", "26030210000011", now=NOW)
    mine = list(Notice.objects.filter(user=handler.user).order_by("-id"))
    body = client.get("/api/v1/notices/", headers=with_key(handler.user)).json()
    assert body == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": notice.pk,
                "kind": "case",
                "title": notice.title,
                "body": "内容",
                "case_number": "26030210000011",
                "created_at": "2026-03-02T09:00:00+08:00",
                "read_at": None,
            }
            for notice in mine
        ],
    }


def test_a_notice_is_marked_read_by_its_owner_only(client: Client, handler: Post) -> None:
    zhangsan = person("zhangsan", "张三")
    notices.notify([handler.user_id], "a", "甲", now=NOW)
    address = f"/api/v1/notices/{Notice.objects.get().pk}/read/"
    strangers = client.post(address, headers=with_key(zhangsan))
    owners = client.post(address, headers=with_key(handler.user))
    waiting = client.get("/api/v1/notices/?unread=1", headers=with_key(handler.user)).json()["results"]
    assert (strangers.status_code, owners.status_code, owners.json()["read_at"] is None, waiting) == (
        404,
        200,
        False,
        [],
    )


def test_units_are_listed_by_code_with_parent_and_area(client: Client, handler: Post) -> None:
    Unit.objects.create(code="OLD", name="已撤销的站所", kind="department", active=False)
    body = client.get("/api/v1/units/", headers=with_key(handler.user)).json()
    street = {"code": "140603100", "name": "井坪镇"}
    assert body == [
        {"code": "JP", "name": "井坪镇人民政府", "kind": "street", "parent": "ZX", "area": street},
        {"code": "JP-SF", "name": "井坪司法所", "kind": "department", "parent": "JP", "area": street},
        {
            "code": "ZX",
            "name": "平鲁区综治中心",
            "kind": "centre",
            "parent": None,
            "area": {"code": "140603", "name": "平鲁区"},
        },
    ]


@pytest.mark.parametrize(
    ("query", "codes"),
    [("kind=street", ["JP"]), ("area=140603100", ["JP", "JP-SF"]), ("q=司法", ["JP-SF"]), ("kind=court", [])],
)
def test_units_are_narrowed_by_kind_area_and_name(client: Client, handler: Post, query: str, codes: list[str]) -> None:
    body = client.get(f"/api/v1/units/?{query}", headers=with_key(handler.user)).json()
    assert [unit["code"] for unit in body] == codes


def test_the_list_of_units_costs_the_same_for_three_and_for_thirty(
    client: Client, handler: Post, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    header = with_key(handler.user)
    client.get("/api/v1/me/", headers=header)
    for number in range(27):
        Unit.objects.create(
            code=f"U{number}", name="站所", kind="department", parent=handler.unit, area_code="140603100"
        )
    with django_assert_num_queries(2):
        assert len(client.get("/api/v1/units/", headers=header).json()) == 30
