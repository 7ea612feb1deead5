"""考核办法: the versions of a class, the form for the next one, a preview for one grid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.queries import Actor
from cases.assessing import access, cards
from cases.assessing import plans as doing
from cases.assessing.choices import Indicator
from cases.assessing.indicators import INDICATORS
from cases.assessing.quarters import quarter_of, read_quarter
from cases.assessing.views import actor_of
from cases.models import AssessmentPlan
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from grids.choices import WorkClass
from grids.models import Grid

Errors = Mapping[str, list[str]]
#: So many coming quarters are offered.
AHEAD = 4


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not access.may_enter(actor):
        raise NotYou(access.NOT_HERE)
    return actor


@staff
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What each class is assessed by, now and next."""
    actor, now = _reader(request), timezone.now()
    code = quarter_of(now).code
    every = list(AssessmentPlan.objects.order_by("work_class", "since"))
    rows = []
    for value, label in WorkClass.choices:
        own = [plan for plan in every if plan.work_class == value]
        current = next((plan for plan in own if plan.since <= code and (not plan.until or plan.until >= code)), None)
        later = next((plan for plan in own if plan.since > code), None)
        rows.append(
            {
                "value": value,
                "label": label,
                "plan": current,
                "plan_rows": cards.plan_words(current),
                "later": _since(later) if later else "",
            }
        )
    context = {
        "title": "考核办法",
        "rows": rows,
        "may_publish": access.leads_plans(actor),
        **cards.explained(None),
        "now": now,
    }
    return render(request, "cases/assessing/plans.html", context)


def _since(plan: AssessmentPlan) -> str:
    found = read_quarter(plan.since)
    return found.label if found else plan.since


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, work_class: str) -> HttpResponse:
    """The versions of a class and the next one's form: `preview` shows a grid, else it is published."""
    actor, now = _reader(request), timezone.now()
    if work_class not in WorkClass.values:
        raise NotYours()
    rows = doing.versions(work_class)
    if request.method != "POST":
        return _page(request, actor, work_class, rows, _typed(rows, now), {}, None, now)
    if not access.leads_plans(actor):
        raise NotYou(access.ONLY_THE_LEAD)
    typed = request.POST.dict()
    if "preview" in typed:
        draft, errors = doing.draft_of(typed, work_class, now)
        errors.pop("reason", None)
        grid = Grid.objects.filter(code=typed.get("grid", "")[:15], work_class=work_class, active=True).first()
        if grid is None:
            errors["grid"] = ["请选择一个网格。"]
        shown = None
        if not errors and grid is not None:
            last = quarter_of(now).before
            shown = {"grid": grid, "quarter": last, "result": _drawn(doing.preview(draft, grid.code, last, now))}
        return _page(request, actor, work_class, rows, typed, errors, shown, now, 400 if errors else 200)
    try:
        made = doing.publish(typed, work_class, actor, now, **audit.request_meta(request))
    except Incomplete as refused:
        return _page(request, actor, work_class, rows, typed, refused.errors, None, now, 400)
    messages.success(request, f"已发布，从{_since(made)}起施行；以前的季度仍按原办法。")
    return HttpResponseRedirect(reverse("assessments:plans"))


def _drawn(result: Any) -> dict[str, Any]:
    rows = [
        {"looked": INDICATORS[one.indicator], "weight": one.weight, "sentence": one.sentence} for one in result.figures
    ]
    return {"rows": rows, "sentence": result.sentence}


def _typed(rows: list[AssessmentPlan], now: datetime) -> dict[str, str]:
    newest = rows[0] if rows else AssessmentPlan(on_time=40, at_once=20, satisfied=20, spot=20)
    typed = {code: str(getattr(newest, code)) for code in Indicator.values}
    return {**typed, "min_base": str(newest.min_base), "since": quarter_of(now).next.code}


def _page(
    request: HttpRequest,
    actor: Actor,
    work_class: str,
    rows: list[AssessmentPlan],
    typed: Mapping[str, str],
    errors: Errors,
    shown: dict[str, Any] | None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    quarters, coming = [], quarter_of(now).next
    for _one in range(AHEAD):
        quarters.append((coming.code, coming.label))
        coming = coming.next
    number = {"inputmode": "numeric", "short": True, "maximum": 3, "required": True}
    grids = Grid.objects.active().filter(work_class=work_class).order_by("code").values_list("code", "name")
    context = {
        "title": f"{WorkClass(work_class).label}考核办法",
        "work_class": work_class,
        "versions": [{"row": row, "rows": cards.plan_words(row), "since": _since(row)} for row in rows],
        "may_publish": access.leads_plans(actor),
        "weights": [
            text(typed, errors, code, f"{INDICATORS[code].label}的权重", **number) for code in Indicator.values
        ],
        "f": {
            "min_base": text(typed, errors, "min_base", "最少件数", **number),
            "since": choice(typed, errors, "since", "从哪个季度起", quarters, required=True),
            "reason": text(typed, errors, "reason", "修改理由", maximum=200, required=True),
            "grid": choice(typed, errors, "grid", "用一个网格看看", list(grids)),
        },
        "errors": errors,
        "shown": shown,
        **cards.explained(None),
        "now": now,
    }
    return render(request, "cases/assessing/plan.html", context, status=status)
