"""The sound of one camera in its decoder process: decoded, measured, played.

Played through miniaudio (MIT): it brings its own copy of the library and uses PulseAudio, PipeWire
or ALSA, WASAPI or Core Audio as it finds them at run time. Where it is missing, or no device is
there, sound is still measured. Imported only when a camera is heard.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, Protocol

import av
import av.error
import numpy as np

from app.video import ring

RATE = 48_000
"""Samples a second given to the device, 16 bits, one channel: a camera has one microphone."""

BYTES = 2
MOST_S = 0.28
"""At most so much is held back; the oldest beyond it is dropped, never queued."""

LEAST_S = 0.06
"""Held back before playing begins, beside one packet: the network's unevenness."""

PERIOD_MS = 20
WINDOW = RATE // 10
"""Samples a level is taken over."""

FLOOR_DB = -90.0
SILENT_DEVICE_S = 2.0
"""A device that fetches nothing for so long is gone, by being unplugged for one."""

AGAIN_S = 60.0
"""Between two tries to find a device."""

HOPELESS = 40
"""So many packets without a sample from the first one on: this sound cannot be decoded."""

NO_SOUND, NO_CODEC = "sound-none", "sound-codec"
NO_DEVICE, NO_LIBRARY = "sound-device", "sound-library"


class SoundError(Exception):
    """Nothing can be heard; `args[0]` is one of the codes above."""


class Output(Protocol):
    """A loudspeaker. `take` is called from its own thread with a number of samples."""

    def start(self, take: Callable[[int], bytes]) -> None: ...
    def close(self) -> None: ...


class Miniaudio:
    """The system's usual output device. Raises SoundError when there is none."""

    def __init__(self) -> None:
        try:
            import miniaudio
        except ImportError:
            raise SoundError(NO_LIBRARY) from None
        # Named one by one: left to itself, the library falls back to a device that is none.
        kinds = miniaudio.Backend
        backends = [
            kinds.WASAPI, kinds.DSOUND, kinds.COREAUDIO, kinds.PULSEAUDIO, kinds.ALSA, kinds.JACK,
            kinds.SNDIO, kinds.OSS,
        ]  # fmt: skip
        if os.environ.get("WATCHROOM_SOUND") == "null":  # plays at the right pace to nobody
            backends = [kinds.NULL]
        _hush_alsa()
        try:
            self._device = miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16, 1, RATE, PERIOD_MS, backends=backends,
                app_name="Watchroom",
            )  # fmt: skip
        except miniaudio.MiniaudioError:
            raise SoundError(NO_DEVICE) from None
        self.name = str(self._device.backend)
        self._error = miniaudio.MiniaudioError
        self._context_end = miniaudio.lib.ma_context_uninit

    def start(self, take: Callable[[int], bytes]) -> None:
        """Begin to fetch samples. Raises SoundError."""

        def feed() -> Generator[bytes, int, None]:
            count = yield b""
            while True:
                count = yield take(count)

        generator = feed()
        next(generator)
        try:
            self._device.start(generator)
        except self._error:
            raise SoundError(NO_DEVICE) from None

    def close(self) -> None:
        """Let go of the device."""
        self._device.close()
        # The library forgets its context, and with it a connection to the sound server.
        with contextlib.suppress(AttributeError):
            self._context_end(self._device._context)


_alsa: list[Any] = []


def _hush_alsa() -> None:
    """libasound writes a page to stderr where there is no card."""
    if _alsa or not sys.platform.startswith("linux"):
        return
    kind = ctypes.CFUNCTYPE(
        None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
    )
    handler = kind(lambda *_: None)
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL("libasound.so.2")
        library.snd_lib_error_set_handler(handler)
        _alsa.extend((handler, library))


class Jitter:
    """Samples between network and loudspeaker: never more than MOST_S, silence when there are none.

    The camera's clock is not the loudspeaker's: what piles up is dropped, what lacks is padded.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._lock = threading.Lock()
        self._filling = True
        self._packet = 0
        self.dropped = self.padded = 0
        """Samples thrown away, and silent ones put in."""

    def _least(self) -> int:
        """Bytes held back before playing begins."""
        return min(int(LEAST_S * RATE) * BYTES + self._packet, int(MOST_S * RATE) * BYTES)

    def put(self, samples: bytes) -> None:
        """What arrived."""
        with self._lock:
            self._packet = max(len(samples), self._packet * 7 // 8 // BYTES * BYTES)
            self._data += samples
            if len(self._data) > int(MOST_S * RATE) * BYTES:
                excess = len(self._data) - self._least()
                del self._data[:excess]
                self.dropped += excess // BYTES
            if len(self._data) >= self._least():
                self._filling = False

    def take(self, count: int) -> bytes:
        """That many samples, silent where there are none."""
        wanted = count * BYTES
        with self._lock:
            if self._filling:
                return bytes(wanted)
            found = bytes(self._data[:wanted])
            del self._data[:wanted]
            if len(found) < wanted:
                self._filling = True
                self.padded += (wanted - len(found)) // BYTES
                found += bytes(wanted - len(found))
            return found

    def held_s(self) -> float:
        """Seconds held back now."""
        return len(self._data) / BYTES / RATE

    def clear(self) -> None:
        """Forget what is held."""
        with self._lock:
            self._data.clear()
            self._filling = True


class Player:
    """The loudspeaker of this process. One source at a time; the device is used on a thread here.

    The thread ends when nobody is heard.
    """

    def __init__(self, output: Callable[[], Output] = Miniaudio) -> None:
        self._make = output
        self._wake = threading.Condition()
        self._source: tuple[Callable[[int], bytes], Callable[[str], None]] | None = None
        self._thread: threading.Thread | None = None
        self._fetched = 0.0

    def play(self, take: Callable[[int], bytes], told: Callable[[str], None]) -> None:
        """Play what `take` gives, instead of what was played. `told` hears "" or a code."""
        with self._wake:
            self._source = (take, told)
            self._wake.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
                self._thread.start()

    def stop(self, take: Callable[[int], bytes]) -> None:
        """Play this no longer; harmless when something else is played by now."""
        with self._wake:
            if self._source is not None and self._source[0] == take:
                self._source = None
                self._wake.notify()

    def _fetch(self, count: int) -> bytes:
        """In the device's thread."""
        self._fetched = time.monotonic()
        source = self._source
        return source[0](count) if source is not None else bytes(count * BYTES)

    def _run(self) -> None:
        output: Output | None = None
        said: tuple[Any, str] | None = None
        try:
            while True:
                with self._wake:
                    source = self._source
                    if source is None:
                        self._thread = None
                        return
                now = time.monotonic()
                code = said[1] if said is not None else ""
                if output is not None and now - self._fetched > SILENT_DEVICE_S:
                    output.close()
                    output, code = None, NO_DEVICE
                elif output is None:
                    try:
                        output, code = self._opened(), ""
                    except SoundError as error:
                        code = str(error.args[0])
                if said != (source, code):
                    said = (source, code)
                    source[1](code)
                with self._wake:
                    if self._source is source:
                        self._wake.wait(0.5 if output is not None else AGAIN_S)
        finally:
            if output is not None:
                output.close()

    def _opened(self) -> Output:
        output = self._make()
        self._fetched = time.monotonic()
        try:
            output.start(self._fetch)
        except SoundError:
            output.close()
            raise
        return output


class Ear:
    """Hears one session: all methods but `take` are for the session's own thread.

    `stream` is an av.AudioStream. Levels go to the words of the session's row from `base` on, in
    hundredths of dBFS. `told` hears "" when it plays, or a code.
    """

    def __init__(
        self, words: Any, base: int, stream: Any, player: Player, told: Callable[[str], None]
    ) -> None:
        self._words, self._base, self.stream = words, base, stream
        self._player, self._told = player, told
        self.jitter = Jitter()
        self._gain, self._muted, self._on = 1.0, False, False
        self._resampler: Any = None
        self._shape: tuple[Any, ...] = ()
        self._window: list[Any] = []
        self._silent_packets: int | None = 0
        """Packets that gave nothing; None once one gave something, or when it was said."""

    def listen(self, on: bool, volume: float, muted: bool) -> None:
        """Begin, go on otherwise, or stop to be heard. `volume` from 0 to 1."""
        # Ears hear ratios: the square makes half the slider about half as loud.
        self._gain, self._muted = max(0.0, min(1.0, volume)) ** 2, muted
        if on and not self._on:
            self.jitter.clear()
            self._player.play(self.take, self._told)
        elif self._on and not on:
            self._player.stop(self.take)
        self._on = on
        if muted or not on:
            self._level(FLOOR_DB, FLOOR_DB)

    def close(self) -> None:
        """The session is over."""
        self.listen(False, 1.0, False)

    def take(self, count: int) -> bytes:
        """In the device's thread: what the loudspeaker shall play now."""
        samples = self.jitter.take(count)
        if self._muted:
            return bytes(len(samples))
        if self._gain >= 0.999:
            return samples
        return (np.frombuffer(samples, np.int16) * self._gain).astype(np.int16).tobytes()

    def hear(self, packet: Any) -> None:
        """A packet of the sound; while nobody listens it is thrown away."""
        if not self._on:
            return
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            frames = []
        for frame in frames:
            self._silent_packets = None
            for samples in self._resampled(frame):
                self.jitter.put(samples)
                self._measure(np.frombuffer(samples, np.int16))
        if self._silent_packets is not None:
            self._silent_packets += 1
            if self._silent_packets > HOPELESS:
                self._silent_packets = None
                self._told(NO_CODEC)

    def _resampled(self, frame: Any) -> list[bytes]:
        shape = (frame.format.name, frame.sample_rate, frame.layout.name)
        if shape != self._shape:
            self._shape = shape
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frame.pts = None  # packets that lack are silence, not something to make up for
        try:
            found = self._resampler.resample(frame)
        except (av.error.FFmpegError, ValueError):
            self._shape = ()
            return []
        return [bytes(f.planes[0])[: f.samples * BYTES] for f in found]

    def _measure(self, samples: Any) -> None:
        self._window.append(samples)
        if sum(len(s) for s in self._window) < WINDOW:
            return
        wave = np.concatenate(self._window).astype(np.float32) / 32768
        self._window.clear()
        if self._muted:
            self._level(FLOOR_DB, FLOOR_DB)
            return
        self._level(_db(float(np.sqrt(np.mean(wave * wave)))), _db(float(np.max(np.abs(wave)))))

    def _level(self, rms: float, peak: float) -> None:
        words, base = self._words, self._base
        words[base + ring.SOUND_RMS] = int(rms * 100)
        words[base + ring.SOUND_PEAK] = int(peak * 100)
        words[base + ring.SOUND_NS] = time.monotonic_ns()


def _db(value: float) -> float:
    """An amplitude from 0 to 1 in dBFS."""
    return max(FLOOR_DB, 20 * float(np.log10(value))) if value > 0 else FLOOR_DB


def ear_for(
    container: Any, words: Any, base: int, player: Player, told: Callable[[str], None]
) -> Ear:
    """An ear for a container's sound. Raises SoundError where there is none, or none known here."""
    if not container.streams.audio:
        raise SoundError(NO_SOUND)
    for stream in container.streams.audio:
        # An encoding that FFmpeg does not know has no context.
        if stream.codec_context is not None:
            return Ear(words, base, stream, player, told)
    raise SoundError(NO_CODEC)
