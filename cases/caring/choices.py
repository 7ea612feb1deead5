"""The words of visits and of help: who visits, what was found, what is needed; no word for what somebody *is* (facts §7.4)."""

from django.db import models

#: The version of the words that are read to whoever consents (templates/cases/caring/_consent.html).
CONSENT_VERSION = "2026-1"
#: 民政部等10部门, 2022: at least once a month (facts §2.3, row 4.7).
LONGEST_INTERVAL = 31
USUAL_INTERVAL = 30
SHORTEST_INTERVAL = 7
#: A help referral lives so many days from the day of the last consent (facts §7.4).
HELP_DAYS = 90


class VisitorRole(models.TextChoices):
    """两长四员, in the order of the rota (facts row 4.7)."""

    PARTY_HEAD = "party_head", "党小组长"
    BUILDING_HEAD = "building_head", "栋长"
    HEALTH = "health", "卫生员"
    SECURITY = "security", "治安员"
    PROPERTY = "property", "物管员"
    MEDIATOR = "mediator", "调解员"


class ConsentBy(models.TextChoices):
    """Who said yes."""

    SELF = "self", "本人"
    GUARDIAN = "guardian", "监护人代为同意"


class Found(models.TextChoices):
    """What the visitor found; no health record: no diagnosis, no measure, no disease (facts row 4.6)."""

    WELL = "well", "安好"
    HELP = "help", "需帮助"
    REFER = "refer", "转介"


class PlanEnd(models.TextChoices):
    """Why a plan ended; nothing about the person beyond it."""

    REVOKED = "revoked", "撤回同意"
    OVER = "over", "不再需要"


class HelpNeed(models.TextChoices):
    """What is needed, never what somebody is (facts §7.4)."""

    LIVING = "living", "生活救助"
    WORK = "work", "就业"
    MIND = "mind", "心理"
    LAW = "law", "法律"
    MEDICAL = "medical", "医疗"


class HelpGround(models.TextChoices):
    """The concrete request or event a referral is opened from; there is no other way."""

    REQUEST = "request", "本人提出"
    CASE = "case", "办理事项时提出"
    VISIT = "visit", "探访时提出"


class HelpConsent(models.TextChoices):
    """On what ground of law the person's data goes to the other unit (PIPL §§13, 23, 29)."""

    PERSON = "person", "本人同意"
    EMERGENCY = "emergency", "紧急情况，先转介后告知"


class HelpState(models.TextChoices):
    """How far a referral is."""

    OPENED = "opened", "等待接收"
    ACCEPTED = "accepted", "正在帮扶"
    CLOSED = "closed", "已结束"


class HelpEnd(models.TextChoices):
    """How a referral ended."""

    HELPED = "helped", "已得到帮助"
    ELSEWHERE = "elsewhere", "已告知到别处办理"
    NOT_WANTED = "not_wanted", "本人不需要了"
    BY_PERSON = "by_person", "本人结束"
    EXPIRED = "expired", "满 90 天到期"
