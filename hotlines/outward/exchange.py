"""The exchange file for the provincial platform: the elements of GB/T 31000 as CSV or JSON (facts §3.2).

Without more it holds codes, units and dates. What may be personal is filled only when the asker says who receives it, for
what and on which basis, and then each matter has its provision record before the first byte leaves.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Kind
from cases.needs import Need
from cases.services.elements import PERSONAL, Asked, chosen, elements
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.sheets import csv_pieces
from governance_portal.lib.working_days import SHANGHAI
from hotlines.choices import ProvisionWay
from hotlines.outward.provisions import LIMITS, Given, provide

#: One file holds a year at most, and no more matters than a year of a district has.
LONGEST, MOST = timedelta(days=366), 50_000
FORMATS = (("csv", "CSV 表格"), ("json", "JSON"))
ALL_KINDS = "all"
NEEDS = (
    Need("first", "登记时间从", "date"),
    Need("last", "到", "date", help="含当天，最多一年。"),
    Need("kind", "事项大类", "choice", choices=(*Kind.choices, (ALL_KINDS, "全部"))),
    Need("form", "格式", "choice", choices=FORMATS),
    Need(
        "personal",
        "包含地址、简述和遮盖后的姓名",
        "boolean",
        required=False,
        help="选“否”时只有代码、单位和日期。证件号、电话任何时候都不导出。",
    ),
)
WHY = (
    Need("receiver", "接收方", "text", required=False, maximum=80, help="如：省综治信息平台。"),
    Need("purpose", "目的", "text", required=False, maximum=120),
    Need("basis", "依据", "text", required=False, maximum=120, help="文件名称和文号，或者法条。"),
)


@dataclass(frozen=True)
class Ready:
    """A file about to leave: its name, type, pieces, how many matters are in it, and whether personal parts are."""

    name: str
    mime: str
    pieces: Iterator[bytes]
    count: int
    personal: bool


def may_exchange(actor: Actor) -> bool:
    """Dispatchers and the centre's leads."""
    return actor.has(Role.DISPATCHER) or actor.leads_centre


def starting_with(now: datetime) -> dict[str, str]:
    """Return what the form is filled with: the month that is over."""
    today = now.astimezone(SHANGHAI).date()
    last = today.replace(day=1) - timedelta(days=1)
    return {
        "first": last.replace(day=1).isoformat(),
        "last": last.isoformat(),
        "kind": Kind.DISPUTE.value,
        "form": "csv",
        "personal": "false",
    }


def export(actor: Actor, form: Mapping[str, Any], now: datetime) -> Ready:
    """Check the form and return the file. NotYou, Incomplete; provision records are committed before it is returned."""
    if not may_exchange(actor):
        raise NotYou("交换数据由分流员和中心负责人导出，您没有这些岗位。")
    asked, form_name, why = _checked(form)
    cases = chosen(actor, asked, now)
    count = cases.count()
    if not count:
        raise Incomplete({"first": ["这段时间没有这类事项，请换一段时间或大类。"]})
    if count > MOST:
        raise Incomplete({"last": [f"共 {count:,} 件，超过一个文件的 {MOST:,} 件，请缩短时间。"]})
    if why is not None:
        with transaction.atomic():
            provide(cases.values_list("number", "area_code"), why, actor.user_id or 0, now)
    rows = elements(cases, asked.personal)
    name = f"交换数据-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.{form_name}"
    if form_name == "json":
        return Ready(name, "application/json; charset=utf-8", _json(rows), count, asked.personal)
    head = next(iter(elements(cases[:1], asked.personal))).keys()
    pieces = csv_pieces(list(head), (list(row.values()) for row in rows))
    return Ready(name, "text/csv; charset=utf-8", pieces, count, asked.personal)


def _checked(form: Mapping[str, Any]) -> tuple[Asked, str, Given | None]:
    errors: dict[str, list[str]] = {}
    clean: dict[str, Any] = {}
    for need in NEEDS:
        typed = form.get(need.name)
        if not typed:
            if need.required:
                errors[need.name] = [f"请{'选择' if need.choices else '填写'}{need.label}。"]
            continue
        try:
            clean[need.name] = need.clean(typed)
        except ValueError as refusal:
            errors[need.name] = [str(refusal)]
    first, last = clean.get("first"), clean.get("last")
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            errors["last"] = ["结束早于开始，请核对。"]
        elif last - first > LONGEST:
            errors["last"] = ["一次最多导出一年，请分几次。"]
    personal = bool(clean.get("personal"))
    why = _why(form, errors) if personal else None
    if errors:
        raise Incomplete(errors)
    kind = "" if clean["kind"] == ALL_KINDS else clean["kind"]
    return Asked(first or date.min, last or date.min, kind, personal), clean["form"], why


def _why(form: Mapping[str, Any], errors: dict[str, list[str]]) -> Given:
    clean = {name: str(form.get(name) or "").strip() for name in LIMITS}
    for name, (most, sentence) in LIMITS.items():
        if not clean[name]:
            errors[name] = [sentence]
        elif len(clean[name]) > most:
            errors[name] = [f"最多 {most} 字，请改短。"]
    cause = f"export:{uuid.uuid4()}"
    return Given(clean["receiver"], PERSONAL, clean["purpose"], clean["basis"], ProvisionWay.EXPORT.value, cause)


def _json(rows: Iterator[dict[str, str]]) -> Iterator[bytes]:
    """A JSON array, a line a matter."""
    yield b"[\n"
    for place, row in enumerate(rows):
        comma = b",\n" if place else b""
        yield comma + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]\n"
