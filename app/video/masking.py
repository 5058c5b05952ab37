"""Burns private areas into stills and clips. A masked clip is encoded anew: it is a second file."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from app.domain.camera import Area

ENCODERS = ("libopenh264", "libx264", "h264", "mpeg4")
LUMA, CHROMA = 48, 128
Mask = npt.NDArray[np.bool_]


def mask_of(areas: tuple[Area, ...], width: int, height: int) -> Mask:
    """Which pixels (height x width) the areas cover, by the even-odd rule, a pixel more at edges."""
    covered: Mask = np.zeros((height, width), bool)
    y, x = np.mgrid[0:height, 0:width] + 0.5
    for area in areas:
        inside: Mask = np.zeros((height, width), bool)
        corners = [(px * width, py * height) for px, py in area]
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            if y0 == y1:
                continue
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        covered |= inside
    grown = covered.copy()
    grown[1:] |= covered[:-1]
    grown[:-1] |= covered[1:]
    grown[:, 1:] |= covered[:, :-1]
    grown[:, :-1] |= covered[:, 1:]
    return grown


def mask_still(path: Path, areas: tuple[Area, ...]) -> None:
    """Cover the areas in a PNG, in place. Raises av.FFmpegError, OSError, ValueError."""
    with av.open(str(path)) as source:
        frame = next(source.decode(video=0), None)
        if frame is None:
            raise ValueError("the still has no picture")
        picture = frame.to_ndarray(format="rgb24")
    picture[mask_of(areas, frame.width, frame.height)] = (48, 54, 63)
    encoder: Any = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "rgb24"
    encoder.time_base = Fraction(1, 25)
    covered = av.VideoFrame.from_ndarray(picture, "rgb24")
    data = b"".join(bytes(p) for p in [*encoder.encode(covered), *encoder.encode(None)])
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def masked_copy(
    source_path: Path,
    target: Path,
    areas: tuple[Area, ...],
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """A copy with the areas covered in every picture, encoded anew as MP4; times kept.

    `progress` gets 0 to 1. Raises av.FFmpegError, OSError, ValueError (cancelled; no encoder).
    """
    partial = target.with_name(target.name + ".part")
    try:
        with av.open(str(source_path)) as source, av.open(str(partial), "w", format="mp4") as out:
            stream = source.streams.video[0]
            writer = _encoder(out, stream)
            total = float((stream.duration or 0) * (stream.time_base or 0)) or 1.0
            luma: Mask | None = None
            chroma: Mask | None = None
            for frame in source.decode(stream):
                if cancelled():
                    raise ValueError("cancelled")
                high, wide = frame.height // 2 * 2, frame.width // 2 * 2
                planes = frame.reformat(wide, high, "yuv420p").to_ndarray()
                if luma is None or luma.shape != (high, wide):
                    luma = mask_of(areas, wide, high)
                    chroma = mask_of(areas, wide // 2, high // 2)
                assert chroma is not None
                planes[:high][luma] = LUMA
                colours = planes[high:].reshape(2, high // 2, wide // 2)
                colours[:, chroma] = CHROMA
                covered = av.VideoFrame.from_ndarray(planes, "yuv420p")
                covered.pts, covered.time_base = frame.pts, frame.time_base
                for packet in writer.encode(covered):
                    out.mux(packet)
                progress(min(1.0, float(frame.time or 0) / total))
            for packet in writer.encode(None):
                out.mux(packet)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _encoder(out: Any, stream: Any) -> Any:
    rate = stream.average_rate or Fraction(25)
    for name in ENCODERS:
        try:
            writer = out.add_stream(name, rate=rate)
        except (av.FFmpegError, ValueError):
            continue
        context = stream.codec_context
        writer.width, writer.height = context.width // 2 * 2, context.height // 2 * 2
        writer.pix_fmt = "yuv420p"
        writer.time_base = stream.time_base
        # Well above what a camera sends, so that a copy loses little.
        writer.bit_rate = max(2_000_000, int(context.width * context.height * float(rate) * 0.15))
        return writer
    raise ValueError("no encoder for H.264 or MPEG-4 is present")
