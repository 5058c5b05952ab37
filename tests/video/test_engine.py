"""The engine against the simulator: real sockets, real decoder processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.domain.camera import CameraSource, Credentials, StreamRole, StreamSpec
from app.simulator.process import Simulator
from app.video.engine import VideoEngine
from app.video.types import Cause, StreamState, StreamStatus, TileRequest
from tests.conftest import wait_for

LIVE = StreamState.LIVE


@pytest.fixture
def engine() -> Iterator[VideoEngine]:
    running = VideoEngine(workers=2)
    running.relief.on = False  # what else this machine does is not what these tests are about
    running.start()
    yield running
    running.close()


def _tile(source: CameraSource, name: str = "t", width: int = 320, height: int = 180,
          visible: bool = True) -> TileRequest:  # fmt: skip
    return TileRequest(name, source, width, height, visible)


def _until(engine: VideoEngine, camera: str, *states: StreamState, timeout_s: float = 25) -> float:
    return wait_for(
        lambda: engine.status(camera).state in states, timeout_s, engine.poll,
        f"{camera} {states}, is {engine.status(camera)}",
    )  # fmt: skip


def _note(states: set[StreamState], status: StreamStatus) -> None:
    """Keep a state, unless it only says that this machine has other work."""
    if status.cause is not Cause.THIS_COMPUTER:
        states.add(status.state)


def _pictures(engine: VideoEngine, camera: str, seconds: float) -> int:
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        count += engine.poll().pictures.count(camera)
        time.sleep(0.005)
    return count


def _goes_on(engine: VideoEngine, camera: str, pictures: int) -> None:
    """So many more are shown: how fast is measured by `bench`, and not beside other work."""
    seen = 0

    def enough() -> bool:
        nonlocal seen
        seen += engine.poll().pictures.count(camera)
        return seen >= pictures

    wait_for(enough)


@pytest.mark.parametrize("camera", ["cam1", "cam2", "cam3", "cam5"])
def test_every_codec_is_shown_at_the_tile_s_size(
    engine: VideoEngine, simulator: Simulator, camera: str
) -> None:
    engine.show(_tile(simulator.camera(camera).source()))
    _until(engine, camera, LIVE)
    picture = engine.picture(camera)
    assert picture is not None
    assert (picture.width, picture.height) == (320, 180)
    assert len(set(bytes(picture.data[:4000]))) > 10  # there is something in it
    _goes_on(engine, camera, 20)


def test_the_camera_s_own_clock_is_known(engine: VideoEngine, simulator: Simulator) -> None:
    simulator.set_clock_skew("cam1", 3600)
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    wait_for(lambda: (p := engine.picture("cam1")) and p.device_time, 20, engine.poll)
    picture = engine.picture("cam1")
    assert picture is not None
    assert picture.device_time is not None
    assert abs(picture.device_time - time.time() - 3600) < 2
    wait_for(lambda: engine.status("cam1").width, pump=engine.poll)
    status = engine.status("cam1")
    assert (status.width, status.height, status.codec) == (640, 360, "h264")


def test_a_stream_costs_one_thread(engine: VideoEngine, simulator: Simulator) -> None:
    names = [f"c{i}" for i in range(8)]
    source = simulator.camera("cam1").source()
    engine.show_all([_tile(replace(source, camera_id=n), n) for n in names])
    for name in names:
        _until(engine, name, LIVE)
    workers = engine.workers()
    assert sum(psutil.Process(w.pid).num_threads() for w in workers) <= len(names) + 2 * len(
        workers
    )


def test_udp(engine: VideoEngine, simulator: Simulator) -> None:
    engine.show(_tile(replace(simulator.camera("cam1").source(), transport="udp")))
    _until(engine, "cam1", LIVE)


def test_tiles_share_one_connection_and_the_largest_one_counts(
    engine: VideoEngine, simulator: Simulator
) -> None:
    source = simulator.camera("cam1").source()
    engine.show_all([_tile(source, "a"), _tile(source, "b", 400, 225), _tile(source, "c")])
    _until(engine, "cam1", LIVE)
    wait_for(lambda: (p := engine.picture("cam1")) and p.width == 400, pump=engine.poll)
    assert simulator.state("cam1")["streams"]["sub"]["sessions"] == 1


def test_hidden_tiles_let_go_of_the_camera_and_come_back(
    engine: VideoEngine, simulator: Simulator
) -> None:
    source = simulator.camera("cam1").source()
    engine.show(_tile(source))
    _until(engine, "cam1", LIVE)
    engine.show(_tile(source, visible=False))
    _until(engine, "cam1", StreamState.IDLE)
    wait_for(lambda: simulator.state("cam1")["streams"]["sub"]["sessions"] == 0)
    engine.show(_tile(source))
    _until(engine, "cam1", LIVE)


def test_a_large_tile_gets_the_main_stream_without_a_gap(
    engine: VideoEngine, simulator: Simulator
) -> None:
    source = simulator.camera("cam5").source()
    engine.show(_tile(source))
    _until(engine, "cam5", LIVE)
    engine.show(_tile(source, width=1280, height=720))
    states: set[StreamState] = set()

    def pump() -> None:
        engine.poll()
        _note(states, engine.status("cam5"))

    wait_for(lambda: engine.status("cam5").role is StreamRole.MAIN, 30, pump)
    assert states == {LIVE}
    wait_for(lambda: (p := engine.picture("cam5")) and p.width == 1280, 10, engine.poll)
    wait_for(lambda: simulator.state("cam5")["streams"]["sub"]["sessions"] == 0)


def test_a_camera_that_allows_one_connection_changes_quality_nevertheless(
    engine: VideoEngine, simulator: Simulator
) -> None:
    source = simulator.camera("cam5").source()
    engine.show(_tile(source))
    _until(engine, "cam5", LIVE)
    simulator.fault("cam5", "one-connection")
    engine.show(_tile(source, width=1280, height=720))
    states: set[StreamState] = set()

    def pump() -> None:
        engine.poll()
        assert engine.picture("cam5") is not None
        _note(states, engine.status("cam5"))

    wait_for(lambda: engine.status("cam5").role is StreamRole.MAIN, 30, pump)
    assert states <= {LIVE, StreamState.STALLED}
    wait_for(lambda: (p := engine.picture("cam5")) and p.width == 1280, 10, engine.poll)


FAULTS = {
    "refuse": ("bad-answer", "connection-lost"),
    "401": ("unauthorized",),
    "404": ("not-found",),
    "453": ("refused-4xx",),
    "503": ("server-error",),
    "hang-before-play": ("timeout",),
    "hang-after-play": ("stalled",),
    "stop-sending": ("stalled",),
    "drop-socket": ("ended", "connection-lost", "bad-answer"),
    "slow-drip": ("slow", "stalled"),
    "corrupt-nal": ("damaged", "stalled"),
    "missing-parameter-sets": ("undecodable", "timeout", "bad-answer"),
    "black": ("black",),
    "frozen": ("frozen",),
    "audio-only": ("no-video", "refused-4xx"),
    "corrupt-sdp": ("no-video", "bad-answer", "refused-4xx"),
    "long-gop": ("waiting",),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_is_told_by_its_name_and_the_picture_comes_back(
    engine: VideoEngine, simulator: Simulator, fault: str
) -> None:
    good, bad = simulator.camera("cam4"), simulator.camera("cam1")
    engine.show_all([_tile(good.source(), "good"), _tile(bad.source(), "bad")])
    _until(engine, "cam1", LIVE)
    _until(engine, "cam4", LIVE)
    codes: set[str] = set()
    others: set[StreamState] = set()

    def pump() -> None:
        engine.poll()
        codes.add(engine.status("cam1").code)
        _note(others, engine.status("cam4"))

    simulator.fault("cam1", fault)
    if fault == "missing-parameter-sets":
        simulator.fault("cam1", "drop-socket")
    wait_for(lambda: codes & set(FAULTS[fault]), 30, pump, fault)
    simulator.clear("cam1")
    engine.retry("cam1")
    wait_for(lambda: engine.status("cam1").state is LIVE, 40, pump, f"{fault}: recovery")
    assert others == {LIVE}, "the neighbour was disturbed"


UNUSUAL = ["b-frames", "interlaced", "rtp-jump", "rtp-repeat", "odd-size"]


@pytest.mark.parametrize("fault", UNUSUAL)
def test_unusual_streams_go_on(engine: VideoEngine, simulator: Simulator, fault: str) -> None:
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    parameters = {
        "rtp-jump": {"seconds": -3, "every_s": 1},
        "odd-size": {"width": 352, "height": 288},
    }
    simulator.fault("cam1", fault, **parameters.get(fault, {}))
    states: set[StreamState] = set()

    def pump() -> None:
        engine.poll()
        _note(states, engine.status("cam1"))

    end = time.monotonic() + 3
    wait_for(lambda: time.monotonic() > end, pump=pump)
    assert states == {LIVE}
    _goes_on(engine, "cam1", 10)


def test_a_half_open_connection_is_given_up_after_three_seconds(
    engine: VideoEngine, simulator: Simulator
) -> None:
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    _pictures(engine, "cam1", 3)  # its rate is known
    simulator.fault("cam1", "half-open")
    assert _until(engine, "cam1", StreamState.STALLED) < 2.5
    # 3.7 s after the last picture on a quiet machine (`bench faults`).
    assert _until(engine, "cam1", LIVE) < 4.5


def test_a_long_outage_ends_soon_after_the_camera_is_back(
    engine: VideoEngine, simulator: Simulator
) -> None:
    sources = [simulator.camera("cam1").source()]
    sources += [replace(sources[0], camera_id=f"n{i}") for i in range(7)]
    engine.show_all([_tile(s, s.camera_id) for s in sources])
    for source in sources:
        _until(engine, source.camera_id, LIVE)
    simulator.fault("cam1", "503")
    wait_for(lambda: all(engine.status(s.camera_id).code == "server-error" for s in sources),
             pump=engine.poll)  # fmt: skip
    wait_for(lambda: all(c.machine.attempt > 3 for c in engine._cameras.values()),
             40, engine.poll)  # fmt: skip
    before = simulator.state("cam1")["opened"]
    simulator.clear("cam1")
    # One asks every 1.3 s; the others come at its good news, long before their turns.
    took = wait_for(lambda: all(engine.status(s.camera_id).state is LIVE for s in sources),
                    20, engine.poll)  # fmt: skip
    assert took < 6
    assert simulator.state("cam1")["opened"] - before <= len(sources) + 1


@pytest.mark.parametrize("fault", ["change-resolution", "change-codec", "clock-jump"])
def test_changes_midway_are_followed(engine: VideoEngine, simulator: Simulator, fault: str) -> None:
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    simulator.fault("cam1", fault)
    time.sleep(1.0)
    wait_for(lambda: _pictures(engine, "cam1", 0.5) >= 4, 30)
    _until(engine, "cam1", LIVE)


def test_a_stall_is_seen_within_two_seconds_and_its_last_picture_stays(
    engine: VideoEngine, simulator: Simulator
) -> None:
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    simulator.fault("cam1", "stop-sending")
    assert _until(engine, "cam1", StreamState.STALLED) < 3
    status = engine.status("cam1")
    assert status.last_picture_at is not None
    assert engine.picture("cam1") is not None


def test_a_refused_account_is_asked_once(engine: VideoEngine, simulator: Simulator) -> None:
    source = replace(simulator.camera("cam1").source(), credentials=Credentials("admin", "no"))
    engine.show(_tile(source))
    _until(engine, "cam1", StreamState.UNAUTHORIZED)
    assert engine.status("cam1").retry_at is None
    assert "no" not in engine.status("cam1").detail.split()


def test_killed_decoders_are_replaced_and_the_caller_never_waits(
    engine: VideoEngine, simulator: Simulator
) -> None:
    cameras = ["cam1", "cam2", "cam3", "cam4"]
    engine.show_all([_tile(simulator.camera(c).source(), c) for c in cameras])
    for camera in cameras:
        _until(engine, camera, LIVE)
    before = {w.pid for w in engine.workers()}
    slowest = 0.0

    def pump() -> None:
        nonlocal slowest
        began = time.perf_counter()
        engine.poll()
        slowest = max(slowest, time.perf_counter() - began)

    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: all(engine.status(c).state is not LIVE for c in cameras), pump=pump)
    took = wait_for(
        lambda: all(engine.status(c).state is LIVE for c in cameras), 20, pump, "tiles back"
    )
    # 2 s on a quiet machine (`bench`); here others may be running.
    assert took < 15
    assert slowest < 0.5
    assert not before & {w.pid for w in engine.workers()}


def test_a_hanging_decoder_is_replaced(engine: VideoEngine, simulator: Simulator) -> None:
    engine.show(_tile(simulator.camera("cam1").source()))
    _until(engine, "cam1", LIVE)
    busy = next(w.pid for w in engine.workers() if w.streams)
    os.kill(busy, signal.SIGSTOP)
    wait_for(lambda: busy not in {w.pid for w in engine.workers()}, 20, engine.poll)
    _until(engine, "cam1", LIVE)


def _shared_memory(pid: int | str = "self") -> set[Path]:
    """Shared memory that a process has mapped; other programs' is none of our business."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    found = {line.split()[5] for line in lines if "/dev/shm/psm_" in line}
    return {Path(f) for f in found}


def test_nothing_is_left_after_five_hundred_opens_and_at_the_end(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.video.engine.HOST_GAP_S", 0.0)  # all at once
    me = psutil.Process()
    seen: set[Path] = set()
    engine = VideoEngine(workers=2)
    engine.start()
    sources = [
        replace(simulator.camera(f"cam{1 + i % 4}").source(), camera_id=f"c{i}") for i in range(20)
    ]

    def rounds(count: int) -> None:
        for _ in range(count):
            engine.show_all([_tile(s, s.camera_id, 96, 54) for s in sources])
            for _ in range(8):
                engine.poll()
                time.sleep(0.01)
            seen.update(_shared_memory())
            engine.show_all([])
            for camera in list(engine._cameras.values()):
                camera.unseen_since = -10.0  # no need to wait for the linger
            engine._housekeeping_at = 0.0
            engine.poll()

    def settled() -> tuple[int, int, int]:
        wait_for(lambda: all(not w.streams for w in engine.workers()), 20, engine.poll)
        workers = [psutil.Process(w.pid) for w in engine.workers()]
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and any(w.num_threads() > 2 for w in workers):
            time.sleep(0.1)
        return (
            me.num_fds() + sum(w.num_fds() for w in workers),
            threading.active_count() + sum(w.num_threads() for w in workers),
            len(_shared_memory()),
        )

    try:
        wait_for(lambda: len(engine.workers()) == 2)
        rounds(5)
        first = settled()
        rounds(20)
        last = settled()
        assert last[0] <= first[0] + 4
        assert last[1] <= first[1] + 2
        assert last[2] <= first[2]
        children = [w.pid for w in engine.workers()]
        wait_for(
            lambda: sum(simulator.state(f"cam{i}")["streams"]["sub"]["sessions"]
                        for i in range(1, 5)) == 0
        )  # fmt: skip
    finally:
        began = time.monotonic()
        engine.close()
        assert time.monotonic() - began < 2.5
    wait_for(lambda: not any(psutil.pid_exists(p) for p in children))
    assert len(seen) > 450
    assert not [p for p in seen if p.exists()]


def test_a_killed_client_leaves_no_process_and_no_memory(
    simulator: Simulator, tmp_path: Path
) -> None:
    camera = simulator.camera("cam1")
    script = tmp_path / "client.py"
    script.write_text(
        textwrap.dedent(f"""
        import time
        from app.domain.camera import *
        from app.video.engine import VideoEngine
        from app.video.types import TileRequest
        if __name__ == "__main__":
            engine = VideoEngine(workers=2)
            engine.start()
            spec = StreamSpec(StreamRole.SUB, {camera.url()!r})
            account = Credentials({camera.username!r}, {camera.password!r})
            engine.show(TileRequest("t", CameraSource("c", (spec,), account), 320, 180))
            while engine.status("c").state != "live":
                engine.poll()
                time.sleep(0.01)
            print("live", flush=True)
            time.sleep(600)
    """)
    )
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    client = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert client.stdout is not None
    assert client.stdout.readline() == "live\n"
    children = psutil.Process(client.pid).children(recursive=True)
    assert len(children) >= 2
    memory = _shared_memory(client.pid)
    assert memory
    client.kill()
    client.wait()
    wait_for(lambda: not any(c.is_running() and c.status() != "zombie" for c in children), 20)
    wait_for(lambda: not any(p.exists() for p in memory), 20)
    wait_for(lambda: simulator.state("cam1")["streams"]["sub"]["sessions"] == 0)


def test_openings_to_one_host_are_spread(engine: VideoEngine, simulator: Simulator) -> None:
    sources = [replace(simulator.camera("cam1").source(), camera_id=f"many{i}") for i in range(24)]
    engine.show_all([_tile(s, s.camera_id, 64, 36) for s in sources])
    opened: list[float] = []
    began = time.monotonic()
    while len(opened) < 24 and time.monotonic() - began < 20:
        engine.poll()
        count = sum(c.started for c in engine._cameras.values())
        opened += [time.monotonic() - began] * (count - len(opened))
        time.sleep(0.005)
    assert opened[-1] - opened[0] > 0.5


@pytest.mark.parametrize(
    "url", ["rtsp://127.0.0.1:9/x", "rtsp://no.such.host.invalid/x", "nonsense://x", "/etc/passwd"]
)
def test_bad_addresses_are_told_apart_from_live(engine: VideoEngine, url: str) -> None:
    source = CameraSource("bad", (StreamSpec(StreamRole.MAIN, url),))
    engine.show(_tile(source))
    _until(engine, "bad", StreamState.UNREACHABLE, StreamState.UNSUPPORTED)
