"""剔除 for staff: the list, a request with its course, asking, deciding, taking back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import dossier
from cases.assessing.views import pages_of
from cases.models import Case, RankingExclusion
from cases.ranking import access, listing, services
from cases.ranking.choices import AGAIN_WITHIN, ASK_WITHIN, Ground, Ranked
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

PER_PAGE = 50
Errors = Mapping[str, list[str]]
GRANTED = (("yes", "同意剔除"), ("no", "不同意"))
DECIDED = {"decide": "决定已记下，申请单位会收到通知。", "revoke": "已恢复计入，申请单位会收到通知。"}
STEPS: Mapping[str, Callable[..., RankingExclusion]] = {"decide": services.decide, "revoke": services.take_back}
NARROWED_BY = ("unit", "area", "grid", "figure", "from", "to")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not access.may_enter(actor):
        raise NotYou(access.NOT_HERE)
    return actor


@staff
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The requests somebody reads, by how far they are; narrowed as the unit table's links say."""
    now, actor = timezone.now(), _actor(request)
    try:
        asked, wrong = listing.asked_of(request.GET.dict()), ""
    except Incomplete as refused:  # an address somebody typed: the list without what cannot be read, and why
        asked, wrong = listing.Asked(listing.TABS[0][0]), next(iter(refused.errors.values()))[0]
    joined = ("case", "unit", "asked_by", "decided_by")
    rows = listing.rows_of(actor, asked, now).select_related(*joined)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    narrowed = {name: request.GET[name] for name in NARROWED_BY if request.GET.get(name)} if asked.is_narrowed else {}
    context = {
        "title": "剔除申请",
        "tabs": [
            {"label": label, "url": f"?{urlencode({'tab': code, **narrowed})}", "current": code == asked.tab}
            for code, label in listing.TABS
        ],
        "tab": asked.tab,
        "rows": page,
        "pager": pages_of(page, urlencode({"tab": asked.tab, **narrowed})),
        "narrowed": listing.words_of(asked),
        "wrong": wrong,
        "decides": access.decides(actor),
        "limit": ASK_WITHIN.days,
        "now": now,
    }
    return render(request, "cases/ranking/list.html", context)


# --- asking -------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Ask that a matter be left out."""
    now, actor = timezone.now(), _actor(request)
    if request.method == "POST":
        try:
            made, _fresh = services.ask(actor, number, request.POST.dict(), now=now, **audit.request_meta(request))
        except Incomplete as refused:
            return _new_page(request, actor, number, now, errors=refused.errors, status=400)
        messages.success(request, "申请已提出，由没有经办的督办员或中心负责人决定，结果会通知您。")
        return HttpResponseRedirect(reverse("exclusions:one", args=[made.pk]))
    return _new_page(request, actor, number, now)


def _new_page(
    request: HttpRequest, actor: Actor, number: str, now: datetime, *, errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    case = dossier.find(actor, number, now)
    if not access.asks(case, actor, now):
        raise NotYou(access.ONLY_THE_UNIT)
    before = access.before(case)
    figures = access.offered(case, before, now)
    if reason := access.why_nothing(case, before, now):
        raise NotNow(reason)
    typed = request.POST.dict() if status != 200 else {"figure": request.GET.get("figure", "")}
    said = errors or {}
    context = {
        "title": "申请剔除",
        "case": case,
        "number": case.number,
        "figures": [(figure, _until(case, figure, before, now)) for figure in figures],
        "others": [
            (figure.label, access.why_not_ask(case, figure, before, now)) for figure in Ranked if figure not in figures
        ],
        "errors": said,
        "again": AGAIN_WITHIN.days,
        "f": {
            "figure": choice(
                typed,
                said,
                "figure",
                "从哪个指标剔除",
                [(one.value, str(one.label)) for one in figures],
                required=True,
                default=figures[0].value if len(figures) == 1 else "",
            ),
            "ground": choice(typed, said, "ground", "事由", Ground.choices, required=True),
            "words": text(typed, said, "words", "理由", maximum=services.WORDS_LIMIT, required=True),
        },
    }
    return render(request, "cases/ranking/new.html", context, status=status)


def _until(case: Case, figure: Ranked, before: list[RankingExclusion], now: datetime) -> str:
    """Until when this figure may be asked about, as a day."""
    earlier = access.of_figure(case, figure, before)
    moment = access.judged_at(case, figure, now)
    decided = earlier[-1].decided_at if earlier else None
    last = access.again_until(decided) if decided else access.last_day(moment or now)
    return f"{last.year}年{last.month}月{last.day}日"


# --- one request --------------------------------------------------------------------------------------------------


@staff
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A request: what was asked and why, what was decided, every step."""
    return _page(request, pk, timezone.now())


def _page(
    request: HttpRequest, pk: int, now: datetime, *, errors: Errors | None = None, step: str = "", status: int = 200
) -> HttpResponse:
    actor = _actor(request)
    asked = access.find(actor, pk, now)
    waits = asked.stage in access.WAITS
    why_not = access.why_not(actor, asked, now) if waits and access.decides(actor) else access.ONLY_THE_CENTRE
    typed, said = (request.POST.dict(), errors or {}) if status != 200 else ({}, {})
    context = {
        "title": f"剔除申请：{asked.unit}",
        "asked": asked,
        "number": asked.case.number,
        "steps": asked.steps.select_related("by"),
        "decides": waits and not why_not,
        "why_not": why_not if waits and access.decides(actor) else "",
        "errors": said,
        "step": step,
        "f": {
            "granted": choice(typed, said, "granted", "决定", GRANTED, required=True),
            "answer": text(typed, said, "answer", "决定的理由", maximum=services.WORDS_LIMIT, required=True),
            "why": text(typed, said, "why", "恢复计入的理由", maximum=services.WORDS_LIMIT, required=True),
        },
        "now": now,
    }
    return render(request, "cases/ranking/one.html", context, status=status)


@staff
@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Decide on a request, or count again what was left out."""
    if step not in STEPS:
        raise Http404
    now, actor = timezone.now(), _actor(request)
    try:
        STEPS[step](actor, pk, request.POST.dict(), now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return _page(request, pk, now, errors=refused.errors, step=step, status=400)
    messages.success(request, DECIDED[step])
    return HttpResponseRedirect(reverse("exclusions:one", args=[pk]))
