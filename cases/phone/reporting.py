"""A report from the phone: what it says, which kind of matter that is, and filing it with what follows at once, all or nothing.

Facts §3.4 (网格事件 categories), §6.1 (类别 → 照片 → 定位 → 描述 → 自办自结 | 上报; photos compulsory for hazards put right only).
Photos come before their report (`keep_photo`), so that a case has all of them from its first moment; each is known by its content and
the report's own key, the report by its key alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.choices import Role
from accounts.queries import Actor
from cases import intake
from cases.choices import CategoryTree, Channel, Kind, Level, Outcome, Status
from cases.models import Attachment, Case, Category
from cases.needs import is_blank
from cases.services import move, register
from cases.services.attachments import store
from cases.services.door import posts_of
from cases.standing import Standing
from cases.suggesting.categories import kind_of
from cases.workflow import TABLE
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import grid_codes_of, names_of

REPORTERS = (Role.GRID_WORKER, Role.VOLUNTEER)
REPORT, SETTLE = "report", "settle"
MOST_PHOTOS = 9
BEFORE, AFTER = "现场", "整改后"
#: What one report may say; the person who told the worker is a name and a phone, never an ID number.
FIELDS = ("category", "description", "place", "level", "reporters", "way", "result", "photos", "photos_after")
PERSON_FIELDS = ("name", "phone", "role")
ONLY_GRIDS = "手机上报给网格员和群防群治人员用，您没有这些岗位；请到“新登记”办理。"
NOT_OWN_GRID = "这件事不在您负责的网格，不能自办自结；请改成“上报”，由当地处理。"
NO_AFTER = "自己整改好的隐患，请拍一张整改后的照片；另有人来核查销号。"
NO_ID = "手机上不填证件号，只填称呼和电话；都可以不填。"


@dataclass(frozen=True)
class Common:
    """A large button of the report page: what people call it, and the category that the dispatch catalogue knows."""

    label: str
    code: str
    icon: str


#: The common ones of facts §3.4 in the words of the field, as categories that have a line in the catalogue.
COMMON = (
    Common("垃圾卫生", "A0401", "again"),
    Common("路灯不亮", "A0302", "sun"),
    Common("占道经营", "A0403", "split"),
    Common("油烟噪声", "A0404", "bell"),
    Common("水电气暖", "A01", "building"),
    Common("小区设施", "A0203", "settings"),
    Common("困难求助", "A0505", "hands"),
    Common("邻里纠纷", "02", "users"),
    Common("欠薪讨薪", "A0601", "file"),
    Common("消防通道", "H0301", "shield"),
    Common("用火用电", "H0303", "flag"),
    Common("燃气", "H0101", "mend"),
)


def may_report(actor: Actor) -> bool:
    """Tell whether somebody reports from the phone: posts that register by the channel `grid`."""
    return actor.has(*REPORTERS)


def refuse_others(actor: Actor) -> None:
    """Raise NotYou for everybody else."""
    if not may_report(actor):
        raise NotYou(ONLY_GRIDS)


def own_grids(actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return (code, name) of the grids somebody serves today, his post's own grid included, in order."""
    codes = grid_codes_of(actor.user_id, now.astimezone(SHANGHAI).date())
    posted = [post.area_code for post in actor.posts if post.role in REPORTERS and len(post.area_code) == 15]
    every = list(dict.fromkeys([*codes, *posted]))
    names = names_of(every)
    return [(code, names.get(code, code)) for code in every]


@dataclass(frozen=True)
class Choice:
    """One category that can be reported: its kind is settled with it."""

    code: str
    name: str
    group: str
    kind: str
    pinyin: str


def catalogue() -> list[Choice]:
    """Return the categories in use that a report can have, lists in order, each under the name above it. One query."""
    rows = list(Category.objects.filter(active=True).exclude(tree=CategoryTree.DISPUTE_31000).select_related("parent"))
    above = {row.parent_id for row in rows if row.parent_id}
    return [
        Choice(
            row.code, row.name, row.parent.name if row.parent else row.name, kind_meant(row.code, row.kinds), row.pinyin
        )
        for row in rows
        if row.pk not in above or row.parent_id is None
    ]


def kind_meant(code: str, kinds: str) -> str:
    """Return the kind of matter a category means.

    A list of one kind says it; of the grid's list (appeal and hazard, facts §3.4) natural disasters, 安全应急 and special
    equipment are hazards, everything else an appeal.
    """
    if code.startswith(("G05", "G06", "G0802")) and Kind.HAZARD.value in kinds.split():
        return str(Kind.HAZARD.value)
    return kind_of(kinds)


# --- photos -----------------------------------------------------------------------------------------------------


def keep_photo(actor: Actor, upload: UploadedFile[Any], *, after: bool, now: datetime, client_id: str) -> Attachment:
    """Keep a photo for the report with this key; the same one again answers the first (NotYou, Incomplete)."""
    refuse_others(actor)
    purpose = AFTER if after else BEFORE
    return store(None, upload, actor=actor, now=now, purpose=purpose, resident=True, client_id=client_id)


# --- the report -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filed:
    """What became of a report: its case as it stands, whether this call made it, how many photos it has."""

    case: Case
    fresh: bool
    photos: int


def file(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str) -> Filed:
    """Register a report and accept it or settle it on the spot, in one transaction.

    given: FIELDS; place as in `POST cases/`, photos and photos_after are ids of `keep_photo`. A repeat of the key answers
    the first filing and changes nothing; with other words NotNow. NotYou for other posts and for settling outside one's
    own grid, Incomplete with sentences beside the fields; then nothing was written.
    """
    refuse_others(actor)
    body, way, result, after = _checked(given)
    with transaction.atomic():
        made = register(actor, body, now=now, client_id=client_id)
        case = made.case
        if made.fresh and case.status == Status.REGISTERED:
            case = _onward(actor, case, way, result, after, now)
    return Filed(case, made.fresh, case.attachments.count())


def _onward(actor: Actor, case: Case, way: str, result: str, after: list[str], now: datetime) -> Case:
    own = Standing.GRID_WORKER in posts_of(case, actor, now)
    if way == SETTLE:
        if not own:
            raise NotYou(NOT_OWN_GRID)
        told: dict[str, Any] = {"result": result, "reply": result, "outcome": Outcome.FULFILLED.value}
        asked = {need.name for need in TABLE["resolve_on_spot"].needs}
        if case.kind == Kind.HAZARD and "photos_after" in asked:
            told["photos_after"] = after
        return move(case, "resolve_on_spot", actor=actor, now=now, given=told)
    if own:
        return move(case, "accept", actor=actor, now=now, given={"category": case.category_code, "level": case.level})
    return case


def _checked(given: Mapping[str, Any]) -> tuple[dict[str, Any], str, str, list[str]]:
    errors: dict[str, list[str]] = {
        name: ["上报时没有这一项，请去掉后再提交。"] for name in given if name not in FIELDS
    }
    way = given.get("way") or REPORT
    if way not in (REPORT, SETTLE):
        errors["way"] = ["请选择“上报”或者“自办自结”。"]
    code = given.get("category")
    category = Category.objects.filter(code=code, active=True).first() if isinstance(code, str) and code else None
    if category is None:
        errors["category"] = ["请选择类别。"]
    kind = kind_meant(category.code, category.kinds) if category else ""
    photos, after = _photos(given, "photos", errors), _photos(given, "photos_after", errors)
    if len(photos) + len(after) > MOST_PHOTOS:
        errors["photos"] = [f"一件最多 {MOST_PHOTOS} 张照片。"]
    result = given.get("result") or ""
    if way == SETTLE:
        if not isinstance(result, str) or is_blank(result):
            errors["result"] = ["请写明怎么办好的；居民查询时看得到。"]
        if kind == Kind.HAZARD and not after:
            errors["photos_after"] = [NO_AFTER]
    level = given.get("level") or Level.GENERAL.value
    people = given.get("reporters") or []
    if not isinstance(people, list) or any(
        not isinstance(one, dict) or set(one) - set(PERSON_FIELDS) for one in people
    ):
        errors["reporters"] = [NO_ID]
    body = {
        "kind": kind or Kind.APPEAL.value,
        "channel": Channel.GRID.value,
        "description": given.get("description"),
        "category": code,
        "level": level,
        "urgent": level == Level.URGENT.value,
        "place": given.get("place"),
        "reporters": people,
        "attachments": [*photos, *after],
    }
    _cleaned, wrong = intake.check(body if "reporters" not in errors else {**body, "reporters": []})
    errors = {**{name: said for name, said in wrong.items() if name not in ("kind", "channel", "urgent")}, **errors}
    if errors:
        raise Incomplete(errors)
    return body, str(way), str(result).strip(), after


def _photos(given: Mapping[str, Any], name: str, errors: dict[str, list[str]]) -> list[str]:
    value = given.get(name) or []
    if isinstance(value, list) and len(value) <= MOST_PHOTOS and all(isinstance(uid, str) for uid in value):
        return list(dict.fromkeys(value))
    errors[name] = [f"照片应为上传后的编号，最多 {MOST_PHOTOS} 张。"]
    return []
