"""指标说明: every indicator with its words and its value; a figure opens exactly what it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from cases.indicators.document import page
from cases.indicators.registry import INDICATORS
from tests.cases.cast import COMMUNITY, GRID, STREET, District
from tests.statistics.test_board_page import settle, text_of

Enter = Callable[[str], Client]


def test_the_committed_document_is_the_registry() -> None:
    committed = (settings.BASE_DIR / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert committed == page(), "run `make docs`"


@pytest.mark.django_db
def test_every_indicator_stands_on_the_page_with_its_formula_and_source(district: District, client_of: Enter) -> None:
    words = text_of(client_of("centre_lead").get("/board/indicators/").content.decode())
    missing = [
        one.code
        for one in INDICATORS.values()
        if not all(part in words for part in (one.label, one.formula, one.base, one.days, one.basis))
    ]
    assert missing == []
    assert "facts" not in words


@pytest.mark.django_db
@pytest.mark.parametrize("area", ["", STREET, COMMUNITY, GRID])
def test_every_number_opens_a_list_of_as_many(district: District, client_of: Enter, area: str) -> None:
    settle(district, 2, place={"grid": GRID})
    settle(district, kind="dispute", description="邻居两家因滴水檐争执。", place={"grid": GRID})
    district.register(now=timezone.now(), place={"grid": GRID})
    leader = client_of("centre_lead")
    shown = leader.get(f"/board/indicators/?period=year&area={area}").content.decode()
    opened = re.findall(r'<a href="(/cases/\?tab=all[^"]+)">([^<]*)</a>', shown)
    assert len(opened) > 25
    for url, words in opened:
        number = int(re.findall(r"[\d,]+", words)[0].replace(",", ""))
        query = unescape(url).partition("?")[2].replace("tab=all&", "")
        assert (query, leader.get(f"/api/v1/cases/count/?{query}").json()) == (query, {"count": number})


@pytest.mark.django_db
def test_values_stand_with_their_fraction_and_nothing_by_nothing_is_a_dash(
    district: District, client_of: Enter
) -> None:
    settle(district, 3)
    case = district.register(now=timezone.now())
    district.move(case, "accept", "clerk", timezone.now(), category="A0102", level="general")
    words = text_of(client_of("centre_lead").get("/board/indicators/?period=year").content.decode())
    assert "累计办结率 75.0 % 办结 3 / 受理 4" in words
    assert "化解率 — 化解纠纷 0 / 受理纠纷 0 没有可除的数。" in words
    assert "满意率（按办结时间） 100.0 % 办结件满意 3 / 办结件有效评价 3" in words
    assert "退回率 0.0 % 退回 0 / 派单 3" in words


@pytest.mark.django_db
def test_words_narrow_the_page_and_strange_ones_find_nothing(district: District, client_of: Enter) -> None:
    leader = client_of("centre_lead")
    words = text_of(leader.get("/board/indicators/?q=督办").content.decode())
    assert ("督办办结率" in words, "签收及时率" in words) == (True, False)
    assert "没有这样的指标" in text_of(leader.get("/board/indicators/?q=%00<x>").content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["period=x&from=x", "period=custom&from=2026-11-30&to=2026-11-01", "area=140603100"])
def test_whatever_is_asked_is_put_right(district: District, client_of: Enter, query: str) -> None:
    assert client_of("centre_lead").get(f"/board/indicators/?{query}").status_code == 200


@pytest.mark.django_db
def test_indicators_stay_within_ones_sight(district: District, client_of: Enter) -> None:
    district.person("street_lead", "街道领导", Role.LEADER, "street", STREET)
    street = client_of("street_lead")
    assert street.get("/board/indicators/").status_code == 200
    assert street.get("/board/indicators/?area=140603").status_code == 404
    assert client_of("handler").get("/board/indicators/").status_code == 403
    assert Client().get("/board/indicators/").status_code == 302
