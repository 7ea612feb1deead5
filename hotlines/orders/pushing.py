"""Orders that the line's own system pushes: each by itself, so that one that is refused keeps no other out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from cases.needs import is_storable
from cases.queries import public_timeline
from governance_portal.lib.errors import Incomplete, NotYours, Refusal
from hotlines.choices import Direction, MessageKind
from hotlines.links.arriving import take_in
from hotlines.models import Line, Link, LinkMessage
from hotlines.orders.mappings import rules_of
from hotlines.orders.reading import Reader
from hotlines.orders.taking import errors_of
from hotlines.orders.trouble import BROKEN, PASSING, printable

log = logging.getLogger(__name__)
MOST = 200
TOO_MANY = f"一次推送 1 至 {MOST} 件工单，放在 orders 里。"
NEW, KNOWN, CHANGED, REFUSED = "new", "known", "changed", "refused"


@dataclass(frozen=True)
class Answer:
    """What became of one order. `receipt` is the id of the receipt, the same whenever the order comes again."""

    number: str
    result: str
    case_number: str = ""
    receipt: str = ""
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As the API answers it."""
        if self.result == REFUSED:
            return {"number": self.number, "result": self.result, "errors": dict(self.errors)}
        told = {"case_number": self.case_number, "receipt": self.receipt}
        return {"number": self.number, "result": self.result, **told}


def orders_of(body: Any) -> list[Any]:
    """Return the orders of a body: `{orders: [...]}` or one order; Incomplete for anything else."""
    found = body.get("orders", [body]) if isinstance(body, Mapping) and body else None
    if not isinstance(found, list) or not 1 <= len(found) <= MOST:
        raise Incomplete({"orders": [TOO_MANY]})
    return found


def take(line: Line, orders: Sequence[Any], now: datetime) -> list[Answer]:
    """Take orders in, one transaction each, and answer for each in their order; a Refusal, or a fault of ours, refuses its own.

    Raises what may pass (`trouble.PASSING`): the whole push is to be sent again.
    """
    reader = Reader(rules_of(line), settings.PORTAL_DISTRICT, now)
    return [_one(line, reader, order, now) for order in orders]


def _one(line: Line, reader: Reader, said: Any, now: datetime) -> Answer:
    if not isinstance(said, Mapping):
        return Answer("", REFUSED, errors={"": ["每件工单应为一个 JSON 对象。"]})
    number = printable(str(said.get("number") or "")[:60])
    try:
        taken = take_in(line, reader.read(said).arrival, now)
    except Refusal as refused:
        return Answer(number, REFUSED, errors=errors_of(refused))
    except PASSING:
        raise
    except Exception:  # whatever broke at one order: the others are taken, somebody is told
        log.exception("order pushed over line=%s failed", line.code)
        return Answer(number, REFUSED, errors={"": [BROKEN]})
    result = NEW if taken.fresh else CHANGED if taken.changed else KNOWN
    return Answer(taken.link.foreign_number, result, taken.link.case.number, receipt_of(taken.link))


def receipt_of(link: Link) -> str:
    """The id of the link's receipt, "" while none is written."""
    uid = link.messages.filter(kind=MessageKind.RECEIPT).order_by("seq").values_list("uid", flat=True).first()
    return str(uid or "")


def status_of(answers: Sequence[Answer]) -> int:
    """201 something is new, 200 all was here, 207 some were refused, 400 all were."""
    refused = sum(answer.result == REFUSED for answer in answers)
    if refused:
        return 400 if refused == len(answers) else 207
    return 201 if any(answer.result == NEW for answer in answers) else 200


def state_of(line: Line, number: str) -> dict[str, Any]:
    """What the line's system may know of its order: what the resident reads, both dates, and the last answer told.

    NotYours for a number that did not come over this line.
    """
    if not is_storable(number):
        raise NotYours("没有这个编号的工单。")
    found = Link.objects.filter(line=line, foreign_number=number, direction=Direction.IN)
    link = found.select_related("case__lead_unit", "case__master").first()
    if link is None:
        raise NotYours("没有这个编号的工单。")
    told = public_timeline(link.case)
    answers = LinkMessage.objects.filter(link=link, kind__in=(MessageKind.RESULT, MessageKind.RETURNED))
    last = answers.order_by("-seq").first()
    return {
        "number": link.foreign_number,
        "case_number": link.case.number,
        "receipt": receipt_of(link),
        "status": told["status"],
        "status_text": told["status_text"],
        "received_at": link.received_at,
        "registered_at": told["registered_at"],
        "their_due_at": link.their_due_at,
        "due_at": told["due_at"],
        "lead_unit": told["lead_unit"],
        "version": link.version,
        "answer": {"kind": last.kind, **(last.payload or {})} if last else None,
    }
