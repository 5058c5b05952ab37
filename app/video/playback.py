"""Playing a recording: a thread that owns the decoders, takes orders and publishes pictures. No Qt.

A file with sound is played by libVLC, picture and sound in step. Everything else is PyAV's, because
evidence is told by the picture, and of libVLC 3.0 was measured here: it does not say which picture
it shows; a seek is exact only without B-frames (up to four pictures off with them), and so is
stepping back; at other speeds than the normal one it shows torn pictures after such a seek, and in
slow motion stands for seconds. So:

- standing, stepping, seeking: PyAV, the exact picture. At a halt the picture on screen is found
  again in the file by its content, so that nothing jumps.
- normal speed: libVLC. Twice and four times: the sound is libVLC's, the pictures PyAV's.
- slow motion, faster than that, no sound in the file, no libVLC: PyAV alone, silent.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from app.video import libvlc
from app.video.file_reader import AbandonedError, FileReader, MediaError
from app.video.publish import fit

SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SOUND_SPEEDS = (1.0, 2.0, 4.0)
START_S = 3.0
"""libVLC shows nothing for so long after the start: PyAV plays instead."""

DRIFT_S = 0.25
"""Pictures and sound this far apart are brought together."""

MATCH_S = 0.35
"""Around libVLC's own time, where the picture on screen is looked for."""

LATE_S = 0.4
"""The decoder is so far behind: on to the next key frame."""

TICK_S = 0.02


class Phase(StrEnum):
    """What the player is doing."""

    OPENING = "opening"
    STANDING = "standing"
    RUNNING = "running"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PlaybackState:
    """All that controls show. Times in seconds from the first picture."""

    phase: Phase = Phase.OPENING
    position_s: float = 0.0
    duration_s: float = 0.0
    at_end: bool = False
    speed: float = 1.0
    loop: bool = False
    muted: bool = False
    volume: int = 80
    fps: float = 0.0
    width: int = 0
    height: int = 0
    codec: str = ""
    has_audio: bool = False
    silent: str = ""
    """Why there is no sound though the file has some: "no-libvlc" or "vlc-failed", else ""."""
    error: str = ""
    """A code of `MediaError`, when it failed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, BGRA (Qt's Format_RGB32), rows of `stride` bytes."""

    serial: int
    data: bytes
    width: int
    height: int
    stride: int
    position_s: float
    exact: bool  # position is that of this picture; while libVLC runs it is near


class Playback:
    """Plays one file. Every call returns at once; `state` and `picture` are read at any time."""

    def __init__(self, path: Path, *, volume: int = 80, muted: bool = False) -> None:
        self._path = path
        self._orders: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self.state = PlaybackState(volume=volume, muted=muted)
        self.picture: Shown | None = None
        self._serial = 0
        self._publishing = threading.Lock()
        self._box = (640, 360)
        self._reformat = VideoReformatter()
        self._reader: FileReader | None = None
        self._sound: _VlcRun | None = None
        self._first: Any = None
        self._run_from = (0.0, 0.0)
        self._seeks = 0
        self._closing = False
        self._thread = threading.Thread(target=self._work, name=f"player-{path.name}", daemon=True)
        self._thread.start()

    # -- orders

    def play(self) -> None:
        """Run on; from the beginning when it stands at the end."""
        self._orders.put(("play", None))

    def pause(self) -> None:
        """Stand at the picture on screen."""
        self._orders.put(("pause", None))

    def seek(self, seconds: float) -> None:
        """Go there, running or standing. Of many in a row, the last one counts."""
        self._seeks += 1
        self._orders.put(("seek", (self._seeks, seconds)))

    def jump(self, seconds: float) -> None:
        """Forwards or backwards from where it is."""
        self._orders.put(("jump", seconds))

    def step(self, pictures: int) -> None:
        """One picture on (1) or back (-1); halts first."""
        self._orders.put(("step", pictures))

    def set_speed(self, speed: float) -> None:
        """One of SPEEDS."""
        self._orders.put(("speed", speed))

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end."""
        self._orders.put(("loop", loop))

    def set_volume(self, volume: int, muted: bool) -> None:
        """Loudness in percent."""
        self._orders.put(("volume", (volume, muted)))

    def set_box(self, width: int, height: int) -> None:
        """Physical pixels that pictures are fitted into."""
        self._orders.put(("box", (max(2, width), max(2, height))))

    def still(self) -> Future[Shown]:
        """Halts; the exact picture at the file's own size. MediaError, or cancelled at the end."""
        answer: Future[Shown] = Future()
        self._orders.put(("still", answer))
        return answer

    def close(self) -> None:
        """End soon."""
        self._closing = True
        self._orders.put(("close", None))

    def join(self, timeout_s: float) -> bool:
        """Whether it has ended by then."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- the thread

    def _work(self) -> None:
        try:
            self._reader = FileReader(self._path)
            self._opened(self._reader)
            self._turn()
        except MediaError as error:
            self._set(phase=Phase.FAILED, error=error.code)
        except AbandonedError:
            pass
        except Exception as error:
            self._set(phase=Phase.FAILED, error="undecodable")
            if not self._closing:
                raise error
        finally:
            self._halt_sound()
            if self._reader is not None:
                self._reader.close()
            if self._closing:
                self._set(phase=Phase.CLOSED)
            self._drain()

    def _drain(self) -> None:
        """Nobody may wait for an answer that does not come."""
        while not self._closing or not self._orders.empty():
            word, value = self._orders.get()
            if word == "still":
                value.cancel()
            if word == "close":
                self._set(phase=Phase.CLOSED)

    def _opened(self, reader: FileReader) -> None:
        frame = reader.seek(0.0, lambda: self._closing)
        self._set(
            phase=Phase.STANDING,
            duration_s=max(reader.duration_s, 0.0),
            fps=reader.fps,
            width=reader.width or frame.width,
            height=reader.height or frame.height,
            codec=reader.codec,
            has_audio=reader.has_audio,
        )
        self._first = _luma(frame)
        self._show(frame, reader.at(frame), exact=True)
        if reader.has_audio:
            try:
                libvlc.load()
            except libvlc.LibVlcMissingError:
                self._set(silent=libvlc.NO_LIBVLC)

    def _turn(self) -> None:
        """Orders and time, until it is closed."""
        while True:
            running = self.state.phase is Phase.RUNNING
            try:
                # A standing player wakes up for orders only.
                word, value = self._orders.get(timeout=self._wait_s() if running else None)
            except queue.Empty:
                self._go_on()
                continue
            if word == "close":
                return
            self._obey(word, value)

    def _obey(self, word: str, value: Any) -> None:
        reader = self._reader
        assert reader is not None
        state = self.state
        match word:
            case "play" if state.phase is Phase.STANDING and state.duration_s > 0:
                self._run(0.0 if state.at_end else state.position_s)
            case "pause" if state.phase is Phase.RUNNING:
                self._halt()
            case "seek":
                number, seconds = value
                if number == self._seeks:  # no newer one is on its way
                    self._go(seconds, number)
            case "jump":
                self._go(state.position_s + value, self._seeks)
            case "step":
                self._halt()
                frame = reader.next() if value > 0 else reader.previous(lambda: self._closing)
                self._stand(frame, at_end=frame is None and value > 0)
            case "speed":
                self._change_speed(value)
            case "loop":
                self._set(loop=value)
            case "volume":
                self._set(volume=value[0], muted=value[1])
                if self._sound is not None:
                    self._sound.set_volume(*value)
            case "box":
                if value != self._box:
                    self._box = value
                    if state.phase is Phase.STANDING:
                        self._stand(None, at_end=state.at_end)
            case "still":
                self._halt()
                frame = reader.seek(self.state.position_s, lambda: self._closing)
                value.set_result(self._converted(frame, reader.at(frame), True, whole=True))

    def _go(self, seconds: float, number: int) -> None:
        reader, state = self._reader, self.state
        assert reader is not None
        seconds = min(max(0.0, seconds), max(0.0, state.duration_s))
        if state.phase is Phase.RUNNING:
            self._run(seconds)
            return
        try:
            frame = reader.seek(seconds, lambda: self._closing or number != self._seeks)
        except AbandonedError:
            if self._closing:
                raise
            return
        self._stand(frame)

    def _stand(self, frame: Any, *, at_end: bool = False) -> None:
        reader = self._reader
        assert reader is not None
        frame = frame or reader.seek(self.state.position_s, lambda: self._closing)
        position = reader.at(frame)
        self._set(phase=Phase.STANDING, position_s=position, at_end=at_end)
        self._show(frame, position, exact=True)

    # -- running

    def _run(self, seconds: float) -> None:
        """Run from there, with sound where it can be had."""
        self._halt_sound()
        reader, state = self._reader, self.state
        assert reader is not None
        frame = reader.seek(seconds, lambda: self._closing)
        if state.has_audio and not state.silent and state.speed in SOUND_SPEEDS:
            pictures = (self._first, _luma(frame)) if state.speed == 1.0 else None
            try:
                self._sound = _VlcRun(
                    self._path, seconds, reader.lead_s, state, self._heard, pictures
                )
            except libvlc.LibVlcMissingError:
                self._set(silent=libvlc.NO_LIBVLC)
        self._run_from = (time.monotonic(), seconds)
        self._set(phase=Phase.RUNNING, position_s=seconds, at_end=False)

    def _change_speed(self, speed: float) -> None:
        self._set(speed=speed)
        if self.state.phase is Phase.RUNNING:
            self._run(self.state.position_s)

    def _wait_s(self) -> float:
        if self._sound is not None and self._sound.pictures:
            return TICK_S
        assert self._reader is not None
        began, start = self._run_from
        due = began + (self.state.position_s + 1 / self.state.fps - start) / self.state.speed
        return min(TICK_S, max(0.0, due - time.monotonic()))

    def _go_on(self) -> None:
        sound = self._sound
        if sound is None or not sound.pictures:
            self._go_on_by_myself(sound)
            return
        match sound.look():
            case "ended":
                self._halt_sound()
                self._at_end()
            case "failed":
                self._set(silent="vlc-failed")
                self._run(self.state.position_s)
            case _:
                limit = self.state.duration_s or sound.position_s
                self._set(position_s=min(sound.position_s, limit))

    def _go_on_by_myself(self, sound: _VlcRun | None) -> None:
        reader, state = self._reader, self.state
        assert reader is not None
        now = time.monotonic()
        began, start = self._run_from
        wanted = start + (now - began) * state.speed
        heard = sound.told() if sound is not None else None
        if heard is not None and wanted - heard > DRIFT_S * state.speed:
            # The sound began later: the pictures wait. For an early one none is left out.
            self._run_from = (now, heard)
            wanted = heard
        if wanted - state.position_s > LATE_S * max(1.0, state.speed):
            # Two pictures on: lists of key frames have decoding times.
            ahead = [k + 2 / state.fps for k in reader.keys if k <= wanted]
            if ahead and ahead[-1] > state.position_s:
                reader.seek(ahead[-1], lambda: self._closing)
        newest = None
        until = time.monotonic() + TICK_S * 2
        while (frame := reader.next()) is not None:
            if reader.at(frame) > wanted:
                reader.previous()
                break
            newest = frame
            if time.monotonic() > until:
                break
        else:
            self._at_end()
            return
        if newest is not None:
            position = reader.at(newest)
            self._set(position_s=position)
            self._show(newest, position, exact=True)

    def _heard(self, frame: Any, position: float) -> None:
        """A picture of libVLC's, in its thread."""
        self._show(frame, position, exact=False)

    def _at_end(self) -> None:
        if self.state.loop:
            self._run(0.0)
            return
        reader = self._reader
        assert reader is not None
        frame = reader.seek(max(0.0, self.state.duration_s), lambda: self._closing)
        while (following := reader.next()) is not None:  # the file may be longer than it says
            frame = following
        self._stand(frame, at_end=True)

    def _halt(self) -> None:
        """Stand at the picture that is on screen."""
        if self.state.phase is not Phase.RUNNING:
            return
        sound, reader = self._sound, self._reader
        assert reader is not None
        self._halt_sound()
        if sound is None or not sound.pictures:
            self._stand(None)
            return
        position = min(sound.position_s, self.state.duration_s or sound.position_s)
        self._set(position_s=position)
        self._stand(self._found(sound.luma, position) if sound.luma is not None else None)

    def _found(self, luma: Any, position: float) -> Any:
        """The picture of the file that looks most like `luma`, near a position."""
        reader = self._reader
        assert reader is not None
        frame = reader.seek(position - MATCH_S, lambda: self._closing)
        best, least = None, float("inf")
        while frame is not None and reader.at(frame) <= position + MATCH_S:
            distance = _difference(luma, _luma(frame)) + abs(reader.at(frame) - position) * 1e-3
            if distance < least:
                best, least = reader.at(frame), distance
            frame = reader.next()
        if best is None:
            best = position
        return reader.seek(best + 1e-4, lambda: self._closing)

    def _halt_sound(self) -> None:
        sound, self._sound = self._sound, None
        if sound is not None:
            sound.close()

    # -- publishing

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def _show(self, frame: Any, position: float, *, exact: bool) -> None:
        picture = self._converted(frame, position, exact)
        with self._publishing:
            self.picture = picture

    def _converted(self, frame: Any, position: float, exact: bool, *, whole: bool = False) -> Shown:
        if whole:
            width, height, ways = frame.width, frame.height, Interpolation.BICUBIC
        else:
            shape = self._reader.pixel_shape if self._reader is not None else 1.0
            ways = Interpolation.BICUBIC if exact else Interpolation.FAST_BILINEAR
            width, height = fit(round(frame.width * shape), frame.height, *self._box)
        with self._publishing:
            picture = self._reformat.reformat(frame, width, height, "bgra", interpolation=ways)
            plane = picture.planes[0]
            self._serial += 1
            return Shown(
                self._serial, bytes(plane), width, height, plane.line_size, position, exact
            )


def _luma(frame: Any) -> Any:
    """Every third line and column of the brightness, as a copy; None when it has no such plane."""
    if not frame.format.name.startswith("yuv"):
        return None
    plane = frame.planes[0]
    pixels = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return pixels[: frame.height : 3, : frame.width : 3].copy()


def _difference(one: Any, other: Any) -> float:
    """How far two `_luma` are from each other, 0 to 255; 0 when that cannot be said."""
    if one is None or other is None or one.dtype != other.dtype:
        return 0.0
    rows, columns = np.minimum(one.shape, other.shape)
    a, b = one[:rows, :columns], other[:rows, :columns]
    return float(np.abs(a.astype(np.int16) - b).mean())


class _VlcRun:
    """libVLC playing from one place until it is halted; a new one for the next time."""

    def __init__(
        self,
        path: Path,
        start_s: float,
        lead_s: float,
        state: PlaybackState,
        heard: Callable[[Any, float], None],
        pictures: tuple[Any, Any] | None,
    ) -> None:
        """`pictures`: brightness of the file's first picture and of the one at the start; None
        when only the sound is wanted. Raises LibVlcMissingError.
        """
        self._vlc, instance = libvlc.load()
        self._heard, self._start, self._lead = heard, start_s, lead_s
        self.pictures = pictures
        self._anchor: tuple[float, float] | None = None
        self._told = -1
        self._began = time.monotonic()
        self.position_s = start_s
        self.luma: Any = None
        self._media = instance.media_new_path(str(path))
        # One way to decode everywhere; a player of one file has the time.
        options = [f"start-time={start_s + lead_s:.3f}", "file-caching=100", "avcodec-hw=none"]
        for option in [*options, "no-spu", *([] if pictures else ["no-video"])]:
            self._media.add_option(":" + option)
        self._player = instance.media_player_new()
        self._output = (
            libvlc.MemoryOutput(self._vlc, self._player, self._received) if pictures else None
        )
        self._player.set_media(self._media)
        self._player.play()
        self._player.set_rate(state.speed)
        self.set_volume(state.volume, state.muted)

    def set_volume(self, volume: int, muted: bool) -> None:
        """Loudness in percent."""
        self._player.audio_set_volume(volume)
        self._player.audio_set_mute(muted)

    def told(self) -> float | None:
        """The position, s, at the moment when libVLC says a new one: four times a second."""
        told = self._player.get_time()
        if told == self._told or told / 1000 - self._lead < self._start - 0.5 or told <= 0:
            return None
        self._told = told
        return float(told / 1000 - self._lead)

    def look(self) -> str:
        """One of ended, failed and running; brings the position up to date."""
        state = self._player.get_state()
        now = time.monotonic()
        if state == self._vlc.State.Ended:
            return "ended" if self._anchor is not None else "failed"
        if state == self._vlc.State.Error:
            return "failed"
        if self._anchor is None:
            return "failed" if now - self._began > START_S else "running"
        heard = self.told()
        if heard is not None and abs(heard - self._reckoned(now)) > DRIFT_S:
            self._anchor = (now, heard)
        self.position_s = self._reckoned(now)
        return "running"

    def _reckoned(self, now: float) -> float:
        if self._anchor is None:
            return self._start
        return self._anchor[1] + now - self._anchor[0]

    def _received(self, frame: Any, same: bool) -> None:
        if same or self.pictures is None:
            return
        now = time.monotonic()
        luma = _luma(frame)
        if self._anchor is None:
            # Before it has gone to the start, libVLC shows the first pictures of the file.
            first, there = self.pictures
            early = self._start > 0.3 and now - self._began < START_S / 2
            if early and _difference(luma, there) > _difference(luma, first):
                return
            self._anchor = (now, self._start)
        self.luma = luma
        self._heard(frame, self._reckoned(now))

    def close(self) -> None:
        """Returns when no thread of libVLC's uses the output any more."""
        self._player.stop()
        self._player.release()
        self._media.release()
