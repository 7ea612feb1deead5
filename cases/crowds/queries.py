"""What the pages of repeats and crowds read: groups that wait, joint matters with their residents and sub-items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet

from accounts.queries import Actor
from cases import choices as c
from cases.crowds.deciding import MERGEABLE, reasons_told, waiting
from cases.crowds.groups import joined
from cases.models import Case, Crowd, SubItem
from governance_portal.lib.bigrams import plain

SHORTEST_RUN, MOST_RUNS = 3, 3
#: Open, but nobody works on the matter itself any more.
ANSWERED = (c.Status.SUPERVISION, c.Status.FOLLOW_UP)


@dataclass(frozen=True)
class Group:
    """Cases that may be one matter: their ids, the oldest first, and the strongest pair's reasons."""

    ids: tuple[int, ...]
    reasons: tuple[str, ...]
    exact: bool

    @property
    def size(self) -> int:
        """How many matters."""
        return len(self.ids)


def groups_of(actor: Actor, now: datetime) -> list[Group]:
    """Return the groups that wait for a decision of this person, the biggest first; one query."""
    rows = list(
        waiting(actor, now)
        .order_by("evidence", "pk")
        .values_list("case_id", "other_id", "other__status", "other__master_id", "reasons", "exact")
    )
    pairs = {}
    for case, other, status, master, reasons, exact in rows:
        into = master if status == c.Status.MERGED and master else other
        if into != case:
            pairs[(case, into)] = (reasons, exact)
    best: dict[int, tuple[list[str], bool]] = {}
    for (case, into), told in pairs.items():  # the strongest comes last
        best[case] = best[into] = told
    found = []
    for ids in joined(pairs):
        reasons, exact = best[ids[-1]]
        found.append(Group(tuple(ids), tuple(reasons_told(reasons, actor)), exact))
    return found


def waiting_count(actor: Actor, now: datetime) -> int:
    """How many matters wait for a decision on whether they are repeats; one query."""
    return waiting(actor, now).values("case_id").distinct().count()


def group_with(actor: Actor, case: Case, now: datetime) -> Group | None:
    """Return the group that a case belongs to, or None when nothing waits about it."""
    return next((group for group in groups_of(actor, now) if case.pk in group.ids), None)


def read(ids: Iterable[int], actor: Actor, now: datetime) -> list[Case]:
    """Return visible cases with what a row names, the oldest first."""
    cases = Case.objects.visible_to(actor, now).filter(pk__in=list(ids))
    return list(cases.select_related("lead_unit", "category", "master").order_by("registered_at", "pk"))


def head_of(cases: Sequence[Case]) -> Case | None:
    """Propose into which of these the others go: one still worked on that has merged ones, else the oldest still worked on,
    else the oldest that is open."""
    live = [case for case in cases if c.Status(case.status) in c.OPEN]
    having = dict(
        Case.objects.filter(master__in=[case.pk for case in live], status=c.Status.MERGED)
        .order_by()
        .values_list("master_id")
        .annotate(count=Count("pk"))
    )
    return max(
        live,
        key=lambda case: (case.status not in ANSWERED, having.get(case.pk, 0), -case.registered_at.timestamp()),
        default=None,
    )


def may_go(case: Case) -> bool:
    """Whether a case stands where it can still be merged."""
    return case.status in MERGEABLE and case.procedure not in c.REVIEWS


def shared_words(one: Case, other: Case) -> list[str]:
    """Return what both speak of: the longest runs of the first one's title that stand in the second one's words."""
    words = f"{plain(other.title)} {plain(other.description)}"
    found: list[str] = []
    for piece in plain(one.title).split():
        at = 0
        while at < len(piece):
            end = at
            while end < len(piece) and piece[at : end + 1] in words:
                end += 1
            if end - at >= SHORTEST_RUN:
                found.append(piece[at:end])
            at = max(end, at + 1)
    return sorted(dict.fromkeys(found), key=len, reverse=True)[:MOST_RUNS]


# --- joint matters ------------------------------------------------------------------------------------------------


def crowds_of(actor: Actor, now: datetime) -> QuerySet[Crowd]:
    """Return the joint matters in sight, those still open first; with how many residents and sub-items each has."""
    seen = Crowd.objects.filter(case__in=Case.objects.visible_to(actor, now).values("pk"), ended_at__isnull=True)
    items = Q(case__sub_items__dropped_at__isnull=True)
    return (
        seen.select_related("case", "case__lead_unit")
        .annotate(
            merged=Count("case__merged_cases", filter=Q(case__merged_cases__status=c.Status.MERGED), distinct=True),
            total=Count("case__sub_items", filter=items, distinct=True),
            done=Count("case__sub_items", filter=items & Q(case__sub_items__done_at__isnull=False), distinct=True),
        )
        .order_by(F("case__closed_at").asc(nulls_first=True), "-since", "-pk")
    )


def crowd_of(case: Case) -> Crowd | None:
    """Return the joint matter that a case stands for now."""
    return Crowd.objects.filter(case=case, ended_at__isnull=True).first()


@dataclass(frozen=True)
class Progress:
    """How far a joint matter is: sub-items done of all, and places where all are done of all places."""

    done: int
    total: int
    places_done: int
    places: int

    @property
    def words(self) -> str:
        """431/477, and of several places how many are done: 431/477，31/34 处全部完成."""
        whole = f"{self.done}/{self.total}"
        return f"{whole}，{self.places} 处中 {self.places_done} 处全部完成" if self.places > 1 else whole


@dataclass(frozen=True)
class Place:
    """The sub-items of one place."""

    name: str
    items: tuple[SubItem, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(item.done_at is not None for item in self.items)

    @property
    def is_done(self) -> bool:
        """Whether all are."""
        return self.done == len(self.items)


def places_of(case: Case) -> list[Place]:
    """Return the live sub-items by place, in the order in which the places came; one query."""
    items = list(SubItem.objects.filter(case=case, dropped_at__isnull=True).order_by("position"))
    order = {item.place: at for at, item in reversed(list(enumerate(items)))}
    items.sort(key=lambda item: (order[item.place], item.position))
    return [Place(name, tuple(of_place)) for name, of_place in groupby(items, key=lambda item: item.place)]


def progress_of(places: Sequence[Place]) -> Progress | None:
    """Return how far it is, None without sub-items."""
    total = sum(len(place.items) for place in places)
    if not total:
        return None
    return Progress(sum(place.done for place in places), total, sum(place.is_done for place in places), len(places))


def residents_of(case: Case, actor: Actor, now: datetime) -> list[Case]:
    """Return the matters merged into this one that this person may see, the oldest first."""
    merged = Case.objects.visible_to(actor, now).filter(master=case, status=c.Status.MERGED)
    return list(merged.select_related("lead_unit", "category").order_by("registered_at", "pk"))
