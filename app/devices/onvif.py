"""ONVIF devices: clock, identity, streams, PTZ. Blocking calls with time-outs, bounded replies.

What every probe asks (time, services, identity, profiles) is asked and read by hand over `soap.py`,
leniently: cameras break the schema, and it costs a hundredth. The rest (`wsdl.py`) stands on
onvif-zeep's WSDL files and zeep over the same connection; a WSDL is parsed once for the process
(0.25 ms and 25 kB a device instead of 350 ms and 12.6 MB).
"""

from __future__ import annotations

import contextlib
import email.utils
import ipaddress
import math
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from app.devices.errors import DeviceError, ErrorCode
from app.devices.ptz import Preset, PtzStatus
from app.devices.soap import MAX_REPLY, Pins, SoapClient, element_text, parse_reply
from app.domain.camera import Credentials, StreamRole, StreamSpec

if TYPE_CHECKING:
    from app.devices.wsdl import Service

__all__ = ["MAX_REPLY", "parse_reply"]

DEFAULT_TIMEOUT_S = 5.0
MAX_PROFILES = 256
"""Profiles asked for their streams: a recorder of 64 channels has 128 or so."""

REACH_S = 2.0
"""How long a stream's port may take to answer before another is tried."""

DEVICE, MEDIA, PTZ = "ver10/device", "ver10/media", "ver20/ptz"
MEDIA2, EVENTS = "ver20/media", "ver10/events"
_CODECS = {"H264": "h264", "H265": "h265", "JPEG": "mjpeg", "MPV4-ES": "mpeg4"}
_SHARP = (ErrorCode.UNAUTHORIZED, ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT, ErrorCode.TLS)
"""Failures that another way of asking does not mend."""


@dataclass(frozen=True, slots=True)
class DeviceInformation:
    """Who the device says it is."""

    manufacturer: str
    model: str
    firmware: str
    serial: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A media profile with its stream. `stream.role` is a guess until `streams` chose."""

    token: str
    name: str
    stream: StreamSpec
    has_ptz: bool
    source: str = ""
    """Token of the video source: a recorder has many."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One video source of a device with its streams (see `OnvifDevice.streams`)."""

    source: str
    name: str
    streams: tuple[StreamSpec, ...]
    has_ptz: bool


Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PtzSpaces:
    """What a head can be told, and how far: ranges (lowest, highest); None where it cannot.

    `by_view`: pan and tilt in shares of the picture; `by`: in units that say nothing about it.
    """

    by_view: tuple[Range, Range] | None = None
    by: tuple[Range, Range] | None = None
    zoom_by: Range | None = None
    zoom_to: Range | None = None
    speed: tuple[Range, Range] = ((-1.0, 1.0), (-1.0, 1.0))
    zoom_speed: Range = (-1.0, 1.0)


def clip(value: float, limits: Range) -> float:
    """The nearest value within a range."""
    return max(limits[0], min(limits[1], value))


def device_url(address: str) -> str:
    """The device service's URL for "192.168.1.20", "host:port" or a whole URL.

    Raises DeviceError for what is no address.
    """
    text = address.strip()
    with contextlib.suppress(ValueError):
        ipaddress.IPv6Address(text.partition("%")[0])
        text = f"[{text}]"
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise DeviceError(ErrorCode.BAD_ADDRESS, f"{address} is no address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise DeviceError(ErrorCode.BAD_ADDRESS, f"{address} is no address")
    host = parts.netloc.rpartition("@")[2]
    path = parts.path if parts.path not in ("", "/") else "/onvif/device_service"
    return urlunsplit((parts.scheme, host, path, "", ""))


def connect(
    address: str,
    credentials: Credentials,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    pins: Pins | None = None,
) -> OnvifDevice:
    """Ask the device for its time. Raises DeviceError.

    `pins`: where certificates that vouch for themselves are kept from their first use on; without
    it they are refused.
    """
    device = OnvifDevice(device_url(address), credentials, timeout_s, pins)
    try:
        device.measure_clock()
    except DeviceError:
        device.close()
        raise
    return device


class OnvifDevice:
    """One device. Calls are serialised: a device gets one question at a time."""

    def __init__(
        self, url: str, credentials: Credentials, timeout_s: float, pins: Pins | None = None
    ) -> None:
        self.url = url
        self.soap = SoapClient(credentials, timeout_s, pins)
        self._lock = threading.RLock()
        self._services: dict[str, str] | None = None
        self._clients: dict[str, Service] = {}

    def close(self) -> None:
        """Let go of connections."""
        self.soap.close()

    @property
    def clock_offset_s(self) -> float:
        """Camera's clock minus ours."""
        return self.soap.clock_offset_s

    # -- calling

    def _client(self, service: str) -> Service:
        from app.devices import wsdl  # zeep takes a tenth of a second, which the start has not got

        if service not in self._clients:
            self._clients[service] = wsdl.Service(service, self.ask_at)
        return self._clients[service]

    def call(self, service: str, operation: str, /, **arguments: Any) -> Any:
        """Call an operation by its WSDL. Raises DeviceError."""
        with self._lock:

            def at(address: str) -> Any:
                return self._client(service).call(address, operation, arguments)

            return self._at_service(service, at)

    def ask(self, service: str, operation: str, inner: str = "") -> Any:
        """The same by hand: `inner` is the operation's content, in the service's namespace.

        Returns the answer's element, to be read leniently. Raises DeviceError.
        """
        body = f'<{operation} xmlns="http://www.onvif.org/{service}/wsdl">{inner}</{operation}>'
        with self._lock:
            return self._at_service(
                service, lambda address: answer_of(self.ask_at(address, body), operation)
            )

    def ask_at(
        self, address: str, body: str, *, header: str = "", timeout_s: float | None = None
    ) -> Any:
        """Put any question to any of the device's addresses; the answer's envelope."""
        return self.soap.ask(
            address, body, header=header, timeout_s=timeout_s, remeasure=self.measure_clock
        )

    def ask_near(
        self, address: str, body: str, *, header: str = "", timeout_s: float | None = None
    ) -> Any:
        """`ask_at`, and at the port that answered us where nothing answers at the address told."""
        try:
            return self.ask_at(address, body, header=header, timeout_s=timeout_s)
        except DeviceError as error:
            here = self._here(address)
            if here == address or error.code is not ErrorCode.UNREACHABLE:
                raise
            return self.ask_at(here, body, header=header, timeout_s=timeout_s)

    def on_our_host(self, address: str) -> str:
        """An address that the device told, on the host that answered us."""
        return self._reachable(address)

    def _at_service(self, service: str, ask: Callable[[str], Any]) -> Any:
        """Ask where the service is said to be, and where nothing is, at the port that answered us.

        Cameras behind a port forwarding tell their own ports; others tell ports that were changed.
        """
        address = self.url if service == DEVICE else self.address(service)
        try:
            return ask(address)
        except DeviceError as error:
            here = self._here(address)
            if here == address or error.code not in (
                ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT, ErrorCode.NOT_ONVIF, ErrorCode.TLS,
            ):  # fmt: skip
                raise
            try:
                answer = ask(here)
            except DeviceError:
                raise error from None
            if self._services is not None:
                self._services = {k: self._here(v) for k, v in self._services.items()}
            return answer

    def _here(self, address: str) -> str:
        """The same path at the scheme, host and port that answered us."""
        ours = urlsplit(self.url)
        return urlunsplit(urlsplit(address)._replace(scheme=ours.scheme, netloc=ours.netloc))

    def measure_clock(self) -> None:
        """Ask for the time, unauthenticated. Raises DeviceError."""
        body = f'<GetSystemDateAndTime xmlns="http://www.onvif.org/{DEVICE}/wsdl"/>'
        with self._lock:
            began = time.time()
            try:
                answer = answer_of(
                    self.soap.ask(self.url, body, signed=False), "GetSystemDateAndTime"
                )
            except DeviceError as error:
                if error.code is not ErrorCode.UNAUTHORIZED:
                    raise
                # Against the specification, but its HTTP server tells the time too.
                self.soap.clock_offset_s = _http_date(self.soap.date_header, time.time())
                return
            middle = (began + time.time()) / 2
            found = answer.find("{*}SystemDateAndTime/{*}UTCDateTime")
            if found is None:
                found = answer.find("{*}SystemDateAndTime/{*}LocalDateTime")
            try:
                year, month, day = (
                    int(text_of(found, f"Date/{k}")) for k in ("Year", "Month", "Day")
                )
                hour, minute, second = (
                    int(text_of(found, f"Time/{k}")) for k in ("Hour", "Minute", "Second")
                )
                if not 1970 <= year <= 2200:
                    raise ValueError
                camera = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            except ValueError:
                self.soap.clock_offset_s = 0.0  # a camera without a clock: ours is the best guess
                return
            # Whole seconds are told: the middle of the second is the best guess.
            self.soap.clock_offset_s = camera.timestamp() + 0.5 - middle

    def services(self) -> dict[str, str]:
        """Namespace to address. Addresses name the host that answered us, whatever they said."""
        with self._lock:
            if self._services is None:
                body = (
                    f'<GetServices xmlns="http://www.onvif.org/{DEVICE}/wsdl"><IncludeCapability>'
                    "false</IncludeCapability></GetServices>"
                )
                try:
                    listed = answer_of(self.ask_at(self.url, body), "GetServices")
                    found = {
                        text_of(s, "Namespace"): text_of(s, "XAddr")
                        for s in listed.iterfind("{*}Service")
                    }
                except DeviceError as error:
                    if error.code in _SHARP:
                        raise
                    found = {}
                if not found:
                    found = self._capabilities()
                self._services = {k: self._reachable(v) for k, v in found.items() if v}
            return self._services

    def _capabilities(self) -> dict[str, str]:
        """Older devices know no GetServices."""
        body = (
            f'<GetCapabilities xmlns="http://www.onvif.org/{DEVICE}/wsdl"><Category>All</Category>'
            "</GetCapabilities>"
        )
        answer = answer_of(self.ask_at(self.url, body), "GetCapabilities")
        found = {}
        for name, namespace in (("Media", MEDIA), ("PTZ", PTZ), ("Events", EVENTS)):
            address = text_of(answer, f"Capabilities/{name}/XAddr")
            if address:
                found[f"http://www.onvif.org/{namespace}/wsdl"] = address
        return found

    def has(self, service: str) -> bool:
        """Whether the device lists a service. Raises DeviceError."""
        return f"http://www.onvif.org/{service}/wsdl" in self.services()

    def address(self, service: str) -> str:
        """Where a service is. Raises DeviceError."""
        try:
            return self.services()[f"http://www.onvif.org/{service}/wsdl"]
        except KeyError:
            name = service.rpartition("/")[2].upper()
            raise DeviceError(ErrorCode.NOT_SUPPORTED, f"the device has no {name}") from None

    def _reachable(self, url: str, *, port: bool = True) -> str:
        """The same address on the host that answered us: cameras name private or stale hosts.

        Another host is never asked: it would be handed a signature made with the account.
        """
        ours, theirs = urlsplit(self.url), urlsplit(url)
        try:
            if theirs.hostname == ours.hostname:
                return url
            host = ours.hostname or ""
            host = f"[{host}]" if ":" in host else host
            number = ours.port if port else theirs.port
        except ValueError:
            return url
        scheme = ours.scheme if port else theirs.scheme
        return urlunsplit(
            theirs._replace(scheme=scheme, netloc=f"{host}:{number}" if number else host)
        )

    # -- what a device is and streams

    def information(self) -> DeviceInformation:
        """Maker, model, firmware, serial number."""
        answer = self.ask(DEVICE, "GetDeviceInformation")
        names = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
        maker, model, firmware, serial = (text_of(answer, name)[:100] for name in names)
        return DeviceInformation(maker, model, firmware, serial)

    def is_open(self) -> bool:
        """Whether it tells anybody who has an account: then no password protects it."""
        body = f'<GetUsers xmlns="http://www.onvif.org/{DEVICE}/wsdl"/>'
        try:
            answer = answer_of(self.soap.ask(self.url, body, signed=False), "GetUsers")
        except DeviceError:
            return False
        return answer.find("{*}User") is not None

    def try_account(self, account: Credentials) -> None:
        """Ask for the list of accounts with this account, once. Raises DeviceError where it is not
        taken; `soap.account` stays empty where the device asks for none."""
        self.soap.try_account(self.url, f'<GetUsers xmlns="http://www.onvif.org/{DEVICE}/wsdl"/>',
                              account)  # fmt: skip

    def profiles(self) -> list[Profile]:
        """All profiles with a stream: Media2 first (H.265 appears only there), then Media."""
        if self.has(MEDIA2):
            try:
                return self._profiles(MEDIA2)
            except DeviceError as error:
                if error.code in _SHARP or not self.has(MEDIA):
                    raise
        return self._profiles(MEDIA)

    def _profiles(self, service: str) -> list[Profile]:
        new = service == MEDIA2
        if new:
            inner = "".join(f"<Type>{t}</Type>" for t in ("VideoSource", "VideoEncoder", "PTZ"))
            paths = (
                "Configurations/VideoEncoder",
                "Configurations/VideoSource",
                "Configurations/PTZ",
            )
        else:
            inner = ""
            paths = ("VideoEncoderConfiguration", "VideoSourceConfiguration", "PTZConfiguration")
        result: list[Profile] = []
        trouble: DeviceError | None = None
        answer = self.ask(service, "GetProfiles", inner)
        for element in answer.findall("{*}Profiles")[:MAX_PROFILES]:
            encoder, source, ptz = (element.find(wild(path)) for path in paths)
            token = element.get("token", "")
            if encoder is None or not token:
                continue
            try:
                uri = self._stream_uri(service, token)
            except DeviceError as error:
                if error.code in _SHARP or error.code is ErrorCode.TOO_LARGE:
                    raise
                trouble = error
                continue  # one profile without a stream must not hide the others
            if urlsplit(uri).scheme not in ("rtsp", "rtsps"):
                continue
            stream = StreamSpec(
                StreamRole.MAIN,
                uri,
                _CODECS.get(
                    text_of(encoder, "Encoding").upper(), text_of(encoder, "Encoding").lower()
                ),
                int(_number(text_of(encoder, "Resolution/Width"))),
                int(_number(text_of(encoder, "Resolution/Height"))),
                _number(text_of(encoder, "RateControl/FrameRateLimit")),
                token,
            )
            name = text_of(element, "Name")[:100]
            where = text_of(source, "SourceToken") if source is not None else ""
            result.append(Profile(token, name, stream, ptz is not None, where))
        if trouble is not None and not result:
            raise trouble
        return result

    def source_tokens(self) -> dict[str, frozenset[str]]:
        """By profile: what events may call its video source. Without asking for stream addresses."""
        service = MEDIA2 if self.has(MEDIA2) else MEDIA
        inner = "".join(f"<Type>{t}</Type>" for t in ("VideoSource", "Analytics"))
        answer = self.ask(service, "GetProfiles", inner if service == MEDIA2 else "")
        result = {}
        for element in answer.findall("{*}Profiles")[:MAX_PROFILES]:
            called = {text_of(element, "VideoSourceConfiguration/SourceToken"),
                      text_of(element, "Configurations/VideoSource/SourceToken")}  # fmt: skip
            for path in ("VideoSourceConfiguration", "VideoAnalyticsConfiguration",
                         "Configurations/VideoSource", "Configurations/Analytics"):  # fmt: skip
                part = element.find(wild(path))
                called.add(part.get("token", "") if part is not None else "")
            result[element.get("token", "")] = frozenset(called - {""})
        return result

    def _stream_uri(self, service: str, token: str) -> str:
        """The address of a profile's stream, without an account, on the host that answered us."""
        profile = f"<ProfileToken>{element_text(token)}</ProfileToken>"
        if service == MEDIA2:
            answer = self.ask(service, "GetStreamUri", f"<Protocol>RTSP</Protocol>{profile}")
            uri = text_of(answer, "Uri")
        else:
            schema = "http://www.onvif.org/ver10/schema"
            setup = (
                f'<StreamSetup><Stream xmlns="{schema}">RTP-Unicast</Stream><Transport xmlns='
                f'"{schema}"><Protocol>RTSP</Protocol></Transport></StreamSetup>'
            )
            answer = self.ask(service, "GetStreamUri", setup + profile)
            uri = text_of(answer, "MediaUri/Uri")
        try:
            parts = urlsplit(uri)
            clean = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
            return self._reachable(clean, port=False)
        except ValueError as error:
            raise DeviceError(ErrorCode.MALFORMED, "the stream's address is none") from error

    def streams(self, profiles: list[Profile] | None = None) -> tuple[StreamSpec, ...]:
        """Main stream and best substream of the first video source: the largest, and of those
        smaller the one nearest to 640 x 360. At ports that answer (see `_at_open_ports`)."""
        found = self.profiles() if profiles is None else profiles
        if not found:
            return ()
        first_source = found[0].source
        specs = self._at_open_ports([p.stream for p in found if p.source == first_source])
        return _pair(specs)

    def channels(self, profiles: list[Profile] | None = None) -> list[Channel]:
        """The device's video sources: one for a camera, many for a recorder."""
        found = self.profiles() if profiles is None else profiles
        specs = self._at_open_ports([p.stream for p in found])
        turning = self.turns(found)
        groups: dict[str, list[tuple[Profile, StreamSpec]]] = {}
        for profile, spec in zip(found, specs, strict=True):
            groups.setdefault(profile.source, []).append((profile, spec))
        return [
            Channel(
                source,
                pairs[0][0].name,
                _pair([spec for _, spec in pairs]),
                turning and any(p.has_ptz for p, _ in pairs),
            )
            for source, pairs in groups.items()
        ]

    def _at_open_ports(self, specs: list[StreamSpec]) -> list[StreamSpec]:
        """Streams at a port where something answers, where their own does not and another does.

        Tried: the port told, the RTSP port of the network settings, 554. Nothing is sent there.
        """
        better: dict[tuple[str, int], int] = {}
        result = []
        for spec in specs:
            try:
                parts = urlsplit(spec.url)
                host, port = parts.hostname or "", parts.port or 554
            except ValueError:
                result.append(spec)
                continue
            if (host, port) not in better:
                better[host, port] = self._open_port(host, port, parts.scheme)
            if better[host, port] != port:
                shown = f"[{host}]" if ":" in host else host
                url = urlunsplit(parts._replace(netloc=f"{shown}:{better[host, port]}"))
                spec = replace(spec, url=url)
            result.append(spec)
        return result

    def _open_port(self, host: str, port: int, scheme: str) -> int:
        if _answers(host, port):
            return port
        others = [] if scheme == "rtsps" else [554]
        with contextlib.suppress(DeviceError):
            for protocol in self.ask(DEVICE, "GetNetworkProtocols").iterfind("{*}NetworkProtocols"):
                if text_of(protocol, "Name").upper() == "RTSP":
                    others = [
                        int(_number(e.text)) for e in protocol.findall("{*}Port")[:4]
                    ] + others
        return next((o for o in others if 0 < o < 65536 and o != port and _answers(host, o)), port)

    def turns(self, profiles: list[Profile]) -> bool:
        """Whether there is a head: a profile with PTZ, a PTZ service, and a node where it tells."""
        if not any(p.has_ptz for p in profiles) or not self.has(PTZ):
            return False
        try:
            return self.ask(PTZ, "GetNodes").find("{*}PTZNode") is not None
        except DeviceError as error:
            return error.code is not ErrorCode.NOT_SUPPORTED

    def ptz(self, profile_token: str | None = None) -> PtzDevice:
        """The head behind a profile (the first that turns by default). Raises DeviceError."""
        self.address(PTZ)
        if profile_token is None:
            turning = [p for p in self.profiles() if p.has_ptz]
            if not turning:
                raise DeviceError(ErrorCode.NOT_SUPPORTED, "no profile of this device turns")
            profile_token = turning[0].token
        return PtzDevice(self, profile_token)


def wild(path: str) -> str:
    """A path of local names in any namespace: devices confuse them."""
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def text_of(element: Any, path: str) -> str:
    """The stripped text at a path of local names, or ""."""
    found = None if element is None else element.find(wild(path))
    return "" if found is None else (found.text or "").strip()


def answer_of(envelope: Any, operation: str) -> Any:
    """The answer to an operation in an envelope. Raises DeviceError where it is none."""
    found = envelope.find(f"{{*}}Body/{{*}}{operation}Response")
    if found is None:
        raise DeviceError(ErrorCode.MALFORMED, "the device's answer does not follow ONVIF")
    return found


def _number(value: Any) -> float:
    try:
        number = float(value or 0)
    except (TypeError, ValueError):
        return 0.0
    return number if 0 <= number < 100_000 else 0.0


def _http_date(header: str, now: float) -> float:
    """Seconds by which an HTTP Date header is ahead of `now`; 0 without one."""
    try:
        return email.utils.parsedate_to_datetime(header).timestamp() + 0.5 - now
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), REACH_S):
            return True
    except (OSError, UnicodeError):
        return False


def _pair(specs: list[StreamSpec]) -> tuple[StreamSpec, ...]:
    """The main stream and the best substream of one video source's streams."""
    main = max(specs, key=lambda s: s.width * s.height)
    rest = [s for s in specs if s.url != main.url and s.height < main.height]
    if not rest:
        return (main,)
    sub = min(rest, key=lambda s: abs(s.width * s.height - 640 * 360))
    return (main, replace(sub, role=StreamRole.SUB))


PTZ_SPACES = "http://www.onvif.org/ver10/tptz"
GENERIC_MOVES = f"{PTZ_SPACES}/PanTiltSpaces/TranslationGenericSpace"
MOVES_BY_VIEW = f"{PTZ_SPACES}/PanTiltSpaces/TranslationSpaceFov"
"""ONVIF PTZ service specification: 1 is the picture's edge, half the field of view from its middle."""

ZOOM_RATIO = 12.0
"""How many times nearer a lens of unknown make gets. ONVIF's zoom 0..1 does not tell it; domes have
6 to 40, and most let 0..1 grow evenly with the magnification."""

HALF_VIEW_GUESS = (0.16, 0.3)
"""Half of a picture in generic pan and tilt where the head does not move by the field of view: a
lens of 58 x 34 degrees, 360 degrees of pan and 113 of tilt between -1 and 1."""


LEAST_AIM, LEAST_ZOOM = 0.1, 0.02
"""Shorter moves (of half a picture) and nearer zooms than these teach nothing about a lens."""


class PtzDevice:
    """The head of a camera. Velocities -1..1, positions in the generic spaces."""

    def __init__(self, device: OnvifDevice, profile_token: str) -> None:
        self._device, self._profile = device, profile_token
        self._spaces: PtzSpaces | None = None
        self._aimed: tuple[float, PtzStatus] | None = None
        self._views: dict[float, float] = {}
        """Half a picture's width in pan, by zoom, as seen in earlier aims."""

    def _call(self, operation: str, **arguments: Any) -> Any:
        return self._device.call(PTZ, operation, ProfileToken=self._profile, **arguments)

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        """Move on until stopped, or until the device's own timer of `timeout_s` ends it.

        Clipped to the head's own ranges once `spaces` was asked; a move never waits for that.
        """
        known = self._spaces or PtzSpaces()
        pan, tilt = clip(pan, known.speed[0]), clip(tilt, known.speed[1])
        zoom = clip(zoom, known.zoom_speed)
        velocity = {"PanTilt": {"x": pan, "y": tilt}, "Zoom": {"x": zoom}}
        self._call("ContinuousMove", Velocity=velocity, Timeout=timedelta(seconds=timeout_s))

    def stop(self) -> None:
        """Stop all axes."""
        self._call("Stop", PanTilt=True, Zoom=True)

    def absolute(self, pan: float, tilt: float, zoom: float) -> None:
        """Go to a position."""
        position = {"PanTilt": {"x": pan, "y": tilt}, "Zoom": {"x": zoom}}
        self._call("AbsoluteMove", Position=position)

    def relative(self, pan: float, tilt: float, zoom: float) -> None:
        """Go by a translation."""
        by = {"PanTilt": {"x": pan, "y": tilt}, "Zoom": {"x": zoom}}
        self._call("RelativeMove", Translation=by)

    def spaces(self) -> PtzSpaces:
        """What the head can be told; asked once. Raises DeviceError.

        A device that does not tell has no more than speeds of -1..1.
        """
        if self._spaces is None:
            try:
                self._spaces = self._ask_spaces()
            except DeviceError as error:
                if error.code in (
                    ErrorCode.UNAUTHORIZED, ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT,
                ):  # fmt: skip
                    raise
                self._spaces = PtzSpaces()
        return self._spaces

    def _ask_spaces(self) -> PtzSpaces:
        nodes = list(self._device.call(PTZ, "GetNodes") or [])
        configurations: list[Any] = []
        with contextlib.suppress(DeviceError):
            configurations = list(self._device.call(PTZ, "GetConfigurations") or [])
        if len(configurations) > 1:
            # A device of several heads: the one that our profile turns.
            with contextlib.suppress(DeviceError, AttributeError):
                profile = self._device.call(MEDIA, "GetProfile", ProfileToken=self._profile)
                ours = profile.PTZConfiguration.token
                configurations = [c for c in configurations if c.token == ours] or configurations
        configuration = configurations[0] if configurations else None
        wanted = getattr(configuration, "NodeToken", None)
        node = next((n for n in nodes if n.token == wanted), nodes[0] if nodes else None)
        return _spaces(getattr(node, "SupportedPTZSpaces", None), configuration)

    def aim(self, x: float, y: float) -> bool:
        """Turn so that a point of the picture (-1..1 from its middle, right and up) is its middle.

        True where the head moves by its field of view; False where it was guessed, and another
        aim may be needed. Raises DeviceError, NOT_SUPPORTED where the head has no relative moves.
        """
        spaces = self.spaces()
        self._aimed = None
        if spaces.by_view is not None:
            if abs(x) >= LEAST_AIM:
                with contextlib.suppress(DeviceError):  # only to learn from
                    self._aimed = x, self.status()
            self._relative(x, y, MOVES_BY_VIEW, spaces.by_view)
            return True
        if spaces.by is None:
            raise DeviceError(ErrorCode.NOT_SUPPORTED, "the head has no relative moves")
        nearer = self._magnification(self._zoom())
        across, up = (half / nearer for half in HALF_VIEW_GUESS)
        self._relative(x * across, y * up, GENERIC_MOVES, spaces.by)
        return False

    def _relative(self, x: float, y: float, space: str, limits: tuple[Range, Range]) -> None:
        by = {"x": clip(x, limits[0]), "y": clip(y, limits[1]), "space": space}
        self._call("RelativeMove", Translation={"PanTilt": by})

    def rested(self) -> None:
        """Told after an aim once the head stands: how far it turned tells how near the lens is."""
        aimed, self._aimed = self._aimed, None
        if aimed is None:
            return
        x, before = aimed
        with contextlib.suppress(DeviceError):
            now = self.status()
            if before.position is None or now.position is None or before.moving:
                return
            turned, limits = abs(now.position[0] - before.position[0]), (-0.999, 0.999)
            same_zoom = abs(now.position[2] - before.position[2]) < LEAST_ZOOM / 2
            # At its end stop, or over the seam of a round head, the way tells nothing.
            if same_zoom and turned and now.position[0] == clip(now.position[0], limits):
                zoom = round(now.position[2], 2)
                # A limit of its own may have cut the way short: the longer one is truer.
                self._views[zoom] = max(turned / abs(x), self._views.get(zoom, 0.0))

    def _ratio(self) -> float:
        """How many times nearer the lens gets from zoom 0 to 1: learnt from two aims, or a guess."""
        if len(self._views) > 1:
            near, far = max(self._views), min(self._views)
            if near - far >= LEAST_ZOOM and self._views[near] < self._views[far]:
                # 1 / view = a + b zoom; the ratio is (a + b) / a.
                b = (1 / self._views[near] - 1 / self._views[far]) / (near - far)
                a = 1 / self._views[far] - b * far
                if a > 0:
                    return clip(1 + b / a, (1.5, 100.0))
        return ZOOM_RATIO

    def _magnification(self, zoom: float) -> float:
        return 1 + (self._ratio() - 1) * zoom

    def _zoom(self) -> float:
        """Where the zoom is; 0 where the head does not tell: then it rather zooms too little."""
        try:
            position = self.status().position
        except DeviceError as error:
            if error.code in (ErrorCode.UNAUTHORIZED, ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT):
                raise
            position = None
        return position[2] if position is not None else 0.0

    def zoom_by(self, factor: float) -> None:
        """Make the picture `factor` times larger (smaller below 1), as far as the lens goes.

        ONVIF's zoom has no unit: exact once two aims at different zooms have taught the lens,
        before that by `ZOOM_RATIO`. Raises DeviceError, NOT_SUPPORTED where zoom takes no position.
        """
        spaces = self.spaces()
        if spaces.zoom_to is None and spaces.zoom_by is None:
            raise DeviceError(ErrorCode.NOT_SUPPORTED, "the head takes no zoom position")
        now = self._zoom()
        wanted = (self._magnification(now) * factor - 1) / (self._ratio() - 1)
        if spaces.zoom_to is not None:
            position = {"Zoom": {"x": clip(wanted, spaces.zoom_to)}}
            self._call("AbsoluteMove", Position=position)
        elif spaces.zoom_by is not None:
            by = clip(clip(wanted, (0.0, 1.0)) - now, spaces.zoom_by)
            self._call("RelativeMove", Translation={"Zoom": {"x": by}})

    def status(self) -> PtzStatus:
        """Position and movement, as far as the device tells."""
        profile = f"<ProfileToken>{element_text(self._profile)}</ProfileToken>"
        # By hand: schema errors in this answer are common, and a stop is verified by it.
        answer = self._device.ask(PTZ, "GetStatus", profile)
        position = moving = None
        pan_tilt = answer.find(".//{*}Position/{*}PanTilt")
        zoom = answer.find(".//{*}Position/{*}Zoom")
        if pan_tilt is not None:
            with contextlib.suppress(ValueError):
                found = (
                    float(pan_tilt.get("x", "")),
                    float(pan_tilt.get("y", "")),
                    float(zoom.get("x", "0")) if zoom is not None else 0.0,
                )
                position = found if all(math.isfinite(v) for v in found) else None
        words = {(e.text or "").strip().upper() for e in answer.iterfind(".//{*}MoveStatus/*")}
        if "MOVING" in words:
            moving = True
        elif "IDLE" in words:
            moving = False
        return PtzStatus(position, moving)

    def presets(self) -> list[Preset]:
        """The stored positions in the device's order."""
        listed = self._call("GetPresets") or []
        return [Preset(str(p.token), str(p.Name or "")) for p in listed if p.token]

    def go_to_preset(self, token: str) -> None:
        """Go to a stored position."""
        self._call("GotoPreset", PresetToken=token)

    def set_preset(self, name: str, token: str | None = None) -> str:
        """Store the present position under a name; with a token, in place of that preset."""
        arguments = {"PresetName": name} | ({"PresetToken": token} if token else {})
        return str(self._call("SetPreset", **arguments))

    def remove_preset(self, token: str) -> None:
        """Forget a stored position."""
        self._call("RemovePreset", PresetToken=token)

    def tours(self) -> list[Preset]:
        """Tours that the camera itself makes from preset to preset; none where it has no such thing.

        Raises DeviceError where it does not answer.
        """
        try:
            listed = self._call("GetPresetTours") or []
        except DeviceError as error:
            if error.code in (ErrorCode.REFUSED, ErrorCode.NOT_SUPPORTED, ErrorCode.MALFORMED):
                return []
            raise
        return [Preset(str(t.token), str(t.Name or "")) for t in listed if t.token]

    def start_tour(self, token: str) -> None:
        """Have the camera go from preset to preset until it is steered."""
        self._call("OperatePresetTour", PresetTourToken=token, Operation="Start")

    def home(self) -> None:
        """Go to the home position."""
        self._call("GotoHomePosition")

    def set_home(self) -> None:
        """Make the present position home."""
        self._call("SetHomePosition")


def _range(found: Any, usual: Range) -> Range:
    """A FloatRange, or what is usual where it makes no sense."""
    try:
        low, high = float(found.Min), float(found.Max)
    except (AttributeError, TypeError, ValueError):
        return usual
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else usual


def _spaces(listed: Any, configuration: Any) -> PtzSpaces:
    """A node's SupportedPTZSpaces, its absolute zoom within the configuration's limits."""
    both: Range = (-1.0, 1.0)

    def find(kind: str, space: str) -> Any:
        found = getattr(listed, kind, None) or []
        return next((s for s in found if str(s.URI).strip() == space), None)

    def two(kind: str, space: str) -> tuple[Range, Range] | None:
        found = find(kind, space)
        return None if found is None else (_range(found.XRange, both), _range(found.YRange, both))

    def one(kind: str, name: str, usual: Range) -> Range | None:
        found = find(kind, f"{PTZ_SPACES}/ZoomSpaces/{name}")
        return None if found is None else _range(found.XRange, usual)

    zoom_to = one("AbsoluteZoomPositionSpace", "PositionGenericSpace", (0.0, 1.0))
    limits = getattr(getattr(configuration, "ZoomLimits", None), "Range", None)
    if zoom_to is not None and limits is not None and "PositionGenericSpace" in str(limits.URI):
        low, high = _range(limits.XRange, zoom_to)
        low, high = clip(low, zoom_to), clip(high, zoom_to)
        zoom_to = (low, high) if low < high else zoom_to
    speeds = f"{PTZ_SPACES}/PanTiltSpaces/VelocityGenericSpace"
    return PtzSpaces(
        two("RelativePanTiltTranslationSpace", MOVES_BY_VIEW),
        two("RelativePanTiltTranslationSpace", GENERIC_MOVES),
        one("RelativeZoomTranslationSpace", "TranslationGenericSpace", both),
        zoom_to,
        two("ContinuousPanTiltVelocitySpace", speeds) or (both, both),
        one("ContinuousZoomVelocitySpace", "VelocityGenericSpace", both) or both,
    )
