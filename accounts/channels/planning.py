"""Which messages follow from new notices: set by set, three statements however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.channels.preferences import Preferences, of_people
from accounts.choices import NoticeKind
from accounts.models import Delivery, DigestEntry, GroupChannel, Post
from accounts.querysets import day_of

#: What is said outside the portal, by kind: what to do, and nothing about anybody.
WORDS: dict[str, str] = {
    NoticeKind.DUE_SOON: "即将到期，请抓紧办理",
    NoticeKind.OVERDUE: "已超时，请尽快办理",
    NoticeKind.CASE: "有新的进展，请登录平台查看办理",
    NoticeKind.ORDER: "有督办要求，请登录平台查看办理",
    NoticeKind.FOLLOW_UP: "待回访，请登录平台办理",
    NoticeKind.URGENT: "为重大紧急事项，请立即登录平台查看处置",
    NoticeKind.OTHER: "有新的通知，请登录平台查看",
}
#: So many numbers stand in a message that tells of several matters.
NUMBERS_TOLD = 5
MOST_ROWS = 1000


@dataclass(frozen=True)
class Message:
    """One piece of news for several people; `outside` (fixed words, never of a person) replaces the words of its kind."""

    user_ids: frozenset[int]
    key: str
    title: str
    body: str = ""
    case_number: str = ""
    kind: str = "case"
    urgent: bool = False
    outside: str = ""

    @property
    def text(self) -> str:
        """What may leave the portal: the number and what to do."""
        words = self.outside or WORDS.get(self.kind, WORDS[NoticeKind.OTHER])
        return f"事项 {self.case_number} {words}。" if self.case_number else f"{words}。"


@dataclass
class Told:
    """A notice that was new to somebody."""

    notice_id: int
    user_id: int
    message: Message


@dataclass
class Planner:
    """Keeps what it has read of people and groups as long as one sweep lasts."""

    now: datetime
    _people: dict[int, Preferences] = field(default_factory=dict)
    _groups: list[GroupChannel] | None = None
    _places: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def plan(self, told: Sequence[Told]) -> int:
        """Write down the messages that these notices ask for; returns how many."""
        if not told:
            return 0
        self._read({one.user_id for one in told})
        deliveries: list[Delivery] = []
        entries: list[DigestEntry] = []
        for one in told:
            self._personal(one, deliveries, entries)
        deliveries += self._to_groups(told)
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=MOST_ROWS)
        DigestEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=MOST_ROWS)
        return len(deliveries)

    def _read(self, users: set[int]) -> None:
        if new := users - self._people.keys():
            self._people |= dict.fromkeys(new, Preferences()) | of_people(new)
        if self._groups is None:
            self._groups = list(GroupChannel.objects.filter(active=True).defer("sealed").order_by("pk"))
        if self._groups and (new := users - self._places.keys()):
            self._places |= {user: [] for user in new}
            posts = Post.objects.in_force(day_of(self.now)).filter(user_id__in=new).order_by()
            for user, unit, area in posts.values_list("user_id", "unit_id", "area_code"):
                self._places[user].append((unit, area))

    def _personal(self, one: Told, deliveries: list[Delivery], entries: list[DigestEntry]) -> None:
        message, person = one.message, self._people[one.user_id]
        for way in person.ways(message.kind):
            if person.is_digest(message.kind) and not message.urgent:
                due = person.next_digest(self.now)
                entries.append(DigestEntry(user_id=one.user_id, channel=way, notice_id=one.notice_id, due_at=due))
                continue
            urgent = message.urgent or message.kind == NoticeKind.URGENT
            deliveries.append(
                Delivery(
                    key=f"notice:{one.notice_id}:{way}",
                    channel=way,
                    user_id=one.user_id,
                    notice_id=one.notice_id,
                    kind=message.kind,
                    case_number=message.case_number,
                    text=message.text,
                    urgent=urgent,
                    next_attempt_at=person.may_send_at(self.now, urgent=urgent),
                    created_at=self.now,
                )
            )

    def _to_groups(self, told: Sequence[Told]) -> list[Delivery]:
        """One message per group and kind: a robot that speaks twenty times a minute is switched off."""
        found = []
        for group in self._groups or ():
            kinds = group.kinds.split()
            by_kind: dict[tuple[str, bool], dict[str, Message]] = {}
            for one in told:
                message = one.message
                if (not kinds or message.kind in kinds) and self._belongs(group, one.user_id):
                    by_kind.setdefault((message.kind, message.urgent), {}).setdefault(message.key, message)
            for (kind, urgent), messages in by_kind.items():
                rows = list(messages.values())
                found.append(
                    Delivery(
                        key=f"group:{group.pk}:{rows[0].key}"[:160],
                        channel=group.kind,
                        group_id=group.pk,
                        kind=kind,
                        case_number=rows[0].case_number if len(rows) == 1 else "",
                        text=together(rows),
                        urgent=urgent,
                        next_attempt_at=self.now,
                        created_at=self.now,
                    )
                )
        return found

    def _belongs(self, group: GroupChannel, user_id: int) -> bool:
        if group.unit_id is None and not group.area_code:
            return True
        return any(
            (group.unit_id is None or unit == group.unit_id) and area.startswith(group.area_code)
            for unit, area in self._places.get(user_id, ())
        )


def together(messages: Sequence[Message]) -> str:
    """Return one text for one or several messages of a kind: how many, the first numbers, and what to do."""
    if len(messages) == 1:
        return messages[0].text
    words = WORDS.get(messages[0].kind, WORDS[NoticeKind.OTHER])
    return several(words, len(messages), [message.case_number for message in messages])


def several(words: str, count: int, numbers: Iterable[str]) -> str:
    """Return 「12 件事项已超时，请尽快办理：261…、261… 等。」; empty and repeated numbers are left out."""
    known = list(dict.fromkeys(number for number in numbers if number))
    shown = "、".join(known[:NUMBERS_TOLD])
    more = " 等" if len(known) > NUMBERS_TOLD else ""
    return f"{count} 件事项{words}：{shown}{more}。" if shown else f"{count} 件事项{words}。"
