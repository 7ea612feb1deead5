"""Who takes orders in, from which lines, and what of them they may look at."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.choices import Role
from accounts.queries import Actor
from governance_portal.lib.errors import NotYou, NotYours
from hotlines.choices import LineKind, RowState
from hotlines.models import Line, OrderBatch, OrderRow

#: Whose desk the orders are. Others in the centre find the matters in their lists.
TAKERS = (Role.OPERATOR, Role.DISPATCHER)
NOT_HERE = "工单导入由区级的话务员和分流员办理，您没有这些岗位。"
#: Lines that bring orders; court, police and petition have transfers with their papers (hotlines.links).
WITH_ORDERS = (LineKind.ORDER, LineKind.OTHER)


def may_take(actor: Actor) -> bool:
    """Tell whether somebody takes orders in: an operator or dispatcher of the whole district."""
    posts = actor.with_role(*TAKERS)
    return any(settings.PORTAL_DISTRICT.startswith(post.area_code) for post in posts)


def check_taker(actor: Actor) -> None:
    """Refuse everybody else (NotYou)."""
    if not may_take(actor):
        raise NotYou(NOT_HERE)


def lines() -> QuerySet[Line]:
    """The lines in use that bring orders."""
    return Line.objects.filter(kind__in=WITH_ORDERS, is_active=True)


def line_of(code: str) -> Line:
    """The line of that code; NotYours when there is none in use that brings orders."""
    found = lines().filter(code=code).first()
    if found is None:
        raise NotYours("没有这个对接系统，或者已经停用。")
    return found


def batches() -> QuerySet[OrderBatch]:
    """Every batch, the newest first, with `waiting`, `refused` and `dismissed`: how many of its rows stand so."""
    counts = {state.value: Count("rows", filter=Q(rows__state=state)) for state in RowState}
    return OrderBatch.objects.select_related("line", "mapping").annotate(**counts)


def batch_of(uid: uuid.UUID) -> OrderBatch:
    """One batch with its counts; NotYours when there is none."""
    found = batches().filter(uid=uid).first()
    if found is None:
        raise NotYours("没有这次导入，可能已经取消。")
    return found


def rejects() -> QuerySet[OrderRow]:
    """The rows that wait for somebody to mend them, of batches that were confirmed."""
    rows = OrderRow.objects.filter(state=RowState.REFUSED, batch__confirmed_at__isnull=False)
    return rows.select_related("batch__line", "batch__mapping").order_by("batch_id", "line_no")


def reject_of(uid: uuid.UUID) -> OrderRow:
    """One of them; NotYours when it was mended or dismissed meanwhile."""
    found = rejects().filter(uid=uid).first()
    if found is None:
        raise NotYours("这一行已经修正导入或作废了。")
    return found


def rejects_waiting() -> int:
    """How many rows wait to be mended."""
    return OrderRow.objects.filter(state=RowState.REFUSED, batch__confirmed_at__isnull=False).count()
