"""月报 in the demonstration: two months signed, the last one a draft with the author's advice; made through the doors."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from accounts.models import Notice, User
from accounts.queries import actor_for
from cases.bulletins import services
from cases.bulletins.choices import Kind, Section
from cases.bulletins.chores import first_working_day
from cases.bulletins.periods import Span, span_in
from cases.models import Bulletin
from governance_portal.lib.working_days import SHANGHAI, day_of
from grids.demo import DISTRICT

ADVICE = (
    "一是改进工作：供热投诉集中的片区，请住建部门会同供热单位在供暖前逐户排查二次管网，换热站值班电话上墙公示。\n"
    "二是完善政策：零工和装修用工欠薪反复发生，请人社部门研究小额用工的书面约定样本，由社区发放。\n"
    "三是采纳情况：上期关于老旧小区停车的建议，城管部门已采纳，正在划线。"
)
NUMBER = "平综治报〔{year}〕{month}号"


def make(now: datetime) -> int:
    """Make what is missing; answers how many bulletins, 0 when there are some already."""
    if Bulletin.objects.exists():
        return 0
    last = span_in(Kind.MONTH, day_of(now)).before
    for span in (last.before.before, last.before):
        _signed(span, now)
    made = _written(last, now)
    Notice.objects.filter(key__startswith="bulletin:", created_at__lt=now, read_at__isnull=True).update(read_at=now)
    return 2 + made


def _signed(span: Span, now: datetime) -> None:
    at = _morning(span, now)
    supervisor, lead = (actor_for(User.objects.get(username=name), at) for name in ("supervisor", "centre_lead"))
    row = services.make(DISTRICT, span, at, supervisor)
    services.write(supervisor, row.pk, Section.ADVICE, ADVICE, now=at + timedelta(hours=2))
    number = NUMBER.format(year=span.year, month=span.number)
    services.sign(lead, row.pk, row.version, number, now=at + timedelta(hours=6))


def _written(span: Span, now: datetime) -> int:
    at = _morning(span, now)
    supervisor = actor_for(User.objects.get(username="supervisor"), at)
    services.make(DISTRICT, span, at, supervisor)
    return 1


def _morning(span: Span, now: datetime) -> datetime:
    """Half past eight on the first working day after a span, or now when that is still to come."""
    day = first_working_day(span.next.window.first or day_of(now))
    return min(datetime.combine(day, time(8, 30), SHANGHAI), now)
