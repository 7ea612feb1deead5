"""What a clerk has half written: kept on the server, sealed, per open form, forgotten after three days (behaviour 24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.queries import Actor
from cases.models import IntakeDraft
from governance_portal.lib.crypto import Tampered

KEEP = timedelta(hours=72)
#: More forms than these nobody has open; the oldest makes room.
MOST_PER_CLERK = 12
#: Longer than any intake; what is longer is not a form of ours.
LONGEST = 60_000


@dataclass(frozen=True)
class Draft:
    """One form as it was typed."""

    client_id: str
    typed: dict[str, str]
    saved_at: datetime


def save(actor: Actor, client_id: str, typed: Mapping[str, str], now: datetime) -> bool:
    """Keep a form as it is now; False when there is nothing worth keeping (and what was kept goes)."""
    if actor.user_id is None or not client_id or len(client_id) > 64 or sum(map(len, typed.values())) > LONGEST:
        return False
    mine = IntakeDraft.objects.filter(clerk_id=actor.user_id)
    if not typed:
        mine.filter(client_id=client_id).delete()
        return False
    with transaction.atomic():
        row = mine.select_for_update().filter(client_id=client_id).first()
        if row is None:
            _make_room(actor.user_id)
            row = IntakeDraft(clerk_id=actor.user_id, client_id=client_id)
        row.typed, row.updated_at = dict(typed), now
        row.save()
    return True


def _make_room(user_id: int) -> None:
    kept = IntakeDraft.objects.filter(clerk_id=user_id).order_by("-updated_at")
    surplus = list(kept.values_list("pk", flat=True)[MOST_PER_CLERK - 1 :])
    if surplus:
        IntakeDraft.objects.filter(pk__in=surplus).delete()


def drafts_of(actor: Actor, now: datetime) -> list[Draft]:
    """Return the clerk's own drafts that are not too old, newest first; one query. Nobody else's, ever."""
    if actor.user_id is None:
        return []
    found = []
    for row in IntakeDraft.objects.filter(clerk_id=actor.user_id, updated_at__gte=now - KEEP).order_by("-updated_at"):
        try:
            typed = row.typed or {}
        except Tampered:
            continue  # sealed with a key that is gone: there is nothing to restore
        found.append(Draft(row.client_id, {str(k): str(v) for k, v in typed.items()}, row.updated_at))
    return found


def drop(actor: Actor, client_id: str) -> None:
    """Forget one form: it was registered, or thrown away."""
    IntakeDraft.objects.filter(clerk_id=actor.user_id, client_id=client_id).delete()


def purge(now: datetime) -> int:
    """Delete what is older than three days; answers how many (run by the hourly task)."""
    return IntakeDraft.objects.filter(updated_at__lt=now - KEEP).delete()[0]
