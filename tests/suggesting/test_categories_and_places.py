"""Categories from a word table anybody can read, places from names; nothing is decided."""

import csv
from pathlib import Path

import pytest

from cases.choices import Level
from cases.models import Category
from cases.suggesting.categories import propose_categories, word_table
from cases.suggesting.levels import level_words
from cases.suggesting.places import find_all, propose_places
from grids.models import Area, Grid
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, STREET, build_district


@pytest.fixture
def ground(db: None) -> None:
    """A community with three grids whose extents are known, and one beside it."""
    build_district()
    community = Area.objects.get(code=COMMUNITY)
    Grid.objects.filter(code=GRID).update(extent="东至平安路，南至北坪街")
    Grid.objects.create(code=f"{COMMUNITY}002", name="胜利社区第二网格", community=community, extent="三号楼、四号楼")
    Grid.objects.create(code=f"{COMMUNITY}003", name="胜利社区第三网格", community=community, active=False)
    Area.objects.create(code=f"{STREET}002", name="古城社区", level="community", parent_id=STREET)


def test_every_code_of_the_word_table_is_a_category_and_no_word_is_too_short(db: None) -> None:
    known = set(Category.objects.filter(active=True).values_list("code", flat=True))
    assert set(word_table()) <= known
    assert [word for words in word_table().values() for word in words if len(word) < 2] == []
    assert {level for level, _reason, _words in level_words()} <= set(Level.values)


def test_no_code_stands_twice_in_the_word_table() -> None:
    with (Path(__file__).parents[2] / "cases/data/words.csv").open(encoding="utf-8") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    assert len(codes) == len(set(codes))


def test_a_story_proposes_a_category_with_the_words_that_speak_for_it(db: None) -> None:
    best = propose_categories("家里暖气不热，只有十四度。")[0]
    assert (best.code, best.label, best.kind, best.reason) == (
        "A0102",
        "供水供热供气供电 · 供热",
        "appeal",
        "提到“暖气”、“不热”",
    )


def test_the_longer_evidence_goes_first_and_a_kind_narrows(db: None) -> None:
    story = "老板拖欠工资，农民工工资三个月没发。"
    assert [row.code for row in propose_categories(story)] == ["0705", "A0601"]
    assert [row.code for row in propose_categories(story, "appeal")] == ["A0601"]


def test_a_story_without_known_words_proposes_nothing(db: None) -> None:
    assert propose_categories("今天天气很好。") == []


def test_an_address_proposes_its_community_and_the_grid_whose_extent_it_names(ground: None) -> None:
    found = propose_places("胜利社区三号楼", "", DISTRICT)
    assert [(row.code, row.reason) for row in found] == [
        (COMMUNITY, "地点里有“胜利社区”，有 2 个网格，可再选"),
        (f"{COMMUNITY}002", "网格范围里有“三号”"),
        (GRID, "胜利社区的网格"),
    ]


def test_a_short_name_and_the_story_will_do(ground: None) -> None:
    assert [row.code for row in propose_places("古城三号院", "", DISTRICT)] == [f"{STREET}002"]
    assert [row.code for row in propose_places("", "古城社区门口的路灯坏了", DISTRICT)] == [f"{STREET}002"]
    assert propose_places("火星", "火星", DISTRICT) == []


def test_nothing_outside_the_district_is_proposed(ground: None) -> None:
    assert propose_places("胜利社区", "", "140602") == []


def test_every_place_in_use_is_listed_with_its_pinyin_initials(ground: None) -> None:
    assert find_all(STREET) == [
        (COMMUNITY, "井坪镇 · 胜利社区", "slsq"),
        (f"{STREET}002", "井坪镇 · 古城社区", "gcsq"),
        (GRID, "胜利社区第一网格", "slsqdywg"),
        (f"{COMMUNITY}002", "胜利社区第二网格", "slsqdewg"),
    ]
