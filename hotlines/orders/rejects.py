"""Rows that were refused: mended cell by cell and taken in again, dismissed with a reason, or downloaded for the other side.

What nobody mends within `KEPT_FOR` of its batch is dismissed by the clock: nothing that says something of people is kept
without a term.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.queries import Actor, service_actor
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, Refusal
from governance_portal.lib.sheets import Cell, csv_pieces
from hotlines.choices import RowState
from hotlines.links.arriving import Taken
from hotlines.models import OrderBatch, OrderRow
from hotlines.orders.fields import BY_NAME
from hotlines.orders.queries import check_taker, reject_of
from hotlines.orders.taking import errors_of, take_row
from hotlines.orders.trouble import BROKEN, PASSING
from hotlines.orders.uploading import BEYOND, reader_of, said

log = logging.getLogger(__name__)

#: How long a row waits to be mended, counted from when its batch was confirmed or fetched.
KEPT_FOR = timedelta(days=90)
EXPIRED = f"{KEPT_FOR.days} 天内没有修正，到期作废"
CLOCK = "系统"
#: So many batches, and rows of each, are looked at in one go.
BATCHES_AT_ONCE, ROWS_AT_ONCE = 20, 500
LONGEST_CELL = 6000
LONGEST_REASON = 200


def open_to_mend(row: OrderRow, actor: Actor, now: datetime, *, address: str = "", agent: str = "") -> None:
    """Put on record that somebody reads a refused row in clear."""
    check_taker(actor)
    detail = {"line": row.line_no}
    audit.record(
        actor, "orders.reject_read", f"batch:{row.batch.uid}", detail=detail, now=now, address=address, agent=agent
    )


def mend(row: OrderRow, cells: Mapping[str, str], *, actor: Actor, now: datetime) -> Taken:
    """Take a row in with other cells; a Refusal keeps what was typed, with its sentences, for the next try.

    `cells`: `{heading: text}`; headings that the row does not have are left out. NotYours when somebody was faster. A
    fault of ours is told as Incomplete, and logged.
    """
    why: Refusal
    check_taker(actor)
    try:
        with transaction.atomic():
            held = _held(row)
            held.cells = _typed(held, cells)
            taken = take_row(held, held.batch, reader_of(held.batch, now), now)
            audit.record(actor, "orders.mended", f"batch:{row.batch.uid}", detail={"line": row.line_no}, now=now)
        return taken
    except Refusal as refused:
        why = refused
    except PASSING:
        raise
    except Exception:
        log.exception("order reject row=%d failed", row.pk)
        why = Incomplete({"": [BROKEN]})
    with transaction.atomic():
        held = _held(row)
        held.cells, held.errors = _typed(held, cells), errors_of(why)
        held.save(update_fields=["cells", "errors"])
    raise why


def _held(row: OrderRow) -> OrderRow:
    locked = OrderRow.objects.select_for_update(of=("self",)).filter(pk=row.pk, state=RowState.REFUSED)
    found = locked.select_related("batch__line", "batch__mapping").first()
    return found if found is not None else reject_of(row.uid)


def _typed(row: OrderRow, cells: Mapping[str, str]) -> dict[str, str]:
    kept = row.cells or {}
    return {heading: str(cells.get(heading, text))[:LONGEST_CELL].strip() for heading, text in kept.items()}


def dismiss(row: OrderRow, reason: str, *, actor: Actor, now: datetime) -> None:
    """Give a row up, for a reason that stays; what it says of people goes at once."""
    check_taker(actor)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not is_storable(reason):
        raise Incomplete({"reason": [f"请写明作废的理由（最多 {LONGEST_REASON} 字），如“对方已撤回”。"]})
    with transaction.atomic():
        _give_up(_held(row), reason, actor.name or actor.username, now)
        detail = {"line": row.line_no, "reason": reason}
        audit.record(actor, "orders.dismissed", f"batch:{row.batch.uid}", detail=detail, now=now)


def _give_up(held: OrderRow, reason: str, who: str, now: datetime) -> None:
    """Empty a row; its errors go too, for a cell that was read as another may be quoted there."""
    held.cells, held.errors, held.state, held.reason = {}, {}, RowState.DISMISSED, reason
    held.decided_by, held.decided_at = who, now
    held.save(update_fields=["cells", "errors", "state", "reason", "decided_by", "decided_at"])


def kept_until(batch: OrderBatch) -> datetime:
    """Return when the rows of a batch that nobody mended are dismissed."""
    return (batch.confirmed_at or batch.created_at) + KEPT_FOR


def expire(now: datetime) -> int:
    """Dismiss what waited for too long, for the clock; returns how many rows."""
    old = OrderRow.objects.filter(state=RowState.REFUSED, batch__confirmed_at__lte=now - KEPT_FOR)
    batches = OrderBatch.objects.filter(pk__in=old.values("batch_id")).order_by("pk")
    return sum(_expire(batch, now) for batch in batches[:BATCHES_AT_ONCE])


@transaction.atomic
def _expire(batch: OrderBatch, now: datetime) -> int:
    held = OrderRow.objects.select_for_update().filter(batch=batch, state=RowState.REFUSED)
    rows = list(held.order_by("line_no")[:ROWS_AT_ONCE])
    for row in rows:
        _give_up(row, EXPIRED, CLOCK, now)
    audit.record(service_actor("clock"), "orders.expired", f"batch:{batch.uid}", detail={"rows": len(rows)}, now=now)
    return len(rows)


def fields_of(row: OrderRow) -> list[dict[str, object]]:
    """The cells as a form draws them: `{heading, value, label, errors, long, spare}`, those with something wrong first."""
    mapping = row.batch.mapping
    named = {heading: name for name, heading in mapping.columns.items()} if mapping else {}
    header = [heading for heading in row.batch.header or list(row.cells or {}) if heading != BEYOND]
    found = []
    for at, heading in enumerate(header):
        name = named.get(heading, "" if mapping else heading)
        value = str((row.cells or {}).get(heading, ""))
        errors = row.errors.get(name, []) if name else []
        label = BY_NAME[name].label if name in BY_NAME else ""
        found.append(
            {
                "id": f"cell-{at}",
                "name": f"cell-{at}",
                "heading": heading,
                "label": label if label != heading else "",
                "value": value,
                "errors": errors,
                "long": name == "content" or len(value) > 60,
                "required": name in BY_NAME and BY_NAME[name].required,
                "maximum": LONGEST_CELL,
            }
        )
    return sorted(found, key=lambda cell: (not cell["errors"], not cell["label"] and not cell["required"]))


def brief(row: OrderRow) -> dict[str, Any]:
    """A row as a list shows it: where it stood, its number and what is wrong; nothing of what it says."""
    named = {name: BY_NAME[name].label for name in row.errors if name in BY_NAME}
    return {
        "row": row,
        "url": reverse("hotlines:order-reject", args=[row.uid]),
        "number": str(said(row, row.batch.mapping).get("number", ""))[:60],
        "line": row.batch.line.name,
        "source": row.batch.file_name or "接口收取",
        "kept_until": kept_until(row.batch),
        "problems": [
            f"{named[name]}：{sentence}" if name in named and named[name] not in sentence else sentence
            for name, sentences in row.errors.items()
            for sentence in sentences
        ],
    }


def general_errors(row: OrderRow) -> list[str]:
    """Sentences that belong to no cell of the form."""
    mapping = row.batch.mapping
    shown = set(mapping.columns) if mapping else set(row.cells or {})
    return [sentence for name, sentences in row.errors.items() if name not in shown for sentence in sentences]


def sheet(batch: OrderBatch, *, actor: Actor, now: datetime, address: str = "", agent: str = "") -> Iterator[bytes]:
    """The refused rows of a batch as a table with their line and what is wrong, on record; pieces of a CSV."""
    check_taker(actor)
    rows = list(batch.rows.filter(state=RowState.REFUSED).order_by("line_no"))
    audit.record(
        actor,
        "orders.rejects_downloaded",
        f"batch:{batch.uid}",
        detail={"rows": len(rows)},
        now=now,
        address=address,
        agent=agent,
    )
    header = list(batch.header) or sorted({heading for row in rows for heading in row.cells or {}})
    lines: Iterator[list[Cell]] = (
        [
            row.line_no,
            "；".join(sentence for sentences in row.errors.values() for sentence in sentences),
            *[str((row.cells or {}).get(heading, "")) for heading in header],
        ]
        for row in rows
    )
    return csv_pieces(["行", "原因", *header], lines)
