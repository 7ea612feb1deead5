"""Makes many cases of one played history: other numbers, words, people, places and units, at the same moments.

The chain of hashes is computed anew for each; what depends on the calendar (limits, deadlines, statuses) is not.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.choices import Role
from accounts.queries import Actor, PostView
from bench.histories import SPAN, Played, Where, where
from bench.people import Cast
from cases.choices import CHANNEL_DIGITS, Channel
from cases.models import Assisting, Case, Deadline, Event, Outbox, Party
from cases.services.door import hash_of
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.numbers import case_number

ROLE_LABELS = {str(role.value): str(role.label) for role in Role}
Line = tuple[type[models.Model], str]
PLACES = ("三号楼二单元", "东侧便道", "菜市场北门", "小学门口", "村委会旁", "老旧小区院内", "沿街商铺", "地下车库")
MATTERS = (
    *("暖气不热已有一周，多次联系物业无人处理", "路灯损坏影响夜间出行", "下水道堵塞污水外溢", "楼上漏水双方协商不成"),
    *("拖欠工资三个月未结清", "邻里因宅基地界线发生争执", "噪音扰民夜间施工", "垃圾清运不及时气味难闻"),
    *(
        "井盖缺失存在安全隐患",
        "咨询医保异地报销手续",
        "物业费收取标准有异议",
        "车辆占用消防通道",
        "土地流转费未按合同支付",
    ),
)
WISHES = ("请求尽快维修并给予答复", "请有关部门到现场核实处理", "希望依法调解化解纠纷", "请告知办理依据和期限")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
COLUMNS = {
    model: {field.attname: index for index, field in enumerate(model._meta.concrete_fields)}
    for model in (Case, Party, Deadline, Event, Outbox, Assisting)
}


class Mould:
    """A played history, ready to be stamped."""

    def __init__(self, played: Played, cast: Cast, chance: random.Random) -> None:
        self.played, self.cast, self.random = played, cast, chance
        self.rows = [(row, cells(row)) for row in played.rows()]
        self.pk = played.case.pk
        self.officer = cast.officers[played.unit]
        self.of_officer = {event.seq for event in played.events if event.actor_id == self.officer.user_id}
        self.digit = CHANNEL_DIGITS[Channel(played.case.channel)]

    def stamp(self, pk: int) -> Iterator[Line]:
        """Return the lines of one more case, parents first."""
        place = where(self.cast, self.played.case.channel, self.random)
        unit = self.random.choice(tuple(self.cast.units))
        number = case_number(self.played.case.registered_at.date(), self.digit, pk)  # type: ignore[union-attr]
        previous = ""
        for row, base in self.rows:
            changed: dict[str, Any] = {"id": row.pk - self.pk * SPAN + pk * SPAN, "case_id": pk}
            if isinstance(row, Case):
                changed = self._case(pk, number, place, unit)
            elif isinstance(row, Event):
                changed |= self._event(row, number, place, unit, previous)
                previous = changed["hash"]
            elif isinstance(row, Outbox):
                changed = {"id": changed["id"], "event_id": changed["id"]}
            yield type(row), _line(type(row), base, changed)
        yield from self._parties(pk)

    def _case(self, pk: int, number: str, place: Where, unit: int) -> dict[str, Any]:
        case, officer = self.played.case, self.cast.officers[unit]
        spot = self.random.choice(PLACES)
        text = f"{spot}{self.random.choice(MATTERS)}，{self.random.choice(WISHES)}。"
        swap = {self.played.unit: unit, None: None}
        return {
            "id": pk,
            "number": number,
            "client_id": self._uuid(),
            "title": text[:28],
            "description": text * self.random.randint(1, 3),
            "address": spot,
            "registered_by_id": place.actor.user_id,
            "area_code": place.area,
            "grid_code": place.grid,
            "desk_area": place.desk,
            "lead_unit_id": swap.get(case.lead_unit_id, case.lead_unit_id),
            "first_unit_id": swap.get(case.first_unit_id, case.first_unit_id),
            "handler_id": officer.user_id if case.handler_id == self.officer.user_id else case.handler_id,
            "handled_by": [officer.user_id if who == self.officer.user_id else who for who in case.handled_by],
        }

    def _event(self, event: Event, number: str, place: Where, unit: int, previous: str) -> dict[str, Any]:
        """Change the event itself, as its hash is taken of it; it is changed again by the next case."""
        data: dict[str, Any] = {}
        officer = self.cast.officers[unit]
        if event.kind == "register":
            data = {"area_code": place.area, "grid_code": place.grid, "desk_area": place.desk}
        elif event.kind == "dispatch":
            data = _dispatched(self.cast.units[unit])
        elif event.kind == "sign":
            data = {"handler": officer.username, "handler_id": officer.user_id, "handler_name": officer.name}
        names = ["prev_hash", "hash"]
        if data:
            event.data = {**event.data, **data}
            names.append("data")
        if event.kind == "register" or event.seq in self.of_officer:
            _by(event, place.actor if event.kind == "register" else officer)
            names += ("actor_id", "actor_name", "actor_role", "actor_unit")
        event.prev_hash = previous
        event.hash = hash_of(event, number)
        return {name: getattr(event, name) for name in names}

    def _parties(self, pk: int) -> Iterator[Line]:
        sides = ["reporter", "other"] if self.random.random() < 0.15 else ["reporter"]
        for position, side in enumerate(sides):
            name = self.random.choice(SURNAMES) + "".join(self.random.choices(GIVEN, k=2))
            phone = f"13{self.random.randrange(10**9):09d}"
            party = Party(pk=pk * SPAN + position, uid=self._uuid(), case_id=pk, side=side, position=0)
            party.contact = {"name": name, "phone": phone, "id_number": "", "address": ""}
            party.phone_index = blind_index("phone", phone)
            yield Party, _line(Party, cells(party), {})

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)


def _by(event: Event, actor: Actor) -> None:
    post = actor.posts[0]
    event.actor_id, event.actor_name = actor.user_id, actor.name  # type: ignore[assignment]
    event.actor_role, event.actor_unit = ROLE_LABELS[post.role], post.unit_name


def _dispatched(post: PostView) -> dict[str, Any]:
    return {"lead_unit": post.unit_code, "lead_unit_id": post.unit_id, "lead_unit_name": post.unit_name}


def cells(row: models.Model) -> list[str]:
    """Return a row as COPY reads it, cell by cell."""
    found = []
    for field in row._meta.concrete_fields:
        sealed = field.name == "contact"
        found.append(f"\\\\x{field.pre_save(row, True).hex()}" if sealed else _cell(getattr(row, field.attname)))
    return found


def _line(model: type[models.Model], base: list[str], changed: dict[str, Any]) -> str:
    line = base.copy()
    for name, value in changed.items():
        line[COLUMNS[model][name]] = _cell(value)
    return "\t".join(line) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is int:
        return str(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder).translate(ESCAPES)
    return (value.isoformat() if isinstance(value, datetime) else str(value)).translate(ESCAPES)
