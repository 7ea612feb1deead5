"""Deciding and asking, as the pages do it: through the door, and a refusal for want of approval becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.models import Case, HandlerRequest
from cases.services import move, record
from cases.services.requesting import NeedsApproval


def decide(
    row: HandlerRequest, approved: bool, note: str, *, actor: Actor, now: datetime, client_id: str | None = None
) -> None:
    """Approve or refuse a request; refusals of the door as they are."""
    given: dict[str, Any] = {"request": row.pk, "approved": approved}
    if note:
        given["note"] = note
    record(row.case, "decide", actor=actor, now=now, given=given, client_id=client_id)


def decline_or_ask(
    case: Case,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    client_id: str | None = None,
) -> tuple[Case, bool]:
    """Decline a matter, or, where the centre's lead must approve, ask for it with the same words.

    Returns `(case, asked)`.
    """
    try:
        return move(case, "decline", actor=actor, now=now, version=version, client_id=client_id, given=given), False
    except NeedsApproval:
        record(case, "request_decline", actor=actor, now=now, client_id=client_id, given=given)
        return case, True
