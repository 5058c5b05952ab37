"""One stream's decoder: decodes as much as its level asks, in hardware where that works.

Lives in the decoder process; used by the stream's own thread, except `level`, which any may set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import av
import av.error

from app.domain.load import Level
from app.video import hardware
from app.video.buffer import Kept

KEY_PACE_NS = 900_000_000
"""At the level KEY, pictures are at least so far apart, also where every picture is a key frame."""

LONGEST_NS = 600_000_000_000
"""Key frames further apart: the timestamps jumped."""

LOOKED_AT = 200
"""So many packets tell whether a stream has pictures that no other needs."""

FAILURES_IN_A_ROW = 3
"""Packets that the hardware refuses before software takes over; a damaged one is no reason."""


class Decoder:
    """The decoder of one stream."""

    def __init__(
        self,
        stream: Any,
        since_key: Callable[[], Iterable[Kept]],
        device: bool,
        hardware_lost: Callable[[str], None],
    ) -> None:
        """`device`: one was asked for. `since_key`: packets from the last key frame on, for a
        decoder that takes over."""
        self.level = Level.FULL
        self.key_ns = 0
        """Between the last two key frames; 0 while not known."""
        self.spare = 0
        """Packets in a thousand that no other picture needs, among those looked at."""
        self._stream = stream
        self._context, self.hardware = hardware.context_of(stream, device)
        self._codec = str(self._context.name)
        self._since_key, self._hardware_lost = since_key, hardware_lost
        self._intra = bool(self._context.codec.intra_only)
        self._applied = Level.FULL
        self._key_at: int | None = None
        self._decoded_at = 0
        self._looked = self._spared = self._turn = 0
        self._refused = 0

    def decode(self, packet: Any, data: bytes, arrived: int) -> list[Any]:
        """Pictures that a packet completes. Raises av.FFmpegError or ValueError for a bad one."""
        key = packet.is_keyframe
        if key:
            # By the stream's own time: a computer that is late reads late.
            at = arrived
            if packet.pts is not None and packet.time_base is not None:
                at = int(packet.pts * packet.time_base * 1_000_000_000)
            if self._key_at is not None and 0 < at - self._key_at < LONGEST_NS:
                self.key_ns = at - self._key_at
            self._key_at = at
        if self._looked < LOOKED_AT:
            self._look(data)
        if self.level is not self._applied and (self._applied is not Level.KEY or key):
            # From key frames back to all: at the next key frame, or pictures would be damaged.
            self._apply(self.level)
        if self._applied >= Level.SKIP and self._skips(key, arrived):
            return []
        if key or self._applied is not Level.KEY:
            self._decoded_at = arrived
        try:
            pictures: list[Any] = self._context.decode(packet)
        except (av.error.FFmpegError, ValueError):
            if not self.hardware:
                raise
            self._refused += 1
            if self._refused < FAILURES_IN_A_ROW and not key:
                raise
            return self._to_software()
        self._refused = 0
        return pictures

    def _apply(self, level: Level) -> None:
        self._applied = level
        self._context.skip_frame = {Level.SKIP: "NONREF", Level.KEY: "NONKEY"}.get(level, "DEFAULT")

    def _skips(self, key: bool, arrived: int) -> bool:
        """What FFmpeg would decode all the same."""
        if self._applied is Level.KEY:
            return not key or arrived - self._decoded_at < KEY_PACE_NS
        self._turn ^= 1
        return self._intra and bool(self._turn)

    def _look(self, data: bytes) -> None:
        self._looked += 1
        self._spared += self._intra or not is_reference(self._codec, data)
        self.spare = 1000 * self._spared // self._looked

    def _to_software(self) -> list[Any]:
        """Go on without the hardware, from the last key frame on: the picture is there at once."""
        self.hardware = False
        context: Any = av.CodecContext.create(self._codec, "r")
        old = self._context
        context.extradata = old.extradata
        context.thread_count, context.thread_type = 1, "NONE"
        self._context = context
        self._apply(self._applied)
        pictures: list[Any] = []
        time_base = self._stream.time_base
        for data, pts, dts, key, _ in self._since_key():
            again = av.Packet(data)
            again.pts, again.dts, again.time_base, again.is_keyframe = pts, dts, time_base, key
            try:
                pictures = context.decode(again) or pictures
            except (av.error.FFmpegError, ValueError):
                continue
        self._hardware_lost("hardware-failed")
        return pictures[-1:]


def is_reference(codec: str, data: bytes) -> bool:
    """Whether another picture may need this packet's: ITU-T H.264 7.4.1 (nal_ref_idc), H.265 table
    7-1 (sub-layer non-reference pictures have even types below 16). True when in doubt."""
    if codec not in ("h264", "hevc"):
        return True
    at = data.find(b"\0\0\1")
    while 0 <= at < len(data) - 4:
        head = data[at + 3]
        if codec == "h264":
            if 1 <= head & 31 <= 5:
                return bool(head >> 5 & 3)
        elif (head >> 1 & 63) < 32:
            kind = head >> 1 & 63
            return kind >= 16 or kind % 2 == 1
        at = data.find(b"\0\0\1", at + 3)
    return True
