"""Instant replay: plays a camera's packet buffer into a ring of its own, while live goes on."""

from __future__ import annotations

import contextlib
import queue
import time
from typing import Any, Protocol

import av
import av.error

from app.video.buffer import Kept, PacketBuffer, Segment, gaps
from app.video.orders import Span, Steer

SPAN_EVERY_S = 0.5


class Show(Protocol):
    """Where decoded pictures go."""

    def put(self, frame: Any, seconds: float, arrived: int) -> None: ...


class Replayer:
    """Decodes from the buffer at the wished speed until stopped."""

    def __init__(self, session: int, buffer: PacketBuffer, show: Show, at: int,
                 speed: float, say: Any) -> None:  # fmt: skip
        self._session, self._buffer, self._show, self._say = session, buffer, show, say
        self._orders: queue.SimpleQueue[Steer | None] = queue.SimpleQueue()
        self._speed = speed
        self.position = at
        """When the picture shown arrived (ns)."""
        self._decoder: Any = None
        self._run_of: Segment | None = None
        self._fed = 0
        """Arrival of the last packet that went into the decoder."""
        self._arrivals: dict[int | None, int] = {}
        self._frame: Any = None
        self._orders.put(Steer(session, at=at))

    def steer(self, order: Steer | None) -> None:
        """Give an order; None ends the replay."""
        self._orders.put(order)

    def still(self) -> tuple[Any, int, int | None] | None:
        """The picture shown, when it arrived (ns) and when the camera took it (us), if it tells."""
        frame, segment = self._frame, self._run_of
        if frame is None or segment is None:
            return None
        taken = None
        if segment.realtime_us and frame.pts is not None:
            taken = segment.realtime_us + int(frame.pts * segment.time_base * 1_000_000)
        return frame, self.position, taken

    def run(self) -> None:
        """Until told to end. On its own thread."""
        due = 0.0
        span_at = 0.0
        while True:
            now = time.monotonic()
            if now >= span_at:
                self._tell_span()
                span_at = now + SPAN_EVERY_S
            wait = span_at - now
            if self._speed:
                wait = min(wait, max(0.0, due - now))
            order: Steer | None = Steer(self._session)
            with contextlib.suppress(queue.Empty):
                order = self._orders.get(timeout=wait) if wait > 0 else self._orders.get_nowait()
                if order is None:
                    return
                self._obey(order)
                due = time.monotonic()
                continue
            if self._speed and time.monotonic() >= due:
                before = self.position
                if self._next():
                    due += min(2.0, (self.position - before) / 1e9 / self._speed)
                    due = max(due, time.monotonic() - 0.2)
                else:
                    due = time.monotonic() + 0.1  # at the live edge: more will come

    def _tell_span(self) -> None:
        span = self._buffer.span()
        if span is not None:
            holes = gaps(self._buffer.segments(), *span)
            self._say(Span(self._session, span[0], span[1], tuple(holes)))

    def _obey(self, order: Steer) -> None:
        if order.speed is not None:
            self._speed = max(0.0, order.speed)
        if order.at is not None:
            self._seek(order.at)
        if order.step:
            self._speed = 0.0
            if order.step > 0:
                for _ in range(order.step):
                    self._next()
            else:
                self._seek(self._before(-order.step))

    def _before(self, steps: int) -> int:
        """When the picture so many before the one shown arrived."""
        moments = [p.arrived for _, packets in self._buffer.segments() for p in packets]
        earlier = sorted(m for m in moments if m < self.position)
        return earlier[-steps] if len(earlier) >= steps else (earlier or [self.position])[0]

    def _seek(self, at: int) -> None:
        """Show the first picture at or after a moment (or the last there is)."""
        runs = self._buffer.segments()
        if not runs:
            return
        at = max(at, runs[0][1][0].arrived)
        index = max((i for i, (_, p) in enumerate(runs) if p[0].arrived <= at), default=0)
        segment, packets = runs[index]
        keys = [p.arrived for p in packets if p.key and p.arrived <= at]
        self._begin(segment)
        self._fed = (keys[-1] if keys else packets[0].arrived) - 1
        shown: tuple[Any, int] | None = None
        while True:
            decoded = self._decode_one()
            if decoded is None:
                break
            shown = decoded
            if decoded[1] >= at:
                break
        if shown is not None:
            self._put(*shown)

    def _next(self) -> bool:
        """Show the following picture; False when there is none yet."""
        decoded = self._decode_one()
        if decoded is None:
            return False
        self._put(*decoded)
        return True

    def _put(self, frame: Any, arrived: int) -> None:
        self._frame, self.position = frame, arrived
        assert self._run_of is not None
        known = frame.pts is not None
        seconds = float(frame.pts * self._run_of.time_base) if known else arrived / 1e9
        self._show.put(frame, seconds, arrived)

    def _begin(self, segment: Segment) -> None:
        self._run_of = segment
        self._arrivals.clear()
        decoder: Any = av.CodecContext.create(segment.codec, "r")
        if segment.extradata:
            decoder.extradata = segment.extradata
        decoder.thread_count = 1
        self._decoder = decoder

    def _decode_one(self) -> tuple[Any, int] | None:
        """The next picture and when it arrived."""
        while True:
            kept = self._packet()
            if kept is None:
                return None
            self._fed = kept.arrived
            self._arrivals[kept.pts] = kept.arrived
            packet = av.Packet(kept.data)
            packet.pts, packet.dts = kept.pts, kept.dts
            assert self._run_of is not None
            packet.time_base = self._run_of.time_base
            try:
                frames = self._decoder.decode(packet)
            except av.error.FFmpegError:
                continue
            if frames:
                # Without reordering a packet gives a picture; with it, the oldest one waiting.
                frame = frames[0]
                arrived = self._arrivals.pop(frame.pts, kept.arrived)
                if len(self._arrivals) > 200:
                    self._arrivals.clear()
                return frame, arrived

    def _packet(self) -> Kept | None:
        """The packet after the last one fed; goes on to the next run of packets by itself."""
        for segment, packets in self._buffer.segments():
            if packets[-1].arrived <= self._fed:
                continue
            if segment is not self._run_of:
                first = next((p for p in packets if p.key and p.arrived > self._fed), None)
                if first is None:
                    continue
                self._begin(segment)
                return first
            return next(p for p in packets if p.arrived > self._fed)
        return None
