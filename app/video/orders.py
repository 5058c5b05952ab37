"""What goes through the pipe between the engine and its decoder processes: orders and answers.

Plain values: the engine's process needs no PyAV, which only decoders (and the windows that read
files) load. Moments are nanoseconds of the monotonic clock.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from app.domain.camera import Credentials
from app.domain.load import Level

NICE = 5
"""Decoders give way to the UI process."""

OPEN_TIMEOUT_S = 6.0

SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Of a replay."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole in the pictures (ns) and why."""

    begin: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClipFile:
    """One exported file. Moments are monotonic ns; device times POSIX microseconds or None."""

    path: str
    codec: str
    role: str
    width: int
    height: int
    begin: int
    end: int
    device_begin_us: int | None
    device_end_us: int | None
    pictures: int


@dataclass(frozen=True, slots=True)
class Clip:
    """What an export gave: a file for every run of packets, and the holes between."""

    files: tuple[ClipFile, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where pictures go: a box in pixels, and a ring with slots big enough for it."""

    width: int
    height: int
    ring_name: str
    slot: int
    generation: int


@dataclass(frozen=True, slots=True)
class Open:
    row: int
    session: int
    camera: str
    role: str
    reason: str
    """Why this session begins: see `buffer.Segment.reason`."""
    url: str
    transport: str
    target: Target
    credentials: Credentials = field(repr=False)
    engine: str = "ffmpeg"  # or "libvlc"
    patience_s: float = OPEN_TIMEOUT_S
    """How long opening may take."""
    audio: bool = False
    """Ask for the sound, too."""
    verify_tls: bool = True
    device: bool = False  # worth a decoding device, where one works
    level: Level = Level.FULL


@dataclass(frozen=True, slots=True)
class Resize:
    session: int
    target: Target


@dataclass(frozen=True, slots=True)
class Listen:
    """Play the sound of a session that was opened with it, or stop to."""

    session: int
    on: bool
    volume: float
    muted: bool


@dataclass(frozen=True, slots=True)
class Skip:
    """Decode less, or all again: a `Level`."""

    session: int
    level: Level


@dataclass(frozen=True, slots=True)
class UseHardware:
    """Let streams opened from now on be decoded by a device, if one is found that works."""

    on: bool


@dataclass(frozen=True, slots=True)
class Close:
    session: int


@dataclass(frozen=True, slots=True)
class Replay:
    """Show what a camera sent since `at` (ns); `replay.Steer` guides it, `Close` ends it."""

    row: int
    session: int
    camera: str
    target: Target
    at: int
    speed: float


@dataclass(frozen=True, slots=True)
class Steer:
    """What a person wants of a replay; None leaves as it is. `speed` 0 pauses."""

    session: int
    at: int | None = None
    speed: float | None = None
    step: int = 0
    """Pictures forward or back; pauses."""


@dataclass(frozen=True, slots=True)
class Export:
    """Write what a camera sent from `begin` to `end` (ns) into `folder`."""

    request: int
    camera: str
    begin: int
    end: int
    folder: str
    stem: str


@dataclass(frozen=True, slots=True)
class TakeStill:
    """Write the picture that a session (live or replay) shows, at its full size, as PNG."""

    request: int
    session: int
    path: str


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream shows pictures of this size; said again when the size changes."""

    session: int
    codec: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of a session is played (""), or why not: see `types.SoundStatus.code`."""

    session: int
    code: str


@dataclass(frozen=True, slots=True)
class Exported:
    """An answer to `Export`: the clip, or English words why there is none."""

    request: int
    clip: Clip | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class StillTaken:
    """An answer to `TakeStill`: moments as in `ClipFile`, or why there is none."""

    request: int
    path: str
    width: int = 0
    height: int = 0
    arrived: int = 0
    device_us: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Packets arrive, but none that a picture could begin with."""

    session: int


@dataclass(frozen=True, slots=True)
class Hardware:
    """What became of decoding by a device: "hardware-NAME" works, "" none does, "hardware-failed"
    for a stream that goes on in software."""

    code: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over; `code` is a key of `state.FAILURES`, or "" when it was asked for."""

    session: int
    code: str


@dataclass(frozen=True, slots=True)
class Span:
    """What there is to replay (ns), and the holes in it; said twice a second."""

    session: int
    begin: int
    end: int
    gaps: tuple[Gap, ...]


def decode(pipe: Connection, board_name: str) -> None:
    """All that a decoder process does."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)  # before the long import, which a start must not wait for
    from app.video import worker  # in this process only: see above

    worker.worker_main(pipe, board_name)
