"""The boards of the bands and of the levels."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.queries import Actor
from cases.boards import bands, levels
from cases.boards.asking import Asked, asked_of
from cases.boards.links import tabs
from cases.statistics import wording
from cases.statistics.figures import SAMPLE, percent
from cases.views.door import staff
from grids.queries import names_of

#: Settled by whoever is nearest: what 「小事不出村（社区）」 counts.
NEAR = ("grid", "community")
#: What lies below an area of so many digits.
BELOW = {6: "镇街", 9: "村（社区）"}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def asked(request: HttpRequest, name: str) -> Asked:
    """The area and the days of a page of this room."""
    return asked_of(request.GET, actor_of(request), timezone.now(), reverse(f"boards:{name}"))


@staff
@require_safe
def three_bands(request: HttpRequest) -> HttpResponse:
    """前端排查 / 中端调处 / 末端问效."""
    board = asked(request, "bands")
    context = {"title": "三端闭环", "bands": bands.bands_of(board), "tabs": tabs("bands", board), **board.context()}
    return render(request, "board/bands.html", context)


@staff
@require_safe
def settled(request: HttpRequest) -> HttpResponse:
    """小事不出网格: the levels of an area, and the areas below it beside each other."""
    board = asked(request, "levels")
    rows = levels.settled_at(board.scope, board.window, board.now)
    total = sum(row["count"] for row in rows)
    context = {
        "title": "小事不出网格",
        "rows": [
            {
                **row,
                "words": wording.rate(row["share"]),
                "number": wording.number(row["count"]),
                "url": _list(row["url_query"]),
            }
            for row in rows
        ],
        "total": wording.number(total),
        "total_url": _list(levels.query_of(levels.ANY, board.window, board.area)),
        "places": _places(board),
        "place_word": BELOW.get(len(board.area), ""),
        "labels": list(levels.LEVELS.values()),
        "sample": SAMPLE,
        "says": levels.SAYS,
        "tabs": tabs("levels", board),
        **board.context(),
    }
    return render(request, "board/levels.html", context)


def _list(query: str) -> str:
    return f"{reverse('cases:list')}?{query}"


def _places(board: Asked) -> list[dict[str, Any]]:
    """The areas below: where there is enough to compare by share, the highest first; then the others by their codes."""
    found = levels.by_place(board.scope, board.window, board.now)
    names = names_of(found)
    drawn = [_place(board, code, names, counts) for code, counts in found.items() if sum(counts.values())]
    return sorted(drawn, key=lambda row: (row["share"] is None, -(row["share"] or 0), -row["settled"], row["code"]))


def _place(board: Asked, code: str, names: dict[str, str], counts: dict[str, int]) -> dict[str, Any]:
    total, near = sum(counts.values()), sum(counts[level] for level in NEAR)
    own = code == board.area  # lies in none of the areas below
    more = "&below=none" if own else ""
    cells = [
        {
            "words": wording.number(number),
            "url": _list(levels.query_of(level, board.window, code) + more) if number else "",
        }
        for level, number in counts.items()
    ]
    enough = total >= SAMPLE and not own
    return {
        "code": code,
        "name": "未落到下一级" if own else names.get(code, code),
        "url": "" if own else board.here(area=code),
        "settled": total,
        "total": {"words": wording.number(total), "url": _list(levels.query_of(levels.ANY, board.window, code) + more)},
        "cells": cells,
        "share": percent(near, total) if enough else None,
        "near": f"{wording.number(near)}/{wording.number(total)}",
    }
