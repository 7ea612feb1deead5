"""What a text leaves behind to be compared by: one keyed hash of the whole, and keys of a few characters each.

The keys of a case are every three neighbours of its title and, of its story's fours, the `SKETCH` with the smallest hashes:
two stories share about as many of those as they share of all (MinHash with one hash, Broder 1997). A key that many cases
have says nothing; one that few have is a name, a street, a turn of phrase. So the newest `COMMON` cases of each key are
read and no more, whatever the table holds, and rare keys weigh more. Measured: docs/repeats.md.
"""

from __future__ import annotations

import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from math import log2

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from cases.models import Case, TextTrace, TraceKey
from cases.querysets import CaseQuerySet
from governance_portal.lib.bigrams import plain
from governance_portal.lib.crypto import blind_index, blind_index_candidates
from governance_portal.lib.masking import without_numbers

#: Fewer plain characters than these say nothing: 您好，谢谢.
SHORTEST = 12
TITLE_GRAM, STORY_GRAM, SKETCH = 3, 4, 32
#: So much of a title and of a story is read.
TITLE_READ, STORY_READ = 60, 1500
#: A key of more cases than these is a common turn of phrase.
COMMON = 200
BATCH = 500
#: The newest cases lie behind the highest trace; transactions end in another order than their keys were given.
BEHIND = 5000


@dataclass(frozen=True)
class Near:
    """A case whose words are like the ones asked for; `weight` says how much rare they share (`log2` of rarity, summed)."""

    case_id: int
    weight: float


def exact_of(story: str) -> str:
    """Return the keyed hash of a story's plain text without telephones and ID numbers; "" for one too short to tell."""
    return blind_index("text", _digest(story))


def _digest(story: str) -> str:
    text = plain(without_numbers(unicodedata.normalize("NFKC", story)))
    return sha256(text.encode()).hexdigest() if len(text) >= SHORTEST else ""


def keys_of(title: str, story: str) -> list[int]:
    """Return the keys of a title and its story: whole numbers of 63 bits, sorted, each once."""
    named = {_key("t", gram) for gram in _grams(title[:TITLE_READ], TITLE_GRAM)}
    told = sorted({_key("s", gram) for gram in _grams(story[:STORY_READ], STORY_GRAM)})[:SKETCH]
    return sorted(named.union(told))


def _grams(text: str, length: int) -> set[str]:
    words = plain(without_numbers(unicodedata.normalize("NFKC", text))).split()
    return {word[at : at + length] for word in words for at in range(len(word) - length + 1)}


def _key(part: str, gram: str) -> int:
    return int.from_bytes(blake2b(gram.encode(), digest_size=8, person=part.encode()).digest(), "big") >> 1


# --- keeping ----------------------------------------------------------------------------------------------------


def keep(cases: Sequence[Case]) -> None:
    """Write the traces of cases that have none yet, two statements; one written meanwhile by another worker stays."""
    traces, keys = [], []
    for case in cases:
        own = keys_of(case.title, case.description)
        traces.append(TextTrace(case=case, exact=exact_of(case.description), keys=struct.pack(f">{len(own)}q", *own)))
        keys += [TraceKey(key=key, case=case) for key in own]
    with transaction.atomic():
        TextTrace.objects.bulk_create(traces, ignore_conflicts=True)
        TraceKey.objects.bulk_create(keys, ignore_conflicts=True, batch_size=10 * BATCH)


def forget(case_ids: Iterable[int]) -> None:
    """Take the traces of cases away for good, for who makes them anonymous: an empty trace stays, so that none is written again."""
    wanted = list(case_ids)
    with transaction.atomic():
        empty = [TextTrace(case_id=case_id, keys=b"") for case_id in wanted]
        TextTrace.objects.bulk_create(empty, ignore_conflicts=True)
        for trace in TextTrace.objects.filter(pk__in=wanted).select_for_update():
            packed = bytes(trace.keys)
            own = struct.unpack(f">{len(packed) // 8}q", packed)
            TraceKey.objects.filter(key__in=own, case_id=trace.case_id).delete()
        TextTrace.objects.filter(pk__in=wanted).update(exact="", keys=b"")


def untraced(most: int) -> list[Case]:
    """Return new cases without a trace, the oldest first, at most so many: it looks behind the highest trace only.

    Before there is any trace (a portal that is brought up to date) the newest cases are the new ones; `heal` traces the others.
    """
    highest = TextTrace.objects.aggregate(at=Max("case_id"))["at"]
    if highest is None:
        highest = Case.objects.aggregate(at=Max("pk"))["at"] or 0
    return list(_lacking().filter(pk__gt=highest - BEHIND).order_by("pk")[:most])


def heal(most: int = 40 * BATCH) -> int:
    """Write the traces that are missing anywhere, at most so many; for the clock. Answers how many."""
    written = 0
    lacking = sorted(_lacking().values_list("pk", flat=True)[:most])
    for first in range(0, len(lacking), BATCH):
        cases = list(_read().filter(pk__in=lacking[first : first + BATCH]))
        keep(cases)
        written += len(cases)
    return written


def _read() -> CaseQuerySet:
    return Case.objects.only("pk", "title", "description")


def _lacking() -> CaseQuerySet:
    return Case.objects.filter(~Exists(TextTrace.objects.filter(case_id=OuterRef("pk")))).order_by()


# --- finding ----------------------------------------------------------------------------------------------------


def same(story: str, most: int = 20) -> list[int]:
    """Return the ids of the newest cases with the same words to the letter; one query, none for a short text."""
    candidates = blind_index_candidates("text", _digest(story))
    if not candidates:
        return []
    found = TextTrace.objects.filter(exact__in=candidates).order_by("-case_id")
    return list(found.values_list("case_id", flat=True)[:most])


def near(keys: Sequence[int], most: int, without: int = 0) -> list[Near]:
    """Return the cases that share most of what is rare, best first; one query of at most `COMMON` rows a key."""
    if not keys:
        return []
    of_key: dict[int, list[int]] = {}
    for key, case_id in _posted(keys):
        of_key.setdefault(key, []).append(case_id)
    weight: Counter[int] = Counter()
    for cases in of_key.values():
        others = [case_id for case_id in cases if case_id != without]
        if others and len(others) <= COMMON:
            worth = int(1000 * log2(2 * COMMON / len(others)))
            for case_id in others:
                weight[case_id] += worth
    ranked = sorted(weight.items(), key=lambda one: (-one[1], -one[0]))[:most]
    return [Near(case_id, worth / 1000) for case_id, worth in ranked]


_LATERAL = """SELECT asked.key, found.case_id FROM unnest(%s::bigint[]) AS asked(key), LATERAL
    (SELECT case_id FROM cases_tracekey WHERE key = asked.key ORDER BY case_id DESC LIMIT %s) AS found"""
_EACH = "SELECT * FROM (SELECT key, case_id FROM cases_tracekey WHERE key = %s ORDER BY case_id DESC LIMIT %s)"


def _posted(keys: Sequence[int]) -> list[tuple[int, int]]:
    """The newest cases of each key, one more than `COMMON` at most so that a common key is known as such."""
    most = COMMON + 2
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_LATERAL, [list(keys), most])
        else:
            cursor.execute(" UNION ALL ".join([_EACH] * len(keys)), [one for key in keys for one in (key, most)])
        return list(cursor.fetchall())
