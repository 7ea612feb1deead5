"""Every street exactly one unit on every day, or a sentence that says where not; pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.responsibility.coverage import Span, check

STREETS = {"a": "井坪镇", "b": "凤凰城镇"}
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def told(*spans: Span) -> list[str]:
    return check(STREETS, spans, FIRST, LAST).sentences


def test_one_unit_for_each_street_all_the_time_is_whole() -> None:
    found = check(STREETS, [Span("a", "水务局", FIRST, LAST), Span("b", "应急局", date(2026, 1, 1), None)], FIRST, LAST)
    assert (found.whole, found.streets, found.sentences) == (True, 2, [])


def test_a_part_of_the_period_without_anybody_is_a_gap() -> None:
    assert told(Span("a", "水务局", FIRST, None), Span("b", "应急局", date(2026, 7, 16), None)) == [
        "凤凰城镇 7月1日至7月15日无人包保"
    ]
    assert told(Span("a", "水务局", FIRST, date(2026, 7, 30)), Span("b", "应急局", FIRST, None)) == [
        "井坪镇 7月31日无人包保"
    ]


def test_two_at_once_overlap_on_exactly_their_common_days() -> None:
    assert told(
        Span("a", "水务局", FIRST, date(2026, 7, 10)),
        Span("a", "应急局", date(2026, 7, 10), LAST),
        Span("b", "应急局", FIRST, LAST),
    ) == ["井坪镇 7月10日由应急局、水务局同时包保"]


def test_a_hand_over_from_one_day_to_the_next_is_whole() -> None:
    spans = (Span("a", "水务局", FIRST, date(2026, 7, 9)), Span("a", "应急局", date(2026, 7, 10), None))
    assert told(*spans, Span("b", "应急局", FIRST, LAST)) == []


def test_a_gap_and_an_overlap_of_one_street_are_both_told_and_strangers_are_left_out() -> None:
    assert told(
        Span("a", "水务局", date(2026, 7, 3), date(2026, 7, 20)),
        Span("a", "城管局", date(2026, 7, 18), None),
        Span("elsewhere", "城管局", FIRST, None),
        Span("b", "应急局", date(2026, 1, 1), date(2026, 6, 30)),
    ) == [
        "井坪镇 7月1日至7月2日无人包保",
        "凤凰城镇 7月1日至7月31日无人包保",
        "井坪镇 7月18日至7月20日由城管局、水务局同时包保",
    ]


def test_no_streets_prove_nothing_and_a_period_has_to_end_after_it_begins() -> None:
    assert not check({}, [], FIRST, LAST).whole
    with pytest.raises(ValueError, match="ends before"):
        check(STREETS, [], LAST, FIRST)


_DAYS = st.integers(0, 40).map(lambda days: date(2026, 6, 25) + timedelta(days=days))
_SPANS = st.lists(
    st.builds(
        lambda area, unit, first, length: Span(
            area, unit, first, None if length < 0 else first + timedelta(days=length)
        ),
        st.sampled_from("ab"),
        st.sampled_from(["水务局", "应急局", "城管局"]),
        _DAYS,
        st.integers(-1, 20),
    ),
    max_size=6,
)


@given(_SPANS)
def test_what_is_told_is_what_a_count_of_every_single_day_finds(spans: list[Span]) -> None:
    found = check(STREETS, spans, FIRST, LAST)
    days = {FIRST + timedelta(days=offset) for offset in range(31)}

    def units(area: str, day: date) -> tuple[str, ...]:
        here = {s.unit for s in spans if s.area == area and s.first <= day and (s.last is None or day <= s.last)}
        return tuple(sorted(here))

    wanted = {(area, day): units(area, day) for area in STREETS for day in days if len(units(area, day)) != 1}
    said = {
        (one.area, one.first + timedelta(days=offset)): one.units
        for one in (*found.gaps, *found.overlaps)
        for offset in range((one.last - one.first).days + 1)
    }
    assert said == wanted
