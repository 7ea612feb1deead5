"""The inbox: what this person was told, the newest first; opening it marks what it shows as read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Notice
from accounts.queries import unread_count

MOST = 50


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the last fifty; POST marks all as read."""
    mine = Notice.objects.filter(user_id=request.user.pk or 0)
    if request.method == "POST":
        mine.filter(read_at__isnull=True).update(read_at=timezone.now())
        return HttpResponseRedirect(reverse("inbox"))
    rows = list(mine.order_by("-created_at", "-id")[:MOST])
    context = {"title": "通知", "rows": rows, "now": timezone.now(), "waiting": any(not row.read_at for row in rows)}
    return render(request, "cases/notices.html", context)


@login_required
@never_cache
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The live figure in the bar: a number, or nothing."""
    waiting = unread_count(request.user.pk or 0)
    return HttpResponse(str(waiting) if waiting else "")
