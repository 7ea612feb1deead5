"""Which grid a point lies in: exactly one, the same one always, and at once after a change."""

import math

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from governance_portal.lib.geo import gcj02_to_wgs84
from grids import territory
from grids.models import Area, Grid, TerritoryStamp
from grids.queries import chain_of, inside_district, locate, name_of, names_of
from tests.grids.places import ANDONG, ANXI, DISTRICT, FIRST, SECOND, STREET, THIRD, make_areas, make_ground, square

pytestmark = pytest.mark.django_db


def code_at(lng: float, lat: float, datum: str = "gcj02") -> str:
    """The code of the grid at a point, "" outside."""
    grid = locate(lng, lat, datum)
    return grid.code if grid else ""


def test_a_point_lies_in_the_grid_around_it_and_outside_of_all_in_none() -> None:
    make_ground()
    points = [(112.305, 39.505), (112.315, 39.505), (112.325, 39.505), (112.335, 39.505), (112.305, 39.52), (0.0, 0.0)]
    assert [code_at(*point) for point in points] == [FIRST, SECOND, THIRD, "", "", ""]


def test_a_point_on_a_shared_border_belongs_to_the_smaller_code_always() -> None:
    make_ground()
    border = [(112.31, 39.50 + step / 1000) for step in range(11)]
    assert {code_at(*point) for point in border} == {FIRST}
    assert {code_at(112.32, lat) for _, lat in border} == {SECOND}


def test_a_hairline_between_neighbours_drawn_apart_is_no_hole() -> None:
    make_ground()
    Grid.objects.filter(code=SECOND).update(boundary=square(112.31000004, side=0.00999996))
    assert code_at(112.31000002, 39.505) == FIRST
    assert code_at(112.299998, 39.505) == ""


def test_a_phone_reports_wgs84_and_the_map_is_gcj02() -> None:
    make_ground()
    phone = gcj02_to_wgs84(112.3105, 39.505)
    assert code_at(*phone, "wgs84") == SECOND
    assert code_at(*phone, "gcj02") == FIRST
    grid = locate(*phone)
    assert grid is not None
    assert (grid.code, grid.community.name) == (SECOND, "安东社区居委会")


def test_a_boundary_delivered_in_wgs84_is_converted() -> None:
    make_areas()
    west, south = gcj02_to_wgs84(112.30, 39.50)
    east, north = gcj02_to_wgs84(112.31, 39.51)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    boundary = {"type": "Polygon", "coordinates": [ring]}
    Grid.objects.create(code=FIRST, name="安东第一网格", community_id=ANDONG, boundary=boundary, datum="wgs84")
    assert [code_at(112.3001, 39.505), code_at(112.3099, 39.505), code_at(112.3101, 39.505)] == [FIRST, FIRST, ""]


def test_a_dedicated_grid_goes_before_the_basic_grid_around_it() -> None:
    make_ground()
    school = f"{ANDONG}900"
    Grid.objects.create(
        code=school, name="第一中学", community_id=ANDONG, kind="dedicated", boundary=square(112.304, 39.504, 0.002)
    )
    assert [code_at(112.305, 39.505), code_at(112.301, 39.505)] == [school, FIRST]


def test_numbers_that_are_no_position_lie_nowhere_and_an_unknown_datum_is_an_error() -> None:
    make_ground()
    assert [code_at(*point) for point in [(math.nan, 39.5), (112.3, math.inf), (512.3, 39.5), (39.5, 112.3)]] == [
        ""
    ] * 4
    with pytest.raises(ValueError, match="unknown datum"):
        locate(112.305, 39.505, "bd09")


def test_every_kind_of_change_is_seen_at_once() -> None:
    make_ground()
    seen = [code_at(112.305, 39.505)]
    Grid.objects.filter(code=FIRST).update(active=False)
    seen.append(code_at(112.305, 39.505))
    grid = Grid.objects.get(code=SECOND)
    grid.boundary = square(112.30)
    grid.save(update_fields=["boundary"])
    seen.append(code_at(112.305, 39.505))
    grid.boundary = square(112.40)
    Grid.objects.bulk_update([grid], ["boundary"])
    seen.append(code_at(112.305, 39.505))
    third = f"{ANDONG}003"
    Grid.objects.bulk_create([Grid(code=third, name="x", community_id=ANDONG, boundary=square(112.30))])
    seen.append(code_at(112.305, 39.505))
    Grid.objects.get(code=third).delete()
    seen.append(code_at(112.305, 39.505))
    assert seen == [FIRST, "", SECOND, "", third, ""]


def test_a_change_that_was_rolled_back_is_forgotten() -> None:
    make_ground()
    seen = [code_at(112.305, 39.505)]
    with transaction.atomic():
        Grid.objects.filter(code=FIRST).update(active=False)
        seen.append(code_at(112.305, 39.505))
        transaction.set_rollback(True)
    seen.append(code_at(112.305, 39.505))
    assert seen == [FIRST, "", FIRST]


def test_a_change_that_was_rolled_back_within_a_request_is_forgotten_in_that_request() -> None:
    """A trial import in the configuration rolls back and goes on drawing; so does a test after an answer nobody read."""
    make_ground()
    territory.begin_request()
    try:
        seen = [code_at(112.305, 39.505)]
        with transaction.atomic():
            Grid.objects.filter(code=FIRST).update(active=False)
            seen.append(code_at(112.305, 39.505))
            transaction.set_rollback(True)
        seen.append(code_at(112.305, 39.505))
    finally:
        territory.end_request()
    assert seen == [FIRST, "", FIRST]


def test_an_answer_that_is_never_read_to_its_end_leaves_no_old_ground_behind() -> None:
    """Django tells the end of a request when a streamed answer is closed; a test that only looks at its status never does."""
    make_ground()
    territory.begin_request()
    assert code_at(112.305, 39.505) == FIRST
    Grid.objects.filter(code=FIRST).update(active=False)
    assert code_at(112.305, 39.505) == ""
    territory.begin_request()
    try:
        assert (code_at(112.305, 39.505), code_at(112.315, 39.505)) == ("", SECOND)
    finally:
        territory.end_request()


def test_changing_what_locate_gave_changes_nobody_elses_grid() -> None:
    make_ground()
    mine = locate(112.305, 39.505, "gcj02")
    assert mine is not None
    mine.name = "改过的名字"
    other = locate(112.305, 39.505, "gcj02")
    assert other is not None
    assert other.name == "安东第一网格"


def test_a_request_looks_at_the_stamp_once_however_many_names_it_shows() -> None:
    make_ground()
    name_of(FIRST)
    territory.begin_request()
    try:
        with CaptureQueriesContext(connection) as asked:
            words = [name_of(FIRST) for _ in range(30)]
            chains = [chain_of(SECOND) for _ in range(30)]
    finally:
        territory.end_request()
    assert len(asked) == 1
    assert words == ["安东第一网格"] * 30
    assert chains[0] == [
        (DISTRICT, "平鲁区"),
        (STREET, "井坪镇"),
        (ANDONG, "安东社区居委会"),
        (SECOND, "安东第二网格"),
    ]


def test_the_next_request_sees_what_another_process_wrote() -> None:
    make_ground()
    assert name_of(FIRST) == "安东第一网格"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grids_grid SET name = %s WHERE code = %s", ["改名网格", FIRST])
        cursor.execute("UPDATE grids_territorystamp SET stamp = %s", ["another-process"])
    assert name_of(FIRST) == "改名网格"
    assert TerritoryStamp.objects.count() == 1


def test_names_and_chains_of_codes_nobody_knows_are_empty() -> None:
    make_ground()
    assert [name_of(""), name_of("999999"), name_of(ANXI)] == ["", "", "安西社区居委会"]
    assert names_of([STREET, "999999", THIRD]) == {STREET: "井坪镇", THIRD: "安西第一网格"}
    assert chain_of(f"{STREET}999") == [(DISTRICT, "平鲁区"), (STREET, "井坪镇")]
    assert chain_of("") == []


def test_inside_the_district_is_inside_its_line_or_within_fifty_metres() -> None:
    make_ground()
    points = [(112.26, 39.46), (112.25 - 0.0004, 39.46), (112.25 - 0.001, 39.46), (math.nan, 39.46)]
    assert [inside_district(*point, "gcj02", DISTRICT) for point in points] == [True, True, False, False]
    phone = gcj02_to_wgs84(112.2501, 39.4501)
    assert [inside_district(*phone, datum, DISTRICT) for datum in ("wgs84", "gcj02")] == [True, False]


def test_a_district_without_a_line_of_its_own_is_the_ground_of_its_grids() -> None:
    make_ground()
    Area.objects.filter(code=DISTRICT).update(boundary=None)
    points = [(112.305, 39.505), (112.26, 39.46)]
    assert [inside_district(*point, "gcj02", DISTRICT) for point in points] == [True, False]


def test_a_district_without_any_shape_refuses_nobody() -> None:
    make_areas()
    Area.objects.update(boundary=None)
    assert inside_district(112.26, 39.46, "gcj02", DISTRICT)
