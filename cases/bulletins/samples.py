"""月报 in a demonstration: two months signed, the last one a draft; made through the doors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from accounts.models import Notice, User
from accounts.queries import Actor, actor_for
from cases.bulletins import services
from cases.bulletins.choices import Kind, Section
from cases.bulletins.chores import first_working_day
from cases.bulletins.periods import Span, span_in
from cases.models import Bulletin
from governance_portal.lib.working_days import SHANGHAI, day_of


def lay_samples(area: str, usernames: Mapping[str, str], advice: str, number: str, now: datetime) -> int:
    """Make the bulletins; answers how many, 0 where there are some already.

    usernames: who `writes` and who `signs`; number: 文号 with `{year}` and `{month}` in it.
    """
    if Bulletin.objects.exists():
        return 0
    last = span_in(Kind.MONTH, day_of(now)).before
    for span in (last.before.before, last.before):
        at = _morning(span, now)
        row = services.make(area, span, at, _who(usernames["writes"], at))
        services.write(_who(usernames["writes"], at), row.pk, Section.ADVICE, advice, now=at + timedelta(hours=2))
        given = number.format(year=span.year, month=span.number)
        services.sign(_who(usernames["signs"], at), row.pk, row.version, given, now=at + timedelta(hours=6))
    at = _morning(last, now)
    services.make(area, last, at, _who(usernames["writes"], at))
    Notice.objects.filter(key__startswith="bulletin:", created_at__lt=now, read_at__isnull=True).update(read_at=now)
    return 3


def _who(username: str, moment: datetime) -> Actor:
    return actor_for(User.objects.get(username=username), moment)


def _morning(span: Span, now: datetime) -> datetime:
    """Half past eight on the first working day after a span, or now when that is still to come."""
    day = first_working_day(span.next.window.first or day_of(now))
    return min(datetime.combine(day, time(8, 30), SHANGHAI), now)
