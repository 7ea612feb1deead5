"""Screens made, paired and ended; what a device shows to prove that it is one.

The lead makes a code of ten characters (50 bits), good once and for half an hour; the device changes it for a secret of
256 bits in a signed cookie that is sent to `/screen/` only. Guessing is counted per address before the code is looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from accounts import audit, limits
from accounts.queries import Actor
from cases.models import Screen
from cases.models.screens import ScreenLayout
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal, TooMany
from governance_portal.lib.working_days import day_of
from grids.models import Area

#: Without letters and digits that look alike.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
CODE_GOOD_FOR = timedelta(minutes=30)
TRIES, TRIES_SECONDS = 10, 900
SALT = "cases.screens"
#: Figures of a street or a district; below it totals would point at people.
AREA_DIGITS = (6, 9)
NOT_YOU = "大屏由中心负责人设置和停用。"
WRONG_CODE = "配对码不对，或者已经用过、过了有效时间。请中心负责人在“看板 › 大屏”里重新生成。"


class Ended(Refusal):
    """410: the centre has ended this screen."""

    status = 410
    slug = "screen-ended"
    title = "大屏已停用"
    default_detail = "这块大屏已由中心停用，不再显示数字。需要继续使用的，请中心负责人重新设置并配对。"


class NotPaired(Refusal):
    """401: no screen is known for this device."""

    status = 401
    slug = "screen-not-paired"
    title = "大屏还没有配对"
    default_detail = "这台设备还没有和大屏配对。请中心负责人在“看板 › 大屏”里生成配对码，在这里输入一次。"


def may_keep(actor: Actor) -> bool:
    """Tell whether somebody sets up screens: the lead of a centre."""
    return bool(own_areas(actor))


def own_areas(actor: Actor) -> list[str]:
    """The areas whose centre somebody leads."""
    return sorted({post.area_code for post in actor.posts if post.leads_centre and post.area_code})


def areas_for(actor: Actor) -> list[tuple[str, str]]:
    """The district and streets that a screen of theirs may show: (code, name)."""
    found = Area.objects.active().order_by("code").values_list("code", "name")
    own = own_areas(actor)
    return [(code, name) for code, name in found if len(code) in AREA_DIGITS and _within(code, own)]


def screens_of(actor: Actor) -> list[Screen]:
    """The screens of somebody's centre, those in use first."""
    own = own_areas(actor)
    if not own:
        raise NotYou(NOT_YOU)
    rows = Screen.objects.select_related("created_by")
    found = [row for row in rows if _within(row.area_code, own)]
    return sorted(found, key=lambda row: (row.ended_at is not None, row.name, row.pk))


def find(actor: Actor, pk: int) -> Screen:
    """One of theirs; NotYou for who leads no centre, NotYours for any other screen."""
    own = own_areas(actor)
    if not own:
        raise NotYou(NOT_YOU)
    row = Screen.objects.filter(pk=pk).first()
    if row is None or not _within(row.area_code, own):
        raise NotYours()
    return row


def make(
    actor: Actor, name: str, area_code: str, layout: str, now: datetime, *, address: str = "", agent: str = ""
) -> Screen:
    """Set up a screen without a device. Incomplete names the fields."""
    if not may_keep(actor) or actor.user_id is None:
        raise NotYou(NOT_YOU)
    errors = {}
    name = " ".join(name.split())
    if not name or len(name) > 40:
        errors["name"] = ["请填写名称，不超过 40 字，如“一楼大厅”。"]
    if area_code not in dict(areas_for(actor)):
        errors["area"] = ["请选择本中心的区或街道。"]
    if layout not in ScreenLayout.values:
        errors["layout"] = ["请选择版式。"]
    if errors:
        raise Incomplete(errors)
    assert actor.user_id is not None  # noqa: S101  whoever holds a post is somebody
    row = Screen.objects.create(
        name=name, area_code=area_code, layout=layout, created_by_id=actor.user_id, created_at=now
    )
    audit.record(
        actor, "screen_made", f"screen:{row.pk}", "", {"area": area_code}, now=now, address=address, agent=agent
    )
    return row


def make_once(actor: Actor, name: str, area_code: str, now: datetime) -> int:
    """Set up a screen unless one has the name; how many were made."""
    if Screen.objects.filter(name=name).exists():
        return 0
    make(actor, name, area_code, ScreenLayout.AUTO, now)
    return 1


def new_code(actor: Actor, pk: int, now: datetime, *, address: str = "", agent: str = "") -> str:
    """A pairing code, told once; an earlier one is worthless from now on, a device that is paired stays so until it is used."""
    row = find(actor, pk)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    changed = Screen.objects.filter(pk=row.pk, ended_at__isnull=True).update(
        code_hash=_hash(code), code_until=now + CODE_GOOD_FOR
    )
    if not changed:
        raise NotNow("这块大屏已经停用，请重新设置一块。")
    audit.record(actor, "screen_code", f"screen:{row.pk}", now=now, address=address, agent=agent)
    return code


def end(actor: Actor, pk: int, now: datetime, *, address: str = "", agent: str = "") -> Screen:
    """Nothing opens it any more, from the device's next question on; ended twice is ended once."""
    row = find(actor, pk)
    changed = Screen.objects.filter(pk=row.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by_id=actor.user_id, code_hash="", code_until=None, secret_hash=""
    )
    if changed:
        audit.record(actor, "screen_ended", f"screen:{row.pk}", now=now, address=address, agent=agent)
    return row


def pair(typed: str, now: datetime, *, address: str = "", agent: str = "") -> tuple[Screen, str]:
    """Change a code for the screen and its cookie's value. TooMany before anything is looked up; Incomplete for a wrong code."""
    tried = limits.hit("screen_pair", address, TRIES, TRIES_SECONDS, now)
    if not tried:
        minutes = -(-tried.retry_after // 60)
        raise TooMany(f"试得太多了，请 {minutes} 分钟后再输入配对码。", retry_after=tried.retry_after)
    code = "".join(typed.upper().split()).replace("-", "")[:40]
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = (
            Screen.objects.select_for_update()
            .filter(code_hash=_hash(code), code_until__gt=now, ended_at__isnull=True)
            .first()
        )
        if row is None:
            raise Incomplete({"code": [WRONG_CODE]}, WRONG_CODE)
        row.code_hash, row.code_until, row.secret_hash = "", None, _hash(secret)
        row.paired_on = row.last_seen_on = day_of(now)
        row.save(update_fields=("code_hash", "code_until", "secret_hash", "paired_on", "last_seen_on"))
        audit.record(None, "screen_paired", f"screen:{row.pk}", now=now, address=address, agent=agent)
    return row, signing.dumps([row.pk, secret], salt=SALT)


def opened(cookie: str, now: datetime) -> Screen:
    """The screen a cookie stands for; its day of use is kept. NotPaired (401) for none, Ended (410) for an ended one."""
    try:
        pk, secret = signing.loads(cookie, salt=SALT) if cookie else (0, "")
    except (signing.BadSignature, ValueError, TypeError):
        raise NotPaired() from None
    row = Screen.objects.filter(pk=pk).first()
    if row is None:
        raise NotPaired()
    if row.ended_at is not None:
        raise Ended()
    if not hmac.compare_digest(row.secret_hash, _hash(str(secret))):
        raise NotPaired("这块大屏已经换到另一台设备上。要在这里显示，请重新配对。")
    today = day_of(now)
    if row.last_seen_on != today:
        Screen.objects.filter(pk=row.pk, ended_at__isnull=True).update(last_seen_on=today)
    return row


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _within(code: str, own: list[str]) -> bool:
    return any(code.startswith(area) for area in own)
