"""Simulated microphones: what is offered, and what comes when it is asked for."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import av
import numpy as np
import pytest

from app.domain.camera import StreamRole
from app.simulator import sound
from app.simulator.process import Simulator
from tests.conftest import wait_for
from tests.simulator.rtsp_client import RtpPacket, RtspClient, SenderReport

DECODERS = {"pcmu": "pcm_mulaw", "pcma": "pcm_alaw", "aac": "aac"}


@pytest.fixture(scope="module")
def hearing() -> Iterator[Simulator]:
    """cam1 speaks PCMU, cam2 PCMA, cam3 AAC, cam4 has no microphone."""
    with Simulator(cameras=4, ptz=0, audio=("pcmu", "pcma", "aac", "")) as running:
        yield running


def _listen(client: RtspClient, first: str, second: str) -> tuple[str, int]:
    """Plays pictures and sound; the session description and the sound's SSRC."""
    described = client.request("DESCRIBE").body
    assert client.request("SETUP", client.url + "/track1", Transport=first).status == 200
    reply = client.request("SETUP", client.url + "/track2", Transport=second)
    assert reply.status == 200
    assert client.request("PLAY").status == 200
    return described, int(reply.headers["transport"].split("ssrc=")[1], 16)


@pytest.mark.parametrize(
    ("camera", "codec", "line"),
    [("cam1", "pcmu", "0 PCMU/8000"), ("cam2", "pcma", "8 PCMA/8000"),
     ("cam3", "aac", "104 MPEG4-GENERIC/16000/1")],
)  # fmt: skip
def test_tone_and_beep_come_in_order_and_on_time(
    hearing: Simulator, camera: str, codec: str, line: str
) -> None:
    with RtspClient(hearing.camera(camera).url()) as client:
        offered = ["RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;unicast;interleaved=2-3"]
        described, ssrc = _listen(client, *offered)
        assert f"a=rtpmap:{line}" in described
        assert described.index("m=video") < described.index("m=audio")
        packets: list[RtpPacket] = []
        report: SenderReport | None = None
        pictures = 0
        for item in client.frames():
            if item.ssrc != ssrc:
                pictures += isinstance(item, RtpPacket)
            elif isinstance(item, SenderReport):
                report = item
            else:
                packets.append(item)
            if len(packets) == 60 and report is not None:
                break
        assert pictures > 20
        assert hearing.state(camera)["streams"]["sub"]["listeners"] == 1
    assert set(np.diff([p.sequence for p in packets]) & 0xFFFF) == {1}
    samples = 1024 if codec == "aac" else 320
    assert set(np.diff([p.timestamp for p in packets]) & 0xFFFFFFFF) == {samples}
    assert report is not None
    assert abs(report.wall - time.time()) < 10
    rate = sound.RATES[codec]
    decoder = av.CodecContext.create(DECODERS[codec], "r")
    decoder.sample_rate, decoder.layout = rate, "mono"  # type: ignore[attr-defined]
    if codec == "aac":
        decoder.extradata = bytes.fromhex("1408")
    loud, quiet = [], []
    for packet in packets:
        payload = packet.payload[4:] if codec == "aac" else packet.payload
        for frame in decoder.decode(av.Packet(payload)):
            wave = frame.to_ndarray().astype(float) / (1 if codec == "aac" else 32768)
            level = float(np.sqrt(np.mean(wave**2)))
            since = struct.unpack(">i", struct.pack(">I", (packet.timestamp - report.timestamp)
                                                    & 0xFFFFFFFF))[0]  # fmt: skip
            at = (report.wall + since / rate) % 1
            if at > 0.005 and at + samples / rate < sound.BEEP_S:
                loud.append(level)
            elif 0.25 < at < 0.9:
                quiet.append(level)
    assert loud
    assert min(loud) > 4 * max(quiet[2:]) > 0


def test_tones_differ(hearing: Simulator) -> None:
    assert len({sound.tone_hz(i) for i in range(1, 9)}) == 8


def test_nothing_is_heard_that_was_not_asked_for(hearing: Simulator) -> None:
    with RtspClient(hearing.camera("cam1").url(StreamRole.SUB)) as client:
        assert "m=audio" in client.play()
        items = [next(client.frames()) for _ in range(60)]
        assert len({i.ssrc for i in items}) == 1
        assert hearing.state("cam1")["streams"]["sub"]["listeners"] == 0


def test_no_microphone_no_track(hearing: Simulator) -> None:
    with RtspClient(hearing.camera("cam4").url()) as client:
        assert "m=audio" not in client.request("DESCRIBE").body
        offer = "RTP/AVP/TCP;unicast;interleaved=2-3"
        assert client.request("SETUP", client.url + "/track2", Transport=offer).status == 404


def test_datagrams_and_the_end(hearing: Simulator) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as video,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as audio,
        RtspClient(hearing.camera("cam1").url()) as client,
    ):
        transports = []
        for end in (video, audio):
            end.bind(("127.0.0.1", 0))
            end.settimeout(20)
            port = end.getsockname()[1]
            transports.append(f"RTP/AVP;unicast;client_port={port}-{port + 1}")
        _, ssrc = _listen(client, *transports)
        data = audio.recv(2000)
        assert (data[1] & 0x7F, len(data)) == (0, 12 + 320)
        assert struct.unpack_from(">I", data, 8)[0] == ssrc
        assert video.recv(2000)[0] == 0x80
        assert client.request("TEARDOWN").status == 200
    wait_for(lambda: hearing.state("cam1")["streams"]["sub"]["listeners"] == 0)
