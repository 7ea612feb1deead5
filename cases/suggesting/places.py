"""Communities and grids found from the words of an address, or listed with their pinyin initials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cases.catalogue import initials
from governance_portal.lib.bigrams import bigrams, plain
from grids import territory
from grids.models import Grid

MOST = 8
GRID_DIGITS, COMMUNITY_DIGITS = 15, 12
#: What people leave out when they say where they live.
_ENDINGS = re.compile(r"(社区|居委会|村委会|街道|镇|乡|村)$")


@dataclass(frozen=True)
class PlaceProposal:
    """One community or grid by code, and the words that speak for it."""

    code: str
    label: str
    reason: str


def propose_places(address: str, story: str, within: str) -> list[PlaceProposal]:
    """Return the communities that the address (else the story) names, each followed by its grids.

    A grid whose extent shares words with the address comes before its neighbours. The names come from memory; one
    query for the extents.
    """
    named = _named(address, within) or _named(story, within)
    found: list[PlaceProposal] = []
    for code, name, word in named[:2]:
        grids = _grids_of(code, address)
        only = len(grids) == 1
        if not only:
            note = f"有 {len(grids)} 个网格，可再选" if grids else ""
            found.append(PlaceProposal(code, name, f"地点里有“{word}”" + (f"，{note}" if note else "")))
        found += [PlaceProposal(grid, label, why or f"{name}的网格") for grid, label, why in grids]
    return found[:MOST]


def _named(text: str, within: str) -> list[tuple[str, str, str]]:
    """Communities whose name, in full or without its ending, stands in the text; the longest name first."""
    if len(text) < 2:
        return []
    found = []
    for place in territory.current().places.values():
        if place.level == "community" and place.active and place.code.startswith(within):
            short = _ENDINGS.sub("", place.name)
            word = place.name if place.name in text else short if len(short) >= 2 and short in text else ""
            if word:
                found.append((place.code, place.name, word))
    return sorted(found, key=lambda row: (-len(row[2]), row[0]))


def _grids_of(community: str, address: str) -> list[tuple[str, str, str]]:
    wanted = set(bigrams(plain(address)))
    rows = []
    for code, name, extent in (
        Grid.objects.filter(community__code=community, active=True)
        .order_by("code")
        .values_list("code", "name", "extent")
    ):
        shared = sorted(wanted & set(bigrams(plain(extent))))
        rows.append((len(shared), code, name, f"网格范围里有“{shared[0]}”" if shared else ""))
    return [(code, name, why) for _shared, code, name, why in sorted(rows, key=lambda row: (-row[0], row[1]))]


def find_all(within: str) -> list[tuple[str, str, str]]:
    """Return `[(code, name, pinyin initials)]` of every community and grid in use inside an area; from memory."""
    return [row for row in _letters(territory.current().stamp) if row[0].startswith(within)]


@lru_cache(maxsize=2)
def _letters(_stamp: str) -> tuple[tuple[str, str, str], ...]:
    """Names with their pinyin initials, made once for each state of the territory."""
    places = territory.current().places
    rows = []
    for place in places.values():
        if not place.active or len(place.code) < COMMUNITY_DIGITS:
            continue
        above = places.get(place.parent)
        label = place.name if above is None or len(place.code) == GRID_DIGITS else f"{above.name} · {place.name}"
        rows.append((place.code, label, initials(place.name)))
    return tuple(sorted(rows, key=lambda row: (len(row[0]), row[0])))
