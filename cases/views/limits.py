"""The limits' pages: the table by clock, a line with its versions and the form for the next one, previews."""

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

from accounts import audit
from cases import choices as c
from cases.limits import lawful, versions
from cases.limits.foreseeing import Until, foresee_case, until
from cases.models import Category, LimitPolicy
from cases.views.due import TENTATIVE, until_words
from cases.views.intake_form import choice, text
from cases.views.keepers import keepers
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.spoken import date_words

FACTS = ("kind", "procedure", "category", "level", "channel")
APPROVERS = (("lead", "承办单位负责人"), ("centre_lead", "中心负责人"))
UNITS = (
    ("working_day", "工作日"),
    ("natural_day", "自然日"),
    ("working_hour", "工作小时"),
    ("hour", "小时"),
    ("minute", "分钟"),
)
CLOCKS = [
    (value, label) for value, label in [*c.Clock.choices, *c.Window.choices] if value in versions.CHOICES["clock"]
]
ANY = ("", "全部")


@keepers
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every limit in force by clock, and until when a case accepted now would run."""
    now = timezone.now()
    context = {
        "title": "时限规定",
        "groups": [(label, [_line(line, now) for line in lines]) for label, lines in versions.table(now)],
        **_case_preview(request.GET, now),
        "now": now,
    }
    return render(request, "cases/limits/table.html", context)


@keepers
@require_safe
def foresee(request: HttpRequest) -> HttpResponse:
    """The part of the page that says until when; asked again whenever a choice changes."""
    return render(request, "cases/limits/_until.html", _case_preview(request.GET, timezone.now()))


def _case_preview(given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    facts = {name: given.get(name, "") for name in FACTS}
    facts["kind"] = facts["kind"] if facts["kind"] in c.Kind.values else c.Kind.APPEAL.value
    facts["procedure"] = facts["procedure"] if facts["procedure"] in c.Procedure.values else "ordinary"
    facts["level"] = facts["level"] if facts["level"] in c.Level.values else "general"
    facts["channel"] = facts["channel"] if facts["channel"] in c.Channel.values else "window"
    facts["category"] = facts["category"] if facts["category"].isalnum() else ""
    return {
        "untils": [_until(row) for row in foresee_case(facts, now)],
        "pick": {
            "kind": choice(facts, {}, "kind", "事项大类", c.Kind.choices),
            "procedure": choice(facts, {}, "procedure", "程序", c.Procedure.choices),
            "level": choice(facts, {}, "level", "等级", c.Level.choices),
            "channel": choice(facts, {}, "channel", "渠道", c.Channel.choices),
        },
        "asked_at": now,
    }


def _until(row: Until) -> dict[str, Any]:
    return {
        "label": row.label,
        "limit": row.limit,
        "scope": row.scope,
        "base": row.base,
        "due": until_words(row.found.due) + (TENTATIVE if row.found.tentative else "") if row.found else "",
        "nominal": until_words(row.found.nominal) if row.found and row.found.nominal != row.found.due else "",
    }


def _line(line: versions.Line, now: datetime) -> dict[str, Any]:
    row, today = line.current, versions.day_of(now)
    later = line.scheduled
    return {
        "row": row,
        "url": reverse("cases:limit", args=[line.versions[0].pk]),
        "scope": lawful.scope_words(row) or ["全部事项"],
        "limit": lawful.words(row),
        "extension": lawful.extension_words(row),
        "ended": bool(row.valid_to and row.valid_to < today),
        "future": row.valid_from > today,
        "later": {"from": later.valid_from, "limit": lawful.words(later)} if later else None,
        "versions": len(line.versions),
    }


# --- one line ---------------------------------------------------------------------------------------------------


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A line with its versions; POST publishes the next one."""
    found = versions.line_of(pk)
    newest = found.versions[0]
    if request.method != "POST":
        return _line_page(request, newest, found.versions, _typed(newest), {}, 200)
    return _publish(request, newest, found.versions)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A limit for what the table does not single out yet."""
    if request.method == "POST":
        return _publish(request, None, [])
    tomorrow = versions.day_of(timezone.now()) + timedelta(days=1)
    typed = {"clock": "resolve_by", "unit": "working_day", "extension_by": "lead", "valid_from": str(tomorrow)}
    return _line_page(request, None, [], typed, {}, 200)


def _publish(request: HttpRequest, newest: LimitPolicy | None, rows: list[LimitPolicy]) -> HttpResponse:
    meta = audit.request_meta(request)
    try:
        made, _before = versions.publish(
            request.POST.dict(),
            newest.pk if newest else None,
            request.actor,  # type: ignore[attr-defined]
            timezone.now(),
            **meta,
        )
    except Incomplete as refused:
        return _line_page(request, newest, rows, request.POST.dict(), refused.errors, 400)
    messages.success(
        request, f"已发布：{made.get_clock_display()} {lawful.words(made)}，{date_words(made.valid_from)} 起施行。"
    )
    return HttpResponseRedirect(reverse("cases:limits"))


@keepers
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a special line."""
    meta = audit.request_meta(request)
    try:
        ended = versions.end(pk, request.POST.dict(), request.actor, timezone.now(), **meta)  # type: ignore[attr-defined]
    except Incomplete as refused:
        found = versions.line_of(pk)
        typed = {**_typed(found.versions[0]), **request.POST.dict()}
        return _line_page(request, found.versions[0], found.versions, typed, refused.errors, 400)
    messages.success(
        request,
        f"已停用，{date_words(ended.valid_to) if ended.valid_to else '今天'} 是最后一天；以后按更通用的规定计时。",
    )
    return HttpResponseRedirect(reverse("cases:limits"))


@keepers
@require_safe
def foresee_line(request: HttpRequest) -> HttpResponse:
    """The part of the form that says until when a case accepted now would run, by what is typed."""
    newest = LimitPolicy.objects.filter(pk=_pk(request.GET.get("line", ""))).first()
    return render(request, "cases/limits/_foreseen.html", _foreseen(request.GET.dict(), newest, timezone.now()))


def _pk(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0


def _foreseen(typed: Mapping[str, str], newest: LimitPolicy | None, now: datetime) -> dict[str, Any]:
    """The limit that is typed and the one that holds, both begun now."""
    draft, errors = versions.draft_of(typed, newest, now)
    shown = None
    if not {"clock", "amount", "unit", "extension_amount", "extension_times", "extension_by"} & set(errors):
        errors |= lawful.problems(draft, versions.day_of(now))  # told before the rest of the form is filled in
        shown = _until(Until(str(draft.get_clock_display()), draft, until(draft, now)))
    facts = {name: getattr(draft, name) for name in FACTS}
    holds = newest or versions.policies.policy_for(draft.clock, facts, now)
    before = _until(Until(str(draft.get_clock_display()), holds, until(holds, now))) if holds else None
    told = [errors[name][0] for name in ("amount", "extension_amount", "extension_by") if name in errors]
    return {"draft": shown, "before": before, "told": told, "scope": "、".join(lawful.scope_words(draft)) or "全部事项"}


def _typed(row: LimitPolicy) -> dict[str, Any]:
    names = ("clock", *FACTS, "amount", "unit", "extension_amount", "extension_times", "extension_by", "legal_base")
    typed = {name: "" if getattr(row, name) is None else str(getattr(row, name)) for name in names}
    for name in ("extension_amount", "extension_times"):
        typed[name] = "" if typed[name] == "0" else typed[name]
    tomorrow = versions.day_of(timezone.now()) + timedelta(days=1)
    return {**typed, "valid_from": str(max(tomorrow, row.valid_from + timedelta(days=1)))}


def _line_page(
    request: HttpRequest,
    newest: LimitPolicy | None,
    rows: list[LimitPolicy],
    typed: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    status: int,
) -> HttpResponse:
    now = timezone.now()
    today = versions.day_of(now)
    clock = newest.clock if newest else str(typed.get("clock", ""))
    context = {
        "title": f"{newest.get_clock_display()}：{'、'.join(lawful.scope_words(newest)) or '全部事项'}"
        if newest
        else "新增时限规定",
        "newest": newest,
        "ended": bool(newest and newest.valid_to),
        "may_end": bool(newest and not newest.valid_to and not newest.statutory and lawful.scope_words(newest)),
        "extensible": clock == versions.EXTENSIBLE or newest is None,
        "versions": [_version(row, today) for row in rows],
        "errors": errors,
        "today": today,
        "f": _fields(typed, errors, newest),
        **_foreseen({name: str(value) for name, value in typed.items()}, newest, now),
        "now": now,
    }
    return render(request, "cases/limits/line.html", context, status=status)


def _fields(typed: Mapping[str, Any], errors: Mapping[str, list[str]], newest: LimitPolicy | None) -> dict[str, Any]:
    number = {"inputmode": "numeric", "short": True, "maximum": 4}
    fields = {
        "amount": text(typed, errors, "amount", "时长（留空为不设，0 为当日）", **number),
        "unit": choice(typed, errors, "unit", "怎么算", UNITS),
        "extension_amount": text(typed, errors, "extension_amount", "每次最多延长", **number),
        "extension_times": text(typed, errors, "extension_times", "可延几次", **number),
        "extension_by": choice(typed, errors, "extension_by", "延期由谁批准", APPROVERS),
        "legal_base": text(typed, errors, "legal_base", "依据", maximum=200),
        "valid_from": text(typed, errors, "valid_from", "从哪天起施行", required=True, maximum=10),
        "reason": text(typed, errors, "reason", "修改理由", required=True, maximum=200),
        "valid_to": text(typed, errors, "valid_to", "最后一天", required=True, maximum=10),
        "end_reason": text(typed, errors, "end_reason", "停用理由", required=True, maximum=200),
    }
    if newest is None:
        categories = Category.objects.filter(active=True).order_by("code").values_list("code", "name")
        fields |= {
            "clock": choice(typed, errors, "clock", "哪个时限", CLOCKS, required=True),
            "kind": choice(typed, errors, "kind", "事项大类", [ANY, *c.Kind.choices]),
            "procedure": choice(typed, errors, "procedure", "程序", [ANY, *c.Procedure.choices]),
            "category": choice(
                typed, errors, "category", "类别（含下级）", [(code, f"{code} {name}") for code, name in categories]
            ),
            "level": choice(typed, errors, "level", "等级", [ANY, *c.Level.choices]),
            "channel": choice(typed, errors, "channel", "渠道", [ANY, *c.Channel.choices]),
        }
    return fields


def _version(row: LimitPolicy, today: Any) -> dict[str, Any]:
    if row.valid_from > today:
        state = "待施行"
    elif row.valid_to and row.valid_to < today:
        state = "已过"
    else:
        state = "现行"
    return {
        "row": row,
        "state": state,
        "limit": lawful.words(row),
        "extension": lawful.extension_words(row) or "不得延期",
    }
