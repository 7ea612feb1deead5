"""A telephone system's clock is not ours: it may be behind by hours, tell late, or name a year that no calendar has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from governance_portal.lib.errors import Incomplete
from hotlines.choices import CallBackState, CallResult
from hotlines.desk import chores, queries
from hotlines.desk.telephony import read, take
from hotlines.models import CallBack, CallRecord
from tests.cases.cast import District, at
from tests.hotlines.desk.conftest import NINE, PHONE, Tell

pytestmark = pytest.mark.both
#: A system that writes UTC and says it were Asia/Shanghai.
BEHIND = timedelta(hours=8)


def told(kind: str, theirs: datetime | str, ours: datetime, call_id: str = "c1") -> CallRecord:
    """Take an event that happened at `theirs` by their clock and came at `ours` by ours."""
    stamp = theirs if isinstance(theirs, str) else theirs.isoformat()
    body = {"type": kind, "timestamp": stamp, "data": {"call_id": call_id, "extension": "8001", "number": PHONE}}
    return take(f"{call_id}-{kind}", read(body), ours)[0]


@pytest.mark.parametrize(
    "stamp",
    ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "2200-01-01T00:00:00Z", "2026-11-23T09:00:00+99:99"],
)
def test_a_year_beyond_all_calendars_is_told_by_its_name(stamp: str) -> None:
    body: dict[str, Any] = {"type": "ringing", "timestamp": stamp, "data": {"call_id": "c1"}}
    with pytest.raises(Incomplete) as refused:
        read(body)
    assert list(refused.value.errors) == ["timestamp"]


def test_a_late_word_of_an_answered_call_leaves_a_newer_missed_one_owed(district: District) -> None:
    told("ringing", at(23, 8, 50), at(23, 8, 50), "before")
    told("hung_up", at(23, 8, 51), at(23, 8, 51), "before")
    told("ringing", at(23, 9, 10), at(23, 9, 10), "after")
    told("hung_up", at(23, 9, 11), at(23, 9, 11), "after")
    told("answered", NINE, at(23, 9, 12), "between")
    owed = CallBack.objects.get()
    assert (owed.state, owed.missed) == (CallBackState.OWED, 2)


def test_a_later_answer_settles_what_was_missed_whatever_the_clock_says(district: District) -> None:
    for minute, kind, name in ((0, "ringing", "c1"), (1, "hung_up", "c1"), (5, "ringing", "c2"), (6, "answered", "c2")):
        told(kind, at(23, 9, minute) - BEHIND, at(23, 9, minute), name)
    assert CallBack.objects.get().state == CallBackState.DONE


def test_a_call_of_a_clock_that_is_behind_is_not_closed_while_it_rings_or_is_talked(district: District) -> None:
    told("ringing", NINE - BEHIND, NINE, "rings")
    told("ringing", NINE - BEHIND, NINE, "talked")
    told("answered", NINE - BEHIND, at(23, 14), "talked")
    closed = [chores.close_silent_calls(moment) for moment in (at(23, 9, 30), at(23, 16), at(23, 20))]
    ended = dict(CallRecord.objects.values_list("foreign_id", "result"))
    assert (closed, ended) == ([0, 1, 1], {"rings": CallResult.MISSED, "talked": CallResult.RINGING})


def test_a_time_older_than_a_day_is_taken_as_now(district: District) -> None:
    moments = [
        told("ringing", theirs, NINE, name).started_at
        for name, theirs in (
            ("lost its clock", "1970-01-01T00:00:00+08:00"),
            ("too late", at(22, 8, 59)),
            ("late", at(22, 9)),
        )
    ]
    assert moments == [NINE, NINE, at(22, 9)]


def test_what_was_done_and_missed_today_is_todays_by_our_clock(district: District, tell: Tell) -> None:
    actor, early = district.actor("operator", NINE), at(23, 7)
    told("ringing", early - BEHIND, early, "settled")
    CallRecord.objects.update(result=CallResult.DROPPED, settled_at=early)
    told("ringing", early - BEHIND, early, "missed")
    told("hung_up", early - BEHIND, early, "missed")
    found = [[row.foreign_id for row in rows] for rows in (queries.today(actor, NINE), queries.unclaimed(actor, NINE))]
    tomorrow = [rows.count() for rows in (queries.today(actor, at(24, 9)), queries.unclaimed(actor, at(24, 9)))]
    assert (found, tomorrow) == ([["settled"], ["missed"]], [0, 0])
