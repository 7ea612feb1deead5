"""督办 in the demonstration: its words; what is made of them is made through the doors (cases.supervising.samples)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import actor_for
from cases.supervising.samples import lay_samples

ANSWER = "已与诉求人当面沟通，抢修人员昨天进场，主要问题已经处理，余下两处本周内完成；已明确责任人，每天报进度。"
GROUND = "近两个月该单位承办的事项多次逾期，经书面督办仍未按要求回复。"
ADVICE = "建议约谈单位负责人，限期清理积压事项，建立逾期提醒和每周通报制度。"


def make(now: datetime) -> int:
    """Make what is missing; answers how many papers were made, 0 when they are there already."""
    supervisor = actor_for(User.objects.get(username="supervisor"), now)
    return lay_samples(supervisor, now, ANSWER, GROUND, ADVICE)
