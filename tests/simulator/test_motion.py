from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator import panorama, scenes
from app.simulator.motion import PtzMotion


def test_a_move_has_inertia_and_ends_with_its_timeout() -> None:
    head = PtzMotion()
    head.continuous(0.0, pan=1.0, timeout_s=1.0)
    head.advance(0.05)
    assert 0 < head.position["pan"] < 0.02
    head.advance(1.0)
    at_timeout = head.position["pan"]
    assert head.moving
    head.advance(3.0)
    assert not head.moving
    assert at_timeout < head.position["pan"] < at_timeout + 0.1


def test_limits_hold() -> None:
    head = PtzMotion()
    head.continuous(0.0, pan=-1.0, tilt=1.0, zoom=1.0, timeout_s=math.inf)
    head.advance(60.0)
    assert head.position == {"pan": -1.0, "tilt": 1.0, "zoom": 1.0}
    assert not head.moving


def test_presets_and_home() -> None:
    head = PtzMotion()
    head.absolute(0.0, pan=0.4, tilt=-0.3, zoom=0.5)
    head.advance(5.0)
    preset = head.set_preset(5.0, "gate")
    head.go_to(5.0, head.home)
    head.advance(12.0)
    assert head.position["pan"] == pytest.approx(0.0, abs=0.003)
    head.go_to(12.0, head.presets[preset.token].position)
    head.advance(20.0)
    assert head.position["pan"] == pytest.approx(0.4, abs=0.003)


def test_stop_of_one_axis_leaves_the_other() -> None:
    head = PtzMotion()
    head.continuous(0.0, pan=1.0, zoom=1.0, timeout_s=10)
    head.stop(0.5, zoom=True, pan_tilt=False)
    head.advance(1.5)
    zoom = head.position["zoom"]
    head.advance(2.0)
    assert head.position["zoom"] == zoom
    assert head.moving


def test_a_position_for_one_axis_leaves_the_other_its_timeout() -> None:
    head = PtzMotion()
    head.continuous(0.0, pan=0.1, timeout_s=1.0)
    head.absolute(0.5, zoom=0.2)
    head.advance(8.0)
    assert not head.moving
    assert head.position["pan"] < 0.1
    assert head.position["zoom"] == pytest.approx(0.2, abs=0.003)


def test_each_axis_tells_whether_it_turns() -> None:
    head = PtzMotion()
    head.continuous(0.0, zoom=1.0, timeout_s=5.0)
    head.advance(0.5)
    assert head.turns("zoom")
    assert not head.turns("pan")
    head.stop(0.5)
    head.advance(1.0)
    assert not head.moving


def test_a_later_velocity_replaces_a_position() -> None:
    head = PtzMotion()
    head.absolute(0.0, pan=1.0)
    head.continuous(0.2, pan=-1.0, timeout_s=1.0)
    head.advance(5.0)
    assert head.position["pan"] < 0
    assert not head.moving


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 2)), max_size=12))
def test_never_leaves_its_range(moves: list[tuple[float, float, float]]) -> None:
    head, now = PtzMotion(), 0.0
    for pan, tilt, wait in moves:
        head.continuous(now, pan=pan, tilt=tilt, zoom=pan, timeout_s=1)
        now += wait
        head.advance(now)
        assert -1 <= head.position["pan"] <= 1
        assert -1 <= head.position["tilt"] <= 1
        assert 0 <= head.position["zoom"] <= 1


def _differ(a: scenes.Rgb, b: scenes.Rgb) -> float:
    """How much two views differ at best, one pushed by up to a pixel: positions are rounded."""
    height, width = min(a.shape[0], b.shape[0]) - 2, min(a.shape[1], b.shape[1]) - 2
    inner = a[1 : height + 1, 1 : width + 1].astype(int)
    return min(
        float(np.abs(inner - b[y : y + height, x : x + width]).mean())
        for y in range(3)
        for x in range(3)
    )


@pytest.mark.parametrize("zoom", [0.0, 0.3, 1.0])
def test_half_a_view_away_the_right_half_has_become_the_left(zoom: float) -> None:
    right, up = panorama.half_view(zoom)
    here = panorama.crop(-0.2, 0.1, zoom)
    half = here.shape[1] // 2
    assert _differ(here[:, half:], panorama.crop(-0.2 + right, 0.1, zoom)[:, :half]) < 1
    half = here.shape[0] // 2
    if up < 1:
        assert _differ(here[:half], panorama.crop(-0.2, 0.1 + up, zoom)[half:]) < 1


def test_zooming_keeps_the_middle() -> None:
    near, far = panorama.crop(0.7, -0.4, 0.8), panorama.crop(0.7, -0.4, 0.2)
    y, x = ((f - n) // 2 for f, n in zip(far.shape[:2], near.shape[:2], strict=True))
    assert _differ(far[y : y + near.shape[0], x : x + near.shape[1]], near) < 1
