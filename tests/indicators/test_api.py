"""`stats/indicators/`: the definitions with their values, the same as the page's; each figure's query gives its cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from cases.indicators.registry import INDICATORS
from tests.api.conftest import Phones, phones
from tests.cases.cast import GRID, STREET, District
from tests.statistics.test_board_page import settle

__all__ = ["phones"]

pytestmark = pytest.mark.django_db


def test_every_indicator_is_told_with_its_words_and_its_value(district: District, phones: Phones) -> None:
    settle(district, 2)
    told = {row["code"]: row for row in phones("centre_lead").get("stats/indicators/").json()}
    assert list(told) == list(INDICATORS)
    rate = told["closure_rate"]
    assert {name: rate[name] for name in ("label", "unit", "formula", "value", "numerator", "denominator", "why")} == {
        "label": "累计办结率",
        "unit": "percent",
        "formula": "办结 ÷ 受理",
        "value": 100.0,
        "numerator": 2,
        "denominator": 2,
        "why": "",
    }
    assert (told["resolution_rate"]["value"], told["resolution_rate"]["why"]) == (None, "没有可除的数。")
    assert (told["hot_matters"]["value"], told["hot_matters"]["why"]) == (None, "您的岗位不看这一项。")
    assert (told["gas_households"]["value"], told["gas_households"]["denominator"]) == (None, None)


@pytest.mark.parametrize("area", [STREET, GRID])
def test_a_figures_query_counts_what_the_indicator_counts(district: District, phones: Phones, area: str) -> None:
    settle(district, 2, place={"grid": GRID})
    declined = district.register(now=timezone.now(), place={"grid": GRID})
    district.move(declined, "decline", "clerk", timezone.now(), reason="N7", instead="区供热站")
    leader = phones("centre_lead")
    asked = 0
    for row in leader.get(f"stats/indicators/?area={area}&from=2020-01-01&to=2099-12-31").json():
        wanted = [row["numerator"], row["denominator"]] if row["denominator"] is not None else [row["value"]]
        for figure, number in zip(row["lists"], wanted, strict=bool(row["lists"])):
            query = "&".join(f"{name}={value}" for name, value in figure["query"].items())
            counted: Any = leader.get(f"cases/count/?{query}").json()
            assert (row["code"], figure["figure"], counted) == (row["code"], figure["figure"], {"count": number})
            asked += 1
    assert asked > 50
