"""Whether a camera still shows what was accepted, on drawn scenes with other people and cars in them."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from app.simulator import scenes
from app.simulator.scenes import Disturbance
from app.video.comparison import FINE, Plane, Seen, compare, nearest, plane

NOW = "21:14:03"


def shown(scene: str, t: float, wrong: Disturbance = scenes.WHOLE, light: float = 1.0) -> Plane:
    """As a camera sends it: with its name and clock, as JPEG."""
    background, paint = scenes._DRAWN[scene](1280, 720)
    paint(ImageDraw.Draw(background), t)
    picture = wrong.seen(ImageEnhance.Brightness(background).enhance(light))
    scenes.label(picture, scene, f"12:00:{t:04.1f}")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return plane(file.getvalue())


@pytest.mark.parametrize("scene", scenes.DRAWN)
def test_people_and_cars_and_dusk_are_no_fault(scene: str) -> None:
    reference = shown(scene, 2)
    for now in (shown(scene, 6), shown(scene, 8, light=0.5)):
        found = compare(reference, now)
        assert found.findings == (Seen.SAME,), found
        assert not found.wrong


@pytest.mark.parametrize("scene", scenes.DRAWN)
def test_a_camera_that_was_knocked_aside_is_told_with_how_far(scene: str) -> None:
    """Ten degrees of sixty: the scene went a sixth of the width to the left."""
    found = compare(shown(scene, 2), shown(scene, 6, Disturbance(pan=10)))
    assert found.findings == (Seen.MOVED,)
    assert found.shift_x == pytest.approx(-10 / scenes.VIEW_DEG, abs=0.01)
    assert found.shift_y == pytest.approx(0, abs=0.01)
    assert found.sharpness == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("scene", scenes.DRAWN)
def test_knocked_and_out_of_focus_are_told_apart(scene: str) -> None:
    reference = shown(scene, 2)
    blurred = compare(reference, shown(scene, 6, Disturbance(blur=0.006)))
    assert blurred.findings == (Seen.BLURRED,)
    both = compare(reference, shown(scene, 6, Disturbance(pan=10, blur=0.006)))
    assert both.findings == (Seen.MOVED, Seen.BLURRED)
    assert both.shift_x == pytest.approx(-10 / scenes.VIEW_DEG, abs=0.01)


def test_a_camera_that_hangs_crooked() -> None:
    found = compare(shown("junction", 2), shown("junction", 6, Disturbance(roll=5)))
    assert Seen.TURNED in found.findings
    assert found.rotation_deg == pytest.approx(5, abs=0.7)
    assert found.scale == pytest.approx(1.25, abs=0.03)  # the simulator cuts the corners away


def test_covered_and_dark() -> None:
    reference = shown("carpark", 2)
    assert compare(reference, shown("carpark", 6, Disturbance(covered=True))).findings == (
        Seen.COVERED,
    )
    dark = np.full((FINE * 9 // 16, FINE), 4.0, np.float32)
    assert compare(reference, dark).findings == (Seen.DARK,)
    # A reference that shows nothing tells nothing.
    assert compare(dark, reference).findings == (Seen.CANNOT_TELL,)
    assert compare(dark, reference).why == "reference empty"


def test_another_place_is_not_taken_for_a_moved_view() -> None:
    """Nothing in common: no number is told, however small the confidence would be."""
    for a, b in itertools.combinations(scenes.DRAWN, 2):
        found = compare(shown(a, 2), shown(b, 6))
        assert Seen.CANNOT_TELL in found.findings, (a, b, found)
        assert not {Seen.SAME, Seen.MOVED} & set(found.findings)
        assert found.shift_x is None


def test_the_reference_is_that_of_the_same_light_and_else_of_the_hour() -> None:
    day, night = shown("junction", 2), shown("street", 2)
    references, hours = {"day": day, "night": night}, {"day": 11.0, "night": 23.0}
    assert nearest(references, shown("junction", 6), hours, 23.5) == "day"
    assert nearest(references, shown("street", 6), hours, 12.0) == "night"
    twins = {"day": day, "night": day}
    assert nearest(twins, shown("junction", 6), hours, 1.0) == "night"
    assert nearest(twins, shown("junction", 6), hours, 9.0) == "day"


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        plane(b"\xff\xd8 not a picture")
    file = io.BytesIO()
    Image.new("L", (30, 20)).save(file, "GIF")
    with pytest.raises(ValueError, match="no picture"):
        plane(file.getvalue())
