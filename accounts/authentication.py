"""`Authorization: Token …` of a phone."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.middleware import set_actor
from accounts.models import User


class DeviceTokenAuthentication(BaseAuthentication):
    """Sets `request.user`, and `actor` on Django's request; 401 with a challenge when the key is no good."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The user and the key's text; None when no `Token` header was sent."""
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != self.keyword.lower():
            return None
        user = tokens.user_for(parts[1], timezone.now()) if len(parts) == 2 else None
        if user is None:
            raise AuthenticationFailed("登录已失效，请重新登录。")
        set_actor(request._request, user)
        return user, parts[1]

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return self.keyword


class DeviceTokenScheme(OpenApiAuthenticationExtension):
    """How the published API names it."""

    target_class = "accounts.authentication.DeviceTokenAuthentication"
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An API key in the header."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}
