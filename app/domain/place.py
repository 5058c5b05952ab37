"""Places and how far cameras are from them. Angles in degrees, WGS-84; distances in metres."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.camera import CameraRow, Organisation

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the GRS 80 ellipsoid (IUGG; H. Moritz, Geodetic Reference System 1980)."""

FACING_DEG = 45.0
"""A camera whose axis points at a place within this angle is said to look that way: about half the
angle of view of a short fixed lens (domain reference 6.2)."""


class PlaceKind(StrEnum):
    """What a found place is. The first five are landmarks, the others come from the assets."""

    STREET = "street"
    LANDMARK = "landmark"
    JUNCTION = "junction"
    COLUMN = "column"
    OTHER = "other"
    SITE = "site"
    POSITION = "position"
    ORGANISATION = "organisation"
    CAMERA = "camera"


LANDMARK_KINDS = tuple(PlaceKind)[:5]


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth; latitude -90 to 90, longitude -180 to 180."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, latitude: float | None, longitude: float | None) -> Point | None:
        """The point, or None where a coordinate is missing or none on earth."""
        if latitude is None or longitude is None:
            return None
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also false for NaN
            return None
        return cls(latitude, longitude)


@dataclass(frozen=True, slots=True)
class Place:
    """Something a person may name to say where. `id` is the id of the landmark, site, … itself."""

    id: str
    kind: PlaceKind
    name: str
    name_en: str = ""
    detail: str = ""  # pole number, address: what tells it from its namesakes
    point: Point | None = None

    def title(self, language: str) -> str:
        """The name in the given UI language, falling back to the other one."""
        if language.startswith("zh"):
            return self.name or self.name_en
        return self.name_en or self.name


@dataclass(frozen=True, slots=True)
class NearCamera:
    """A camera and where it is as seen from a place; None where that is not known."""

    row: CameraRow
    organisation: Organisation
    distance_m: float | None = None
    bearing_deg: float | None = None  # from the place to the camera, 0 = N, clockwise
    faces: bool = False  # it looks towards the place, by the way its position is said to look


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula (R. W. Sinnott, Sky & Telescope 68/2, 1984).

    On a sphere: up to 0.5 % off the ellipsoid, and good for points close together.
    """
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = math.radians(b.longitude - a.longitude) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def bearing_deg(a: Point, b: Point) -> float:
    """Direction in which `b` lies from `a`: initial course of the great circle, 0 <= x < 360."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    delta = math.radians(b.longitude - a.longitude)
    east = math.sin(delta) * math.cos(phi_b)
    north = math.cos(phi_a) * math.sin(phi_b) - math.sin(phi_a) * math.cos(phi_b) * math.cos(delta)
    return math.degrees(math.atan2(east, north)) % 360 % 360  # twice: -1e-15 % 360 is 360.0


def sector(bearing: float) -> int:
    """The eighth of the compass a bearing is in: 0 = N, 1 = NE … 7 = NW."""
    return round(bearing % 360 / 45) % 8


def faces(looks_deg: float | None, bearing: float) -> bool:
    """Whether a camera that looks in `looks_deg` sees a place from which it lies at `bearing`."""
    if looks_deg is None:
        return False
    off = abs((looks_deg - (bearing + 180) + 180) % 360 - 180)
    return off <= FACING_DEG


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and longitudes between which to look. One that crosses the date line is two."""

    south: float
    north: float
    west: float
    east: float


def boxes(centre: Point, radius_m: float) -> list[Box]:
    """Boxes that hold every point within `radius_m`: one, or two at the date line."""
    reach = math.degrees(radius_m / EARTH_RADIUS_M)
    south, north = centre.latitude - reach, centre.latitude + reach
    if south <= -90 or north >= 90:  # a pole is inside: every longitude
        return [Box(max(south, -90), min(north, 90), -180, 180)]
    # The widest longitude is touched north of the centre, where meridians are closer together.
    share = math.sin(radius_m / EARTH_RADIUS_M) / math.cos(math.radians(centre.latitude))
    wide = math.degrees(math.asin(min(1.0, share)))
    west, east = centre.longitude - wide, centre.longitude + wide
    if west < -180:
        return [Box(south, north, west + 360, 180), Box(south, north, -180, east)]
    if east > 180:
        return [Box(south, north, west, 180), Box(south, north, -180, east - 360)]
    return [Box(south, north, west, east)]


def radii(first_m: float = 100.0) -> Iterator[float]:
    """Ever larger circles to look in, each twice the last, until the whole earth is one."""
    radius = first_m
    while radius < math.pi * EARTH_RADIUS_M:
        yield radius
        radius *= 2
    yield math.pi * EARTH_RADIUS_M


def nearest(
    centre: Point, points: Iterable[tuple[str, Point]], limit: int
) -> list[tuple[str, float]]:
    """The `limit` nearest of (id, point) as (id, distance in m); of equal ones the lower id."""
    ranked = sorted((distance_m(centre, point), identity) for identity, point in points)
    return [(identity, distance) for distance, identity in ranked[:limit]]
