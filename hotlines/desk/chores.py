"""What the clock does for the desk: a call whose end nobody told is closed, a number whose time is over is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from governance_portal.lib.masking import mask_text
from hotlines.choices import CallBackState, CallResult
from hotlines.desk.telephony import miss
from hotlines.models import CallBack, CallRecord, TelephonyEvent

BATCH = 500
#: No call is silent so long; its hang-up was lost on the way, or nobody said what came of it.
SILENT = timedelta(hours=6)
#: So long a system may send an event again and is known for it.
SENT_AGAIN = timedelta(days=30)
#: A number that called and became no case is kept so long: to recognise who calls again about the same, and to answer a
#: complaint about the call (PIPL §19: the shortest time the purpose needs). With a case it goes with the case.
KEPT = relativedelta(months=6)


def _silent(now: datetime) -> QuerySet[CallRecord]:
    """Calls without an end of which nothing was heard for six hours by our clock; theirs may be behind by hours."""
    heard = TelephonyEvent.objects.filter(call=OuterRef("pk"), received_at__gt=now - SILENT)
    return CallRecord.objects.filter(~Exists(heard), ended_at__isnull=True, started_at__lte=now - SILENT)


def close_silent_calls(now: datetime) -> int:
    """Close calls of which nothing was heard for six hours, at the last moment known; unanswered ones are missed.

    One begun by hand that nobody settled is closed as well, so that its number has a term; it may still be settled.
    """
    done = 0
    for pk in list(_silent(now).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            call = CallRecord.objects.select_for_update().get(pk=pk)
            if not _silent(now).filter(pk=pk).exists():  # its next event came meanwhile
                continue
            call.ended_at = max(call.started_at, call.settled_at or call.answered_at or call.started_at)
            if call.answered_at is None and call.result == CallResult.RINGING:
                miss(call, now)
            call.save(update_fields=["ended_at", "result", "settled_at"])
            done += 1
    return done


def forget_events(now: datetime) -> int:
    """Drop events that no system sends again; what they told stands in their calls. Answers how many."""
    return TelephonyEvent.objects.filter(received_at__lt=now - SENT_AGAIN).delete()[0]


def forget_callers(now: datetime) -> int:
    """Forget who called where no case came of it, six months after; call-backs that are settled go along."""
    old = CallRecord.objects.filter(
        case__isnull=True, forgotten_at__isnull=True, ended_at__lte=now - KEPT, started_at__lte=now - KEPT
    ).exclude(call_backs__state=CallBackState.OWED)
    calls = list(old.exclude(call_backs__case__isnull=False)[:BATCH])
    for call in calls:
        forget(call, now)
    return len(calls)


def forget(call: CallRecord, now: datetime) -> None:
    """Take the number, the place of the sound and numbers somebody wrote down out of a call and its call-backs."""
    with transaction.atomic():
        call.caller, call.phone_index, call.recording = {}, "", None
        call.summary, call.forgotten_at = mask_text(call.summary), now
        call.save(update_fields=["caller", "phone_index", "recording", "summary", "forgotten_at"])
        for row in CallBack.objects.filter(call=call):
            forget_number(row)


def forget_number(row: CallBack) -> None:
    """Take the number out of a call-back; that it was owed and what became of it stays."""
    row.caller, row.phone_index, row.about = {}, "", mask_text(row.about)
    row.save(update_fields=["caller", "phone_index", "about"])
