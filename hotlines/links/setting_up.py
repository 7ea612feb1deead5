"""A line as the system administrator sets it up: where it leads, how, with which key; no matters, no people."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import Channel, Procedure
from cases.needs import Need, clean
from governance_portal.lib import outbound
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.webhooks import PREFIX, secret_of
from hotlines.choices import AdapterKind, LineKind
from hotlines.links.adapters.folder import NAME, make_rooms
from hotlines.models import Line

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
SHORTEST_KEY = 24
NEEDS: tuple[Need, ...] = (
    Need("code", "代码", "text", maximum=40, help="小写字母、数字和横线；用过后不能再改。"),
    Need("name", "名称", "text", maximum=60, help="工作人员看到的名称，例如：平鲁区人民法院（人民法院调解平台）。"),
    Need("kind", "类型", "choice", choices=tuple(LineKind.choices)),
    Need("adapter", "方式", "choice", choices=tuple(AdapterKind.choices)),
    Need(
        "address",
        "地址或文件夹",
        "text",
        required=False,
        maximum=200,
        help="接口填加密的网址，主机须先列入允许外发的名单；文件夹填它的名称，用字母、数字。",
    ),
    Need("channel", "来源渠道", "choice", choices=tuple(Channel.choices)),
    Need("procedure", "程序", "choice", required=False, choices=tuple(Procedure.choices)[:3]),
    Need("receipt_hours", "几小时内应有回执", "integer", minimum=1, maximum=720),
    Need("is_active", "启用", "boolean"),
    Need("key", "密钥", "text", required=False, maximum=200, help="对方给的密钥；不填则保持不变。"),
    Need("new_key", "生成新密钥", "boolean", help="保存后显示一次，请当面交给对方，不要用短信、聊天软件发送。"),
)
PLAIN = ("name", "kind", "adapter", "address", "channel", "procedure", "receipt_hours", "is_active")


@dataclass(frozen=True)
class SetUp:
    """A line as it was saved, and its new key, "" where it has no new one: shown once."""

    line: Line
    key: str = ""


def may_set_up(actor: Actor) -> bool:
    """System administrators."""
    return actor.has(Role.SYSTEM_ADMIN)


def as_given(line: Line | None) -> dict[str, Any]:
    """Return what the form shows at first; never the key."""
    if line is None:
        return {"adapter": AdapterKind.HTTP.value, "receipt_hours": 24, "is_active": True, "new_key": True}
    return {"code": line.code, **{name: getattr(line, name) for name in PLAIN}, "new_key": False}


def save(actor: Actor, line: Line | None, form: Mapping[str, Any], now: datetime) -> SetUp:
    """Save a line, or a new one. NotYou; Incomplete with sentences beside the fields."""
    if not may_set_up(actor):
        raise NotYou("对接系统由系统管理员设置，您没有这个岗位。")
    needs = tuple(need for need in NEEDS if line is None or need.name != "code")
    told, errors = clean(needs, {need.name: form.get(need.name) for need in needs})
    errors |= {name: found for name, found in _objections(told, line).items() if name not in errors}
    if errors:
        raise Incomplete(errors)
    row = line or Line(code=told["code"])
    before = {name: getattr(row, name) for name in PLAIN} if line else {}
    for name in PLAIN:
        setattr(row, name, told.get(name, ""))
    key = secret_of(secrets.token_bytes(32)) if told["new_key"] else str(told.get("key", ""))
    if key:
        row.secret = {"key": key}
    row.save()
    if row.adapter == AdapterKind.FILE:
        make_rooms(row)
    changed = sorted(name for name in PLAIN if before.get(name) != getattr(row, name)) + (["key"] if key else [])
    audit.record(
        actor, f"line.{'changed' if line else 'created'}", f"line:{row.code}", "", {"fields": changed}, now=now
    )
    return SetUp(row, key if told["new_key"] else "")


def _objections(told: Mapping[str, Any], line: Line | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    code, adapter, address, key = (str(told.get(name, "")) for name in ("code", "adapter", "address", "key"))
    if line is None and code and not CODE.fullmatch(code):
        found["code"] = ["代码用小写字母、数字和横线，2 到 40 位。"]
    elif line is None and Line.objects.filter(code=code).exists():
        found["code"] = ["已有这个代码，请换一个。"]
    if adapter == AdapterKind.FILE and not NAME.fullmatch(address):
        found["address"] = ["文件夹名只能用字母、数字、横线和下划线。"]
    if adapter == AdapterKind.HTTP:
        try:
            outbound.check(address)
        except outbound.Unsafe as refused:
            found["address"] = [f"{refused}。"]
    if key and not _is_key(key):
        found["key"] = ["密钥应以 whsec_ 开头，后面是 base64，至少 24 字节。"]
    return found


def _is_key(key: str) -> bool:
    try:
        return key.startswith(PREFIX) and len(base64.b64decode(key.removeprefix(PREFIX), validate=True)) >= SHORTEST_KEY
    except binascii.Error:
        return False
