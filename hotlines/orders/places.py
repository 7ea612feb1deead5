"""Where an order lies: the names of a street and a community as other systems write them, looked up in the territory."""

from __future__ import annotations

import re

from governance_portal.lib.errors import Incomplete
from grids import territory

_ENDING = re.compile(
    r"(社区居民委员会|村民委员会|社区居委会|居委会|村委会|街道办事处|人民政府|办事处|社区|街道|镇|乡|村)$"
)


def short(name: str) -> str:
    """Return a place's name without what people leave out: 「井坪镇人民政府」 → 「井坪」; a name of one sign stays whole."""
    before = ""
    while name != before:
        before, cut = name, _ENDING.sub("", name)
        name = cut if len(cut) >= 2 else name
    return name


def area_of(street: str, community: str, district: str) -> str:
    """Return the code of the community, else of the street, else of the district; Incomplete for a name that is not here.

    Without a street a community is found when its name is there once in the district.
    """
    within = district
    if street and street not in _names_of(district):
        within = _only("street", street, _found(street, "street", district), "本区")
    if not community:
        return within
    return _only("community", community, _found(community, "community", within), street or "本区")


def _names_of(district: str) -> tuple[str, ...]:
    place = territory.current().places.get(district)
    return (place.name, "区本级", "全区") if place else ()


def _found(name: str, level: str, within: str) -> list[str]:
    places = [
        place
        for place in territory.current().places.values()
        if place.level == level and place.active and place.code.startswith(within)
    ]
    whole = [place.code for place in places if place.name == name]
    return whole or [place.code for place in places if short(place.name) == short(name)]


def _only(field: str, name: str, codes: list[str], where: str) -> str:
    word = "街道或乡镇" if field == "street" else "社区或村"
    if not codes:
        raise Incomplete({field: [f"{where}没有“{name[:20]}”这个{word}；请核对名称，不清楚的可以清空这一格。"]})
    if len(codes) > 1:
        raise Incomplete({field: [f"{where}有 {len(codes)} 个叫“{name[:20]}”的{word}；请写全名，或补上街道。"]})
    return codes[0]
