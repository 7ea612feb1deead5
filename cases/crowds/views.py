"""重复和热点 for staff: groups that may be one matter, hot matters, what a person decides of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases import dossier
from cases.crowds import deciding, hot, queries
from cases.crowds.deciding import Taken
from cases.crowds.rules import rules
from cases.models import Case
from cases.views.door import staff
from cases.views.due import due_of
from governance_portal.lib import spoken
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_text

PER_PAGE = 20
#: So many hot matters stand on a desk; the page has all.
ON_DESK = 3
STORY_SHOWN = 160
REPEATS, HOT, JOINT = "repeats", "hot", "joint"
TABS = ((REPEATS, "可能重复"), (HOT, "热点"), (JOINT, "共性诉求"))
Errors = Mapping[str, Sequence[str]]
DONE = {"merge": "已并入", "link": "已关联", "dismiss": "已记下不是同一事项"}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; NotYou for posts that hot matters and repeats are not shown to."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not hot.may_look(actor):
        raise NotYou("重复和热点由分流员、督办员处理。")
    return actor


@staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Three tabs: groups that may be one matter, hot matters, joint matters."""
    now, actor = timezone.now(), actor_of(request)
    asked = request.GET.get("tab")
    tab = next((code for code, _label in TABS if code == asked), REPEATS)
    context = {
        "title": "重复和热点",
        "tab": tab,
        "tabs": [(code, label, code == tab) for code, label in TABS],
        "rules": rules(),
        "now": now,
        **{REPEATS: _repeats, HOT: _hot, JOINT: _joint}[tab](request, actor, now),
    }
    return render(request, "cases/crowds/list.html", context)


@staff
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The card on the desk of who routes, for a page that asks for it when it is drawn; empty while there is nothing."""
    now, actor = timezone.now(), actor_of(request)
    found = hot.hot(actor, now)
    context = {
        "hot": found[:ON_DESK],
        "hot_more": max(len(found) - ON_DESK, 0),
        "repeats_waiting": queries.waiting_count(actor, now),
        "now": now,
    }
    return render(request, "cases/crowds/_on_desk.html", context)


def _repeats(request: HttpRequest, actor: Actor, now: datetime) -> dict[str, Any]:
    page = Paginator(queries.groups_of(actor, now), PER_PAGE).get_page(request.GET.get("page"))
    newest = {case.pk: case for case in queries.read([group.ids[-1] for group in page], actor, now)}
    rows = [(group, newest[group.ids[-1]]) for group in page if group.ids[-1] in newest]
    return {"groups": rows, **_pages(page, REPEATS)}


def _hot(_request: HttpRequest, actor: Actor, now: datetime) -> dict[str, Any]:
    return {"hot": hot.hot(actor, now), "left": hot.hot(actor, now, dismissed=True)}


def _joint(request: HttpRequest, actor: Actor, now: datetime) -> dict[str, Any]:
    page = Paginator(queries.crowds_of(actor, now), PER_PAGE).get_page(request.GET.get("page"))
    return {"crowds": list(page), **_pages(page, JOINT)}


def _pages(page: Page[Any], tab: str) -> dict[str, Any]:
    """What the pager draws."""
    return {
        "page": page,
        "previous_url": f"?tab={tab}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?tab={tab}&page={page.next_page_number()}" if page.has_next() else "",
        "page_words": f"第 {page.number} 页，共 {page.paginator.num_pages} 页",
    }


# --- one group --------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, number: str) -> HttpResponse:
    """The matters that may be one with this one: merged in one go, linked, or said not to be the same."""
    now, actor = timezone.now(), actor_of(request)
    case = dossier.find(actor, number, now)
    found = queries.group_with(actor, case, now)
    cases = queries.read(found.ids, actor, now) if found else []
    context = {
        "title": "可能是同一件事",
        "here": case,
        "number": number,
        "lead": "说的内容、地点、类别相近。请看过再定：并案后各人仍用自己的受理编号查询，办结时一并告知。",
        "url": reverse("crowds:group", args=[number]),
        "may_dismiss": True,
        "all_ticked": True,
    }
    return _taken(request, actor, cases, context, now)


MAY_DIFFER = "同一处不一定是同一件事：请看过再勾选。同一件事可以并案；原因相同而各办各的，可以关联。"


@staff
@require_http_methods(["GET", "POST"])
def hot_matter(request: HttpRequest, place: str, category: str) -> HttpResponse:
    """One hot matter: who reported what when; taken together in one go, or left alone until it grows."""
    now, actor = timezone.now(), actor_of(request)
    one, cases = hot.find(actor, place, category, now)
    context = {
        "title": f"{one.place_name} · {one.category_name}",
        "hot": one,
        "lead": f"{rules().hot_days} 天内同一地点、同一类别登记了 {one.count} 件。{MAY_DIFFER}",
        "url": reverse("crowds:hot", args=[place, category]),
        "left_url": reverse("crowds:hot-leave", args=[place, category]),
        "may_dismiss": False,
        "all_ticked": False,
    }
    return _taken(request, actor, cases, context, now)


@staff
@require_POST
def leave(request: HttpRequest, place: str, category: str) -> HttpResponse:
    """Leave a hot matter alone until one more report of it comes in."""
    now, actor = timezone.now(), actor_of(request)
    try:
        hot.dismiss(actor, place, category, request.POST.get("reason", ""), now=now)
    except Incomplete as refused:
        messages.error(request, "".join(row for rows in refused.errors.values() for row in rows))
        return HttpResponseRedirect(reverse("crowds:hot", args=[place, category]))
    messages.success(request, "已记下，有新的登记时再提示。")
    return HttpResponseRedirect(f"{reverse('crowds:list')}?tab={HOT}")


def _taken(
    request: HttpRequest, actor: Actor, cases: Sequence[Case], context: dict[str, Any], now: datetime
) -> HttpResponse:
    """Draw a group, or take it together as posted; a refusal is told on the form with everything ticked kept."""
    if request.method != "POST":
        return _drawn(request, cases, context, now)
    master, numbers = request.POST.get("master", ""), request.POST.getlist("numbers")
    how, note = request.POST.get("how", ""), request.POST.get("note", "")
    try:
        taken = deciding.take_together(master, numbers, actor=actor, now=now, how=how, note=note)
    except Incomplete as refused:
        return _drawn(request, cases, context, now, errors=refused.errors, status=400)
    say(request, taken, DONE[how])
    if how == "merge" and taken.done:
        return HttpResponseRedirect(reverse("crowds:crowd", args=[taken.master.number]))
    return HttpResponseRedirect(context["url"] if taken.refused else reverse("crowds:list"))


def say(request: HttpRequest, taken: Taken, done: str) -> None:
    """Tell what was done and, each by itself, what was refused."""
    if taken.done:
        messages.success(request, f"{done} {len(taken.done)} 件。")
    for number, why in taken.refused:
        messages.error(request, f"{number}：{why}")


def _drawn(
    request: HttpRequest,
    cases: Sequence[Case],
    context: dict[str, Any],
    now: datetime,
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    head = queries.head_of(cases)
    posted = request.method == "POST"
    master = request.POST.get("master", "") if posted else head.number if head else ""
    everything = context["all_ticked"] and not posted
    ticked = set(request.POST.getlist("numbers"))
    first = next((case for case in cases if case.number == master), head)
    rows = [row_of(case, first, now, ticked=everything or case.number in ticked) for case in cases]
    if head and "hot" in context and actor_of(request).has(Role.SUPERVISOR):
        context = {**context, "order_url": reverse("cases:record", args=[head.number, "order"])}
    more = {"rows": rows, "master": master, "errors": errors or {}, "note": request.POST.get("note", ""), "now": now}
    return render(request, "cases/crowds/group.html", {**context, **more}, status=status)


def row_of(case: Case, head: Case | None, now: datetime, *, ticked: bool = False) -> dict[str, Any]:
    """Return a line of `crowds/_row.html`: the matter, its beginning, what it shares with the first."""
    due = due_of(case, now)
    story = " ".join(case.description.split())
    return {
        "number": case.number,
        "title": case.title,
        "url": reverse("cases:case", args=[case.number]),
        "story": mask_text(story[:STORY_SHOWN]) + ("…" if len(story) > STORY_SHOWN else ""),
        "when": f"{spoken.day_words(case.registered_at, now)}登记",
        "channel": case.get_channel_display(),
        "unit": case.lead_unit.name if case.lead_unit_id and case.lead_unit else "",
        "stage": case.stage,
        "status": case.status,
        "status_label": case.get_status_display(),
        "due_state": due.state,
        "due_words": due.told,
        "may_go": queries.may_go(case),
        "is_live": deciding.is_live(case),
        "ticked": ticked and queries.may_go(case),
        "shared": queries.shared_words(case, head) if head and head.pk != case.pk else [],
    }


# --- on the case page -------------------------------------------------------------------------------------------


@staff
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Decide one pair from the case page: `how` merge, link or dismiss; `other` the earlier matter's number."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = dossier.find(actor, number, now)
    other, how = request.POST.get("other", ""), request.POST.get("how", "")
    try:
        deciding.decide(case, other, how, actor=actor, now=now, note=request.POST.get("note", ""))
    except Incomplete as refused:
        messages.error(request, "".join(row for rows in refused.errors.values() for row in rows))
    else:
        messages.success(
            request,
            {"merge": "已并案，居民会看到合并到哪一件。", "link": "已关联为同一事项。"}.get(how, "已记下，不再提示。"),
        )
    url = reverse("cases:case", args=[number])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
