"""What the tests of the links play: three lines, what they pass over, the case's way to its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case
from governance_portal.lib.webhooks import secret_of
from hotlines.links.arriving import Arrival
from hotlines.models import Line
from tests.cases.cast import COMMUNITY, MONDAY, District, at

SECRET = secret_of(b"a key of thirty-two octets, shared")

#: A court's matter in the agreed form (docs/exchange.md).
COURT: dict[str, Any] = {
    "type": "transfer",
    "number": "（2026）晋0603诉前调7号",
    "received_at": "2026-11-23T08:30:00+08:00",
    "description": "两家因院墙渗水争执，要求修复并赔偿。",
    "cause": "相邻关系纠纷",
    "consent": {"applicant": True, "respondent": True},
    "place": {"area": COMMUNITY, "address": "胜利社区五号楼"},
    "applicants": [{"name": "张三", "phone": "13812341234"}],
    "respondents": [{"name": "李四"}],
}


def line(code: str = "court", kind: str = "court", **more: Any) -> Line:
    """A line of a kind, spoken to by hand unless said otherwise."""
    channel = {"order": "hotline", "other": "department"}.get(kind, kind)
    procedure = {"court": "mediation", "petition": "petition"}.get(kind, "")
    values = {"name": f"{kind} 平台", "channel": channel, "procedure": procedure, "secret": {"key": SECRET}, **more}
    return Line.objects.create(code=code, kind=kind, **values)


def arrival(number: str = "（2026）晋0603诉前调1号", received: datetime = MONDAY, **more: Any) -> Arrival:
    """A dispute between neighbours as another system tells it."""
    given = {
        "kind": "dispute",
        "description": "两家因院墙渗水争执，要求对方修复并赔偿 3000 元。",
        "place": {"area": COMMUNITY, "address": "胜利社区五号楼二单元"},
        "reporters": [{"name": "张三", "phone": "13812341234"}],
        "other_party": [{"name": "李四"}],
        "willing_to_mediate": True,
    }
    rest = {name: more.pop(name) for name in ("papers", "their_due_at") if name in more}
    return Arrival(number, {**given, **more}, received, **rest)


def to_the_end(district: District, case: Case, outcome: str = "agreed") -> Case:
    """Accept, dispatch, sign, resolve, approve and close a case, one step an hour."""
    steps = (
        ("accept", "clerk", {"category": "0101", "level": "general"}),
        ("dispatch", "dispatcher", {"lead_unit": "committee", "mode": "forward"}),
        ("sign", "mediator", {}),
        (
            "resolve",
            "mediator",
            {"result": "双方到场，当面说清。", "outcome": outcome, "reply": "已达成协议，3 日内修复。"},
        ),
        ("approve", "supervisor", {}),
        ("confirm", "follow_up", {"satisfaction": 5, "resolved": True, "contacted": True}),
    )
    for hour, (name, who, given) in enumerate(steps, 10):
        case = district.move(case, name, who, at(23, hour), **given)
    return case
