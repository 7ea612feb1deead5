"""What the lines do when a matter tells its news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from cases.signals import case_erased
from governance_portal.lib.masking import mask_text
from hotlines.models import CallRecord


@receiver(case_erased, dispatch_uid="hotlines.forget_callers")
def forget_callers(case: Any, **_kwargs: Any) -> None:
    """A case whose contact data goes takes along who called about it, and where the sound lies."""
    for call in CallRecord.objects.filter(case_id=case.pk):
        call.caller, call.phone_index, call.recording = {}, "", ""
        call.summary = mask_text(call.summary)
        call.save(update_fields=["caller", "phone_index", "recording", "summary"])
