"""The page of the centre's check: closings with a reason for a second look, the sample, units with nothing but praise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case, SpotCheck
from cases.services.order_numbers import rules
from cases.supervising import checking
from cases.supervising.closings import latest_of, only_praised, reasons_for
from cases.supervising.views import actor_of
from cases.supervising.watching import counts, held
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.spoken import moment_words

ROWS = 30
VERDICTS = {"true": True, "false": False}


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The audit list, the sample, and what was found false."""
    return _page(request, {}, {})


@staff
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `{genuine: true | false, note}`."""
    now, actor = timezone.now(), actor_of(request)
    genuine = VERDICTS.get(request.POST.get("genuine", ""))
    note = request.POST.get("note", "")
    try:
        check = checking.judge(actor, pk, now, genuine, note)
    except Incomplete as refused:
        return _page(request, {pk: refused.errors}, {pk: {"genuine": request.POST.get("genuine", ""), "note": note}})
    if check.genuine:
        messages.success(request, f"{check.case.number} 抽查属实，已记入办理经过。")
    else:
        messages.success(request, f"{check.case.number} 抽查不实，已记入办理经过；请打开事项“恢复办理”。")
    return HttpResponseRedirect(reverse("cases:checks"))


def _page(request: HttpRequest, errors: dict[int, Any], typed: dict[int, Any]) -> HttpResponse:
    now, actor = timezone.now(), actor_of(request)
    visible = Case.objects.visible_to(actor, now)
    doubtful = list(held(visible, "doubtful", now).select_related("lead_unit").order_by("-resolved_at", "-pk")[:ROWS])
    reasons = reasons_for(latest_of(doubtful))
    may_check = checking.may_check(actor)
    drawn = list(checking.waiting(visible)[:ROWS])
    context = {
        "title": "办结核查",
        "now": now,
        "counts": counts(visible, now, ("doubtful", "sampled")),
        "doubtful": [{"case": case, "reasons": reasons.get(case.pk, [])} for case in doubtful],
        "drawn": [_drawn(check, errors, typed, now) for check in drawn],
        "false": list(checking.to_reopen(visible)[:ROWS]),
        "praised": only_praised(visible, now),
        "rules": rules(),
        "may_check": may_check,
        "list_url": f"{reverse('cases:list')}?tab=all&watch=",
    }
    return render(request, "cases/supervising/checks.html", context, status=400 if errors else 200)


def _drawn(check: SpotCheck, errors: dict[int, Any], typed: dict[int, Any], now: Any) -> dict[str, Any]:
    return {
        "check": check,
        "case": check.case,
        "drawn": moment_words(check.drawn_at, now),
        "errors": errors.get(check.pk, {}),
        "typed": typed.get(check.pk, {}),
    }
