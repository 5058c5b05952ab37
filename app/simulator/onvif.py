"""ONVIF services of simulated cameras: Device, Media, Media2, PTZ, Imaging, Events (PullPoint).

One HTTP port; a camera's services live under `/cam3/onvif/...`. Heads really turn: PTZ commands go
to the camera's `PtzMotion`, which its picture shows.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from app.domain.camera import StreamRole
from app.simulator import panorama, soap
from app.simulator.camera import FaultKind, SimulatedCamera
from app.simulator.motion import Preset, PtzMotion
from app.simulator.onvif_events import PullPoints, duration_seconds, utc
from app.simulator.onvif_setup import ENCODINGS, MAX_PASSWORD, SetupOperations
from app.simulator.soap import Fault, Request

SPACES = "http://www.onvif.org/ver10/tptz"
PAN_TILT_SPACE = f"{SPACES}/PanTiltSpaces"
ZOOM_SPACE = f"{SPACES}/ZoomSpaces"
FOV_SPACE = f"{PAN_TILT_SPACE}/TranslationSpaceFov"
SERVICES = {
    "tds": "device_service",
    "trt": "media_service",
    "tr2": "media2_service",
    "tptz": "ptz_service",
    "timg": "imaging_service",
    "tev": "event_service",
}
_PREFIX = {uri: prefix for prefix, uri in soap.NS.items()}
_PREFIX["http://docs.oasis-open.org/wsn/bw-2"] = "wsnt"
OPEN_OPERATIONS = {
    "GetSystemDateAndTime",
    "GetServices",
    "GetCapabilities",
    "GetServiceCapabilities",
    "GetHostname",
}
"""What anybody may ask: pre-authentication access class of the ONVIF core specification."""

MAX_PRESETS = 64
PTZ_TIMEOUT_S = (0.1, 60.0)
TOUR = "Tour_1"
ODD_TOKEN = " {role} Straße №1 <&'\"> "  # noqa: S105
"""A token in which everything is wrong that the specification allows."""

IDLE_S = 60.0
"""A connection without a request is closed after so long."""

log = logging.getLogger(__name__)


class CameraServices(SetupOperations):
    """What one camera answers. Operations are methods named `<prefix>_<Operation>`."""

    def __init__(self, camera: SimulatedCamera, port: Callable[[], int]) -> None:
        self.camera = camera
        self._port = port
        self._slowed = 0
        self.guard = soap.Guard(camera.password_of, lambda: camera.open)
        self.events = PullPoints(camera.clock, lambda n: self.url("event_service", f"/{n}"))
        self.events.fault = self.camera.faults.get
        self.events.sources = self._source_configurations
        self.imaging = {"Brightness": 50.0, "ColorSaturation": 50.0, "Contrast": 50.0,
                        "Sharpness": 50.0}  # fmt: skip

    # -- addresses

    def url(self, service: str, suffix: str = "") -> str:
        """A service's address as this camera announces it."""
        host, port = self.camera.url_host, self._port()
        if self.camera.fault(FaultKind.ONVIF_WRONG_HOST) is not None:
            host = "192.0.2.77"  # TEST-NET-1: nobody is there
        port = self._wrong_port() or port
        return f"http://{host}:{port}/{self.camera.camera_id}/onvif/{service}{suffix}"

    def _wrong_port(self) -> int:
        wrong = self.camera.fault(FaultKind.ONVIF_WRONG_PORT)
        return 0 if wrong is None else int(wrong.get("port", 1))

    def _services(self) -> dict[str, str]:
        services = dict(SERVICES)
        if not self.camera.has_ptz:
            del services["tptz"]
        if self.camera.fault(FaultKind.MEDIA2_ABSENT) is not None:
            del services["tr2"]
        if self.camera.fault(FaultKind.MEDIA1_ABSENT) is not None:
            del services["trt"]
        return services

    async def answer(self, request: Request) -> str:
        """The body's XML for a request. Raises Fault."""
        namespace, name = request.operation
        prefix = _PREFIX.get(namespace, "")
        if prefix == "tptz" and not self.camera.has_ptz:
            raise Fault("ActionNotSupported", "this camera has no PTZ", more="PTZNotSupported")
        service = "tev" if prefix == "wsnt" else prefix
        here = request.path.split("/")[3:4] == [self._services().get(service)]
        served: object = self.events if service == "tev" else self
        handler = getattr(served, f"{prefix}_{name}", None)
        if handler is None or not here:
            raise Fault("ActionNotSupported", f"{name} is not served here")
        if service != "tev":  # asked all the time
            self.camera.last_command = name
        if prefix == "tptz":
            slow = self.camera.fault(FaultKind.PTZ_SLOW)
            if slow is not None:
                self._slowed += 1
                # With `every`, some overtake others.
                if self._slowed % int(slow.get("every", 1)) == 0:
                    await asyncio.sleep(float(slow.get("seconds", 2.0)))
        result = await self.setting(prefix, name, request, handler)
        if asyncio.iscoroutine(result):
            result = await result
        assert isinstance(result, str)
        return result

    # -- device

    def tds_GetSystemDateAndTime(self, request: Request) -> str:
        now = datetime.fromtimestamp(self.camera.clock(), UTC)
        moment = (
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
            f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
        )
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
            f"<tt:DateTimeType>{self.camera.settings.clock_mode}</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>"
            f"{escape(self.camera.settings.time_zone)}</tt:TZ></tt:TimeZone>"
            f"<tt:UTCDateTime>{moment}</tt:UTCDateTime>"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def tds_SetSystemDateAndTime(self, request: Request) -> str:
        def number(path: str) -> int:
            text = request.text(f"tds:UTCDateTime/{path}")
            if text is None or not text.isdigit():
                raise Fault("InvalidArgVal", "UTCDateTime is incomplete")
            return int(text)

        if request.text("tds:DateTimeType") == "NTP":
            self.camera.clock_skew_s = 0.0
        else:
            try:
                wanted = datetime(
                    number("tt:Date/tt:Year"), number("tt:Date/tt:Month"), number("tt:Date/tt:Day"),
                    number("tt:Time/tt:Hour"), number("tt:Time/tt:Minute"),
                    number("tt:Time/tt:Second"), tzinfo=UTC,
                )  # fmt: skip
            except ValueError as error:
                raise Fault("InvalidArgVal", str(error), more="InvalidDateTime") from error
            self.camera.clock_skew_s += wanted.timestamp() - self.camera.clock()
        self.camera.settings.clock_mode = request.text("tds:DateTimeType") or "Manual"
        zone = request.text("tds:TimeZone/tt:TZ")
        if zone:
            self.camera.settings.time_zone = zone
        return "<tds:SetSystemDateAndTimeResponse/>"

    def tds_GetDeviceInformation(self, request: Request) -> str:
        model = "Dome PTZ" if self.camera.has_ptz else "Bullet"
        return (
            "<tds:GetDeviceInformationResponse><tds:Manufacturer>Watchroom Simulator"
            f"</tds:Manufacturer><tds:Model>{model}</tds:Model><tds:FirmwareVersion>1.0"
            f"</tds:FirmwareVersion><tds:SerialNumber>{self.camera.serial}</tds:SerialNumber>"
            f"<tds:HardwareId>{self.camera.camera_id}</tds:HardwareId>"
            "</tds:GetDeviceInformationResponse>"
        )

    def tds_GetServices(self, request: Request) -> str:
        if self.camera.fault(FaultKind.GET_SERVICES_ABSENT) is not None:
            raise Fault("ActionNotSupported", "an older device")
        items = "".join(
            f"<tds:Service><tds:Namespace>{soap.NS[prefix]}</tds:Namespace>"
            f"<tds:XAddr>{self.url(path)}</tds:XAddr><tds:Version><tt:Major>2</tt:Major>"
            "<tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
            for prefix, path in self._services().items()
        )
        return f"<tds:GetServicesResponse>{items}</tds:GetServicesResponse>"

    def tds_GetCapabilities(self, request: Request) -> str:
        u = self.url
        ptz = (
            f"<tt:PTZ><tt:XAddr>{u('ptz_service')}</tt:XAddr></tt:PTZ>"
            if self.camera.has_ptz
            else ""
        )
        return (
            "<tds:GetCapabilitiesResponse><tds:Capabilities>"
            f"<tt:Device><tt:XAddr>{u('device_service')}</tt:XAddr></tt:Device>"
            f"<tt:Events><tt:XAddr>{u('event_service')}</tt:XAddr>"
            "<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>"
            "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>"
            "<tt:WSPausableSubscriptionManagerInterfaceSupport>false"
            "</tt:WSPausableSubscriptionManagerInterfaceSupport></tt:Events>"
            f"<tt:Imaging><tt:XAddr>{u('imaging_service')}</tt:XAddr></tt:Imaging>"
            f"<tt:Media><tt:XAddr>{u('media_service')}</tt:XAddr><tt:StreamingCapabilities>"
            "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>"
            "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>"
            f"{ptz}</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def tds_GetServiceCapabilities(self, request: Request) -> str:
        return (
            "<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network/><tds:Security "
            'HttpDigest="true" UsernameToken="true" MaxUsers="8" MaxUserNameLength="32" '
            f'MaxPasswordLength="{MAX_PASSWORD}"/><tds:System DiscoveryBye="false"/>'
            "</tds:Capabilities></tds:GetServiceCapabilitiesResponse>"
        )

    def tds_GetNetworkProtocols(self, request: Request) -> str:
        items = "".join(
            f"<tds:NetworkProtocols><tt:Name>{name}</tt:Name><tt:Enabled>true</tt:Enabled>"
            f"<tt:Port>{port}</tt:Port></tds:NetworkProtocols>"
            for name, port in (("HTTP", self._port()), ("RTSP", self.camera.rtsp_port))
        )
        return f"<tds:GetNetworkProtocolsResponse>{items}</tds:GetNetworkProtocolsResponse>"

    def tds_GetNetworkInterfaces(self, request: Request) -> str:
        index = self.camera.index
        mac = f"02-00-5E-00-{index >> 8 & 255:02X}-{index & 255:02X}"
        return (
            '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0">'
            f"<tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name>"
            f"<tt:HwAddress>{mac}</tt:HwAddress></tt:Info></tds:NetworkInterfaces>"
            "</tds:GetNetworkInterfacesResponse>"
        )

    # -- media

    def _profile_tokens(self) -> dict[str, StreamRole]:
        form = "profile_{role}"
        if self.camera.fault(FaultKind.ODD_TOKENS) is not None:
            form = ODD_TOKEN
        recorder = self.camera.fault(FaultKind.RECORDER)
        if recorder is None:
            return {form.format(role=r.value): r for r in StreamRole}
        count = int(recorder.get("sources", 32))
        return {
            f"{form.format(role=r.value)}_{i}": r for i in range(1, count + 1) for r in StreamRole
        }

    def _source_of(self, token: str) -> str:
        """The video source of a profile: one, or as many as a recorder has."""
        recorder = self.camera.fault(FaultKind.RECORDER)
        return "source_1" if recorder is None else f"source_{token.rpartition('_')[2]}"

    def _source_configurations(self) -> list[str]:
        return list(dict.fromkeys(self._configuration_of(t) for t in self._profile_tokens()))

    def _configuration_of(self, token: str) -> str:
        """The configuration of a profile's video source: a recorder has one for each."""
        source = self._source_of(token)
        return "source_cfg" if source == "source_1" else f"source_cfg_{source[7:]}"

    def _role(self, request: Request, prefix: str) -> StreamRole:
        found = request.find(f"{prefix}:ProfileToken")
        token = "" if found is None else found.text or ""
        try:
            return self._profile_tokens()[token]
        except KeyError:
            raise Fault("InvalidArgVal", f"no profile {token}", more="NoProfile") from None

    def _encoder(self, role: StreamRole, element: str) -> str:
        encoder = self.camera.settings.encoders[role]
        shape, name, kbps = encoder.shape, ENCODINGS[encoder.codec], encoder.kbps
        if element.startswith("tr2"):
            return (
                f'<{element} token="enc_{role.value}" GovLength="{encoder.gop}" Profile="Main">'
                f"<tt:Name>{role.value}</tt:Name><tt:UseCount>1</tt:UseCount>"
                f"<tt:Encoding>{name}</tt:Encoding><tt:Resolution><tt:Width>{shape.width}"
                f"</tt:Width><tt:Height>{shape.height}</tt:Height></tt:Resolution>"
                f"<tt:RateControl><tt:FrameRateLimit>{shape.fps}</tt:FrameRateLimit>"
                f"<tt:BitrateLimit>{kbps}</tt:BitrateLimit></tt:RateControl>"
                f"<tt:Quality>5</tt:Quality></{element}>"
            )
        old = {"H264": "H264", "H265": "H264", "JPEG": "JPEG"}[name]  # Media1 knows no H.265
        detail = (
            f"<tt:H264><tt:GovLength>{encoder.gop}</tt:GovLength><tt:H264Profile>Main"
            "</tt:H264Profile></tt:H264>"
            if old == "H264"
            else ""
        )
        return (
            f'<{element} token="enc_{role.value}"><tt:Name>{role.value}</tt:Name>'
            f"<tt:UseCount>1</tt:UseCount><tt:Encoding>{old}</tt:Encoding><tt:Resolution>"
            f"<tt:Width>{shape.width}</tt:Width><tt:Height>{shape.height}</tt:Height>"
            "</tt:Resolution><tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>"
            f"{shape.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
            f"<tt:BitrateLimit>{kbps}</tt:BitrateLimit></tt:RateControl>{detail}"
            "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0"
            "</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL>"
            "<tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
            f"<tt:SessionTimeout>PT60S</tt:SessionTimeout></{element}>"
        )

    def _source(self, element: str, token: str = "") -> str:
        shape = self.camera.shape(StreamRole.MAIN)
        return (
            f'<{element} token="{self._configuration_of(token)}"><tt:Name>source</tt:Name>'
            "<tt:UseCount>2</tt:UseCount>"
            f'<tt:SourceToken>{self._source_of(token)}</tt:SourceToken><tt:Bounds x="0" y="0" '
            f'width="{shape.width}" height="{shape.height}"/></{element}>'
        )

    def _ptz_configuration(self, element: str) -> str:
        return (
            f'<{element} token="ptz_cfg"><tt:Name>ptz</tt:Name><tt:UseCount>2</tt:UseCount>'
            "<tt:NodeToken>ptz_node</tt:NodeToken>"
            f"<tt:DefaultAbsolutePantTiltPositionSpace>{PAN_TILT_SPACE}/PositionGenericSpace"
            "</tt:DefaultAbsolutePantTiltPositionSpace>"
            f"<tt:DefaultAbsoluteZoomPositionSpace>{ZOOM_SPACE}/PositionGenericSpace"
            "</tt:DefaultAbsoluteZoomPositionSpace>"
            f"<tt:DefaultContinuousPanTiltVelocitySpace>{PAN_TILT_SPACE}/VelocityGenericSpace"
            "</tt:DefaultContinuousPanTiltVelocitySpace>"
            f"<tt:DefaultContinuousZoomVelocitySpace>{ZOOM_SPACE}/VelocityGenericSpace"
            "</tt:DefaultContinuousZoomVelocitySpace>"
            "<tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout></" + element + ">"
        )

    def _profile(self, token: str, role: StreamRole, element: str) -> str:
        ptz = self._ptz_configuration("tt:PTZConfiguration") if self.camera.has_ptz else ""
        return (
            f'<{element} token={quoteattr(token)} fixed="true"><tt:Name>{self._name(role)}</tt:Name>'
            f"{self._source('tt:VideoSourceConfiguration', token)}"
            f"{self._encoder(role, 'tt:VideoEncoderConfiguration')}{ptz}</{element}>"
        )

    def _name(self, role: StreamRole) -> str:
        return "" if self.camera.fault(FaultKind.ODD_TOKENS) is not None else role.value

    def trt_GetProfiles(self, request: Request) -> str:
        items = "".join(
            self._profile(token, role, "trt:Profiles")
            for token, role in self._profile_tokens().items()
        )
        return f"<trt:GetProfilesResponse>{items}</trt:GetProfilesResponse>"

    def trt_GetProfile(self, request: Request) -> str:
        role = self._role(request, "trt")
        item = self._profile(f"profile_{role.value}", role, "trt:Profile")
        return f"<trt:GetProfileResponse>{item}</trt:GetProfileResponse>"

    def _stream_uri(self, role: StreamRole) -> str:
        uri = self.camera.uri(role)
        if self.camera.fault(FaultKind.ONVIF_WRONG_HOST) is not None:
            uri = uri.replace(self.camera.url_host, "192.0.2.77")
        wrong = self._wrong_port()
        return uri.replace(f":{self.camera.rtsp_port}/", f":{wrong}/") if wrong else uri

    def trt_GetStreamUri(self, request: Request) -> str:
        uri = self._stream_uri(self._role(request, "trt"))
        return (
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{uri}</tt:Uri>"
            "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
            "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout>"
            "</trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def trt_GetVideoSources(self, request: Request) -> str:
        shape = self.camera.shape(StreamRole.MAIN)
        return (
            '<trt:GetVideoSourcesResponse><trt:VideoSources token="source_1"><tt:Framerate>'
            f"{shape.fps}</tt:Framerate><tt:Resolution><tt:Width>{shape.width}</tt:Width>"
            f"<tt:Height>{shape.height}</tt:Height></tt:Resolution></trt:VideoSources>"
            "</trt:GetVideoSourcesResponse>"
        )

    def trt_GetVideoSourceConfigurations(self, request: Request) -> str:
        item = self._source("trt:Configurations")
        return (
            f"<trt:GetVideoSourceConfigurationsResponse>{item}"
            "</trt:GetVideoSourceConfigurationsResponse>"
        )

    def trt_GetVideoEncoderConfigurations(self, request: Request) -> str:
        items = "".join(self._encoder(role, "trt:Configurations") for role in StreamRole)
        return (
            f"<trt:GetVideoEncoderConfigurationsResponse>{items}"
            "</trt:GetVideoEncoderConfigurationsResponse>"
        )

    def _encoder_role(self, request: Request, prefix: str) -> StreamRole:
        """The stream whose encoder, or whose profile, a request names."""
        if request.text(f"{prefix}:ProfileToken") is not None:
            return self._role(request, prefix)
        token = request.text(f"{prefix}:ConfigurationToken") or ""
        for role in StreamRole:
            if token == f"enc_{role.value}":
                return role
        raise Fault("InvalidArgVal", f"no configuration {token}", more="NoConfig")

    def trt_GetVideoEncoderConfiguration(self, request: Request) -> str:
        item = self._encoder(self._encoder_role(request, "trt"), "trt:Configuration")
        return (
            f"<trt:GetVideoEncoderConfigurationResponse>{item}"
            "</trt:GetVideoEncoderConfigurationResponse>"
        )

    def trt_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="false">'
            '<trt:ProfileCapabilities MaximumNumberOfProfiles="2"/>'
            '<trt:StreamingCapabilities RTP_TCP="true" RTP_RTSP_TCP="true"/></trt:Capabilities>'
            "</trt:GetServiceCapabilitiesResponse>"
        )

    def tr2_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<tr2:GetServiceCapabilitiesResponse><tr2:Capabilities SnapshotUri="false">'
            '<tr2:ProfileCapabilities MaximumNumberOfProfiles="2" '
            'ConfigurationsSupported="VideoSource VideoEncoder PTZ"/>'
            '<tr2:StreamingCapabilities RTSPStreaming="true" RTP_RTSP_TCP="true"/>'
            "</tr2:Capabilities></tr2:GetServiceCapabilitiesResponse>"
        )

    def tr2_GetProfiles(self, request: Request) -> str:
        tokens, wanted = self._profile_tokens(), request.text("tr2:Token")
        if wanted and wanted not in tokens:
            raise Fault("InvalidArgVal", f"no profile {wanted}", more="NoProfile")
        # Media2 tells of a profile's parts only those that are asked for.
        types = {(t.text or "").strip() for t in request.element.findall("tr2:Type", soap.NS)}

        def part(name: str, xml: str) -> str:
            return xml if types & {name, "All"} else ""

        items = ""
        for token, role in tokens.items():
            if wanted not in (None, "", token):
                continue
            parts = part("VideoSource", self._source("tr2:VideoSource", token))
            parts += part("VideoEncoder", self._encoder(role, "tr2:VideoEncoder"))
            if self.camera.has_ptz:
                parts += part("PTZ", self._ptz_configuration("tr2:PTZ"))
            if parts:
                parts = f"<tr2:Configurations>{parts}</tr2:Configurations>"
            items += (
                f'<tr2:Profiles token={quoteattr(token)} fixed="true"><tr2:Name>{self._name(role)}'
                "</tr2:Name>"
                f"{parts}</tr2:Profiles>"
            )
        return f"<tr2:GetProfilesResponse>{items}</tr2:GetProfilesResponse>"

    def tr2_GetStreamUri(self, request: Request) -> str:
        uri = self._stream_uri(self._role(request, "tr2"))
        return f"<tr2:GetStreamUriResponse><tr2:Uri>{uri}</tr2:Uri></tr2:GetStreamUriResponse>"

    def tr2_GetVideoEncoderConfigurations(self, request: Request) -> str:
        items = "".join(self._encoder(role, "tr2:Configurations") for role in StreamRole)
        return (
            f"<tr2:GetVideoEncoderConfigurationsResponse>{items}"
            "</tr2:GetVideoEncoderConfigurationsResponse>"
        )

    # -- PTZ

    def _vector(self, request: Request, kind: str) -> dict[str, float | None]:
        """pan, tilt and zoom of a Position, Translation or Velocity; None where not given."""
        vector = request.find(f"tptz:{kind}")
        if vector is None:
            raise Fault("InvalidArgVal", f"{kind} is missing", more=f"Invalid{kind}")
        result: dict[str, float | None] = dict.fromkeys(("pan", "tilt", "zoom"))
        for name, attribute, element, spaces in (
            ("pan", "x", "tt:PanTilt", PAN_TILT_SPACE),
            ("tilt", "y", "tt:PanTilt", PAN_TILT_SPACE),
            ("zoom", "x", "tt:Zoom", ZOOM_SPACE),
        ):
            found = vector.find(element, soap.NS)
            if found is None:
                continue
            space = f"{spaces}/{kind}GenericSpace"
            named = found.get("space", space)
            by_view = named == FOV_SPACE and kind == "Translation" and element == "tt:PanTilt"
            if named != space and not (by_view and self._moves_by_view()):
                raise Fault("InvalidArgVal", f"not {named}", more="SpaceNotSupported")
            try:
                value = float(found.get(attribute, ""))
            except ValueError:
                value = math.nan
            if not abs(value) <= 1:
                raise Fault("InvalidArgVal", f"{name} must be -1 to 1", more=f"Invalid{kind}")
            if by_view:
                # 1 is the edge of the picture: half the field of view away from its middle.
                motion = self._motion()
                motion.advance(time.monotonic())
                value *= panorama.half_view(motion.position["zoom"])[name == "tilt"]
            result[name] = value
        return result

    def _moves_by_view(self) -> bool:
        return self.camera.fault(FaultKind.PTZ_NO_FOV) is None

    def _check_profile(self, request: Request) -> None:
        found = request.find("tptz:ProfileToken")
        if found is None or found.text not in self._profile_tokens():
            raise Fault("InvalidArgVal", "no such profile", more="NoProfile")

    def _motion(self) -> PtzMotion:
        assert self.camera.motion is not None
        return self.camera.motion

    def tptz_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<tptz:GetServiceCapabilitiesResponse><tptz:Capabilities EFlip="false" '
            'Reverse="false" MoveStatus="true" StatusPosition="true"/>'
            "</tptz:GetServiceCapabilitiesResponse>"
        )

    def _spaces(self) -> str:
        def space(kind: str, where: str, low: int) -> str:
            second = "<tt:YRange><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:YRange>"
            return (
                f"<tt:{kind}><tt:URI>{where}</tt:URI><tt:XRange><tt:Min>{low}</tt:Min>"
                f"<tt:Max>1</tt:Max></tt:XRange>{second if 'PanTilt' in kind else ''}</tt:{kind}>"
            )

        pt, z = PAN_TILT_SPACE, ZOOM_SPACE
        relative = ""
        if not (self.camera.fault(FaultKind.PTZ_NO_FOV) or {}).get("none"):
            relative = space("RelativePanTiltTranslationSpace", f"{pt}/TranslationGenericSpace", -1)
            if self._moves_by_view():
                relative += space("RelativePanTiltTranslationSpace", FOV_SPACE, -1)
            relative += space("RelativeZoomTranslationSpace", f"{z}/TranslationGenericSpace", -1)
        return (
            space("AbsolutePanTiltPositionSpace", f"{pt}/PositionGenericSpace", -1)
            + space("AbsoluteZoomPositionSpace", f"{z}/PositionGenericSpace", 0)
            + relative
            + space("ContinuousPanTiltVelocitySpace", f"{pt}/VelocityGenericSpace", -1)
            + space("ContinuousZoomVelocitySpace", f"{z}/VelocityGenericSpace", -1)
        )

    def _node(self, element: str) -> str:
        return (
            f'<{element} token="ptz_node" FixedHomePosition="false"><tt:Name>head</tt:Name>'
            f"<tt:SupportedPTZSpaces>{self._spaces()}</tt:SupportedPTZSpaces>"
            f"<tt:MaximumNumberOfPresets>{MAX_PRESETS}</tt:MaximumNumberOfPresets>"
            f"<tt:HomeSupported>true</tt:HomeSupported></{element}>"
        )

    def tptz_GetNodes(self, request: Request) -> str:
        none = self.camera.fault(FaultKind.PTZ_NO_NODE) is not None
        node = "" if none else self._node("tptz:PTZNode")
        return f"<tptz:GetNodesResponse>{node}</tptz:GetNodesResponse>"

    def tptz_GetNode(self, request: Request) -> str:
        if request.text("tptz:NodeToken") != "ptz_node":
            raise Fault("InvalidArgVal", "no such node", more="NoEntity")
        return f"<tptz:GetNodeResponse>{self._node('tptz:PTZNode')}</tptz:GetNodeResponse>"

    def tptz_GetConfigurations(self, request: Request) -> str:
        item = self._ptz_configuration("tptz:PTZConfiguration")
        return f"<tptz:GetConfigurationsResponse>{item}</tptz:GetConfigurationsResponse>"

    def _check_configuration(self, request: Request, name: str) -> None:
        if request.text(f"tptz:{name}") != "ptz_cfg":
            raise Fault("InvalidArgVal", "no such configuration", more="NoConfig")

    def tptz_GetConfiguration(self, request: Request) -> str:
        self._check_configuration(request, "PTZConfigurationToken")
        item = self._ptz_configuration("tptz:PTZConfiguration")
        return f"<tptz:GetConfigurationResponse>{item}</tptz:GetConfigurationResponse>"

    def tptz_GetConfigurationOptions(self, request: Request) -> str:
        self._check_configuration(request, "ConfigurationToken")
        low, high = PTZ_TIMEOUT_S
        return (
            "<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>"
            f"{self._spaces()}</tt:Spaces><tt:PTZTimeout><tt:Min>PT{low:g}S</tt:Min>"
            f"<tt:Max>PT{high:g}S</tt:Max></tt:PTZTimeout></tptz:PTZConfigurationOptions>"
            "</tptz:GetConfigurationOptionsResponse>"
        )

    def tptz_ContinuousMove(self, request: Request) -> str:
        self._check_profile(request)
        speed = self._vector(request, "Velocity")
        text = request.text("tptz:Timeout")
        timeout = duration_seconds(text) if text else None
        if timeout is not None and not PTZ_TIMEOUT_S[0] <= timeout <= PTZ_TIMEOUT_S[1]:
            raise Fault("InvalidArgVal", "Timeout is out of range", more="TimeoutNotSupported")
        if self.camera.fault(FaultKind.PTZ_IGNORE_TIMEOUT) is not None:
            timeout = math.inf
        self._motion().continuous(time.monotonic(), **speed, timeout_s=timeout)
        return "<tptz:ContinuousMoveResponse/>"

    def tptz_AbsoluteMove(self, request: Request) -> str:
        self._check_profile(request)
        try:
            self._motion().absolute(time.monotonic(), **self._vector(request, "Position"))
        except ValueError as error:
            raise Fault("InvalidArgVal", str(error), more="InvalidPosition") from error
        return "<tptz:AbsoluteMoveResponse/>"

    def tptz_RelativeMove(self, request: Request) -> str:
        self._check_profile(request)
        if (self.camera.fault(FaultKind.PTZ_NO_FOV) or {}).get("none"):
            raise Fault("ActionNotSupported", "no relative moves")
        by = {k: v or 0.0 for k, v in self._vector(request, "Translation").items()}
        self._motion().relative(time.monotonic(), **by)
        return "<tptz:RelativeMoveResponse/>"

    def tptz_Stop(self, request: Request) -> str:
        self._check_profile(request)
        if self.camera.fault(FaultKind.PTZ_REFUSE_STOP) is not None:
            raise Fault("ActionNotSupported", "Stop is refused")
        self._motion().stop(
            time.monotonic(),
            pan_tilt=request.text("tptz:PanTilt") in (None, "true", "1"),
            zoom=request.text("tptz:Zoom") in (None, "true", "1"),
        )
        return "<tptz:StopResponse/>"

    def tptz_GetStatus(self, request: Request) -> str:
        self._check_profile(request)
        if self.camera.fault(FaultKind.PTZ_NO_STATUS) is not None:
            raise Fault("Action", "no status", more="NoStatus")
        motion = self._motion()
        motion.advance(time.monotonic())
        where = motion.position

        def word(*axes: str) -> str:
            return "MOVING" if any(motion.turns(axis) for axis in axes) else "IDLE"

        return (
            "<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>"
            f'<tt:PanTilt x="{where["pan"]:.5f}" y="{where["tilt"]:.5f}" '
            f'space="{PAN_TILT_SPACE}/PositionGenericSpace"/>'
            f'<tt:Zoom x="{where["zoom"]:.5f}" space="{ZOOM_SPACE}/PositionGenericSpace"/>'
            f"</tt:Position><tt:MoveStatus><tt:PanTilt>{word('pan', 'tilt')}</tt:PanTilt>"
            f"<tt:Zoom>{word('zoom')}</tt:Zoom></tt:MoveStatus>"
            f"<tt:UtcTime>{utc(self.camera.clock())}</tt:UtcTime>"
            "</tptz:PTZStatus></tptz:GetStatusResponse>"
        )

    def tptz_GetPresets(self, request: Request) -> str:
        self._check_profile(request)
        items = "".join(
            f"<tptz:Preset token={quoteattr(p.token)}><tt:Name>{escape(p.name)}</tt:Name>"
            f'<tt:PTZPosition><tt:PanTilt x="{p.position[0]:.5f}" y="{p.position[1]:.5f}"/>'
            f'<tt:Zoom x="{p.position[2]:.5f}"/></tt:PTZPosition></tptz:Preset>'
            for p in self._motion().presets.values()
        )
        return f"<tptz:GetPresetsResponse>{items}</tptz:GetPresetsResponse>"

    def _preset(self, request: Request) -> Preset:
        token = request.text("tptz:PresetToken") or ""
        preset = self._motion().presets.get(token)
        if preset is None:
            raise Fault("InvalidArgVal", f"no preset {token}", more="NoToken")
        return preset

    def tptz_SetPreset(self, request: Request) -> str:
        self._check_profile(request)
        motion = self._motion()
        old = self._preset(request) if request.text("tptz:PresetToken") else None
        name = request.text("tptz:PresetName")
        if name is None:
            name = old.name if old else ""
        if name and any(p.name == name for p in motion.presets.values() if p is not old):
            raise Fault("InvalidArgVal", "the name is taken", more="PresetExist")
        if old is None and len(motion.presets) >= MAX_PRESETS:
            raise Fault("Action", "no preset is left", more="TooManyPresets")
        preset = motion.set_preset(time.monotonic(), name[:64], old.token if old else None)
        return (
            f"<tptz:SetPresetResponse><tptz:PresetToken>{preset.token}</tptz:PresetToken>"
            "</tptz:SetPresetResponse>"
        )

    def tptz_GotoPreset(self, request: Request) -> str:
        self._check_profile(request)
        self._motion().go_to(time.monotonic(), self._preset(request).position)
        return "<tptz:GotoPresetResponse/>"

    def tptz_RemovePreset(self, request: Request) -> str:
        self._check_profile(request)
        del self._motion().presets[self._preset(request).token]
        return "<tptz:RemovePresetResponse/>"

    def tptz_GetPresetTours(self, request: Request) -> str:
        self._check_profile(request)
        motion = self._motion()
        state = "Touring" if motion.tour else "Idle"
        tour = (
            f'<tptz:PresetTour token="{TOUR}"><tt:Name>Patrol</tt:Name><tt:Status>'
            f"<tt:State>{state}</tt:State></tt:Status><tt:AutoStart>false</tt:AutoStart>"
            "<tt:StartingCondition/></tptz:PresetTour>"
        )
        # One, through all presets.
        shown = tour if len(motion.presets) > 1 else ""
        return f"<tptz:GetPresetToursResponse>{shown}</tptz:GetPresetToursResponse>"

    def tptz_OperatePresetTour(self, request: Request) -> str:
        self._check_profile(request)
        motion = self._motion()
        if request.text("tptz:PresetTourToken") != TOUR or len(motion.presets) < 2:
            raise Fault("InvalidArgVal", "no such tour", more="NoToken")
        if request.text("tptz:Operation") == "Start":
            motion.begin_tour(time.monotonic())
        else:
            motion.stop(time.monotonic())
        return "<tptz:OperatePresetTourResponse/>"

    def tptz_GotoHomePosition(self, request: Request) -> str:
        self._check_profile(request)
        motion = self._motion()
        motion.go_to(time.monotonic(), motion.home)
        return "<tptz:GotoHomePositionResponse/>"

    def tptz_SetHomePosition(self, request: Request) -> str:
        self._check_profile(request)
        motion = self._motion()
        motion.advance(time.monotonic())
        where = motion.position
        motion.home = (where["pan"], where["tilt"], where["zoom"])
        return "<tptz:SetHomePositionResponse/>"

    # -- imaging

    def _check_source(self, request: Request) -> None:
        if request.text("timg:VideoSourceToken") != "source_1":
            raise Fault("InvalidArgVal", "no such video source", more="NoSource")

    def timg_GetServiceCapabilities(self, request: Request) -> str:
        return (
            "<timg:GetServiceCapabilitiesResponse><timg:Capabilities/>"
            "</timg:GetServiceCapabilitiesResponse>"
        )

    def timg_GetImagingSettings(self, request: Request) -> str:
        self._check_source(request)
        items = "".join(f"<tt:{k}>{v}</tt:{k}>" for k, v in self.imaging.items())
        return (
            f"<timg:GetImagingSettingsResponse><timg:ImagingSettings>{items}"
            "</timg:ImagingSettings></timg:GetImagingSettingsResponse>"
        )

    def timg_SetImagingSettings(self, request: Request) -> str:
        self._check_source(request)
        wanted = {}
        for name in self.imaging:
            text = request.text(f"timg:ImagingSettings/tt:{name}")
            if text is None:
                continue
            try:
                wanted[name] = float(text)
            except ValueError:
                wanted[name] = math.nan
            if not 0 <= wanted[name] <= 100:
                raise Fault("InvalidArgVal", f"{name} must be 0 to 100", more="SettingsInvalid")
        self.imaging.update(wanted)
        return "<timg:SetImagingSettingsResponse/>"

    def timg_GetOptions(self, request: Request) -> str:
        self._check_source(request)
        items = "".join(
            f"<tt:{k}><tt:Min>0</tt:Min><tt:Max>100</tt:Max></tt:{k}>" for k in self.imaging
        )
        return (
            f"<timg:GetOptionsResponse><timg:ImagingOptions>{items}</timg:ImagingOptions>"
            "</timg:GetOptionsResponse>"
        )


def scopes(camera: SimulatedCamera) -> list[str]:
    """Scopes as WS-Discovery and GetScopes announce them."""
    base = "onvif://www.onvif.org"
    kind = [f"{base}/type/ptz"] if camera.has_ptz else []
    return [
        f"{base}/Profile/Streaming",
        f"{base}/Profile/T",
        f"{base}/type/video_encoder",
        *kind,
        f"{base}/hardware/WatchroomSimulator",
        f"{base}/name/{quote(camera.settings.scope_name)}",
    ]


class OnvifServer:
    """All cameras' services on one HTTP port."""

    def __init__(self, cameras: Sequence[SimulatedCamera], host: str, port: int) -> None:
        self.host, self.port = host, port
        self.services = {c.camera_id: CameraServices(c, lambda: self.port) for c in cameras}
        self.tls_port = 0
        self._server: asyncio.Server | None = None
        self._tls: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    def device_url(self, camera: SimulatedCamera, *, tls: bool = False) -> str:
        """Where a client finds the camera."""
        start = f"https://{camera.url_host}:{self.tls_port}" if tls else (
            f"http://{camera.url_host}:{self.port}"
        )  # fmt: skip
        return f"{start}/{camera.camera_id}/onvif/device_service"

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, limit=soap.MAX_HEAD, backlog=512
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def start_tls(self, context: ssl.SSLContext) -> int:
        """Listen for HTTPS too; returns the port."""
        self._tls = await asyncio.start_server(self._serve, self.host, 0, ssl=context, backlog=512)
        self.tls_port = int(self._tls.sockets[0].getsockname()[1])
        return self.tls_port

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        for server in (self._server, self._tls):
            if server is not None:
                server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (EOFError, TimeoutError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection stays."""
        try:
            async with asyncio.timeout(IDLE_S):
                path, headers, body = await soap.read_request(reader)
        except Fault as fault:
            writer.write(soap.http_reply(fault.status, fault.xml(), {"Connection": "close"}))
            writer.write_eof()
            # Closing over unread bytes would reset the connection and take the answer with it.
            async with asyncio.timeout(2):
                for _ in range(64):
                    if not await reader.read(65_536):
                        break
            return False
        found = path.split("/")
        services = self.services.get(found[1]) if found[2:3] == ["onvif"] else None
        if found[1] == "onvif" and len(self.services) == 1:
            # One camera alone is where a camera is looked for.
            services = next(iter(self.services.values()))
            path = f"/{services.camera.camera_id}{path}"
        if services is None:
            writer.write(soap.http_reply(404, ""))
        elif (
            services.camera.fault(FaultKind.REFUSE) is not None
            or services.camera.fault(FaultKind.REBOOT) is not None
        ) or services.camera.due(FaultKind.ONVIF_CUT) is not None:
            return False
        elif services.camera.due(FaultKind.ONVIF_HUGE) is not None:
            await _pour(writer)
            return False
        elif (hostile := services.camera.due(FaultKind.ONVIF_HOSTILE)) is not None:
            writer.write(soap.hostile(int(hostile.get("which", 0))))
            await writer.drain()
            return False
        elif services.camera.due(FaultKind.ONVIF_HANG) is not None:
            # Faults are a plain dict that anybody may change; waiting so is cheap and rare.
            while services.camera.fault(FaultKind.ONVIF_HANG) is not None and not reader.at_eof():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            return False
        else:
            answer = await self._answer(services, path, headers, body)
            if (cut := services.camera.due(FaultKind.ONVIF_TRUNCATED)) is not None:
                writer.write(_cut(answer, well_told=bool(cut.get("well_told"))))
                await writer.drain()
                return False
            if services.camera.due(FaultKind.ONVIF_DRIP) is not None:
                for i in range(len(answer)):
                    writer.write(answer[i : i + 1])
                    await writer.drain()
                    await asyncio.sleep(0.2)
            else:
                writer.write(answer)
        await writer.drain()
        return headers.get("connection", "").lower() != "close"

    async def _answer(
        self, services: CameraServices, path: str, headers: dict[str, str], body: bytes
    ) -> bytes:
        camera = services.camera
        if camera.fault(FaultKind.ONVIF_XML_BOMB) is not None:
            return soap.http_reply(200, _BOMB)
        try:
            root, element = soap.parse(body)
            request = Request(path, headers, element, root)
            if camera.fault(FaultKind.ONVIF_LOCK) is not None and (
                b"UsernameToken" in body or "authorization" in headers
            ):
                raise Fault("NotAuthorized", "The account is locked, try again later")
            if request.operation[1] not in OPEN_OPERATIONS and (
                camera.fault(FaultKind.ONVIF_401) is not None
                or not services.guard.admits(request, camera.clock(), _ways(camera))
            ):
                denied = Fault("NotAuthorized", "sender not authorized")
                tongue = camera.fault(FaultKind.ONVIF_LANGUAGE)
                if tongue is not None:
                    return soap.http_reply(400, denied.xml(int(tongue.get("which", 0))))
                challenge = {"WWW-Authenticate": services.guard.challenge()}
                if _ways(camera) == "token":
                    challenge = {}
                return soap.http_reply(401, denied.xml(), challenge)
            answer = await services.answer(request)
        except Fault as fault:
            return soap.http_reply(fault.status, fault.xml())
        except EOFError:
            raise  # the connection ends instead
        except Exception:
            log.exception("%s: a request failed", camera.camera_id)
            broken = Fault("Action", "internal error")
            return soap.http_reply(broken.status, broken.xml())
        return soap.http_reply(200, soap.envelope(answer, request.addressing()))


def _ways(camera: SimulatedCamera) -> str:
    """Which ways to sign a camera understands."""
    if camera.fault(FaultKind.DIGEST_ONLY) is not None:
        return "digest"
    return "token" if camera.fault(FaultKind.TOKEN_ONLY) is not None else "both"


def _cut(answer: bytes, *, well_told: bool) -> bytes:
    """An answer that ends in the middle; `well_told`: its length is that of what is left."""
    head, _, body = answer.partition(b"\r\n\r\n")
    body = body[: len(body) // 2]
    if well_told:
        head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
    return head + b"\r\n\r\n" + body


async def _pour(writer: asyncio.StreamWriter) -> None:
    """An answer without a length that goes on for 1 GB or until nobody listens."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n")
    writer.write(b"Connection: close\r\n\r\n")
    writer.write(soap.envelope("<tds:Padding>").partition("</s:Body>")[0].encode())
    for _ in range(16_384):
        writer.write(b"x" * 65_536)
        await writer.drain()


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + f"]>{soap.envelope('<x>&a9;</x>').partition('?>')[2]}"
)
