"""指标说明: every indicator with its formula, its 口径, its source and its value for an area and a period."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases.boards.asking import asked_of
from cases.boards.links import tabs
from cases.indicators.drawn import chapters
from cases.indicators.registry import HALF_UP, INDICATORS
from cases.indicators.shapes import Question
from cases.views.door import staff

#: Nobody looks for more than this.
LONGEST_WORDS = 40


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page; `q` narrows it to the indicators in whose words it occurs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = asked_of(request.GET, actor, timezone.now(), reverse("cases:indicators"))
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    found = chapters(Question(asked.scope, asked.window), asked.period, words)
    context = asked.context() | {
        "title": "指标说明",
        "tabs": tabs("indicators", asked),
        "q": words,
        "chapters": found,
        "shown": sum(len(chapter["rows"]) for chapter in found),
        "all": len(INDICATORS),
        "rounding": HALF_UP,
        "document_query": asked.query(),
    }
    return render(request, "board/indicators.html", context)
