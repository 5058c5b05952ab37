"""Monitors that come and go on the tests' X server, by RandR through Xlib."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_ulong, c_void_p
from typing import ClassVar


class _Monitor(ctypes.Structure):
    _fields_: ClassVar = [
        ("name", c_ulong), ("primary", c_int), ("automatic", c_int), ("noutput", c_int),
        ("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int), ("mwidth", c_int),
        ("mheight", c_int), ("outputs", POINTER(c_ulong)),
    ]  # fmt: skip


class Monitors:
    """The server's screen cut into monitors. Qt sees them as screens that are plugged in and out."""

    def __init__(self) -> None:
        self._x, self._randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
        x, randr = self._x, self._randr
        x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
        x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = c_ulong, [c_void_p]
        x.XInternAtom.restype, x.XInternAtom.argtypes = c_ulong, [c_void_p, c_char_p, c_int]
        x.XSync.argtypes = [c_void_p, c_int]
        x.XCloseDisplay.argtypes = [c_void_p]
        randr.XRRAllocateMonitor.restype = POINTER(_Monitor)
        randr.XRRAllocateMonitor.argtypes = [c_void_p, c_int]
        randr.XRRSetMonitor.argtypes = [c_void_p, c_ulong, POINTER(_Monitor)]
        randr.XRRDeleteMonitor.argtypes = [c_void_p, c_ulong, c_ulong]
        randr.XRRFreeMonitors.argtypes = [POINTER(_Monitor)]
        randr.XRRGetMonitors.restype = POINTER(_Monitor)
        randr.XRRGetMonitors.argtypes = [c_void_p, c_ulong, c_int, POINTER(c_int)]
        self._display = x.XOpenDisplay(None)
        self._root = x.XDefaultRootWindow(self._display)
        count = c_int()
        monitors = randr.XRRGetMonitors(self._display, self._root, 1, ctypes.byref(count))
        self._output = monitors[0].outputs[0] if monitors[0].noutput else 0
        self.plugged: list[str] = []

    def plug(self, name: str, x: int, y: int, width: int, height: int) -> None:
        """A monitor appears. The first one takes the place of the whole screen."""
        first = not self.plugged and self._output
        monitor = self._randr.XRRAllocateMonitor(self._display, 1 if first else 0)
        it = monitor.contents
        it.name, it.primary, it.automatic = self._atom(name), int(bool(first)), 0
        it.x, it.y, it.width, it.height = x, y, width, height
        it.mwidth, it.mheight = width // 4, height // 4
        if first:
            it.outputs[0] = self._output
        self._randr.XRRSetMonitor(self._display, self._root, monitor)
        self._x.XSync(self._display, 0)
        self._randr.XRRFreeMonitors(monitor)
        self.plugged.append(name)

    def unplug(self, name: str) -> None:
        """It is gone."""
        self._randr.XRRDeleteMonitor(self._display, self._root, self._atom(name))
        self._x.XSync(self._display, 0)
        self.plugged.remove(name)

    def close(self) -> None:
        """One screen again."""
        for name in reversed(self.plugged.copy()):
            self.unplug(name)
        self._x.XCloseDisplay(self._display)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))


@contextmanager
def monitors() -> Iterator[Monitors]:
    """For the length of a test."""
    running = Monitors()
    try:
        yield running
    finally:
        running.close()
