"""Which filters are on, in words, each with the list without it; and the fields of the panel that adds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date

from accounts.models import Unit, User
from accounts.queries import Actor
from cases.filters import NONE, CaseFilter
from cases.models import Category
from cases.views.choices import all_units, categories, places
from cases.worklist.beside import sources
from cases.worklist.listing import FILTERS, Listing
from grids import territory
from grids.queries import names_of

LABELS: Mapping[str, str] = {
    "status": "状态",
    "stage": "阶段",
    "kind": "事项大类",
    "channel": "来源渠道",
    "source": "来源系统",
    "category": "类别",
    "category_only": "类别（不含下级）",
    "level": "等级",
    "procedure": "程序",
    "outcome": "化解结果",
    "area": "属地",
    "below": "属地",
    "grid": "网格",
    "unit": "主办单位",
    "handler": "承办人",
    "due": "时限",
    "orders": "督办",
    "watch": "督办关注",
    "rating": "评价",
    "settled": "化解层级",
    "mine": "待我处理",
    "q": "查找",
    "figure": "统计指标",
    "from": "自",
    "to": "至",
    "received_after": "登记不早于",
    "received_before": "登记不晚于",
    "accepted": "受理时间",
    "accepted_after": "受理不早于",
    "accepted_before": "受理不晚于",
    "closed": "办结时间",
    "closed_after": "办结不早于",
    "closed_before": "办结不晚于",
}
#: The groups of the panel, in the order people think of them.
GROUPS: tuple[tuple[str, str], ...] = (
    ("status", "checks"),
    ("kind", "checks"),
    ("area", "select"),
    ("unit", "picker"),
    ("category", "picker"),
    ("level", "checks"),
    ("due", "select"),
    ("orders", "select"),
    ("watch", "select"),
    ("rating", "select"),
    ("channel", "checks"),
    ("source", "select"),
    ("received", "dates"),
)
#: What says nothing once this filter is gone.
BOUND: Mapping[str, tuple[str, ...]] = {"area": ("below",)}
DATES = ("received_after", "received_before")
ORDER = (*LABELS, *(name for name in FILTERS if name not in LABELS))


def chips(listing: Listing) -> list[dict[str, str]]:
    """Rows `{name, label, value, url}`; at most one query per kind of code that has to be named."""
    found = []
    for name in ORDER:
        values = listing.kept.getlist(name) if name in FILTERS else []
        if values:
            words = WORDS.get(name, _choice_words)(name, values)
            label = LABELS.get(name) or str(CaseFilter.base_filters[name].label or name)
            without = listing.url(name, *BOUND.get(name, ()), "view")
            found.append({"name": name, "label": label, "value": "、".join(words), "url": without})
    return found


def _choice_words(name: str, values: list[str]) -> list[str]:
    named = {str(value): str(label) for value, label in choices_of(name)}
    return [named.get(value, value) for value in values]


def choices_of(name: str) -> list[tuple[Any, Any]]:
    """The choices a filter declares, () for one that takes anything."""
    found = CaseFilter.base_filters[name].extra.get("choices", ())
    return list(found() if callable(found) else found)


def _named(model: Any, key: str, field: str, none: str = NONE) -> Callable[[str, list[str]], list[str]]:
    def words(_name: str, values: list[str]) -> list[str]:
        known = {**dict(model.objects.filter(**{f"{key}__in": values}).values_list(key, field)), NONE: none}
        return [str(known.get(value, value)) for value in values]

    return words


def _places(_name: str, values: list[str]) -> list[str]:
    known = names_of(values)
    return [known.get(value, value) for value in values]


def _grids(_name: str, values: list[str]) -> list[str]:
    """Grids by name, closed ones as 原…: what could not be given to one of a split one's parts is listed under it."""
    known, closed = names_of(values) | {NONE: "未落到网格"}, territory.current().lineage.closed
    return [("原" if value in closed else "") + known.get(value, value) for value in values]


def _sources(_name: str, values: list[str]) -> list[str]:
    known = dict(sources())
    return [known.get(value, value) for value in values]


def _days(_name: str, values: list[str]) -> list[str]:
    words = []
    for value in values:
        try:
            day = parse_date(value[:10])
        except ValueError:
            day = None
        words.append(f"{day.year}年{day.month}月{day.day}日" if day else value)
    return words


WORDS: Mapping[str, Callable[[str, list[str]], list[str]]] = {
    "unit": _named(Unit, "code", "name", "尚未分流"),
    "category": _named(Category, "code", "name", "尚未归类"),
    "category_only": _named(Category, "code", "name"),
    "handler": _named(User, "username", "name"),
    "area": _places,
    "grid": _grids,
    "mine": lambda _name, _values: ["是"],
    "source": _sources,
    "received_after": _days,
    "received_before": _days,
    "accepted_after": _days,
    "accepted_before": _days,
    "closed_after": _days,
    "closed_before": _days,
    "from": _days,
    "to": _days,
}


# --- the panel --------------------------------------------------------------------------------------------------


def panel(listing: Listing) -> dict[str, Any]:
    """`{groups, hidden}` of the panel: each group `{name, label, look, rows, chosen, on}`."""
    groups = [_group(listing, name, look) for name, look in GROUPS]
    drawn = {*(name for name, _look in GROUPS), *DATES}
    hidden = [(name, value) for name in listing.kept for value in listing.kept.getlist(name) if name not in drawn]
    return {"groups": groups, "hidden": [row for row in hidden if row[0] != "view"]}


def _group(listing: Listing, name: str, look: str) -> dict[str, Any]:
    if look == "dates":
        days = {date: listing.kept.get(date, "")[:10] for date in DATES}
        rows = [{"name": date, "label": LABELS[date], "value": days[date]} for date in DATES]
        return {"name": name, "label": "登记日期", "look": look, "rows": rows, "on": any(days.values())}
    chosen = listing.kept.getlist(name)
    rows = ROWS[name](listing.actor) if name in ROWS else _pairs(choices_of(name))
    known = {row["value"] for row in rows}
    rows += [{"value": value, "label": value} for value in chosen if value not in known]
    return {
        "name": name,
        "label": LABELS[name],
        "look": look,
        "rows": [{**row, "chosen": row["value"] in chosen} for row in rows],
        "url": f"{reverse('cases:choices', args=['categories'])}" if name == "category" else "",
        "on": "、".join(WORDS.get(name, _choice_words)(name, chosen)) if chosen else "",
    }


def _pairs(pairs: Any) -> list[dict[str, Any]]:
    return [{"value": str(value), "label": str(label)} for value, label in pairs]


def _home(actor: Actor) -> str:
    """The district around a person's posts, for the list of places."""
    codes = [post.area_code for post in actor.posts if post.area_code]
    return min(codes, key=len)[:6] if codes else ""


ROWS: Mapping[str, Callable[[Actor], list[dict[str, Any]]]] = {
    "area": lambda actor: list(places(_home(actor))),
    "unit": lambda _actor: [{"value": NONE, "label": "尚未分流"}, *all_units()],
    "category": lambda _actor: [{"value": NONE, "label": "尚未归类"}, *categories("")],
    "orders": lambda _actor: [{"value": "open", "label": "督办中"}],
    "source": lambda _actor: _pairs(sources()),
}
