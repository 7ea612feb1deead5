"""Guessing is stopped where it comes from, and the owner of the account is not."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from governance_portal.api_errors import locked_out

PASSWORD = "Ping-an-2026-lu"
pytestmark = pytest.mark.django_db


def tried(password: str, address: str) -> int:
    """What 受理员小王 is answered with this password at this address: 302 comes in, 200 asks again, 429 is paused."""
    given = {"username": "xiaowang", "password": password}
    return Client().post("/login/", given, REMOTE_ADDR=address).status_code


@pytest.fixture(autouse=True)
def wang() -> None:
    """受理员小王 has an account."""
    user = get_user_model()(username="xiaowang", name="受理员小王")
    user.set_password(PASSWORD)
    user.save()


def test_a_stranger_who_guesses_is_locked_out_and_the_owner_elsewhere_is_not() -> None:
    guesses = [tried("wrong", "203.0.113.9") for _ in range(5)]

    assert guesses == [200, 200, 200, 200, 429]
    assert tried(PASSWORD, "203.0.113.9") == 429
    assert tried(PASSWORD, "10.1.2.3") == 302


def test_four_slips_and_the_right_word_begin_the_count_anew() -> None:
    for _ in range(2):
        assert [tried("wrong", "10.1.2.3") for _ in range(4)] == [200] * 4
        assert tried(PASSWORD, "10.1.2.3") == 302


@pytest.mark.parametrize("minutes", [30, 45])
def test_the_lock_is_told_as_a_sentence_to_page_and_phone(settings: Settings, minutes: int) -> None:
    settings.AXES_COOLOFF_TIME = minutes / 60
    page = locked_out(RequestFactory().post("/login/"))
    phone = locked_out(RequestFactory().post("/api/v1/auth/token/"))

    sentence, seconds = f"密码输错次数过多，请 {minutes} 分钟后再试；急用请联系系统管理员。", str(minutes * 60)
    told = page.content.decode()
    assert (page.status_code, page["Retry-After"], sentence in told, 'href="/"' in told) == (429, seconds, True, True)
    assert (phone.status_code, phone["Retry-After"], phone["Content-Type"]) == (
        429,
        seconds,
        "application/problem+json",
    )


def test_five_slips_pause_for_half_an_hour_unless_the_centre_says_otherwise(settings: Settings) -> None:
    said = Client().get("/login/").content.decode()
    assert "连续输错 5 次，暂停登录 30 分钟。" in said

    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 3, 2.0
    assert "连续输错 3 次，暂停登录 120 分钟。" in Client().get("/login/").content.decode()


def test_the_lock_holds_for_half_an_hour_and_not_longer() -> None:
    answers = {}
    for minutes in (29, 31):
        assert [tried("wrong", "203.0.113.9") for _ in range(5)][-1] == 429
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))
        answers[minutes] = tried(PASSWORD, "203.0.113.9")
        AccessAttempt.objects.all().delete()
    assert answers == {29: 429, 31: 302}
