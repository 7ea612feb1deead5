"""What a person chose, and what holds for whoever chose nothing; when a message may go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings

from accounts.choices import PERSONAL_WAYS, NoticeKind, Pace, Way
from accounts.models import NoticeSetting, User
from governance_portal.lib.working_days import SHANGHAI

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DAY = timedelta(days=1)
#: By which ways each kind is told of by default, where the person has an address for it. The inbox always has it too.
DEFAULT_WAYS: dict[str, tuple[str, ...]] = {
    NoticeKind.DUE_SOON: (Way.EMAIL,),
    NoticeKind.OVERDUE: (Way.EMAIL, Way.SMS),
    NoticeKind.CASE: (Way.EMAIL,),
    NoticeKind.ORDER: (Way.EMAIL, Way.SMS),
    NoticeKind.FOLLOW_UP: (Way.EMAIL,),
    NoticeKind.URGENT: (Way.EMAIL, Way.SMS),
    NoticeKind.OTHER: (Way.EMAIL,),
}
#: Of these nobody is told once a day: they are urgent by their nature.
ALWAYS_AT_ONCE = frozenset({NoticeKind.URGENT})
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 30)
DIGEST_AT = time(8, 30)


@dataclass(frozen=True)
class Choice:
    """How somebody wants to be told of one kind."""

    pace: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Preferences:
    """What holds for one person: addresses ("" where there is none), times of day in Shanghai, choices by kind."""

    email: str = ""
    mobile: str = ""
    quiet_from: time | None = QUIET_FROM
    quiet_to: time | None = QUIET_TO
    digest_at: time = DIGEST_AT
    kinds: Mapping[str, Choice] = field(default_factory=dict)

    def choice(self, kind: str) -> Choice:
        """What holds for a kind; one the portal does not list is `other`."""
        kind = kind if kind in DEFAULT_WAYS else NoticeKind.OTHER.value
        return self.kinds.get(kind) or Choice(Pace.AT_ONCE, DEFAULT_WAYS[kind])

    def ways(self, kind: str) -> tuple[str, ...]:
        """By which ways they can be told of a kind and want to be."""
        there = {Way.EMAIL: bool(self.email), Way.SMS: bool(self.mobile and sms_is_set_up())}
        return tuple(way for way in self.choice(kind).channels if there.get(Way(way)))

    def is_digest(self, kind: str) -> bool:
        """Whether a kind waits for the daily digest."""
        return self.choice(kind).pace == Pace.DIGEST and kind not in ALWAYS_AT_ONCE

    def may_send_at(self, at: datetime, *, urgent: bool) -> datetime:
        """`at`, or the end of the quiet hours in which it lies; what is urgent does not wait."""
        if urgent or self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return at
        here = at.astimezone(SHANGHAI)
        over_midnight = self.quiet_from > self.quiet_to
        after, before = here.time() >= self.quiet_from, here.time() < self.quiet_to
        if not (after or before if over_midnight else after and before):
            return at
        day = here.date() + _DAY if over_midnight and after else here.date()
        return datetime.combine(day, self.quiet_to, SHANGHAI)

    def next_digest(self, at: datetime) -> datetime:
        """When the next digest after `at` goes out."""
        here = at.astimezone(SHANGHAI)
        today = datetime.combine(here.date(), self.digest_at, SHANGHAI)
        return today if today > at else datetime.combine(here.date() + _DAY, self.digest_at, SHANGHAI)


def sms_is_set_up() -> bool:
    """Whether the portal has a gateway for short messages (`SMS_URL`)."""
    return bool(settings.SMS_URL)


def of_people(user_ids: Iterable[int]) -> dict[int, Preferences]:
    """What holds for each of these people; one query."""
    columns = ("email", "mobile", "quiet_from", "quiet_to", "digest_at", "kinds")
    rows = User.objects.filter(pk__in=list(user_ids)).order_by()
    found = {}
    for pk, phone, has_row, *chosen in rows.values_list(
        "pk", "phone", "notice_setting__user_id", *(f"notice_setting__{name}" for name in columns)
    ):
        work = phone.replace(" ", "").replace("-", "")
        mobile = work if _MOBILE.fullmatch(work) else ""
        if has_row is None:
            found[pk] = Preferences(mobile=mobile)
        else:
            email, own, quiet_from, quiet_to, digest_at, kinds = chosen
            found[pk] = Preferences(email, own or mobile, quiet_from, quiet_to, digest_at, _choices(kinds))
    return found


def of_person(user: User) -> Preferences:
    """What holds for one person."""
    return of_people([user.pk])[user.pk]


def _choices(kept: Mapping[str, Any]) -> dict[str, Choice]:
    return {
        kind: Choice(str(row.get("pace", Pace.AT_ONCE)), tuple(row.get("channels", ())))
        for kind, row in kept.items()
        if kind in DEFAULT_WAYS
    }


def keep(user: User, wanted: Preferences) -> None:
    """Store what somebody chose, all kinds of it; the mobile number only where it differs from their work phone."""
    kinds = {}
    for kind in NoticeKind.values:
        choice = wanted.choice(kind)
        pace = Pace.AT_ONCE.value if kind in ALWAYS_AT_ONCE else str(choice.pace)
        kinds[kind] = {"pace": pace, "channels": [way.value for way in PERSONAL_WAYS if way in choice.channels]}
    NoticeSetting.objects.update_or_create(
        user=user,
        defaults={
            "email": wanted.email,
            "mobile": "" if wanted.mobile == user.phone else wanted.mobile,
            "quiet_from": wanted.quiet_from,
            "quiet_to": wanted.quiet_to,
            "digest_at": wanted.digest_at,
            "kinds": kinds,
        },
    )
