"""The board as a page and as sheets: its figures, their fractions, their changes and their lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from cases.statistics.figures import percent
from cases.statistics.wording import change_of_count, change_of_rate
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, STREET, District
from tests.pages.conftest import client_of

__all__ = ["client_of"]

pytestmark = pytest.mark.django_db

Enter = Callable[[str], Client]
CATEGORY = {"appeal": "A0102", "dispute": "0101"}


def settle(d: District, number: int = 1, late: bool = False, **given: object) -> None:
    """Cases that a department has handled, in time or not, closed just now."""
    for _ in range(number):
        now = timezone.now() - timedelta(days=70 if late else 0)
        case = d.register(now=now, **given)
        d.move(case, "accept", "clerk", now, category=CATEGORY[case.kind], level="general")
        d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
        d.move(case, "sign", "handler", now)
        now = timezone.now()
        d.move(case, "resolve", "handler", now, result="已办", outcome="fulfilled", reply="已办。")
        d.move(case, "approve", "supervisor", now)
        d.move(case, "confirm", "follow_up", now, satisfaction=4, resolved=True, contacted=True)


def text_of(page: str) -> str:
    """What is read, without marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_every_figure_on_the_board_opens_a_list_of_as_many(district: District, client_of: Enter) -> None:
    settle(district, 3)
    settle(district, kind="dispute", description="邻居两家因滴水檐争执。")
    district.register(now=timezone.now())
    leader = client_of("centre_lead")
    page = leader.get("/board/?period=year&part=all").content.decode()
    figures = re.findall(r'<a[^>]+href="(/cases/\?tab=all&amp;figure=[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert len(figures) > 30
    for url, words in figures:
        shown = int(re.findall(r"[\d,]+", text_of(words.rpartition("tile__value")[2] or words))[0].replace(",", ""))
        query = unescape(url).partition("?")[2].replace("tab=all&", "")
        assert (query, leader.get(f"/api/v1/cases/count/?{query}").json()) == (query, {"count": shown})


@pytest.mark.parametrize("area", ["", STREET, COMMUNITY])
def test_what_lies_in_no_part_and_has_no_category_opens_its_list_too(
    district: District, client_of: Enter, area: str
) -> None:
    for place in (DISTRICT, STREET, COMMUNITY, COMMUNITY, GRID):
        given = {"area": COMMUNITY, "grid": GRID} if place == GRID else {"area": place}
        district.register(now=timezone.now(), place=given)
        settle(district, place={"area": place} if place != GRID else given)
    leader = client_of("centre_lead")
    context = leader.get(f"/board/?period=year&part=all&area={area}").context
    tables = {table["code"]: table for table in context["sections"]}
    rows = [row for code in ("areas", "categories") for row in tables[code]["rows"]]
    assert {"未落到下一级", "尚未归类"} <= {row["name"] for row in rows}
    cells = [(row["name"], cell) for row in rows for cell in row["cells"] if cell.get("number") and "url" in cell]
    assert len(cells) >= 10
    for name, cell in cells:
        query = cell["url"].partition("?")[2].replace("tab=all&", "")
        counted = leader.get(f"/api/v1/cases/count/?{query}").json()
        assert (name, query, counted) == (name, query, {"count": cell["number"]})


def test_a_list_of_what_has_none_says_so_and_goes_with_its_area(district: District, client_of: Enter) -> None:
    district.register(now=timezone.now(), place={"area": STREET})
    settle(district)
    page = client_of("centre_lead").get(f"/cases/?area={STREET}&below=none&category=none&unit=none").context
    assert [(chip["label"], chip["value"], chip["url"]) for chip in page["filters"]] == [
        ("类别", "尚未归类", f"?area={STREET}&below=none&unit=none"),
        ("属地", "井坪镇", "?category=none&unit=none"),
        ("属地", "未落到下一级", f"?area={STREET}&category=none&unit=none"),
        ("主办单位", "尚未分流", f"?area={STREET}&below=none&category=none"),
    ]
    assert page["total"] == 1


def test_rates_stand_with_their_fraction_and_nothing_by_nothing_is_a_dash(district: District, client_of: Enter) -> None:
    settle(district, 3)
    case = district.register(now=timezone.now())
    district.move(case, "accept", "clerk", timezone.now(), category="A0102", level="general")
    words = text_of(client_of("centre_lead").get("/board/?period=year").content.decode())
    assert "办结率 75.0 % 办结 3 / 受理 4" in words
    assert "化解率 — 化解纠纷 0 / 受理纠纷 0" in words
    assert "到期口径" in words


@pytest.mark.parametrize(
    ("now", "before", "words", "trend"),
    [
        (12, 10, "比上月同期多 2 件（+20.0 %）", "up"),
        (9, 10, "比上月同期少 1 件（−10.0 %）", "down"),
        (10, 10, "与上月同期持平", "flat"),
        (3, 0, "比上月同期多 3 件（—）", "up"),
    ],
)
def test_a_change_is_told_in_words(now: int, before: int, words: str, trend: str) -> None:
    change = change_of_count(now, before, "上月同期")
    assert (change.words, change.trend) == (words, trend)


def test_rates_differ_in_percentage_points() -> None:
    higher = change_of_rate(percent(18260, 18407), percent(538, 559), "上月同期")
    assert (higher.words, higher.trend) == ("比上月同期高 3.0 个百分点", "up")
    assert change_of_rate(percent(1, 2), None, "上月同期").words == "上月同期没有可比的数 —"


def test_units_are_ranked_from_ten_judged_cases_on_and_never_people(district: District, client_of: Enter) -> None:
    settle(district, 9)
    leader = client_of("centre_lead")
    sheet = leader.get("/board/units.csv?period=custom&from=2026-01-01&to=2027-12-31").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(sheet)))[1][:5] == ["区住房和城乡建设局", "—", "100.0 %", "9", "9"]
    settle(district, 1)
    page = leader.get("/board/?part=units&period=custom&from=2026-01-01&to=2027-12-31").content.decode()
    sheet = leader.get("/board/units.csv?period=custom&from=2026-01-01&to=2027-12-31").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(sheet)))[1][:5] == ["区住房和城乡建设局", "1", "100.0 %", "10", "10"]
    assert not [name for name in ("老李", "老吴", "郑局长") if name in page]


def test_a_sheet_holds_what_the_table_shows(district: District, client_of: Enter) -> None:
    settle(district, 2)
    answer = client_of("centre_lead").get("/board/areas.csv?period=year")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(StringIO(answer.content.decode("utf-8-sig")))) == [
        ["街道", "登记", "受理", "办结", "终结", "在办", "超时", "办结率"],
        ["井坪镇", "2", "2", "2", "0", "0", "0", "100.0 %"],
    ]
    assert client_of("centre_lead").get("/board/people.csv").status_code == 404


def test_a_reader_goes_down_and_up_within_his_sight(district: District, client_of: Enter) -> None:
    district.person("street_lead", "街道领导", Role.LEADER, "street", STREET)
    district.register(now=timezone.now())
    street = client_of("street_lead")
    page = street.get("/board/?part=places").content.decode()
    assert f"area={COMMUNITY}" in page
    assert "平鲁区</a>" not in page
    assert street.get("/board/?area=140603").status_code == 404
    assert client_of("centre_lead").get(f"/board/?area={COMMUNITY}").status_code == 200
    assert client_of("handler").get("/board/").status_code == 403
    assert client_of("auditor").get("/board/").status_code == 403
    assert Client().get("/board/").status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "period=x&from=x",
        "period=custom&from=2026-13-40",
        "period=custom&from=2026-11-30&to=2026-11-01",
        "period=custom&from=1900-01-01&to=2199-01-01",
    ],
)
def test_whatever_is_asked_is_put_right(district: District, client_of: Enter, query: str) -> None:
    assert client_of("centre_lead").get(f"/board/?{query}").status_code == 200


def test_htmx_gets_the_inner_part_only(district: District, client_of: Enter) -> None:
    inner = client_of("centre_lead").get("/board/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in inner
    assert 'id="board-now"' in inner


def test_small_numbers_are_marked_as_not_for_the_public(district: District, client_of: Enter) -> None:
    district.register(now=timezone.now())
    assert "不要在公开场合展示" in client_of("centre_lead").get("/board/?part=places").content.decode()


@pytest.mark.parametrize(
    ("part", "most"), [("now", 28), ("matters", 24), ("places", 22), ("quality", 22), ("units", 20)]
)
def test_the_board_asks_as_often_for_one_case_as_for_thirty(
    district: District,
    client_of: Enter,
    django_assert_max_num_queries: Callable[..., object],
    part: str,
    most: int,
) -> None:
    leader = client_of("centre_lead")
    settle(district, 1)
    address, inner = f"/board/?period=year&part={part}", {"HX-Request": "true"}
    leader.get(address, headers=inner)
    with django_assert_max_num_queries(most) as one:  # type: ignore[attr-defined]
        leader.get(address, headers=inner)
    settle(district, 4)
    settle(district, 2, kind="dispute", description="邻居两家因滴水檐争执。")
    with django_assert_max_num_queries(most) as many:  # type: ignore[attr-defined]
        leader.get(address, headers=inner)
    assert len(many) == len(one)


def test_the_day_in_shanghai_is_the_day_of_the_board(district: District, client_of: Enter) -> None:
    district.register(now=timezone.now())
    today = timezone.now().astimezone(SHANGHAI)
    assert f"{today.year}年{today.month}月{today.day}日" in text_of(
        client_of("centre_lead").get("/board/?period=day").content.decode()
    )
