"""A sheet laid beside the mapping: kept row by row, foreseen without writing anything, confirmed or dropped."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.queries import Actor
from cases.choices import Kind, Nature
from cases.intake import title_of
from governance_portal.lib.errors import BadFile, Incomplete, NotNow
from governance_portal.lib.masking import mask_address, mask_name, mask_phone, mask_text
from governance_portal.lib.sheets import BadRow, read_rows
from grids.queries import name_of
from hotlines.choices import BatchSource, BatchState, RowState
from hotlines.links.arriving import fingerprints_of
from hotlines.models import Line, Link, OrderBatch, OrderMapping, OrderRow
from hotlines.orders.mappings import fits, in_force, rules_of
from hotlines.orders.queries import check_taker
from hotlines.orders.reading import Order, Reader
from hotlines.orders.trouble import BROKEN, PASSING

log = logging.getLogger(__name__)
MOST_ROWS = 20_000
#: So many rows are shown as they would be registered.
SHOWN = 10
LISTED_REFUSALS = 50
CHUNK = 500
#: A sheet nobody confirms goes, with what it says of people.
KEPT_FOR = timedelta(hours=24)
#: Where the cells are kept that stand beyond the header.
BEYOND = "（多出的内容）"


# --- keeping ----------------------------------------------------------------------------------------------------


def keep(line: Line, data: bytes, file_name: str, *, actor: Actor, now: datetime) -> OrderBatch:
    """Keep a sheet's rows, sealed, for its preview; Incomplete when the file cannot be read at all."""
    check_taker(actor)
    try:
        rows = list(_numbered(read_rows(data)))
    except BadFile as unreadable:
        raise Incomplete({"file": [unreadable.detail]}) from unreadable
    header = next((list(cells) for _line, cells in rows if not isinstance(cells, BadRow)), None)
    if header is None:
        raise Incomplete({"file": ["没有一行与表头的列数相符。请核对文件，或另存为 xlsx 后再导入。"]})
    mapping = in_force(line)
    with transaction.atomic():
        batch = OrderBatch.objects.create(
            line=line,
            source=BatchSource.FILE,
            file_name=file_name[-120:],
            header=header,
            mapping=mapping if mapping and fits(mapping, header) else None,
            total=len(rows),
            author_id=actor.user_id,
            author_name=actor.name or actor.username,
            created_at=now,
        )
        kept = (_row(batch, line_no, cells) for line_no, cells in rows)
        OrderRow.objects.bulk_create(kept, batch_size=CHUNK)
        audit.record(actor, "orders.uploaded", f"line:{line.code}", detail={"rows": len(rows)}, now=now)
    return batch


def _numbered(
    rows: Iterator[tuple[int, dict[str, str] | BadRow]],
) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise BadFile(f"表格超过 {MOST_ROWS:,} 行。请分成几个文件导入。")
        yield row


def _row(batch: OrderBatch, line_no: int, cells: dict[str, str] | BadRow) -> OrderRow:
    if not isinstance(cells, BadRow):
        return OrderRow(batch=batch, line_no=line_no, cells=cells)
    beyond = len(batch.header)
    fitted = dict(zip(batch.header, [*cells.cells, *[""] * beyond][:beyond], strict=True))
    if over := [cell for cell in cells.cells[beyond:] if cell]:
        fitted[BEYOND] = "；".join(over)
    return OrderRow(batch=batch, line_no=line_no, cells=fitted, state=RowState.REFUSED, errors={"": [cells.problem]})


def said(row: OrderRow, mapping: OrderMapping | None) -> dict[str, Any]:
    """What a row says by field. A batch without a mapping names its fields as the API does."""
    cells = row.cells or {}
    if mapping is None:
        return dict(cells)
    return {name: cells.get(heading, "") for name, heading in mapping.columns.items()}


def reader_of(batch: OrderBatch, now: datetime) -> Reader:
    """A reader by the words' meanings that hold now."""
    return Reader(rules_of(batch.line), settings.PORTAL_DISTRICT, now)


# --- foreseeing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One row as it would be registered, masked."""

    line_no: int
    number: str
    title: str
    kind: str
    category: str
    place: str
    address: str
    who: str
    phone: str
    due_at: datetime | None
    description: str


@dataclass
class Foreseen:
    """What an import would do: counts, refusals with their sentences, the first rows, words nobody has mapped."""

    new: int = 0
    known: int = 0
    changed: int = 0
    refused: int = 0
    refusals: list[tuple[int, str, list[str]]] = field(default_factory=list)
    rows: list[Shown] = field(default_factory=list)
    natures: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)

    def refuse(self, line_no: int, number: str, errors: Mapping[str, list[str]]) -> None:
        """Count a row that cannot be taken, and list the first of them."""
        self.refused += 1
        if len(self.refusals) < LISTED_REFUSALS:
            self.refusals.append((line_no, number, [sentence for said in errors.values() for sentence in said]))


def foresee(batch: OrderBatch, now: datetime) -> Foreseen:
    """Return what confirming would do; nothing is written."""
    reader, found = reader_of(batch, now), Foreseen()
    met: dict[str, set[str]] = {}
    rows: list[tuple[OrderRow, Order]] = []
    for row in batch.rows.order_by("line_no").iterator(chunk_size=CHUNK):
        fields = said(row, batch.mapping)
        if row.state == RowState.REFUSED:
            found.refuse(row.line_no, str(fields.get("number", ""))[:60], row.errors)
            continue
        try:
            order = reader.read(fields)
        except Incomplete as refused:
            found.refuse(row.line_no, str(fields.get("number", ""))[:60], refused.errors)
            continue
        except PASSING:
            raise
        except Exception:
            log.exception("order row=%d cannot be foreseen", row.pk)
            found.refuse(row.line_no, str(fields.get("number", ""))[:60], {"": [BROKEN]})
            continue
        _note(found, order, fields)
        rows.append((row, order))
        if len(rows) == CHUNK:
            _judge(batch.line, rows, met, found, reader)
            rows = []
    _judge(batch.line, rows, met, found, reader)
    return found


def _note(found: Foreseen, order: Order, fields: Mapping[str, Any]) -> None:
    for name, counter in (("nature", found.natures), ("category", found.categories)):
        if name in order.unmapped:
            counter[str(fields[name]).strip()[:60]] += 1


def _judge(
    line: Line, rows: list[tuple[OrderRow, Order]], met: dict[str, set[str]], found: Foreseen, reader: Reader
) -> None:
    numbers = [order.number for _row, order in rows]
    links = Link.objects.filter(line=line, foreign_number__in=numbers).values_list("foreign_number", "fingerprint")
    for number, fingerprint in links:
        met.setdefault(number, {fingerprint})
    for row, order in rows:
        mine = set(fingerprints_of(order.arrival))
        before = met.get(order.number)
        met[order.number] = mine
        if before is None:
            found.new += 1
            if len(found.rows) < SHOWN:
                found.rows.append(_shown(row, order, reader))
        elif before & mine:
            found.known += 1
        else:
            found.changed += 1


def _shown(row: OrderRow, order: Order, reader: Reader) -> Shown:
    given = order.arrival.given
    person = (given.get("reporters") or [{}])[0]
    nature = given.get("complaint_nature", "")
    kind = Kind(given["kind"]).label + (f" · {Nature(nature).label}" if nature else "")
    category = reader.categories.get(given.get("category", ""))
    return Shown(
        line_no=row.line_no,
        number=order.number,
        title=mask_text(title_of(given)),
        kind=kind,
        category=category.label if category else "",
        place=name_of(given["place"]["area"]),
        address=mask_address(given["place"].get("address", "")),
        who="匿名" if given.get("anonymous") else mask_name(person.get("name", "")),
        phone=mask_phone(person.get("phone", "")),
        due_at=order.arrival.their_due_at,
        description=mask_text(given["description"])[:200],
    )


# --- deciding ---------------------------------------------------------------------------------------------------


def confirm(batch: OrderBatch, *, actor: Actor, now: datetime, address: str = "", agent: str = "") -> None:
    """Have a sheet imported; NotNow when that was done already, Incomplete without a mapping that fits."""
    check_taker(actor)
    if batch.mapping is None or not fits(batch.mapping, batch.header):
        raise Incomplete({"mapping": ["请先核对列名对照。"]})
    with transaction.atomic():
        ready = OrderBatch.objects.filter(pk=batch.pk, state=BatchState.DRAFT)
        if not ready.update(state=BatchState.WAITING, confirmed_at=now):
            raise NotNow("这份表格已经确认过，正在导入或已经导入。")
        detail = {"rows": batch.total, "mapping": batch.mapping.version}
        target = f"batch:{batch.uid}"
        audit.record(actor, "orders.confirmed", target, detail=detail, now=now, address=address, agent=agent)


def drop(batch: OrderBatch, *, actor: Actor, now: datetime) -> None:
    """Throw a sheet away that was not confirmed; NotNow otherwise."""
    check_taker(actor)
    with transaction.atomic():
        if not OrderBatch.objects.filter(pk=batch.pk, state=BatchState.DRAFT).delete()[0]:
            raise NotNow("这份表格已经确认导入，不能取消；导入的事项请逐件处理。")
        audit.record(actor, "orders.dropped", f"batch:{batch.uid}", detail={"rows": batch.total}, now=now)


def tidy(now: datetime) -> int:
    """Throw away sheets that nobody confirmed within a day; returns how many."""
    old = OrderBatch.objects.filter(state=BatchState.DRAFT, created_at__lt=now - KEPT_FOR)
    return old.delete()[1].get("hotlines.OrderBatch", 0)
