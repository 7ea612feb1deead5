"""What the clock does with held reports: clerks hear that some wait, discarded ones lose their content after a week and go after
their resident could read why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from accounts.choices import Role
from accounts.notices import notify
from cases.models import Attachment, HeldReport
from cases.policies import calendar
from cases.reporting.choices import HeldState
from cases.reporting.judging import COMES_BACK_WITHIN
from cases.reporting.queries import TOLD_FOR
from cases.services.attachments import remove_these
from cases.services.recipients import Recipients
from governance_portal.lib.working_days import SHANGHAI, Limit, LimitUnit, due
from grids.choices import CODE_LENGTHS, Level

STREET = CODE_LENGTHS[Level.STREET]

BATCH = 500
#: A clerk who is at the page anyway is not told of what came a moment ago.
TOLD_AFTER = timedelta(minutes=30)
TITLE = "有网上上报等待核实"
#: Waiting longer than this is told to those who watch over the window.
LONG = Limit(1, LimitUnit.WORKING_DAY)
LONG_TITLE = "有网上上报超过一个工作日没有核实"
LONG_BODY = "网上上报已经等了超过一个工作日，还没有人核实。请督促窗口打开“待核实上报”。"
NOBODY_TITLE = "有网上上报等待核实，没有人能看"
NOBODY_BODY = "网上上报等待核实，但这一片没有窗口受理员。请给中心安排一位窗口受理员。"
BODY = "提交量异常，有的网上上报没有完成校验，正在等您看一眼；居民已经拿到编号。请打开“待核实上报”。"


def tell_clerks(now: datetime) -> int:
    """Tell the clerks of each place that reports wait there, once a day each; answers how many notices were new.

    Where there is no clerk, who leads the centre is told; after a working day also they and the supervisors.
    """
    shown = HeldReport.objects.filter(state=HeldState.WAITING, folded_into__isnull=True)
    waits = shown.filter(received_at__lt=now - TOLD_AFTER).order_by().values_list("area_code")
    oldest: dict[str, datetime] = {}
    for code, first in waits.annotate(first=Min("received_at")):
        oldest[code[:STREET]] = min(first, oldest.get(code[:STREET], first))
    day, told, concerned = now.astimezone(SHANGHAI).date(), 0, Recipients(now)
    for area, first in sorted(oldest.items()):
        clerks, leads = concerned.role(Role.CLERK, area), concerned.centre_leads(area)
        told += notify(clerks, f"held:{day}", TITLE, BODY, kind="other", now=now)
        if not clerks:
            told += notify(leads, f"held-nobody:{day}", NOBODY_TITLE, NOBODY_BODY, kind="other", now=now)
        if due(first, LONG, calendar()).due <= now:
            watching = leads | concerned.role(Role.SUPERVISOR, area)
            told += notify(watching, f"held-long:{day}", LONG_TITLE, LONG_BODY, kind="other", now=now)
    return told


def forget_discarded(now: datetime) -> int:
    """Erase content and photos of what was discarded a week ago, delete the rest after ninety days; answers how many rows."""
    judged = HeldReport.objects.filter(state=HeldState.DISCARDED)
    over = judged.filter(content__isnull=False, judged_at__lt=now - COMES_BACK_WITHIN).order_by("pk")
    keys = list(over.values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        remove_these(Attachment.objects.filter(held__in=keys))
        erased = HeldReport.objects.filter(pk__in=keys).update(content=None)
    old = list(judged.filter(judged_at__lt=now - TOLD_FOR).order_by("pk").values_list("pk", flat=True)[:BATCH])
    HeldReport.objects.filter(pk__in=old).delete()
    return erased + len(old)
