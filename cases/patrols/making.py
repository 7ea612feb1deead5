"""Tasks are made ahead: one per plan, grid and day, for today and the seven days after it; made twice they are there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from cases import policies
from cases.models import PatrolPlan, PatrolPoint, PatrolTask
from cases.patrols import choices as c
from cases.patrols import recurrence
from cases.patrols.recurrence import WEEKDAYS, Rule
from grids import territory
from grids.models import Grid

#: So many days after today have their tasks.
AHEAD = timedelta(days=7)
_DAY = timedelta(days=1)


def rule_of(plan: PatrolPlan) -> Rule:
    """Return the plan's rule, ended where the plan was ended."""
    lasts = [day for day in (plan.last_day, plan.ends_on - _DAY if plan.ends_on else None) if day is not None]
    return Rule(
        repeat=plan.repeat,
        first=plan.first_day,
        last=min(lasts, default=None),
        every=plan.every,
        weekdays=frozenset(WEEKDAYS.index(day) for day in plan.weekdays.split(",") if day),
        month_days=frozenset(int(day) for day in plan.month_days.split(",") if day),
        special=plan.special,
    )


def grids_of(plan: PatrolPlan) -> dict[int, int]:
    """Return `{grid id: points to look at there}` of the active grids the plan reaches; three statements.

    The grids it names (the heirs of one that was closed, never another ground), else every one of its area; only those
    with points where each point has its grid.
    """
    points: Counter[int | None] = Counter(PatrolPoint.objects.filter(plan=plan).values_list("grid_id", flat=True))
    everywhere = points.pop(None, 0)
    named = _ground(plan)
    if plan.is_campaign or (points and not everywhere):
        named = [pk for pk in named if pk in points]
    return {pk: everywhere + points[pk] for pk in named}


def _ground(plan: PatrolPlan) -> list[int]:
    codes = list(plan.grids.values_list("code", flat=True))
    if not codes:
        return list(Grid.objects.active().within(plan.area_code).values_list("pk", flat=True))
    lineage = territory.current().lineage
    for code in codes:  # grows while it is walked: an heir may have been closed, too
        codes += [heir for heir in lineage.heirs(code) if heir not in codes]
    return list(Grid.objects.active().filter(code__in=codes).values_list("pk", flat=True))


def make_ahead(plan_id: int, today: date) -> int:
    """Make the tasks of one plan up to seven days from today; answers how many are new. Safe to run twice at once.

    The days that were made before are gone over as well: a grid drawn meanwhile has its tasks there, and a closed one has
    none left for which nobody can be on duty.
    """
    with transaction.atomic():
        plan = PatrolPlan.objects.select_for_update().get(pk=plan_id)
        if plan.is_campaign:
            return _make_campaign(plan, today)
        until = today + AHEAD
        start = plan.made_until + _DAY if plan.made_until else plan.first_day
        if start > until:
            return 0
        _untouched(plan, today).filter(grid__active=False).delete()
        start = min(start, max(today, plan.first_day))
        due = recurrence.days(rule_of(plan), start, until, policies.calendar())
        grids = grids_of(plan) if due else {}
        known = set(plan.tasks.filter(day__gte=start).values_list("grid_id", "day"))
        made = _create(
            PatrolTask(plan=plan, grid_id=pk, opens_on=day, day=day, points_due=n)
            for day in due
            for pk, n in grids.items()
            if (pk, day) not in known
        )
        plan.made_until = until
        plan.save(update_fields=["made_until"])
    return made


def _make_campaign(plan: PatrolPlan, today: date) -> int:
    """One task per grid of the list, open from the first day to the closing date; the list may have grown.

    A grid that was done and got more places is open again. One that was closed keeps what is due there: whoever closes
    the campaign says what became of it.
    """
    if plan.last_day is None or plan.first_day > today + AHEAD or hasattr(plan, "closing") or plan.ends_on:
        return 0
    grids = grids_of(plan)
    known = {task.grid_id: task for task in plan.tasks.select_for_update()}
    places: Counter[int | None] = Counter(plan.points.values_list("grid_id", flat=True))
    for pk, task in known.items():
        due = max(places[pk] + places[None], task.points_seen)
        if task.points_due != due:
            task.points_due = due
            if task.state == c.PatrolState.DONE and due > task.points_seen:
                task.state, task.done_by, task.reported_on = c.PatrolState.OPEN, None, None
            task.save(update_fields=["points_due", "state", "done_by", "reported_on"])
    made = _create(
        PatrolTask(plan=plan, grid_id=pk, opens_on=plan.first_day, day=plan.last_day, points_due=n)
        for pk, n in grids.items()
        if pk not in known
    )
    plan.made_until = plan.last_day
    plan.save(update_fields=["made_until"])
    return made


def _create(tasks: Iterable[PatrolTask]) -> int:
    rows = list(tasks)
    PatrolTask.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _untouched(plan: PatrolPlan, day: date) -> QuerySet[PatrolTask]:
    waiting = plan.tasks.filter(day__gte=day, state=c.PatrolState.OPEN, checks__isnull=True, reports__isnull=True)
    return waiting.filter(findings__isnull=True)


def drop_from(plan: PatrolPlan, day: date) -> int:
    """Take away the tasks from a day on that nobody has touched; answers how many. Inside the caller's transaction."""
    count, _rows = _untouched(plan, day).delete()
    return count
