"""What passes between the video engine and whoever shows pictures. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.camera import CameraSource, StreamRole
from app.domain.load import Level


class StreamState(StrEnum):
    """What a tile may say of its stream (design section 2)."""

    IDLE = "idle"  # nobody looks: not decoded
    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"  # no new picture for max(1.5 s, 3 frame intervals)
    DEGRADED = "degraded"  # live, but less than asked: see Cause
    UNAUTHORIZED = "unauthorized"  # not retried by itself: would lock the account
    UNREACHABLE = "unreachable"
    UNSUPPORTED = "unsupported"  # reached, but cannot be decoded here
    NO_SIGNAL = "no signal"  # packets decode, yet the camera has no picture (black, frozen encoder)


class Cause(StrEnum):
    """Why a state is what it is, so that the three culprits are told apart."""

    NONE = ""
    NETWORK = "network"
    CAMERA = "camera"
    THIS_COMPUTER = "this computer"


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """Truth about one stream. Times are aware UTC; `detail` is English and free of secrets."""

    state: StreamState
    since: datetime
    cause: Cause = Cause.NONE
    code: str = ""  # stable key of `detail` for translation, such as "rtsp-453"
    detail: str = ""
    last_picture_at: datetime | None = None
    retry_at: datetime | None = None
    role: StreamRole | None = None
    codec: str = ""
    width: int = 0  # of the stream, pixels
    height: int = 0
    fps: float = 0.0  # pictures decoded per second over the last seconds
    second_code: str = ""  # why libVLC could not help where FFmpeg could not, a key like `code`


@dataclass(frozen=True, slots=True)
class TileRequest:
    """One place on a wall that shows one camera. Sizes are physical pixels of the picture area."""

    tile_id: str
    source: CameraSource
    width: int
    height: int
    visible: bool = True
    selected: bool = False
    main: bool = False  # the main stream, however small the tile


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest picture of a camera: BGRA (Qt's Format_RGB32), rows of `stride` bytes.

    `data` is shared memory. It stays readable until the engine is closed, but the decoder may
    write it again after two more pictures: paint at once, copy to keep.
    """

    data: memoryview
    width: int
    height: int
    stride: int
    sequence: int
    pts_seconds: float
    arrived_at: float  # time.monotonic() when the packet that completed it arrived
    decoded_at: float  # time.monotonic()
    device_time: float | None = None  # POSIX seconds by the camera's clock (RTCP), if it tells


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since the last poll, by camera id."""

    pictures: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    replays: tuple[str, ...] = ()  # tile ids: another picture, or more to show


@dataclass(frozen=True, slots=True)
class SoundStatus:
    """What is heard: at most one camera. Levels in dBFS, -90 for silence."""

    camera_id: str | None = None
    volume: float = 1.0  # 0 to 1
    muted: bool = False
    rms_db: float = -90.0
    peak_db: float = -90.0
    code: str = ""
    """Why nothing is heard, as a key: "sound-none" (the camera sends none), "sound-codec",
    "sound-device", "sound-library", "sound-engine" (libVLC), "sound-refused"."""


@dataclass(frozen=True, slots=True)
class WorkerStatistics:
    """One decoder process: `cpu_seconds` since start, `rss_bytes`, streams it serves."""

    pid: int
    streams: int
    cpu_seconds: float
    rss_bytes: int
    restarts: int


@dataclass(frozen=True, slots=True)
class Decoders:
    """One decoder process, without asking the system: streams it serves, times it was replaced."""

    pid: int
    streams: int
    restarts: int


@dataclass(frozen=True, slots=True)
class StreamStatistics:
    """Counters of one camera's stream since it was opened."""

    camera_id: str
    role: StreamRole
    decoded: int
    dropped: int
    decode_seconds: float
    bytes_received: int
    errors: int = 0
    cpu_seconds: float = 0.0  # of its thread: reading, decoding, scaling
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    level: Level = Level.FULL
    hardware: bool = False
    lag_s: float = 0.0
    process: int = 0  # pid
    tile: int = 0  # physical pixels of its largest tile
