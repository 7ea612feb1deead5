"""我的: what I reported and how far it is, who I am today, how the phone looks, what it keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import post_choice
from accounts.queries import Actor
from cases.models import Case
from cases.phone.cards import JOINED, Card, cards_of
from cases.phone.door import phone
from cases.phone.today import Day, grids_of
from cases.phone.worker import DAYS_OF_DRAFTS, DAYS_OF_PAGES
from cases.queries import public_status
from cases.worklist import paging

PAGE = 10


def reported_by(actor: Actor, now: datetime) -> Any:
    """Return the cases this person registered, as far as they still see them, unordered."""
    mine = Case.objects.visible_to(actor, now).filter(registered_by_id=actor.user_id or 0)
    return mine.select_related(*JOINED, "master").defer("description")


def how_far(case: Case, card: Card) -> dict[str, Any]:
    """Return one reported matter: its card, its status for the five words, what a resident would read of it."""
    ended = case.status in ("declined", "merged")
    return {"card": card, "status": case.status, "ended": ended, "told": public_status(case)}


@phone
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page `/m/me/`."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    day = Day(actor, now)
    asked = reported_by(actor, now)
    page = paging.page_of(asked, "newest", PAGE, request.GET.get("after", ""), request.GET.get("before", ""))
    rows = [how_far(case, card) for case, card in zip(page.cases, cards_of(page.cases, now), strict=True)]
    context = {
        "title": "我的",
        "now": now,
        "rows": rows,
        "next_url": f"?{urlencode({'after': page.last})}" if page.last else "",
        "previous_url": f"?{urlencode({'before': page.first})}" if page.first else "",
        "posts": [post_choice.label(post) for post in actor.posts],
        "grids": grids_of(day),
        "days_of_pages": DAYS_OF_PAGES,
        "days_of_drafts": DAYS_OF_DRAFTS,
        "complaints": settings.CENTRE_OFFICE,
    }
    return render(request, "phone/mine.html", context)
