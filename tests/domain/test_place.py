from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.place import (
    EARTH_RADIUS_M,
    Point,
    bearing_deg,
    boxes,
    distance_m,
    faces,
    nearest,
    radii,
    sector,
)

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
HALF_ROUND = math.pi * EARTH_RADIUS_M


def test_known_distances_and_directions() -> None:
    lishui, hangzhou = Point(28.4517, 119.9221), Point(30.2741, 120.1551)
    assert distance_m(lishui, hangzhou) == pytest.approx(203_900, rel=0.005)
    assert bearing_deg(lishui, hangzhou) == pytest.approx(6.3, abs=0.3)
    # One minute of latitude is a nautical mile, by its old definition.
    assert distance_m(Point(28, 119), Point(28 + 1 / 60, 119)) == pytest.approx(1853, abs=1)


@pytest.mark.parametrize(
    ("to", "degrees"),
    [((1, 0), 0), ((0, 1), 90), ((-1, 0), 180), ((0, -1), 270)],
)
def test_the_four_ways(to: tuple[float, float], degrees: float) -> None:
    assert bearing_deg(Point(0, 0), Point(*to)) == pytest.approx(degrees)


@given(points, points)
def test_distance_is_a_distance(a: Point, b: Point) -> None:
    there = distance_m(a, b)
    assert 0 <= there <= HALF_ROUND * (1 + 1e-9)
    assert there == pytest.approx(distance_m(b, a), abs=1e-3)
    assert distance_m(a, a) == 0
    assert 0 <= bearing_deg(a, b) < 360


@given(points, points, st.floats(1, 3_000_000))
def test_a_box_holds_all_that_is_within_its_radius(a: Point, b: Point, radius: float) -> None:
    if distance_m(a, b) <= radius * (1 - 1e-6):
        inside = [
            box for box in boxes(a, radius)
            if box.south - 1e-9 <= b.latitude <= box.north + 1e-9
            and box.west - 1e-9 <= b.longitude <= box.east + 1e-9
        ]  # fmt: skip
        assert inside


def test_circles_grow_until_they_are_the_earth() -> None:
    every = list(radii())
    assert every == sorted(every)
    assert every[-1] == HALF_ROUND
    assert [b.west for b in boxes(Point(28, 119), HALF_ROUND)] == [-180]


@given(st.floats(0, 359.999))
def test_a_sector_is_the_nearest_of_eight(bearing: float) -> None:
    off = abs((bearing - sector(bearing) * 45 + 180) % 360 - 180)
    assert off <= 22.5 + 1e-9


def test_a_camera_east_of_a_place_faces_it_when_it_looks_west() -> None:
    assert faces(270, 90)
    assert faces(300, 90)
    assert not faces(90, 90)
    assert not faces(None, 90)
    assert faces(10, 180)  # it stands south and looks north


def test_the_nearest_come_first_and_no_more_than_asked() -> None:
    here = Point(28.45, 119.92)
    rows = [("far", Point(28.5, 119.92)), ("near", Point(28.451, 119.92)), ("here", here)]
    assert [i for i, _ in nearest(here, rows, 2)] == ["here", "near"]


@pytest.mark.parametrize("wrong", [(91, 0), (0, 181), (float("nan"), 0), (None, 1)])
def test_what_is_not_on_earth_is_no_point(wrong: tuple[float | None, float | None]) -> None:
    assert Point.of(*wrong) is None
