"""Orders of the list and pages by key: the place of a row is its key and its id, so no page repeats or skips one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case as Switch
from django.db.models import DateTimeField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from cases import choices as c
from cases.models import Case

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sort:
    """One order: its words, the key's expression ("" for a plain column), the key's kind, downward or not."""

    label: str
    key: str
    kind: str = "moment"
    descending: bool = False
    made_of: Callable[[], Any] | None = None


def _due(none: datetime) -> Callable[[], Any]:
    """The date that the due column speaks of: the resident's while it runs, then the step's; ended ones come last."""
    return lambda: Switch(
        When(due_running=True, then=Coalesce("due_at", _at(none))), default=Coalesce("step_due_at", _at(none))
    )


def _step(none: datetime) -> Callable[[], Any]:
    return lambda: Coalesce("step_due_at", _at(none))


def _at(moment: datetime) -> Any:
    return Value(moment, output_field=DateTimeField())


def _rank(column: str, order: Any) -> Callable[[], Any]:
    def made() -> Any:
        places = [When(**{column: code, "then": Value(place)}) for place, code in enumerate(order)]
        return Switch(*places, default=Value(len(places)), output_field=IntegerField())

    return made


LEVELS_DOWN = tuple(reversed(c.Level.values))
STATUS, LEVEL = _rank("status", c.Status.values), _rank("level", LEVELS_DOWN)


def _unit() -> Any:
    return Coalesce("lead_unit_id", Value(0))


#: Every order ends with the id.
SORTS: Mapping[str, Sort] = {
    "newest": Sort("最近登记", "registered_at", descending=True),
    "oldest": Sort("最早登记", "registered_at"),
    "due": Sort("时限最近", "due_key", made_of=_due(NEVER)),
    "due_last": Sort("时限最远", "due_key", descending=True, made_of=_due(LONG_AGO)),
    "step": Sort("当前步骤最急", "step_key", made_of=_step(NEVER)),
    "step_last": Sort("当前步骤最缓", "step_key", descending=True, made_of=_step(LONG_AGO)),
    "status": Sort("按状态先后", "status_key", "number", made_of=STATUS),
    "status_last": Sort("按状态倒序", "status_key", "number", descending=True, made_of=STATUS),
    "level": Sort("等级从高到低", "level_key", "number", made_of=LEVEL),
    "level_last": Sort("等级从低到高", "level_key", "number", descending=True, made_of=LEVEL),
    "area": Sort("按属地", "area_code", "text"),
    "area_last": Sort("按属地倒序", "area_code", "text", descending=True),
    "unit": Sort("按主办单位", "unit_key", "number", made_of=_unit),
    "unit_last": Sort("按主办单位倒序", "unit_key", "number", descending=True, made_of=_unit),
}
#: Those a phone offers, where there are no column heads.
PHONE_SORTS = ("newest", "oldest", "due", "step")


@dataclass(frozen=True)
class Page:
    """The cases of one page; first and last are the cursors to what lies before and after, "" where nothing does."""

    cases: list[Case]
    first: str
    last: str


def keyed(cases: Any, sort: str) -> Any:
    """The query with the key of this order, unordered."""
    order = SORTS[sort]
    return cases.annotate(**{order.key: order.made_of()}) if order.made_of else cases


def ordered(cases: Any, sort: str, *, back: bool = False) -> Any:
    """The query in this order, or in its reverse."""
    order = SORTS[sort]
    downward = order.descending != back
    return keyed(cases, sort).order_by(
        F(order.key).desc() if downward else F(order.key).asc(), "-id" if downward else "id"
    )


def beyond(cases: Any, sort: str, cursor: str, *, back: bool = False) -> Any:
    """What comes after a cursor (before it, when `back`), in order; everything when the cursor says nothing."""
    place = _place(cursor, SORTS[sort].kind)
    found = ordered(cases, sort, back=back)
    return found.filter(_side(sort, place, back)) if place else found


def page_of(cases: QuerySet[Case], sort: str, size: int, after: str, before: str) -> Page:
    """Return one page; `before` wins over `after`."""
    cursor, back = (before, True) if _place(before, SORTS[sort].kind) else (after, False)
    used = bool(_place(cursor, SORTS[sort].kind))
    found = list(beyond(cases, sort, cursor, back=back)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if back:
        rows.reverse()
    has_next, has_previous = (used, more) if back else (more, used)
    return Page(
        rows,
        first=cursor_of(rows[0], sort) if rows and has_previous else "",
        last=cursor_of(rows[-1], sort) if rows and has_next else "",
    )


def cursor_of(case: Any, sort: str) -> str:
    """The place of a case in this order, as text."""
    key = getattr(case, SORTS[sort].key)
    return f"{key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key}_{case.pk}"


def _place(cursor: str, kind: str) -> tuple[Any, int] | None:
    text, _, pk = cursor.rpartition("_")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    key = READERS[kind](text)
    return None if key is None else (key, int(pk))


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _text(text: str) -> str | None:
    return text if text.isascii() and text.isalnum() and len(text) < 40 else None


READERS: Mapping[str, Callable[[str], Any]] = {"moment": _moment, "number": _number, "text": _text}


def _side(sort: str, place: tuple[Any, int], back: bool) -> Q:
    key, (at, pk) = SORTS[sort].key, place
    side = "lt" if SORTS[sort].descending != back else "gt"
    return Q(**{f"{key}__{side}": at}) | Q(**{key: at, f"id__{side}": pk})
