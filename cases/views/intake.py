"""Walk-in registration: one screen, one domain call, then the receipt."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.intake import INTAKE, MOST_REPRESENTATIVES, PARTY_FIELDS
from cases.services import register
from cases.services.registering import REGISTRARS
from cases.views import choices
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYou

PRIVACY_VERSION = "2026-1"
REPORTERS, OTHERS = MOST_REPRESENTATIVES, 2
PLAIN = ("kind", "channel", "title", "description", "category", "visitor_count", "complained_unit", "complaint_nature")
TICKS = ("anonymous", "confidential", "willing_to_mediate")
NEEDS = {need.name: need for need in INTAKE}
#: A line of the intake's own form belongs to this field of the contract.
HELD_BY = {"place": "place-address", "reporters": "reporter-0-name", "other_party": "other-0-name"}


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draw the intake, or register and go on to the receipt; with mistakes the form comes back as it was typed."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*REGISTRARS):
        raise NotYou("登记由窗口受理员、话务员或网格员办理，您没有这些岗位。")
    if request.method == "GET":
        start = QueryDict(mutable=True)
        start.update({"kind": request.GET.get("kind", ""), "channel": _channel(actor), "client_id": str(uuid.uuid4())})
        return _page(request, actor, start, {}, "", now, 200)
    try:
        given = given_of(request.POST, actor)
        found = register(actor, given, now=now, client_id=request.POST.get("client_id") or None)
    except Incomplete as refused:
        errors = {HELD_BY.get(name, name): rows for name, rows in refused.errors.items()}
        return _page(request, actor, request.POST, errors, "", now, 400)
    except NotNow as refused:
        return _page(request, actor, request.POST, {}, refused.detail, now, 409)
    request.session["drafts_done"] = ["intake"]
    number = found.case.number
    if actor.has(Role.CLERK, Role.OPERATOR):
        return HttpResponseRedirect(reverse("cases:receipt", args=[number]) + "?new=1")
    return HttpResponseRedirect(reverse("cases:case", args=[number]))


def _channel(actor: Actor) -> str:
    if actor.has(Role.CLERK):
        return str(c.Channel.WINDOW.value)
    return str((c.Channel.HOTLINE if actor.has(Role.OPERATOR) else c.Channel.GRID).value)


def given_of(posted: QueryDict, actor: Actor) -> dict[str, Any]:
    """Return the body of `POST cases/` for what was typed; blanks are left out."""
    given: dict[str, Any] = {name: _typed_in(posted, name) for name in PLAIN if _typed_in(posted, name)}
    given.setdefault("channel", _channel(actor))
    for name in TICKS:
        if posted.get(name):
            given[name] = posted[name] in ("on", "true")
    given["place"] = {
        name: _typed_in(posted, f"place-{name}")
        for name in ("address", "area", "grid")
        if _typed_in(posted, f"place-{name}")
    }
    given["reporters"] = _people(posted, "reporter", REPORTERS)
    given["other_party"] = _people(posted, "other", OTHERS)
    given["privacy_version"] = PRIVACY_VERSION
    return given


def _typed_in(posted: QueryDict, name: str) -> str:
    return str(posted.get(name, "")).strip()


def _people(posted: QueryDict, prefix: str, most: int) -> list[dict[str, str]]:
    rows = []
    for place in range(most):
        row = {name: _typed_in(posted, f"{prefix}-{place}-{name}") for name in PARTY_FIELDS}
        if any(row.values()):
            rows.append({**row, "role": posted.get(f"{prefix}-{place}-role", "") or c.PartyRole.PERSON.value})
    return rows


# --- drawing ----------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    actor: Actor,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    refusal: str,
    now: datetime,
    status: int,
) -> HttpResponse:
    post = next(iter(actor.with_role(*REGISTRARS)))
    area = values.get("place-area", "")
    context = {
        "title": "登记",
        "values": values,
        "errors": errors,
        "loose": [
            row for name, rows in errors.items() if name in ("attachments", "level", "procedure") for row in rows
        ],
        "refusal": refusal,
        "fields": _fields(str(values.get("kind", "")), post.area_code),
        "grids": choices.grids(str(area)) if str(area).isdigit() else [],
        "grid_chosen": values.get("place-grid", ""),
        "reporters": [_person("reporter", place, roles=True) for place in range(REPORTERS)],
        "others": [_person("other", place, roles=False) for place in range(OTHERS)],
        "more_reporters": _typed(values, "reporter", range(1, REPORTERS)),
        "other_typed": _typed(values, "other", range(OTHERS)) or "other-0-name" in errors,
        "complaint_typed": bool(values.get("complained_unit") or values.get("complaint_nature")),
        "channel_fixed": not actor.has(Role.CLERK, Role.OPERATOR),
        "client_id": values.get("client_id") or str(uuid.uuid4()),
        "privacy_version": PRIVACY_VERSION,
        "now": now,
    }
    return render(request, "cases/new.html", context, status=status)


def _typed(values: Mapping[str, Any], prefix: str, places: range) -> bool:
    return any(values.get(f"{prefix}-{place}-{name}") for place in places for name in PARTY_FIELDS)


def _fields(kind: str, area: str) -> dict[str, dict[str, Any]]:
    """The rows that `{% need_field %}` draws, by name."""
    rows = {name: NEEDS[name].as_dict() for name in PLAIN}
    for row in rows.values():
        row.pop("choices_url", None)
        row.pop("public", None)
    rows["category"] = choices.category_field(kind if kind in c.Kind.values else "")
    rows["complained_unit"] |= {"choices": choices.all_units(), "help": "只在投诉某个单位时填写。"}
    rows["visitor_count"]["help"] = "同来几个人就填几。"
    rows["title"]["help"] = "不填则取反映事项的第一句话。"
    rows["area"] = choices.place_field(area[:6] if len(area) == 6 else area)
    rows["address"] = {"name": "place-address", "label": "详细地址", "type": "text", "required": False, "maximum": 200}
    return rows


def _person(prefix: str, place: int, *, roles: bool) -> list[dict[str, Any]]:
    """The fields of one person; every one may stay empty (behaviour 25)."""
    labels = {"name": "姓名", "phone": "联系电话", "id_number": "证件号", "address": "住址"}
    rows = [
        {"name": f"{prefix}-{place}-{name}", "label": label, "type": "text", "required": False}
        for name, label in labels.items()
    ]
    if roles:
        listed = [{"value": value, "label": label} for value, label in c.PartyRole.choices]
        rows.append(
            {"name": f"{prefix}-{place}-role", "label": "身份", "type": "choice", "required": False, "choices": listed}
        )
    return rows
