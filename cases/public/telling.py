"""What a resident reads of a matter: one function for the look-up, the preview of a move and the words to copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cases import queries
from cases.choices import STAGE_OF, Procedure, Stage, Status
from cases.conditions import AMEND_WITHIN
from cases.crowds.telling import NEXT_WORDS
from cases.models import Case, Event
from cases.policies import calendar
from cases.reception.queries import told_team
from cases.reviewing.queries import AGAINST, FINAL, chain_of
from cases.views.due import TENTATIVE, until_words
from cases.views.receipt import grouped
from governance_portal.lib.spoken import full_words
from governance_portal.lib.working_days import SHANGHAI

MERGED_NEXT = "这件事已与另一件合并办理，办结后一并告诉您。"
NEXT = {
    Status.REGISTERED: "窗口正在核对，受理后会转交办理单位。",
    Status.INCOMPLETE: "请按下面的说明补充材料，可以在本页补，也可以送到窗口。",
    Status.DECLINED: "这件事由其他机关办理，去哪里、怎么提，见下面的说明。",
    Status.ACCEPTED: "正在安排办理单位，安排好会显示在这里。",
    Status.CONSULTING: "几家单位正在商量由谁办理。",
    Status.DISPATCHED: "等待办理单位签收。",
    Status.RETURNED: "正在重新安排办理单位。",
    Status.HANDLING: "办理单位正在办理，可能会给您打电话。",
    Status.SUSPENDED: "正在等待鉴定、听证等，完成后继续办理。",
    Status.SUPERVISION: "办理结果正在审核，审核后答复您。",
    Status.FOLLOW_UP: "请看答复，并在下面评价；工作人员也可能给您打电话回访。",
    Status.CLOSED: "这件事已办完。有新的情况，请打窗口电话。",
    Status.ARCHIVED: "这件事已办完并归档。有新的情况，请打窗口电话。",
    Status.MERGED: MERGED_NEXT,
}
ANSWERED = (Status.FOLLOW_UP, Status.CLOSED, Status.ARCHIVED)
#: 信访工作条例 §35 and §36: within 30 days of the written answer, 复查 and then 复核.
REVIEW_DAYS = 30
#: Which public events are the written answer.
ANSWERS = ("已答复，等待您评价", "已答复", "已办结")


def told_of(case: Case, now: datetime, events: Sequence[Event] | None = None) -> dict[str, Any]:
    """Return what `public/_told.html` draws: all that the resident reads of a matter, and nothing else.

    The look-up page and the preview of a move (cases.views.foreseen) both come here; events: the history to tell when it
    is not the stored one.
    """
    view = queries.public_timeline(case, events)
    return {
        "view": view,
        "number": grouped(case.number),
        "path_notes": _notes(view),
        "ended": case.status in (Status.DECLINED, Status.MERGED),
        "next_words": NEXT_WORDS if view["crowd"] and case.status == Status.MERGED else NEXT[Status(case.status)],
        "until": until_words(view["due_at"]) if view["due_at"] else "",
        "unit_phone": case.lead_unit.phone if case.lead_unit_id and case.lead_unit else "",
        "files": [file for file in case.attachments.all() if file.public],
        "review": _review(case, view),
        "chain": _chain(case),
        "amend_until": _amend_until(case, now),
        "team": told_team(case),
        "now": now,
    }


def rating_is_open(case: Case, view: dict[str, Any], now: datetime) -> bool:
    """Rated once, amended within seven days, then no more."""
    return bool(view["can_rate"]) and not (case.rated_at and now > case.rated_at + AMEND_WITHIN)


def copied(told: dict[str, Any], centre: str, phone: str) -> str:
    """The same in plain lines, to be sent to somebody or kept; no name, no telephone of the resident."""
    view = told["view"]
    lines = [
        centre,
        f"事项：{view['title']}",
        f"受理编号：{told['number']}",
        f"现在：{view['status_text']}",
        f"下一步：{told['next_words']}",
    ]
    if told["until"]:
        lines.append(f"最晚：{told['until']}前")
    if view["lead_unit"]:
        lines.append(f"办理单位：{view['lead_unit']} {told['unit_phone']}".strip())
    if phone:
        lines.append(f"窗口电话：{phone}")
    return "\n".join([*lines, f"查询时间：{full_words(told['now'])}"])


def _amend_until(case: Case, now: datetime) -> str:
    if not case.rated_at or now > case.rated_at + AMEND_WITHIN:
        return ""
    return full_words(case.rated_at + AMEND_WITHIN)


def _perhaps(until: datetime) -> str:
    """暂定, when the day on which a window ends lies past the published year."""
    last = (until.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
    return TENTATIVE if calendar().is_tentative(last) else ""


def _review(case: Case, view: dict[str, Any]) -> dict[str, str]:
    """What can be done against the result: 复查, 复核 where the law gives them, the centre itself everywhere else."""
    if case.status == Status.DECLINED:
        until = f"，最晚 {until_words(case.window_until)}{_perhaps(case.window_until)}" if case.window_until else ""
        text = f"认为应当由我们办理的，可以到窗口或者打窗口电话，请中心重新审核{until}。"
        return {"title": "对不予受理有意见", "text": text}
    if case.status not in ANSWERED:
        return {}
    if case.procedure == Procedure.RECHECK:
        return {"title": "复核意见是终结意见", "text": FINAL, "source": "《信访工作条例》第三十六条"}
    if case.procedure not in AGAINST:
        text = "可以向本中心反映：到窗口，或者打窗口电话；还没评价的，在本页写明哪里不满意。"
        return {"title": "对办理结果有意见", "text": text}
    answered = next((row["at"] for row in reversed(view["events"]) if row["label"] in ANSWERS), None)
    counted = ""
    if answered:
        day = answered.astimezone(SHANGHAI).date()
        last = day + timedelta(days=REVIEW_DAYS)
        counted = f"答复于 {day.month}月{day.day}日 作出，当天收到的，最晚 {last.month}月{last.day}日 提出。"
    if case.procedure == Procedure.REVIEW:
        text = f"自收到书面答复之日起 {REVIEW_DAYS} 日内，可以请求复查机关的上一级机关、单位复核。{counted}"
        return {"title": "不服复查意见怎么办", "text": text, "source": "《信访工作条例》第三十六条"}
    text = (
        f"自收到书面答复之日起 {REVIEW_DAYS} 日内，可以请求办理机关、单位的上一级机关、单位复查。{counted}"
        f"对复查意见仍不服的，自收到书面答复之日起 {REVIEW_DAYS} 日内，可以请求复查机关的上一级机关、单位复核。"
    )
    return {"title": "不服处理意见怎么办", "text": text, "source": "《信访工作条例》第三十五条、第三十六条"}


def _chain(case: Case) -> list[dict[str, str]]:
    """The answer, its 复查 and its 复核, each with its number and how it stands; for the same resident."""
    if case.procedure not in (*AGAINST, Procedure.RECHECK):
        return []
    return [
        {
            "word": link.word,
            "number": grouped(link.case.number),
            "status": "就是这一件" if link.is_here else queries.public_status(link.case, queries.history(link.case)),
        }
        for link in chain_of(case)
    ]


def _notes(view: dict[str, Any]) -> dict[str, str]:
    """Words under each of the five, from the white-listed events only: the last of each stage, with its day."""
    notes: dict[str, str] = {}
    for event in view["events"]:
        stage = STAGE_BY_WORDS.get(event["label"])
        if stage:
            at = timezone.localtime(event["at"])
            notes[stage.value] = f"{at.month}月{at.day}日 {event['label']}"
    here = STAGE_OF[Status(view["status"])]
    if here != Stage.DONE:
        day = notes.get(here.value, "").partition(" ")[0]
        notes[here.value] = f"{day} {view['status_text']}".strip()
    return notes


#: Which of the five words a public event stands under.
STAGE_BY_WORDS = {
    "已登记": Stage.INTAKE,
    "需要补充材料": Stage.INTAKE,
    "已收到补充材料": Stage.INTAKE,
    "已受理": Stage.INTAKE,
    "已转交办理单位": Stage.ROUTING,
    "正在协调办理单位": Stage.ROUTING,
    "办理单位已签收": Stage.HANDLING,
    "办理期限延长": Stage.HANDLING,
    "继续办理": Stage.HANDLING,
    "重新办理": Stage.HANDLING,
    "已答复，等待您评价": Stage.SUPERVISION,
    "已办结": Stage.FOLLOW_UP,
}
