"""Log in, log out, change the password, set up the second step."""

from __future__ import annotations

import base64
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from django_otp import login as remember_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import audit, logins, passwords, post_choice
from accounts.forms import LogInForm, PasswordForm, TwoStepForm
from accounts.policy import centre_name
from governance_portal.lib.errors import NotYou


class LogInPage(LoginView):
    """The door for staff. What an anonymous session held does not survive it."""

    template_name = "accounts/login.html"
    authentication_form = LogInForm  # type: ignore[assignment]  # asks accounts.logins
    redirect_authenticated_user = True
    extra_context = {"title": "登录"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The centre's name stands above the form; below it, what repeated slips lead to (等保 8.1.4.1 b)."""
        pause = {"failures": settings.AXES_FAILURE_LIMIT, "pause_minutes": round(settings.AXES_COOLOFF_TIME * 60)}
        return super().get_context_data(centre=centre_name(), **pause, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Flush, then log in."""
        user = form.get_user()
        self.request.session.flush()
        login(self.request, user)
        device = getattr(user, "otp_device", None)
        if device is not None:
            remember_device(self.request, device)
        return HttpResponseRedirect(self.get_success_url())


class LogOutPage(LogoutView):
    """POST only; the session is emptied (剩余信息清除)."""


@require_POST
@login_required
def switch_post(request: HttpRequest) -> HttpResponse:
    """Work with one post from now on, or with all of them again; lands on the desk, which is that post's."""
    whole = request.whole_actor  # type: ignore[attr-defined]
    try:
        post = post_choice.choose(request, whole, request.POST.get("post", ""))
    except NotYou as refusal:
        messages.warning(request, refusal.detail)
        return HttpResponseRedirect(resolve_url("home"))
    target = f"{post.role} {post.unit_code}" if post else post_choice.ALL
    audit.record(whole.only(None), "post.switch", target, **audit.request_meta(request), now=timezone.now())
    words = post_choice.label(post) if post else post_choice.ALL_LABEL
    messages.success(request, f"现以“{words}”办公。")
    return HttpResponseRedirect(resolve_url("home"))


@method_decorator(never_cache, name="dispatch")
class PasswordPage(LoginRequiredMixin, FormView):
    """One's own password; also where a first or an old one leads."""

    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = "/"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say why they are here when they did not come by themselves."""
        due = passwords.is_due(self.request.user, timezone.now())  # type: ignore[arg-type]
        return super().get_context_data(title="修改密码", due=due, **kwargs)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        """This browser stays logged in, every other one is logged out."""
        if not form.save():
            return self.form_invalid(form)
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, "密码已修改，下次登录请用新密码；手机端需要重新登录。")
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class TwoStepPage(LoginRequiredMixin, FormView):
    """Set up the one-time code: a picture for the phone's app, and the first code to prove it works."""

    template_name = "accounts/two_step.html"
    form_class = TwoStepForm
    success_url = reverse_lazy("accounts:two_step")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The picture only while nothing is set up."""
        user = self.request.user
        if logins.device_of(user):  # type: ignore[arg-type]
            return super().get_context_data(title="动态验证码", ready=True, **kwargs)
        device = logins.draft_device(user)  # type: ignore[arg-type]
        return super().get_context_data(title="动态验证码", ready=False, **_picture(device), **kwargs)

    def form_valid(self, form: TwoStepForm) -> HttpResponse:
        """Confirm the device that shows the right code."""
        user = self.request.user
        device = logins.draft_device(user)  # type: ignore[arg-type]
        if logins.device_of(user) or not device.verify_token(form.cleaned_data["otp"].strip().replace(" ", "")):  # type: ignore[arg-type]
            form.add_error("otp", "验证码不正确，请核对手机时间后，输入最新显示的 6 位数字。")
            return self.form_invalid(form)
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        remember_device(self.request, device)
        audit.record(user, "two_step.on", user.get_username(), **audit.request_meta(self.request), now=timezone.now())  # type: ignore[arg-type]
        messages.success(self.request, "动态验证码已启用，下次登录时请一并输入。")
        return super().form_valid(form)


def _picture(device: TOTPDevice) -> dict[str, str]:
    code = segno.make(device.config_url, error="m")
    return {"picture": code.png_data_uri(scale=5, border=2), "secret": _spelled(device)}


def _spelled(device: TOTPDevice) -> str:
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
