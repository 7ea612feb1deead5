"""The matters of one person, asked for by phone or ID number: for who receives and calls people, for a reason, on record.

design/workflow.md "Who sees what"; PIPL §§6, 51. Neither number is kept: a keyed hash is asked for, a masked form shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Nature
from cases.models import Case, Party
from cases.needs import is_storable
from cases.querysets import CaseQuerySet
from cases.services.parties import SHORTEST_REASON
from governance_portal.lib.crypto import blind_index_candidates
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_id, mask_phone, mask_text

SEARCHERS = (Role.CLERK, Role.OPERATOR, Role.FOLLOW_UP_OFFICER)
KINDS = {"phone": "电话", "id_number": "证件号"}
REASON_LENGTH = 100
WHY_NOT = (
    "按电话、证件号查找只限窗口受理员、话务员和回访员（要与当事人联系的岗位）；请改用受理编号或事项里的词查找，"
    "或者请窗口代查。"
)


def may_search(actor: Actor) -> None:
    """Raise NotYou, with a sentence why, for who does not receive or call people."""
    if not actor.has(*SEARCHERS):
        raise NotYou(WHY_NOT)


def masked_form(kind: str, typed: str) -> str:
    """What may be shown of the number that was typed."""
    return mask_phone(typed) if kind == "phone" else mask_id(typed.strip())


def hashes_of(kind: str, typed: str) -> list[str]:
    """The keyed hashes a party with this number may have (several while keys are being changed)."""
    return list(blind_index_candidates(kind, typed))


def cases_of(actor: Actor, hashes: Iterable[str], now: datetime) -> CaseQuerySet:
    """Cases with that person on either side, which this person sees in a post that receives or calls people.

    A report of wrongdoing is never among them: who reported stays between the report and those who open it.
    """
    may_search(actor)
    calling = Actor(actor.user_id, actor.username, actor.name, tuple(actor.with_role(*SEARCHERS)))
    wanted = list(hashes)
    parties = Party.objects.filter(Q(phone_index__in=wanted) | Q(id_index__in=wanted))
    seen = Case.objects.visible_to(actor, now).filter(pk__in=Case.objects.visible_to(calling, now).values("pk"))
    return seen.filter(pk__in=parties.values("case_id")).exclude(nature=Nature.REPORT)


def put_on_record(
    actor: Actor, kind: str, hashes: list[str], reason: str, now: datetime, *, address: str = "", agent: str = ""
) -> str:
    """Write who asked, why and how many were found into the log, and return the reason as written; no number, only its
    keyed hash, so that the auditor can tell one person from another. Incomplete without a reason."""
    text = mask_text((reason or "").strip())
    if len(text) < SHORTEST_REASON:
        raise Incomplete({"reason": ["请写明为什么要查，例如“来访人在窗口”。"]})
    if len(text) > REASON_LENGTH or not is_storable(text):
        raise Incomplete({"reason": [f"理由最多 {REASON_LENGTH} 字，请改短。"]})
    told = {"kind": kind, "found": cases_of(actor, hashes, now).count(), "hash": hashes[0] if hashes else ""}
    audit.record(actor, "search_person", f"search:{kind}", text, told, now=now, address=address, agent=agent)
    return text
