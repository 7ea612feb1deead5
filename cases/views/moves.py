"""A move or a record as a form that opens in place, and its one domain call.

GET `cases/<number>/moves/<move>/` gives the form: a fragment for htmx, a page without scripts. POST calls the door; a
refusal is told where the hand is, with everything typed kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.queries import Actor
from cases import queries
from cases.choices import Status
from cases.models import Case
from cases.needs import Need, applying
from cases.services import move as move_case
from cases.services import record as record_case
from cases.services.attachments import store
from cases.services.door import posts_of
from cases.views.choices import drawn
from cases.views.door import staff
from cases.views.due import step_of
from cases.workflow import TABLE, Action, refusal
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal, Stale

#: What follows a move, in the words of the desk; the resident's words come from queries.PUBLIC_EVENTS.
ASKS: Mapping[str, str] = {
    "decline": "不予受理后，居民会看到去哪里反映；确定吗？",
    "merge": "并案后本件不再单独办理，居民会看到合并到哪一件；确定吗？",
    "withdraw": "撤回后本件办结，居民会看到“已撤回”；确定吗？",
    "terminate": "终止后本件办结，居民会看到其他途径；确定吗？",
    "archive": "归档后不能再改动；确定吗？",
    "reissue": "补打后旧的查询码立即作废；确定吗？",
}
MANY = ("units", "choices", "photos")


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


def _either(request: HttpRequest, number: str, action: Action) -> HttpResponse:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.case_for(actor, number, now)
    standing = frozenset(posts_of(case, actor, now))
    needs = applying(action.needs, case, standing)
    if request.method == "GET":
        refused = refusal(action, case, standing, now)
        if refused is not None:
            code, sentence = refused
            raise NotNow(sentence, current_status=case.status) if code == 409 else NotYou(sentence)
        return _form(request, case, action, needs, {}, now)
    return _made(request, case, action, needs, actor, now)


def _made(
    request: HttpRequest, case: Case, action: Action, needs: tuple[Need, ...], actor: Actor, now: datetime
) -> HttpResponse:
    given = given_of(request.POST, needs)
    client_id = request.POST.get("client_id") or None
    version = _version(request.POST.get("version", "")) if action.is_move else None
    try:
        if request.FILES and version in (None, case.version):
            # Each file is a record of its own, written first: the version that was seen is compared here instead.
            _take_files(request, case, needs, given, actor, now)
            version = None
        if action.is_move:
            case = move_case(case, action.name, actor=actor, now=now, version=version, client_id=client_id, given=given)
        elif action.name != "attach":
            record_case(case, action.name, actor=actor, now=now, client_id=client_id, given=given)
        elif not request.FILES:
            raise Incomplete({"attachments": ["请先选择要上传的文件。"]})
    except Incomplete as refused:
        files = next((need.name for need in needs if need.type == "photos"), "file")
        errors = {(files if name == "file" else name): rows for name, rows in refused.errors.items()}
        return _form(request, case, action, needs, given, now, errors=errors, status=400)
    except (NotNow, Stale, NotYou) as refused:
        if request.headers.get("HX-Request"):
            raise
        return _form(request, case, action, needs, given, now, refused=refused, status=refused.status)
    return _done(request, case, action, actor, now)


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def given_of(posted: QueryDict, needs: tuple[Need, ...]) -> dict[str, Any]:
    """Return what was typed for these needs; blanks are left out, of two fields with one name the filled one counts."""
    given: dict[str, Any] = {}
    for need in needs:
        filled = [value for value in posted.getlist(need.name) if value.strip()]
        if filled:
            given[need.name] = filled if need.type in MANY else filled[-1]
    return given


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
    values: Mapping[str, Any],
    now: datetime,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "number": case.number,
        "title": f"{action.label} · {case.title}",
        "move": {"name": action.name, "label": action.label, "needs": drawn(needs, case, now)},
        "action": address_of(case, action),
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
    template = "cases/_move.html" if request.headers.get("HX-Request") else "cases/move.html"
    return render(request, template, context, status=status)


def _loose(errors: Mapping[str, list[str]], needs: tuple[Need, ...]) -> str:
    """Sentences that belong to no field of the form."""
    known = {need.name for need in needs}
    return "；".join(sentence.rstrip("。") for name, rows in errors.items() if name not in known for sentence in rows)


def address_of(case: Case, action: Action) -> str:
    """Where the form of a move or record lives."""
    return reverse("cases:move" if action.is_move else "cases:record", args=[case.number, action.name])


def follows_of(case: Case, action: Action) -> str:
    """Say what the resident will read afterwards, so that nobody is surprised."""
    if not action.is_move:
        return ""
    if action.name == "resolve":
        return "上报后由督办员审核；审核通过后，居民会看到您写的答复。"
    label = queries.PUBLIC_EVENTS.get(action.name)
    return f"办理后居民会看到“{label}”。" if label else "居民看不到这一步。"


def _done(request: HttpRequest, case: Case, action: Action, actor: Actor, now: datetime) -> HttpResponse:
    done: list[str] = request.session.get("drafts_done", [])
    request.session["drafts_done"] = [*done, f"move-{case.number}-{action.name}"]
    try:
        seen = queries.case_for(actor, case.number, now)
    except NotYours:
        messages.success(request, f"{told(case, action, now)}该件已转出，不再由您查看。")
        return _to(request, reverse("cases:list"))
    messages.success(request, told(seen, action, now))
    page = "cases:receipt" if action.name == "reissue" else "cases:case"
    return _to(request, reverse(page, args=[case.number]))


def told(case: Case, action: Action, now: datetime) -> str:
    """Say what happened and what follows: 「已分流至井坪司法所。签收：今天 16:30 前」."""
    if not action.is_move:
        return f"已记入“{action.label}”。"
    unit = case.lead_unit.name if case.lead_unit_id and case.lead_unit else ""
    where = f"至{unit}" if action.name in ("dispatch", "conclude", "reassign", "insist") else ""
    after = f"现为“{Status(case.status).label}”"
    step = step_of(case, now) if case.is_open else None
    until = f"，{step.words}" if step and step.words else ""
    return f"已{action.label}{where}，{after}{until}。"


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
