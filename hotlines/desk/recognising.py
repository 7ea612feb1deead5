"""Who calls, by the number: their open matters and the last answers, masked, only what this operator may see, on record.

As the search for a person (`cases.services.person_search`): a keyed hash is asked for, a report of wrongdoing is never
among what is found. It is put on record once for each call and operator, with the reason that the person is on the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.audit import RequestMeta
from accounts.queries import Actor
from cases import choices as c
from cases.queries import history
from cases.services import person_search
from cases.views.due import due_of
from governance_portal.lib.masking import mask_name, mask_phone, mask_text
from hotlines.models import CallerLookUp, CallRecord

REASON = "来电人在线"
MOST_OPEN, MOST_ENDED, MOST_READ = 5, 2, 30
ANSWERS = ("resolve", "resolve_on_spot")


@dataclass(frozen=True)
class OpenMatter:
    """A matter of the caller that is not finished."""

    number: str
    title: str
    status: str
    due_state: str
    due_words: str
    at: datetime


@dataclass(frozen=True)
class LastAnswer:
    """What the caller was answered before."""

    number: str
    title: str
    reply: str
    at: datetime


@dataclass(frozen=True)
class Caller:
    """What the screen says of who calls; `number` is masked, "" when hidden."""

    number: str
    name: str = ""
    times: int = 0
    calls: int = 0
    open: tuple[OpenMatter, ...] = ()
    answers: tuple[LastAnswer, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether this number is in any matter that this operator may see."""
        return self.times > 0


def recognise(actor: Actor, call: CallRecord, now: datetime, meta: RequestMeta) -> Caller:
    """Return who calls; a hidden number is nobody, and is answered all the same."""
    phone = str((call.caller or {}).get("phone", ""))
    hashes = person_search.hashes_of("phone", phone)
    if not hashes:
        return Caller("")
    _put_on_record(actor, call, hashes, now, meta)
    found = person_search.cases_of(actor, hashes, now)
    cases = list(found.prefetch_related("parties").order_by("-registered_at", "-pk")[:MOST_READ])
    earlier = CallRecord.objects.filter(phone_index__in=hashes).exclude(pk=call.pk).count()
    return Caller(
        number=mask_phone(phone),
        name=_name(cases, hashes),
        times=len(cases),
        calls=earlier,
        open=tuple(_open(case, now) for case in cases if case.is_open)[:MOST_OPEN],
        answers=tuple(_answered(cases)),
    )


def _put_on_record(actor: Actor, call: CallRecord, hashes: list[str], now: datetime, meta: RequestMeta) -> None:
    with transaction.atomic():
        _row, fresh = CallerLookUp.objects.get_or_create(call=call, by_id=actor.user_id or 0, defaults={"at": now})
        if fresh:
            person_search.put_on_record(actor, "phone", hashes, REASON, now, **meta)


def _open(case: Any, now: datetime) -> OpenMatter:
    due = due_of(case, now)
    return OpenMatter(case.number, case.title, str(case.get_status_display()), due.state, due.told, case.registered_at)


def _answered(cases: Iterable[Any]) -> list[LastAnswer]:
    """The replies of the matters that ended last; what waits for its check is not told."""
    rows = []
    for case in [case for case in cases if case.status in c.ENDED][:MOST_ENDED]:
        told = [event for event in history(case) if event.kind in ANSWERS and event.data.get("reply")]
        if told:
            rows.append(LastAnswer(case.number, case.title, mask_text(str(told[-1].data["reply"])), told[-1].at))
    return rows


def _name(cases: Iterable[Any], hashes: list[str]) -> str:
    """The surname somebody gave with this number, masked; "" when nobody did, or more than one name."""
    names = {
        mask_name(str((party.contact or {}).get("name", "")))
        for case in cases
        if not case.confidential
        for party in case.parties.all()
        if party.phone_index in hashes and party.side == c.PartySide.REPORTER
    } - {""}
    return names.pop() if len(names) == 1 else ""
