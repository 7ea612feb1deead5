"""A person decides what a likely repeat is: merged, linked, or not the same; and takes many together, or apart again.

Merging and taking apart go through the case's door (`merge`, `unmerge`), linking through `cases.services.linking`. A pair that
was decided is not offered again, also when the merge was undone: somebody has looked at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.choices import RepeatState, Status
from cases.crowds.finding import comparable
from cases.models import Case, MayRepeat, SameMatter
from cases.services import linking
from cases.services.door import move, posts_of, sees_case
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import parse_number

MERGEABLE = TABLE["merge"].sources
#: So many are taken together in one go.
MOST_TOGETHER = 200
WAYS = ("merge", "link", "dismiss")
#: workflow.md "Who sees what": other matters of the same person.
RECOGNISERS = (Role.CLERK, Role.OPERATOR, Role.FOLLOW_UP_OFFICER)
BY_PERSON = ("同一电话", "同一证件号")


def waiting(actor: Actor, now: datetime) -> QuerySet[MayRepeat]:
    """Return the pairs that wait for a decision of whoever asks: both in sight, the newer one still to be merged.

    Leaves out pairs that were linked or brought into one matter in another way meanwhile, and what is compared with nothing.
    """
    visible = comparable(Case.objects.visible_to(actor, now)).order_by()
    linked = SameMatter.objects.filter(
        Q(first=OuterRef("other"), second=OuterRef("case")) | Q(first=OuterRef("case"), second=OuterRef("other"))
    )
    pairs = MayRepeat.objects.filter(state=RepeatState.OPEN, case__status__in=MERGEABLE)
    return pairs.filter(
        Q(other__master__isnull=True) | ~Q(other__master=F("case")),
        ~Exists(linked),
        case__in=visible.values("pk"),
        other__in=visible.values("pk"),
    )


def of_case(case: Case, actor: Actor, now: datetime) -> list[MayRepeat]:
    """Return the pairs of one case that wait, the likeliest first, with the earlier matter of each."""
    if case.status not in MERGEABLE:
        return []
    pairs = waiting(actor, now).filter(case=case).select_related("other", "other__master", "other__lead_unit")
    return list(pairs.order_by("-evidence", "-other_id"))


def reasons_told(reasons: Sequence[str], actor: Actor) -> list[str]:
    """Return the reasons as this person may read them: by what somebody was recognised is for who receives and calls people.

    Who routes learns that it may be the same person's same matter, and nothing by which to find others of theirs.
    """
    return list(reasons) if actor.has(*RECOGNISERS) else neutral(reasons)


def neutral(reasons: Sequence[str]) -> list[str]:
    """Return the reasons as a history may keep them, which others read than who decides."""
    return ["可能是同一人" if reason in BY_PERSON else reason for reason in reasons]


def target_of(other: Case) -> Case:
    """Return the matter into which one would merge: the earlier one, or where that one went itself."""
    return other.master if other.status == Status.MERGED and other.master_id and other.master else other


def decide(case: Case, number: str, how: str, *, actor: Actor, now: datetime, note: str = "") -> str:
    """Decide one pair: `merge` the case into the earlier matter, `link` the two, or `dismiss`; answers what was done.

    NotYours for a case out of sight, NotNow when the pair was decided meanwhile, NotYou for who does not decide it,
    Incomplete for another way; and whatever the door refuses.
    """
    if how not in WAYS:
        raise Incomplete({"how": ["请选择并案、关联，或者不是同一事项。"]})
    with transaction.atomic():
        pair = _locked(case, number, actor, now)
        if not linking.may_link(frozenset(posts_of(case, actor, now))):
            raise NotYou("是不是同一事项，由窗口受理员、话务员、分流员或回访员认定。")
        why = mask_text(note.strip())[:200] or "、".join(neutral(pair.reasons))[:200] or "同一事项"
        if how == "merge":
            move(case, "merge", actor=actor, now=now, given={"master": target_of(pair.other).number, "note": why})
        elif how == "link":
            linking.link(case, pair.other.number, why, actor=actor, now=now)
        else:
            pair.note = mask_text(note.strip())[:200]
            seen = {"other": pair.other.number}
            audit.record(actor, "repeat_dismissed", f"case:{case.number}", pair.note, seen, now=now)
        _settled(pair, STATES[how], actor, now)
    return str(RepeatState(STATES[how]).label)


STATES = {"merge": RepeatState.MERGED, "link": RepeatState.LINKED, "dismiss": RepeatState.DISMISSED}


def _locked(case: Case, number: str, actor: Actor, now: datetime) -> MayRepeat:
    if not sees_case(case, actor, now):
        raise NotYours()
    rows = MayRepeat.objects.select_for_update(of=("self",)).select_related("other", "other__master")
    pair = rows.filter(case=case, other__number=parse_number(number) or "-").first()
    if pair is None or not sees_case(pair.other, actor, now):
        raise NotYours()
    if pair.state != RepeatState.OPEN:
        raise NotNow(
            f"这一条提示已经有人处理（{pair.get_state_display()}），您的操作未生效。", current_status=case.status
        )
    return pair


def _settled(pair: MayRepeat, state: str, actor: Actor, now: datetime) -> None:
    pair.state, pair.decided_at, pair.decided_by_id = state, now, actor.user_id
    pair.save(update_fields=["state", "decided_at", "decided_by", "note"])


# --- many at once -----------------------------------------------------------------------------------------------


@dataclass
class Taken:
    """What came of taking many together, or apart: how many, and which were refused with the sentence why."""

    master: Case
    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def take_together(
    master: str, numbers: Sequence[str], *, actor: Actor, now: datetime, how: str = "merge", note: str = ""
) -> Taken:
    """Merge these matters into one of them, or link them to it, or (`dismiss`) say that they are not the same; each by itself.

    One that is refused does not keep the others from it. Incomplete without a master in sight or with nothing ticked.
    """
    head = _seen(master, actor, now)
    if head is None:
        raise Incomplete({"master": ["请选择并入哪一件。"]})
    wanted = [number for number in dict.fromkeys(parse_number(one) or "" for one in numbers) if number != head.number]
    if not any(wanted):
        raise Incomplete({"numbers": ["请勾选要归到一起的事项，至少一件。"]})
    if len(wanted) > MOST_TOGETHER:
        raise Incomplete({"numbers": [f"一次最多 {MOST_TOGETHER} 件，请分几次。"]})
    if how not in WAYS:
        raise Incomplete({"how": ["请选择并案、关联，或者不是同一事项。"]})
    taken = Taken(head)
    why = mask_text(note.strip())[:200] or "多人反映同一事项"
    for number in wanted:
        case = _seen(number, actor, now)
        if case is None:
            taken.refused.append((number, "没有找到，或者不在您的管辖范围内。"))
            continue
        try:
            with transaction.atomic():
                if how == "merge":
                    move(case, "merge", actor=actor, now=now, given={"master": head.number, "note": why})
                elif how == "link":
                    linking.link(case, head.number, why, actor=actor, now=now)
                _settle_between(case, head, wanted, STATES[how], actor, now)
        except Refusal as refused:
            taken.refused.append((number, refused.detail))
        else:
            taken.done.append(number)
    return taken


def _settle_between(case: Case, head: Case, wanted: Sequence[str], state: str, actor: Actor, now: datetime) -> None:
    """What waits between a case and the others of its group has been decided with it."""
    if state == RepeatState.DISMISSED and not linking.may_link(frozenset(posts_of(case, actor, now))):
        raise NotYou("是不是同一事项，由窗口受理员、话务员、分流员或回访员认定。")
    group = [head.number, *wanted]
    pairs = MayRepeat.objects.filter(state=RepeatState.OPEN).filter(
        Q(case=case, other__number__in=group) | Q(other=case, case__number__in=group)
    )
    settled = pairs.update(state=state, decided_at=now, decided_by_id=actor.user_id)
    if state == RepeatState.DISMISSED:
        audit.record(actor, "repeat_dismissed", f"case:{case.number}", "", {"pairs": settled}, now=now)


def split(master: str, numbers: Sequence[str], note: str, *, actor: Actor, now: datetime) -> Taken:
    """Take merged matters apart again, each back to the status it had; for a reason. Undone by merging them again."""
    head = _seen(master, actor, now)
    if head is None:
        raise NotYours()
    wanted = list(dict.fromkeys(parse_number(one) or "" for one in numbers))
    if not any(wanted):
        raise Incomplete({"numbers": ["请勾选要拆出的事项，至少一件。"]})
    if not note.strip():
        raise Incomplete({"note": ["请写明为什么拆开。"]})
    taken = Taken(head)
    for case in head.merged_cases.filter(number__in=wanted).order_by("pk"):
        try:
            move(case, "unmerge", actor=actor, now=now, given={"note": note.strip()})
        except Refusal as refused:
            taken.refused.append((case.number, refused.detail))
        else:
            taken.done.append(case.number)
    return taken


def _seen(number: str, actor: Actor, now: datetime) -> Case | None:
    return Case.objects.visible_to(actor, now).filter(number=parse_number(number or "") or "-").first()


def is_live(case: Case) -> bool:
    """Whether something may still be merged into it."""
    return c.Status(case.status) in c.OPEN
