"""议事 for staff: topics and meetings, one topic with what was said, one meeting with its decisions, its paper."""

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
from cases.caring.posts import leads_in, working, works_in
from cases.caring.queries import communities_of
from cases.caring.views import MENDS, Errors, given_of, key_of, turning
from cases.councils import meetings, queries
from cases.councils.choices import TopicStage
from cases.councils.views import KINDS, actor_of
from cases.services.registering import REGISTRARS
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import day_of
from grids.queries import name_of, names_of

PER_PAGE = 30
TABS = (("topics", "议题"), ("meetings", "会议"), ("decisions", "会上定的事"))


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Topics, meetings, and what was decided and is not done."""
    now, actor = timezone.now(), actor_of(request)
    asked = request.GET.get("tab")
    tab = next((code for code, _label in TABS if code == asked), "topics")
    found: Any = {
        "topics": lambda: queries.topics_of(actor),
        "meetings": lambda: queries.meetings_of(actor),
        "decisions": lambda: queries.decisions_to_do(actor),
    }[tab]()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if tab == "topics":
        names = names_of({topic.area_code for topic in page})
        rows: list[Any] = [
            {
                "topic": topic,
                "stage": TopicStage(queries.stage_of(topic)).label,
                "area": names.get(topic.area_code, ""),
            }
            for topic in page
        ]
    elif tab == "meetings":
        names = names_of({meeting.area_code for meeting in page})
        rows = [{"meeting": meeting, "area": names.get(meeting.area_code, "")} for meeting in page]
    else:
        rows = queries.decision_rows(page, actor, now)
    context = {
        "title": "议事",
        "tabs": [(code, label, code == tab) for code, label in TABS],
        "tab": tab,
        "rows": rows,
        "page": page,
        "may_add": bool(working(actor)),
        **turning(page, f"tab={tab}"),
    }
    return render(request, "cases/councils/list.html", context)


# --- new ----------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, what: str) -> HttpResponse:
    """A topic (perhaps ?wish=), or a meeting."""
    now, actor = timezone.now(), actor_of(request)
    if what not in ("topic", "meeting"):
        raise Http404
    if not working(actor):
        raise NotYou(queries.NO_POST)
    areas = communities_of(actor)
    typed: Mapping[str, Any] = {"area": areas[0][0] if len(areas) == 1 else "", "day": day_of(now).isoformat()}
    came_from = request.POST.get("wish") or request.GET.get("wish", "")
    wish = (
        queries.find_wish(actor, int(came_from))
        if came_from.isascii() and came_from.isdigit() and len(came_from) < 10
        else None
    )
    if wish is not None:
        typed = {**typed, "area": wish.area_code, "title": wish.what[:100]}
    errors: Errors = {}
    if request.method == "POST":
        typed = {name: value for name, value in given_of(request).items() if name != "wish"}
        key = key_of(request)
        made: Any
        try:
            if what == "topic":
                made, _fresh = meetings.raise_topic(
                    actor, typed, now=now, wish_pk=wish.pk if wish else None, client_id=key
                )
            else:
                made, _fresh = meetings.call_meeting(actor, typed, now=now, client_id=key)
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, "已记下。")
            return HttpResponseRedirect(reverse(f"councils:{what}", args=[made.pk]))
    needs = meetings.topic_needs(actor) if what == "topic" else meetings.meeting_needs(actor)
    context = {
        "title": "提一个议题" if what == "topic" else "开一次会",
        "needs": [need.as_dict() for need in needs],
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
        "wish": wish,
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
    }
    return render(request, "cases/councils/new.html", context, status=400 if errors else 200)


# --- a topic ------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic with what was said; POST writes one more thing down."""
    now, actor = timezone.now(), actor_of(request)
    errors: Errors = {}
    typed: Mapping[str, Any] = {"day": day_of(now).isoformat(), "stage": "residents"}
    if request.method == "POST":
        typed = given_of(request)
        try:
            meetings.say(actor, pk, typed, now=now)
        except Incomplete as refused:
            errors = refused.errors
        else:
            messages.success(request, "意见已记下。")
            return HttpResponseRedirect(reverse("councils:topic", args=[pk]))
    found = queries.find_topic(actor, pk)
    signed = found.meeting is not None and found.meeting.signed_on is not None
    decisions = found.decisions.select_related("meeting", "unit", "case", "case__lead_unit", "case__master")
    stage = queries.stage_of(found)
    context = {
        "title": found.title,
        "topic": found,
        "area": name_of(found.area_code),
        "stage": stage,
        "stages": TopicStage.choices,
        "words": found.words.all()[:200],
        "decisions": queries.decision_rows(decisions, actor, now),
        "may_say": works_in(actor, found.area_code) and not signed,
        "needs": [need.as_dict() for need in meetings.WORD_NEEDS],
        "typed": typed,
        "errors": errors,
        "says": MENDS if errors else "",
        "now": now,
    }
    return render(request, "cases/councils/topic.html", context, status=400 if errors else 200)


# --- a meeting ----------------------------------------------------------------------------------------------------


@staff
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting."""
    return _page(request, pk, timezone.now())


def _page(
    request: HttpRequest,
    pk: int,
    now: datetime,
    *,
    what: str = "",
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.find_meeting(actor, pk)
    works, signed = works_in(actor, found.area_code), found.signed_on is not None
    writes = works and not signed
    stands = {"attendance": found.attendance or "", "minutes": found.minutes}
    free = queries.topics_of(actor).filter(area_code=found.area_code, meeting__isnull=True)[:50] if writes else ()
    decisions = found.decisions.select_related("meeting", "unit", "case", "case__lead_unit", "case__master", "topic")
    context = {
        "title": found.title,
        "meeting": found,
        "area": name_of(found.area_code),
        "topics": found.topics.all(),
        "free": free,
        "rows": queries.decision_rows(decisions, actor, now),
        "writes": writes,
        "works": works and signed,
        "may_sign": writes and leads_in(actor, found.area_code),
        "may_case": actor.has(*REGISTRARS),
        "kinds": KINDS,
        "minutes_needs": [need.as_dict() for need in meetings.MINUTES_NEEDS],
        "minutes_typed": typed if what == "minutes" else stands,
        "decision_needs": [need.as_dict() for need in meetings.decision_needs(found)] if writes else [],
        "result_needs": [need.as_dict() for need in meetings.RESULT_NEEDS],
        "what": what,
        "typed": typed or {},
        "errors": errors or {},
        "now": now,
    }
    return render(request, "cases/councils/meeting.html", context, status=status)


def _agenda(actor: Actor, pk: int, typed: Mapping[str, str], now: datetime) -> None:
    topic_pk = typed.get("topic", "")
    if not (topic_pk.isascii() and topic_pk.isdigit() and len(topic_pk) < 10):
        raise Incomplete({"topic": ["请选择议题。"]})
    meetings.put_on_agenda(actor, pk, int(topic_pk), on=typed.get("on") != "0", now=now)


ACTS: Mapping[str, Callable[[Actor, int, Mapping[str, str], datetime], Any]] = {
    "agenda": _agenda,
    "minutes": lambda actor, pk, typed, now: meetings.write_minutes(actor, pk, typed, now=now),
    "decide": lambda actor, pk, typed, now: meetings.decide(actor, pk, typed, now=now),
    "sign": lambda actor, pk, typed, now: meetings.sign(actor, pk, now=now),
}
DONE = {
    "agenda": "议程已改好。",
    "minutes": "纪要已存好，签发前都可以改。",
    "decide": "决定已记下。",
    "sign": "纪要已签发，从现在起不能再改；定了的事可以登记为事项。",
    "strike": "这条决定已去掉。",
    "done": "已记为办成。",
}


@staff
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One thing done with a meeting."""
    now, actor = timezone.now(), actor_of(request)
    if what not in ACTS:
        raise Http404
    typed = given_of(request)
    try:
        ACTS[what](actor, pk, typed, now)
    except Incomplete as refused:
        return _page(request, pk, now, what=what, typed=typed, errors=refused.errors, status=400)
    messages.success(request, DONE[what])
    return HttpResponseRedirect(reverse("councils:meeting", args=[pk]))


@staff
@require_POST
def decision(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What becomes of a decision: a case, done by the community, or taken off before the minutes are signed."""
    now, actor = timezone.now(), actor_of(request)
    found = queries.find_decision(actor, pk)
    typed = given_of(request)
    try:
        if what == "case":
            row, fresh = meetings.become_case(actor, pk, typed.get("kind", ""), now=now)
            number = row.case.number if row.case else ""
            messages.success(request, f"已登记为事项 {number}。" if fresh else f"已经登记过，是事项 {number}。")
        elif what == "done":
            meetings.done(actor, pk, typed, now=now)
            messages.success(request, DONE["done"])
        elif what == "strike":
            meetings.strike(actor, pk, now=now)
            messages.success(request, DONE["strike"])
        else:
            raise Http404
    except Incomplete as refused:
        if what == "case":
            raise NotNow(refused.detail) from refused
        said = f"{what}-{pk}"
        return _page(request, found.meeting_id, now, what=said, typed=typed, errors=refused.errors, status=400)
    return HttpResponseRedirect(reverse("councils:meeting", args=[found.meeting_id]))


@staff
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on A4."""
    now, actor = timezone.now(), actor_of(request)
    found = queries.find_meeting(actor, pk)
    audit.record(actor, "print_council", f"council:{found.pk}", now=now, **audit.request_meta(request))
    decisions = found.decisions.select_related("meeting", "unit", "case", "case__lead_unit", "case__master", "topic")
    context = {
        "title": f"{found.title}纪要",
        "meeting": found,
        "area": name_of(found.area_code),
        "topics": found.topics.prefetch_related("words"),
        "rows": queries.decision_rows(decisions, actor, now),
        "back_url": reverse("councils:meeting", args=[found.pk]),
        "printed_by": actor.name,
        "now": now,
    }
    return render(request, "cases/councils/paper.html", context)
