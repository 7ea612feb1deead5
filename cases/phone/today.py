"""今天: what is to be done today, in sections; a room that has something for today adds a function to `SECTIONS`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.models import Notice
from accounts.queries import Actor
from cases import choices as c
from cases import desks
from cases.caring.queries import visits_due_for
from cases.hazards.queries import re_inspections_for
from cases.mapping.lying import lying_in
from cases.models import Case, HandOver, JointTask
from cases.patrols.queries import tasks_for
from cases.phone import handing
from cases.phone.cards import JOINED, Card, cards_of
from cases.phone.door import only_reports, phone
from cases.querysets import CaseQuerySet, own_grids
from cases.worklist import paging
from governance_portal.lib import spoken
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import names_of

#: Rows of one section; the rest is behind its link.
MOST = 10
NOTICES = 5
#: Pages of matters and patrols that the phone keeps for the stairwell.
KEPT = 30
NOON = time(12)


@dataclass(frozen=True)
class Line:
    """One thing to do: a matter (`card`, perhaps handed over), or another thing with words of its own."""

    title: str
    url: str
    under: str = ""
    card: Card | None = None
    handed: HandOver | None = None
    late: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the line as the API tells it."""
        return {
            "title": self.title,
            "url": self.url,
            "about": self.under,
            "late": self.late,
            "case": self.card.as_dict() if self.card else None,
            "hand_over": handed_words(self.handed) if self.handed else None,
        }


@dataclass(frozen=True)
class Section:
    """A heading with its lines; `total` counts also those behind `more_url`."""

    code: str
    title: str
    lines: list[Line]
    total: int
    more_url: str = ""
    icon: str = "inbox"


class Day:
    """What one person's day is asked with: who, when, and what they see, each read once."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        """Nothing is asked yet."""
        self.actor, self.now = actor, now

    @property
    def day(self) -> date:
        """Today in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    def spoken(self, day: date) -> str:
        """Return a day as people say it."""
        return spoken.day_words(datetime.combine(day, NOON, SHANGHAI), self.now)

    @cached_property
    def grids(self) -> tuple[str, ...]:
        """The codes of the grids served today."""
        return own_grids(self.actor, self.now)

    @cached_property
    def visible(self) -> CaseQuerySet:
        """The open cases in sight."""
        from_here = Case.objects.in_sight_of(self.actor, self.grids)
        return from_here.filter(status__in=c.OPEN)

    @cached_property
    def turn(self) -> Q:
        """The condition "it is my turn"."""
        return desks.turn_of(self.actor)

    @cached_property
    def handed(self) -> list[HandOver]:
        """What lies with me."""
        return handing.lying_with(self.actor, self.now)

    @cached_property
    def own(self) -> Q:
        """My turn, without what stands above it already because somebody handed it to me."""
        return self.turn & ~Q(pk__in=[row.case_id for row in self.handed])

    @cached_property
    def pressing(self) -> Q:
        """Soon late or late, in somebody else's hands, in the grids served today (without any: in sight)."""
        ground = lying_in(*self.grids) if self.grids else Q()
        return (desks.late_now(self.now) | desks.soon_late(self.now)) & ground & ~self.turn

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each; one statement."""
        return self.visible.order_by().aggregate(
            mine=Count("pk", filter=self.own), pressing=Count("pk", filter=self.pressing)
        )

    def first(self, holds: Q, order: str) -> list[Any]:
        """Return the first rows that hold, in an order of the list; one statement."""
        rows = self.visible.filter(holds).select_related(*JOINED).defer("description")
        return list(paging.ordered(rows, order)[:MOST])


def _handed(day: Day) -> Section | None:
    return _of_handed("handed", "转给我的", day.handed, day, "hands")


def _given(day: Day) -> Section | None:
    rows = handing.given_by(day.actor, day.now)
    return _of_handed("given", "我转出的", rows, day, "send")


def _of_handed(code: str, title: str, rows: list[HandOver], day: Day, icon: str) -> Section | None:
    cards = cards_of([row.case for row in rows], day.now)
    lines = [
        Line(card.title, card.url, handed_line(row, day.actor), card, row)
        for card, row in zip(cards, rows, strict=True)
    ]
    return Section(code, title, lines, len(lines), icon=icon) if lines else None


def handed_line(row: HandOver, actor: Actor) -> str:
    """Say of a hand-over who gave it to whom and whether it was taken."""
    state = "已接下" if row.taken_at else "还没接下"
    if row.to_user_id == actor.user_id:
        return f"{row.from_user.name}：{row.said}"
    return f"{row.to_user.name}{state}：{row.said}"


def handed_words(row: HandOver) -> dict[str, Any]:
    """Return a hand-over as the API tells it."""
    return {
        "id": row.pk,
        "number": row.case.number,
        "from": row.from_user.name,
        "to": row.to_user.name,
        "said": row.said,
        "at": row.at,
        "taken_at": row.taken_at,
        "ended_at": row.ended_at,
        "ended_as": row.ended_as,
        "answer": row.answer,
    }


def _mine(day: Day) -> Section | None:
    if only_reports(day.actor):
        return None
    cards = cards_of(day.first(day.own, "step"), day.now, by_step=True)
    more = f"{reverse('phone:cases')}?tab=mine"
    return _of_cards("mine", "待我办", cards, day.counts["mine"], more, "inbox")


def _pressing(day: Day) -> Section | None:
    if only_reports(day.actor):
        return None
    cards = cards_of(day.first(day.pressing, "due"), day.now)
    more = f"{reverse('phone:cases')}?tab=pressing"
    return _of_cards("pressing", "快到期，别人在办", cards, day.counts["pressing"], more, "clock")


def _of_cards(code: str, title: str, cards: list[Card], total: int, more: str, icon: str) -> Section | None:
    lines = [Line(card.title, card.url, " · ".join(filter(None, (card.where, card.who))), card) for card in cards]
    return Section(code, title, lines, total, more if total > len(lines) else "", icon) if lines else None


def _joint_tasks(day: Day) -> Section | None:
    """联办任务 of one's units that somebody waits for."""
    if only_reports(day.actor):
        return None
    units = {post.unit_id for post in day.actor.posts}
    rows = JointTask.objects.filter(
        unit_id__in=units, done_at__isnull=True, dropped_at__isnull=True, case__in=day.visible
    ).select_related("case")[:MOST]
    lines = [
        Line(
            mask_text(task.what),
            reverse("phone:case", args=[task.case.number]),
            f"{day.spoken(task.due_on)}前完成",
            late=task.due_on < day.day,
        )
        for task in rows
    ]
    return Section("tasks", "联办任务", lines, len(lines), icon="flag") if lines else None


def _patrols(day: Day) -> Section | None:
    rows = tasks_for(day.actor, day.day)
    lines = [
        Line(
            row.title,
            reverse("phone:patrol", args=[row.id]),
            f"{row.place} · {row.kind} · {row.state_label}（{row.points_seen}/{row.points_due}）",
        )
        for row in rows
    ]
    return Section("patrols", "巡查", lines, len(lines), icon="pin") if lines else None


def _visits(day: Day) -> Section | None:
    rows = visits_due_for(day.actor, day.day)
    lines = [Line(row["title"], row["url"], f"{day.spoken(row['day'])}到期", late=bool(row["overdue"])) for row in rows]
    return Section("visits", "探访", lines, len(lines), icon="users") if lines else None


def _again(day: Day) -> Section | None:
    """隐患回头看."""
    if only_reports(day.actor):
        return None
    rows = list(re_inspections_for(day.actor, day.day, day.now)[:MOST])
    lines = [
        Line(
            f"回头看：{mask_text(row.case.title)}",
            reverse("hazards:again"),
            f"{day.spoken(row.due_on)}到期",
            late=row.due_on < day.day,
        )
        for row in rows
    ]
    return Section("again", "隐患回头看", lines, len(lines), reverse("hazards:again"), "again") if lines else None


def _notices(day: Day) -> Section | None:
    rows = list(
        Notice.objects.filter(user_id=day.actor.user_id or 0, read_at__isnull=True).order_by("-created_at", "-id")[
            :NOTICES
        ]
    )
    named = {row.case_number for row in rows if row.case_number}
    # What was taken back, or went elsewhere, is told and opens no more.
    here = Case.objects.in_sight_of(day.actor, day.grids).filter(number__in=named) if named else Case.objects.none()
    seen = set(here.values_list("number", flat=True))
    lines = [
        Line(
            mask_text(row.title),
            reverse("phone:case", args=[row.case_number]) if row.case_number in seen else reverse("inbox"),
            spoken.moment_words(row.created_at, day.now),
        )
        for row in rows
    ]
    return Section("notices", "新消息", lines, len(lines), reverse("inbox"), "bell") if lines else None


SECTIONS: tuple[Callable[[Day], Section | None], ...] = (
    _handed,
    _mine,
    _patrols,
    _visits,
    _again,
    _joint_tasks,
    _given,
    _pressing,
    _notices,
)


def sections_of(day: Day) -> list[Section]:
    """Return what the day holds; the number of statements does not depend on how much it is."""
    return [section for build in SECTIONS if (section := build(day)) is not None]


def kept_pages(sections: list[Section]) -> list[str]:
    """Return the pages of matters and patrols that the phone keeps for where there is no signal, the most pressing first.

    No visit is among them: what is said of a person lies on no phone.
    """
    found = [line.url for section in sections for line in section.lines if line.card or section.code == "patrols"]
    return list(dict.fromkeys(found))[:KEPT]


def grids_of(day: Day) -> list[dict[str, str]]:
    """Return the grids served today, `[{code, name}]`."""
    names = names_of(day.grids)
    return [{"code": code, "name": names.get(code, code)} for code in day.grids]


@phone
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page `/m/`."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    day = Day(actor, now)
    sections = sections_of(day)
    context = {
        "title": "今天",
        "now": now,
        "sections": sections,
        "day_words": f"{day.day.month}月{day.day.day}日 星期{spoken.WEEKDAYS[day.day.weekday()]}",
        "grids": grids_of(day),
        "keep": json.dumps(kept_pages(sections)),
        "few": only_reports(actor),
        "serves": actor.has(Role.GRID_WORKER, Role.VOLUNTEER),
    }
    return render(request, "phone/today.html", context)
