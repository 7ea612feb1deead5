"""The indicators on the figures that real centres have published (facts §9), each computed as the page computes it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cases.hazards.views import _rate
from cases.indicators.computing import of_counts, satisfaction, words_of
from cases.indicators.elsewhere import hours, share
from cases.indicators.registry import INDICATORS, in_groups, matching
from cases.indicators.shapes import Unit, Value
from cases.patrols.coverage import Coverage
from cases.statistics import wording
from cases.statistics.figures import FIGURES, FOLLOW_UP_RATES, INDICATED, RATES

PINGLU = {"accepted": 18407, "closed": 18260, "ended": 0, "open": 147}
ANYUAN = {"accepted": 559, "closed": 538, "ended": 0, "open": 21, "today_accepted": 12, "due_soon": 2}


@pytest.mark.parametrize(
    ("code", "counts", "words"),
    [
        ("closure_rate", PINGLU, "99.2 %"),
        ("open", PINGLU, "147 件"),
        ("accepted", PINGLU, "18,407 件"),
        ("closure_rate", ANYUAN, "96.2 %"),
        ("open", ANYUAN, "21 件"),
        ("today_accepted", ANYUAN, "12 件"),
        ("due_soon_now", ANYUAN, "2 件"),
        ("closure_rate", {"closed": 1627, "accepted": 1678}, "97.0 %"),  # 东至 96.96
        ("resolution_rate", {"resolved": 8037, "disputes": 8696}, "92.4 %"),  # 长治
        ("mediation_rate", {"mediated_agreed": 842, "mediated": 869}, "96.9 %"),  # 黄石
        ("mediation_rate", {"mediated_agreed": 134, "mediated": 138}, "97.1 %"),  # 渝水
        ("mediation_rate", {"mediated_agreed": 149, "mediated": 154}, "96.8 %"),
        ("acceptance_rate", {"accepted": 497, "registered": 553}, "89.9 %"),
    ],
)
def test_what_was_published_comes_out(code: str, counts: dict[str, int], words: str) -> None:
    indicator = INDICATORS[code]
    assert words_of(indicator, of_counts(indicator, counts)) == words


def test_what_is_open_is_what_is_left() -> None:
    for counts in (PINGLU, ANYUAN):
        assert counts["accepted"] == counts["closed"] + counts["ended"] + counts["open"]


def test_all_hazards_of_the_gas_campaign_are_closed() -> None:
    assert words_of(INDICATORS["hazard_rate"], share(5 + 41, 5 + 41)) == "100.0 %"


def test_ledger_and_coverage_round_as_everywhere() -> None:
    """Five hundredths of a percent go up, also where a room says its rate itself."""
    assert Coverage(due=2000, done=1, points_due=3, points_seen=2).rate == 0.1
    assert Coverage(due=2000, done=1, points_due=3, points_seen=2).points_rate == 66.7
    assert [_rate({"closed": closed, "found": 3}) for closed in (2, 3)] == ["2/3，66.7 %", "3/3，100 %"]


def test_the_month_of_huangshi_against_years_and_months_computed_backwards() -> None:
    """869 and its −15.5 %, +3.5 % are published; 1028 and 840 are whole numbers that give them."""
    for code, before, words in (("accepted_year_ago", 1028, "−15.5 %"), ("accepted_before", 840, "+3.5 %")):
        value = Value(wording.growth(869, before), 869, before)
        assert words_of(INDICATORS[code], value) == words


@pytest.mark.parametrize("code", [code for code, one in INDICATORS.items() if len(one.figures) == 2])
def test_nothing_by_nothing_is_a_dash_and_says_why(code: str) -> None:
    indicator = INDICATORS[code]
    value = of_counts(indicator, dict.fromkeys(indicator.figures, 0))
    assert (words_of(indicator, value), value.numerator, value.denominator, value.why) == ("—", 0, 0, "没有可除的数。")


@pytest.mark.parametrize(
    ("ratings", "levels", "rate"),
    [
        ({5: 50, 4: 30, 3: 12, 2: 5, 1: 3}, 5, "92.0"),
        ({3: 50, 2: 30, 1: 20}, 3, "80.0"),
        ({5: 1, 2: 2}, 5, "33.3"),
        ({1: 7}, 3, "0.0"),
    ],
)
def test_satisfaction_of_five_levels_and_of_three(ratings: dict[int, int], levels: int, rate: str) -> None:
    assert satisfaction(ratings, levels) == Decimal(rate)


def test_satisfaction_without_answers_is_none_and_of_a_strange_scale_refused() -> None:
    assert satisfaction({}) is None
    for ratings, levels in (({4: 1}, 4), ({5: 1}, 3), ({0: 1}, 5)):
        with pytest.raises(ValueError, match="no such scale"):
            satisfaction(ratings, levels)


def test_hours_are_told_with_one_decimal() -> None:
    assert words_of(INDICATORS["mean_hours"], hours(timedelta(hours=26, minutes=3))) == "26.1 小时"
    assert hours(None).number is None


def test_every_indicator_is_whole_and_stands_in_one_chapter() -> None:
    assert [one.code for _code, _label, group in in_groups() for one in group] == list(INDICATORS)
    for one in INDICATORS.values():
        assert all((one.label, one.formula, one.source, one.days, one.numerator)), one.code
        assert bool(one.figures) != bool(one.compute), one.code
        assert (one.unit == Unit.PERCENT) == bool(one.denominator), one.code


def test_every_rate_and_every_figure_of_the_indicators_is_told() -> None:
    pairs = {one.figures for one in INDICATORS.values()}
    assert {(rate.numerator, rate.denominator) for rate in (*RATES.values(), *FOLLOW_UP_RATES.values())} <= pairs
    told = {figure for pair in pairs for figure in pair}
    assert set(INDICATED) <= told <= {*FIGURES, *INDICATED}


def test_the_households_that_were_inspected_have_no_rate() -> None:
    gas = INDICATORS["gas_households"]
    assert (gas.unit, gas.denominator, gas.figures) == (Unit.HOUSEHOLDS, "", ())


def test_words_find_indicators_by_label_formula_and_basis() -> None:
    assert matching("后办结 被督办") == {"supervised_closed_rate"}
    assert "on_time_rate" in matching("到期口径")
    assert matching("没有这个词") == set()
    assert matching("") == set(INDICATORS)
