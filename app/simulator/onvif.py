"""ONVIF services of simulated cameras: Device, Media, Media2, PTZ, Imaging, Events (PullPoint).

One HTTP port; a camera's services live under `/cam3/onvif/...`. Heads really turn: PTZ commands go
to the camera's `PtzMotion`, which its picture shows.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.domain.camera import StreamRole
from app.simulator import soap
from app.simulator.camera import FaultKind, SimulatedCamera
from app.simulator.soap import Fault, Request

SPACES = "http://www.onvif.org/ver10/tptz"
PAN_TILT_SPACE = f"{SPACES}/PanTiltSpaces"
ZOOM_SPACE = f"{SPACES}/ZoomSpaces"
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
OPEN_OPERATIONS = {"GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetWsdlUrl"}
"""What anybody may ask: pre-authentication access class of the ONVIF core specification."""


def duration_seconds(text: str) -> float:
    """Seconds of an xs:duration without years and months. Raises Fault for anything else."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if not found or text in ("P", "PT"):
        raise Fault("InvalidArgVal", f"not a duration: {text}")
    days, hours, minutes, seconds = (float(g or 0) for g in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Subscription:
    """A pull point of one camera."""

    identifier: int
    ends: float  # monotonic
    messages: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


class CameraServices:
    """What one camera answers. Operations are methods named `<prefix>_<Operation>`."""

    def __init__(self, camera: SimulatedCamera, port: Callable[[], int]) -> None:
        self.camera = camera
        self._port = port
        self.guard = soap.Guard(camera.username, camera.password)
        self.subscriptions: dict[int, Subscription] = {}
        self._last_subscription = 0
        self.imaging = {"Brightness": 50.0, "ColorSaturation": 50.0, "Contrast": 50.0,
                        "Sharpness": 50.0}  # fmt: skip

    # -- addresses

    def url(self, service: str, suffix: str = "") -> str:
        """A service's address as this camera announces it."""
        host = self.camera.host
        if self.camera.fault(FaultKind.ONVIF_WRONG_HOST) is not None:
            host = "192.0.2.77"  # TEST-NET-1: nobody is there
        return f"http://{host}:{self._port()}/{self.camera.camera_id}/onvif/{service}{suffix}"

    def _services(self) -> dict[str, str]:
        services = dict(SERVICES)
        if not self.camera.has_ptz:
            del services["tptz"]
        if self.camera.fault(FaultKind.MEDIA2_ABSENT) is not None:
            del services["tr2"]
        return services

    async def answer(self, request: Request) -> str:
        """The body's XML for a request. Raises Fault."""
        namespace, name = request.operation
        prefix = _PREFIX.get(namespace, "")
        handler = getattr(self, f"{prefix}_{name}", None) if prefix else None
        if prefix == "tptz" and not self.camera.has_ptz:
            raise Fault("ActionNotSupported", "this camera has no PTZ", status=500)
        if handler is None:
            raise Fault("ActionNotSupported", f"{name} is not served", status=500)
        self.camera.last_command = name
        if prefix == "tptz":
            slow = self.camera.fault(FaultKind.PTZ_SLOW)
            if slow is not None:
                await asyncio.sleep(float(slow.get("seconds", 2.0)))
        result = handler(request)
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
            "<tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false"
            "</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone>"
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
            self.camera.clock_skew_s = wanted.timestamp() - time.time()
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

    def tds_GetScopes(self, request: Request) -> str:
        items = "".join(
            "<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef>"
            f"<tt:ScopeItem>{escape(scope)}</tt:ScopeItem></tds:Scopes>"
            for scope in scopes(self.camera)
        )
        return f"<tds:GetScopesResponse>{items}</tds:GetScopesResponse>"

    def tds_GetHostname(self, request: Request) -> str:
        return (
            "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
            f"<tt:Name>{self.camera.camera_id}</tt:Name></tds:HostnameInformation>"
            "</tds:GetHostnameResponse>"
        )

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
        return {"profile_main": StreamRole.MAIN, "profile_sub": StreamRole.SUB}

    def _role(self, request: Request, prefix: str) -> StreamRole:
        token = request.text(f"{prefix}:ProfileToken") or ""
        try:
            return self._profile_tokens()[token]
        except KeyError:
            raise Fault("InvalidArgVal", f"no profile {token}", more="NoProfile") from None

    def _encoder(self, role: StreamRole, element: str) -> str:
        shape, codec = self.camera.shape(role), self.camera.codec
        name = {"h264": "H264", "h265": "H265", "mjpeg": "JPEG"}[codec]
        if element.startswith("tr2"):
            return (
                f'<{element} token="enc_{role.value}" GovLength="{shape.fps}" Profile="Main">'
                f"<tt:Name>{role.value}</tt:Name><tt:UseCount>1</tt:UseCount>"
                f"<tt:Encoding>{name}</tt:Encoding><tt:Resolution><tt:Width>{shape.width}"
                f"</tt:Width><tt:Height>{shape.height}</tt:Height></tt:Resolution>"
                f"<tt:RateControl><tt:FrameRateLimit>{shape.fps}</tt:FrameRateLimit>"
                "<tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>"
                f"<tt:Quality>5</tt:Quality></{element}>"
            )
        old = {"H264": "H264", "H265": "H264", "JPEG": "JPEG"}[name]  # Media1 knows no H.265
        detail = (
            f"<tt:H264><tt:GovLength>{shape.fps}</tt:GovLength><tt:H264Profile>Main"
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
            f"<tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>{detail}"
            "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0"
            "</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL>"
            "<tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
            f"<tt:SessionTimeout>PT60S</tt:SessionTimeout></{element}>"
        )

    def _source(self, element: str) -> str:
        shape = self.camera.shape(StreamRole.MAIN)
        return (
            f'<{element} token="source_cfg"><tt:Name>source</tt:Name><tt:UseCount>2</tt:UseCount>'
            '<tt:SourceToken>source_1</tt:SourceToken><tt:Bounds x="0" y="0" '
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
            f'<{element} token="{token}" fixed="true"><tt:Name>{role.value}</tt:Name>'
            f"{self._source('tt:VideoSourceConfiguration')}"
            f"{self._encoder(role, 'tt:VideoEncoderConfiguration')}{ptz}</{element}>"
        )

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
            uri = uri.replace(self.camera.host, "192.0.2.77")
        return uri

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

    def trt_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="false">'
            '<trt:ProfileCapabilities MaximumNumberOfProfiles="2"/>'
            '<trt:StreamingCapabilities RTP_TCP="true" RTP_RTSP_TCP="true"/></trt:Capabilities>'
            "</trt:GetServiceCapabilitiesResponse>"
        )

    def tr2_GetProfiles(self, request: Request) -> str:
        wanted = request.text("tr2:Token")
        items = ""
        for token, role in self._profile_tokens().items():
            if wanted and token != wanted:
                continue
            ptz = self._ptz_configuration("tr2:PTZ") if self.camera.has_ptz else ""
            items += (
                f'<tr2:Profiles token="{token}" fixed="true"><tr2:Name>{role.value}</tr2:Name>'
                f"<tr2:Configurations>{self._source('tr2:VideoSource')}"
                f"{self._encoder(role, 'tr2:VideoEncoder')}{ptz}</tr2:Configurations>"
                "</tr2:Profiles>"
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

    def _vector(self, request: Request, path: str) -> dict[str, float | None]:
        """pan, tilt and zoom of a PTZVector or PTZSpeed, None where not given."""
        result: dict[str, float | None] = dict.fromkeys(("pan", "tilt", "zoom"))
        for element, axes in (("tt:PanTilt", ("x", "y")), ("tt:Zoom", ("x",))):
            found = request.find(f"{path}/{element}")
            if found is None:
                continue
            names = ("pan", "tilt") if len(axes) == 2 else ("zoom",)
            for name, axis in zip(names, axes, strict=True):
                try:
                    value = float(found.get(axis, ""))
                except ValueError:
                    value = math.nan
                if not math.isfinite(value) or abs(value) > 1:
                    raise Fault("InvalidArgVal", f"{name} must be -1 to 1", more="InvalidVelocity")
                result[name] = value
        return result

    def _check_profile(self, request: Request) -> None:
        if request.text("tptz:ProfileToken") not in self._profile_tokens():
            raise Fault("InvalidArgVal", "no such profile", more="NoProfile")

    def _motion(self) -> Any:
        assert self.camera.motion is not None
        return self.camera.motion

    def tptz_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<tptz:GetServiceCapabilitiesResponse><tptz:Capabilities EFlip="false" '
            'Reverse="false" MoveStatus="true" StatusPosition="true"/>'
            "</tptz:GetServiceCapabilitiesResponse>"
        )

    def _node(self, element: str) -> str:
        def space(kind: str, where: str, x: tuple[float, float], y: bool) -> str:
            second = "<tt:YRange><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:YRange>" if y else ""
            return (
                f"<tt:{kind}><tt:URI>{where}</tt:URI><tt:XRange><tt:Min>{x[0]}</tt:Min>"
                f"<tt:Max>{x[1]}</tt:Max></tt:XRange>{second}</tt:{kind}>"
            )

        full, zoom = (-1.0, 1.0), (0.0, 1.0)
        pt, z = PAN_TILT_SPACE, ZOOM_SPACE
        return (
            f'<{element} token="ptz_node" FixedHomePosition="false"><tt:Name>head</tt:Name>'
            "<tt:SupportedPTZSpaces>"
            + space("AbsolutePanTiltPositionSpace", f"{pt}/PositionGenericSpace", full, True)
            + space("AbsoluteZoomPositionSpace", f"{z}/PositionGenericSpace", zoom, False)
            + space("RelativePanTiltTranslationSpace", f"{pt}/TranslationGenericSpace", full, True)
            + space("RelativeZoomTranslationSpace", f"{z}/TranslationGenericSpace", full, False)
            + space("ContinuousPanTiltVelocitySpace", f"{pt}/VelocityGenericSpace", full, True)
            + space("ContinuousZoomVelocitySpace", f"{z}/VelocityGenericSpace", full, False)
            + "</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>64</tt:MaximumNumberOfPresets>"
            f"<tt:HomeSupported>true</tt:HomeSupported></{element}>"
        )

    def tptz_GetNodes(self, request: Request) -> str:
        return f"<tptz:GetNodesResponse>{self._node('tptz:PTZNode')}</tptz:GetNodesResponse>"

    def tptz_GetNode(self, request: Request) -> str:
        if request.text("tptz:NodeToken") != "ptz_node":
            raise Fault("InvalidArgVal", "no such node", more="NoEntity")
        return f"<tptz:GetNodeResponse>{self._node('tptz:PTZNode')}</tptz:GetNodeResponse>"

    def tptz_GetConfigurations(self, request: Request) -> str:
        item = self._ptz_configuration("tptz:PTZConfiguration")
        return f"<tptz:GetConfigurationsResponse>{item}</tptz:GetConfigurationsResponse>"

    def tptz_GetConfigurationOptions(self, request: Request) -> str:
        node = self._node("tt:Node")
        spaces = node[
            node.index("<tt:SupportedPTZSpaces>") : node.index("</tt:SupportedPTZSpaces>")
        ]
        spaces = spaces.replace("<tt:SupportedPTZSpaces>", "")
        return (
            "<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>"
            f"{spaces}</tt:Spaces><tt:PTZTimeout><tt:Min>PT0.1S</tt:Min><tt:Max>PT60S</tt:Max>"
            "</tt:PTZTimeout></tptz:PTZConfigurationOptions>"
            "</tptz:GetConfigurationOptionsResponse>"
        )

    def tptz_ContinuousMove(self, request: Request) -> str:
        self._check_profile(request)
        speed = self._vector(request, "tptz:Velocity")
        text = request.text("tptz:Timeout")
        timeout = duration_seconds(text) if text else None
        if self.camera.fault(FaultKind.PTZ_IGNORE_TIMEOUT) is not None:
            timeout = math.inf
        self._motion().continuous(time.monotonic(), **speed, timeout_s=timeout)
        return "<tptz:ContinuousMoveResponse/>"

    def tptz_AbsoluteMove(self, request: Request) -> str:
        self._check_profile(request)
        try:
            self._motion().absolute(time.monotonic(), **self._vector(request, "tptz:Position"))
        except ValueError as error:
            raise Fault("InvalidArgVal", str(error), more="InvalidPosition") from error
        return "<tptz:AbsoluteMoveResponse/>"

    def tptz_RelativeMove(self, request: Request) -> str:
        self._check_profile(request)
        by = {k: v or 0.0 for k, v in self._vector(request, "tptz:Translation").items()}
        self._motion().relative(time.monotonic(), **by)
        return "<tptz:RelativeMoveResponse/>"

    def tptz_Stop(self, request: Request) -> str:
        self._check_profile(request)
        if self.camera.fault(FaultKind.PTZ_REFUSE_STOP) is not None:
            raise Fault("InvalidArgVal", "Stop is refused", more="InvalidArgVal")
        self._motion().stop(
            time.monotonic(),
            pan_tilt=request.text("tptz:PanTilt") in (None, "true", "1"),
            zoom=request.text("tptz:Zoom") in (None, "true", "1"),
        )
        return "<tptz:StopResponse/>"

    def tptz_GetStatus(self, request: Request) -> str:
        self._check_profile(request)
        if self.camera.fault(FaultKind.PTZ_NO_STATUS) is not None:
            raise Fault("Action", "no status", more="NoStatus", status=500)
        motion = self._motion()
        motion.advance(time.monotonic())
        where = motion.position
        word = "MOVING" if motion.moving else "IDLE"
        return (
            "<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>"
            f'<tt:PanTilt x="{where["pan"]:.5f}" y="{where["tilt"]:.5f}" '
            f'space="{PAN_TILT_SPACE}/PositionGenericSpace"/>'
            f'<tt:Zoom x="{where["zoom"]:.5f}" space="{ZOOM_SPACE}/PositionGenericSpace"/>'
            f"</tt:Position><tt:MoveStatus><tt:PanTilt>{word}</tt:PanTilt><tt:Zoom>{word}"
            f"</tt:Zoom></tt:MoveStatus><tt:UtcTime>{_utc(self.camera.clock())}</tt:UtcTime>"
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

    def _preset(self, request: Request) -> Any:
        token = request.text("tptz:PresetToken") or ""
        preset = self._motion().presets.get(token)
        if preset is None:
            raise Fault("InvalidArgVal", f"no preset {token}", more="NoToken")
        return preset

    def tptz_SetPreset(self, request: Request) -> str:
        self._check_profile(request)
        token = request.text("tptz:PresetToken") or None
        name = request.text("tptz:PresetName") or ""
        try:
            preset = self._motion().set_preset(time.monotonic(), name[:64], token)
        except KeyError as error:
            raise Fault("InvalidArgVal", f"no preset {token}", more="NoToken") from error
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

    def timg_GetImagingSettings(self, request: Request) -> str:
        items = "".join(f"<tt:{k}>{v}</tt:{k}>" for k, v in self.imaging.items())
        return (
            f"<timg:GetImagingSettingsResponse><timg:ImagingSettings>{items}"
            "</timg:ImagingSettings></timg:GetImagingSettingsResponse>"
        )

    def timg_SetImagingSettings(self, request: Request) -> str:
        for name in self.imaging:
            text = request.text(f"timg:ImagingSettings/tt:{name}")
            if text is not None:
                try:
                    value = float(text)
                except ValueError:
                    value = math.nan
                if not 0 <= value <= 100:
                    raise Fault("InvalidArgVal", f"{name} must be 0 to 100", more="SettingsInvalid")
                self.imaging[name] = value
        return "<timg:SetImagingSettingsResponse/>"

    def timg_GetOptions(self, request: Request) -> str:
        items = "".join(
            f"<tt:{k}><tt:Min>0</tt:Min><tt:Max>100</tt:Max></tt:{k}>" for k in self.imaging
        )
        return (
            f"<timg:GetOptionsResponse><timg:ImagingOptions>{items}</timg:ImagingOptions>"
            "</timg:GetOptionsResponse>"
        )

    # -- events

    def emit(self, topic: str, source: dict[str, str], data: dict[str, str]) -> None:
        """Put an event into every pull point of this camera."""

        def items(values: dict[str, str]) -> str:
            return "".join(
                f"<tt:SimpleItem Name={quoteattr(k)} Value={quoteattr(v)}/>"
                for k, v in values.items()
            )

        message = (
            "<wsnt:NotificationMessage><wsnt:Topic "
            'Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            f"{escape(topic)}</wsnt:Topic><wsnt:Message><tt:Message "
            f'UtcTime="{_utc(self.camera.clock())}" PropertyOperation="Changed">'
            f"<tt:Source>{items(source)}</tt:Source><tt:Data>{items(data)}</tt:Data>"
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )
        for subscription in self.subscriptions.values():
            subscription.messages.append(message)
            subscription.arrived.set()

    def tev_GetServiceCapabilities(self, request: Request) -> str:
        return (
            '<tev:GetServiceCapabilitiesResponse><tev:Capabilities WSPullPointSupport="true" '
            'MaxPullPoints="4"/></tev:GetServiceCapabilitiesResponse>'
        )

    def tev_CreatePullPointSubscription(self, request: Request) -> str:
        now = time.monotonic()
        self.subscriptions = {k: s for k, s in self.subscriptions.items() if s.ends > now}
        if len(self.subscriptions) >= 4:
            raise Fault("Action", "no pull point is left", more="ResourcesExhausted", status=500)
        lasts = duration_seconds(request.text("tev:InitialTerminationTime") or "PT60S")
        self._last_subscription += 1
        subscription = Subscription(self._last_subscription, now + min(lasts, 600))
        self.subscriptions[subscription.identifier] = subscription
        # A property event, as devices send at the start: the state of motion detection.
        topic = "tns1:RuleEngine/CellMotionDetector/Motion"
        source = {"VideoSourceConfigurationToken": "source_cfg"}
        self.emit(topic, source, {"IsMotion": "false"})
        address = self.url("event_service", f"/{subscription.identifier}")
        clock = self.camera.clock()
        return (
            "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>"
            f"{address}</wsa:Address></tev:SubscriptionReference><wsnt:CurrentTime>{_utc(clock)}"
            f"</wsnt:CurrentTime><wsnt:TerminationTime>{_utc(clock + lasts)}"
            "</wsnt:TerminationTime></tev:CreatePullPointSubscriptionResponse>"
        )

    def _subscription(self, request: Request) -> Subscription:
        number = request.path.rsplit("/", 1)[-1]
        found = self.subscriptions.get(int(number)) if number.isdigit() else None
        if found is None or found.ends < time.monotonic():
            raise Fault("InvalidArgVal", "no such subscription", status=400)
        return found

    async def tev_PullMessages(self, request: Request) -> str:
        subscription = self._subscription(request)
        wait = min(duration_seconds(request.text("tev:Timeout") or "PT1S"), 60)
        limit = int(request.text("tev:MessageLimit") or "10")
        if not subscription.messages:
            subscription.arrived.clear()
            try:
                await asyncio.wait_for(subscription.arrived.wait(), wait)
            except TimeoutError:
                pass
        count = min(limit, len(subscription.messages))
        messages = "".join(subscription.messages.popleft() for _ in range(count))
        clock = self.camera.clock()
        return (
            f"<tev:PullMessagesResponse><tev:CurrentTime>{_utc(clock)}</tev:CurrentTime>"
            f"<tev:TerminationTime>{_utc(clock + subscription.ends - time.monotonic())}"
            f"</tev:TerminationTime>{messages}</tev:PullMessagesResponse>"
        )

    def tev_SetSynchronizationPoint(self, request: Request) -> str:
        self._subscription(request)
        return "<tev:SetSynchronizationPointResponse/>"

    def wsnt_Renew(self, request: Request) -> str:
        subscription = self._subscription(request)
        lasts = duration_seconds(request.text("wsnt:TerminationTime") or "PT60S")
        subscription.ends = time.monotonic() + min(lasts, 600)
        clock = self.camera.clock()
        return (
            f"<wsnt:RenewResponse><wsnt:TerminationTime>{_utc(clock + lasts)}"
            f"</wsnt:TerminationTime><wsnt:CurrentTime>{_utc(clock)}</wsnt:CurrentTime>"
            "</wsnt:RenewResponse>"
        )

    def wsnt_Unsubscribe(self, request: Request) -> str:
        del self.subscriptions[self._subscription(request).identifier]
        return "<wsnt:UnsubscribeResponse/>"


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
        f"{base}/name/{camera.camera_id}",
    ]


class OnvifServer:
    """All cameras' services on one HTTP port."""

    def __init__(self, cameras: Sequence[SimulatedCamera], host: str, port: int) -> None:
        self.host, self.port = host, port
        self.services = {c.camera_id: CameraServices(c, lambda: self.port) for c in cameras}
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    def device_url(self, camera: SimulatedCamera) -> str:
        """Where a client finds the camera."""
        return f"http://{camera.host}:{self.port}/{camera.camera_id}/onvif/device_service"

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, limit=soap.MAX_HEAD, backlog=512
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                try:
                    path, headers, body = await reader_timeout(reader)
                    reply = await self._answer(path, headers, body)
                except Fault as fault:
                    writer.write(
                        soap.http_reply(fault.status, fault.xml(), {"Connection": "close"})
                    )
                    break
                if reply is None:
                    break
                writer.write(reply)
                await writer.drain()
                if headers.get("connection", "").lower() == "close":
                    break
        except (EOFError, TimeoutError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes | None:
        services = self.services.get(path.split("/")[1] if path.count("/") >= 2 else "")
        if services is None:
            return soap.http_reply(404, "")
        camera = services.camera
        if camera.fault(FaultKind.REFUSE) is not None:
            return None
        if camera.fault(FaultKind.ONVIF_HANG) is not None:
            await asyncio.sleep(3600)
        if camera.fault(FaultKind.ONVIF_HUGE) is not None:
            return soap.http_reply(200, soap.envelope("<tds:Padding>" + "x" * 100_000_000))
        if camera.fault(FaultKind.ONVIF_XML_BOMB) is not None:
            return soap.http_reply(200, _BOMB)
        try:
            root, element = soap.parse(body)
            request = Request(path, headers, element, root)
            if request.operation[1] not in OPEN_OPERATIONS and (
                camera.fault(FaultKind.ONVIF_401) is not None
                or not services.guard.admits(request, camera.clock())
            ):
                denied = Fault("NotAuthorized", "sender not authorized")
                challenge = {"WWW-Authenticate": services.guard.challenge()}
                return soap.http_reply(401, denied.xml(), challenge)
            answer = await services.answer(request)
        except Fault as fault:
            return soap.http_reply(fault.status, fault.xml())
        return soap.http_reply(200, soap.envelope(answer))


async def reader_timeout(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """The next request within a minute."""
    return await asyncio.wait_for(soap.read_request(reader), 60)


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + f"]>{soap.envelope('<x>&a9;</x>')[38:]}"
)
