"""A line that no machine speaks over (人工传递, e.g. a 12345 platform without an interface): its messages wait for a person.

Who handles the lines takes a list of them, fills it in on the other platform, and then says which of the list are told.
Only what was listed is settled: what came in meanwhile waits for the next list.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts import audit
from accounts.queries import Actor
from cases.needs import is_storable
from cases.queries import visible_cases
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.sheets import Cell, csv_pieces
from hotlines.choices import OWED, STUCK, AdapterKind, MessageState
from hotlines.links.queries import NOBODY, handles, line_of
from hotlines.links.sending import settle_by_hand
from hotlines.models import Line, LinkMessage

#: So many messages one list has, the oldest first; the next ones follow when these are settled.
MOST = 200
LONGEST_NOTE = 100
HEAD = ("对方编号", "受理编号", "第几条", "消息", "要告知的内容", "答复或说明", "期限", "产生时间")
HOW = f"请写明怎样告知的（最多 {LONGEST_NOTE} 字），例如：已在 12345 平台逐件回填。"


@dataclass(frozen=True)
class Settled:
    """What came of one list: told now, told before (a second click), and not told because something before them waits."""

    told: int = 0
    before: int = 0
    left: int = 0

    def words(self) -> str:
        """The sentence for who did it."""
        said = [f"已记下 {self.told} 条"] if self.told or not self.before else []
        said += [f"{self.before} 条早已记为告知，没有再记"] if self.before else []
        said += [f"{self.left} 条没有记，同一事项前面还有没告知的，请按顺序勾选"] if self.left else []
        return "；".join(said) + "。"


def line_by_hand(code: str, actor: Actor) -> Line:
    """Return a line that people speak over; NotYou for who does not handle lines, NotYours where a machine speaks."""
    if not handles(actor):
        raise NotYou(NOBODY)
    line = line_of(code)
    if line.adapter != AdapterKind.NONE:
        raise NotYours("这条对接由系统自动发送，没有要人工告知的。")
    return line


def to_tell(line: Line, actor: Actor, now: datetime) -> QuerySet[LinkMessage]:
    """Return what waits to be told over a line, of matters within one's sight, in the order it came up.

    Left out is what stands behind one that was refused or given up: that is handled first, on its matter's page.
    """
    return _waiting(actor, now).filter(link__line=line).select_related("link__line", "link__case").order_by("pk")


def _waiting(actor: Actor, now: datetime) -> QuerySet[LinkMessage]:
    stuck = LinkMessage.objects.filter(link=OuterRef("link"), seq__lt=OuterRef("seq"), state__in=STUCK)
    found = LinkMessage.objects.filter(~Exists(stuck), state__in=OWED, link__line__adapter=AdapterKind.NONE)
    return found.filter(link__case__in=visible_cases(actor, now))


def lines_with_words(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return `{code, name, count}` of the lines over which this person has something to tell; [] for who handles none."""
    if not handles(actor):
        return []
    rows = _waiting(actor, now).order_by("link__line__name").values("link__line__code", "link__line__name")
    return [
        {"code": row["link__line__code"], "name": row["link__line__name"], "count": row["count"]}
        for row in rows.annotate(count=Count("pk"))
    ]


def said(message: LinkMessage) -> tuple[str, str]:
    """Return what a message says in a few words, and the reply or reason with it; no people, whose data stay with the matter."""
    payload = message.payload or {}
    more = (str(payload.get(name) or "") for name in ("reply", "instead", "why", "withheld"))
    return str(payload.get("words", "")) if payload else "内容已按期限清除", next((text for text in more if text), "")


def sheet(messages: Iterable[LinkMessage]) -> Iterator[bytes]:
    """The list as a CSV (UTF-8 with BOM, no formulas), in the order of the page."""
    return csv_pieces(HEAD, map(_line, messages))


def _line(message: LinkMessage) -> tuple[Cell, ...]:
    words, more = said(message)
    payload = message.payload or {}
    due = payload.get("due_after") or payload.get("due_at")
    return (
        message.link.foreign_number,
        message.link.case.number,
        message.seq,
        str(message.get_kind_display()),
        words,
        more,
        datetime.fromisoformat(due) if due else "",
        message.created_at,
    )


def settle_listed(
    line: Line, uids: Iterable[str], note: str, actor: Actor, now: datetime, *, address: str = "", agent: str = ""
) -> Settled:
    """Say of the messages listed that the other side knows: each by the rules of `settle_by_hand`, each on record.

    `uids` that are of another line, or out of sight, count as none. Incomplete without a word on how, or without any.
    """
    errors: dict[str, list[str]] = {}
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE or not is_storable(note):
        errors["note"] = [HOW]
    listed = LinkMessage.objects.filter(uid__in=_read(uids), link__line=line, link__case__in=visible_cases(actor, now))
    rows = list(listed.select_related("link__line", "link__case").order_by("link_id", "seq"))
    if not rows:
        errors["message"] = ["请勾选已经告知对方的消息；没有要勾选的，刷新看看是不是已经有人记过。"]
    if errors:
        raise Incomplete(errors)
    results = [_settle(message, note, actor, now, address, agent) for message in rows]
    return Settled(results.count("told"), results.count("before"), results.count("left"))


def _read(uids: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in list(uids)[:MOST]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _settle(message: LinkMessage, note: str, actor: Actor, now: datetime, address: str, agent: str) -> str:
    """One message and its record, both or neither."""
    if message.state == MessageState.SENT:
        return "before"
    try:
        with transaction.atomic():
            settle_by_hand(message, note, now)
            detail = {"line": message.link.line.code, "seq": message.seq}
            number = message.link.case.number
            audit.record(actor, "link_told_by_hand", number, detail=detail, now=now, address=address, agent=agent)
    except NotNow:
        sent = LinkMessage.objects.filter(pk=message.pk, state=MessageState.SENT).exists()
        return "before" if sent else "left"
    return "told"
