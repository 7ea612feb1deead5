"""Log-in by password, and the rights of the configuration pages by post: there is no superuser."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import permissions_of
from accounts.queries import actor_for


class PostBackend(BaseBackend):
    """Checks the password; answers `has_perm` from the administrator posts held today."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The user, or None. An unknown name takes as long as a wrong password."""
        user = User.objects.filter(username=username or "", is_service=False).first()
        if user is None:
            User().set_password(password or "")
            return None
        return user if user.check_password(password or "") and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The session's user; a disabled one is logged out by the next request."""
        return User.objects.filter(pk=user_id, is_active=True, is_service=False).first()

    def has_perm(self, user: User | AnonymousUser, perm: str, obj: Any = None) -> bool:
        """One query per user object, i.e. per request."""
        return perm in self._permissions(user)

    def has_module_perms(self, user: User | AnonymousUser, app_label: str) -> bool:
        """Any right in that app."""
        return any(perm.startswith(f"{app_label}.") for perm in self._permissions(user))

    def _permissions(self, user: User | AnonymousUser) -> frozenset[str]:
        known: frozenset[str] | None = getattr(user, "_post_permissions", None)
        if known is None:
            known = permissions_of({post.role for post in actor_for(user, timezone.now()).posts})
            user._post_permissions = known  # type: ignore[union-attr]
        return known
