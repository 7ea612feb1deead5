"""复查意见书 and 复核意见书 (D14): what was asked, what was found, what is decided, and what can be done against it."""

from __future__ import annotations

from django.conf import settings

from cases.choices import Procedure
from cases.deciding.letters import contact_line
from cases.letters import Letter
from cases.models import Case, Event, Review
from cases.reviewing.queries import ANSWERING, WORDS
from governance_portal.lib.working_days import SHANGHAI

LAW = {Procedure.REVIEW: "《信访工作条例》第三十五条", Procedure.RECHECK: "《信访工作条例》第三十六条"}
REMEDY = {
    Procedure.REVIEW: "对本复查意见不服的，可以自收到本意见之日起 30 日内，向复查机关的上一级机关、单位请求复核。",
    Procedure.RECHECK: "本意见为信访事项的终结意见。对本意见不服，仍然以同一事实和理由提出投诉请求的，各级机关、单位不再受理。",
}


def opinion(row: Review, events: list[Event], query_url: str = "") -> Letter:
    """Return the written opinion of an answered 复查 or 复核; ValueError while there is none."""
    case: Case = row.case
    procedure = Procedure(case.procedure)
    word = WORDS[procedure]
    resolved = next((event for event in reversed(events) if event.kind in ("resolve", "resolve_on_spot")), None)
    answered = next((event for event in reversed(events) if event.kind in ANSWERING), None)
    if resolved is None or answered is None:
        raise ValueError("there is no opinion yet")
    applied, first = row.applied_on, row.answered_on
    decided = row.decided_by.name if row.decided_by else "原办理单位"
    return Letter(
        title=f"关于“{case.title.split('：', 1)[-1]}”信访事项的{word}意见",
        number=row.number,
        addressee="信访人",
        paragraphs=(
            f"你对{decided}就受理编号 {row.of.number} 信访事项作出的答复（{first.year}年{first.month}月{first.day}日收到）不服，"
            f"于 {applied.year}年{applied.month}月{applied.day}日请求{word}（受理编号 {case.number}）。"
            f"根据{LAW[procedure]}，现将{word}情况和意见告知如下。",
            f"一、{word}情况。{resolved.data.get('result', '')}",
            f"二、{word}意见。{resolved.data.get('reply', '')}",
            f"三、{REMEDY[procedure]}",
        ),
        issuer=case.lead_unit.name if case.lead_unit else settings.CENTRE_NAME,
        issued_on=answered.at.astimezone(SHANGHAI).date(),
        contact=contact_line(),
        case_number=case.number,
        query_url=query_url,
    )
