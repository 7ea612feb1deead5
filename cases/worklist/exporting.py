"""The list written to a sheet: the same rights, filters, order, columns and words as on the screen, on record.

A short list is answered at once. A long one is a row of `Export` with its progress: a worker writes it in pieces while
the person goes on; the minute's sweep finds what the broker lost; the file goes after a day.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.choices import ExportState, SheetFormat
from cases.models import Export
from cases.worklist import chips, columns, paging
from cases.worklist.columns import Column
from cases.worklist.listing import TABS, Listing, person_of, query_of
from cases.worklist.rows import rows_of, with_names
from governance_portal.lib import sheets
from governance_portal.lib.errors import Incomplete, NotYours, TooMany

log = logging.getLogger(__name__)
CHUNK = 500
AT_ONCE = 2_000
MOST_ROWS = 100_000
MOST_WAITING = 3
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(hours=24)
FOLDER = "exports"


# --- what is written --------------------------------------------------------------------------------------------


def keys_of(listing: Listing) -> list[int]:
    """The ids of the whole list in its order: what is counted now is what is written."""
    return list(paging.ordered(listing.cases, listing.sort).values_list("pk", flat=True)[: MOST_ROWS + 1])


def lines(
    listing: Listing, shown: Sequence[Column], keys: Sequence[int], told: Callable[[int], None] | None = None
) -> Iterator[list[sheets.Cell]]:
    """The lines of the sheet, a few hundred cases at a time; `told` hears how many are written.

    Each piece is asked through the reading door again: what left somebody's sight meanwhile is not written.
    """
    for start in range(0, len(keys), CHUNK):
        piece = keys[start : start + CHUNK]
        found = {case.pk: case for case in with_names(listing.visible.filter(pk__in=piece), shown)}
        cases = [found[key] for key in piece if key in found]
        for row in rows_of(cases, shown, listing.tab, listing.now):
            yield columns.cells(shown, row)
        if told:
            told(start + len(piece))


def head_of(listing: Listing, shown: Sequence[Column]) -> list[str]:
    """The headings of the sheet."""
    return columns.headings(shown)


def file_name(listing: Listing, form: str, now: datetime) -> str:
    """「事项_待我处理_20261123_0930.xlsx」."""
    return f"事项_{TABS[listing.tab]}_{timezone.localtime(now):%Y%m%d_%H%M}.{form}"


def written(listing: Listing, shown: Sequence[Column], form: str, keys: Sequence[int]) -> bytes:
    """A short list as a whole file."""
    out = BytesIO()
    _write(out, form, head_of(listing, shown), lines(listing, shown, keys))
    return out.getvalue()


def _write(out: Any, form: str, head: Sequence[str], rows: Iterator[list[sheets.Cell]]) -> None:
    if form == SheetFormat.CSV:
        sheets.write_csv(out, head, rows)
    else:
        sheets.write_xlsx(out, head, rows, title="事项")


def put_on_record(
    listing: Listing, shown: Sequence[Column], form: str, many: int, *, address: str = "", agent: str = ""
) -> None:
    """Every export is in the log: who, how many, which filters and columns; never what was searched for."""
    words = [chip["label"] for chip in chips.chips(listing) if chip["name"] == "q"]
    kept = listing.kept.copy()
    kept.pop("q", None)
    audit.record(
        listing.actor,
        "export_cases",
        f"{TABS[listing.tab]} {many} 件",
        detail={
            "format": form,
            "rows": many,
            "query": kept.urlencode(),
            "searched": bool(words),
            "columns": [column.code for column in shown],
        },
        address=address,
        agent=agent,
        now=listing.now,
    )


# --- long ones --------------------------------------------------------------------------------------------------


def ask(actor: Actor, query: QueryDict, shown: Sequence[Column], form: str, total: int, now: datetime) -> Export:
    """Put a long export in the queue."""
    if total > MOST_ROWS:
        raise Incomplete({"query": [f"一次最多导出 {MOST_ROWS:,} 件，请先用筛选缩小范围（如按登记日期分段）。"]})
    waiting = Export.objects.filter(user_id=person_of(actor), state__in=(ExportState.WAITING, ExportState.RUNNING))
    if waiting.count() >= MOST_WAITING:
        raise TooMany("您已有几份导出正在写，请等它们写好再导出。", retry_after=60)
    return Export.objects.create(
        user_id=person_of(actor),
        post_ids=[post.id for post in actor.posts],
        query=query.urlencode(),
        columns=[column.code for column in shown],
        format=form,
        total=total,
        asked_at=now,
    )


def mine(actor: Actor, uid: uuid.UUID) -> Export:
    """One's own export; NotYours for anybody else's."""
    found = Export.objects.filter(uid=uid, user_id=person_of(actor)).first()
    if found is None:
        raise NotYours()
    return found


def all_of(actor: Actor) -> list[Export]:
    """One's own exports of the last day, the newest first."""
    return list(Export.objects.filter(user_id=person_of(actor))[:20])


def waiting(now: datetime) -> list[int]:
    """The ids of exports nobody is writing: never begun, or whose writer fell silent."""
    idle = Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, leased_until__lt=now)
    return list(Export.objects.filter(idle).order_by("pk").values_list("pk", flat=True)[:20])


def write(export_id: int, now: datetime) -> bool:
    """Write one export that waits; False when somebody else does or it is gone. Run twice, it is written once."""
    idle = Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, leased_until__lt=now)
    claimed = Export.objects.filter(idle, pk=export_id).update(
        state=ExportState.RUNNING, leased_until=now + LEASE, done=0
    )
    export = Export.objects.filter(pk=export_id).first() if claimed else None
    if export is None:
        return False
    path = ""
    try:
        path = _written_to_disk(export, now)
    except Exception:  # whatever broke: the person is told, the log has it, nothing waits for ever
        log.exception("export=%d failed", export_id)
    state = ExportState.DONE if path else ExportState.FAILED
    mine_still = Export.objects.filter(pk=export_id, state=ExportState.RUNNING, path="")
    kept = mine_still.update(state=state, path=path, done=F("total"), finished_at=timezone.now(), leased_until=None)
    if path and not kept:
        _remove(path)
    return bool(kept and path)


def _written_to_disk(export: Export, now: datetime) -> str:
    actor = _actor_of(export, now)
    listing = Listing(query_of(export.query), actor, now)
    shown = columns.chosen(export.columns)
    keys = keys_of(listing)[:MOST_ROWS]
    Export.objects.filter(pk=export.pk).update(total=len(keys))

    def told(done: int) -> None:
        Export.objects.filter(pk=export.pk).update(done=done, leased_until=timezone.now() + LEASE)

    name = f"{FOLDER}/{secrets.token_hex(20)}.{export.format}"
    place = _place(name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(place, "xb", opener=lambda target, flags: os.open(target, flags, 0o600)) as out:
            _write(out, export.format, head_of(listing, shown), lines(listing, shown, keys, told))
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        _remove(name)
        raise
    return name


def _actor_of(export: Export, now: datetime) -> Actor:
    """The person with the posts they asked with, as far as they still hold them."""
    whole = actor_for(User.objects.get(pk=export.user_id), now)
    return Actor(
        whole.user_id,
        whole.username,
        whole.name,
        posts=tuple(post for post in whole.posts if post.id in export.post_ids),
    )


def bytes_of(export: Export) -> Path | None:
    """Where the file of a finished export lies."""
    place = _place(export.path) if export.path else None
    return place if place is not None and place.is_file() else None


def tidy(now: datetime) -> int:
    """Delete exports of more than a day, files first."""
    old = list(Export.objects.filter(asked_at__lt=now - KEPT_FOR))
    for export in old:
        if export.path:
            _remove(export.path)
        export.delete()
    return len(old)


def _place(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        _place(name).unlink()
