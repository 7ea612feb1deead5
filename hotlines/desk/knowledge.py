"""知识库, searched: what somebody typed, or what the caller has said so far, against what is in force today.

A word of two characters is enough (`lib.bigrams`): every word typed must stand in the entry; letters find the pinyin
initials of a question. A story is compared by pairs of neighbours instead, since nobody tells it in keywords. What has
expired or was withdrawn is never offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from governance_portal.lib.bigrams import bigrams, plain
from governance_portal.lib.working_days import SHANGHAI
from hotlines.models import KnownAnswer

MOST = 5
SHORTEST = 2
#: A pair in the question says more than one in the answer; a story needs so many pairs of the question.
IN_QUESTION, IN_ANSWER, PAIRS = 3, 1, 2
#: Pairs of which questions consist whatever they are about.
SAID_OFTEN = frozenset(
    bigrams(
        "什么时候 怎么办 怎么样 在哪里 哪儿 请问 问一下 可以 多少 我们 我是 这个 那个 有没有 是不是 能不能 现在 今天 今年 不知道 需要"
    )
)


@dataclass(frozen=True)
class Found:
    """One known answer with what speaks for it, the most first."""

    answer: KnownAnswer
    points: int


def today_of(now: datetime) -> date:
    """The day of Asia/Shanghai."""
    return now.astimezone(SHANGHAI).date()


def newest() -> QuerySet[KnownAnswer]:
    """The newest version of every entry, also expired and withdrawn ones: for who keeps them."""
    return KnownAnswer.objects.filter(superseded_at__isnull=True).select_related("unit")


def in_force(now: datetime) -> QuerySet[KnownAnswer]:
    """What may be read out today."""
    return newest().filter(withdrawn=False, valid_until__gte=today_of(now))


def find(typed: str, now: datetime, *, most: int = MOST) -> list[Found]:
    """Return what has every word typed, the best first; one statement, none for less than two characters."""
    asked = plain(typed)
    if len(asked) < SHORTEST:
        return []
    return _best([Found(row, _by_words(row, asked)) for row in in_force(now)], most)


def suiting(story: str, now: datetime, *, categories: Iterable[str] = (), most: int = MOST) -> list[Found]:
    """Return what a story is about, the best first; `categories` are those its words propose. One statement."""
    pairs, wanted = set(bigrams(plain(story))) - SAID_OFTEN, set(categories)
    if len(pairs) < PAIRS:
        return []
    return _best([Found(row, _by_pairs(row, pairs, wanted)) for row in in_force(now)], most)


def _best(found: list[Found], most: int) -> list[Found]:
    fits = [one for one in found if one.points > 0]
    return sorted(fits, key=lambda one: (-one.points, one.answer.question))[:most]


def one_in_force(pk: str, now: datetime) -> KnownAnswer | None:
    """Return a version that may be read out today; None for any other, or what is no key."""
    return in_force(now).filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def _by_pairs(row: KnownAnswer, pairs: set[str], wanted: set[str]) -> int:
    inside = pairs & set(bigrams(plain(f"{row.question} {row.also}")))
    fits = bool(wanted & set(row.categories.split()))
    if len(inside) + fits < PAIRS:
        return 0
    return IN_QUESTION * (len(inside) + fits) + IN_ANSWER * len((pairs & set(bigrams(row.plain))) - inside)


def _by_words(row: KnownAnswer, asked: str) -> int:
    head, points = plain(f"{row.question} {row.also}"), 0
    for word in asked.split():
        if word in head or (word.isascii() and word.isalpha() and word in row.letters):
            points += IN_QUESTION * len(word)
        elif word in row.plain:
            points += IN_ANSWER * len(word)
        else:
            return 0
    return points
