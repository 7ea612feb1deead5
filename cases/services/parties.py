"""Contact data: shown one case at a time, for a reason, on record (workflow.md "Who sees what"; PIPL §§6, 51)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.queries import Actor
from cases.choices import Nature
from cases.intake import PARTY_FIELDS, check_contact
from cases.models import Case, Party
from cases.services.door import correct, posts_of
from cases.standing import Standing
from governance_portal.lib import masking
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotYou

MAY_CALL = frozenset({Standing.CLERK, Standing.OPERATOR, Standing.FOLLOW_UP_OFFICER, Standing.IN_CHARGE})
MASKS = {
    "name": masking.mask_name,
    "phone": masking.mask_phone,
    "id_number": masking.mask_id,
    "address": masking.mask_address,
}
SHORTEST_REASON = 2


def masked(party: Party) -> dict[str, Any]:
    """Return a party as everyone sees it: `{id, side, role, name, phone, id_number, address}`, masked."""
    contact = party.contact or {}
    shown = {name: MASKS[name](contact.get(name, "")) if contact.get(name) else "" for name in PARTY_FIELDS}
    return {"id": str(party.uid), "side": party.side, "role": party.role, **shown}


def may_unmask(case: Case, actor: Actor, now: datetime) -> bool:
    """Tell whether this person must be able to call the parties."""
    return may_unmask_as(case, frozenset(posts_of(case, actor, now)))


def may_unmask_as(case: Case, standing: frozenset[Standing]) -> bool:
    """Tell the same of somebody whose standing is known already; no query."""
    if case.nature in (Nature.CONDUCT, Nature.REPORT) or case.confidential:
        return bool(standing & (MAY_CALL - {Standing.IN_CHARGE}))
    return bool(standing & MAY_CALL)


def unmask(
    case: Case, *, actor: Actor, reason: str, now: datetime, party_uid: str = "", address: str = "", agent: str = ""
) -> list[dict[str, Any]]:
    """Show the contact data of one case's parties, or of one of them, and leave an audit entry with the reason.

    Returns rows as `masked`, in clear. NotYou for who need not call; Incomplete without a reason or for a stranger.
    """
    if not may_unmask(case, actor, now):
        raise NotYou("只有窗口受理员、话务员、回访员和承办人可以查看联系方式。")
    if len((reason or "").strip()) < SHORTEST_REASON:
        raise Incomplete({"reason": ["请写明查看联系方式的理由，例如“电话回访”。"]})
    shown = list(case.parties.all())
    if party_uid:
        shown = [party for party in shown if str(party.uid) == party_uid]
        if not shown:
            raise Incomplete({"reason": ["本件没有这位当事人，请刷新后再查看。"]})
    seen: dict[str, Any] = {"parties": len(shown), **({"party": party_uid} if party_uid else {})}
    audit.record(actor, "unmask", f"case:{case.number}", reason.strip(), seen, now=now, address=address, agent=agent)
    return [
        {
            "id": str(party.uid),
            "side": party.side,
            "role": party.role,
            **{n: (party.contact or {}).get(n, "") for n in PARTY_FIELDS},
        }
        for party in shown
    ]


def may_amend_contact(case: Case, actor: Actor, now: datetime) -> bool:
    """Tell whether this person corrects contact data (更正: clerk, dispatcher)."""
    return bool(frozenset(posts_of(case, actor, now)) & {Standing.CLERK, Standing.DISPATCHER})


def amend_contact(
    case: Case, party_uid: str, given: Mapping[str, str], *, actor: Actor, reason: str, now: datetime
) -> Party:
    """Correct a party's contact data (更正); history and audit keep who, why and which fields, never the data."""
    if not may_amend_contact(case, actor, now):
        raise NotYou("更正联系方式由窗口受理员或分流员办理，请转告他们更正。")
    if len((reason or "").strip()) < SHORTEST_REASON:
        raise Incomplete({"reason": ["请写明更正的理由。"]})
    with transaction.atomic():
        party = case.parties.select_for_update().filter(uid=party_uid).first() if _is_uid(party_uid) else None
        if party is None:
            raise Incomplete({"party": ["没有这位当事人。"]})
        before = party.contact or {}
        try:
            contact = check_contact({**before, **given})
        except ValueError as refused:
            raise Incomplete({"contact": [str(refused)]}) from refused
        changed = [name for name in PARTY_FIELDS if contact[name] != before.get(name, "")]
        if not changed:
            raise Incomplete({"contact": ["没有要更正的内容；请先改动姓名、电话、证件号或住址。"]})
        correct(case, actor, now, {"reason": masking.mask_text(reason.strip()), "contact": changed, "side": party.side})
        party.contact = contact
        party.phone_index = blind_index("phone", contact["phone"])
        party.id_index = blind_index("id_number", contact["id_number"])
        party.save(update_fields=["contact", "phone_index", "id_index"])
        fields = ",".join(sorted(changed))
        audit.record(actor, "amend_contact", f"case:{case.number}", reason.strip(), {"fields": fields}, now=now)
    return party


def _is_uid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
