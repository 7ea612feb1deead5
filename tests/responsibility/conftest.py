"""Fixtures of the matrix: 平城区 with its eighteen streets and the four units of facts §8 row 1.10."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from accounts.choices import Role, UnitKind
from accounts.models import Unit
from grids.models import Area
from tests.cases.cast import District, build_district
from tests.pages.conftest import _fresh_policies, client_of, migrated, town

__all__ = ["_fresh_policies", "client_of", "migrated", "town"]

#: Who guarantees which streets (facts §8 row 1.10; 「文瀾湖」 and 「水泰」 as printed are 文瀛湖 and 永泰).
UNITS = {
    "水务局": ("白登山", "大庆路", "开源", "御河"),
    "应急局": ("文瀛湖", "水泊寺", "鹿苑", "迎宾", "新华", "振华"),
    "城管局": ("古城", "永泰", "武定", "清远"),
    "自然资源局": ("马军营", "小南头", "新旺", "卧虎湾"),
}
PINGCHENG = "140213"
#: Codes of 2023, data/divisions/six_districts_villages.csv of the shared data.
CODES = (
    *(
        ("永泰", "140213050"),
        ("古城", "140213051"),
        ("新旺", "140213052"),
        ("迎宾", "140213053"),
        ("振华", "140213054"),
    ),
    *(
        ("清远", "140213055"),
        ("武定", "140213056"),
        ("御河", "140213057"),
        ("开源", "140213058"),
        ("大庆路", "140213059"),
    ),
    *(("马军营", "140213060"), ("卧虎湾", "140213061"), ("新华", "140213062"), ("鹿苑", "140213063")),
    *(("白登山", "140213064"), ("文瀛湖", "140213065"), ("水泊寺", "140213066"), ("小南头", "140213067")),
)
FIRST, LAST = date(2026, 6, 1), date(2026, 9, 30)


@dataclass
class Matrix:
    """The district of 大同 beside the cast's own: units by name, streets by name, its supervisor."""

    district: District
    units: dict[str, Unit] = field(default_factory=dict)
    streets: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def district(db: None) -> District:
    """The cast in 平鲁区."""
    return build_district()


@pytest.fixture
def matrix(district: District) -> Matrix:
    """平城区 with the streets of `CODES`."""
    made = Matrix(district)
    region = Area.objects.create(code=PINGCHENG, name="平城区", level="district")
    for name, code in CODES:
        Area.objects.create(code=code, name=f"{name}街道", level="street", parent=region)
        made.streets[name] = code
    for number, name in enumerate(UNITS):
        made.units[name] = district.unit(f"pc{number}", name, UnitKind.DEPARTMENT, PINGCHENG)
    district.unit("pc_centre", "平城区社会治安综合治理中心", UnitKind.CENTRE, PINGCHENG)
    district.person("pc_supervisor", "邢督办", Role.SUPERVISOR, "pc_centre", PINGCHENG)
    district.person("pc_handler", "水务局老王", Role.HANDLER, "pc0", PINGCHENG)
    return made


def sheet(first: date = FIRST, last: date | None = LAST, leave_out: tuple[str, ...] = ()) -> bytes:
    """The row as officials send it."""
    lines = ["单位,街道,事项,起,止"]
    for unit, streets in UNITS.items():
        lines += [f"{unit},{name}街道,防汛,{first},{last or ''}" for name in streets if name not in leave_out]
    return "\n".join(lines).encode("gb18030")


def noon(day: date) -> datetime:
    """Midday in Shanghai."""
    return datetime.fromisoformat(f"{day}T12:00:00+08:00")
