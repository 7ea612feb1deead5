"""抽查: the district looks again at a sample of what streets approved, and says whether the closing is genuine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.choices import Role
from accounts.queries import Actor
from cases import services
from cases.choices import Status
from cases.models import Case, SpotCheck
from cases.querysets import CaseQuerySet
from cases.services.door import posts_of
from cases.services.ordering import DISTRICT_DIGITS
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours

LONGEST_NOTE = 500


def may_check(actor: Actor) -> bool:
    """Supervisors of the district."""
    return any(post.role == Role.SUPERVISOR and 0 < len(post.area_code) <= DISTRICT_DIGITS for post in actor.posts)


def waiting(visible: CaseQuerySet) -> Any:
    """The drawn closings that nobody has looked at, the oldest first."""
    found = SpotCheck.objects.filter(genuine__isnull=True, case__in=visible.order_by())
    return found.select_related("case__lead_unit", "case__category").order_by("drawn_at", "pk")


def judge(actor: Actor, pk: int, now: datetime, genuine: bool | None, note: str) -> SpotCheck:
    """Keep the verdict, also in the case's history; of a false one the case waits to be reopened by a supervisor.

    NotYours (404), NotYou (403: not a supervisor of the district, or handled the case), NotNow (judged already),
    Incomplete beside the field. Nothing is moved: reopening is a move of its own.
    """
    note = note.strip()
    errors: dict[str, list[str]] = {}
    if genuine is None:
        errors["genuine"] = ["请选择属实还是不实。"]
    if genuine is False and not note:
        errors["note"] = ["请写明哪里不实、怎么查到的。"]
    if len(note) > LONGEST_NOTE:
        errors["note"] = [f"核查意见最多 {LONGEST_NOTE} 字，现在有 {len(note)} 字。"]
    if errors:
        raise Incomplete(errors)
    with transaction.atomic():
        visible = Case.objects.visible_to(actor, now).order_by()
        found = SpotCheck.objects.select_for_update(of=("self",)).filter(pk=pk, case__in=visible)
        check = found.select_related("case").first()
        if check is None:
            raise NotYours()
        if not may_check(actor) or Standing.CHECKER not in posts_of(check.case, actor, now):
            raise NotYou("抽查由没有经办过本件的区级督办员核查。")
        if check.genuine is not None:
            raise NotNow("这一件已经核查过。", current_status=check.case.status)
        check.genuine, check.note, check.checked_at, check.checked_by_id = genuine, note, now, actor.user_id
        check.save(update_fields=["genuine", "note", "checked_at", "checked_by"])
        if check.case.status != Status.ARCHIVED:
            text = f"区级抽查：{'属实' if genuine else '不实，建议恢复办理'}。{note}"
            services.record(check.case, "note", actor=actor, now=now, given={"text": text})
    return check


def to_reopen(visible: CaseQuerySet) -> Any:
    """Closings found false whose case is still closed: a proposal to reopen it."""
    found = SpotCheck.objects.filter(genuine=False, case__in=visible.filter(status=Status.CLOSED).order_by())
    return found.select_related("case__lead_unit").order_by("checked_at", "pk")
