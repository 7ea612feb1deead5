"""How two systems speak: one Protocol, an adapter each way, all of which pass tests/hotlines/links/test_adapters.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from hotlines.choices import AdapterKind
from hotlines.links.adapters.folder import Folder
from hotlines.links.adapters.http import Http
from hotlines.links.words import Fetched, Item, Letter, Outcome
from hotlines.models import Line


class Adapter(Protocol):
    """One way of speaking with the other side.

    send: never raises; a second one of the same letter does no harm. fetch: what lies ready, oldest first, the same again
    until it is settled; raises Away. settle: this item was taken, or was refused for the reason given; raises Away.
    """

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over, once."""

    def fetch(self, since: str, now: datetime) -> Fetched:
        """Look what lies ready behind the cursor `since`."""

    def settle(self, item: Item, refusal: str = "") -> None:
        """Put away what was taken; with a refusal say why it was not."""


_KINDS: dict[str, Callable[[Line], Adapter]] = {AdapterKind.HTTP.value: Http, AdapterKind.FILE.value: Folder}


def adapter_of(line: Line) -> Adapter | None:
    """Return how to speak on this line, None where people carry the papers."""
    kind = _KINDS.get(line.adapter)
    return kind(line) if kind else None
