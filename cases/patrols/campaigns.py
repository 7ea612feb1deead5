"""专项: a list with a closing date; how far it is, for everyone; closed by a person who says what was left and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet, Sum

from accounts import audit
from accounts.queries import Actor
from cases.models import PatrolClosing, PatrolClosingGrid, PatrolPlan, PatrolPoint, PatrolSheet, PatrolTask
from cases.needs import is_storable
from cases.patrols import choices as c
from cases.patrols.drafting import DUTIES, FURTHEST, LOOK_LIMIT, NAME_LIMIT, ONLY_PLANNERS, area_of, day_in, words_of
from cases.patrols.making import make_ahead
from cases.patrols.places import Place, read_sheet
from cases.patrols.queries import find_plan, may_change, planning_post, today_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.spoken import date_words

SUMMARY_LIMIT, WHY_LIMIT = 1000, 500
MOST_POINTS = 20_000
#: So many places of one grid still make a form; a page sends at most 1,000 fields, two for each place.
MOST_IN_GRID = 400
#: So many grids with places left are asked for one by one, for the same limit; the others share the fields of `REST`.
SINGLY, REST = 200, "rest"


@dataclass(frozen=True)
class GridProgress:
    """How far one grid is: points seen of points due, and what whoever was there gave as the reason."""

    grid_id: int
    code: str
    name: str
    due: int
    seen: int
    state: str
    reason: str
    words: str
    task_id: int

    @property
    def left(self) -> int:
        """Points nobody has seen."""
        return self.due - self.seen


def start(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> PatrolPlan:
    """Begin a campaign: `name, look_for?, area, duty_kind, first_day, last_day` (the closing date); its list comes next.

    NotYou; Incomplete. The same `client_id` from the same person answers the first again.
    """
    if planning_post(actor) is None:
        raise NotYou(ONLY_PLANNERS)
    known = PatrolPlan.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id[:64])
    if client_id and (before := known.first()):
        return before
    errors: dict[str, list[str]] = {}
    today = today_of(now)
    columns: dict[str, Any] = {
        "name": words_of(given, "name", NAME_LIMIT, "请给专项起个名称。", errors),
        "look_for": words_of(given, "look_for", LOOK_LIMIT, "", errors),
        "area_code": area_of(actor, given, errors),
        "first_day": day_in(given, "first_day", errors, today, today + FURTHEST),
    }
    columns["last_day"] = day_in(given, "last_day", errors, columns["first_day"] or today, today + FURTHEST)
    columns["duty_kind"] = str(given.get("duty_kind") or "")
    if columns["duty_kind"] not in [kind.value for kind in DUTIES]:
        errors["duty_kind"] = ["请选择由谁排查。"]
    if errors:
        raise Incomplete(errors)
    try:
        with transaction.atomic():
            made = PatrolPlan.objects.create(
                **columns,
                kind=c.PatrolKind.CAMPAIGN,
                repeat=c.PatrolRepeat.ONCE,
                made_by_id=actor.user_id or 0,
                made_at=now,
                client_id=client_id[:64],
            )
            audit.record(actor, "patrol_campaign", f"patrol:{made.pk}", "", {"until": str(made.last_day)}, now=now)
    except IntegrityError:
        if client_id and (before := known.first()):
            return before
        raise
    return made


# --- the list ---------------------------------------------------------------------------------------------------


def read_list(actor: Actor, pk: int, content: bytes, *, now: datetime) -> PatrolSheet:
    """Read a list of places and keep it for the preview; nothing is in the campaign yet. Incomplete beside `sheet`."""
    plan = open_campaign(actor, pk)
    good, wrong = read_sheet(content, plan.area_code)
    known = set(plan.points.values_list("grid_id", "name", "place"))
    fresh = [(line, one) for line, one in good if (one.grid_id, one.name, one.place) not in known]
    again = [
        (line, "清单里已经有了，不重复列入。") for line, one in good if (one.grid_id, one.name, one.place) in known
    ]
    sheet, _made = PatrolSheet.objects.update_or_create(
        plan=plan,
        defaults={
            "rows": [[line, one.name, one.place, one.grid_id, one.grid_code] for line, one in fresh],
            "problems": sorted([*wrong, *again]),
            "made_by_id": actor.user_id or 0,
            "made_at": now,
        },
    )
    return sheet


def confirm_list(actor: Actor, pk: int, *, now: datetime) -> int:
    """Put the list that was foreseen into the campaign and make its tasks; answers how many places are new."""
    with transaction.atomic():
        plan = open_campaign(actor, pk, lock=True)
        sheet = PatrolSheet.objects.select_for_update().filter(plan=plan).first()
        if sheet is None:
            raise NotNow("没有等待确认的清单；可能已经确认过了。")
        count = add_places(plan, [Place(row[1], row[2], row[3], row[4]) for row in sheet.rows])
        sheet.delete()
        make_ahead(plan.pk, today_of(now))
        audit.record(actor, "patrol_list", f"patrol:{plan.pk}", "", {"places": count}, now=now)
    return count


def add_places(plan: PatrolPlan, places: Sequence[Place]) -> int:
    """Add places that are not there yet; inside the caller's transaction. Incomplete beyond 20,000, or 400 in a grid."""
    known = set(plan.points.values_list("grid_id", "name", "place"))
    fresh = [one for one in dict.fromkeys(places) if (one.grid_id, one.name, one.place) not in known]
    if len(known) + len(fresh) > MOST_POINTS:
        raise Incomplete({"sheet": [f"一次专项最多 {MOST_POINTS} 个点位，请分成几次专项。"]})
    in_grid = Counter([grid_id for grid_id, _name, _place in known] + [one.grid_id for one in fresh])
    if full := [one.grid_code for one in fresh if in_grid[one.grid_id] > MOST_IN_GRID]:
        raise Incomplete(
            {"sheet": [f"网格 {full[0]} 的点位超过 {MOST_IN_GRID} 个，在岗的人一页填不下，请分成几次专项。"]}
        )
    last = plan.points.aggregate(last=Max("position"))["last"] or 0
    PatrolPoint.objects.bulk_create(
        PatrolPoint(plan=plan, grid_id=one.grid_id, position=last + at, name=one.name, place=one.place)
        for at, one in enumerate(fresh, start=1)
    )
    return len(fresh)


def drop_list(actor: Actor, pk: int) -> None:
    """Forget the list that waits for its confirmation."""
    PatrolSheet.objects.filter(plan=open_campaign(actor, pk)).delete()


def open_campaign(actor: Actor, pk: int, *, lock: bool = False) -> PatrolPlan:
    """Return a campaign that this person plans and that is not closed; NotYours, NotYou, NotNow."""
    plan = find_plan(actor, pk)
    if lock:
        plan = PatrolPlan.objects.select_for_update().get(pk=pk)
    if not may_change(actor, plan):
        raise NotYou(ONLY_PLANNERS)
    if not plan.is_campaign:
        raise NotNow("这是按周期的排查计划，没有清单，也不用结清。")
    if hasattr(plan, "closing"):
        raise NotNow("这次专项已经结清。")
    return plan


# --- how far ----------------------------------------------------------------------------------------------------


def totals(plan: PatrolPlan) -> tuple[int, int]:
    """Return points seen and points due of a campaign; one statement."""
    found = plan.tasks.aggregate(seen=Sum("points_seen"), due=Sum("points_due"))
    return found["seen"] or 0, found["due"] or 0


def progress(tasks: QuerySet[PatrolTask]) -> list[GridProgress]:
    """Return how far each of these tasks' grids is, by code; one statement."""
    rows = tasks.select_related("grid").order_by("grid__code")
    return [
        GridProgress(
            grid_id=task.grid_id,
            code=task.grid.code,
            name=task.grid.name,
            due=task.points_due,
            seen=task.points_seen,
            state=task.state,
            reason=task.reason,
            words=task.words,
            task_id=task.pk,
        )
        for task in rows
    ]


def rest_of(left: Sequence[GridProgress]) -> list[GridProgress]:
    """Return as one row the grids that share a reason, [] when there are none."""
    silent = [one for one in left[SINGLY:] if not one.reason]
    if not silent:
        return []
    due, seen = sum(one.due for one in silent), sum(one.seen for one in silent)
    return [GridProgress(0, REST, f"其余 {len(silent)} 个网格", due, seen, "", "", "", 0)]


def close(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> PatrolClosing:
    """Close a campaign: `words`, and for each grid with places left `reason-<grid code>` and `words-<grid code>?`.

    Of more than 200 such grids the others have `reason-rest` and `words-rest?` in common, where nobody there gave a reason.
    From the closing date on, or before it when nothing is left. NotNow; Incomplete with a sentence beside each grid.
    """
    with transaction.atomic():
        plan = open_campaign(actor, pk, lock=True)
        list(PatrolTask.objects.select_for_update().filter(plan=plan).values_list("pk"))
        make_ahead(plan.pk, today_of(now))
        grids = progress(PatrolTask.objects.filter(plan=plan))
        early = plan.last_day is not None and today_of(now) < plan.last_day
        if not grids and early:
            raise NotNow("清单里还没有点位，没有可以结清的；先导入清单，或者等到截止日。")
        left = [one for one in grids if one.left]
        if left and early and plan.last_day:
            raise NotNow(
                f"还没有到截止日（{date_words(plan.last_day)}），还有 {len(left)} 个网格没有查完；全部查完的可以提前结清。"
            )
        errors: dict[str, list[str]] = {}
        words = _said(given, "words", SUMMARY_LIMIT, "请写小结：查了什么，发现了什么，怎么跟进。", errors)
        whys = {one.code: _why(given, one.code, errors) for one in left[:SINGLY]}
        if silent := [one for one in left[SINGLY:] if not one.reason]:
            whys |= dict.fromkeys([one.code for one in silent], _why(given, REST, errors))
        whys |= {one.code: (one.reason, one.words) for one in left[SINGLY:] if one.reason}
        if errors:
            raise Incomplete(errors)
        closing = PatrolClosing.objects.create(
            plan=plan,
            closed_by_id=actor.user_id or 0,
            closed_at=now,
            words=words,
            points_due=sum(one.due for one in grids),
            points_seen=sum(one.seen for one in grids),
        )
        PatrolClosingGrid.objects.bulk_create(
            PatrolClosingGrid(
                closing=closing,
                grid_id=one.grid_id,
                points_due=one.due,
                points_seen=one.seen,
                reason=whys.get(one.code, ("", ""))[0],
                words=whys.get(one.code, ("", ""))[1],
            )
            for one in grids
        )
        audit.record(actor, "patrol_close", f"patrol:{plan.pk}", "", {"left": sum(one.left for one in left)}, now=now)
    return closing


def _why(given: Mapping[str, Any], code: str, errors: dict[str, list[str]]) -> tuple[str, str]:
    reason = str(given.get(f"reason-{code}") or "")
    words = _said(given, f"words-{code}", WHY_LIMIT, "", errors)
    if reason not in c.UndoneReason.values:
        errors[f"reason-{code}"] = ["请选择没有查完的原因。"]
    elif reason == c.UndoneReason.OTHER and not words:
        errors[f"words-{code}"] = ["原因选了“其他”，请写明是什么。"]
    return reason, words


def _said(given: Mapping[str, Any], name: str, most: int, wanted: str, errors: dict[str, list[str]]) -> str:
    text = str(given.get(name) or "").strip()
    if not text and wanted:
        errors[name] = [wanted]
    elif len(text) > most or not is_storable(text):
        errors[name] = [f"最多 {most} 字，现在有 {len(text)} 字。"]
    return mask_text(text)
