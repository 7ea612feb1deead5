"""Matters as the elements of GB/T 31000 (矛盾纠纷排查化解, facts §3.2), for the exchange with the provincial platform.

Codes of 化解方式 (table 5.58 of the standard was not to be had) are those proposed in facts §3.2; 事件规模 and 事件级别 follow
facts §3.2 and §3.5. No certificate number and no telephone of a party is given; a name only masked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, QuerySet

from accounts.queries import Actor
from cases.choices import Kind, Level, Nature, Outcome, PartySide, Procedure
from cases.models import Case, Party
from governance_portal.lib.masking import mask_name, mask_text
from governance_portal.lib.working_days import SHANGHAI
from grids.choices import Datum
from grids.geometry import converted

LONGEST = 2000
SUCCESS = (Outcome.FULFILLED, Outcome.AGREED)
LEVELS = {Level.URGENT: "01", Level.SERIOUS: "02", Level.MAJOR: "03", Level.GENERAL: "04"}
WAYS = {Procedure.MEDIATION: "01", Procedure.PETITION: "09"}
OTHER_WAY = "99"
#: 个体性, 一般群体性 (five and more, as 集体访), 重大群体性 (thirty and more).
SCALES = ((30, "03"), (5, "02"), (0, "01"))
#: The elements that may hold something personal: filled only when the reader has said to whom and why.
PERSONAL = ("发生地详址", "事件简述", "主要当事人", "经度", "纬度")


@dataclass(frozen=True)
class Asked:
    """Which matters: registered from `first` to `last` (days of Shanghai, both included), of one kind or all."""

    first: date
    last: date
    kind: str = Kind.DISPUTE.value
    personal: bool = False


def chosen(actor: Actor, asked: Asked, now: datetime) -> QuerySet[Case]:
    """Return the cases an actor may see, the oldest first; no complaint about conduct, no report of wrongdoing (rule 4)."""
    begin = datetime.combine(asked.first, time.min, SHANGHAI)
    end = datetime.combine(asked.last + timedelta(days=1), time.min, SHANGHAI)
    seen = Case.objects.visible_to(actor, now).filter(nature__in=("", Nature.SERVICE))
    cases = seen.filter(registered_at__gte=begin, registered_at__lt=end)
    return (cases.filter(kind=asked.kind) if asked.kind else cases).order_by("registered_at", "id")


def elements(cases: QuerySet[Case], personal: bool) -> Iterator[dict[str, str]]:
    """Yield one row per case: `{element: text}`, every element in the standard's order, "" where nothing is known."""
    reporters = Party.objects.filter(side=PartySide.REPORTER).order_by("pk")
    rows = cases.select_related("category", "lead_unit", "handler", "complained_unit")
    for case in rows.prefetch_related(Prefetch("parties", reporters, "first_parties")).iterator(chunk_size=500):
        yield _row(case, personal)


def _row(case: Case, personal: bool) -> dict[str, str]:
    lng, lat = _point(case)
    category = case.category
    success = ("1" if case.outcome in SUCCESS else "0") if case.outcome else ""
    return {
        "受理编号": case.number,
        "事件名称": f"{category.name if category else Kind(case.kind).label}（{case.area_code}）",
        "发生日期": f"{case.registered_at.astimezone(SHANGHAI):%Y%m%d}",
        "发生地点": case.area_code,
        "发生地详址": case.address if personal and not case.confidential else "",
        "事件规模": next(code for least, code in SCALES if case.visitor_count >= least),
        "事件类别": (category.crosswalk or category.code) if category else "",
        "事件级别": LEVELS.get(Level(case.level), "") if case.level else "",
        "涉及人数": str(case.visitor_count),
        "事件简述": mask_text(case.description)[:LONGEST] if personal and not case.confidential else "",
        "涉及单位": case.complained_unit.name if case.complained_unit else "",
        "主要当事人": _names(case) if personal else "",
        "化解时限": f"{case.due_at.astimezone(SHANGHAI):%Y%m%d}" if case.due_at else "",
        "化解方式": WAYS.get(Procedure(case.procedure), OTHER_WAY),
        "化解组织": case.lead_unit.name if case.lead_unit else "",
        "化解责任人姓名": case.handler.name if case.handler else "",
        "化解责任人联系方式": case.lead_unit.phone if case.lead_unit else "",
        "化解是否成功": success,
        "化解情况": Outcome(case.outcome).label if case.outcome else "",
        "考评日期": f"{case.rated_at.astimezone(SHANGHAI):%Y%m%d}" if case.rated_at else "",
        "考评意见": f"满意度 {case.satisfaction}（5 为最满意）" if case.satisfaction else "",
        "经度": lng if personal else "",
        "纬度": lat if personal else "",
    }


def _names(case: Case) -> str:
    if case.anonymous or case.confidential:
        return ""
    parties = getattr(case, "first_parties", ())
    return "、".join(mask_name((party.contact or {}).get("name", "")) or "未留姓名" for party in parties)


def _point(case: Case) -> tuple[str, str]:
    """WGS-84, six places of a degree."""
    if case.lng is None or case.lat is None:
        return "", ""
    lng, lat = converted(case.lng, case.lat, case.datum or Datum.WGS84, Datum.WGS84)
    return f"{lng:.6f}", f"{lat:.6f}"
