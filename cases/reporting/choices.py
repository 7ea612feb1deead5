"""Code lists of held reports: why one is held, what became of it, why it was discarded."""

from django.db import models


class HeldFor(models.TextChoices):
    """Why a report waits for a human."""

    UNPROVEN = "unproven", "提交量异常时没有完成校验"
    FREQUENT = "frequent", "同一网络短时间内提交很多"
    TRAP = "trap", "填了页面上看不见的栏目"


class HeldState(models.TextChoices):
    """What became of a held report."""

    WAITING = "waiting", "待核实"
    RELEASED = "released", "已放行登记"
    DISCARDED = "discarded", "已丢弃"


class Discarded(models.TextChoices):
    """Why a held report is not registered; the resident reads the label."""

    MACHINE = "machine", "由程序自动提交，不是真实反映"
    ADVERT = "advert", "广告或者与反映事项无关的内容"
    EMPTY = "empty", "没有写明要反映的事"
    TWICE = "twice", "同一件事已经登记"
