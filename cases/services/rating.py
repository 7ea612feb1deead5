"""The resident's own answer. A good one closes, an unhappy one goes to the follow-up desk (behaviour 14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.queries import Actor
from cases.choices import Status
from cases.conditions import AMEND_WITHIN
from cases.models import Case
from cases.services.door import move, record
from cases.services.preparing import CONTENT_FROM
from governance_portal.lib.errors import NotNow


def rate(
    case: Case,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
    quiet: bool = False,
) -> Case:
    """Take the resident's rating `{satisfaction 1–5, resolved, comment?}` and return the case.

    Resolved with satisfaction ≥ 3 confirms a case that waits for follow-up; anything else is recorded and left to the
    follow-up officer. Once, and may be amended for 7 days (facts §6.2); after that NotNow.
    """
    if case.rated_at and now > case.rated_at + AMEND_WITHIN:
        raise NotNow("您已经评价过了，评价在 7 天内可以修改，现在已过期限；有新的情况请致电窗口。")
    with transaction.atomic():
        record(case, "rate", actor=actor, now=now, client_id=client_id, given=given, quiet=quiet)
        case.refresh_from_db()
        content = case.resolved and (case.satisfaction or 0) >= CONTENT_FROM
        if case.status == Status.FOLLOW_UP and content:
            confirmed = {"satisfaction": case.satisfaction, "resolved": True}
            return move(case, "confirm", actor=actor, now=now, given=confirmed, quiet=quiet)
    return case
