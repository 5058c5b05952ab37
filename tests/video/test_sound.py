"""Sound of one camera: heard, measured, never at the cost of the picture."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import av
import miniaudio
import numpy as np
import pytest

from app.simulator import sound as simulated
from app.simulator.process import Simulator
from app.video import ring, sound, worker
from app.video.engine import SOUND_LINGER_S, VideoEngine
from app.video.types import StreamState, TileRequest
from tests.conftest import wait_for

LOUD_DB, SILENT_DB = -40.0, sound.FLOOR_DB


@pytest.fixture(scope="module")
def hearing() -> Iterator[Simulator]:
    """cam1 speaks PCMU, cam2 AAC, cam3 PCMA, cam4 has no microphone."""
    with Simulator(cameras=4, ptz=0, audio=("pcmu", "aac", "pcma", "")) as running:
        yield running


@pytest.fixture(autouse=True)
def _repaired(hearing: Simulator) -> Iterator[None]:
    yield
    for camera in hearing.cameras:
        hearing.clear(camera.id)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[VideoEngine]:
    """Its decoder processes play to the library's device that is none."""
    monkeypatch.setenv("WATCHROOM_SOUND", "null")
    running = VideoEngine(workers=2)
    running.start()
    yield running
    running.close()


def _show(engine: VideoEngine, hearing: Simulator, *cameras: str, visible: bool = True) -> None:
    engine.show_all(
        [TileRequest(c, hearing.camera(c).source(), 320, 180, visible) for c in cameras]
    )
    for camera in cameras if visible else ():
        wait_for(lambda c=camera: engine.status(c).state is StreamState.LIVE, 25, engine.poll)


def _loud(engine: VideoEngine, timeout_s: float = 20) -> float:
    return wait_for(lambda: engine.sound().rms_db > LOUD_DB, timeout_s, engine.poll, "loud")


def _silent(engine: VideoEngine) -> None:
    wait_for(lambda: engine.sound().rms_db == SILENT_DB, 10, engine.poll, "silent")


def _newest(engine: VideoEngine, camera: str) -> float:
    picture = engine.picture(camera)
    return picture.arrived_at if picture is not None else 0.0


def _sub(hearing: Simulator, camera: str) -> dict[str, int]:
    found = hearing.state(camera)["streams"]["sub"]
    assert isinstance(found, dict)
    return found


class _Watch:
    """Pumps the engine and keeps the longest time without a picture of a camera."""

    def __init__(self, engine: VideoEngine, camera: str) -> None:
        self._engine, self._camera = engine, camera
        self._last, self.longest = time.monotonic(), 0.0
        self.states: set[StreamState] = set()

    def __call__(self) -> None:
        changes, now = self._engine.poll(), time.monotonic()
        self.longest = max(self.longest, now - self._last)
        if self._camera in changes.pictures:
            self._last = now
        self.states.add(self._engine.status(self._camera).state)


@pytest.mark.parametrize("camera", ["cam1", "cam2", "cam3"])
def test_the_level_follows_what_is_heard_and_the_picture_stays(
    engine: VideoEngine, hearing: Simulator, camera: str
) -> None:
    _show(engine, hearing, camera)
    assert _sub(hearing, camera)["listeners"] == 0
    watch = _Watch(engine, camera)
    engine.listen(camera)
    wait_for(lambda: engine.sound().rms_db > LOUD_DB, 20, watch, "loud")
    # The tone at -26 dBFS peak is -29 dBFS RMS; the beep at -6 dBFS.
    wait_for(lambda: -32 < engine.sound().rms_db < -26, 5, watch, "the tone")
    wait_for(lambda: -8 < engine.sound().peak_db < -4, 5, watch, "the beep")
    assert engine.sound().code == ""
    wait_for(lambda: (p := engine.picture(camera)) and p.device_time, 5, watch)
    picture = engine.picture(camera)
    assert picture is not None
    assert picture.device_time is not None
    assert abs(picture.device_time - time.time()) < 2  # the sound's clock does not shift it
    wait_for(lambda: _sub(hearing, camera) | {"sessions": 1, "listeners": 1}
             == _sub(hearing, camera), 5, watch, "one session")  # fmt: skip
    engine.set_sound(0.8, muted=True)
    wait_for(lambda: engine.sound().rms_db == SILENT_DB, 5, watch, "silent")
    assert engine.sound().muted
    engine.set_sound(0.8, muted=False)
    wait_for(lambda: engine.sound().rms_db > LOUD_DB, 5, watch, "loud again")
    engine.listen(None)
    assert engine.sound().rms_db == SILENT_DB
    wait_for(lambda: _sub(hearing, camera)["listeners"] == 0, SOUND_LINGER_S + 10, watch)
    wait_for(lambda: _sub(hearing, camera)["sessions"] == 1, 5, watch)
    assert watch.longest < 2.0
    assert StreamState.STALLED not in watch.states
    assert StreamState.UNREACHABLE not in watch.states


def test_only_one_camera_is_heard(engine: VideoEngine, hearing: Simulator) -> None:
    _show(engine, hearing, "cam1", "cam3")
    engine.listen("cam1")
    _loud(engine)
    opened = hearing.state("cam1")["opened"]
    engine.listen("cam3")
    assert engine.sound().camera_id == "cam3"
    _loud(engine)
    # Back at once costs no new connection: the sound of the first was still received.
    engine.listen("cam1")
    _loud(engine, 2)
    assert hearing.state("cam1")["opened"] == opened
    wait_for(lambda: _sub(hearing, "cam3")["listeners"] == 0, 15, engine.poll)
    assert _sub(hearing, "cam1")["listeners"] == 1


def test_sound_goes_on_unseen_and_ends_with_the_tile(
    engine: VideoEngine, hearing: Simulator
) -> None:
    _show(engine, hearing, "cam1")
    engine.listen("cam1")
    _loud(engine)
    _show(engine, hearing, "cam1", visible=False)  # a minimised window
    began = loud = time.monotonic()
    quiet = 0.0  # the longest; a busy machine may be late with a piece
    while time.monotonic() < began + 4:
        engine.poll()
        if engine.sound().rms_db > LOUD_DB:
            loud = time.monotonic()
        quiet = max(quiet, time.monotonic() - loud)
        time.sleep(0.01)
    assert quiet < 1
    engine.show_all([])
    wait_for(lambda: engine.sound().camera_id is None, 5, engine.poll)
    wait_for(lambda: _sub(hearing, "cam1")["sessions"] == 0, 10, engine.poll)


def test_sound_comes_back_with_the_camera(engine: VideoEngine, hearing: Simulator) -> None:
    _show(engine, hearing, "cam1")
    engine.listen("cam1")
    _loud(engine)
    hearing.fault("cam1", "drop-socket")
    _silent(engine)
    _loud(engine)
    assert engine.sound().camera_id == "cam1"
    # Silence is told by the level.
    hearing.fault("cam1", "stop-sending")
    _silent(engine)


def test_sound_alone_is_no_live_picture(engine: VideoEngine, hearing: Simulator) -> None:
    _show(engine, hearing, "cam1")
    engine.listen("cam1")
    _loud(engine)
    opened = hearing.state("cam1")["opened"]
    hearing.fault("cam1", "stop-sending", sound=1)
    wait_for(lambda: engine.status("cam1").state is StreamState.STALLED, 4, engine.poll)
    assert engine.sound().rms_db > LOUD_DB
    # The session ends as it would without the sound, and a new one is tried.
    wait_for(lambda: hearing.state("cam1")["opened"] > opened, 12, engine.poll)
    hearing.clear("cam1")
    wait_for(lambda: engine.status("cam1").state is StreamState.LIVE, 12, engine.poll)


def test_libvlc_plays_no_sound_and_says_so(engine: VideoEngine, hearing: Simulator) -> None:
    source = replace(hearing.camera("cam1").source(), engine="libvlc")
    engine.show(TileRequest("t", source, 320, 180))
    engine.listen("cam1")
    wait_for(lambda: engine.sound().code == "sound-engine", 10, engine.poll)


@pytest.mark.parametrize(("codec", "rate", "form"), [("aac", 48000, "fltp"),
                                                    ("pcm_s16be", 44100, "s16")])  # fmt: skip
def test_stereo_and_other_rates_keep_pace_and_level(codec: str, rate: int, form: str) -> None:
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.sample_rate, encoder.layout, encoder.format = rate, "stereo", form
    encoder.open()
    wave = np.sin(2 * np.pi * 440 * np.arange(rate // 1024 * 1024) / rate) * 0.5
    packets = []
    for begin in range(0, len(wave), 1024):
        part = np.tile(wave[begin : begin + 1024].astype(np.float32), (2, 1))
        if form == "s16":
            part = (part * 32767).astype(np.int16).T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), form, "stereo")
        frame.sample_rate, frame.pts = rate, begin
        packets += encoder.encode(frame)
    decoder: Any = av.CodecContext.create(codec, "r")
    decoder.sample_rate, decoder.layout, decoder.extradata = rate, "stereo", encoder.extradata
    words = [0] * ring.ROW
    ear = sound.Ear(words, 0, None, sound.Player(_Output), _never_heard)
    count = 0
    for packet in packets:
        for frame in decoder.decode(av.Packet(bytes(packet))):
            for samples in ear._resampled(frame):
                count += len(samples) // 2
                ear._measure(np.frombuffer(samples, np.int16))
    assert abs(count - sound.RATE * len(wave) / rate) < 0.05 * sound.RATE
    assert -11 < words[ring.SOUND_RMS] / 100 < -7
    assert -8 < words[ring.SOUND_PEAK] / 100 < -4


@pytest.mark.parametrize(
    ("camera", "fault", "code"),
    [("cam4", "", "sound-none"), ("cam4", "unknown-audio", "sound-codec"),
     ("cam1", "one-connection", "sound-refused")],
)  # fmt: skip
def test_why_nothing_is_heard(
    engine: VideoEngine, hearing: Simulator, camera: str, fault: str, code: str
) -> None:
    if fault:
        hearing.fault(camera, fault)
    _show(engine, hearing, camera)
    watch = _Watch(engine, camera)
    engine.listen(camera)
    wait_for(lambda: engine.sound().code == code, 15, watch, f"{code}, is {engine.sound()}")
    # Asked again, it says so again.
    engine.listen(None)
    engine.listen(camera)
    assert engine.sound().code == ""
    wait_for(lambda: engine.sound().code == code, 15, watch, f"{code} again")
    assert engine.status(camera).state is StreamState.LIVE
    assert watch.longest < 2.0


def test_sound_that_is_refused_never_costs_the_picture(
    engine: VideoEngine, hearing: Simulator
) -> None:
    hearing.fault("cam1", "audio-refused")
    _show(engine, hearing, "cam1")
    engine.listen("cam1")
    wait_for(lambda: engine.sound().code == "sound-refused", 15, engine.poll)
    for _ in range(2):
        hearing.fault("cam1", "drop-socket")
        dropped = time.monotonic()
        wait_for(lambda since=dropped: _newest(engine, "cam1") > since + 0.5, 8, engine.poll)
        wait_for(lambda: engine.status("cam1").state is StreamState.LIVE, pump=engine.poll)


def test_no_device_is_said_and_the_level_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch, hearing: Simulator
) -> None:
    monkeypatch.setenv("WATCHROOM_SOUND", "")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    monkeypatch.setenv("ALSA_CONFIG_PATH", os.devnull)
    engine = VideoEngine(workers=1)
    engine.start()
    try:
        _show(engine, hearing, "cam1")
        engine.listen("cam1")
        wait_for(lambda: engine.sound().code == "sound-device", 20, engine.poll)
        _loud(engine)
        assert [w.restarts for w in engine.workers()] == [0]
    finally:
        engine.close()


def _tone(seconds: float, level: float = 0.25) -> bytes:
    time_ = np.arange(int(seconds * sound.RATE)) / sound.RATE
    return (np.sin(2 * np.pi * 440 * time_) * level * 32767).astype(np.int16).tobytes()


def test_old_sound_is_dropped_and_never_queued() -> None:
    jitter = sound.Jitter()
    for _ in range(100):  # two seconds at once, after a jam of the network
        jitter.put(_tone(0.02))
        assert jitter.held_s() <= 0.3
    assert jitter.dropped > 1.6 * sound.RATE
    assert any(jitter.take(960))


@pytest.mark.parametrize("drift", [1.02, 0.98])
def test_a_camera_s_clock_that_runs_fast_or_slow(drift: float) -> None:
    """A minute in steps of 20 ms; the real drift is a hundredth of this."""
    jitter, sent = sound.Jitter(), 0.0
    for step in range(3000):
        while sent < step * 0.02 * drift:
            jitter.put(_tone(0.04))
            sent += 0.04
        assert len(jitter.take(960)) == 1920
        assert jitter.held_s() <= 0.3
    if drift > 1:
        assert jitter.dropped > 0.5 * sound.RATE
    else:
        assert jitter.padded > 0
    assert jitter.padded < 3 * sound.RATE


def test_nothing_held_plays_silence() -> None:
    jitter = sound.Jitter()
    assert jitter.take(480) == bytes(960)
    jitter.put(_tone(0.06))
    assert jitter.take(480) == bytes(960)  # not before there is enough for an even flow
    jitter.put(_tone(0.06))
    assert any(jitter.take(480))


class _Output:
    """A loudspeaker of the test's own."""

    def __init__(self) -> None:
        self.take: Callable[[int], bytes] | None = None
        self.closed = False

    def start(self, take: Callable[[int], bytes]) -> None:
        self.take = take

    def close(self) -> None:
        self.closed = True


def _never_heard(_: str) -> None: ...


def test_the_player_plays_one_source_and_lets_go_of_the_device() -> None:
    outputs: list[_Output] = []

    def make() -> _Output:
        outputs.append(_Output())
        return outputs[-1]

    player = sound.Player(make)
    heard: list[str] = []

    def first(count: int) -> bytes:
        return b"\1\0" * count

    def second(count: int) -> bytes:
        return b"\2\0" * count

    player.play(first, heard.append)
    wait_for(lambda: heard == [""])
    take = outputs[0].take
    assert take is not None
    assert take(4) == b"\1\0" * 4
    player.play(second, heard.append)
    assert take(4) == b"\2\0" * 4
    player.stop(first)  # too late to matter
    assert take(4) == b"\2\0" * 4
    player.stop(second)
    assert take(4) == bytes(8)
    wait_for(lambda: outputs[0].closed)
    assert len(outputs) == 1


def test_a_device_that_is_pulled_out_is_told_and_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sound, "AGAIN_S", 0.1)
    monkeypatch.setattr(sound, "SILENT_DEVICE_S", 0.3)
    lost, heard = threading.Event(), []

    def make() -> _Output:
        if lost.is_set():
            raise sound.SoundError(sound.NO_DEVICE)
        return _Output()

    player = sound.Player(make)
    player.play(lambda count: bytes(count * 2), heard.append)
    wait_for(lambda: heard == [""])
    lost.set()  # and nobody fetches any more
    wait_for(lambda: heard == ["", sound.NO_DEVICE])
    lost.clear()
    wait_for(lambda: heard[-1] == "")


def test_the_library_s_own_device_fetches_at_the_right_pace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WATCHROOM_SOUND", "null")
    fetched: list[tuple[float, int]] = []

    def take(count: int) -> bytes:
        fetched.append((time.monotonic(), count))
        return bytes(count * 2)

    output = sound.Miniaudio()
    output.start(take)
    wait_for(lambda: sum(n for _, n in fetched) >= sound.RATE)
    output.close()
    took = fetched[-1][0] - fetched[0][0]
    assert 0.6 < took < 4.0
    assert max(n for _, n in fetched) <= sound.RATE * 0.1


@pytest.mark.parametrize("camera", ["cam1", "cam2"])
def test_what_reaches_the_loudspeaker_is_the_camera_s_tone(
    monkeypatch: pytest.MonkeyPatch, hearing: Simulator, camera: str
) -> None:
    monkeypatch.setenv("WATCHROOM_SOUND", "null")
    played: list[bytes] = []
    held: list[float] = []

    class Recorder(sound.Miniaudio):
        def start(self, take: Callable[[int], bytes]) -> None:
            def recorded(count: int) -> bytes:
                played.append(take(count))
                held.append(ear.jitter.held_s())
                return played[-1]

            super().start(recorded)

    source = hearing.camera(camera).source()
    url = worker.with_account(hearing.camera(camera).url(), source.credentials)
    player = sound.Player(Recorder)
    with av.open(url, options=worker.options_for(url, "tcp", audio=True)) as container:
        ear = sound.ear_for(container, [0] * ring.ROW, 0, player, _never_heard)
        ear.listen(True, 1.0, False)
        end = time.monotonic() + 4
        for packet in container.demux(ear.stream):
            ear.hear(packet)
            if time.monotonic() > end:
                break
        ear.close()
    wave = np.frombuffer(b"".join(played), np.int16)[-2 * sound.RATE :] / 32768
    spectrum = np.abs(np.fft.rfft(wave))
    spectrum[1800:] = 0  # the beep has a frequency of its own
    loudest = float(np.argmax(spectrum)) / 2
    assert abs(loudest - simulated.tone_hz(int(camera[3:]))) < 3
    assert max(held) < 0.3
    assert ear.jitter.dropped + ear.jitter.padded < 1.0 * sound.RATE  # of 4 s, beside other work


def test_volume_and_mute_reach_the_loudspeaker() -> None:
    ear = sound.Ear([0] * ring.ROW, 0, None, sound.Player(_Output), _never_heard)
    for _ in range(4):
        ear.jitter.put(_tone(0.05, 0.5))
    ear.listen(False, 0.5, False)
    loudness = [float(np.abs(np.frombuffer(ear.take(2400), np.int16)).max()) / 32767]
    ear.listen(False, 0.5, True)
    loudness.append(float(np.abs(np.frombuffer(ear.take(2400), np.int16)).max()))
    assert 0.11 < loudness[0] < 0.14
    assert loudness[1] == 0


def test_without_the_library_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(sound.SoundError, match=sound.NO_LIBRARY):
        sound.Miniaudio()
    assert miniaudio.__version__
