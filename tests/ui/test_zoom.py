"""Digital zoom and picture shapes: numbers only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.zoom import MOST, Aspect, Zoom, placement, wanted

share = st.floats(0, 1)


@given(st.lists(st.tuples(share, share, st.floats(-3, 3)), max_size=12))
def test_what_is_shown_never_leaves_the_picture(turns: list[tuple[float, float, float]]) -> None:
    zoom = Zoom()
    for x, y, steps in turns:
        zoom = zoom.at(x, y, steps).moved(x - 0.5, y - 0.5)
        left, top, w, h = zoom.rectangle()
        assert 1 <= zoom.factor <= MOST
        assert left >= -1e-9
        assert top >= -1e-9
        assert left + w <= 1 + 1e-9
        assert top + h <= 1 + 1e-9


def test_the_point_under_the_pointer_stays_where_it_is() -> None:
    zoom = Zoom().at(0.6, 0.4, 3)
    left, top, w, h = zoom.rectangle()
    assert (left + 0.6 * w, top + 0.4 * h) == pytest.approx((0.6, 0.4))


def test_a_box_fills_the_tile() -> None:
    left, top, w, h = Zoom().to_box(0.25, 0.25, 0.5, 0.5).rectangle()
    assert (left, top, w, h) == pytest.approx((0.25, 0.25, 0.25, 0.25))


def test_shapes() -> None:
    box, picture = (10.0, 20.0, 200.0, 100.0), (400, 400)
    assert placement(box, picture, Zoom(), Aspect.FIT) == ((60, 20, 100, 100), (0, 0, 400, 400))
    assert placement(box, picture, Zoom(), Aspect.STRETCH) == (box, (0, 0, 400, 400))
    assert placement(box, picture, Zoom(), Aspect.FILL) == (box, (0, 100, 400, 200))
    zoomed = placement(box, picture, Zoom(2, 0.5, 0.5), Aspect.FILL)
    assert zoomed == (box, (100, 150, 200, 100))


def test_zoomed_the_decoder_is_asked_for_more_but_not_for_more_than_there_is() -> None:
    assert wanted(640, 360, (1920, 1080), Zoom(), Aspect.FIT) == (640, 360)
    assert wanted(640, 360, (1920, 1080), Zoom(2), Aspect.FIT) == (1280, 720)
    assert wanted(640, 360, (1920, 1080), Zoom(8), Aspect.FIT) == (1920, 1080)
    assert wanted(640, 360, (640, 360), Zoom(4), Aspect.FIT) == (640, 360)
    assert wanted(400, 100, (1600, 800), Zoom(), Aspect.FILL) == (400, 200)
