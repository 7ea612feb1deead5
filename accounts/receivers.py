"""The log hears of every log-in, failure, lock and log-out, by page and by phone alike."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.choices import SERVICE_ACCOUNTS
from accounts.logins import credentials_name
from accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.logged_in")
def logged_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Kept with the person's last sign of life."""
    now = timezone.now()
    User.objects.filter(pk=user.pk).update(last_seen=now)
    audit.record(user, "login", user.username, **_meta(request), now=now)


@receiver(user_login_failed, dispatch_uid="accounts.login_failed")
def login_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """By the name that was tried; a name nobody has is kept as 未知登录名: people type passwords into that field."""
    name = credentials_name(credentials)
    user = User.objects.filter(username=name).first()
    audit.record(user, "login.failed", name if user else "未知登录名", ok=False, **_meta(request))


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def locked_out(sender: Any, request: HttpRequest | None = None, username: str = "", **kwargs: Any) -> None:
    """A name at an address was paused."""
    user = User.objects.filter(username=username or "").first()
    audit.record(user, "login.locked", user.username if user else "未知登录名", ok=False, **_meta(request))


@receiver(user_logged_out, dispatch_uid="accounts.logged_out")
def logged_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Only somebody who was logged in."""
    if user is not None:
        audit.record(user, "logout", user.get_username(), **_meta(request))


@receiver(post_migrate, dispatch_uid="accounts.service_accounts")
def keep_service_accounts(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """The migration makes them; an emptied database (tests, a flush) gets them again."""
    if sender.name != "accounts":
        return
    for username, name in SERVICE_ACCOUNTS.items():
        User.objects.using(using).get_or_create(
            username=username, defaults={"name": name, "is_service": True, "password": make_password(None)}
        )


def _meta(request: HttpRequest | None) -> audit.RequestMeta:
    return audit.request_meta(request) if request is not None else {"address": "", "agent": ""}
