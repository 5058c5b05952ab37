"""The decoder process: a thread a stream, PyAV, pictures into shared memory.

It imports neither Qt nor the rest of the client. The UI process talks to it through one pipe:
`Open`, `Resize`, `Close`, `Quit` come in; `Opened` and `Ended` go out. When the pipe ends, because
the UI process closed it or died, the process says TEARDOWN where it still can and exits.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
import zlib
from dataclasses import dataclass, field
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import av
import av.error
from av.video.reformatter import Interpolation, VideoReformatter

from app.domain.camera import Credentials
from app.video import ring

OPEN_TIMEOUT_S = 6.0
READ_TIMEOUT_S = 4.0
"""Silence on the socket for so long ends the session, and it is opened anew."""

CHECK_NS = 500_000_000
"""How often a picture's content is compared and its brightness measured."""

LATE_S = 1.0
"""A picture this much later than the stream's own pace is not shown (design section 2)."""

PATIENCE_S = 2.0
"""Late for so long in one piece: the camera's clock moved, not the network; follow it."""

UNDECODABLE_S = 6.0
"""Packets but no picture for so long: this stream cannot be decoded."""

HEARTBEAT_S = 0.25
DARK_MEAN, DARK_DEVIATION, SAMPLES = 16, 5, 800
NICE = 5
"""Decoders give way to the UI process."""


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
    url: str
    transport: str
    target: Target
    credentials: Credentials = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resize:
    session: int
    target: Target


@dataclass(frozen=True, slots=True)
class Close:
    session: int


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
class Ended:
    """The session is over; `code` is a key of `state.FAILURES`, or "" when it was asked for."""

    session: int
    code: str


def with_account(url: str, account: Credentials) -> str:
    """The URL FFmpeg wants. Lives in this process only."""
    if not account:
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = quote(account.username, safe="") + ":" + quote(account.password, safe="")
    return urlunsplit(parts._replace(netloc=f"{user}@{host}"))


def options_for(url: str, transport: str) -> dict[str, str]:
    """FFmpeg options for a quick first picture and no queue of old ones."""
    # No "nobuffer": it throws the packets away that the analysis has read, and the first key frame
    # with them; the first picture would wait for the next one.
    common = {
        "flags": "low_delay",
        "probesize": "500000",
        "analyzeduration": "1",
        "fpsprobesize": "0",
    }
    if url.startswith(("rtsp://", "rtsps://")):
        common |= {
            "rtsp_transport": transport,
            "allowed_media_types": "video",
            "timeout": str(int(OPEN_TIMEOUT_S * 1e6)),
            "max_delay": "200000",
            "buffer_size": "1000000",
        }
    return common


def failure_code(error: BaseException, opened: bool) -> str:
    """A key of `state.FAILURES` for what PyAV or the system raised."""
    kinds: list[tuple[type[BaseException], str]] = [
        (av.error.HTTPUnauthorizedError, "unauthorized"),
        (av.error.HTTPForbiddenError, "forbidden"),
        (av.error.HTTPNotFoundError, "not-found"),
        (av.error.HTTPBadRequestError, "refused-4xx"),
        (av.error.HTTPOtherClientError, "refused-4xx"),
        (av.error.HTTPServerError, "server-error"),
        (av.error.ExitError, "timeout"),
        (av.error.TimeoutError, "timeout"),
        (av.error.EOFError, "ended" if opened else "connection-lost"),
        (av.error.ProtocolNotFoundError, "bad-address"),
        (av.error.DecoderNotFoundError, "undecodable"),
        (av.error.PatchWelcomeError, "undecodable"),
        (av.error.InvalidDataError, "connection-lost" if opened else "bad-answer"),
    ]
    for kind, code in kinds:
        if isinstance(error, kind):
            return code
    number = getattr(error, "errno", None)
    match number:
        case errno.ECONNREFUSED:
            return "connection-refused"
        case errno.ETIMEDOUT | errno.EAGAIN:
            return "timeout"
        case errno.EHOSTUNREACH | errno.ENETUNREACH:
            return "no-route"
        case errno.ECONNRESET | errno.EPIPE:
            return "connection-lost"
        case errno.EIO:
            # FFmpeg says EIO for a name that does not resolve, and for a cut connection.
            return "connection-lost" if opened else "unknown-host"
        case errno.ENOENT | errno.EINVAL:
            return "bad-address"
    return "connection-lost"


class Stream:
    """One session: connects, decodes, publishes, until told to stop or the source ends."""

    def __init__(self, order: Open, board: ring.Board, pipe: Outbox) -> None:
        self.session, self._order, self._pipe = order.session, order, pipe
        self._words = board.words
        self._base = order.row * ring.ROW
        self._stop = False
        self._target = order.target
        self._ring: ring.Ring | None = None
        self._generation = -1
        self._fit: tuple[int, int, int, int] = (0, 0, 0, 0)
        self._codec = ""
        self._size = (0, 0)
        self._container: Any = None
        self._reformat = VideoReformatter()
        self._sequence = 0
        self._check_at = 0
        self._crc = 0
        self.thread = threading.Thread(
            target=self._run, name=f"stream-{order.session}", daemon=True
        )

    def stop(self) -> None:
        """End soon; a thread that waits on a dead socket ends with its time-out."""
        self._stop = True

    def resize(self, target: Target) -> None:
        """Pictures of another size from the next one on."""
        self._target = target

    def _run(self) -> None:
        code = ""
        began = time.monotonic()
        try:
            code = self._play()
        except Exception as error:
            # PyAV reports its own open time-out as EPERM, among others.
            waited = not self._sequence and time.monotonic() - began > OPEN_TIMEOUT_S - 0.2
            code = "timeout" if waited else failure_code(error, self._sequence > 0)
        finally:
            if self._ring is not None:
                self._ring.close(unlink=False)
        self._pipe.send(Ended(self.session, "" if self._stop else code))

    def _play(self) -> str:
        order = self._order
        container = av.open(
            with_account(order.url, order.credentials),
            options=options_for(order.url, order.transport),
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        )
        # Closing the container says TEARDOWN; leaving it to the collector would not.
        with contextlib.closing(container):
            if self._stop:
                return ""
            if not container.streams.video:
                return "no-video"
            stream = container.streams.video[0]
            context = stream.codec_context
            context.thread_count = 1
            context.thread_type = "NONE"
            self._codec = str(context.name)
            self._container = container
            return self._decode(container, stream)

    def _decode(self, container: Any, stream: Any) -> str:
        words, base = self._words, self._base
        monotonic_ns = time.monotonic_ns
        pace = Pace()
        time_base = float(stream.time_base or Fraction(1, 90000))
        started = monotonic_ns()
        for packet in container.demux(stream):
            if self._stop:
                return ""
            arrived = monotonic_ns()
            if not packet.size:
                continue
            words[base + ring.BYTES] += packet.size
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError):
                words[base + ring.ERRORS] += 1
                frames = []
            for frame in frames:
                words[base + ring.DECODED] += 1
                if frame.is_corrupt:
                    words[base + ring.ERRORS] += 1
                seconds = frame.pts * time_base if frame.pts is not None else arrived / 1e9
                if pace.late(arrived / 1e9, seconds):
                    words[base + ring.DROPPED] += 1
                    continue
                self._publish(frame, seconds, arrived)
            words[base + ring.DECODE_NS] += monotonic_ns() - arrived
            if not self._sequence and arrived - started > UNDECODABLE_S * 1e9:
                return "undecodable"
        return "ended"

    def _publish(self, frame: Any, seconds: float, arrived: int) -> None:
        target = self._target
        if target.generation != self._generation:
            if self._ring is not None:
                self._ring.close(unlink=False)
                self._ring = None
            try:
                self._ring = ring.Ring(target.slot, target.ring_name)
            except FileNotFoundError:
                return  # resized again meanwhile; the next order is on its way
            self._generation = target.generation
            self._fit = (0, 0, 0, 0)
        if (frame.width, frame.height) != self._size:
            self._size = (frame.width, frame.height)
            self._pipe.send(Opened(self.session, self._codec, *self._size))
        if self._fit[:2] != self._size:
            self._fit = (
                frame.width,
                frame.height,
                *fit(frame.width, frame.height, target.width, target.height),
            )
        width, height = self._fit[2:]
        picture = self._reformat.reformat(
            frame, width, height, "bgra", interpolation=Interpolation.FAST_BILINEAR
        )
        plane = picture.planes[0]
        stride = plane.line_size
        size = stride * height
        words = self._words
        sequence = self._sequence + 1
        place = sequence % ring.SLOTS
        assert self._ring is not None
        if size > target.slot:
            return
        start = place * target.slot
        self._ring.view[start : start + size] = memoryview(plane)[:size]
        now = time.monotonic_ns()
        if now >= self._check_at:
            self._check(frame, plane, now)
        slot = self._base + ring.SLOT_FIRST + place * ring.SLOT_WORDS
        words[slot + ring.WIDTH] = width
        words[slot + ring.HEIGHT] = height
        words[slot + ring.STRIDE] = stride
        words[slot + ring.PTS_US] = int(seconds * 1e6)
        words[slot + ring.ARRIVED_NS] = arrived
        words[slot + ring.DECODED_NS] = now
        words[slot + ring.SLOT_SEQUENCE] = sequence
        words[slot + ring.SLOT_GENERATION] = self._generation
        words[self._base + ring.GENERATION] = self._generation
        words[self._base + ring.SEQUENCE] = sequence
        self._sequence = sequence

    def _check(self, frame: Any, plane: Any, now: int) -> None:
        """Has the content changed, and is there any light in it?"""
        self._check_at = now + CHECK_NS
        # Known after the first RTCP sender report: the camera's clock at timestamp 0.
        self._words[self._base + ring.REALTIME_US] = self._container.start_time_realtime or 0
        crc = zlib.crc32(plane)
        if crc != self._crc:
            self._crc = crc
            self._words[self._base + ring.CONTENT_NS] = now
        luma = memoryview(frame.planes[0])
        sample = bytes(luma[:: max(1, len(luma) // SAMPLES | 1)])
        mean = sum(sample) / len(sample)
        # 16 is black in video range, so "mean below 16" is "below 20" with a little noise.
        dark = mean < DARK_MEAN + 4 and (
            sum((v - mean) ** 2 for v in sample) < len(sample) * DARK_DEVIATION**2
        )
        self._words[self._base + ring.DARK] = int(dark)


class Pace:
    """Tells a late picture from one in time: arrival against the stream's own timestamps.

    The smallest delay seen is the baseline; it creeps upwards so that a slow camera clock is
    followed. A jump of the timestamps starts anew.
    """

    CREEP = 0.002
    """Seconds the baseline may rise a second: 2000 ppm, more than any camera clock drifts."""

    JUMP_S = 10.0

    def __init__(self) -> None:
        self._base: float | None = None
        self._last = 0.0
        self._late_since: float | None = None

    def late(self, arrived: float, stamp: float) -> bool:
        """Whether a picture stamped `stamp`, arrived at `arrived`, is too old to show (s)."""
        delay = arrived - stamp
        if self._base is None or abs(delay - self._base) > self.JUMP_S:
            self._base, self._last, self._late_since = delay, arrived, None
            return False
        self._base = min(delay, self._base + self.CREEP * max(0.0, arrived - self._last))
        self._last = arrived
        if delay - self._base <= LATE_S:
            self._late_since = None
            return False
        if self._late_since is None:
            self._late_since = arrived
        elif arrived - self._late_since > PATIENCE_S:
            self._base, self._late_since = delay, None
            return False
        return True


def fit(width: int, height: int, box_width: int, box_height: int) -> tuple[int, int]:
    """The largest size of that shape inside the box, even numbers, at least 2 x 2."""
    scale = min(box_width / width, box_height / height)
    # A tile one or two pixels off the stream's shape is filled: black lines help nobody.
    w, h = round(width * scale), round(height * scale)
    if box_width - w <= 3:
        w = box_width
    if box_height - h <= 3:
        h = box_height
    return max(2, w), max(2, h)


class Outbox:
    """The pipe to the UI process, for many threads."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def send(self, message: object) -> None:
        """Send, or do nothing when nobody listens any more."""
        with self._lock, contextlib.suppress(OSError):
            self._pipe.send(message)


def worker_main(pipe: Connection, board_name: str) -> None:
    """Run until the pipe ends or `Quit` comes."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    av.logging.set_level(None)
    board = ring.Board(board_name)
    outbox = Outbox(pipe)
    streams: dict[int, Stream] = {}
    try:
        while True:
            board.words[ring.HEARTBEAT] = time.monotonic_ns()
            if not pipe.poll(HEARTBEAT_S):
                streams = {k: s for k, s in streams.items() if s.thread.is_alive()}
                continue
            order = pipe.recv()
            if isinstance(order, Open):
                stream = streams[order.session] = Stream(order, board, outbox)
                stream.thread.start()
            elif isinstance(order, Resize):
                if order.session in streams:
                    streams[order.session].resize(order.target)
            elif isinstance(order, Close):
                if order.session in streams:
                    streams.pop(order.session).stop()
            elif isinstance(order, Quit):
                break
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    threads = [t for t in threading.enumerate() if t.name.startswith("stream-")]
    for stream in streams.values():
        stream.stop()
    # Live streams notice with their next packet and say TEARDOWN; dead ones have nobody to tell.
    deadline = time.monotonic() + 0.6
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    os._exit(0)
