"""The ground the territory's tests stand on: one district, one street, two communities side by side, three grids.

The grids are squares of 0.01 degrees in GCJ-02; 001 and 002 share the line lng = 112.31, 002 and the other community's
001 the line lng = 112.32.
"""

from datetime import date
from typing import Any

from accounts.models import User
from grids.choices import DutyKind
from grids.models import Area, Duty, Grid

DISTRICT, STREET, ANDONG, ANXI = "140603", "140603100", "140603100002", "140603100003"
FIRST, SECOND, THIRD = f"{ANDONG}001", f"{ANDONG}002", f"{ANXI}001"


def square(west: float, south: float = 39.50, side: float = 0.01) -> dict[str, Any]:
    """A square as GeoJSON."""
    east, north = round(west + side, 6), round(south + side, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_areas() -> None:
    """District, street and two communities, by single saves."""
    Area.objects.create(code=DISTRICT, name="平鲁区", level="district", boundary=square(112.25, 39.45, 0.1))
    Area.objects.create(code=STREET, name="井坪镇", level="street", parent_id=DISTRICT)
    Area.objects.create(code=ANDONG, name="安东社区居委会", level="community", parent_id=STREET)
    Area.objects.create(code=ANXI, name="安西社区居委会", level="community", parent_id=STREET)


def make_ground() -> None:
    """The areas and the three grids."""
    make_areas()
    Grid.objects.create(code=FIRST, name="安东第一网格", community_id=ANDONG, boundary=square(112.30))
    Grid.objects.create(code=SECOND, name="安东第二网格", community_id=ANDONG, boundary=square(112.31))
    Grid.objects.create(code=THIRD, name="安西第一网格", community_id=ANXI, boundary=square(112.32))


def person(username: str, name: str) -> User:
    """Somebody of the cast."""
    return User.objects.create(username=username, name=name)


def on_duty(user: User, code: str, starts_on: date, ends_on: date | None = None, kind: str = "") -> Duty:
    """A duty in the grid with this code."""
    return Duty.objects.create(
        user=user,
        grid=Grid.objects.get(code=code),
        kind=kind or DutyKind.GRID_WORKER,
        starts_on=starts_on,
        ends_on=ends_on,
    )
