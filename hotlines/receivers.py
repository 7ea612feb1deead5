"""What the lines do when a matter tells its news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from cases.signals import case_erased, case_moved
from governance_portal.lib.moments import agreed_now
from governance_portal.lib.nudging import nudge
from hotlines.desk import chores
from hotlines.links import forgetting
from hotlines.models import CallBack, CallRecord
from hotlines.tasks import tell_line


@receiver(case_erased, dispatch_uid="hotlines.forget_callers")
def forget_callers(case: Any, **_kwargs: Any) -> None:
    """A case whose contact data goes takes along who called about it, and where the sound lies."""
    now = agreed_now()
    for call in CallRecord.objects.filter(case_id=case.pk):
        chores.forget(call, now)
    for row in CallBack.objects.filter(case_id=case.pk):
        chores.forget_number(row)


@receiver(case_erased, dispatch_uid="hotlines.forget_links")
def forget_links(case: Any, **_kwargs: Any) -> None:
    """What other systems sent about its people, and what was sent to them, goes as well."""
    forgetting.forget_case(case)


@receiver(case_moved, dispatch_uid="hotlines.tell_line")
def tell_the_line(case: Any, event: Any, **_kwargs: Any) -> None:
    """Have written down at once what another system must hear; asks the database nothing, the sweep finds the rest."""
    if case.foreign_number or event.kind == "transfer":
        nudge(tell_line, case_id=case.pk)
