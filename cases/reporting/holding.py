"""A report is held: it gets its number at once, keeps all it says, sealed, and waits for a human.

So that an attack leaves a queue that people can read: `WHOLE` rows stand by themselves, of one sender `EACH`; further ones are
folded into the row whose text is nearly theirs, else into one of the same sender, and counted there. Every one of them is
kept with its own words, contact and photos until `MOST` rows are full; only then an unproven one is asked to come later.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.queries import service_actor
from cases.choices import CHANNEL_DIGITS, Channel
from cases.models import Attachment, HeldReport
from cases.numbering import next_serial
from cases.reporting.alike import alike_of, distance, near
from cases.reporting.choices import HeldState
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, TooMany
from governance_portal.lib.numbers import case_number
from governance_portal.lib.working_days import SHANGHAI

WHOLE = 500
EACH = 50
#: Beyond this a sender nobody has heard of is folded too: an attack from everywhere.
SENDERS = 1000
MOST = 20_000
FULL = "现在提交的太多，暂时收不下没有完成校验的反映。请一小时后再交，或者换一个浏览器打开本页；着急时请打窗口电话。"
OTHER_BODY = "同一个提交号已经用于另一件反映；请刷新页面，重新提交。"
LOST_PHOTOS = "有的照片没有找到或已用于别的事项，请重新选照片。"


def prior(client_id: str, digest: str) -> HeldReport | None:
    """Return what was held for this submission key already; NotNow when it was another report."""
    found = HeldReport.objects.filter(client_id=client_id).first() if client_id else None
    if found is not None and found.digest != digest:
        raise NotNow(OTHER_BODY)
    return found


def hold(body: Mapping[str, Any], *, client_id: str, digest: str, why: str, address: str, now: datetime) -> HeldReport:
    """Keep a checked registration for review and return its row.

    Incomplete when a photo belongs to somebody else, NotNow when the key was used for another report, TooMany when the
    whole store is full.
    """
    source, alike = blind_index("held_source", address), alike_of(body["description"])
    if HeldReport.objects.filter(state=HeldState.WAITING).count() >= MOST:
        raise TooMany(FULL, retry_after=3600)
    digit = CHANNEL_DIGITS[Channel(body["channel"])]
    row = HeldReport(
        number=case_number(now.astimezone(SHANGHAI).date(), digit, next_serial()),
        client_id=client_id,
        digest=digest,
        content=dict(body),
        area_code=area_of(body),
        held_for=why,
        source=source,
        alike=alike,
        received_at=now,
    )
    try:
        with transaction.atomic():
            row.folded_into = _fold_for(row)
            row.save(force_insert=True)
            _take_photos(row, body.get("attachments") or [])
            if row.folded_into is not None:
                _count(row.folded_into, row)
    except IntegrityError:
        if again := prior(client_id, digest):
            return again
        raise
    return row


def area_of(body: Mapping[str, Any]) -> str:
    """Return the code of the place that a registration is about: its grid, its area, else the district."""
    place = body.get("place") or {}
    return str(place.get("grid") or place.get("area") or settings.PORTAL_DISTRICT)


def _fold_for(row: HeldReport) -> HeldReport | None:
    """The row this one is folded into, locked; None while there is room for it by itself, or when that one was just judged."""
    shown = HeldReport.objects.filter(state=HeldState.WAITING, folded_into__isnull=True)
    own = shown.filter(source=row.source)
    of_sender, of_all = own.count(), shown.count()
    if of_all < WHOLE and of_sender < EACH:
        return None
    rows = shown.order_by("pk").values_list("pk", "alike")
    nearest = min(rows, key=lambda one: (distance(one[1], row.alike), one[0]), default=None)
    if nearest is None:  # all were judged a moment ago
        return None
    into, alike = nearest
    if not near(alike, row.alike):
        if not of_sender and of_all < SENDERS:
            return None
        if of_sender:
            into = own.order_by("pk").values_list("pk", flat=True).first() or into
    return shown.select_for_update(of=("self",)).filter(pk=into).first()


def _count(head: HeldReport, row: HeldReport) -> None:
    """Count a folded row; a head whose rows lie in several places is for the desk that has them all."""
    area = head.area_code
    if not row.area_code.startswith(area):
        area = settings.PORTAL_DISTRICT
    HeldReport.objects.filter(pk=head.pk).update(count=F("count") + 1, area_code=area)


def _take_photos(row: HeldReport, uids: list[str]) -> None:
    """The photos of a held report are not swept and nobody else can name them."""
    if not uids:
        return
    try:
        wanted = {uuid.UUID(str(uid)) for uid in uids}
    except ValueError as error:
        raise Incomplete({"attachments": [LOST_PHOTOS]}) from error
    sender = service_actor("resident").user_id
    free = Attachment.objects.filter(uid__in=wanted, case__isnull=True, held__isnull=True, uploaded_by_id=sender)
    if free.update(held=row) != len(wanted):
        raise Incomplete({"attachments": [LOST_PHOTOS]})
