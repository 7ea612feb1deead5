"""What lasts beyond the closing: a bad rating put right in fifteen working days, a dispute looked at again.

Both are rows beside the history and not events of it: they outlast the archive of a case, which takes no event any more
(workflow.md rule 8). Every step leaves an entry in the log; who handled the case is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Unit
from accounts.queries import Actor
from cases.choices import Kind, Nature, Status
from cases.conditions import window_open
from cases.following_up.choices import LookBackResult, Verdict
from cases.following_up.queries import cases_of, look_backs, rectifications
from cases.following_up.services import need_keeper
from cases.models import Case, LookBack, Rectification, SameMatter
from cases.needs import Need, clean
from cases.services.door import posts_of, record
from cases.services.finding import check_unit, find_unit
from cases.services.linking import link
from cases.standing import APART, Standing, may_be_one
from cases.workflow import TABLE, refusal
from governance_portal.lib.errors import Incomplete, NotNow, NotYours
from governance_portal.lib.working_days import SHANGHAI

UNIT_URL = "/api/v1/units/"
VERIFYING = (
    Need("verdict", "核实结论", "choice", choices=tuple(Verdict.choices)),
    Need("unit", "责任单位", "unit", required=False, choices_url=UNIT_URL, help="属实的须写明。"),
    Need("finding", "核实情况", "longtext", help="查了什么、问了谁、依据是什么。不写居民姓名电话。"),
)
ACTING = (Need("action", "整改情况", "longtext", help="责任单位做了什么、什么时候做的；不属实的写怎样向居民说明。"),)
ASKING_AGAIN = (
    Need("reached", "再次回访是否接通", "boolean"),
    Need("satisfaction", "现在的评价", "integer", required=False, minimum=1, maximum=5),
)
LOOKING = (
    Need("result", "现在怎么样", "choice", choices=tuple(LookBackResult.choices)),
    Need("note", "情况", "longtext", required=False, help="按这件事写，不写其他人的情况。"),
    Need("number", "新登记的事项", "text", required=False, help="已经作为新事项登记的，填它的受理编号。"),
)


def _cleaned(needs: tuple[Need, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, errors = clean(needs, given)
    if errors:
        raise Incomplete(errors)
    return cleaned


# --- bad ratings ------------------------------------------------------------------------------------------------


def step_of(row: Rectification) -> str:
    """Return what comes next: `verify`, `act`, `ask` or `done`."""
    if row.closed_at:
        return "done"
    if not row.verdict:
        return "verify"
    return "act" if not row.action else "ask"


def find_rectification(pk: int, actor: Actor, now: datetime) -> Rectification:
    """Return one that this person may read, closed ones too; NotYours (404) otherwise."""
    cases = cases_of(actor, now, ("follow_up_officer", "supervisor"))
    rows = Rectification.objects.filter(case__in=cases.values("pk")).select_related("case__lead_unit", "unit")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def _locked(pk: int, step: str, actor: Actor, now: datetime) -> Rectification:
    find_rectification(pk, actor, now)
    row = Rectification.objects.select_for_update().select_related("case").get(pk=pk)
    need_keeper(row.case, actor, now)
    if step_of(row) != step:
        raise NotNow("这一步刚刚已经办过了，请看最新情况。", current_status=row.case.status)
    return row


def verify(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Rectification:
    """Say what looking into it showed: `{verdict, finding, unit?}`; a founded one names the unit that puts it right."""
    cleaned = _cleaned(VERIFYING, given)
    with transaction.atomic():
        row = _locked(pk, "verify", actor, now)
        unit = _unit(row.case, cleaned, now)
        row.verdict, row.finding, row.unit = cleaned["verdict"], cleaned["finding"], unit
        row.verified_at, row.verified_by_id = now, actor.user_id
        row.save(update_fields=["verdict", "finding", "unit", "verified_at", "verified_by"])
        _log(actor, "rating_verified", row, {"verdict": row.verdict}, now)
    return row


def _unit(case: Case, cleaned: Mapping[str, Any], now: datetime) -> Unit | None:
    if cleaned["verdict"] != Verdict.FOUNDED and "unit" not in cleaned:
        return None
    if "unit" not in cleaned:
        raise Incomplete({"unit": ["属实的须写明由哪个单位整改，请选择责任单位。"]})
    unit = find_unit("unit", cleaned["unit"])
    check_unit("unit", case, unit, now)
    return unit


def act(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Rectification:
    """Write what was done about it: `{action}`."""
    cleaned = _cleaned(ACTING, given)
    with transaction.atomic():
        row = _locked(pk, "act", actor, now)
        row.action, row.acted_at = cleaned["action"], now
        row.save(update_fields=["action", "acted_at"])
        _log(actor, "rating_acted", row, {}, now)
    return row


def ask_again(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Rectification:
    """Call a second time and close: `{reached, satisfaction?}`. The rating the resident gave stays as it is."""
    cleaned = _cleaned(ASKING_AGAIN, given)
    if cleaned["reached"] and "satisfaction" not in cleaned:
        raise Incomplete({"satisfaction": ["接通了的，请选择居民现在的评价。"]})
    if not cleaned["reached"] and "satisfaction" in cleaned:
        raise Incomplete({"satisfaction": ["没有接通的不填评价，请去掉，或者改选接通。"]})
    with transaction.atomic():
        row = _locked(pk, "ask", actor, now)
        row.second_reached, row.second_rating = cleaned["reached"], cleaned.get("satisfaction")
        row.closed_at, row.closed_by_id = now, actor.user_id
        row.save(update_fields=["second_reached", "second_rating", "closed_at", "closed_by"])
        _log(actor, "rating_closed", row, {"reached": row.second_reached}, now)
    return row


def _log(actor: Actor, action: str, row: Any, detail: dict[str, Any], now: datetime) -> None:
    audit.record(actor, action, f"case:{row.case.number}", "", detail, now=now)


# --- looking back -----------------------------------------------------------------------------------------------


def find_look_back(pk: int, actor: Actor, now: datetime) -> LookBack:
    """Return one that has come and waits, of this person's area; NotYours (404) otherwise."""
    found = look_backs(actor, now).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def may_reopen_still(case: Case, now: datetime) -> bool:
    """Tell whether the supervisor can still reopen it; otherwise what came back is a new matter."""
    return case.status == Status.CLOSED and not window_open(case, frozenset(), now)


def look(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> LookBack:
    """Write how a dispute stands now: `{result, note?, number?}`; a number links the new matter as the same one."""
    with transaction.atomic():
        row = find_look_back(pk, actor, now)
        need_keeper(row.case, actor, now)
        return looked(pk, given, actor=actor, now=now)


def looked(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> LookBack:
    """Write it for somebody who was found to be allowed (`look`, `cases.hazards.again`); once, NotNow the second time."""
    cleaned = _cleaned(LOOKING, given)
    again = cleaned["result"] in (LookBackResult.RELAPSED, LookBackResult.RECURRED)
    if again and not cleaned.get("note"):
        raise Incomplete({"note": ["有反复或者再次发生的，请写明情况。"]})
    if cleaned.get("number") and not again:
        raise Incomplete({"number": ["只有反复或者再次发生的才关联新事项，请去掉编号。"]})
    with transaction.atomic():
        row = LookBack.objects.select_for_update().select_related("case").get(pk=pk)
        if row.done_at:
            raise NotNow("这一件刚刚已经看过了，请看最新情况。", current_status=row.case.status)
        if cleaned.get("number"):
            row.linked = _link(row.case, cleaned["number"], actor, now)
        row.result, row.note = cleaned["result"], cleaned.get("note", "")
        row.done_at, row.done_by_id = now, actor.user_id
        row.save(update_fields=["result", "note", "linked", "done_at", "done_by"])
        _log(actor, "look_back", row, {"result": row.result, "days": row.days}, now)
        _tell_history(row, actor, now)
    return row


def _tell_history(row: LookBack, actor: Actor, now: datetime) -> None:
    """Let the case know: a dispute was asked about by telephone, a hazard looked at on the spot; an archived one takes no event."""
    if row.case.status == Status.ARCHIVED:
        return
    standing = frozenset(posts_of(row.case, actor, now))
    text = f"办结后 {row.days} 天回头看：{row.get_result_display()}。{row.note}".strip()
    if row.case.kind == Kind.HAZARD:
        if refusal(TABLE["note"], row.case, standing, now) is None:
            record(row.case, "note", actor=actor, now=now, given={"text": text})
    elif Standing.FOLLOW_UP_OFFICER in standing:
        reached = row.result != LookBackResult.UNREACHED
        record(row.case, "contact", actor=actor, now=now, given={"way": "phone", "reached": reached, "text": text})


def _link(case: Case, number: str, actor: Actor, now: datetime) -> Case:
    """Link the new matter; an archived case takes no note of it, so that only the pair is written."""
    if case.status != Status.ARCHIVED:
        return link(case, number, "办结后再次发生", actor=actor, now=now)
    other = Case.objects.visible_to(actor, now).filter(number=number.replace(" ", "")).exclude(pk=case.pk).first()
    if other is None or Nature.REPORT in (other.nature, case.nature):
        raise Incomplete({"number": ["没有找到这个受理编号，或者不在您的管辖范围内。"]})
    if not may_be_one(case, other):
        raise Incomplete({"number": [APART]})
    first, second = sorted((case, other), key=lambda one: one.pk)
    SameMatter.objects.get_or_create(
        first=first,
        second=second,
        defaults={"reason": "办结后再次发生", "linked_by_id": actor.user_id or 0, "linked_at": now},
    )
    return other


def day_words(row: LookBack, now: datetime) -> str:
    """「今天」「已过 3 天」."""
    late = (now.astimezone(SHANGHAI).date() - row.due_on).days
    return "今天" if late <= 0 else f"已过 {late} 天"


__all__ = ["act", "ask_again", "find_rectification", "look", "rectifications", "verify"]
