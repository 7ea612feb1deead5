"""The line to a system with an interface: JSON, signed, to a host that the settings name (lib/outbound.py).

Three addresses below the line's own: `letters` takes a letter, `fetch` gives what lies ready, `settled` hears what became
of each item. Every call is signed with the line's key as Standard Webhooks have it; `webhook-id` is the same when a call is repeated
(docs/exchange.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cases.needs import is_storable
from governance_portal.lib import outbound, webhooks
from hotlines.links.reading import read
from hotlines.links.words import Away, Fetched, Item, Letter, Outcome, Unreadable
from hotlines.models import Line

#: What says no to this very letter; any other failure may pass (their key, their load, their outage).
FOR_GOOD = frozenset({400, 404, 409, 410, 413, 415, 422})
MOST_BYTES = 24 * 1024 * 1024
MOST_ITEMS = 50


class Http:
    """A line over HTTP."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def send(self, letter: Letter) -> Outcome:
        """POST the letter; 2xx has arrived, `receipt` of the answer is their number of it."""
        try:
            reply = self._post("letters", letter.as_json(), letter.uid)
        except outbound.Unsafe as unsafe:
            return Outcome(False, f"未发送：{unsafe}"[:120])
        except outbound.NoAnswer as silent:
            return Outcome(False, str(silent)[:120])
        if not 200 <= reply.status < 300:
            refused = reply.status in FOR_GOOD
            return Outcome(False, f"{'对方拒收' if refused else '对方没有接收'}（{reply.status}）", refused=refused)
        return Outcome(True, "对方已接收", receipt=_receipt(_object(reply.body).get("receipt")))

    def fetch(self, since: str, now: datetime) -> Fetched:
        """Ask for what lies ready behind the cursor."""
        told = self._asked("fetch", {"cursor": since, "most": MOST_ITEMS}, f"fetch:{since}")
        rows = told.get("items")
        if not isinstance(rows, list):
            raise Away("对方的应答里没有 items")
        items = tuple(self._item(row) for row in rows if isinstance(row, Mapping))
        return Fetched(items, str(told.get("cursor") or since)[:120], bool(told.get("more")))

    def settle(self, item: Item, refusal: str = "") -> None:
        """Tell them that the item was taken, or why not."""
        self._asked("settled", {"id": item.handle, "refused": refusal}, f"settled:{item.handle}")

    def _item(self, row: Mapping[str, Any]) -> Item:
        handle = str(row.get("id") or "")
        try:
            return Item(handle, read(self._line, row))
        except Unreadable as trouble:
            return Item(handle, None, str(trouble))

    def _asked(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        try:
            reply = self._post(path, body, key)
        except (outbound.Unsafe, outbound.NoAnswer) as silent:
            raise Away(str(silent)) from silent
        if not 200 <= reply.status < 300:
            raise Away(f"对方没有应答（{reply.status}）")
        return _object(reply.body)

    def _post(self, path: str, body: Mapping[str, Any], key: str) -> outbound.Reply:
        raw = _as_bytes(body)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        secret = str((self._line.secret or {}).get("key", ""))
        if secret:
            headers |= webhooks.sign(secret, _id(key), datetime.now(UTC), raw)
        return outbound.post(f"{self._line.address.rstrip('/')}/{path}", raw, headers, MOST_BYTES)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _receipt(told: Any) -> str:
    """Their number of a letter; what is no number, or no table can keep, is none."""
    text = str(told).strip() if isinstance(told, str | int) and not isinstance(told, bool) else ""
    return text[:60] if is_storable(text) else ""


def _as_bytes(body: Mapping[str, Any]) -> bytes:
    """JSON as it is read, or in ASCII where it holds half a letter of theirs."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(body, separators=(",", ":")).encode()


def _id(key: str) -> str:
    """A key that fits into the header, whatever the other side calls its items."""
    plain = key.isascii() and len(key) <= webhooks.LONGEST_ID
    return key if plain else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
