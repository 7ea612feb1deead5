"""Who does and reads what: posts over an area read what was signed of it, supervisors and the lead write, the lead signs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.choices import Role, UnitKind
from accounts.models import Post
from accounts.queries import Actor
from cases.bulletins.choices import State
from cases.models import Bulletin
from cases.querysets import NEVER, below
from cases.standing import AREA_ROLES
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.working_days import day_of
from grids.queries import name_of

NOT_HERE = "月报、季报、年报由管一片区域的岗位查看；您的岗位办理单件事项，请看工作台。"
ONLY_WRITERS = "报告由本区域的督办员和中心负责人编写。"
ONLY_THE_LEAD = "报告由本区域的中心负责人签发和更正。"
#: A report is of a district, a street or a community.
DIGITS = (6, 9, 12)


def reading_areas(actor: Actor) -> list[str]:
    """The areas whose signed bulletins somebody reads, the widest first."""
    found = {
        post.area_code for post in actor.posts if post.area_code and (post.role in AREA_ROLES or post.leads_centre)
    }
    return sorted(found, key=lambda code: (len(code), code))


def writing_areas(actor: Actor) -> list[str]:
    """The areas somebody writes the bulletins of, the widest first."""
    found = {
        post.area_code for post in actor.posts if post.area_code and (post.role == Role.SUPERVISOR or post.leads_centre)
    }
    return sorted(found, key=lambda code: (len(code), code))


def may_enter(actor: Actor) -> bool:
    """Tell whether the list of bulletins is anything to somebody."""
    return bool(reading_areas(actor))


def writes(actor: Actor, area: str) -> bool:
    """Tell whether somebody makes and edits the bulletins of an area."""
    return any(area.startswith(code) for code in writing_areas(actor))


def signs(actor: Actor, area: str) -> bool:
    """Tell whether somebody signs and corrects the bulletins of an area."""
    return any(post.leads_centre and post.covers(area) for post in actor.posts)


def readable(actor: Actor) -> QuerySet[Bulletin]:
    """Return what somebody may open: signed ones of their areas, drafts of those they write; NotYou for who reads none."""
    if not may_enter(actor):
        raise NotYou(NOT_HERE)
    found = NEVER
    for area in reading_areas(actor):
        found |= below("area_code", area) & Q(state=State.SIGNED)
    for area in writing_areas(actor):
        found |= below("area_code", area)
    return Bulletin.objects.filter(found)


def find(actor: Actor, pk: int) -> Bulletin:
    """Return one that this person may open; NotYours otherwise."""
    row = readable(actor).select_related("signed_by").filter(pk=pk).first()
    if row is None:
        raise NotYours()
    return row


def check_writer(actor: Actor, area: str) -> None:
    """NotYou for who does not write the bulletins of an area."""
    if not writes(actor, area):
        raise NotYou(ONLY_WRITERS)


def check_signer(actor: Actor, area: str) -> None:
    """NotYou for who does not sign them."""
    if not signs(actor, area):
        raise NotYou(ONLY_THE_LEAD)


def area_for(actor: Actor, asked: str) -> str:
    """Return the area that somebody asks a new bulletin for, the widest of theirs without one; NotYou, NotYours."""
    own = writing_areas(actor)
    if not own:
        raise NotYou(ONLY_WRITERS)
    if not asked:
        return own[0]
    if len(asked) not in DIGITS or not writes(actor, asked) or not name_of(asked):
        raise NotYours()
    return asked


def leads_of(area: str, now: datetime) -> set[int]:
    """The leads of the centre of an area: who is told of a draft; one statement."""
    posts = Post.objects.in_force(day_of(now)).filter(
        lead=True, unit__kind=UnitKind.CENTRE, area_code=area, user__is_active=True
    )
    return set(posts.values_list("user_id", flat=True))
