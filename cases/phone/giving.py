"""The doors of 转办 for pages: hand over, take, done, hand back, take back; each a post that comes back to the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.queries import Actor
from cases import queries
from cases.models import HandOver
from cases.needs import is_storable
from cases.phone import acting, handing
from cases.phone.door import phone
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

KEY_LENGTH = 64
#: What each step says when it is done.
STEPS: dict[str, tuple[Callable[..., HandOver], str]] = {
    "take": (lambda actor, pk, given, now: handing.take(actor, pk, now=now), "已接下，办好后请写一句情况。"),
    "done": (lambda actor, pk, given, now: handing.finish(actor, pk, given, now=now), "已告诉转给您的人。"),
    "return": (lambda actor, pk, given, now: handing.give_back(actor, pk, given, now=now), "已交回，对方会收到消息。"),
    "recall": (lambda actor, pk, given, now: handing.recall(actor, pk, now=now), "已收回，对方会收到消息。"),
}


@phone
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Give a matter to another of its grid."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    given = {name: request.POST.get(name, "") for name in ("to", "said")}
    key = request.POST.get("client_id", "")
    key = key if is_storable(key) and len(key) <= KEY_LENGTH else ""
    try:
        made, _fresh = handing.hand_over(case, actor, given, now=now, client_id=key)
    except Incomplete as refused:
        return acting.page(request, actor, number, now, handing_errors=refused.errors, typed=given, status=400)
    except (NotNow, NotYou) as refused:
        return acting.page(request, actor, number, now, refusal=refused.detail, typed=given, status=refused.status)
    messages.success(request, f"已转给{made.to_user.name}，对方会收到消息；您随时可以收回。")
    return HttpResponseRedirect(reverse("phone:case", args=[number]))


@phone
@require_POST
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Take it, say it is done, hand it back, take it back."""
    if what not in STEPS:
        raise Http404
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    work, words = STEPS[what]
    given: dict[str, Any] = {"answer": request.POST.get("answer", "")}
    try:
        found = work(actor, pk, given, now)
    except Incomplete as refused:
        number = HandOver.objects.values_list("case__number", flat=True).get(pk=pk)
        errors = refused.errors if what == "done" else {"back": refused.errors.get("answer", [])}
        typed = given if what == "done" else {"back": given["answer"]}
        return acting.page(request, actor, number, now, handing_errors=errors, typed=typed, status=400)
    messages.success(request, words)
    seen = queries.visible_cases(actor, now).filter(pk=found.case_id).exists()
    number = found.case.number
    return HttpResponseRedirect(reverse("phone:case", args=[number]) if seen else reverse("phone:today"))
