"""One order understood: what a row, a push or a pull says becomes what `take_in` gets, or sentences beside the cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Unit
from cases import intake
from cases.choices import Nature
from cases.needs import is_storable
from cases.policies import calendar
from cases.suggesting.named import NamedCategory, categories_in_use
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.working_days import SHANGHAI
from hotlines.links.arriving import Arrival
from hotlines.orders.fields import BY_NAME, REQUIRED
from hotlines.orders.moments import read_due, read_moment
from hotlines.orders.natures import USUAL, Meaning, propose_meaning
from hotlines.orders.places import area_of
from hotlines.orders.trouble import UNKEPT, printable

EMPTY = frozenset({"-", "--", "—", "——", "/", "无", "空", "未知", "不详", "未填", "N/A", "n/a", "null", "NULL", "None"})
NAMELESS = frozenset({"匿名", "匿名用户", "不愿透露", "未透露"})
YES = frozenset({"是", "保密", "要求保密", "1", "true", "True", "Y", "y"})
#: The other side's clock may be a little ahead.
AHEAD = timedelta(minutes=10)
_NUMBER = re.compile(r"[\w\-.#()（）〔〕\[\]]{1,60}")
_PHONE = re.compile(r"\+?[0-9][0-9\-\s转]{4,24}")
_BETWEEN_PHONES = re.compile(r"[,，;；、/|]+")
#: The intake's names for what stands in a cell.
_CELL_OF = {
    "description": "content",
    "title": "title",
    "place": "address",
    "reporters": "name",
    "category": "category",
    "complained_unit": "unit",
    "complaint_nature": "nature",
    "kind": "nature",
}
#: Limits that an order names, as their sentences call them.
_ENDS = {"due": "办理时限", "return_by": "退回截止"}
#: Natures that are never to reach the unit they are about: without a unit that is known here they cannot be kept from it.
_GUARDED = (Nature.REPORT, Nature.CONDUCT)


@dataclass(frozen=True)
class Rules:
    """What a mapping says of words: `natures` {their word: Meaning as a dict}, `categories` {their word: our code or ""}."""

    natures: Mapping[str, Any] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """One order, understood; `unmapped` names the fields whose word nobody has said the meaning of."""

    arrival: Arrival
    unmapped: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The other side's number."""
        return self.arrival.foreign_number


class Reader:
    """Understands orders by the rules of a line; knows the district's places, units, categories and calendar."""

    def __init__(self, rules: Rules, district: str, now: datetime) -> None:
        self.rules, self.district, self.now = rules, district, now
        self.categories: Mapping[str, NamedCategory] = categories_in_use()
        self.calendar = calendar()
        #: {what it may be called: {code: name}}; more than one where units share a name.
        self.units: dict[str, dict[str, str]] = {}
        for code, name, short_name in Unit.objects.active().values_list("code", "name", "short_name"):
            for called in filter(None, (code, name, short_name)):
                self.units.setdefault(called, {})[code] = name
        self._areas: dict[tuple[str, str], str] = {}

    def read(self, said: Mapping[str, Any]) -> Order:
        """Return what `{field: text}` says (fields of hotlines.orders.fields); Incomplete with sentences beside the fields."""
        cells = {name: _text(value) for name, value in said.items()}
        errors = {printable(name): ["没有这一项，请去掉后再提交。"] for name in cells if name not in BY_NAME}
        errors |= {printable(name): ["应为文字。"] for name, value in said.items() if isinstance(value, dict | list)}
        for name in BY_NAME:
            if not is_storable(cells.get(name, "")):
                errors[name], cells[name] = [UNKEPT], ""
        for name in REQUIRED:
            if not cells.get(name):
                errors.setdefault(name, [f"请填写{BY_NAME[name].label}。"])
        cells = {name: cells.get(name, "") for name in BY_NAME}
        if cells["number"] and not _NUMBER.fullmatch(cells["number"]):
            errors["number"] = ["工单编号不像编号（最多 60 个字母、数字，不含空格）；请核对这一行是否错位。"]
        received_at, due_at = self._times(cells, errors)
        return_by = self._end("return_by", cells, received_at, errors)
        given, unmapped = self._given(cells, errors)
        if not errors:
            errors = _checked(given)
        if errors:
            raise Incomplete(errors)
        said_again = _said(cells, given, {"due": due_at, "return_by": return_by})
        arrival = Arrival(cells["number"], given, received_at, due_at, said=said_again, return_by=return_by)
        return Order(arrival, unmapped)

    def _times(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> tuple[datetime, datetime | None]:
        received = read_moment(cells["received_at"]) if cells["received_at"] else self.now
        if received is None:
            shown = cells["received_at"][:30]
            errors["received_at"] = [f"来件时间“{shown}”读不出来；请写成 2026-11-21 09:30 的样子，或者留空。"]
            return self.now, None
        if received > self.now + AHEAD:
            errors["received_at"] = [f"来件时间 {cells['received_at'][:30]} 在现在之后；请核对。"]
            return self.now, None
        received = min(received, self.now)
        return received, self._end("due", cells, received, errors)

    def _end(
        self, name: str, cells: Mapping[str, str], received: datetime, errors: dict[str, list[str]]
    ) -> datetime | None:
        """The end of one of their limits, counted from the time of receipt; None without one, or with a sentence."""
        label = _ENDS[name]
        if not cells[name] or "received_at" in errors:
            return None
        end = read_due(cells[name], received, self.calendar)
        if end is None:
            errors[name] = [f"{label}“{cells[name][:30]}”读不出来；请写成 2026-12-01 或 5个工作日，或者留空。"]
        elif end < received:
            errors[name] = [f"{label}早于来件时间；请核对。"]
        return end

    def _given(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> tuple[dict[str, Any], tuple[str, ...]]:
        meaning, unmapped = self._meaning(cells["nature"])
        given: dict[str, Any] = {
            "kind": meaning.kind,
            "description": _story(cells),
            "place": self._place(cells, errors),
            **_people(cells, errors),
        }
        if cells["title"]:
            given["title"] = cells["title"][:120]
        if meaning.confidential or cells["confidential"] in YES:
            given["confidential"] = True
        self._complaint(meaning, cells["unit"], given, errors)
        if cells["category"]:
            code = self.rules.categories.get(cells["category"], "")
            if not code:
                unmapped = (*unmapped, "category")
            elif code in self.categories and self.categories[code].suits(meaning.kind):
                given["category"] = code
        return given, unmapped

    def _meaning(self, word: str) -> tuple[Meaning, tuple[str, ...]]:
        if not word:
            return USUAL, ()
        if word in self.rules.natures:
            return Meaning.from_dict(self.rules.natures[word]), ()
        return propose_meaning(word) or USUAL, ("nature",)

    def _place(self, cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
        named = (cells["street"], cells["community"])
        try:
            if named not in self._areas:
                self._areas[named] = area_of(*named, self.district)
        except Incomplete as unknown:
            errors |= unknown.errors
        place = {"area": self._areas.get(named, self.district)}
        return {**place, "address": cells["address"][:200]} if cells["address"] else place

    def _complaint(self, meaning: Meaning, name: str, given: dict[str, Any], errors: dict[str, list[str]]) -> None:
        guarded = meaning.nature in _GUARDED
        if guarded and not name:
            given["confidential"] = True
        if not meaning.nature or not name:
            return
        found = self.units.get(name, {})
        if len(found) == 1:
            given |= {"complained_unit": next(iter(found)), "complaint_nature": meaning.nature}
        elif guarded:
            errors["unit"] = [_which_unit(name[:30], found)]


def _which_unit(name: str, found: Mapping[str, str]) -> str:
    """What is to be done about a unit that cannot be kept out: nobody is called so, or several are."""
    if not found:
        return f"本区没有名为“{name}”的单位，无法回避；请改成该单位的全称。反映的不是本区单位的，请清空这一格。"
    ways = "、".join(f"{code}（{found[code]}）" for code in sorted(found)[:5])
    return f"本区有 {len(found)} 个单位叫“{name}”，不知道该回避哪一个；请改成单位代码：{ways}。"


def _text(value: Any) -> str:
    """A cell's text, trimmed; what other systems write for nothing is nothing."""
    if value is None:
        return ""
    text = "是" if value is True else "否" if value is False else str(value)
    text = text.strip().strip("\u3000")
    return "" if text in EMPTY else text


def _story(cells: Mapping[str, str]) -> str:
    """What the caller said, and in which words the other side filed it: the same whatever our tables say of them."""
    filed = (("性质", "nature"), ("分类", "category"), ("被反映单位", "unit"))
    words = "；".join(f"{label}：{cells[name][:60]}" for label, name in filed if cells[name])
    return f"{cells['content']}\n（来源工单 {words}）" if words else cells["content"]


def _said(cells: Mapping[str, str], given: Mapping[str, Any], ends: Mapping[str, datetime | None]) -> dict[str, str]:
    """What they wrote, the same for a sheet and for the API and whatever our tables make of it: known again by this."""
    said = {name: cells[name] for name in BY_NAME if name not in ("number", "received_at") and cells[name]}
    if reporters := given.get("reporters"):
        said["phone"] = reporters[0]["phone"]
    for name, end in ends.items():
        if end is not None and read_moment(cells[name]):
            said[name] = end.astimezone(SHANGHAI).isoformat()
    if "confidential" in said:
        said["confidential"] = str(cells["confidential"] in YES)
    return said


def _people(cells: Mapping[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    name, phone = cells["name"], _phone(cells["phone"], errors)
    if name in NAMELESS:
        return {"reporters": [{"phone": phone}], "confidential": True} if phone else {"anonymous": True}
    return {"reporters": [{"name": name[:60], "phone": phone}]} if name or phone else {}


def _phone(text: str, errors: dict[str, list[str]]) -> str:
    """The first number that can be called. What is masked or says that there is none is no number."""
    text = unicodedata.normalize("NFKC", text)
    if "*" in text or not re.search(r"\d", text):
        return ""
    found = next((part.strip() for part in _BETWEEN_PHONES.split(text) if _PHONE.fullmatch(part.strip())), "")
    if not found:
        errors["phone"] = ["来电号码读不出来；请改成 13812341234 或 0349-6021234 的样子，没有号码就清空这一格。"]
    return found


def _checked(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the intake itself says against it, beside the cells."""
    _cleaned, errors = intake.check({"channel": "hotline", **given})
    return {_CELL_OF.get(name, name): list(sentences) for name, sentences in errors.items()}
