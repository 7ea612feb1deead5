"""The panels of the list, opened in place or as pages: filters, columns and density, views with a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import Actor
from cases import choices as c
from cases.views.door import staff
from cases.worklist import chips, columns, saved
from cases.worklist.listing import FILTERS, TABS, Listing, kept_of, query_of
from governance_portal.lib.errors import Incomplete


@staff
@require_safe
def sift(request: HttpRequest) -> HttpResponse:
    """The panel that adds filters to the list in the address."""
    listing = _listing(request, request.GET)
    context = {"clear_url": f"{reverse('cases:list')}{listing.url(*FILTERS, 'view', tab=listing.tab)}"}
    return _panel(request, "cases/list_sift.html", "筛选", listing, {**context, **chips.panel(listing)})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Which columns, how close, how many a page; kept per person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        usual = "usual" in request.POST
        size = request.POST.get("page_size", "")
        saved.prefer(
            actor,
            () if usual else ["number", *request.POST.getlist("column")],
            "" if usual else request.POST.get("density", ""),
            int(size) if size.isascii() and size.isdigit() and len(size) < 4 and not usual else 0,
        )
        return _back(request)
    preference = saved.preference_of(actor)
    context = {
        "all_columns": columns.ALL,
        "chosen": {column.code for column in columns.chosen(preference.columns)},
        "most": columns.MOST,
        "densities": c.Density.choices,
        "density": preference.density,
        "page_sizes": saved.PAGE_SIZES,
        "page_size": preference.page_size,
    }
    return _panel(request, "cases/list_look.html", "列和行距", _listing(request, request.GET), context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Views to open, and the form that keeps the list in the address as one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _views(request, request.GET, {"pinned": True})
    query, unit = query_of(request.POST.get("list", "")), request.POST.get("unit", "")
    pinned = "pinned" in request.POST
    try:
        made = saved.save(
            actor,
            request.POST.get("name", ""),
            query,
            pinned=pinned,
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else None,
        )
    except Incomplete as refused:
        typed = {"errors": refused.errors, "name": request.POST.get("name", ""), "pinned": pinned}
        return _views(request, query, typed, status=400)
    messages.success(request, f"已保存视图“{made.name}”。")
    return HttpResponseRedirect(f"{reverse('cases:list')}?{made.query}{'&' if made.query else ''}view={made.pk}")


@staff
@require_POST
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, pin, share or delete one's own view, or copy one that the unit shares."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    what = request.POST.get("what", "")
    if what == "rename":
        return _renamed(request, actor, pk)
    try:
        told = saved.take_over(actor, pk) if what == "copy" else saved.change(actor, pk, what)
    except Incomplete as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, told)
    return _back(request)


def _renamed(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Rename; what is wrong with the name is said at its field, with what was typed."""
    typed = request.POST.get("name", "")
    try:
        messages.success(request, saved.rename(actor, pk, typed))
    except Incomplete as refused:
        again = {"pinned": True, "renaming": {"id": pk, "name": typed, "errors": refused.errors["name"]}}
        return _views(request, query_of(request.POST.get("list", "")), again, status=400)
    return _back(request)


def _views(request: HttpRequest, query: QueryDict, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    listing = _listing(request, query)
    found = saved.views_of(listing.actor)
    units = {post.unit_id: post.unit_name for post in listing.actor.posts}
    context = {
        "common": saved.common(listing.actor),
        "own": [row for row in found if row.own],
        "shared": [row for row in found if not row.own],
        "filters": chips.chips(listing),
        "tab_label": TABS[listing.tab],
        "units": [{"id": pk, "name": name, "lead": listing.actor.leads(pk)} for pk, name in units.items()],
        **more,
    }
    return _panel(request, "cases/list_views.html", "视图", listing, context, status)


def _listing(request: HttpRequest, query: QueryDict) -> Listing:
    return Listing(query, request.actor, timezone.now())  # type: ignore[attr-defined]


def _panel(
    request: HttpRequest, template: str, title: str, listing: Listing, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    common = {"title": title, "here": listing.kept.urlencode(), "back_url": listing.address, "panel_template": template}
    page = template if request.headers.get("HX-Request") else "cases/list_panel.html"
    return render(request, page, {**common, **context}, status=status)


def _back(request: HttpRequest) -> HttpResponse:
    query = kept_of(query_of(request.POST.get("list", "")))
    return HttpResponseRedirect(f"{reverse('cases:list')}?{query.urlencode()}")
