"""The forms at the door; every field has a label, every refusal a sentence at its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from accounts import logins, services
from accounts.models import User
from governance_portal.lib.errors import Incomplete, Refusal


class LogInForm(forms.Form):
    """Name, password and, for those who have one, the one-time code."""

    username = forms.CharField(
        label="登录名",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    otp = forms.CharField(
        label="动态验证码",
        required=False,
        max_length=12,
        help_text="没有启用动态验证码的，留空即可。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask at the door."""
        given = super().clean() or {}
        if self.request is None or self.errors:
            return given
        try:
            self.user = logins.check(self.request, given["username"], given["password"], given["otp"])
        except Incomplete as refusal:
            _spread(self, refusal)
        except Refusal as refusal:
            self.add_error(None, refusal.detail)
        return given

    def get_user(self) -> User | None:
        """Whoever may come in (Django's log-in view asks)."""
        return self.user


class PasswordForm(forms.Form):
    """Old password, new password twice."""

    old = forms.CharField(
        label="原密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text="至少 10 位，含大写字母、小写字母、数字、符号中的 3 种；不能包含登录名，不能与最近 5 次用过的相同。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Both new ones alike; the rest is the service's to say."""
        given = super().clean() or {}
        if not self.errors and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        return given

    def save(self) -> bool:
        """True when changed; the refusals stand at their fields otherwise."""
        given = self.cleaned_data
        try:
            services.change_password(self.user, old=given["old"], new=given["new"], now=timezone.now())
        except Incomplete as refusal:
            _spread(self, refusal)
            return False
        return True


class TwoStepForm(forms.Form):
    """The first code of a new device."""

    otp = forms.CharField(
        label="手机上显示的 6 位动态验证码",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


def _spread(form: forms.Form, refusal: Incomplete) -> None:
    for name, sentences in refusal.errors.items():
        for sentence in sentences:
            form.add_error(
                name if name in form.fields else None, sentence if sentence.endswith("。") else f"{sentence}。"
            )
