"""A human looks at held reports: released ones become matters under their number, discarded ones can come back for a week.

A row that others were folded into never takes them along by itself: what is asked for is one row, all that are nearly its
text, or all that were folded into it; what stays is shown again under the oldest of those that are left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.queries import Actor, service_actor
from cases.models import Attachment, HeldReport
from cases.reporting.alike import near
from cases.reporting.choices import Discarded, HeldState
from cases.reporting.holding import area_of
from cases.reporting.queries import visible_to
from cases.services import register
from governance_portal.lib.errors import Incomplete, Refusal

#: So many at one press; the next press goes on.
AT_ONCE = 500
COMES_BACK_WITHIN = timedelta(days=7)
ONE, ALIKE, FOLDED = "one", "alike", "folded"
WHY_FIRST = "请选丢弃的理由，居民查询时会看到。"


@dataclass
class Judged:
    """What became of a press: how many were done, and a sentence for each that could not be."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def meant(actor: Actor, uids: Iterable[str], scope: str) -> list[int]:
    """Return the keys of the waiting rows that are meant, oldest first, at most `AT_ONCE`.

    scope: `one` the rows themselves, `alike` also every waiting row whose text is nearly theirs, `folded` also those that
    were folded into them. Only what this person may see.
    """
    waiting = visible_to(actor, HeldReport.objects.all()).filter(state=HeldState.WAITING)
    chosen = list(waiting.filter(uid__in=list(uids)).values_list("pk", "alike"))
    found = {pk for pk, _ in chosen}
    if scope == FOLDED:
        found |= set(waiting.filter(folded_into__in=found).values_list("pk", flat=True))
    elif scope == ALIKE:
        rows = waiting.values_list("pk", "alike")
        found |= {pk for pk, alike in rows.iterator() if any(near(alike, one) for _, one in chosen)}
    return sorted(found)[:AT_ONCE]


def release(actor: Actor, keys: Iterable[int], now: datetime) -> Judged:
    """Register each of these rows as a matter under its own number; a refusal is told and the row stays."""
    told = Judged()
    for pk in keys:
        try:
            told.done += _release(actor, pk, now)
        except Refusal as refused:
            number = HeldReport.objects.values_list("number", flat=True).get(pk=pk)
            words = "".join(s for rows in getattr(refused, "errors", {}).values() for s in rows) or refused.detail
            told.refused.append(f"{number}：{words}")
    return told


def _release(actor: Actor, pk: int, now: datetime) -> bool:
    with transaction.atomic():
        _lock_with_theirs([pk])
        row = HeldReport.objects.filter(pk=pk, state=HeldState.WAITING).first()
        if row is None or row.content is None:
            return False
        Attachment.objects.filter(held=row).update(held=None)
        key = row.client_id or None
        given, came = row.content, row.received_at
        sender = service_actor("resident")
        made = register(sender, given, now=now, client_id=key, number=row.number, received_at=came)
        row.state, row.judged_at, row.judged_by_id = HeldState.RELEASED, now, actor.user_id
        row.case, row.content = made.case, None
        row.save(update_fields=["state", "judged_at", "judged_by", "case", "content"])
        _unfold([row.pk])
        audit.record(actor, "held.released", f"held:{row.number}", now=now)
    return True


def discard(actor: Actor, keys: Iterable[int], why: str, now: datetime) -> Judged:
    """Mark these rows as no report, for a reason; Incomplete without one. They can come back for a week."""
    if why not in Discarded.values:
        raise Incomplete({"why": [WHY_FIRST]})
    with transaction.atomic():
        keys = list(keys)
        _lock_with_theirs(keys)
        rows = HeldReport.objects.filter(pk__in=keys, state=HeldState.WAITING)
        numbers = dict(rows.values_list("pk", "number"))
        HeldReport.objects.filter(pk__in=numbers).update(
            state=HeldState.DISCARDED, discarded=why, judged_at=now, judged_by=actor.user_id
        )
        _unfold(list(numbers))
        if numbers:
            about = {"count": len(numbers), "why": why}
            audit.record(actor, "held.discarded", f"held:{min(numbers.values())}", "", about, now=now)
    return Judged(len(numbers))


def restore(actor: Actor, uids: Iterable[str], now: datetime) -> Judged:
    """Take back a discarding of the last seven days: the rows wait again, each by itself."""
    with transaction.atomic():
        seen = visible_to(actor, HeldReport.objects.all())
        rows = seen.filter(
            uid__in=list(uids)[:AT_ONCE],
            state=HeldState.DISCARDED,
            content__isnull=False,
            judged_at__gte=now - COMES_BACK_WITHIN,
        )
        numbers = dict(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", "number"))
        HeldReport.objects.filter(pk__in=numbers).update(
            state=HeldState.WAITING, discarded="", judged_at=None, judged_by=None, folded_into=None, count=1
        )
        for row in HeldReport.objects.filter(pk__in=numbers):
            _count_anew(row)
        if numbers:
            about = {"count": len(numbers)}
            audit.record(actor, "held.restored", f"held:{min(numbers.values())}", "", about, now=now)
    return Judged(len(numbers))


def _lock_with_theirs(keys: list[int]) -> None:
    """Lock rows together with those they are folded into and those folded into them, in one order for everybody.

    Nobody else judges them, or folds anything into them, until this transaction is through.
    """
    heads = HeldReport.objects.filter(pk__in=keys, folded_into__isnull=False).values("folded_into")
    family = HeldReport.objects.filter(Q(pk__in=keys) | Q(pk__in=heads) | Q(folded_into__in=keys))
    list(family.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _unfold(judged: list[int]) -> None:
    """Rows that waited under a judged one wait under the oldest of themselves; a folded one that was judged is not counted."""
    folded = HeldReport.objects.filter(pk__in=judged, folded_into__isnull=False).exclude(folded_into__in=judged)
    for head in HeldReport.objects.filter(pk__in=folded.values("folded_into"), state=HeldState.WAITING):
        _count_anew(head)
    below = HeldReport.objects.filter(folded_into__in=judged, state=HeldState.WAITING)
    oldest: dict[int, HeldReport] = {}
    for row in below.order_by("pk"):
        oldest.setdefault(row.folded_into_id or 0, row)
    for head_id, first in oldest.items():
        below.filter(folded_into=head_id).exclude(pk=first.pk).update(folded_into=first)
        HeldReport.objects.filter(pk=first.pk).update(folded_into=None)
        _count_anew(first)


def _count_anew(head: HeldReport) -> None:
    """What is folded into a row by now, and whose desk has it: its own place when all lie there, else the district's."""
    left = HeldReport.objects.filter(folded_into=head, state=HeldState.WAITING)
    areas = list(left.values_list("area_code", flat=True))
    own = area_of(head.content or {})
    together = own if all(area.startswith(own) for area in areas) else settings.PORTAL_DISTRICT
    HeldReport.objects.filter(pk=head.pk).update(count=len(areas) + 1, area_code=together)
