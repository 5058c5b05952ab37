"""Set up devices over ONVIF: read what is, set what shall be, read back; change accounts safely.

What the device told is sent back with only the wished fields changed, so that fields of a maker's own
survive. Media2 first, Media otherwise. A password is changed in steps between which the camera can always
be reached with one that is kept (`change_account`).
"""

from __future__ import annotations

import contextlib
import copy
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, unquote

from lxml import etree

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import (
    DEFAULT_TIMEOUT_S,
    DEVICE,
    MEDIA,
    MEDIA2,
    OnvifDevice,
    answer_of,
    device_url,
    text_of,
    wild,
)
from app.devices.rtsp import stream_takes
from app.devices.soap import Pins, element_text
from app.domain.camera import Credentials, StreamRole
from app.domain.setup import (
    GROUPS,
    PLACES,
    Change,
    Outcome,
    Reading,
    Setting,
    Step,
    StreamOptions,
    Value,
    Why,
    grouped,
    judge,
    stream_setting,
)

READ_S = 40.0
"""A whole reading lasts no longer."""
SET_S = 240.0
"""Nor all that is set on one device, its reboots among it."""
AWAY_S = 100.0
"""So long a device may be away after it was told something: cameras reboot in 30 to 90 s."""
AGAIN_S = 1.0
STREAM_S = 10.0
"""So long a camera's streams may take to follow its new account."""
AT_ONCE = 8
"""Devices at work side by side: setting makes them reboot, and a line of a site is thin."""

SCHEMA = "http://www.onvif.org/ver10/schema"
TT = f"{{{SCHEMA}}}"
NAME_SCOPE = "onvif://www.onvif.org/name/"
_CODECS = {"H264": "h264", "H265": "h265", "JPEG": "mjpeg"}
_ENCODINGS = {codec: name for name, codec in _CODECS.items()}
_GONE = (ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT)
S = Setting
T = TypeVar("T")


class Journal(Protocol):
    """Keeps both accounts of one device while one replaces the other. What a method did is on the
    disk when it returns; what they raise means that nothing was kept."""

    def begin(self, old: Credentials, new: Credentials) -> None:
        """Keep both: from now on, one of them is the device's."""
        ...

    def commit(self) -> None:
        """The new one has proved itself: it is the account now, and the old one is forgotten."""
        ...

    def drop(self) -> None:
        """The old one is still the account; the new one never was."""
        ...


class JournalError(Exception):
    """An account could not be kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """One camera to be set up. `tokens`: media profiles by what they are for, where known."""

    camera_id: str
    address: str
    account: Credentials = field(repr=False)
    tokens: Mapping[StreamRole, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What replaces the account in use."""

    account: Credentials = field(repr=False)
    journal: Journal
    remove_old: bool = False


class Camera:
    """One channel of a device, to be read and set. Not for several threads at once."""

    def __init__(self, device: OnvifDevice, tokens: Mapping[StreamRole, str]) -> None:
        self.device, self._tokens = device, tokens
        self._media = ""
        self._codec_profiles: dict[tuple[StreamRole, str], list[str]] = {}

    # -- reading

    def read(self) -> Reading:
        """What it has. Raises DeviceError where it does not answer or takes no account."""
        values: dict[Setting, Value] = {}
        missing: dict[Setting, Why] = {}
        self.device.measure_clock()
        maker = self.device.information().manufacturer
        late = 0
        for group, settings in GROUPS.items():
            if group == "account":
                continue
            try:
                found = self.values_of(group)
            except DeviceError as error:
                late += error.code is ErrorCode.TIMEOUT
                if error.code in (ErrorCode.UNREACHABLE, ErrorCode.TLS) or late > 1:
                    raise
                missing |= dict.fromkeys(settings, _why(error))
                continue
            values |= found
            missing |= {s: Why.NOT_SUPPORTED for s in settings if s not in found}
        if self._fixed_name:
            missing[S.NAME] = Why.FIXED
        options: dict[StreamRole, tuple[StreamOptions, ...]] = {}
        for role in StreamRole:
            if stream_setting(role, "codec") in values:
                with contextlib.suppress(DeviceError):
                    options[role] = self._options(role)
        places: tuple[str, ...] = PLACES
        if S.TEXT in values:
            with contextlib.suppress(DeviceError):
                places = self._places() or PLACES
        users: dict[str, str] = {}
        values[S.ACCOUNT] = self.device.soap.account.username
        try:
            users = self.users()
        except DeviceError as error:
            missing[S.ACCOUNT] = _why(error)
        longest = self._limits()
        return Reading(values, missing, options, places, users, *longest, maker)

    def values_of(self, group: str) -> dict[Setting, Value]:
        """The values of a group of settings. Raises DeviceError."""
        match group:
            case "ntp":
                return {S.NTP: self._ntp()}
            case "clock":
                return self._clock()
            case "hostname":
                answer = self.device.ask(DEVICE, "GetHostname")
                return {S.HOSTNAME: text_of(answer, "HostnameInformation/Name")}
            case "name":
                return {S.NAME: self._name()}
            case "text":
                found = self._overlay("Plain")
                return {
                    S.TEXT: None if found is None else text_of(found, "TextString/PlainText"),
                    S.TEXT_PLACE: None if found is None else text_of(found, "Position/Type"),
                }
            case "time_text":
                found = self._overlay("DateAndTime", "Date", "Time")
                return {S.TIME_PLACE: None if found is None else text_of(found, "Position/Type")}
            case "main" | "sub":
                return self._stream(StreamRole(group))
        raise ValueError(group)

    def _ntp(self) -> str:
        found = self.device.ask(DEVICE, "GetNTP").find("{*}NTPInformation")
        if text_of(found, "FromDHCP") in ("true", "1"):
            return "DHCP"
        hosts = [] if found is None else found.findall("{*}NTPManual")
        names = (
            next((t for tag in ("IPv4Address", "IPv6Address", "DNSname") if (t := text_of(h, tag))), "")
            for h in hosts
        )  # fmt: skip
        return ", ".join(name for name in names if name)

    def _date_and_time(self) -> Any:
        body = f'<GetSystemDateAndTime xmlns="http://www.onvif.org/{DEVICE}/wsdl"/>'
        answer = answer_of(self.device.ask_at(self.device.url, body), "GetSystemDateAndTime")
        return answer.find("{*}SystemDateAndTime")

    def _clock(self) -> dict[Setting, Value]:
        self.device.measure_clock()
        found = self._date_and_time()
        values: dict[Setting, Value] = {S.CLOCK: round(self.device.clock_offset_s)}
        mode = text_of(found, "DateTimeType")
        if mode:
            values[S.CLOCK_MODE] = mode
        zone = text_of(found, "TimeZone/TZ")
        if zone:
            values[S.TIME_ZONE] = zone
        return values

    def _scopes(self) -> list[tuple[str, bool]]:
        listed = self.device.ask(DEVICE, "GetScopes").findall("{*}Scopes")
        return [(text_of(s, "ScopeItem"), text_of(s, "ScopeDef") == "Fixed") for s in listed]

    _fixed_name = False

    def _name(self) -> str:
        named = [(s, fixed) for s, fixed in self._scopes() if s.startswith(NAME_SCOPE)]
        self._fixed_name = bool(named) and all(fixed for _, fixed in named)
        own = [pair for pair in named if not pair[1]] or named
        return unquote(own[0][0].removeprefix(NAME_SCOPE)).replace("_", " ") if own else ""

    def users(self) -> dict[str, str]:
        """Level by user name. Raises DeviceError; only administrators are told."""
        listed = self.device.ask(DEVICE, "GetUsers").findall("{*}User")
        return {text_of(u, "Username"): text_of(u, "UserLevel") for u in listed}

    def _limits(self) -> tuple[int, int]:
        """The longest password and user name; 0 where it does not say."""
        try:
            found = self.device.ask(DEVICE, "GetServiceCapabilities")
        except DeviceError:
            return 0, 0
        security = found.find(wild("Capabilities/Security"))
        if security is None:
            return 0, 0
        password, name = (
            int(text) if re.fullmatch(r"\d{1,4}", text := security.get(tag, "")) else 0
            for tag in ("MaxPasswordLength", "MaxUserNameLength")
        )
        return password, name

    # -- media

    def _on_media(self, ask: Callable[[str], T]) -> T:
        """Ask Media2 where the device lists it, and Media where that fails."""
        services = [self._media] if self._media else [MEDIA2, MEDIA]
        trouble = DeviceError(ErrorCode.NOT_SUPPORTED, "the device has no MEDIA")
        for service in services:
            if not self.device.has(service):
                continue
            try:
                answer = ask(service)
            except DeviceError as error:
                if error.code in (*_GONE, ErrorCode.TLS, ErrorCode.UNAUTHORIZED):
                    raise
                trouble = error
                continue
            return answer
        raise trouble

    def _profiles(self) -> list[tuple[str, Any, Any]]:
        """(token, encoder, video source) of each profile with an encoder."""

        def ask(service: str) -> list[tuple[str, Any, Any]]:
            if service == MEDIA2:
                inner = "<Type>VideoSource</Type><Type>VideoEncoder</Type>"
                paths = "Configurations/VideoEncoder", "Configurations/VideoSource"
            else:
                inner, paths = "", ("VideoEncoderConfiguration", "VideoSourceConfiguration")
            answer = self.device.ask(service, "GetProfiles", inner)
            found = [
                (p.get("token", ""), p.find(wild(paths[0])), p.find(wild(paths[1])))
                for p in answer.findall("{*}Profiles")
            ]
            result = [f for f in found if f[0] and f[1] is not None]
            if not result:
                raise DeviceError(ErrorCode.NOT_SUPPORTED, "the device has no streams")
            self._media = service
            return result

        return self._on_media(ask)

    def _chosen(self) -> dict[StreamRole, tuple[str, Any, Any]]:
        """The profile of each role: those that the register knows, else the largest, and of those
        smaller the one nearest to 640 x 360, of the same video source (as `OnvifDevice.streams`).

        Where the register knows none, a device of several sources is not touched: it might be
        another camera's picture.
        """
        profiles = self._profiles()
        by_token = {p[0]: p for p in profiles}
        known = {r: by_token[t] for r, t in self._tokens.items() if t in by_token}
        sources = {text_of(p[2], "SourceToken") for p in known.values() or profiles}
        if len(sources) > 1:
            raise DeviceError(ErrorCode.NOT_SUPPORTED, "not known which channel it is")
        own = [p for p in profiles if text_of(p[2], "SourceToken") in sources]

        def area(profile: tuple[str, Any, Any]) -> int:
            return _int(profile[1], "Resolution/Width") * _int(profile[1], "Resolution/Height")

        main = known.get(StreamRole.MAIN) or max(own, key=area)
        rest = [p for p in own if area(p) < area(main)]
        chosen = {StreamRole.MAIN: main}
        if rest:
            chosen[StreamRole.SUB] = min(rest, key=lambda p: abs(area(p) - 640 * 360))
        return chosen | known

    def _profile(self, role: StreamRole) -> tuple[str, Any, Any]:
        try:
            return self._chosen()[role]
        except KeyError:
            raise DeviceError(ErrorCode.NOT_SUPPORTED, "there is no such stream") from None

    def _stream(self, role: StreamRole) -> dict[Setting, Value]:
        encoder = self._profile(role)[1]
        encoding = text_of(encoder, "Encoding").upper()
        values: dict[Setting, Value] = {
            stream_setting(role, "codec"): _CODECS.get(encoding, encoding.lower()),
        }
        width, height = _int(encoder, "Resolution/Width"), _int(encoder, "Resolution/Height")
        if width and height:
            values[stream_setting(role, "size")] = f"{width}x{height}"
        for name, path in (("fps", "FrameRateLimit"), ("kbps", "BitrateLimit")):
            number = _number(text_of(encoder, f"RateControl/{path}"))
            if number:
                values[stream_setting(role, name)] = number
        gop = _number(encoder.get("GovLength", "") or text_of(encoder, "H264/GovLength"))
        if gop:
            values[stream_setting(role, "gop")] = gop
        return values

    def _options(self, role: StreamRole) -> tuple[StreamOptions, ...]:
        token, encoder, _ = self._profile(role)
        inner = (
            f"<ConfigurationToken>{element_text(encoder.get('token', ''))}</ConfigurationToken>"
            f"<ProfileToken>{element_text(token)}</ProfileToken>"
        )
        answer = self.device.ask(self._media, "GetVideoEncoderConfigurationOptions", inner)
        found = []
        if self._media == MEDIA2:
            for o in answer.findall("{*}Options"):
                codec = _CODECS.get(text_of(o, "Encoding").upper())
                if codec is None:
                    continue
                self._codec_profiles[role, codec] = o.get("ProfilesSupported", "").split()
                rates = tuple(float(r) for r in _numbers(o.get("FrameRatesSupported", "")))
                gop = _numbers(o.get("GovLengthRange", ""))
                found.append(
                    StreamOptions(
                        codec, _sizes(o), rates, None, _range(o.find("{*}BitrateRange")),
                        (int(gop[0]), int(gop[-1])) if len(gop) > 1 else None,
                    )
                )  # fmt: skip
            return tuple(found)
        options = answer.find("{*}Options")
        for encoding, codec in _CODECS.items():
            plain = None if options is None else options.find(f"{{*}}{encoding}")
            if plain is None:
                continue
            more = options.find(f"{{*}}Extension/{{*}}{encoding}")
            rates_range = _range(plain.find("{*}FrameRateRange"))
            found.append(
                StreamOptions(
                    codec, _sizes(plain), (), rates_range,
                    None if more is None else _range(more.find("{*}BitrateRange")),
                    _range(plain.find("{*}GovLengthRange")),
                )
            )  # fmt: skip
        return tuple(found)

    def _overlays(self) -> tuple[str, str, list[Any]]:
        """(service, video source configuration, texts on this channel's picture)."""
        source = self._profile(StreamRole.MAIN)[2]
        token = "" if source is None else source.get("token", "")
        inner = f"<ConfigurationToken>{element_text(token)}</ConfigurationToken>" if token else ""
        trouble = DeviceError(ErrorCode.NOT_SUPPORTED, "the device has no texts on the picture")
        for service in dict.fromkeys((self._media, MEDIA)):
            if not self.device.has(service):
                continue
            try:
                listed = self.device.ask(service, "GetOSDs", inner).findall("{*}OSDs")
            except DeviceError as error:
                if error.code in (*_GONE, ErrorCode.TLS):
                    raise
                trouble = error
                continue
            own = [
                o for o in listed
                if text_of(o, "VideoSourceConfigurationToken") in ("", token)
            ]  # fmt: skip
            return service, token, own
        raise trouble

    def _overlay(self, *kinds: str) -> Any:
        texts = self._overlays()[2]
        return next(
            (o for kind in kinds for o in texts if text_of(o, "TextString/Type") == kind), None
        )

    def _overlay_options(self) -> Any:
        service, token, _ = self._overlays()
        inner = f"<ConfigurationToken>{element_text(token)}</ConfigurationToken>"
        return self.device.ask(service, "GetOSDOptions", inner).find("{*}OSDOptions")

    def _places(self) -> tuple[str, ...]:
        found = self._overlay_options()
        listed = [] if found is None else found.findall("{*}PositionOption")
        told = [(e.text or "").strip() for e in listed]
        return tuple(p for p in PLACES if p in told)

    # -- setting

    def apply(self, group: str, changes: Sequence[Change]) -> None:
        """Tell the device. Raises DeviceError."""
        new = {c.setting: c.new for c in changes}
        match group:
            case "ntp":
                self._set_ntp(str(new[S.NTP] or ""))
            case "clock":
                self._set_clock(new)
            case "hostname":
                name = f"<Name>{element_text(str(new[S.HOSTNAME] or ''))}</Name>"
                self.device.ask(DEVICE, "SetHostname", name)
            case "name":
                self._set_name(str(new[S.NAME] or ""))
            case "text":
                self._set_text(new)
            case "time_text":
                self._set_time_text(new[S.TIME_PLACE])
            case "main" | "sub":
                self._set_stream(StreamRole(group), new)
            case _:
                raise ValueError(group)

    def _set_ntp(self, wanted: str) -> None:
        dhcp = wanted == "DHCP"
        hosts = "" if dhcp else "".join(map(_network_host, filter(None, wanted.split(", "))))
        self.device.ask(DEVICE, "SetNTP", f"<FromDHCP>{str(dhcp).lower()}</FromDHCP>{hosts}")

    def _set_clock(self, new: Mapping[Setting, Value]) -> None:
        now = self._date_and_time()
        mode = str(new.get(S.CLOCK_MODE) or text_of(now, "DateTimeType") or "Manual")
        zone = str(new.get(S.TIME_ZONE) or text_of(now, "TimeZone/TZ"))
        summer = text_of(now, "DaylightSavings") in ("true", "1")
        if S.TIME_ZONE in new:
            summer = "," in zone
        inner = f"<DateTimeType>{mode}</DateTimeType><DaylightSavings>{str(summer).lower()}"
        inner += "</DaylightSavings>"
        if zone:
            inner += f'<TimeZone><TZ xmlns="{SCHEMA}">{element_text(zone)}</TZ></TimeZone>'
        if mode != "NTP":
            # Its own time where only the zone or the mode is to change.
            offset = 0.0 if S.CLOCK in new else self.device.clock_offset_s
            at = datetime.now(UTC) + timedelta(seconds=offset + 0.5)
            inner += (
                f'<UTCDateTime><Time xmlns="{SCHEMA}"><Hour>{at.hour}</Hour><Minute>{at.minute}'
                f'</Minute><Second>{at.second}</Second></Time><Date xmlns="{SCHEMA}"><Year>'
                f"{at.year}</Year><Month>{at.month}</Month><Day>{at.day}</Day></Date></UTCDateTime>"
            )
        self.device.ask(DEVICE, "SetSystemDateAndTime", inner)
        self.device.measure_clock()  # what is signed from now on has the new time in it

    def _set_name(self, name: str) -> None:
        kept = [s for s, fixed in self._scopes() if not fixed and not s.startswith(NAME_SCOPE)]
        scopes = [*kept, NAME_SCOPE + quote(name, safe="")]
        inner = "".join(f"<Scopes>{element_text(s)}</Scopes>" for s in scopes)
        self.device.ask(DEVICE, "SetScopes", inner)

    def _set_text(self, new: Mapping[Setting, Value]) -> None:
        service, source, _ = self._overlays()
        found = self._overlay("Plain")
        if S.TEXT in new and new[S.TEXT] is None:
            if found is not None:
                self._delete_overlay(service, found)
            return
        if found is None:
            if S.TEXT not in new:
                raise DeviceError(ErrorCode.NOT_SUPPORTED, "there is no text to be moved")
            place = str(new.get(S.TEXT_PLACE) or "LowerLeft")
            text = element_text(str(new[S.TEXT]))
            self._create_overlay(
                service, source, place, f"<Type>Plain</Type><PlainText>{text}</PlainText>"
            )
            return
        element = copy.deepcopy(found)
        if S.TEXT in new:
            _child(_child(element, "TextString"), "PlainText").text = str(new[S.TEXT])
        self._send_overlay(service, element, new.get(S.TEXT_PLACE))

    def _set_time_text(self, place: Value) -> None:
        service, source, _ = self._overlays()
        found = self._overlay("DateAndTime", "Date", "Time")
        if place is None:
            if found is not None:
                self._delete_overlay(service, found)
        elif found is not None:
            self._send_overlay(service, copy.deepcopy(found), place)
        else:
            inner = "<Type>DateAndTime</Type>"
            with contextlib.suppress(DeviceError):
                options = self._overlay_options()
                for tag, liked in (("DateFormat", "yyyy-MM-dd"), ("TimeFormat", "HH:mm:ss")):
                    told = [e.text or "" for e in options.findall(f"{{*}}TextOption/{{*}}{tag}")]
                    if told:
                        chosen = liked if liked in told else told[0]
                        inner += f"<{tag}>{element_text(chosen)}</{tag}>"
            self._create_overlay(service, source, str(place), inner)

    def _send_overlay(self, service: str, element: Any, place: Value) -> None:
        if place is not None:
            position = _child(element, "Position")
            _child(position, "Type").text = str(place)
            if place != "Custom":
                for exact in position.findall("{*}Pos"):
                    position.remove(exact)
        self.device.ask(service, "SetOSD", _as("OSD", service, element))

    def _create_overlay(self, service: str, source: str, place: str, text: str) -> None:
        inner = (
            f'<OSD token=""><VideoSourceConfigurationToken xmlns="{SCHEMA}">{element_text(source)}'
            f'</VideoSourceConfigurationToken><Type xmlns="{SCHEMA}">Text</Type><Position xmlns='
            f'"{SCHEMA}"><Type>{element_text(place)}</Type></Position><TextString xmlns="{SCHEMA}">'
            f"{text}</TextString></OSD>"
        )
        self.device.ask(service, "CreateOSD", inner)

    def _delete_overlay(self, service: str, element: Any) -> None:
        token = f"<OSDToken>{element_text(element.get('token', ''))}</OSDToken>"
        self.device.ask(service, "DeleteOSD", token)

    def _set_stream(self, role: StreamRole, new: Mapping[Setting, Value]) -> None:
        element = copy.deepcopy(self._profile(role)[1])
        media2 = self._media == MEDIA2

        def wanted(name: str) -> Value:
            return new.get(stream_setting(role, name))

        codec = wanted("codec")
        if codec is not None:
            _child(element, "Encoding").text = _ENCODINGS[str(codec)]
            if media2:
                self._choose_profile(role, str(codec), element)
            else:
                _change_codec(element, str(codec), wanted("gop"))
        size = wanted("size")
        if size is not None:
            width, _, height = str(size).partition("x")
            resolution = _child(element, "Resolution")
            _child(resolution, "Width").text, _child(resolution, "Height").text = width, height
        for name, tag in (("fps", "FrameRateLimit"), ("kbps", "BitrateLimit")):
            value = wanted(name)
            if value is not None:
                _child(_child(element, "RateControl"), tag).text = f"{float(value):g}"
        gop = wanted("gop")
        if gop is not None:
            if media2:
                element.set("GovLength", f"{float(gop):g}")
            else:
                _child(_child(element, "H264"), "GovLength").text = f"{float(gop):g}"
        inner = _as("Configuration", self._media, element)
        if not media2:
            inner += "<ForcePersistence>true</ForcePersistence>"
        self.device.ask(self._media, "SetVideoEncoderConfiguration", inner)

    def _choose_profile(self, role: StreamRole, codec: str, element: Any) -> None:
        """An H.264 profile is none of H.265, and the other way round."""
        if (role, codec) not in self._codec_profiles:
            with contextlib.suppress(DeviceError):
                self._options(role)
        known = self._codec_profiles.get((role, codec), [])
        if codec == "mjpeg":
            element.attrib.pop("Profile", None)
        elif known and element.get("Profile") not in known:
            element.set("Profile", "Main" if "Main" in known else known[0])


# -- what devices send


def _words(error: DeviceError) -> str:
    """The device's own words, or "@" and the code of what we know better in any language."""
    return error.message if error.code is ErrorCode.REFUSED else f"@{error.code.value}"


def _why(error: DeviceError) -> Why:
    match error.code:
        case ErrorCode.NOT_SUPPORTED:
            return Why.NOT_SUPPORTED
        case ErrorCode.UNAUTHORIZED:
            return Why.FIXED  # the account may log in, and may not do this
    return Why.NOT_READ


def _number(text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        return 0
    if not 0 <= number < 1e6:
        return 0
    return int(number) if number == int(number) else number


def _int(element: Any, path: str) -> int:
    return int(_number(text_of(element, path)))


def _numbers(text: str) -> list[float]:
    return [float(n) for part in text.split()[:500] if (n := _number(part))]


def _range(element: Any) -> tuple[int, int] | None:
    if element is None:
        return None
    low, high = _int(element, "Min"), _int(element, "Max")
    return (low, high) if 0 <= low <= high and high else None


def _sizes(element: Any) -> tuple[str, ...]:
    found = (
        (_int(r, "Width"), _int(r, "Height"))
        for r in element.findall("{*}ResolutionsAvailable")[:200]
    )
    return tuple(dict.fromkeys(f"{w}x{h}" for w, h in found if w and h))


def _child(element: Any, tag: str) -> Any:
    """A child of that name; made where there is none."""
    found = element.find(f"{{*}}{tag}")
    return etree.SubElement(element, f"{TT}{tag}") if found is None else found


def _as(tag: str, service: str, element: Any) -> str:
    """What a device told, under the name under which it is told back."""
    element.tag = f"{{http://www.onvif.org/{service}/wsdl}}{tag}"
    element.tail = None
    return str(etree.tostring(element, encoding="unicode"))


def _change_codec(element: Any, codec: str, gop: Value) -> None:
    """Of Media: each codec has an element of its own, after the rate control."""
    for tag in ("H264", "MPEG4"):
        for other in element.findall(f"{{*}}{tag}"):
            if tag != "H264" or codec != "h264":
                element.remove(other)
    if codec == "h264" and element.find("{*}H264") is None:
        made = etree.Element(f"{TT}H264")
        _child(made, "GovLength").text = f"{float(gop or 50):g}"
        _child(made, "H264Profile").text = "Main"
        before = element.find("{*}RateControl")
        place = len(element) if before is None else list(element).index(before) + 1
        element.insert(place, made)


def _network_host(address: str) -> str:
    if ":" in address:
        kind, tag = "IPv6", "IPv6Address"
    elif re.fullmatch(r"[\d.]+", address):
        kind, tag = "IPv4", "IPv4Address"
    else:
        kind, tag = "DNS", "DNSname"
    return (
        f'<NTPManual><Type xmlns="{SCHEMA}">{kind}</Type><{tag} xmlns="{SCHEMA}">'
        f"{element_text(address)}</{tag}></NTPManual>"
    )


# -- one camera


def connected(job: Job, *, timeout_s: float, budget_s: float, pins: Pins | None) -> OnvifDevice:
    """A device with one deadline for all that is asked of it. Raises DeviceError for no address."""
    device = OnvifDevice(device_url(job.address), job.account, timeout_s, pins)
    device.soap.until = time.monotonic() + budget_s
    return device


def read_setup(
    job: Job,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    budget_s: float = READ_S,
    pins: Pins | None = None,
) -> Reading:
    """What a camera has. Raises DeviceError."""
    device = connected(job, timeout_s=timeout_s, budget_s=budget_s, pins=pins)
    try:
        return Camera(device, job.tokens).read()
    finally:
        device.close()


def set_up(
    job: Job,
    changes: Iterable[Change],
    account: NewAccount | None = None,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    budget_s: float = SET_S,
    away_s: float = AWAY_S,
    pins: Pins | None = None,
    cancelled: threading.Event | None = None,
    told: Callable[[Step], None] = lambda step: None,
) -> list[Step]:
    """Set, wait for reboots, read back. Never raises DeviceError: what went wrong is in the steps.

    `cancelled` ends it between two steps, never within a change of the account.
    """
    groups = grouped(changes)
    steps: list[Step] = []

    def note(*more: Step) -> None:
        steps.extend(more)
        for step in more:
            told(step)

    try:
        device = connected(job, timeout_s=timeout_s, budget_s=budget_s, pins=pins)
    except DeviceError as error:
        note(*(Step(c, Outcome.NOT_BEGUN, detail=_words(error)) for _, g in groups for c in g))
        return steps
    try:
        lost = ""
        camera = Camera(device, job.tokens)
        try:
            device.measure_clock()
        except DeviceError as error:
            lost = _words(error)
        for name, group in groups:
            if lost or (cancelled is not None and cancelled.is_set()):
                note(*(Step(c, Outcome.NOT_BEGUN, detail=lost) for c in group))
            elif name == "account":
                if account is not None:
                    note(_change_account(camera, group[0], account, away_s))
            else:
                found = _set_group(camera, name, group, away_s)
                note(*found)
                lost = next((s.detail for s in found if s.outcome is Outcome.NO_ANSWER), "")
    finally:
        device.close()
    return steps


def _set_group(camera: Camera, name: str, group: tuple[Change, ...], away_s: float) -> list[Step]:
    """One group: told once, and once more where a reboot swallowed it; then read back."""
    for attempt in range(2):
        try:
            camera.apply(name, group)
        except DeviceError as error:
            if error.code not in _GONE:
                return [Step(c, Outcome.REFUSED, c.old, _words(error)) for c in group]
        try:
            now = _again(away_s, lambda: camera.values_of(name), camera.device)
            if all(judge(c, now.get(c.setting)) is Outcome.UNCHANGED for c in group):
                # Some answer at once and set a moment later; some reboot only then.
                time.sleep(AGAIN_S)
                now = _again(away_s, lambda: camera.values_of(name), camera.device)
        except DeviceError as error:
            return [Step(c, Outcome.NO_ANSWER, None, _words(error)) for c in group]
        steps = [Step(c, judge(c, now.get(c.setting)), now.get(c.setting)) for c in group]
        if attempt or any(s.outcome is not Outcome.UNCHANGED for s in steps):
            break
    return steps


def _again(away_s: float, ask: Callable[[], T], device: OnvifDevice) -> T:
    """Ask, again and again while the device is away. Raises DeviceError in the end."""
    until = time.monotonic() + away_s
    while True:
        try:
            return ask()
        except DeviceError as error:
            over = device.soap.until
            if over is not None:
                until = min(until, over)
            if error.code not in _GONE or time.monotonic() + AGAIN_S >= until:
                raise
        time.sleep(AGAIN_S)


# -- accounts


class _Proof:
    """Which of two accounts a device takes."""

    NEW, OLD, NEITHER, OPEN, SILENT = "new", "old", "neither", "open", "silent"


def takes(device: OnvifDevice, account: Credentials) -> bool | None:
    """Whether a device takes an account, by a question that only its administrators may ask; None
    where it answers that to anybody. On a connection of its own. Raises DeviceError."""
    old = device.soap
    asked = OnvifDevice(device.url, account, old.timeout_s, old.pins)
    # The way of signing that works: each wrong guess counts towards a lock-out.
    asked.soap.clock_offset_s, asked.soap.signed_by = old.clock_offset_s, old.signed_by
    asked.soap.until = old.until
    try:
        asked.measure_clock()
        asked.ask(DEVICE, "GetUsers")
        return None if asked.is_open() else True
    except DeviceError as error:
        if error.code is not ErrorCode.UNAUTHORIZED:
            raise
        return False
    finally:
        asked.close()


def prove(device: OnvifDevice, old: Credentials, new: Credentials, away_s: float) -> str:
    """Which account works, one of `_Proof`. Waits while the device is away.

    The new one is asked first and each not more than needed: cameras lock out who guesses.
    """
    until = time.monotonic() + away_s
    if device.soap.until is not None:
        # The proof is worth more than the deadline of all the rest.
        device.soap.until = max(device.soap.until, until)
    rounds = 0
    while True:
        try:
            said = takes(device, new)
            if said is not False:
                return _Proof.NEW if said else _Proof.OPEN
            if old:
                said = takes(device, old)
                if said is None:
                    return _Proof.OPEN
                if said:
                    if rounds:
                        return _Proof.OLD
                    rounds += 1  # it may answer first and change a moment later
                    time.sleep(AGAIN_S)
                    continue
            rounds += 1
            if rounds > 1:
                return _Proof.NEITHER
        except DeviceError as error:
            if error.code not in (*_GONE, ErrorCode.NOT_ONVIF, ErrorCode.MALFORMED):
                return _Proof.SILENT
        if time.monotonic() + AGAIN_S >= until:
            return _Proof.SILENT
        time.sleep(AGAIN_S)


def _user(account: Credentials, level: str) -> str:
    return (
        f'<User><Username xmlns="{SCHEMA}">{element_text(account.username)}</Username>'
        f'<Password xmlns="{SCHEMA}">{element_text(account.password)}</Password>'
        f'<UserLevel xmlns="{SCHEMA}">{element_text(level)}</UserLevel></User>'
    )


def _change_account(camera: Camera, change: Change, wish: NewAccount, away_s: float) -> Step:
    """The new account is made and proved before the old one is forgotten.

    Both are kept (`Journal.begin`) before the device is told anything; it is told; whichever of the
    two it takes is kept. Where that is not known, both stay kept and `settle` asks again later.
    """
    device, new, journal = camera.device, wish.account, wish.journal
    old = device.soap.account

    def step(outcome: Outcome, now: Value = None, detail: str = "") -> Step:
        for secret in (new.password, old.password):
            detail = detail.replace(secret, "••••") if secret else detail
        return Step(change, outcome, now, detail)

    try:
        users = _again(away_s, camera.users, device)
    except DeviceError as error:
        return step(Outcome.NOT_BEGUN, old.username, _words(error))
    try:
        journal.begin(old, new)
    except JournalError as error:
        return step(Outcome.NOT_BEGUN, old.username, str(error))
    stream = _stream_of(camera, old)
    operation, level = "CreateUsers", "Administrator"
    if new.username in users:
        operation = "SetUser"
        level = users[new.username] if new.username == old.username else level
    for _ in range(2):
        refusal: DeviceError | None = None
        try:
            device.ask(DEVICE, operation, _user(new, level))
        except DeviceError as error:
            refusal = error
        proof = prove(device, old, new, away_s)
        if proof != _Proof.OLD or refusal is None or refusal.code not in _GONE:
            break  # else a reboot swallowed it: once more
    refused = refusal is not None and refusal.code not in _GONE
    words = _words(refusal) if refusal is not None else ""
    try:
        if proof == _Proof.OLD and refused:
            journal.drop()
            return step(Outcome.REFUSED, old.username, words)
        if proof == _Proof.OLD:
            # It said yes, or nothing: it may still come. Both stay kept until `settle`.
            return step(Outcome.UNCHANGED, old.username, words)
        if proof != _Proof.NEW:
            return step(Outcome.UNSURE, None, words)
        kept = Outcome.DONE
        if stream and not _stream_follows(stream, old, new, away_s):
            device.soap.account = new
            device.soap.close()
            if _back_to(device, old, new, level, operation, away_s):
                device.soap.account = old
                device.soap.close()
                journal.drop()
                return step(Outcome.REFUSED, old.username, "@streams")
            kept = Outcome.OLD_STAYS
        journal.commit()
    except JournalError as error:
        return step(Outcome.UNSURE, None, str(error))
    device.soap.account = new
    device.soap.close()
    if kept is Outcome.OLD_STAYS:
        return step(kept, new.username, "@streams")
    return _end_old(device, change, old, wish, away_s)


def _stream_of(camera: Camera, old: Credentials) -> str:
    """The address of a stream that takes the present account; "" where none can tell."""
    try:
        chosen = camera._chosen()
        token = chosen.get(StreamRole.SUB, chosen[StreamRole.MAIN])[0]
        url = camera.device._stream_uri(camera._media, token)
    except DeviceError:
        return ""
    return url if stream_takes(url, old) else ""


def _stream_follows(url: str, old: Credentials, new: Credentials, away_s: float) -> bool:
    """Whether the stream takes the new account too; False only where it says no, and takes the old
    one as before: then its accounts are others than those of ONVIF."""
    until = time.monotonic() + min(away_s, STREAM_S)
    while True:
        said = stream_takes(url, new)
        if said or time.monotonic() + AGAIN_S >= until:
            return said is not False or not stream_takes(url, old)
        time.sleep(AGAIN_S)


def _back_to(
    device: OnvifDevice,
    old: Credentials,
    new: Credentials,
    level: str,
    operation: str,
    away_s: float,
) -> bool:
    """Take a change of account back; whether the device takes the old one (again)."""
    try:
        if operation == "CreateUsers":
            name = f"<Username>{element_text(new.username)}</Username>"
            device.ask(DEVICE, "DeleteUsers", name)
        elif new.username == old.username:
            device.ask(DEVICE, "SetUser", _user(old, level))
        return _again(away_s, lambda: takes(device, old), device) is True
    except DeviceError:
        return False


def _end_old(
    device: OnvifDevice, change: Change, old: Credentials, wish: NewAccount, away_s: float
) -> Step:
    """The new account is in use; see to it that the old one no longer works."""
    new, detail = wish.account, ""
    if new.username != old.username and not (wish.remove_old and old.username):
        return Step(change, Outcome.DONE, new.username)
    try:
        if new.username != old.username:
            name = f"<Username>{element_text(old.username)}</Username>"
            if old.username in _again(away_s, lambda: Camera(device, {}).users(), device):
                device.ask(DEVICE, "DeleteUsers", name)
        still = _again(away_s, lambda: takes(device, old), device)
    except DeviceError as error:
        still, detail = True, _words(error)
    if still is False:
        return Step(change, Outcome.DONE, new.username)
    for secret in (new.password, old.password):
        detail = detail.replace(secret, "••••") if secret else detail
    return Step(change, Outcome.OLD_STAYS, new.username, detail)


def settle(
    job: Job,
    old: Credentials,
    new: Credentials,
    journal: Journal,
    *,
    patient: bool,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    budget_s: float = READ_S,
    pins: Pins | None = None,
) -> bool | None:
    """Ask a device which of two kept accounts is its own, and keep that one: True for the new one,
    False for the old one, None where both stay kept. Raises JournalError.

    `patient`: the change is so recent that it may still come; then the old one is no answer.
    """
    try:
        device = connected(
            replace(job, account=new), timeout_s=timeout_s, budget_s=budget_s, pins=pins
        )
    except DeviceError:
        return None
    try:
        device.measure_clock()
        proof = prove(device, old, new, 0.0)
    except DeviceError:
        return None
    finally:
        device.close()
    if proof == _Proof.NEW:
        journal.commit()
        return True
    if proof == _Proof.OLD and not patient:
        journal.drop()
        return False
    return None


# -- many


def side_by_side(
    jobs: Iterable[Job],
    work: Callable[[Job], T],
    told: Callable[[Job, T], None],
    cancelled: threading.Event,
    at_once: int = AT_ONCE,
) -> None:
    """`work` on every job, `told` of each as it is done; the jobs of one device one after another.

    After `cancelled` no further job begins; those under way are waited for.
    """
    devices: dict[str, list[Job]] = {}
    for job in jobs:
        devices.setdefault(job.address, []).append(job)

    def run(same: list[Job]) -> None:
        for job in same:
            if cancelled.is_set():
                return
            told(job, work(job))

    with ThreadPoolExecutor(at_once, thread_name_prefix="setup") as pool:
        for future in as_completed([pool.submit(run, same) for same in devices.values()]):
            future.result()
