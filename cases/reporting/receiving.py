"""The one way in for what residents send, from the page and from the API: registered, or held for a human; never refused.

A submission sent again is answered as the first time, whatever the weather is by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.queries import service_actor
from cases.models import Case, HeldReport
from cases.reporting import holding, weather
from cases.reporting.choices import HeldFor
from cases.reporting.proof import solved
from cases.services import register
from cases.services.registering import answered, check
from cases.services.submitting import digest_of
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.numbers import query_code


@dataclass(frozen=True)
class Received:
    """What a resident gets back: number and code, whether it is new, and the row that waits when it is `held` (else `case`)."""

    number: str
    query_code: str
    fresh: bool
    registered: Case | None = None
    held: HeldReport | None = None

    @property
    def case(self) -> Case:
        """The case of a report that was registered; ValueError for one that is held."""
        if self.registered is None:
            raise ValueError("a held report is no case yet")
        return self.registered


def receive(
    body: Mapping[str, Any], *, client_id: str = "", address: str, proof: str = "", trapped: bool = False, now: datetime
) -> Received:
    """Take a report in. `body` is a registration; `proof` what was computed for the challenge of `client_id`; `trapped`
    that a field nobody sees was filled in.

    Incomplete with every field that is wrong, NotNow when the key was used for another report, TooMany when neither the
    case nor the review can have it. Call it outside a transaction: what is counted must stay counted.
    """
    digest = blind_index("submission", digest_of(body)) if client_id else ""
    if prior := received_before(body, client_id=client_id):
        return prior
    actor = service_actor("resident")
    check(actor, body, now=now)
    if why := _suspicion(client_id, address, proof, trapped, now):
        return _held(holding.hold(body, client_id=client_id, digest=digest, why=why, address=address, now=now))
    made = register(actor, body, now=now, client_id=client_id or None)
    return Received(made.case.number, made.query_code, made.fresh, registered=made.case)


def received_before(body: Mapping[str, Any], *, client_id: str) -> Received | None:
    """Return what this very report was answered when it came before, None when it did not; nothing is written or counted.

    A held report that was released is the case it became. NotNow when the key was used for another report.
    """
    if not client_id:
        return None
    digest = blind_index("submission", digest_of(body))
    if held := holding.prior(client_id, digest):
        return _held(held, fresh=False)
    if made := answered(service_actor("resident"), client_id, digest):
        return Received(made.case.number, made.query_code, False, registered=made.case)
    return None


def _suspicion(client_id: str, address: str, proof: str, trapped: bool, now: datetime) -> str:
    """Why this one waits for a human; "" for nearly everybody."""
    asked = weather.counted(address, now)
    if trapped:
        return str(HeldFor.TRAP.value)
    if not asked.asked or solved(proof, client_id, now):
        return ""
    return asked.why


def _held(row: HeldReport, *, fresh: bool = True) -> Received:
    if row.case is not None:
        return Received(row.number, query_code(row.number, row.case.query_issue), False, registered=row.case)
    return Received(row.number, query_code(row.number, 1), fresh, held=row)
