"""What the streams carry: order, time, key frames first, a code that tells when, a head that turns."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from app.domain.camera import StreamRole
from app.simulator import cli, media, panorama, scenes, timecode
from app.simulator.camera import SimulatedCamera, StreamShape
from app.simulator.motion import PtzMotion
from app.simulator.process import Simulator, call
from tests.conftest import wait_for
from tests.simulator.rtsp_client import RtpPacket, RtspClient, SenderReport

TINY = StreamShape(160, 90, 5)


@pytest.mark.parametrize("camera", ["cam1", "cam6"])
def test_packets_are_in_order_and_begin_with_a_key_frame(simulator: Simulator, camera: str) -> None:
    with RtspClient(simulator.camera(camera).url()) as client:
        client.play("RTP/AVP/TCP;unicast;interleaved=4-5")
        pictures = client.pictures(35)
    packets = [p for picture in pictures for p in picture]
    assert [p.h264_type for p in pictures[0][:2]] == [7, 8]
    assert 5 in {p.h264_type for p in pictures[0]}
    assert set(np.diff([p.sequence for p in packets]) & 0xFFFF) == {1}
    assert {p.ssrc for p in packets} == {packets[0].ssrc}
    assert all(len({p.timestamp for p in picture}) == 1 for picture in pictures)
    steps = np.diff([picture[0].timestamp for picture in pictures]) & 0xFFFFFFFF
    assert set(steps) == {90_000 // 15}


def test_a_newcomer_learns_the_camera_s_time_at_once(simulator: Simulator) -> None:
    simulator.set_clock_skew("cam1", -7200)
    with RtspClient(simulator.camera("cam1").url()) as client:
        client.play()
        seen: list[RtpPacket | SenderReport] = []
        for item in client.frames():
            seen.append(item)
            if isinstance(item, SenderReport):
                break
        report = seen[-1]
        assert isinstance(report, SenderReport)
        assert abs(report.wall - (time.time() - 7200)) < 5
        first = next(i for i in seen if isinstance(i, RtpPacket))
        assert report.ssrc == first.ssrc
        assert (report.timestamp - first.timestamp) & 0xFFFFFFFF < 5 * 90_000


def test_pause_stops_and_play_goes_on_with_a_key_frame(simulator: Simulator) -> None:
    with RtspClient(simulator.camera("cam1").url()) as client:
        client.play()
        client.pictures(3)
        assert client.request("PAUSE").status == 200
        wait_for(lambda: client.silent_for(0.6))
        assert simulator.state("cam1")["streams"]["sub"]["sessions"] == 0
        assert client.request("PLAY").status == 200
        assert [p.h264_type for p in client.pictures(1)[0][:2]] == [7, 8]


def test_udp_and_then_tcp_in_the_same_connection(simulator: Simulator) -> None:
    """What FFmpeg does where a firewall eats its datagrams."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp, \
         RtspClient(simulator.camera("cam1").url()) as client:  # fmt: skip
        rtp.bind(("127.0.0.1", 0))
        rtp.settimeout(20)
        port = rtp.getsockname()[1]
        client.play(f"RTP/AVP;unicast;client_port={port}-{port + 1}")
        first = rtp.recv(2000)
        assert first[0] == 0x80
        assert first[12] & 31 == 7
        sequences = [struct.unpack_from(">H", rtp.recv(2000), 2)[0] for _ in range(30)]
        assert set(np.diff(sequences) & 0xFFFF) == {1}
        assert client.request("PAUSE").status == 200
        setup = client.request("SETUP", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert setup.status == 200
        assert client.request("PLAY").status == 200
        assert client.pictures(2)


@pytest.mark.parametrize("goodbye", ["TEARDOWN", "close"])
def test_leaving_frees_the_stream(simulator: Simulator, goodbye: str) -> None:
    def sessions() -> int:
        return int(simulator.state("cam4")["streams"]["sub"]["sessions"])

    with RtspClient(simulator.camera("cam4").url()) as client:
        client.play()
        client.pictures(1)
        wait_for(lambda: sessions() == 1)
        if goodbye == "TEARDOWN":
            assert client.request("TEARDOWN").status == 200
            wait_for(lambda: sessions() == 0)
    wait_for(lambda: sessions() == 0)


def test_order_of_requests_is_held(simulator: Simulator) -> None:
    with RtspClient(simulator.camera("cam1").url()) as client:
        assert client.request("PLAY").status == 455
        assert client.request("SETUP", Transport="RTP/AVP;multicast").status == 461
        assert client.request("RECORD").status == 501
        assert client.request("DESCRIBE", client.url.replace("cam1", "cam99")).status == 404
        client.play()
        again = client.request("SETUP", Transport="RTP/AVP/TCP;unicast;interleaved=2-3")
        assert again.status == 455


@pytest.mark.parametrize("camera", ["cam1", "cam2", "cam3", "cam6"])
def test_the_time_code_tells_when_a_picture_was_sent(simulator: Simulator, camera: str) -> None:
    info = simulator.camera(camera)
    url = info.url().replace("rtsp://", f"rtsp://{info.username}:{info.password}@")
    ages = []
    with av.open(url, options={"rtsp_transport": "tcp"}, timeout=20) as source:
        for frame in source.decode(video=0):
            now = time.time()
            small = frame.reformat(320, 180, "bgra").to_ndarray()
            code = timecode.read(small)
            assert code is not None
            began = simulator.state(camera)["streams"]["sub"]["first_frame_at"]
            ages.append(now - began - (code / 1000 if info.has_ptz else code / 15))
            if len(ages) == 25:
                break
    # A loop that began anew while a picture was under way is off by the loop's length.
    period = 2**24 / 1000 if info.has_ptz else scenes.LOOP_S
    ages = [(a + period / 2) % period - period / 2 for a in ages]
    assert -0.3 < min(ages) < 2.0


def _shift(before: np.ndarray, after: np.ndarray) -> int:
    """By how many columns the picture has moved to the left."""
    a, b = (p[20:150, :, 1].astype(float).mean(0) for p in (before, after))
    shifts = range(-60, 61)
    return min(shifts, key=lambda s: np.abs(a[60 + s : 260 + s] - b[60:260]).mean())


def test_the_picture_follows_the_head() -> None:
    head = PtzMotion()
    camera = SimulatedCamera(1, "cam1", "一", "One", "", "", motion=head)
    encoder = panorama.LiveEncoder(camera, "h264", StreamShape(320, 180, 15))
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)

    def picture(now: float) -> np.ndarray:
        units = encoder.next(now).units
        data = b"".join(b"\0\0\0\1" + u for u in units)
        frames = decoder.decode(av.Packet(data)) + decoder.decode(None)
        decoder.flush_buffers()
        return frames[0].to_ndarray(format="rgb24")

    first = picture(0.0)
    head.continuous(0.0, pan=1.0, timeout_s=0.25)
    encoder = panorama.LiveEncoder(camera, "h264", StreamShape(320, 180, 15))
    moved = picture(2.0)
    assert _shift(first, moved) > 5
    head.continuous(2.0, pan=-1.0, timeout_s=0.25)
    encoder = panorama.LiveEncoder(camera, "h264", StreamShape(320, 180, 15))
    back = picture(4.0)
    assert abs(_shift(first, back)) <= 2
    wide, close = panorama.crop(0, 0, 0), panorama.crop(0, 0, 1)
    assert wide.shape[1] > 5 * close.shape[1]
    assert panorama.crop(0, 1, 0.5).shape == panorama.crop(0, -1, 0.5).shape


def _ready(loop: media.Loop, patience_s: float) -> None:
    asyncio.run(loop.ready(patience_s))


def _tiny(name: str) -> media.Loop:
    return media.loop("square", name, name, "h264", TINY)


def test_loops_are_kept_and_damaged_ones_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHROOM_CACHE", str(tmp_path))
    loop = _tiny("a")
    _ready(loop, 60)
    whole = loop.frames
    assert len(whole) == scenes.LOOP_S * TINY.fps
    assert [i for i, f in enumerate(whole) if f.key] == list(range(0, 50, 5))
    (file,) = tmp_path.glob("scenes/*.loop")
    del loop
    again = _tiny("a")
    _ready(again, 60)
    assert again.frames == whole
    del again
    file.write_bytes(file.read_bytes()[:-100])
    mended = _tiny("a")
    _ready(mended, 60)
    assert len(mended.frames) == len(whole)
    assert [f.name for f in tmp_path.glob("scenes/*")] == [file.name]


def test_a_slow_loop_is_played_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHROOM_CACHE", str(tmp_path))
    real = media.encode

    def slow(*arguments: object) -> list[media.EncodedFrame]:
        time.sleep(0.02)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(media, "encode", slow)
    loop = _tiny("b")
    _ready(loop, 0.0)
    assert not loop.complete
    assert loop.frames[0].key
    assert len(loop.frames) % TINY.fps == 0
    wait_for(lambda: loop.complete, 60)


def test_a_loop_that_cannot_be_encoded_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHROOM_CACHE", str(tmp_path))
    monkeypatch.setattr(media.threading, "excepthook", lambda _: None)
    loop = media.loop("square", "c", "c", "h264", StreamShape(161, 91, 5))
    with pytest.raises(RuntimeError):
        _ready(loop, 60)


def test_the_cache_forgets_what_was_not_used_for_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "CACHE_BYTES", 250)
    for i in range(4):
        file = tmp_path / f"{i}.loop"
        file.write_bytes(bytes(100))
        os.utime(file, (i, i))
    media._prune(tmp_path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["2.loop", "3.loop"]


@pytest.mark.parametrize("scene", [*scenes.SCENES, "black"])
def test_every_scene_has_its_pictures_and_moves(scene: str) -> None:
    pictures = [np.asarray(p) for p in scenes.pictures(scene, 160, 90, 5)]
    assert len(pictures) == scenes.LOOP_S * 5
    assert {p.shape for p in pictures} == {(90, 160, 3)}
    moves = np.abs(pictures[0].astype(int) - pictures[15]).max() > 40
    assert moves == (scene != "black")


def test_the_command_line_breaks_and_repairs(
    simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)

    def run(*words: str) -> int:
        return cli.run(parser.parse_args([*words, "--control", simulator.control_url]))

    assert run("fault", "cam1", "slow-drip", "--param", "bytes_per_s=900") == 0
    assert run("fault", "cam1", "black") == 0
    assert simulator.state("cam1")["faults"] == {"slow-drip": {"bytes_per_s": 900.0}, "black": {}}
    assert run("clear", "cam1", "black") == 0
    assert simulator.state("cam1")["faults"] == {"slow-drip": {"bytes_per_s": 900.0}}
    assert run("clear", "cam1") == 0
    assert simulator.state("cam1")["faults"] == {}
    assert run("list") == 0
    assert '"cam6"' in capsys.readouterr().out
    assert run("fault", "cam99", "black") == 1
    assert "cam99" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("fault", "cam1", "slow-drip", "--param", "bytes_per_s=fast")
    assert "bytes_per_s=fast" in capsys.readouterr().err
    assert cli.run(parser.parse_args(["list", "--control", "http://127.0.0.1:9"])) == 1
    assert "no simulator answers at http://127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/cameras/cam1/faults", {"kind": "no-such"}),
     ("POST", "/cameras/cam1/faults", {"kind": "black", "parameters": 3}),
     ("POST", "/cameras/cam1/faults", {"kind": "black", "parameters": {"share": "x"}}),
     ("POST", "/cameras/cam1/faults", {}),
     ("POST", "/cameras/cam1/clock", {"skew_s": None}),
     ("DELETE", "/cameras/cam1/faults/no-such", None),
     ("GET", "/cameras/cam99", None),
     ("GET", "/", None)],
)  # fmt: skip
def test_the_control_refuses_nonsense(
    simulator: Simulator, method: str, path: str, body: dict[str, object] | None
) -> None:
    with pytest.raises(OSError, match=r"no-such|float|iterable|kind|no camera|only /cameras"):
        call(simulator.control_url, method, path, body)
    assert simulator.state("cam1")["faults"] == {}


def test_a_killed_parent_takes_the_simulator_with_it(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent("""
        import time
        from app.simulator.process import Simulator
        if __name__ == "__main__":
            simulator = Simulator(cameras=1, ptz=0)
            simulator.start()
            print(simulator.pid, flush=True)
            time.sleep(600)
    """)
    )
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")


def test_main_streams_are_full_hd_at_their_rate(simulator: Simulator) -> None:
    streams = {s.role: (s.width, s.height, s.fps) for s in simulator.camera("cam1").streams}
    assert streams == {StreamRole.MAIN: (1920, 1080, 25), StreamRole.SUB: (640, 360, 15)}
    with RtspClient(simulator.camera("cam1").url(StreamRole.MAIN), timeout_s=60) as client:
        client.play()
        client.pictures(1)
        began = time.monotonic()
        steps = np.diff([p[0].timestamp for p in client.pictures(50)]) & 0xFFFFFFFF
        took = time.monotonic() - began
    assert set(steps) == {3600}
    assert 1.5 < took < 6  # 2 s on a quiet machine
