"""Laying a whistle (吹哨): who may, how soon departments come, the rows, the notices. Knows nothing of the case's door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts import audit
from accounts.choices import Role, UnitKind
from accounts.models import Unit
from accounts.notices import notify
from accounts.queries import Actor, PostView
from cases import choices as c
from cases import policies
from cases.models import Case, Whistle, WhistleCall, WhistlePolicy
from cases.needs import is_storable
from cases.numbering import next_serial
from cases.services.people import officers_of
from governance_portal.lib.errors import Incomplete, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.spoken import until_words
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due

MOST_UNITS = 12
PLACE_LIMIT, WHAT_LIMIT = 120, 5000
ONLY_STREETS = "吹哨由乡镇、街道的负责人或分流员发起，而且只能吹本辖区的哨。"


@dataclass(frozen=True)
class Call:
    """What a street says: kind and scale as codes, where, what for, which departments."""

    kind: str
    scale: str
    place: str
    what: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Times:
    """By when departments come and finish; tentative (暂定) beyond the published calendar."""

    arrive_by: datetime
    finish_by: datetime
    tentative: bool


def street_post(actor: Actor, area_code: str = "") -> PostView | None:
    """The post somebody whistles with: a lead or a dispatcher of a street whose area covers the place ("" for any)."""
    return next(
        (
            post
            for post in actor.posts
            if post.unit_kind == UnitKind.STREET
            and (post.lead or post.role == Role.DISPATCHER)
            and (not area_code or post.covers(area_code))
        ),
        None,
    )


def times_of(kind: str, scale: str, now: datetime) -> Times:
    """When departments are to come and to have finished, if a street whistles now (facts §1.10; configurable).

    Never raises: without a line of the policy it is the same day for 简单 and ten working days for 复杂.
    """
    policy = WhistlePolicy.objects.filter(kind=kind, scale=scale).first()
    fallback = Limit(0 if scale == c.WhistleScale.SIMPLE else 10, LimitUnit.WORKING_DAY)
    arrive = Limit(policy.arrive_amount, LimitUnit(policy.arrive_unit)) if policy else fallback
    finish = Limit(policy.finish_amount, LimitUnit(policy.finish_unit)) if policy else fallback
    calendar = policies.calendar()
    comes, ends = due(now, arrive, calendar), due(now, finish, calendar)
    return Times(comes.due, max(comes.due, ends.due), comes.tentative or ends.tentative)


def lay(
    actor: Actor, call: Call, *, area_code: str, now: datetime, case: Case | None = None, client_id: str = ""
) -> Whistle:
    """Write the whistle and tell the departments; inside the caller's transaction.

    NotYou for who is not a street's lead or dispatcher there; Incomplete with sentences beside the fields. Rule 4 of a
    case is the caller's (`services.preparing.check_unit`): here it is only refused to call oneself.
    """
    post = street_post(actor, area_code)
    if post is None or actor.user_id is None:
        raise NotYou(ONLY_STREETS)
    _check(call, post)
    times = times_of(call.kind, call.scale, now)
    whistle = Whistle.objects.create(
        number=f"综治哨〔{now.astimezone(SHANGHAI).year}〕{next_serial()}号",
        kind=call.kind,
        scale=call.scale,
        case=case,
        area_code=area_code,
        place=mask_text(call.place.strip()),
        what=mask_text(call.what.strip()),
        unit_id=post.unit_id,
        called_by_id=actor.user_id,
        called_at=now,
        arrive_by=times.arrive_by,
        finish_by=times.finish_by,
        tentative=times.tentative,
        client_id=client_id,
    )
    WhistleCall.objects.bulk_create(WhistleCall(whistle=whistle, unit=unit) for unit in call.units)
    label = c.WhistleKind(call.kind).label
    for unit in call.units:
        people = [user.pk for user in officers_of(unit.pk, now)]
        body = f"{post.unit_name}吹哨（{label}），请于 {until_words(whistle.arrive_by)} 前报到。"
        notify(people, f"whistle:{whistle.pk}:called", f"{whistle.number} 吹哨", body, kind="whistle", now=now)
    audit.record(actor, "whistle", f"whistle:{whistle.number}", "", {"units": len(call.units)}, now=now)
    return whistle


def _check(call: Call, post: PostView) -> None:
    errors: dict[str, list[str]] = {}
    if call.kind not in c.WhistleKind.values:
        errors["kind"] = ["请选择哨种。"]
    if call.scale not in c.WhistleScale.values:
        errors["scale"] = ["请选择简单还是复杂，它决定报到和办结的期限。"]
    for name, text, most, sentence in (
        ("place", call.place, PLACE_LIMIT, "请填写地点。"),
        ("what", call.what, WHAT_LIMIT, "请写明请部门来做什么。"),
    ):
        if not text.strip():
            errors[name] = [sentence]
        elif len(text) > most or not is_storable(text):
            errors[name] = [f"最多 {most} 字，现在有 {len(text)} 字。"]
    if not call.units:
        errors["units"] = ["请至少选择一个部门。"]
    elif len(call.units) > MOST_UNITS:
        errors["units"] = [f"一次最多呼叫 {MOST_UNITS} 个部门。"]
    elif any(unit.pk == post.unit_id for unit in call.units):
        errors["units"] = [f"“{post.unit_name}”就是本单位，不用呼叫自己。"]
    if errors:
        raise Incomplete(errors)
