"""Encoded pictures and their RTP packets.

A loop is encoded once per scene, name, codec and shape, kept under the cache directory, and sent
for ever. H.264 (RFC 6184), H.265 (RFC 7798) and MJPEG (RFC 2435) payloads, all without aggregation.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import os
import struct
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.video
import numpy as np

from app.paths import cache_dir
from app.simulator import scenes
from app.simulator.camera import StreamShape

CACHE_VERSION = 6
CACHE_BYTES = 1_000_000_000
MTU = 1400
"""Largest RTP payload in bytes: fits an Ethernet frame with room for tunnels."""

PAYLOAD_TYPES = {"h264": 96, "h265": 97, "mjpeg": 26}
_ENCODERS = {"h264": "libx264", "h265": "libx265", "mjpeg": "mjpeg"}


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One picture: NAL units without start codes (or one JPEG file for MJPEG)."""

    units: tuple[bytes, ...]
    key: bool
    shift: int = 0
    """Shown so many pictures later than its place in the stream says (B-frames)."""


LONG_GOP_S = 60
B_FRAMES = 2


def encoder(codec: str, shape: StreamShape, gop: int, live: bool = False, variant: str = "") -> Any:
    """A PyAV encoder that gives one packet a picture, parameter sets in band.

    `variant` is one of `camera.VARIANTS`; MJPEG knows none, and H.265 is never interlaced.
    """
    context = av.CodecContext.create(_ENCODERS[codec], "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = shape.width, shape.height
    context.time_base = Fraction(1, shape.fps)
    context.framerate = Fraction(shape.fps)
    context.gop_size = gop
    # 0.09 bit a pixel: about 500 kbit/s for the substream, 4 Mbit/s for the main stream.
    context.bit_rate = int(shape.width * shape.height * shape.fps * 0.09) + 150_000
    if codec == "mjpeg":
        context.pix_fmt = "yuvj420p"
        # RFC 2435 carries no Huffman tables and no restart markers (slices make them).
        context.thread_count = 1
        context.options = {"huffman": "default", "qmin": "4", "qmax": "10"}
        context.bit_rate *= 8
        return context
    context.pix_fmt = "yuv420p"
    context.max_b_frames = B_FRAMES if variant == "b-frames" else 0
    context.options = {"preset": "ultrafast" if live else "veryfast", "tune": "zerolatency"}
    common = f"keyint={gop}:min-keyint={gop}:scenecut=0:repeat-headers=1:annexb=1"
    if variant == "b-frames":
        common += f":bframes={B_FRAMES}:b-adapt=0:b-pyramid="
        common += "none" if codec == "h264" else "0:rc-lookahead=4"
    elif variant == "intra-refresh":
        common += ":intra-refresh=1"
    elif variant == "interlaced" and codec == "h264":
        common += ":tff=1"
    # zerolatency's sliced threads would multiply NAL units; real cameras send one slice.
    if codec == "h264":
        threads = "threads=1" if live else "threads=2:sliced-threads=0"
        context.options |= {"x264-params": f"{common}:{threads}"}
    else:
        context.options |= {"x265-params": f"{common}:log-level=error:frame-threads=1"}
    return context


def split_annexb(data: bytes) -> list[bytes]:
    """NAL units of an Annex B byte stream, start codes removed."""
    units = []
    start = data.find(b"\0\0\1")
    while start >= 0:
        start += 3
        end = data.find(b"\0\0\1", start)
        unit = data[start:] if end < 0 else data[start:end]
        unit = unit.rstrip(b"\0") if end >= 0 else unit
        if unit:
            units.append(unit)
        start = end
    return units


def encode(context: Any, codec: str, rgb: scenes.Rgb | None, pts: int) -> list[EncodedFrame]:
    """Encode one picture (None flushes)."""
    frame = None
    if rgb is not None:
        source = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame = source.reformat(format=context.pix_fmt)
        frame.pts = pts
        frame.time_base = context.time_base
    frames = []
    for packet in context.encode(frame):
        data = bytes(packet)
        units = (data,) if codec == "mjpeg" else tuple(split_annexb(data))
        shift = (packet.pts or 0) - (packet.dts or 0) if context.max_b_frames else 0
        frames.append(EncodedFrame(units, bool(packet.is_keyframe), shift))
    return frames


class Loop:
    """An encoded loop: read from the cache, or encoded now on a thread of its own.

    `frames` grows by whole groups of pictures, each of which starts with a key frame: what there is
    can be looped while the rest is still being encoded, so that nobody waits for a main stream.
    """

    def __init__(
        self,
        subject: tuple[str, str, str],
        codec: str,
        shape: StreamShape,
        variant: str,
        path: Path,
    ) -> None:
        self.frames: list[EncodedFrame] = []
        self.complete = False
        self.failure: BaseException | None = None
        self._subject = (*subject, shape.width, shape.height, shape.fps)
        self._codec, self._shape, self._variant, self._path = codec, shape, variant, path
        threading.Thread(target=self._make, name="loop", daemon=True).start()

    def _make(self) -> None:
        try:
            if not self._load():
                self._encode()
            self.complete = True
        except BaseException as error:
            self.failure = error
            raise

    def _load(self) -> bool:
        try:
            self.frames = _parse(self._path.read_bytes())
            self._path.touch()  # `_prune` removes what was not used for longest
        except (FileNotFoundError, struct.error, ValueError):
            return False  # a damaged file is replaced
        return True

    def _encode(self) -> None:
        fps = self._shape.fps
        gop = fps * LONG_GOP_S if self._variant == "long-gop" else fps
        context = encoder(self._codec, self._shape, gop, variant=self._variant)
        group: list[EncodedFrame] = []
        for i, rgb in enumerate(self._pictures()):
            group += encode(context, self._codec, rgb, i)
            if len(group) >= fps:
                self.frames += group[:fps]
                group = group[fps:]
        self.frames += group + encode(context, self._codec, None, 0)
        if self._variant == "intra-refresh":
            # Without the first picture the loop has to close by itself: picture numbers wrap at a
            # power of two, at 128 at most.
            self.frames = self.frames[: 1 + (len(self.frames) - 1) // 128 * 128]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(_dump(self.frames))
        partial.replace(self._path)
        _prune(self._path.parent)

    def _pictures(self) -> Iterator[scenes.Rgb]:
        """What is encoded: the scene, once or as often as the key frames are far apart."""
        if self._variant == "interlaced":
            pictures = scenes.labelled(*self._subject)
            first = last = next(pictures)
            for rgb in itertools.chain(pictures, [first]):
                woven = last.copy()
                woven[1::2] = rgb[1::2]  # the lower field comes half a picture later
                yield woven
                last = rgb
            return
        for _ in range(LONG_GOP_S // scenes.LOOP_S if self._variant == "long-gop" else 1):
            yield from scenes.labelled(*self._subject)

    async def ready(self, patience_s: float = 4.5) -> None:
        """Wait for the whole loop, or when that takes long, for some of it.

        Raises RuntimeError when it cannot be encoded.
        """
        patience_ends = time.monotonic() + patience_s
        while not self.complete:
            if self.failure is not None:
                raise RuntimeError("the loop could not be encoded") from self.failure
            if self.frames and time.monotonic() > patience_ends:
                return
            await asyncio.sleep(0.02)


_loops: weakref.WeakValueDictionary[str, Loop] = weakref.WeakValueDictionary()


def loop(
    scene: str, name: str, name_en: str, codec: str, shape: StreamShape, variant: str = ""
) -> Loop:
    """The loop of these, shared by all who hold it; await its `ready()` before using its frames."""
    variant = "" if codec == "mjpeg" else variant
    identity = repr((CACHE_VERSION, scene, name, name_en, codec, shape, variant))
    key = hashlib.sha256(identity.encode()).hexdigest()[:24]
    found = _loops.get(key)
    if found is None or found.failure is not None:
        path = cache_dir() / "scenes" / f"{key}.loop"
        found = _loops[key] = Loop((scene, name, name_en), codec, shape, variant, path)
    return found


def _prune(folder: Path) -> None:
    """Keep the cache below its size: loops of old versions and names are never asked for again."""
    files = [(f.stat().st_mtime, f.stat().st_size, f) for f in folder.glob("*.loop")]
    excess = sum(size for _, size, _ in files) - CACHE_BYTES
    for _, size, file in sorted(files):
        if excess <= 0:
            return
        file.unlink(missing_ok=True)
        excess -= size


def _dump(frames: list[EncodedFrame]) -> bytes:
    parts = [struct.pack(">I", len(frames))]
    for frame in frames:
        parts.append(struct.pack(">BBH", frame.key, frame.shift, len(frame.units)))
        for unit in frame.units:
            parts += [struct.pack(">I", len(unit)), unit]
    return b"".join(parts)


def _parse(data: bytes) -> list[EncodedFrame]:
    (count,) = struct.unpack_from(">I", data)
    position, frames = 4, []
    for _ in range(count):
        key, shift, units_count = struct.unpack_from(">BBH", data, position)
        position += 4
        units = []
        for _ in range(units_count):
            (size,) = struct.unpack_from(">I", data, position)
            position += 4
            if position + size > len(data):
                raise ValueError("loop file is cut off")
            units.append(data[position : position + size])
            position += size
        frames.append(EncodedFrame(tuple(units), bool(key), shift))
    if not frames:
        raise ValueError("loop file is empty")
    return frames


def is_parameter_set(codec: str, unit: bytes) -> bool:
    """Whether a NAL unit is a VPS, SPS or PPS."""
    if codec == "h264":
        return unit[0] & 0x1F in (7, 8)
    return codec == "h265" and (unit[0] >> 1) & 0x3F in (32, 33, 34)


def sdp_attributes(codec: str, frame: EncodedFrame, *, parameter_sets: bool) -> list[str]:
    """`rtpmap` and `fmtp` lines for a stream that begins with `frame`."""
    payload = PAYLOAD_TYPES[codec]
    if codec == "mjpeg":
        return [f"a=rtpmap:{payload} JPEG/90000"]
    lines = [f"a=rtpmap:{payload} {codec.upper()}/90000"]
    sets = [u for u in frame.units if is_parameter_set(codec, u)] if parameter_sets else []
    coded = [base64.b64encode(u).decode() for u in sets]
    if codec == "h264":
        fmtp = "packetization-mode=1"
        if len(coded) >= 2:
            fmtp += f";profile-level-id={sets[0][1:4].hex()};sprop-parameter-sets={','.join(coded)}"
        lines.append(f"a=fmtp:{payload} {fmtp}")
    elif len(coded) >= 3:
        lines.append(
            f"a=fmtp:{payload} sprop-vps={coded[0]};sprop-sps={coded[1]};sprop-pps={coded[2]}"
        )
    return lines


def payloads(codec: str, frame: EncodedFrame) -> list[bytes]:
    """RTP payloads of one picture, each at most MTU bytes."""
    if codec == "mjpeg":
        return _jpeg_payloads(frame.units[0])
    result = []
    for unit in frame.units:
        if len(unit) <= MTU:
            result.append(unit)
        elif codec == "h264":
            indicator, kind = (unit[0] & 0xE0) | 28, unit[0] & 0x1F
            result += _fragments(unit[1:], bytes([indicator]), kind)
        else:
            kind = (unit[0] >> 1) & 0x3F
            header = bytes([(unit[0] & 0x81) | (49 << 1), unit[1]])
            result += _fragments(unit[2:], header, kind)
    return result


def _fragments(body: bytes, header: bytes, kind: int) -> list[bytes]:
    room = MTU - len(header) - 1
    pieces = [body[i : i + room] for i in range(0, len(body), room)]
    last = len(pieces) - 1
    return [
        header + bytes([(0x80 if i == 0 else 0) | (0x40 if i == last else 0) | kind]) + piece
        for i, piece in enumerate(pieces)
    ]


def _jpeg_payloads(jpeg: bytes) -> list[bytes]:
    """RFC 2435 type 1 (4:2:0), quantisation tables in band."""
    tables, width, height, position = b"", 0, 0, 2
    while position < len(jpeg):
        marker, size = jpeg[position + 1], struct.unpack_from(">H", jpeg, position + 2)[0]
        body = jpeg[position + 4 : position + 2 + size]
        if marker == 0xDB:
            while body:
                tables += body[1:65]
                body = body[65:]
        elif marker == 0xC0:
            height, width = struct.unpack_from(">HH", body, 1)
        position += 2 + size
        if marker == 0xDA:
            break
    scan = jpeg[position:]
    if scan.endswith(b"\xff\xd9"):
        scan = scan[:-2]
    # One table in the file serves both components; receivers expect two.
    tables = tables * 2 if len(tables) == 64 else tables[:128]
    result, offset = [], 0
    while offset < len(scan):
        header = struct.pack(">IBBBB", offset, 1, 255, width // 8, height // 8)
        if offset == 0:
            header += struct.pack(">BBH", 0, 0, len(tables)) + tables
        piece = scan[offset : offset + MTU - len(header)]
        result.append(header + piece)
        offset += len(piece)
    return result


class Packets:
    """One picture as RTP packets with interleaved framing, laid out once, patched on sending."""

    __slots__ = ("key", "offsets", "shift", "template")

    def __init__(self, codec: str, frame: EncodedFrame) -> None:
        self.key, self.shift = frame.key, frame.shift
        self.offsets: list[int] = []
        template = bytearray()
        parts = payloads(codec, frame)
        for i, payload in enumerate(parts):
            self.offsets.append(len(template))
            marker = 0x80 if i == len(parts) - 1 else 0
            template += struct.pack(">cBH", b"$", 0, len(payload) + 12)
            template += struct.pack(">BBHII", 0x80, PAYLOAD_TYPES[codec] | marker, 0, 0, 0)
            template += payload
        self.template = template

    def stamped(self, sequence: int, timestamp: int, ssrc: int) -> bytearray:
        """A copy with sequence numbers from `sequence` on."""
        data = bytearray(self.template)
        for i, offset in enumerate(self.offsets):
            struct.pack_into(">HII", data, offset + 6, (sequence + i) & 0xFFFF, timestamp, ssrc)
        return data

    def split(self, data: bytearray) -> list[bytes]:
        """The RTP packets without the interleaved header, for UDP."""
        ends = [*self.offsets[1:], len(data)]
        return [bytes(data[a + 4 : b]) for a, b in zip(self.offsets, ends, strict=True)]


def corrupt(data: bytearray, offsets: list[int], share: float, rng: np.random.Generator) -> None:
    """Flip bytes behind the headers in a share of the packets, in place."""
    ends = [*offsets[1:], len(data)]
    for start, end in zip(offsets, ends, strict=True):
        if end - start > 40 and rng.random() < share:
            for position in rng.integers(start + 24, end, size=max(1, (end - start) // 100)):
                data[position] ^= int(rng.integers(1, 256))
