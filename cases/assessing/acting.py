"""What is done on the pages of 网格考核: compute, show, grade, decide, archive; appeal, answer, confirm, send back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit
from cases.assessing import access, appeals, services
from cases.assessing.views import actor_of, grid_page, round_page
from cases.models import Appeal
from cases.views.door import staff
from governance_portal.lib.errors import Incomplete, NotNow, NotYours

STEPS: dict[str, Any] = {"show": services.show, "decide": services.decide, "archive": services.archive}
DONE = {
    "show": "已公示，有关人员会收到通知，七天内可以申诉。",
    "decide": "已定案。有关人员可在“本网格考核”里看到评定。",
    "archive": "已归档。",
}
JUDGED = {
    "answer": "答复已拟好，请另一位督办员或中心负责人会签。",
    "confirm": "已会签，申诉人会收到通知。",
    "back": "已退回，请另拟答复。",
}


def _to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"assessments:{name}", args=args))


@staff
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Compute a quarter of a class."""
    now = timezone.now()
    quarter, work_class = request.POST.get("quarter", ""), request.POST.get("work_class", "")
    try:
        row = services.begin(actor_of(request), quarter, work_class, now=now, **audit.request_meta(request))
    except Incomplete as refused:  # the buttons send only what can be computed
        raise NotNow(next(iter(refused.errors.values()))[0]) from refused
    messages.success(request, "已计算，请核对后公示。数字不再变动；评定由人作出。")
    return _to("round", row.pk)


@staff
@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Show, decide or archive a round."""
    if step not in STEPS:
        raise Http404
    now, actor = timezone.now(), actor_of(request)
    access.find_round(actor, pk, now)
    STEPS[step](actor, pk, now=now, **audit.request_meta(request))
    messages.success(request, DONE[step])
    return _to("round", pk)


@staff
@require_POST
def grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the grades of a page of grids; grids left open stay open."""
    now, actor = timezone.now(), actor_of(request)
    access.find_round(actor, pk, now)
    typed = {name: value.strip() for name, value in request.POST.dict().items() if isinstance(value, str)}
    given = {}
    for name, chosen in typed.items():
        key = name.removeprefix("grade-")
        if name.startswith("grade-") and chosen and key.isascii() and key.isdigit() and len(key) < 18:
            given[int(key)] = (chosen, typed.get(f"words-{key}", ""))
    try:
        changed = services.grade(actor, pk, given, now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return round_page(request, pk, now, errors=refused.errors, typed=typed, status=400)
    messages.success(request, f"已记下 {changed} 个网格的评定。" if changed else "没有改动。")
    page = request.GET.get("page", "")
    again = f"?page={page}" if page.isascii() and page.isdigit() and len(page) < 6 else ""
    return HttpResponseRedirect(reverse("assessments:round", args=[pk]) + again)


@staff
@require_POST
def appeal(request: HttpRequest, pk: int, grid_code: str) -> HttpResponse:
    """Appeal against a grid's figures."""
    now, actor = timezone.now(), actor_of(request)
    try:
        appeals.make(actor, pk, grid_code, request.POST.dict(), now=now, **audit.request_meta(request))
    except Incomplete as refused:
        return grid_page(request, pk, grid_code, now, errors=refused.errors, status=400)
    messages.success(request, "申诉已提出。由没有计算本季度的人答复，另一人会签；结果会通知您。")
    return _to("grid", pk, grid_code)


@staff
@require_POST
def judge(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Answer an appeal, confirm an answer or send it back."""
    if what not in JUDGED:
        raise Http404
    now, actor = timezone.now(), actor_of(request)
    access.check_overseer(actor)
    found = Appeal.objects.select_related("assessment").filter(pk=pk).first()
    if found is None:
        raise NotYours()
    where = (found.assessment.round_id, found.assessment.grid_code)
    try:
        _judge(request, pk, what, now)
    except Incomplete as refused:
        return grid_page(request, *where, now, errors=refused.errors, appeal_pk=pk, status=400)
    messages.success(request, JUDGED[what])
    return _to("grid", *where)


def _judge(request: HttpRequest, pk: int, what: str, now: datetime) -> None:
    actor, given, meta = actor_of(request), request.POST.dict(), audit.request_meta(request)
    if what == "answer":
        appeals.answer(actor, pk, given, _removed(request.POST.getlist("removed")), now=now, **meta)
    elif what == "confirm":
        appeals.confirm(actor, pk, now=now, **meta)
    else:
        appeals.send_back(actor, pk, given, now=now, **meta)


def _removed(typed: list[str]) -> set[tuple[str, int]]:
    """Read `indicator:case`; what cannot be read is a case that nobody counted."""
    found = set()
    for one in typed:
        indicator, _sign, key = one.partition(":")
        found.add((indicator, int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0))
    return found
