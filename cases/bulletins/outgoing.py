"""What became of it: how it was passed on, mediated, judged and rated, how long it took, and the hazards.

办结率 looks at all three periods as long after their last day as this one was looked at, so that an older month is not
better only for being older.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q

from cases.bulletins import mediation as mediated
from cases.bulletins.frame import Counting, Figures
from cases.choices import Mode, OrderKind, Outcome, ProposalKind
from cases.hazards.choices import HazardClass
from cases.hazards.queries import hazards_of, in_state
from cases.indicators.lasting import NAMES, lasted, seconds
from cases.models import PatrolTask, Proposal, SupervisionOrder
from cases.patrols.coverage import coverage, facts
from cases.querysets import below
from cases.statistics.durations import Durations
from cases.statistics.figures import CLOSED, FOLLOW_UP, condition
from cases.statistics.windows import DAY, Window
from governance_portal.lib.working_days import SHANGHAI

#: Of what residents answered this is kept; the rest is asked of the rows that were closed in the window.
KEPT = ("asked_solved", "solved", "rated_closed", "satisfied_closed")
ASKED = tuple(figure.name for figure in FOLLOW_UP if figure.name not in KEPT)


def handling(counted: Counting) -> Figures:
    """How it was passed on, what was ordered and proposed."""
    window = counted.span.window

    def ways(days: Window) -> dict[str, int]:
        taken = condition("accepted_in", days, counted.now)
        told = counted.cases.filter(taken).aggregate(
            forwarded=Count("pk", filter=Q(mode=Mode.FORWARD)),
            assigned=Count("pk", filter=Q(mode=Mode.ASSIGN)),
            forwarded_closed=Count("pk", filter=Q(mode=Mode.FORWARD) & CLOSED),
            assigned_closed=Count("pk", filter=Q(mode=Mode.ASSIGN) & CLOSED),
            transferred=Count("pk", filter=Q(outcome=Outcome.TRANSFERRED)),
        )
        return {name: many or 0 for name, many in told.items()}

    orders = SupervisionOrder.objects.filter(below("case__area_code", counted.area)).filter(window.holds("issued_at"))
    laid = {
        row["kind"]: row
        for row in orders.order_by()
        .values("kind")
        .annotate(
            issued=Count("pk"),
            responded=Count("pk", filter=Q(responded_at__isnull=False)),
            lifted=Count("pk", filter=Q(lifted_at__isnull=False)),
        )
    }
    put = {
        row["kind"]: row
        for row in Proposal.objects.filter(below("area_code", counted.area))
        .filter(window.holds("proposed_at"))
        .order_by()
        .values("kind")
        .annotate(made=Count("pk"), adopted=Count("pk", filter=Q(approved=True)))
    }
    return {
        **counted.three(ways),
        "orders": [
            {"name": str(label), **{key: laid[code][key] for key in ("issued", "responded", "lifted")}}
            for code, label in OrderKind.choices
            if code in laid
        ],
        "proposals": [
            {"name": str(label), "made": put[code]["made"], "adopted": put[code]["adopted"]}
            for code, label in ProposalKind.choices
            if code in put
        ],
    }


def mediation(counted: Counting) -> Figures:
    """人民调解: the monthly list."""
    window = counted.span.window
    return {
        **counted.three(lambda days: mediated.totals(counted.cases, days)),
        "types": mediated.by_type(counted.cases, window),
        "sources": mediated.by_source(counted.cases, window),
        **mediated.agreements(counted.cases, window),
    }


def quality(counted: Counting) -> Figures:
    """办结率 and its likes, and how long it took."""
    late = counted.now - (counted.span.window.ends or counted.now)

    def cohort(days: Window) -> dict[str, int]:
        by_then = (days.ends or counted.now) + late
        told = {
            name: condition(name, days, counted.now)
            & (Q(**{f"{field}__lt": by_then}) | Q(**{f"{field}__isnull": True}))
            for name, field in (("accepted", "accepted_at"), ("closed", "closed_at"))
        }
        registered = counted.cases.filter(days.holds("registered_at"))
        found: dict[str, int] = registered.aggregate(**{name: Count("pk", filter=q) for name, q in told.items()})
        return found

    def asked(days: Window) -> dict[str, int]:
        told = counted.cases.filter(condition("closed_in", days, counted.now)).aggregate(
            **{name: Count("pk", filter=condition(name, days, counted.now)) for name in ASKED}
        )
        return {name: told[name] or 0 for name in ASKED}

    return {
        **counted.three(cohort),
        **counted.three(asked),
        **counted.named(("due_closed", "on_time", *KEPT)),
        "days": [
            _days(lasted(counted.scope, window, counted.now)) if there else None
            for window, there in zip(counted.windows, counted.there, strict=True)
        ],
    }


def _days(found: Durations) -> dict[str, int | None]:
    """From acceptance to closing without the pauses, in seconds, of what was closed in the window."""
    if not found.count:
        return {"many": 0}
    told = {name: seconds(getattr(found, name)) for name in NAMES}
    return {"many": found.count, **told}


def hazards(counted: Counting) -> Figures:
    """隐患 and 排查."""
    window = counted.span.window
    found = hazards_of(counted.actor, counted.now).within(counted.area).filter(window.holds("registered_at"))
    counts = {code: Count("pk", filter=in_state(code, counted.now)) for code in ("closed", "open", "overdue")}
    rows: dict[Any, Any] = {
        row["hazard__hazard_class"]: row
        for row in found.values("hazard__hazard_class").annotate(found=Count("pk"), **counts)
    }
    named = [*((code, str(label)) for code, label in HazardClass.choices), (None, "未建档")]
    tasks = PatrolTask.objects.filter(below("grid__code", counted.area))
    first, last = window.first or date.min, min(window.last or date.max, counted.now.astimezone(SHANGHAI).date() - DAY)
    seen = coverage(facts(tasks, first, last)) if first <= last else coverage(())
    return {
        "classes": [
            {"name": name, **{key: rows[code][key] for key in ("found", "closed", "open", "overdue")}}
            for code, name in named
            if code in rows
        ],
        "patrols": {
            name: getattr(seen, name)
            for name in ("due", "done", "undone", "unmanned", "open", "points_due", "points_seen")
        },
    }
