"""The geometry against the table of the domain reference, 6.1."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.coverage import (
    DETAIL_2015,
    DETAIL_2025,
    Mounting,
    Optics,
    density_at,
    distances_m,
    focal_for,
    marks,
    measured_density,
    optics_of,
    reached,
    sector,
)

TWO, FOUR, EIGHT = (5.568, 3.132, 1920), (5.12, 2.88, 2560), (7.68, 4.32, 3840)


@pytest.mark.parametrize(
    (
        "sensor",
        "focal",
        "hfov",
        "detect",
        "observe",
        "recognise",
        "identify",
        "overview",
        "validate",
    ),
    [
        (TWO, 2.8, 89.7, 38.6, 15.4, 7.7, 3.9, 48.3, 1.9),
        (TWO, 4, 69.7, 55.2, 22.1, 11.0, 5.5, 69.0, 2.8),
        (TWO, 6, 49.8, 82.8, 33.1, 16.6, 8.3, 103.4, 4.1),
        (TWO, 12, 26.1, 165.5, 66.2, 33.1, 16.6, 206.9, 8.3),
        (FOUR, 4, 65.2, 80.0, 32.0, 16.0, 8.0, 100.0, 4.0),
        (EIGHT, 6, 65.2, 120.0, 48.0, 24.0, 12.0, 150.0, 6.0),
        (EIGHT, 12, 35.5, 240.0, 96.0, 48.0, 24.0, 300.0, 12.0),
    ],
)
def test_the_table_of_the_reference(
    sensor: tuple[float, float, int], focal: float, hfov: float, detect: float, observe: float,
    recognise: float, identify: float, overview: float, validate: float,
) -> None:  # fmt: skip
    optics = Optics(*sensor, focal)
    assert round(optics.hfov_deg, 1) == hfov
    old, new = distances_m(optics), distances_m(optics, DETAIL_2025)
    assert [round(old[n], 1) for n in ("detect", "observe", "recognise", "identify")] == (
        pytest.approx([detect, observe, recognise, identify], abs=0.051)
    )
    assert [round(new[n], 1) for n in ("overview", "validate")] == (
        pytest.approx([overview, validate], abs=0.051)
    )


def test_the_ground_of_the_reference() -> None:
    optics = Optics(*TWO, 4)
    assert round(optics.vfov_deg, 2) == 42.76
    steep, flat = Mounting(6, 25), Mounting(6, 20)
    assert round(steep.near_m(optics.vfov_deg), 2) == 5.72
    assert steep.far_m(optics.vfov_deg) == pytest.approx(94.85, abs=0.3)
    assert round(flat.near_m(optics.vfov_deg), 2) == 6.81
    assert flat.far_m(optics.vfov_deg) == math.inf
    assert Mounting(6, 80).near_m(optics.vfov_deg) == 0


def test_the_class_that_is_reached() -> None:
    assert reached(250) == "identify"
    assert reached(249.9) == "recognise"
    assert reached(12) == ""
    assert reached(250, DETAIL_2025) == "characterise"
    # A face below a high camera is further away than its place on the ground.
    optics, high = Optics(*TWO, 12), Mounting(8, 20)
    assert reached(optics.density(16)) == "identify"
    assert reached(density_at(optics, high, 16)) == "recognise"
    assert round(high.above_deg(16), 1) == 21.8
    assert measured_density(425) == 250


def test_nonsense_is_refused() -> None:
    for wrong in ((0, 1, 1, 1), (1, 1, -5, 1), (1, 1, 1, math.nan)):
        with pytest.raises(ValueError, match="more than nothing"):
            Optics(*wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="distance"):
        Optics(*TWO, 4).density(0)
    with pytest.raises(ValueError, match="180"):
        focal_for(5, 180)


@given(st.floats(1, 20), st.floats(1, 100), st.sampled_from(sorted(DETAIL_2015.values())))
def test_distance_and_density_are_each_others_inverse(
    width: float, focal: float, density: float
) -> None:
    optics = Optics(width, width * 9 / 16, 1920, focal)
    assert optics.density(optics.distance_m(density)) == pytest.approx(density)
    assert focal_for(width, optics.hfov_deg) == pytest.approx(focal)


def test_what_is_reached_at_the_marks() -> None:
    """1/2.8 inch, 4 mm, 6 m high and 25 degrees down (6.1): ground from 5.72 m to 94.85 m."""
    optics, mounting = Optics(*TWO, 4), Mounting(6, 25)
    close, middle, far = marks(optics, mounting, (5.0, 15.0, 100.0))
    assert (close.seen, middle.seen, far.seen) == (False, True, False)
    assert (close.steep, middle.steep) == (True, False)
    assert middle.density == pytest.approx(optics.density(math.hypot(15, 4.4)))
    assert (close.name, middle.name, far.name) == ("recognise", "observe", "monitor")
    # The same from the field of view alone.
    (same,) = marks(optics_of(optics.hfov_deg, 1920), mounting, (15.0,))
    assert same.density == pytest.approx(middle.density)
    with pytest.raises(ValueError, match="field of view"):
        optics_of(180, 1920)


def test_the_sector_on_a_plan_looks_where_the_camera_does() -> None:
    """y goes down: north is up, east is right."""
    east = sector(10, 10, 90, 60, 0, 5)
    assert max(x for x, _ in east) == pytest.approx(15, abs=0.01)
    assert min(x for x, _ in east) == 10
    north = sector(10, 10, 0, 60, 2, 5)
    assert min(y for _, y in north) == pytest.approx(5, abs=0.01)
    assert max(y for _, y in north) < 8.5  # nothing of the dead zone
