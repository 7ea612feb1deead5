"""月报 in the demonstration: its words; made through the doors by cases.bulletins.samples, when the year behind is there."""

from __future__ import annotations

from datetime import datetime

from cases.bulletins.samples import lay_samples
from grids.demo import DISTRICT

ADVICE = (
    "一是改进工作：供热投诉集中的片区，请住建部门会同供热单位在供暖前逐户排查二次管网，换热站值班电话上墙公示。\n"
    "二是完善政策：零工和装修用工欠薪反复发生，请人社部门研究小额用工的书面约定样本，由社区发放。\n"
    "三是采纳情况：上期关于老旧小区停车的建议，城管部门已采纳，正在划线。"
)
NUMBER = "平综治报〔{year}〕{month}号"


def make(now: datetime) -> int:
    """Make what is missing; answers how many bulletins, 0 when there are some already."""
    return lay_samples(DISTRICT, {"writes": "supervisor", "signs": "centre_lead"}, ADVICE, NUMBER, now)
