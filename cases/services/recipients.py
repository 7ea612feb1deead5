"""Whom a clock or an event concerns: user ids, by the posts held now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Q

from accounts.choices import Role, UnitKind
from accounts.models import Deputy, Post, Unit, User
from accounts.queries import people_holding, prefixes
from accounts.querysets import day_of
from cases.choices import AGREEMENT_CLOCKS, Clock, Nature, RequestKind, Rung
from cases.following_up.consequences import is_unhappy
from cases.models import Case, Event, HandlerRequest
from cases.services.people import officers_of
from cases.services.requesting import needs_the_centre, resolve_policy
from cases.services.staffing import Staff

BY_AREA = {
    Clock.ACCEPT_BY: Role.CLERK,
    Clock.DISPATCH_BY: Role.DISPATCHER,
    Clock.REVIEW_BY: Role.SUPERVISOR,
    Clock.FOLLOW_UP_BY: Role.FOLLOW_UP_OFFICER,
}
#: The rungs before a clock has run out.
AHEAD = (Rung.BEFORE, Rung.BEFORE2, Rung.BEFORE3)
#: What units do together on one case; a 会商, opinions, joint tasks.
BETWEEN_UNITS = ("consult", "opinion", "assist", "task", "task_done", "task_drop")


class Concerned(Protocol):
    """What is asked of a case to know whom its clock concerns; a `Case` has it, and the sweep's short row."""

    @property
    def lead_unit_id(self) -> int | None:
        """The unit that leads."""

    @property
    def first_unit_id(self) -> int | None:
        """The unit that led first (首接单位)."""

    @property
    def handler_id(self) -> int | None:
        """Who handles it."""

    @property
    def desk_area(self) -> str:
        """Whose desk has it."""

    @property
    def nature(self) -> str:
        """Of a complaint its nature, else ""."""

    @property
    def complained_unit(self) -> Unit | Complained | None:
        """The unit complained about."""


@dataclass(frozen=True, slots=True)
class Complained:
    """A unit complained about, where only its place in the tree is known."""

    pk: int
    path: str


class Recipients:
    """Looks people up, each set once per sweep."""

    def __init__(self, now: datetime, staff: Staff | None = None) -> None:
        """With `staff` (everybody, read at once) nothing more is asked about people: for sweeps over many cases."""
        self.now = now
        self.staff = staff
        self._kept: dict[tuple[str, str], frozenset[int]] = {}

    def _once(self, key: tuple[str, str], find: Callable[[], Iterable[int]]) -> frozenset[int]:
        if key not in self._kept:
            self._kept[key] = frozenset(find())
        return self._kept[key]

    def role(self, role: str, area_code: str) -> frozenset[int]:
        """People of a role whose post covers the area."""
        if staff := self.staff:
            return self._once((role, area_code), lambda: staff.role(role, area_code))
        return self._once(
            (role, area_code), lambda: [user.pk for user in people_holding(role, self.now, area_code=area_code)]
        )

    def officers(self, unit_id: int | None) -> frozenset[int]:
        """People who may be 承办人 in the unit, its leads among them."""
        if unit_id is None:
            return frozenset()
        if self.staff:
            return frozenset(self.staff.officers.get(unit_id, ()))
        return self._once(("officers", str(unit_id)), lambda: [user.pk for user in officers_of(unit_id, self.now)])

    def leads(self, unit_id: int | None) -> frozenset[int]:
        """People whose post is marked lead of the unit."""
        if unit_id is None:
            return frozenset()
        if self.staff:
            return frozenset(self.staff.leads.get(unit_id, ()))
        return self._once(("leads", str(unit_id)), lambda: self._holding(unit_id=unit_id, lead=True))

    def _holding(self, **narrowed: object) -> list[int]:
        """People in use who hold such a post, or stand in for who does."""
        day = day_of(self.now)
        posts = Post.objects.in_force(day).filter(**narrowed)
        deputies = Deputy.objects.in_force(day).filter(post__in=posts)
        people = Q(pk__in=posts.values("user_id")) | Q(pk__in=deputies.values("user_id"))
        return list(User.objects.filter(people, is_active=True).values_list("pk", flat=True))

    def leads_over(self, role: str, area_code: str) -> frozenset[int]:
        """Who leads the units in which people of a role sit for an area: their leads."""
        if staff := self.staff:
            return self._once((f"leads over {role}", area_code), lambda: staff.leads_over(role, area_code))
        units = Post.objects.in_force(day_of(self.now)).filter(role=role, area_code__in=prefixes(area_code))
        return self._once(
            (f"leads over {role}", area_code), lambda: self._holding(unit_id__in=units.values("unit_id"), lead=True)
        )

    def centre_leads(self, area_code: str) -> frozenset[int]:
        """People who lead the centre whose area covers this one, or stand in for who does."""
        of_centre = {"lead": True, "unit__kind": UnitKind.CENTRE, "area_code__in": prefixes(area_code)}
        return self._once(("centre_leads", area_code), lambda: self._holding(**of_centre))

    def of_clock(self, case: Case, clock: str) -> frozenset[int]:
        """Who is waited for."""
        return self._allowed(case, self._waited_for(case, Clock(clock)))

    def of_rung(self, case: Concerned, clock: str, rung: str) -> frozenset[int]:
        """Who is told at a rung: who is waited for; then their lead too; the supervisor; the leader of the area.

        Of a late 办结时限 also the leads of the unit that had the matter first: accountable to the end (北京条例 §14).
        """
        found = self._waited_for(case, Clock(clock))
        if rung not in AHEAD:
            role = BY_AREA.get(Clock(clock)) or (None if case.lead_unit_id else Role.DISPATCHER)
            found |= self.leads_over(role, case.desk_area) if role else self.leads(case.lead_unit_id)
            if clock == Clock.RESOLVE_BY:
                found |= self.leads(case.first_unit_id)
        if rung in (Rung.LATE1, Rung.LATE2):
            found |= self.role(Role.SUPERVISOR, case.desk_area)
        if rung == Rung.LATE2:
            found |= self.role(Role.LEADER, case.desk_area)
        return self._allowed(case, found)

    def _waited_for(self, case: Concerned, clock: Clock) -> frozenset[int]:
        if clock in BY_AREA:
            return self.role(BY_AREA[clock], case.desk_area)
        if case.handler_id and clock in (Clock.CONTACT_BY, Clock.RESOLVE_BY):
            return frozenset({case.handler_id})
        if (
            case.handler_id and clock in AGREEMENT_CLOCKS
        ):  # a closed case is handed over to nobody when its handler leaves
            return frozenset({case.handler_id}) | self.leads(case.lead_unit_id)
        if case.lead_unit_id:
            return self.officers(case.lead_unit_id)
        return self.role(Role.DISPATCHER, case.desk_area)

    def of_event(self, case: Case, event: Event) -> frozenset[int]:
        """Who must act because of an event; the one who made it is not told what he did."""
        found: frozenset[int] = frozenset()
        if event.kind in ("register", "review_decline"):
            found = self.role(Role.CLERK, case.desk_area)
        elif event.kind in ("accept", "return", "escalate"):
            found = self.role(Role.DISPATCHER, case.desk_area)
        elif event.kind in ("order", "renew") and not case.lead_unit_id:  # 应受理未受理: the desk that has it answers
            found = self.role(Role.CLERK, case.desk_area) | self.role(Role.DISPATCHER, case.desk_area)
        elif event.kind in ("dispatch", "conclude", "insist", "reassign", "order", "renew"):
            # The unit of this very move: a late worker tells nobody of a later one (behaviour 13).
            found = self.officers(event.data.get("lead_unit_id") or case.lead_unit_id)
        elif event.kind == "decide" and event.data["kind"] == RequestKind.DECLINE:
            asked = HandlerRequest.objects.filter(pk=event.data["request"], requested_by__isnull=False)
            found = frozenset(asked.values_list("requested_by_id", flat=True))
        elif event.kind in ("send_back", "redo", "reopen", "assign", "decide", "resume"):
            found = frozenset({case.handler_id}) if case.handler_id else self.officers(case.lead_unit_id)
        elif event.kind in ("resolve", "respond"):
            found = self.role(Role.SUPERVISOR, case.desk_area) - {case.finder_id}
        elif event.kind in ("request", "request_decline"):
            found = self.deciders(case, event)
        elif event.kind in BETWEEN_UNITS:
            found = self.of_units(case, event)
        elif event.kind == "ask_redo":
            found = self.role(Role.SUPERVISOR, case.desk_area) - set(case.handled_by)
        elif event.kind == "decide_redo" and not event.data["approved"]:
            found = self.centre_leads(case.desk_area)
        elif event.kind in ("approve", "resolve_on_spot") or (event.kind == "rate" and first_unhappy(event)):
            found = self.role(Role.FOLLOW_UP_OFFICER, case.desk_area) - set(case.handled_by)
        return self._allowed(case, found - {event.actor_id})

    def deciders(self, case: Case, event: Event) -> frozenset[int]:
        """Who decides what this event asks for: the unit's leads, or the centre's where they must or are alone."""
        kind = RequestKind.DECLINE if event.kind == "request_decline" else event.data["kind"]
        policy = resolve_policy(case, case.events.filter(kind="accept"), self.now)
        leads = self.leads(case.lead_unit_id) - {event.actor_id}
        if needs_the_centre(case, kind, policy) or not leads:
            return self.centre_leads(case.desk_area)
        return leads

    def of_units(self, case: Case, event: Event) -> frozenset[int]:
        """Who hears of what several units do together: those asked, or who has the case and who steers it."""
        if event.kind == "task_drop" and event.data.get("gone_id"):
            return frozenset()  # they can open the case no more: see of_loss
        if event.kind in ("consult", "task", "task_drop"):
            units = event.data.get("unit_ids") or [event.data.get("unit_id")]
            return frozenset().union(*(self.officers(unit) for unit in units))
        if event.kind == "opinion":
            return self.role(Role.DISPATCHER, case.desk_area)
        return frozenset({case.handler_id}) if case.handler_id else self.officers(case.lead_unit_id)

    def supervisors(self, case: Case) -> frozenset[int]:
        """Who may sign a 督办函 for a case."""
        return self._allowed(case, self.role(Role.SUPERVISOR, case.desk_area))

    def of_loss(self, case: Case, event: Event) -> frozenset[int]:
        """Who had the case, or a joint task of it, until this event took it from them: they are told that it is gone."""
        kept = event.data.get("assisting_ids", ())
        units = [unit for unit in event.data.get("ended_task_unit_ids", ()) if unit not in kept]
        if event.kind == "task_drop" and event.data.get("gone_id"):
            units.append(event.data["gone_id"])
        found: frozenset[int] = frozenset().union(*(self.officers(unit) for unit in units))
        if event.kind in ("reassign", "assign"):
            handler, unit = event.data.get("from_handler_id"), event.data.get("from_unit_id")
            found |= frozenset({handler}) if handler else self.officers(unit)
        return self._allowed(case, found - {event.actor_id})

    def allowed(self, case: Concerned, found: frozenset[int]) -> frozenset[int]:
        """Leave out who must not hear of a complaint about their own unit (rule 4)."""
        return self._allowed(case, found)

    def _allowed(self, case: Concerned, found: frozenset[int]) -> frozenset[int]:
        """Leave out the people of the unit complained about (rule 4)."""
        about = case.complained_unit
        if about is None or case.nature not in (Nature.CONDUCT, Nature.REPORT):
            return found
        below = case.nature == Nature.REPORT
        if self.staff:
            return found - self.staff.inside(found, about.path, below=below)
        day = day_of(self.now)
        of_unit = Q(unit__path__startswith=about.path) if below else Q(unit__path=about.path)
        posts = Post.objects.in_force(day).filter(of_unit)
        inside = set(posts.filter(user_id__in=found).values_list("user_id", flat=True))
        acting = Deputy.objects.in_force(day).filter(user_id__in=found, post__in=posts.values("pk"))
        return found - inside - set(acting.values_list("user_id", flat=True))


def first_unhappy(event: Event) -> bool:
    """Tell whether a resident's rating is the first unhappy one since the last answer: told of once, however often amended."""
    if not is_unhappy(event.data):
        return False
    earlier = Event.objects.filter(case_id=event.case_id, seq__lt=event.seq)
    again = earlier.filter(kind__in=("redo", "reopen")).order_by("-seq").values_list("seq", flat=True).first() or 0
    return not any(is_unhappy(one.data) for one in earlier.filter(kind="rate", seq__gt=again))
