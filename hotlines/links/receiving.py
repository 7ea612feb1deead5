"""Fetches what lies ready on a line: taken in, heard, or refused with a reason; never silently dropped.

An item is put away only after what it says is in the database, so a kill in between lets it be read again, and the
number (or the name of the word) keeps it from counting twice. One item or one line that breaks us stops no other; while
the database is away an item is left where it lies.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError

from governance_portal.lib.errors import Refusal
from hotlines.choices import AdapterKind, LineKind
from hotlines.links.adapters import Adapter, adapter_of
from hotlines.links.arriving import take_in
from hotlines.links.hearing import hear
from hotlines.links.reading import BROKEN
from hotlines.links.words import Arrival, Away, Item, Word
from hotlines.models import Line

log = logging.getLogger(__name__)
MOST_ROUNDS = 20
TROUBLE = "平台收取时出错，已自动记录"


@dataclass
class Received:
    """What one look at the lines brought."""

    fresh: int = 0
    known: int = 0
    heard: int = 0
    refused: int = 0
    away: int = 0


def receive_all(now: datetime) -> Received:
    """Look at every line that is in use; the 12345 orders have their own way (hotlines.orders)."""
    done = Received()
    for line in Line.objects.filter(is_active=True).exclude(adapter=AdapterKind.NONE).exclude(kind=LineKind.ORDER):
        try:
            receive_from(line, now, done)
        except Exception:
            log.exception("line=%s cannot be received from", line.code)
            done.away += 1
            _troubled(line, TROUBLE, now)
    return done


def receive_from(line: Line, now: datetime, done: Received | None = None) -> Received:
    """Take what lies ready on one line; the cursor goes on when all of it is settled."""
    done = done or Received()
    try:
        adapter = adapter_of(line)
        if adapter is None:
            return done
        for _round in range(MOST_ROUNDS):
            fetched = adapter.fetch(line.cursor, now)
            settled = [_one(line, adapter, item, now, done) for item in fetched.items]
            if not all(settled):
                break
            line.cursor = fetched.cursor
            line.save(update_fields=["cursor"])
            if not (fetched.more and fetched.items):
                break
    except Away as trouble:
        done.away += 1
        _troubled(line, str(trouble), now)
        return done
    Line.objects.filter(pk=line.pk).update(fetched_at=now)
    return done


def _troubled(line: Line, why: str, now: datetime) -> None:
    Line.objects.filter(pk=line.pk).update(failed_at=now, trouble=why[:120])


def _one(line: Line, adapter: Adapter, item: Item, now: datetime, done: Received) -> bool:
    """Settle one item; False when it has to wait."""
    refusal = item.trouble if item.said is None else _taken(line, item.said, now, done)
    if refusal is None:
        return False
    adapter.settle(item, refusal)
    done.refused += bool(refusal)
    return True


def _taken(line: Line, said: Arrival | Word, now: datetime, done: Received) -> str | None:
    """Take one item in: "" when it is, the sentence when it is refused, None when the database is away."""
    try:
        if isinstance(said, Arrival):
            taken = take_in(line, said, now)
            done.fresh, done.known = done.fresh + taken.fresh, done.known + (not taken.fresh)
        else:
            done.heard += hear(line, said, now)
    except Refusal as refused:
        log.warning("line=%s refused an item", line.code)
        return refused.detail
    except (OperationalError, InterfaceError):
        log.exception("line=%s an item waits for the database", line.code)
        return None
    except Exception:  # whatever broke at one item: it is given back, the others go on
        log.exception("line=%s an item broke", line.code)
        return BROKEN
    return ""
