"""The simulated cameras as third-party programs see them."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.camera import StreamRole
from app.simulator import media, timecode
from app.simulator.process import Simulator


def _with_account(simulator: Simulator, camera: str, role: StreamRole) -> str:
    info = simulator.camera(camera)
    return info.url(role).replace("rtsp://", f"rtsp://{info.username}:{info.password}@")


def _ffprobe(url: str, transport: str) -> dict[str, object]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-analyzeduration", "500000", "-rtsp_transport", transport,
         "-of", "json", "-show_entries", "stream=codec_name,width,height", url],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    stream = json.loads(done.stdout)["streams"][0]
    assert isinstance(stream, dict)
    return stream


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("camera", "role", "codec", "size"),
    [
        ("cam1", StreamRole.MAIN, "h264", (1920, 1080)),
        ("cam1", StreamRole.SUB, "h264", (640, 360)),
        ("cam2", StreamRole.SUB, "hevc", (640, 360)),
        ("cam3", StreamRole.SUB, "mjpeg", (640, 360)),
        ("cam5", StreamRole.SUB, "hevc", (640, 360)),
    ],
)
def test_ffprobe_reads_every_stream(
    simulator: Simulator, camera: str, role: StreamRole, codec: str, size: tuple[int, int],
    transport: str,
) -> None:  # fmt: skip
    stream = _ffprobe(_with_account(simulator, camera, role), transport)
    assert (stream["codec_name"], (stream["width"], stream["height"])) == (codec, size)


def test_a_wrong_password_is_refused_and_none_is_asked_for(simulator: Simulator) -> None:
    url = simulator.camera("cam1").url().replace("rtsp://", "rtsp://admin:wrong@")
    done = subprocess.run(
        ["ffprobe", "-v", "error", url], capture_output=True, text=True, timeout=30, check=False
    )
    assert "401" in done.stderr


@pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv is not part of the set-up")
def test_mpv_plays(simulator: Simulator) -> None:
    url = _with_account(simulator, "cam1", StreamRole.SUB)
    done = subprocess.run(
        ["mpv", "--no-config", "--vo=null", "--ao=null", "--frames=20", "--rtsp-transport=tcp", url],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_many_clients_share_a_stream_and_teardown_frees_it(simulator: Simulator) -> None:
    url = _with_account(simulator, "cam4", StreamRole.SUB)
    running = [
        subprocess.Popen(["ffmpeg", "-v", "quiet", "-rtsp_transport", "tcp", "-i", url, "-t", "2",
                          "-f", "null", "-"]) for _ in range(5)
    ]  # fmt: skip
    assert [p.wait(60) for p in running] == [0] * 5
    assert simulator.state("cam4")["streams"]["sub"]["sessions"] == 0


@pytest.mark.parametrize(
    "request_",
    [b"\x00" * 100, b"GARBAGE\r\n\r\n", b"DESCRIBE rtsp://x/nope RTSP/1.0\r\nCSeq: 1\r\n\r\n",
     b"$\x00\x00\x01a", b"OPTIONS " + b"x" * 40_000],
)  # fmt: skip
def test_rubbish_does_not_hurt_the_server(simulator: Simulator, request_: bytes) -> None:
    port = int(simulator.camera("cam1").url().split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        try:
            while connection.recv(4096):
                pass
        except ConnectionError:
            pass
    assert simulator.state("cam1")["id"] == "cam1"


@given(st.integers(0, 2**24 - 1))
def test_the_time_code_survives_scaling_down(value: int) -> None:
    picture = np.full((360, 640), 90, np.uint8)
    timecode.draw(picture, value)
    small = picture[::2, ::2]
    assert timecode.read(small) == value
    assert timecode.read(picture) == value


def test_no_code_is_read_where_there_is_none() -> None:
    assert timecode.read(np.zeros((360, 640), np.uint8)) is None
    assert timecode.read(np.full((360, 640), 255, np.uint8)) is None


@given(st.binary(min_size=2, max_size=6000))
def test_fragments_come_back_whole(body: bytes) -> None:
    unit = b"\x65" + body
    payloads = media.payloads("h264", media.EncodedFrame((unit,), True))
    assert all(len(p) <= media.MTU for p in payloads)
    if len(payloads) == 1:
        assert payloads[0] == unit
    else:
        assert b"".join(p[2:] for p in payloads) == body
        assert payloads[0][1] & 0x80
        assert payloads[-1][1] & 0x40
