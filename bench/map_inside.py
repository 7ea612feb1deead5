"""Run by `bench.map` inside its demonstration (`manage.py shell`): fills it to 18,407 matters and times what the map asks.

Prints one line of JSON. The figures are those of facts §8 rows 0.26 and 0.27: 506 grids, 18,407 matters, 147 of them open.
"""

import json
import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import shapely
from django.conf import settings
from django.utils import timezone
from shapely.geometry import shape

from accounts.models import User
from accounts.queries import actor_for
from cases.mapping import drawing
from cases.mapping.figures import Tally
from cases.models import Case, Category
from governance_portal.lib.numbers import case_number
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.models import Grid
from grids.queries import locate

WANTED, OPEN, POINTS, TIMES = 18_407, 147, 20_000, 15
FLOOR = """SELECT area_code, grid_code, sum(counted = 'open'), sum(counted = 'open' AND due_running AND due_at < ?),
    sum(counted <> '' AND registered_at >= ?) FROM cases_case GROUP BY 1, 2"""


def fill() -> None:
    """Matters without history, each at a point of its grid: what a map counts and draws."""
    chance, now = random.Random(506), timezone.now()
    clerk = User.objects.get(username="clerk")
    category = Category.objects.filter(active=True, kinds="").first() or Category.objects.filter(active=True).first()
    grids = [(grid.code, shape(grid.boundary)) for grid in Grid.objects.active().order_by("code")]
    have = Case.objects.count()
    still_open = max(OPEN - Case.objects.filter(counted="open").count(), 0)
    rows = []
    for serial in range(WANTED - have):
        code, ground = grids[serial % len(grids)] if serial % 3 else chance.choice(grids[:150])
        at = now - timedelta(minutes=chance.randrange(60, 60 * 24 * 364))
        is_open = serial < still_open
        middle = ground.representative_point()
        rows.append(
            Case(
                number=case_number(at.astimezone(SHANGHAI).date(), "2", 500_000 + serial),
                kind="appeal", channel="grid", title="楼道照明不亮", description="楼道照明不亮，请派人来看。",
                registered_by=clerk, status="handling" if is_open else "closed", counted="open" if is_open else "closed",
                category=category, area_code=code, grid_code=code, desk_area=code, registered_at=at, accepted_at=at,
                lng=middle.x + chance.uniform(-0.002, 0.002), lat=middle.y + chance.uniform(-0.002, 0.002), datum="gcj02",
                closed_at=None if is_open else at, version=1, due_running=is_open,
                due_at=now + timedelta(days=chance.choice((-2, 1, 5, 9))) if is_open else None,
            )
        )  # fmt: skip
    Case.objects.bulk_create(rows, batch_size=400)


def timed(work: Callable[[], Any], times: int = TIMES) -> float:
    """The median in milliseconds."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def measure() -> dict[str, Any]:
    """Everything that needs no browser."""
    now = timezone.now()
    actor = actor_for(User.objects.get(username="leader"), now)
    visible = Case.objects.visible_to(actor, now).within("140603")
    plain = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    floor = timed(lambda: plain.execute(FLOOR, [str(now), str(now - timedelta(days=364))]).fetchall())
    figures = timed(lambda: Tally(visible, now).rows)
    index = territory.current().grids
    west, south, east, north = shapely.union_all(index.geometries).bounds
    chance = random.Random(1)
    spots = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(POINTS)]
    tree = shapely.STRtree(index.geometries)
    began = time.perf_counter()
    for lng, lat in spots:
        tree.query(shapely.Point(lng, lat), predicate="intersects")
    bare = (time.perf_counter() - began) / POINTS * 1e6
    began = time.perf_counter()
    for lng, lat in spots:
        locate(lng, lat, "gcj02")
    ours = (time.perf_counter() - began) / POINTS * 1e6
    territory.begin_request()  # as in a web request: the stamp is asked once
    began = time.perf_counter()
    for lng, lat in spots:
        locate(lng, lat, "gcj02")
    inside = (time.perf_counter() - began) / POINTS * 1e6
    territory.end_request()
    began = time.perf_counter()
    _stamp, body, zipped = drawing.packed()
    packing = (time.perf_counter() - began) * 1000
    plain_json = json.dumps(
        [outline for outline in territory.current().outlines("wgs84").values()], separators=(",", ":")
    )
    return {
        "cases": Case.objects.count(),
        "open": Case.objects.filter(counted="open").count(),
        "grids": Grid.objects.active().count(),
        "figures_floor": floor,
        "figures": figures,
        "locate_floor": bare,
        "locate": ours,
        "locate_inside": inside,
        "shapes": len(body),
        "shapes_zipped": len(zipped),
        "geojson": len(plain_json),
        "packing": packing,
        "load": os.getloadavg()[0],
    }


fill()
print(json.dumps(measure()))
