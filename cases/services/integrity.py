"""Whether the history is whole: every hash chain and every fold computed again, and a daily root to keep elsewhere.

The chain finds a rewritten event, the fold a row that somebody changed beside the door, the root, kept off the box, a
whole chain that an owner of the database has computed anew (design/safety.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from cases import policies
from cases.fold import COLUMNS, State, fold
from cases.models import Assisting, Case, Deadline, Event
from cases.services.door import deadline_values, hash_of
from cases.tally import tally
from governance_portal.lib.working_days import SHANGHAI

CHUNK = 500


@dataclass(frozen=True)
class Fault:
    """One thing that does not agree: `chain`, `row`, `deadlines`, `assisting` or `missing`; `told` is a sentence."""

    number: str
    kind: str
    told: str


@dataclass(frozen=True)
class Root:
    """One hash over the last event of every case up to the end of a day (Asia/Shanghai), and the day's last number."""

    day: date
    cases: int
    events: int
    last_number: str
    digest: str

    def as_line(self) -> str:
        """Return the line to print or send away."""
        return f"{self.day} cases={self.cases} events={self.events} last={self.last_number or '-'} root={self.digest}"


def faults() -> Iterator[Fault]:
    """Check every case, a few hundred at a time, oldest first; yields nothing when all is well."""
    after = 0
    while cases := list(Case.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        after = cases[-1].pk
        ids = [case.pk for case in cases]
        events = _by_case(Event.objects.filter(case_id__in=ids).order_by("case_id", "seq"))
        deadlines = _by_case(Deadline.objects.filter(case_id__in=ids).order_by("case_id"))
        assisting = _by_case(Assisting.objects.filter(case_id__in=ids).order_by("case_id"))
        for case in cases:
            yield from check(case, events.get(case.pk, []), deadlines.get(case.pk, []), assisting.get(case.pk, []))


def _by_case(rows: object) -> dict[int, list]:  # type: ignore[type-arg]
    return {key: list(found) for key, found in groupby(rows, key=lambda row: row.case_id)}  # type: ignore[call-overload]


def check(case: Case, events: list[Event], deadlines: list[Deadline], assisting: list[Assisting]) -> Iterator[Fault]:
    """Compare one case with its history; `events` in the order of `seq`."""
    if not events:
        yield Fault(case.number, "missing", "没有任何办理记录。")
        return
    broken = _broken_at(case, events)
    if broken:
        yield Fault(case.number, "chain", f"第 {broken} 条办理记录与其校验值不符，或前后不相连。")
        return
    state = fold(events, policies.calendar())
    wrong = [name for name in COLUMNS if getattr(case, name) != getattr(state, name)]
    wrong += [name for name, value in tally(state).items() if getattr(case, name) != value]
    if wrong:
        yield Fault(case.number, "row", f"这些栏与办理记录不一致：{'、'.join(wrong)}。")
    if _clocks_of(state) != {(row.clock, row.period): deadline_values(row) for row in deadlines}:
        yield Fault(case.number, "deadlines", "时限与办理记录不一致。")
    if set(state.assisting) != {row.unit_id for row in assisting}:
        yield Fault(case.number, "assisting", "协办单位与办理记录不一致。")


def _clocks_of(state: State) -> dict[tuple[str, int], dict[str, object]]:
    return {key: deadline_values(clock) for key, clock in state.clocks.items()}


def _broken_at(case: Case, events: list[Event]) -> int:
    """Return the number of the first event that does not fit the chain, 0 when all do."""
    before = ""
    for place, event in enumerate(events, 1):
        if event.seq != place or event.prev_hash != before or event.hash != hash_of(event, case.number):
            return place
        before = event.hash
    return 0


def root_of(day: date) -> Root:
    """Return the root over everything that was recorded up to the end of a day."""
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    digest, cases, events = hashlib.sha256(), 0, 0
    rows = Event.objects.filter(recorded_at__lt=end).order_by("case_id", "seq").values_list("case__number", "hash")
    for number, chain in groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0]):
        hashes = [row[1] for row in chain]
        cases, events = cases + 1, events + len(hashes)
        digest.update(f"{number} {len(hashes)} {hashes[-1]}\n".encode())
    first = (
        Event.objects.filter(seq=1, recorded_at__lt=end).order_by("-pk").values_list("case__number", flat=True).first()
    )
    return Root(day, cases, events, first or "", digest.hexdigest())
