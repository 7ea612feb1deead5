"""A quarter or a year takes long to count: a row with its progress, counted by a worker, as long exports are.

The worker is nudged; what the broker lost, or a killed worker left, the minute's chore takes up again. Run twice, it is
counted once. The rows go after a day; the bulletin stays.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.bulletins import services
from cases.bulletins.access import check_writer
from cases.bulletins.choices import Ask, Kind, State
from cases.bulletins.counted import PARTS
from cases.bulletins.periods import Span, read_span
from cases.models import Bulletin, BulletinAsk
from governance_portal.lib.errors import NotNow, NotYours

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
KEPT_FOR = timedelta(hours=24)
BUSY = (Ask.WAITING, Ask.RUNNING)
ONE_IS_COUNTED = "这一期正在统计，请等它写好。"


def is_long(span: Span) -> bool:
    """Tell whether a span is counted in the background."""
    return span.kind != Kind.MONTH


def ask(actor: Actor, area: str, span: Span, now: datetime) -> BulletinAsk:
    """Put a bulletin in the queue; NotNow while the same one is counted or once it is signed."""
    check_writer(actor, area)
    services.check_over(span, now)
    if Bulletin.objects.filter(area_code=area, period=span.code, state=State.SIGNED).exists():
        raise NotNow(services.SIGNED_ALREADY)
    try:
        with transaction.atomic():
            return BulletinAsk.objects.create(
                user_id=actor.user_id or 0, area_code=area, period=span.code, total=len(PARTS), asked_at=now
            )
    except IntegrityError as raced:
        raise NotNow(ONE_IS_COUNTED) from raced


def mine(actor: Actor, uid: uuid.UUID) -> BulletinAsk:
    """What somebody asked for; NotYours for anybody else's."""
    found = BulletinAsk.objects.filter(uid=uid, user_id=actor.user_id or 0).first()
    if found is None:
        raise NotYours()
    return found


def _idle(now: datetime) -> Q:
    return Q(state=Ask.WAITING) | Q(state=Ask.RUNNING, leased_until__lt=now)


def waiting(now: datetime) -> list[int]:
    """The ids of those nobody counts: never begun, or whose worker fell silent."""
    return list(BulletinAsk.objects.filter(_idle(now)).order_by("pk").values_list("pk", flat=True)[:5])


def write(ask_id: int, now: datetime) -> bool:
    """Count one that waits; False when somebody else does, it is gone, or it could not be made."""
    claimed = BulletinAsk.objects.filter(_idle(now), pk=ask_id).update(
        state=Ask.RUNNING, leased_until=now + LEASE, done=0
    )
    row = BulletinAsk.objects.filter(pk=ask_id).first() if claimed else None
    if row is None:
        return False
    found: Bulletin | None = None
    try:
        found = _made(row, now)
    except Exception:  # whatever broke: the person is told, the log has it, nothing waits for ever
        log.exception("bulletin ask=%d failed", ask_id)
    BulletinAsk.objects.filter(pk=ask_id, state=Ask.RUNNING).update(
        state=Ask.DONE if found else Ask.FAILED, bulletin=found, finished_at=timezone.now(), leased_until=None
    )
    return found is not None


def _made(row: BulletinAsk, now: datetime) -> Bulletin:
    def told(done: int) -> None:
        BulletinAsk.objects.filter(pk=row.pk).update(done=done, leased_until=timezone.now() + LEASE)

    actor = actor_for(User.objects.get(pk=row.user_id), now)
    return services.make(row.area_code, read_span(row.period), now, actor, told)


def tidy(now: datetime) -> int:
    """Forget what was asked for more than a day ago."""
    gone, _rows = BulletinAsk.objects.filter(asked_at__lt=now - KEPT_FOR).exclude(state__in=BUSY).delete()
    return gone
