"""How much detail a fixed camera gives where: field of view, pixel density, ground seen.

Formulas: the domain reference, 6.1; classes of detail: 5.1. Lengths are metres (sensors: millimetres), angles
degrees, densities pixels per metre on the optical axis, without distortion: upper bounds. Flat ground.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FACE_HEIGHT_M = 1.6
"""Where a face is above the ground."""
PERSON_M = 1.7
"""The test person of EN 62676-4."""

DETAIL_2015: Mapping[str, float] = MappingProxyType(
    {"monitor": 12.5, "detect": 25.0, "observe": 62.5, "recognise": 125.0, "identify": 250.0,
     "inspect": 1000.0}
)  # fmt: skip
"""EN 62676-4:2015; what purchase texts use."""
DETAIL_2025: Mapping[str, float] = MappingProxyType(
    {"overview": 20.0, "outline": 40.0, "discern": 80.0, "perceive": 125.0, "characterise": 250.0,
     "validate": 500.0, "scrutinise": 1500.0}
)  # fmt: skip
"""IEC 62676-4:2025, as a maker of planning tools describes it."""
DETAIL_SETS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"2015": DETAIL_2015, "2025": DETAIL_2025}
)


@dataclass(frozen=True, slots=True)
class Optics:
    """Sensor and lens. "Inch" names of sensors are no widths: give the active width."""

    width_mm: float
    height_mm: float
    pixels: int
    """Horizontally, of the stream that is looked at."""
    focal_mm: float

    def __post_init__(self) -> None:
        for name in ("width_mm", "height_mm", "pixels", "focal_mm"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be more than nothing")

    @property
    def hfov_deg(self) -> float:
        """Horizontal field of view."""
        return math.degrees(2 * math.atan(self.width_mm / (2 * self.focal_mm)))

    @property
    def vfov_deg(self) -> float:
        """Vertical field of view."""
        return math.degrees(2 * math.atan(self.height_mm / (2 * self.focal_mm)))

    def scene_width_m(self, distance_m: float) -> float:
        """How wide the picture is at a distance."""
        return distance_m * self.width_mm / self.focal_mm

    def density(self, distance_m: float) -> float:
        """Pixels per metre at a distance."""
        if distance_m <= 0:
            raise ValueError("a distance is more than nothing")
        return self.pixels / self.scene_width_m(distance_m)

    def distance_m(self, density: float) -> float:
        """How far away a density is still reached."""
        if density <= 0:
            raise ValueError("a density is more than nothing")
        return self.pixels * self.focal_mm / (self.width_mm * density)


def focal_for(width_mm: float, hfov_deg: float) -> float:
    """The focal length (mm) that gives a horizontal field of view."""
    if not 0 < hfov_deg < 180:
        raise ValueError("a field of view is between 0 and 180 degrees")
    return width_mm / (2 * math.tan(math.radians(hfov_deg) / 2))


@dataclass(frozen=True, slots=True)
class Mounting:
    """Where it hangs and how far it looks down."""

    height_m: float
    tilt_deg: float
    """Below horizontal, of the optical axis."""

    def near_m(self, vfov_deg: float) -> float:
        """From here on the ground is seen; nearer is the dead zone under the pole."""
        down = self.tilt_deg + vfov_deg / 2
        if down >= 90:
            return 0.0
        return math.inf if down <= 0 else self.height_m / math.tan(math.radians(down))

    def far_m(self, vfov_deg: float) -> float:
        """To here; infinite where the horizon is in the picture."""
        down = self.tilt_deg - vfov_deg / 2
        if down >= 90:
            return 0.0
        return math.inf if down <= 0 else self.height_m / math.tan(math.radians(down))

    def slant_m(self, distance_m: float, target_m: float = FACE_HEIGHT_M) -> float:
        """From the camera to a target that stands at a distance on the ground."""
        return math.hypot(distance_m, self.height_m - target_m)

    def above_deg(self, distance_m: float, target_m: float = FACE_HEIGHT_M) -> float:
        """From how far above a face is seen; from 15 to 20 degrees on it loses value."""
        return math.degrees(math.atan2(self.height_m - target_m, distance_m))


def density_at(optics: Optics, mounting: Mounting, distance_m: float) -> float:
    """Pixels per metre on a face at a distance on the ground."""
    return optics.density(mounting.slant_m(distance_m))


def reached(density: float, classes: Mapping[str, float] = DETAIL_2015) -> str:
    """The most demanding class that a density reaches; "" for none."""
    names = [
        name for name, least in sorted(classes.items(), key=lambda c: c[1]) if density >= least
    ]
    return names[-1] if names else ""


def distances_m(optics: Optics, classes: Mapping[str, float] = DETAIL_2015) -> dict[str, float]:
    """How far each class reaches, on the axis."""
    return {name: optics.distance_m(least) for name, least in classes.items()}


def measured_density(person_px: float, person_m: float = PERSON_M) -> float:
    """Pixels per metre, from how many pixels high a person of known height stands in the picture."""
    if person_px <= 0 or person_m <= 0:
        raise ValueError("a person has a height")
    return person_px / person_m


@dataclass(frozen=True, slots=True)
class Lens:
    """A common sensor: its active size in millimetres and horizontal pixels (6.1)."""

    name: str
    width_mm: float
    height_mm: float
    pixels: int


SENSORS: tuple[Lens, ...] = (
    Lens('1/2.8" 2 MP', 5.568, 3.132, 1920), Lens('1/2.7" 4 MP', 5.12, 2.88, 2560),
    Lens('1/1.8" 8 MP', 7.68, 4.32, 3840),
)  # fmt: skip
CLOSE_M, MIDDLE_M, FAR_M = 5.0, 15.0, 30.0
"""Where marks usually are; each camera has its own."""
STEEP_DEG = 20.0
"""Faces seen from further above lose value for identification."""


def optics_of(hfov_deg: float, pixels: int, aspect: float = 16 / 9) -> Optics:
    """Optics of which only the field of view is known: a sensor of one unit."""
    return Optics(1.0, 1.0 / aspect, pixels, focal_for(1.0, hfov_deg))


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked distance on the ground, and what is reached there. `density`: pixels per metre on a face,
    computed; `name` of the class, "" for none; `steep`: seen from far above."""

    distance_m: float
    density: float
    name: str
    steep: bool
    seen: bool
    """Whether the ground there is in the picture."""


def marks(
    optics: Optics, mounting: Mounting, distances: tuple[float, ...],
    classes: Mapping[str, float] = DETAIL_2015,
) -> tuple[Mark, ...]:  # fmt: skip
    """What is reached at each distance. Raises ValueError for one that is none."""
    near, far = mounting.near_m(optics.vfov_deg), mounting.far_m(optics.vfov_deg)
    found = []
    for distance in distances:
        density = density_at(optics, mounting, distance)
        steep = mounting.above_deg(distance) > STEEP_DEG
        # Infinite both ways: it looks above the horizon only.
        seen = near <= distance <= far
        found.append(Mark(distance, density, reached(density, classes), steep, seen))
    return tuple(found)


def sector(
    x: float,
    y: float,
    bearing_deg: float,
    hfov_deg: float,
    near: float,
    far: float,
    steps: int = 24,
) -> list[tuple[float, float]]:
    """The corners of what is seen on a plan whose y goes down and whose bearing 0 is up; lengths in the
    plan's unit. A full circle for 360 degrees."""
    angles = [bearing_deg - hfov_deg / 2 + hfov_deg * i / steps for i in range(steps + 1)]

    def point(angle: float, length: float) -> tuple[float, float]:
        turn = math.radians(angle)
        return x + length * math.sin(turn), y - length * math.cos(turn)

    inner = [point(a, near) for a in reversed(angles)] if near > 0 else [(x, y)]
    return [point(a, far) for a in angles] + inner
