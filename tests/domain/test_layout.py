from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.layout import BUILT_IN, Cell, Layout, View, grid


@pytest.mark.parametrize("key", list(BUILT_IN))
def test_built_in_layouts_cover_the_wall_without_overlap(key: str) -> None:
    layout = BUILT_IN[key]
    area = sum(w * h for i in range(len(layout.cells))
               for _, _, w, h in [layout.rectangle(i, 1920, 1080)])  # fmt: skip
    assert area == 1920 * 1080


@pytest.mark.parametrize(
    ("key", "tiles"), [("1+5", 6), ("1+7", 8), ("2+8", 10), ("8x8", 64), ("1", 1)]
)
def test_names_say_how_many_tiles(key: str, tiles: int) -> None:
    assert len(BUILT_IN[key].cells) == tiles


@pytest.mark.parametrize(
    "cells",
    [
        (Cell(0, 0, 2, 2), Cell(1, 1)),
        (Cell(0, 2),),
        (Cell(-1, 0),),
        (Cell(0, 0, 0, 1),),
        (),
    ],
)
def test_impossible_layouts_are_refused(cells: tuple[Cell, ...]) -> None:
    with pytest.raises(ValueError, match="layout bad"):
        Layout("bad", 2, 2, cells)


def test_a_site_fills_free_tiles_and_never_throws_a_camera_off() -> None:
    view = View(grid(2, 2), ("a", None, "b", None))
    after = view.place_many(1, ("x", "y", "z"))
    assert after.cameras == ("a", "x", "b", "y")


def test_swap_and_clear() -> None:
    view = View(grid(1, 3), ("a", "b", None)).swap(0, 2)
    assert view.cameras == (None, "b", "a")
    assert view.place(1, None).cameras == (None, None, "a")


@given(st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=3)), max_size=9))
def test_a_larger_layout_loses_nobody(cameras: list[str | None]) -> None:
    view = View(grid(3, 3), tuple(cameras))
    grown = view.with_layout(BUILT_IN["4x4"])
    assert [c for c in grown.cameras if c] == [c for c in view.cameras if c]


def test_a_smaller_layout_closes_gaps_before_it_drops() -> None:
    view = View(grid(2, 2), (None, "a", None, "b"))
    assert view.with_layout(grid(1, 2)).cameras == ("a", "b")
