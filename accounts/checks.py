"""`manage.py check --database default` tells when a district's posts cannot carry the workflow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from accounts.choices import Role, UnitKind
from accounts.models import Post, Unit
from accounts.querysets import day_of

# Two supervisors, because whoever checks a result must not have handled it (rule 5 of the workflow).
NEEDED: dict[Role, int] = {Role.CLERK: 1, Role.DISPATCHER: 1, Role.SUPERVISOR: 2, Role.FOLLOW_UP_OFFICER: 1}
HINT = "请安全管理员在“岗位”中任命，或用 manage.py import_people 导入；岗位的负责区划须为该区的 6 位代码。"


@register(Tags.database)
def districts_are_staffed(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warnings accounts.W001 per district and role; nothing before the tables exist."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []  # a plain `check` asks nothing of the database
    if Post._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []
    return [Warning(sentence, hint=HINT, id="accounts.W001") for sentence in unstaffed(timezone.now())]


def unstaffed(now: datetime) -> list[str]:
    """One sentence for each post that a district lacks today, district by district; two queries.

    A district is one that has a centre or anybody in a district post.
    """
    held = _holders(day_of(now))
    centres = Unit.objects.active().filter(kind=UnitKind.CENTRE).exclude(area_code="")
    districts = sorted({centre.area_code[:6] for centre in centres} | {district for district, _ in held})
    return [
        f"{district} 区级{role.label}应不少于 {needed} 人，现有 {len(held[district, role])} 人。"
        for district in districts
        for role, needed in NEEDED.items()
        if len(held[district, role]) < needed
    ]


def _holders(day: date) -> dict[tuple[str, str], set[int]]:
    held: dict[tuple[str, str], set[int]] = defaultdict(set)
    posts = Post.objects.in_force(day).filter(role__in=NEEDED, user__is_active=True)
    for area_code, role, user_id in posts.values_list("area_code", "role", "user_id"):
        if len(area_code) == 6:
            held[area_code, role].add(user_id)
    return held
