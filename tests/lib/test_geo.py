"""Between WGS-84 and GCJ-02."""

import pytest

from governance_portal.lib.geo import gcj02_to_wgs84, wgs84_to_gcj02

# Tiananmen, Shuozhou, Pingxiang, Kashgar, Mohe.
POINTS = [(116.391349, 39.907375), (112.4333, 39.3313), (113.8543, 27.6225), (75.9938, 39.4677), (122.5386, 52.9733)]


def test_a_point_agrees_with_the_public_approximation() -> None:
    """The vector printed in the test of wandergis/coordtransform, which other ports are checked against."""
    assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)


@pytest.mark.parametrize("point", POINTS)
def test_there_and_back_is_the_same_place(point: tuple[float, float]) -> None:
    assert gcj02_to_wgs84(*wgs84_to_gcj02(*point)) == pytest.approx(point, abs=1e-8)
    assert wgs84_to_gcj02(*gcj02_to_wgs84(*point)) == pytest.approx(point, abs=1e-8)


def test_the_shift_is_hundreds_of_metres_and_not_kilometres() -> None:
    for lng, lat in POINTS:
        moved_lng, moved_lat = wgs84_to_gcj02(lng, lat)
        assert 0.0005 < abs(moved_lng - lng) + abs(moved_lat - lat) < 0.015


def test_places_abroad_are_left_alone() -> None:
    assert wgs84_to_gcj02(2.3522, 48.8566) == (2.3522, 48.8566)
    assert gcj02_to_wgs84(2.3522, 48.8566) == (2.3522, 48.8566)
