"""剔除 in the demonstration: its words; made through the doors by cases.ranking.samples, when the year behind is there."""

from __future__ import annotations

from datetime import datetime

from cases.ranking.choices import Ground, Ranked
from cases.ranking.samples import Said, lay_samples

SAID = (
    Said(
        Ground.FORCE_MAJEURE,
        "期限内连下三天大雪，进村的路封了，镇政府发了通告，雪停当天就上门办了。",
        "核对了镇政府的封路通告和上门记录，属实，按不可抗力不计入本单位的按期办结率。",
        granted=True,
    ),
    Said(
        Ground.NOT_OURS,
        "居民不满意的是收费标准，标准不是我们定的。",
        "收费标准不归你单位定，但办理中没有向居民说明依据，不属于责任不在本单位。",
        granted=False,
        figure=Ranked.SATISFIED,
    ),
    Said(Ground.WRONG_DATA, "系统里的办结时间比实际上报晚了两天，上报单在附件里，请核对。"),
)


def make(now: datetime) -> int:
    """Make what is missing; answers how many requests, 0 when they are there already."""
    return lay_samples(("supervisor2", "centre_lead", "supervisor"), SAID, now)
