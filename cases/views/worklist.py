"""The work list: filters in the address, tabs of the desk, pages by key, a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.models import Unit
from accounts.queries import Actor
from cases import choices as c
from cases import desks
from cases.filters import CaseFilter
from cases.models import Case
from cases.views.choices import places
from cases.views.door import staff
from cases.views.due import due_of, step_of
from governance_portal.lib.numbers import parse_number
from grids.queries import names_of

PAGE_SIZE = 30
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
TABS = {"mine": "待我处理", "soon": "即将超时", "overdue": "超时", "returned": "退回", "all": "全部"}
LABELS = {
    "status": "状态",
    "stage": "阶段",
    "kind": "事项大类",
    "channel": "来源渠道",
    "category": "类别",
    "level": "等级",
    "area": "属地",
    "grid": "网格",
    "unit": "主办单位",
    "handler": "承办人",
    "due": "时限",
    "orders": "督办",
    "q": "查找",
    "received_after": "登记不早于",
    "received_before": "登记不晚于",
}
DATES = ("received_after", "received_before")
CHIPS = tuple(LABELS)
#: name → (label, expression, descending); every sort ends with the id, so that a page never repeats a row.
SORTS: Mapping[str, tuple[str, str, bool]] = {
    "newest": ("最近登记", "registered_at", True),
    "oldest": ("最早登记", "registered_at", False),
    "due": ("时限最近", "due_key", False),
    "step": ("当前步骤最急", "step_key", False),
}
BLANKS = {
    "mine": ("没有等您处理的事项", "新转来、退回或到您这一步的事项会出现在这里。"),
    "soon": ("没有即将超时的事项", "剩余时间不足两成的在办事项会出现在这里。"),
    "overdue": ("没有超时的事项", "过了期限还没办结的事项会出现在这里。"),
    "returned": ("没有退回的事项", "承办单位退回、回访重办的事项会出现在这里。"),
    "all": ("没有符合条件的事项", "换一个条件，或者去掉上面的筛选再看。"),
}


@staff
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list. A whole number typed into the search opens its case."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    visible = Case.objects.visible_to(actor, now)
    number = parse_number(request.GET.get("q", ""))
    if number and visible.filter(number=number).exists():
        return HttpResponseRedirect(reverse("cases:case", args=[number]))
    chosen = _tab(request.GET)
    filters = CaseFilter(request.GET, queryset=visible, request=request)
    narrowed = _within_tab(filters.qs if filters.is_valid() else visible.none(), chosen, actor, now)
    page = _page(narrowed, request.GET, chosen)
    counts = desks.counts_of(actor, now)
    request.desk_counts = counts  # type: ignore[attr-defined]  # the rail shows the same figure
    context = {
        "title": "事项",
        "now": now,
        "tabs": _tabs(request.GET, chosen, counts),
        "rows": _rows(page.cases, chosen, now),
        "caption": f"事项列表：{TABS[chosen]}",
        "blank": _blank(actor, chosen),
        "sorts": [
            {"code": code, "label": row[0], "current": code == page.sort, "url": _url(request.GET, sort=code)}
            for code, row in SORTS.items()
        ],
        "previous_url": _url(request.GET, keep_page=True, before=page.first) if page.first else "",
        "next_url": _url(request.GET, keep_page=True, after=page.last) if page.last else "",
        "filter_errors": [row for rows in filters.form.errors.values() for row in rows],
        **_filter_panel(request.GET, actor, chosen),
    }
    return render(request, "cases/list.html", context)


# --- tabs -------------------------------------------------------------------------------------------------------


def _tab(asked: QueryDict) -> str:
    """The tab asked for; without one a search or a filter looks at everything, else the desk comes first."""
    tab = asked.get("tab", "")
    if tab in TABS:
        return tab
    return "all" if any(asked.get(name) for name in CHIPS) else "mine"


def _within_tab(cases: Any, tab: str, actor: Actor, now: datetime) -> Any:
    conditions = {
        "mine": lambda: desks.turn_of(actor),
        "soon": lambda: desks.soon_late(now),
        "overdue": lambda: desks.late_now(now),
        "returned": desks.sent_back,
        "all": Q,
    }
    return cases.filter(conditions[tab]())


def _tabs(asked: QueryDict, chosen: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "count": counts.get(code),
            "current": code == chosen,
            "url": _url(asked, tab=code),
        }
        for code, label in TABS.items()
    ]


def _blank(actor: Actor, tab: str) -> dict[str, Any]:
    title, means = BLANKS[tab]
    way = {"url": f"{reverse('cases:list')}?tab=all", "label": "看看全部事项"}
    if tab == "all":
        way = {"url": f"{reverse('cases:list')}?tab=mine", "label": "回到待我处理"}
    if tab == "mine" and actor.has(Role.CLERK, Role.OPERATOR):
        way = {"url": reverse("cases:new"), "label": "登记来访"}
    return {"title": title, "means": means, "next": way}


# --- pages by key -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    cases: list[Case]
    sort: str
    first: str
    last: str


def _page(cases: QuerySet[Case], asked: QueryDict, tab: str) -> _Page:
    sort = asked.get("sort", "")
    if sort not in SORTS:
        sort = {"mine": "step", "soon": "due", "overdue": "due"}.get(tab, "newest")
    _label, key, descending = SORTS[sort]
    if key == "due_key":
        cases = cases.annotate(due_key=Coalesce("due_at", Value(NEVER, output_field=DateTimeField())))
    if key == "step_key":
        cases = cases.annotate(step_key=Coalesce("step_due_at", Value(NEVER, output_field=DateTimeField())))
    cursor, back = _cursor(asked)
    if cursor:
        cases = cases.filter(_beyond(key, cursor, descending != back))
    sign = descending != back
    ordered = cases.order_by(F(key).desc() if sign else F(key).asc(), "-id" if sign else "id")
    found = list(ordered.select_related("category", "category__parent", "lead_unit", "handler")[: PAGE_SIZE + 1])
    more, rows = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if back:
        rows.reverse()
    has_next, has_previous = (bool(cursor), more) if back else (more, bool(cursor))
    return _Page(
        rows,
        sort,
        first=_key_of(rows[0], key) if rows and has_previous else "",
        last=_key_of(rows[-1], key) if rows and has_next else "",
    )


def _cursor(asked: QueryDict) -> tuple[tuple[datetime, int] | None, bool]:
    for name, back in (("before", True), ("after", False)):
        moment, _, pk = asked.get(name, "").rpartition("_")
        try:
            at = parse_datetime(moment)
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None and pk.isascii() and pk.isdigit() and len(pk) < 19:
            return (at, int(pk)), back
    return None, False


def _beyond(key: str, cursor: tuple[datetime, int], downward: bool) -> Q:
    at, pk = cursor
    side = "lt" if downward else "gt"
    return Q(**{f"{key}__{side}": at}) | Q(**{key: at, f"id__{side}": pk})


def _key_of(case: Case, key: str) -> str:
    return f"{getattr(case, key).astimezone(UTC).isoformat()}_{case.pk}"


# --- rows -------------------------------------------------------------------------------------------------------


def _rows(cases: list[Case], tab: str, now: datetime) -> list[dict[str, Any]]:
    names = names_of({code for case in cases for code in (case.area_code[:9], case.area_code, case.grid_code) if code})
    return [_row(case, names, tab, now) for case in cases]


def _row(case: Case, names: Mapping[str, str], tab: str, now: datetime) -> dict[str, Any]:
    due = step_of(case, now) if tab == "mine" else due_of(case, now)
    category = case.category
    words = [case.get_kind_display(), category.name] if category else [case.get_kind_display()]
    nearest = names.get(case.grid_code) or (names.get(case.area_code, "") if len(case.area_code) > 9 else "")
    return {
        "url": reverse("cases:case", args=[case.number]),
        "number": case.number,
        "title": case.title,
        "category": " · ".join(words),
        "place": names.get(case.area_code[:9]) or names.get(case.area_code, ""),
        "grid": nearest,
        "handler": case.handler.name if case.handler else "",
        "unit": (case.lead_unit.short_name or case.lead_unit.name) if case.lead_unit else "",
        "stage": case.stage,
        "status": case.status,
        "status_label": case.get_status_display(),
        "orders": case.orders_open,
        "due_state": due.state,
        "due_words": due.words,
        "due_full": due.full,
        "due_tentative": due.tentative,
    }


# --- filters ----------------------------------------------------------------------------------------------------


def _filter_panel(asked: QueryDict, actor: Actor, tab: str) -> dict[str, Any]:
    areas = places(_home(actor))
    units = [
        {"value": code, "label": name}
        for code, name in Unit.objects.filter(active=True).order_by("kind", "code").values_list("code", "name")
    ]
    lists = {
        "status": _pairs(c.Status.choices),
        "kind": _pairs(c.Kind.choices),
        "channel": _pairs(c.Channel.choices),
        "level": _pairs(c.Level.choices),
        "area": areas,
        "unit": units,
        "due": [{"value": "soon", "label": "即将超时"}, {"value": "overdue", "label": "已超时"}],
        "orders": [{"value": "open", "label": "督办中"}],
    }
    fields = [
        {"name": name, "label": LABELS[name], "type": "choice", "required": False, "choices": rows}
        for name, rows in lists.items()
    ]
    fields += [{"name": name, "label": LABELS[name], "type": "date", "required": False} for name in DATES]
    return {
        "filters": _chips(asked, lists),
        "fields": [{**row, "chosen": asked.get(str(row["name"]), "")} for row in fields],
        "clear_url": f"?tab={tab}",
        "kept": [
            (name, asked[name]) for name in ("q", "category", "grid", "handler", "stage", "sort") if asked.get(name)
        ],
        "tab": tab,
    }


def _home(actor: Actor) -> str:
    """The smallest area around all of a person's posts, for the list of places."""
    codes = [post.area_code for post in actor.posts if post.area_code]
    return min(codes, key=len)[:6] if codes else ""


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"value": str(value), "label": str(label)} for value, label in pairs]


def _chips(asked: QueryDict, lists: Mapping[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    chips = []
    for name in CHIPS:
        values = [value for value in asked.getlist(name) if value.strip()]
        if not values:
            continue
        words = {row["value"]: row["label"] for row in lists.get(name, [])} | (
            {s.value: str(s.label) for s in c.Stage} if name == "stage" else {}
        )
        value = "、".join(words.get(value, value) for value in values)
        chips.append({"label": LABELS[name], "value": value, "url": _without(asked, name)})
    return chips


def _url(asked: QueryDict, *, keep_page: bool = False, **changes: str) -> str:
    """This list with some names changed; a change of what is listed goes back to its first page."""
    query = asked.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    if not keep_page and "sort" in query and "tab" in changes:
        query.pop("sort")
    return f"?{query.urlencode()}"


def _without(asked: QueryDict, name: str) -> str:
    """This list without one of its filters."""
    query = asked.copy()
    for gone in (name, "after", "before"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"
