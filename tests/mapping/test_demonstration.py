"""The demonstration's grids have a history, and still no gap and no overlap."""

import pytest
import shapely
from django.utils import timezone

from accounts.choices import Role
from cases.mapping.drawing import _ground
from governance_portal.demo import mapping
from grids.demo import make_territory
from grids.models import Grid, GridVersion
from tests.cases.cast import District
from tests.mapping.conftest import client_of, district, ground

__all__ = ["client_of", "district", "ground"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_border_was_moved_once_however_often_the_demonstration_is_made(ground: District, times: int) -> None:
    assert ground.actor("centre_lead").has(Role.LEADER)
    for _ in range(times):
        mapping.make(timezone.now())
    assert sorted(GridVersion.objects.values_list("change", flat=True)) == ["drawn", "drawn", "found", "found"]
    assert Grid.objects.filter(active=True).count() == 4


def test_on_the_demonstrations_own_ground_a_border_is_moved(district: District) -> None:
    make_territory(timezone.now())
    mapping.make(timezone.now())
    changes = list(GridVersion.objects.values_list("change", flat=True))
    assert changes.count("drawn") == changes.count("found") >= 2


def test_an_outline_that_crosses_itself_takes_the_map_from_nobody() -> None:
    crossed = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert _ground("1", {"11": crossed, "12": shapely.box(0, 0, 0.5, 0.5)}, {}).area == 0.625
