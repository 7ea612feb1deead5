"""A limit held against the law: what a statute sets may be tightened, never loosened, not even by a more special row.

Whether one limit is longer than another is asked of the calendar, not of their units: seven working days may end
before or after ten natural days, so every day of three years is tried as the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from cases import policies
from cases.models import LimitPolicy
from cases.policies import WEIGHTS, calendar
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due

#: Moments of a day at which a limit may begin: in the night, at work, at its very end.
HOURS = (time(0, 0, 1), time(9), time(16, 45), time(23, 59))
TRIED_DAYS = 366 * 2


def problems(draft: LimitPolicy, today: date) -> dict[str, list[str]]:
    """Return sentences by field where a draft would loosen what a statute sets; empty when it may be published."""
    found: dict[str, list[str]] = {}
    for law in statutes_over(draft):
        if draft.amount is None:
            found.setdefault("amount", []).append(f"{_named(law)}是法定期限，不能不设。")
        elif is_longer(whole(draft, extended=False), whole(law, extended=False), today):
            found.setdefault("amount", []).append(f"{_named(law)}不得放宽：{words(law)}。请填不比它长的时限。")
        elif is_longer(whole(draft), whole(law), today) or draft.extension_times > law.extension_times:
            told = extension_words(law) or "不得延期"
            found.setdefault("extension_amount", []).append(f"{_named(law)}的延期不得放宽：{told}。")
        if law.extension_by == "centre_lead" and draft.extension_by == "lead" and draft.extension_amount:
            found.setdefault("extension_by", []).append(
                f"{_named(law)}的延期由中心负责人批准，不能改由单位负责人批准。"
            )
    return {name: list(dict.fromkeys(sentences)) for name, sentences in found.items()}


def statutes_over(draft: LimitPolicy) -> list[LimitPolicy]:
    """Return the statutory rows in force that a draft would stand in for on some case, itself among them."""
    rows = (row for row in policies.policies() if row.statutory and row.clock == draft.clock and row.valid_to is None)
    return [row for row in rows if _same(row, draft) or _outranks(draft, row)]


def _same(one: LimitPolicy, other: LimitPolicy) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name, _weight in WEIGHTS)


def _outranks(draft: LimitPolicy, law: LimitPolicy) -> bool:
    """Whether there is a case that both match and where the draft, being more special, would be taken."""
    for name, _weight in WEIGHTS:
        mine, its = getattr(draft, name), getattr(law, name)
        if not mine or not its:
            continue
        if not (mine.startswith(its) or its.startswith(mine)) if name == "category" else mine != its:
            return False
    rank = [(sum(w for n, w in WEIGHTS if getattr(row, n)), len(row.category)) for row in (draft, law)]
    return rank[0] >= rank[1]


def whole(policy: LimitPolicy, *, extended: bool = True) -> Limit:
    """Return a policy's limit, with every extension it allows."""
    more = policy.extension_amount * policy.extension_times if extended else 0
    return Limit((policy.amount or 0) + more, LimitUnit(policy.unit))


def is_longer(one: Limit, other: Limit, today: date) -> bool:
    """Whether `one` ends after `other` from any day of this year and the next two."""
    if one.unit == other.unit:
        return one.amount > other.amount
    return any(due(at, one, calendar()).due > due(at, other, calendar()).due for at in _beginnings(today))


def _beginnings(today: date) -> Iterable[datetime]:
    first = date(today.year, 1, 1)
    for number in range(TRIED_DAYS):
        for hour in HOURS:
            yield datetime.combine(first + timedelta(days=number), hour, SHANGHAI)


# --- words ------------------------------------------------------------------------------------------------------

UNITS = {
    "minute": "分钟",
    "hour": "小时",
    "working_hour": "个工作小时",
    "natural_day": "天（自然日）",
    "working_day": "个工作日",
}
APPROVERS = {"lead": "承办单位负责人批准", "centre_lead": "中心负责人批准"}


def words(policy: LimitPolicy) -> str:
    """Return a limit as people say it: 「7 个工作日」「当日」「不设」."""
    if policy.amount is None:
        return "不设"
    if not policy.amount and policy.unit in ("natural_day", "working_day"):
        return "当日"
    return f"{policy.amount} {UNITS[policy.unit]}"


def extension_words(policy: LimitPolicy) -> str:
    """Return what may be asked for beyond: 「1 次，最多 3 个工作日，承办单位负责人批准」, "" where nothing may."""
    if not (policy.extension_amount and policy.extension_times):
        return ""
    unit, by = UNITS[policy.unit], APPROVERS[policy.extension_by]
    return f"{policy.extension_times} 次，每次最多 {policy.extension_amount} {unit}，{by}"


def scope_words(policy: LimitPolicy) -> list[str]:
    """Return to what a row applies, a word for each field that narrows it; empty for everything."""
    named = ("kind", "procedure", "level", "channel")
    found = [str(getattr(policy, f"get_{name}_display")()) for name in named if getattr(policy, name)]
    if policy.procedure:
        found = [f"{word}程序" if word == str(policy.get_procedure_display()) else word for word in found]
    if policy.category:
        found.insert(1 if policy.kind else 0, f"类别 {policy.category}")
    return found


def _named(law: LimitPolicy) -> str:
    base = law.legal_base or "法律规定"
    return f"{base}规定的{law.get_clock_display()}"
