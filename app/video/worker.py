"""The decoder process: a thread a stream, PyAV, pictures into shared memory.

It imports neither Qt nor the rest of the client. The UI process talks to it through one pipe:
`Open`, `Resize`, `Listen`, `Close`, `Quit` come in; `Opened`, `Heard` and `Ended` go out. When the
pipe ends, because the UI process closed it or died, the process says TEARDOWN where it still can
and exits.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
import threading
import time
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

import av
import av.error

from app.domain.camera import Credentials
from app.domain.load import Level
from app.video import buffer as packets
from app.video import hardware, replay, ring, tls
from app.video.decoding import Decoder
from app.video.orders import (
    OPEN_TIMEOUT_S,
    Close,
    Ended,
    Export,
    Exported,
    Hardware,
    Heard,
    Listen,
    Open,
    Opened,
    Quit,
    Replay,
    Resize,
    Skip,
    Steer,
    StillTaken,
    TakeStill,
    Target,
    UseHardware,
    Waiting,
)
from app.video.publish import Publisher

if TYPE_CHECKING:
    from app.video import sound

READ_TIMEOUT_S = 3.0
"""Silence on the socket for so long ends the session, and it is opened anew."""

LATE_S = 1.0
"""A picture this much later than the stream's own pace is not shown (design section 2)."""

PATIENCE_S = 2.0
"""Late for so long in one piece: the camera's clock moved, not the network; follow it."""

UNDECODABLE_S = 6.0
"""Packets but no picture for so long: this stream cannot be decoded."""

WAITING_S, KEY_FRAME_S = 1.0, 75.0
"""No key frame for so long is said; so long is waited for one (some cameras send one a minute)."""

HEARTBEAT_S = 0.25
TIDY_S = 5.0
TRIM_S = 15.0
"""How often freed memory goes back to the system, while streams come and go."""


def with_account(url: str, account: Credentials) -> str:
    """The URL FFmpeg wants. Lives in this process only."""
    if not account:
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = quote(account.username, safe="") + ":" + quote(account.password, safe="")
    return urlunsplit(parts._replace(netloc=f"{user}@{host}"))


def options_for(
    url: str,
    transport: str,
    patience_s: float = OPEN_TIMEOUT_S,
    audio: bool = False,
    verify_tls: bool = True,
) -> dict[str, str]:
    """FFmpeg options for a quick first picture and no queue of old ones; sound where asked for."""
    # No "nobuffer": it throws the packets away that the analysis has read, and the first key frame
    # with them; the first picture would wait for the next one.
    common = {
        "flags": "low_delay",
        "probesize": "100000",
        "analyzeduration": "1",
        "fpsprobesize": "0",
    }
    if url.startswith(("rtsp://", "rtsps://")):
        common |= {
            "rtsp_transport": transport,
            "allowed_media_types": "video+audio" if audio else "video",
            "timeout": str(int(patience_s * 1e6)),
            "max_delay": "200000",
            "buffer_size": "1000000",
        }
    return common | tls.options(url, verify_tls)


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

    def __init__(
        self, order: Open, board: ring.Board, pipe: Outbox, kept: packets.PacketBuffer
    ) -> None:
        self.session, self._order, self._pipe, self._kept = order.session, order, pipe, kept
        self._words = board.words
        self._base = order.row * ring.ROW
        self._stop = False
        self._codec = ""
        self._container: Any = None
        self._frame: tuple[Any, int] | None = None
        self._ears: Ears | None = None
        self._level = order.level
        self._decoder: Decoder | None = None
        self.publisher = Publisher(board, order.row, order.target, self._size_changed)
        # Known after the first RTCP sender report: the camera's clock at timestamp 0.
        self.publisher.realtime_us = self._realtime_us
        self.thread = threading.Thread(
            target=self._run, name=f"stream-{order.session}", daemon=True
        )

    def _realtime_us(self) -> int:
        return (self._container.start_time_realtime or 0) if self._container is not None else 0

    def _size_changed(self, width: int, height: int) -> None:
        self._pipe.send(Opened(self.session, self._codec, width, height))

    def still(self) -> tuple[Any, int, int | None] | None:
        """The picture shown last, its arrival (ns) and the camera's time of it (us)."""
        shown = self._frame
        if shown is None:
            return None
        frame, arrived = shown
        realtime = self.publisher.realtime_us()
        taken = int(realtime + frame.time * 1e6) if realtime and frame.pts is not None else None
        return frame, arrived, taken

    def stop(self) -> None:
        """End soon; a thread that waits on a dead socket ends with its time-out."""
        self._stop = True

    def resize(self, target: Target) -> None:
        """Pictures of another size from the next one on."""
        self.publisher.resize(target)

    def hear_with(self, ears: Ears) -> None:
        """How to play sound; before the thread starts."""
        self._ears = ears

    def listen(self, order: Listen) -> None:
        """Play the sound from the next packet on, or stop to."""
        if self._ears is not None:
            self._ears.order = order

    def skip(self, level: Level) -> None:
        """Decode less, or all again."""
        self._level = level
        if self._decoder is not None:
            self._decoder.level = level

    def _run(self) -> None:
        code = ""
        began = time.monotonic()
        try:
            code = self._play()
        except Exception as error:
            # PyAV reports its own open time-out as EPERM, among others.
            seen, order_url = self.publisher.sequence > 0, self._order.url
            waited = not seen and time.monotonic() - began > self._order.patience_s - 0.2
            code = "timeout" if waited else failure_code(error, seen)
            if code == "unknown-host" and self._order.verify_tls and tls.is_untrusted(order_url):
                code = "tls-untrusted"
        finally:
            if self._ears is not None:
                self._ears.close()
            self.publisher.close()
            self._container = self._frame = self._decoder = None
        self._pipe.send(Ended(self.session, "" if self._stop else code))

    def _play(self) -> str:
        order = self._order
        container = av.open(
            with_account(order.url, order.credentials),
            options=options_for(
                order.url,
                order.transport,
                max(order.patience_s, READ_TIMEOUT_S),
                order.audio,
                order.verify_tls,
            ),
            timeout=(order.patience_s, READ_TIMEOUT_S),
            hwaccel=hardware.accelerator(self._words) if order.device else None,
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
            if self._ears is not None:
                self._ears.open(container, self._words, self._base)
            return self._decode(container, stream)

    def _decode(self, container: Any, stream: Any) -> str:
        words, base = self._words, self._base
        monotonic_ns = time.monotonic_ns
        pace = Pace()
        time_base = float(stream.time_base or Fraction(1, 90000))
        started = last = monotonic_ns()
        interval = 1.0
        context, key_seen, said = stream.codec_context, False, False
        publisher, kept = self.publisher, self._kept
        segment = kept.begin(
            self._codec, stream.codec_context.extradata, stream.time_base or Fraction(1, 90000),
            self._order.role, self._order.reason,
        )  # fmt: skip
        decoder = Decoder(
            stream, lambda: kept.since_key(segment), self._order.device,
            lambda why: self._pipe.send(Hardware(why)),
        )  # fmt: skip
        decoder.level, self._decoder = self._level, decoder
        load = Load()
        ears, pictured = self._ears, started
        for packet in container.demux(*([stream] if ears is None else [stream, *ears.streams])):
            if self._stop:
                return ""
            arrived = monotonic_ns()
            gap, last = (arrived - last) / 1e9, arrived
            if gap > READ_TIMEOUT_S - 0.1 and interval < READ_TIMEOUT_S / 3:
                # Nothing came: this is what FFmpeg's parser still had when reading was broken off.
                # It would wait as long again, which is right for streams that are as slow as that.
                return "timeout"
            interval += (min(gap, READ_TIMEOUT_S) - interval) * 0.1
            if not packet.size:
                continue
            words[base + ring.BYTES] += packet.size
            if ears is not None:
                ears.obey()
                if packet.stream.index != stream.index:
                    ears.hear(packet)
                    if arrived - pictured > READ_TIMEOUT_S * 1e9:
                        return "timeout"  # sound alone does not keep a session
                    continue
                pictured = arrived
            words[base + ring.ARRIVED] = arrived
            data = bytes(packet)
            segment = kept.add(
                segment,
                packets.Kept(data, packet.pts, packet.dts, packet.is_keyframe, arrived),
            )
            segment.realtime_us = container.start_time_realtime or 0
            try:
                frames = decoder.decode(packet, data, arrived)
            except (av.error.FFmpegError, ValueError):
                words[base + ring.ERRORS] += 1
                frames = []
            for frame in frames:
                words[base + ring.DECODED] += 1
                if frame.is_corrupt:
                    words[base + ring.ERRORS] += 1
                seconds = frame.pts * time_base if frame.pts is not None else arrived / 1e9
                late = pace.late(arrived / 1e9, seconds, busy=load.busy)
                words[base + ring.LAG_US] = int(pace.behind * 1e6)
                if late:
                    words[base + ring.DROPPED] += 1
                    continue
                publisher.put(frame, seconds, arrived)
                self._frame = (frame, arrived)
            spent = monotonic_ns() - arrived
            words[base + ring.DECODE_NS] += spent
            load.add(arrived, spent)
            words[base + ring.CPU_NS] = time.thread_time_ns()
            words[base + ring.KEY_NS], words[base + ring.SPARE] = decoder.key_ns, decoder.spare
            words[base + ring.HARDWARE] = decoder.hardware
            if publisher.sequence:
                continue
            key_seen = key_seen or packet.is_keyframe
            waited = (arrived - started) / 1e9
            # Without a size nothing is known of the pictures: a key frame would not help.
            if key_seen or not context.width:
                if waited > UNDECODABLE_S:
                    return "undecodable"
            elif waited > KEY_FRAME_S:
                return "undecodable"
            elif waited > WAITING_S and not said:
                said = True
                self._pipe.send(Waiting(self.session))
        return "ended"


class Ears:
    """The sound of one session; loads what it needs for that when there is some."""

    def __init__(self, session: int, pipe: Outbox, shared: dict[str, sound.Player]) -> None:
        self.order: Listen | None = None
        """The last one; obeyed with the next packet, in the session's own thread."""
        self.streams: list[Any] = []
        self._session, self._pipe, self._shared = session, pipe, shared
        self._obeyed: Listen | None = None
        self._ear: sound.Ear | None = None
        self._why_not = ""

    def say(self, code: str) -> None:
        """Tell the UI process."""
        self._pipe.send(Heard(self._session, code))

    def open(self, container: Any, words: Any, base: int) -> None:
        """Find the sound of a container."""
        from app.video import sound

        # One loudspeaker a process: two sessions of a camera never sound together.
        player = self._shared.setdefault("player", sound.Player())
        try:
            self._ear = sound.ear_for(container, words, base, player, self.say)
            self.streams = [self._ear.stream]
        except sound.SoundError as error:
            self._why_not = str(error.args[0])

    def obey(self) -> None:
        """Do what was ordered last."""
        order = self.order
        if order is self._obeyed or order is None:
            return
        self._obeyed = order
        if self._ear is not None:
            self._ear.listen(order.on, order.volume, order.muted)
        elif order.on:
            self.say(self._why_not)

    def hear(self, packet: Any) -> None:
        """A packet of the sound."""
        if self._ear is not None:
            self._ear.hear(packet)

    def close(self) -> None:
        """The session is over."""
        if self._ear is not None:
            self._ear.close()


class ReplayStream:
    """One replay: the same orders as for a `Stream`."""

    def __init__(
        self, order: Replay, board: ring.Board, pipe: Outbox, kept: packets.PacketBuffer
    ) -> None:
        self.publisher = Publisher(board, order.row, order.target, self._size_changed)
        self._pipe, self._order = pipe, order
        self.replayer = replay.Replayer(
            order.session, kept, self.publisher, order.at, order.speed, pipe.send
        )
        self.thread = threading.Thread(
            target=self._run, name=f"replay-{order.session}", daemon=True
        )

    def _size_changed(self, width: int, height: int) -> None:
        self._pipe.send(Opened(self._order.session, "", width, height))

    def _run(self) -> None:
        try:
            self.replayer.run()
        finally:
            self.publisher.close()
            self._pipe.send(Ended(self._order.session, ""))

    def stop(self) -> None:
        """End soon."""
        self.replayer.steer(None)

    def resize(self, target: Target) -> None:
        """Pictures of another size; the one shown is shown again."""
        self.publisher.resize(target)
        self.replayer.steer(Steer(self._order.session, at=self.replayer.position))

    def still(self) -> tuple[Any, int, int | None] | None:
        """As `Stream.still`."""
        return self.replayer.still()


class Pace:
    """Tells a late picture from one in time: arrival against the stream's own timestamps.

    The smallest delay seen is the baseline; it creeps upwards so that a slow camera clock is
    followed. A jump of the timestamps starts anew; what the network delays has none: the picture
    after it bears the next timestamp.
    """

    CREEP = 0.002
    """Seconds the baseline may rise a second: 2000 ppm, more than any camera clock drifts."""

    JUMP_S, BACK_S = 10.0, 0.5

    def __init__(self) -> None:
        self._base: float | None = None
        self._last = self._stamp = 0.0
        self._late_since: float | None = None
        self.behind = 0.0
        """How late the last picture was (s)."""

    def late(self, arrived: float, stamp: float, *, busy: bool = False) -> bool:
        """Whether a picture stamped `stamp`, arrived at `arrived`, is too old to show (s).

        `busy`: decoding takes so long that packets wait for it. What comes late then was late here,
        and following it would let the picture grow older without end.
        """
        delay = arrived - stamp
        back, self._stamp = self._stamp - stamp, stamp
        if self._base is None or abs(delay - self._base) > self.JUMP_S or back > self.BACK_S:
            self._base, self._last, self._late_since = delay, arrived, None
            self.behind = 0.0
            return False
        self._base = min(delay, self._base + self.CREEP * max(0.0, arrived - self._last))
        self._last = arrived
        self.behind = delay - self._base
        if delay - self._base <= LATE_S:
            self._late_since = None
            return False
        if self._late_since is None:
            self._late_since = arrived
        elif arrived - self._late_since > PATIENCE_S and not busy:
            self._base, self._late_since = delay, None
            return False
        return True


class Load:
    """Whether a thread has hardly time to wait: packets come late because of it, then."""

    BUSY, WINDOW_NS = 0.7, 1_000_000_000

    def __init__(self) -> None:
        self.busy = False
        self._began = self._spent = 0

    def add(self, at: int, spent: int) -> None:
        """So long (ns) was spent on a packet that was taken at `at` (monotonic ns)."""
        if not self._began:
            self._began = at
        self._spent += spent
        elapsed = at + spent - self._began
        if elapsed >= self.WINDOW_NS:
            self.busy = self._spent > elapsed * self.BUSY
            self._began, self._spent = at + spent, 0


class Outbox:
    """The pipe to the UI process, for many threads."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def send(self, message: object) -> None:
        """Send, or do nothing when nobody listens any more."""
        with self._lock, contextlib.suppress(OSError):
            self._pipe.send(message)


class Jobs:
    """Clips and stills: written on threads of their own, one after the other."""

    def __init__(self, pipe: Outbox) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def export(self, order: Export, kept: packets.PacketBuffer | None) -> None:
        """Answer with `Exported`."""
        threading.Thread(target=self._export, args=(order, kept), daemon=True).start()

    def _export(self, order: Export, kept: packets.PacketBuffer | None) -> None:
        with self._lock:
            try:
                if kept is None:
                    raise ValueError("nothing of this camera is kept")
                clip = packets.export(kept, order.begin, order.end, Path(order.folder), order.stem)
            except Exception as error:
                self._pipe.send(Exported(order.request, None, _plain(error)))
            else:
                self._pipe.send(Exported(order.request, clip))

    def still(self, order: TakeStill, stream: Stream | ReplayStream | None) -> None:
        """Answer with `StillTaken`."""
        shown = stream.still() if stream is not None else None
        threading.Thread(target=self._still, args=(order, shown), daemon=True).start()

    def _still(self, order: TakeStill, shown: tuple[Any, int, int | None] | None) -> None:
        with self._lock:
            try:
                if shown is None:
                    raise ValueError("there is no picture yet")
                frame, arrived, taken = shown
                _write_png(frame, Path(order.path))
            except Exception as error:
                self._pipe.send(StillTaken(order.request, order.path, error=_plain(error)))
            else:
                size = frame.width, frame.height
                self._pipe.send(StillTaken(order.request, order.path, *size, arrived, taken))


def _plain(error: Exception) -> str:
    """What went wrong, without a path's folders."""
    if isinstance(error, OSError) and not isinstance(error, av.error.FFmpegError):
        return error.strerror or type(error).__name__
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _write_png(frame: Any, path: Path) -> None:
    """A frame as PNG at its own size, through a partial file."""
    rgb = frame.reformat(format="rgb24")
    encoder: Any = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt = rgb.width, rgb.height, "rgb24"
    encoder.time_base = Fraction(1, 25)
    data = b"".join(bytes(p) for p in [*encoder.encode(rgb), *encoder.encode(None)])
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


class Buffers:
    """The packet buffers of this process by camera; forgotten a while after the last packet."""

    FORGET_S = 90.0

    def __init__(self) -> None:
        self._buffers: dict[str, tuple[packets.PacketBuffer, float]] = {}

    def of(self, camera: str) -> packets.PacketBuffer:
        """A camera's buffer, made when there is none."""
        kept = self.find(camera) or packets.PacketBuffer()
        self._buffers[camera] = (kept, time.monotonic())
        return kept

    def find(self, camera: str) -> packets.PacketBuffer | None:
        """A camera's buffer, if it has one."""
        return self._buffers.get(camera, (None, 0.0))[0]

    def tidy(self) -> None:
        """Forget cameras of which nothing has come for long."""
        now = time.monotonic()
        for camera, (kept, made) in list(self._buffers.items()):
            span = kept.span()
            last = span[1] / 1e9 if span else made
            if now - max(last, made) > self.FORGET_S:
                del self._buffers[camera]


def _engine(order: Open) -> type[Stream]:
    if order.engine == "libvlc":
        from app.video.vlc_stream import VlcStream

        return VlcStream
    return Stream


def _trim_heap() -> None:
    """Give freed memory back: what streams and packets leave is full of holes that glibc keeps.

    Measured over minutes of opening and closing: 42 MB a process instead of more than 110.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def worker_main(pipe: Connection, board_name: str) -> None:
    """Run until the pipe ends or `Quit` comes."""
    av.logging.set_level(None)
    board = ring.Board(board_name)
    outbox = Outbox(pipe)
    streams: dict[int, Stream | ReplayStream] = {}
    buffers, jobs = Buffers(), Jobs(outbox)
    players: dict[str, sound.Player] = {}
    tidy_at = trim_at = 0.0
    changed = False
    try:
        while True:
            board.words[ring.HEARTBEAT] = time.monotonic_ns()
            if not pipe.poll(HEARTBEAT_S):
                if time.monotonic() >= tidy_at:
                    tidy_at = time.monotonic() + TIDY_S
                    streams = {k: s for k, s in streams.items() if s.thread.is_alive()}
                    buffers.tidy()
                    if changed and time.monotonic() >= trim_at:
                        trim_at, changed = time.monotonic() + TRIM_S, False
                        _trim_heap()
                continue
            order = pipe.recv()
            changed = True
            stream: Stream | ReplayStream
            if isinstance(order, Open):
                stream = _engine(order)(order, board, outbox, buffers.of(order.camera))
                if order.audio:
                    stream.hear_with(Ears(order.session, outbox, players))
                streams[order.session] = stream
                stream.thread.start()
            elif isinstance(order, Replay):
                stream = ReplayStream(order, board, outbox, buffers.of(order.camera))
                streams[order.session] = stream
                stream.thread.start()
            elif isinstance(order, Steer):
                found = streams.get(order.session)
                if isinstance(found, ReplayStream):
                    found.replayer.steer(order)
            elif isinstance(order, Listen):
                heard = streams.get(order.session)
                if isinstance(heard, Stream):
                    heard.listen(order)
            elif isinstance(order, Export):
                jobs.export(order, buffers.find(order.camera))
            elif isinstance(order, TakeStill):
                jobs.still(order, streams.get(order.session))
            elif isinstance(order, Resize):
                if order.session in streams:
                    streams[order.session].resize(order.target)
            elif isinstance(order, Skip):
                found = streams.get(order.session)
                if isinstance(found, Stream):
                    found.skip(order.level)
            elif isinstance(order, UseHardware):
                outbox.send(Hardware(hardware.use(order.on, board.words)))
            elif isinstance(order, Close):
                if order.session in streams:
                    streams.pop(order.session).stop()
            elif isinstance(order, Quit):
                break
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    threads = [t for t in threading.enumerate() if t.name.startswith(("stream-", "replay-"))]
    for stream in streams.values():
        stream.stop()
    # Live streams notice with their next packet and say TEARDOWN; dead ones have nobody to tell.
    deadline = time.monotonic() + 0.6
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    os._exit(0)
