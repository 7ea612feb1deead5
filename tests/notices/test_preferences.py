"""What each person chose: defaults without a row, quiet hours, digest; on the page and by the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import notices
from accounts.channels import preferences
from accounts.channels.preferences import Choice, Preferences
from accounts.choices import NoticeKind
from accounts.models import AuditEntry, Delivery, NoticeSetting
from tests.api.phone import Phone
from tests.cases.cast import District, at
from tests.notices.conftest import with_mobile

PAGE = "/notices/settings/"
Entered = Callable[[str], Client]


# --- defaults ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_row_the_urgent_kinds_go_to_a_mobile_work_phone_where_a_gateway_is_set_up(
    district: District, settings: Settings
) -> None:
    user = with_mobile(district, "handler", "139 0000-0001")
    settings.SMS_URL = ""
    assert {kind: preferences.of_person(user).ways(kind) for kind in NoticeKind.values} == dict.fromkeys(
        NoticeKind.values, ()
    )
    settings.SMS_URL = "https://sms.example/"
    found = {kind: preferences.of_person(user).ways(kind) for kind in NoticeKind.values}
    assert {kind for kind, ways in found.items() if ways == ("sms",)} == {"overdue", "order", "urgent"}
    assert NoticeSetting.objects.count() == 0


@pytest.mark.django_db
def test_a_desk_telephone_takes_no_short_messages(district: District, settings: Settings) -> None:
    settings.SMS_URL = "https://sms.example/"
    assert preferences.of_person(with_mobile(district, "handler", "0349-6000148")).ways("overdue") == ()


@pytest.mark.django_db
def test_the_inbox_is_told_whatever_was_chosen(district: District) -> None:
    user = district.people["handler"]
    preferences.keep(user, Preferences(kinds={kind: Choice("at_once", ()) for kind in NoticeKind.values}))
    assert notices.notify([user.pk], "k", "甲", kind="overdue", now=at(23, 9)) == 1
    assert (notices.unread_count(user), Delivery.objects.count()) == (1, 0)


# --- quiet hours and digests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (at(23, 20, 59), at(23, 20, 59)),
        (at(23, 21, 0), at(24, 7, 30)),
        (at(23, 23, 59), at(24, 7, 30)),
        (at(24, 0, 0), at(24, 7, 30)),
        (at(24, 7, 29), at(24, 7, 30)),
        (at(24, 7, 30), at(24, 7, 30)),
    ],
)
def test_quiet_hours_hold_a_message_back_until_their_end(asked: datetime, sent: datetime) -> None:
    assert Preferences().may_send_at(asked, urgent=False) == sent
    assert Preferences().may_send_at(asked, urgent=True) == asked


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = Preferences(quiet_from=time(12, 0), quiet_to=time(14, 0))
    assert [noon.may_send_at(at(23, hour), urgent=False) for hour in (11, 12, 13, 14)] == [
        *(at(23, 11), at(23, 14), at(23, 14), at(23, 14))
    ]
    assert Preferences(quiet_from=None, quiet_to=None).may_send_at(at(23, 3), urgent=False) == at(23, 3)


@given(
    begins=st.times(),
    ends=st.times(),
    minutes=st.integers(0, 60 * 24 * 3),
    digest=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_a_message_waits_less_than_a_day_and_never_goes_out_in_the_quiet(
    begins: time, ends: time, minutes: int, digest: time
) -> None:
    asked = at(23, 0) + timedelta(minutes=minutes)
    chosen = Preferences(quiet_from=begins, quiet_to=ends, digest_at=digest)
    sent = chosen.may_send_at(asked, urgent=False)
    assert asked <= sent < asked + timedelta(days=1)
    assert chosen.may_send_at(sent, urgent=False) == sent
    assert asked < chosen.next_digest(asked) <= asked + timedelta(days=1)


@pytest.mark.django_db
def test_at_night_a_late_case_waits_for_the_morning_and_an_urgent_one_does_not(
    district: District, settings: Settings
) -> None:
    settings.SMS_URL = "https://sms.example/"
    user = with_mobile(district, "handler")
    notices.notify([user.pk], "a", "甲", kind="overdue", now=at(23, 22))
    notices.notify([user.pk], "b", "乙", kind="overdue", now=at(23, 22), urgent=True)
    notices.notify([user.pk], "c", "丙", kind="urgent", now=at(23, 22))
    assert list(Delivery.objects.order_by("pk").values_list("next_attempt_at", "urgent")) == [
        (at(24, 7, 30), False),
        (at(23, 22), True),
        (at(23, 22), True),
    ]


# --- the page ---------------------------------------------------------------------------------------------------

FILLED = {
    "email": "laoli@example.invalid",
    "mobile": "13900000009",
    "quiet_from": "22:00",
    "quiet_to": "07:00",
    "digest_at": "08:00",
    "ways_overdue": ["email", "sms"],
    "pace_overdue": "at_once",
    "ways_due_soon": ["email"],
    "pace_due_soon": "digest",
    "pace_urgent": "digest",
}


@pytest.mark.django_db
def test_the_page_keeps_what_was_chosen_and_shows_it_again(district: District, client_of: Entered) -> None:
    client = client_of("handler")
    assert client.get(PAGE).status_code == 200
    answer = client.post(PAGE, FILLED, follow=True)
    assert (answer.status_code, "通知设置已保存" in answer.content.decode()) == (200, True)
    kept = preferences.of_person(district.people["handler"])
    assert (kept.email, kept.mobile, kept.quiet_from, kept.quiet_to, kept.digest_at) == (
        *("laoli@example.invalid", "13900000009", time(22, 0), time(7, 0), time(8, 0)),
    )
    assert (kept.choice("overdue"), kept.choice("due_soon"), kept.choice("case"), kept.choice("urgent")) == (
        Choice("at_once", ("email", "sms")),
        Choice("digest", ("email",)),
        Choice("at_once", ()),
        Choice("at_once", ()),  # what is urgent by its nature cannot wait for a digest
    )
    assert 'value="laoli@example.invalid"' in client.get(PAGE).content.decode()
    assert AuditEntry.objects.filter(action="notice.settings", username="handler").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "laoli"}, "邮箱写得不对，应当像 name@example.cn。"),
        ({"mobile": "6000148"}, "手机号应为 11 位数字。"),
        ({"quiet_to": ""}, "免打扰的开始和结束要一起填；不需要免打扰的，两项都留空。"),
        ({"digest_at": ""}, "请按 08:30 这样填时间。"),
        ({"digest_at": "25:99"}, "请按 08:30 这样填时间。"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_kept(
    district: District, client_of: Entered, wrong: dict[str, str], sentence: str
) -> None:
    answer = client_of("handler").post(PAGE, {**FILLED, **wrong})
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert (NoticeSetting.objects.count(), 'aria-invalid="true"' in answer.content.decode()) == (0, True)


@pytest.mark.django_db
def test_nobody_changes_the_settings_without_logging_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, FILLED).status_code == 302
    assert NoticeSetting.objects.count() == 0


@pytest.mark.django_db
def test_the_way_there_is_in_the_person_s_menu_and_on_the_inbox(district: District, client_of: Entered) -> None:
    client = client_of("handler")
    assert client.get("/").content.decode().count(f'href="{PAGE}"') == 1
    assert client.get("/notices/").content.decode().count(f'href="{PAGE}"') == 2


# --- the API ----------------------------------------------------------------------------------------------------


def _kinds(told: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    return {row["kind"]: (row["pace"], row["channels"]) for row in told["kinds"]}


@pytest.mark.django_db
def test_a_phone_reads_the_defaults_and_puts_its_own_choice(district: District) -> None:
    phone = Phone(district, "handler")
    told = phone.get("notices/preferences/").json()
    assert {name: told[name] for name in ("email", "mobile", "quiet_from", "quiet_to", "digest_at")} == {
        "email": "",
        "mobile": "",
        "quiet_from": "21:00",
        "quiet_to": "07:30",
        "digest_at": "08:30",
    }
    assert _kinds(told)["overdue"] == ("at_once", ["email", "sms"])
    wanted = {
        "email": "a@example.invalid",
        "mobile": "",
        "quiet_from": None,
        "quiet_to": None,
        "digest_at": "09:00",
        "kinds": [{"kind": "overdue", "pace": "digest", "channels": ["email"]}],
    }
    answer = phone.send("put", "notices/preferences/", wanted)
    assert (answer.status_code, answer.json()["quiet_from"], _kinds(answer.json())["overdue"]) == (
        200,
        None,
        ("digest", ["email"]),
    )
    assert _kinds(phone.get("notices/preferences/").json())["case"] == ("at_once", ["email"])


@pytest.mark.django_db
def test_half_quiet_hours_and_unknown_kinds_are_refused(district: District) -> None:
    phone = Phone(district, "handler")
    told = phone.get("notices/preferences/").json()
    half = phone.send("put", "notices/preferences/", {**told, "quiet_to": None})
    assert (half.status_code, list(half.json()["errors"])) == (400, ["quiet_to"])
    odd = [{"kind": "weather", "pace": "at_once", "channels": []}]
    assert phone.send("put", "notices/preferences/", {**told, "kinds": odd}).status_code == 400
    assert NoticeSetting.objects.count() == 0


@pytest.mark.django_db
def test_a_person_reads_their_own_messages_and_the_administrator_all_of_them(
    district: District, settings: Settings
) -> None:
    settings.SMS_URL = "https://sms.example/"
    district.unit("it", "信息中心", "department")
    district.person("sysadmin", "系统管理员小武", "system_admin", "it")
    for name, mobile in (("handler", "13900000001"), ("supervisor", "13900000002")):
        notices.notify(
            [with_mobile(district, name, mobile).pk],
            "k",
            "甲",
            case_number="26112310000017",
            kind="overdue",
            now=at(23, 9),
        )
    mine = Phone(district, "handler").get("deliveries/").json()["results"]
    everybody = Phone(district, "sysadmin").get("deliveries/?state=waiting").json()["results"]
    assert [row["receiver"] for row in mine] == ["handler"]
    assert [row["receiver"] for row in everybody] == ["supervisor", "handler"]
    assert Phone(district, "sysadmin").get("deliveries/?state=sent").json()["results"] == []
    assert "139" not in str(everybody)  # never an address
    pk = everybody[0]["id"]
    assert Phone(district, "handler").post(f"deliveries/{pk}/resend/").status_code == 403
    again = Phone(district, "sysadmin").post(f"deliveries/{pk}/resend/")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert Phone(district, "sysadmin").post("deliveries/999999/resend/").status_code == 404
