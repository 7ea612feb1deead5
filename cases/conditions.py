"""Conditions of the workflow table beyond the status: guards, targets that vary, needs that only some have.

Pure: a case, a fold state or a test double with the same attributes all do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases import choices as c
from cases.choices import Kind, Procedure, Status
from cases.standing import Standing

#: A rating may be amended for a week after the first answer (facts §6.2).
AMEND_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Guard:
    """A condition beyond the status. `refuse` returns a Chinese sentence, or "" when the way is free.

    `about_person` marks a condition on who asks (403) rather than on the moment (409).
    """

    refuse: Callable[[Any, frozenset[Standing], datetime], str]
    about_person: bool = False


# --- guards -------------------------------------------------------------------------------------------------


def is_hazard(case: Any, _standing: frozenset[Standing] = frozenset()) -> bool:
    return bool(case.kind == Kind.HAZARD)


def hazards_only(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "" if is_hazard(case) else "只有安全隐患才有隐患档案和清单。"


def is_formal(case: Any) -> bool:
    """Tell whether an answer must be signed off by the unit's lead (交办件, 信访件)."""
    return bool(case.mode == c.Mode.ASSIGN or case.procedure in (Procedure.PETITION, *c.REVIEWS))


def unsealed(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "检举控告件只能移送有权机关，不能在中心内流转；请点“移送”。" if case.nature == c.Nature.REPORT else ""


def not_a_review(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    if case.procedure not in c.REVIEWS:
        return ""
    return "复查、复核由作出原意见的单位的上一级机关、单位办理，不能当场办结；请受理后分流。"


def return_open(case: Any, _standing: frozenset[Standing], now: datetime) -> str:
    if case.designated:
        return "该件经会商指定或核实后派定，不得再退回；有困难请向分流员提出改派。"
    if case.returns_used:
        return "该件已经退回过一次，不能再退；请联系分流员会商指定。"
    if case.return_until and now > case.return_until:
        return "退回期限已过；确需改派，请联系分流员。"
    return ""


def not_petition(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "信访件的期限不能暂停；确有需要请申请延期。" if case.procedure == Procedure.PETITION else ""


def lead_suspends(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    if Standing.CENTRE_LEAD in standing or case.procedure in (Procedure.ORDINARY, Procedure.MEDIATION):
        return ""
    return "暂停计时须由中心负责人批准。"


def signed_off(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    if not is_formal(case) or Standing.LEAD in standing or case.signed_off:
        return ""
    return "交办件和信访件须由本单位负责人签发；请先提出“签发办结”的申请，或由负责人办结上报。"


def approves_declining(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    """The centre's lead declines only what he was asked to (`decide`); the desk declines by itself."""
    if standing & {Standing.CLERK, Standing.DISPATCHER} or getattr(case, "decline_asked", False):
        return ""
    return "不予受理由窗口受理员或分流员提出；须批准的，请在“待批申请”里批复。"


def nobody_to_ask(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "" if case.nobody_to_ask else "该件有诉求人，审核通过后须回访；请点“审核通过”。"


def redo_once(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    if Standing.SUPERVISOR in standing or case.redo_count == 0:
        return ""
    return "该件已重办过一次，再次重办须由督办员决定。"


def redo_used(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    if not case.redo_count:
        return "该件还没有重办过，请直接点“回访重办”，不用申请。"
    return "该件的重办申请已经提出，请等督办员批复。" if case.redo_request else ""


def redo_asked(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "" if case.redo_request == c.RedoRequestState.ASKED else "该件没有待批复的重办申请。"


def redo_refused(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    if case.redo_request == c.RedoRequestState.REFUSED:
        return ""
    return "只有不同意再次重办、写了释法说明的事项，才能会签办结。"


def unreached_twice(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    if len(set(case.unreached_days)) >= 2:
        return ""
    return "须在不同的两天各联系一次未接通，才能以未接通办结；请先登记联系情况。"


def mediation_fails(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    if standing & {Standing.LEAD, Standing.SUPERVISOR} or case.procedure == Procedure.MEDIATION:
        return ""
    return "只有调解程序中的事项可由调解员终止。"


def above_exists(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "已在区级，不能再上报；请会商或移送。" if len(case.desk_area) <= 6 else ""


def window_open(case: Any, _standing: frozenset[Standing], now: datetime) -> str:
    if case.window_until and now <= case.window_until:
        return ""
    return "恢复办理的期限已过；诉求人有新情况的，请作为新事项登记。"


def window_over(case: Any, _standing: frozenset[Standing], now: datetime) -> str:
    if case.window_until and now <= case.window_until:
        return "恢复办理或复审的期限未满，暂不能归档。"
    return ""


def has_order(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "" if case.orders_open else "该件没有未解除的督办。"


def no_order(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    """An archived case is read-only: an order left open on it could never be answered or lifted."""
    return "该件还有未解除的督办，请先解除再归档。" if case.orders_open else ""


def whose_answer(case: Any, standing: frozenset[Standing], _now: datetime) -> str:
    """The unit answers an order; while no unit leads (应受理未受理), the desk that has the case does."""
    if standing & {Standing.LEAD, Standing.OFFICER} or not case.lead_unit_id:
        return ""
    return "该件的督办由承办单位回复。"


def rating_amendable(case: Any, _standing: frozenset[Standing], now: datetime) -> str:
    if case.rated_at and now > case.rated_at + AMEND_WITHIN:
        return "已经评价过了，评价在 7 天内可以修改，现在已过期限；有新的情况请致电窗口。"
    return ""


def agreed(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    return "" if case.outcome == c.Outcome.AGREED else "只有“达成协议待履行”的事项需要登记履行。"


def no_instalment(case: Any, _standing: frozenset[Standing], _now: datetime) -> str:
    """An archived case is read-only: what was promised could never be written down as kept."""
    if not case.instalments_open:
        return ""
    return f"调解协议还有 {case.instalments_open} 期没有登记履行，登记以后才能归档。"


# --- targets that depend on the case ----------------------------------------------------------------------------


def after_self_settling(case: Any, _given: Mapping[str, Any]) -> Status:
    return Status.SUPERVISION if case.kind == Kind.HAZARD else Status.FOLLOW_UP


def before_merge(case: Any, _given: Mapping[str, Any]) -> Status:
    return Status(case.status_before_merge)


def where_reopened(case: Any, _given: Mapping[str, Any]) -> Status:
    return Status.HANDLING if case.lead_unit_id else Status.ACCEPTED


# --- needs that apply only to some ------------------------------------------------------------------------------


def is_assisted(case: Any, _standing: frozenset[Standing]) -> bool:
    """Somebody was asked to assist: a fold state has their ids, a case its rows."""
    known = getattr(case, "assisting", None)
    return bool(known) if known is not None else bool(case.assisting_rows.all())


def may_agree(case: Any, _standing: frozenset[Standing]) -> bool:
    """A matter that two parties can settle by an agreement with dates."""
    return case.kind in (Kind.APPEAL, Kind.DISPUTE)


def in_instalments(case: Any, _standing: frozenset[Standing]) -> bool:
    """The agreement has instalments: a fold state knows how many, a case has their rows."""
    known = getattr(case, "instalments", None)
    return bool(known) if known is not None else case.deadlines.filter(clock=c.Clock.PERFORMANCE_BY).exists()


def is_mediation(case: Any, _standing: frozenset[Standing]) -> bool:
    return bool(case.procedure == Procedure.MEDIATION)


def category_unset(case: Any, _standing: frozenset[Standing]) -> bool:
    return not case.category_code


def level_unset(case: Any, _standing: frozenset[Standing]) -> bool:
    return not case.level


def must_assign(case: Any, standing: frozenset[Standing]) -> bool:
    """A lead who holds no officer's post must name the person; an officer takes the case himself."""
    return Standing.LEAD in standing and Standing.OFFICER not in standing


def may_assign(case: Any, standing: frozenset[Standing]) -> bool:
    return Standing.LEAD in standing and Standing.OFFICER in standing


def by_the_clock(_case: Any, standing: frozenset[Standing]) -> bool:
    """What only the clock says, with an order it lays itself."""
    return Standing.CLOCK in standing


def asks_by_phone(case: Any, standing: frozenset[Standing]) -> bool:
    """A resident who rates on the page is not asked whether he was called."""
    return Standing.RESIDENT not in standing


UNSEALED = Guard(unsealed)
HAZARDS_ONLY = Guard(hazards_only)
