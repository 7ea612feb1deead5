"""`python -m bench plans`: how PostgreSQL reads the lists of people with different scopes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Subquery
from django.utils import timezone

from accounts.models import Unit
from bench import people
from cases import desks
from cases.models import Case

NEWEST = ("-registered_at", "-id")
UNIT = Subquery(Unit.objects.filter(code="dept05").order_by().values("pk"))  # as cases.filters asks
FILTERS: dict[str, Callable[[Any], Any]] = {
    "newest 50": lambda cases: cases.order_by(*NEWEST)[:51],
    "status=handling": lambda cases: cases.filter(status="handling").order_by(*NEWEST)[:51],
    "status=closed, a unit": lambda cases: cases.filter(status="closed", lead_unit_id=UNIT).order_by(*NEWEST)[:51],
    "overdue": lambda cases: cases.overdue(timezone.now()).order_by("due_at", "id")[:51],
}


def show() -> None:
    """Print one line per scope and list: milliseconds and the scans that were used; `python -m bench plans`."""
    now = timezone.now()
    for name, actor in people.cast(now).everyone().items():
        visible = Case.objects.visible_to(actor, now)
        for label, narrow in FILTERS.items():
            _print(name, label, narrow(visible.select_related("category", "lead_unit", "handler")))
        _print(name, "one case", visible.filter(number="0" * 14))
        _print(name, "mine, most urgent", visible.filter(desks.turn_of(actor)).order_by("step_due_at", "-id")[:31])
        _print(name, "count", visible.order_by().values("status").distinct())
    connection.close()


def _print(name: str, label: str, cases: Any) -> None:
    text = cases.explain(analyze=True, buffers=True)
    taken = re.search(r"Execution Time: ([\d.]+)", text)
    planning = re.search(r"Planning Time: ([\d.]+)", text)
    scans = re.findall(
        r"((?:Parallel )?(?:Seq|Index Only|Index|Bitmap Heap) Scan[^(]*?on \w+|Bitmap Index Scan on \w+)", text
    )
    used = ", ".join(
        dict.fromkeys(re.sub(r" \w+$", "", scan) if " on cases_case" not in scan else scan for scan in scans)
    )
    times = f"{float(planning[1]):6.2f} + {float(taken[1]):8.2f} ms" if taken and planning else "?"
    print(f"{name:12} {label:24} {times}  {used[:150]}")
