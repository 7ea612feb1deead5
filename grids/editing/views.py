"""Pages for drawing grids: a community's grids on a map and as a table; every form works without scripts, too."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.models import Post
from accounts.querysets import day_of
from governance_portal.lib.errors import Incomplete, NotYours, Refusal, Stale
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.choices import Datum
from grids.editing import history, services
from grids.editing.reading import LONGEST, datum_of, geometry_of, json_of
from grids.editing.services import Replaced
from grids.geometry import boundary_in
from grids.models import Area, Duty, Grid, GridSuccession
from grids.queries import beside, chain_of, name_of

View = Callable[..., HttpResponseBase]
PAGES = {403: "403.html", 404: "404.html", 409: "409.html", 412: "409.html"}
EACH_PAGE = 50
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
LAST_NUMBER = {"basic": 899, "dedicated": 999}


def keepers(view: View) -> View:
    """Let in who draws grids; answer refusals as sentences."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            services.check_keeper(request.actor)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            ways = [{"url": "/", "label": "回到首页", "primary": True}]
            page = PAGES.get(refusal.status, "403.html")
            return render(request, page, {"detail": refusal.detail, "ways": ways}, status=refusal.status)

    return guarded


@keepers
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The communities with their grids; four statements whatever there is."""
    street = request.GET.get("street", "")[:9]
    communities = Area.objects.active().filter(level="community").order_by("code")
    if street:
        communities = communities.filter(parent__code=street)
    in_use = Q(grids__active=True)
    counted = communities.annotate(
        drawn=Count("grids", filter=in_use & Q(grids__boundary__isnull=False)),
        number=Count("grids", filter=in_use),
        touched=Max("grids__updated_at"),
    )
    page = Paginator(counted.defer("boundary"), EACH_PAGE).get_page(request.GET.get("page"))
    streets = Area.objects.active().filter(level="street").order_by("code").values_list("code", "name")
    context = {"title": "网格划定", "page": page, "streets": list(streets), "street": street}
    return render(request, "grids/list.html", context)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Draw, describe, merge, split, give a new code. What was refused stays in the form as it was typed and drawn."""
    place = _community(code)
    if request.method != "POST":
        return _page(request, place, {}, None)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    given["codes"] = request.POST.getlist("codes")
    try:
        done = DOES.get(given["do"], _unknown)(request, place, given, actor, timezone.now())
    except Refusal as refusal:
        return _page(request, place, given, refusal)
    messages.success(request, done)
    return redirect("grids:community", place.code)


FIELDS = ("do", "shapes", "code", "geojson", "datum", "reason", "neighbours", "seen", "new_code", "name", "extent",
          "population", "line", "new_code_2", "name_2")  # fmt: skip


def _unknown(*_given: Any) -> str:
    raise Incomplete({"do": ["没有这个操作，请刷新页面。"]})


def _redraw(request: HttpRequest, place: Area, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The shapes the script drew (`shapes`, by code), or one pasted or uploaded for `code`."""
    if given["shapes"].strip():
        shapes = json_of(given["shapes"], "shapes")
        if not isinstance(shapes, dict) or not all(isinstance(code, str) for code in shapes):
            raise Incomplete({"shapes": ["画的内容没有读到，请重新画。"]})
        datum = Datum.WGS84.value
    else:
        text = _uploaded(request) or given["geojson"]
        if not text.strip():
            raise Incomplete({"geojson": ["请在图上拖动界线，或者粘贴、上传 GeoJSON。"]})
        given["geojson"] = text
        shapes = {given["new_code"].strip() or given["code"]: geometry_of(json_of(text, "geojson"))}
        datum = datum_of(given["datum"])
    strangers = [code for code in shapes if code[:12] != place.code]
    if strangers:
        raise Incomplete({"code": ["请选择本社区的网格，或写一个本社区的新编码。"]})
    done = services.redraw(
        shapes,
        actor=actor,
        reason=given["reason"],
        now=now,
        datum=datum,
        neighbours=bool(given["neighbours"]),
        seen=_number(given["seen"]),
    )
    names = "、".join(grid.name for grid in done.grids)
    return f"已保存：{names}。" if done.grids else "界线没有变化。"


def _uploaded(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return ""
    if (file.size or 0) > LONGEST:
        raise Incomplete({"geojson": ["文件太大，一个网格的边界用不了这么多点，请先简化。"]})
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Incomplete({"geojson": ["读不懂这个文件：需要 UTF-8 编码的 GeoJSON。"]}) from error


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _describe(_request: HttpRequest, place: Area, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    people = given["population"].strip()
    if people and not (people.isascii() and people.isdigit() and len(people) < 8):
        raise Incomplete({"population": ["人口要填整数，不清楚就空着。"]})
    grid = services.describe(
        _own(place, given["code"]),
        name=given["name"],
        extent=given["extent"],
        population=int(people) if people else None,
        actor=actor,
        reason=given["reason"],
        now=now,
    )
    return f"已保存：{grid.name}。"


def _merge(_request: HttpRequest, place: Area, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    codes = [_own(place, code) for code in given["codes"]]
    done = services.merge(codes, given["new_code"], name=given["name"], actor=actor, reason=given["reason"], now=now)
    return _replaced(done)


def _split(_request: HttpRequest, place: Area, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    heirs: list[Mapping[str, str]] = [
        {"code": given["new_code"], "name": given["name"]},
        {"code": given["new_code_2"], "name": given["name_2"]},
    ]
    code, datum = _own(place, given["code"]), datum_of(given["datum"])
    done = services.split(code, given["line"], heirs, actor=actor, reason=given["reason"], now=now, datum=datum)
    return _replaced(done)


def _recode(_request: HttpRequest, place: Area, given: dict[str, Any], actor: Actor, now: datetime) -> str:
    code = _own(place, given["code"])
    done = services.recode(code, given["new_code"], name=given["name"], actor=actor, reason=given["reason"], now=now)
    return _replaced(done)


DOES: dict[str, Callable[..., str]] = {
    "redraw": _redraw,
    "describe": _describe,
    "merge": _merge,
    "split": _split,
    "recode": _recode,
}


def _own(place: Area, code: str) -> str:
    if code[:12] != place.code:
        raise Incomplete({"code": ["请选择本社区的网格。"]})
    return code


def _replaced(done: Replaced) -> str:
    old, new = ("、".join(grid.name for grid in grids) for grids in (done.closed, done.opened))
    words = f"已撤销 {old}，设立 {new}；原来的事项仍能查到。"
    people = "、".join(f"{name}（{kind}）" for name, kind in done.duties)
    return words + (f"今天起 {people} 在原网格的责任结束，请给新网格指派人员。" if people else "请给新网格指派人员。")


def _community(code: str) -> Area:
    found = Area.objects.filter(code=code[:12], level="community").first() if len(code) == 12 else None
    if found is None:
        raise NotYours("没有这个社区（村）。")
    return found


def _page(request: HttpRequest, place: Area, given: dict[str, Any], refusal: Refusal | None) -> HttpResponse:
    now = timezone.now()
    grids = list(Grid.objects.active().filter(community__code=place.code).order_by("code"))
    codes = [grid.code for grid in grids]
    old = list(
        GridSuccession.objects.filter(old_code__startswith=place.code).values_list("old_code", "new_code", "kind")
    )
    errors = refusal.errors if isinstance(refusal, Incomplete) else {}
    context = {
        "title": f"{place.name}的网格",
        "place": place,
        "way": chain_of(place.code)[:-1],
        "grids": [_row(grid, place) for grid in grids],
        "given": given,
        "errors": errors,
        "refusal": refusal,
        "findings": getattr(refusal, "findings", ()),
        "seen": history.last_change(codes) if isinstance(refusal, Stale) or not given.get("seen") else given["seen"],
        "free": _free(place.code),
        "unmanned": _unmanned(codes, now),
        "posts": _posts_of_closed({row[0] for row in old}, now),
        "datums": ((Datum.WGS84.value, "WGS-84（天地图、手机）"), (Datum.GCJ02.value, "GCJ-02（国测局）")),
        "told": json.dumps(_told(place, grids, given, refusal), ensure_ascii=False),
        "tiles_key": settings.TIANDITU_KEY,
        "duty_url": reverse("admin:grids_duty_add") if request.user.has_perm("grids.add_duty") else "",
    }
    return render(request, "grids/community.html", context, status=refusal.status if refusal else 200)


def _row(grid: Grid, place: Area) -> dict[str, Any]:
    return {"grid": grid, "short": beside(grid.name, *(name for _code, name in chain_of(place.code)))}


def _told(place: Area, grids: list[Grid], given: dict[str, Any], refusal: Refusal | None) -> dict[str, Any]:
    """What the script draws: GeoJSON in WGS-84; `drawn` is what was sent and refused, `findings` why."""
    drawn: Any = {}
    if refusal is not None and given.get("do") == "redraw":
        try:
            drawn = json.loads(given["shapes"]) if given["shapes"].strip() else {}
        except (ValueError, RecursionError):
            drawn = {}
    outlines = territory.current().outlines(Datum.WGS84)
    near = Grid.objects.active().within(place.code[:9]).exclude(community__code=place.code).values_list("code", "name")
    return {
        "around": outlines.get(place.code),
        "grids": [[grid.code, grid.name, grid.kind, outlines[grid.code]] for grid in grids if grid.code in outlines],
        "near": [[name, outlines[code]] for code, name in near if code in outlines],
        "drawn": drawn if isinstance(drawn, dict) else {},
        "findings": refusal.extra().get("findings", []) if refusal is not None else [],
    }


def _free(community: str) -> dict[str, str]:
    """The next numbers that no grid ever had: `first` and `second` of the basic ones, `dedicated`."""
    used = {code[12:] for code in Grid.objects.filter(community__code=community).values_list("code", flat=True)}
    basic = [f"{number:03d}" for number in range(1, 900) if f"{number:03d}" not in used][:2]
    dedicated = next((str(number) for number in range(900, 1000) if str(number) not in used), "")
    return {
        "first": community + basic[0] if basic else "",
        "second": community + basic[1] if len(basic) > 1 else "",
        "dedicated": community + dedicated if dedicated else "",
    }


def _unmanned(codes: list[str], now: datetime) -> list[str]:
    """The grids that nobody serves today, by name."""
    served = Duty.objects.on(now.astimezone(SHANGHAI).date()).filter(grid__code__in=codes).values("grid_id")
    return list(
        Grid.objects.filter(code__in=codes).exclude(pk__in=served).order_by("code").values_list("name", flat=True)
    )


def _posts_of_closed(closed: set[str], now: datetime) -> list[str]:
    """Posts that still name a closed grid as their area: 「网格员小刘」."""
    posts = Post.objects.in_force(day_of(now)).filter(area_code__in=closed).select_related("user")
    return [f"{post.user.name}（{name_of(post.area_code)}）" for post in posts.order_by("pk")]


@keepers
@require_safe
def show_history(request: HttpRequest, code: str) -> HttpResponse:
    """A community's grids as they were on a day, and every change of them; a grid's code shows that grid alone."""
    place = _community(code[:12])
    today = timezone.now().astimezone(SHANGHAI).date()
    day, wrong = _day(request.GET.get("day", ""), today)
    grid = request.GET.get("grid", "")[:15]
    changes = history.of_community(place.code, grid)
    page = Paginator(changes, EACH_PAGE).get_page(request.GET.get("page"))
    standing = history.on_day(place.code, day)
    told = {
        "around": boundary_in(place.boundary, place.datum, Datum.WGS84) if place.boundary else None,
        "grids": [
            [one.code, one.name, one.kind, boundary_in(one.boundary, one.datum, Datum.WGS84)]
            for one in standing
            if one.boundary
        ],
        "near": [],
        "drawn": {},
        "findings": [],
    }
    context = {
        "title": f"{place.name}网格沿革",
        "place": place,
        "day": day,
        "wrong": wrong,
        "standing": standing,
        "page": page,
        "grid": grid,
        "told": json.dumps(told, ensure_ascii=False),
        "tiles_key": settings.TIANDITU_KEY,
        "successions": history.successions(place.code),
    }
    return render(request, "grids/history.html", context)


def _day(text: str, today: date) -> tuple[date, str]:
    """The day asked for, today without one; and the sentence where it is none."""
    if not text:
        return today, ""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        return today, "请按“2026-11-21”的样子填写日期，现在显示的是今天。"
    return found, ""
