"""What stands on a screen: the board's figures, small cells hidden, nobody to be recognised; HTML and poll say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case, Screen
from cases.screens import content, news
from cases.screens.content import Content, leader_of
from cases.screens.ground import STAR
from cases.statistics import counting
from cases.statistics.windows import EVER
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET, District
from tests.mapping.conftest import FOURTH, NOW, SECOND, THIRD, matter
from tests.screens.conftest import set_up

Devices = Callable[[Screen], Client]
HOUR = timedelta(hours=1)


def shown(d: District, area: str = DISTRICT, now: Any = NOW + HOUR) -> dict[str, Any]:
    """What a screen says."""
    return Content(set_up(d, area), now).whole()


def values(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["label"]: row["value"] for row in rows}


def listed(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["name"], row["value"]) for row in rows if row["shown"]]


def test_the_top_strip_is_the_leader_s_board(ground: District) -> None:
    for number in range(4):
        matter(ground, GRID, number)
    late = matter(ground, SECOND, 9)
    done = matter(ground, SECOND, 10)
    Case.objects.filter(pk=late.pk).update(due_at=NOW, due_running=True, due_warn_at=NOW)
    ground.move(done, "withdraw", "clerk", NOW, note="不再要求处理")
    d = ground
    told = values(shown(d)["strip"])
    board = counting.overview(counting.cases_of(d.actor("centre_lead"), DISTRICT, NOW + HOUR), EVER, NOW + HOUR)

    assert told == {
        "累计受理": "6",
        "累计办结": "0",
        "在办": "5",
        "今日受理": "6",
        "即将超时": str(board["due_soon"]),
        "超时": "1",
        "办结率": "0.0%",
        "化解率": "—",
        "满意率": "—",
    }
    assert [told["累计受理"], told["在办"], told["超时"]] == [
        str(board[name]) for name in ("accepted", "open", "overdue")
    ]


def test_sensitive_matters_are_counted_and_never_listed(ground: District) -> None:
    for number in range(6):
        case = matter(ground, GRID, number)
        ground.move(case, "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
        more: dict[str, Any] = (
            {"confidential": True} if number < 3 else {"nature": "conduct", "complained_unit": ground.units["heating"]}
        )
        Case.objects.filter(pk=case.pk).update(**more)
    told = shown(ground)

    assert values(told["strip"])["累计受理"] == "6"
    assert [row for row in told["news"] if row["shown"]] == []
    assert told["none"] == {"units": True, "orders": True, "news": True}


def test_an_order_on_a_sensitive_matter_is_not_listed(ground: District) -> None:
    plain, secret = (matter(ground, GRID, number) for number in (1, 2))
    numbers = []
    for case in (plain, secret):
        ground.move(case, "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
        ground.record(case, "order", "supervisor", NOW, kind="letter", demand="限期办结", deadline=NOW + 48 * HOUR)
        numbers.append(case.orders.get().number)
    Case.objects.filter(pk=secret.pk).update(confidential=True)
    rows = [(row["number"], row["stage"]) for row in shown(ground)["orders"] if row["shown"]]

    assert rows == [(numbers[0], "待回复")]


def test_the_news_name_no_place_that_fewer_than_three_matters_came_from(ground: District) -> None:
    def signed(grid: str, number: int) -> None:
        case = matter(ground, grid, number)
        ground.move(case, "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
        ground.move(case, "sign", "handler", NOW)

    for number in range(3):
        signed(GRID, number)
    signed(SECOND, 7)
    lines = news.lines(Content(set_up(ground), NOW + HOUR).scope, 10)

    assert {(line["where"], line["said"], line["day"]) for line in lines} == {
        ("胜利社区第一网格", "已签收", "今天"),
        ("井坪镇", "已签收", "今天"),
    }
    assert len(lines) == 4
    assert [line for line in lines if line["where"] == "胜利社区第二网格"] == []


def test_two_matters_of_a_kind_in_a_street_are_no_news(ground: District) -> None:
    for number in range(2):
        ground.move(matter(ground, GRID, number), "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")

    assert news.lines(Content(set_up(ground), NOW + HOUR).scope, 10) == []


def test_what_happened_just_now_or_at_the_window_is_no_news(ground: District) -> None:
    for number in range(4):
        ground.move(matter(ground, GRID, number), "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
    scopes = [Content(set_up(ground), NOW + timedelta(minutes=wait)).scope for wait in (29, 30)]

    assert [len(news.lines(scope, 10)) for scope in scopes] == [0, 4]
    assert not {"accept", "register", "resolve_on_spot", "decline"} & set(news.SAID)


def test_small_cells_of_the_map_and_what_gives_them_away_are_hidden(ground: District) -> None:
    for grid, many in ((GRID, 14), (SECOND, 2), (THIRD, 6)):
        for number in range(many):
            matter(ground, grid, number)
    told = shown(ground, STREET)["ground"]
    cells = told["cells"]

    assert told["measure"] == "在办"
    assert [row for row in told["places"]] == [{"code": COMMUNITY, "name": "胜利社区", "value": "22"}]
    assert cells[SECOND] == -1
    assert sorted(cells.values()).count(-1) == 2
    assert cells[FOURTH] == 0


def test_few_open_matters_leave_the_grids_their_year(ground: District) -> None:
    for number in range(4):
        matter(ground, GRID, number)
    told = shown(ground)["ground"]

    assert told["measure"] == "近一年受理"
    assert {row["name"]: row["value"] for row in told["places"]} == {"井坪镇": "4", "凤凰城镇": "0"}
    assert told["cells"][GRID] == 1
    assert [row["words"] for row in told["legend"] if row["shown"]] == ["0", "3–4"]


def test_a_level_with_two_matters_takes_another_along(ground: District) -> None:
    cases = [matter(ground, GRID, number) for number in range(12)]
    for level, some in (("urgent", cases[:2]), ("major", cases[2:6])):
        Case.objects.filter(pk__in=[case.pk for case in some]).update(level=level)
    told = [row["value"] for row in shown(ground)["levels"]]

    assert told[3] == STAR
    assert told.count(STAR) == 2
    left = 12 - sum(int(value) for value in told if value != STAR)
    assert left > 2


def test_a_rare_category_is_only_in_the_others(district: District) -> None:
    parts = {"a": ("邻里", 9), "b": ("物业", 7), "c": ("土地", 2), "d": ("医疗", 5)}
    rows = listed(content._bars(parts, 10))

    assert ("土地", "2") not in rows
    assert rows[-1][0] == "其他"
    assert int(rows[-1][1]) >= 2 + 5
    assert sum(int(value) for _name, value in rows) == 23


def test_one_category_with_one_matter_is_not_told(district: District) -> None:
    assert listed(content._bars({"a": ("邻里", 1)}, 10)) == [("其他", "1")]
    assert listed(content._bars({}, 10)) == []


def test_the_first_page_says_what_the_poll_says(ground: District, device_of: Devices) -> None:
    for number in range(5):
        matter(ground, GRID, number)
    device = device_of(set_up(ground))
    page, told = device.get("/screen/").content.decode(), device.get("/screen/data/").json()
    words = re.findall(r'data-k="([^"]+)"[^>]*>([^<]*)<', page)
    sets = [pair.split("=") for found in re.findall(r'data-set="([^"]+)"', page) for pair in found.split(";")]
    shows = re.findall(r'data-show="([^"]+)"', page)

    assert len(words) > 150
    assert [(key, text) for key, text in words if text != str(told[key])] == []
    assert [key for _name, key in sets if key not in told] == []
    assert [key for key in shows if told[key] not in (True, False)] == []
    assert page.count(' data-step="') > 4
    assert "张三" not in page
    assert "13812341234" not in page
    assert "号楼" not in page
    assert f'data-version="{told["version"]}"' in page


def test_nobody_s_name_number_or_address_is_in_the_poll(ground: District, device_of: Devices) -> None:
    case = matter(ground, GRID, 1)
    text = json.dumps(device_of(set_up(ground)).get("/screen/data/").json(), ensure_ascii=False)

    for word in ("张三", "138", case.number, case.title, "号楼", "老李", "小王"):
        assert word not in text


def test_the_poll_answers_304_until_something_on_the_screen_changes(ground: District, device_of: Devices) -> None:
    device = device_of(set_up(ground))
    first = device.get("/screen/data/")
    same = device.get("/screen/data/", headers={"If-None-Match": first["ETag"]})
    case = ground.register(now=timezone.now() - HOUR)
    ground.move(case, "accept", "clerk", timezone.now() - HOUR, category="A0102", level="general")
    after = device.get("/screen/data/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, same.content) == (200, 304, b"")
    assert same["ETag"] == first["ETag"] == f'"{first["ETag"].strip(chr(34))}"'
    assert (after.status_code, after.json()["strip.0.value"]) == (200, "1")
    assert after["ETag"] != first["ETag"]


def test_a_street_s_screen_counts_the_street(ground: District) -> None:
    matter(ground, GRID, 1)

    assert values(shown(ground, STREET)["strip"])["累计受理"] == "1"
    assert values(shown(ground, OTHER_STREET)["strip"])["累计受理"] == "0"


def test_the_screen_s_eye_is_nobody_who_could_log_in(district: District) -> None:
    eye = leader_of(DISTRICT)

    assert (eye.user_id, eye.service, [post.role for post in eye.posts]) == (None, None, ["leader"])
    assert not eye.leads_centre


def test_thirty_days_are_compared_with_the_thirty_before(ground: District) -> None:
    for number in range(3):
        matter(ground, GRID, number)
    told = shown(ground)["trend"]

    assert (told["registered"]["total"], told["registered"]["change"]) == ("3", "比前 30 天多 3 件（—）")
    assert (told["closed"]["total"], told["closed"]["change"]) == ("0", "与前 30 天持平")
    assert told["registered"]["line"].endswith("L290 0")
    assert len(told["days"]) == 30


def test_without_outlines_the_places_stand_in_a_table(district: District, device_of: Devices) -> None:
    page = device_of(set_up(district)).get("/screen/").content.decode()

    assert '<svg class="ground"' not in page
    assert re.findall(r'<tr><th scope="row">(..+?镇)</th>', page) == ["井坪镇", "凤凰城镇"]


@pytest.mark.parametrize("area", [DISTRICT, STREET])
def test_a_screen_costs_the_same_number_of_statements_at_any_size(
    ground: District, django_assert_max_num_queries: Any, area: str
) -> None:
    screen = set_up(ground, area)
    for number in range(8):
        ground.move(matter(ground, GRID, number), "dispatch", "dispatcher", NOW, lead_unit="housing", mode="forward")
    with django_assert_max_num_queries(45):
        Content(screen, NOW + HOUR).whole()
