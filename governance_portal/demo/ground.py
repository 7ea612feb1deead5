"""Where matters happen: addresses of the county town and of the villages, and which offices serve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from accounts.choices import Role
from governance_portal.demo.offices import COMMUNITIES, ONE_PERSON_COMMUNITY, TOWNS, seats

_TOWN_OF = {area: unit for unit, (area, _name) in TOWNS.items()}
_OFFICE_OF = {area: unit for unit, (area, _name, _town) in COMMUNITIES.items()}
#: The ten neighbourhoods by how much comes from them.
_BUSY = {
    "140603100001": 11, "140603100002": 8, "140603100003": 9, "140603100004": 7, "140603100005": 8, "140603100006": 6,
    "140603100007": 7, "140603100008": 10, "140603100009": 6, "140603100010": 5,
}  # fmt: skip
_HOME_ENDS = (
    "{b} 号楼 {u} 单元",
    "{b} 号楼",
    "{b} 号楼 {u} 单元",
    "{b} 号楼 {u} 单元 {f} 层",
    "平房区 {s}排",
    "{s}巷 {n} 号",
    "{b} 号楼 {u} 单元",
)
_STREET_ENDS = (
    "{s}巷口",
    "南门",
    "北门",
    "小广场",
    "后街",
    "门面房前",
    "{b} 号楼北侧",
    "{b} 号楼东侧停车场",
    "幼儿园旁",
    "菜市场门口",
    "主路",
)
_YARD_ENDS = ("前街 {n} 号", "村东头", "村西头", "后街 {n} 号", "南坡", "旧院")
_VILLAGE_ENDS = ("村东头", "村西头", "前街", "后街", "村口", "小学旁", "戏台旁", "河槽边", "南坡", "文化广场", "井房旁")
_DIGITS = "一二三四五六七八九"


@dataclass(frozen=True)
class Spot:
    """One place: its community, town, grid ("" where unknown), what people call it, and the offices of the place."""

    community: str
    near: str
    address: str
    grid: str
    town_unit: str
    community_unit: str

    def place(self) -> dict[str, str]:
        """As an intake takes it."""
        return {**({"grid": self.grid} if self.grid else {"area": self.community}), "address": self.address}


class Ground:
    """The district: `grids` maps each community's code to the codes of its grids, `names` to its name."""

    def __init__(self, grids: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> None:
        self._grids, self._names = grids, names
        self._urban = [code for code in _BUSY if code in grids]
        self._villages = sorted(code for code in grids if code not in _BUSY)
        towns = sorted({code[:9] for code in self._villages})
        #: The two towns at the mines are twice as busy; within a town a few villages are heard of most.
        self._weights = [(2.0 if code[:9] in towns[:2] else 1.0) / (1 + int(code[-2:]) % 7) for code in self._villages]

    def spot(self, where: str, indoors: bool, chance: Random) -> Spot:
        """A place in the town, in a village, or in either; somebody's home or a spot in the street."""
        urban = where == "urban" or (where != "village" and chance.random() < 0.66)
        if urban:
            code = chance.choices(self._urban, [_BUSY[code] for code in self._urban])[0]
        else:
            code = chance.choices(self._villages, self._weights)[0]
        grid = chance.choice(self._grids[code]) if chance.random() < 0.8 else ""
        return self._spot(code, grid, urban, indoors, chance)

    def patrolled(self, where: str, indoors: bool, own: Mapping[str, str], chance: Random) -> Spot:
        """A place in a grid that somebody is on duty in; `own` maps grids to log-ins."""
        urban = where != "village"
        grids = sorted(grid for grid in own if (grid[:12] in _BUSY) == urban) or sorted(own)
        grid = chance.choice(grids)
        return self._spot(grid[:12], grid, grid[:12] in _BUSY, indoors, chance)

    def offices_of(self, area: str) -> Spot:
        """The offices of an area; of the district itself those of the county town."""
        town = _TOWN_OF.get(area[:9], "jingping")
        return Spot(area, "", "", "", town, _OFFICE_OF.get(area[:12], ""))

    def _spot(self, code: str, grid: str, urban: bool, indoors: bool, chance: Random) -> Spot:
        name = short_name(self._names[code])
        numbers = {
            "b": chance.randint(1, 24),
            "u": chance.randint(1, 4),
            "s": chance.choice(_DIGITS),
            "n": chance.randint(2, 46),
            "f": chance.randint(1, 6),
        }
        urban_ends, village_ends = (_HOME_ENDS, _YARD_ENDS) if indoors else (_STREET_ENDS, _VILLAGE_ENDS)
        ending = chance.choice(urban_ends if urban else village_ends).format(**numbers)
        address = f"{name}{' ' if ending[0].isdigit() else ''}{ending}"
        return Spot(code, name, address, grid, _TOWN_OF[code[:9]], _OFFICE_OF.get(code, ""))


def short_name(name: str) -> str:
    """「古城社区居委会」→「古城社区」，「郑家营村委会」→「郑家营村」."""
    if name.endswith("居委会"):
        return name.removesuffix("居委会")
    return name.removesuffix("村委会").removesuffix("村") + "村"


class Staff:
    """Who acts for each office."""

    def __init__(self) -> None:
        officers = (Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER)
        self._officer: dict[str, str] = {}
        self._lead: dict[str, str] = {}
        for seat in seats():
            if seat.role in officers:
                (self._lead if seat.lead else self._officer).setdefault(seat.office, seat.username)

    def officer(self, unit: str) -> str:
        """Who usually takes the matters of a unit."""
        return self._officer.get(unit) or self._lead[unit]

    def lead(self, unit: str) -> str:
        """Who signs for a unit."""
        return self._lead[unit]

    def unit_of(self, wanted: str, spot: Spot) -> str:
        """The unit a skeleton names for this place."""
        if wanted == "town":
            return spot.town_unit
        if wanted == "committee":
            return f"{spot.town_unit}_committee"
        if wanted == "community":
            own = spot.community_unit
            return own if own and own != ONE_PERSON_COMMUNITY else spot.town_unit
        return wanted
