"""The video engine: keeps the right streams open in decoder processes and tells the truth of each.

Plain Python, called from the UI thread; no call waits for a decoder, a socket or a disk.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from app.domain.camera import CameraSource, StreamRole, StreamSpec
from app.domain.load import Level, StreamLoad, Tier
from app.video import libvlc, orders, quality, ring
from app.video.meter import Meter
from app.video.orders import Clip, Gap, Target
from app.video.relief import Relief, Watched
from app.video.state import QUICK, Counters, StreamMachine
from app.video.types import (
    Changes,
    Decoders,
    Picture,
    SoundStatus,
    StreamState,
    StreamStatistics,
    StreamStatus,
    TileRequest,
    WorkerStatistics,
)

HOUSEKEEPING_S = 0.1
LINGER_S = 2.0
"""A camera nobody looks at keeps its session so long: a layout change must not reconnect it.
After that the session is closed: packets nobody decodes would still cost network and the camera."""

HOST_GAP_S, HOST_BURST = 0.04, 4
"""Openings to one host: a few at once, then one every 40 ms, with jitter."""

PATIENCE_LEAST_S = 2.0
GOOD_NEWS_S = 1.0
"""When a camera is back, others that fail are tried within this: their network may be back, too."""

NOT_THE_NETWORK = {"not-found", "refused-4xx", "no-video", "undecodable", "bad-address"}
"""Failures of a camera of another host that good news says nothing about."""

CHANGE_GAP_S = 1.0
"""Between two changes of stream quality on the whole wall."""

CHANGE_RETRY_S = 30.0
"""After a main stream could not be opened, the substream is kept so long."""

SOUND_LINGER_S = 3.0
"""Sound that nobody hears any more is received so long: switching off and on costs nothing."""

SOUND_FRESH_S = 0.7
UNHEARD = SoundStatus()

TOO_MANY = {"refused-4xx", "server-error"}
"""What a camera answers that allows no further connection (453 or 503)."""

TEARDOWN_S = 0.4
"""From closing a session until the camera counts it no more."""

CHANGE_WAIT_S = 8.0
SECOND_TRY = {"undecodable", "bad-address", "bad-answer"}
"""FFmpeg failed so: libVLC is tried once."""

UNSEEN = (64, 36)
"""A camera that is heard goes on behind a minimised window, as small as this (pixels)."""

NOWHERE = ((0, 0), UNSEEN)

HUNG_S = 4.0
"""A decoder process without a heartbeat for so long is replaced."""

DEVICE_TRIAL_S = 10.0
"""A decoder process that dies so soon after it opened a decoding device died of it."""

DEVICE_LEAST = 1280 * 720
"""Smaller streams are decoded in software: copying a picture back costs as much."""

START_GRACE_S = 15.0
HOMES = 2000


@dataclass
class _Session:
    """One connection to a camera, or one replay of it, in one decoder process."""

    number: int
    camera_id: str
    spec: StreamSpec | None
    process: _Process
    row: int
    memory: ring.Ring
    target: Target
    opened_at: float
    replay: Replay | None = None
    audio: bool = False
    seen: int = 0
    last: tuple[list[int], int, int] | None = None
    """What `_newest` said when the row was given back."""
    codec: str = ""
    width: int = 0
    height: int = 0
    old_rings: list[ring.Ring] = field(default_factory=list)


@dataclass
class Replay:
    """An instant replay in a tile. Moments are monotonic seconds, as in `Picture.arrived_at`."""

    tile_id: str
    camera_id: str
    session: _Session | None = None
    begin: float = 0.0
    end: float = 0.0
    gaps: tuple[Gap, ...] = ()
    ended: bool = False
    """The decoder process is gone, and what it kept with it."""


@dataclass
class _Camera:
    """One camera that somebody wants, or wanted a moment ago."""

    source: CameraSource
    machine: StreamMachine
    tiles: dict[str, TileRequest] = field(default_factory=dict)
    session: _Session | None = None
    successor: _Session | None = None
    unseen_since: float | None = None
    change_not_before: float = 0.0
    lone: bool = False
    """It refused a second connection."""
    answers_s: float = 0.0
    """How long its last opening took until the first picture; 0 before the first one."""
    started: bool = False
    heard: bool = False
    sound_until: float = 0.0
    sound_not_before: float = 0.0
    engine: str = "ffmpeg"
    first_code: str = ""
    second: str | None = None
    """What libVLC said when it was tried instead, "" while it is tried or works."""
    reported: tuple[Any, ...] = ()
    refused: bool = False
    """A relay has refused its ticket."""
    asks: int = 0
    ask_not_before: float = 0.0
    level: Level = Level.FULL
    """What it gives up while this computer is short of power."""

    def stale(self, now: float) -> bool:
        """Whether a new ticket is needed to open it."""
        return self.source.ticketed and (self.refused or now >= self.source.fresh_until)

    def box(self) -> tuple[int, int]:
        """The largest visible tile in physical pixels, (0, 0) if none is."""
        visible = [t for t in self.tiles.values() if t.visible and t.width > 0 and t.height > 0]
        if not visible:
            return UNSEEN if self.heard and self.tiles else (0, 0)
        return max(t.width for t in visible), max(t.height for t in visible)

    def host(self) -> str:
        """Host and port of its streams."""
        streams = self.source.streams
        return urlsplit(streams[0].url).netloc.rpartition("@")[2] if streams else ""

    def patience(self) -> float:
        """Seconds to give the next attempt: what it took before, with room, and now and then all.

        A hanging camera that returns is then found soon, and one that has become slow as well.
        """
        if not self.answers_s or self.machine.attempt % 4 == 3:
            return orders.OPEN_TIMEOUT_S
        return min(max(PATIENCE_LEAST_S, 3 * self.answers_s), orders.OPEN_TIMEOUT_S)

    def wants_sound(self, now: float) -> bool:
        """Whether its session should bring sound."""
        if self.engine == "libvlc" or now < self.sound_not_before:
            return False
        return self.heard or now < self.sound_until

    def wish(self) -> int:
        """The height that decides about the quality: a spot tile wants the main stream."""
        main = any(t.main and t.visible for t in self.tiles.values())
        return quality.MAIN_ALWAYS if main else self.box()[1]

    def role(self, current: StreamRole | None) -> StreamRole | None:
        """The stream to show, as far as there is power for it."""
        role = quality.choose(self.source.streams, self.wish(), current)
        if self.level >= Level.SUB and self.source.stream(StreamRole.SUB) is not None:
            return StreamRole.SUB
        return role

    def tier(self) -> Tier:
        """When it is asked to give way."""
        if self.source.never_degrade:
            return Tier.NEVER
        seen = [t for t in self.tiles.values() if t.visible]
        if any(t.main for t in seen):
            return Tier.SPOT
        return Tier.SELECTED if any(t.selected for t in seen) else Tier.ORDINARY

    def can_sub(self) -> bool:
        """Whether dropping to the substream would change anything."""
        main = quality.choose(self.source.streams, self.wish(), StreamRole.MAIN) is StreamRole.MAIN
        return main and len(self.source.streams) > 1


class _Process:
    """A decoder process with its board and pipe. Started by a thread: spawning takes a while."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.board = ring.Board()
        self.free_rows = list(range(ring.MAX_STREAMS - 1, -1, -1))
        self.sessions: dict[int, _Session] = {}
        self.by_row: dict[int, _Session] = {}
        self.restarts = 0
        self.started_at = time.monotonic()
        self.handle: Any = None
        self.pipe: Connection | None = None
        self._starter: threading.Thread | None = None
        self._waiting: list[object] = []
        self._lock = threading.Lock()
        self._given_up = False
        self.start()

    @property
    def pid(self) -> int:
        """0 before it runs, and after."""
        try:
            return (self.handle.pid or 0) if self.handle is not None else 0
        except (ValueError, AttributeError):  # ended meanwhile, seen from the meter's thread
            return 0

    def start(self) -> None:
        """Begin to start; orders given meanwhile are kept."""
        self.started_at = time.monotonic()
        self._starter = threading.Thread(target=self._spawn, name="start-decoder", daemon=True)
        self._starter.start()

    def _spawn(self) -> None:
        # A heap a thread would keep several MB a stream; must be set before the process starts.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        handle = context.Process(
            target=orders.decode,
            args=(theirs, self.board.name),
            name=f"watchroom-decoder-{self.index}",
            daemon=True,
        )
        handle.start()
        theirs.close()
        with self._lock:
            self.handle, self.pipe = handle, ours
            if self._given_up:
                ours.close()
                return
            for order in self._waiting:
                self._put(order)
            self._waiting.clear()

    def _put(self, order: object) -> None:
        assert self.pipe is not None
        # A dead process is noticed by `alive`; the order is given again then.
        with contextlib.suppress(OSError):
            self.pipe.send(order)

    def send(self, order: object) -> None:
        """Give an order, now or as soon as the process runs."""
        with self._lock:
            if self.pipe is None:
                self._waiting.append(order)
            else:
                self._put(order)

    def messages(self) -> list[Any]:
        """What the process said since last time."""
        result: list[Any] = []
        if self.pipe is None:
            return result
        with contextlib.suppress(EOFError, OSError):
            while self.pipe.poll():
                result.append(self.pipe.recv())
        return result

    def alive(self, now: float) -> bool:
        """Whether it runs and its heart beats."""
        if self.handle is None:
            return now - self.started_at < START_GRACE_S
        if not self.handle.is_alive():
            return False
        beat = self.board.words[ring.HEARTBEAT] / 1e9
        return now - max(beat, self.started_at + (0 if beat else START_GRACE_S)) < HUNG_S

    def discard(self) -> None:
        """Kill what runs, so that `start` can be called again."""
        with self._lock:
            handle, pipe = self.handle, self.pipe
            self.handle = self.pipe = None
            self._waiting.clear()
        if handle is not None:
            handle.kill()
            threading.Thread(target=handle.join, daemon=True).start()
        if pipe is not None:
            pipe.close()
        self.board.words[ring.HEARTBEAT] = 0

    def quit(self) -> None:
        """Ask it to end."""
        with self._lock:
            self._given_up = True
            if self.pipe is not None:
                self._put(orders.Quit())

    def finish(self, deadline: float) -> None:
        """Wait for the end until `deadline`, then kill; free everything."""
        if self._starter is not None:
            self._starter.join(max(0.0, deadline - time.monotonic()))
        if self.handle is not None:
            self.handle.join(max(0.0, deadline - time.monotonic()))
            if self.handle.is_alive():
                self.handle.kill()
                self.handle.join(1)
            self.handle.close()
        if self.pipe is not None:
            self.pipe.close()
        self.board.close(unlink=True)


class VideoEngine:
    """Shows cameras in tiles. All methods are for one thread and return at once, except `close`."""

    def __init__(self, *, workers: int | None = None) -> None:
        """`workers`: decoder processes; by default one a core, at most 8."""
        self._worker_count = workers or max(1, min(8, os.cpu_count() or 2))
        self._processes: list[_Process] = []
        self._cameras: dict[str, _Camera] = {}
        self._tiles: dict[str, str] = {}
        self._homes: dict[str, _Process] = {}
        """Where a camera's packets are kept, also while nobody looks at it."""
        self._replays: dict[str, Replay] = {}
        self._replayed: set[str] = set()
        self._requests: dict[int, tuple[_Process, Callable[[Any], None]]] = {}
        self._numbers = itertools.count(1)
        self._dice = random.Random()
        self._housekeeping_at = 0.0
        self._hosts: dict[str, list[float]] = {}
        self._turns: dict[str, float] = {}
        """When the last attempt at a host is due."""
        self._changed_at = 0.0
        self._sound = UNHEARD
        self._graveyard: list[ring.Ring] = []
        self._dirty: set[str] = set()
        self._closed = False
        self.relief = Relief()
        self.meter = Meter(self._pids)
        self._hardware = False
        self.hardware = ""
        """The kind of device that decodes here, "" for none."""
        self._notes: list[str] = []
        self._told: set[str] = set()
        self._wanting: set[str] = set()
        self.renew: Callable[[frozenset[str]], None] = lambda cameras: None
        """Called by `poll` with cameras whose ticket is over and that want to connect: whoever
        shows them asks for their sources again and shows those. Called again where that does not
        help, ever more rarely."""

    # -- for the wall

    def start(self) -> None:
        """Start the decoder processes (in the background)."""
        if not self._processes:
            self._processes = [_Process(i) for i in range(self._worker_count)]
            self.meter.start()

    def use_hardware(self, on: bool) -> None:
        """Let large streams opened from now on be decoded by a device, where one works."""
        if on is not self._hardware:
            self._hardware = on
            self.hardware = ""
            for process in self._processes:
                process.send(orders.UseHardware(on))

    def notes(self) -> list[str]:
        """What a person should be told once, as codes; each is given once."""
        found, self._notes = self._notes, []
        return found

    def _pids(self) -> list[int]:
        return [p.pid for p in self._processes if p.pid]

    def show(self, tile: TileRequest) -> None:
        """Show a camera in a tile, or change how."""
        old = self._tiles.get(tile.tile_id)
        if old is not None and old != tile.source.camera_id:
            self.hide(tile.tile_id)
        camera = self._cameras.get(tile.source.camera_id)
        if camera is None:
            machine = StreamMachine(time.monotonic(), self._dice)
            camera = self._cameras[tile.source.camera_id] = _Camera(tile.source, machine)
            self._first_engine(camera)
        elif camera.source != tile.source and camera.source.same_but_ticket(tile.source):
            # What is shown goes on; the next connection is made with the new ticket.
            camera.source = tile.source
            if camera.refused:
                camera.refused = False
                camera.machine.retry(time.monotonic())
        elif camera.source != tile.source:
            camera.source = tile.source
            camera.refused = False
            self._first_engine(camera)
            self._drop_sessions(camera)
            camera.machine.released(time.monotonic())
            camera.started = False
        camera.tiles[tile.tile_id] = tile
        self._tiles[tile.tile_id] = tile.source.camera_id
        self._housekeeping_at = 0.0

    def hide(self, tile_id: str) -> None:
        """The tile is gone or empty."""
        camera_id = self._tiles.pop(tile_id, None)
        if camera_id is not None and camera_id in self._cameras:
            self._cameras[camera_id].tiles.pop(tile_id, None)
            self._housekeeping_at = 0.0

    def show_all(self, tiles: Iterable[TileRequest], owner: str = "") -> None:
        """Exactly these tiles and no others whose id begins with `owner`.

        Sessions that are still wanted go on.
        """
        wanted = {t.tile_id: t for t in tiles}
        for tile_id in [t for t in self._tiles if t.startswith(owner) and t not in wanted]:
            self.hide(tile_id)
        for tile in wanted.values():
            self.show(tile)

    def poll(self) -> Changes:
        """What is new. Call it at the display's pace."""
        now = time.monotonic()
        self.relief.asked(now)
        pictures: list[str] = []
        for process in self._processes:
            if process.by_row:
                self._collect(process, now, pictures)
        if now >= self._housekeeping_at:
            self._housekeeping_at = now + HOUSEKEEPING_S
            self._housekeep(now)
        statuses = tuple(self._dirty)
        self._dirty.clear()
        replays = tuple(self._replayed)
        self._replayed.clear()
        return Changes(tuple(pictures), statuses, replays)

    def picture(self, camera_id: str) -> Picture | None:
        """The newest picture, or None when there is none in memory."""
        camera = self._cameras.get(camera_id)
        return self._shown(camera.session) if camera and camera.session else None

    def _shown(self, session: _Session) -> Picture | None:
        if not session.seen:
            return None
        slot, place, realtime = session.last or self._newest(session)
        width, height, stride, pts, arrived, decoded, sequence, generation = slot
        memory = session.memory
        if generation != session.target.generation:
            if not session.old_rings or generation != session.target.generation - 1:
                return None
            memory = session.old_rings[-1]
        start = place * memory.slot
        return Picture(
            memory.view[start : start + stride * height],
            width,
            height,
            stride,
            sequence,
            pts / 1e6,
            arrived / 1e9,
            decoded / 1e9,
            (realtime + pts) / 1e6 if realtime else None,
        )

    @staticmethod
    def _newest(session: _Session) -> tuple[list[int], int, int]:
        """Slot words and place of the newest picture, and the camera's clock at timestamp 0."""
        words = session.process.board.words
        base = session.row * ring.ROW
        place = words[base + ring.SEQUENCE] % ring.SLOTS
        start = base + ring.SLOT_FIRST + place * ring.SLOT_WORDS
        slot = words[start : start + ring.SLOT_WORDS].tolist()
        return slot, place, words[base + ring.REALTIME_US]

    def status(self, camera_id: str) -> StreamStatus:
        """The truth about a camera's stream; IDLE for one nobody asked for."""
        camera = self._cameras.get(camera_id)
        if camera is None:
            return StreamStatus(StreamState.IDLE, datetime.now(UTC))
        machine, session = camera.machine, camera.session
        offset = datetime.now(UTC) - timedelta(seconds=time.monotonic())

        def utc(moment: float | None) -> datetime | None:
            return None if moment is None else offset + timedelta(seconds=moment)

        since = utc(machine.since)
        assert since is not None
        return StreamStatus(
            machine.state,
            since,
            machine.cause,
            machine.code,
            machine.detail,
            utc(machine.last_picture),
            utc(machine.retry_at),
            session.spec.role if session and session.spec else None,
            session.codec if session else "",
            session.width if session else 0,
            session.height if session else 0,
            round(machine.fps, 1),
            camera.second or "",
        )

    def retry(self, camera_id: str) -> None:
        """Try at once, whatever the backoff says."""
        camera = self._cameras.get(camera_id)
        if camera is not None:
            self._first_engine(camera)
            camera.machine.retry(time.monotonic())
            self._housekeeping_at = 0.0

    def workers(self) -> list[WorkerStatistics]:
        """One entry a decoder process that runs."""
        result = []
        for process in self._processes:
            if process.handle is None:
                continue
            try:
                info = psutil.Process(process.handle.pid)
                times, memory = info.cpu_times(), info.memory_info()
            except psutil.Error:
                continue
            result.append(
                WorkerStatistics(
                    info.pid,
                    len(process.sessions),
                    times.user + times.system,
                    memory.rss,
                    process.restarts,
                )
            )
        return result

    def decoders(self) -> list[Decoders]:
        """One entry a decoder process; `meter` knows what each uses."""
        return [Decoders(p.pid, len(p.sessions), p.restarts) for p in self._processes]

    def streams(self) -> list[StreamStatistics]:
        """One entry an open stream."""
        result = []
        for camera_id, camera in self._cameras.items():
            if camera.session is not None and camera.session.spec is not None:
                words = camera.session.process.board.words
                base = camera.session.row * ring.ROW
                result.append(
                    StreamStatistics(
                        camera_id,
                        camera.session.spec.role,
                        words[base + ring.DECODED],
                        words[base + ring.DROPPED],
                        words[base + ring.DECODE_NS] / 1e9,
                        words[base + ring.BYTES],
                        words[base + ring.ERRORS],
                        words[base + ring.CPU_NS] / 1e9,
                        camera.session.codec,
                        camera.session.width,
                        camera.session.height,
                        camera.machine.fps,
                        camera.level,
                        bool(words[base + ring.HARDWARE]),
                        words[base + ring.LAG_US] / 1e6,
                        camera.session.process.pid,
                        camera.box()[0] * camera.box()[1],
                    )
                )
        return result

    # -- sound

    def listen(self, camera_id: str | None) -> None:
        """Hear this camera and no other, or none. It is heard as long as a tile has it.

        Sound is asked for from then on only: a second session with it takes over.
        """
        if camera_id == self._sound.camera_id:
            return
        now = time.monotonic()
        old = self._cameras.get(self._sound.camera_id or "")
        if old is not None:
            old.heard, old.sound_until = False, now + SOUND_LINGER_S
            self._hear(old)
        camera = self._cameras.get(camera_id or "")
        self._sound = replace(self._sound, camera_id=camera_id if camera else None, code="")
        if camera is not None:
            camera.heard = True
            camera.sound_not_before = camera.change_not_before = 0.0  # a person asked
            self._hear(camera)
        self._housekeeping_at = 0.0

    def set_sound(self, volume: float, muted: bool) -> None:
        """How loud what is heard is played: from 0 to 1."""
        self._sound = replace(self._sound, volume=volume, muted=muted)
        camera = self._cameras.get(self._sound.camera_id or "")
        if camera is not None:
            self._hear(camera)

    def sound(self) -> SoundStatus:
        """What is heard, and how loud it is now before the volume is applied."""
        camera = self._cameras.get(self._sound.camera_id or "")
        session = camera.session if camera is not None else None
        if session is None or session.number not in session.process.sessions:
            return self._sound
        start = session.row * ring.ROW + ring.SOUND_RMS
        rms, peak, at = session.process.board.words[start : start + 3].tolist()
        if not at or time.monotonic() - at / 1e9 > SOUND_FRESH_S:
            return self._sound
        return replace(self._sound, rms_db=rms / 100, peak_db=peak / 100)

    def _hear(self, camera: _Camera) -> None:
        """Tell the camera's session whether it is heard, and how."""
        session, sound = camera.session, self._sound
        if session is not None and session.audio and session.number in session.process.sessions:
            order = orders.Listen(session.number, camera.heard, sound.volume, sound.muted)
            session.process.send(order)

    def _no_sound(self, camera: _Camera, session: _Session, now: float) -> None:
        """A session with sound gave no picture: the next ones do without, for a while."""
        if session.audio and not session.seen:
            camera.sound_not_before = now + CHANGE_RETRY_S
            if camera.heard:
                self._sound = replace(self._sound, code="sound-refused")

    def _tend_sound(self, now: float) -> None:
        """Ask for sound where it is heard, and no longer where it is not."""
        if self._sound.camera_id is not None:
            heard = self._cameras.get(self._sound.camera_id)
            if heard is None or not heard.tiles:
                self.listen(None)
            elif heard.engine == "libvlc" and heard.session is not None:
                self._sound = replace(self._sound, code="sound-engine")
        for camera in self._cameras.values():
            session = camera.session
            if session is None or session.spec is None or camera.successor is not None:
                continue
            wanted = camera.wants_sound(now)
            if session.audio == wanted or session.number not in session.process.sessions:
                continue
            if session.seen and now >= camera.change_not_before and camera.box()[1]:
                reason = "sound on" if wanted else "sound off"
                camera.successor = self._open(camera, session.spec.role, reason)

    # -- replay, clips, stills

    def replay(
        self, tile_id: str, camera_id: str, width: int, height: int, at: float, speed: float = 1.0
    ) -> Replay | None:
        """Show in a tile what a camera sent since `at`; None when nothing of it is kept.

        The live stream goes on and goes on being kept.
        """
        self.end_replay(tile_id)
        home = self._homes.get(camera_id)
        if home is None or width <= 0 or height <= 0:
            return None
        handle = self._replays[tile_id] = Replay(tile_id, camera_id)
        session = self._session(home, camera_id, None, width, height)
        session.replay, handle.session = handle, session
        home.send(
            orders.Replay(
                session.row, session.number, camera_id, session.target, int(at * 1e9), speed
            )
        )
        return handle

    def steer_replay(
        self, tile_id: str, at: float | None = None, speed: float | None = None, step: int = 0
    ) -> None:
        """Go to a moment, change the speed (0 pauses), or step by pictures."""
        handle = self._replays.get(tile_id)
        if handle is not None and handle.session is not None:
            moment = None if at is None else int(at * 1e9)
            order = orders.Steer(handle.session.number, moment, speed, step)
            handle.session.process.send(order)

    def resize_replay(self, tile_id: str, width: int, height: int) -> None:
        """The tile has another size (physical pixels)."""
        handle = self._replays.get(tile_id)
        if handle is not None and handle.session is not None and width > 0 and height > 0:
            self._resize(handle.session, width, height)

    def replay_picture(self, tile_id: str) -> Picture | None:
        """The picture a replay shows; `arrived_at` is its moment."""
        handle = self._replays.get(tile_id)
        return self._shown(handle.session) if handle and handle.session else None

    def end_replay(self, tile_id: str) -> None:
        """Back to live. Harmless where there is none."""
        handle = self._replays.pop(tile_id, None)
        if handle is not None and handle.session is not None:
            self._end(handle.session)

    def export_clip(
        self, camera_id: str, begin: float, end: float, folder: Path, stem: str,
        done: Callable[[Clip | str], None],
    ) -> None:  # fmt: skip
        """Write what a camera sent between two moments as MP4 files, remuxed.

        `done` gets the clip or English words why there is none; called by `poll`.
        """
        home = self._homes.get(camera_id)
        if home is None:
            done("nothing of this camera is kept")
            return
        number = next(self._numbers)

        def answered(message: orders.Exported | orders.StillTaken) -> None:
            clip = message.clip if isinstance(message, orders.Exported) else None
            done(message.error if clip is None else clip)

        self._requests[number] = (home, answered)
        moments = int(begin * 1e9), int(end * 1e9)
        home.send(orders.Export(number, camera_id, *moments, str(folder), stem))

    def take_still(
        self, camera_id: str, path: Path, done: Callable[[orders.StillTaken], None],
        tile_id: str = "",
    ) -> None:  # fmt: skip
        """Write a camera's picture (or the one its replay in `tile_id` shows) as PNG, full size.

        `done` is called by `poll`; its `error` says why there is none.
        """
        handle, camera = self._replays.get(tile_id), self._cameras.get(camera_id)
        session = handle.session if handle else camera.session if camera else None
        if session is None or session.number not in session.process.sessions:
            done(orders.StillTaken(0, str(path), error="there is no picture"))
            return
        number = next(self._numbers)
        self._requests[number] = (session.process, done)
        session.process.send(orders.TakeStill(number, session.number, str(path)))

    def close(self) -> None:
        """End all sessions and processes, within 2 s."""
        if self._closed:
            return
        self._closed = True
        self.meter.stop()
        deadline = time.monotonic() + 1.5
        for process in self._processes:
            process.quit()
        for process in self._processes:
            process.finish(deadline)
        for camera in self._cameras.values():
            for session in (camera.session, camera.successor):
                if session is not None:
                    self._graveyard += [session.memory, *session.old_rings]
        for handle in self._replays.values():
            if handle.session is not None:
                self._graveyard += [handle.session.memory, *handle.session.old_rings]
        self._replays.clear()
        self._requests.clear()
        for old in self._graveyard:
            old.close(unlink=True)
        self._graveyard.clear()
        self._cameras.clear()
        self._tiles.clear()
        self._processes.clear()

    # -- inside

    def _collect(self, process: _Process, now: float, pictures: list[str]) -> None:
        """Notice new pictures by their sequence numbers."""
        words = process.board.words
        sequences = process.board.sequences()
        for row, session in list(process.by_row.items()):
            sequence = sequences[row]
            if sequence == session.seen:
                continue
            if session.replay is not None:
                session.seen = sequence
                if session.old_rings and (
                    words[row * ring.ROW + ring.GENERATION] == session.target.generation
                ):
                    self._bury(session.old_rings)
                self._replayed.add(session.replay.tile_id)
                continue
            camera = self._cameras.get(session.camera_id)
            if camera is None:
                continue
            if not session.seen:
                camera.answers_s = now - session.opened_at
            session.seen = sequence
            base = row * ring.ROW
            if camera.successor is session:
                self._succeed(camera)
            elif camera.session is not session:
                continue
            generation = words[base + ring.GENERATION]
            if session.old_rings and generation == session.target.generation:
                self._bury(session.old_rings)
            decoded, dropped, _, errors, busy, content, dark = words[
                base + ring.DECODED : base + ring.DARK + 1
            ].tolist()
            before = camera.machine.state
            counters = Counters(decoded, dropped, errors, busy / 1e9)
            failed = camera.machine.failing
            camera.machine.picture(now, counters, content / 1e9, bool(dark))
            if camera.machine.state is not before:
                self._dirty.add(session.camera_id)
                if failed:
                    self._good_news(camera, now)
                camera.asks = 0
            pictures.append(session.camera_id)

    def _good_news(self, camera: _Camera, now: float) -> None:
        """A camera is back: others that fail need not wait until their next attempt."""
        host = camera.host()
        self._turns.pop(host, None)
        for other in self._cameras.values():
            if other is not camera and other.machine.failing and (
                other.host() == host or other.machine.code not in NOT_THE_NETWORK
            ):  # fmt: skip
                other.machine.good_news(now, GOOD_NEWS_S)

    def _failed(self, camera: _Camera, code: str, now: float) -> None:
        """An attempt failed; cameras of one host that fail take turns to try again."""
        host, machine = camera.host(), camera.machine
        machine.failed(now, code, self._turns.get(host, 0.0))
        if machine.attempt > QUICK and machine.retry_at is not None:
            self._turns[host] = machine.retry_at

    def _succeed(self, camera: _Camera) -> None:
        """The other quality has its first picture: it takes over."""
        assert camera.successor is not None
        old, camera.session, camera.successor = camera.session, camera.successor, None
        if old is not None:
            self._end(old)
        camera.machine.opening(time.monotonic())
        self._hear(camera)
        self._dirty.add(camera.source.camera_id)

    def _housekeep(self, now: float) -> None:
        for process in self._processes:
            for message in process.messages():
                self._heard(process, message, now)
            if not process.alive(now):
                self._replace(process, now)
        self._graveyard = [r for r in self._graveyard if not r.close(unlink=True)]
        for camera_id, camera in list(self._cameras.items()):
            self._tend(camera_id, camera, now)
        self._tend_sound(now)
        self._relieve(now)
        self._choose_quality(now)
        if self._wanting:
            wanting, self._wanting = frozenset(self._wanting), set()
            self.renew(wanting)
        for camera_id, camera in self._cameras.items():
            machine = camera.machine
            session = camera.session
            role = session.spec.role if session and session.spec else None
            fps = round(machine.fps)
            report = (machine.state, machine.code, machine.retry_at, role, fps, camera.second)
            if report != camera.reported:
                camera.reported = report
                self._dirty.add(camera_id)

    def _heard(self, process: _Process, message: Any, now: float) -> None:
        if isinstance(message, orders.Exported | orders.StillTaken):
            _, answered = self._requests.pop(message.request, (None, None))
            if answered is not None:
                answered(message)
            return
        if isinstance(message, orders.Hardware):
            self._heard_of_hardware(message.code)
            return
        session = process.sessions.get(message.session)
        if session is None:
            return
        if isinstance(message, orders.Heard):
            if session.camera_id == self._sound.camera_id:
                self._sound = replace(self._sound, code=message.code)
            return
        if isinstance(message, orders.Opened):
            session.codec = message.codec
            session.width, session.height = message.width, message.height
            return
        if isinstance(message, orders.Waiting):
            waiting = self._cameras.get(session.camera_id)
            if waiting is not None:
                waiting.machine.waiting(now)
            return
        if isinstance(message, orders.Span):
            handle = session.replay
            if handle is not None:
                handle.begin, handle.end = message.begin / 1e9, message.end / 1e9
                handle.gaps = message.gaps
                self._replayed.add(handle.tile_id)
            return
        assert isinstance(message, orders.Ended)
        if session.replay is not None:
            self._replay_over(session)
            return
        camera = self._cameras.get(session.camera_id)
        self._forget(session)
        if camera is None:
            return
        self._lost(camera, session, message.code or "ended", now)

    def _heard_of_hardware(self, code: str) -> None:
        if code == "hardware-failed":
            self._note(code)
        elif code and self._hardware:
            self.hardware = code.removeprefix("hardware-")

    def _note(self, code: str) -> None:
        if code not in self._told:
            self._told.add(code)
            self._notes.append(code)

    def _relieve(self, now: float) -> None:
        """When this computer is short of power, some streams give way (see `domain.load`)."""
        due = self.relief.due(now)
        watched = []
        for camera_id, camera in self._cameras.items():
            session = camera.session
            if session is None or session.number not in session.process.sessions:
                continue
            words, base = session.process.board.words, session.row * ring.ROW
            self.relief.sample(camera_id, words, base)
            if camera.machine.relief == "load-key":
                camera.machine.heard = words[base + ring.ARRIVED] / 1e9
            if due and camera.box()[1]:
                width, height = camera.box()
                watched.append(
                    Watched(
                        camera_id, words, base, session.number, session.opened_at, camera.tier(),
                        width * height, camera.can_sub(), camera.engine != "libvlc",
                    )
                )  # fmt: skip
        if not due:
            return
        self.relief.step(now, watched, self.meter.reading.busy, self._cameras.keys())
        for seen in watched:
            camera = self._cameras[seen.camera_id]
            level = self.relief.policy.level(seen.camera_id)
            if level is not camera.level:
                camera.level = level
                for session in (camera.session, camera.successor):
                    if session is not None and session.number in session.process.sessions:
                        session.process.send(orders.Skip(session.number, level))
            code = {Level.SKIP: "load-skip", Level.KEY: "load-key"}.get(camera.level, "")
            if camera.level is Level.SUB and camera.can_sub():
                code = "load-sub"
            key_s = seen.words[seen.base + ring.KEY_NS] / 1e9
            camera.machine.relieve(now, code, max(1.0, key_s) if code == "load-key" else 0.0)

    def _replay_over(self, session: _Session) -> None:
        """A replay ended by itself: its process died."""
        handle = session.replay
        assert handle is not None
        self._forget(session)
        handle.ended = True
        self._replayed.add(handle.tile_id)

    def _lost(self, camera: _Camera, session: _Session, code: str, now: float) -> None:
        """A session is over. The last picture stays in memory until there is a new one."""
        if code == "unauthorized" and camera.source.ticketed:
            camera.refused = True
        if camera.successor is session:
            camera.successor = None
            self._bury([session.memory, *session.old_rings])
            current = camera.session
            if current is not None and current.number in current.process.sessions:
                self._no_sound(camera, session, now)
                # Only a change of quality failed: what is shown stays.
                camera.change_not_before = now + CHANGE_RETRY_S
                if code in TOO_MANY and not camera.lone:
                    camera.lone, camera.change_not_before = True, now + CHANGE_GAP_S
                return
        elif camera.session is not session:
            return
        if session.audio and not session.seen:
            camera.sound_not_before = now + CHANGE_RETRY_S  # in case that is why
        if self._second_try(camera, session, code, now):
            return
        self._failed(camera, code, now)

    @staticmethod
    def _first_engine(camera: _Camera) -> None:
        camera.engine = "libvlc" if camera.source.engine == "libvlc" else "ffmpeg"
        camera.second = None

    def _second_try(self, camera: _Camera, session: _Session, code: str, now: float) -> bool:
        """Whether the other engine takes over; when it fails, the first one's word counts."""
        if camera.source.engine != "auto" or session.spec is None:
            return False
        if camera.engine == "libvlc":
            if not session.seen:
                camera.engine, camera.second = "ffmpeg", code
                self._failed(camera, camera.first_code, now)
                return True
            return False
        if code not in SECOND_TRY or camera.second is not None or session.seen:
            return False
        camera.second = libvlc.missing_for(session.spec.url)
        if camera.second:
            return False
        camera.engine, camera.first_code = "libvlc", code
        camera.machine.retry_at = now
        return True

    def _tend(self, camera_id: str, camera: _Camera, now: float) -> None:
        """Open, close, resize or retry one camera."""
        width, height = camera.box()
        if not width:
            if camera.unseen_since is None:
                camera.unseen_since = now
            if now - camera.unseen_since >= LINGER_S or camera.session is None:
                self._drop_sessions(camera)
                camera.started = False
                if camera.machine.state is not StreamState.IDLE:
                    camera.machine.released(now)
                if not camera.tiles:
                    del self._cameras[camera_id]
                    self._dirty.discard(camera_id)
            return
        camera.unseen_since = None
        camera.machine.tick(now)
        due = camera.machine.due
        if camera.refused or (
            camera.stale(now) and (not camera.started or (due is not None and now >= due))
        ):
            self._want(camera_id, camera, now)
        elif not camera.started:
            if self._may_open(camera, now):
                camera.started = True
                self._connect(camera, now)
        elif camera.machine.due is not None and now >= camera.machine.due:
            if self._may_open(camera, now):
                self._connect(camera, now)
        else:
            for session in (camera.session, camera.successor):
                if session is not None and session.number in session.process.sessions:
                    self._resize(session, width, height)

    def _want(self, camera_id: str, camera: _Camera, now: float) -> None:
        """A new ticket is to be asked for, after 2, 4, 8 … 60 s where the one before was of no
        use."""
        if now >= camera.ask_not_before:
            camera.asks += 1
            camera.ask_not_before = now + min(60.0, 2.0**camera.asks)
            self._wanting.add(camera_id)

    def _connect(self, camera: _Camera, now: float) -> None:
        """Open the stream that suits the tile; the last picture stays until the first new one."""
        if camera.session is None:
            steps = (Level.SUB,) if camera.can_sub() else ()
            load = StreamLoad(camera.source.camera_id, steps, camera.tier())
            camera.level = self.relief.policy.opening(load)
        role = camera.role(None)
        if camera.successor is not None:
            self._end(camera.successor)
            camera.successor = None
        if role is None:
            self._failed(camera, "bad-address", now)
            return
        camera.machine.opening(now)
        session = self._open(
            camera, role, "opened" if camera.session is None else "connection lost"
        )
        if camera.session is None or not camera.session.seen:
            if camera.session is not None:
                self._end(camera.session)
            camera.session = session
            self._hear(camera)
        else:
            camera.successor = session

    def _choose_quality(self, now: float) -> None:
        """At most one change of quality on the wall at a time."""
        if now - self._changed_at < CHANGE_GAP_S:
            return
        for camera in self._cameras.values():
            session, successor = camera.session, camera.successor
            if successor is not None:
                if (
                    session is not None
                    and session.number in session.process.sessions
                    and now - successor.opened_at > CHANGE_WAIT_S
                ):
                    self._no_sound(camera, successor, now)
                    self._end(successor)
                    camera.successor = None
                    camera.change_not_before = now + CHANGE_RETRY_S
                continue
            if session is None or now < camera.change_not_before or camera.box() in NOWHERE:
                continue
            if camera.machine.state not in (StreamState.LIVE, StreamState.DEGRADED):
                continue
            assert session.spec is not None
            role = camera.role(session.spec.role)
            if role is not None and role is not session.spec.role:
                if camera.stale(now):
                    self._want(camera.source.camera_id, camera, now)
                    continue
                if camera.lone:
                    self._let_go(camera, session, now)
                else:
                    camera.successor = self._open(camera, role, "quality changed")
                self._changed_at = now
                return

    def _let_go(self, camera: _Camera, session: _Session, now: float) -> None:
        """Close first, open then, for a camera that allows one connection; the picture stays."""
        session.process.send(orders.Close(session.number))
        self._forget(session)
        camera.machine.retry_at = now + TEARDOWN_S
        camera.change_not_before = now + CHANGE_WAIT_S

    def _may_open(self, camera: _Camera, now: float) -> bool:
        """Openings to one host are spread."""
        host = camera.host().partition(":")[0]
        recent = [t for t in self._hosts.get(host, []) if now - t < HOST_BURST * HOST_GAP_S]
        if len(recent) >= HOST_BURST:
            return False
        recent.append(now + self._dice.random() * HOST_GAP_S)
        self._hosts[host] = recent
        self._housekeeping_at = min(self._housekeeping_at, now + HOST_GAP_S)
        return True

    def _open(self, camera: _Camera, role: StreamRole, reason: str) -> _Session:
        spec = camera.source.stream(role)
        assert spec is not None
        least = min(self._processes, key=lambda p: len(p.sessions))
        process = self._homes.get(camera.source.camera_id)
        # Where its packets are kept, unless that process has much more to do than another.
        if process is None or len(process.sessions) > len(least.sessions) + 4:
            process = least
        source = camera.source
        self._homes.pop(source.camera_id, None)
        self._homes[source.camera_id] = process
        if len(self._homes) > HOMES:
            del self._homes[next(iter(self._homes))]
        session = self._session(process, source.camera_id, spec, *camera.box())
        session.audio = camera.wants_sound(session.opened_at)
        process.send(
            orders.Open(
                session.row, session.number, source.camera_id, role, reason, spec.url,
                source.transport, session.target, source.credentials, camera.engine,
                camera.patience(), session.audio, source.verify_tls,
                self._hardware and _large(spec), camera.level,
            )
        )  # fmt: skip
        return session

    def _session(
        self, process: _Process, camera_id: str, spec: StreamSpec | None, width: int, height: int
    ) -> _Session:
        """A row and a ring in a process."""
        slot = ring.slot_bytes(width, height)
        memory = ring.Ring(slot)
        target = Target(width, height, memory.name, slot, 1)
        row = process.free_rows.pop()
        process.board.clear(row)
        number = next(self._numbers)
        now = time.monotonic()
        session = _Session(number, camera_id, spec, process, row, memory, target, now)
        process.sessions[number] = process.by_row[row] = session
        return session

    def _resize(self, session: _Session, width: int, height: int) -> None:
        target = session.target
        if (target.width, target.height) == (width, height):
            return
        if session.old_rings:
            return  # one change at a time; the next housekeeping sees to it
        slot = ring.slot_bytes(width, height)
        memory = ring.Ring(slot)
        session.old_rings.append(session.memory)
        session.memory = memory
        session.target = Target(width, height, memory.name, slot, target.generation + 1)
        session.process.send(orders.Resize(session.number, session.target))

    def _end(self, session: _Session) -> None:
        """Close a session and free what it held."""
        if session.number in session.process.sessions:
            session.process.send(orders.Close(session.number))
            self._forget(session)
        rings = [session.memory, *session.old_rings]
        self._bury(rings)

    def _forget(self, session: _Session) -> None:
        """The process no longer serves this session."""
        process = session.process
        if process.sessions.pop(session.number, None) is not None:
            process.by_row.pop(session.row, None)
            if session.seen:
                session.last = self._newest(session)
            # Rows go round: a thread that ends late must not write into a new session's row.
            process.free_rows.insert(0, session.row)

    def _bury(self, rings: list[ring.Ring]) -> None:
        self._graveyard += [r for r in rings if not r.close(unlink=True)]
        rings.clear()

    def _drop_sessions(self, camera: _Camera) -> None:
        for session in (camera.session, camera.successor):
            if session is not None:
                self._end(session)
        camera.session = camera.successor = None

    def _replace(self, process: _Process, now: float) -> None:
        """A process died or hangs: a new one takes over its cameras."""
        device_at = process.board.words[ring.DEVICE_AT] / 1e9
        if self._hardware and device_at and now - device_at < DEVICE_TRIAL_S + HUNG_S:
            self.use_hardware(False)
            self._note("hardware-crashed")
        process.board.words[ring.DEVICE_AT] = 0
        process.discard()
        process.restarts += 1
        self._homes = {c: p for c, p in self._homes.items() if p is not process}
        lost = list(process.sessions.values())
        for session in lost:
            self._forget(session)
        process.start()
        if self._hardware:
            process.send(orders.UseHardware(True))
        for number, (owner, answered) in list(self._requests.items()):
            if owner is process:
                del self._requests[number]
                error = "the decoder process ended"
                answered(orders.StillTaken(number, "", error=error))
        for session in lost:
            if session.replay is not None:
                self._replay_over(session)
                continue
            camera = self._cameras.get(session.camera_id)
            if camera is None:
                continue
            self._lost(camera, session, "worker-lost", now)
            camera.machine.retry(now)


def _large(spec: StreamSpec) -> bool:
    """Whether a stream is worth a decoding device."""
    if spec.width and spec.height:
        return spec.width * spec.height >= DEVICE_LEAST
    return spec.role is StreamRole.MAIN
