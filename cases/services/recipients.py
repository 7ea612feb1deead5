"""Whom a clock or an event concerns: user ids, by the posts held now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.choices import Role
from accounts.models import Post
from accounts.queries import people_holding
from accounts.querysets import day_of
from cases.choices import Clock, Nature
from cases.models import Case, Event
from cases.services.people import officers_of

BY_AREA = {
    Clock.ACCEPT_BY: Role.CLERK,
    Clock.DISPATCH_BY: Role.DISPATCHER,
    Clock.REVIEW_BY: Role.SUPERVISOR,
    Clock.FOLLOW_UP_BY: Role.FOLLOW_UP_OFFICER,
}


class Recipients:
    """Looks people up, each set once per sweep."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._kept: dict[tuple[str, str], frozenset[int]] = {}

    def _once(self, key: tuple[str, str], find: Callable[[], list[int]]) -> frozenset[int]:
        if key not in self._kept:
            self._kept[key] = frozenset(find())
        return self._kept[key]

    def role(self, role: str, area_code: str) -> frozenset[int]:
        """People of a role whose post covers the area."""
        return self._once(
            (role, area_code), lambda: [user.pk for user in people_holding(role, self.now, area_code=area_code)]
        )

    def officers(self, unit_id: int | None) -> frozenset[int]:
        """People who may be 承办人 in the unit, its leads among them."""
        if unit_id is None:
            return frozenset()
        return self._once(("officers", str(unit_id)), lambda: [user.pk for user in officers_of(unit_id, self.now)])

    def leads(self, unit_id: int | None) -> frozenset[int]:
        """People whose post is marked lead of the unit."""
        if unit_id is None:
            return frozenset()
        posts = Post.objects.in_force(day_of(self.now)).filter(unit_id=unit_id, lead=True)
        return self._once(("leads", str(unit_id)), lambda: list(posts.values_list("user_id", flat=True)))

    def of_clock(self, case: Case, clock: str, late: bool) -> frozenset[int]:
        """Who is waited for; once it is late, their lead and the supervisors hear of it too."""
        found = self._waited_for(case, Clock(clock))
        if late:
            found |= self.leads(case.lead_unit_id) | self.role(Role.SUPERVISOR, case.desk_area)
        return self._allowed(case, found)

    def _waited_for(self, case: Case, clock: Clock) -> frozenset[int]:
        if clock in BY_AREA:
            return self.role(BY_AREA[clock], case.desk_area)
        if case.handler_id and clock in (Clock.CONTACT_BY, Clock.RESOLVE_BY):
            return frozenset({case.handler_id})
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
        elif event.kind in ("dispatch", "conclude", "insist", "reassign", "order"):
            # The unit of this very move: a late worker tells nobody of a later one (behaviour 13).
            found = self.officers(event.data.get("lead_unit_id") or case.lead_unit_id)
        elif event.kind in ("send_back", "redo", "reopen", "assign", "decide"):
            found = frozenset({case.handler_id}) if case.handler_id else self.officers(case.lead_unit_id)
        elif event.kind in ("resolve", "respond"):
            found = self.role(Role.SUPERVISOR, case.desk_area)
        elif event.kind == "request":
            found = self.leads(case.lead_unit_id)
        elif event.kind in ("approve", "rate", "resolve_on_spot"):
            found = self.role(Role.FOLLOW_UP_OFFICER, case.desk_area)
        return self._allowed(case, found - {event.actor_id})

    def of_loss(self, event: Event) -> frozenset[int]:
        """Who had the case until this event took it from them (改派、另行指派): they are told that it is gone."""
        if event.kind not in ("reassign", "assign"):
            return frozenset()
        handler, unit = event.data.get("from_handler_id"), event.data.get("from_unit_id")
        return (frozenset({handler}) if handler else self.officers(unit)) - {event.actor_id}

    def _allowed(self, case: Case, found: frozenset[int]) -> frozenset[int]:
        """Leave out the people of the unit complained about (rule 4)."""
        about = case.complained_unit
        if about is None or case.nature not in (Nature.CONDUCT, Nature.REPORT):
            return found
        posts = Post.objects.in_force(day_of(self.now)).filter(user_id__in=found)
        inside = (
            posts.filter(unit__path__startswith=about.path)
            if case.nature == Nature.REPORT
            else posts.filter(unit=about)
        )
        return found - set(inside.values_list("user_id", flat=True))
