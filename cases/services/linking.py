"""Matters that belong together: merged ones, linked ones (the same matter), and others of the same person.

The last only for who receives or calls people, for a reason and on record (workflow.md "Who sees what"; PIPL §6).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit
from accounts.queries import Actor
from cases.choices import Nature, PartySide
from cases.models import Case, Party, SameMatter
from cases.needs import is_storable
from cases.services.door import posts_of, record
from cases.services.parties import SHORTEST_REASON, may_unmask
from cases.standing import APART, Standing, may_be_one
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import parse_number

MAY_LINK = frozenset({Standing.CLERK, Standing.OPERATOR, Standing.DISPATCHER, Standing.FOLLOW_UP_OFFICER})
MAY_ASK_OTHERS = frozenset({Standing.CLERK, Standing.OPERATOR, Standing.FOLLOW_UP_OFFICER})
REASON_LENGTH = 200
#: More matters of one person than this are a subject of their own: the list says so instead of growing.
MOST_OTHERS = 20


def linked_to(case: Case) -> list[Case]:
    """Return the cases linked as the same matter, oldest first; one query."""
    pairs = SameMatter.objects.filter(Q(first=case) | Q(second=case))
    others = Q(pk__in=pairs.values("first_id")) | Q(pk__in=pairs.values("second_id"))
    found = Case.objects.filter(others).exclude(pk=case.pk).select_related("lead_unit").order_by("registered_at", "pk")
    return list(found)


def link(case: Case, number: str, reason: str, *, actor: Actor, now: datetime) -> Case:
    """Link another visible case as the same matter and note it in both histories; return the other.

    NotYou for who does not route or receive; Incomplete for a number out of sight, the case itself, a sealed one, a conduct
    complaint with anything but another about the same unit.
    """
    _may_link(case, actor, now)
    reason = _reason(reason)
    found = _other(case, number, actor, now)
    if not may_be_one(case, found):
        raise Incomplete({"number": [APART]})
    first, second = sorted((case, found), key=lambda one: one.pk)
    try:
        with transaction.atomic():
            SameMatter.objects.create(
                first=first, second=second, reason=reason, linked_by_id=actor.user_id or 0, linked_at=now
            )
            for here, there in ((case, found), (found, case)):
                record(here, "note", actor=actor, now=now, given={"text": f"与 {there.number} 是同一事项：{reason}"})
    except IntegrityError as again:
        raise Incomplete({"number": ["这两件已经关联为同一事项。"]}) from again
    return found


def unlink(case: Case, number: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Undo a link; the reason is noted in both histories."""
    _may_link(case, actor, now)
    reason = _reason(reason)
    found = _other(case, number, actor, now)
    first, second = sorted((case, found), key=lambda one: one.pk)
    with transaction.atomic():
        gone, _rows = SameMatter.objects.filter(first=first, second=second).delete()
        if not gone:
            raise Incomplete({"number": ["这两件没有关联，可能已经取消。"]})
        for here, there in ((case, found), (found, case)):
            record(
                here, "note", actor=actor, now=now, given={"text": f"取消与 {there.number} 的同一事项关联：{reason}"}
            )


def may_link(standing: frozenset[Standing]) -> bool:
    """Tell whether somebody with this standing says that two cases are the same matter."""
    return bool(standing & MAY_LINK)


def may_ask_others(case: Case, standing: frozenset[Standing]) -> bool:
    """Tell whether this person may ask for other matters of the same people; no query."""
    return bool(standing & MAY_ASK_OTHERS) and case.nature != Nature.REPORT


def others_of(
    case: Case, *, actor: Actor, reason: str, now: datetime, address: str = "", agent: str = ""
) -> list[Case]:
    """Return other visible cases of this case's reporters, newest first, and leave an audit entry with the reason.

    Found by the keyed hash of phone or ID number only. NotYou for other posts; Incomplete without a reason.
    """
    standing = frozenset(posts_of(case, actor, now))
    if not may_ask_others(case, standing) or not may_unmask(case, actor, now):
        raise NotYou("只有窗口受理员、话务员和回访员可以查看同一人的其他事项。")
    reason = _reason(reason)
    people = list(case.parties.filter(side=PartySide.REPORTER))
    phones = {party.phone_index for party in people} - {""}
    ids = {party.id_index for party in people} - {""}
    same = Party.objects.filter(Q(phone_index__in=phones) | Q(id_index__in=ids), side=PartySide.REPORTER)
    visible = Case.objects.visible_to(actor, now).exclude(pk=case.pk).exclude(nature=Nature.REPORT)
    rows = visible.filter(pk__in=same.values("case_id"), confidential=False).select_related("lead_unit", "category")
    found = list(rows.order_by("-registered_at", "-pk")[:MOST_OTHERS])
    seen = {"cases": [other.number for other in found]}
    audit.record(actor, "others_of_person", f"case:{case.number}", reason, seen, now=now, address=address, agent=agent)
    return found


def _may_link(case: Case, actor: Actor, now: datetime) -> None:
    if not may_link(frozenset(posts_of(case, actor, now))):
        raise NotYou("同一事项由窗口受理员、话务员、分流员或回访员关联。")


def _reason(reason: str) -> str:
    text = (reason or "").strip()
    if len(text) < SHORTEST_REASON:
        raise Incomplete({"reason": ["请写明理由。"]})
    if len(text) > REASON_LENGTH or not is_storable(text):
        raise Incomplete({"reason": [f"理由最多 {REASON_LENGTH} 字，请改短。"]})
    return mask_text(text)


def _other(case: Case, number: str, actor: Actor, now: datetime) -> Case:
    parsed = parse_number(number or "")
    found = Case.objects.visible_to(actor, now).filter(number=parsed or "-").first()
    if found is None:
        raise Incomplete({"number": ["没有找到这个受理编号，或者不在您的管辖范围内。"]})
    if found.pk == case.pk:
        raise Incomplete({"number": ["不能与它自己关联，请填另一件的受理编号。"]})
    if Nature.REPORT in (found.nature, case.nature):
        raise Incomplete({"number": ["检举控告件不能与其他事项关联。"]})
    return found
