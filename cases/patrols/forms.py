"""The forms of patrols as rows of needs (`{% need_field %}`): what a plan, a campaign, an ending ask for."""

from __future__ import annotations

from typing import Any

from accounts.queries import Actor
from cases.patrols import choices as c
from cases.patrols.drafting import DUTIES, LOOK_LIMIT, MOST_EVERY, NAME_LIMIT
from cases.patrols.planning import REASON_LIMIT
from cases.patrols.queries import plans
from cases.patrols.recurrence import WEEKDAY_WORDS, WEEKDAYS
from grids.models import Area

Row = dict[str, Any]
MOST_AREAS = 700


def areas(actor: Actor) -> list[tuple[str, str]]:
    """Return the areas somebody plans in, wider ones first, each street with its communities after it; one statement."""
    widest = min((post.area_code for post in actor.posts if plans(post)), key=len, default="-")
    rows = (
        Area.objects.filter(active=True, code__startswith=widest).order_by("code").values_list("code", "name", "level")
    )
    mark = {"district": "", "street": "", "community": "　"}
    return [(code, f"{mark[level]}{name}") for code, name, level in rows[:MOST_AREAS]]


def _need(name: str, label: str, kind: str, **more: Any) -> Row:
    choices = [{"value": value, "label": label} for value, label in more.pop("rows", ())]
    return {"name": name, "label": label, "type": kind, "required": True, "help": "", "choices": choices, **more}


def _duty() -> Row:
    return _need("duty_kind", "由谁排查", "choice", rows=[(kind.value, kind.label) for kind in DUTIES])


def _area(actor: Actor) -> Row:
    return _need("area", "范围", "choice", rows=areas(actor), help="这个范围里每个在用的网格，到日子各有一项任务。")


def plan_needs(actor: Actor) -> dict[str, Row]:
    """Return the fields of a plan by name."""
    repeats = [row for row in c.PatrolRepeat.choices if row[0] != c.PatrolRepeat.ONCE]
    kinds = [row for row in c.PatrolKind.choices if row[0] != c.PatrolKind.CAMPAIGN]
    week = [(code, f"周{word}") for code, word in zip(WEEKDAYS, WEEKDAY_WORDS, strict=True)]
    rows = (
        _need("kind", "类别", "choice", rows=kinds),
        _need("name", "名称", "text", maximum=NAME_LIMIT),
        _need(
            "look_for",
            "查什么",
            "longtext",
            required=False,
            maximum=LOOK_LIMIT,
            help="查事和物，不查人；不写姓名、电话。",
        ),
        _area(actor),
        _need(
            "grids",
            "只在这些网格",
            "longtext",
            required=False,
            help="一行一个网格名称或编码；不填就是范围里的全部网格。",
        ),
        _need(
            "points",
            "点位",
            "longtext",
            required=False,
            help="一行一个：名称，地点，网格（后两项可不写）。没写网格的，每个网格都查；都写了网格的，只在有点位的网格派任务。",
        ),
        _duty(),
        _need("repeat", "多久一次", "choice", rows=repeats),
        _need("weekdays", "周几", "choices", required=False, rows=week, help="选“每周几”时填。"),
        _need("every", "每几天", "integer", required=False, minimum=1, maximum=MOST_EVERY, help="选“每几天”时填。"),
        _need("month_days", "每月几日", "text", required=False, maximum=80, help="选“每月几日”时填，如 1、15。"),
        _need(
            "special",
            "遇节假日、调休上班的周末",
            "choice",
            rows=c.SpecialDay.choices,
            help="按国务院办公厅公布的放假调休安排；“每个工作日”本来就按这个安排。",
        ),
        _need("first_day", "从哪天开始", "date"),
        _need("last_day", "到哪天为止", "date", required=False),
    )
    return {row["name"]: row for row in rows}


def campaign_needs(actor: Actor) -> dict[str, Row]:
    """Return the fields of a campaign by name."""
    rows = (
        _need("name", "名称", "text", maximum=NAME_LIMIT),
        _need(
            "look_for",
            "查什么",
            "longtext",
            required=False,
            maximum=LOOK_LIMIT,
            help="查事和物，不查人；不写姓名、电话。",
        ),
        _area(actor),
        _duty(),
        _need("first_day", "从哪天开始", "date"),
        _need("last_day", "截止日", "date", help="到期由安排的人结清：没有查完的网格逐个写明原因。"),
    )
    return {row["name"]: row for row in rows}


def end_need() -> Row:
    """Return the field of an ending."""
    return _need("reason", "停止的原因", "text", maximum=REASON_LIMIT)
