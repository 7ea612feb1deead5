"""剔除 in a demonstration, made through the doors: one request granted, one refused, one that waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Notice, User
from accounts.queries import actor_for
from accounts.querysets import day_of
from cases.models import Case, RankingExclusion
from cases.ranking import access, services
from cases.ranking.choices import Ground, Ranked
from cases.statistics.figures import condition
from cases.statistics.windows import Window

#: How many matters are looked at for some that may be asked about and decided on.
LOOKED_AT = 60


@dataclass(frozen=True)
class Said:
    """What one request says, and its answer; `granted` None: it waits."""

    ground: Ground
    words: str
    answer: str = ""
    granted: bool | None = None
    figure: Ranked = Ranked.ON_TIME


def lay_samples(deciders: Sequence[str], said: Sequence[Said], now: datetime) -> int:
    """Make the requests, of matters of the last weeks, the oldest numbers first; answers how many, once."""
    if RankingExclusion.objects.exists():
        return 0
    made = sum(any(_lay(case, one, deciders, now) for case in _matters(one.figure, now)) for one in said)
    Notice.objects.filter(key__startswith="exclusion:", created_at__lt=now - timedelta(days=1)).update(read_at=now)
    return made


def _matters(figure: Ranked, now: datetime) -> QuerySet[Case]:
    """Of the last weeks: what was late, or what was closed."""
    today = day_of(now)
    days = Window(today - timedelta(days=27), today - timedelta(days=3))
    counts = condition("closed_in", days, now)
    if figure == Ranked.ON_TIME:
        counts = condition("due_closed", days, now) & ~condition("on_time", days, now)
    rows = Case.objects.filter(counts, lead_unit__isnull=False, handler__isnull=False, exclusions__isnull=True)
    return rows.select_related("handler").order_by("number")[:LOOKED_AT]


def _lay(case: Case, one: Said, deciders: Sequence[str], now: datetime) -> bool:
    """Ask about one matter and decide; whether somebody could do each."""
    asked_at = now - timedelta(days=2 if one.granted is not None else 0, hours=3)
    if case.handler is None:
        return False
    asker = actor_for(case.handler, asked_at)
    seen = Case.objects.visible_to(asker, asked_at).filter(pk=case.pk).exists()
    if not seen or not access.asks(case, asker, asked_at) or access.why_not_ask(case, one.figure, (), asked_at):
        return False
    given: Mapping[str, str] = {"figure": one.figure, "ground": one.ground, "words": one.words}
    row, _fresh = services.ask(asker, case.number, given, now=asked_at)
    if one.granted is None:
        return True
    decided_at = asked_at + timedelta(days=1)
    for name in deciders:
        decider = actor_for(User.objects.get(username=name), decided_at)
        if not access.why_not(decider, row, decided_at):
            services.decide(decider, row.pk, {"granted": one.granted, "answer": one.answer}, now=decided_at)
            break
    return True
