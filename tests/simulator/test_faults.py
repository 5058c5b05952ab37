"""Every media fault, seen with the bare eye: what is on the wire while it lasts, and after it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import av
import numpy as np
import pytest

from app.simulator import media
from app.simulator.process import Simulator
from tests.conftest import wait_for
from tests.simulator.rtsp_client import RtpPacket, RtspClient, parameter_sets

SPS, PPS, KEY = 7, 8, 5


@pytest.fixture
def client(simulator: Simulator) -> Iterator[RtspClient]:
    with RtspClient(simulator.camera("cam1").url()) as running:
        yield running


def _url(simulator: Simulator, camera: str) -> str:
    info = simulator.camera(camera)
    return info.url().replace("rtsp://", f"rtsp://{info.username}:{info.password}@")


@pytest.mark.parametrize(
    ("fault", "method", "status"),
    [("401", "DESCRIBE", 401), ("404", "DESCRIBE", 404), ("503", "DESCRIBE", 503),
     ("453", "SETUP", 453)],
)  # fmt: skip
def test_refusals(
    simulator: Simulator, client: RtspClient, fault: str, method: str, status: int
) -> None:
    simulator.fault("cam1", fault)
    assert client.request(method, Transport="RTP/AVP/TCP;interleaved=0-1").status == status
    simulator.clear("cam1")
    assert client.request(method, Transport="RTP/AVP/TCP;interleaved=0-1").status == 200


@pytest.mark.parametrize("fault", ["401", "404", "453", "503", "refuse", "drop-socket"])
def test_who_is_playing_is_cut_off(simulator: Simulator, client: RtspClient, fault: str) -> None:
    client.play()
    simulator.fault("cam1", fault)
    with pytest.raises((EOFError, ConnectionError)):
        client.pictures(1000)


def test_refuse_answers_nothing(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "refuse")
    with pytest.raises((EOFError, ConnectionError)):
        client.request("OPTIONS")


def test_hang_before_play(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "hang-before-play")
    client.timeout_s = 1.0
    with pytest.raises(TimeoutError):
        client.play()


def test_hang_after_play(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "hang-after-play")
    client.play()
    assert client.silent_for(1.0)
    simulator.clear("cam1")
    assert client.pictures(3)


def test_stop_sending_keeps_the_socket(simulator: Simulator, client: RtspClient) -> None:
    client.play()
    client.pictures(3)
    simulator.fault("cam1", "stop-sending")
    wait_for(lambda: client.silent_for(1.0))
    assert client.request("GET_PARAMETER").status == 200
    simulator.clear("cam1")
    assert client.pictures(3)


def test_drop_socket_again_and_again(simulator: Simulator) -> None:
    simulator.fault("cam1", "drop-socket", every_s=1)
    for _ in range(2):
        with RtspClient(simulator.camera("cam1").url()) as client:
            client.play()
            began = time.monotonic()
            with pytest.raises((EOFError, ConnectionError)):
                client.pictures(1000)
            assert 0.5 < time.monotonic() - began < 10


def test_slow_drip_is_slow_and_its_framing_survives(
    simulator: Simulator, client: RtspClient
) -> None:
    client.play()
    client.pictures(5)
    rate = 5000
    simulator.fault("cam1", "slow-drip", bytes_per_s=rate)
    wait_for(lambda: not client.waiting)
    client.socket.settimeout(1.0)
    wait_for(lambda: len(client.socket.recv(65536, 0x2)) < rate, pump=lambda: client.packets(1))
    began, size, pieces = time.monotonic(), 0, 0
    while time.monotonic() - began < 2:
        data = client.socket.recv(65536)
        client.buffer += data
        size, pieces = size + len(data), pieces + 1
    assert size < 4 * rate
    assert pieces > 5
    simulator.clear("cam1")
    pictures = client.pictures(40)  # asserts the framing
    sequences = [p.sequence for picture in pictures for p in picture]
    assert len(set(np.diff(sequences) & 0xFFFF)) <= 2  # at most one gap: the drip's overflow


def test_corruption_leaves_headers_whole_and_changes_bytes() -> None:
    frame = media.EncodedFrame((b"\x65" + bytes(5000), b"\x41" + bytes(300)), True)
    packets = media.Packets("h264", frame)
    whole = packets.stamped(7, 90_000, 1)
    broken = bytearray(whole)
    media.corrupt(broken, packets.offsets, 1.0, np.random.default_rng(1))
    for before, after in zip(packets.split(whole), packets.split(broken), strict=True):
        assert before[:12] == after[:12]
        assert before != after


def test_corrupt_nal_is_noticed_by_a_decoder(simulator: Simulator) -> None:
    simulator.fault("cam1", "corrupt-nal")
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", _url(simulator, "cam1"),
         "-frames:v", "30", "-f", "null", "-"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "error" in done.stderr.lower()


def test_resolution_changes_within_the_session(simulator: Simulator, client: RtspClient) -> None:
    client.play()
    first = next(p for p in client.packets(50) if p.h264_type == SPS)
    simulator.fault("cam1", "change-resolution")
    other: RtpPacket | None = None
    for item in client.frames():
        if isinstance(item, RtpPacket) and item.h264_type == SPS and item.payload != first.payload:
            other = item
            break
    assert other is not None
    assert other.ssrc == first.ssrc


def test_codec_changes_with_the_next_session(simulator: Simulator, client: RtspClient) -> None:
    assert "H264/90000" in client.play()
    simulator.fault("cam1", "change-codec")
    with pytest.raises((EOFError, ConnectionError)):
        client.pictures(1000)
    with RtspClient(simulator.camera("cam1").url()) as again:
        assert "H265/90000" in again.play()
        assert again.pictures(3)


@pytest.mark.parametrize("camera", ["cam1", "cam6"])
def test_missing_parameter_sets(simulator: Simulator, camera: str) -> None:
    url = simulator.camera(camera).url()
    with RtspClient(url) as client:
        assert len(parameter_sets(client.play())) == 2
        assert {SPS, PPS, KEY} <= {p.h264_type for p in client.packets(50)}
    simulator.fault(camera, "missing-parameter-sets")
    wait_for(lambda: not simulator.state(camera)["streams"]["sub"]["sessions"])
    with RtspClient(url) as client:
        assert parameter_sets(client.play()) == []
        kinds = {p.h264_type for p in client.packets(50)}
    assert KEY in kinds
    assert not kinds & {SPS, PPS}


@pytest.mark.parametrize("camera", ["cam1", "cam6"])
def test_frozen_repeats_a_picture_while_its_time_goes_on(simulator: Simulator, camera: str) -> None:
    with RtspClient(simulator.camera(camera).url()) as client:
        client.play()
        simulator.fault(camera, "frozen")

        def repeats() -> bool:
            one, other = client.pictures(2)
            assert one[0].timestamp != other[0].timestamp
            return [p.payload for p in one] == [p.payload for p in other]

        wait_for(repeats)
        simulator.clear(camera)
        wait_for(lambda: not repeats())


@pytest.mark.parametrize("camera", ["cam1", "cam6"])
def test_black(simulator: Simulator, camera: str) -> None:
    simulator.fault(camera, "black")
    with av.open(_url(simulator, camera), options={"rtsp_transport": "tcp"}, timeout=20) as source:
        frame = next(source.decode(video=0))
    grey = frame.to_ndarray(format="gray")
    assert grey.mean() < 20
    assert grey.std() < 3


def test_the_clock_jumps_in_rtp_and_rtcp_alike(simulator: Simulator, client: RtspClient) -> None:
    client.play()
    before = client.packets(1)[0].timestamp
    simulator.fault("cam1", "clock-jump", seconds=600)
    after = before
    for item in client.frames():
        if isinstance(item, RtpPacket):
            if (item.timestamp - after) & 0xFFFFFFFF > 500 * 90_000:
                break
            after = item.timestamp
    with RtspClient(client.url) as newcomer:
        newcomer.play()
        assert abs(newcomer.report().wall - time.time() - 600) < 10


def test_faults_of_one_camera_do_not_touch_another(simulator: Simulator) -> None:
    for fault in ("stop-sending", "corrupt-nal", "slow-drip", "black"):
        simulator.fault("cam1", fault)
    with RtspClient(simulator.camera("cam4").url()) as client:
        client.play()
        sequences = [p.sequence for picture in client.pictures(20) for p in picture]
        assert set(np.diff(sequences) & 0xFFFF) == {1}
    assert simulator.state("cam4")["faults"] == {}
