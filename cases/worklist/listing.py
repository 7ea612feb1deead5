"""Which cases a list shows: what somebody may see, within a tab, narrowed by what the address says, in an order.

One reading for the page, the export, the bulk form and the next-in-list, so that they agree to the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Q, Value
from django.http import QueryDict
from django.urls import reverse

from accounts.choices import Role
from accounts.queries import Actor
from cases import desks
from cases.filters import CaseFilter
from cases.models import Case
from cases.worklist import paging
from cases.worklist.tallying import kept_count

TABS: Mapping[str, str] = {
    "mine": "待我处理",
    "soon": "即将超时",
    "overdue": "超时",
    "returned": "退回重办",
    "all": "全部",
}
WITHIN: Mapping[str, Callable[[Actor, datetime], Q]] = {
    "mine": lambda actor, _now: desks.turn_of(actor),
    "soon": lambda _actor, now: desks.soon_late(now),
    "overdue": lambda _actor, now: desks.late_now(now),
    "returned": lambda _actor, _now: desks.sent_back(),
    "all": lambda _actor, _now: Q(),
}
SORTED = {"mine": "step", "soon": "due", "overdue": "due", "returned": "due"}
FILTERS = tuple(CaseFilter.base_filters)
#: What belongs to a list and to a saved view of it; a cursor belongs to one page.
KEPT = ("tab", "view", *FILTERS, "sort")
LONGEST_QUERY = 1000
#: Beyond so many a total that no kept count tells is said as 「超过 1,000 件」: counting on would cost every page.
COUNTED_UP_TO = 1_000


@dataclass
class Listing:
    """One list, as asked in an address by one person at one moment."""

    asked: QueryDict
    actor: Actor
    now: datetime

    @cached_property
    def tab(self) -> str:
        """The tab asked for; without one a search or a filter looks at everything, else the desk comes first."""
        tab = self.asked.get("tab", "")
        if tab in TABS:
            return tab
        return "all" if any(self.asked.get(name) for name in FILTERS) else first_tab(self.actor)

    @cached_property
    def sort(self) -> str:
        """The order asked for, or the tab's own."""
        sort = self.asked.get("sort", "")
        return sort if sort in paging.SORTS else SORTED.get(self.tab, "newest")

    @cached_property
    def visible(self) -> Any:
        """What this person may see; every list, count and export begins here."""
        return Case.objects.visible_to(self.actor, self.now).order_by()

    @cached_property
    def _filter(self) -> CaseFilter:
        return CaseFilter(self.asked, queryset=self.visible, request=SimpleNamespace(actor=self.actor, GET=self.asked))

    @property
    def errors(self) -> list[str]:
        """Sentences about filters that could not be read."""
        return [str(sentence) for rows in self._filter.form.errors.values() for sentence in rows]

    @cached_property
    def cases(self) -> Any:
        """The cases of this list, unordered."""
        found = self._filter.qs if self._filter.is_valid() else self.visible.none()
        return found.filter(WITHIN[self.tab](self.actor, self.now))

    def kept_count(self) -> int | None:
        """How many there are by the counts that are kept; None where they do not say."""
        if self.tab != "all" or self.errors:
            return None
        filters = {name: self.kept.getlist(name) for name in FILTERS if name in self.kept}
        return kept_count(self.actor, self.now, filters, self._filter.window)

    def page(self, size: int, named: Callable[[Any], Any]) -> paging.Page:
        """The page the address asks for; `named` adds the joins of the columns."""
        return paging.page_of(
            named(self.cases), self.sort, size, self.asked.get("after", ""), self.asked.get("before", "")
        )

    @cached_property
    def kept(self) -> QueryDict:
        """The address without its cursor and without names left blank."""
        return kept_of(self.asked)

    def url(self, *drop: str, **changes: str) -> str:
        """This list with some names changed or dropped, from its first page."""
        return "?" + changed(self.kept, *drop, **changes).urlencode()

    def page_url(self, **cursor: str) -> str:
        """Another page of this very list."""
        return "?" + changed(self.kept, **cursor).urlencode()

    def place_of(self, case: Case) -> str:
        """The query that remembers this list and where in it a case stood."""
        return changed(self.kept, at=paging.cursor_of(case, self.sort)).urlencode()

    @property
    def address(self) -> str:
        """The whole address of the list."""
        return f"{reverse('cases:list')}{self.url()}"


def person_of(actor: Actor) -> int:
    """The id of the person a list, a view or an export belongs to; 0, which is nobody's, for a service."""
    return actor.user_id or 0


def first_tab(actor: Actor) -> str:
    """Where the list opens: a leader acts on nothing and looks at what is late."""
    acting = any(post.role in desks.DESKS or post.lead for post in actor.posts)
    return "mine" if acting or not actor.has(Role.LEADER) else "overdue"


def kept_of(asked: QueryDict) -> QueryDict:
    """The part of an address that belongs to a list, blanks left out."""
    kept = QueryDict(mutable=True)
    for name in asked:
        values = [value for value in asked.getlist(name) if value.strip()]
        if name in KEPT and values:
            kept.setlist(name, values)
    return kept


def changed(query: QueryDict, *drop: str, **changes: str) -> QueryDict:
    """A copy with some names dropped and others set; "" drops too."""
    copy = query.copy()
    for name in (*drop, *changes):
        copy.pop(name, None)
    for name, value in changes.items():
        if value:
            copy[name] = value
    return copy


def query_of(text: str) -> QueryDict:
    """Read a query that was kept as text; one that is too long is taken as empty."""
    return QueryDict(text.lstrip("?") if len(text) <= LONGEST_QUERY else "")


@dataclass(frozen=True)
class Total:
    """How many cases a list has; `more` where counting stopped, and there are more than `number`."""

    number: int
    more: bool = False

    @property
    def words(self) -> str:
        """「共 128 件」, or that there are more than anybody leafs through."""
        return f"超过 {self.number:,} 件" if self.more else f"共 {self.number:,} 件"


def total_of(listing: Listing) -> Total:
    """Return how many a list has: exact by the kept counts where its filters allow, else counted up to `COUNTED_UP_TO`."""
    kept = listing.kept_count()
    if kept is not None:
        return Total(kept)
    found = int(listing.cases.order_by()[: COUNTED_UP_TO + 1].count())
    return Total(COUNTED_UP_TO, more=True) if found > COUNTED_UP_TO else Total(found)


def counts(listings: Sequence[Listing]) -> list[Total]:
    """Count several lists in one statement, each up to `COUNTED_UP_TO`."""
    if not listings:
        return []
    first, *others = [_counted(listing, place) for place, listing in enumerate(listings)]
    found = dict(first.union(*others, all=True) if others else first)
    numbers = [int(found.get(place, 0)) for place in range(len(listings))]
    return [Total(min(number, COUNTED_UP_TO), more=number > COUNTED_UP_TO) for number in numbers]


def _counted(listing: Listing, place: int) -> Any:
    within = listing.cases.order_by().values("pk")[: COUNTED_UP_TO + 1]
    found = Case.objects.order_by().filter(pk__in=within)
    return found.values_list(Value(place)).annotate(many=Count("pk"))
