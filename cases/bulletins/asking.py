"""A bulletin is counted in the background: a row with its progress, counted by a worker, as long exports are.

The worker is nudged; what the broker lost, or a killed worker left, the minute's chore takes up again. The lease a worker
holds is its own word: whoever took the row over has another, and the figures are kept in the transaction that ends the
row, so that a bulletin counted twice is kept once and nothing half-counted is kept. The rows go after a day.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.bulletins import access, counted, services
from cases.bulletins.choices import Ask
from cases.bulletins.periods import Span, read_span
from cases.models import BulletinAsk
from governance_portal.lib.errors import NotYours

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(hours=24)
#: A form that comes again within this time was pressed twice.
TWICE = timedelta(minutes=1)
BUSY = (Ask.WAITING, Ask.RUNNING)


class _TakenOver(Exception):
    """Another worker has the row: this one was silent for too long."""


def ask(actor: Actor, area: str, span: Span, now: datetime, key: uuid.UUID | None = None) -> BulletinAsk:
    """Put a bulletin in the queue, or return the row it is in: while it is counted, it is counted once for everybody.

    key: of the form, so that one that was pressed twice asks once, also when the first was counted meanwhile.
    NotYou for who does not write it, Incomplete for a period that still runs, NotNow once it is signed.
    """
    access.check_writer(actor, area)
    services.check_over(span, now)
    same = BulletinAsk.objects.filter(area_code=area, period=span.code)
    if key is not None:
        again = same.filter(uid=key, user_id=actor.user_id or 0, asked_at__gte=now - TWICE).exclude(state=Ask.FAILED)
        if found := again.first():
            return found
        key = None if BulletinAsk.objects.filter(uid=key).exists() else key
    services.check_unsigned(area, span)
    try:
        with transaction.atomic():
            return BulletinAsk.objects.create(
                uid=key or uuid.uuid4(),
                user_id=actor.user_id or 0,
                area_code=area,
                period=span.code,
                total=len(counted.PARTS),
                asked_at=now,
            )
    except IntegrityError:
        return same.latest("pk")  # that of who was faster


def find(actor: Actor, uid: uuid.UUID) -> BulletinAsk:
    """What was asked for, for who writes the bulletins of its area; NotYours for anybody else."""
    found = BulletinAsk.objects.select_related("bulletin").filter(uid=uid).first()
    if found is None or not access.writes(actor, found.area_code):
        raise NotYours()
    return found


def busy(actor: Actor) -> list[BulletinAsk]:
    """What is being counted of the areas somebody writes the bulletins of, the newest first."""
    found = BulletinAsk.objects.select_related("bulletin").filter(state__in=BUSY)
    return [one for one in found if access.writes(actor, one.area_code)]


def _idle(now: datetime) -> Q:
    return Q(state=Ask.WAITING) | Q(state=Ask.RUNNING, leased_until__lt=now)


def waiting(now: datetime) -> list[int]:
    """The ids of those nobody counts: never begun, or whose worker fell silent."""
    return list(BulletinAsk.objects.filter(_idle(now)).order_by("pk").values_list("pk", flat=True)[:5])


def write(ask_id: int, now: datetime) -> bool:
    """Count one that waits; False when somebody else does, it is gone, or it could not be made."""
    lease = now + LEASE
    claimed = BulletinAsk.objects.filter(_idle(now), pk=ask_id).update(state=Ask.RUNNING, leased_until=lease, done=0)
    row = BulletinAsk.objects.filter(pk=ask_id).first() if claimed else None
    if row is None:
        return False
    try:
        _make(row, lease, now)
    except _TakenOver:
        log.warning("bulletin ask=%d was taken over", ask_id)
        return False
    except Exception:  # whatever broke: the person is told, the log has it, nothing waits for ever
        log.exception("bulletin ask=%d failed", ask_id)
        held = BulletinAsk.objects.filter(pk=ask_id, state=Ask.RUNNING)
        held.update(state=Ask.FAILED, finished_at=timezone.now(), leased_until=None)
        return False
    return True


def _make(row: BulletinAsk, lease: datetime, now: datetime) -> None:
    """Count it, lengthening the lease part by part; then the figures and the end of the row at once."""
    holds = lease

    def told(done: int) -> None:
        nonlocal holds
        longer = timezone.now() + LEASE
        if not _held(row, holds).update(done=done, leased_until=longer):
            raise _TakenOver
        holds = longer

    actor, span = actor_for(User.objects.get(pk=row.user_id), now), read_span(row.period)
    access.check_writer(actor, row.area_code)
    services.check_unsigned(row.area_code, span)
    figures = counted.count(row.area_code, span, now, told)
    with transaction.atomic():
        if not _held(row, holds).update(state=Ask.DONE, finished_at=timezone.now(), leased_until=None):
            raise _TakenOver
        made = services.keep(row.area_code, span, figures, now, actor)
        BulletinAsk.objects.filter(pk=row.pk).update(bulletin=made)


def _held(row: BulletinAsk, lease: datetime) -> QuerySet[BulletinAsk]:
    return BulletinAsk.objects.filter(pk=row.pk, state=Ask.RUNNING, leased_until=lease)


def was_signed(row: BulletinAsk) -> bool:
    """Tell whether the bulletin was signed: why a row could not be counted."""
    return services.is_signed(row.area_code, read_span(row.period))


def tidy(now: datetime) -> int:
    """Forget what was asked for more than a day ago."""
    gone, _rows = BulletinAsk.objects.filter(asked_at__lt=now - KEPT_FOR).exclude(state__in=BUSY).delete()
    return gone
