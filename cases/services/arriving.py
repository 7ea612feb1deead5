"""What a registration brings with it: earlier matters it is related to, who is told of it at once, the visit's own row.

Facts §1.8 (重信重访, 集体访; XF §25: grave and urgent matters are reported at once), §1.9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.choices import Role, UnitKind
from accounts.models import Post
from accounts.notices import notify
from accounts.queries import Actor, PostView, people_holding, prefixes
from accounts.querysets import day_of
from cases.choices import Channel, Nature, Relation, Status, VisitPurpose
from cases.models import Case, Visit
from cases.services import statements
from governance_portal.lib.errors import Incomplete

#: A repeat so soon after 办结 is looked at again by the follow-up officer (facts §1.8).
CHECK_AGAIN = timedelta(days=30)
TOLD_ROLES = (Role.LEADER, Role.DISPATCHER)


@dataclass(frozen=True)
class Told:
    """Somebody who was told at once."""

    user_id: int
    words: str


def find_related(actor: Actor, rows: Sequence[Mapping[str, str]], now: datetime) -> list[Case]:
    """Return the earlier matters that were named, as far as the registrar may see them; one query, none without."""
    if not rows:
        return []
    numbers = [row["number"] for row in rows]
    found = list(Case.objects.visible_to(actor, now).filter(number__in=numbers))
    if len(found) < len(numbers):
        raise Incomplete({"related": ["没有找到所关联的编号，或者不在您的管辖范围内；请核对，或先不关联。"]})
    return found


def told_at_once(desk_area: str, nature: str, unit: Any, now: datetime) -> list[Told]:
    """Return who hears of a grave and urgent matter: the centre's lead, leaders and dispatchers of the area (XF §25).

    People of a unit complained about of its conduct or reported are left out (rule 4). One query.
    """
    leads = Q(lead=True, unit__kind=UnitKind.CENTRE)
    posts = Post.objects.in_force(day_of(now)).filter(
        Q(role__in=TOLD_ROLES) | leads, area_code__in=prefixes(desk_area), user__is_active=True
    )
    if unit is not None and nature in (Nature.CONDUCT, Nature.REPORT):
        inside = Q(unit__path__startswith=unit.path) if nature == Nature.REPORT else Q(unit=unit)
        posts = posts.exclude(inside)
    found: dict[int, Told] = {}
    for post in posts.select_related("user", "unit").order_by("-lead", "role", "user__username"):
        centre_lead = post.lead and post.unit.kind == UnitKind.CENTRE
        label = "中心负责人" if centre_lead else str(post.get_role_display())
        found.setdefault(post.user_id, Told(post.user_id, f"{post.user.name}（{label}）"))
    return list(found.values())


def tell_at_once(case: Case, told: Sequence[Told], now: datetime) -> None:
    """Put the notice of a grave and urgent matter into the inboxes, in the transaction of its registration."""
    notify(
        [one.user_id for one in told],
        key=f"urgent:{case.number}",
        title=f"重大紧急：{case.number} 刚刚登记",
        body=f"{case.title}。请立即查看并部署处置。",
        case_number=case.number,
        kind="urgent",
        now=now,
    )


def ask_follow_up(case: Case, rows: Sequence[Mapping[str, str]], earlier: Sequence[Case], now: datetime) -> None:
    """Tell the follow-up officers when somebody is here again for what was closed less than 30 days ago (facts §1.8)."""
    repeated = {row["number"] for row in rows if row["relation"] == Relation.DUPLICATE}
    for before in earlier:
        fresh = before.closed_at is not None and now - before.closed_at <= CHECK_AGAIN
        if before.number in repeated and before.status in (Status.CLOSED, Status.ARCHIVED) and fresh:
            officers = people_holding(Role.FOLLOW_UP_OFFICER, now, area_code=before.desk_area)
            notify(
                [officer.pk for officer in officers if officer.pk not in before.handled_by],
                key=f"came_back:{case.number}",
                title=f"{before.number} 办结不久又来访，请回访复核",
                body=f"新登记 {case.number}，窗口认定为同一事项。",
                case_number=before.number,
                now=now,
            )


def keep_visit(
    case: Case, actor: Actor, post: PostView | None, rows: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """Write the row of the visit register for a registration over the window (批次、人次、初次/重复)."""
    if case.channel != Channel.WINDOW or post is None or actor.user_id is None:
        return
    visit = Visit(
        at=now,
        area_code=post.area_code,
        received_by_id=actor.user_id,
        purpose=VisitPurpose.MATTER,
        case=case,
        people=case.visitor_count,
        repeat=any(row["relation"] == Relation.DUPLICATE for row in rows),
    )
    statements.NEW_VISIT.write([visit])
