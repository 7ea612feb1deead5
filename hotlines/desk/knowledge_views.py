"""知识库: read by operators, kept by dispatchers and the centre's lead, each version to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.views.choices import units
from cases.views.door import staff
from governance_portal.lib.bigrams import plain
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from hotlines.desk import keeping, knowledge
from hotlines.desk.views import actor_of
from hotlines.models import KnownAnswer
from hotlines.services import ANSWERERS

ONLY_READERS = "知识库由话务员、受理员查看，由分流员和中心负责人维护，您没有这些岗位。"
#: Told beforehand, so that nothing runs out unnoticed.
SOON = timedelta(days=30)
FIELDS = ("question", "also", "answer", "source", "valid_until", "unit", "categories", "note")
TABS = (("force", "在用"), ("soon", "30 天内到期"), ("over", "已到期"), ("withdrawn", "已停用"))


@staff
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The list by state, narrowed by words."""
    now = timezone.now()
    actor = actor_of(request)
    keeps = keeping.may_keep(actor)
    if not keeps and not actor.has(*ANSWERERS):
        raise NotYou(ONLY_READERS)
    tab, asked = request.GET.get("tab", "force"), request.GET.get("q", "").strip()[:40]
    rows = list(knowledge.newest().order_by("valid_until", "question"))
    states = {row.pk: state_of(row, now) for row in rows}
    fits = [row for row in rows if all(word in row.plain for word in plain(asked).split())]
    tabs = [
        {"code": code, "label": label, "count": sum(_in(states[row.pk], code) for row in fits), "current": code == tab}
        for code, label in TABS
    ]
    context = {
        "title": "知识库",
        "tabs": tabs,
        "asked": asked,
        "rows": [row for row in fits if _in(states[row.pk], tab)],
        "keeps": keeps,
        "now": now,
    }
    return render(request, "hotlines/desk/answers.html", context)


def state_of(row: KnownAnswer, now: datetime) -> str:
    """How an entry stands: withdrawn, over, soon (in force, but not for long) or force."""
    today = knowledge.today_of(now)
    if row.withdrawn:
        return "withdrawn"
    if row.valid_until < today:
        return "over"
    return "soon" if row.valid_until <= today + SOON else "force"


def _in(state: str, tab: str) -> bool:
    return state == tab or (tab == "force" and state == "soon")


@staff
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, entry: str = "") -> HttpResponse:
    """Write a new entry or the next version of one; the form comes back as typed."""
    now = timezone.now()
    actor = actor_of(request)
    keeping.check_keeper(actor)
    before = keeping.newest_of(entry) if entry else None
    if request.method == "GET":
        return _form(request, before, _of(before), now=now)
    given = {name: request.POST.get(name, "") for name in FIELDS}
    seen = request.POST.get("seen", "")
    try:
        made = keeping.write(actor, given, now=now, entry=entry, seen=int(seen) if seen.isdigit() else 0)
    except Incomplete as refused:
        return _form(request, before, given, refused.errors, now=now, status=400)
    except NotNow as refused:
        return _form(request, before, given, {"question": [refused.detail]}, now=now, status=409)
    messages.success(request, f"已写入第 {made.number} 版，话务员现在查到的就是它。")
    return HttpResponseRedirect(reverse("hotlines:answer", args=[made.entry]))


def _of(row: KnownAnswer | None) -> dict[str, Any]:
    if row is None:
        return {}
    words = {name: getattr(row, name) for name in ("question", "also", "answer", "source", "categories")}
    return {**words, "valid_until": row.valid_until.isoformat(), "unit": row.unit.code}


def _form(
    request: HttpRequest,
    before: KnownAnswer | None,
    given: Mapping[str, Any],
    errors: Mapping[str, list[str]] | None = None,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    needs = [
        {
            "name": "question",
            "label": "问题",
            "type": "text",
            "required": True,
            "maximum": 120,
            "help": "居民怎么问就怎么写。",
        },
        {
            "name": "also",
            "label": "别的说法",
            "type": "text",
            "maximum": 200,
            "help": "用空格隔开，例如：取暖费 供热费。",
        },
        {
            "name": "answer",
            "label": "答复",
            "type": "longtext",
            "required": True,
            "maximum": 2000,
            "help": "话务员照着念。",
        },
        {
            "name": "source",
            "label": "出处",
            "type": "text",
            "required": True,
            "maximum": 200,
            "help": "文件名、文号或网页。",
        },
        {
            "name": "valid_until",
            "label": "有效期至",
            "type": "date",
            "required": True,
            "help": "到期后不再提示给话务员。",
        },
        {"name": "unit", "label": "负责单位", "type": "unit", "required": True, "choices": units(now)},
        {"name": "categories", "label": "类别代码", "type": "text", "maximum": 120, "help": "用空格隔开，例如 A0102。"},
        {"name": "note", "label": "改动说明", "type": "text", "maximum": 200},
    ]
    context = {
        "title": "修改答复" if before else "新增答复",
        "before": before,
        "needs": [{"required": False, "help": "", **need} for need in needs],
        "given": given,
        "errors": errors or {},
        "now": now,
    }
    return render(request, "hotlines/desk/answer_form.html", context, status=status)


@staff
@require_safe
def answer(request: HttpRequest, entry: str) -> HttpResponse:
    """One entry with every version."""
    now = timezone.now()
    actor = actor_of(request)
    keeps = keeping.may_keep(actor)
    if not keeps and not actor.has(*ANSWERERS):
        raise NotYou(ONLY_READERS)
    newest = keeping.newest_of(entry)
    context = {
        "title": newest.question,
        "row": newest,
        "state": state_of(newest, now),
        "versions": keeping.history_of(entry),
        "used": KnownAnswer.objects.filter(entry=entry, calls__isnull=False).count(),
        "keeps": keeps,
        "now": now,
    }
    return render(request, "hotlines/desk/answer.html", context)


@staff
@require_POST
def withdraw(request: HttpRequest, entry: str) -> HttpResponse:
    """Offer an entry no more."""
    now = timezone.now()
    try:
        keeping.withdraw(actor_of(request), entry, request.POST.get("note", ""), now=now)
    except Incomplete as refused:
        messages.error(request, refused.errors["note"][0])
    else:
        messages.success(request, "已停用，不再提示给话务员；以前按它答复的来电仍能看到。")
    return HttpResponseRedirect(reverse("hotlines:answer", args=[entry]))
