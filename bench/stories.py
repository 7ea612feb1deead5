"""The histories that the generator plays: what happens to a matter, step by step, and how often.

A step is a row of the workflow table, who makes it, how many hours after the one before at most, and what it was
given. A step that its case does not allow (no check of what was settled on the spot) is left out by the player.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

RESULT = "已到现场核实，问题属实，当日安排人员处理并向反映人说明了情况，反映人表示认可。"
REPLY = "您反映的问题我单位已核实处理完毕，感谢您的监督；如有新的情况请随时与我们联系。"


@dataclass(frozen=True)
class Step:
    """One event: `name` of the action, `who` of the cast, `hours` since the one before at most, what it was given."""

    name: str
    who: str
    hours: float
    given: dict[str, Any] = field(default_factory=dict)


ACCEPT = Step("accept", "clerk", 2, {"level_reason": "单户反映，无人员受伤。"})
DISPATCH = Step("dispatch", "dispatcher", 6)
SIGN = Step("sign", "officer", 8)
CONTACT = Step("contact", "officer", 12, {"way": "phone", "reached": True, "text": "已电话联系，约定上门时间。"})
NOTE = Step("note", "officer", 20, {"text": "已到现场查看，正与物业协商维修方案。", "public_text": "正在安排维修。"})
RESOLVE = Step("resolve", "officer", 50, {"result": RESULT, "outcome": "fulfilled", "reply": REPLY})
LATE_RESOLVE = Step("resolve", "officer", 300, RESOLVE.given)
APPROVE = Step("approve", "supervisor", 8)
CONFIRM = Step("confirm", "caller", 20, {"satisfaction": 5, "resolved": True, "contacted": True})
UNHAPPY = Step("confirm", "caller", 20, {"satisfaction": 2, "resolved": False, "contacted": True})
ARCHIVE = Step("archive", "clock", 0)
DECLINE = Step("decline", "clerk", 2, {"reason": "N7", "instead": "请向区不动产登记中心提出，电话 0349-6020000。"})
RETURN = Step("return", "officer", 4, {"reason": "not_ours", "basis": "按三定方案，该事项由住建部门办理。"})
INSIST = Step("insist", "dispatcher", 4, {"note": "经核实属你单位职责。"})
SEND_BACK = Step("send_back", "supervisor", 6, {"note": "答复未说明依据，请补充。"})
REDO = Step("redo", "caller", 16, {"note": "诉求人反映问题反复，请重新处理。"})
SUSPEND = Step("suspend", "leader", 12, {"reason": "appraisal", "expected_end": "2026-12-31"})
RESUME = Step("resume", "officer", 60)
ON_SPOT = Step(
    "resolve_on_spot", "clerk", 1, {"result": RESULT, "outcome": "answered", "reply": REPLY, "level": "general"}
)
MISSING = Step("request_material", "clerk", 1, {"missing": "请补充合同复印件。", "due_on": "2026-12-31"})

BEGUN = (ACCEPT, DISPATCH, SIGN)
WORKED = (*BEGUN, CONTACT, NOTE)
CHECKED = (*WORKED, RESOLVE, APPROVE)

#: (share in thousandths, the steps after registration). The first list holds what has ended.
ENDED: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (470, (*CHECKED, CONFIRM)),
    (110, (*BEGUN, RESOLVE, APPROVE, CONFIRM)),
    (80, (*WORKED, LATE_RESOLVE, APPROVE, CONFIRM)),
    (60, (ACCEPT, DISPATCH, RETURN, INSIST, SIGN, CONTACT, RESOLVE, APPROVE, CONFIRM)),
    (50, (*WORKED, RESOLVE, SEND_BACK, RESOLVE, APPROVE, CONFIRM)),
    (40, (*CHECKED, REDO, NOTE, RESOLVE, APPROVE, UNHAPPY)),
    (30, (*BEGUN, SUSPEND, RESUME, RESOLVE, APPROVE, CONFIRM)),
    (110, (ON_SPOT, APPROVE, CONFIRM)),
    (50, (DECLINE,)),
)
OPEN: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (180, ()),
    (30, (MISSING,)),
    (110, (ACCEPT,)),
    (120, (ACCEPT, DISPATCH)),
    (20, (ACCEPT, DISPATCH, RETURN)),
    (140, BEGUN),
    (180, WORKED),
    (30, (*BEGUN, SUSPEND)),
    (80, (*WORKED, RESOLVE)),
    (110, CHECKED),
)
#: Of all cases this many thousandths are still open; all of them from the last sixty days but the late ones.
OPEN_SHARE = 90
