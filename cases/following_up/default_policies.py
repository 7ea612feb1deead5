"""What a new centre starts with; every row may be edited, none of it is law but the fifteen days of 好差评."""

from __future__ import annotations

from typing import Any

from cases import choices as c
from cases.following_up.choices import Circumstance, Settled

#: facts §1.11: 渝水 aims at 100 %; sampled are the matters that were over in a moment.
FOLLOW_UP_POLICIES: tuple[dict[str, Any], ...] = (
    {"share": 100, "base": "其他各件逐件回访（渝水：回访率 100%）"},
    {"settled": Settled.ON_SPOT, "share": 20, "base": "当场办结的抽访"},
    {"settled": Settled.SELF, "share": 20, "base": "网格自办自结的抽访"},
    {"kind": c.Kind.CONSULTATION, "share": 10, "base": "咨询抽访"},
    {"kind": c.Kind.SUGGESTION, "share": 10, "base": "建议抽访"},
    {"kind": c.Kind.DISPUTE, "share": 100, "base": "矛盾纠纷必访（人民调解法第三十一条：督促履行）"},
    {"procedure": c.Procedure.PETITION, "share": 100, "base": "信访件必访"},
    {"circumstance": Circumstance.COMPLAINT, "share": 100, "base": "投诉件必访"},
    {"circumstance": Circumstance.ORDERED, "share": 100, "base": "被督办的必访"},
    {"circumstance": Circumstance.REPEATED, "share": 100, "base": "重复反映的必访"},
    {"circumstance": Circumstance.REDONE, "share": 100, "base": "重办过的必访"},
    {"circumstance": Circumstance.NOBODY, "share": 0, "rate_days": 0, "base": "无诉求人，免回访"},
    {"circumstance": Circumstance.ANONYMOUS, "share": 0, "rate_days": 0, "base": "匿名，免回访"},
)
LOOK_BACK_RULES: tuple[dict[str, Any], ...] = (
    {"kind": c.Kind.DISPUTE, "days": 30, "base": "矛盾纠纷办结满 30 天回头看"},
    {"kind": c.Kind.DISPUTE, "circumstance": Circumstance.REPEATED, "days": 90, "base": "重复纠纷满 90 天再看"},
    {"kind": c.Kind.DISPUTE, "channel": c.Channel.POLICE, "days": 90, "base": "110 移交的纠纷满 90 天再看"},
)
