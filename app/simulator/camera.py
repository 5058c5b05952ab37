"""One simulated camera: what RTSP, ONVIF and the control API share about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.camera import StreamRole
from app.simulator import scenes
from app.simulator.motion import PtzMotion


class FaultKind(StrEnum):
    """What can be made to go wrong. Parameters, if any, in brackets."""

    REFUSE = "refuse"  # the connection is cut at the first request, unanswered
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    NO_BANDWIDTH = "453"
    UNAVAILABLE = "503"
    HANG_BEFORE_PLAY = "hang-before-play"  # PLAY is never answered
    HANG_AFTER_PLAY = "hang-after-play"  # PLAY is answered, no packet follows
    STOP_SENDING = "stop-sending"  # [sound] socket open, packets stop; sound 1: not those of it
    DROP_SOCKET = "drop-socket"  # [every_s] connections are cut
    SLOW_DRIP = "slow-drip"  # [bytes_per_s] bytes trickle: pictures come late and in pieces
    CORRUPT_NAL = "corrupt-nal"  # [share] of packets have bytes flipped
    CHANGE_RESOLUTION = "change-resolution"  # midway, in band
    CHANGE_CODEC = "change-codec"  # session is cut; the next DESCRIBE offers another codec
    MISSING_PARAMETER_SETS = "missing-parameter-sets"  # neither in SDP nor in band
    BLACK = "black"
    FROZEN = "frozen"  # one picture is encoded again and again, timestamps go on
    KNOCKED = "knocked"  # [degrees, roll] pan and roll of the housing: the head knows nothing of it
    BLURRED = "blurred"  # [percent] of the picture's width: radius of the blur
    COVERED = "covered"  # something stands before the lens
    CLOCK_JUMP = "clock-jump"  # [seconds] RTP time and the camera's clock jump
    HALF_OPEN = "half-open"  # the connections of now go dead unclosed, as after a NAT time-out
    REBOOT = "reboot"  # [seconds] away with resets, and back by itself
    ONE_CONNECTION = "one-connection"  # [taken, status] the next is refused; taken: by a stranger
    RTP_JUMP = "rtp-jump"  # [seconds, every_s] RTP time jumps forth and back, the clock does not
    RTP_REPEAT = "rtp-repeat"  # every second picture bears the timestamp of the one before
    B_FRAMES = "b-frames"
    INTERLACED = "interlaced"  # H.264 only
    INTRA_REFRESH = "intra-refresh"  # a column a picture; a newcomer never gets a key frame
    LONG_GOP = "long-gop"  # [seconds] between key frames; a newcomer has to wait for one
    ODD_SIZE = "odd-size"  # [width, height]
    WRONG_CODEC = "wrong-codec"  # the SDP says H.265 of H.264, or the other way round
    AUDIO_ONLY = "audio-only"
    UNKNOWN_AUDIO = "unknown-audio"  # beside the video
    AUDIO_REFUSED = "audio-refused"  # offered, but its SETUP is answered with 453
    REDIRECT = "redirect"  # to itself, for ever
    HUGE_SDP = "huge-sdp"  # [megabytes] of attributes around the true ones
    CORRUPT_SDP = "corrupt-sdp"
    PTZ_IGNORE_TIMEOUT = "ptz-ignore-timeout"
    PTZ_REFUSE_STOP = "ptz-refuse-stop"
    PTZ_SLOW = "ptz-slow"  # [seconds] before each PTZ answer, or before one in [every]
    PTZ_NO_STATUS = "ptz-no-status"  # GetStatus fails
    PTZ_NO_FOV = "ptz-no-fov"  # [none] no moves by the field of view; none: no relative ones at all
    PTZ_NO_NODE = "ptz-no-node"  # a PTZ service and configuration, but no head behind it
    ONVIF_HANG = "onvif-hang"  # [after] answers so many requests, then none
    ONVIF_DRIP = "onvif-drip"  # [after] then a byte every 0.2 s
    ONVIF_CUT = "onvif-cut"  # [after] then the connection is closed in place of an answer
    ONVIF_TRUNCATED = (
        "onvif-truncated"  # [after, well_told] well_told: of the right length, cut XML
    )
    ONVIF_HOSTILE = "onvif-hostile"  # [which, after] one of `soap.HOSTILE`
    ONVIF_LANGUAGE = "onvif-language"  # [which] faults are told as `soap.TONGUES` has it
    EVENTS_FORGET = "events-forget"  # subscriptions of now are forgotten
    EVENTS_NO_RENEW = "events-no-renew"
    EVENTS_SHORT = "events-short"  # [seconds] a subscription lives at the most
    EVENTS_FULL = "events-full"  # no subscription is left
    DIGEST_ONLY = "digest-only"
    TOKEN_ONLY = "token-only"  # noqa: S105 -- a way of signing
    MEDIA1_ABSENT = "media1-absent"
    GET_SERVICES_ABSENT = "get-services-absent"
    ODD_TOKENS = "odd-tokens"  # profiles and presets have tokens and names nobody would choose
    RECORDER = "recorder"  # [sources] so many video sources in one device
    ONVIF_WRONG_PORT = "onvif-wrong-port"  # [port] in addresses of services and streams
    ONVIF_401 = "onvif-401"
    ONVIF_LOCK = "onvif-lock"  # whoever signs, wrongly or not, is told that the account is locked
    ONVIF_HUGE = "onvif-huge"  # [after] an endless answer
    ONVIF_XML_BOMB = "onvif-xml-bomb"
    ONVIF_WRONG_HOST = "onvif-wrong-host"  # addresses in answers name a foreign host
    MEDIA2_ABSENT = "media2-absent"
    SETTINGS_REFUSED = "settings-refused"
    SETTINGS_IGNORED = "settings-ignored"  # accepted, and nothing changes
    SETTINGS_ROUNDED = "settings-rounded"  # bit rates become multiples of 512
    SETTINGS_SLOW = "settings-slow"  # [seconds] before each answer to one that sets
    SETTINGS_REBOOT = "settings-reboot"  # [seconds] away after each
    PASSWORD_CUT = "password-cut"  # noqa: S105 -- changed, and the connection ends unanswered
    USERS_FIXED = "users-fixed"  # no user can be deleted
    OSD_ABSENT = "osd-absent"
    STREAM_ACCOUNT = "stream-account"  # streams keep the account of the factory


VARIANTS = (
    FaultKind.B_FRAMES,
    FaultKind.INTERLACED,
    FaultKind.INTRA_REFRESH,
    FaultKind.LONG_GOP,
)
"""Other ways to encode the same pictures; the first one that is on counts. Not for MJPEG."""


@dataclass(frozen=True, slots=True)
class StreamShape:
    """Size and rate of one stream."""

    width: int
    height: int
    fps: int


SHAPES = {StreamRole.MAIN: StreamShape(1920, 1080, 25), StreamRole.SUB: StreamShape(640, 360, 15)}
PTZ_SHAPES = {
    StreamRole.MAIN: StreamShape(1280, 720, 15),
    StreamRole.SUB: StreamShape(640, 360, 15),
}
"""A PTZ camera's picture is encoded while it is watched: 720p is what two cores bear."""


@dataclass
class Encoder:
    """How a stream is encoded. Bit rate and key frames are told only: the pictures' own stay."""

    codec: str
    shape: StreamShape
    kbps: int
    gop: int


@dataclass
class Overlay:
    """A text on the picture: "Plain", "Date", "Time" or "DateAndTime". It is told, not drawn."""

    token: str
    kind: str
    place: str
    text: str = ""


@dataclass
class Settings:
    """What can be set over ONVIF."""

    encoders: dict[StreamRole, Encoder]
    users: dict[str, list[str]] = field(repr=False)
    """Password and level by user name."""
    hostname: str
    scope_name: str
    clock_mode: str = "Manual"
    time_zone: str = "CST-8"
    ntp_dhcp: bool = False
    ntp: list[str] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)


@dataclass
class SimulatedCamera:
    """State of one camera, changed by the servers and by the control API, on one event loop."""

    index: int
    camera_id: str
    name: str
    name_en: str
    username: str
    password: str = field(repr=False)
    codec: str = "h264"
    audio: str = ""
    """What the microphone's sound is encoded as (`sound.CODECS`); "" without one."""
    scene: str = "street"
    motion: PtzMotion | None = None
    rtsp_port: int = 0
    host: str = "127.0.0.1"
    faults: dict[str, dict[str, float]] = field(default_factory=dict)
    clock_skew_s: float = 0.0
    sessions: dict[str, int] = field(default_factory=lambda: {"main": 0, "sub": 0})
    opened: int = 0
    last_command: str = ""
    settings: Settings = field(init=False)
    restarted: Callable[[], object] = lambda: None
    """Called when a stream is encoded otherwise: its sessions end."""
    reboots: Callable[[float], object] = lambda seconds: None

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As it came from the factory."""
        shapes = PTZ_SHAPES if self.has_ptz else SHAPES
        rates = {StreamRole.MAIN: 4096, StreamRole.SUB: 512}
        encoders = {r: Encoder(self.codec, s, rates[r], s.fps) for r, s in shapes.items()}
        self.settings = Settings(
            encoders, {self.username: [self.password, "Administrator"]}, self.camera_id,
            self.camera_id,
            overlays=[Overlay("osd_1", "DateAndTime", "UpperLeft"),
                      Overlay("osd_2", "Plain", "LowerRight", "IPC")],
        )  # fmt: skip

    def password_of(self, username: str) -> str | None:
        """A user's password, or None where there is no such user."""
        found = self.settings.users.get(username)
        return None if found is None else found[0]

    @property
    def open(self) -> bool:
        """Whether it lets everybody in: no user has a password."""
        return not any(password for password, _ in self.settings.users.values())

    def codec_of(self, role: StreamRole) -> str:
        """What a stream is encoded with."""
        return self.settings.encoders[role].codec

    @property
    def has_ptz(self) -> bool:
        """Whether it turns."""
        return self.motion is not None

    @property
    def serial(self) -> str:
        """An invented serial number, stable per camera."""
        return f"WRSIM{self.index:06d}"

    def shape(self, role: StreamRole) -> StreamShape:
        """Size and rate of a stream."""
        return self.settings.encoders[role].shape

    @property
    def url_host(self) -> str:
        """The host as addresses have it."""
        return f"[{self.host}]" if ":" in self.host else self.host

    def uri(self, role: StreamRole) -> str:
        """The RTSP address, without an account."""
        return f"rtsp://{self.url_host}:{self.rtsp_port}/{self.camera_id}/{role.value}"

    def fault(self, kind: FaultKind) -> dict[str, float] | None:
        """The parameters of an active fault, or None."""
        return self.faults.get(kind.value)

    def due(self, kind: FaultKind) -> dict[str, float] | None:
        """The same of a fault that begins `after` so many requests: each question counts as one."""
        parameters = self.fault(kind)
        if parameters is not None and parameters.get("after", 0) > 0:
            parameters["after"] -= 1
            return None
        return parameters

    def variant(self) -> str:
        """How the pictures are encoded: one of VARIANTS, or "" for plainly."""
        return next((kind.value for kind in VARIANTS if kind.value in self.faults), "")

    def disturbance(self) -> scenes.Disturbance:
        """What is wrong with its view: degrees knocked aside, roll, blur in shares of the width."""
        knock, blur = self.fault(FaultKind.KNOCKED), self.fault(FaultKind.BLURRED)
        return scenes.Disturbance(
            knock.get("degrees", 10.0) if knock is not None else 0.0,
            knock.get("roll", 0.0) if knock is not None else 0.0,
            blur.get("percent", 0.6) / 100 if blur is not None else 0.0,
            self.fault(FaultKind.COVERED) is not None,
        )

    def clock(self) -> float:
        """What the camera believes the time is: seconds since 1970, skewed as told."""
        return time.time() + self.clock_skew_s + self.clock_jump_s()

    def clock_jump_s(self) -> float:
        """How far the clock has jumped by a fault."""
        jump = self.fault(FaultKind.CLOCK_JUMP)
        return 0.0 if jump is None else jump.get("seconds", 3600.0)
