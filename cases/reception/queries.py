"""Reading reception days, their bookings, and the ledgers 接访台账 and 包案台账."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from accounts.choices import Role, UnitKind
from accounts.queries import Actor, PostView, actor_for, people_holding
from cases import choices as c
from cases.models import Case, CaseLead, ReceptionBooking, ReceptionDay, TeamMember
from governance_portal.lib.errors import NotYours
from governance_portal.lib.masking import mask_name, mask_phone
from governance_portal.lib.working_days import day_of

NEVER = Q(pk__in=())
#: Of bookings: a phone that had a place asked again (`ReceptionBooking.is_echo`).
ECHO = Q(cancelled_at=F("booked_at"))
READERS = (Role.CLERK, Role.SUPERVISOR, Role.LEADER)
#: Halls where leaders receive people; a department's own posts do not read who came.
HALLS = (UnitKind.CENTRE, UnitKind.LEADERSHIP, UnitKind.STREET)
#: Residents read so many days ahead.
AHEAD = timedelta(days=60)
today_of = day_of


def reads(post: PostView) -> bool:
    """Tell whether a post reads reception days of its area."""
    return post.role in READERS and post.unit_kind in HALLS and bool(post.area_code)


def plans(post: PostView) -> bool:
    """Tell whether a post plans and publishes them: the centre's lead, and supervisors."""
    return reads(post) and (post.role == Role.SUPERVISOR or post.leads_centre)


def reading_posts(actor: Actor) -> list[PostView]:
    """The posts of somebody that read reception days."""
    return [post for post in actor.posts if reads(post)]


def may_plan(actor: Actor, day: ReceptionDay | None = None) -> bool:
    """Tell whether somebody plans days (this one, if named)."""
    return any(plans(post) and (day is None or day.area_code.startswith(post.area_code)) for post in actor.posts)


def may_book(actor: Actor, day: ReceptionDay) -> bool:
    """Tell whether somebody books, registers who came and what was said: the window, and whoever plans."""
    window = any(post.covers(day.area_code) for post in reading_posts(actor) if post.role == Role.CLERK)
    return window or may_plan(actor, day)


def window_of(day: ReceptionDay, now: datetime) -> set[int]:
    """Return who sits at the window of a day's hall: its clerks, or where it has none those of the hall above."""
    clerks = [actor_for(user, now) for user in people_holding(Role.CLERK, now, area_code=day.area_code)]
    found = {actor.user_id: actor for actor in clerks if actor.user_id and may_book(actor, day)}
    near = {pk for pk, actor in found.items() if any(post.area_code == day.area_code for post in reading_posts(actor))}
    return near or set(found)


def days_of(actor: Actor) -> QuerySet[ReceptionDay]:
    """Return the days of the areas that somebody reads."""
    scope = NEVER
    for post in reading_posts(actor):
        scope |= Q(area_code__under=post.area_code)
    return ReceptionDay.objects.filter(scope)


def find_day(actor: Actor, pk: int) -> ReceptionDay:
    """Return one of them; NotYours (404) otherwise."""
    found = days_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotYours()
    return found


def counted(days: QuerySet[ReceptionDay]) -> QuerySet[ReceptionDay]:
    """Mark each day with `booked` (standing), `echoes`, `came` and `instructed`; one statement."""
    standing = Q(bookings__cancelled_at__isnull=True)
    return days.annotate(
        booked=Count("bookings", filter=standing),
        echoes=Count("bookings", filter=Q(bookings__cancelled_at=F("bookings__booked_at"))),
        came=Count("bookings", filter=standing & Q(bookings__attended=True)),
        instructed=Count("bookings", filter=Q(bookings__instructed=True)),
    )


def coming(days: QuerySet[ReceptionDay], now: datetime) -> QuerySet[ReceptionDay]:
    """Today's and later ones, the nearest first."""
    return days.filter(date__gte=today_of(now)).order_by("date", "starts", "id")


# --- what residents read ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicDay:
    """One published day as residents read it; `open` tells whether a place can still be booked."""

    day: ReceptionDay
    open: bool
    full: bool
    over: bool


def published(now: datetime) -> list[PublicDay]:
    """Return the published days from today on, the cancelled among them (who booked must read that); one statement.

    Source: 信访工作条例 §18 ¶1 (time and place of a reception are made public). How many places are left is not told:
    it would tell whether a telephone number has booked already.
    """
    days = ReceptionDay.objects.filter(published_at__isnull=False, date__lte=today_of(now) + AHEAD)
    return [_public(day, now) for day in coming(counted(days), now)]


def find_published(pk: int, now: datetime) -> PublicDay:
    """Return one published day that is not over; NotYours otherwise."""
    days = coming(ReceptionDay.objects.filter(published_at__isnull=False, pk=pk), now)
    found = counted(days).first()
    if found is None:
        raise NotYours("没有这个接访日，或者已经结束；请看看别的日子。")
    return _public(found, now)


def _public(day: Any, now: datetime) -> PublicDay:
    full, over = day.booked + day.echoes >= day.capacity, now >= day.begins_at
    return PublicDay(day, not (full or over or day.cancelled_at), full, over)


# --- bookings -----------------------------------------------------------------------------------------------------


def row_of(booking: ReceptionBooking, visible: set[int]) -> dict[str, Any]:
    """Return a booking as staff read it: masked, its case only if they may open it.

    What was said about a case that the reader may not see is not told either.
    """
    contact, minutes = booking.contact or {}, booking.minutes or {}
    seen = booking.case_id is None or booking.case_id in visible
    case = booking.case if seen else None
    return {
        "booking": booking,
        "name": mask_name(contact["name"]) if contact.get("name") else "",
        "phone": mask_phone(contact["phone"]) if contact.get("phone") else "",
        "matter": contact.get("matter", "") if seen else "",
        "case": case,
        "hidden": booking.case_id is not None and not seen,
        "said": minutes.get("said", "") if seen else "",
        "instruction": minutes.get("instruction", "") if seen else "",
        "state": state_of(booking),
    }


def state_of(booking: ReceptionBooking) -> str:
    """The state of a booking in a word."""
    if booking.cancelled_at:
        return "已取消"
    if booking.attended is None:
        return "已预约" if booking.source != c.BookedBy.ON_SITE else "已到场，待登记"
    return "已接访" if booking.attended else "未到场"


def rows_of(bookings: Iterable[ReceptionBooking], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of a list; one statement for what of it the reader may open."""
    bookings = list(bookings)
    ids = {booking.case_id for booking in bookings if booking.case_id}
    seen = set(Case.objects.visible_to(actor, now).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [row_of(booking, seen) for booking in bookings]


def bookings_of(day: ReceptionDay) -> QuerySet[ReceptionBooking]:
    """The bookings of a day by seat, the cancelled last; without echoes, which the window need not know."""
    return day.bookings.exclude(ECHO).select_related("case", "unit").order_by("cancelled_at", "seat", "id")


def register_of(actor: Actor, first: date, last: date) -> QuerySet[ReceptionBooking]:
    """接访登记 (facts D30): who was received between two days, the newest first."""
    days = days_of(actor).filter(date__gte=first, date__lte=last)
    rows = ReceptionBooking.objects.filter(day__in=days, attended=True)
    return rows.select_related("day", "case", "unit").order_by("-day__date", "day__starts", "seat")


# --- 包案 ---------------------------------------------------------------------------------------------------------


def ledger(actor: Actor, now: datetime, *, every: bool = False) -> QuerySet[CaseLead]:
    """包案台账: of the cases that somebody sees; those that stand (case open, not ended), or every one."""
    found = CaseLead.objects.filter(case__in=Case.objects.visible_to(actor, now).order_by())
    if not every:
        found = found.filter(ended_at__isnull=True, case__status__in=c.OPEN)
    counts = found.annotate(met=Count("steps__met_on"), last_met=Max("steps__met_on"), last_step=Max("steps__at"))
    return counts.select_related("case", "unit").order_by("deadline", "id")


@dataclass(frozen=True)
class Together:
    """What a case page shows of 包案 and 案组."""

    leads: list[CaseLead]
    team: list[TeamMember]

    @property
    def standing(self) -> CaseLead | None:
        """The leader who has it now."""
        return next((lead for lead in self.leads if lead.ended_at is None), None)

    def __bool__(self) -> bool:
        return bool(self.leads or self.team)


def together_of(case: Case) -> Together:
    """Return who has taken a case and who solves it, those who left among them; no statement where a mark says nobody."""
    leads = case.leads.select_related("unit").prefetch_related("steps") if getattr(case, "has_leads", True) else ()
    team = case.team.select_related("role", "unit") if getattr(case, "has_team", True) else ()
    return Together(list(leads), list(team))


def told_team(case: Case) -> list[dict[str, str]]:
    """Return who solves a matter as its resident reads it: `{role, unit, office, phone}`, never a name; [] once ended."""
    if not case.is_open:
        return []
    return [
        {"role": member.role.name, "unit": member.unit.name, "office": member.office, "phone": member.phone}
        for member in case.team.filter(told=True, left_at__isnull=True).select_related("role", "unit")
    ]
