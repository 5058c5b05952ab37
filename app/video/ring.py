"""Shared memory between decoder processes and the UI: pictures, and what is known about them.

A `Board` belongs to one decoder process: a row of 64-bit integers a stream. A `Ring` belongs to
one stream: three slots for BGRA pictures. The writer fills slot `sequence % 3` and then publishes
the sequence number on the board; a reader of the newest slot has two more pictures' time.
"""

from __future__ import annotations

import contextlib
from multiprocessing.shared_memory import SharedMemory

SLOTS = 3
MAX_STREAMS = 128
ROW = 48
"""64-bit words a row."""

# Words of a row.
(
    SEQUENCE,
    GENERATION,
    DECODED,
    DROPPED,
    BYTES,
    ERRORS,
    DECODE_NS,
    CONTENT_NS,
    DARK,
    REALTIME_US,
) = range(10)
SLOT_FIRST, SLOT_WORDS = 16, 8
SOUND_RMS, SOUND_PEAK, SOUND_NS = range(10, 13)
"""Levels in hundredths of dBFS, and when they were taken (0: never)."""
LAG_US, CPU_NS, KEY_NS, SPARE, HARDWARE, ARRIVED = range(40, 46)
"""Words of a row behind its slots, about its load: how late the newest picture is against the
stream's own pace, its thread's processor time, between key frames, packets in a thousand that no
other picture needs, whether a device decodes, and when the newest packet arrived (ns)."""

# Words of a slot within the row.
WIDTH, HEIGHT, STRIDE, PTS_US, ARRIVED_NS, DECODED_NS, SLOT_SEQUENCE, SLOT_GENERATION = range(8)

HEARTBEAT = MAX_STREAMS * ROW
"""Word behind the rows: when the process last said that it lives (monotonic ns)."""

DEVICE_AT = HEARTBEAT + 1
"""When the process last began to use a decoding device (monotonic ns): who dies then is suspect."""

BOARD_WORDS = HEARTBEAT + 8


def stride_of(width: int) -> int:
    """Bytes a row of BGRA, padded as FFmpeg pads."""
    return (width * 4 + 63) // 64 * 64


def slot_bytes(width: int, height: int) -> int:
    """Room for one picture of that size, with FFmpeg's padding."""
    return (stride_of(width) * height + 4095) // 4096 * 4096


class _Memory(SharedMemory):
    """Shared memory that says nothing when it is collected while a picture is still held."""

    def __del__(self) -> None:
        with contextlib.suppress(OSError, BufferError):
            super().__del__()


class Shared:
    """A block of shared memory, made by the UI process or attached to by name."""

    def __init__(self, size: int = 0, name: str | None = None) -> None:
        self._memory = _Memory(name=name, create=name is None, size=size)
        buffer = self._memory.buf
        assert buffer is not None
        self.view: memoryview = buffer

    @property
    def name(self) -> str:
        """What the other process attaches to."""
        return self._memory.name

    def close(self, *, unlink: bool) -> bool:
        """Let go; False when somebody still holds a view (call again later)."""
        if unlink:
            with contextlib.suppress(FileNotFoundError):
                self._memory.unlink()
        try:
            self._memory.close()
        except BufferError:
            return False
        return True


class Board:
    """The rows of one decoder process as words."""

    def __init__(self, name: str | None = None) -> None:
        self._shared = Shared(BOARD_WORDS * 8, name)
        self.words = self._shared.view[: BOARD_WORDS * 8].cast("q")

    @property
    def name(self) -> str:
        """What the other process attaches to."""
        return self._shared.name

    def sequences(self) -> list[int]:
        """The newest sequence number of every row."""
        return self.words[SEQUENCE:HEARTBEAT:ROW].tolist()

    def clear(self, row: int) -> None:
        """Forget a stream."""
        for word in range(row * ROW, (row + 1) * ROW):
            self.words[word] = 0

    def close(self, *, unlink: bool) -> None:
        """Let go."""
        self.words.release()
        self._shared.close(unlink=unlink)


class Ring:
    """Three picture slots of one stream."""

    def __init__(self, slot: int, name: str | None = None) -> None:
        self.slot = slot
        self._shared = Shared(slot * SLOTS, name)
        self.view = self._shared.view

    @property
    def name(self) -> str:
        """What the other process attaches to."""
        return self._shared.name

    def close(self, *, unlink: bool) -> bool:
        """Let go; False when a picture is still held (call again later)."""
        return self._shared.close(unlink=unlink)
