"""Who sits at which telephone, and who takes a call that nobody has."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, NotNow
from hotlines.models import CallRecord, OperatorExtension
from hotlines.services import check_answerer

_EXTENSION = re.compile(r"[0-9A-Za-z*#-]{1,20}")


def sit_at(actor: Actor, extension: str, now: datetime) -> OperatorExtension | None:
    """Say at which extension one sits (at the beginning of a shift); who sat there before has none. Empty: at none."""
    check_answerer(actor)
    wanted = extension.strip()
    if wanted and not _EXTENSION.fullmatch(wanted):
        raise Incomplete({"extension": ["分机号请填话机上的号码，如 8001。"]})
    with transaction.atomic():
        OperatorExtension.objects.filter(operator_id=actor.user_id).delete()
        if not wanted:
            return None
        OperatorExtension.objects.filter(extension=wanted).delete()
        return OperatorExtension.objects.create(extension=wanted, operator_id=actor.user_id or 0, since=now)


def claim(call: CallRecord, actor: Actor) -> CallRecord:
    """Take a call that no operator has, or keep one's own; NotNow when somebody else was quicker.

    A conditional UPDATE, whatever the row said when it was read: one wins, and has it locked until the transaction ends.
    """
    check_answerer(actor)
    free = CallRecord.objects.filter(Q(operator__isnull=True) | Q(operator_id=actor.user_id), pk=call.pk)
    if not free.update(operator_id=actor.user_id):
        raise NotNow("这个来电刚刚由别的话务员接了。")
    call.refresh_from_db()
    return call
