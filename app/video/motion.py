"""Whether the view itself moves, told from two pictures: for PTZ heads that do not tell.

A person or a car changes a part of the picture; a turning or zooming camera changes all of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.video.types import Picture

Grid = npt.NDArray[np.float32]
"""Mean luminance (of green) in 18 x 32 cells."""

ROWS, COLUMNS, SAMPLES = 18, 32, 4
CHANGED, SHARE = 5.0, 0.3
"""A cell has changed by so many of 255 levels; the view moves when so large a share has."""
PLAIN = 6.0
"""Standard deviation of a scene in which a movement would not show."""


def grid(picture: Picture) -> Grid:
    """The picture reduced for `view_moved`. Reads shared memory: call where pictures are painted."""
    pixels = np.frombuffer(picture.data, np.uint8)[: picture.stride * picture.height]
    green = pixels.reshape(picture.height, picture.stride)[:, 1 : picture.width * 4 : 4]
    rows = np.linspace(0, picture.height - 1, ROWS * SAMPLES).astype(np.intp)
    columns = np.linspace(0, picture.width - 1, COLUMNS * SAMPLES).astype(np.intp)
    samples = green[np.ix_(rows, columns)].astype(np.float32)
    return samples.reshape(ROWS, SAMPLES, COLUMNS, SAMPLES).mean(axis=(1, 3))  # type: ignore[no-any-return]


def view_moved(before: Grid, after: Grid) -> bool | None:
    """True or False, or None where the scene is too plain (night, fog, a wall) to tell."""
    share = float((np.abs(after - before) > CHANGED).mean())
    if share > SHARE:
        return True
    return None if float(after.std()) < PLAIN else False
