"""The next case of the list that this one was opened from, remembered in the address (`?list=…`) and nowhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.queries import Actor
from cases.models import Case
from cases.worklist import paging
from cases.worklist.listing import TABS, Listing, changed, query_of


def remembered(request: HttpRequest) -> str:
    """The list of this request's page: from its address, its form, or the page that it was sent from."""
    given = request.GET.get("list") or request.POST.get("list")
    if not given and (page := request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")):
        given = QueryDict(page.partition("?")[2].partition("#")[0]).get("list")
    return query_of(given or "").urlencode()


def with_list(request: HttpRequest, url: str) -> str:
    """The address of a case with the list it was opened from."""
    kept = remembered(request)
    return f"{url}?{_as_list(kept)}" if kept else url


def list_of(request: HttpRequest) -> str:
    """The list this request's case was opened from, or the list as it opens by itself."""
    kept = remembered(request)
    return f"{reverse('cases:list')}?{changed(query_of(kept), 'at').urlencode()}" if kept else reverse("cases:list")


def of(request: HttpRequest, number: str) -> dict[str, Any]:
    """`{next_case: {next_url, previous_url, back_url, label}}` for a case opened from a list, else nothing; no query.

    Which case is next is asked only when somebody presses: after a move it is another one.
    """
    kept = remembered(request)
    if not kept:
        return {}
    query = query_of(kept)
    tab = query.get("tab", "")
    place = f"{reverse('cases:next')}?{_as_list(kept)}&from={number}"
    return {
        "next_case": {
            "next_url": place,
            "previous_url": f"{place}&back=1",
            "back_url": list_of(request),
            "label": TABS.get(tab, "列表"),
        }
    }


def after(query: str, number: str, actor: Actor, now: datetime, *, back: bool = False) -> tuple[Case | None, Listing]:
    """The case after (before) the place that `query` remembers, itself left out, and its list."""
    asked = query_of(query)
    listing = Listing(asked, actor, now)
    others = listing.cases.exclude(number=number)
    found = paging.beyond(others, listing.sort, asked.get("at", ""), back=back).first()
    return found, listing


def address_of(case: Case, listing: Listing) -> str:
    """The page of a case, remembering this list and the new place in it."""
    return _opened(case, listing.place_of(case))


def opened_from(case: Case, query: str, sort: str) -> str:
    """The page of a case, remembering the list of `query` and its place there in the order `sort` (its key annotated)."""
    return _opened(case, changed(query_of(query), at=paging.cursor_of(case, sort)).urlencode())


def _opened(case: Case, query: str) -> str:
    return f"{reverse('cases:case', args=[case.number])}?{_as_list(query)}"


def _as_list(query: str) -> str:
    packed = QueryDict(mutable=True)
    packed["list"] = query
    return packed.urlencode()


def is_empty(listing: Listing, number: str) -> bool:
    """Tell whether nothing else is on the list."""
    return not listing.cases.exclude(number=number).exists()
