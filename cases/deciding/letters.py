"""The papers of decisions: 延期告知书 (D7), 会商纪要 (D9); facts §4.1. No name of a resident stands in them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from cases import choices as c
from cases.choices import Procedure
from cases.letters import Letter
from cases.models import Consultation, HandlerRequest
from cases.supervising.drafting import subject
from governance_portal.lib.spoken import until_words
from governance_portal.lib.working_days import SHANGHAI

LAW = {
    Procedure.PETITION: "根据《信访工作条例》第三十四条的规定，",
    Procedure.MEDIATION: "经双方当事人同意，",
}


def contact_line() -> str:
    """Where to ask: the centre's window, as 附注."""
    phone = settings.CENTRE_OFFICE["phone"]
    return f"联系人：{settings.CENTRE_NAME}窗口" + (f"，电话：{phone}" if phone else "")


def day_of(moment: datetime) -> str:
    """「2026年12月9日」: the last day of a limit; a midnight belongs to the day that it ends."""
    return until_words(moment).split(" ")[0]


def extension(row: HandlerRequest, query_url: str = "") -> Letter:
    """Return the notice of an approved extension: old date, how much longer, why, by whom approved, until when now."""
    case = row.case
    if row.due_before is None or row.due_after is None or row.decided_at is None:
        raise ValueError("only an approved extension has a notice")
    law = LAW.get(Procedure(case.procedure), "")
    unit = case.lead_unit.name if case.lead_unit else settings.CENTRE_NAME
    accepted = f"于 {day_of(case.accepted_at)} 受理，" if case.accepted_at else ""
    why = (row.public_reason or "情况比较复杂，需要更多时间").rstrip("。")
    return Letter(
        title="延长办理期限告知书",
        number=row.number,
        addressee="诉求人",
        paragraphs=(
            f"您反映的“{case.title}”（受理编号 {case.number}）{accepted}原定于 {day_of(row.due_before)} 前答复。",
            f"办理中，{why}。{law}经{'本单位' if case.lead_unit else ''}负责人批准，办理期限延长至 {day_of(row.due_after)}。",
            "您可以凭受理编号和查询码随时查询办理进度；对延期有疑问的，请与下列窗口联系。",
            "特此告知。",
        ),
        issuer=unit,
        issued_on=row.decided_at.astimezone(SHANGHAI).date(),
        contact=contact_line(),
        case_number=case.number,
        query_url=query_url,
    )


def minutes(found: Consultation, query_url: str = "") -> Letter:
    """Return the minutes of a concluded 会商: 议题、参会、各方意见、主办、协办、时限、口径 (facts §1.10)."""
    if found.closed_at is None or found.lead_unit is None:
        raise ValueError("only a concluded consultation has minutes")
    case = found.case
    said = [
        f"{row.unit.name}：{row.opinion or '没有提出书面意见。'}" for row in found.units.select_related("unit").all()
    ]
    units = "、".join(row.unit.name for row in found.units.select_related("unit").all())
    referred = c.HigherBody(found.referred_to).label if found.referred_to else ""
    term = f"{found.term.year}年{found.term.month}月{found.term.day}日前" if found.term else "按受理时告知的期限"
    parts = [
        f"一、议题。{found.question}",
        f"二、参会单位。{units}。" + (f"参会人员：{found.attendees}" if found.attendees else ""),
        "三、各方意见。",
        *said,
        *([f"经会商未能议定，提请{referred}研究。原因：{found.referred_why}"] if referred else []),
        f"四、议定事项。{found.minutes}",
        f"五、主办单位。{found.lead_unit.name}。指定后不得退回。",
        f"六、协办单位。{found.assisting_names or '无'}。",
        f"七、办理时限。{term}。",
        f"八、对外口径。{found.line or '由主办单位统一答复，协办单位不另行答复。'}",
    ]
    return Letter(
        title=f"关于“{subject(case)}”的会商纪要",
        number=found.number,
        addressee=units,
        paragraphs=tuple(parts),
        issuer=settings.CENTRE_NAME,
        issued_on=found.closed_at.astimezone(SHANGHAI).date(),
        contact=contact_line(),
        case_number=case.number,
        query_url=query_url,
    )
