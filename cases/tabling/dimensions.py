"""By what a table is laid out: each dimension says how it groups, what its values are called and which list they open.

Every case has exactly one value of a dimension ("none yet" is one), so that the cells of a table add up to its totals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F
from django.db.models.functions import Substr, Trunc

from accounts.models import Unit
from cases import choices as c
from cases.mapping.lying import grid_now
from cases.models import Category
from cases.statistics.windows import Window
from cases.tabling.steps import STEPS, first_of, last_of, name_of_step, starts_in
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area, Grid
from grids.queries import names_of

NONE = "none"
#: Values that are not there stand last.
LAST = "\uffff"


@dataclass(frozen=True)
class Value:
    """One value of a dimension: its key in addresses, its name, and where it stands in the dimension's own order."""

    key: str
    name: str
    order: str


@dataclass(frozen=True)
class Dimension:
    """One way to lay a table out.

    expression: what the database groups by. read: the values behind what it answers (several may be one value). opens:
    the filters of the list that hold exactly a value's cases. known: every value there could be, for showing zeros.
    kept: the key under which `counting.by` keeps it, "" for none. place: the digits of its areas, 0 for none.
    """

    name: str
    label: str
    section: str
    expression: Callable[[], Any]
    read: Callable[[Iterable[Any]], dict[Any, Value]]
    opens: Callable[[str], dict[str, str]]
    known: Callable[[str, Window], list[Value]]
    kept: str = ""
    moment: str = ""
    step: str = ""
    place: int = 0


def _of_choices(name: str, label: str, section: str, choices: Any, none: str = "", kept: str = "") -> Dimension:
    pairs = [*choices.choices, *([("", none)] if none else [])]
    values = {str(value): Value(str(value) or NONE, str(words), f"{at:02}") for at, (value, words) in enumerate(pairs)}

    return Dimension(
        name,
        label,
        section,
        lambda: F(name),
        lambda raw: {value: values.get(value) or Value(value, value, LAST) for value in raw},
        lambda key: {name: key},
        lambda _area, _window: list(values.values()),
        kept,
    )


def _stages() -> Dimension:
    values = {str(stage): Value(str(stage), str(stage.label), f"{at}") for at, stage in enumerate(c.Stage)}
    return Dimension(
        "stage",
        "阶段",
        "办理",
        lambda: F("status"),
        lambda raw: {status: values[str(c.STAGE_OF[c.Status(status)])] for status in raw},
        lambda key: {"stage": key},
        lambda _area, _window: list(values.values()),
    )


# --- places -----------------------------------------------------------------------------------------------------


def _place(name: str, label: str, digits: int) -> Dimension:
    def read(raw: Iterable[Any]) -> dict[Any, Value]:
        codes = list(raw)
        names = names_of(codes)
        return {code: _named(code, names.get(code, code)) for code in codes}

    def _named(code: str, words: str) -> Value:
        short = len(code) < digits
        return Value(code, f"{words}（未落到{label}）" if short else words, f"{LAST if short else ''}{code}")

    def opens(key: str) -> dict[str, str]:
        return {"area": key} | ({"below": NONE} if len(key) < digits else {})

    def known(area: str, _window: Window) -> list[Value]:
        within = Area.objects.active().filter(code__startswith=area[:digits]).order_by("code")
        return [Value(code, words, code) for code, words in within.values_list("code", "name") if len(code) == digits]

    return Dimension(
        name, label, "属地", lambda: Substr("area_code", 1, digits), read, opens, known, kept="area", place=digits
    )


def _read_grids(raw: Iterable[Any]) -> dict[Any, Value]:
    codes = list(raw)
    names = names_of(codes)
    return {code: Value(code, names.get(code, code), code) if code else _no_grid() for code in codes}


def _no_grid() -> Value:
    return Value(NONE, "未落到网格", LAST)


def _known_grids(area: str, _window: Window) -> list[Value]:
    rows = Grid.objects.filter(code__startswith=area, active=True).order_by("code").values_list("code", "name")
    return [Value(code, name, code) for code, name in rows]


# --- units and categories ---------------------------------------------------------------------------------------


def _read_units(raw: Iterable[Any]) -> dict[Any, Value]:
    keys = list(raw)
    found: dict[Any, Value] = {unit.pk: _unit(unit) for unit in Unit.objects.filter(pk__in=[pk for pk in keys if pk])}
    return found | {None: Value(NONE, "尚未分流", LAST)}


def _unit(unit: Unit) -> Value:
    return Value(unit.code, unit.short_name or unit.name, f"{unit.kind}{unit.code}")


def _known_units(_area: str, _window: Window) -> list[Value]:
    return [_unit(unit) for unit in Unit.objects.filter(active=True)]


_NO_CATEGORY = Value(NONE, "尚未归类", LAST)


def _read_categories(raw: Iterable[Any]) -> dict[Any, Value]:
    rows = Category.objects.select_related("parent").filter(code__in=[code for code in raw if code])
    found: dict[Any, Value] = {}
    for row in rows:
        name = f"{row.parent.name} · {row.name}" if row.parent else row.name
        found[row.code] = Value(row.code, name, row.code)
    return found | {None: _NO_CATEGORY}


def _read_main_categories(raw: Iterable[Any]) -> dict[Any, Value]:
    rows = Category.objects.select_related("parent").filter(code__in=[code for code in raw if code])
    found: dict[Any, Value] = {}
    for row in rows:
        main = row.parent or row
        found[row.code] = Value(main.code, main.name, main.code)
    return found | {None: _NO_CATEGORY}


def _known_main_categories(_area: str, _window: Window) -> list[Value]:
    rows = Category.objects.filter(parent__isnull=True, active=True).values_list("code", "name")
    return [Value(code, name, code) for code, name in rows]


def _known_categories(_area: str, _window: Window) -> list[Value]:
    codes = Category.objects.filter(parent__isnull=False, active=True).values_list("code", flat=True)
    return [value for code, value in _read_categories(codes).items() if code]


# --- time -------------------------------------------------------------------------------------------------------

#: name of the moment: the column, its word, its filters in the list.
MOMENTS: Mapping[str, tuple[str, str, str]] = {
    "registered": ("registered_at", "登记", "received"),
    "accepted": ("accepted_at", "受理", "accepted"),
    "closed": ("closed_at", "办结", "closed"),
}


def _time(moment: str, step: str) -> Dimension:
    field, word, prefix = MOMENTS[moment]

    def read(raw: Iterable[Any]) -> dict[Any, Value]:
        return {day: _step(day) if day else Value(NONE, f"没有{word}时间", LAST) for day in raw}

    def _step(day: date) -> Value:
        start = first_of(day, step)
        return Value(str(start), name_of_step(start, step), str(start))

    def opens(key: str) -> dict[str, str]:
        if key == NONE:
            return {moment: NONE}
        start = date.fromisoformat(key)
        return {f"{prefix}_after": str(start), f"{prefix}_before": str(last_of(start, step))}

    return Dimension(
        f"{moment}_{step}",
        f"{word}{STEPS[step]}",
        f"{word}时间",
        lambda: Trunc(field, step, output_field=DateField(), tzinfo=SHANGHAI),
        read,
        opens,
        lambda _area, window: [_step(day) for day in starts_in(window, step)],
        moment=moment,
        step=step,
    )


DIMENSIONS: Mapping[str, Dimension] = {
    one.name: one
    for one in (
        _place("street", "街道", 9),
        _place("community", "社区", 12),
        Dimension(
            "grid",
            "网格",
            "属地",
            grid_now,
            _read_grids,
            lambda key: {"grid": key},
            _known_grids,
            kept="grid",
        ),
        Dimension(
            "unit",
            "主办单位",
            "单位",
            lambda: F("lead_unit_id"),
            _read_units,
            lambda key: {"unit": key},
            _known_units,
            kept="unit",
        ),
        Dimension(
            "main_category",
            "类别（大类）",
            "事项",
            lambda: F("category_id"),
            _read_main_categories,
            lambda key: {"category": key},
            _known_main_categories,
            kept="category",
        ),
        Dimension(
            "category",
            "类别（小类）",
            "事项",
            lambda: F("category_id"),
            _read_categories,
            lambda key: {"category": key} if key == NONE else {"category_only": key},
            _known_categories,
            kept="category",
        ),
        _of_choices("kind", "事项大类", "事项", c.Kind, kept="kind"),
        _of_choices("channel", "来源渠道", "事项", c.Channel, kept="channel"),
        _of_choices("level", "等级", "事项", c.Level, "尚未定级", kept="level"),
        _of_choices("procedure", "程序", "事项", c.Procedure),
        _stages(),
        _of_choices("status", "办理状态", "办理", c.Status),
        _of_choices("outcome", "化解结果", "办理", c.Outcome, "尚无结果"),
        *(_time(moment, step) for moment in MOMENTS for step in STEPS),
    )
}


def sections() -> list[tuple[str, list[Dimension]]]:
    """The dimensions as a select groups them."""
    found: dict[str, list[Dimension]] = {}
    for one in DIMENSIONS.values():
        found.setdefault(one.section, []).append(one)
    return list(found.items())
