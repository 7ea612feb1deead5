"""Walk-in registration: one screen, one domain call, then the receipt; beside it a quiet helper that keeps the draft."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor, PostView
from cases import choices as c
from cases import matching
from cases.crowds.intake import said_before
from cases.hall.roster import desk_map, hall_of
from cases.reception.services import prefilled
from cases.reception.views import adopted
from cases.services import drafting
from cases.services.drafting import Draft
from cases.services.registering import REGISTRARS
from cases.services.taking_in import take_in
from cases.suggesting.categories import propose_categories
from cases.suggesting.levels import propose_level
from cases.suggesting.places import propose_places
from cases.views.door import staff
from cases.views.intake_form import HELD_BY, fields_of, people, place_options
from cases.views.intake_given import PRIVACY_VERSION, asked_of, at_once_of, channel_of, given_of, typed_in, who_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import chain_of, locate

#: Names of the form that are no content of it.
MACHINERY = ("csrfmiddlewaretoken", "client_id")
#: A form with none of these is not worth keeping.
CONTENT = ("description", "title", "place-address", "reply", "result", "reporter-0-name", "reporter-0-phone")
DISTRICT_DIGITS = 6


def _registrar(request: HttpRequest) -> tuple[Actor, PostView]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    post = next(iter(actor.with_role(*REGISTRARS)), None)
    if post is None:
        raise NotYou("登记由窗口受理员、话务员或网格员办理，您没有这些岗位。")
    return actor, post


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draw the intake, or take the matter in and go on to the receipt; with mistakes the form comes back as typed."""
    now = timezone.now()
    actor, _post = _registrar(request)
    if request.method == "GET":
        return _page(request, *_beginning(request, actor, now), now=now)
    posted = request.POST
    client_id = posted.get("client_id") or None
    then, needed = at_once_of(posted)
    try:
        made = take_in(actor, given_of(posted, actor), then=then, then_given=needed, now=now, client_id=client_id)
    except Incomplete as refused:
        errors = {HELD_BY.get(name, name): rows for name, rows in refused.errors.items()}
        return _page(request, posted, [], errors, now=now, status=400)
    except (NotNow, NotYou) as refused:
        return _page(request, posted, [], {}, refused.detail, now=now, status=refused.status)
    adopted(request, actor, made.case, now)
    request.session["drafts_done"] = ["intake"]
    if actor.has(Role.CLERK, Role.OPERATOR):
        return HttpResponseRedirect(reverse("cases:receipt", args=[made.case.number]) + "?new=1")
    return HttpResponseRedirect(reverse("cases:case", args=[made.case.number]))


def _beginning(request: HttpRequest, actor: Actor, now: datetime) -> tuple[Mapping[str, Any], list[Draft]]:
    """An empty form, or the draft that was asked for; and the drafts that wait. Nobody's data comes up unasked."""
    drafts = drafting.drafts_of(actor, now)
    wanted = request.GET.get("draft", "")
    chosen = next((one for one in drafts if one.client_id == wanted), None)
    start = QueryDict(mutable=True)
    if uid := request.GET.get("reception", ""):
        start.update({**prefilled(actor, uid, now), "client_id": str(uuid.uuid4())})
    elif chosen is not None:
        start.update({**chosen.typed, "client_id": chosen.client_id})
        start["saved_at"] = chosen.saved_at  # type: ignore[assignment]  # a moment, for the page to tell
    else:
        mode = request.GET.get("mode", "")
        kind = c.Kind.CONSULTATION.value if mode == "consult" else request.GET.get("kind", "")
        start.update({"kind": kind, "mode": mode, "channel": channel_of(actor), "client_id": str(uuid.uuid4())})
    return start, [one for one in drafts if one is not chosen]


def _page(
    request: HttpRequest,
    values: Mapping[str, Any],
    others: list[Draft],
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    actor, post = _registrar(request)
    wrong = dict(errors or {})
    drawn = fields_of(values, wrong)
    reporters, against = people(values, wrong, "reporter"), people(values, wrong, "other")
    shown = {field["name"] for field in drawn.values()} | {
        field["name"] for row in (*reporters, *against) for field in row["fields"].values()
    }
    code = typed_in(values, "place-code") or typed_in(values, "place-grid") or typed_in(values, "place-area")
    consult = typed_in(values, "mode") == "consult"
    context = {
        "title": "解答咨询" if consult else "登记来访",
        "consult": consult,
        "values": values,
        "errors": wrong,
        "loose": [row for name, rows in wrong.items() if name not in shown for row in rows],
        "refusal": refusal,
        "f": drawn,
        "who": who_of(values),
        "reporters": reporters,
        "others": against,
        "several_shown": max([2, *(row["place"] + 2 for row in reporters if row["typed"])]),
        "other_open": any(row["typed"] for row in against) or "other-0-name" in wrong,
        "complaint_open": any(drawn[name]["value"] or drawn[name]["errors"] for name in ("unit", "nature")),
        "place_options": place_options(post.area_code[:DISTRICT_DIGITS]),
        "place_chosen": (code, " · ".join(name for _code, name in chain_of(code)[2:]) or code) if code else None,
        "lng": typed_in(values, "place-lng"),
        "lat": typed_in(values, "place-lat"),
        "within": post.area_code[:DISTRICT_DIGITS],
        "channel_fixed": not actor.has(Role.OPERATOR) or bool(typed_in(values, "reception")),
        "reception": typed_in(values, "reception"),
        "client_id": typed_in(values, "client_id") or str(uuid.uuid4()),
        "saved_at": values.get("saved_at"),
        "drafts": [
            {"client_id": one.client_id, "saved_at": one.saved_at, "words": _first_words(one.typed)} for one in others
        ],
        "hall": desk_map(hall_of(actor, *REGISTRARS), now.astimezone(SHANGHAI).date()),
        "privacy_version": PRIVACY_VERSION,
        "now": now,
        **_beside(request, actor, values, now, first=True),
    }
    return render(request, "cases/new.html", context, status=status)


def _first_words(typed: Mapping[str, str]) -> str:
    story = typed.get("description", "").strip()
    return story[:16] + ("…" if len(story) > 16 else "") if story else "还没有写事情"


# --- the helper -------------------------------------------------------------------------------------------------


@staff
@require_POST
def beside(request: HttpRequest) -> HttpResponse:
    """Keep the draft and answer what is known beside it; by POST, so that no phone is ever in an address."""
    now = timezone.now()
    actor, _post = _registrar(request)
    posted = request.POST
    typed = {name: str(value) for name, value in posted.items() if name not in MACHINERY and value}
    worth = any(typed.get(name, "").strip() for name in CONTENT)
    saved = drafting.save(actor, typed_in(posted, "client_id"), typed if worth else {}, now)
    context = {**_beside(request, actor, posted, now), "saved": saved, "now": now}
    return render(request, "cases/intake/_helper.html", context)


def _beside(
    request: HttpRequest, actor: Actor, values: Mapping[str, Any], now: datetime, first: bool = False
) -> dict[str, Any]:
    """What the helper shows: who was here before, what may be the same, and proposals with their reasons."""
    story, address = typed_in(values, "description"), typed_in(values, "place-address")
    post = next(iter(actor.with_role(*REGISTRARS)))
    asked = asked_of(values)
    if first and not story and not asked.people:
        return {}
    found = matching.recognise(actor, asked, now)
    if found.likely:
        _on_record(request, actor, typed_in(values, "client_id"), found, now)
    others = said_before(actor, asked, now, [row.case.pk for row in found.likely])
    people_typed = typed_in(values, "visitor_count")
    count = int(people_typed) if people_typed.isascii() and people_typed.isdigit() else max(len(asked.people), 1)
    kind = typed_in(values, "kind") if typed_in(values, "mode") == "consult" else ""
    return {
        "familiar": found.familiar,
        "likely": [
            {"it": row, "name": f"related-{row.case.number}", "chosen": typed_in(values, f"related-{row.case.number}")}
            for row in (*found.likely, *others)
        ],
        "relations": c.Relation.choices,
        "category_proposals": propose_categories(story, kind),
        "place_proposals": propose_places(address, story, post.area_code[:DISTRICT_DIGITS]),
        "level_proposal": propose_level(story, count, len(found.likely)) if story else None,
        "joint": who_of(values) == "several" and count >= c.JOINT_VISIT_FROM,
    }


def _on_record(request: HttpRequest, actor: Actor, client_id: str, found: matching.Recognised, now: datetime) -> None:
    """Other matters of the same person are shown with a reason, on record: once for each form and matter."""
    told: dict[str, list[str]] = request.session.get("recognised", {})
    numbers = [row.case.number for row in found.likely]
    fresh = [number for number in numbers if number not in told.get(client_id, [])]
    if not fresh:
        return
    audit.record(
        actor, "recognise", f"intake:{client_id}", "登记查重", {"cases": fresh}, now=now, **audit.request_meta(request)
    )
    kept = dict(list(told.items())[-10:])
    kept[client_id] = [*kept.get(client_id, []), *fresh]
    request.session["recognised"] = kept


@staff
@require_POST
def point(request: HttpRequest) -> HttpResponse:
    """Tell which grid a point of the map lies in (GCJ-02 or WGS-84, as posted), as a row of the helper's proposals."""
    _actor, post = _registrar(request)
    try:
        lng, lat = float(request.POST.get("lng", "")), float(request.POST.get("lat", ""))
        grid = locate(lng, lat, request.POST.get("datum", "wgs84"))
    except ValueError as wrong:
        raise Incomplete({"place": ["没有认出这个位置，请重新点选。"]}) from wrong
    inside = grid is not None and grid.code.startswith(post.area_code[:DISTRICT_DIGITS])
    return render(request, "cases/intake/_point.html", {"grid": grid if inside else None, "lng": lng, "lat": lat})


@staff
@require_POST
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Throw a half-written form away."""
    actor, _post = _registrar(request)
    drafting.drop(actor, request.POST.get("client_id", ""))
    return HttpResponseRedirect(reverse("cases:new"))
