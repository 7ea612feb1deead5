"""The words of the ledger of wishes and of the councils (facts rows 2.7, 2.8)."""

from django.db import models


class HeardAt(models.TextChoices):
    """Where a wish was heard."""

    ROUND = "round", "走访"
    OFFICE = "office", "来社区说的"
    CALL = "call", "来电"
    COUNCIL = "council", "议事会"
    ONLINE = "online", "网上留言"


class Agreed(models.TextChoices):
    """Whether who voiced the wish agrees that it is shown; their name is never kept."""

    UNASKED = "unasked", "还没有问"
    YES = "yes", "同意公示"
    NO = "no", "不同意公示"
    NOBODY = "nobody", "大家的事，看不出是谁提的"


class WishState(models.TextChoices):
    """How far a wish is."""

    OPEN = "open", "待办"
    DOING = "doing", "在办"
    DONE = "done", "已销账"
    NOT_POSSIBLE = "not_possible", "办不了，已说明"


class TopicStage(models.TextChoices):
    """居民议事 → 网格议事 → 会议定事 → 联动办事 (facts row 2.7)."""

    RESIDENTS = "residents", "居民议事"
    GRID = "grid", "网格议事"
    MEETING = "meeting", "会议定事"
    JOINT = "joint", "联动办事"


#: Where something can be said on a topic before it comes to a meeting.
DISCUSSED = ((TopicStage.RESIDENTS.value, "居民议事"), (TopicStage.GRID.value, "网格议事"))
