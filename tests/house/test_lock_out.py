"""Guessing is stopped where it comes from, and the owner of the account is not."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

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


def test_the_lock_is_told_as_a_sentence_to_page_and_phone() -> None:
    page = locked_out(RequestFactory().post("/login/"))
    phone = locked_out(RequestFactory().post("/api/v1/auth/token/"))

    sentence = "密码输错次数过多，请 15 分钟后再试；急用请联系系统管理员。"
    told = page.content.decode()
    assert (page.status_code, page["Retry-After"], sentence in told, 'href="/"' in told) == (429, "900", True, True)
    assert (phone.status_code, phone["Retry-After"], phone["Content-Type"]) == (429, "900", "application/problem+json")
