"""吹哨报到 for staff: what waits, the ledger, a whistle with each department's part, its paper (D28)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases import choices as c
from cases.choices import WhistleStage as Stage
from cases.models import Case, Whistle, WhistleCall
from cases.views.choices import units
from cases.views.door import staff
from cases.views.intake_form import choice, text
from cases.whistling import queries, services
from cases.whistling.calling import ONLY_STREETS, PLACE_LIMIT, WHAT_LIMIT, street_post, times_of
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from governance_portal.lib.numbers import parse_number
from governance_portal.lib.spoken import until_words

PER_PAGE = 50
SCORES = (("5", "5 分，很好"), ("4", "4 分"), ("3", "3 分"), ("2", "2 分"), ("1", "1 分，很差"))
DONE = {
    "arrive": "已确认报到。",
    "start": "已开始处置，办结后请写明结果。",
    "finish": "已办结，请给这次配合打分。",
    "rate": "评价已记下。",
    "recall": "已撤回，部门会收到通知。",
}
Errors = Mapping[str, list[str]]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.works_here(actor):
        raise NotYou(queries.NOT_HERE)
    return actor


# --- the ledger ---------------------------------------------------------------------------------------------------


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The whistles somebody sees: what waits for them first; the newest on top."""
    now, actor = timezone.now(), _actor(request)
    asked = request.GET.get("tab")
    tab = next((code for code, _label in queries.TABS if code == asked), "mine")
    page = Paginator(queries.whole(queries.of_tab(actor, tab, now)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "吹哨报到",
        "tabs": [(code, label, code == tab) for code, label in queries.TABS],
        "tab": tab,
        "page": page,
        "rows": [(whistle, [_call(call, whistle, actor, now) for call in whistle.calls.all()]) for whistle in page],
        "may_whistle": street_post(actor) is not None,
        "now": now,
    }
    return render(request, "cases/whistling/list.html", context)


def _call(call: WhistleCall, whistle: Whistle, actor: Actor, now: datetime) -> dict[str, Any]:
    """One department's part as the page draws it: by when, whether late, what this person may do now."""
    street, called = queries.acts_for(actor, whistle.unit_id), queries.acts_for(actor, call.unit_id)
    waits = call.stage == Stage.CALLED
    by = whistle.arrive_by if waits else whistle.finish_by
    under_way = call.stage in queries.WAITING
    acts: list[str] = []
    if street and waits:
        acts = ["arrive", "recall"]
    elif called and call.stage == Stage.ARRIVED:
        acts = ["start", "finish"]
    elif called and call.stage == Stage.HANDLING:
        acts = ["finish"]
    elif call.stage == Stage.FINISHED and (
        (street and call.street_score is None) or (called and not street and call.unit_score is None)
    ):
        acts = ["rate"]
    return {
        "call": call,
        "by": by if under_way else None,
        "by_what": "报到" if waits else "办结",
        "late": under_way and by < now,
        "acts": acts,
        "sees_rates": queries.sees_rates(actor, whistle, call.unit_id),
    }


# --- a new one ----------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Whistle: for a place, or ?case= a matter."""
    now, actor = timezone.now(), _actor(request)
    if street_post(actor) is None:
        raise NotYou(ONLY_STREETS)
    if request.method == "POST":
        given: dict[str, Any] = {**request.POST.dict(), "units": request.POST.getlist("units")}
        wanted = {
            name: given[name] for name in ("kind", "scale", "place", "what", "units", "number") if given.get(name)
        }
        try:
            made, _fresh = services.whistle(actor, wanted, now=now, client_id=given.get("client_id", "")[:64])
        except Incomplete as refused:
            return _new_page(request, actor, now, given, refused.errors, 400)
        messages.success(request, f"已吹哨 {made.number}，被呼叫的部门已收到通知。")
        return HttpResponseRedirect(reverse("whistles:whistle", args=[made.pk]))
    number = request.GET.get("case", "")
    case = Case.objects.visible_to(actor, now).filter(number=parse_number(number) or "-").first() if number else None
    start = {"number": case.number, "place": case.address} if case else {}
    return _new_page(request, actor, now, start, {}, 200)


def _new_page(
    request: HttpRequest, actor: Actor, now: datetime, typed: Mapping[str, Any], errors: Errors, status: int
) -> HttpResponse:
    post = street_post(actor)
    chosen = set(typed.get("units") or [])
    rows = [row for row in units(now) if post is None or row["value"] != post.unit_code]
    context = {
        "title": "吹哨",
        "post": post,
        "errors": errors,
        "client_id": typed.get("client_id") or str(uuid.uuid4()),
        "times": [
            (label, word, times_of(kind, scale, now))
            for kind, label in c.WhistleKind.choices
            for scale, word in c.WhistleScale.choices
        ],
        "f": {
            "kind": choice(typed, errors, "kind", "哪一种哨", c.WhistleKind.choices, required=True),
            "scale": choice(typed, errors, "scale", "难易", c.WhistleScale.choices, required=True),
            "place": text(typed, errors, "place", "地点", maximum=PLACE_LIMIT, required=True),
            "what": text(typed, errors, "what", "请来做什么", maximum=WHAT_LIMIT, required=True),
            "number": text(typed, errors, "number", "关联的事项（受理编号，选填）", maximum=30, inputmode="numeric"),
            "units": {
                **text(typed, errors, "units", "呼叫部门", required=True),
                "choices": [{**row, "chosen": row["value"] in chosen} for row in rows],
            },
        },
        "now": now,
    }
    return render(request, "cases/whistling/new.html", context, status=status)


# --- one whistle --------------------------------------------------------------------------------------------------


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One whistle with each department's part."""
    return _page(request, _actor(request), pk, timezone.now())


def _page(
    request: HttpRequest,
    actor: Actor,
    pk: int,
    now: datetime,
    *,
    wrong: int = 0,
    what: str = "",
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    whistle = queries.find(actor, pk, now)
    context = {
        "title": whistle.number,
        "whistle": whistle,
        "calls": [
            _drawn(_call(call, whistle, actor, now), request, wrong, what, errors) for call in whistle.calls.all()
        ],
        "case": _case_of(whistle, actor, now),
        "arrive_words": until_words(whistle.arrive_by),
        "finish_words": until_words(whistle.finish_by),
        "now": now,
    }
    return render(request, "cases/whistling/whistle.html", context, status=status)


def _drawn(row: dict[str, Any], request: HttpRequest, wrong: int, what: str, errors: Errors | None) -> dict[str, Any]:
    """A part with its forms; what was typed wrongly is put back into the one it came from."""
    here = row["call"].pk == wrong
    typed: Mapping[str, Any] = request.POST if here else {}
    said: Errors = errors or {} if here else {}
    pk = row["call"].pk

    def field(name: str, label: str, **more: Any) -> dict[str, Any]:
        return {**text(typed, said, name, label, **more), "id": f"{name}-{pk}"}

    score = {**choice(typed, said, "score", "配合得怎么样", SCORES, required=True), "id": f"score-{pk}"}
    return {
        **row,
        "open": what if here else "",
        "who": field("who", "来了哪个科室或谁（选填）", maximum=60),
        "result": field("result", "处置结果", maximum=services.RESULT_LIMIT, required=True),
        "score": score,
        "words": field("words", "说明（评 1、2 分的必填）", maximum=services.WORDS_LIMIT),
        "reason": field("reason", "撤回的原因", maximum=200, required=True),
    }


def _case_of(whistle: Whistle, actor: Actor, now: datetime) -> Case | None:
    """The case of a whistle, if this person may open it."""
    if whistle.case_id is None:
        return None
    return Case.objects.visible_to(actor, now).filter(pk=whistle.case_id).first()


ACTS: Mapping[str, Callable[..., WhistleCall]] = {
    "arrive": services.arrive,
    "finish": services.finish,
    "rate": services.rate,
    "recall": services.recall,
}


@staff
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One step of one department's part."""
    now, actor = timezone.now(), _actor(request)
    if what != "start" and what not in ACTS:
        raise Http404
    call = WhistleCall.objects.filter(pk=pk).first()
    if call is None:
        raise NotYours()
    try:
        if what == "start":
            services.start(actor, pk, now=now)
        else:
            ACTS[what](actor, pk, request.POST.dict(), now=now)
    except Incomplete as refused:
        return _page(request, actor, call.whistle_id, now, wrong=pk, what=what, errors=refused.errors, status=400)
    messages.success(request, DONE[what])
    return HttpResponseRedirect(reverse("whistles:whistle", args=[call.whistle_id]))


@staff
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """吹哨单 and, one for each department, 报到单 (D28)."""
    now, actor = timezone.now(), _actor(request)
    whistle = queries.find(actor, pk, now)
    meta = audit.request_meta(request)
    audit.record(actor, "print_whistle", f"whistle:{whistle.number}", "", {}, now=now, **meta)
    context = {
        "title": f"吹哨单 {whistle.number}",
        "whistle": whistle,
        "calls": [_call(call, whistle, actor, now) for call in whistle.calls.all()],
        "case": _case_of(whistle, actor, now),
        "arrive_words": until_words(whistle.arrive_by),
        "finish_words": until_words(whistle.finish_by),
        "back_url": reverse("whistles:whistle", args=[whistle.pk]),
        "printed_by": actor.name,
        "now": now,
    }
    return render(request, "cases/whistling/paper.html", context)
