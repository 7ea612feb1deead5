"""转办 among a grid's three: who may be asked, giving, taking, handing back, done, taken back; and what lies with whom.

网格员, 红袖章, 民调员 of one grid (facts §8 row 2.5). The workflow stays as it is: no move, no new 承办人, no clock; where the
giver may write a line of progress (`note`), the history says it. Refusals in the order 404, 409, 403, 400.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.choices import Role
from accounts.models import Post
from accounts.notices import notify
from accounts.queries import Actor
from cases import choices as c
from cases.models import Case, HandOver, HandOverEnd
from cases.models.phone import ANSWER_LIMIT, SAID_LIMIT
from cases.needs import is_storable
from cases.queries import records_for
from cases.services.door import record
from cases.standing import UNWELCOME_TO_ITS_UNIT
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.choices import DutyKind
from grids.models import Duty

#: 铁三角.
THREE = (DutyKind.GRID_WORKER, DutyKind.RED_ARMBAND, DutyKind.OPINION_SURVEYOR)
ON_THE_PHONE = (Role.GRID_WORKER, Role.VOLUNTEER)
NOT_ONE_OF_THEM = "网格内转办由本网格在岗的网格员、红袖章、民调员办理，您今天不在这个网格的名单上。"
SEALED = "涉及投诉干部、检举控告和要求保密的事项不能转给别人，请按规定程序办理。"
ENDED = "这件事已经办结，不用再转办。"


@dataclass(frozen=True)
class Member:
    """One of the three on duty in a grid today; `kinds` in words, `reachable` when the phone is open to them."""

    user_id: int
    username: str
    name: str
    kinds: str
    reachable: bool


def crew_of(grid_code: str, now: datetime) -> list[Member]:
    """Return the three kinds of a grid on duty today, each person once, in the order of the kinds; two queries.

    Of a grid that went into another whole: those of the other, who have its matters now.
    """
    day, here = now.astimezone(SHANGHAI).date(), territory.current().lineage.now(grid_code)
    duties = Duty.objects.on(day).filter(grid__code=here, grid__active=True, kind__in=THREE, user__is_active=True)
    found: dict[int, list[Duty]] = {}
    order = [kind.value for kind in THREE]
    for duty in sorted(duties.select_related("user"), key=lambda one: (order.index(one.kind), one.pk)):
        found.setdefault(duty.user_id, []).append(duty)
    posted = Post.objects.in_force(day).filter(role__in=ON_THE_PHONE, user_id__in=found)
    reachable = set(posted.values_list("user_id", flat=True)) if found else set()
    return [
        Member(
            user_id,
            rows[0].user.username,
            rows[0].user.name,
            "、".join(dict.fromkeys(str(row.get_kind_display()) for row in rows)),
            user_id in reachable,
        )
        for user_id, rows in found.items()
    ]


def objection(case: Case, actor: Actor, crew: Sequence[Member]) -> NotNow | NotYou | None:
    """Say why this person may not hand this case over now, None when nothing is in the way."""
    if case.status not in c.OPEN:
        return NotNow(ENDED, current_status=case.status)
    if case.nature in UNWELCOME_TO_ITS_UNIT or case.confidential:
        return NotNow(SEALED, current_status=case.status)
    if all(member.user_id != actor.user_id for member in crew):
        return NotYou(NOT_ONE_OF_THEM)
    return None


def others(crew: Sequence[Member], actor: Actor) -> list[Member]:
    """Return whom one may ask: the others of the crew who have a phone page."""
    return [member for member in crew if member.reachable and member.user_id != actor.user_id]


def lapsed(lies: HandOver, crew: Sequence[Member]) -> bool:
    """Tell whether whoever it lies with is not on duty in its grid any more and sees it no longer: others may give it anew."""
    return all(member.user_id != lies.to_user_id for member in crew)


def hand_over(
    case: Case, actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = ""
) -> tuple[HandOver, bool]:
    """Give a case that one sees to another of its grid (`to`: username, `said`: what to do); answers it and whether it is new.

    The same `client_id` from the same person answers the first again. Raises NotYours, NotNow (ended, sealed, lies with
    somebody already), NotYou (not one of the grid's three today), Incomplete.
    """
    if client_id and (before := _answered(case, actor, client_id)):
        return before, False
    try:
        with transaction.atomic():
            made = _hand_over(case, actor, given, now, client_id)
    except IntegrityError as error:
        if client_id and (before := _answered(case, actor, client_id)):
            return before, False
        raise _lies_with(open_of(case)) from error
    return made, True


def _hand_over(case: Case, actor: Actor, given: Mapping[str, Any], now: datetime, client_id: str) -> HandOver:
    locked = Case.objects.visible_to(actor, now).filter(pk=case.pk)
    found = Case.objects.select_for_update().filter(pk__in=locked.values("pk")).first()
    if found is None:
        raise NotYours()
    crew = crew_of(found.grid_code, now) if found.grid_code else []
    if refused := objection(found, actor, crew):
        raise refused
    lies = open_of(found, lock=True)
    mine = lies is not None and lies.to_user_id == actor.user_id
    if lies is not None and not mine and not lapsed(lies, crew):
        raise _lies_with(lies)
    member = _chosen(given.get("to"), others(crew, actor))
    said = words_of(given, "said", SAID_LIMIT, "请写一句要做什么，例如：请上门看看三单元的灯。")
    if lies is not None and mine:  # I pass it on, and who gave it to me reads so
        _end(lies, HandOverEnd.RETURNED, f"已转给{member.name}：{said}"[:ANSWER_LIMIT], actor, now)
    elif lies is not None:
        _end(lies, HandOverEnd.RECALLED, "", actor, now)
    made = HandOver.objects.create(
        case=found,
        grid_code=found.grid_code,
        from_user_id=actor.user_id or 0,
        to_user_id=member.user_id,
        said=said,
        at=now,
        client_id=client_id,
    )
    if any(offer.name == "note" for offer in records_for(found, actor, now)):
        record(found, "note", actor=actor, now=now, given={"text": f"网格内转给{member.kinds}{member.name}：{said}"})
    audit.record(actor, "hand_over", f"case:{found.number}", "", {"to": member.username}, now=now)
    notify(
        [member.user_id],
        f"hand-over-{made.pk}",
        f"{actor.name}转给您：{found.title}",
        said,
        found.number,
        now=now,
    )
    return made


def _chosen(username: Any, offered: Sequence[Member]) -> Member:
    found = next((member for member in offered if member.username == username), None)
    if found is None:
        sentence = (
            "请选择转给本网格的哪一位。"
            if offered
            else "这个网格今天没有别的网格员、红袖章或民调员在岗，请打电话联系，或按流程上报。"
        )
        raise Incomplete({"to": [sentence]})
    return found


def words_of(given: Mapping[str, Any], name: str, limit: int, missing: str) -> str:
    """Return what was written, phone and ID numbers masked; Incomplete when it is missing, too long or no text."""
    text = given.get(name) or ""
    if not isinstance(text, str) or not is_storable(text):
        raise Incomplete({name: ["这里只能填写文字，请重新输入。"]})
    text = text.strip()
    if not text:
        raise Incomplete({name: [missing]})
    if len(text) > limit:
        raise Incomplete({name: [f"最多 {limit} 个字，现在有 {len(text)} 个，请写短一些。"]})
    return mask_text(text)


def _answered(case: Case, actor: Actor, client_id: str) -> HandOver | None:
    before = HandOver.objects.filter(from_user_id=actor.user_id or 0, client_id=client_id[:64]).first()
    if before is not None and before.case_id != case.pk:
        raise NotNow("同一个提交号已经用于另一件事项的转办；请重新提交。")
    return before


def open_of(case: Case, *, lock: bool = False) -> HandOver | None:
    """Return the open hand-over of a case, with both people; one query. Locked, nobody ends it meanwhile."""
    found = HandOver.objects.filter(case_id=case.pk, ended_at__isnull=True).select_related("from_user", "to_user")
    return (found.select_for_update(of=("self",)) if lock else found).first()


def _lies_with(lies: HandOver | None) -> NotNow:
    if lies is None:
        return NotNow("这件事的转办情况刚刚变化，请刷新后再操作。")
    done = "接下" if lies.taken_at else "收到转办"
    return NotNow(f"这件事已由{lies.to_user.name}{done}，您的操作未生效；要换人，请先由转出的人收回。")


# --- what becomes of it -------------------------------------------------------------------------------------------


def _mine(actor: Actor, pk: int, side: str) -> HandOver:
    """Lock a hand-over of this person; NotYours for anybody else's, NotNow for one that has ended with the matter."""
    both = HandOver.objects.select_related("case", "from_user", "to_user").select_for_update(of=("self",))
    found = both.filter(pk=pk, **{side: actor.user_id or 0}).first()
    if found is None:
        raise NotYours()
    return found


def _still_open(found: HandOver) -> None:
    if not found.is_open:
        how = found.get_ended_as_display() if found.ended_as else "已办结"
        raise NotNow(f"这次转办已经结束（{how}），您的操作未生效。", current_status=found.case.status)


def take(actor: Actor, pk: int, *, now: datetime) -> HandOver:
    """Say that one has it; taking twice is once."""
    with transaction.atomic():
        found = _mine(actor, pk, "to_user_id")
        _still_open(found)
        if found.taken_at is None:
            found.taken_at = now
            found.save(update_fields=["taken_at"])
            audit.record(actor, "hand_over_taken", f"case:{found.case.number}", now=now)
    return found


def finish(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> HandOver:
    """Say what came of it (`answer`); it goes back to who gave it."""
    return _answer(actor, pk, given, HandOverEnd.DONE, "请写一句情况，转给您的人会看到。", now)


def give_back(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> HandOver:
    """Hand it back with a word why (`answer`)."""
    return _answer(actor, pk, given, HandOverEnd.RETURNED, "请写一句为什么交回，转给您的人会看到。", now)


def _answer(actor: Actor, pk: int, given: Mapping[str, Any], how: HandOverEnd, missing: str, now: datetime) -> HandOver:
    with transaction.atomic():
        found = _mine(actor, pk, "to_user_id")
        if found.ended_as == how:  # sent again
            return found
        _still_open(found)
        _end(found, how, words_of(given, "answer", ANSWER_LIMIT, missing), actor, now)
    return found


def recall(actor: Actor, pk: int, *, now: datetime) -> HandOver:
    """Take back what one gave."""
    with transaction.atomic():
        found = _mine(actor, pk, "from_user_id")
        if found.ended_as == HandOverEnd.RECALLED:
            return found
        _still_open(found)
        _end(found, HandOverEnd.RECALLED, "", actor, now)
    return found


def _end(found: HandOver, how: HandOverEnd, answer: str, actor: Actor, now: datetime) -> None:
    found.ended_at, found.ended_as, found.answer = now, how.value, answer
    found.save(update_fields=["ended_at", "ended_as", "answer"])
    case = found.case
    audit.record(actor, "hand_over_ended", f"case:{case.number}", "", {"as": how.value}, now=now)
    to = found.to_user_id if how == HandOverEnd.RECALLED else found.from_user_id
    notify(
        [to],
        f"hand-over-{found.pk}-ended",
        f"{actor.name}{how.label.removeprefix('已')}：{case.title}",
        answer or "不用您再办了。",
        case.number,
        now=now,
    )


def end_with(case: Case, now: datetime) -> int:
    """End what was handed over of a matter that has ended, so that it does not revive when it is reopened; one statement."""
    lies = HandOver.objects.filter(case_id=case.pk, ended_at__isnull=True)
    return lies.update(ended_at=now, ended_as=HandOverEnd.CLOSED.value)


# --- what lies where ----------------------------------------------------------------------------------------------


def lying_with(actor: Actor, now: datetime) -> list[HandOver]:
    """Return what lies with this person, as far as they see it, the oldest first; two queries."""
    return _lying(actor, now, "to_user_id")


def given_by(actor: Actor, now: datetime) -> list[HandOver]:
    """Return what this person gave and waits for, the oldest first."""
    return _lying(actor, now, "from_user_id")


def _lying(actor: Actor, now: datetime, side: str) -> list[HandOver]:
    if not actor.has(*ON_THE_PHONE):
        return []
    seen = Case.objects.visible_to(actor, now).filter(status__in=c.OPEN)
    rows = HandOver.objects.filter(ended_at__isnull=True, case__in=seen, **{side: actor.user_id or 0})
    return list(rows.select_related("case", "from_user", "to_user").order_by("at", "id"))
