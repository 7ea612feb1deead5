"""The demonstration's territory: real names, invented ground, nothing left over and nothing twice."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import shapely
from shapely.geometry import shape

from grids.demo import DISTRICT, MadeTerritory, make_territory
from grids.demo_shapes import cells, outline
from grids.models import Area, Grid
from grids.queries import chain_of, inside_district, locate

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_territory_is_made_once_quickly_and_the_second_time_nothing_is_added() -> None:
    begun = time.process_time()  # the machine may be busy with something else
    made = make_territory(NOW)
    took = time.process_time() - begun
    assert made == MadeTerritory(DISTRICT, areas=247, grids=506)
    assert took < 3
    assert make_territory(NOW) == MadeTerritory(DISTRICT, areas=0, grids=0)
    assert Counter(Area.objects.values_list("level", flat=True)) == {"district": 1, "street": 12, "community": 234}
    assert Counter(Grid.objects.values_list("work_class", flat=True)) == {"community": 120, "village": 386}


@pytest.mark.django_db
def test_grids_are_numbered_and_named_as_in_the_field() -> None:
    make_territory(NOW)
    grid = Grid.objects.get(code="140603100001011")
    assert (grid.name, grid.community_id, grid.kind, grid.datum) == (
        "井坪镇古城社区第十一网格",
        "140603100001",
        "basic",
        "gcj02",
    )
    assert grid.extent == "井坪镇古城社区第十一网格界线以地图为准（2026 年核定）。"
    assert chain_of("140603100222001") == [
        ("140603", "平鲁区"),
        ("140603100", "井坪镇"),
        ("140603100222", "北坪村村委会"),
        ("140603100222001", "井坪镇北坪村第一网格"),
    ]
    for made in [*Grid.objects.all()[:20], *Area.objects.all()[:20]]:
        made.full_clean()


@pytest.mark.django_db
def test_what_somebody_changed_stays_changed() -> None:
    make_territory(NOW)
    Grid.objects.filter(code="140603100001001").update(name="古城第一网格（改）")
    Grid.objects.filter(code="140603100001002").delete()
    assert make_territory(NOW) == MadeTerritory(DISTRICT, areas=0, grids=1)
    assert Grid.objects.get(code="140603100001001").name == "古城第一网格（改）"


@pytest.mark.django_db
def test_grids_and_areas_cover_the_ground_without_gaps_and_overlaps() -> None:
    make_territory(NOW)
    ground = shape(Area.objects.get(code=DISTRICT).boundary)
    for places in (Grid.objects.all(), *(Area.objects.filter(level=level) for level in ("street", "community"))):
        shapes = [shape(place.boundary) for place in places]
        assert all(piece.is_valid for piece in shapes)
        assert abs(sum(piece.area for piece in shapes) - ground.area) < 1e-12
        assert shapely.union_all(shapes).equals(ground)
    for grid in Grid.objects.select_related("community")[::25]:
        assert shape(grid.community.boundary).covers(shape(grid.boundary))


@pytest.mark.django_db
def test_every_point_of_the_ground_lies_in_one_grid_and_finding_it_takes_less_than_a_millisecond() -> None:
    make_territory(NOW)
    insides = [(grid.code, shape(grid.boundary).representative_point()) for grid in Grid.objects.all()]
    corners = [corner for cell in cells(506)[::10] for corner in cell.exterior.coords]
    locate(*corners[0], "gcj02")
    took = []
    for _ in range(3):  # the best of three: the machine may be busy with something else
        begun = time.perf_counter()
        found = [getattr(locate(point.x, point.y, "gcj02"), "code", "") for _, point in insides]
        took.append((time.perf_counter() - begun) / len(insides))
    assert found == [code for code, _ in insides]
    assert all(locate(lng, lat, "gcj02") is not None for lng, lat in corners)
    assert inside_district(112.3, 39.5, "gcj02", DISTRICT)
    assert not inside_district(112.3, 40.5, "gcj02", DISTRICT)
    assert min(took) < 0.001


@pytest.mark.django_db
def test_fewer_grids_than_communities_are_refused() -> None:
    with pytest.raises(ValueError, match="234 communities"):
        make_territory(NOW, grids=100)


def test_the_outline_is_invented_and_stays_the_same() -> None:
    drawn = outline()
    assert drawn.is_valid
    assert drawn.contains(shapely.Point(112.3, 39.5))
    assert [round(bound, 2) for bound in drawn.bounds] == [112.02, 39.25, 112.61, 39.78]
    assert len(drawn.exterior.coords) == 14 * 8 + 1
