"""What every request passes: its number, its true address, the browser's rules, the session's limits."""

import re
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import resolve
from django.utils import timezone

from governance_portal.error_pages import misread
from governance_portal.logs import current_request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# A session is written when its last sign of life is older than this, so that a busy page is not a write per request.
SEEN_EVERY_SECONDS = 60


class RequestIdMiddleware:
    """Number each request; a proxy's ``X-Request-ID`` is kept, and every log line and answer carries it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        token = current_request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = number
        return response


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def _trusted(address: str, proxies: Iterable[str]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _networks(tuple(proxies)))


class TrueAddressMiddleware:
    """Make ``REMOTE_ADDR`` the client's address.

    Forwarded headers count only when the peer is a trusted proxy, and of ``X-Forwarded-For`` the rightmost address that
    is no trusted proxy: what stands left of it was written by the client. From anyone else the headers are removed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        peer = meta.get("REMOTE_ADDR", "")
        forwarded = meta.pop("HTTP_X_FORWARDED_FOR", "")
        meta["portal.direct"] = not forwarded
        if not _trusted(peer, settings.TRUSTED_PROXIES):
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
            meta.pop("HTTP_X_FORWARDED_HOST", None)
            return self.get_response(request)
        for part in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not _trusted(part, settings.TRUSTED_PROXIES):
                meta["REMOTE_ADDR"] = _address_or(part, peer)
                break
        return self.get_response(request)


def _address_or(text: str, fallback: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return fallback


def client_address(request: HttpRequest) -> str:
    """Return the client's address as ``TrueAddressMiddleware`` left it (axes and the limiter ask here)."""
    return str(request.META.get("REMOTE_ADDR", ""))


class ProbesMiddleware:
    """Answer the probes before the host name is looked at: a load balancer asks by the machine's address."""

    paths = frozenset({"/healthz", "/readyz", "/metrics"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in self.paths:
            return cast(HttpResponse, resolve(request.path).func(request))
        return self.get_response(request)


class ContentSecurityMiddleware:
    """Tell the browser to load from this portal only: no inline script or style, no ``eval``, no frame."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class SessionLimitsMiddleware:
    """End a log-in after a time without a request, and after a working day whatever happens.

    Both moments live in the session itself (``portal_began``, ``portal_seen``: seconds since the epoch), so that no
    clock of the browser counts. An anonymous session is never touched. What the page asks by itself (``X-Background``:
    the count of notices) is not somebody's presence and does not prolong it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "_auth_user_id" in request.session:
            self._keep_or_end(request, int(timezone.now().timestamp()))
        return self.get_response(request)

    def _keep_or_end(self, request: HttpRequest, now: int) -> None:
        session = request.session
        began = session.setdefault("portal_began", now)
        seen = session.setdefault("portal_seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_ABSOLUTE_SECONDS:
            session.flush()
        elif now - seen >= SEEN_EVERY_SECONDS and request.headers.get("X-Background") != "1":
            session["portal_seen"] = now


class PrivatePagesMiddleware:
    """Keep what a logged-in person saw out of every cache, the browser's back button included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if known or settings.SESSION_COOKIE_NAME in response.cookies:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class UnstorableTextMiddleware:
    """Answer 400 where the database says that a text cannot be kept (NUL, which PostgreSQL has no way to store).

    Forms name the field where they look (`cases.needs.is_storable`); this is for keys and filters that nobody types.
    """

    sign = "NUL (0x00)"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The driver's own words are the only sign there is."""
        if isinstance(exception, ValueError) and self.sign in str(exception):
            return misread(request)
        return None


class PageCompressionMiddleware(GZipMiddleware):
    """Compress pages: a list of 58 kB is 7 kB on the line. Only HTML, and nothing with an ETag.

    Files are compressed already, and a compressed answer's ETag becomes a weak one, which the API's `If-Match` is not.
    What an attacker could guess from lengths (BREACH) is hidden by Django's random padding and masked CSRF tokens.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is a page."""
        if not response.get("Content-Type", "").startswith("text/html") or response.has_header("ETag"):
            return response
        return super().process_response(request, response)
