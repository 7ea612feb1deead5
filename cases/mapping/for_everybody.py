"""The map for everybody: figures of whole months, none that could name somebody (`suppressing`), no single matter."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.queries import service_actor
from cases.mapping.figures import Tally, breaks, legend, step_of
from cases.mapping.reach import COMMUNITY_DIGITS, GRID_DIGITS
from cases.mapping.suppressing import WORDS, published
from cases.models import Case
from cases.statistics.windows import Window
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.queries import beside, chain_of, name_of

#: How long one answer is kept: nobody's sight depends on who asks.
PUBLIC_SECONDS = 600


def whole_months(now: datetime) -> Window:
    """The twelve whole months before this one: a public figure changes once a month, so no two give away a single case."""
    first = now.astimezone(SHANGHAI).date().replace(day=1)
    return Window(first.replace(year=first.year - 1), date.fromordinal(first.toordinal() - 1))


def public_figures(area: str, now: datetime) -> dict[str, int | None]:
    """受理 of the twelve whole months by area and grid below `area`, None where it is hidden (`suppressing`)."""
    window = whole_months(now)
    key = f"map:public:{area}:{window.first}:{territory.current().stamp}"
    known: dict[str, int | None] | None = cache.get(key)
    if known is None:
        known = _published(area, window, now)
        cache.set(key, known, PUBLIC_SECONDS)
    return known


def _published(area: str, window: Window, now: datetime) -> dict[str, int | None]:
    everything = Case.objects.visible_to(service_actor("clock"), now).within(area)
    tally = Tally(everything.filter(window.holds("registered_at")), now, names=("accepted",), window=window)
    places = territory.current().places
    below: dict[str, list[str]] = {}
    for place in places.values():
        if place.active and place.code.startswith(area):
            below.setdefault(place.parent, []).append(place.code)
    return published(area, lambda code: tally.of(code)["accepted"], lambda code: below.get(code, ()))


def open_public(asked: str) -> dict[str, Any]:
    """The template's names for the public map; NotYours for an area that is not the district's."""
    now = timezone.now()
    district = settings.PORTAL_DISTRICT
    area = asked or district
    if not area.startswith(district) or not name_of(area) or len(area) > COMMUNITY_DIGITS:
        raise NotYours()
    values = public_figures(district, now)
    window = whole_months(now)
    below = [place for place in territory.current().places.values() if place.parent == area and place.active]
    grids = [code for code in values if len(code) == GRID_DIGITS and code.startswith(area)]
    ends = breaks(values[code] for code in grids)
    around = [name for _code, name in chain_of(area)]
    rows = [
        {
            "name": beside(place.name, *around),
            "url": f"{reverse('mapping:public')}?area={place.code}" if len(place.code) <= COMMUNITY_DIGITS else "",
            "words": _public_words(values.get(place.code)),
            "code": place.code,
        }
        for place in below
    ]
    told = {
        "area": area,
        "by": "public",
        "label": "受理",
        "cells": {code: [values[code], step_of(values[code], ends)] for code in grids},
        "children": [[row["code"], row["name"], row["words"], row["url"]] for row in rows],
        "digits": {6: 9, 9: 12}.get(len(area), GRID_DIGITS),
        "points": "",
    }
    return {
        "area": area,
        "area_name": name_of(area),
        "way": [
            {"name": name, "url": f"{reverse('mapping:public')}?area={code}", "current": code == area}
            for code, name in chain_of(area)
        ],
        "rows": rows,
        "total": _public_words(values[area]) if area in values else WORDS,
        "legend": legend(ends, True),
        "window": window,
        "hidden_words": WORDS,
        "told": json.dumps(told, ensure_ascii=False),
    }


def _public_words(value: int | None) -> str:
    return WORDS if value is None else f"{value:,}"
