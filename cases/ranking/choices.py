"""Code lists and limits of 剔除: the figures a unit is shown by, the grounds, how far a request is, what happened to it."""

from datetime import timedelta

from django.db import models

#: A request comes within so many days after the matter was judged (the first round's date; of a rating the closing): a
#: month is long enough for a unit to read its month's table, and short enough that a ranking of last quarter stands still.
ASK_WITHIN = timedelta(days=30)
#: A refused request may be made once more within so many days of the refusal, whenever that was, with other words.
AGAIN_WITHIN = timedelta(days=10)
ATTEMPTS = 2


class Ranked(models.TextChoices):
    """What is left out of: the two rates of the unit table that tell an outcome."""

    ON_TIME = "on_time", "按期办结率"
    SATISFIED = "satisfied", "满意率"


class Ground(models.TextChoices):
    """Why (facts §5: 不可抗力; the rest is what a centre is told in practice)."""

    FORCE_MAJEURE = "force_majeure", "不可抗力"
    NOT_OURS = "not_ours", "责任不在本单位（如等当事人、等其他单位）"
    WRONG_DATA = "wrong_data", "数据有误"
    OTHER = "other", "其他"


class ExclusionStage(models.TextChoices):
    """How far a request is."""

    OPEN = "open", "待决定"
    GRANTED = "granted", "已剔除"
    REFUSED = "refused", "不同意剔除"
    REVOKED = "revoked", "已恢复计入"


class ExclusionAct(models.TextChoices):
    """What happened to a request."""

    ASKED = "asked", "申请剔除"
    GRANTED = "granted", "同意剔除"
    REFUSED = "refused", "不同意剔除"
    REVOKED = "revoked", "恢复计入"
