"""热点: the same place and category again and again within days; shown to who routes, never a figure beyond their scope.

Source: facts §2 热点 (≥ 3 同类同地 in 7 days; 北京条例 §§24-26). A place is the grid, the community where no grid is known; a
matter known only to lie in a street is nowhere in particular. A 复查 or 复核 is about an answer, not about the
place, and counts nowhere. Nothing is kept of it but who looked and left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case as When_
from django.db.models import CharField, Count, F, Max, Min, Q, When
from django.db.models.functions import Length, Substr

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.crowds.finding import comparable
from cases.crowds.rules import rules
from cases.models import Case, Category, HotDismissal
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import beside, chain_of

LOOKERS = (Role.DISPATCHER, Role.SUPERVISOR)
COMMUNITY_DIGITS = 12
REASON_LENGTH = 200
#: Still somebody's work: one matter left open is a matter, not a subject.
LEAST_OPEN = 2


@dataclass(frozen=True)
class Hot:
    """One place and category: how many came in since the first, how many of them stand by themselves and open."""

    place: str
    place_name: str
    category: str
    category_name: str
    count: int
    open: int
    merged: int
    first_at: datetime
    last_at: datetime
    dismissed: HotDismissal | None = None

    @property
    def days(self) -> int:
        """From the first to the last, both days counted."""
        return (self.last_at.astimezone(SHANGHAI).date() - self.first_at.astimezone(SHANGHAI).date()).days + 1


def may_look(actor: Actor) -> bool:
    """Tell whether these posts are shown hot matters: dispatchers and supervisors."""
    return actor.has(*LOOKERS)


def since(now: datetime) -> datetime:
    """The first moment that counts: midnight so many days ago that today is the last of them."""
    day = now.astimezone(SHANGHAI).date() - timedelta(days=rules().hot_days - 1)
    return datetime.combine(day, time(), SHANGHAI)


def recent(actor: Actor, now: datetime) -> Any:
    """What this person may see of the last days, with `place`; what is compared with nothing is nobody's figure either."""
    place = When_(
        When(~Q(grid_code=""), then=F("grid_code")),
        default=Substr("area_code", 1, COMMUNITY_DIGITS),
        output_field=CharField(),
    )
    seen = comparable(Case.objects.visible_to(actor, now)).filter(registered_at__gte=since(now), registered_at__lte=now)
    placed = seen.filter(category__isnull=False).annotate(place=place)
    return placed.annotate(digits=Length("area_code")).filter(digits__gte=COMMUNITY_DIGITS).order_by()


def hot(actor: Actor, now: datetime, *, dismissed: bool = False) -> list[Hot]:
    """Return the hot matters this person is to look at, the biggest first; with `dismissed` those that were left alone instead.

    Two statements and one for the names. One that was dismissed comes back with the next report of it.
    """
    return in_sight(actor, now, dismissed=dismissed) if may_look(actor) else []


def in_sight(actor: Actor, now: datetime, *, dismissed: bool = False) -> list[Hot]:
    """Return the hot matters among what this person sees, whether or not they are to deal with them: the leader's board."""
    groups = (
        recent(actor, now)
        .values("place", "category_id")
        .annotate(
            count=Count("pk"),
            open=Count("pk", filter=Q(status__in=c.OPEN)),
            merged=Count("pk", filter=Q(status=c.Status.MERGED)),
            first_at=Min("registered_at"),
            last_at=Max("registered_at"),
        )
        .filter(count__gte=rules().hot_count, open__gte=LEAST_OPEN)
    )
    rows = list(groups)
    left = {(row.place, row.category_code): row for row in HotDismissal.objects.select_related("dismissed_by")}
    told = [row for row in rows if _is_left(row, left) == dismissed]
    names = dict(Category.objects.filter(code__in={row["category_id"] for row in told}).values_list("code", "name"))
    found = [_hot(row, names, left) for row in told]
    return sorted(found, key=lambda one: (-one.count, -one.last_at.timestamp(), one.place))


def _is_left(row: dict[str, Any], left: dict[tuple[str, str], HotDismissal]) -> bool:
    before = left.get((row["place"], row["category_id"]))
    return before is not None and row["last_at"] <= before.dismissed_at


def _hot(row: dict[str, Any], names: dict[str, str], left: dict[tuple[str, str], HotDismissal]) -> Hot:
    place, category = row["place"], row["category_id"]
    return Hot(
        place,
        place_name(place),
        category,
        names.get(category, category),
        row["count"],
        row["open"],
        row["merged"],
        row["first_at"],
        row["last_at"],
        left.get((place, category)),
    )


def place_name(code: str) -> str:
    """The community and the grid, or the community alone."""
    chain = chain_of(code)[-2:]
    if not chain or chain[-1][0] != code:
        return code  # no longer in the territory, or not yet
    names = [name for _code, name in chain]
    if len(code) <= COMMUNITY_DIGITS or len(names) < 2:
        return names[-1]
    return f"{names[0]} {beside(names[1], names[0])}"


def find(actor: Actor, place: str, category: str, now: datetime) -> tuple[Hot, list[Case]]:
    """Return one hot matter, dismissed or not, with its cases, the oldest first; NotYours when there is none in sight."""
    for one in (*hot(actor, now), *hot(actor, now, dismissed=True)):
        if (one.place, one.category) == (place, category):
            cases = recent(actor, now).filter(place=place, category_id=category)
            return one, list(cases.select_related("lead_unit", "master", "category").order_by("registered_at", "pk"))
    raise NotYours()


def dismiss(actor: Actor, place: str, category: str, reason: str, *, now: datetime) -> HotDismissal:
    """Leave a hot matter alone until one more report of it comes in; for a reason, on record.

    NotYou for who is not shown any, NotYours for one out of sight, Incomplete without a reason.
    """
    if not may_look(actor):
        raise NotYou("热点由分流员、督办员处理。")
    one, _cases = find(actor, place, category, now)
    words = reason.strip()
    if not words or len(words) > REASON_LENGTH or not is_storable(words):
        raise Incomplete({"reason": [f"请写明为什么暂不处理，最多 {REASON_LENGTH} 字。"]})
    kept: dict[str, Any] = {
        "count": one.count,
        "reason": mask_text(words),
        "dismissed_at": now,
        "dismissed_by_id": actor.user_id,
    }
    with transaction.atomic():
        row, _new = HotDismissal.objects.update_or_create(place=place, category_code=category, defaults=kept)
        audit.record(actor, "hot_dismissed", f"hot:{place} {category}", kept["reason"], {"count": one.count}, now=now)
    return row
