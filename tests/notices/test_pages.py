"""群机器人 and 发送记录 on the configuration pages: what goes in is not shown again, what failed is seen and sent again."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import notices
from accounts.channels import sending
from accounts.choices import Role, UnitKind
from accounts.models import AuditEntry, Delivery, GroupChannel
from tests.cases.cast import District, at
from tests.gateway.server import Gateway
from tests.notices.conftest import MakeGroup, with_mobile

pytestmark = pytest.mark.django_db

GROUPS, RECORDS = "/admin/accounts/groupchannel/", "/admin/accounts/delivery/"


@pytest.fixture
def admin(district: District) -> Client:
    """A browser of the system administrator."""
    district.unit("it", "信息中心", UnitKind.DEPARTMENT)
    user = district.person("sysadmin", "系统管理员小武", Role.SYSTEM_ADMIN, "it")
    client = Client()
    client.force_login(user, "accounts.backends.PostBackend")
    return client


def filled(outside: Gateway, **more: object) -> dict[str, object]:
    return {
        "name": "住建局值班群",
        "kind": "dingtalk",
        "url": f"{outside.url}/robot/dingtalk?access_token=token-0123",
        "secret": outside.secret,
        "which": ["overdue", "order"],
        "unit": "",
        "area_code": "",
        "active": "on",
        **more,
    }


def test_a_robot_is_set_up_tested_and_its_address_and_key_are_never_shown_again(
    admin: Client, district: District, outside: Gateway
) -> None:
    answer = admin.post(f"{GROUPS}add/", filled(outside, unit=district.units["housing"].pk, _test="1"), follow=True)
    group = GroupChannel.objects.get()
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"{RECORDS}?group__id__exact={group.pk}")
    assert outside.received() == []  # the request waited for nobody
    assert "等待发送" in answer.content.decode()
    sending.send_waiting(at(23, 9, year=2030))
    assert len(outside.received("/robot/dingtalk")) == 1
    page = admin.get(f"{RECORDS}?group__id__exact={group.pk}").content.decode()
    assert ("已送达" in page, "HTTP 200" in page) == (True, True)
    assert (group.kinds, group.unit) == ("overdue order", district.units["housing"])
    form = admin.get(f"{GROUPS}{group.pk}/change/").content.decode()
    listed = admin.get(GROUPS).content.decode()
    for text in ("token-0123", outside.secret):
        assert (text in form, text in listed, text in str(list(AuditEntry.objects.values_list("detail")))) == (
            *(False, False, False),
        )
    raw = bytes(GroupChannel.objects.values_list("sealed", flat=True)[0])
    assert (b"token-0123" in raw, outside.secret.encode() in raw) == (False, False)
    assert ("127.0.0.1" in form, "127.0.0.1" in listed) == (True, True)
    assert list(AuditEntry.objects.filter(target=f"groupchannel:{group.pk}").order_by("id").values_list("action")) == [
        ("groupchannel.created",),
        ("groupchannel.tested",),
    ]


def test_left_empty_address_and_key_stay_as_they_are(admin: Client, outside: Gateway, group: MakeGroup) -> None:
    kept = group("dingtalk")
    before = dict(kept.sealed or {})
    assert admin.post(f"{GROUPS}{kept.pk}/change/", filled(outside, url="", secret="")).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.sealed) == ("住建局值班群", before)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": ""}, "请填机器人地址。"),
        ({"url": "https://evil.example/x"}, "主机不在允许外发的名单里（OUTBOUND_HOSTS），或没有使用 https。"),
        ({"url": "gopher://x"}, "地址应为 https://主机/…，不带用户名和密码。"),
        ({"kind": "webhook", "secret": ""}, "接口推送必须有签名密钥，请与对方约定后填写。"),
    ],
)
def test_what_could_not_work_is_refused_beside_its_field(
    admin: Client, outside: Gateway, wrong: dict[str, str], sentence: str
) -> None:
    answer = admin.post(f"{GROUPS}add/", filled(outside, **wrong))
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)
    assert GroupChannel.objects.count() == 0


def test_what_was_given_up_is_counted_on_the_desk_found_by_its_state_and_sent_again(
    admin: Client, district: District, outside: Gateway
) -> None:
    user = with_mobile(district, "handler")
    for number in range(2):
        notices.notify(
            [user.pk], f"k{number}", "甲", case_number=f"2611231000001{number}", kind="overdue", now=at(23, 9)
        )
    given_up = Delivery.objects.order_by("pk")[0]
    Delivery.objects.filter(pk=given_up.pk).update(state="given_up", attempts=10, answer="HTTP 500")
    desk = admin.get("/").content.decode()
    assert ("未送达的通知" in desk, "?state__exact=given_up" in desk) == (True, True)
    page = admin.get(f"{RECORDS}?state__exact=given_up").content.decode()
    assert ("多次未送达，已停止" in page, "26112310000010" in page, "26112310000011" in page) == (True, True, False)
    assert "13900000001" not in page
    twice = "群机器人和邮件认不出重复，收到过的重新发送后可能再显示一次。"
    assert page.partition('<div class="actions">')[2].partition("</div>")[0].count(twice) == 1  # at the button
    chosen = {"action": "again", "_selected_action": [str(given_up.pk)]}
    answer = admin.post(RECORDS, chosen, follow=True).content.decode()
    assert ("已排队重新发送" in answer, answer.count(twice)) == (True, 2)
    sending.send_waiting(at(24, 9))
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempts) == ("sent", 11)
    assert str(given_up.uid) in [row["key"] for row in outside.received("/sms")]
    assert AuditEntry.objects.filter(action="delivery.resend", target=f"delivery:{given_up.pk}").count() == 1


def test_the_record_is_read_in_words_and_nobody_else_may_open_it(
    admin: Client, district: District, outside: Gateway
) -> None:
    notices.notify([with_mobile(district, "handler").pk], "k", "甲", kind="order", now=at(23, 9))
    row = Delivery.objects.get()
    page = admin.get(f"{RECORDS}{row.pk}/change/").content.decode()
    assert [word in page for word in ("短信", "老李", "督办", "等待发送", "有督办要求，请登录平台查看办理。")] == [
        True
    ] * 5
    assert (admin.get(f"{RECORDS}add/").status_code, admin.post(f"{RECORDS}{row.pk}/delete/").status_code) == (403, 403)
    stranger = Client()
    stranger.force_login(district.people["centre_lead"], "accounts.backends.PostBackend")
    assert (stranger.get(RECORDS).status_code, stranger.get(GROUPS).status_code) == (302, 302)
