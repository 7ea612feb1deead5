"""The messages that a line is owed become rows: in the transaction that took the matter in, or when its case moves.

Nobody has to be told that something is owed: `Link.heard` says up to which event the history was looked at, so a sweep
finds what a killed worker or a lost nudge left. A message is written once, by `(link, cause)`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from cases.choices import Status
from cases.policies import calendar
from cases.queries import history
from hotlines.choices import Direction, MessageKind
from hotlines.links.telling import Telling, of_master, tellings
from hotlines.links.transfers import FORMS
from hotlines.models import Link, LinkMessage

log = logging.getLogger(__name__)

#: So many links one sweep looks at.
MOST = 500
ENDED = (Status.CLOSED, Status.ARCHIVED)


def owe(link: Link, now: datetime) -> int:
    """Write every message that is owed and not yet written; safe to call at any time. Answers how many were new."""
    with transaction.atomic():
        locked = (
            Link.objects.select_for_update(of=("self",)).select_related("line", "case", "case__master").get(pk=link.pk)
        )
        if locked.direction != Direction.IN:
            return 0
        events = history(locked.case)
        owed = tellings(events, calendar(), locked.heard) if events[-1].seq > locked.heard else []
        made = write(locked, [*owed, *_refused_papers(locked), *_from_master(locked)], now)
        if any(row.kind == MessageKind.RESULT for row in made):
            locked.answered_at = now
        elif any(row.payload.get("status") == "reopened" for row in made):
            locked.answered_at = None
        locked.heard = max(locked.heard, events[-1].seq)
        locked.save(update_fields=["heard", "answered_at"])
        link.heard, link.answered_at = locked.heard, locked.answered_at
    return len(made)


def _refused_papers(link: Link) -> list[Telling]:
    """The papers of the newest content that could not be taken."""
    rows = [
        {"name": row["name"], "why": row["why"]}
        for row in (link.papers or {}).get("papers", [])
        if row["why"] and row["version"] == link.version
    ]
    told = {"words": "有的材料没有收下，请更换后重发", "papers": rows}
    return [Telling(MessageKind.REFUSED, f"p{link.version}", told)] if rows else []


def _from_master(link: Link) -> list[Telling]:
    master = link.case.master
    if link.case.status != Status.MERGED or master is None or master.status not in ENDED or not master.closed_at:
        return []
    return [of_master(master.number, master.closed_at, master.outcome)]


def write(link: Link, owed: Iterable[Telling], now: datetime) -> list[LinkMessage]:
    """Write messages behind the last one of a link that is locked; those whose cause is there already are left out; the new ones."""
    known = set(link.messages.values_list("cause", flat=True))
    last = link.messages.aggregate(last=Max("seq"))["last"] or 0
    rows = [
        LinkMessage(
            link=link,
            kind=one.kind,
            cause=one.cause,
            payload=_in_their_words(link, one),
            next_attempt_at=now,
            created_at=now,
        )
        for one in owed
        if one.cause not in known
    ]
    for row in rows:
        last += 1
        row.seq = last
    return LinkMessage.objects.bulk_create(rows)


def _in_their_words(link: Link, one: Telling) -> dict[str, Any]:
    """A result is also called what that kind of system calls it (court: agreement, failed, withdrawn)."""
    if one.kind != MessageKind.RESULT:
        return one.payload
    return {**one.payload, **FORMS[link.line.kind].result(one.payload["outcome"])}


def owe_case(case_id: int, now: datetime) -> int:
    """Write what is owed to every system that passed this case to us."""
    return sum(owe(link, now) for link in Link.objects.filter(case_id=case_id, direction=Direction.IN))


def sweep_links(now: datetime, most: int = MOST) -> int:
    """Find the links whose case has gone on since they were last heard of and write what they are owed."""
    behind = Q(case__version__gt=F("heard"))
    joined = Q(answered_at__isnull=True, case__status=Status.MERGED, case__master__status__in=ENDED)
    links = Link.objects.filter(behind | joined, direction=Direction.IN).order_by("pk")[:most]
    return sum(_owe_one(link, now) for link in links)


def _owe_one(link: Link, now: datetime) -> int:
    """One broken link (its sealed papers do not open) must not keep the others from being told."""
    try:
        return owe(link, now)
    except Exception:
        log.exception("link=%d cannot be looked at", link.pk)
        return 0
