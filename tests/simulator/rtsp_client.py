"""A bare RTSP client that shows every byte a camera sends: what the tests of the protocol need."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Reply:
    """An answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class RtpPacket:
    """One RTP packet, taken apart."""

    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    payload: bytes

    @property
    def h264_type(self) -> int:
        """The NAL unit type inside, also of a fragment."""
        kind = self.payload[0] & 31
        return self.payload[1] & 31 if kind == 28 else kind


@dataclass
class SenderReport:
    """RTCP SR: RTP time beside the camera's clock (seconds since 1970)."""

    ssrc: int
    wall: float
    timestamp: int


@dataclass
class RtspClient:
    """One connection. Methods raise TimeoutError or EOFError where nothing or the end comes."""

    url: str
    username: str = "admin"
    password: str = "watchroom-sim"
    timeout_s: float = 20.0
    session: str = ""
    nonce: str = ""
    buffer: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = re.match(r"rtsp://([^:/]+):(\d+)/", self.url)
        assert found
        self.socket = socket.create_connection((found[1], int(found[2])), self.timeout_s)
        self.sequence = 0

    def __enter__(self) -> RtspClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def request(self, method: str, url: str = "", **headers: str) -> Reply:
        """Ask, with the account where one was asked for."""
        reply = self._ask(method, url or self.url, headers)
        if reply.status == 401 and self.password and not self.nonce:
            found = re.search(r'nonce="([^"]+)"', reply.headers["www-authenticate"])
            assert found
            self.nonce = found[1]
            reply = self._ask(method, url or self.url, headers)
        if "session" in reply.headers:
            self.session = reply.headers["session"].partition(";")[0]
        return reply

    def play(self, transport: str = "RTP/AVP/TCP;unicast;interleaved=0-1") -> str:
        """DESCRIBE, SETUP, PLAY; returns the session description."""
        described = self.request("DESCRIBE", Accept="application/sdp")
        assert described.status == 200, described
        assert self.request("SETUP", self.url + "/track1", Transport=transport).status == 200
        assert self.request("PLAY").status == 200
        return described.body

    def frames(self, timeout_s: float = 20.0) -> Iterator[RtpPacket | SenderReport]:
        """What comes interleaved."""
        deadline = time.monotonic() + timeout_s
        while True:
            if self.waiting:
                channel, data = self.waiting.pop(0)
            else:
                self._need(4, deadline)
                assert self.buffer[0] == 0x24, bytes(self.buffer[:20])
                channel, data = self._interleaved(deadline)
            yield _report(data) if channel & 1 else _packet(data)

    def packets(self, count: int, timeout_s: float = 20.0) -> list[RtpPacket]:
        """That many RTP packets."""
        found: list[RtpPacket] = []
        for item in self.frames(timeout_s):
            if isinstance(item, RtpPacket):
                found.append(item)
                if len(found) == count:
                    break
        return found

    def pictures(self, count: int, timeout_s: float = 20.0) -> list[list[RtpPacket]]:
        """That many whole pictures, as packets."""
        found: list[list[RtpPacket]] = [[]]
        for item in self.frames(timeout_s):
            if isinstance(item, RtpPacket):
                found[-1].append(item)
                if item.marker:
                    if len(found) == count:
                        break
                    found.append([])
        return found

    def report(self, timeout_s: float = 20.0) -> SenderReport:
        """The next sender report."""
        return next(item for item in self.frames(timeout_s) if isinstance(item, SenderReport))

    def silent_for(self, seconds: float) -> bool:
        """Whether nothing at all comes for so long; what came before is thrown away."""
        self.waiting.clear()
        self.buffer.clear()
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(65536) == b"" and False
        except TimeoutError:
            return True

    def _ask(self, method: str, url: str, headers: dict[str, str]) -> Reply:
        self.sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self.nonce:
            lines.append(f"Authorization: {self._digest(method, url)}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        deadline = time.monotonic() + self.timeout_s
        while True:
            self._need(4, deadline)
            if self.buffer[0] == 0x24:
                self.waiting.append(self._interleaved(deadline))
                continue
            while b"\r\n\r\n" not in self.buffer:
                self._receive(deadline)
            head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
            self.buffer = bytearray(rest)
            first, *others = head.decode().split("\r\n")
            found = {k.strip().lower(): v.strip() for k, _, v in (o.partition(":") for o in others)}
            size = int(found.get("content-length", "0"))
            self._need(size, deadline)
            body = bytes(self.buffer[:size]).decode()
            del self.buffer[:size]
            assert int(found["cseq"]) == self.sequence
            return Reply(int(first.split(" ")[1]), found, body)

    def _digest(self, method: str, url: str) -> str:
        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        secret = md5(f"{self.username}:watchroom:{self.password}")
        response = md5(f"{secret}:{self.nonce}:{md5(f'{method}:{url}')}")
        return (
            f'Digest username="{self.username}", realm="watchroom", nonce="{self.nonce}", '
            f'uri="{url}", response="{response}"'
        )

    def _interleaved(self, deadline: float) -> tuple[int, bytes]:
        _, channel, size = struct.unpack_from(">BBH", self.buffer)
        self._need(4 + size, deadline)
        data = bytes(self.buffer[4 : 4 + size])
        del self.buffer[: 4 + size]
        return channel, data

    def _need(self, size: int, deadline: float) -> None:
        while len(self.buffer) < size:
            self._receive(deadline)

    def _receive(self, deadline: float) -> None:
        self.socket.settimeout(max(0.01, deadline - time.monotonic()))
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data


def _packet(data: bytes) -> RtpPacket:
    assert data[0] == 0x80
    sequence, timestamp, ssrc = struct.unpack_from(">HII", data, 2)
    return RtpPacket(sequence, timestamp, ssrc, bool(data[1] & 0x80), data[12:])


def _report(data: bytes) -> SenderReport:
    assert data[1] == 200
    ssrc, seconds, fraction, timestamp = struct.unpack_from(">IIII", data, 4)
    return SenderReport(ssrc, seconds - 2_208_988_800 + fraction / 2**32, timestamp)


def parameter_sets(description: str) -> list[bytes]:
    """The decoded `sprop-` values of a session description."""
    found = re.findall(r"sprop-[\w-]+=([^;\s]+)", description)
    return [base64.b64decode(piece) for value in found for piece in value.split(",")]
