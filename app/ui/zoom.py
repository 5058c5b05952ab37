"""Which part of a picture a tile shows: digital zoom and the picture's shape. Plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST = 8.0
STEP = 1.25


class Aspect(StrEnum):
    """How a picture meets a tile of another shape."""

    FIT = "fit"  # all of it, black beside
    FILL = "fill"  # no black, edges cut
    STRETCH = "stretch"  # all of it, distorted


@dataclass(frozen=True, slots=True)
class Zoom:
    """`factor` times nearer around a centre (0..1 of the picture's width and height)."""

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def on(self) -> bool:
        """Whether not all of the picture is shown."""
        return self.factor > 1.001

    def rectangle(self) -> tuple[float, float, float, float]:
        """Left, top, width, height of what is shown (0..1)."""
        side = 1 / self.factor
        return self.x - side / 2, self.y - side / 2, side, side

    def at(self, x: float, y: float, steps: float) -> Zoom:
        """Nearer (positive) or farther; what lies at (x, y) of the *shown* part stays there."""
        left, top, side, _ = self.rectangle()
        factor = min(MOST, max(1.0, self.factor * STEP**steps))
        new = 1 / factor
        px, py = left + x * side, top + y * side
        return Zoom(factor, px - x * new + new / 2, py - y * new + new / 2).kept_inside()

    def moved(self, dx: float, dy: float) -> Zoom:
        """Pushed by a share of the shown part: the picture follows the hand."""
        side = 1 / self.factor
        return Zoom(self.factor, self.x - dx * side, self.y - dy * side).kept_inside()

    def to_box(self, x0: float, y0: float, x1: float, y1: float) -> Zoom:
        """Onto a box drawn over the shown part (corners 0..1)."""
        left, top, side, _ = self.rectangle()
        share = max(abs(x1 - x0), abs(y1 - y0), side / MOST)
        factor = min(MOST, self.factor / share)
        return Zoom(factor, left + (x0 + x1) / 2 * side, top + (y0 + y1) / 2 * side).kept_inside()

    def kept_inside(self) -> Zoom:
        """The same with nothing beyond the picture's edges."""
        half = 0.5 / self.factor
        return Zoom(self.factor, min(1 - half, max(half, self.x)), min(1 - half, max(half, self.y)))


Box = tuple[float, float, float, float]
"""Left, top, width, height."""

Point = tuple[float, float]


def placement(box: Box, picture: tuple[int, int], zoom: Zoom, aspect: Aspect) -> tuple[Box, Box]:
    """(where in the tile, which part of the picture), in the tile's and the picture's pixels."""
    left, top, width, height = box
    wide, high = picture
    x, y, w, h = zoom.rectangle()
    if aspect is Aspect.FIT:
        scale = min(width / wide, height / high)
        tw, th = wide * scale, high * scale
        target = left + (width - tw) / 2, top + (height - th) / 2, tw, th
        return target, (x * wide, y * high, w * wide, h * high)
    if aspect is Aspect.STRETCH:
        return box, (x * wide, y * high, w * wide, h * high)
    scale = max(width / wide, height / high)
    sw, sh = width / scale, height / scale
    sx, sy = (wide - sw) / 2, (high - sh) / 2
    return box, (sx + x * sw, sy + y * sh, w * sw, h * sh)


def in_picture(place: Box, part: Box, picture: tuple[int, int], x: float, y: float) -> Point:
    """What lies at (x, y) of the tile, as shares of the picture; beyond it the nearest edge.

    `place` and `part` are what `placement` gives.
    """
    px = part[0] + (x - place[0]) / place[2] * part[2]
    py = part[1] + (y - place[1]) / place[3] * part[3]
    return min(1.0, max(0.0, px / picture[0])), min(1.0, max(0.0, py / picture[1]))


def wanted(
    width: int, height: int, stream: tuple[int, int], zoom: Zoom, aspect: Aspect
) -> tuple[int, int]:
    """The box a decoder should scale to, so that what is shown has the tile's own pixels.

    Never larger than the stream itself once zoomed; `stream` is (0, 0) while unknown.
    """
    wide, high = stream if stream[0] else (16, 9)
    if aspect is not Aspect.FIT:
        scale = max(width / wide, height / high)
        width, height = round(wide * scale), round(high * scale)
    if not zoom.on:
        return width, height
    factor = zoom.factor
    if stream[0]:
        factor = max(1.0, min(factor, wide / width, high / height))
    return round(width * factor), round(height * factor)
