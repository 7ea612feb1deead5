"""Registering and what is done at once with it: 受理, 当场答复, 不予受理并引导, 移送. One submission, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import Actor
from cases.choices import Status
from cases.models import Case
from cases.services import drafting
from cases.services.door import move
from cases.services.registering import Registration, register
from governance_portal.lib.errors import Incomplete

#: What may follow in the same submission; "" only registers.
AT_ONCE = ("accept", "resolve_on_spot", "decline", "transfer")


def take_in(
    actor: Actor,
    given: Mapping[str, Any],
    *,
    then: str = "",
    then_given: Mapping[str, Any] | None = None,
    now: datetime,
    client_id: str | None = None,
) -> Registration:
    """Register and make one more move in the same transaction; the clerk's draft of this form goes with it.

    `then` is one of AT_ONCE or ""; `then_given` what that move needs. Refusals as `register` and `move`: nothing has
    been written then. A repeat of the same `client_id` answers the first result and moves nothing again.
    """
    if then and then not in AT_ONCE:
        raise Incomplete({"then": ["登记时只能同时受理、当场答复、引导或移送，请重新选择。"]})
    with transaction.atomic():
        made = register(actor, given, now=now, client_id=client_id)
        if made.fresh and then and made.case.status == Status.REGISTERED:
            needed = {name: value for name, value in (then_given or {}).items() if value not in (None, "")}
            if then == "accept":
                needed = {**_said(made.case, given), **needed}
            moved = move(made.case, then, actor=actor, now=now, given=needed)
            made = Registration(moved, made.query_code, fresh=True)
        if client_id:
            drafting.drop(actor, client_id)
    return made


def _said(case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    """What acceptance is asked although the registration said it already."""
    said = {"category": case.category_code, "level": case.level, "level_reason": given.get("level_reason", "")}
    return {name: value for name, value in said.items() if value}
