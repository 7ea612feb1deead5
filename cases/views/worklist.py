"""The work list: filters in the address, tabs of the desk and views of one's own, pages by key, constant queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.queries import Actor
from cases import desks
from cases.services.registering import REGISTRARS
from cases.views.door import staff
from cases.worklist import chips, columns, paging, saved
from cases.worklist.columns import Column
from cases.worklist.listing import (
    FILTERS,
    TABS,
    Listing,
    Total,
    counts,
    query_of,
    total_of,
)
from cases.worklist.rows import rows_of, with_names
from governance_portal.lib.numbers import parse_number

BLANKS = {
    "mine": ("没有等您处理的事项", "新转来、退回或到您这一步的事项会出现在这里。"),
    "soon": ("没有即将超时的事项", "剩余时间不足两成的在办事项会出现在这里。"),
    "overdue": ("没有超时的事项", "过了期限还没办结的事项会出现在这里。"),
    "returned": ("没有退回的事项", "单位退回、审核退回、回访重办和恢复办理的事项会出现在这里。"),
    "all": ("还没有事项", "登记或转来的事项会出现在这里。"),
}


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list. A whole number typed into the search opens its case."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listing = Listing(request.GET, actor, timezone.now())
    number = parse_number(request.GET.get("q", ""))
    if number and listing.visible.filter(number=number).exists():
        return HttpResponseRedirect(reverse("cases:case", args=[number]))
    preference = saved.preference_of(actor)
    shown = columns.chosen(preference.columns)
    page = listing.page(preference.page_size, lambda cases: with_names(cases, shown))
    desk_counts = desks.counts_of(actor, listing.now)
    request.desk_counts = desk_counts  # type: ignore[attr-defined]  # the rail shows the same figure
    total = _total(listing, page, desk_counts)
    rows = rows_of(page.cases, shown, listing.tab, listing.now)
    for row in rows:
        row["url"] += f"?{_remembering(listing, row)}"
    context = {
        "title": "事项",
        "now": listing.now,
        "tabs": _tabs(listing, desk_counts, saved.views_of(actor)),
        "rows": rows,
        "columns": [_head(listing, column) for column in shown],
        "column_codes": {column.code for column in shown},
        "comfort": preference.density == "comfort",
        "caption": f"事项列表：{TABS[listing.tab]}，{total.words}",
        "total": total.number,
        "total_words": total.words,
        "blank": _blank(listing),
        "sorts": _sorts(listing),
        "sort_label": paging.SORTS[listing.sort].label,
        "previous_url": listing.page_url(before=page.first) if page.first else "",
        "next_url": listing.page_url(after=page.last) if page.last else "",
        "filter_errors": listing.errors,
        "filters": chips.chips(listing),
        "clear_url": listing.url(*FILTERS, "view", tab=listing.tab),
        "here": listing.kept.urlencode(),
        "may_register": actor.has(*REGISTRARS),
    }
    return render(request, "cases/list.html", context)


def _remembering(listing: Listing, row: Mapping[str, Any]) -> str:
    """The part of a case's address that remembers the list it was opened from."""
    remembered = QueryDict(mutable=True)
    remembered["list"] = listing.place_of(row["case"])
    return remembered.urlencode()


def _total(listing: Listing, page: paging.Page, desk_counts: Mapping[str, int]) -> Total:
    """How many there are: counted only where neither this page nor the desk knows it already."""
    if not page.first and not page.last:
        return Total(len(page.cases))
    if listing.tab in desk_counts and not any(name in listing.kept for name in FILTERS):
        return Total(desk_counts[listing.tab])
    return total_of(listing)


def _tabs(listing: Listing, desk_counts: Mapping[str, int], views: Sequence[saved.View]) -> list[dict[str, Any]]:
    asked_view = listing.kept.get("view", "")
    pinned = [view for view in views if view.tab][: saved.MOST_PINNED]
    found = counts([Listing(query_of(view.query), listing.actor, listing.now) for view in pinned])
    viewing = asked_view in {str(view.id) for view in views}
    tabs = [
        {
            "label": label,
            "count": desk_counts.get(code),
            "current": code == listing.tab and not viewing,
            "url": listing.url("view", "sort", tab=code),
        }
        for code, label in TABS.items()
    ]
    return tabs + [
        {
            "label": view.name,
            "count": many.number,
            "more": many.more,
            "current": str(view.id) == asked_view,
            "url": view.url,
            "own": True,
        }
        for view, many in zip(pinned, found, strict=True)
    ]


def _head(listing: Listing, column: Column) -> dict[str, Any]:
    """A column's head: pressed once it sorts, pressed again it turns the order round."""
    if not column.sorts:
        return {"code": column.code, "label": column.label}
    first, second = column.sorts
    current = listing.sort in column.sorts
    wanted = second if listing.sort == first else first
    descending = paging.SORTS[listing.sort].descending
    return {
        "code": column.code,
        "label": column.label,
        "url": listing.url("view", sort=wanted),
        "next": paging.SORTS[wanted].label,
        "sorted": ("descending" if descending else "ascending") if current else "",
    }


def _sorts(listing: Listing) -> list[dict[str, Any]]:
    """The orders a phone offers."""
    return [
        {
            "code": code,
            "label": paging.SORTS[code].label,
            "current": code == listing.sort,
            "url": listing.url("view", sort=code),
        }
        for code in paging.PHONE_SORTS
    ]


def _blank(listing: Listing) -> dict[str, Any]:
    home, tab = reverse("cases:list"), listing.tab
    if any(name in listing.kept for name in FILTERS):
        clear = {"url": home + listing.url(*FILTERS, "view", tab=tab), "label": "去掉全部筛选"}
        return {"title": "没有符合条件的事项", "means": "去掉上面的一个条件，或者换个说法再找。", "next": clear}
    title, means = BLANKS[tab]
    way = {"url": f"{home}?tab=all", "label": "看看全部事项"}
    if tab == "all":
        way = {"url": f"{home}?tab=mine", "label": "回到待我处理"}
    if tab in ("mine", "all") and listing.actor.has(Role.CLERK, Role.OPERATOR):
        way = {"url": reverse("cases:new"), "label": "登记来访"}
    return {"title": title, "means": means, "next": way}
