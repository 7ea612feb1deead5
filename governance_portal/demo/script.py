"""The language the stories are written in: rows of (day, hour, who, what, given), and short words for usual rows.

A day is a working day counted from today (see Timetable), an hour is "9:20", who is a log-in name or a service account
(resident, clock), what is a move or a record of the workflow table, or one of `rate`, `unmask`, `photo`, `call`,
`enter` (another story is registered meanwhile). The year behind the first 60 stories is written by plan.py with moments
instead of days; then the hour is "". Values that are only known when a story is played are placeholders: Day, Moment,
Number, Photos, LATEST_ORDER …
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: A working day counted from today, or the moment itself.
When = int | datetime


@dataclass(frozen=True)
class Day:
    """The date of a working day counted from today."""

    offset: int


@dataclass(frozen=True)
class Moment:
    """A moment, for deadlines."""

    offset: int
    hour: str


@dataclass(frozen=True)
class Number:
    """The 受理编号 of an earlier story."""

    key: str


@dataclass(frozen=True)
class Photos:
    """The photos that this story took for a purpose."""

    purpose: str


@dataclass(frozen=True)
class Latest:
    """The id of the latest row that an event of this kind made in this story."""

    kind: str


LATEST_ORDER, LATEST_REQUEST = Latest("order"), Latest("request")


@dataclass(frozen=True)
class Step:
    """One row of a story."""

    day: When
    hour: str
    who: str
    what: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A matter from its registration on; `came` is the (day, hour, who) of the registration.

    given: further fields of the intake (cases.intake.INTAKE).
    """

    key: str
    came: tuple[When, str, str]
    kind: str
    channel: str
    title: str
    text: str
    place: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[Mapping[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)


# --- the town ---------------------------------------------------------------------------------------------------

JINGPING, FENGHUANG = "140603100", "140603101"
GUCHENG, ANDONG, ANXI, ANNAN, ANBEI = (f"{JINGPING}{number:03d}" for number in range(1, 6))
XIQUAN, QINYI, XINYUAN, TAOYUAN, BEIPING = (f"{JINGPING}{number:03d}" for number in range(6, 11))
JINGPING_VILLAGE = f"{JINGPING}200"
FENGHUANG_VILLAGE, ZHENGJIAYING = f"{FENGHUANG}200", f"{FENGHUANG}204"
BAITANG_VILLAGE, ANTAIBAO = "140603200200", "140603200203"
TAOCUN, XIASHUITOU = "140603201", "140603202"


def spot(area: str, address: str, grid: int = 1) -> dict[str, Any]:
    """A place: a community with its so-and-so-many-th grid, or a town as a whole."""
    code = {"grid": f"{area}{grid:03d}"} if len(area) == 12 else {"area": area}
    return {**code, "address": address}


def person(name: str, number: int, role: str = "person", **more: str) -> dict[str, str]:
    """An invented person. 154 is a range of mobile numbers that is assigned to nobody."""
    return {"name": name, "phone": f"1540000{number:04d}", "role": role, **more}


# --- single rows ------------------------------------------------------------------------------------------------


def step(day: int, hour: str, who: str, what: str, /, **given: Any) -> Step:
    """Any row."""
    return Step(day, hour, who, what, given)


def accept(day: int, hour: str, category: str, level: str = "general", by: str = "clerk", **more: Any) -> Step:
    """受理."""
    return step(day, hour, by, "accept", category=category, level=level, **more)


def dispatch(day: int, hour: str, to: str, by: str = "dispatcher", mode: str = "forward", **more: Any) -> Step:
    """分流."""
    return step(day, hour, by, "dispatch", lead_unit=to, mode=mode, **more)


def sign(day: int, hour: str, by: str, **more: Any) -> Step:
    """签收."""
    return step(day, hour, by, "sign", **more)


def contact(day: int, hour: str, by: str, text: str, way: str = "phone", reached: bool = True) -> Step:
    """联系当事人."""
    return step(day, hour, by, "contact", way=way, reached=reached, text=text)


def note(day: int, hour: str, by: str, text: str = "", public: str = "") -> Step:
    """办理进展: for colleagues, for the resident, or both."""
    return Step(day, hour, by, "note", {k: v for k, v in (("text", text), ("public_text", public)) if v})


def resolve(day: int, hour: str, by: str, outcome: str, result: str, reply: str, **more: Any) -> Step:
    """办结上报."""
    return step(day, hour, by, "resolve", outcome=outcome, result=result, reply=reply, **more)


def approve(day: int, hour: str, by: str = "supervisor", **more: Any) -> Step:
    """审核通过."""
    return step(day, hour, by, "approve", **more)


def photo(day: int, hour: str, by: str, purpose: str, scene: str, public: bool = False) -> Step:
    """A photo: `scene` is one that pictures.py can draw."""
    return step(day, hour, by, "photo", purpose=purpose, scene=scene, public=public)


# --- rows that usually come together ----------------------------------------------------------------------------


def routed(
    day: int,
    category: str,
    unit: str,
    officer: str,
    *,
    level: str = "general",
    hours: tuple[str, str, str, str] = ("9:40", "10:25", "14:50", "15:30"),
    told: str = "已电话联系来访人，说明由本单位办理，约定现场查看时间。",
    **dispatching: Any,
) -> tuple[Step, ...]:
    """受理、分流、签收、首次联系 on one day."""
    at_desk, sent, signed, called = hours
    return (
        accept(day, at_desk, category, level),
        dispatch(day, sent, unit, **dispatching),
        sign(day, signed, officer),
        contact(day, called, officer, told),
    )


def rung(day: int, hour: str, satisfaction: int, resolved: bool = True, by: str = "follow_up") -> tuple[Step, ...]:
    """回访: one call, then 回访办结."""
    hours, minutes = hour.split(":")
    after = f"{hours}:{int(minutes) + 6:02d}"
    words = "来访人表示问题已经解决。" if resolved else "来访人表示问题没有完全解决，理解政策规定。"
    return (
        contact(day, hour, by, words),
        step(day, after, by, "confirm", satisfaction=satisfaction, resolved=resolved, contacted=True),
    )
