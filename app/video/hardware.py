"""Decoding by a device (a GPU), inside a decoder process: which one works, and opening it.

A driver may crash its process: `DEVICE_AT` on the board says beforehand that one is about to be
used, so that the engine knows whom to suspect and does without from then on.
"""

from __future__ import annotations

import base64
import os
import sys
import time
from typing import Any

import av
import av.error
from av.codec.hwaccel import HWAccel, hwdevices_available

from app.video import ring

FAULT = "WATCHROOM_DEVICE_FAULT"
"""For tests where there is no device: "crash" dies when one is opened, "refuse:N" pretends a device
that refuses everything after N packets, "none" finds none."""

ORDER = {
    "linux": ("vaapi", "cuda", "vdpau", "qsv"),
    "win32": ("d3d11va", "cuda", "qsv", "dxva2"),
    "darwin": ("videotoolbox",),
}
"""Kinds of device worth trying, best first."""

TEST_PICTURE = base64.b64decode(
    "AAAAAWdkABWscgRBAIbARAAAAwAEAAADAAg8WLYRgAAAAAFo6EOPLIsAAAFliIEAAr/+98nvwJ/SrW/k89I/Cy3P"
    "sIqP25bE7Tv8RG32RZAhI8i5zEAAACGAIxBKs7e1DEJyoSE="
)
"""H.264, one grey picture of 256 x 256: what a device must decode to be believed."""

_kind: str | None = None
"""The kind that works in this process, "" for none, None while nobody has looked."""

_on = False


def use(on: bool, words: Any) -> str:
    """Switch it on or off; "hardware-NAME" when a device works, else ""."""
    global _kind, _on
    _on = on
    if on and _kind is None:
        words[ring.DEVICE_AT] = time.monotonic_ns()
        _kind = find()
    return f"hardware-{_kind}" if on and _kind else ""


def find() -> str:
    """The first kind of device that decodes a picture here, "" for none."""
    fault = os.environ.get(FAULT, "")
    if fault:
        return "" if fault == "none" else "pretended"
    built = hwdevices_available()
    return next((k for k in ORDER.get(sys.platform, ()) if k in built and works(k)), "")


def works(kind: str) -> bool:
    """Whether a device of that kind decodes. May take a while, or crash with its driver."""
    try:
        context: Any = av.CodecContext.create(
            "h264", "r", hwaccel=HWAccel(kind, allow_software_fallback=False)
        )
        if not context.is_hwaccel:
            return False
        pictures = context.decode(av.Packet(TEST_PICTURE)) + context.decode(None)
        return bool(pictures) and pictures[0].width == 256
    except (av.error.FFmpegError, ValueError, RuntimeError, NotImplementedError, MemoryError):
        return False


def accelerator(words: Any) -> HWAccel | None:
    """For `av.open`: the device, or None for software."""
    if not _on or not _kind:
        return None
    words[ring.DEVICE_AT] = time.monotonic_ns()
    if os.environ.get(FAULT) == "crash":
        os.abort()
    if _kind == "pretended":
        return None
    return HWAccel(_kind, allow_software_fallback=True)


def context_of(stream: Any, asked: bool) -> tuple[Any, bool]:
    """A stream's decoder, and whether a device decodes."""
    context = stream.codec_context
    fault = os.environ.get(FAULT, "")
    if asked and _on and _kind == "pretended" and fault.startswith("refuse:"):
        return _Pretended(context, int(fault.removeprefix("refuse:"))), True
    return context, bool(context.is_hwaccel)


class _Pretended:
    """A device whose driver is reset after some packets."""

    def __init__(self, context: Any, good: int) -> None:
        self._context, self._good = context, good

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def decode(self, packet: Any) -> Any:
        """As the software does, for a while."""
        self._good -= 1
        if self._good < 0:
            raise av.error.ExternalError(542398533, "the device is gone")
        return self._context.decode(packet)
