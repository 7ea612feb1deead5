"""One way in for page and phone: password, then the one-time code where somebody has one. axes counts the failures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.policy import two_step_roles
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, Refusal


class WrongCredentials(Refusal):
    """401: name, password or code is wrong; which of them is not said."""

    status = 401
    slug = "wrong-credentials"
    title = "登录失败"
    default_detail = "登录名、密码或动态验证码不正确，请核对后再试。"


def check(request: HttpRequest, username: str, password: str, otp: str = "") -> User:
    """The user who may come in. WrongCredentials; Incomplete when a code is needed and none was given."""
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        raise WrongCredentials()
    device = device_of(user)
    if device is None:
        return user
    if not otp:
        raise Incomplete({"otp": ["请输入手机上显示的 6 位动态验证码"]})
    if not device.verify_token(otp.strip().replace(" ", "")):
        user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
        raise WrongCredentials()
    user.otp_device = device  # type: ignore[attr-defined]
    return user


def device_of(user: User) -> TOTPDevice | None:
    """The confirmed device; the password alone is not enough for whoever has one."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).first()


def must_enrol(actor: Actor, user: User) -> bool:
    """True when one of today's posts demands a second step and none is set up."""
    roles = two_step_roles()
    return bool(roles) and actor.has(*roles) and device_of(user) is None


def draft_device(user: User) -> TOTPDevice:
    """The device being set up; the same one until it is confirmed, so that reloading the page keeps the picture."""
    device, _ = TOTPDevice.objects.get_or_create(user_id=user.pk, confirmed=False, defaults={"name": "手机"})
    return device


def forget_devices(user: User) -> int:
    """Lost phone: the security administrator takes the second step away; answers how many devices went."""
    return TOTPDevice.objects.filter(user_id=user.pk).delete()[0]


def credentials_name(credentials: dict[str, Any]) -> str:
    """The log-in name of a failed try, cut to what fits."""
    return str(credentials.get("username") or "")[:64]
