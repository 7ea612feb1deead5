"""Every sending of personal data to somebody outside is a row: who, which fields, why (facts §7.1).

个人信息保护法 §23 (告知接收方、最小必要), 网络数据安全管理条例 §12 (记录至少保存 3 年). The data are not in the row.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from cases.queries import case_for
from governance_portal.lib.errors import Incomplete, NotYou
from hotlines.choices import ProvisionWay
from hotlines.models import Provision

#: What of a person may be given to others, by name of the field and in words.
FIELDS = {
    "name": "姓名",
    "phone": "电话",
    "id_number": "证件号",
    "address": "住址",
    "description": "反映内容",
    "place": "事项地点",
    "attachments": "材料",
}
BY_HAND = (ProvisionWay.LETTER, ProvisionWay.ORAL, ProvisionWay.EXPORT)
LIMITS = {
    "receiver": (80, "请填写接收方的全称。"),
    "purpose": (120, "请写明为什么要提供。"),
    "basis": (120, "请写明依据。"),
}
#: Those who give out contact data in their work may write it down.
GIVERS = (
    *(Role.CLERK, Role.OPERATOR, Role.DISPATCHER, Role.HANDLER, Role.MEDIATOR),
    *(Role.SUPERVISOR, Role.FOLLOW_UP_OFFICER),
)


@dataclass(frozen=True)
class Given:
    """One sending: to whom, what (names of FIELDS), why, by which rule, how; `cause` makes it once."""

    receiver: str
    fields: Sequence[str]
    purpose: str
    basis: str
    way: str
    cause: str


def provide(cases: Iterable[tuple[str, str]], given: Given, by: int, now: datetime) -> None:
    """Write down a sending for each `(case number, area code)`; the same cause again adds nothing.

    Call it in the transaction that sends, or before: what was not written down must not leave.
    """
    rows = [
        Provision(
            at=now,
            case_number=number,
            area_code=area,
            receiver=given.receiver,
            fields=list(given.fields),
            purpose=given.purpose,
            basis=given.basis,
            way=given.way,
            by_id=by,
            cause=f"{given.cause}:{number}"[:80],
        )
        for number, area in cases
    ]
    Provision.objects.bulk_create(rows, ignore_conflicts=True)


def write_down(actor: Actor, number: str, form: Mapping[str, Any], fields: Sequence[str], now: datetime) -> None:
    """Write down by hand what was given on paper or by word. NotYours outside one's sight; Incomplete names all errors."""
    if not actor.has(*GIVERS):
        raise NotYou("登记个人信息提供由经办的工作人员办理，您没有这样的岗位。")
    case = case_for(actor, number, now)
    errors: dict[str, list[str]] = {}
    clean = {name: str(form.get(name) or "").strip() for name in (*LIMITS, "way")}
    for name, (most, sentence) in LIMITS.items():
        if not clean[name]:
            errors[name] = [sentence]
        elif len(clean[name]) > most:
            errors[name] = [f"最多 {most} 字，请改短。"]
    if clean["way"] not in BY_HAND:
        errors["way"] = ["请选择提供的方式。"]
    if not fields or not set(fields) <= FIELDS.keys():
        errors["fields"] = ["请勾选提供了哪些内容，至少一项。"]
    key = str(form.get("client_id") or "")
    try:
        cause = f"hand:{uuid.UUID(key)}"
    except ValueError:
        errors["client_id"] = ["这张表打开得不完整，请刷新后重填。"]
    if errors:
        raise Incomplete(errors)
    given = Given(clean["receiver"], list(fields), clean["purpose"], clean["basis"], clean["way"], cause)
    provide([(case.number, case.area_code)], given, actor.user_id or 0, now)


def may_read(actor: Actor) -> bool:
    """Leads of the centre, and the auditor."""
    return actor.has(Role.AUDITOR) or bool(_areas(actor))


def read_by(actor: Actor) -> QuerySet[Provision]:
    """Return what an actor may read, the newest first: the auditor all of it, a centre's lead that of his area."""
    if actor.has(Role.AUDITOR):
        return Provision.objects.select_related("by")
    about = Q(pk__in=[])
    for area in _areas(actor):
        about |= Q(area_code__under=area)
    return Provision.objects.filter(about).select_related("by")


def _areas(actor: Actor) -> list[str]:
    return [post.area_code for post in actor.posts if post.leads_centre and post.area_code]


def field_words(names: Iterable[str]) -> str:
    """Return the fields in words, those of the exchange as they stand."""
    return "、".join(FIELDS.get(name, name) for name in names)
