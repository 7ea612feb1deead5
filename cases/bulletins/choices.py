"""Code lists of the bulletins. Source: 信访工作条例 第四十一条 (facts §4 D31); 人民调解 monthly list (facts §3.1 c)."""

from django.db import models


class Kind(models.TextChoices):
    """Which stretch of time a bulletin is about."""

    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    YEAR = "year", "年报"


class State(models.TextChoices):
    """A draft may be made anew and edited; what is signed stays, a correction stands beside it."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签发"


class Section(models.TextChoices):
    """The parts of a bulletin in their order; each has one paragraph that the author may write himself."""

    OVERVIEW = "overview", "总体情况"
    FIELDS = "fields", "事项数量和涉及领域"
    COMPLAINED = "complained", "被投诉较多的单位"
    HANDLING = "handling", "转送、交办、督办"
    MEDIATION = "mediation", "人民调解"
    QUALITY = "quality", "办理时效和满意度"
    HOT = "hot", "热点事项"
    HAZARDS = "hazards", "隐患和排查"
    ADVICE = "advice", "意见建议和采纳情况"


#: No figures say what should be better: the author writes it (第四十一条：改进工作、完善政策、追究责任建议).
BY_HAND = frozenset({Section.ADVICE})


class Ask(models.TextChoices):
    """How far the counting of a bulletin is."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "正在统计"
    DONE = "done", "已写好"
    FAILED = "failed", "没有写成"
