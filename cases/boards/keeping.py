"""The network as the centre's lead keeps it: layers and members added, changed, ended.

Nothing is deleted. A member that changes is a row that ends and one that follows it; whoever wants to know how the
network looked on a day asks for that day. Every change leaves an entry in the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import Unit
from accounts.queries import Actor
from cases.boards.network import find_layer, find_member
from cases.models import NetworkLayer, NetworkMember
from cases.needs import Need, clean
from cases.services.finding import find_unit
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.working_days import day_of
from grids.queries import name_of

NOT_YOURS = "解纷网络由综治中心负责人维护，您没有这个岗位。"
ONE_OF_TWO = "请选择单位，或者填写名称（门户里没有的单位、队伍才填名称），两项填一项。"
NO_PHONE = "请写岗位，如“综治中心副主任”；不写姓名和电话，电话以单位公布的为准。"
EARLIEST, AHEAD = date(2000, 1, 1), timedelta(days=366)
NOT_SITTING = "none"
_PHONE = re.compile(r"[0-9]{3}[0-9 \-]{4,}")

LAYER = (
    Need("name", "层级名称", "text", maximum=30, help="例如区综治中心、镇街综治中心、行业性专业性调委会。"),
    Need("position", "从上到下第几层", "integer", minimum=1, maximum=20),
    Need("measure", "量词", "text", maximum=8, help="个、家、支。"),
    Need("open_ended", "数量怎么写", "choice", choices=(("no", "按成员数"), ("yes", "写作 N（不限数量）"))),
    Need("note", "说明", "text", required=False, maximum=200),
    Need("from", "从哪天起", "date"),
)
CHANGED_LAYER = tuple(need for need in LAYER if need.name != "from")
MEMBER = (
    Need("layer", "层级", "choice"),
    Need("unit", "单位", "text", required=False, help="从列表选；门户里没有的单位、队伍填下面的名称。"),
    Need("name", "名称", "text", required=False, maximum=60, help="和单位只填一项。"),
    Need("area", "服务区域", "text", required=False),
    Need("duty", "职责", "text", maximum=200),
    Need("contact_post", "联系岗位", "text", maximum=40, help="写岗位，不写姓名和个人手机。"),
    Need(
        "mode",
        "驻场方式",
        "choice",
        choices=((NOT_SITTING, "不驻场"), *NetworkMember.Mode.choices),
    ),
    Need("from", "从哪天起", "date"),
)
ENDING = (Need("on", "从哪天起结束", "date", help="这一天起不再算。"),)


def keeps(actor: Actor) -> bool:
    """Tell whether somebody keeps the network: the centre's lead."""
    return actor.leads_centre


def need_keeper(actor: Actor) -> None:
    """NotYou for everybody else."""
    if not keeps(actor):
        raise NotYou(NOT_YOURS)


# --- layers -------------------------------------------------------------------------------------------------------


def add_layer(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkLayer:
    """Add a layer (`LAYER`): Incomplete with sentences, NotYou."""
    need_keeper(actor)
    told = _cleaned(LAYER, given)
    first = _day(told.pop("from"), "from", now)
    with transaction.atomic():
        _locked()
        _check_name(told["name"], first, None)
        row = NetworkLayer.objects.create(**_layer_values(told), starts_on=first)
        _log(actor, "network_layer", f"network:layer-{row.pk}", {"name": row.name, "from": str(first)}, now)
    return row


def change_layer(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkLayer:
    """Put right what a layer is called, where it stands and how it is counted; the log keeps what it was."""
    need_keeper(actor)
    told = _cleaned(CHANGED_LAYER, given)
    with transaction.atomic():
        _locked()
        row = find_layer(pk)
        _check_lasts(row.ends_on, now, "这一层")
        _check_name(told["name"], row.starts_on, row.pk)
        before = {name: getattr(row, name) for name in ("name", "position", "measure", "open_ended", "note")}
        for name, value in _layer_values(told).items():
            setattr(row, name, value)
        row.save(update_fields=[*before])
        _log(actor, "network_layer_changed", f"network:layer-{row.pk}", {"was": before}, now)
    return row


def end_layer(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkLayer:
    """End a layer on a day; NotNow while members are in it on that day or later."""
    need_keeper(actor)
    day = _day(_cleaned(ENDING, given)["on"], "on", now)
    with transaction.atomic():
        _locked()
        row = find_layer(pk)
        _check_end(row.starts_on, row.ends_on, day)
        left = row.members.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day)).count()
        if left:
            raise NotNow(f"这一层到那天还有 {left} 个成员，请先把他们结束或者改到别的层。")
        row.ends_on = day
        row.save(update_fields=["ends_on"])
        _log(actor, "network_layer_ended", f"network:layer-{row.pk}", {"on": str(day)}, now)
    return row


def _layer_values(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "open_ended": told["open_ended"] == "yes", "note": told.get("note", "")}


def _check_name(name: str, first: date, itself: int | None) -> None:
    same = NetworkLayer.objects.filter(name=name).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first))
    if (same if itself is None else same.exclude(pk=itself)).exists():
        raise Incomplete({"name": ["已经有同名的层级，请换一个名称，或者改那一层。"]})


# --- members ------------------------------------------------------------------------------------------------------


def add_member(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkMember:
    """Add a member (`MEMBER`); a unit, or a name, is in the network once at a time."""
    need_keeper(actor)
    with transaction.atomic():
        _locked()
        values, first = _read(given, now)
        _check_once(values, first, None)
        row = _written(values, first, None, None, actor, now)
        _log(actor, "network_member", f"network:member-{row.pk}", {"name": row.called, "from": str(first)}, now)
    return row


def change_member(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkMember:
    """Change a member from a day on: its row ends there and another follows; on its own first day it is put right."""
    need_keeper(actor)
    with transaction.atomic():
        _locked()
        row = find_member(pk)
        _check_lasts(row.ends_on, now, "这一条")
        values, first = _read(given, now)
        if first < row.starts_on:
            raise Incomplete({"from": [f"变更不能早于这一条的开始（{row.starts_on:%Y-%m-%d}）。"]})
        if row.ends_on and first >= row.ends_on:
            raise Incomplete({"from": [f"这一条到 {row.ends_on:%Y-%m-%d} 结束，变更要早于这一天。"]})
        _check_once(values, first, row)
        if first == row.starts_on:
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values])
            made = row
        else:
            last, row.ends_on = row.ends_on, first
            row.save(update_fields=["ends_on"])
            made = _written(values, first, last, row, actor, now)
        _log(
            actor, "network_member_changed", f"network:member-{made.pk}", {"name": made.called, "from": str(first)}, now
        )
    return made


def end_member(pk: int, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> NetworkMember:
    """End a member on a day: from then on it is none."""
    need_keeper(actor)
    day = _day(_cleaned(ENDING, given)["on"], "on", now)
    with transaction.atomic():
        _locked()
        row = find_member(pk)
        _check_end(row.starts_on, row.ends_on, day)
        row.ends_on = day
        row.save(update_fields=["ends_on"])
        _log(actor, "network_member_ended", f"network:member-{row.pk}", {"name": row.called, "on": str(day)}, now)
    return row


def _read(given: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], date]:
    told = _cleaned(MEMBER, given)
    first = _day(told["from"], "from", now)
    errors: dict[str, list[str]] = {}
    layer = NetworkLayer.objects.filter(pk=told["layer"]).first() if told["layer"].isdigit() else None
    if layer is None:
        errors["layer"] = ["没有这一层，请从列表中选择。"]
    elif first < layer.starts_on or (layer.ends_on and first >= layer.ends_on):
        errors["from"] = [f"那天没有“{layer.name}”这一层。"]
    if bool(told.get("unit")) == bool(told.get("name")):
        errors["unit"] = [ONE_OF_TWO]
    area = told.get("area", "")
    if area and not name_of(area):
        errors["area"] = ["没有这个区域，请从列表中选择。"]
    for name in ("duty", "contact_post", "name"):
        if _PHONE.search(told.get(name, "")):
            errors[name] = [NO_PHONE if name == "contact_post" else "这里不写电话，请去掉。"]
    if errors:
        raise Incomplete(errors)
    unit: Unit | None = find_unit("unit", told["unit"]) if told.get("unit") else None
    values = {
        "layer": layer,
        "unit": unit,
        "name": told.get("name", ""),
        "area_code": area,
        "duty": told["duty"],
        "contact_post": told["contact_post"],
        "mode": "" if told["mode"] == NOT_SITTING else told["mode"],
    }
    return values, first


def _check_once(values: Mapping[str, Any], first: date, itself: NetworkMember | None) -> None:
    unit = values["unit"]
    same = Q(unit=unit) if unit else Q(name=values["name"])
    rows = NetworkMember.objects.filter(same).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first))
    if itself is not None:
        rows = rows.exclude(pk=itself.pk)
    other = rows.select_related("layer").order_by("starts_on").first()
    if other is None or (itself and itself.ends_on and other.starts_on >= itself.ends_on):
        return
    field = "unit" if unit else "name"
    raise Incomplete({field: [f"已在“{other.layer.name}”一层（{_days(other)}），要改内容请在那一条上变更。"]})


def _days(row: NetworkMember) -> str:
    until = f"{row.ends_on:%Y-%m-%d} 前" if row.ends_on else "至今"
    return f"{row.starts_on:%Y-%m-%d} 起，{until}"


def _written(
    values: Mapping[str, Any],
    first: date,
    last: date | None,
    follows: NetworkMember | None,
    actor: Actor,
    now: datetime,
) -> NetworkMember:
    return NetworkMember.objects.create(
        **values, starts_on=first, ends_on=last, follows=follows, entered_at=now, entered_by_id=actor.user_id or 0
    )


# --- both ---------------------------------------------------------------------------------------------------------


def _cleaned(needs: tuple[Need, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, errors = clean(needs, given)
    if errors:
        raise Incomplete(errors)
    return cleaned


def _day(day: date, field: str, now: datetime) -> date:
    if not EARLIEST <= day <= day_of(now) + AHEAD:
        raise Incomplete({field: ["请填 2000 年以后、一年以内的日期。"]})
    return day


def _check_end(starts_on: date, ends_on: date | None, day: date) -> None:
    if day < starts_on:
        raise Incomplete({"on": [f"不能早于开始的那天（{starts_on:%Y-%m-%d}）。"]})
    if ends_on and day > ends_on:
        raise Incomplete({"on": [f"已定于 {ends_on:%Y-%m-%d} 结束，只能提前。"]})


def _check_lasts(ends_on: date | None, now: datetime, what: str) -> None:
    if ends_on and ends_on <= day_of(now):
        raise NotNow(f"{what}已于 {ends_on:%Y-%m-%d} 结束，只作历史查看，不再变更。")


def _locked() -> None:
    """One change of the network at a time."""
    list(NetworkLayer.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _log(actor: Actor, action: str, target: str, detail: dict[str, Any], now: datetime) -> None:
    audit.record(actor, action, target, "", detail, now=now)
