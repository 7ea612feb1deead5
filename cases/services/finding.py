"""Looking up what a move names by code, and whether it may be named: rule 4 among the units.

Each raises Incomplete with a sentence beside the field.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.models import Unit, User
from cases import choices as c
from cases.choices import Nature
from cases.models import Case, Category, Review
from cases.services import statements
from cases.services.people import has_officer, officers_of
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI

if TYPE_CHECKING:
    from cases.services.door import Turn


def find_unit(field: str, code: str) -> Unit:
    """Return an active unit by code."""
    unit: Unit | None = statements.UNIT.first(code=code)
    if unit is None:
        raise Incomplete({field: ["没有这个单位，或者该单位已停用；请重新选择。"]})
    return unit


def find_units(field: str, codes: list[str]) -> list[Unit]:
    """Return active units by code, in the order given."""
    if not codes:
        return []
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=codes, active=True)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Incomplete({field: [f"没有代码为 {'、'.join(missing)} 的单位，请重新选择。"]})
    return [found[code] for code in codes]


def find_category(code: str, kind: str) -> Category:
    """Return an active category that suits the kind of the matter."""
    category: Category | None = statements.CATEGORY.first(code=code)
    if category is None:
        raise Incomplete({"category": ["没有这个类别，请从列表中选择。"]})
    if category.kinds and kind not in category.kinds.split():
        raise Incomplete({"category": [f"“{category.name}”不适用于{c.Kind(kind).label}，请重新选择类别。"]})
    return category


def find_attachments(field: str, case: Case, uids: list[str]) -> list[str]:
    """Return the ids of attachments that are files of this case."""
    found = {str(uid) for uid in case.attachments.values_list("uid", flat=True)} if uids else set()
    missing = [uid for uid in uids if uid not in found]
    if missing:
        raise Incomplete({field: ["所选的附件不在本件中，请先上传再选择。"]})
    return list(uids)


def find_officer(turn: Turn, username: str) -> User:
    """Return a person of the lead unit who can take the case."""
    people = {user.username: user for user in officers_of(turn.state.lead_unit_id or 0, turn.now)}
    if username not in people:
        raise Incomplete({"handler": ["此人不是主办单位的在岗承办人员，请重新选择。"]})
    return people[username]


def check_unit(field: str, case: Case, unit: Unit, now: datetime) -> None:
    """Refuse a unit that may not have this case: the one complained about (or below it), or one where nobody sits.

    Source: workflow.md rule 4; 信访工作条例 §30 ¶3, §46(5) (facts §7.1).
    """
    about = case.complained_unit
    if case.nature in (Nature.CONDUCT, Nature.REPORT) and about is not None and unit.is_within(about):
        raise Incomplete(
            {field: [f"{case.get_nature_display()}不得交由被投诉单位“{about.name}”或其下级办理，请选其上级单位。"]}
        )
    if case.procedure in c.REVIEWS and (first := decided_by(case)) is not None and unit.is_within(first):
        word = c.Procedure(case.procedure).label
        raise Incomplete({field: [f"{word}不得交由作出原意见的“{first.name}”或其下级办理，请选其上一级机关、单位。"]})
    if not has_officer(unit.pk, now):
        raise Incomplete({field: [f"“{unit.name}”目前没有在岗的承办人员，请改选其他单位。"]})


def decided_by(case: Case) -> Unit | None:
    """Return the unit whose answer a 复查 or 复核 looks at; XF §§35, 36: the one above it decides."""
    row = Review.objects.filter(case=case).select_related("decided_by").first()
    return row.decided_by if row else None


def not_past(turn: Turn, field: str, day: date | None) -> None:
    """Refuse a day that people are to wait for and that is already over."""
    if day is not None and day < turn.now.astimezone(SHANGHAI).date():
        raise Incomplete({field: ["这一天已经过去了，请填今天或以后的日期。"]})
