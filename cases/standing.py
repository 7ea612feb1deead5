"""Who an actor is to a case: the words that the workflow table's `who` column uses.

A standing is not a role: it is a role held in the right unit and area, by somebody whom the rules do not exclude
(design/workflow.md "Moves", rules 4 and 5, "Who sees what").
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from accounts.choices import Role
from accounts.queries import Actor, PostView
from cases.choices import Nature

AREA_ROLES = (
    Role.CLERK,
    Role.OPERATOR,
    Role.DISPATCHER,
    Role.SUPERVISOR,
    Role.FOLLOW_UP_OFFICER,
    Role.LEADER,
)
OFFICER_ROLES = (Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER)


class Standing(StrEnum):
    """What an actor is to one case."""

    CLERK = "clerk"
    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CHECKER = "checker"
    FINDER = "finder"
    FOLLOW_UP_OFFICER = "follow_up_officer"
    LEADER = "leader"
    CENTRE_LEAD = "centre_lead"
    OFFICER = "officer"
    IN_CHARGE = "in_charge"
    LEAD = "lead"
    MEDIATOR = "mediator"
    ASSISTANT = "assistant"
    GRID_WORKER = "grid_worker"
    RESIDENT = "resident"
    INTEGRATION = "integration"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        """The Chinese name the pages and the diagram show."""
        return STANDING_LABELS[self]


STANDING_LABELS = {
    Standing.CLERK: "窗口受理员",
    Standing.OPERATOR: "话务员",
    Standing.DISPATCHER: "分流员",
    Standing.SUPERVISOR: "督办员",
    Standing.CHECKER: "督办员（未经办）",
    Standing.FINDER: "登记隐患的督办员",
    Standing.FOLLOW_UP_OFFICER: "回访员（未经办）",
    Standing.LEADER: "领导",
    Standing.CENTRE_LEAD: "中心负责人",
    Standing.OFFICER: "承办单位人员",
    Standing.IN_CHARGE: "承办人",
    Standing.LEAD: "承办单位负责人",
    Standing.MEDIATOR: "调解员",
    Standing.ASSISTANT: "协办单位人员",
    Standing.GRID_WORKER: "本网格网格员",
    Standing.RESIDENT: "居民",
    Standing.INTEGRATION: "对接系统",
    Standing.CLOCK: "时钟",
}


def covers(post: PostView, area_code: str) -> bool:
    """Tell whether a post's area is this area or one above it (codes are prefixes)."""
    return bool(post.area_code) and area_code.startswith(post.area_code)


UNWELCOME_TO_ITS_UNIT = (Nature.CONDUCT, Nature.REPORT)


def concerns(case: Any, post: PostView) -> bool:
    """Tell whether a post is in the unit complained about (a report of wrongdoing: or below it); rule 4."""
    about = case.complained_unit_id
    if about is None or case.nature not in UNWELCOME_TO_ITS_UNIT:
        return False
    return post.unit_id == about or (case.nature == Nature.REPORT and f"/{about}/" in post.unit_path)


#: Beside the field, where two matters may not be one.
APART = "作风投诉由别的单位办理，只能与反映同一单位的作风投诉归到一起，请单独办理。"


def may_be_one(case: Any, other: Any) -> bool:
    """Tell whether rule 4 lets two matters be merged or linked: a conduct complaint only with one about the same unit.

    Else the unit complained about, which handles the other matter, would answer the complaint or read of it.
    """
    natures = {case.nature, other.nature}
    if Nature.CONDUCT not in natures:
        return True
    return natures == {Nature.CONDUCT} and case.complained_unit_id == other.complained_unit_id


def standings(
    case: Any,
    actor: Actor,
    own_grids: Collection[str] = (),
    assisting: Collection[int] = (),
    raised: Collection[Role] = (),
) -> dict[Standing, PostView | None]:
    """Return every standing the actor has towards the case, with the post that gives it.

    case: a Case or a fold State (desk_area, grid_code, lead_unit_id, handler_id, handled_by, finder_id are read).
    own_grids: codes of the grids the actor is on duty in; assisting: ids of the case's assisting units; raised: roles
    that a leader of a unit above the one complained about holds here, because nobody else is left who may.
    """
    if actor.service:
        return {Standing(actor.service): None} if actor.service in SERVICES else {}
    if any(concerns(case, post) for post in actor.posts):
        return {}
    handled = actor.user_id in case.handled_by
    finder = actor.user_id is not None and actor.user_id == case.finder_id
    found: dict[Standing, PostView | None] = {}
    for post in actor.posts:
        roles = [post.role, *(raised if post.role == Role.LEADER else ())]
        for standing in (found_one for role in roles for found_one in _by_area(case, post, role, handled, finder)):
            found.setdefault(standing, post)
        for standing in _by_unit(case, actor, post, assisting):
            found.setdefault(standing, post)
        if post.role == Role.GRID_WORKER and _own_grid(case, post, own_grids):
            found.setdefault(Standing.GRID_WORKER, post)
    return found


def _own_grid(case: Any, post: PostView, own_grids: Collection[str]) -> bool:
    """The grid he is on duty in or posted to, while the case lies at its desk; not every grid of his community."""
    at_its_desk = bool(case.grid_code) and case.desk_area == case.grid_code
    return at_its_desk and (case.grid_code in own_grids or post.area_code == case.grid_code)


SERVICES = {Standing.RESIDENT.value, Standing.INTEGRATION.value, Standing.CLOCK.value}


def _by_area(case: Any, post: PostView, role: str, handled: bool, finder: bool) -> list[Standing]:
    if not covers(post, case.desk_area):
        return []
    found = []
    if role in AREA_ROLES and not (role == Role.FOLLOW_UP_OFFICER and handled):
        found.append(Standing(role))
    if role == Role.SUPERVISOR and not handled:
        found.append(Standing.FINDER if finder else Standing.CHECKER)
    if post.leads_centre:
        found.append(Standing.CENTRE_LEAD)
    return found


def _by_unit(case: Any, actor: Actor, post: PostView, assisting: Collection[int]) -> list[Standing]:
    found = []
    if case.lead_unit_id and post.unit_id == case.lead_unit_id:
        if post.role in OFFICER_ROLES:
            found.append(Standing.OFFICER)
        if actor.user_id == case.handler_id:
            found.append(Standing.IN_CHARGE)  # also a clerk or a lead who settled it himself (resolve_on_spot)
        if post.role == Role.MEDIATOR:
            found.append(Standing.MEDIATOR)
        if post.lead:
            found.append(Standing.LEAD)
    if post.unit_id in assisting and (post.role in OFFICER_ROLES or post.lead):
        found.append(Standing.ASSISTANT)
    return found
