"""办件: the matters one may act on or watches, as cards, and one matter with what may be done, each form ready for the outbox.

Which buttons there are and what they ask is the table's and `cases.views.moves`'s; here they are only laid out for a hand. A page shows
nothing that may not lie on a phone: people masked, phone and ID numbers in free text masked.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import Actor
from cases import choices as c
from cases import dossier, queries
from cases.dossier import Dossier
from cases.models import Case, HandOver
from cases.phone import handing
from cases.phone.cards import JOINED, cards_of, who_has
from cases.phone.door import phone
from cases.phone.today import Day, handed_line
from cases.services.attachments import PAPERS
from cases.views import moves
from cases.views.choices import drawn
from cases.views.contact import sides_of
from cases.views.due import due_of
from cases.views.files import file_row
from cases.views.forms import ASKS, asked_of, defaults_of, follows_of, variants_of
from cases.views.history import stages_of
from cases.views.whereabouts import notes_of, whereabouts_of
from cases.workflow import TABLE, Action
from cases.worklist import paging
from governance_portal.lib.masking import mask_address, mask_text
from grids.queries import beside, chain_of

PAGE = 20
TABS = {"mine": "待我办", "pressing": "快到期", "handed": "转办", "all": "网格里的"}
EMPTY = {
    "mine": ("没有等您办的事项", "您网格里新登记的、转到本单位的、您承办的，会出现在这里。"),
    "pressing": ("没有快到期的", "您网格里的、时限剩得不多或者过了时限的，会出现在这里。"),
    "handed": ("没有转办的事项", "同网格的人转给您的、您转给别人的，会出现在这里。"),
    "all": ("没有在办的事项", "您网格里和您单位在办的，会出现在这里；发现问题请点“上报”。"),
}
#: Records that lie on the phone as forms, and where the API takes them.
RECORDS = {"note": "api-notes", "contact": "api-contacts", "assist": "api-opinions"}
#: Needs whose lists are looked up while typing: such a form is opened with the network, on a page of its own.
LOOKED_UP = {"case", "units", "unit"}
#: So many stages of the history, the last ones; the whole of it is on the desk's page.
STAGES = 2


@phone
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """`/m/cases/`: cards by tab, with a pager by key."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    day = Day(actor, now)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "mine"
    asked = day.visible.filter(_of_tab(day, tab)).select_related(*JOINED).defer("description")
    order = "step" if tab == "mine" else "due"
    page = paging.page_of(asked, order, PAGE, request.GET.get("after", ""), request.GET.get("before", ""))
    title, means = EMPTY[tab]
    context = {
        "title": "办件",
        "now": now,
        "tabs": [{"code": code, "label": label, "here": code == tab} for code, label in TABS.items()],
        "cards": cards_of(page.cases, now, by_step=tab == "mine"),
        "next_url": f"?{_query(tab, after=page.last)}" if page.last else "",
        "previous_url": f"?{_query(tab, before=page.first)}" if page.first else "",
        "blank": {"title": title, "means": means},
    }
    return render(request, "phone/cases.html", context)


def _of_tab(day: Day, tab: str) -> Q:
    if tab == "mine":
        return day.turn
    if tab == "pressing":
        return day.pressing
    if tab == "handed":
        open_ones = HandOver.objects.filter(ended_at__isnull=True)
        mine = open_ones.filter(Q(to_user_id=day.actor.user_id) | Q(from_user_id=day.actor.user_id))
        return Q(pk__in=mine.values("case_id"))
    return Q()


def _query(tab: str, **cursor: str) -> str:
    asked = QueryDict(mutable=True)
    asked.update({"tab": tab, **cursor})
    return asked.urlencode()


# --- one matter -------------------------------------------------------------------------------------------------


@phone
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """`/m/cases/<number>/`: where it stands, what is to be done, what happened."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return page(request, actor, number, now)


def page(
    request: HttpRequest,
    actor: Actor,
    number: str,
    now: datetime,
    *,
    handing_errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw one matter; with the errors of a hand-over that was not taken, and what was typed."""
    whole = dossier.whole(dossier.find(actor, number, now), actor, now, clocks=False)
    case = whole.case
    events = queries.history(case)
    buttons = moves.buttons_of(case, whole.moves, whole.records, whole.requests, whole.tasks)
    expected = buttons["expected"]
    context = {
        "title": mask_text(case.title),
        "case": case,
        "number": case.number,
        "now": now,
        "description": mask_text(case.description),
        "due": due_of(case, now),
        "notes": notes_of(case, events),
        "where": whereabouts_of(case, events, expected["label"] if expected else "", now),
        "facts": _facts(case),
        "people": _people(whole),
        "answer": _answer(whole, events),
        "files": [file_row(found, case) for found in whole.attachments if found.purpose not in PAPERS],
        "stages": _short(whole, events, now),
        **_ways(whole, buttons, now),
        **_handing(case, actor, now),
        "handing_errors": handing_errors or {},
        "refusal": refusal,
        "typed": typed or {},
        "key": str(uuid.uuid4()),
    }
    return render(request, "phone/case.html", context, status=status)


def _facts(case: Case) -> list[dict[str, str]]:
    chain = [name for _code, name in chain_of(case.grid_code or case.area_code)]
    named = [beside(name, *chain[:place]) for place, name in enumerate(chain)]
    shown = mask_address(case.address) if case.confidential else mask_text(case.address)
    rows = [
        ("地点", shown),
        ("网格", " · ".join(named[1:] or named)),
        ("类别", str(case.category) if case.category_id else "尚未归类"),
        ("谁在办", who_has(case)),
        ("来源", str(case.get_channel_display())),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _people(whole: Dossier) -> list[str]:
    """Names of those who reported, masked; nobody of a confidential matter, no phones: those are asked for with a reason."""
    sides = sides_of(whole.case, whole.parties, may_see=False)
    reporters = [side for side in sides if side["side"] == c.PartySide.REPORTER]
    return [str(person["name"]) for side in reporters for person in side["people"] if person.get("name")]


def _answer(whole: Dossier, events: Sequence[Any]) -> str:
    """What was answered, once the check let it go."""
    if whole.case.status not in (c.Status.FOLLOW_UP, c.Status.CLOSED, c.Status.ARCHIVED):
        return ""
    replies = [event.data.get("reply", "") for event in events if event.kind in ("resolve", "resolve_on_spot")]
    return mask_text(str(replies[-1])) if replies else ""


def _short(whole: Dossier, events: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    """The history by stage, the last stages only, free text masked, without the files (they stand above)."""
    stages = stages_of(
        events, {}, lambda found: found, ratings=whole.shows_rating, now=now, is_open=whole.case.is_open
    )[:STAGES]
    for stage in stages:
        stage["entries"] = [
            {**entry, "inner": mask_text(entry["inner"]), "public": mask_text(entry["public"])}
            for entry in stage["entries"]
        ]
    return stages


def _ways(whole: Dossier, buttons: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The forms: the one that is expected, the others, those behind 更多; each as a form here or a link to its page."""

    def laid(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [_way(whole, row, now) for row in rows if row["name"] != "attach"]

    expected = buttons["expected"]
    return {
        "expected": _way(whole, expected, now) if expected else None,
        "others": laid(buttons["others"]),
        "rare": laid([*buttons["records"], *buttons["rare"]]),
    }


def _way(whole: Dossier, button: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    case, action = whole.case, TABLE[button["name"]]
    needs = asked_of(case, action, whole.standing, "")
    plain = not variants_of(case, action) and not any(need.type in LOOKED_UP for need in needs)
    url = _api_url(case, action) if plain else ""
    way = {**button, "url": _door_url(case, action) if plain else button["url"], "outbox_url": url, "rows": []}
    if url:
        rows = drawn(needs, case, now)
        way |= {
            # The list is in the page: a picker that asked the server would find nothing in a stairwell.
            "rows": [{**row, "choices_url": ""} for row in rows if row["type"] != "photos"],
            "photos": [row for row in rows if row["type"] == "photos"],
            "given": defaults_of(case, action, QueryDict(), now),
            "is_move": action.is_move,
            "follows": follows_of(case, action),
            "confirm": ASKS.get(action.name, ""),
            "prefix": f"{button['slot']}-",
        }
    return way


def _api_url(case: Case, action: Action) -> str:
    if action.is_move:
        return reverse("api-moves", args=[case.number]) if action.name != "decline" else ""
    return reverse(RECORDS[action.name], args=[case.number]) if action.name in RECORDS else ""


def _door_url(case: Case, action: Action) -> str:
    return reverse("phone:do", args=[case.number, "moves" if action.is_move else "records", action.name])


def _handing(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    """What lies with whom, and whom one may ask; two queries more where the matter has a grid."""
    lies = handing.open_of(case) if case.is_open else None
    crew = handing.crew_of(case.grid_code, now) if case.grid_code and case.is_open else []
    may = not handing.objection(case, actor, crew) if crew else False
    mine = lies is not None and lies.to_user_id == actor.user_id
    free = lies is not None and may and handing.lapsed(lies, crew)
    words = handed_line(lies, actor) if lies else ""
    return {
        "lies": lies,
        "lies_words": f"{words}（{lies.to_user.name}今天不在这个网格，可以另转）" if lies and free else words,
        "lies_with_me": mine,
        "given_by_me": lies is not None and lies.from_user_id == actor.user_id,
        "crew": handing.others(crew, actor) if may and (lies is None or mine or free) else [],
    }


# --- doors for phones without scripts ------------------------------------------------------------------------------


@phone
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, number: str, what: str, name: str) -> HttpResponse:
    """`/m/cases/<number>/moves|records/<name>/`: the house's door, drawn in the phone's frame and coming back to the phone."""
    request.move_page = "phone/move.html"  # type: ignore[attr-defined]
    for field in list(request.FILES):
        request.FILES.setlist(f"{field}_files", request.FILES.getlist(field))  # the outbox names a photo by its need
    view = moves.move if what == "moves" else moves.record
    answer = view(request, number=number, **{"name" if what == "moves" else "kind": name})
    if isinstance(answer, HttpResponseRedirect) and number in answer.url:
        return HttpResponseRedirect(reverse("phone:case", args=[number]))
    if isinstance(answer, HttpResponseRedirect):
        return HttpResponseRedirect(reverse("phone:today"))
    return answer  # type: ignore[return-value]
