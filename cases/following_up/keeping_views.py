"""A bad rating from verifying to the second call, and a dispute looked at again: one page each, one question at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Unit
from accounts.queries import Actor
from cases.following_up import keeping
from cases.following_up.views import FIVE_TO_THREE
from cases.models import Case, LookBack, Rectification
from cases.needs import Need
from cases.policies import calendar
from cases.services.door import posts_of
from cases.services.parties import may_unmask_as
from cases.views.contact import OTHER_REASON, REASONS, sides_of
from cases.views.door import staff
from cases.views.due import until_words
from cases.views.forms import given_of
from governance_portal.lib.errors import Incomplete, Refusal
from governance_portal.lib.working_days import remaining_words

STEPS = {
    "verify": (keeping.VERIFYING, keeping.verify, "核实", "记下核实结论"),
    "act": (keeping.ACTING, keeping.act, "整改", "记下整改情况"),
    "ask": (keeping.ASKING_AGAIN, keeping.ask_again, "再次回访", "记下并销号"),
}
WORDS = {int(five): word for five, word, _three in FIVE_TO_THREE}


@staff
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, pk: int) -> HttpResponse:
    """One bad rating; POST makes its next step."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = keeping.find_rectification(pk, actor, now)
    step = keeping.step_of(row)
    if request.method != "POST":
        return _rating_page(request, row, actor, now, {}, {})
    asked = request.POST.get("step", "")
    if asked not in STEPS or asked != step:
        refusal = "这一步刚刚已经办过了，下面是最新情况。"
        return _rating_page(request, row, actor, now, {}, {}, refusal=refusal, status=409)
    needs, make, _label, _go = STEPS[asked]
    given = given_of(request.POST, needs)
    try:
        row = make(pk, given, actor=actor, now=now)
    except Incomplete as refused:
        return _rating_page(request, row, actor, now, given, refused.errors, status=400)
    except Refusal as refused:
        return _rating_page(request, row, actor, now, given, {}, refusal=refused.detail, status=refused.status)
    done = "差评已销号。" if row.closed_at else f"已记下，下一步：{STEPS[keeping.step_of(row)][2]}。"
    messages.success(request, f"{row.case.number} {done}")
    if row.closed_at:
        return HttpResponseRedirect(reverse("cases:following_up:desk") + "?tab=bad")
    return HttpResponseRedirect(reverse("cases:following_up:rating", args=[pk]))


def _rating_page(
    request: HttpRequest,
    row: Rectification,
    actor: Actor,
    now: datetime,
    given: dict[str, Any],
    errors: dict[str, list[str]],
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    step = keeping.step_of(row)
    needs, _make, label, go = STEPS.get(step, ((), None, "", ""))
    own = row.case.events.filter(kind="rate").order_by("-seq").first()
    context = {
        "title": "差评整改",
        "row": row,
        "case": row.case,
        "rating": WORDS[row.rating],
        "second": WORDS.get(row.second_rating or 0, ""),
        "comment": str(own.data.get("comment", "")) if own and row.own else "",
        "step": step,
        "label": label,
        "go": go,
        "fields": [_drawn(need) for need in needs],
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "due_full": until_words(row.due_at) + ("（暂定）" if row.tentative else ""),
        "due_words": remaining_words(now, row.due_at, calendar(), row.tentative),
        "due_state": "done" if row.closed_at else "overdue" if now > row.due_at else "ok",
        **_people(row.case, actor, now),
        "now": now,
    }
    return render(request, "cases/following_up/rating.html", context, status=status)


def _drawn(need: Need) -> dict[str, Any]:
    if need.type == "unit":
        choices = [{"value": unit.code, "label": unit.name} for unit in _units()]
        return {**need.as_dict(), "type": "choice", "choices": choices, "choices_url": ""}
    return need.as_dict()


def _units() -> list[Unit]:
    return list(Unit.objects.filter(active=True).order_by("name"))


def _people(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    standing = frozenset(posts_of(case, actor, now))
    may_see = may_unmask_as(case, standing)
    return {
        "parties": sides_of(case, case.parties.all(), may_see),
        "may_unmask": may_see,
        "reasons": REASONS,
        "other_reason": OTHER_REASON,
    }


@staff
@require_http_methods(["GET", "POST"])
def look_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispute, some time after it was closed; POST writes how it stands."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = keeping.find_look_back(pk, actor, now)
    if request.method != "POST":
        return _look_back_page(request, row, actor, now, {}, {})
    given = given_of(request.POST, keeping.LOOKING)
    try:
        row = keeping.look(pk, given, actor=actor, now=now)
    except Incomplete as refused:
        return _look_back_page(request, row, actor, now, given, refused.errors, status=400)
    except Refusal as refused:
        return _look_back_page(request, row, actor, now, given, {}, refusal=refused.detail, status=refused.status)
    messages.success(request, f"{row.case.number} 回头看：{row.get_result_display()}。{_then(row, now)}")
    return HttpResponseRedirect(reverse("cases:following_up:desk") + "?tab=back")


def _then(row: LookBack, now: datetime) -> str:
    if row.result not in ("relapsed", "recurred"):
        return ""
    if row.linked:
        return f"已与 {row.linked.number} 关联为同一事项。"
    if keeping.may_reopen_still(row.case, now):
        return "恢复办理的期限还没过，请督办员打开本件点“恢复办理”。"
    return "恢复办理的期限已过，请作为新事项登记，再关联。"


def _look_back_page(
    request: HttpRequest,
    row: LookBack,
    actor: Actor,
    now: datetime,
    given: dict[str, Any],
    errors: dict[str, list[str]],
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    case = row.case
    answers = case.events.filter(kind__in=("resolve", "resolve_on_spot")).order_by("-seq").first()
    context = {
        "title": "回头看",
        "row": row,
        "case": case,
        "reply": str(answers.data.get("reply", "")) if answers else "",
        "fields": [need.as_dict() for need in keeping.LOOKING],
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "due_words": keeping.day_words(row, now),
        "may_reopen": keeping.may_reopen_still(case, now),
        "window": until_words(case.window_until) if case.window_until else "",
        **_people(case, actor, now),
        "now": now,
    }
    return render(request, "cases/following_up/look_back.html", context, status=status)
