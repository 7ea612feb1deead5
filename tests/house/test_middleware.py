"""What every request passes, by itself and through the whole stack."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from governance_portal.logs import DiscreetFormatter, current_request_id
from governance_portal.middleware import RequestIdMiddleware, SessionLimitsMiddleware, TrueAddressMiddleware


def address_seen(peer: str, forwarded: str) -> str:
    """The address a view sees when ``peer`` forwards ``forwarded``."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    TrueAddressMiddleware(view)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # anyone can write a header
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1, 10.0.0.3", "198.51.100.1"),  # left of it is the client's invention
        ("10.0.0.2", "10.0.0.7", "10.0.0.2"),
        ("10.0.0.2", "'; drop table", "10.0.0.2"),
        ("10.0.0.2", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_a_forged_forwarded_address_is_not_believed(settings: Any, peer: str, forwarded: str, seen: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    assert address_seen(peer, forwarded) == seen


def test_a_stranger_cannot_claim_to_have_come_by_https(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    secure = []
    middleware = TrueAddressMiddleware(lambda request: secure.append(request.is_secure()) or HttpResponse())  # type: ignore[func-returns-value]

    for peer in ("203.0.113.9", "10.0.0.2"):
        middleware(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https"))

    assert secure == [False, True]


def test_a_request_keeps_a_well_formed_number_and_gets_one_instead_of_another() -> None:
    inside = []
    middleware = RequestIdMiddleware(lambda request: inside.append(current_request_id.get()) or HttpResponse())  # type: ignore[func-returns-value]

    kept = middleware(RequestFactory().get("/", HTTP_X_REQUEST_ID="abc-12345678"))["X-Request-ID"]
    made = middleware(RequestFactory().get("/", HTTP_X_REQUEST_ID="x\ny"))["X-Request-ID"]

    assert (kept, inside[0]) == ("abc-12345678", "abc-12345678")
    assert (len(made), inside[1], current_request_id.get()) == (16, made, "-")


@pytest.mark.django_db
def test_a_probe_may_ask_by_an_address_that_no_page_answers_to(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["zzzx.example.cn"]
    asked = [
        client.get(path, HTTP_HOST="10.0.0.9:8000").status_code for path in ("/healthz", "/readyz", "/metrics", "/")
    ]

    assert asked == [200, 200, 200, 400]


def test_browser_rules_stand_on_every_answer(client: Client) -> None:
    response = client.get("/没有这一页")
    rules = {
        name: response.headers.get(name)
        for name in (
            "Content-Security-Policy",
            "Referrer-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Cross-Origin-Opener-Policy",
        )
    }

    assert rules == {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def session_after(idle: int, logged_in_for: int, *, key: str = "1", background: bool = False) -> dict[str, Any]:
    """What is left of a session at a request ``idle`` seconds after the last and ``logged_in_for`` after the log-in."""
    now = int(timezone.now().timestamp())

    class Session(dict[str, Any]):
        def flush(self) -> None:
            self.clear()

    request = RequestFactory().get("/", headers={"X-Background": "1"} if background else {})
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    session = Session(_auth_user_id=key, portal_began=now - logged_in_for, portal_seen=now - idle)
    request.session = session  # type: ignore[assignment]
    SessionLimitsMiddleware(lambda request: HttpResponse())(request)
    return {name: value - now if name != "_auth_user_id" else value for name, value in session.items()}


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request() -> None:
    quarter = int(timedelta(minutes=15).total_seconds())

    assert session_after(quarter + 5, 3600) == {}
    assert session_after(quarter - 5, 3600)["_auth_user_id"] == "1"


def test_a_session_ends_after_eight_hours_however_busy() -> None:
    assert session_after(1, 8 * 3600 + 5) == {}
    assert session_after(1, 8 * 3600 - 5)["_auth_user_id"] == "1"


def test_a_busy_session_is_written_once_a_minute_and_not_at_every_request() -> None:
    assert session_after(30, 100)["portal_seen"] == -30
    assert session_after(90, 100)["portal_seen"] in {0, 1}


def test_what_an_open_page_asks_by_itself_does_not_keep_a_session_awake() -> None:
    assert session_after(90, 100, background=True)["portal_seen"] in {-90, -89}
    assert session_after(15 * 60 + 5, 3600, background=True) == {}


@pytest.mark.django_db
def test_what_a_logged_in_person_saw_is_kept_by_no_cache(client: Client) -> None:
    client.force_login(get_user_model().objects.create(username="wang", name="受理员小王"))

    assert client.get("/没有这一页").headers["Cache-Control"] == "no-store, private"
    assert "Cache-Control" not in Client().get("/没有这一页").headers


def test_a_log_line_never_shows_a_phone_or_an_identity_number() -> None:
    text = "来电 13812341234，证件 140603199001011234，受理编号 26112240000017\nDETAIL:  Key (name)=(王小明) exists."
    record = logging.LogRecord("portal", logging.INFO, "", 0, text, None, None)

    assert DiscreetFormatter("{message}", style="{").format(record) == (
        "来电 ***，证件 ***，受理编号 26112240000017\nDETAIL: ***"
    )
