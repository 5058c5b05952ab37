"""An RTSP 1.0 server (RFC 2326) for simulated cameras: TCP interleaved and UDP, Digest, faults.

One event loop serves all cameras. A stream is sent only while somebody plays it; its pictures are
packetised once and only stamped per picture, so that many streams cost little.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
import secrets
import ssl
import struct
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import numpy as np

from app.domain.camera import StreamRole
from app.simulator import media, panorama, sound
from app.simulator.camera import FaultKind, SimulatedCamera, StreamShape

log = logging.getLogger(__name__)

SESSION_TIMEOUT_S = 60
BACKLOG_BYTES = 1_500_000
"""A client that lets this much pile up loses pictures until the next key frame."""
DRIP_S = 0.1
REDIRECT_S = 0.02
"""Before each redirection, so that a client which follows for ever does not take the machine."""

LARGE_PIXELS, LARGE_FPS = 2_500_000, 8
"""Loops of larger pictures than main streams have a lower rate: they are encoded on first use."""

REASONS = {
    200: "OK",
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Stream Not Found",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
}
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"


class StreamSender:
    """Sends one stream of one camera to everyone who plays it."""

    def __init__(self, camera: SimulatedCamera, role: StreamRole) -> None:
        self.camera, self.role = camera, role
        self.clients: set[Connection] = set()
        self.ssrc = secrets.randbits(32)
        self.sequence = secrets.randbits(16)
        self.timestamp = secrets.randbits(31)
        self.first_frame_at = 0.0
        """Wall clock at which code 0 was last sent (loops) or stands for (live)."""
        self._task: asyncio.Task[None] | None = None
        self._rng = np.random.default_rng(camera.index)
        self._pictures_sent = 0
        self._packets_sent = 0
        self._octets_sent = 0
        self._report_due = 0.0
        self._sound_task: asyncio.Task[None] | None = None
        self.sound_ssrc = secrets.randbits(32)
        self._sound_sequence = secrets.randbits(16)
        self._sound_base = secrets.randbits(31)
        self._sound_sent = self._sound_octets = 0
        self._described: media.Loop | None = None
        """Kept from DESCRIBE on, so that PLAY need not read it again."""

    @property
    def listeners(self) -> int:
        """Who plays the sound, too."""
        return sum(c.sound is not None for c in self.clients)

    @property
    def codec(self) -> str:
        """The codec offered now: another one while `change-codec` is on."""
        own = self.camera.codec_of(self.role)
        if self.camera.fault(FaultKind.CHANGE_CODEC) is not None:
            return "h265" if own == "h264" else "h264"
        return own

    def shape(self) -> StreamShape:
        """The size sent now: another one while `change-resolution` is on."""
        shape = self.camera.shape(self.role)
        odd = self.camera.fault(FaultKind.ODD_SIZE)
        if odd is not None:
            width, height = int(odd.get("width", 2592)), int(odd.get("height", 1520))
            return StreamShape(
                width, height, LARGE_FPS if width * height > LARGE_PIXELS else shape.fps
            )
        if self.camera.fault(FaultKind.CHANGE_RESOLUTION) is not None:
            return StreamShape(shape.width * 2 // 3 // 16 * 16, shape.height // 2, shape.fps)
        return shape

    def scene(self) -> str:
        """What the camera sees: nothing while `black` is on."""
        if self.camera.fault(FaultKind.BLACK) is not None:
            return "black"
        return self.camera.disturbance().of(self.camera.scene)

    def is_live(self) -> bool:
        """Whether the picture is encoded while it is sent: that of a head which turns."""
        camera = self.camera
        looped = camera.variant() or camera.fault(FaultKind.ODD_SIZE) is not None
        return camera.has_ptz and self.scene() != "black" and not looped

    @property
    def late_joiners_wait(self) -> bool:
        """Whether who joins gets no key frame to begin with."""
        late = (FaultKind.INTRA_REFRESH, FaultKind.LONG_GOP)
        return any(self.camera.fault(kind) is not None for kind in late)

    async def loop(self) -> media.Loop:
        """The encoded loop of the present scene, shape and codec."""
        camera = self.camera
        loop = media.loop(
            self.scene(), camera.name, camera.name_en, self.codec, self.shape(), camera.variant()
        )
        await loop.ready()
        return loop

    async def sdp(self) -> str:
        """The session description, with parameter sets unless told to leave them out."""
        with_sets = self.camera.fault(FaultKind.MISSING_PARAMETER_SETS) is None
        if self.is_live():
            first = await asyncio.to_thread(panorama.first_frame, self.codec, self.shape())
        else:
            self._described = await self.loop()
            first = self._described.frames[0]
        fault = self.camera.fault
        if fault(FaultKind.CORRUPT_SDP) is not None:
            return "v=0\r\nm=vid\x01eo -1 RTQ/\xff\r\na=rtpmap:" + "\x7f=;\r" * 200
        payload = media.PAYLOAD_TYPES[self.codec]
        attributes = media.sdp_attributes(self.codec, first, parameter_sets=with_sets)
        if fault(FaultKind.WRONG_CODEC) is not None:
            wrong = "H264" if self.codec == "h265" else "H265"
            attributes = [f"a=rtpmap:{payload} {wrong}/90000"]
        audio = ["m=audio 0 RTP/AVP 99", "a=rtpmap:99 X-NOBODY-KNOWS/8000", "a=control:track2"]
        video = [
            f"m=video 0 RTP/AVP {payload}",
            "c=IN IP4 0.0.0.0",
            *attributes,
            f"a=framerate:{self.shape().fps}",
            "a=control:track1",
        ]
        if fault(FaultKind.AUDIO_ONLY) is not None:
            video = ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:track1"]
        elif fault(FaultKind.UNKNOWN_AUDIO) is not None:
            video += audio
        elif self.camera.audio:
            loop = await asyncio.to_thread(sound.loop, self.camera.audio, self.camera.index)
            video += loop.sdp()
        huge = fault(FaultKind.HUGE_SDP)
        if huge is not None:
            filler = "a=x-filler:" + "0" * 80
            video += [filler] * int(huge.get("megabytes", 10) * 1e6 / (len(filler) + 2))
        lines = [
            "v=0",
            f"o=- {self.ssrc} 1 IN IP4 {self.camera.host}",
            f"s={self.camera.camera_id}",
            "t=0 0",
            "a=control:*",
            "a=range:npt=now-",
            *video,
        ]
        return "\r\n".join(lines) + "\r\n"

    def add(self, client: Connection) -> None:
        """Begin sending to `client`, from the next key frame on."""
        self.clients.add(client)
        self.camera.sessions[self.role.value] = len(self.clients)
        self.camera.opened += 1
        self._report_due = 0.0  # a newcomer learns the camera's time at once
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        if self.camera.audio and client.sound is not None:
            if self._sound_task is not None:
                self._sound_task.cancel()  # begun anew: the newcomer gets a report at once
            self._sound_task = asyncio.create_task(self._run_sound())

    def remove(self, client: Connection) -> None:
        """Stop sending to `client`."""
        self.clients.discard(client)
        self.camera.sessions[self.role.value] = len(self.clients)
        if not self.clients and self._task is not None:
            self._task.cancel()
            self._task = self._described = None
        if not self.listeners and self._sound_task is not None:
            self._sound_task.cancel()
            self._sound_task = None

    async def _run(self) -> None:
        try:
            while True:
                async for packets in self._live() if self.is_live() else self._looped():
                    self._send(packets)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("%s/%s: sender failed", self.camera.camera_id, self.role.value)
            for client in list(self.clients):
                client.abort()

    async def _run_sound(self) -> None:
        """What the microphone hears now, while somebody listens."""
        camera = self.camera
        loop = await asyncio.to_thread(sound.loop, camera.audio, camera.index)
        number, report_due = loop.at(time.time()), 0.0
        while True:
            # A packet is sent when its last sample has been heard.
            delay = (number + 1) * loop.samples / loop.rate - time.time()
            if delay < -1:
                number = loop.at(time.time())
            await asyncio.sleep(max(0.0, delay))
            clients = [c for c in self.clients if c.sound is not None]
            silent = (FaultKind.STOP_SENDING, FaultKind.HANG_AFTER_PLAY)
            timestamp = (self._sound_base + number * loop.samples) & 0xFFFFFFFF
            packet = loop.packet(number, self._sound_sequence, timestamp, self.sound_ssrc)
            number += 1
            self._sound_sequence = (self._sound_sequence + 1) & 0xFFFF
            faults = [camera.fault(kind) for kind in silent]
            if any(fault is not None and not fault.get("sound") for fault in faults):
                continue
            self._sound_sent += 1
            self._sound_octets += len(packet)
            for client in clients:
                client.send_sound(packet)
            if time.monotonic() >= report_due:
                report_due = time.monotonic() + 5
                stamp = (timestamp + loop.samples) & 0xFFFFFFFF
                report = self._sender_report(
                    stamp, self.sound_ssrc, self._sound_sent, self._sound_octets
                )
                for client in clients:
                    client.send_sound(report, report=True)

    def _identity(self) -> tuple[Any, ...]:
        missing = self.camera.fault(FaultKind.MISSING_PARAMETER_SETS) is not None
        return (self.scene(), self.codec, self.shape(), missing, self.camera.variant())

    def _packets(self, frame: media.EncodedFrame) -> media.Packets:
        if self.camera.fault(FaultKind.MISSING_PARAMETER_SETS) is not None:
            units = tuple(u for u in frame.units if not media.is_parameter_set(self.codec, u))
            frame = media.EncodedFrame(units, frame.key, frame.shift)
        return media.Packets(self.codec, frame)

    async def _looped(self) -> AsyncIterator[media.Packets]:
        """The loop at its pace, until faults ask for another one."""
        loop = await self.loop()
        identity, fps = self._identity(), self.shape().fps
        packets: dict[int, media.Packets] = {}
        # Under intra refresh the picture before the first refresh is sent to nobody.
        start = 1 if self.camera.fault(FaultKind.INTRA_REFRESH) is not None else 0
        index = start
        if self.camera.fault(FaultKind.LONG_GOP) is not None:
            index = fps  # who comes now has just missed the key frame
        async for _ in self._paced(fps):
            if self._identity() != identity:
                return
            if self.camera.fault(FaultKind.FROZEN) is not None:
                index -= index % fps  # the last key frame, again and again
            if index == 0:
                self.first_frame_at = time.time()
            if index not in packets:
                packets[index] = self._packets(loop.frames[index])
            yield packets[index]
            index = index + 1 if index + 1 < len(loop.frames) else start

    async def _live(self) -> AsyncIterator[media.Packets]:
        """What the head looks at, encoded now."""
        identity, fps = self._identity(), self.shape().fps
        source = panorama.LiveEncoder(self.camera, self.codec, self.shape())
        self.first_frame_at = panorama.STARTED_AT
        key: media.Packets | None = None
        async for _ in self._paced(fps):
            if self._identity() != identity:
                return
            if key is not None and self.camera.fault(FaultKind.FROZEN) is not None:
                yield key
                continue
            packets = self._packets(await asyncio.to_thread(source.next, time.monotonic()))
            if packets.key:
                key = packets
            yield packets

    async def _paced(self, fps: int) -> AsyncIterator[None]:
        """Ticks at that rate; after a pause of the machine it goes on, without a burst."""
        loop = asyncio.get_running_loop()
        start, count = loop.time(), 0
        self._report_due = 0.0
        while True:
            yield
            count += 1
            delay = start + count / fps - loop.time()
            if delay < -1:
                start = loop.time() - count / fps
                self._report_due = (
                    0.0  # RTP time has fallen behind the clock: tell the new relation
                )
            await asyncio.sleep(max(0.0, delay))

    def _send(self, packets: media.Packets) -> None:
        camera = self.camera
        step = 90_000 // self.shape().fps
        self.timestamp = (self.timestamp + step) & 0xFFFFFFFF
        self._pictures_sent += 1
        if (
            camera.fault(FaultKind.STOP_SENDING) is not None
            or camera.fault(FaultKind.HANG_AFTER_PLAY) is not None
        ):
            return
        now = time.monotonic()
        # What the sender report relates to the clock: not what a fault makes of it.
        reported = (self.timestamp + int(camera.clock_jump_s() * 90_000)) & 0xFFFFFFFF
        timestamp = reported + packets.shift * step
        if camera.fault(FaultKind.RTP_REPEAT) is not None and self._pictures_sent % 2:
            timestamp -= step
        jump = camera.fault(FaultKind.RTP_JUMP)
        if jump is not None and int(now / max(0.5, jump.get("every_s", 4.0))) % 2:
            timestamp += int(jump.get("seconds", 300.0) * 90_000)
        timestamp &= 0xFFFFFFFF
        data = packets.stamped(self.sequence, timestamp, self.ssrc)
        self.sequence = (self.sequence + len(packets.offsets)) & 0xFFFF
        bad = camera.fault(FaultKind.CORRUPT_NAL)
        if bad is not None:
            media.corrupt(data, packets.offsets, bad.get("share", 0.3), self._rng)
        self._packets_sent += len(packets.offsets)
        self._octets_sent += len(data)
        for client in list(self.clients):
            client.send_picture(packets, data)
        if now >= self._report_due:
            self._report_due = now + 5
            report = self._sender_report(reported, self.ssrc, self._packets_sent, self._octets_sent)
            for client in list(self.clients):
                client.send_report(report)

    def _sender_report(self, timestamp: int, ssrc: int, packets: int, octets: int) -> bytes:
        wall = self.camera.clock() + 2_208_988_800
        seconds = int(wall)
        return struct.pack(
            ">BBHIIIIII",
            0x80,
            200,
            6,
            ssrc,
            seconds & 0xFFFFFFFF,
            int((wall - seconds) * 2**32),
            timestamp,
            packets & 0xFFFFFFFF,
            octets & 0xFFFFFFFF,
        )


class Connection:
    """One RTSP connection, which plays at most one stream, with or without its sound."""

    def __init__(
        self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.session = ""
        self.sender: StreamSender | None = None
        self.nonce = secrets.token_hex(16)
        self.channel = 0
        self.udp: tuple[str, int] | None = None
        self.sound: tuple[int, tuple[str, int] | None] | None = None
        """Channel and address of the sound as `channel` and `udp`, once it is set up."""
        self.heard_at = time.monotonic()
        self.playing_since = 0.0
        self.camera: SimulatedCamera | None = None
        self.dead = False
        """Half open: nothing is read or sent any more, and nobody is told."""
        self._waits_for_key = True
        self._drip = bytearray()
        self._dripping: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve requests until the peer leaves."""
        try:
            while True:
                first = await self.reader.readexactly(1)
                self.heard_at = time.monotonic()
                if first == b"$":  # RTCP from the client: only a sign of life
                    _, size = struct.unpack(">BH", await self.reader.readexactly(3))
                    await self.reader.readexactly(size)
                    continue
                head = first + await self.reader.readuntil(b"\r\n\r\n")
                await self._request(head.decode("utf-8", "replace"))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError, _Gone):
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Free everything this connection holds."""
        self._leave()
        self.writer.close()

    def abort(self) -> None:
        """Cut the socket at once."""
        self._leave()
        self.writer.transport.abort()

    def die(self) -> None:
        """As if something between had forgotten the connection: silence both ways, no end."""
        self.dead = True
        transport = self.writer.transport
        if isinstance(transport, asyncio.Transport):
            with contextlib.suppress(RuntimeError):
                transport.pause_reading()
        self._leave()

    def _leave(self) -> None:
        if self.sender is not None:
            self.sender.remove(self)
            self.sender = None

    def _write(self, data: bytes | bytearray) -> None:
        """To the socket, at once or drop by drop, in order."""
        if self.dead:
            return
        if self._drip or self._drip_rate() is not None:
            self._drip += data
            if self._dripping is None or self._dripping.done():
                self._dripping = asyncio.create_task(self._trickle())
        else:
            self.writer.write(data)

    def _drip_rate(self) -> float | None:
        drip = self.camera.fault(FaultKind.SLOW_DRIP) if self.camera is not None else None
        return None if drip is None else drip.get("bytes_per_s", 12_000.0)

    async def _trickle(self) -> None:
        while self._drip and not self.writer.is_closing():
            rate = self._drip_rate()
            size = len(self._drip) if rate is None else max(1, int(rate * DRIP_S))
            self.writer.write(bytes(self._drip[:size]))
            del self._drip[:size]
            await asyncio.sleep(DRIP_S)

    def backlog(self) -> int:
        """Bytes that the client has not taken, or not been given, yet."""
        return self.writer.transport.get_write_buffer_size() + len(self._drip)

    # -- sending pictures

    def send_picture(self, packets: media.Packets, data: bytearray) -> None:
        """One picture's packets; skipped until a key frame after joining or after a backlog."""
        if self._waits_for_key:
            late = self.sender is not None and self.sender.late_joiners_wait
            if not packets.key and not late:
                return
            self._waits_for_key = False
        if self.udp is not None:
            if self._drip_rate() is not None and not packets.key:
                return  # a datagram cannot trickle; few of them come
            transport = self.server.rtp
            assert transport is not None
            for packet in packets.split(data):
                transport.sendto(packet, self.udp)
            return
        if self.backlog() > BACKLOG_BYTES:
            self._waits_for_key = True
            return
        if self.channel:
            data = bytearray(data)
            for offset in packets.offsets:
                data[offset + 1] = self.channel
        self._write(data)

    def send_report(self, report: bytes) -> None:
        """An RTCP packet."""
        if self.udp is not None:
            transport = self.server.rtcp
            assert transport is not None
            transport.sendto(report, (self.udp[0], self.udp[1] + 1))
        else:
            self._write(struct.pack(">cBH", b"$", self.channel + 1, len(report)) + report)

    def send_sound(self, packet: bytes, *, report: bool = False) -> None:
        """An RTP packet of the sound, or a report about it."""
        assert self.sound is not None
        channel, udp = self.sound
        if udp is not None:
            transport = self.server.rtcp if report else self.server.rtp
            assert transport is not None
            transport.sendto(packet, (udp[0], udp[1] + report))
        elif self.backlog() <= BACKLOG_BYTES:
            self._write(struct.pack(">cBH", b"$", channel + report, len(packet)) + packet)

    # -- requests

    async def _request(self, head: str) -> None:
        lines = head.split("\r\n")
        parts = lines[0].split(" ")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length):
            if int(length) > 65536:
                self._reply(400, headers)
                raise _Gone
            await self.reader.readexactly(int(length))
        if len(parts) != 3 or not parts[2].startswith("RTSP/"):
            self._reply(400, headers)
            raise _Gone
        method, url = parts[0], parts[1]
        if method == "OPTIONS" and url == "*":
            self._reply(200, headers, {"Public": METHODS})
            return
        # A query (of a relay's ticket) is nothing to this camera.
        found = re.fullmatch(r"rtsps?://[^/]*/([\w-]+)/(main|sub)(?:\?t=\w*)?(?:/.*)?", url)
        camera = self.server.cameras.get(found.group(1)) if found else None
        if camera is None or found is None:
            self._reply(404, headers)
            return
        self.camera = camera
        sender = self.server.sender(camera, StreamRole(found.group(2)))
        if camera.fault(FaultKind.REFUSE) is not None or camera.fault(FaultKind.REBOOT) is not None:
            self.abort()
            raise _Gone
        if method == "OPTIONS":
            self._reply(200, headers, {"Public": METHODS})
            return
        if method == "TEARDOWN":
            self._reply(200, headers)
            raise _Gone
        if camera.fault(FaultKind.UNAUTHORIZED) is not None or not self._authorised(
            camera, method, headers
        ):
            realm = f'Digest realm="watchroom", nonce="{self.nonce}", algorithm=MD5'
            self._reply(401, headers, {"WWW-Authenticate": realm})
            return
        handler = {
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._start,
        }.get(method)
        if handler is not None:
            await handler(sender, url, headers)
        elif method == "PAUSE":
            if self.session:
                self._leave()
            self._reply(200 if self.session else 455, headers)
        elif method in ("GET_PARAMETER", "SET_PARAMETER"):
            self._reply(200, headers)
        else:
            self._reply(501, headers)

    async def _describe(self, sender: StreamSender, url: str, headers: dict[str, str]) -> None:
        camera = sender.camera
        for kind, status in (
            (FaultKind.NOT_FOUND, 404),
            (FaultKind.UNAVAILABLE, 503),
        ):
            if camera.fault(kind) is not None:
                self._reply(status, headers)
                return
        if camera.fault(FaultKind.REDIRECT) is not None:
            await asyncio.sleep(REDIRECT_S)
            self._reply(302, headers, {"Location": url})
            return
        body = await sender.sdp()
        base = url.partition("?")[0].rstrip("/") + "/"
        self._reply(200, headers, {"Content-Base": base, "Content-Type": "application/sdp"}, body)

    async def _setup(self, sender: StreamSender, url: str, headers: dict[str, str]) -> None:
        if sender.camera.fault(FaultKind.NO_BANDWIDTH) is not None:
            self._reply(453, headers)
            return
        only = sender.camera.fault(FaultKind.ONE_CONNECTION)
        if only is not None and (only.get("taken") or self.server.has_session(self)):
            self._reply(int(only.get("status", 453)), headers)
            return
        if self.sender is not None:
            self._reply(455, headers)
            return
        of_sound = url.rstrip("/").endswith("/track2")
        if of_sound and not (
            sender.camera.audio or sender.camera.fault(FaultKind.UNKNOWN_AUDIO) is not None
        ):
            self._reply(404, headers)
            return
        if of_sound and sender.camera.fault(FaultKind.AUDIO_REFUSED) is not None:
            self._reply(453, headers)
            return
        channel, udp = 0, None
        wanted = headers.get("transport", "")
        for offer in wanted.split(","):
            if "RTP/AVP/TCP" in offer:
                found = re.search(r"interleaved=(\d+)", offer)
                channel = int(found.group(1)) & 0xFE if found else 2 * of_sound
                answer = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
                break
            found = re.search(r"client_port=(\d+)", offer)
            if "multicast" not in offer and found:
                port = int(found.group(1))
                udp = (self.writer.get_extra_info("peername")[0], port)
                answer = (
                    f"RTP/AVP;unicast;client_port={port}-{port + 1};"
                    f"server_port={self.server.rtp_port}-{self.server.rtp_port + 1}"
                )
                break
        else:
            self._reply(461, headers)
            return
        if of_sound:
            self.sound, ssrc = (channel, udp), sender.sound_ssrc
        else:
            self.channel, self.udp, ssrc = channel, udp, sender.ssrc
        self.session = self.session or secrets.token_hex(8)
        self.camera = sender.camera
        self._reply(200, headers, {"Transport": f"{answer};ssrc={ssrc:08X}"})

    async def _start(self, sender: StreamSender, url: str, headers: dict[str, str]) -> None:
        if not self.session:
            self._reply(455, headers)
            return
        if sender.camera.fault(FaultKind.HANG_BEFORE_PLAY) is not None:
            await self.reader.read()  # until the client gives up
            raise _Gone
        self._reply(
            200, headers, {"Range": "npt=now-", "RTP-Info": f"url={url};seq={sender.sequence}"}
        )
        if self.sender is None:
            self.sender, self.playing_since = sender, time.monotonic()
            self._waits_for_key = True
            sender.add(self)

    def _authorised(self, camera: SimulatedCamera, method: str, headers: dict[str, str]) -> bool:
        if camera.open:
            return True
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', headers.get("authorization", "")))
        username = given.get("username", "")
        password = camera.password_of(username)
        if camera.fault(FaultKind.STREAM_ACCOUNT) is not None:
            password = camera.password if username == camera.username else None
        if password is None or given.get("nonce") != self.nonce:
            return False

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        first = md5(f"{username}:watchroom:{password}")
        second = md5(f"{method}:{given.get('uri', '')}")
        expected = md5(f"{first}:{self.nonce}:{second}")
        return secrets.compare_digest(expected, given.get("response", ""))

    def _reply(
        self,
        status: int,
        request: dict[str, str],
        headers: dict[str, str] | None = None,
        body: str = "",
    ) -> None:
        lines = [f"RTSP/1.0 {status} {REASONS[status]}", f"CSeq: {request.get('cseq', '0')}"]
        lines.append("Server: Watchroom simulator")
        if self.session:
            lines.append(f"Session: {self.session};timeout={SESSION_TIMEOUT_S}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        self._write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


class _Gone(Exception):  # noqa: N818 -- no error
    """The connection is over."""


class _Datagrams(asyncio.DatagramProtocol):
    """The UDP side: RTCP from clients counts as a sign of life."""

    def __init__(self, server: RtspServer) -> None:
        self.server = server

    def datagram_received(self, data: bytes, address: tuple[str | Any, int]) -> None:
        host, port = str(address[0]), int(address[1])
        for connection in self.server.connections:
            if connection.udp in ((host, port), (host, port - 1)):
                connection.heard_at = time.monotonic()


class RtspServer:
    """All cameras on one TCP port (or each on its own) and one pair of UDP ports."""

    def __init__(
        self, cameras: list[SimulatedCamera], host: str, port: int, *, own_ports: bool = False
    ) -> None:
        self.cameras = {c.camera_id: c for c in cameras}
        self.host, self.port, self._own_ports = host, port, own_ports
        self.tls_port = 0
        """The same cameras over TLS, with a certificate that is for nobody here."""
        self.connections: set[Connection] = set()
        self.accepted: deque[float] = deque(maxlen=20_000)
        """When connections were made (seconds since 1970)."""
        self.rtp: asyncio.DatagramTransport | None = None
        self.rtcp: asyncio.DatagramTransport | None = None
        self.rtp_port = 0
        self._senders: dict[tuple[str, StreamRole], StreamSender] = {}
        self._server: asyncio.Server | None = None
        self._watch: asyncio.Task[None] | None = None
        self._listeners: dict[str, asyncio.Server] = {}
        """Each camera's own listener, by camera id."""
        self._tls: asyncio.Server | None = None
        self._reboots: dict[str, asyncio.Task[None]] = {}
        self._again: asyncio.Task[None] | None = None

    def sender(self, camera: SimulatedCamera, role: StreamRole) -> StreamSender:
        """The sender of a stream, made on first use."""
        key = (camera.camera_id, role)
        if key not in self._senders:
            self._senders[key] = StreamSender(camera, role)
        return self._senders[key]

    async def start(self) -> int:
        """Listen; returns the TCP port."""
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, limit=16384, backlog=512
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        for _ in range(50):  # RTP wants an even port with the odd one after it free
            self.rtp, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(self.host, 0)
            )
            self.rtp_port = int(self.rtp.get_extra_info("sockname")[1])
            try:
                if self.rtp_port % 2:
                    raise OSError("odd")
                self.rtcp, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self), local_addr=(self.host, self.rtp_port + 1)
                )
                break
            except OSError:
                self.rtp.close()
        for camera in self.cameras.values():
            camera.rtsp_port = self.port
            if self._own_ports:
                camera.rtsp_port = 0
                await self._listen(camera)
        self._watch = asyncio.create_task(self._expire())
        return self.port

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._watch is not None:
            self._watch.cancel()
        for reboot in self._reboots.values():
            reboot.cancel()
        for server in (self._server, self._tls, *self._listeners.values()):
            if server is not None:
                server.close()
        for connection in list(self.connections):
            connection.abort()
        for transport in (self.rtp, self.rtcp):
            if transport is not None:
                transport.close()

    async def _listen(self, camera: SimulatedCamera) -> None:
        """Open the camera's own port."""
        listener = await asyncio.start_server(
            self._serve, self.host, camera.rtsp_port, limit=16384, backlog=64
        )
        camera.rtsp_port = int(listener.sockets[0].getsockname()[1])
        self._listeners[camera.camera_id] = listener

    def reboot(self, camera: SimulatedCamera, seconds: float) -> None:
        """Away for so long. On a shared port connections are cut at their first request instead."""
        self.end_reboot(camera)
        self.drop(camera.camera_id)
        listener = self._listeners.pop(camera.camera_id, None)
        if listener is not None:
            listener.close()

        async def back() -> None:
            await asyncio.sleep(seconds)
            self.end_reboot(camera)

        self._reboots[camera.camera_id] = asyncio.create_task(back())

    def end_reboot(self, camera: SimulatedCamera) -> None:
        """The camera is there again; nothing happens when it was never away."""
        task = self._reboots.pop(camera.camera_id, None)
        if task is None:
            return
        if task is not asyncio.current_task():
            task.cancel()
        camera.faults.pop(FaultKind.REBOOT.value, None)
        if self._own_ports:
            self._again = asyncio.create_task(self._listen(camera))

    async def start_tls(self, context: ssl.SSLContext) -> int:
        """Listen for `rtsps`, too; returns the port."""
        self._tls = await asyncio.start_server(
            self._serve, self.host, 0, limit=16384, backlog=64, ssl=context
        )
        self.tls_port = int(self._tls.sockets[0].getsockname()[1])
        return self.tls_port

    def of(self, camera_id: str) -> list[Connection]:
        """The connections that asked for this camera last."""
        found = [c for c in self.connections if c.camera is not None]
        return [c for c in found if c.camera is not None and c.camera.camera_id == camera_id]

    def has_session(self, other_than: Connection) -> bool:
        """Whether another connection has set up a stream of the same camera."""
        camera = other_than.camera
        others = self.of(camera.camera_id) if camera is not None else []
        return any(c.session and c is not other_than and not c.dead for c in others)

    def drop(self, camera_id: str) -> None:
        """Cut every connection to this camera."""
        for connection in self.of(camera_id):
            connection.abort()

    def kill_half(self, camera_id: str) -> None:
        """Every connection to this camera goes half open."""
        for connection in self.of(camera_id):
            connection.die()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self.accepted.append(time.time())
        self.connections.add(connection)
        try:
            await connection.run()
        except asyncio.CancelledError:
            connection.abort()
        finally:
            self.connections.discard(connection)

    async def _expire(self) -> None:
        """Cuts who is silent for a minute (over TCP only who takes no pictures either)."""
        while True:
            await asyncio.sleep(0.5)
            now = time.monotonic()
            for connection in list(self.connections):
                sender = connection.sender
                silent = now - connection.heard_at > SESSION_TIMEOUT_S + 5
                taking = sender is not None and connection.udp is None
                taking = taking and connection.backlog() <= BACKLOG_BYTES
                drop = sender.camera.fault(FaultKind.DROP_SOCKET) if sender else None
                every_s = drop.get("every_s", 0.0) if drop else 0.0
                if (silent and not taking) or (
                    every_s and now - connection.playing_since >= every_s
                ):
                    connection.abort()
