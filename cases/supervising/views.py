"""The desk of 督办: tiles that are lists, rows from which an order is one tap away, drafts to sign, letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import letters as paper
from cases.choices import Clock
from cases.models import Case, OrderDraft, SupervisionOrder
from cases.needs import Need
from cases.supervising import drafting, letters, proposing
from cases.supervising.prefilling import local
from cases.supervising.watching import MATTERS, PAPERS, WATCHES, counts, held
from cases.views.door import staff
from cases.views.due import due_of
from cases.worklist.paging import page_of
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from governance_portal.lib.spoken import full_words, moment_words

#: Rows of the chosen tile on the desk; the list behind it has them all.
ROWS = 30
DRAFTS = 10
LETTER: tuple[Need, ...] = (
    Need("problem", "存在问题", "longtext", help="印在督办函上，不要写诉求人的姓名、电话。"),
    Need("demand", "整改要求", "longtext"),
    Need("deadline", "回复期限", "datetime"),
)
DISCARD: tuple[Need, ...] = (Need("reason", "不发的理由", "text", help="例如：已当面督促，当天办结。"),)
FORMS = ("pdf", "docx")


def actor_of(request: HttpRequest) -> Actor:
    """The person at work: a supervisor, a lead of the centre, or a leader, who looks on; NotYou for everybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not proposing.may_read(actor):
        raise NotYou("督办台由督办员、中心负责人和领导使用。")
    return actor


@staff
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """`?look=<watch>` chooses the list; without it the first tile that holds something."""
    now, actor = timezone.now(), actor_of(request)
    visible = Case.objects.visible_to(actor, now)
    found = counts(visible, now, (*MATTERS, *PAPERS))
    asked = request.GET.get("look", "")
    look = asked if asked in found else next((code for code in (*MATTERS, *PAPERS) if found[code]), MATTERS[0])
    watch = WATCHES[look]
    rows = held(visible, look, now).select_related("category", "lead_unit", "handler")
    cases = page_of(rows, watch.sort, ROWS, "", "").cases
    drafts = list(drafting.waiting(visible)[: DRAFTS + 1])
    proposals = list(proposing.visible_to(actor).filter(resulted_at__isnull=True)[:DRAFTS])
    may_order = proposing.may_propose(actor)
    signable = dict(drafting.waiting(visible).filter(case__in=cases).values_list("case_id", "pk")) if may_order else {}
    context = {
        "title": "督办",
        "now": now,
        "matters": [_tile(code, found[code], look) for code in MATTERS],
        "papers": [_tile(code, found[code], look) for code in PAPERS],
        "watch": watch,
        "total": found[look],
        "more": found[look] > len(cases),
        "list_url": f"{reverse('cases:list')}?tab=all&watch={look}&sort={watch.sort}",
        "rows": [_row(case, look, now, may_order, signable.get(case.pk, 0)) for case in cases],
        "orders": look in PAPERS,
        "drafts": [_draft_row(draft, now, may_order) for draft in drafts[:DRAFTS]],
        "more_drafts": len(drafts) > DRAFTS,
        "proposals": proposals,
        "may_propose": proposing.may_propose(actor),
        "may_sign": may_order,
    }
    return render(request, "cases/supervising/desk.html", context)


def _tile(code: str, many: int, look: str) -> dict[str, Any]:
    watch = WATCHES[code]
    tone = watch.tone if many else ""
    return {"code": code, "label": watch.label, "value": many, "tone": tone, "current": code == look}


def _row(case: Case, look: str, now: datetime, may_order: bool, draft: int) -> dict[str, Any]:
    """One line; where a letter waits to be signed that is what to do, not a second one."""
    due = due_of(case, now)
    order = f"{reverse('cases:record', args=[case.number, 'order'])}?watch={look}"
    return {
        "case": case,
        "number": case.number,
        "url": reverse("cases:case", args=[case.number]),
        "title": case.title,
        "unit": (case.lead_unit.short_name or case.lead_unit.name) if case.lead_unit else "尚未分流",
        "handler": case.handler.name if case.handler else "",
        "status_label": case.get_status_display(),
        "due": due,
        "draft_url": reverse("cases:order-draft", args=[draft]) if draft else "",
        "order_url": order if may_order and look not in PAPERS else "",
    }


def _draft_row(draft: OrderDraft, now: datetime, may_sign: bool) -> dict[str, Any]:
    page, key = ("cases:order-draft", draft.pk) if may_sign else ("cases:case", draft.case.number)
    return {
        "url": reverse(page, args=[key]),
        "number": draft.case.number,
        "title": draft.case.title,
        "cause": draft.get_cause_display(),
        "unit": draft.unit.name if draft.unit else "尚未分流",
        "made": moment_words(draft.made_at, now),
    }


# --- drafts -----------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Read, edit and sign a draft; POST `{problem, demand, deadline}` signs it."""
    now, actor = timezone.now(), actor_of(request)
    made = drafting.find(actor, pk, now)
    if request.method == "GET":
        given = {"problem": made.problem, "demand": made.demand, "deadline": local(_still(made, now))}
        return _draft_page(request, made, given, {}, now)
    given = {need.name: request.POST.get(need.name, "") for need in LETTER}
    try:
        order = drafting.sign(actor, pk, now, given)
    except Incomplete as refused:
        return _draft_page(request, made, given, refused.errors, now, 400)
    messages.success(request, f"已签发 {order.number}，承办单位已收到通知，请于 {full_words(order.deadline)} 前回复。")
    return HttpResponseRedirect(f"{reverse('cases:case', args=[made.case.number])}#orders")


def _still(made: OrderDraft, now: datetime) -> datetime:
    """The date that was proposed, or a new one where it has passed while the draft waited."""
    return made.deadline if made.deadline > now else drafting.answer_by(now)


@staff
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `{reason}`: it is not sent."""
    now, actor = timezone.now(), actor_of(request)
    try:
        drafting.discard(actor, pk, now, request.POST.get("reason", ""))
    except Incomplete as refused:
        made = drafting.find(actor, pk, now)
        given = {"problem": made.problem, "demand": made.demand, "deadline": local(_still(made, now))}
        typed = {**given, "reason": request.POST.get("reason", "")}
        return _draft_page(request, made, typed, refused.errors, now, 400)
    messages.success(request, "这份督办函不发了，理由已记入该件的办理经过。")
    return HttpResponseRedirect(reverse("cases:supervision"))


def _draft_page(
    request: HttpRequest,
    made: OrderDraft,
    given: dict[str, Any],
    errors: dict[str, list[str]],
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    case = made.case
    clock = case.deadlines.filter(clock=Clock.RESOLVE_BY).order_by("-period").first()
    known = {need.name for need in (*LETTER, *DISCARD)}
    context = {
        "title": "签发督办函",
        "now": now,
        "draft": made,
        "case": case,
        "due": due_of(case, now),
        "met": bool(clock and clock.met_at),
        "needs": [need.as_dict() for need in LETTER],
        "discard_needs": [need.as_dict() for need in DISCARD],
        "given": given,
        "errors": errors,
        "loose": "".join(words for name, rows in errors.items() if name not in known for words in rows),
        "discarding": "reason" in errors,
        "waits": made.order_id is None and made.discarded_at is None,
    }
    return render(request, "cases/supervising/draft.html", context, status=status)


# --- letters ----------------------------------------------------------------------------------------------------


@staff
@require_safe
def order_letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The letter of an order, for whoever sees its case; on record."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    visible = Case.objects.visible_to(actor, now).order_by()
    found = SupervisionOrder.objects.filter(pk=pk, case__in=visible).select_related("case__category", "unit").first()
    if found is None:
        raise NotYours()
    _printed(request, actor, f"case:{found.case.number}", found.number, now)
    return answered(letters.of_order(found, _address(request, found.case)), form, f"{found.number}")


@staff
@require_safe
def draft_letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """What a draft would look like, without a number."""
    now, actor = timezone.now(), actor_of(request)
    made = drafting.find(actor, pk, now)
    return answered(letters.of_draft(made, _address(request, made.case)), form, f"督办函草稿-{made.case.number}")


def answered(letter: paper.Letter, form: str, name: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    return paper.answer(letter, "pdf" if form == "pdf" else "docx", name)


def _address(request: HttpRequest, case: Case) -> str:
    """What the QR opens: the number only, after the fragment's sign, so that no server's log has it."""
    return request.build_absolute_uri(reverse("public:query")) + f"#n={case.number}"


def _printed(request: HttpRequest, actor: Actor, target: str, number: str, now: datetime) -> None:
    audit.record(actor, "print_order", target, "", {"number": number}, now=now, **audit.request_meta(request))
