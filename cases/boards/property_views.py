"""物业 as a page: companies and places per thousand households, one company's grounds, who keeps which row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.queries import Actor
from cases.boards import property as figures
from cases.boards.asking import Asked
from cases.boards.keeping import ENDING
from cases.boards.links import tabs
from cases.boards.network_views import form_page, said
from cases.boards.views import actor_of, asked
from cases.models import Category, PropertyRule
from cases.needs import Need, clean
from cases.statistics import wording
from cases.views.door import staff
from cases.views.forms import given_of
from governance_portal.lib.errors import Incomplete, NotNow, NotYours
from governance_portal.lib.working_days import day_of
from grids.households import services
from grids.models import Area, Grid, PropertyCompany
from grids.queries import name_of, names_of

SERVICE = (
    Need("company", "物业公司", "text", maximum=60, help="写全称，同一家公司每次写法一样。"),
    Need("estate", "小区", "text", maximum=60),
    Need("area", "所在社区或网格", "text", help="一个社区有几家物业的，各按网格填写。"),
    Need(
        "households",
        "户数",
        "integer",
        required=False,
        minimum=1,
        maximum=200_000,
        help="不知道的先不填，比率显示“—”。",
    ),
    Need("from", "从哪天起", "date", help="户数变了的，结束原来的一条，从那天起另填一条。"),
)
RULE = (
    Need("categories", "类别代码", "text", maximum=100, help="用空格分开；含下级类别。"),
    Need("least", "最少户数", "integer", minimum=1, maximum=100_000, help="不足的公司只列数字，不排次序。"),
)


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Companies and places."""
    board = asked(request, "property")
    rule = figures.rule_now()
    names = figures.category_names(rule)
    companies = figures.companies_of(board, rule)
    context = {
        "title": "物业",
        "companies": [_company(one, companies, rule, board) for one in companies],
        "places": [_place(one, names, board) for one in figures.places_of(board, rule)],
        "rule": rule,
        "category_names": "、".join(names.get(code, code) for code in rule.categories),
        "basis": figures.BASIS,
        "keeps": actor_of(request).leads_centre,
        "tabs": tabs("property", board),
        **board.context(),
    }
    return render(request, "board/property.html", context)


def _company(
    one: figures.Company, companies: list[figures.Company], rule: figures.Rule, board: Asked
) -> dict[str, Any]:
    place = figures.place_of(one, companies, rule)
    return {
        "name": one.name,
        "url": f"{reverse('boards:property-company', args=[one.pk])}?{board.query()}",
        "place": place,
        "grounds": len(one.grounds),
        "matters": wording.number(one.matters),
        "households": wording.NOTHING if one.households is None else wording.number(one.households),
        "rate": figures.words_of(one.rate),
        "few": place is None and one.households is not None,
    }


def _place(one: figures.Place, names: dict[str, str], board: Asked) -> dict[str, Any]:
    own = one.code == board.area
    return {
        "name": f"{one.name}合计" if own else one.name,
        "own": own,
        "url": "" if own else board.here(area=one.code),
        "parts": figures.parts_of(one.counts, names, one.code, board.window),
        "matters": wording.number(one.matters),
        "households": wording.NOTHING if one.households is None else wording.number(one.households),
        "rate": figures.words_of(one.rate),
    }


@staff
@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """One company: each ground it serves, its matters by category with their lists, its households."""
    board = asked(request, "property")
    row = PropertyCompany.objects.filter(pk=pk).first()
    if row is None:
        raise NotYours()
    rule = figures.rule_now()
    names = figures.category_names(rule)
    one = figures.Company(row.pk, row.name, figures.grounds_of(board, rule, pk))
    places = names_of({ground.row.area_code for ground in one.grounds})
    context = {
        "title": row.name,
        "company": one,
        "households": wording.NOTHING if one.households is None else wording.number(one.households),
        "matters": wording.number(one.matters),
        "rate": figures.words_of(one.rate),
        "grounds": [
            {
                "row": ground.row,
                "place": places.get(ground.row.area_code, ground.row.area_code),
                "households": wording.NOTHING
                if ground.row.households is None
                else wording.number(ground.row.households),
                "parts": figures.parts_of(ground.counts, names, ground.row.area_code, ground.days),
                "matters": wording.number(ground.matters),
                "rate": figures.words_of(figures.per_thousand(ground.matters, ground.row.households)),
                "late_start": ground.days.first if ground.days != board.window else None,
            }
            for ground in one.grounds
        ],
        "keeps": actor_of(request).leads_centre,
        "basis": figures.BASIS,
        "back_url": f"{reverse('boards:property')}?{board.query()}",
        "today": day_of(board.now),
        "area_name": name_of(board.area),
        "window": board.window,
    }
    return render(request, "board/property_company.html", context)


# --- keeping ------------------------------------------------------------------------------------------------------


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A company begins to serve a ground."""
    now, actor = timezone.now(), actor_of(request)
    services.need_keeper(actor)

    def act(given: dict[str, Any]) -> str:
        told = _cleaned(SERVICE, given)
        first = told["from"]
        if not 2000 <= first.year <= now.year + 1:
            raise Incomplete({"from": ["请填 2000 年以后、明年以前的日期。"]})
        row = services.begin(
            told["company"], told["estate"], told["area"], told.get("households"), first, actor=actor, now=now
        )
        return f"已登记：{row.company}服务“{row.estate}”，从 {first:%Y-%m-%d} 起。"

    about = {
        "title": "登记物业服务",
        "button": "登记",
        "intro": "一处地方同一天只能有一家物业，这样事项才分得清是谁的。",
        "back_url": reverse("boards:property"),
    }
    return form_page(request, SERVICE, _service_fields(actor), {"from": str(day_of(now))}, act, about)


@staff
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A company no longer serves a ground."""
    now, actor = timezone.now(), actor_of(request)
    services.need_keeper(actor)
    try:
        row = services.end(pk, _cleaned(ENDING, given_of(request.POST, ENDING))["on"], actor=actor, now=now)
    except (Incomplete, NotNow) as refused:
        messages.error(request, said(refused))
        return HttpResponseRedirect(reverse("boards:property"))
    messages.success(request, f"{row.company}从 {row.ends_on:%Y-%m-%d} 起不再服务“{row.estate}”。")
    return HttpResponseRedirect(reverse("boards:property-company", args=[row.company_id]))


@staff
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """What counts as a matter of property management, and from how many households on companies compare."""
    now, actor = timezone.now(), actor_of(request)
    services.need_keeper(actor)
    holds = figures.rule_now()

    def act(given: dict[str, Any]) -> str:
        told = _cleaned(RULE, given)
        codes = _codes(told["categories"])
        row = PropertyRule.objects.create(
            categories=codes, least_households=told["least"], set_at=now, set_by_id=actor.user_id or 0
        )
        detail = {"categories": codes, "least": told["least"]}
        audit.record(actor, "property_rule", f"property:rule-{row.pk}", "", detail, now=now)
        return "已按新的口径统计。"

    about = {
        "title": "物业统计口径",
        "button": "保存",
        "intro": "改了以后，各个期间都按新的口径统计；原来的口径留有记录。",
        "back_url": reverse("boards:property"),
    }
    start = {"categories": " ".join(holds.categories), "least": holds.least}
    return form_page(request, RULE, [need.as_dict() for need in RULE], start, act, about)


def _codes(text: str) -> list[str]:
    codes = list(dict.fromkeys(text.replace("、", " ").replace(",", " ").replace("，", " ").split()))
    known = set(Category.objects.filter(code__in=codes, active=True).values_list("code", flat=True))
    if wrong := [code for code in codes if code not in known]:
        raise Incomplete({"categories": [f"没有代码为 {'、'.join(wrong)} 的类别，代码见“事项类别”。"]})
    inside = [code for code in codes for other in codes if code != other and code.startswith(other)]
    if inside:
        raise Incomplete({"categories": [f"{'、'.join(inside)} 已经包含在上级类别里，请去掉，免得重复计算。"]})
    return codes


def _cleaned(needs: tuple[Need, ...], given: dict[str, Any]) -> dict[str, Any]:
    cleaned, errors = clean(needs, given)
    if errors:
        raise Incomplete(errors)
    return cleaned


def _service_fields(actor: Actor) -> list[dict[str, Any]]:
    district = next((post.area_code for post in actor.posts if post.leads_centre), "")
    areas = Area.objects.active().filter(code__startswith=district, level="community")
    grids = Grid.objects.active().filter(code__startswith=district)
    offered = sorted([*areas.values_list("code", "name"), *grids.values_list("code", "name")])
    choices = [{"value": code, "label": name} for code, name in offered]
    return [
        {**need.as_dict(), "type": "choice", "choices": choices} if need.name == "area" else need.as_dict()
        for need in SERVICE
    ]
