"""A visit without a new matter: somebody asks how far it is, brings papers, or looks for an office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import VisitPurpose
from cases.models import Case, Visit
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.numbers import is_valid_number, parse_number

#: What is entered by hand; a visit for a new matter writes its own row.
BY_HAND = (VisitPurpose.PROGRESS, VisitPurpose.MATERIAL, VisitPurpose.GUIDANCE)
MOST_PEOPLE = 100_000
LONGEST_NOTE = 200


def enter_visit(actor: Actor, given: Mapping[str, str], *, now: datetime) -> Visit:
    """Write one visit: `purpose`, `people` (1), `number` of a matter, `repeat` ("on"), `note`; nobody is named.

    Who asks about a matter that is registered already comes again: 重复. NotYou for who does not sit at a window;
    Incomplete with sentences beside the fields.
    """
    post = next(iter(actor.with_role(Role.CLERK)), None)
    if post is None or actor.user_id is None:
        raise NotYou("来访由窗口受理员登记，您没有这个岗位。")
    errors: dict[str, list[str]] = {}
    purpose = given.get("purpose", "")
    if purpose not in BY_HAND:
        errors["purpose"] = ["请选择来访目的；反映新的事项请到“登记”办理。"]
    people = _people(given.get("people", ""), errors)
    case = _matter(actor, given.get("number", "").strip(), purpose, errors, now)
    note = given.get("note", "").strip()
    if len(note) > LONGEST_NOTE or not is_storable(note):
        errors["note"] = [f"备注最多 {LONGEST_NOTE} 字，请不要写姓名和电话。"]
    if errors:
        raise Incomplete(errors)
    return Visit.objects.create(
        at=now,
        area_code=post.area_code,
        received_by_id=actor.user_id,
        purpose=purpose,
        case=case,
        people=people,
        repeat=case is not None or bool(given.get("repeat")),
        note=note,
    )


def _people(typed: str, errors: dict[str, list[str]]) -> int:
    text = typed.strip() or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_PEOPLE:
        errors["people"] = ["来访人数请填数字，至少 1 人。"]
        return 1
    return int(text)


def _matter(actor: Actor, typed: str, purpose: str, errors: dict[str, list[str]], now: datetime) -> Case | None:
    if not typed:
        if purpose in (VisitPurpose.PROGRESS, VisitPurpose.MATERIAL):
            errors["number"] = ["请填写问的是哪一件（14 位受理编号）；不记得编号的，先按电话查一下。"]
        return None
    number = parse_number(typed) if is_valid_number(typed) else ""
    case = Case.objects.visible_to(actor, now).filter(number=number).first() if number else None
    if case is None:
        errors["number"] = ["没有找到这个受理编号，请核对；抄错一位就对不上。"]
    return case
