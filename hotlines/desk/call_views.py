"""The screen of one call: who it is, what is said, what is known about it, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import request_meta
from accounts.queries import Actor
from cases.choices import Kind
from cases.crowds.intake import said_before
from cases.following_up.services import slots
from cases.services import drafting
from cases.suggesting.categories import propose_categories
from cases.suggesting.places import propose_places
from cases.views.door import staff
from cases.views.intake_form import choice, fields_of, people, place_options, text
from cases.views.intake_given import asked_of, typed_in
from governance_portal.lib.errors import Incomplete, Refusal
from governance_portal.lib.spoken import wait_words
from grids.queries import chain_of
from hotlines.choices import CallResult
from hotlines.desk import guidance, knowledge, outcomes, queries
from hotlines.desk.recognising import recognise
from hotlines.desk.views import masked, may_enter
from hotlines.models import CallRecord
from hotlines.services import EMERGENCY

MACHINERY = ("csrfmiddlewaretoken", "client_id")
DISTRICT_DIGITS = 6
#: The line of the door's contract that a sentence belongs to, on this form.
HELD_BY = {"place": "place-address", "reporters": "reporter-0-phone", "result": "reply", "summary": "description"} | {
    "when": "back-when",
    "about": "back-about",
    "phone": "back-phone",
}


@staff
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, uid: str) -> HttpResponse:
    """Draw the call, or write what came of it; with mistakes the page comes back as typed."""
    now = timezone.now()
    actor = may_enter(request)
    row = queries.find(actor, uid)
    if row.result != CallResult.RINGING:
        return _settled(request, row, now)
    if request.method == "GET":
        return _screen(request, row, actor, _beginning(actor, row, now), now=now)
    posted = request.POST
    if posted.get("do") == "look":
        return _screen(request, row, actor, posted, now=now)
    try:
        done = outcomes.settle(row, posted, actor=actor, now=now)
    except Incomplete as refused:
        errors = {HELD_BY.get(name, name): rows for name, rows in refused.errors.items()}
        return _screen(request, row, actor, posted, errors, now=now, status=400)
    except Refusal as refused:
        return _screen(request, row, actor, posted, {}, refused.detail, now=now, status=refused.status)
    messages.success(request, done.words)
    if done.number:
        return HttpResponseRedirect(reverse("cases:receipt", args=[done.number]) + "?new=1")
    return HttpResponseRedirect(reverse("hotlines:desk"))


def _beginning(actor: Actor, row: CallRecord, now: datetime) -> Mapping[str, Any]:
    """What was typed during this call, or an empty form with the caller's number to be used."""
    start = QueryDict(mutable=True)
    kept = next((one.typed for one in drafting.drafts_of(actor, now) if one.client_id == str(row.uid)), None)
    start.update(kept if kept is not None else {"use_number": "on"})
    return start


def _settled(request: HttpRequest, row: CallRecord, now: datetime) -> HttpResponse:
    """A call that is over, to be read."""
    context = {
        "title": "来电记录",
        "call": row,
        "who": masked(row),
        "recording_url": recording_url(row),
        "call_backs": row.call_backs.order_by("pk"),
        "guide": guidance.CARDS.get(row.guide),
        "passed": EMERGENCY.get(row.passed_to, ""),
        "now": now,
    }
    return render(request, "hotlines/desk/record.html", context)


def recording_url(row: CallRecord) -> str:
    """Where the sound opens in the telephone system, "" when nobody said where that is."""
    if not row.recording_name or "{id}" not in settings.RECORDINGS_URL:
        return ""
    return settings.RECORDINGS_URL.replace("{id}", quote(row.recording_name, safe=""))


def _screen(
    request: HttpRequest,
    row: CallRecord,
    actor: Actor,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    wrong = dict(errors or {})
    caller = recognise(actor, row, now, request_meta(request))
    fields = _fields(values, wrong, [matter.number for matter in caller.open], now)
    code = typed_in(values, "place-code")
    shown = {field["name"] for field in fields.values()}
    context = {
        "title": "来电",
        "call": row,
        "caller": caller,
        "who": masked(row),
        "state": _state(row, now),
        "f": fields,
        "errors": wrong,
        "loose": [line for name, lines in wrong.items() if name not in shown for line in lines],
        "refusal": refusal,
        "values": values,
        "back_open": bool(typed_in(values, "back-when")) or any(name.startswith("back-") for name in wrong),
        "place_options": place_options(_within(actor)),
        "place_chosen": (code, " · ".join(name for _code, name in chain_of(code)[2:]) or code) if code else None,
        "cards": list(guidance.CARDS.values()),
        "guide": guidance.CARDS.get(row.guide),
        "now": now,
        **_known(values, now),
        **_beside(actor, values, now),
    }
    return render(request, "hotlines/desk/call.html", context, status=status)


def _fields(
    values: Mapping[str, Any], wrong: Mapping[str, list[str]], open_numbers: list[str], now: datetime
) -> dict[str, dict[str, Any]]:
    """Every field of the screen by a name templates can say; those of the intake are the intake's."""
    taken = fields_of(values, wrong)
    person = people(values, wrong, "reporter")[0]["fields"]
    ticked = {**values, "use_number": values.get("use_number")}
    when = [(slot["code"], slot["label"]) for slot in slots(now)]
    return {
        **{name: taken[name] for name in ("kind", "category", "address", "place")},
        "story": {**taken["story"], "label": "来电人说什么", "required": False},
        "name": person["name"],
        "phone": person["phone"],
        "outcome": choice(values, wrong, "outcome", "怎么处理", outcomes.OUTCOMES, required=True),
        "reply": text(values, wrong, "reply", "答复了什么", maximum=2000),
        "join": choice(values, wrong, "join", "补充到哪一件", [(number, number) for number in open_numbers]),
        "join_other": text(values, wrong, "join-other", "其他编号", maximum=20, inputmode="numeric"),
        "passed_to": choice(values, wrong, "passed_to", "转给", list(EMERGENCY.items()), required=True),
        "back_when": choice(values, wrong, "back-when", "什么时候回电", when),
        "back_about": text(values, wrong, "back-about", "回电说什么", maximum=200),
        "back_phone": text(values, wrong, "back-phone", "打哪个号码", maximum=30, inputmode="tel", private=True),
        **{
            name: {**text(ticked, wrong, name, label), "value": bool(values.get(name))}
            for name, label in (
                ("use_number", "用来电号码联系"),
                ("anonymous", "匿名"),
                ("confidential", "要求保密"),
            )
        },
    }


def _state(row: CallRecord, now: datetime) -> str:
    if row.ended_at is not None:
        return "已挂断"
    return f"通话 {wait_words(now - row.answered_at)}" if row.answered_at else "正在响铃"


def _within(actor: Actor) -> str:
    return next((post.area_code[:DISTRICT_DIGITS] for post in actor.posts if post.area_code), "")


# --- while somebody talks ---------------------------------------------------------------------------------------


@staff
@require_POST
def beside(request: HttpRequest, uid: str) -> HttpResponse:
    """Keep what was typed and propose categories and places; by POST, so that nothing said is ever in an address."""
    now = timezone.now()
    actor = may_enter(request)
    row = queries.find(actor, uid)
    typed = {name: str(value) for name, value in request.POST.items() if name not in MACHINERY and value}
    if row.result == CallResult.RINGING:
        drafting.save(actor, str(row.uid), typed, now)
    return render(request, "cases/intake/_proposals.html", _beside(actor, request.POST, now))


@staff
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Answer the known answers that fit what is typed, or what the caller said so far."""
    may_enter(request)
    return render(request, "hotlines/desk/_known.html", _known(request.POST, timezone.now()))


def _beside(actor: Actor, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    story, address = typed_in(values, "description"), typed_in(values, "place-address")
    kind = Kind.CONSULTATION.value if typed_in(values, "outcome") == outcomes.NUMBERED else ""
    return {
        "category_proposals": propose_categories(story, kind) if story else [],
        "place_proposals": propose_places(address, story, _within(actor)) if story or address else [],
        "said_before": said_before(actor, asked_of(values), now),
    }


def _known(values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    asked, story = typed_in(values, "ask"), typed_in(values, "description")
    fits = knowledge.find(asked, now) if asked else knowledge.suiting(story, now, categories=_about(values, story))
    found = [one.answer for one in fits]
    chosen = knowledge.one_in_force(typed_in(values, "answered_from"), now)
    if chosen is not None:
        found = [chosen, *(row for row in found if row.pk != chosen.pk)]
    return {"known": found, "chosen": chosen, "asked": asked, "now": now}


def _about(values: Mapping[str, Any], story: str) -> list[str]:
    """The categories that were chosen or that the words propose."""
    return [typed_in(values, "category"), *(row.code for row in propose_categories(story))]


@staff
@require_POST
def guide(request: HttpRequest, uid: str) -> HttpResponse:
    """Write on the call that a card was used, and show it."""
    now = timezone.now()
    actor = may_enter(request)
    row = guidance.use(queries.find(actor, uid), request.POST.get("guide", ""))
    if request.headers.get("HX-Request"):
        return render(request, "hotlines/desk/_guide.html", {"guide": guidance.CARDS[row.guide], "now": now})
    return HttpResponseRedirect(reverse("hotlines:call", args=[row.uid]))
