"""Code lists of the assessment: what is looked at, how far a round is, what an appeal went through, the grades."""

from django.db import models


class Indicator(models.TextChoices):
    """What is looked at: outcomes only. Reports made, time online, photos, tracks and log-ins are none, by construction."""

    ON_TIME = "on_time", "按期办结率"
    AT_ONCE = "at_once", "一次办结率"
    SATISFIED = "satisfied", "居民满意率"
    SPOT = "spot", "抽查合格率"


class Stage(models.TextChoices):
    """How far the assessment of a quarter is."""

    PROPOSED = "proposed", "待计算"
    DRAFT = "draft", "草稿"
    SHOWN = "shown", "公示中"
    DECIDED = "decided", "已评定"
    ARCHIVED = "archived", "已归档"


class AppealStage(models.TextChoices):
    """How far an appeal is: answered by one, confirmed by another."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "待会签"
    SETTLED = "settled", "已办结"


class Step(models.TextChoices):
    """What happened to an appeal."""

    MADE = "made", "提出申诉"
    ANSWERED = "answered", "拟答复"
    SENT_BACK = "sent_back", "会签退回"
    CONFIRMED = "confirmed", "会签同意"


class Grade(models.TextChoices):
    """What people conclude; never computed."""

    EXCELLENT = "excellent", "优秀"
    PASSED = "passed", "合格"
    IMPROVE = "improve", "需改进"
    TOO_FEW = "too_few", "样本不足，不评定"
