"""Who reads the map, and of which ground: areas of the posts that work for an area, own grids of grid workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.choices import Role
from accounts.queries import Actor
from cases.querysets import own_grids
from cases.standing import AREA_ROLES
from governance_portal.lib.errors import NotYou, NotYours
from grids.queries import name_of

COMMUNITY_DIGITS, GRID_DIGITS = 12, 15
NO_GROUND = "地图给管一片区域或一个网格的岗位看；您的岗位办理单件事项，请看工作台。"


def may_look(actor: Actor) -> bool:
    """Tell whether somebody has a map, without a question: the board's readers, the desks of an area, grid workers."""
    return actor.has(*AREA_ROLES, Role.GRID_WORKER)


@dataclass(frozen=True)
class Reach:
    """The codes somebody may read figures of (and of all that lies below them)."""

    codes: tuple[str, ...]

    def knows(self, code: str) -> bool:
        """Whether the figures of this area or grid are theirs; what is not known is shown as nothing, never as 0."""
        return any(code.startswith(own) for own in self.codes)

    def start(self) -> str:
        """Where the map opens: the widest area of the posts; for a grid its community, to see the neighbours."""
        code = min(self.codes, key=lambda own: (len(own), own))
        return code[:COMMUNITY_DIGITS] if len(code) == GRID_DIGITS else code

    def area(self, asked: str) -> str:
        """The area asked for, or the start; NotYours (404) for one that is not theirs or that nobody knows."""
        if not asked:
            return self.start()
        around_own = len(asked) == COMMUNITY_DIGITS and any(own.startswith(asked) for own in self.codes)
        if not (self.knows(asked) or around_own) or not name_of(asked):
            raise NotYours()
        return asked


def reach_of(actor: Actor, now: datetime) -> Reach:
    """What somebody may read; a question for grid workers only. NotYou (403) for whoever has no ground."""
    codes = {post.area_code for post in actor.posts if post.role in AREA_ROLES and post.area_code}
    codes |= {post.area_code for post in actor.posts if post.leads_centre and post.area_code}
    codes |= {
        post.area_code for post in actor.posts if post.role == Role.GRID_WORKER and len(post.area_code) == GRID_DIGITS
    }
    if actor.has(Role.GRID_WORKER):
        codes |= set(own_grids(actor, now))
    if not codes:
        raise NotYou(NO_GROUND)
    return Reach(tuple(sorted(codes)))
