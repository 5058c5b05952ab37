"""libVLC: finding it and its modules, and its pictures in memory.

Importing this module loads neither libVLC nor numpy: the doctor and the UI ask it for names.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import av

MODULES = {
    "live555 (RTSP)": "liblive555_plugin",
    "avcodec": "libavcodec_plugin",
    "mp4": "libmp4_plugin",
    "vmem": "libvmem_plugin",
}
"""What the doctor looks for: label to file name."""

SCHEMES = {
    "rtsp": "live555",
    "rtsps": "live555",
    "http": "http",
    "https": "https",
    "rtp": "rtp",
    "udp": "udp",
    "rtmp": "avio",
}
"""The module that opens addresses of a kind."""

NEEDED = ("live555", "http", "https", "rtp", "udp", "avio", "avcodec", "vmem")
"""Modules a live stream may fail for; failure codes are `no_module(name)`."""

NO_LIBVLC = "no-libvlc"
QUIET = ("--quiet", "--no-video-title-show", "--no-osd", "--ignore-config")

_FORMAT = ctypes.CFUNCTYPE(
    ctypes.c_uint,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_char),
    *[ctypes.POINTER(ctypes.c_uint)] * 4,
)
_LOCK = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_UNLOCK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_DISPLAY = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_CLEANUP = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
# python-vlc's own prototypes cannot change the chroma and read one size where there are two.


class LibVlcMissingError(Exception):
    """libVLC, or what it needs to start, is not on this computer."""


def plugin_names() -> set[str] | None:
    """File stems of the modules that are installed, or None where that cannot be told."""
    if sys.platform != "linux":
        return None
    override = os.environ.get("VLC_PLUGIN_PATH")
    folders = [Path(override)] if override else sorted(Path("/usr/lib").glob("*/vlc/plugins"))
    names = {f.stem for folder in folders for f in folder.rglob("*_plugin.so")}
    return names or ({""} if override else None)


def missing_modules() -> list[str]:
    """Labels of `MODULES` that this VLC does not have."""
    names = plugin_names()
    if names is None:
        return [] if sys.platform != "linux" else list(MODULES)
    return [label for label, name in MODULES.items() if name not in names]


def no_module(name: str) -> str:
    """The failure code for a module that is missing."""
    return f"vlc-no-{name}"


def missing_for(url: str) -> str:
    """Failure code of the first module that a live stream from there lacks, or ""."""
    names = plugin_names()
    if names is None:
        return ""
    scheme = urlsplit(url).scheme.lower()
    wanted = [SCHEMES[scheme]] if scheme in SCHEMES else []
    for name in [*wanted, "avcodec", "vmem"]:
        if f"lib{name}_plugin" not in names:
            return no_module(name)
    return ""


_instances: dict[tuple[str, ...], tuple[Any, Any]] = {}
_lock = threading.Lock()


def load(*options: str) -> tuple[Any, Any]:
    """The module `vlc` and an instance with these options, one a process. LibVlcMissingError."""
    with _lock:
        if options not in _instances:
            _instances[options] = _load(options)
        return _instances[options]


def _load(options: tuple[str, ...]) -> tuple[Any, Any]:
    try:
        import vlc

        # Without --no-xlib VLC wants threads in Xlib before anybody else has used it.
        xlib = ("--no-xlib",) if sys.platform == "linux" else ()
        instance = vlc.Instance(*QUIET, *xlib, *options)
    except (ImportError, OSError, NameError, AttributeError, SystemExit) as error:
        # What python-vlc raises depends on the system; it even exits for a wrong variable.
        raise LibVlcMissingError(str(error)) from error
    if instance is None:
        raise LibVlcMissingError("libVLC found no plug-ins")
    return vlc, instance


class MemoryOutput:
    """Pictures of a media player as `av.VideoFrame`s in I420, at the stream's own size.

    I420 and not RV32: what cameras send needs no conversion then, half the memory is touched, and
    the conversion to BGRA at the tile's size is the one step that the FFmpeg engine makes, too.
    Must outlive the player.
    """

    def __init__(
        self, vlc: Any, player: Any, received: Callable[[av.VideoFrame, bool], None]
    ) -> None:
        """`received(frame, same)` runs in a thread of libVLC's; the frame is valid until it ends.

        It must not call the player: that would wait for `stop`, which waits for it.
        `same`: its content is that of the one before. libVLC shows the last picture again every
        80 ms when there is no new one, so this alone says nothing about the stream.
        """
        import av
        import numpy as np

        self.size = (0, 0)
        self._received = received
        self._version = vlc.libvlc_get_version().decode("ascii", "replace").partition(".")[0]
        self._frame_of, self._array = av.VideoFrame.from_numpy_buffer, np.zeros
        self._buffer: Any = None
        self._before: Any = None
        self._frame: Any = None
        # Kept here: ctypes does not hold on to them.
        self._callbacks = (
            _FORMAT(self._format),
            _CLEANUP(lambda _: None),
            _LOCK(self._take),
            _UNLOCK(lambda *_: None),
            _DISPLAY(self._display),
        )
        setup, cleanup, lock, unlock, display = self._callbacks
        vlc.libvlc_video_set_callbacks(player, lock, unlock, display, None)
        vlc.libvlc_video_set_format_callbacks(player, setup, cleanup)

    def _format(
        self, _: Any, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
    ) -> int:
        w, h = width[0], height[0]
        # libVLC 3 offers the size of the decoder's buffers (1088 lines for 1080) and stretches the
        # picture over whatever it is given: the visible size must be asked for. Through all of
        # version 3 this pointer leads into video_format_t, where that stands four words on. Asking
        # libVLC from a callback waits for a lock that `stop` holds while it waits for callbacks.
        if self._version == "3" and 0 < width[4] <= w and 0 < width[5] <= h:
            w, h = width[4], width[5]
        w, h = max(2, w & ~1), max(2, h & ~1)
        ctypes.memmove(chroma, b"I420", 4)
        width[0], height[0] = w, h
        for plane, (pitch, rows) in enumerate(((w, h), (w // 2, h // 2), (w // 2, h // 2))):
            pitches[plane], lines[plane] = pitch, rows
        self.size = (w, h)
        self._buffer = self._array((h * 3 // 2, w), "uint8")
        self._before = None
        self._frame = self._frame_of(self._buffer, "yuv420p")
        return 1

    def _take(self, _: Any, planes: Any) -> None:
        w, h = self.size
        start = self._buffer.ctypes.data
        planes[0], planes[1], planes[2] = start, start + w * h, start + w * h * 5 // 4

    def _display(self, _: Any, __: Any) -> None:
        same = self._before is not None and bool((self._before == self._buffer).all())
        if self._before is None:
            self._before = self._buffer.copy()
        elif not same:
            self._before[:] = self._buffer
        self._received(self._frame, same)
