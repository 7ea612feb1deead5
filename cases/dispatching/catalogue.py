"""The lines of the catalogue: published once and never edited, superseded by the next version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery

from accounts import audit
from accounts.models import Unit, User
from accounts.querysets import day_of
from cases.models import Category, DispatchLine
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete
from grids.models import Area

AT_ONCE = "刚有人发布了同一行的新版本，您的没有发布；请看过最新一版再决定。"
LIMITS = {"source": ("依据", 120), "note": ("说明", 200)}


@dataclass(frozen=True)
class Draft:
    """A line before it is published. `category_code`, `area_code`: "" for all; `withdrawn`: the line ends."""

    category_code: str
    area_code: str
    unit_code: str
    source: str
    effective_on: date
    note: str = ""
    withdrawn: bool = False


def problems(draft: Draft) -> dict[str, list[str]]:
    """What is wrong with a draft, by field, in sentences; empty when it may be published."""
    found: dict[str, list[str]] = {}
    if draft.category_code and not Category.objects.filter(code=draft.category_code).exists():
        found["category_code"] = [f"没有代码为“{draft.category_code}”的类别，请从类别表中选择。"]
    if draft.area_code and not Area.objects.filter(code=draft.area_code).exists():
        found["area_code"] = [f"没有代码为“{draft.area_code}”的区划，请从区划表中选择。"]
    if draft.withdrawn:
        if not latest(draft.category_code, draft.area_code):
            found["withdrawn"] = ["目录里没有这一行，不能撤销；请核对类别和区划。"]
    elif not draft.unit_code:
        found["unit_code"] = ["请写明主办单位；要结束这一行，请选“撤销本行”。"]
    elif not Unit.objects.active().filter(code=draft.unit_code).exists():
        found["unit_code"] = [f"没有代码为“{draft.unit_code}”的在用单位，请核对单位表。"]
    if not draft.source.strip():
        found["source"] = ["请写明依据：文件名称或文号。"]
    for name, (label, limit) in LIMITS.items():
        text = getattr(draft, name)
        if len(text) > limit or not is_storable(text):
            found[name] = [f"{label}最多 {limit} 字，不能含有乱码。"]
    return found


def publish(draft: Draft, *, author: User | None, now: datetime, origin: str = "") -> DispatchLine:
    """Publish a draft as the next version of its line, with an entry in the log.

    Incomplete with sentences by field; also when somebody else publishes the same line at the same moment. `origin`
    stands for the author where nobody is logged in (a command).
    """
    if errors := problems(draft):
        raise Incomplete(errors)
    unit = None if draft.withdrawn else Unit.objects.get(code=draft.unit_code)
    before = latest(draft.category_code, draft.area_code)
    line = DispatchLine(
        category_code=draft.category_code,
        area_code=draft.area_code,
        version=(before.version if before else 0) + 1,
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        withdrawn=draft.withdrawn,
        source=draft.source.strip(),
        effective_on=draft.effective_on,
        note=draft.note.strip(),
        author=author,
        author_name=author.name if author else origin[:60],
        published_at=now,
    )
    try:
        with transaction.atomic():
            line.save(force_insert=True)
            told = {"version": line.version, "unit": line.unit_code, "effective_on": str(line.effective_on)}
            key = f"dispatch:{line.category_code or '*'}:{line.area_code or '*'}"
            audit.record(author, "dispatch.published", key, line.source, told, now=now)
    except IntegrityError as error:
        raise Incomplete({"category_code": [AT_ONCE]}) from error
    return line


def sentences(errors: Mapping[str, list[str]]) -> list[str]:
    """The sentences of refused fields, one after another."""
    return [sentence for said in errors.values() for sentence in said]


def latest(category_code: str, area_code: str) -> DispatchLine | None:
    """The newest version of a line, whether it holds yet or not."""
    same = DispatchLine.objects.filter(category_code=category_code, area_code=area_code)
    return same.order_by("-version").first()


def history(line: DispatchLine) -> QuerySet[DispatchLine]:
    """Every version of a line, the newest first."""
    same = DispatchLine.objects.filter(category_code=line.category_code, area_code=line.area_code)
    return same.order_by("-version")


def in_force(day: date) -> QuerySet[DispatchLine]:
    """What holds on a day: of each line the newest version that has begun; withdrawn lines are not among them."""
    same = DispatchLine.objects.filter(
        category_code=OuterRef("category_code"), area_code=OuterRef("area_code"), effective_on__lte=day
    )
    newest = same.order_by().values("category_code", "area_code").annotate(newest=Max("version")).values("newest")
    return DispatchLine.objects.filter(version=Subquery(newest), withdrawn=False)


def state_of(line: DispatchLine, versions: Iterable[DispatchLine], now: datetime) -> str:
    """One word for a version among all of its line: 现行, 未生效, 已撤销, 已被取代."""
    if line.effective_on > day_of(now):
        return "未生效"
    begun = [other.version for other in versions if other.effective_on <= day_of(now)]
    if line.version < max(begun, default=0):
        return "已被取代"
    return "已撤销" if line.withdrawn else "现行"
