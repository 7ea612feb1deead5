"""Proposals against a unit: put forward, decided elsewhere, the result kept; and their paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import choices as c
from cases.models import Case, Proposal
from cases.needs import Need
from cases.supervising import letters, proposing
from cases.supervising.letters import FORMAL
from cases.supervising.views import actor_of, answered
from cases.views.choices import all_units
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a proposal forward; `?case=<number>` names a case and its unit already."""
    now, actor = timezone.now(), actor_of(request)
    given = {need.name: request.POST.get(need.name, "") for need in proposing.ASKED}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            made = proposing.propose(actor, now, given)
        except Incomplete as refused:
            errors = refused.errors
        else:
            _logged(request, actor, "proposal.made", made)
            messages.success(request, f"已提出 {made.number}。打印后报送{made.addressee}，决定作出后在这里登记。")
            return HttpResponseRedirect(reverse("cases:proposal", args=[made.pk]))
    else:
        given = _about(request.GET.get("case", ""), actor, now)
    context = {
        "title": "提出督办建议",
        "needs": [_with_units(need) for need in proposing.ASKED],
        "given": given,
        "errors": errors,
        "may_propose": proposing.may_propose(actor),
    }
    return render(request, "cases/supervising/proposal_new.html", context, status=400 if errors else 200)


def _about(number: str, actor: Actor, now: Any) -> dict[str, Any]:
    case = Case.objects.visible_to(actor, now).filter(number=number).select_related("lead_unit").first()
    if case is None:
        return {}
    return {"cases": case.number, "unit": case.lead_unit.code if case.lead_unit else ""}


def _with_units(need: Need) -> dict[str, Any]:
    row = need.as_dict()
    return {**row, "choices": all_units()} if need.type == "unit" else row


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal as it stands, with the form for what comes next."""
    actor = actor_of(request)
    return _page(request, actor, proposing.find(actor, pk))


@staff
@require_http_methods(["POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was decided elsewhere."""
    return _kept(request, pk, proposing.DECIDED, proposing.decide, "proposal.decided", "决定已登记。")


@staff
@require_http_methods(["POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the result; of 挂牌督办 the day it was taken down."""
    needs = (*proposing.RESULT, *proposing.DELIST)
    return _kept(request, pk, needs, proposing.close, "proposal.closed", "结果已登记。")


def _kept(
    request: HttpRequest,
    pk: int,
    needs: tuple[Need, ...],
    keep: Callable[..., Proposal],
    action: str,
    words: str,
) -> HttpResponse:
    now, actor = timezone.now(), actor_of(request)
    given = {need.name: request.POST[need.name] for need in needs if request.POST.get(need.name, "").strip()}
    try:
        made = keep(actor, pk, now, given)
    except Incomplete as refused:
        return _page(request, actor, proposing.find(actor, pk), given, refused.errors, 400)
    _logged(request, actor, action, made)
    laid = made.cases.count() if action == "proposal.decided" and made.approved and made.kind in FORMAL else 0
    messages.success(request, words + (f"涉及的 {laid} 件事项已记入{made.get_kind_display()}。" if laid else ""))
    return HttpResponseRedirect(reverse("cases:proposal", args=[pk]))


def _page(
    request: HttpRequest,
    actor: Actor,
    made: Proposal,
    given: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    formal, listed = made.kind in FORMAL, made.kind == c.ProposalKind.LISTED
    decided = [
        need
        for need in proposing.DECIDED
        if (formal or need.name not in ("issuer", "issuer_number")) and (listed or need.name != "listed_until")
    ]
    open_result = bool(made.approved) and (not made.delisted_on if listed else formal)
    closing = proposing.DELIST if listed else proposing.RESULT
    context = {
        "title": f"{made.get_kind_display()} {made.number}",
        "proposal": made,
        "formal": formal,
        "cases": _cases(made, actor, now),
        "may_keep": proposing.may_propose(actor),
        "decide_needs": [need.as_dict() for need in decided] if made.decided_at is None else [],
        "close_needs": [need.as_dict() for need in closing] if open_result else [],
        "close_label": "摘牌" if listed else "登记结果",
        "given": given or {},
        "errors": errors or {},
        "now": now,
    }
    return render(request, "cases/supervising/proposal.html", context, status=status)


def _cases(made: Proposal, actor: Actor, now: Any) -> list[Case]:
    return list(
        made.cases.filter(pk__in=Case.objects.visible_to(actor, now).order_by().values("pk")).order_by("number")
    )


@staff
@require_safe
def letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The paper of a proposal; on record."""
    now, actor = timezone.now(), actor_of(request)
    made = proposing.find(actor, pk)
    _logged(request, actor, "print_order", made)
    return answered(letters.of_proposal(made, [case.number for case in _cases(made, actor, now)]), form, made.number)


def _logged(request: HttpRequest, actor: Actor, action: str, made: Proposal) -> None:
    audit.record(actor, action, f"proposal:{made.pk}", "", {"number": made.number}, **audit.request_meta(request))
