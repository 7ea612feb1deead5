"""What the clock does: the draft on the first working day, once; a missed day made up for; long ones by the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Notice
from cases.bulletins import asking, chores, counted, services
from cases.bulletins.chores import first_working_day, make_asked_bulletins, make_bulletins, owed
from cases.bulletins.periods import read_span, span_in
from cases.models import Bulletin, BulletinAsk, BulletinVersion
from governance_portal.lib.errors import Incomplete
from tests.bulletins.conftest import FIRST, NOON
from tests.cases.cast import DISTRICT, District, at


def bulletins() -> list[tuple[str, str, int]]:
    return list(Bulletin.objects.order_by("period").values_list("kind", "period", "version"))


@pytest.mark.usefixtures("db")
def test_the_first_working_day_is_the_calendars() -> None:
    """October begins with the holiday week: 8 October 2026 is its first working day."""
    assert [first_working_day(at(1, month=month).date()).day for month in (9, 10, 11)] == [1, 8, 2]
    assert [span.code for span in owed(at(1).date())][:3] == ["2026-09", "2026-08", "2026Q3"]
    assert [span.code for span in owed(at(2).date())][:3] == ["2026-10", "2026-09", "2026-08"]
    assert "2025" in [span.code for span in owed(at(2).date())]


@pytest.mark.both
def test_the_draft_is_there_on_the_first_working_day_once_and_the_lead_is_told(october: District) -> None:
    assert (make_bulletins(at(1)), bulletins()) == (2, [("month", "2026-09", 1), ("quarter", "2026Q3", 1)])
    assert (make_bulletins(FIRST), make_bulletins(FIRST), make_bulletins(NOON)) == (1, 0, 0)
    assert bulletins() == [("month", "2026-09", 1), ("month", "2026-10", 1), ("quarter", "2026Q3", 1)]
    told = Notice.objects.filter(key__startswith="bulletin:").order_by("pk")
    assert [(one.user.name, one.title) for one in told] == [
        ("孙主任", "2026年9月的工作月报草稿已生成"),
        ("孙主任", "2026年第三季度的工作季报草稿已生成"),
        ("孙主任", "2026年10月的工作月报草稿已生成"),
    ]
    assert BulletinVersion.objects.get(bulletin__period="2026-10").made_by is None


def test_a_missed_month_is_made_up_for_and_the_time_before_the_first_is_not(october: District) -> None:
    make_bulletins(FIRST)
    later = at(15, month=1, year=2027)
    assert make_bulletins(later) == 4
    assert [period for _kind, period, _version in bulletins()] == [
        *("2026", "2026-10", "2026-11", "2026-12", "2026Q3", "2026Q4"),
    ]


def test_a_centre_without_a_matter_is_asked_for_nothing(district: District) -> None:
    assert (make_bulletins(FIRST), Bulletin.objects.count()) == (0, 0)


def test_one_that_breaks_is_left_for_the_next_minute(october: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("storage")

    with monkeypatch.context() as patched:
        patched.setattr(chores.services, "make", broken)
        assert (
            make_bulletins(FIRST),
            Bulletin.objects.count(),
            Notice.objects.filter(key__startswith="bulletin:").count(),
        ) == (
            0,
            0,
            0,
        )
    assert make_bulletins(FIRST) == 2


def test_a_year_is_counted_by_the_worker_with_its_progress_and_once(october: District) -> None:
    supervisor, january = october.actor("supervisor", FIRST), at(4, month=1, year=2027)
    with pytest.raises(Incomplete):
        asking.ask(supervisor, DISTRICT, read_span("2026"), FIRST)
    asked = asking.ask(supervisor, DISTRICT, read_span("2026"), january)
    assert asking.ask(october.actor("supervisor2", january), DISTRICT, read_span("2026"), january) == asked
    assert (asked.state, asked.percent) == ("waiting", 0)
    assert (asking.write(asked.pk, january), asking.write(asked.pk, january)) == (True, False)
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.percent) == ("done", asked.total, 100)
    assert bulletins() == [("year", "2026", 1)]
    assert services.figures_of(Bulletin.objects.get())["totals"]["registered"] == [4, None, None]


def test_what_a_killed_worker_left_is_taken_up_and_old_requests_go(october: District) -> None:
    january = at(4, month=1, year=2027)
    asked = asking.ask(october.actor("supervisor", FIRST), DISTRICT, read_span("2026"), january)
    BulletinAsk.objects.update(state="running", leased_until=january + asking.LEASE)
    assert make_asked_bulletins(january) == 0
    assert make_asked_bulletins(january + 2 * asking.LEASE) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.bulletin) == ("done", Bulletin.objects.get())
    assert make_asked_bulletins(january + 2 * asking.KEPT_FOR) == 1
    assert (BulletinAsk.objects.count(), Bulletin.objects.count()) == (0, 1)


def _killed(done: int) -> Callable[..., Any]:
    """The parts of a bulletin, of which the worker lives to see so many."""
    parts = dict(counted.PARTS)

    def dies(_counted: object) -> None:
        raise SystemExit("killed")

    return lambda: {name: part if at < done else dies for at, (name, part) in enumerate(parts.items())}


@pytest.mark.both
@pytest.mark.parametrize("done", [0, 5, 9])
def test_one_killed_half_way_leaves_nothing_and_begins_again(
    october: District, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    asked = asking.ask(october.actor("supervisor", NOON), DISTRICT, read_span("2026-10"), NOON)
    with monkeypatch.context() as patched:
        patched.setattr(counted, "PARTS", _killed(done)())
        with pytest.raises(SystemExit):
            asking.write(asked.pk, NOON)
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.bulletin_id, bulletins(), BulletinVersion.objects.count()) == (
        *("running", done, None),
        *([], 0),
    )
    later = asked.leased_until + timedelta(seconds=1) if asked.leased_until else NOON
    assert (asking.write(asked.pk, later), bulletins()) == (True, [("month", "2026-10", 1)])


def test_who_was_taken_over_keeps_nothing(october: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that was silent for too long wakes up when another has counted the same."""
    asked = asking.ask(october.actor("supervisor", NOON), DISTRICT, read_span("2026-10"), NOON)
    count = counted.count

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(counted, "count", count)
        assert asking.write(asked.pk, NOON + 2 * asking.LEASE) is True
        return count(*given)

    monkeypatch.setattr(counted, "count", slow)
    assert asking.write(asked.pk, NOON) is False
    asked.refresh_from_db()
    assert (asked.state, bulletins(), BulletinVersion.objects.count()) == ("done", [("month", "2026-10", 1)], 1)


def test_one_that_cannot_be_counted_is_told_to_its_asker(october: District, monkeypatch: pytest.MonkeyPatch) -> None:
    january = at(4, month=1, year=2027)
    asked = asking.ask(october.actor("supervisor", FIRST), DISTRICT, read_span("2026"), january)
    monkeypatch.setattr(counted, "count", lambda *_args, **_named: 1 / 0)
    assert asking.write(asked.pk, january) is False
    asked.refresh_from_db()
    assert asked.state == "failed"


@pytest.mark.parametrize(
    ("code", "first", "last", "before", "year_ago", "label"),
    [
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12", "2025-01", "2026年1月"),
        ("2028-02", "2028-02-01", "2028-02-29", "2028-01", "2027-02", "2028年2月"),
        ("2026Q1", "2026-01-01", "2026-03-31", "2025Q4", "2025Q1", "2026年第一季度"),
        ("2026", "2026-01-01", "2026-12-31", "2025", "2025", "2026年"),
    ],
)
def test_a_period_knows_its_days_and_what_it_is_compared_with(
    code: str, first: str, last: str, before: str, year_ago: str, label: str
) -> None:
    span = read_span(code)
    assert (str(span.window.first), str(span.window.last)) == (first, last)
    assert (span.before.code, span.year_ago.code, span.label, span.code) == (before, year_ago, label, code)
    assert span_in(span.kind, span.window.last or FIRST.date()) == span


@pytest.mark.parametrize("code", ["", "2026-13", "2026Q5", "26", "2026-1", "二〇二六", "1999", "2026-10x"])
def test_what_is_no_period_is_told(code: str) -> None:
    with pytest.raises(Incomplete):
        read_span(code)
