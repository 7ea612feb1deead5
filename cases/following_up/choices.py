"""Code lists of the follow-up: how a matter was settled, what about it demands a call, what came of the call."""

from django.db import models


class Settled(models.TextChoices):
    """How the case reached its follow-up; some ways are called by sample only."""

    CHECKED = "checked", "经审核办结"
    ON_SPOT = "on_spot", "当场办结"
    SELF = "self_settled", "网格自办自结"


class Circumstance(models.TextChoices):
    """What about a case decides whether it is called, beyond its kind and procedure."""

    COMPLAINT = "complaint", "投诉件"
    ORDERED = "ordered", "被督办"
    REPEATED = "repeated", "重复反映"
    REDONE = "redone", "已重办"
    NOBODY = "nobody", "无诉求人"
    ANONYMOUS = "anonymous", "匿名"


#: With these there is nobody to call, whatever else holds.
NOBODY_TO_CALL = (Circumstance.NOBODY, Circumstance.ANONYMOUS)


class Called(models.TextChoices):
    """How a follow-up ended."""

    CONFIRMED = "confirmed", "已回访"
    RATED = "rated", "居民自评"
    REDO = "redo", "退回重办"
    UNREACHED = "unreached", "未接通"
    UNCALLED = "uncalled", "免回访"
    EXPLAINED = "explained", "书面说明"


class Verdict(models.TextChoices):
    """What looking into a bad rating showed (政务服务好差评: 核实)."""

    FOUNDED = "founded", "属实"
    UNFOUNDED = "unfounded", "不属实"
    UNSUPPORTED = "unsupported", "诉求无法支持"


class LookBackResult(models.TextChoices):
    """How a dispute stands some time after it was closed (回头看)."""

    STABLE = "stable", "稳定"
    RELAPSED = "relapsed", "有反复"
    RECURRED = "recurred", "再次发生"
    UNREACHED = "unreached", "没联系上"
