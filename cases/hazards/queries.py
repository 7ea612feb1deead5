"""What the pages and the phone read of hazards: ledgers by class, one hazard's lists, what is to be looked at again.

Every reading goes through `visible_to`. The figures of a ledger are counted over what was found: a ledger has no other
denominator (facts §8 row 0.41); what was inspected stands beside it (`InspectionScope`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases import choices as c
from cases.choices import Status
from cases.desks import late_now, not_handled_by
from cases.following_up.queries import ENDED, KEEPERS, cases_of
from cases.hazards.choices import HazardClass
from cases.hazards.planning import NOTHING_DONE
from cases.models import Attachment, Case, Event, HazardItem, InspectionScope, LookBack
from cases.querysets import CaseQuerySet, own_grids
from cases.services.attachments import PAPERS
from governance_portal.lib.masking import mask_address, mask_text
from governance_portal.lib.working_days import SHANGHAI

#: Cases of no class yet, and of none at all.
UNFILED, EVERY = "none", ""
STATES = (
    ("found", "发现"),
    ("closed", "已销号"),
    ("open", "未销号"),
    ("overdue", "超期未改"),
    ("other", "其他方式结束"),
)


@dataclass(frozen=True)
class Sift:
    """What a ledger is narrowed to: a class (`UNFILED`: no file yet), a state, a street, days of registration."""

    hazard_class: str = EVERY
    state: str = "found"
    area: str = ""
    first: date | None = None
    last: date | None = None


def today_of(now: datetime) -> date:
    """The day in Shanghai."""
    return now.astimezone(SHANGHAI).date()


def hazards_of(actor: Actor, now: datetime) -> CaseQuerySet:
    """Return the hazards in sight that count as found: not merged into another, not declined."""
    seen = Case.objects.visible_to(actor, now).filter(kind=c.Kind.HAZARD).order_by()
    return seen.exclude(status__in=(Status.MERGED, Status.DECLINED)).exclude(
        Q(outcome=c.Outcome.MERGED) | Q(status=Status.ARCHIVED, closed_at__isnull=True)
    )


def in_state(state: str, now: datetime) -> Q:
    """The condition of a figure; found = closed + open + other, and overdue is a part of open."""
    today = today_of(now)
    still = Q(status__in=c.OPEN)
    ended = Q(status__in=ENDED)
    if state == "closed":
        return ended & ~Q(outcome__in=NOTHING_DONE)
    if state == "other":
        return ended & Q(outcome__in=NOTHING_DONE)
    if state == "overdue":
        lines = HazardItem.objects.filter(
            case=OuterRef("pk"), dropped_at__isnull=True, done_at__isnull=True, due_on__lt=today
        )
        # Reported as put right: the unit is not late while the verifier is at it.
        at_work = Q(status__in=tuple(set(c.OPEN) - {Status.SUPERVISION, Status.FOLLOW_UP}))
        return at_work & (late_now(now) | Q(hazard__term__lt=today) | Q(Exists(lines)))
    return still if state == "open" else Q()


def sifted(cases: QuerySet[Case], sift: Sift, *, of_class: bool = True) -> QuerySet[Case]:
    """Narrow hazards by class, street and days; the state is `in_state`'s."""
    if of_class and sift.hazard_class == UNFILED:
        cases = cases.filter(hazard__isnull=True)
    elif of_class and sift.hazard_class:
        cases = cases.filter(hazard__hazard_class=sift.hazard_class)
    if sift.area:
        cases = cases.filter(area_code__under=sift.area)
    if sift.first:
        cases = cases.filter(registered_at__gte=datetime.combine(sift.first, time(), SHANGHAI))
    if sift.last:
        cases = cases.filter(registered_at__lte=datetime.combine(sift.last, time.max, SHANGHAI))
    return cases


def figures_of(actor: Actor, sift: Sift, now: datetime) -> dict[str, int]:
    """Return `{found, closed, open, overdue, other}` of a class, or of all; one query."""
    rows = sifted(hazards_of(actor, now), sift)
    counts = {code: Count("pk", filter=in_state(code, now) or None) for code, _label in STATES}
    told: dict[str, int] = rows.aggregate(**counts)
    return told


def classes_of(actor: Actor, sift: Sift, now: datetime) -> list[tuple[str, str, int]]:
    """Return `(code, label, found)` for every class, then those not filed yet and all of them first; one query."""
    rows = sifted(hazards_of(actor, now), sift, of_class=False)
    counts = dict(rows.values_list("hazard__hazard_class").annotate(count=Count("pk")))
    told = [(EVERY, "全部", sum(counts.values()))]
    told += [(str(code), str(label), counts.get(code, 0)) for code, label in HazardClass.choices]
    return [*told, (UNFILED, "未建档", counts.get(None, 0))]


def ledger(actor: Actor, sift: Sift, now: datetime) -> QuerySet[Case]:
    """Return the rows of a ledger, the newest first, each with how many lines there are and are done."""
    rows = sifted(hazards_of(actor, now), sift).filter(in_state(sift.state, now))
    live = Q(hazard_items__dropped_at__isnull=True)
    return (
        rows.select_related("hazard__unit", "lead_unit", "category")
        .annotate(
            lines=Count("hazard_items", filter=live),
            lines_done=Count("hazard_items", filter=live & Q(hazard_items__done_at__isnull=False)),
        )
        .order_by("-registered_at", "-pk")
    )


def scopes_of(sift: Sift, actor: Actor) -> list[InspectionScope]:
    """Return what was inspected of a class, where this person's posts or what is asked for lie; [] for no class."""
    if sift.hazard_class in (EVERY, UNFILED):
        return []
    rows = InspectionScope.objects.filter(hazard_class=sift.hazard_class)
    return [row for row in rows if any(_meets(row.area_code, post.area_code) for post in actor.posts)]


def _meets(one: str, other: str) -> bool:
    return bool(other) and (one.startswith(other) or other.startswith(one))


# --- one hazard ---------------------------------------------------------------------------------------------------


def items_of(case: Case) -> list[HazardItem]:
    """Return the lines that stand."""
    return list(HazardItem.objects.filter(case=case, dropped_at__isnull=True).select_related("unit"))


def verified_by(case: Case) -> Event | None:
    """Return the event by which somebody verified the hazard (审核通过 or 核查销号), None while nobody has."""
    return case.events.filter(kind__in=("approve", "close_verified")).order_by("-seq").first()


def place_of(case: Case) -> str:
    """Return where a hazard is, as every list and paper shows it: of what was told in confidence only the beginning."""
    hidden = case.confidential or case.nature in (c.Nature.CONDUCT, c.Nature.REPORT)
    return mask_address(case.address) if hidden else mask_text(case.address)


def photos_of(case: Case) -> dict[str, list[Attachment]]:
    """Return `{before, after}`: pictures named in a 办结上报 are after, every other of the place is before.

    A picture of somebody's papers is none of the place; no volunteer opens it either.
    """
    after: set[str] = set()
    for event in case.events.filter(kind__in=("resolve", "resolve_on_spot")):
        after.update(event.data.get("photos_after", ()))
    pictures = list(
        case.attachments.filter(mime__startswith="image/").exclude(purpose__in=PAPERS).select_related("uploaded_by")
    )
    is_after = {one.pk: str(one.uid) in after or one.purpose == "整改后" for one in pictures}
    return {
        "before": [one for one in pictures if not is_after[one.pk]],
        "after": [one for one in pictures if is_after[one.pk]],
    }


def reinspections_of(case: Case) -> list[LookBack]:
    """Return when it was and is to be looked at again, the earliest first."""
    return list(LookBack.objects.filter(case=case, round=case.round).select_related("done_by"))


# --- looking again --------------------------------------------------------------------------------------------------


def re_inspections_for(actor: Actor, day: date, now: datetime | None = None) -> QuerySet[LookBack]:
    """Return the closed hazards that this person is to look at again, due by a day, the oldest first; one query (two for grid workers).

    For follow-up officers, supervisors and the centre's lead those of their area; for a grid worker those of the own
    grids. Nobody looks again at what he put right himself. For the phone's 今天 and for `/hazards/again/`.
    """
    now = now or datetime.combine(day, time(12), SHANGHAI)
    cases = cases_of(actor, now, KEEPERS)
    scope = Q(case__in=cases.values("pk"))
    if actor.has(Role.GRID_WORKER) and (grids := own_grids(actor, now)):
        own = Case.objects.visible_to(actor, now).order_by().filter(grid_code__in=grids)
        scope |= Q(case__in=own.filter(not_handled_by(actor.user_id)).values("pk"))
    rows = LookBack.objects.filter(
        scope,
        case__kind=c.Kind.HAZARD,
        case__status__in=ENDED,
        round=F("case__round"),
        done_at__isnull=True,
        due_on__lte=day,
    )
    return rows.select_related("case__hazard", "case__category").order_by("due_on", "pk")


def may_read(actor: Actor) -> bool:
    """Tell whether somebody has hazards to read: everybody whose posts work with cases does, so far as they see any."""
    return actor.has(
        Role.DISPATCHER,
        Role.SUPERVISOR,
        Role.LEADER,
        Role.GRID_WORKER,
        Role.HANDLER,
        Role.CLERK,
        Role.FOLLOW_UP_OFFICER,
    ) or bool(actor.lead_posts)


def given_sift(asked: Mapping[str, Any]) -> Sift:
    """Read `class, state, area, from, to` of a query string; what is none of these is left out, never an error."""
    codes = {EVERY, UNFILED, *HazardClass.values}
    hazard_class, state, area = (str(asked.get(name, "")) for name in ("class", "state", "area"))
    return Sift(
        hazard_class if hazard_class in codes else EVERY,
        state if state in dict(STATES) else "found",
        area if area.isascii() and area.isdigit() and 6 <= len(area) <= 15 else "",
        day_of(asked.get("from", "")),
        day_of(asked.get("to", "")),
    )


def day_of(text: Any) -> date | None:
    """Return a day written 2026-11-21, None for anything else."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None
