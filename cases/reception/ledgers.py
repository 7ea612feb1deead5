"""接访登记 and 包案台账 for staff, on the screen and on paper; each print is on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.queries import Actor
from cases.reception import queries
from cases.reception.services import date_of
from cases.reception.views import reader_of
from cases.views.door import staff

PER_PAGE = 50
MOST_DAYS = 366


def _span(request: HttpRequest, now: datetime) -> tuple[date, date]:
    today = queries.today_of(now)
    last = date_of(request.GET.get("to", "")) or today
    first = date_of(request.GET.get("from", "")) or last - timedelta(days=90)
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=MOST_DAYS)), last


@staff
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """接访登记 (D30) between two days; ?paper=1 is the sheet to print."""
    now, actor = timezone.now(), reader_of(request)
    first, last = _span(request, now)
    found = queries.register_of(actor, first, last)
    paper = request.GET.get("paper") == "1"
    page = None if paper else Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows_of(found if page is None else page.object_list, actor, now)
    context = {
        "title": "接访登记",
        "first": first,
        "last": last,
        "rows": rows,
        "page": page,
        "query": f"from={first}&to={last}",
        "back_url": f"{reverse('reception:register')}?from={first}&to={last}",
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        meta = audit.request_meta(request)
        audit.record(actor, "print_reception", "reception", "", {"rows": len(rows)}, now=now, **meta)
    return render(request, f"cases/reception/{'register_paper' if paper else 'register'}.html", context)


@staff
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """包案台账: the leaders' cases that the reader sees; ?all=1 with those that ended, ?paper=1 to print."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    every, paper = request.GET.get("all") == "1", request.GET.get("paper") == "1"
    found = queries.ledger(actor, now, every=every)
    page = None if paper else Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    today = queries.today_of(now)
    rows = [
        {"lead": lead, "stands": lead.ended_at is None and lead.case.is_open, "late": lead.deadline < today}
        for lead in (found if page is None else page.object_list)
    ]
    context = {
        "title": "包案台账",
        "every": every,
        "rows": rows,
        "page": page,
        "query": "all=1" if every else "",
        "back_url": reverse("reception:ledger"),
        "printed_by": actor.name,
        "now": now,
    }
    if paper:
        meta = audit.request_meta(request)
        audit.record(actor, "print_leads", "case leads", "", {"rows": len(rows)}, now=now, **meta)
    return render(request, f"cases/reception/{'ledger_paper' if paper else 'ledger'}.html", context)
