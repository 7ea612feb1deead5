"""`request.actor`, and the steps somebody must take before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import post_choice
from accounts.logins import must_enrol
from accounts.models import User
from accounts.passwords import is_due
from accounts.queries import Actor, actor_for
from governance_portal.lib.errors import NotYou

GetResponse = Callable[[HttpRequest], HttpResponse]
MUST_CHANGE = "请先修改密码，再继续使用。"
MUST_ENROL = "您的岗位须使用动态验证码登录，请先完成设置。"


def set_actor(request: HttpRequest, user: Any = None) -> None:
    """Put `actor` on the request: made at first use (one query), then kept for this request.

    `whole_actor` holds every post of today, `actor` the one chosen for this session; a phone always has them all.
    """
    whole = SimpleLazyObject(lambda: actor_for(user or _user_of(request), timezone.now()))
    request.whole_actor = whole  # type: ignore[attr-defined]
    request.actor = SimpleLazyObject(lambda: _acting(request, whole, user is not None))  # type: ignore[attr-defined]


def _acting(request: HttpRequest, whole: Any, by_token: bool) -> Actor:
    if by_token or request.path.startswith("/api/"):
        return whole.only(None)  # type: ignore[no-any-return]
    return post_choice.narrowed(request, whole)


def _user_of(request: HttpRequest) -> Any:
    user = request.user
    # `request.user` is lazy itself; the real object tells a person from nobody.
    user.is_authenticated  # noqa: B018
    return getattr(user, "_wrapped", user)


class ActorMiddleware:
    """After the authentication and OTP middlewares: `request.actor` is an `Actor`, nobody included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_actor(request)
        return self.get_response(request)


class FirstThingsFirstMiddleware:
    """After `ActorMiddleware`: before all else, change a first or an old password, set up a compulsory second step.

    Only people logged in by page are asked (a phone gets its key under the same conditions).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" not in request.session or self._is_open(request.path):
            return self.get_response(request)
        user = _user_of(request)
        if not isinstance(user, User):
            return self.get_response(request)
        # Every post counts: choosing one must not be a way round the second step of another.
        step = self._step(user, request.whole_actor)  # type: ignore[attr-defined]
        return self._sent(request, *step) if step else self.get_response(request)

    def _is_open(self, path: str) -> bool:
        pages = [reverse(f"accounts:{name}") for name in ("login", "logout", "password", "two_step")]
        return path in pages or path.startswith(settings.STATIC_URL)

    def _step(self, user: User, actor: Actor) -> tuple[str, str] | None:
        if is_due(user, timezone.now()):
            return "password", MUST_CHANGE
        if must_enrol(actor, user):
            return "two_step", MUST_ENROL
        return None

    def _sent(self, request: HttpRequest, page: str, sentence: str) -> HttpResponse:
        address = reverse(f"accounts:{page}")
        if request.path.startswith("/api/"):
            return JsonResponse(NotYou(sentence).as_problem(), status=403, content_type="application/problem+json")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
