"""areas/, grids/ and grids/locate/ as clients see them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from governance_portal.lib.geo import gcj02_to_wgs84
from grids.models import Area, Grid
from tests.grids.places import ANDONG, ANXI, DISTRICT, FIRST, SECOND, STREET, THIRD, make_ground, person, square

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.grids.urls")]


@pytest.fixture
def liu() -> APIClient:
    """网格员小刘, logged in, on the ground of these tests."""
    make_ground()
    client = APIClient()
    client.force_authenticate(person("liu", "网格员小刘"))
    return client


def row(code: str, name: str, community: str, community_name: str) -> dict[str, Any]:
    """A grid as the list shows it."""
    return {
        "code": code,
        "name": name,
        "community": community,
        "community_name": community_name,
        "kind": "basic",
        "work_class": "community",
        "extent": "",
        "supervising_phone": "",
    }


ROW_1 = row(FIRST, "安东第一网格", ANDONG, "安东社区居委会")
ROW_2 = row(SECOND, "安东第二网格", ANDONG, "安东社区居委会")
ROW_3 = row(THIRD, "安西第一网格", ANXI, "安西社区居委会")


def test_areas_are_listed_and_filtered_by_parent_and_level(liu: APIClient) -> None:
    district = {"code": DISTRICT, "name": "平鲁区", "level": "district", "parent": None}
    street = {"code": STREET, "name": "井坪镇", "level": "street", "parent": DISTRICT}
    andong = {"code": ANDONG, "name": "安东社区居委会", "level": "community", "parent": STREET}
    anxi = {"code": ANXI, "name": "安西社区居委会", "level": "community", "parent": STREET}
    assert liu.get("/api/v1/areas/").json() == [district, street, andong, anxi]
    assert liu.get("/api/v1/areas/", {"parent": DISTRICT}).json() == [street]
    assert liu.get("/api/v1/areas/", {"level": "community", "parent": STREET}).json() == [andong, anxi]
    assert liu.get("/api/v1/areas/", {"level": "district", "parent": ""}).json() == [district]
    Area.objects.filter(code=ANXI).update(active=False)
    assert liu.get("/api/v1/areas/", {"parent": STREET}).json() == [andong]


def test_grids_are_listed_and_filtered_by_community_and_area(liu: APIClient) -> None:
    assert liu.get("/api/v1/grids/").json() == [ROW_1, ROW_2, ROW_3]
    assert liu.get("/api/v1/grids/", {"community": ANXI}).json() == [ROW_3]
    assert liu.get("/api/v1/grids/", {"area": STREET}).json() == [ROW_1, ROW_2, ROW_3]
    assert liu.get("/api/v1/grids/", {"area": "140604"}).json() == []


def test_grids_come_as_geojson_with_the_code_in_the_properties(liu: APIClient) -> None:
    Grid.objects.filter(code=THIRD).update(boundary=None)
    answer = liu.get("/api/v1/grids/", {"format": "geojson", "datum": "gcj02"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
    assert answer.json() == {
        "type": "FeatureCollection",
        "datum": "gcj02",
        "features": [
            {"type": "Feature", "properties": ROW_1, "geometry": square(112.30)},
            {"type": "Feature", "properties": ROW_2, "geometry": square(112.31)},
            {"type": "Feature", "properties": ROW_3, "geometry": None},
        ],
    }


def test_geojson_and_locate_speak_the_same_datum_when_nothing_is_said(liu: APIClient) -> None:
    answer = liu.get("/api/v1/grids/", {"format": "geojson", "community": ANXI}).json()
    west, south = answer["features"][0]["geometry"]["coordinates"][0][0]
    assert answer["datum"] == "wgs84"
    assert (west, south) == tuple(round(part, 7) for part in gcj02_to_wgs84(112.32, 39.50))
    assert liu.get("/api/v1/grids/locate/", {"lng": west + 0.001, "lat": south + 0.001}).json() == ROW_3


def test_a_client_may_ask_for_geojson_by_header(liu: APIClient) -> None:
    answer = liu.get(
        "/api/v1/areas/", {"level": "district", "datum": "gcj02"}, headers={"accept": "application/geo+json"}
    )
    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json()["features"] == [
        {
            "type": "Feature",
            "properties": {"code": DISTRICT, "name": "平鲁区", "level": "district", "parent": None},
            "geometry": square(112.25, 39.45, 0.1),
        }
    ]


def test_a_point_is_answered_with_its_grid_and_outside_with_404(liu: APIClient) -> None:
    inside = liu.get("/api/v1/grids/locate/", {"lng": 112.305, "lat": 39.505, "datum": "gcj02"})
    outside = liu.get("/api/v1/grids/locate/", {"lng": 112.405, "lat": 39.505, "datum": "gcj02"})
    assert (inside.status_code, inside.json()) == (200, ROW_1)
    assert (outside.status_code, outside["Content-Type"]) == (404, "application/problem+json")
    assert outside.json()["detail"] == "这个位置不在任何网格内，请核对位置，或直接选择网格。"


@pytest.mark.parametrize(
    ("path", "query", "errors"),
    [
        ("grids/locate/", {}, {"lng": ["请给出经度 lng。"], "lat": ["请给出纬度 lat。"]}),
        ("grids/locate/", {"lng": "东", "lat": "39.5"}, {"lng": ["经度 lng 要是数字。"]}),
        ("grids/locate/", {"lng": "nan", "lat": "39.5"}, {"lng": ["经度 lng 要是数字。"]}),
        ("grids/locate/", {"lng": "112.3", "lat": "95"}, {"lat": ["纬度 lat 应在 -90 到 90 之间。"]}),
        (
            "grids/locate/",
            {"lng": "112.3", "lat": "39.5", "datum": "bd09"},
            {"datum": ["坐标系 datum 只能是 wgs84 或 gcj02。"]},
        ),
        ("grids/", {"format": "xml"}, {"format": ["格式 format 只能是 json 或 geojson。"]}),
        ("areas/", {"level": "village"}, {"level": ["级别 level 只能是 district、street 或 community。"]}),
    ],
)
def test_wrong_parameters_are_refused_with_a_sentence(
    liu: APIClient, path: str, query: dict[str, str], errors: dict[str, list[str]]
) -> None:
    answer = liu.get(f"/api/v1/{path}", query)
    assert (answer.status_code, answer.json()["errors"]) == (400, errors)


def test_nobody_without_a_login_reads_the_territory() -> None:
    make_ground()
    paths = ("areas/", "grids/", "grids/locate/?lng=112.3&lat=39.5")
    assert [APIClient().get(f"/api/v1/{path}").status_code in (401, 403) for path in paths] == [True] * 3


@pytest.mark.parametrize("query", [{}, {"format": "geojson"}])
def test_lists_cost_the_same_number_of_queries_for_three_rows_and_for_thirty(
    liu: APIClient, query: dict[str, str]
) -> None:
    def cost() -> int:
        liu.get("/api/v1/grids/", query)
        with CaptureQueriesContext(connection) as asked:
            liu.get("/api/v1/grids/", query)
        return len(asked)

    for_three = cost()
    Grid.objects.bulk_create(
        Grid(code=f"{ANDONG}{number:03}", name=f"安东第{number}网格", community_id=ANDONG, boundary=square(112.30))
        for number in range(3, 30)
    )
    assert (for_three, cost()) == ((2, 2) if query else (1, 1))
