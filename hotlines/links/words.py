"""What the two systems say to each other, as plain values: letters out, matters and words in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models


class WordKind(models.TextChoices):
    """What the other side says of a matter that is under way between us."""

    RECEIPT = "receipt", "接收回执"
    RESULT = "result", "办理结果"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"
    EXTENSION = "extension", "延期的答复"
    SUPPLEMENT = "supplement", "补充说明"
    REFUSED = "refused", "拒收"


@dataclass(frozen=True)
class Arrival:
    """What another system passes to us: their number, the body of an intake (cases.intake), their date, papers.

    papers: `{name, content (bytes)}` each. `given` needs no channel, source or number: those are the line's. said: what
    they wrote, where `given` is our reading of it by tables that may change: then an arrival is known again by that.
    return_by: until when they take it back (退回窗口), where they say so.
    """

    foreign_number: str
    given: Mapping[str, Any]
    received_at: datetime
    their_due_at: datetime | None = None
    papers: tuple[Mapping[str, Any], ...] = ()
    said: Mapping[str, Any] | None = None
    return_by: datetime | None = None


@dataclass(frozen=True)
class Word:
    """What the other side says of a matter already passed over: `about` is their number, or our reference (Link.uid).

    `key` is their own name of this word: the same twice is heard once.
    """

    key: str
    about: str
    kind: WordKind
    text: str
    at: datetime
    foreign_number: str = ""
    their_due_at: datetime | None = None


@dataclass(frozen=True)
class Letter:
    """One message as it leaves us. `uid` is the key by which the other side drops a second one; `seq` its place among
    those of the same matter; `reference` names the matter where they gave it no number yet."""

    uid: str
    kind: str
    reference: str
    foreign_number: str
    number: str
    seq: int
    body: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The letter as both adapters write it."""
        return {
            "id": self.uid,
            "kind": self.kind,
            "reference": self.reference,
            "foreign_number": self.foreign_number,
            "number": self.number,
            "seq": self.seq,
            **self.body,
        }


@dataclass(frozen=True)
class Outcome:
    """How one attempt went. `refused`: they said no to this very letter, and will again. `receipt`: their number of it.

    `answer` is in our own words, so that nothing of theirs (or of a person) is kept.
    """

    arrived: bool
    answer: str
    receipt: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Item:
    """One thing that lies ready for us; `handle` is how the adapter finds it again. Unreadable: `said` is None."""

    handle: str
    said: Arrival | Word | None
    trouble: str = ""


@dataclass(frozen=True)
class Fetched:
    """What lay ready, and from where the next fetch goes on once all of it is settled."""

    items: tuple[Item, ...] = ()
    cursor: str = ""
    more: bool = field(default=False)


class Unreadable(Exception):
    """Something came in that is not in the agreed form; the sentence says what to mend."""


class Away(Exception):
    """The other side could not be asked; the sentence says why."""
