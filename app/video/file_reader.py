"""A recording picture by picture with PyAV: exact positions, forwards and backwards. No Qt.

Positions are seconds from the first picture of the file. All calls wait for the disk and the
decoder: they belong to a thread of their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error

KEPT_BYTES = 192_000_000
"""Pictures kept for stepping back; what is older is decoded again from its key frame."""

MAX_ERRORS = 500
"""Packets in a row that cannot be decoded: the rest is given up."""


class MediaError(Exception):
    """The file cannot be played; `code`: missing, unreadable, not-media, no-video, undecodable."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


class AbandonedError(Exception):
    """The caller no longer wants the answer."""


class FileReader:
    """One file. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """Raises MediaError."""
        try:
            # "file:" so that a name is never taken for another protocol.
            self._container: Any = av.open(f"file:{path}", metadata_errors="replace")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise MediaError("missing") from error
        except PermissionError as error:
            raise MediaError("unreadable") from error
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise MediaError("not-media", str(error)) from error
        try:
            self._read_head()
        except BaseException:
            self._container.close()
            raise

    def _read_head(self) -> None:
        container = self._container
        if not container.streams.video:
            raise MediaError("no-video")
        stream = self._stream = container.streams.video[0]
        if stream.codec_context is None:
            raise MediaError("undecodable")
        stream.codec_context.thread_type = "AUTO"
        self._base = stream.time_base or Fraction(1, 90000)
        self._origin = int(stream.start_time or 0)
        self.width, self.height = int(stream.width or 0), int(stream.height or 0)
        self.codec = str(stream.codec_context.name)
        self.has_audio = bool(container.streams.audio)
        rate = float(stream.average_rate or stream.guessed_rate or 0)
        self.fps = rate if 0 < rate <= 1000 else 25.0
        begin = (container.start_time or 0) / 1e6
        self.lead_s = max(0.0, float(self._origin * self._base) - begin)
        """How much later the video begins than the file, which is where libVLC counts from."""
        if stream.duration:
            self.duration_s = float(stream.duration * self._base)
        elif container.duration:
            self.duration_s = max(0.0, container.duration / 1e6 - self.lead_s)
        else:
            self.duration_s = 0.0
        shape = stream.sample_aspect_ratio or Fraction(1)
        self.pixel_shape = float(shape) if 0.1 < shape < 10 else 1.0
        self.keys = [
            float((entry.timestamp - self._origin) * self._base)
            for entry in stream.index_entries
            if entry.is_keyframe
        ]
        """About where key frames are (decoding times), as far as the file lists them."""
        self._now: Any = None
        self._before: deque[Any] = deque()
        self._after: deque[Any] = deque()
        self._kept = 0
        self._decoding = self._decode()
        self.errors = 0

    def close(self) -> None:
        """Let go of the file."""
        self._before.clear()
        self._after.clear()
        self._now = None
        self._container.close()

    def at(self, frame: Any) -> float:
        """Position of a picture, s."""
        return float((frame.pts - self._origin) * self._base)

    def seek(self, seconds: float, abandoned: Callable[[], bool] = lambda: False) -> Any:
        """The picture that is shown at that moment: the last one that began by then.

        Raises MediaError when there is none at all, AbandonedError when `abandoned` says so.
        """
        wanted = self._origin + round(max(0.0, seconds) / self._base)
        return self._seek(wanted, abandoned)

    def _seek(self, wanted: int, abandoned: Callable[[], bool]) -> Any:
        soon = int(1 / self._base)
        if self._now is None or not self._now.pts <= wanted < self._now.pts + soon:
            self._rewind(wanted)
        for _ in range(8):
            first = self._now or self.next()
            if first is None or first.pts <= wanted:
                break
            # The index led behind the place: from an earlier key frame.
            wanted_key = first.pts - 2 * soon
            self._rewind(wanted_key if wanted_key > self._origin else None)
            if wanted_key <= self._origin:
                break
        while True:
            if abandoned():
                raise AbandonedError
            following = self.next()
            if following is None:
                break
            if following.pts > wanted:
                if self._before:
                    self.previous()
                break
        if self._now is None:
            raise MediaError("undecodable")
        return self._now

    def next(self) -> Any:
        """The next picture, or None at the end (the current one stays)."""
        frame = self._after.popleft() if self._after else next(self._decoding, None)
        if frame is None:
            return None
        if self._now is not None:
            self._before.append(self._now)
            self._kept += _bytes(self._now)
            while self._kept > KEPT_BYTES and len(self._before) > 1:
                self._kept -= _bytes(self._before.popleft())
        self._now = frame
        return frame

    def previous(self, abandoned: Callable[[], bool] = lambda: False) -> Any:
        """The picture before, or None at the beginning (the current one stays)."""
        now = self._now
        if now is None:
            return None
        if self._before:
            self._after.appendleft(now)
            self._now = self._before.pop()
            self._kept -= _bytes(self._now)
            return self._now
        if now.pts <= self._origin:
            return None
        frame = self._seek(now.pts - 1, abandoned)
        return frame if frame.pts < now.pts else None

    def _rewind(self, wanted: int | None) -> None:
        """Decode from the key frame before `wanted` (of the stream's time base), or from the start."""
        self._before.clear()
        self._after.clear()
        self._kept, self._now = 0, None
        try:
            self._container.seek(
                self._origin if wanted is None else wanted, stream=self._stream, backward=True
            )
        except (av.error.FFmpegError, ValueError):
            # Not seekable, or nothing before it.
            self._container.seek(0)
        self._decoding = self._decode()

    def _decode(self) -> Iterator[Any]:
        """Pictures in the order they are shown; what is damaged is left out."""
        step = max(1, round(1 / self.fps / self._base))
        last: int | None = None
        failures = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                frames = packet.decode() if packet is not None else []
                failures = 0
            except (av.error.FFmpegError, ValueError):
                self.errors += 1
                failures += 1
                if failures > MAX_ERRORS:
                    return
                continue
            if packet is None:
                return
            for frame in frames:
                if frame.pts is None:
                    frame.pts = self._origin if last is None else last + step
                if last is not None and frame.pts <= last:
                    continue
                last = frame.pts
                yield frame


def _bytes(frame: Any) -> int:
    return int(frame.width * frame.height * 2)
