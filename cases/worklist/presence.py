"""Who else has a case open just now: a row per person and case, refreshed by the page, gone a minute after.

It answers 「别人是不是正在办这一件」 and nothing else: no history, no report, no row longer than `ALIVE`
(tests/cases/test_presence.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.choices import Role
from accounts.queries import Actor
from cases.models import Case, Presence
from cases.worklist.listing import person_of
from governance_portal.lib.masking import mask_name

ALIVE = timedelta(seconds=60)
#: How often an open page says that it is still there.
BEAT_SECONDS = 20
MOST_NAMED = 3


def beat(case: Case, actor: Actor, now: datetime) -> list[str]:
    """Note that this person has the case open and answer who else has, as post and surname; three statements."""
    forget(now)
    role = actor.posts[0].role if actor.posts else ""
    Presence.objects.update_or_create(
        case_id=case.pk, user_id=person_of(actor), defaults={"seen_at": now, "role": role}
    )
    return others(case, actor, now)


def others(case: Case, actor: Actor, now: datetime) -> list[str]:
    """Who else has the case open, the latest first."""
    rows = Presence.objects.filter(case_id=case.pk, seen_at__gt=now - ALIVE).exclude(user_id=person_of(actor))
    labels = dict(Role.choices)
    return [
        f"{labels.get(role, '')}{mask_name(name)}"
        for role, name in rows.order_by("-seen_at").values_list("role", "user__name")
    ]


def leave(case: Case, actor: Actor) -> None:
    """Forget at once that this person had the case open."""
    Presence.objects.filter(case_id=case.pk, user_id=person_of(actor)).delete()


def forget(now: datetime) -> int:
    """Delete every row that is a minute old."""
    return Presence.objects.filter(seen_at__lte=now - ALIVE).delete()[0]


def words(names: list[str]) -> str:
    """「分流员周**、督办员赵** 也在看这一件」, "" when nobody is."""
    if not names:
        return ""
    more = f"等 {len(names)} 人" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more}也在看这一件"
