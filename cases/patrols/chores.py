"""The clock's part: tasks are made ahead, who is on duty is looked at on the day, hand-overs are told, closings asked for.

Each is idempotent, bounded, and marks in its transaction what it told (`cases.chores`).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.choices import Role, UnitKind
from accounts.models import Post
from accounts.notices import notify
from cases.models import PatrolHandOver, PatrolPlan, PatrolTask
from cases.patrols import choices as c
from cases.patrols.making import AHEAD, make_ahead
from cases.patrols.queries import staffed, today_of
from governance_portal.lib.spoken import date_words
from grids.choices import DutyKind
from grids.models import Duty, Grid

log = logging.getLogger(__name__)

BATCH = 500
#: A duty that changed so many days ago is still handed over (the portal may have been away).
HANDED = timedelta(days=7)


def make_patrols(now: datetime) -> int:
    """Make the tasks of the next days; answers how many plans were gone on with."""
    today = today_of(now)
    wanted = PatrolPlan.objects.filter(
        Q(made_until__isnull=True) | Q(made_until__lt=today + AHEAD), first_day__lte=today + AHEAD, closing__isnull=True
    ).filter(Q(ends_on__isnull=True) | Q(made_until__isnull=True) | Q(made_until__lt=F("ends_on")))
    wanted = wanted.exclude(kind=c.PatrolKind.CAMPAIGN, made_until__isnull=False)
    wanted = wanted.filter(Q(last_day__isnull=True) | Q(made_until__isnull=True) | Q(made_until__lt=F("last_day")))
    wanted = wanted.exclude(kind=c.PatrolKind.CAMPAIGN, points__isnull=True)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True).distinct()[:50])
    for pk in ids:
        try:
            make_ahead(pk, today)
        except Exception:  # the other plans have their tasks, whatever this one met
            log.exception("the tasks of plan %s were not made", pk)
    return len(ids)


def look_who_is_there(now: datetime) -> int:
    """Write down on the day whether somebody is on duty; where nobody is, tell the grid's head, else the street's office."""
    today = today_of(now)
    live = PatrolTask.objects.filter(
        opens_on__lte=today, day__gte=today, state=c.PatrolState.OPEN, plan__closing__isnull=True
    )
    there = staffed(today)
    now_there = list(live.filter(there).exclude(staffed=True).values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        PatrolTask.objects.filter(pk__in=now_there).update(staffed=True)
        alone = (
            live.filter(~there).exclude(staffed=False).select_related("plan", "grid").select_for_update(of=("self",))
        )
        missing = list(alone.order_by("pk")[:BATCH])
        PatrolTask.objects.filter(pk__in=[task.pk for task in missing]).update(staffed=False)
        _tell_unmanned(missing, today, now)
    return len(now_there) + len(missing)


def _tell_unmanned(tasks: list[PatrolTask], today: date, now: datetime) -> None:
    """One notice per plan, and per head or street, with the grids in it."""
    heads: dict[int, set[int]] = defaultdict(set)
    found = Duty.objects.on(today).filter(
        grid_id__in={task.grid_id for task in tasks}, kind=DutyKind.GRID_HEAD, user__is_active=True
    )
    for grid_id, user_id in found.values_list("grid_id", "user_id"):
        heads[grid_id].add(user_id)
    groups: dict[tuple[int, str], list[PatrolTask]] = defaultdict(list)
    for task in tasks:
        groups[task.plan_id, f"g{task.grid_id}" if heads.get(task.grid_id) else task.grid.code[:9]].append(task)
    for (plan_id, whom), rows in groups.items():
        people = heads[rows[0].grid_id] if whom.startswith("g") else street_office(whom, today)
        names = "、".join(task.grid.name for task in rows[:5]) + (f"等 {len(rows)} 个网格" if len(rows) > 5 else "")
        plan = rows[0].plan
        title = f"{plan.name}：{len(rows)} 个网格无人在岗"
        body = f"{names}今天没有在岗的{plan.get_duty_kind_display()}，请安排人排查，或者填明没有完成的原因。"
        notify(people, f"patrol:{plan_id}:{whom}:{today}:unmanned", title, body, kind="patrol", now=now)


def street_office(street_code: str, day: date) -> set[int]:
    """Return who of a street's office is told: its leads, handlers and dispatchers."""
    posts = Post.objects.in_force(day).filter(
        Q(role__in=(Role.HANDLER, Role.DISPATCHER)) | Q(lead=True),
        unit__kind=UnitKind.STREET,
        area_code=street_code,
        user__is_active=True,
    )
    return set(posts.values_list("user_id", flat=True))


def hand_over(now: datetime) -> int:
    """Keep a hand-over for each duty that changed while tasks wait, and tell who got it; answers how many."""
    today = today_of(now)
    before = Duty.objects.filter(
        Q(ends_on__lte=OuterRef("starts_on")) & Q(ends_on__gt=today - 2 * HANDED) & Q(ends_on__gt=F("starts_on")),
        grid_id=OuterRef("grid_id"),
        kind=OuterRef("kind"),
    ).exclude(user_id=OuterRef("user_id"))
    waiting = PatrolTask.objects.filter(
        grid_id=OuterRef("grid_id"),
        plan__duty_kind=OuterRef("kind"),
        plan__closing__isnull=True,
        day__gte=OuterRef("starts_on"),
        state=c.PatrolState.OPEN,
    ).filter(day__gte=today)
    known = PatrolHandOver.objects.filter(
        grid_id=OuterRef("grid_id"),
        duty_kind=OuterRef("kind"),
        to_user_id=OuterRef("user_id"),
        on=OuterRef("starts_on"),
    )
    changed = (
        Duty.objects.filter(starts_on__gt=today - HANDED, starts_on__lte=today + AHEAD, user__is_active=True)
        .filter(Q(Exists(before)), Q(Exists(waiting)), ~Q(Exists(known)))
        .select_related("grid")
        .order_by("pk")[:BATCH]
    )
    return sum(_hand_over(duty, today, now) for duty in changed)


def _hand_over(duty: Duty, today: date, now: datetime) -> bool:
    before = Duty.objects.filter(
        Q(ends_on__lte=duty.starts_on) & Q(ends_on__gt=F("starts_on")), grid_id=duty.grid_id, kind=duty.kind
    ).exclude(user_id=duty.user_id)
    old = before.order_by("-ends_on", "-pk").select_related("user")[0]
    tasks = PatrolTask.objects.filter(
        grid_id=duty.grid_id,
        plan__duty_kind=duty.kind,
        plan__closing__isnull=True,
        day__gte=max(today, duty.starts_on),
        state=c.PatrolState.OPEN,
    ).select_related("plan")
    with transaction.atomic():
        row, made = PatrolHandOver.objects.get_or_create(
            grid_id=duty.grid_id,
            duty_kind=duty.kind,
            to_user_id=duty.user_id,
            on=duty.starts_on,
            defaults={"from_user_id": old.user_id},
        )
        if made:
            _tell_hand_over(row, duty.grid, old, tasks, now)
    return made


def _tell_hand_over(row: PatrolHandOver, grid: Grid, old: Duty, tasks: Iterable[PatrolTask], now: datetime) -> None:
    names = "、".join(dict.fromkeys(task.plan.name for task in tasks))
    when = date_words(row.on)
    title = f"{grid.name}的排查由您接手"
    body = f"从{when}起，{old.user.name}的排查由您接着做：{names}。"
    notify([row.to_user_id], f"patrol:hand_over:{row.pk}", title, body, kind="patrol", now=now)
    title = f"请交接{grid.name}的排查"
    body = f"从{when}起由别人接手：{names}。请打开“排查”写几句交接说明。"
    notify([old.user_id], f"patrol:hand_over:{row.pk}:from", title, body, kind="patrol", now=now)


def ask_to_close(now: datetime) -> int:
    """Tell who planned a campaign that its closing date has passed and what was left is to be stated; once."""
    today = today_of(now)
    late = PatrolPlan.objects.filter(
        kind=c.PatrolKind.CAMPAIGN, last_day__lt=today, closing__isnull=True, closing_told=False, ends_on__isnull=True
    )
    ids = list(late.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        with transaction.atomic():
            plan = PatrolPlan.objects.select_for_update().get(pk=pk)
            if plan.closing_told:
                continue
            plan.closing_told = True
            plan.save(update_fields=["closing_told"])
            body = "截止日已过。请打开专项结清：没有查完的网格逐个写明原因。"
            notify([plan.made_by_id], f"patrol:{pk}:close", f"{plan.name}请结清", body, kind="patrol", now=now)
    return len(ids)
