"""A move or a record as a form that opens in place, and its one domain call.

GET `cases/<number>/moves/<move>/` gives the form: a fragment for htmx, a page without scripts. POST calls the door; a
refusal is told where the hand is, with everything typed kept. Which buttons there are: `buttons_of`. What a form asks,
with which defaults: `cases.views.forms`. What the resident will read: `foresee`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.queries import Actor
from cases import queries
from cases.deciding.services import decline_or_ask
from cases.models import Case, HandlerRequest, JointTask
from cases.needs import Need
from cases.public.telling import told_of
from cases.queries import Offer
from cases.services import move as move_case
from cases.services import record as record_case
from cases.services.attachments import store
from cases.services.door import posts_of
from cases.services.foreseeing import LATER, can_foresee
from cases.services.foreseeing import foresee as thought_of
from cases.standing import Standing
from cases.views.choices import drawn
from cases.views.door import staff
from cases.views.forms import (
    ASKS,
    VARIANT_FIELD,
    address_of,
    asked_of,
    defaults_of,
    follows_of,
    given_of,
    is_folded,
    slot_of,
    variants_of,
)
from cases.views.helps import helps_of
from cases.views.whereabouts import told
from cases.workflow import TABLE, Action, refusal
from cases.worklist import following
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal, Stale

#: A move whose `primary` is at most this is what the status waits for; from RARE_FROM on it is behind 更多.
EXPECTED_UP_TO, RARE_FROM = 10, 60
RARE_MOVES = {"consult", "suspend", "terminate", "merge", "withdraw", "archive", "escalate", "transfer", "decline"}
RARE_RECORDS = {"reissue", "amend", "order", "assign", "refer", "task_drop", "withdraw_request"}
#: Records that somebody waits for: they stand among the moves.
FIRST_RECORDS = {"decide", "opinion", "task_done"}
#: Has a place of its own on the page (附件、包案和案组) or pages of its own (接访、吹哨、共性诉求).
ELSEWHERE = {
    "attach",
    "request_decline",  # asked for by the form of `decline` itself, where it needs approval
    "receive",
    "sponsor",
    "sponsor_progress",
    "sponsor_end",
    "team",
    "team_done",
    "team_leave",
    "whistle",
    "crowd",
    "crowd_end",
    "items",
    "items_done",
    "items_drop",
    "hazard",
    "hazard_item",
    "hazard_done",
    "hazard_drop",
}


def buttons_of(
    case: Case,
    moves: Sequence[Offer],
    records: Sequence[Offer],
    requests: Sequence[HandlerRequest],
    tasks: Sequence[JointTask] = (),
) -> dict[str, Any]:
    """Return the buttons of a case page: `{expected, others, records, rare}`, each `{name, label, url, slot}`."""
    waiting = any(asked.approved is None and asked.withdrawn_at is None for asked in requests)
    senseless = set() if waiting else {"decide", "withdraw_request"}
    senseless |= set() if any(task.is_undone for task in tasks) else {"task_done", "task_drop"}
    offered = [one for one in records if one.name not in ELSEWHERE | senseless]
    expected = moves[0] if moves and moves[0].action.primary <= EXPECTED_UP_TO else None
    rest = [offer for offer in moves if offer is not expected]
    rare = [offer for offer in rest if offer.action.primary >= RARE_FROM or offer.name in RARE_MOVES]
    decide = [offer for offer in offered if offer.name in FIRST_RECORDS]
    plain = [offer for offer in offered if offer.name not in RARE_RECORDS | FIRST_RECORDS]
    return {
        "expected": _buttons(case, [expected])[0] if expected else None,
        "others": _buttons(case, [*decide, *(offer for offer in rest if offer not in rare)]),
        "records": _buttons(case, plain),
        "rare": _buttons(case, [*rare, *(offer for offer in offered if offer.name in RARE_RECORDS)]),
    }


def _buttons(case: Case, offers: Sequence[Offer]) -> list[dict[str, Any]]:
    found = []
    for offer in offers:
        url = address_of(case, offer.action)
        for variant, label in variants_of(case, offer.action) or [("", offer.label)]:
            slot = slot_of(offer.action, variant)
            address = f"{url}?{VARIANT_FIELD}={variant}" if variant else url
            found.append({"name": offer.name, "label": label, "url": address, "slot": slot})
    return found


@staff
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Open a move's form, or make the move."""
    action = TABLE.get(name)
    if action is None or not action.is_move or name == "register":
        raise Http404
    return _either(request, number, action)


@staff
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Open a record's form, or write the record."""
    action = TABLE.get(kind)
    if action is None or action.is_move:
        raise Http404
    return _either(request, number, action)


@staff
@require_POST
def foresee(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Show what the resident will read if this form were sent; nothing is written."""
    action = TABLE.get(name)
    if action is None or not can_foresee(action):
        raise Http404
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    standing = frozenset(posts_of(case, actor, now))
    _judge(case, action, standing, now)
    needs = asked_of(case, action, standing, request.POST.get(VARIANT_FIELD, ""))
    given = given_of(request.POST, needs)
    try:
        then, events = thought_of(case, action, given, actor=actor, now=now)
    except Incomplete as refused:
        sentences = [sentence for rows in refused.errors.values() for sentence in rows]
        shown: dict[str, Any] = {"missing": sentences}
    else:
        shown = {**told_of(then, now, events), "later": LATER.get(action.name, "")}
    if request.headers.get("HX-Request"):
        return render(request, "cases/_foreseen.html", {"case": case, "now": now, **shown})
    return _form(request, case, action, needs, standing, given, now, foreseen=shown)


def _either(request: HttpRequest, number: str, action: Action) -> HttpResponse:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    standing = frozenset(posts_of(case, actor, now))
    asked = request.GET if request.method == "GET" else request.POST
    needs = asked_of(case, action, standing, asked.get(VARIANT_FIELD, ""))
    if request.method == "GET":
        _judge(case, action, standing, now)
        return _form(request, case, action, needs, standing, defaults_of(case, action, asked, now), now)
    return _made(request, case, action, needs, standing, actor, now)


def _judge(case: Case, action: Action, standing: frozenset[Standing], now: datetime) -> None:
    refused = refusal(action, case, standing, now)
    if refused is not None:
        code, sentence = refused
        raise NotNow(sentence, current_status=case.status) if code == 409 else NotYou(sentence)


def _made(
    request: HttpRequest,
    case: Case,
    action: Action,
    needs: tuple[Need, ...],
    standing: frozenset[Standing],
    actor: Actor,
    now: datetime,
) -> HttpResponse:
    given = given_of(request.POST, needs)
    client_id = request.POST.get("client_id") or None
    version = _version(request.POST.get("version", "")) if action.is_move else None
    try:
        if request.FILES and version in (None, case.version):
            # Each file is a record of its own, written first: the version that was seen is compared here instead.
            _take_files(request, case, needs, given, actor, now)
            version = None
        if action.name == "decline":
            case, waits = decline_or_ask(case, given, actor=actor, now=now, version=version, client_id=client_id)
            action = TABLE["request_decline"] if waits else action
        elif action.is_move:
            case = move_case(case, action.name, actor=actor, now=now, version=version, client_id=client_id, given=given)
        elif action.name != "attach":
            record_case(case, action.name, actor=actor, now=now, client_id=client_id, given=given)
        elif not request.FILES:
            raise Incomplete({"attachments": ["请先选择要上传的文件。"]})
    except Incomplete as refused:
        files = next((need.name for need in needs if need.type == "photos"), "file")
        errors = {(files if name == "file" else name): rows for name, rows in refused.errors.items()}
        return _form(request, case, action, needs, standing, given, now, errors=errors, status=400)
    except (NotNow, Stale, NotYou) as refused:
        if request.headers.get("HX-Request"):
            raise
        return _form(request, case, action, needs, standing, given, now, refused=refused, status=refused.status)
    return _done(request, case, action, actor, now)


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _take_files(
    request: HttpRequest, case: Case, needs: tuple[Need, ...], given: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Keep the files that came with a form, and name them among what was given."""
    key = request.POST.get("client_id", "")
    for need in needs:
        if need.type != "photos":
            continue
        for place, upload in enumerate(request.FILES.getlist(f"{need.name}_files")):
            client_id = f"{key}-{place}" if key else None
            purpose = str(given.get("purpose", ""))
            kept = store(case, upload, actor=actor, now=now, purpose=purpose, client_id=client_id)  # type: ignore[arg-type]
            given.setdefault(need.name, []).append(str(kept.uid))


def _form(
    request: HttpRequest,
    case: Case,
    action: Action,
    needs: tuple[Need, ...],
    standing: frozenset[Standing],
    values: Mapping[str, Any],
    now: datetime,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: Refusal | None = None,
    foreseen: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    variant = asked.get(VARIANT_FIELD, "") if variants_of(case, action) else ""
    slot = slot_of(action, variant)
    rows = [row for row in drawn(needs, case, now) if not (variant and row["name"] == VARIANT_FIELD)]
    folded = [row for row in rows if is_folded(action, row)]
    context = {
        "case": case,
        "number": case.number,
        "title": f"{action.label} · {case.title}",
        "move": {"name": slot, "label": dict(variants_of(case, action)).get(variant, action.label), "needs": rows},
        "needs_first": [row for row in rows if row not in folded],
        "needs_folded": folded,
        "folded_words": "、".join(str(row["label"]) for row in folded),
        "folded_open": request.method == "POST" and any(row["name"] in {**(errors or {}), **values} for row in folded),
        "variant": variant,
        "variant_field": VARIANT_FIELD,
        "action": address_of(case, action),
        "foresee_url": reverse("cases:foresee", args=[case.number, action.name]) if can_foresee(action) else "",
        "foreseen": foreseen,
        "helps": helps_of(case, action.name, needs, slot, now),
        "given": values,
        "errors": errors or {},
        "refusal": refused.detail if refused else _loose(errors or {}, needs),
        "follows": follows_of(case, action),
        "confirm": ASKS.get(action.name, ""),
        "version": case.version if action.is_move else "",
        "client_id": request.POST.get("client_id") or str(uuid.uuid4()),
        "open": True,
        "expected": request.GET.get("expected") == "1",
        "now": now,
    }
    alone = request.__dict__.get("move_page", "cases/move.html")  # the phone has a frame of its own
    template = "cases/_move.html" if request.headers.get("HX-Request") else alone
    return render(request, template, context, status=status)


def _loose(errors: Mapping[str, list[str]], needs: tuple[Need, ...]) -> str:
    """Sentences that belong to no field of the form."""
    known = {need.name for need in needs}
    return "；".join(sentence.rstrip("。") for name, rows in errors.items() if name not in known for sentence in rows)


def _done(request: HttpRequest, case: Case, action: Action, actor: Actor, now: datetime) -> HttpResponse:
    done: list[str] = request.session.get("drafts_done", [])
    slot = slot_of(action, request.POST.get(VARIANT_FIELD, "") if variants_of(case, action) else "")
    request.session["drafts_done"] = [*done, f"move-{case.number}-{slot}"]
    try:
        seen = queries.case_for(actor, case.number, now)
    except NotYours:
        messages.success(request, f"{told(case, action, now)}该件已转出，不再由您查看。")
        return _to(request, following.list_of(request))
    messages.success(request, told(seen, action, now))
    page = "cases:receipt" if action.name == "reissue" else "cases:case"
    return _to(request, following.with_list(request, reverse(page, args=[case.number])))


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
