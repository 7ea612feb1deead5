"""Figures inside an edited paragraph: which of them are no longer those of the bulletin."""

from __future__ import annotations

import pytest

from cases.bulletins import linking


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("受理869件，成功率96.9%。", ["869", "96.9"]),
        ("受理１，２３４件", ["1234"]),
        ("2026年10月3日，第41条，3号楼2单元", []),
        ("1. 建议检修管网\n2. 建议公开电话", []),
        ("拨打12345热线，或110", []),
        ("平综治〔2026〕45号", []),
        ("受理12件；2027年再受理5件", ["12", "5"]),
        ("没有数字", []),
        ("9:00—17:30", []),
    ],
)
def test_figures_are_found_and_dates_articles_and_houses_are_not(text: str, found: list[str]) -> None:
    assert linking.numbers_in(text) == found


def test_a_figure_that_is_the_bulletins_is_not_warned_of() -> None:
    assert linking.warnings("受理1,028件，96.9%", {}, {"受理": "1,028"}, {"96.9%"}) == []


def test_a_figure_that_moved_says_what_it_was_and_what_it_is() -> None:
    told = linking.warnings("本月受理869件，其中集体访4批。", {"受理": "869", "集体访": "4"}, {"受理": "870"})
    assert told == [
        "文中的“869”是上次制表的受理，现在是 870。",
        "文中的“4”是上次制表的集体访，本次已没有这个数字。",
    ]


def test_a_figure_of_the_authors_own_is_asked_about_once() -> None:
    told = linking.warnings("走访37户，37户都满意。", {}, {"受理": "869"})
    assert told == ["文中的“37”不在本期的统计数字里，请核对。"]


def test_what_the_author_saw_is_kept_by_name() -> None:
    assert linking.linked_in("受理869件", {"受理": "869", "办结": "842"}) == {"受理": "869"}
