"""The frame around every staff page: the rail, the bottom bar of phones, the person in the corner."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import post_choice
from accounts.channels.sending import undelivered
from accounts.choices import ADMIN_ROLES, Role
from accounts.queries import Actor
from cases import desks, lanes
from cases.assessing import access as assessing
from cases.boards.asking import may_enter as may_enter_boards
from cases.bulletins import access as bulletins
from cases.caring import helping
from cases.caring import queries as caring
from cases.councils import queries as councils
from cases.crowds import hot as crowds
from cases.following_up import queries as following_up
from cases.hazards import queries as hazards
from cases.limits.importing import may_keep
from cases.mapping.reach import may_look as may_look_at_map
from cases.patrols import queries as patrols
from cases.reception.queries import reading_posts
from cases.reporting import queries as held_reports
from cases.reporting.posters import may_print
from cases.services.registering import REGISTRARS
from cases.supervising.proposing import may_read as may_supervise
from cases.whistling.queries import calls_or_comes, waiting_count
from governance_portal.dashboard import board_url, where
from grids.editing.services import may_keep as may_draw_grids
from hotlines.desk import queries as calls
from hotlines.desk.keeping import may_keep as may_keep_answers
from hotlines.links.queries import may_enter as may_enter_links
from hotlines.orders.queries import may_take as may_take_orders
from hotlines.outward.exchange import may_exchange
from hotlines.outward.provisions import may_read as may_read_provisions

Item = dict[str, Any]
#: The parts of the rail in their order, with the keys (or the beginnings of keys, "hotlines:") of their lines; what no
#: part names is work on matters. The first part, the desk, has no heading.
WORK = "办理"
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("home", "inbox")),
    (WORK, ()),
    ("督办与回访", ("cases:supervision", "cases:decisions", "following_up", "reception:", "crowds:", "whistles")),
    ("统计", ("board", "boards:", "bulletins:", "tables:", "screens:", "cases:indicators", "statistics:")),
    ("网格与社区", ("mapping:", "patrols:", "hazards:", "assessments:", "caring:", "help:", "wishes:", "councils:")),
    ("设置与对接", ("cases:catalogue", "cases:limits", "cases:posters", "grids:", "hotlines:")),
)
#: Fewer lines than this are read at a glance and get no headings.
LONG = 9


def rail(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `phone_nav` and `person` (a context processor); asked of the database only where a page draws them."""
    items = SimpleLazyObject(lambda: _items(request))
    return {
        "nav": items,
        "phone_nav": SimpleLazyObject(lambda: _phone(list(items))),
        "person": SimpleLazyObject(lambda: _person(request)),
        "search_url": where("cases:search") or reverse("cases:list"),
        "notices_url": reverse("inbox"),
        "notices_count_url": reverse("inbox-count"),
        "incoming_url": SimpleLazyObject(lambda: _calls(request, "hotlines:incoming")),
        "calls_url": SimpleLazyObject(lambda: _calls(request, "hotlines:desk")),
    }


def _calls(request: HttpRequest, name: str) -> str:
    """Where an operator's page asks who rings; nobody else's does, and no page that nobody is logged in for."""
    return reverse(name) if calls.may_enter(request.actor) else ""  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole: Actor = getattr(request, "whole_actor", actor)
    words = post_choice.label(actor.posts[0]) if actor.posts else ""
    more = f" 等 {len(actor.posts)} 个岗位" if len(actor.posts) > 1 else ""
    return {
        "name": actor.name,
        "post": words + more,
        "posts": post_choice.offered(whole, actor),
        "switch_url": reverse("accounts:switch_post"),
        "searches": desks.has_cases(actor),
    }


def _items(request: HttpRequest) -> list[Item]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    items = [_item("工作台", reverse("home"), "today", key="home")]
    if desks.has_cases(actor):
        items += _case_items(request, actor)
    if actor.has(*ADMIN_ROLES):
        items += _admin_items(request)
    if may_keep(actor):
        items += _known(("时限和日历", "cases:limits", "clock"))
    if may_draw_grids(actor):
        items += _known(("网格划定", "grids:list", "map"))
    if may_enter_links(actor):
        items += _known(("对接", "hotlines:links", "send"))
    if may_read_provisions(actor):
        items += _known(("对外提供", "hotlines:provisions", "file"))
    elif may_exchange(actor):
        items += _known(("交换数据", "hotlines:exchange", "file"))
    items.append(_item("通知", reverse("inbox"), "bell", key="inbox"))
    _mark(request, items)
    return _in_parts(items) if desks.has_cases(actor) else items


def _in_parts(items: list[Item]) -> list[Item]:
    """The lines part by part, in the order the part names them, the first line of each with the heading."""
    if len(items) < LONG:
        return items
    found: list[Item] = []
    for label, _keys in PARTS:
        lines = sorted(
            (item for item in items if _part_of(item["key"])[0] == label), key=lambda item: _part_of(item["key"])
        )
        if lines and label:
            lines[0]["part"] = label
        found += lines
    return found


def _part_of(key: str) -> tuple[str, int]:
    """The part of a line and its place there."""
    for label, keys in PARTS:
        for place, known in enumerate(keys):
            if key == known or (known.endswith(":") and key.startswith(known)):
                return label, place
    return WORK, 0


def _case_items(request: HttpRequest, actor: Actor) -> list[Item]:
    items = []
    if calls.may_enter(actor):
        items.append(_item("话务台", reverse("hotlines:desk"), "phone", key="calls", count=_waiting(request, actor)))
    if actor.has(*REGISTRARS):
        items.append(_item("登记", reverse("cases:new"), "plus", key="new"))
    counts = _counts(request, actor)
    for queue in lanes.queues_of(actor):
        if queue.label == lanes.QUEUES[Role.FOLLOW_UP_OFFICER][0]:
            items.append(_follow_up(actor))  # the queue of calls is a desk of its own
            continue
        address = f"{reverse('cases:list')}?{queue.query}"
        items.append(_item(queue.label, address, "inbox", count=counts.get(queue.code), key=queue.code))
    items.append(_item("全部事项", f"{reverse('cases:list')}?tab=all", "list", key="all"))
    if actor.has(Role.CLERK, Role.OPERATOR):
        items += _known(("来访登记簿", "hall:visits", "users"), ("今天谁坐班", "hall:roster", "building"))
    if held_reports.may_judge(actor):
        held = held_reports.waiting_count(actor) or None
        items.append(_item("待核实上报", reverse("cases:held"), "shield", count=held, key="held"))
    if may_supervise(actor):
        items += _known(("督办", "cases:supervision", "flag"))
    if any(post.lead for post in actor.posts):
        items += _known(("待批申请", "cases:decisions", "clock"))
    if reading_posts(actor):
        items += _known(("领导接访", "reception:days", "users"))
    if calls_or_comes(actor):
        whistles = waiting_count(actor, timezone.now()) or None
        items.append(_item("吹哨报到", reverse("whistles:list"), "bell", count=whistles, key="whistles"))
    if caring.may_enter(actor):
        items += _known(("探访", "caring:list", "elder"))
    if councils.may_enter(actor):
        items += _known(("民心台账", "wishes:ledger", "list"), ("议事", "councils:list", "users"))
    if helping.opening_posts(actor):
        items += _known(("帮扶转介", "help:list", "users"))
    if patrols.may_enter(actor):
        items += _known(("排查", "patrols:list", "pin"))
    if crowds.may_look(actor):
        items += _known(("重复和热点", "crowds:list", "split"))
    if hazards.may_read(actor):
        items += _known(("隐患", "hazards:list", "shield"))
    if actor.has(Role.DISPATCHER):
        items += _known(("派单目录", "cases:catalogue", "split"))
    if may_take_orders(actor):
        items += _known(("工单导入", "hotlines:orders", "download"))
    if may_keep_answers(actor):
        items += _known(("知识库", "hotlines:answers", "help"))
    if may_print(actor):
        items += _known(("网格公示牌", "cases:posters", "print"))
    if actor.has(Role.GRID_WORKER, Role.VOLUNTEER):
        items += _known(("手机版", "phone:today", "screen"))
    if following_up.may_enter(actor) and not actor.has(Role.FOLLOW_UP_OFFICER):
        items.append(_follow_up(actor))
    if may_look_at_map(actor):
        items += _known(("地图", "mapping:show", "map"))
    if assessing.may_enter(actor):
        items += _known(("网格考核", "assessments:list", "chart"))
    elif assessing.works_in_grids(actor):
        items += _known(("本网格考核", "assessments:mine", "chart"))
    if bulletins.may_enter(actor):
        items += _known(("月报年报", "bulletins:list", "file"))
    if board := board_url(actor):
        items.append(_item("看板", board, "chart", key="board"))
    if may_enter_boards(actor):
        items += _known(("解纷网络", "boards:network", "users"))
    return items


def _waiting(request: HttpRequest, actor: Actor) -> int:
    """What waits at the telephone; the desk has counted already."""
    known: int | None = getattr(request, "calls_waiting", None)
    return calls.count(actor, timezone.now()) if known is None else known


def _follow_up(actor: Actor) -> Item:
    waits = following_up.waiting(actor, timezone.now())
    return _item("回访", reverse("cases:following_up:desk"), "phone", key="following_up", count=waits)


def _admin_items(request: HttpRequest) -> list[Item]:
    """One line for each page this administrator has, as the configuration itself says."""
    icons = {
        "user": "users",
        "post": "user",
        "unit": "building",
        "auditentry": "eye",
        "auditseal": "shield",
        "groupchannel": "users",
        "delivery": "send",
    }
    items = []
    for app in admin.site.get_app_list(request):
        for model in app["models"]:
            if model.get("admin_url"):
                icon = icons.get(model["object_name"].lower(), "settings")
                count = undelivered() if model["object_name"] == "Delivery" else None
                items.append(_item(str(model["name"]), model["admin_url"], icon, key=model["object_name"], count=count))
    return items


def _known(*rows: tuple[str, str, str]) -> list[Item]:
    """Those of these pages that there are."""
    return [_item(label, where(name), icon, key=name) for label, name, icon in rows if where(name)]


def _item(label: str, url: str, icon: str, *, key: str, count: int | None = None) -> Item:
    return {"url": url, "label": label, "icon": icon, "key": key, "count": count, "active": False}


def _mark(request: HttpRequest, items: list[Item]) -> None:
    """Mark where we are: the line whose address and query fit best."""
    best, weight = None, 0
    asked = set(parse_qsl(request.META.get("QUERY_STRING", "")))
    for item in items:
        path, _, query = item["url"].partition("?")
        wanted = set(parse_qsl(query))
        whole = request.path == path
        fits = (whole or (len(path) > 1 and request.path.startswith(path))) and wanted <= asked
        score = 1 + len(path) + len(wanted) + (2 if whole else 0)
        if fits and score > weight:
            best, weight = item, score
    if best is None:
        best = next((item for item in items if request.path.startswith("/cases/") and item["key"] == "all"), None)
    if best:
        best["active"] = True


def _counts(request: HttpRequest, actor: Actor) -> dict[str, int]:
    """How many wait in each queue; the desk and the list have counted already."""
    known: dict[str, int] = getattr(request, "desk_counts", None) or {}
    queues = lanes.queues_of(actor)
    if all(queue.code in known for queue in queues):
        return known
    return lanes.queue_counts(actor, timezone.now())


def _phone(items: list[Item]) -> list[Item]:
    """At most four in the bottom bar, the registration large in the middle; the rest is behind 更多."""
    known = {item["key"]: item for item in items}
    queue = next((item for item in items if item["count"] is not None), None)
    order = [known.get("home"), queue or known.get("all"), known.get("new"), known.get("inbox")]
    chosen = [item for item in order if item]
    if len(chosen) < 4 and known.get("all") and known["all"] not in chosen:
        chosen.insert(2, known["all"])
    return [{**item, "big": item["key"] == "new"} for item in chosen]
