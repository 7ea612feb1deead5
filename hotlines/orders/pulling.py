"""Orders that we fetch ourselves: kept as a batch, with the cursor, before the other side hears that they were taken.

Killed before the batch is written, the same orders are fetched again; killed after it, they are known by their numbers.
Words are heard before the cursor goes on, and once however often they come. What cannot be taken waits among the
rejects, because nobody on the other side reads an answer. A line that breaks stops no other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from governance_portal.lib.errors import Refusal
from hotlines.choices import AdapterKind, BatchSource, BatchState
from hotlines.links.adapters import Adapter, adapter_of
from hotlines.links.hearing import hear
from hotlines.links.words import Arrival, Away, Fetched, Item
from hotlines.models import Line, OrderBatch, OrderRow
from hotlines.orders.fields import BY_NAME
from hotlines.orders.queries import lines
from hotlines.orders.trouble import BROKEN, PASSING, printable

log = logging.getLogger(__name__)
MOST_ROUNDS = 20
STOPPED = "收取时本平台出错，已自动记录，下一分钟再试"


@dataclass(frozen=True)
class _Seen:
    """One item that was looked at: the order's cells, None when it is none, and why it was not taken ("" when it was)."""

    item: Item
    cells: dict[str, str] | None = None
    refusal: str = ""


def fetch_all(now: datetime) -> int:
    """Ask every line that brings orders and is asked; returns how many orders came."""
    asked = lines().filter(kind="order").exclude(adapter=AdapterKind.NONE)
    return sum(fetch_from(line, now) for line in asked)


def fetch_from(line: Line, now: datetime) -> int:
    """Ask one line until it has no more; returns how many orders came. What troubles it is written on its row."""
    came = 0
    try:
        adapter = adapter_of(line)
        for _round in range(MOST_ROUNDS if adapter else 0):
            fetched = adapter.fetch(line.cursor, now)  # type: ignore[union-attr]
            seen = [_see(line, item, now) for item in fetched.items]
            came += _keep(line, fetched, seen, now)
            _settle(line, adapter, seen)  # type: ignore[arg-type]
            if not (fetched.more and fetched.items):
                break
    except Away as trouble:
        Line.objects.filter(pk=line.pk).update(failed_at=now, trouble=str(trouble)[:120])
        return came
    except Exception:  # the other lines are asked all the same, and this one again in a minute
        log.exception("line=%s stopped", line.code)
        Line.objects.filter(pk=line.pk).update(failed_at=now, trouble=STOPPED)
        return came
    Line.objects.filter(pk=line.pk).update(fetched_at=now)
    return came


def _see(line: Line, item: Item, now: datetime) -> _Seen:
    """Hear a word, or make an order ready to be kept; what breaks at one item is refused by itself."""
    if item.said is None:
        return _Seen(item, refusal=item.trouble)
    try:
        if isinstance(item.said, Arrival):
            return _Seen(item, _cells(item.said))
        hear(line, item.said, now)
    except Refusal as refused:
        return _Seen(item, refusal=refused.detail)
    except PASSING:
        raise
    except Exception:
        log.exception("line=%s an item failed", line.code)
        return _Seen(item, refusal=BROKEN)
    return _Seen(item)


def _keep(line: Line, fetched: Fetched, seen: list[_Seen], now: datetime) -> int:
    """Write what came and the cursor in one transaction."""
    orders = [one.cells for one in seen if one.cells is not None]
    with transaction.atomic():
        if orders:
            batch = OrderBatch.objects.create(
                line=line,
                source=BatchSource.PULL,
                header=list(BY_NAME),
                state=BatchState.WAITING,
                total=len(orders),
                created_at=now,
                confirmed_at=now,
            )
            rows = [OrderRow(batch=batch, line_no=at, cells=cells) for at, cells in enumerate(orders, start=1)]
            OrderRow.objects.bulk_create(rows, batch_size=500)
        line.cursor = fetched.cursor
        line.save(update_fields=["cursor"])
    return len(orders)


def _cells(arrival: Arrival) -> dict[str, str]:
    """The order as the API would have it pushed (transfers: the document of an order line is passed on as it is)."""
    said = {
        name: printable(str(value)) for name, value in arrival.given.items() if name in BY_NAME and value is not None
    }
    blank = dict.fromkeys(BY_NAME, "")
    number = printable(arrival.foreign_number)
    return {**blank, **said, "number": number, "received_at": arrival.received_at.isoformat()}


def _settle(line: Line, adapter: Adapter, seen: list[_Seen]) -> None:
    """Tell the other side what became of each item; it was kept already."""
    for one in seen:
        try:
            adapter.settle(one.item, one.refusal)
        except Away:
            raise
        except Exception:
            log.exception("line=%s an item cannot be settled", line.code)
