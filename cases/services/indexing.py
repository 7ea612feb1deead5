"""Keeps what is searched true: written in the transaction of the event, so a case is found as soon as it is told.

Not by the outbox: a clerk looks for the case he has just registered, and the broker may be a minute late. What came
into the database past the doors (a restored dump, a bulk load) has no text yet; `heal` finds it each hour, and
`manage.py rebuild_search` writes all anew.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from cases.crowds import traces
from cases.models import Case, Category, Event, SearchText
from governance_portal.lib.bigrams import plain
from governance_portal.lib.masking import without_numbers
from governance_portal.lib.prepared import write

#: Moves whose `reply` the resident reads as the answer.
ANSWERING = ("resolve", "resolve_on_spot")
#: What an event must carry to change what is searched.
SEARCHED = frozenset({"category", "after", "reply"})
BATCH = 500
_UPSERT = """INSERT INTO cases_searchtext (case_id, tail, text) VALUES {rows}
    ON CONFLICT (case_id) DO UPDATE SET text = excluded.text WHERE cases_searchtext.text <> ''"""
_NAMES_KEPT_SECONDS = 300.0
_names: dict[str, str] = {}
_names_read = {"at": 0.0}


def text_of(title: str, description: str, address: str, category: str, reply: str) -> str:
    """Return the plain text a case is found by. Names, phones and ID numbers are not among what is given, and numbers
    of persons that somebody wrote into a description are taken out: they are searched by their keyed hash only."""
    parts = (without_numbers(unicodedata.normalize("NFKC", part)) for part in (title, description, address, reply))
    return plain("\n".join((*parts, category)))


def keep_searchable(case: Case, event: Event) -> None:
    """Write the text of a case where this event changed it; called by the door inside its transaction."""
    if event.kind != "register" and not SEARCHED & event.data.keys():
        return
    reply = event.data.get("reply", "")
    if not reply and event.kind not in ("register", "accept"):
        reply = _replies([case.pk]).get(case.pk, "")
    name = _category_name(case.category_code)
    _write([(case.pk, case.number, text_of(case.title, case.description, case.address, name, reply))])


def forget(cases: Iterable[Case]) -> None:
    """Let cases be found by their number only and compared with no other, for good: for who makes them anonymous."""
    keys = [case.pk for case in cases]
    SearchText.objects.filter(pk__in=keys).update(text="")
    traces.forget(keys)


def rebuild() -> int:
    """Write every text anew, in batches; answers how many. Anonymous cases stay so. Safe to run while people work."""
    written, after = 0, 0
    while keys := list(Case.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        _rewrite(keys)
        written, after = written + len(keys), keys[-1]
    return written


def heal(most: int = 10 * BATCH) -> int:
    """Write the texts that are missing, at most so many; for the clock. Answers how many."""
    lacking = Case.objects.filter(~Exists(SearchText.objects.filter(case_id=OuterRef("pk")))).order_by()
    keys = sorted(lacking.values_list("pk", flat=True)[:most])  # asked once: it reads both tables
    for first in range(0, len(keys), BATCH):
        _rewrite(keys[first : first + BATCH])
    return len(keys)


def _rewrite(keys: Sequence[int]) -> None:
    with transaction.atomic():
        # Locked, so that an amendment of this very moment is not written over with what was read before it.
        found = Case.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
        rows = list(found.values_list("pk", "number", "title", "description", "address", "category__name"))
        replies = _replies(keys)
        _write(
            [
                (pk, number, text_of(title, description, address, name or "", replies.get(pk, "")))
                for pk, number, title, description, address, name in rows
            ]
        )


def _replies(pks: Sequence[int]) -> dict[int, str]:
    """The answer that counts of each of these cases: the last one given."""
    found = Event.objects.filter(case_id__in=pks, kind__in=ANSWERING).order_by("case_id", "seq")
    return {pk: reply for pk, reply in found.values_list("case_id", KT("data__reply")) if reply}


def _category_name(code: str) -> str:
    """The name of a category, asked of the database every five minutes."""
    if not code:
        return ""
    now = time.monotonic()
    if code not in _names or now - _names_read["at"] > _NAMES_KEPT_SECONDS:
        _names.clear()
        _names.update(Category.objects.values_list("code", "name"))
        _names_read["at"] = now
    return _names.get(code, "")


def _write(rows: list[tuple[int, str, str]]) -> None:
    """One statement, by hand: it is part of every registration."""
    if not rows:
        return
    values: list[Any] = [value for pk, number, text in rows for value in (pk, number[::-1], text)]
    write(_UPSERT.format(rows=", ".join(["(%s, %s, %s)"] * len(rows))), values)
