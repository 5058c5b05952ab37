"""The asset model: organisation, site, position, device, channel, and what shows one.

Position (a place on a pole), device (the thing with a serial number) and channel (what streams)
are three entities: a replaced device keeps the position's history. Identity is a UUIDv7 string;
the 20-digit GB/T 28181 code is an attribute that may change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum


class StreamRole(StrEnum):
    """Which of a camera's streams: full size, or the small one for tiles."""

    MAIN = "main"
    SUB = "sub"


class PointClass(StrEnum):
    """Monitoring point class, JKDWLX of the exchange template (domain reference 3.1)."""

    CLASS_I = "1"
    CLASS_II = "2"
    CLASS_III = "3"
    POLICE_INTERNAL = "4"
    OTHER = "9"


Area = tuple[tuple[float, float], ...]
"""A private area: corners in shares (0..1) of the picture's width and height."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account on a camera. Never shown, logged or put into a URL that is shown."""

    username: str = ""
    password: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.username or self.password)


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """One stream of a channel. `url` carries no account. Sizes in pixels, 0 = not known yet."""

    role: StreamRole
    url: str
    codec: str = ""  # "h264", "h265", "mjpeg" or "" when not known
    width: int = 0
    height: int = 0
    fps: float = 0.0
    profile_token: str = ""  # ONVIF media profile, opaque


@dataclass(frozen=True, slots=True)
class CameraSource:
    """What the video engine needs to open a camera."""

    camera_id: str
    streams: tuple[StreamSpec, ...]
    credentials: Credentials = Credentials()
    transport: str = "tcp"  # RTSP transport: "tcp" or "udp"
    never_degrade: bool = False
    engine: str = "auto"  # "ffmpeg", "libvlc", or "auto": FFmpeg, and libVLC where that cannot
    verify_tls: bool = True  # of rtsps and https addresses
    fresh_until: float = field(default=math.inf, compare=False)
    """`time.monotonic()` from which on its account, a relay's ticket, opens nothing any more."""

    @property
    def ticketed(self) -> bool:
        """Whether it is opened with a ticket that must be asked for again and again."""
        return self.fresh_until < math.inf

    def same_but_ticket(self, other: CameraSource) -> bool:
        """Whether both are the same camera at the same relay, with another ticket at most."""
        return self.ticketed and other.ticketed and self._bare() == other._bare()

    def _bare(self) -> CameraSource:
        streams = tuple(replace(s, url=s.url.partition("?")[0]) for s in self.streams)
        return replace(self, streams=streams, credentials=Credentials())

    def stream(self, role: StreamRole) -> StreamSpec | None:
        """The stream of that role, or None."""
        return next((s for s in self.streams if s.role is role), None)


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    name_en: str = ""
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    organisation_id: str
    name: str
    name_en: str = ""
    address: str = ""
    latitude: float | None = None  # WGS-84, degrees
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera as lists and tiles show it: the flat read model. `id` is the channel's id."""

    id: str
    name: str
    name_en: str
    call_number: int | None
    code: str  # GB/T 28181, 20 digits, or ""
    address: str  # host or IP of the device
    organisation_id: str
    site_id: str
    has_ptz: bool
    favourite: bool

    def title(self, language: str) -> str:
        """The name in the given UI language ("zh_CN", "en"), falling back to the other one."""
        if language.startswith("zh"):
            return self.name or self.name_en
        return self.name_en or self.name


@dataclass(frozen=True, slots=True)
class CameraDetails:
    """Everything the details panel and the edit dialog show. Holds no password."""

    row: CameraRow
    organisation: Organisation
    site: Site
    position_name: str = ""
    pole_number: str = ""
    bearing_deg: float | None = None  # compass, 0 = N, clockwise
    latitude: float | None = None
    longitude: float | None = None
    point_class: PointClass = PointClass.OTHER
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    onvif_url: str = ""  # device service address, "" when RTSP only
    username: str = ""
    transport: str = "tcp"
    streams: tuple[StreamSpec, ...] = ()
    note: str = ""
    never_degrade: bool = False  # the last to give way when a console is short of power
    verify_tls: bool = True  # of its stream addresses
    former_codes: tuple[str, ...] = ()  # GB/T 28181 codes it had before, newest first; read only
