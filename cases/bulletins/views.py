"""月报、季报、年报 for staff: the list, one bulletin on screen and paper, its files, how far the counting is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases.bulletins import access, asking, book, sentences, services, typeset, word
from cases.bulletins.choices import BY_HAND, Ask, Kind, Section, State
from cases.bulletins.document import Document
from cases.bulletins.periods import Span, read_span, span_in
from cases.models import Bulletin, BulletinAsk
from cases.views.door import staff
from cases.views.intake_form import choice, text
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import day_of
from grids.models import Area
from grids.queries import name_of, names_of

PER_PAGE = 30
#: So many of each kind are offered.
OFFERED = {Kind.MONTH: 12, Kind.QUARTER: 4, Kind.YEAR: 3}
FORMS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (word.docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (typeset.pdf, "application/pdf"),
    "xlsx": (book.xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
Errors = Mapping[str, list[str]]
NOT_MADE = "这一份没有写成，已自动记录，没有留下半份。请回到列表再制一次。"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def list_url() -> str:
    """The list."""
    return reverse("bulletins:list")


@staff
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What somebody may read, the newest first; who writes finds the form for a new one above it."""
    return list_page(request, timezone.now())


def list_page(request: HttpRequest, now: datetime, *, errors: Errors | None = None, status: int = 200) -> HttpResponse:
    """Draw the list; what was asked for wrongly goes back into the form."""
    actor = actor_of(request)
    found = access.readable(actor).defer("document").order_by("-last", "kind", "area_code")
    kind = request.GET.get("kind", "")
    if kind in Kind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = names_of({row.area_code for row in page})
    writing = access.writing_areas(actor)
    context = {
        "title": "月报、季报、年报",
        "rows": [{"it": row, "area": names.get(row.area_code, row.area_code), "label": label_of(row)} for row in page],
        "kinds": [{"value": "", "label": "全部", "current": kind not in Kind.values}]
        + [{"value": value, "label": label, "current": kind == value} for value, label in Kind.choices],
        "pager": _pager(page, f"kind={kind}&" if kind in Kind.values else ""),
        "form": _form(request.POST, errors or {}, writing, now) if writing else None,
        "asks": [_ask_row(row) for row in asking.busy(actor)],
        "errors": errors or {},
        "now": now,
    }
    return render(request, "bulletins/list.html", context, status=status)


def _pager(page: Any, query: str) -> dict[str, str]:
    many = page.paginator.count
    return {
        "words": f"共 {many} 份，第 {page.start_index()}–{page.end_index()} 份" if many else "",
        "previous_url": f"?{query}page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{query}page={page.next_page_number()}" if page.has_next() else "",
    }


def _form(given: Mapping[str, Any], errors: Errors, writing: list[str], now: datetime) -> dict[str, Any]:
    spans = [(span.code, f"{span.label}{span.kind.label}") for span in offered(now)]
    codes = [
        *writing,
        *Area.objects.active().filter(parent__code=writing[0]).order_by("code").values_list("code", flat=True),
    ]
    names = names_of(codes)
    areas = [(code, names.get(code, code)) for code in dict.fromkeys(codes)]
    return {
        "key": uuid.uuid4(),
        "period": choice(given, errors, "period", "哪一期", spans, required=True, default=spans[0][0]),
        "area": choice(given, errors, "area", "区域", areas, default=writing[0]),
    }


def offered(now: datetime) -> list[Span]:
    """The spans that are over, of each kind the newest first."""
    found = []
    for kind, many in OFFERED.items():
        span = span_in(kind, day_of(now)).before
        for _one in range(many):
            found.append(span)
            span = span.before
    return found


def label_of(row: Bulletin) -> str:
    """「2026年10月」."""
    return read_span(row.period).label


# --- one bulletin ------------------------------------------------------------------------------------------------


@staff
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One bulletin; ?paper=1 to print."""
    return bulletin_page(request, pk, timezone.now())


def bulletin_page(
    request: HttpRequest,
    pk: int,
    now: datetime,
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw a bulletin; what was typed wrongly goes back into the form it came from."""
    actor = actor_of(request)
    row = access.find(actor, pk)
    document = services.document_of(row)
    draft = row.state == State.DRAFT
    writes, signs = draft and access.writes(actor, row.area_code), access.signs(actor, row.area_code)
    warned = services.warnings_of(row, document) if draft else {}
    own = set(row.texts.values_list("section", flat=True))
    paper = request.GET.get("paper") == "1"
    typed: Mapping[str, Any] = request.POST if status != 200 else {}
    counting = [one for one in asking.busy(actor) if (one.area_code, one.period) == (row.area_code, row.period)]
    context = {
        "title": f"{document.title}（{document.subtitle}）",
        "row": row,
        "document": document,
        "parts": [
            {
                "heading": heading,
                "it": part,
                "own": part.code in own,
                "by_hand": part.code in BY_HAND and part.code not in own,
                "warned": warned.get(part.code, []),
            }
            for heading, part in document.numbered
        ],
        "warned": sum(len(found) for found in warned.values()),
        "writes": writes,
        "ask": _ask_row(counting[0]) if counting else None,
        "key": uuid.uuid4(),
        "signs": signs and draft,
        "corrects": signs and not draft,
        "number": text(typed, errors or {}, "number", "文号", maximum=services.NUMBER_LIMIT),
        "correction": text(typed, errors or {}, "correction", "更正内容", required=True, maximum=services.WORDS_LIMIT),
        "errors": errors or {},
        "back_url": reverse("bulletins:show", args=[row.pk]),
        "now": now,
    }
    if paper:
        _on_record(request, "print_bulletin", row, {}, now)
    return render(request, f"bulletins/{'paper' if paper else 'show'}.html", context, status=status)


@staff
@require_safe
def file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The bulletin as Word, PDF or Excel; on record."""
    now = timezone.now()
    row = access.find(actor_of(request), pk)
    if form not in FORMS:
        raise NotYours()
    write, kind = FORMS[form]
    document = services.document_of(row)
    response = HttpResponse(write(document), content_type=kind)
    name = f"{document.title}（{document.subtitle}）{document.state}.{form}"
    way = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "no-store"
    _on_record(request, "export_bulletin", row, {"format": form}, now)
    return response


def _on_record(request: HttpRequest, action: str, row: Bulletin, detail: dict[str, Any], now: datetime) -> None:
    told = {"area": row.area_code, "period": row.period, "version": row.version, **detail}
    meta = audit.request_meta(request)
    audit.record(actor_of(request), action, f"bulletin:{row.pk}", "", told, now=now, **meta)


def edit_page(
    request: HttpRequest, pk: int, section: str, now: datetime, *, errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    """Draw the form of one paragraph: the author's words or the generated ones, and the generated beside them."""
    actor = actor_of(request)
    row = access.find(actor, pk)
    access.check_writer(actor, row.area_code)
    services.check_draft(row)
    if section not in Section.values:
        raise NotYours()
    generated = sentences.said(services.figures_of(row), section)
    kept = row.texts.filter(section=section).first()
    typed = {"words": request.POST.get("words", "") if status != 200 else (kept.words if kept else generated.words)}
    context = {
        "title": f"{label_of(row)}{row.get_kind_display()}：{Section(section).label}",
        "row": row,
        "section": section,
        "words": text(typed, errors or {}, "words", Section(section).label, maximum=services.WORDS_LIMIT),
        "generated": generated,
        "own": kept,
        "warned": services.warnings_of(row, services.document_of(row)).get(section, []),
        "by_hand": section in BY_HAND,
        "errors": errors or {},
        "now": now,
    }
    return render(request, "bulletins/edit.html", context, status=status)


# --- while it is counted -----------------------------------------------------------------------------------------


@staff
@require_safe
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How far one is; the page may be left. The fragment asks again by itself until it is done."""
    found = _ask_row(asking.find(actor_of(request), uid))
    template = "bulletins/_ask.html" if request.headers.get("HX-Request") else "bulletins/ask.html"
    return render(request, template, {"title": f"制表：{found['label']}", "ask": found, "now": timezone.now()})


def _ask_row(found: BulletinAsk) -> dict[str, Any]:
    span = read_span(found.period)
    failed = found.state == Ask.FAILED
    return {
        "uid": found.uid,
        "label": f"{span.label}{span.kind.label}",
        "area": name_of(found.area_code) or found.area_code,
        "state": found.state,
        "state_label": found.get_state_display(),
        "done": found.done,
        "total": found.total,
        "percent": found.percent,
        "asked_at": found.asked_at,
        "busy": found.state in asking.BUSY,
        "why": services.SIGNED_ALREADY if failed and asking.was_signed(found) else NOT_MADE,
        "anew": bool(found.bulletin and found.bulletin.version > 1),
        "url": reverse("bulletins:show", args=[found.bulletin_id]) if found.bulletin_id else "",
    }
