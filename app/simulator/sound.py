"""What a simulated microphone hears, encoded, and the RTP packets of it.

A tone that differs from camera to camera, and a beep at every full second of the wall clock. A loop
of some whole seconds is encoded once. PCMU and PCMA (RFC 3551) and AAC (RFC 3640, AAC-hbr).
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass
from typing import Any

import av
import numpy as np

CODECS = ("pcmu", "pcma", "aac")
RATES = {"pcmu": 8000, "pcma": 8000, "aac": 16000}
"""Samples a second; the RTP clock runs at the same rate."""

BEEP_HZ, BEEP_S = 1000, 0.1
TONE_DBFS, BEEP_DBFS = -26.0, -6.0
"""Of the sine's peak."""

_PAYLOAD_TYPES = {"pcmu": 0, "pcma": 8, "aac": 104}
_SAMPLES = {"pcmu": 320, "pcma": 320, "aac": 1024}
"""In a packet."""
_LOOP_S = {"pcmu": 1, "pcma": 1, "aac": 8}
"""Whole packets in whole seconds: 25 of 40 ms, or 125 of 64 ms."""
_ENCODERS = {"pcmu": "pcm_mulaw", "pcma": "pcm_alaw", "aac": "aac"}


def tone_hz(index: int) -> int:
    """The tone of the camera with that number."""
    return 300 + 50 * (index % 12)


@dataclass(frozen=True, slots=True)
class SoundLoop:
    """RTP payloads of a loop that begins at a full second."""

    codec: str
    payload_type: int
    rate: int
    samples: int
    payloads: tuple[bytes, ...]

    def at(self, wall: float) -> int:
        """The number of the packet for a time (seconds since 1970), counted from 1970 on."""
        return int(wall * self.rate / self.samples)

    def payload(self, number: int) -> bytes:
        """What a packet carries."""
        return self.payloads[number % len(self.payloads)]

    def sdp(self) -> list[str]:
        """The lines of a session description."""
        payload = self.payload_type
        lines = [f"m=audio 0 RTP/AVP {payload}", "c=IN IP4 0.0.0.0"]
        if self.codec == "aac":
            lines.append(f"a=rtpmap:{payload} MPEG4-GENERIC/{self.rate}/1")
            # AudioSpecificConfig: AAC LC, 16 kHz, one channel.
            lines.append(
                f"a=fmtp:{payload} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;"
                "indexlength=3;indexdeltalength=3;config=1408"
            )
        else:
            lines.append(f"a=rtpmap:{payload} {self.codec.upper()}/{self.rate}")
        return [*lines, "a=control:track2"]

    def packet(self, number: int, sequence: int, timestamp: int, ssrc: int) -> bytes:
        """An RTP packet."""
        header = struct.pack(">BBHII", 0x80, self.payload_type | 0x80, sequence, timestamp, ssrc)
        return header + self.payload(number)


@functools.cache
def loop(codec: str, index: int) -> SoundLoop:
    """The loop of a camera."""
    rate, samples, seconds = RATES[codec], _SAMPLES[codec], _LOOP_S[codec]
    time = np.arange(rate * seconds) / rate
    wave = np.sin(2 * np.pi * tone_hz(index) * time) * 10 ** (TONE_DBFS / 20)
    beep = np.sin(2 * np.pi * BEEP_HZ * time) * 10 ** (BEEP_DBFS / 20)
    wave = np.where(time % 1 < BEEP_S, beep, wave)
    count = rate * seconds // samples
    # AAC frames lean on the one before and come one late: the second round is taken.
    rounds = 3 if codec == "aac" else 1
    packets = _encode(codec, np.tile((wave * 32767).astype(np.int16), rounds), samples)
    if codec == "aac":
        first = count + 1
        packets = [_au(p) for p in packets[first : first + count]]
    assert len(packets) == count
    return SoundLoop(codec, _PAYLOAD_TYPES[codec], rate, samples, tuple(packets))


def _encode(codec: str, wave: Any, samples: int) -> list[bytes]:
    encoder: Any = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.sample_rate, encoder.layout = RATES[codec], "mono"
    encoder.format = "fltp" if codec == "aac" else "s16"
    if codec == "aac":
        encoder.bit_rate = 48_000
        wave = wave.astype(np.float32) / 32768
    encoder.open()
    packets: list[bytes] = []
    for begin in range(0, len(wave), samples):
        part = np.ascontiguousarray(wave[None, begin : begin + samples])
        frame = av.AudioFrame.from_ndarray(part, format=encoder.format.name, layout="mono")
        frame.sample_rate, frame.pts = RATES[codec], begin
        packets += [bytes(p) for p in encoder.encode(frame)]
    return packets + [bytes(p) for p in encoder.encode(None)]


def _au(frame: bytes) -> bytes:
    """One access unit with its header section (13 bits size, 3 bits index)."""
    return struct.pack(">HH", 16, len(frame) << 3) + frame
