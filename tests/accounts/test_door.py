"""Logging in and out by page, with and without a one-time code."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import notices
from accounts.choices import Role
from accounts.context_processors import people
from accounts.models import User
from tests.accounts.conftest import NOW, PASSWORD, Appointed, logged, person

WRONG = "登录名、密码或动态验证码不正确，请核对后再试。"


@pytest.fixture
def xiaowang(db: None) -> User:
    """At the window."""
    return person("xiaowang", "小王")


def log_in(client: Client, username: str = "xiaowang", password: str = PASSWORD, otp: str = "", **extra: str):
    """Press the button."""
    return client.post("/login/", {"username": username, "password": password, "otp": otp}, **extra)


def code_of(device: TOTPDevice) -> str:
    """What the phone shows now."""
    return f"{totp(device.bin_key, step=device.step, t0=device.t0, digits=device.digits):06}"


def device_for(user: User) -> TOTPDevice:
    """A phone that was set up before."""
    return TOTPDevice.objects.create(user=user, name="手机", confirmed=True)


def sentences(response) -> list[str]:
    """What the form says."""
    form = response.context["form"]
    return [sentence for rows in form.errors.values() for sentence in rows]


def test_a_right_password_leads_to_the_desk_and_is_logged(client: Client, xiaowang: User) -> None:
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").wsgi_request.user == xiaowang
    assert logged() == [("login", "xiaowang", "xiaowang", True)]


def test_after_logging_in_one_comes_to_the_page_one_wanted_but_never_elsewhere(client: Client, xiaowang: User) -> None:
    wanted = []
    for page in ("/password/", "https://example.org/", "//example.org/"):
        client.logout()
        form = {"username": "xiaowang", "password": PASSWORD, "next": page}
        wanted.append(client.post("/login/", form)["Location"])
    assert wanted == ["/password/", "/", "/"]


@pytest.mark.parametrize(("username", "password"), [("xiaowang", "Cuowu-2026-x"), ("nobody", PASSWORD), ("clock", "x")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    client: Client, xiaowang: User, username: str, password: str
) -> None:
    response = log_in(client, username, password)
    assert (response.status_code, sentences(response)) == (200, [WRONG])
    assert "_auth_user_id" not in client.session


def test_a_failed_try_is_logged_by_the_name_of_somebody_known_only(client: Client, xiaowang: User) -> None:
    log_in(client, password="Cuowu-2026-x")
    log_in(client, username=PASSWORD)
    assert logged() == [
        ("login.failed", "xiaowang", "xiaowang", False),
        ("login.failed", "", "未知登录名", False),
    ]


def test_a_disabled_person_does_not_come_in_and_is_thrown_out(client: Client, xiaowang: User) -> None:
    log_in(client)
    User.objects.filter(pk=xiaowang.pk).update(is_active=False)
    assert client.get("/password/").status_code == 302
    assert sentences(log_in(client)) == [WRONG]


def test_what_an_anonymous_session_held_does_not_survive_the_log_in(client: Client, xiaowang: User) -> None:
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    log_in(client)
    assert "planted" not in client.session
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_five_failures_pause_the_name_at_that_address_and_nowhere_else(
    client: Client, xiaowang: User, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 5
    for _ in range(5):
        log_in(client, password="Cuowu-2026-x", REMOTE_ADDR="10.0.0.66")
    paused = log_in(client, REMOTE_ADDR="10.0.0.66")
    elsewhere = log_in(client, REMOTE_ADDR="10.0.0.9")
    assert (paused.status_code, elsewhere.status_code) == (429, 302)
    assert logged("login.locked")[:1] == [("login.locked", "xiaowang", "xiaowang", False)]


def test_whoever_has_a_device_needs_its_code(client: Client, xiaowang: User) -> None:
    device = device_for(xiaowang)
    missing = sentences(log_in(client))
    wrong = sentences(log_in(client, otp="000000"))
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    right = log_in(client, otp=code_of(device))
    assert (missing, wrong, right.status_code) == (["请输入手机上显示的 6 位动态验证码。"], [WRONG], 302)
    assert client.get("/").wsgi_request.user.is_verified()


def test_the_same_code_does_not_open_twice(client: Client, xiaowang: User) -> None:
    code = code_of(device_for(xiaowang))
    assert log_in(client, otp=code).status_code == 302
    client.post("/logout/")
    assert sentences(log_in(client, otp=code)) == [WRONG]


def test_setting_up_a_device_shows_a_picture_and_asks_for_the_first_code(client: Client, xiaowang: User) -> None:
    client.force_login(xiaowang, "accounts.backends.PostBackend")
    page = client.get("/two-step/").content.decode()
    again = client.get("/two-step/").content.decode()
    device = TOTPDevice.objects.get()
    pictures = [re.search(r'src="(data:image/png;base64,[^"]+)"', text).group(1) for text in (page, again)]
    assert (pictures[0], device.confirmed) == (pictures[1], False)
    refused = client.post("/two-step/", {"otp": "000000"})
    assert sentences(refused) == ["验证码不正确，请核对手机时间后，输入最新显示的 6 位数字。"]
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    accepted = client.post("/two-step/", {"otp": code_of(device)})
    device.refresh_from_db()
    assert (accepted.status_code, device.confirmed) == (302, True)
    assert "您已启用动态验证码" in client.get("/two-step/").content.decode()
    assert logged("two_step.on") == [("two_step.on", "xiaowang", "xiaowang", True)]


def test_an_administrator_without_a_device_sets_one_up_before_anything_else(
    client: Client, appointed: Appointed, settings: Settings
) -> None:
    settings.TWO_STEP_ROLES = ["auditor"]
    auditor = appointed("laozhou", "老周", Role.AUDITOR)
    clerk = appointed("xiaowang", "小王", Role.CLERK)
    sent = {}
    for post in (auditor, clerk):
        client.force_login(post.user, "accounts.backends.PostBackend")
        sent[post.role] = client.get("/").headers.get("Location") == "/two-step/"
    assert sent == {"auditor": True, "clerk": False}


def test_logging_out_empties_the_session_and_is_logged(client: Client, xiaowang: User) -> None:
    log_in(client)
    key = client.session.session_key
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    assert logged() == [("login", "xiaowang", "xiaowang", True), ("logout", "xiaowang", "xiaowang", True)]


def test_a_first_password_is_changed_before_anything_else(client: Client, xiaowang: User) -> None:
    User.objects.update(must_change_password=True)
    log_in(client)
    page, api = client.get("/"), client.get("/api/v1/me/")
    assert (page.status_code, page["Location"]) == (302, "/password/")
    assert (api.status_code, api.json()["detail"]) == (403, "请先修改密码，再继续使用。")
    assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/password/"
    assert "首次登录或密码使用已满期限" in client.get("/password/").content.decode()
    new = "Shanxi-pinglu-1"
    changed = client.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert (changed.status_code, client.get("/two-step/").status_code) == (302, 200)


def test_an_old_password_is_changed_before_anything_else(client: Client, xiaowang: User, settings: Settings) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 90
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    log_in(client)
    assert client.get("/")["Location"] == "/password/"


def test_what_is_wrong_with_a_new_password_stands_at_its_field(client: Client, xiaowang: User) -> None:
    client.force_login(xiaowang, "accounts.backends.PostBackend")
    tries = [
        {"old": "Cuowu-2026-x", "new": "Shanxi-pinglu-1", "again": "Shanxi-pinglu-1"},
        {"old": PASSWORD, "new": "short", "again": "short"},
        {"old": PASSWORD, "new": "Shanxi-pinglu-1", "again": "Shanxi-pinglu-2"},
    ]
    errors = [dict(client.post("/password/", given).context["form"].errors) for given in tries]
    assert errors == [
        {"old": ["原密码不正确。"]},
        {"new": ["密码至少 10 位。", "密码须含大写字母、小写字母、数字、符号中的至少 3 种。"]},
        {"again": ["两次输入的新密码不一致。"]},
    ]


def test_changing_the_password_logs_every_other_browser_out(client: Client, xiaowang: User) -> None:
    other = Client()
    for browser in (client, other):
        log_in(browser)
    client.post("/password/", {"old": PASSWORD, "new": "Shanxi-pinglu-1", "again": "Shanxi-pinglu-1"})
    assert [browser.get("/password/").status_code for browser in (client, other)] == [200, 302]


def test_a_page_knows_who_acts_and_how_many_notices_wait_for_one_query_each(
    rf: RequestFactory, appointed: Appointed, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = appointed("xiaowang", "小王", Role.CLERK).user
    notices.notify([user.pk], "a", "甲", now=NOW)
    request = rf.get("/")
    request.user = user
    from_page = people(request)
    with django_assert_num_queries(1):
        assert from_page["actor"].has("clerk")
        assert from_page["actor"].name == "小王"
    with django_assert_num_queries(1):
        assert from_page["unread_count"] == 1
        assert str(from_page["unread_count"]) == "1"


def test_the_pages_of_the_door_carry_no_inline_script_or_style(client: Client, xiaowang: User) -> None:
    pages = [client.get("/login/")]
    client.force_login(xiaowang, "accounts.backends.PostBackend")
    pages += [client.get(page) for page in ("/password/", "/two-step/")]
    for page in pages:
        text = page.content.decode()
        assert (page.status_code, re.findall(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|<style", text)) == (200, [])
