"""The second live engine: libVLC in a decoder process, pictures into the same rings.

For what FFmpeg cannot open, or where a camera's settings say so. libVLC tells nothing of the
stream's timestamps, so lateness against them is not judged: its own buffer bounds it.
"""

from __future__ import annotations

import http.client
import socket
import time
from typing import Any
from urllib.parse import urlsplit

from app.video import libvlc, ring
from app.video.orders import OPEN_TIMEOUT_S, Opened
from app.video.worker import (
    READ_TIMEOUT_S,
    UNDECODABLE_S,
    Stream,
    failure_code,
    with_account,
)

CACHING_MS = 300
LOOK_S = 0.05
ASK_TIMEOUT_S = 2.0


class VlcStream(Stream):
    """One session, decoded by libVLC."""

    def _play(self) -> str:
        order = self._order
        missing = libvlc.missing_for(order.url)
        if missing:
            return missing
        try:
            vlc, instance = libvlc.load("--no-audio")
        except libvlc.LibVlcMissingError:
            return libvlc.NO_LIBVLC
        media = instance.media_new(
            with_account(order.url, order.credentials),
            f":network-caching={CACHING_MS}",
            ":avcodec-hw=none",
            ":avcodec-threads=1",
            ":no-spu",
        )
        player = instance.media_player_new()
        self._media, self._shown, self._decoded = media, vlc.MediaStats(), 0
        self._broken: Exception | None = None
        output = libvlc.MemoryOutput(vlc, player, self._received)
        player.set_media(media)
        try:
            player.play()
            code = self._watch(vlc, player)
        finally:
            # Says TEARDOWN, and returns when no thread of libVLC's uses the output any more.
            player.stop()
            player.release()
            media.release()
            del output
        return code

    def _watch(self, vlc: Any, player: Any) -> str:
        """Until told to stop, the source ends or goes silent."""
        began = heard = time.monotonic()
        numbers, read = vlc.MediaStats(), 0
        words, base = self._words, self._base
        while not self._stop:
            time.sleep(LOOK_S)
            now = time.monotonic()
            if self._broken is not None:
                raise self._broken
            if self._media.get_stats(numbers):
                words[base + ring.ERRORS] = numbers.demux_corrupted
                words[base + ring.DROPPED] = numbers.lost_pictures
                if numbers.read_bytes != read:
                    # A C int that wraps round.
                    words[base + ring.BYTES] += (numbers.read_bytes - read) & 0xFFFFFFFF
                    read, heard = numbers.read_bytes, now
            if not self._codec and self.publisher.sequence:
                self._codec = self._codec_name(vlc)
                if self._codec:
                    self._pipe.send(Opened(self.session, self._codec, *self.publisher.size))
            state = player.get_state()
            if state == vlc.State.Ended and self.publisher.sequence:
                return "ended"
            if state in (vlc.State.Error, vlc.State.Ended, vlc.State.Stopped):
                return why(self._order.url) if not self.publisher.sequence else "connection-lost"
            if self.publisher.sequence:
                if now - heard > READ_TIMEOUT_S:
                    return "timeout"
            elif now - began > (OPEN_TIMEOUT_S + UNDECODABLE_S if read else OPEN_TIMEOUT_S):
                # A refused account makes libVLC 3 wait for somebody to ask.
                return "undecodable" if read else why(self._order.url, "timeout")
        return ""

    def _received(self, frame: Any, same: bool) -> None:
        """A picture, in libVLC's thread."""
        if self._stop:
            return
        arrived = time.monotonic_ns()
        if same:
            # Shown again, or does the camera repeat itself? The count of decoded ones tells.
            self._media.get_stats(self._shown)
            if self._shown.decoded_video == self._decoded:
                return
            self._decoded = self._shown.decoded_video
        self._words[self._base + ring.DECODED] += 1
        try:
            self.publisher.put(frame, arrived / 1e9, arrived)
        except Exception as error:
            self._broken = error
        self._words[self._base + ring.DECODE_NS] += time.monotonic_ns() - arrived

    def _codec_name(self, vlc: Any) -> str:
        names = {"h264": "h264", "avc1": "h264", "hevc": "hevc", "hev1": "hevc", "MJPG": "mjpeg"}
        for track in self._media.tracks_get() or []:
            if track.type == vlc.TrackType.video:
                code = track.codec.to_bytes(4, "little").decode("ascii", "replace").strip()
                return str(names.get(code, code.lower()))
        return ""


def why(url: str, otherwise: str = "bad-answer") -> str:
    """A key of `state.FAILURES` for a source that libVLC could not open: it does not say why.

    `otherwise`: when nothing else is found out. Asks the host once, without the account: a wrong
    password must not be tried again by itself.
    """
    parts = urlsplit(url)
    default = {"http": 80, "https": 443, "rtsp": 554, "rtmp": 1935}.get(parts.scheme)
    try:
        host, port = parts.hostname, parts.port or default
    except ValueError:
        return "bad-address"
    if default is None or port is None or not host:
        return otherwise if parts.scheme in libvlc.SCHEMES else "bad-address"
    try:
        socket.create_connection((host, port), ASK_TIMEOUT_S).close()
        if parts.scheme != "http":
            return otherwise
        connection = http.client.HTTPConnection(host, port, timeout=ASK_TIMEOUT_S)
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" * bool(parts.query)))
            status = connection.getresponse().status
        finally:
            connection.close()
    except socket.gaierror:
        return "unknown-host"
    except (OSError, http.client.HTTPException) as error:
        return failure_code(error, opened=False)
    known = {401: "unauthorized", 403: "forbidden", 404: "not-found"}
    if status in known:
        return known[status]
    return {4: "refused-4xx", 5: "server-error"}.get(status // 100, otherwise)
