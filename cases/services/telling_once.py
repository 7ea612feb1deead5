"""News of a batch of rows, each told of once: what the chores of the clock have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.channels.planning import Message
from accounts.notices import tell
from cases.services.recipients import Recipients
from cases.services.staffing import Staff


def tell_once(
    rows: QuerySet[Any], mark: str, say: Callable[[Any, Recipients], Message], now: datetime, most: int
) -> int:
    """Tell of at most so many of these rows and set their mark (a date, NULL before), all in one transaction.

    A constant number of statements beside those of rule 4. Rows that another worker holds are left to it; a row whose
    news concerns nobody is marked too, so that it does not stand before the others for ever.
    """
    with transaction.atomic():
        found = list(rows.select_for_update(skip_locked=True, of=("self",))[:most])
        if not found:
            return 0
        recipients = Recipients(now, Staff.at(now))
        tell([say(row, recipients) for row in found], now)
        rows.model._default_manager.filter(pk__in=[row.pk for row in found]).update(**{mark: now})
        return len(found)
