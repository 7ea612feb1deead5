"""What a bulletin says of its figures: the golden month, a month of nothing, a first one, one like the last."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.bulletins import sentences, tables
from cases.bulletins.choices import Section
from cases.bulletins.document import compose, read
from tests.bulletins.figures import ACCEPTED, NONE, SETTLED, blank, golden


def words(figures: dict[str, Any], section: str) -> str:
    return sentences.said(figures, section).words


def cells(figures: dict[str, Any], section: str, code: str) -> list[list[str]]:
    table = next(table for table in tables.of(section, figures, 1) if table.code == code)
    return [[cell.words for cell in row] for row in table.rows]


def test_the_golden_month_reads_as_its_office_printed_it() -> None:
    """黄石: 869 by fifteen types, 842 settled, 96.9 %, −15.5 % and +3.5 %; 主动 52.4 %, 申请 43.5 %, 移送 4.1 %."""
    assert sum(ACCEPTED) == 869
    assert sum(SETTLED) == 842
    assert words(golden(), "mediation") == (
        "受理调解的矛盾纠纷869件，环比上升3.5%，同比下降15.5%；调解终结869件，调解成功842件，成功率96.9%，"
        "环比提高0.9个百分点，同比提高1.9个百分点。"
        "其中主动调解455件（占52.4%），申请调解378件（占43.5%），委托移送36件（占4.1%）。"
        "受理较多的是邻里纠纷278件、婚姻家庭纠纷160件、损害赔偿纠纷76件。涉及2,016人。"
        "达成协议待履行120件，双方申请司法确认18件。"
    )


def test_the_golden_table_has_fifteen_types_and_their_sum() -> None:
    rows = cells(golden(), "mediation", "mediation")
    assert len(rows) == 16
    assert rows[0] == ["婚姻家庭", "160", "160", "155", "5", "96.9%"]
    assert rows[8] == ["环境污染", "4", "4", "4", "0", "100.0%"]
    assert rows[-1] == ["合计", "869", "869", "842", "27", "96.9%"]
    assert [int(row[1]) for row in rows[:-1]] == list(ACCEPTED)


def test_the_golden_month_stands_beside_both_others_in_the_first_table() -> None:
    rows = {row[0]: row[1:] for row in cells(golden(), "overview", "overview")}
    assert rows["受理调解纠纷（件）"] == ["869", "840", "+3.5%", "1,028", "−15.5%"]
    assert rows["调解成功率"] == ["96.9%", "96.0%", "+0.9个百分点", "95.0%", "+1.9个百分点"]


def test_a_month_of_nothing_claims_no_rate_and_no_change() -> None:
    found = {section.value: words(blank(), section) for section in Section}
    assert found == {
        "overview": "2026年10月，平鲁区没有登记事项，环比持平，同比持平；受理0件（环比持平，同比持平）；"
        "办结0件（环比持平，同比持平）。截至2026年11月2日08:30，没有在办事项。",
        "fields": "本月没有受理事项，各来源、各类别均为0件。",
        "complained": "本月没有受理对单位服务、作风的投诉。",
        "handling": "本月受理的事项没有转送、交办的。没有发出督办。",
        "mediation": "本月没有受理、也没有调解终结的矛盾纠纷，环比持平，同比持平。",
        "quality": "本月没有可以计算办结率、满意率的事项。",
        "hot": "本月没有同一社区同一类别3件以上的事项。",
        "hazards": "本月没有新发现的安全隐患。",
        "advice": "本月没有提出改进工作、完善政策、追究责任的建议。",
    }
    row = {row[0]: row[1:] for row in cells(blank(), "overview", "overview")}
    assert row["登记（件）"] == ["0", "0", "—", "0", "—"]
    assert row["满意率"] == ["—", "—", "—", "—", "—"]


def test_a_first_month_compares_with_nothing_and_says_so() -> None:
    figures = blank(NONE)
    figures["totals"]["registered"] = [12, None, None]
    figures["totals"]["accepted_in"] = [9, None, None]
    figures["totals"]["closed_in"] = [4, None, None]
    figures["totals"]["open"] = 5
    assert words(figures, "overview") == (
        "2026年10月，平鲁区共登记各类事项12件；受理9件；办结4件；本期为首期数据，没有上月和去年同期可比。"
        "截至2026年11月2日08:30，在办5件，没有超时的。"
    )
    row = {row[0]: row[1:] for row in cells(figures, "overview", "overview")}
    assert row["登记（件）"] == ["12", "—", "—", "—", "—"]


@pytest.mark.parametrize(
    ("three", "said"),
    [
        ([869, 840, 1028], "环比上升3.5%，同比下降15.5%"),
        ([5, 5, 5], "环比持平，同比持平"),
        ([0, 0, 0], "环比持平，同比持平"),
        ([7, 0, 3], "上月为0件，环比增加7件，同比上升133.3%"),
        ([0, 8, 0], "环比下降100.0%，同比持平"),
        ([3, 2, None], "环比上升50.0%"),
        ([3, None, None], ""),
        ([10001, 10000, 1], "环比上升0.0%，同比上升1000000.0%"),
    ],
)
def test_more_less_equal_and_nothing_before_are_said_right(three: list[int | None], said: str) -> None:
    assert sentences.compared(three, blank()) == said


@pytest.mark.parametrize(
    ("now", "before", "cell"),
    [(3, 2, "+50.0%"), (2, 3, "−33.3%"), (4, 4, "0.0%"), (4, 0, "—"), (0, 4, "−100.0%"), (4, None, "—")],
)
def test_a_change_in_a_cell(now: int, before: int | None, cell: str) -> None:
    assert sentences.change_words(now, before) == cell


def test_a_year_is_compared_once_since_both_are_the_year_before() -> None:
    figures = blank()
    figures["period"] |= {"kind": "year", "label": "2026年", "this": "本年", "before": "上年"}
    assert sentences.compared([6, 5, 5], figures) == "环比上升20.0%"
    table = tables.of("overview", figures, 1)[0]
    assert [column.label for column in table.columns] == ["指标", "本期", "上年", "环比"]


def test_the_whole_sentences_of_a_full_month() -> None:
    figures = blank([40, 50, 20])
    figures["totals"] |= {"open": 6, "overdue": 2}
    figures["channels"] = [{"code": "window", "name": "窗口来访", "accepted_in": [30, 20, 9], "closed_in": [9, 9, 9]}]
    figures["categories"] = [{"code": "A01", "name": "供热", "accepted_in": [40, 10, 9], "closed_in": [9, 9, 9]}]
    figures["complained"] = {
        "all": 6,
        "answered": 5,
        "units": [{"name": "区供热服务站", "complaints": 4, "answered": 4}],
        "few": {"units": 2, "complaints": 2},
    }
    figures["handling"]["orders"] = [{"name": "督办函", "issued": 2, "responded": 1, "lifted": 0}]
    figures["handling"]["proposals"] = [{"name": "改进工作建议", "made": 2, "adopted": 1}]
    figures["hazards"]["classes"] = [{"name": "燃气", "found": 46, "closed": 46, "open": 0, "overdue": 0}]
    figures["hot"] = [{"place": "胜利社区", "category": "供热", "count": [5, 0]}]
    assert words(figures, "overview").endswith(
        "窗口接待来访40批40人次，其中5人以上集体访40批。截至2026年11月2日08:30，在办6件，其中超时2件。"
    )
    assert words(figures, "fields") == (
        "受理的40件中，按来源，居前的是窗口来访30件（占75.0%）；按类别，居前的是供热40件（占100.0%）。"
        "比上月增加最多的是供热，多30件。"
    )
    assert words(figures, "complained") == (
        "受理对单位服务、作风的投诉6件，已办结答复5件，答复率83.3%。被投诉3件以上的单位有1个，较多的是区供热服务站4件。"
    )
    assert words(figures, "handling").endswith("发出督办2件（督办函2件），已书面回复1件，已解除0件。")
    assert words(figures, "hazards") == "新发现安全隐患46件，到制表时已销号46件，整改率100.0%，没有超期未改的。"
    assert words(figures, "hot").startswith("同一社区同一类别3件以上的列表如下，居前的是胜利社区的供热（5件）。")
    assert words(figures, "advice") == "提出建议2件（改进工作建议2件），已采纳1件。"
    assert cells(figures, "complained", "complained") == [
        ["区供热服务站", "4", "4", "100.0%"],
        ["其他 2 个单位（各不足 3 件）", "2", "—", "—"],
        ["合计", "6", "5", "83.3%"],
    ]


def test_many_categories_fold_into_a_line_and_the_sum_stays() -> None:
    figures = blank()
    figures["totals"]["accepted_in"] = [60, 0, 0]
    figures["categories"] = [
        {"code": f"{n:02}", "name": f"第{n}类", "accepted_in": [2, 0, None], "closed_in": [1, 0, None]}
        for n in range(30)
    ]
    rows = cells(figures, "fields", "categories")
    assert len(rows) == tables.MOST_ROWS + 1
    assert rows[-2] == ["其余 12 类", "24", "—", "—", "40.0%", "12"]
    assert rows[-1] == ["合计", "60", "—", "—", "100.0%", "30"]


def test_a_document_is_read_back_as_it_was_kept() -> None:
    made = compose(
        golden(), {"advice": "一是改进。\n\n二是完善。"}, number="平综治〔2026〕1号", dated=date(2026, 11, 2), state=""
    )
    assert read(made.as_json()) == made
    assert made.headings[0] == "一、总体情况"
    assert made.parts[-1].paragraphs == ("一是改进。", "二是完善。")
    assert [table.title.split("　")[0] for table in made.tables] == [f"表{n}" for n in range(1, len(made.tables) + 1)]
