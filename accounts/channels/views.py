"""The page 通知设置: each person for themselves."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.channels import preferences
from accounts.channels.forms import SettingsForm
from accounts.models import User


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What holds now; POST keeps what was chosen."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  behind the log-in
    posted = request.POST if request.method == "POST" else None
    form = SettingsForm(posted, now=preferences.of_person(user))
    if posted is not None and form.is_valid():
        preferences.keep(user, form.wanted())
        audit.record(user, "notice.settings", user.username, **audit.request_meta(request), now=timezone.now())
        return HttpResponseRedirect(reverse("accounts:notice_settings") + "?kept=1")
    context = {
        "title": "通知设置",
        "form": form,
        "kept": request.GET.get("kept") == "1",
        "sms": preferences.sms_is_set_up(),
    }
    return render(request, "accounts/notice_settings.html", context, status=400 if form.errors else 200)
