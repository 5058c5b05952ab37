"""Puts decoded pictures into a ring at the tile's size, and what is known about them on the board."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from typing import Any

from av.video.reformatter import Interpolation, VideoReformatter

from app.video import ring
from app.video.orders import Target

CHECK_NS = 500_000_000
"""How often a picture's content is compared and its brightness measured."""

DARK_MEAN, DARK_DEVIATION, SAMPLES = 16, 5, 800


class Publisher:
    """The writer of one row of the board and its ring. `resize` may be called from any thread."""

    def __init__(
        self, board: ring.Board, row: int, target: Target, size_changed: Callable[[int, int], None]
    ) -> None:
        self.sequence = 0
        """Pictures published so far."""
        self.size = (0, 0)
        """Of the stream, pixels."""
        self.realtime_us: Callable[[], int] = lambda: 0
        self._words = board.words
        self._base = row * ring.ROW
        self._target = target
        self._size_changed = size_changed
        self._ring: ring.Ring | None = None
        self._generation = -1
        self._fit: tuple[int, int, int, int] = (0, 0, 0, 0)
        self._reformat = VideoReformatter()
        self._check_at = 0
        self._crc = 0

    def resize(self, target: Target) -> None:
        """Pictures of another size from the next one on."""
        self._target = target

    def close(self) -> None:
        """Let go of the ring, and of the session: a cycle would keep its decoder's threads."""
        self._let_go()
        self.realtime_us = lambda: 0
        self._size_changed = lambda *_: None

    def _let_go(self) -> None:
        if self._ring is not None:
            self._ring.close(unlink=False)
            self._ring = None

    def put(self, frame: Any, seconds: float, arrived: int) -> None:
        """Show an av.VideoFrame stamped `seconds`, whose packet arrived at `arrived` (ns)."""
        target = self._target
        if target.generation != self._generation:
            self._let_go()
            try:
                self._ring = ring.Ring(target.slot, target.ring_name)
            except FileNotFoundError:
                return  # resized again meanwhile; the next order is on its way
            self._generation = target.generation
            self._fit = (0, 0, 0, 0)
        if (frame.width, frame.height) != self.size:
            self.size = (frame.width, frame.height)
            self._size_changed(*self.size)
        if self._fit[:2] != self.size:
            self._fit = (
                frame.width,
                frame.height,
                *fit(frame.width, frame.height, target.width, target.height),
            )
        width, height = self._fit[2:]
        # One thread: libswscale would start one more a core for every stream.
        picture = self._reformat.reformat(
            frame, width, height, "bgra", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        plane = picture.planes[0]
        stride = plane.line_size
        size = stride * height
        words = self._words
        sequence = self.sequence + 1
        place = sequence % ring.SLOTS
        assert self._ring is not None
        if size > target.slot:
            return
        start = place * target.slot
        self._ring.view[start : start + size] = memoryview(plane)[:size]
        now = time.monotonic_ns()
        if now >= self._check_at:
            self._check(frame, plane, now)
        slot = self._base + ring.SLOT_FIRST + place * ring.SLOT_WORDS
        words[slot + ring.WIDTH] = width
        words[slot + ring.HEIGHT] = height
        words[slot + ring.STRIDE] = stride
        words[slot + ring.PTS_US] = int(seconds * 1e6)
        words[slot + ring.ARRIVED_NS] = arrived
        words[slot + ring.DECODED_NS] = now
        words[slot + ring.SLOT_SEQUENCE] = sequence
        words[slot + ring.SLOT_GENERATION] = self._generation
        words[self._base + ring.GENERATION] = self._generation
        words[self._base + ring.SEQUENCE] = sequence
        self.sequence = sequence

    def _check(self, frame: Any, plane: Any, now: int) -> None:
        """Has the content changed, and is there any light in it?"""
        self._check_at = now + CHECK_NS
        self._words[self._base + ring.REALTIME_US] = self.realtime_us()
        crc = zlib.crc32(plane)
        if crc != self._crc:
            self._crc = crc
            self._words[self._base + ring.CONTENT_NS] = now
        luma = memoryview(frame.planes[0])
        sample = bytes(luma[:: max(1, len(luma) // SAMPLES | 1)])
        mean = sum(sample) / len(sample)
        # 16 is black in video range, so "mean below 16" is "below 20" with a little noise.
        dark = mean < DARK_MEAN + 4 and (
            sum((v - mean) ** 2 for v in sample) < len(sample) * DARK_DEVIATION**2
        )
        self._words[self._base + ring.DARK] = int(dark)


def fit(width: int, height: int, box_width: int, box_height: int) -> tuple[int, int]:
    """The largest size of that shape inside the box, even numbers, at least 2 x 2."""
    scale = min(box_width / width, box_height / height)
    # A tile one or two pixels off the stream's shape is filled: black lines help nobody.
    w, h = round(width * scale), round(height * scale)
    if box_width - w <= 3:
        w = box_width
    if box_height - h <= 3:
        h = box_height
    return max(2, w), max(2, h)
