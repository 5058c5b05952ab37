"""The last minute again: from real streams, shown beside live, stepped, and exported unchanged."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest

from app.simulator.process import Simulator
from app.video.buffer import Kept, PacketBuffer, cut, gaps
from app.video.engine import Replay, VideoEngine
from app.video.orders import Clip, StillTaken
from app.video.types import Picture, StreamState, TileRequest
from tests.conftest import wait_for


@pytest.fixture
def engine() -> Iterator[VideoEngine]:
    running = VideoEngine(workers=1)
    running.start()
    yield running
    running.close()


def _watch(engine: VideoEngine, simulator: Simulator, camera: str, seconds: float) -> None:
    """Live for so long."""
    engine.show(TileRequest("t", simulator.camera(camera).source(), 320, 180))
    wait_for(lambda: engine.status(camera).state is StreamState.LIVE, 25, engine.poll)
    _poll(engine, seconds)


def _poll(engine: VideoEngine, seconds: float) -> set[str]:
    replayed: set[str] = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        replayed |= set(engine.poll().replays)
        time.sleep(0.005)
    return replayed


def _shown(engine: VideoEngine) -> Picture:
    picture = engine.replay_picture("t")
    assert picture is not None
    return picture


def _start(engine: VideoEngine, camera: str, at: float, speed: float = 1.0) -> Replay:
    handle = engine.replay("t", camera, 320, 180, at, speed)
    assert handle is not None
    wait_for(lambda: engine.replay_picture("t") is not None and handle.end, 10, engine.poll)
    return handle


@pytest.mark.parametrize("camera", ["cam1", "cam2", "cam3"])
def test_the_past_is_shown_again_while_live_goes_on(
    engine: VideoEngine, simulator: Simulator, camera: str
) -> None:
    _watch(engine, simulator, camera, 3)
    began = time.monotonic()
    asked = began - 2
    handle = _start(engine, camera, asked)
    first = _shown(engine).arrived_at
    assert -0.3 < first - asked < 0.3 + time.monotonic() - began  # it plays on meanwhile
    live = engine.picture(camera)
    assert live is not None
    assert live.arrived_at - first > 1.5
    assert "t" in _poll(engine, 1)
    wait_for(lambda: _shown(engine).arrived_at - first > 0.6, pump=engine.poll)
    assert _shown(engine).arrived_at - first < time.monotonic() - began + 0.6
    assert engine.status(camera).state is StreamState.LIVE
    assert simulator.state(camera)["streams"]["sub"]["sessions"] == 1
    assert handle.begin <= first <= handle.end
    assert handle.gaps == ()


def test_step_seek_and_speed(engine: VideoEngine, simulator: Simulator) -> None:
    _watch(engine, simulator, "cam1", 4)
    begin = time.monotonic() - 3
    _start(engine, "cam1", begin, 0)
    first = _shown(engine)
    _poll(engine, 0.4)
    assert _shown(engine).sequence == first.sequence, "paused: nothing moves"
    engine.steer_replay("t", step=1)
    wait_for(lambda: _shown(engine).sequence > first.sequence, 5, engine.poll)
    second = _shown(engine)
    # 15 pictures a second; a busy machine may send one late.
    assert 0.001 < second.arrived_at - first.arrived_at < 0.9
    engine.steer_replay("t", step=-1)
    wait_for(lambda: _shown(engine).arrived_at == first.arrived_at, 5, engine.poll)
    assert bytes(_shown(engine).data) == bytes(first.data)
    engine.steer_replay("t", at=begin + 1)
    wait_for(lambda: abs(_shown(engine).arrived_at - begin - 1) < 0.5, 5, engine.poll)
    engine.steer_replay("t", at=begin, speed=4)
    started = time.monotonic()
    wait_for(lambda: _shown(engine).arrived_at > begin + 2.5, 5, engine.poll)
    assert time.monotonic() - started < 2.4  # 0.7 s; at normal speed 2.5 s


def test_a_dead_camera_s_last_minute_can_still_be_seen(
    engine: VideoEngine, simulator: Simulator
) -> None:
    _watch(engine, simulator, "cam4", 2)
    simulator.fault("cam4", "refuse")
    simulator.fault("cam4", "drop-socket")
    wait_for(lambda: engine.status("cam4").state is StreamState.UNREACHABLE, 15, engine.poll)
    _start(engine, "cam4", time.monotonic() - 60, 0)
    assert _shown(engine).width == 320
    simulator.clear("cam4")


def test_back_to_live_frees_the_replay(engine: VideoEngine, simulator: Simulator) -> None:
    _watch(engine, simulator, "cam1", 2)
    _start(engine, "cam1", time.monotonic() - 1)
    engine.end_replay("t")
    assert engine.replay_picture("t") is None
    assert engine.picture("cam1") is not None
    wait_for(lambda: [w.streams for w in engine.workers()] == [1], pump=engine.poll)


def _clip(engine: VideoEngine, camera: str, begin: float, end: float, folder: Path) -> Clip:
    answers: list[Clip | str] = []
    engine.export_clip(camera, begin, end, folder, "clip", answers.append)
    wait_for(lambda: answers, 20, engine.poll)
    assert isinstance(answers[0], Clip), answers[0]
    return answers[0]


@pytest.mark.parametrize("camera", ["cam1", "cam2", "cam3"])
def test_a_clip_is_remuxed_and_plays_elsewhere(
    engine: VideoEngine, simulator: Simulator, camera: str, tmp_path: Path
) -> None:
    _watch(engine, simulator, camera, 5)
    now = time.monotonic()
    clip = _clip(engine, camera, now - 3, now - 1, tmp_path)
    (file,) = clip.files
    assert file.begin / 1e9 <= now - 2.9
    assert abs(file.end / 1e9 - (now - 1)) < 0.3
    assert clip.gaps == ()
    with av.open(file.path) as container:
        pictures = sum(1 for _ in container.decode(video=0))
        assert pictures == file.pictures
        assert container.duration is not None
        assert abs(container.duration / 1e6 - (file.end - file.begin) / 1e9) < 0.25
    told = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", file.path, "-f", "null", "-"], capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    assert not told.stderr.strip()
    assert (file.width, file.height) == (640, 360)
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_gap_is_listed_and_never_hidden(
    engine: VideoEngine, simulator: Simulator, tmp_path: Path
) -> None:
    _watch(engine, simulator, "cam4", 3)
    begin = time.monotonic() - 2
    simulator.fault("cam4", "refuse")
    simulator.fault("cam4", "drop-socket")
    wait_for(lambda: engine.status("cam4").state is StreamState.UNREACHABLE, 15, engine.poll)
    _poll(engine, 2)
    simulator.clear("cam4")
    engine.retry("cam4")
    wait_for(lambda: engine.status("cam4").state is StreamState.LIVE, 20, engine.poll)
    _poll(engine, 2.5)
    clip = _clip(engine, "cam4", begin, time.monotonic(), tmp_path)
    assert len(clip.files) == 2
    (gap,) = clip.gaps
    assert gap.reason == "connection lost"
    assert gap.begin == clip.files[0].end
    assert gap.end == clip.files[1].begin
    assert gap.end - gap.begin > 2e9


def test_nothing_kept_and_no_room_are_said(
    engine: VideoEngine, simulator: Simulator, tmp_path: Path
) -> None:
    _watch(engine, simulator, "cam1", 1)
    answers: list[Clip | str] = []
    now = time.monotonic()
    engine.export_clip("cam1", now - 500, now - 400, tmp_path, "clip", answers.append)
    engine.export_clip("cam1", now - 1, now, tmp_path / "missing", "clip", answers.append)
    engine.export_clip("cam99", now - 1, now, tmp_path, "clip", answers.append)
    wait_for(lambda: len(answers) == 3, 10, engine.poll)
    assert all(isinstance(a, str) and a for a in answers)
    assert not list(tmp_path.iterdir())


def test_a_still_has_the_stream_s_full_size_and_its_time(
    engine: VideoEngine, simulator: Simulator, tmp_path: Path
) -> None:
    _watch(engine, simulator, "cam1", 1)
    taken: list[StillTaken] = []
    engine.take_still("cam1", tmp_path / "a.png", taken.append)
    wait_for(lambda: taken, 10, engine.poll)
    assert not taken[0].error
    assert abs(taken[0].arrived / 1e9 - time.monotonic()) < 2
    with av.open(str(tmp_path / "a.png")) as png:
        frame = next(png.decode(video=0))
        assert (frame.width, frame.height) == (640, 360) == (taken[0].width, taken[0].height)


# -- the buffer by itself


def _packets(buffer: PacketBuffer, seconds: float, gop: int = 25, size: int = 1000) -> None:
    segment = buffer.begin("h264", None, Fraction(1, 90000), "sub", "opened")
    for i in range(int(seconds * 25)):
        segment = buffer.add(
            segment, Kept(bytes(size), i * 3600, i * 3600, i % gop == 0, i * 40_000_000)
        )


def test_a_minute_is_kept_from_a_key_frame_on() -> None:
    buffer = PacketBuffer()
    _packets(buffer, 200)
    ((_, kept),) = buffer.segments()
    assert kept[0].key
    assert 60 <= (kept[-1].arrived - kept[0].arrived) / 1e9 < 62.1


def test_memory_is_bounded_whatever_the_bit_rate() -> None:
    buffer = PacketBuffer()
    _packets(buffer, 60, size=400_000)
    ((_, kept),) = buffer.segments()
    assert kept[0].key
    assert sum(len(p.data) for p in kept) < 80_000_000


def test_a_jump_of_the_timestamps_begins_a_new_run() -> None:
    buffer = PacketBuffer()
    segment = buffer.begin("h264", None, Fraction(1, 90000), "sub", "opened")
    for i in range(100):
        jump = 90_000 * 500 if i >= 50 else 0
        segment = buffer.add(
            segment, Kept(b"x", i * 3600 + jump, None, i % 25 == 0, i * 40_000_000)
        )
    first, second = buffer.segments()
    assert second[0].reason == "timestamps jumped"
    assert first[1][-1].arrived < second[1][0].arrived


def test_what_is_cut_begins_with_a_key_frame() -> None:
    packets = [Kept(b"", i, i, i % 10 == 0, i) for i in range(100)]
    chosen = cut(packets, 35, 52)
    assert (chosen[0].arrived, chosen[-1].arrived) == (30, 52)
    assert not cut(packets, 200, 300)


def test_gaps_at_the_edges_count_too() -> None:
    buffer = PacketBuffer()
    _packets(buffer, 10)
    found = gaps(buffer.segments(), -5_000_000_000, 20_000_000_000)
    assert [(g.begin / 1e9, round(g.end / 1e9, 2)) for g in found] == [(-5, 0), (9.96, 20)]
