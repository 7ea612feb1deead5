"""The follow-up desk and the screen of a call: one page while the phone rings, then the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases import queries as reading
from cases.choices import Kind, RedoRequestState, Status
from cases.following_up import queries, services
from cases.following_up.followed import figures_for
from cases.following_up.keeping import day_words, step_of
from cases.following_up.preparing import called_because
from cases.following_up.risks import reasons_of
from cases.models import Case, FollowUp
from cases.needs import Need
from cases.policies import calendar
from cases.services.door import posts_of
from cases.services.parties import may_unmask_as
from cases.standing import Standing
from cases.views.contact import OTHER_REASON, REASONS, sides_of
from cases.views.door import staff
from cases.views.forms import given_of
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from governance_portal.lib.spoken import moment_words, wait_words
from governance_portal.lib.working_days import remaining_words

PER_PAGE = 30
TABS = {
    "calls": "待回访",
    "unrated": "等居民自评",
    "redo": "重办待定",
    "bad": "差评整改",
    "back": "回头看",
}
ASKED = TABLE["confirm"].needs
REDO = (
    Need("wanted", "还要办什么", "longtext", help="退回重办时写：居民还有哪里不满意，要求办成什么样；承办单位会看到。"),
)
#: Five answers and what they count as for 信访 (facts §1.11, scale A and B).
FIVE_TO_THREE = (
    ("5", "非常满意", "满意"),
    ("4", "满意", "满意"),
    ("3", "基本满意", "基本满意"),
    ("2", "不满意", "不满意"),
    ("1", "非常不满意", "不满意"),
)


# --- the desk ---------------------------------------------------------------------------------------------------


@staff
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this person: calls by risk and age, and what lasts beyond the closing."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not queries.may_enter(actor):
        raise NotYou("回访由回访员、督办员和中心负责人查看，您没有这些岗位。")
    counts = queries.counts_of(actor, now)
    first = "calls" if actor.has(Role.FOLLOW_UP_OFFICER) else "redo"
    tab = request.GET.get("tab", first)
    tab = tab if tab in TABS else first
    rows: QuerySet[Any] = {
        "calls": lambda: queries.to_call(actor, now),
        "unrated": lambda: queries.left_to_rate(actor, now),
        "redo": lambda: queries.redo_requests(actor, now),
        "bad": lambda: queries.rectifications(actor, now),
        "back": lambda: queries.look_backs(actor, now),
    }[tab]()
    later = list(queries.put_off(rows, now)[:PER_PAGE]) if tab == "calls" else []
    page = Paginator(queries.ready(rows, now) if tab == "calls" else rows, PER_PAGE).get_page(request.GET.get("page"))
    drawn = {"calls": _call_row, "unrated": _unrated_row, "redo": _redo_row, "bad": _bad_row, "back": _back_row}[tab]
    shown = [name for name in TABS if actor.has(Role.FOLLOW_UP_OFFICER) or name not in ("calls", "unrated")]
    context = {
        "title": "回访",
        "tab": tab,
        "tabs": [{"code": name, "label": TABS[name], "count": counts[name], "current": name == tab} for name in shown],
        "counts": counts,
        "rows": [drawn(row, actor, now) for row in page.object_list],
        "later": [_call_row(row, actor, now) for row in later],
        "page": page,
        "blank": BLANKS[tab],
        "ahead": queries.look_backs_ahead(actor, now) if tab == "back" else 0,
        **figures_for(actor, now),
        "may_call": actor.has(Role.FOLLOW_UP_OFFICER),
        "now": now,
    }
    return render(request, "cases/following_up/desk.html", context)


BLANKS = {
    "calls": ("现在没有要打的电话", "审核通过、按规定要回访的会出现在这里；约了时间再打的，到点自动排进来。"),
    "unrated": ("没有等居民自评的", "抽访没有抽中的，在这里等居民自己评价；到期由系统办结。"),
    "redo": ("没有待定的重办申请", "重办过一次、回访员再次申请重办的，会出现在这里等批复和会签。"),
    "bad": ("没有要整改的差评", "评价不满意、非常不满意的，会出现在这里，15 个工作日内核实整改、再次回访。"),
    "back": ("没有到期的回头看", "矛盾纠纷办结满 30 天、90 天，会出现在这里，问一问是否稳定。"),
}


def _shared(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "unit": case.lead_unit.name if case.lead_unit_id and case.lead_unit else "",
        "case_url": reverse("cases:case", args=[case.number]),
    }


def _call_row(row: FollowUp, actor: Actor, now: datetime) -> dict[str, Any]:
    busy = bool(row.claimed_until and row.claimed_until > now and row.caller_id != actor.user_id)
    return {
        **_shared(row.case),
        "url": reverse("cases:following_up:call", args=[row.case.number]),
        "reasons": reasons_of(row),
        "why": "必访" if row.must else f"抽中（{row.share}%）" if row.share < 100 else "自评不满意",
        "wait": wait_words(now - row.opened_at),
        "attempts": row.attempts,
        "missed_days": len(set(row.case.unreached_days)),
        "busy": f"{row.caller.name}正在回访" if busy and row.caller else "",
        "mine": bool(row.claimed_until and row.claimed_until > now and row.caller_id == actor.user_id),
        "again": moment_words(row.not_before, now) if row.not_before and row.not_before > now else "",
        "due_words": remaining_words(now, row.case.step_due_at, calendar()) if row.case.step_due_at else "",
        "due_state": _state(row.case.step_due_at, row.case.step_warn_at, now),
    }


def _state(due_at: datetime | None, warn_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    return "overdue" if now > due_at else "soon" if warn_at and now >= warn_at else "ok"


def _unrated_row(row: FollowUp, _actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        **_shared(row.case),
        "url": reverse("cases:case", args=[row.case.number]),
        "share": row.share,
        "until": row.rate_until,
    }


def _redo_row(row: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    asked = row.approved is None
    name = "cases:record" if asked else "cases:move"
    action = "decide_redo" if asked else "close_explained"
    mine = actor.has(Role.SUPERVISOR) if asked else actor.leads_centre and row.decided_by_id != actor.user_id
    return {
        **_shared(row.case),
        "url": reverse(name, args=[row.case.number, action]) if mine else reverse("cases:case", args=[row.case.number]),
        "mine": mine,
        "waits": RedoRequestState(queries.request_waits_for(row)).label,
        "wanted": row.wanted,
        "by": row.asked_by.name,
        "at": row.asked_at,
        "explanation": row.explanation,
        "go": "批复" if asked else "会签",
    }


def _bad_row(row: Any, _actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        **_shared(row.case),
        "url": reverse("cases:following_up:rating", args=[row.pk]),
        "rating": dict((int(five), word) for five, word, _three in FIVE_TO_THREE)[row.rating],
        "own": row.own,
        "step": {"verify": "待核实", "act": "待整改", "ask": "待再次回访", "done": "已销号"}[step_of(row)],
        "due_words": remaining_words(now, row.due_at, calendar(), row.tentative),
        "due_state": "overdue" if now > row.due_at else "ok",
        "responsible": row.unit.name if row.unit else "",
    }


def _back_row(row: Any, _actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        **_shared(row.case),
        # A hazard is looked at on the spot and has words of its own.
        "url": reverse(
            "hazards:look" if row.case.kind == Kind.HAZARD else "cases:following_up:look-back", args=[row.pk]
        ),
        "days": row.days,
        "due_words": day_words(row, now),
        "closed_at": row.case.closed_at,
        "outcome": row.case.get_outcome_display(),
    }


# --- the call ---------------------------------------------------------------------------------------------------


@staff
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Take the next call; back to the desk when there is none."""
    return _take_next(request, request.POST.get("after", ""))


def _take_next(request: HttpRequest, after: str) -> HttpResponse:
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for _try in range(5):  # somebody else may take the very same one this moment
        row = queries.next_to_call(actor, now, after)
        if row is None:
            messages.success(request, "现在没有要打的电话了。")
            return HttpResponseRedirect(reverse("cases:following_up:desk"))
        try:
            services.take(row.case, actor, now)
        except NotNow:
            after = row.case.number
            continue
        return HttpResponseRedirect(reverse("cases:following_up:call", args=[row.case.number]))
    return HttpResponseRedirect(reverse("cases:following_up:desk"))


@staff
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Take this one."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    services.take(reading.case_for(actor, number, now), actor, now)
    return HttpResponseRedirect(reverse("cases:following_up:call", args=[number]))


@staff
@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """Put it back uncalled."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    services.leave(reading.case_for(actor, number, now), actor)
    return HttpResponseRedirect(reverse("cases:following_up:desk"))


@staff
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, number: str) -> HttpResponse:
    """The screen of one call; POST takes what the resident said: `do` is confirm or redo."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = reading.case_for(actor, number, now)
    services.need_caller(case, actor, now)
    if request.method == "POST":
        return _answered(request, case, actor, now)
    if case.status != Status.FOLLOW_UP:
        messages.info(request, f"{number} 现在是“{case.get_status_display()}”，不用再回访。")
        return HttpResponseRedirect(reverse("cases:following_up:desk"))
    return _screen(request, case, actor, now)


def _answered(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    given = given_of(request.POST, (*ASKED, *REDO))
    wanted = given.pop("wanted", "")
    again = request.POST.get("do") == "redo"
    try:
        if again:
            done = _wants_redo(case, given, wanted, actor, now)
        else:
            if wanted:
                raise Incomplete({"wanted": ["写了还要办什么，请点“退回重办”；不退回的请删去，写在备注里。"]})
            services.answered(case, given, actor=actor, now=now)
            done = "已办结"
    except Incomplete as refused:
        kept = {**given, "wanted": wanted}
        return _screen(request, case, actor, now, kept, refused.errors, status=400)
    except Refusal as refused:
        kept = {**given, "wanted": wanted}
        return _screen(request, case, actor, now, kept, refusal=refused.detail, status=refused.status)
    messages.success(request, f"{case.number} {done}。")
    return _after(request, case)


def _wants_redo(case: Case, given: dict[str, Any], wanted: str, actor: Actor, now: datetime) -> str:
    errors: dict[str, list[str]] = {}
    if not wanted:
        errors["wanted"] = ["请写明还要办什么，承办单位照着办。"]
    if case.redo_count and given.get("satisfaction") not in ("1", "2"):
        errors["satisfaction"] = ["再次申请重办，请先选居民的评价（不满意或非常不满意）。"]
    if errors:
        raise Incomplete(errors)
    found = services.wants_redo(case, wanted, str(given.get("satisfaction", "")), actor=actor, now=now)
    return "已退回重办，办好后再回访" if found == "redo" else "已报督办员批复，批复前不用再打"


def _after(request: HttpRequest, case: Case) -> HttpResponse:
    """On to the next call, as the desk orders them."""
    return _take_next(request, case.number)


@staff
@require_POST
def missed(request: HttpRequest, number: str) -> HttpResponse:
    """没打通: one tap, with when to try again."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = reading.case_for(actor, number, now)
    try:
        row = services.missed(case, request.POST.get("again", ""), actor=actor, now=now)
    except Incomplete as refused:
        return _screen(request, case, actor, now, {}, refused.errors, status=400)
    when = moment_words(row.not_before, now) if row.not_before else ""
    messages.success(request, f"{number} 没打通，已记下；{when} 再排进来。")
    return _after(request, case)


@staff
@require_POST
def unreached(request: HttpRequest, number: str) -> HttpResponse:
    """Not reached on two days: closed as such."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = reading.case_for(actor, number, now)
    services.unreached(case, actor=actor, now=now)
    messages.success(request, f"{number} 以未接通办结，不计入满意率，单独列出。")
    return _after(request, case)


def _screen(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    now: datetime,
    given: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    case.refresh_from_db()
    row = queries.row_of(case) or services.plan_anew(case, now)
    standing = frozenset(posts_of(case, actor, now))
    mine = bool(row.claimed_until and row.claimed_until > now and row.caller_id == actor.user_id)
    events = reading.history(case)
    answers = [event for event in events if event.kind in ("resolve", "resolve_on_spot")]
    drawn = _fields(given or {}, errors or {})
    context = {
        "title": "回访",
        "case": case,
        "row": row,
        "mine": mine,
        "busy": services.busy_words(row, now) if not mine else "",
        "why": called_because(row) if row.called else "该件抽访没有抽中，可以不打；打了按回访记。",
        "reply": str(answers[-1].data.get("reply", "")) if answers else "",
        "answered_at": answers[-1].at if answers else None,
        "tries": [event for event in events if event.kind == "contact" and event.at >= row.opened_at],
        "missed_days": len(set(case.unreached_days)),
        "slots": services.slots(now),
        "five": [
            {"value": five, "label": word, "three": three, "chosen": (given or {}).get("satisfaction") == five}
            for five, word, three in FIVE_TO_THREE
        ],
        **drawn,
        "errors": errors or {},
        "refusal": refusal,
        "redo_words": "退回重办" if not case.redo_count else "申请再次重办",
        "redo_means": REDO_MEANS[bool(case.redo_count)],
        "parties": sides_of(case, case.parties.all(), may_unmask_as(case, standing)),
        "may_unmask": may_unmask_as(case, standing),
        "may_amend": Standing.CLERK in standing or Standing.DISPATCHER in standing,
        "reasons": REASONS,
        "other_reason": OTHER_REASON,
        "now": now,
    }
    return render(request, "cases/following_up/call.html", context, status=status)


REDO_MEANS = {
    False: "退回承办单位重新办理，时限减半；居民会看到“重新办理”。每件由您退回一次。",
    True: "这一件已经重办过一次，再次重办由督办员决定；不同意的，督办员写书面说明、中心负责人会签。",
}


def _fields(given: dict[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    """The questions with what was answered, for `need_field`."""
    needs = {need.name: need.as_dict() for need in (*ASKED, *REDO)}
    words = {
        "contacted": "1. 办理单位是否联系过您？",
        "resolved": "2. 您反映的问题是否解决？",
    }
    rows = {name: {**needs[name], "label": label, "help": ""} for name, label in words.items()}
    return {"questions": rows, "note": needs["note"], "wanted": {**needs["wanted"], "required": False}, "given": given}
