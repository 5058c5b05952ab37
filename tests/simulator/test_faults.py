"""Every media fault, seen with the bare eye: what is on the wire while it lasts, and after it."""

from __future__ import annotations

import itertools
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator

import av
import numpy as np
import pytest
from av.video.frame import PictureType

from app.simulator import media, timecode
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


def test_half_open_is_silence_both_ways_and_a_new_connection_works(
    simulator: Simulator, client: RtspClient
) -> None:
    client.play()
    client.pictures(3)
    simulator.fault("cam1", "half-open")
    wait_for(lambda: client.silent_for(0.5))
    client.timeout_s = 0.5
    with pytest.raises(TimeoutError):
        client.request("GET_PARAMETER")
    with RtspClient(client.url) as again:
        again.play()
        assert again.pictures(3)
    assert client.silent_for(0.2)


def test_pause_stops_the_pictures_and_play_goes_on(client: RtspClient) -> None:
    assert client.request("PAUSE").status == 455
    client.play()
    client.pictures(3)
    assert client.request("PAUSE").status == 200
    client.waiting.clear()
    assert client.silent_for(0.5)
    assert client.request("PLAY").status == 200
    assert client.pictures(3)


@pytest.fixture(scope="module")
def lone() -> Iterator[Simulator]:
    """Cameras with ports of their own, and TLS."""
    with Simulator(cameras=2, ptz=0, own_ports=True, tls=True) as running:
        yield running


def test_a_reboot_takes_the_listener_away_for_its_time(lone: Simulator) -> None:
    with RtspClient(lone.camera("cam1").url()) as client:
        client.play()
        began = time.monotonic()
        lone.fault("cam1", "reboot", seconds=1.0)
        with pytest.raises((EOFError, ConnectionError)):
            client.pictures(1000)
    with pytest.raises(ConnectionRefusedError):
        RtspClient(lone.camera("cam1").url())
    with RtspClient(lone.camera("cam2").url()) as other:
        other.play()

    def back() -> bool:
        try:
            RtspClient(lone.camera("cam1").url()).socket.close()
        except ConnectionRefusedError:
            return False
        return True

    wait_for(back)
    assert 0.9 < time.monotonic() - began < 4
    assert lone.state("cam1")["faults"] == {}
    with RtspClient(lone.camera("cam1").url()) as client:
        client.play()
        assert client.pictures(3)


def test_a_reboot_on_a_shared_port_cuts_who_asks(simulator: Simulator, client: RtspClient) -> None:
    client.play()
    simulator.fault("cam1", "reboot", seconds=60)
    with pytest.raises((EOFError, ConnectionError)):
        client.pictures(1000)
    with RtspClient(client.url) as again, pytest.raises((EOFError, ConnectionError)):
        again.request("OPTIONS")
    simulator.clear("cam1")
    with RtspClient(client.url) as again:
        assert again.request("OPTIONS").status == 200


def test_tls_with_a_certificate_for_somebody_else(lone: Simulator) -> None:
    port = lone.state("cam1")["tls_port"]
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        context = ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="127.0.0.1")
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain) as secure,
    ):
        secure.sendall(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        assert secure.recv(100).startswith(b"RTSP/1.0 200")


@pytest.mark.parametrize("status", [453, 503])
def test_one_connection_only(simulator: Simulator, client: RtspClient, status: int) -> None:
    simulator.fault("cam1", "one-connection", status=status)
    client.play()
    with RtspClient(client.url) as second:
        assert second.request("DESCRIBE").status == 200
        transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        assert second.request("SETUP", Transport=transport).status == status
        assert client.pictures(3)
        assert client.request("TEARDOWN").status == 200
        wait_for(lambda: second.request("SETUP", Transport=transport).status == 200)
    simulator.fault("cam1", "one-connection", taken=1)
    with RtspClient(client.url) as third:
        assert third.request("SETUP", Transport=transport).status == 453


def test_rtp_time_jumps_and_comes_back_while_the_clock_does_not(
    simulator: Simulator, client: RtspClient
) -> None:
    client.play()
    simulator.fault("cam1", "rtp-jump", seconds=-300, every_s=0.5)
    stamps = [p[0].timestamp for p in client.pictures(30)]
    steps = [_signed(b - a) / 90_000 for a, b in itertools.pairwise(stamps)]
    assert min(steps) < -299
    assert max(steps) > 299
    with RtspClient(client.url) as newcomer:
        newcomer.play()
        assert abs(newcomer.report().wall - time.time()) < 2


def _signed(difference: int) -> int:
    """A difference of 32-bit timestamps."""
    return (difference + 2**31) % 2**32 - 2**31


def test_rtp_time_repeats(simulator: Simulator, client: RtspClient) -> None:
    client.play()
    simulator.fault("cam1", "rtp-repeat")
    client.pictures(5)
    stamps = [p[0].timestamp for p in client.pictures(10)]
    steps = {_signed(b - a) for a, b in itertools.pairwise(stamps)}
    assert steps == {0, 12_000}


def _frames(simulator: Simulator, camera: str, count: int) -> list[av.VideoFrame]:
    options = {"rtsp_transport": "tcp", "allowed_media_types": "video"}
    with av.open(_url(simulator, camera), options=options, timeout=20) as source:
        return list(itertools.islice(source.decode(video=0), count))


@pytest.mark.parametrize("camera", ["cam1", "cam2"])
def test_b_frames(simulator: Simulator, camera: str) -> None:
    simulator.fault(camera, "b-frames")
    frames = _frames(simulator, camera, 20)
    assert any(f.pict_type == PictureType.B for f in frames)
    stamps = [f.pts for f in frames[3:]]
    assert stamps == sorted(stamps)


def test_interlaced(simulator: Simulator) -> None:
    simulator.fault("cam1", "interlaced")
    assert _frames(simulator, "cam1", 5)[-1].interlaced_frame


@pytest.mark.parametrize("size", [(352, 288), (2592, 1520)])
def test_odd_sizes(simulator: Simulator, size: tuple[int, int]) -> None:
    simulator.fault("cam1", "odd-size", width=size[0], height=size[1])
    (frame,) = _frames(simulator, "cam1", 1)
    assert (frame.width, frame.height) == size


def test_intra_refresh_has_no_key_frame_and_yet_a_picture(
    simulator: Simulator, client: RtspClient
) -> None:
    simulator.fault("cam1", "intra-refresh")
    client.play()
    kinds = {p.h264_type for p in client.packets(300)}
    assert KEY not in kinds
    assert 6 in kinds  # the recovery points
    # Where the loop closes the picture is smeared until all columns have been refreshed.
    codes = [timecode.read(f.to_ndarray(format="gray")) for f in _frames(simulator, "cam1", 60)]
    assert sum(code is not None for code in codes) > 30


def test_a_newcomer_to_a_long_gop_waits_for_the_key_frame(
    simulator: Simulator, client: RtspClient
) -> None:
    simulator.fault("cam1", "long-gop")
    client.play()
    pictures = client.pictures(30)
    assert not any(p.h264_type == KEY for picture in pictures for p in picture)


def test_sdp_names_the_wrong_codec(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "wrong-codec")
    assert "H265/90000" in client.play()
    assert any(p.h264_type == KEY for p in client.packets(100))


def test_audio_only(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "audio-only")
    body = client.request("DESCRIBE").body
    assert "m=audio" in body
    assert "m=video" not in body


def test_unknown_audio_beside_the_video(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "unknown-audio")
    body = client.play()
    assert body.index("m=video") < body.index("X-NOBODY-KNOWS")
    assert client.pictures(3)


def test_redirect_to_itself(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "redirect")
    reply = client.request("DESCRIBE")
    assert (reply.status, reply.headers["location"]) == (302, client.url)


def test_huge_sdp(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "huge-sdp", megabytes=10)
    assert 9e6 < len(client.request("DESCRIBE").body) < 11e6


def test_corrupt_sdp(simulator: Simulator, client: RtspClient) -> None:
    simulator.fault("cam1", "corrupt-sdp")
    assert "m=video" not in client.request("DESCRIBE").body
