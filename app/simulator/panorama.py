"""The live picture of a PTZ camera: the part of a panorama that its head looks at."""

from __future__ import annotations

import functools
import time
from datetime import datetime

import numpy as np
from PIL import Image

from app.simulator import media, scenes, timecode
from app.simulator.camera import SimulatedCamera, StreamShape

STARTED_AT = time.time()
"""Wall clock of time code 0 in live streams; codes count milliseconds."""

WIDEST_SHARE = 0.42
"""Share of the panorama's width that is seen at zoom 0; at zoom 1 a sixth of that."""


def _seen(zoom: float) -> tuple[int, int]:
    """Width and height of what is seen at a zoom, in the panorama's pixels."""
    width, height = scenes.PANORAMA
    w = int(width * WIDEST_SHARE / (1 + 5 * zoom)) // 2 * 2
    return w, min(w * 9 // 16 // 2 * 2, height)


def crop(pan: float, tilt: float, zoom: float) -> scenes.Rgb:
    """The part of the panorama in view: a 16:9 piece, as a view into it.

    Zooming keeps the middle where it is, as a lens does; at zoom 0 pan and tilt reach the edges.
    """
    wide = scenes.panorama()
    (width, height), (w, h), (w0, h0) = scenes.PANORAMA, _seen(zoom), _seen(0)
    x = int((pan + 1) / 2 * (width - w0) + (w0 - w) / 2)
    y = int((1 - tilt) / 2 * (height - h0) + (h0 - h) / 2)
    return wide[y : y + h, x : x + w]


def half_view(zoom: float) -> tuple[float, float]:
    """Half the field of view at a zoom, in units of pan and tilt."""
    (width, height), (w, h), (w0, h0) = scenes.PANORAMA, _seen(zoom), _seen(0)
    return w / (width - w0), h / (height - h0)


class LiveEncoder:
    """Encodes what one camera's head sees, picture by picture. Not thread-safe."""

    def __init__(self, camera: SimulatedCamera, codec: str, shape: StreamShape) -> None:
        self.camera, self.codec, self.shape = camera, codec, shape
        self._encoder = media.encoder(codec, shape, gop=shape.fps, live=True)
        self._count = 0

    def next(self, now: float) -> media.EncodedFrame:
        """The picture at `now` (monotonic seconds)."""
        motion = self.camera.motion
        assert motion is not None
        motion.advance(now)
        where = motion.position
        wrong = self.camera.disturbance()
        # Degrees to units of pan: half the view at zoom 0 is half of VIEW_DEG.
        aside = wrong.pan / scenes.VIEW_DEG * 2 * half_view(0)[0]
        pan = min(1.0, where["pan"] + aside)
        piece = crop(pan, where["tilt"], where["zoom"])
        size = (self.shape.width, self.shape.height)
        picture = Image.fromarray(np.ascontiguousarray(piece)).resize(
            size, Image.Resampling.BILINEAR
        )
        picture = wrong.shaken(picture)
        clock = datetime.fromtimestamp(self.camera.clock())
        text = self.camera.name if scenes.font_path() else self.camera.name_en
        scenes.label(picture, text, clock.strftime("%Y-%m-%d %H:%M:%S"))
        data = np.array(picture)
        strip = np.zeros(data.shape[:2], np.uint8)
        timecode.draw(strip, int((time.time() - STARTED_AT) * 1000))
        top = self.shape.height - self.shape.height // timecode.HEIGHT_SHARE
        data[top:] = strip[top:, :, None]
        while True:
            frames = media.encode(self._encoder, self.codec, data, self._count)
            self._count += 1
            if frames:
                return frames[0]


@functools.cache
def first_frame(codec: str, shape: StreamShape) -> media.EncodedFrame:
    """An encoded picture of that shape, for its parameter sets."""
    context = media.encoder(codec, shape, gop=shape.fps, live=True)
    grey = np.full((shape.height, shape.width, 3), 90, np.uint8)
    for i in range(64):
        frames = media.encode(context, codec, grey, i)
        if frames:
            return frames[0]
    raise RuntimeError(f"the {codec} encoder gave no picture")
