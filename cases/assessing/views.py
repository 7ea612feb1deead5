"""网格考核 for staff: the rounds, one round by grid, one grid's sheet, one's own grids; screens, paper and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases.assessing import access, cards, sheets
from cases.assessing.choices import AppealStage, Grade, Stage
from cases.assessing.quarters import quarter_of, read_quarter
from cases.assessing.services import WORDS_LIMIT as GRADE_WORDS
from cases.assessing.services import quarter_in
from cases.models import Appeal, AssessmentRound, GridAssessment
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.sheets import csv_pieces
from grids.choices import WorkClass

PER_PAGE = 50
Errors = Mapping[str, list[str]]
UPHELD = (("yes", "成立，以下勾选的不计入"), ("no", "不成立"))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def pages_of(page: Any, query: str = "") -> dict[str, Any]:
    """The pager's context of a page of Django's paginator."""
    joined = f"{query}&" if query else ""
    found = page.paginator.count
    words = f"共 {found} 个，第 {page.start_index()}–{page.end_index()} 个" if found else ""
    return {
        "words": words,
        "previous_url": f"?{joined}page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{joined}page={page.next_page_number()}" if page.has_next() else "",
    }


@staff
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds, the newest quarter first; for the centre also what may be computed now."""
    now, actor = timezone.now(), actor_of(request)
    if not access.may_enter(actor):
        raise NotYou(access.NOT_HERE)
    centre = access.oversees(actor)
    found = AssessmentRound.objects.all() if centre else AssessmentRound.objects.filter(stage__in=access.TOLD)
    page = Paginator(found.order_by("-quarter", "work_class"), PER_PAGE).get_page(request.GET.get("page"))
    last = quarter_of(now).before
    there = set(AssessmentRound.objects.filter(quarter=last.code).values_list("work_class", flat=True))
    context = {
        "title": "网格考核",
        "rows": [(row, quarter_in(row).label) for row in page],
        "pager": pages_of(page),
        "last": last,
        "missing": _missing(there) if centre else [],
        "centre": centre,
        "appeals": Appeal.objects.exclude(stage=AppealStage.SETTLED).count() if centre else 0,
        "now": now,
    }
    return render(request, "cases/assessing/rounds.html", context)


def _missing(there: set[str]) -> list[tuple[str, str]]:
    """The classes that have grids and no round yet."""
    wanted = access.classes_with_grids() - there
    return [(value, label) for value, label in WorkClass.choices if value in wanted]


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: for leaders the totals of the class, for the others the grids they read; ?paper=1 to print."""
    return round_page(request, pk, timezone.now())


def round_page(
    request: HttpRequest,
    pk: int,
    now: datetime,
    *,
    errors: Errors | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw a round; what was typed wrongly into the grades is put back."""
    actor = actor_of(request)
    row = access.find_round(actor, pk, now)
    quarter = quarter_in(row)
    paper = request.GET.get("paper") == "1"
    found = cards.whole(access.readable(actor, row, quarter))
    page = None if paper else Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    centre = access.oversees(actor)
    over = row.appeal_until is not None and now >= row.appeal_until
    grades = bool(centre and row.stage == Stage.SHOWN and over)
    rows = [cards.row_of(one) for one in (found if page is None else page)]
    if grades:
        for one in rows:
            one["form"] = _grade_form(one["one"], typed or {}, errors or {})
    context = {
        "title": f"{quarter.label}{row.get_work_class_display()}考核",
        "row": row,
        "quarter": quarter,
        "labels": cards.labels(),
        "rows": rows,
        "pager": pages_of(page) if page is not None else None,
        "page": page,
        "centre": centre,
        "grades": grades,
        "over": over,
        "decided": row.stage in (Stage.DECIDED, Stage.ARCHIVED),
        "totals": cards.totals(row) if centre or access.reads_totals(actor) else None,
        "appeals": _appeals(row) if centre else [],
        "errors": errors or {},
        **cards.explained(row.plan),
        "back_url": reverse("assessments:round", args=[row.pk]),
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        _printed(request, actor, row, len(rows), now)
    return render(request, f"cases/assessing/{'round_paper' if paper else 'round'}.html", context, status=status)


def _grade_form(one: GridAssessment, typed: Mapping[str, str], errors: Errors) -> dict[str, Any]:
    kept = getattr(one, "grade", None)
    values = {
        f"grade-{one.pk}": kept.grade if kept else "",
        f"words-{one.pk}": kept.words if kept else "",
        **{name: value for name, value in typed.items() if name.endswith(f"-{one.pk}")},
    }
    few = (Grade.TOO_FEW, Grade.PASSED)
    offered = [
        (value, label) for value, label in Grade.choices if (value in few if one.total is None else value != "too_few")
    ]
    return {
        "grade": choice(values, errors, f"grade-{one.pk}", f"{one.grid_name}的评定", offered),
        "words": text(values, errors, f"words-{one.pk}", f"{one.grid_name}的评语", maximum=GRADE_WORDS),
    }


def _appeals(row: AssessmentRound) -> list[Appeal]:
    found = Appeal.objects.filter(assessment__round=row).exclude(stage=AppealStage.SETTLED)
    return list(found.select_related("assessment").order_by("assessment__grid_code", "pk"))


def _printed(request: HttpRequest, actor: Actor, row: AssessmentRound, number: int, now: datetime) -> None:
    meta = audit.request_meta(request)
    audit.record(actor, "print_assessment", f"assessment:{row.pk}", "", {"grids": number}, now=now, **meta)


@staff
@require_safe
def sheet(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The grids somebody reads as CSV; on record."""
    now, actor = timezone.now(), actor_of(request)
    row = access.find_round(actor, pk, now)
    found = list(cards.whole(access.readable(actor, row, quarter_in(row))))
    meta = audit.request_meta(request)
    audit.record(actor, "export_assessment", f"assessment:{row.pk}", "", {"grids": len(found)}, now=now, **meta)
    answer = StreamingHttpResponse(
        csv_pieces(sheets.head(), sheets.lines(row, found)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="assessment-{row.quarter}-{row.work_class}.csv"'
    return answer


# --- one grid -----------------------------------------------------------------------------------------------------


@staff
@require_safe
def grid(request: HttpRequest, pk: int, grid_code: str) -> HttpResponse:
    """One grid's sheet: the formula with its numbers, the cases behind it, corrections, appeals; ?paper=1 to print."""
    return grid_page(request, pk, grid_code, timezone.now())


def grid_page(
    request: HttpRequest,
    pk: int,
    grid_code: str,
    now: datetime,
    *,
    errors: Errors | None = None,
    appeal_pk: int = 0,
    status: int = 200,
) -> HttpResponse:
    """Draw a grid's sheet; what was typed wrongly goes back into the form it came from."""
    actor = actor_of(request)
    row = AssessmentRound.objects.select_related("plan").filter(pk=pk).first()
    quarter = read_quarter(row.quarter) if row else None
    if row is None or quarter is None:
        raise NotYours()
    one = cards.whole(access.readable(actor, row, quarter)).filter(grid_code=grid_code).first()
    if one is None:
        raise NotYours()
    paper = request.GET.get("paper") == "1"
    rows = cards.versions_of(one)
    appeals = cards.appeals_of(rows, actor)
    open_now = row.stage == Stage.SHOWN and row.appeal_until is not None and now < row.appeal_until
    mine = any(one.pk == done.assessment_id and done.made_by_id == actor.user_id for done in appeals)
    typed: Mapping[str, str] = request.POST if status != 200 else {}
    judges = access.oversees(actor) and row.computed_by_id != actor.user_id
    context = {
        "title": f"{one.grid_name}：{quarter.label}考核",
        "row": row,
        "quarter": quarter,
        "one": one,
        "figures": cards.sheet_of(GridAssessment.objects.get(pk=one.pk), actor, now),
        "versions": rows if len(rows) > 1 else [],
        "grade": getattr(one, "grade", None) if row.stage in (Stage.DECIDED, Stage.ARCHIVED) else None,
        "appeals": [
            {
                "it": appeal,
                "answers": judges and appeal.stage == AppealStage.OPEN and appeal.made_by_id != actor.user_id,
                "confirms": judges
                and appeal.stage == AppealStage.ANSWERED
                and actor.user_id not in (appeal.made_by_id, appeal.answered_by_id),
                "form": _judging(typed if appeal.pk == appeal_pk else {}, errors or {}, appeal.pk == appeal_pk),
            }
            for appeal in appeals
        ],
        "may_appeal": open_now and not mine and access.may_appeal(actor, grid_code, quarter),
        "appeal_form": text(typed, errors or {}, "words", "哪一项、哪一件不对，为什么", maximum=2000, required=True),
        "errors": errors or {},
        "centre": access.oversees(actor),
        **cards.explained(row.plan),
        "back_url": reverse("assessments:grid", args=[row.pk, grid_code]),
        "list_url": reverse("assessments:round", args=[row.pk])
        if access.may_enter(actor)
        else reverse("assessments:mine"),
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        _printed(request, actor, row, 1, now)
    return render(request, f"cases/assessing/{'grid_paper' if paper else 'grid'}.html", context, status=status)


def _judging(typed: Mapping[str, str], errors: Errors, here: bool) -> dict[str, Any]:
    said = errors if here else {}
    return {
        "upheld": choice(typed, said, "upheld", "申诉是否成立", UPHELD, required=True),
        "answer": text(typed, said, "answer", "答复和理由", maximum=2000, required=True),
        "back": text(typed, said, "back", "不同意的理由", maximum=2000, required=True),
        "removed": text(typed, said, "removed", "不计入的事项"),
        "chosen": typed.getlist("removed") if hasattr(typed, "getlist") else [],
    }


# --- one's own ----------------------------------------------------------------------------------------------------


@staff
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What somebody's own grids have in the quarter that runs, and what was shown or decided of them; nobody else's."""
    now, actor = timezone.now(), actor_of(request)
    duties = cards.duties_of(actor)
    if not duties and not access.works_in_grids(actor):
        raise NotYou("这里是网格上的人员看本网格考核的地方；您没有服务过的网格。")
    rows = cards.own_rounds(duties)
    context = {
        "title": "本网格考核",
        "running": cards.running(actor, now, duties),
        "rounds": [(one, quarter_in(one.round).label) for one in rows],
        "told": access.TOLD,
        **cards.explained(None),
        "now": now,
    }
    return render(request, "cases/assessing/mine.html", context)
