"""The code lists of patrols."""

from django.db import models


class PatrolKind(models.TextChoices):
    """Which patrol: 日常 + 重点 + 专项滚动排查 (facts §8 row 0.10)."""

    DAILY = "daily", "日常排查"
    FOCUS = "focus", "重点排查"
    CAMPAIGN = "campaign", "专项排查"


class PatrolRepeat(models.TextChoices):
    """How a patrol comes back; a campaign is done once, by its closing date."""

    WORKDAYS = "workdays", "每个工作日"
    DAYS = "days", "每几天"
    WEEK = "week", "每周几"
    MONTH = "month", "每月几日"
    ONCE = "once", "截止日前一次"


class SpecialDay(models.TextChoices):
    """What becomes of a patrol on a holiday or on a weekend that is worked for one (调休)."""

    KEEP = "keep", "照常排查"
    SKIP = "skip", "不排查"
    MOVE = "move", "顺延到之后第一个平常的日子"


class PatrolState(models.TextChoices):
    """How a patrol task ended: done, or not done with its reason; never a clock-in (facts §6.1)."""

    OPEN = "open", "未报"
    DONE = "done", "已完成"
    UNDONE = "undone", "未完成"


class PointState(models.TextChoices):
    """What was found at a point."""

    NORMAL = "normal", "正常"
    ABNORMAL = "abnormal", "异常"


class UndoneReason(models.TextChoices):
    """Why a patrol was not done."""

    NOBODY_HOME = "nobody_home", "家中或单位没有人"
    NOT_LET_IN = "not_let_in", "没有同意进入"
    WEATHER = "weather", "天气或道路原因"
    URGENT_WORK = "urgent_work", "临时有紧急工作"
    NOBODY_ON_DUTY = "nobody_on_duty", "网格无人在岗"
    GONE = "gone", "点位已不存在"
    OTHER = "other", "其他（请写明）"
