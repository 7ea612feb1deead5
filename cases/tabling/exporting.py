"""A table as a file: a small one at once, a long one in the background with its progress and a link; all on record.

The file is made over what its asker may see when it is written, with the posts they asked with as far as they still
hold them. A writer that was killed leaves a row whose lease runs out; another begins anew, and only one finishes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.queries import Actor, actor_for
from cases.choices import ExportState, SheetFormat
from cases.models import TableExport
from cases.tabling import counting, drawing, naming
from cases.tabling.asking import Asked, read_text
from cases.tabling.counting import Counted, Frame
from governance_portal.lib import sheets
from governance_portal.lib.errors import NotYours, Refusal, TooMany

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
MOST_WAITING = 3
CHUNK = 200
FOLDER = "tables"
NOT_WRITTEN = "没有写成，已自动记录。请回到统计表再导出一次。"


def file_name(frame: Frame, form: str) -> str:
    """「类别（大类）×街道_登记_20261122_0930.xlsx」."""
    name = drawing.name_of_table(frame).replace(" × ", "×").replace("：", "_").replace("/", "／")
    return f"{name}_{timezone.localtime(frame.now):%Y%m%d_%H%M}.{form}"


def written(counted: Counted, form: str) -> bytes:
    """A counted table as a whole file."""
    out = BytesIO()
    _write(out, counted, form)
    return out.getvalue()


def _write(out: Any, counted: Counted, form: str, told: Any = None) -> None:
    frame = counted.frame
    table = drawing.drawn(counted, "", "")
    head = drawing.sheet_head(table, frame.measures)
    lines = _lines(counted, table, told)
    if form == SheetFormat.CSV:
        sheets.write_csv(out, head, lines)
    else:
        sheets.write_xlsx(out, head, lines, title="统计表")


def _lines(counted: Counted, table: Any, told: Any) -> Iterator[list[sheets.Cell]]:
    frame = counted.frame
    for at, line in enumerate(drawing.sheet_rows(table)):
        yield line
        if told and at % CHUNK == CHUNK - 1:
            told(at + 1)
    moment = f"{timezone.localtime(frame.now):%Y-%m-%d %H:%M}"
    yield from drawing.sheet_notes(frame, naming.names_of_filters(frame.asked), moment)


def put_on_record(frame: Frame, form: str, cells: int | None, *, address: str = "", agent: str = "") -> None:
    """Every table that leaves the portal is in the log: who, which question; no figures."""
    audit.record(
        frame.actor,
        "export_table",
        drawing.name_of_table(frame)[:100],
        detail={
            "format": form,
            "query": frame.asked.query(),
            "area": frame.area,
            "cells": cells,
            "long": cells is None,
        },
        address=address,
        agent=agent,
        now=frame.now,
    )


# --- long ones --------------------------------------------------------------------------------------------------


def ask(frame: Frame, form: str) -> TableExport:
    """Put a long table in the queue; TooMany (429) where three of this person wait already."""
    user = frame.actor.user_id or 0
    waits = TableExport.objects.filter(user_id=user, state__in=(ExportState.WAITING, ExportState.RUNNING))
    if waits.count() >= MOST_WAITING:
        raise TooMany("您已有几份统计表正在写，请等它们写好再导出。", retry_after=60)
    return TableExport.objects.create(
        user_id=user,
        post_ids=[post.id for post in frame.actor.posts],
        name=drawing.name_of_table(frame)[:200],
        query=frame.asked.query(),
        format=form,
        asked_at=frame.now,
    )


def mine(actor: Actor, uid: uuid.UUID) -> TableExport:
    """One's own; NotYours (404) for anybody else's."""
    found = TableExport.objects.filter(uid=uid, user_id=actor.user_id or 0).first()
    if found is None:
        raise NotYours("没有找到这份导出，可能已过期删除。请回到统计表再导出一次。")
    return found


def all_of(actor: Actor) -> list[TableExport]:
    """One's own of the last days, the newest first."""
    return list(TableExport.objects.filter(user_id=actor.user_id or 0)[:20])


def _idle(now: datetime) -> Q:
    return Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, leased_until__lt=now)


def waiting(now: datetime, most: int = 20) -> list[int]:
    """The ids of those nobody is writing: never begun, or whose writer fell silent."""
    return list(TableExport.objects.filter(_idle(now)).order_by("pk").values_list("pk", flat=True)[:most])


def write(export_id: int, now: datetime) -> bool:
    """Write one that waits; False when somebody else does, it is gone, or it could not be written (the row says why)."""
    attempt = secrets.token_hex(16)
    claimed = TableExport.objects.filter(_idle(now), pk=export_id).update(
        state=ExportState.RUNNING, leased_until=now + LEASE, attempt=attempt, done=0
    )
    export = TableExport.objects.filter(pk=export_id, attempt=attempt).first() if claimed else None
    if export is None:
        return False
    path, said = "", ""
    try:
        path = _written_to_disk(export, now)
    except Refusal as refusal:
        said = refusal.detail[:200]
    except Exception:  # whatever broke: the person is told, the log has it, nothing waits for ever
        log.exception("table export=%d failed", export_id)
        said = NOT_WRITTEN
    mine_still = TableExport.objects.filter(pk=export_id, state=ExportState.RUNNING, attempt=attempt)
    state = ExportState.DONE if path else ExportState.FAILED
    kept = mine_still.update(
        state=state, path=path, said=said, done=F("total"), finished_at=timezone.now(), leased_until=None
    )
    if kept:
        _remove_files(export.uid, but=path)
    elif path:
        _remove(path)
    return bool(kept and path)


def _written_to_disk(export: TableExport, now: datetime) -> str:
    asked: Asked = read_text(export.query)
    frame = counting.frame_of(asked, _actor_of(export, now), now)
    counted = counting.count(frame, counting.FILE_CELLS)
    if len(counted.columns) > counting.FILE_COLUMNS:
        raise counting.too_large(len(counted.rows) * len(counted.columns), counting.FILE_CELLS)
    row = TableExport.objects.filter(pk=export.pk, attempt=export.attempt)
    row.update(total=len(counted.rows) + 1)

    def told(done: int) -> None:
        row.update(done=done, leased_until=timezone.now() + LEASE)

    name = f"{FOLDER}/{export.uid.hex}-{export.attempt}.{export.format}"
    place = _place(name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(place, "xb", opener=lambda target, flags: os.open(target, flags, 0o600)) as out:
            _write(out, counted, export.format, told)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        _remove(name)
        raise
    return name


def _actor_of(export: TableExport, now: datetime) -> Actor:
    whole = actor_for(User.objects.get(pk=export.user_id), now)
    posts = tuple(post for post in whole.posts if post.id in export.post_ids)
    return Actor(whole.user_id, whole.username, whole.name, posts=posts)


def place_of(export: TableExport) -> Path | None:
    """Where the file of a finished one lies."""
    place = _place(export.path) if export.path else None
    return place if place is not None and place.is_file() else None


def tidy(now: datetime, most: int = 500) -> int:
    """Delete those of more than a week, files first (also what killed writers left)."""
    old = list(TableExport.objects.filter(asked_at__lt=now - KEPT_FOR).order_by("pk")[:most])
    for export in old:
        _remove_files(export.uid)
        export.delete()
    return len(old)


def _place(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        _place(name).unlink()


def _remove_files(uid: uuid.UUID, but: str = "") -> None:
    for place in _place(FOLDER).glob(f"{uid.hex}-*"):
        if place.name != Path(but).name:
            with contextlib.suppress(OSError):
                place.unlink()
