"""The limits a new centre starts with (facts §2.3, §2.4; design/workflow.md "Clocks"); all of them editable.

Each row is the fields of LimitPolicy. More specific rows win: kind × procedure × category × level × channel.
"""

from __future__ import annotations

from typing import Any

PETITION_BASE = "《信访工作条例》"


def _row(clock: str, amount: int | None, unit: str = "working_day", **more: Any) -> dict[str, Any]:
    return {"clock": clock, "amount": amount, "unit": unit, "valid_from": "2000-01-01", **more}


#: 复查 and 复核 are decided in 30 days from the request, never extended (XF §§35, 36); their steps are short [D].
REVIEW_LIMITS: tuple[dict[str, Any], ...] = tuple(
    row
    for procedure, article in (("review", "第三十五条"), ("recheck", "第三十六条"))
    for row in (
        _row("accept_by", 3, procedure=procedure),
        _row("dispatch_by", 1, procedure=procedure),
        _row("contact_by", None, procedure=procedure),
        _row(
            "resolve_by",
            30,
            "natural_day",
            procedure=procedure,
            legal_base=PETITION_BASE + article,
            statutory=True,
        ),
        _row(
            "resolve_by",
            30,
            "natural_day",
            kind="consultation",
            procedure=procedure,
            legal_base=PETITION_BASE + article,
            statutory=True,
        ),
        _row("return_window", 5, procedure=procedure, legal_base=PETITION_BASE + "第二十三条第三款", statutory=True),
    )
)

#: 警调对接: contact within the hour, an answer within 24 hours, five days where it is complicated (facts §2.3 [S: 渝水]).
POLICE_LIMITS: tuple[dict[str, Any], ...] = (
    _row("accept_by", 1, "hour", channel="police"),
    _row("contact_by", 1, "hour", channel="police"),
    _row("contact_by", 1, "hour", level="major", channel="police"),
    _row("contact_by", 1, "hour", level="serious", channel="police"),
    _row("contact_by", 1, "hour", procedure="mediation", channel="police"),
    _row("resolve_by", 24, "hour", channel="police"),
    _row("resolve_by", 24, "hour", level="general", channel="police"),
    _row("resolve_by", 5, "natural_day", level="major", channel="police"),
    _row("resolve_by", 5, "natural_day", level="serious", channel="police"),
)

DEFAULT_LIMITS: tuple[dict[str, Any], ...] = (
    # 受理: the same day; a petition within 15 days of receipt (XF §23)
    _row("accept_by", 0, "natural_day"),
    _row("accept_by", 15, "natural_day", procedure="petition", legal_base=PETITION_BASE + "第二十三条", statutory=True),
    _row("accept_by", 30, "minute", level="urgent"),
    # 分流
    _row("dispatch_by", 1),
    _row("dispatch_by", 30, "minute", level="urgent"),
    _row("dispatch_by", 2, "hour", level="serious"),
    _row(
        "dispatch_by", 15, "natural_day", procedure="petition", legal_base=PETITION_BASE + "第二十二条", statutory=True
    ),
    _row("dispatch_by", 1, procedure="mediation"),
    # 签收
    _row("sign_by", 1),
    _row("sign_by", 30, "minute", level="urgent"),
    _row("sign_by", 4, "hour", level="serious"),
    _row("sign_by", 5, procedure="petition", legal_base=PETITION_BASE + "第二十三条第三款", statutory=True),
    _row("sign_by", 1, procedure="mediation"),
    # 首次联系
    _row("contact_by", 2),
    _row("contact_by", 1, "hour", level="urgent"),
    _row("contact_by", 24, "hour", level="serious"),
    _row("contact_by", 1, level="major"),
    _row("contact_by", 0, "natural_day", kind="consultation"),
    _row("contact_by", None, procedure="petition"),
    _row("contact_by", 3, procedure="mediation"),
    # 办结: the resident's date
    _row("resolve_by", 7, level="", extension_amount=3, extension_times=1),
    _row("resolve_by", 7, level="general", extension_amount=3, extension_times=1),
    _row("resolve_by", 5, kind="appeal", level="general", channel="grid", extension_amount=3, extension_times=1),
    _row("resolve_by", 15, level="major", extension_amount=5, extension_times=1),
    _row(
        "resolve_by",
        20,
        "natural_day",
        level="serious",
        extension_amount=10,
        extension_times=1,
        extension_by="centre_lead",
    ),
    _row("resolve_by", 24, "hour", level="urgent"),
    _row("resolve_by", 3, kind="consultation"),
    _row(
        "resolve_by",
        60,
        "natural_day",
        procedure="petition",
        extension_amount=30,
        extension_times=1,
        legal_base=PETITION_BASE + "第三十四条",
        statutory=True,
    ),
    _row(
        "resolve_by",
        60,
        "natural_day",
        kind="consultation",
        procedure="petition",
        extension_amount=30,
        extension_times=1,
        legal_base=PETITION_BASE + "第三十四条",
        statutory=True,
    ),
    _row("resolve_by", 30, "natural_day", procedure="mediation", extension_amount=30, extension_times=1),
    # 审核, 回访
    _row("review_by", 1),
    _row("follow_up_by", 3),
    # windows
    _row("return_window", 1),
    _row("return_window", 5, procedure="petition", legal_base=PETITION_BASE + "第二十三条第三款", statutory=True),
    _row("reopen_window", 30, "natural_day"),
    _row("review_window", 30, "natural_day"),
    *REVIEW_LIMITS,
    *POLICE_LIMITS,
)
