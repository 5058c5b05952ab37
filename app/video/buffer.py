"""The last minute of a camera's packets, for instant replay and for clips without re-encoding.

Lives in the decoder process. A `Segment` is one unbroken run of packets of one stream: a new
connection, another quality or a jump of the timestamps begins the next one. Moments are
nanoseconds of the monotonic clock at which packets arrived; it is one clock for all processes.
"""

from __future__ import annotations

import io
import itertools
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av

from app.video.orders import Clip, ClipFile, Gap

KEEP_S = 60.0
MOST_BYTES = 64_000_000
"""Of one camera: a minute of 8 Mbit/s."""

JUMP_S = 10.0
"""Timestamps that part from the arrival clock by more begin a new segment."""

GAP_S = 1.0
GAP_INTERVALS = 5
"""Nothing for the larger of GAP_S and so many usual intervals is listed as a gap."""

RAW_FORMATS = {"h264": "h264", "hevc": "hevc", "mjpeg": "mjpeg", "mpeg4": "m4v"}


class Kept(NamedTuple):
    """One packet. `pts` and `dts` in the segment's time base, None where the source gave none."""

    data: bytes
    pts: int | None
    dts: int | None
    key: bool
    arrived: int


@dataclass(eq=False, slots=True)
class Segment:
    """Packets that one decoder can play from a key frame on."""

    codec: str
    extradata: bytes | None
    time_base: Fraction
    role: str
    reason: str
    """Why it began: "opened", "connection lost", "quality changed", "sound on", "sound off",
    "timestamps jumped"."""
    packets: deque[Kept] = field(default_factory=deque)
    bytes: int = 0
    realtime_us: int = 0
    """The camera's clock at timestamp 0 (RTCP), 0 while unknown."""

    def device_us(self, packet: Kept) -> int | None:
        """When the camera says that it took this picture (POSIX microseconds)."""
        if not self.realtime_us or packet.pts is None:
            return None
        return self.realtime_us + int(packet.pts * self.time_base * 1_000_000)


class PacketBuffer:
    """What a camera sent in the last minute. One writer a segment, many readers."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._lock = threading.Lock()

    def begin(
        self, codec: str, extradata: bytes | None, time_base: Fraction, role: str, reason: str
    ) -> Segment:
        """A new run of packets."""
        segment = Segment(codec, extradata, time_base, role, reason)
        with self._lock:
            self._segments.append(segment)
        return segment

    def add(self, segment: Segment, packet: Kept) -> Segment:
        """Keep a packet; the segment it went to. Nothing is kept before the first key frame."""
        with self._lock:
            if segment.packets and self._jumps(segment, packet):
                old, segment = segment, Segment(
                    segment.codec, segment.extradata, segment.time_base, segment.role,
                    "timestamps jumped",
                )  # fmt: skip
                self._segments.insert(self._segments.index(old) + 1, segment)
            if not segment.packets and not packet.key:
                return segment
            segment.packets.append(packet)
            segment.bytes += len(packet.data)
            if packet.key:
                self._trim(packet.arrived)
        return segment

    @staticmethod
    def _jumps(segment: Segment, packet: Kept) -> bool:
        last = segment.packets[-1]
        if packet.pts is None or last.pts is None:
            return False
        by_stamp = float((packet.pts - last.pts) * segment.time_base)
        return abs(by_stamp - (packet.arrived - last.arrived) / 1e9) > JUMP_S

    def _trim(self, now: int) -> None:
        """Drop whole groups of pictures that nobody needs to see the last minute."""
        limit = now - int(KEEP_S * 1e9)
        total = sum(s.bytes for s in self._segments)
        for segment in list(self._segments):
            while True:
                following = next((p.arrived for p in _tail(segment) if p.key), None)
                dead = following is None and (
                    not segment.packets or segment.packets[-1].arrived < limit
                )
                if dead and segment is not self._segments[-1]:
                    total -= segment.bytes
                    self._segments.remove(segment)
                    break
                if following is None or (following > limit and total <= MOST_BYTES):
                    break
                while True:
                    packet = segment.packets.popleft()
                    segment.bytes -= len(packet.data)
                    total -= len(packet.data)
                    if segment.packets[0].key:
                        break

    def since_key(self, segment: Segment) -> list[Kept]:
        """What a decoder needs that takes over now: packets from the last key frame on."""
        with self._lock:
            found: list[Kept] = []
            for packet in reversed(segment.packets):
                found.append(packet)
                if packet.key:
                    break
        return found[::-1]

    def segments(self) -> list[tuple[Segment, list[Kept]]]:
        """All runs in their order in time, none reaching into the next; copies of the lists."""
        with self._lock:
            runs = [(s, list(s.packets)) for s in self._segments if s.packets]
        runs.sort(key=lambda r: r[1][0].arrived)
        result = []
        for i, (segment, packets) in enumerate(runs):
            if i + 1 < len(runs):
                end = runs[i + 1][1][0].arrived
                packets = [p for p in packets if p.arrived < end]
            if packets:
                result.append((segment, packets))
        return result

    def span(self) -> tuple[int, int] | None:
        """The first and the last moment that can be shown."""
        with self._lock:
            moments = [(s.packets[0].arrived, s.packets[-1].arrived)
                       for s in self._segments if s.packets]  # fmt: skip
        if not moments:
            return None
        return min(m[0] for m in moments), max(m[1] for m in moments)


def _tail(segment: Segment) -> Iterator[Kept]:
    """All packets but the first."""
    packets = iter(segment.packets)
    next(packets, None)
    return packets


def gaps(runs: list[tuple[Segment, list[Kept]]], begin: int, end: int) -> list[Gap]:
    """Where between two moments there are no pictures."""
    result = []
    before = begin
    arrivals: list[tuple[int, str]] = []
    for segment, packets in runs:
        for i, packet in enumerate(packets):
            if begin <= packet.arrived <= end:
                arrivals.append((packet.arrived, segment.reason if i == 0 else ""))
    steps = sorted(b[0] - a[0] for a, b in itertools.pairwise(arrivals))
    usual = steps[len(steps) // 2] if steps else 0
    least = max(int(GAP_S * 1e9), usual * GAP_INTERVALS)
    for moment, reason in [*arrivals, (end, "")]:
        if moment - before > least:
            result.append(Gap(before, moment, reason or "no pictures arrived"))
        before = moment
    return result


def export(buffer: PacketBuffer, begin: int, end: int, folder: Path, stem: str) -> Clip:
    """Remux what arrived from `begin` to `end` into MP4 files; nothing is encoded anew.

    Each file begins with the key frame at or before its first picture, so a clip may begin a
    little early. Raises ValueError when there is nothing, OSError or av.FFmpegError otherwise.
    """
    files: list[ClipFile] = []
    runs = buffer.segments()
    for segment, packets in runs:
        chosen = cut(packets, begin, end)
        if not chosen:
            continue
        suffix = f"-{len(files) + 1}" if files else ""
        path = folder / f"{stem}{suffix}.mp4"
        width, height = remux(segment, chosen, path)
        files.append(
            ClipFile(
                str(path), segment.codec, segment.role, width, height, chosen[0].arrived,
                chosen[-1].arrived, segment.device_us(chosen[0]), segment.device_us(chosen[-1]),
                len(chosen),
            )
        )  # fmt: skip
    if not files:
        raise ValueError("no pictures of that time are kept")
    return Clip(tuple(files), tuple(gaps(runs, max(begin, files[0].begin), end)))


def cut(packets: list[Kept], begin: int, end: int) -> list[Kept]:
    """The packets of a time, from the key frame at or before it."""
    if not packets or packets[-1].arrived < begin or packets[0].arrived > end:
        return []
    first = max((i for i, p in enumerate(packets) if p.key and p.arrived <= begin), default=0)
    return [p for p in packets[first:] if p.arrived <= end]


def remux(segment: Segment, packets: list[Kept], path: Path) -> tuple[int, int]:
    """Write packets into an MP4 file; the picture's size. Raises av.FFmpegError, OSError."""
    # The raw bytes, opened again, give a stream to copy parameters from: the one they came from
    # may be closed by now.
    head = b"".join(p.data for p in packets[: max(8, len(packets) // 20)])
    if segment.extradata and segment.extradata.startswith(b"\x00\x00"):
        head = segment.extradata + head
    raw = RAW_FORMATS.get(segment.codec)
    if raw is None:
        raise ValueError(f"{segment.codec} cannot be exported")
    partial = path.with_name(path.name + ".part")
    with av.open(io.BytesIO(head), format=raw, options={"probesize": "20000000"}) as source:
        template = source.streams.video[0]
        size = template.codec_context.width, template.codec_context.height
        options = {"movflags": "+faststart", "use_editlist": "0"}
        with av.open(str(partial), "w", format="mp4", options=options) as output:
            stream: Any = output.add_stream_from_template(template)
            stream.time_base = segment.time_base
            offset: int | None = None
            last: int | None = None
            for kept in packets:
                pts, dts = kept.pts, kept.dts
                if pts is None:
                    # A source without timestamps: the arrival clock tells.
                    ns = kept.arrived - packets[0].arrived
                    pts = int(Fraction(ns, 1_000_000_000) / segment.time_base)
                dts = pts if dts is None else dts
                if offset is None:
                    offset = min(pts, dts)
                pts, dts = pts - offset, dts - offset
                if last is not None and dts <= last:
                    dts = last + 1
                last = dts
                packet = av.Packet(kept.data)
                packet.pts, packet.dts = max(pts, dts), dts
                packet.time_base = segment.time_base
                packet.is_keyframe = kept.key
                packet.stream = stream
                output.mux(packet)
    partial.replace(path)
    return size
