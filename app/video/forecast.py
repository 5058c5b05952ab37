"""What a view will cost on this computer before it is opened, and who would have to give way.

Pure: a cost model, what is to be shown and the machine come in; a share of the machine and the
cameras that drop to their substream go out. The model learns from what runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.camera import CameraSource, StreamRole, StreamSpec
from app.video import quality
from app.video.types import StreamStatistics

DECODE = {"h264": 0.0018, "h265": 0.0037, "mjpeg": 0.0026}
"""Seconds of one core to read and decode a megapixel, by codec: measured on the machine of the
README with the simulator's streams; replaced by what this machine shows."""

DECODE_UNKNOWN = 0.0030
"""For a codec nobody has seen here."""

SCALE, PAINT = 0.0012, 0.0008
"""Seconds a megapixel of the tile: scaling it in the decoder's thread; copying and painting it."""

PICTURE = 0.0007
"""Seconds a picture whatever its size."""

SUB_ASSUMED, MAIN_ASSUMED = (640, 360, 15.0), (1920, 1080, 25.0)
"""For streams of unknown size and rate."""

FPS_ASSUMED = 25.0
FULL = 0.9
"""Share of the machine that a view may need; above it somebody gives way."""

LEARN = 0.2
"""Weight of a new measurement."""

ENOUGH = 50
"""Pictures that a measurement needs."""

LEAST, MOST = 0.0002, 0.1
"""What is believed, in seconds a megapixel."""


@dataclass(slots=True)
class CostModel:
    """Seconds of one core a megapixel, by codec."""

    decode: dict[str, float] = field(default_factory=lambda: dict(DECODE))

    def picture_s(self, spec: StreamSpec, tile_pixels: int) -> float:
        """One picture of a stream in a tile of that many pixels."""
        width, height, _ = shape(spec)
        rate = self.decode.get(_codec(spec.codec), DECODE_UNKNOWN)
        return PICTURE + (rate * width * height + (SCALE + PAINT) * tile_pixels) / 1e6

    def cores(self, spec: StreamSpec, tile_pixels: int) -> float:
        """A stream that runs."""
        return self.picture_s(spec, tile_pixels) * shape(spec)[2]

    def learn(self, before: Iterable[StreamStatistics], after: Iterable[StreamStatistics]) -> bool:
        """Compare two looks at the open streams; whether something was learned."""
        old = {s.camera_id: s for s in before}
        learned = False
        for new in after:
            was = old.get(new.camera_id)
            if was is None or (was.role, was.tile, was.level) != (new.role, new.tile, new.level):
                continue
            pictures, spent = new.decoded - was.decoded, new.cpu_seconds - was.cpu_seconds
            megapixels = new.width * new.height / 1e6
            if new.level or new.hardware or pictures < ENOUGH or spent <= 0 or not megapixels:
                continue
            rate = (spent / pictures - PICTURE - SCALE * new.tile / 1e6) / megapixels
            if LEAST <= rate <= MOST:
                codec = _codec(new.codec)
                known = self.decode.get(codec, rate)
                self.decode[codec] = known + (rate - known) * LEARN
                learned = True
        return learned

    def to_setting(self) -> dict[str, float]:
        """What is kept between two runs."""
        return {codec: round(rate, 6) for codec, rate in self.decode.items()}

    @classmethod
    def from_setting(cls, value: Any) -> CostModel:
        """What was kept; nonsense in it is ignored."""
        model = cls()
        if isinstance(value, Mapping):
            for codec, rate in value.items():
                good = isinstance(rate, int | float) and not isinstance(rate, bool)
                if isinstance(codec, str) and good and LEAST <= rate <= MOST:
                    model.decode[codec] = float(rate)
        return model


@dataclass(frozen=True, slots=True)
class Machine:
    """`cores` of this computer; `others`: what other programs use of them."""

    cores: int
    others: float = 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """`percent` of the machine needed if everything is shown as it should be; `dropped`: cameras
    that would have to drop to the substream; `percent_after` that."""

    percent: int
    dropped: tuple[str, ...]
    percent_after: int

    @property
    def tight(self) -> bool:
        """Worth telling somebody."""
        return self.percent > FULL * 100


def forecast(
    sources: Iterable[CameraSource],
    tiles: Mapping[str, tuple[int, int]],
    machine: Machine,
    model: CostModel,
    protected: Iterable[str] = (),
) -> Forecast:
    """`tiles`: physical pixels of each camera's largest tile; cameras without one cost nothing.

    `protected` never drop, nor do those marked so (`CameraSource.never_degrade`).
    """
    keep = set(protected)
    total = machine.others
    gains: list[tuple[int, float, str]] = []
    for source in sources:
        width, height = tiles.get(source.camera_id, (0, 0))
        role = quality.choose(source.streams, height, None)
        spec = source.stream(role) if role is not None else None
        if spec is None or not width or not height:
            continue
        cost = model.cores(spec, width * height)
        total += cost
        sub = source.stream(StreamRole.SUB)
        free = not source.never_degrade and source.camera_id not in keep
        if role is StreamRole.MAIN and sub is not None and free:
            gain = cost - model.cores(sub, width * height)
            if gain > 0:
                gains.append((width * height, -gain, source.camera_id))
    limit = FULL * machine.cores
    after, dropped = total, []
    # In the order in which they would give way: the smallest first, then the dearest.
    for _, gain, camera in sorted(gains):
        if after <= limit:
            break
        after += gain
        dropped.append(camera)
    return Forecast(_percent(total, machine), tuple(dropped), _percent(after, machine))


def shape(spec: StreamSpec) -> tuple[int, int, float]:
    """Width, height and rate, assumed where they are not known."""
    assumed = SUB_ASSUMED if spec.role is StreamRole.SUB else MAIN_ASSUMED
    size = (spec.width, spec.height) if spec.width and spec.height else assumed[:2]
    return int(size[0]), int(size[1]), spec.fps or (assumed[2] if not spec.width else FPS_ASSUMED)


def _codec(name: str) -> str:
    return {"hevc": "h265"}.get(name, name)


def _percent(cores: float, machine: Machine) -> int:
    return math.ceil(100 * cores / max(1, machine.cores) - 1e-6)
