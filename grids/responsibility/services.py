"""Writing the matrix: a row, the end of a row, a whole sheet after a preview. Each change leaves an entry in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Unit
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.sheets import BadFile, BadRow, read_rows
from grids.models import Area, Responsibility
from grids.responsibility.coverage import Coverage, Span, check
from grids.responsibility.models import Topic
from grids.responsibility.queries import kept_area, rows_of, streets_of

NOT_YOURS = "包保责任由区综治中心的分流员、督办员和负责人登记，您没有这些岗位。"
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
BAD_DATE = "请按“2026-07-01”的样子填写日期。"
UNITS, STREETS, TOPICS = (
    ("包保单位", "单位", "责任单位"),
    ("街道", "乡镇", "街道（乡镇）", "街道乡镇"),
    ("事项", "专题"),
)
FIRSTS, LASTS = ("起", "开始", "开始日期"), ("止", "结束", "结束日期")
MOST_ROWS = 2000
TWICE = "这个单位在这段日期里已经包保这个街道（乡镇）；要改起止，请先结束原来的一段。"
Days = tuple[date, date | None]


def need_keeper(actor: Actor) -> str:
    """Return the district whose matrix this person keeps; NotYou for everybody else."""
    if not (district := kept_area(actor)):
        raise NotYou(NOT_YOURS)
    return district


def day_of(text: Any) -> date | None:
    """Return a day of this or a near century, None for anything else."""
    try:
        found = date.fromisoformat(str(text).strip().replace("/", "-"))
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


@dataclass(frozen=True)
class Wanted:
    """One row that somebody wants: a unit for a street."""

    unit: Unit
    area_code: str
    topic: str
    first: date
    last: date | None


def _read(given: Mapping[str, Any], district: str, units: Mapping[str, Unit], streets: Mapping[str, str]) -> Wanted:
    """Read `unit, area, topic, from, to?`; Incomplete with a sentence at each field that does not fit."""
    errors: dict[str, list[str]] = {}
    unit, area, topic = (str(given.get(name, "")).strip() for name in ("unit", "area", "topic"))
    first, last = day_of(given.get("from", "")), day_of(given.get("to", ""))
    if unit not in units:
        errors["unit"] = ["没有这个单位，或者该单位已停用；请从列表中选择。"]
    if area not in streets:
        errors["area"] = ["没有这个街道（乡镇），请从列表中选择。"]
    if topic not in Topic.values:
        errors["topic"] = ["请从列表中选择事项。"]
    if first is None:
        errors["from"] = [BAD_DATE]
    if last is None and str(given.get("to", "")).strip():
        errors["to"] = [BAD_DATE]
    if first and last and last < first:
        errors["to"] = ["止不能早于起。"]
    if errors or first is None:
        raise Incomplete(errors)
    return Wanted(units[unit], area, topic, first, last)


def _units(district: str) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(active=True, area_code__startswith=district)}


def give(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Responsibility:
    """Give a street to a unit: `{unit, area, topic, from, to?}`. NotNow where the same unit has it already in that time."""
    district = need_keeper(actor)
    wanted = _read(given, district, _units(district), streets_of(district))
    try:
        with transaction.atomic():
            made = _written(wanted)
            _log(actor, "responsibility_given", made, now)
    except IntegrityError as twice:
        raise NotNow("这个单位从这一天起已经包保这个街道（乡镇）。") from twice
    return made


def _written(wanted: Wanted) -> Responsibility:
    Area.objects.select_for_update().get(code=wanted.area_code)  # two people at once: one after the other
    same = Responsibility.objects.filter(unit=wanted.unit, area_id=wanted.area_code, topic=wanted.topic)
    if any(_meet((row.starts_on, row.ends_on), (wanted.first, wanted.last)) for row in same):
        raise NotNow(TWICE)
    return Responsibility.objects.create(
        unit=wanted.unit, area_id=wanted.area_code, topic=wanted.topic, starts_on=wanted.first, ends_on=wanted.last
    )


def _meet(one: Days, other: Days) -> bool:
    """Tell whether two stretches of days (both ends included) have a day in common."""
    (first, last), (begins, ends) = one, other
    return (last is None or begins <= last) and (ends is None or first <= ends)


def end(pk: int, last: Any, *, actor: Actor, now: datetime) -> Responsibility:
    """End a row on a day, its last one; NotYours (404) outside of one's district, Incomplete for a day that does not fit."""
    district, day = need_keeper(actor), day_of(last)
    with transaction.atomic():
        row = Responsibility.objects.select_for_update(of=("self",)).filter(pk=pk, area__parent__code=district).first()
        if row is None:
            raise NotYours()
        if day is None or day < row.starts_on:
            raise Incomplete({"last": [f"请填最后一天，不早于 {row.starts_on:%Y-%m-%d}。"]})
        if row.ends_on and day > row.ends_on:
            raise Incomplete({"last": [f"这一段到 {row.ends_on:%Y-%m-%d} 已经结束，只能提前。"]})
        row.ends_on = day
        row.save(update_fields=["ends_on"])
        _log(actor, "responsibility_ended", row, now)
    return row


def _log(actor: Actor, action: str, row: Responsibility, now: datetime) -> None:
    told = {
        "unit": row.unit_id,
        "area": row.area_id,
        "topic": row.topic,
        "from": str(row.starts_on),
        "to": str(row.ends_on),
    }
    audit.record(actor, action, f"responsibility:{row.pk}", "", told, now=now)


# --- a sheet ------------------------------------------------------------------------------------------------------


@dataclass
class Preview:
    """What a sheet would do: rows that are new, rows that are there already, sentences for those that do not fit."""

    wanted: list[Wanted] = field(default_factory=list)
    known: int = 0
    problems: list[str] = field(default_factory=list)
    coverage: dict[str, Coverage] = field(default_factory=dict)


def _cell(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def read_sheet(content: bytes, *, actor: Actor) -> Preview:
    """Read a sheet of 单位, 街道, 事项, 起, 止 and say what it would do, with the coverage afterwards; nothing is written.

    Units and streets by name or code. Incomplete beside `sheet` for a file that cannot be read.
    """
    district = need_keeper(actor)
    units, streets = _units(district), streets_of(district)
    names = {
        **{unit.name: code for code, unit in units.items()},
        **{u.short_name: c for c, u in units.items() if u.short_name},
    }
    topics = {label: code for code, label in Topic.choices}
    places = {name: code for code, name in streets.items()}
    found = Preview()
    there: dict[tuple[int, str, str], list[Days]] = defaultdict(list)
    rows = Responsibility.objects.filter(area__parent__code=district)
    for one in rows:
        there[one.unit_id, one.area_id, one.topic].append((one.starts_on, one.ends_on))
    try:
        for line, row in read_rows(content):
            if isinstance(row, BadRow):
                found.problems.append(f"第 {line} 行：{row.problem}")
                continue
            unit, area, topic = _cell(row, UNITS), _cell(row, STREETS), _cell(row, TOPICS)
            given = {
                "unit": names.get(unit, unit),
                "area": places.get(area, area),
                "topic": topics.get(topic, topic),
                "from": _cell(row, FIRSTS),
                "to": _cell(row, LASTS),
            }
            try:
                wanted = _read(given, district, units, streets)
            except Incomplete as refused:
                found.problems.append(
                    f"第 {line} 行：{'；'.join(text for texts in refused.errors.values() for text in texts)}"
                )
                continue
            known, mine = there[wanted.unit.pk, wanted.area_code, wanted.topic], (wanted.first, wanted.last)
            if mine in known:
                found.known += 1
                continue
            if any(_meet(mine, other) for other in known):
                found.problems.append(f"第 {line} 行：{TWICE}")
                continue
            known.append(mine)
            found.wanted.append(wanted)
            if len(found.wanted) > MOST_ROWS:
                raise Incomplete({"sheet": [f"一次最多 {MOST_ROWS} 行，请分成几张表。"]})
    except BadFile as wrong:
        raise Incomplete({"sheet": [str(wrong)]}) from wrong
    if not found.wanted and not found.known and not found.problems:
        raise Incomplete({"sheet": ["表格里没有内容。表头写：单位、街道、事项、起、止。"]})
    found.coverage = {
        topic: _afterwards(topic, found.wanted, district, streets) for topic in {w.topic for w in found.wanted}
    }
    return found


def _afterwards(topic: str, wanted: Sequence[Wanted], district: str, streets: dict[str, str]) -> Coverage:
    """The coverage of a topic as it would be, over the days that the sheet speaks of."""
    mine = [one for one in wanted if one.topic == topic]
    first = min(one.first for one in mine)
    last = max((one.last or one.first) for one in mine)
    spans = [
        Span(row.area_id, row.unit.name, row.starts_on, row.ends_on) for row in rows_of(district, topic, first, last)
    ]
    spans += [Span(one.area_code, one.unit.name, one.first, one.last) for one in mine]
    return check(streets, spans, first, last)


def import_sheet(content: bytes, *, actor: Actor, now: datetime) -> Preview:
    """Write a sheet whole; Incomplete with every problem where a row does not fit: half a matrix is none."""
    found = read_sheet(content, actor=actor)
    if found.problems:
        raise Incomplete({"sheet": found.problems[:20]})
    with transaction.atomic():
        for wanted in found.wanted:
            _written(wanted)
        detail = {"rows": len(found.wanted)}
        audit.record(actor, "responsibility_imported", "responsibility", "", detail, now=now)
    return found
