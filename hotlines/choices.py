"""Code lists of the lines."""

from django.db import models


class CallResult(models.TextChoices):
    """What came of a call (facts §1.2, 12345: 答复、派单、转接)."""

    RINGING = "ringing", "通话中"
    ANSWERED = "answered", "当场答复"
    OPENED = "opened", "登记为事项"
    JOINED = "joined", "补充到已有事项"
    PASSED = "passed", "转 110、119、120"
    DROPPED = "dropped", "中断"
