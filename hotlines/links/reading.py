"""A document in the agreed form (JSON, docs/exchange.md) becomes what we take in: a matter or a word about one.

Both adapters and the pushed calls read the same form: `type` is "transfer" or a kind of word. Raises Unreadable with a
sentence that the people on the other side can act on.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.utils.dateparse import parse_datetime

from cases.needs import FIRST_YEAR, LAST_YEAR, is_storable
from governance_portal.lib.working_days import SHANGHAI
from hotlines.choices import LineKind
from hotlines.links.transfers import FORMS
from hotlines.links.words import Arrival, Unreadable, Word, WordKind
from hotlines.models import Line

log = logging.getLogger(__name__)

TRANSFER = "transfer"
LONGEST_NUMBER = 60
LONGEST_TEXT = 3000
MOST_PAPERS = 20
UNSTORABLE = "有不能保存的字符（例如 NUL，或者半个字符）；请去掉后再传。"
BROKEN = "平台处理这一项时出错，已自动记录。请核对后重新发送；还不行请联系综治中心。"


def read_bytes(line: Line, raw: bytes) -> Arrival | Word:
    """Read a document as it lies in a file or a request."""
    try:
        document = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable("不是完整的 UTF-8 编码的 JSON，可能没有写完；请重新生成后再传。") from None
    return read(line, document)


def read(line: Line, document: Any) -> Arrival | Word:
    """Read a document of this line; whatever in it breaks us, it is Unreadable and the line goes on."""
    try:
        return _read(line, document)
    except (Unreadable, DatabaseError):
        raise
    except Exception as broken:
        log.exception("line=%s a document breaks the reading", line.code)
        raise Unreadable(BROKEN) from broken


def _read(line: Line, document: Any) -> Arrival | Word:
    if not isinstance(document, Mapping):
        raise Unreadable("最外层应为一个 JSON 对象。")
    wanted = document.get("type")
    mended = wanted == TRANSFER and line.kind == LineKind.ORDER  # hotlines.orders keeps an order and mends its text
    if not mended and not _all_storable({name: value for name, value in document.items() if name != "papers"}):
        raise Unreadable(UNSTORABLE)
    if wanted == TRANSFER:
        return _arrival(line, document)
    if wanted in WordKind.values:
        return _word(document, WordKind(wanted))
    raise Unreadable(f"type 应为 {TRANSFER} 或 {'、'.join(WordKind.values)} 之一。")


def _all_storable(value: Any) -> bool:
    """Tell whether a database can keep every text in a document, names of fields included."""
    if isinstance(value, Mapping):
        return all(_all_storable(name) and _all_storable(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(_all_storable(inner) for inner in value)
    return not isinstance(value, str) or is_storable(value)


def _arrival(line: Line, document: Mapping[str, Any]) -> Arrival:
    number = text_of(document, "number", "对方编号", most=LONGEST_NUMBER)
    received = moment(document, "received_at", "转来时间")
    form = FORMS[line.kind]
    due = moment(document, "due_at", "办理期限") if document.get("due_at") else form.due(document, received)
    return Arrival(number, form.given(document), received, due, _papers(document))


def _word(document: Mapping[str, Any], kind: WordKind) -> Word:
    return Word(
        key=text_of(document, "id", "消息编号", most=120),
        about=text_of(document, "about", "所说的事项编号", most=LONGEST_NUMBER),
        kind=kind,
        text=str(document.get("text") or "")[:LONGEST_TEXT],
        at=moment(document, "at", "时间"),
        foreign_number=str(document.get("number") or "")[:LONGEST_NUMBER],
        their_due_at=moment(document, "due_at", "办理期限") if document.get("due_at") else None,
    )


def text_of(document: Mapping[str, Any], name: str, label: str, most: int) -> str:
    """Return a text that has to be there."""
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"缺少{label}（{name}）。")
    if len(value.strip()) > most:
        raise Unreadable(f"{label}（{name}）最多 {most} 个字。")
    if not is_storable(value):
        raise Unreadable(UNSTORABLE)
    return value.strip()


def moment(document: Mapping[str, Any], name: str, label: str) -> datetime:
    """Return a time that has to be there, of a year that calendars know; without an offset it is Shanghai's."""
    value = document.get(name)
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Unreadable(f"{label}（{name}）应为 ISO 8601 的时间，例如 2026-11-23T09:00:00+08:00。")
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise Unreadable(f"{label}（{name}）的年份应在 {FIRST_YEAR} 至 {LAST_YEAR - 1} 之间；没有期限的不要填。")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _papers(document: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    rows = document.get("papers") or []
    if not isinstance(rows, list) or len(rows) > MOST_PAPERS or not all(isinstance(row, Mapping) for row in rows):
        raise Unreadable(f"材料（papers）应为列表，最多 {MOST_PAPERS} 份，每份有 name 和 content（base64）。")
    if not all(is_storable(str(row.get("name") or "")) for row in rows):
        raise Unreadable("材料（papers）的 name 有不能保存的字符；请去掉后再传。")
    try:
        return tuple(
            {"name": str(row.get("name") or "材料"), "content": base64.b64decode(str(row["content"]), validate=True)}
            for row in rows
        )
    except (KeyError, binascii.Error, ValueError):
        raise Unreadable("材料（papers）的 content 应为 base64。") from None
