"""The clock's part: on the first working day the draft of the last month is there (in January also of the year).

A missed day is made up for: as long as the draft is not there, the next minute makes it. What the worker has is safe twice:
a bulletin is one row of an area and a period, and a notice goes out once by its key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.notices import notify
from cases import policies
from cases.bulletins import asking, services
from cases.bulletins.access import DIGITS, leads_of
from cases.bulletins.choices import Kind
from cases.bulletins.periods import Span, span_in
from cases.models import Bulletin, Case
from cases.statistics.windows import DAY
from governance_portal.lib.working_days import day_of

log = logging.getLogger(__name__)
#: So many missed periods of one kind are made up for: after a longer time people ask for what they need.
MADE_UP = 3


def first_working_day(month: date) -> date:
    """Return the first working day of the month that a day lies in."""
    day, calendar = month.replace(day=1), policies.calendar()
    while not calendar.is_workday(day):
        day += DAY
    return day


def owed(today: date) -> Iterator[Span]:
    """Yield the spans whose bulletin should be there today, the newest of each kind first."""
    for kind in Kind:
        span = span_in(kind, today).before
        for _one in range(MADE_UP):
            if first_working_day(span.next.window.first or today) <= today:
                yield span
            span = span.before


def make_bulletins(now: datetime) -> int:
    """Make the drafts that are owed for every centre and tell its leads; answers how many. Two statements when none is.

    Of the periods before the last one only those that follow a bulletin that is there: a new centre is not asked about
    the time before it came.
    """
    areas = sorted(set(Unit.objects.filter(kind=UnitKind.CENTRE, active=True).values_list("area_code", flat=True)))
    areas = [area for area in areas if len(area) in DIGITS]
    spans = list(owed(day_of(now)))
    if not areas or not spans:
        return 0
    rows = Bulletin.objects.filter(area_code__in=areas).values_list("area_code", "kind", "period", "last")
    there = {(area, kind, period) for area, kind, period, _last in rows}
    earliest: dict[tuple[str, str], date] = {}
    for area, kind, _period, last in rows:
        earliest[area, kind] = min(last, earliest.get((area, kind), last))
    made = 0
    for area in areas:
        for place, span in enumerate(spans):
            newest = place == 0 or spans[place - 1].kind != span.kind
            since = earliest.get((area, span.kind.value))
            wanted = newest or (since is not None and (span.window.last or since) > since)
            if wanted and (area, span.kind.value, span.code) not in there:
                made += _make(area, span, now)
    return made


def _make(area: str, span: Span, now: datetime) -> int:
    if not Case.objects.within(area).filter(registered_at__lt=span.window.ends).exists():
        return 0  # nothing was registered yet: there is nothing to report on
    try:
        with transaction.atomic():
            row = services.make(area, span, now)
            if row.version == 1:
                title = f"{span.label}的工作{row.get_kind_display()}草稿已生成"
                body = "数字已按制表时的情况写好，请核对、补写意见建议后签发。打开“看板”下的“报告”。"
                notify(leads_of(area, now), f"bulletin:{row.pk}:draft", title, body, kind="other", now=now)
    except Exception:  # one area that breaks keeps no other waiting
        log.exception("bulletin area=%s period=%s failed", area, span.code)
        return 0
    return 1


def make_asked_bulletins(now: datetime) -> int:
    """Count what somebody asked for and no worker has; forget old requests."""
    made = sum(asking.write(ask_id, now) for ask_id in asking.waiting(now))
    return made + asking.tidy(now)
