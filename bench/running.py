"""One run: the floor and the portal, row by row, next to each other."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from bench import calls, floor, inside, people, server
from bench.load import FIRST_OWN_ID
from bench.measuring import WARM_UP, Figures, Opening, measure, yardstick
from cases.models import Case
from grids.models import Area

#: The order matters: what is registered is moved afterwards.
ROWS = ("register", "move", "list", "filtered", "unit list", "detail", "lookup", "list page", "case page")
CLIENTS = (1, 8)


@dataclass
class Result:
    """Everything a run has found; figures by (row, clients)."""

    cases: int
    events: int
    ours: dict[tuple[str, int], Figures] = field(default_factory=dict)
    floor: dict[tuple[str, int], Figures] = field(default_factory=dict)
    processor: dict[tuple[str, int], float] = field(default_factory=dict)  # ms of the web workers per call
    statements: dict[str, int] = field(default_factory=dict)
    layers: dict[str, Figures] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    bytes_per_case: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    yardstick: float = 0.0


def run(seconds: float, times: int) -> Result:
    """Measure every row for `seconds` with each number of clients."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_event")
        found = Result(cases=Case.objects.count(), events=cursor.fetchone()[0], load_before=os.getloadavg()[0])
    found.yardstick = yardstick()
    found.bytes_per_case = _bytes_per_case(found.cases)
    print("  the floor's schema …", flush=True)
    floor.build()
    server.collect()
    keys = _keys()
    with server.broker():
        found.statements = inside.counted(keys)
        found.layers = inside.timed(keys, times)
        connection.close()
        below = _floor_openings(keys)
        with server.portal() as port:
            ours = calls.openings(port, keys)
            measure(ours["detail"], CLIENTS[-1], seconds / 3)  # warm every thread of every worker
            workers = server.Workers.at(port)
            for clients in CLIENTS:
                for row in ROWS:
                    print(f"  {row}, {clients} client{'s' if clients > 1 else ''} …", flush=True)
                    if row in below or row == "move":
                        opening = floor.mover(clients) if row == "move" else below[row]
                        found.floor[row, clients] = measure(opening, clients, seconds / 3)
                    own: Opening = calls.mover(port, keys, clients) if row == "move" else ours[row]
                    before = workers.seconds()
                    figures = found.ours[row, clients] = measure(own, clients, seconds)
                    spent = workers.seconds() - before
                    found.processor[row, clients] = spent * 1000 / (figures.calls + clients * WARM_UP)
            found.memory = workers.memory()
    found.load_after = os.getloadavg()[0]
    return found


def _keys() -> calls.Keys:
    now = timezone.now()
    cast = people.cast(now)
    departments = [post.unit_code for post in cast.units.values() if post.unit_code.startswith("dept")]
    communities = list(Area.objects.filter(level="community").order_by("code").values_list("code", flat=True))
    return calls.keys(now, departments, communities)


def _floor_openings(keys: calls.Keys) -> dict[str, Opening]:
    units = list(Case.objects.filter(lead_unit__code__in=keys.units).values_list("lead_unit_id", flat=True).distinct())
    ids = list(Case.objects.filter(pk__lt=FIRST_OWN_ID).order_by("client_id").values_list("pk", flat=True)[:3000])
    connection.close()
    return floor.openings(units, ids, [number for number, _code in keys.numbers])


def _bytes_per_case(cases: int) -> float:
    """Tables and indexes of the matter, divided by the cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname LIKE 'cases\\_%%'"
        )
        return float(cursor.fetchone()[0]) / max(cases, 1)
