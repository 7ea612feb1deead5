"""How a change is told: up, down, equal, too small to see, nothing before, a base of nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.statistics import wording
from cases.statistics.figures import percent

counts = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (869, 1028, "比上月下降 15.5 %"),  # 黄石, computed backwards from its −15.5 %
        (869, 840, "比上月上升 3.5 %"),  # and from its +3.5 %
        (10, 10, "与上月持平"),
        (0, 0, "与上月持平，均为 0 件"),
        (3, 0, "上月为 0 件，增加 3 件"),
        (0, 4, "比上月下降 100.0 %"),
        (10_001, 10_000, "与上月基本持平，多 1 件"),
        (10_000, 10_001, "与上月基本持平，少 1 件"),
        (2001, 2000, "比上月上升 0.1 %"),  # 0.05 goes up
        (5, None, "上月没有数据，不作比较"),
    ],
)
def test_a_change_of_a_count_in_a_sentence(now: int, before: int | None, told: str) -> None:
    assert wording.told_count(now, before, "上月") == told


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        ("99.2", "96.2", "比上月提高 3.0 个百分点"),
        ("96.2", "99.2", "比上月降低 3.0 个百分点"),
        ("99.2", "99.2", "与上月持平"),
        (None, "99.2", "没有可除的数，不作比较"),
        ("99.2", None, "上月没有可比的数，不作比较"),
    ],
)
def test_a_change_of_a_rate_in_a_sentence(now: str | None, before: str | None, told: str) -> None:
    assert wording.told_rate(_decimal(now), _decimal(before), "上月") == told


@pytest.mark.parametrize(
    ("now", "before", "words", "trend"),
    [
        (869, 1028, "比去年同期少 159 件（−15.5 %）", "down"),
        (869, 840, "比去年同期多 29 件（+3.5 %）", "up"),
        (3, 0, "比去年同期多 3 件（—）", "up"),
        (0, 0, "与去年同期持平", "flat"),
        (3, None, "去年同期没有可比的数 —", ""),
    ],
)
def test_a_change_of_a_count_on_a_board(now: int, before: int | None, words: str, trend: str) -> None:
    assert wording.change_of_count(now, before, "去年同期") == wording.Change(words, trend)


def test_a_change_of_a_rate_on_a_board_without_a_rate_now_or_before() -> None:
    some = Decimal("99.2")
    assert [
        wording.change_of_rate(now, before, "上月").words for now, before in ((some, None), (None, some), (None, None))
    ] == ["上月没有可比的数 —", "这段时间没有可比的数 —", "上月没有可比的数 —"]


def test_growth_and_points_stand_with_their_sign() -> None:
    assert [wording.signed(wording.growth(*pair)) for pair in ((869, 1028), (869, 840), (7, 7), (7, 0), (7, None))] == [
        *("−15.5 %", "+3.5 %", "0.0 %"),
        *("—", "—"),
    ]
    assert [
        wording.points(_decimal(now), _decimal(before))
        for now, before in (("99.2", "96.2"), ("1.0", "2.5"), ("1.0", "1.0"), ("1.0", None))
    ] == ["+3.0 百分点", "−1.5 百分点", "0.0 百分点", "—"]


@given(counts, counts)
def test_growth_is_as_far_from_nothing_whichever_way_it_goes(now: int, before: int) -> None:
    found = wording.growth(now, before)
    if not before:
        assert found is None
    else:
        assert abs(found or 0) == percent(abs(now - before), before)
        assert (found or 0) <= 0 if now < before else (found or 0) >= 0


@given(counts, counts)
def test_the_words_go_the_way_the_numbers_go(now: int, before: int) -> None:
    words = wording.told_count(now, before, "上月")
    assert ("下降" in words or "少" in words) == (now < before)
    assert ("上升" in words or "多" in words or "增加" in words) == (now > before)
    assert ("均为" in words or words == "与上月持平") == (now == before)


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
