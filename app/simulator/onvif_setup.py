"""What can be set on simulated cameras: time, names, texts on the picture, encoders, users."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from app.domain.camera import StreamRole
from app.simulator import soap
from app.simulator.camera import (
    PTZ_SHAPES,
    SHAPES,
    FaultKind,
    Overlay,
    SimulatedCamera,
    StreamShape,
)
from app.simulator.soap import Fault, Request

ENCODINGS = {"h264": "H264", "h265": "H265", "mjpeg": "JPEG"}
SIZES = ((1920, 1080), (1280, 720), (640, 360), (320, 180))
RATES = (25, 20, 15, 12, 10, 8, 5, 2, 1)
KBPS, GOP = (64, 8192), (1, 250)
MAX_PASSWORD, MAX_USERS, MAX_OVERLAYS = 16, 8, 4
PLACES = ("UpperLeft", "UpperRight", "LowerLeft", "LowerRight", "Custom")
KINDS = ("Plain", "Date", "Time", "DateAndTime")
LEVELS = ("Administrator", "Operator", "User")
NAME_SCOPE = "onvif://www.onvif.org/name/"
CODECS = {encoding: codec for codec, encoding in ENCODINGS.items()}


class SetupOperations:
    """The part of `CameraServices` that sets."""

    camera: SimulatedCamera
    _encoder: Callable[[StreamRole, str], str]
    _encoder_role: Callable[[Request, str], StreamRole]

    async def setting(
        self, prefix: str, name: str, request: Request, handler: Callable[[Request], Any]
    ) -> Any:
        """An operation's answer, with the faults of those that set something."""
        camera = self.camera
        sets = prefix in ("tds", "trt", "tr2") and name.startswith(("Set", "Create", "Delete"))
        if not sets:
            return handler(request)
        if (slow := camera.fault(FaultKind.SETTINGS_SLOW)) is not None:
            await asyncio.sleep(float(slow.get("seconds", 2.0)))
        if camera.fault(FaultKind.SETTINGS_REFUSED) is not None:
            raise Fault("InvalidArgVal", "this value is not taken", more="ConfigModify")
        if camera.fault(FaultKind.SETTINGS_IGNORED) is not None:
            return f"<{prefix}:{name}Response/>"
        answer = handler(request)
        if (reboot := camera.fault(FaultKind.SETTINGS_REBOOT)) is not None:
            seconds = float(reboot.get("seconds", 1.0))
            asyncio.get_running_loop().call_soon(self._away, seconds)
        if name == "SetUser" and camera.fault(FaultKind.PASSWORD_CUT) is not None:
            raise EOFError
        return answer

    def _away(self, seconds: float) -> None:
        if self.camera.fault(FaultKind.SETTINGS_REBOOT) is not None:  # not repaired meanwhile
            self.camera.reboots(seconds)

    # -- time

    def tds_GetNTP(self, request: Request) -> str:
        s = self.camera.settings
        manual = "" if s.ntp_dhcp else "".join(map(_network_host, s.ntp))
        return (
            "<tds:GetNTPResponse><tds:NTPInformation><tt:FromDHCP>"
            f"{str(s.ntp_dhcp).lower()}</tt:FromDHCP>{manual}</tds:NTPInformation>"
            "</tds:GetNTPResponse>"
        )

    def tds_SetNTP(self, request: Request) -> str:
        dhcp = request.text("tds:FromDHCP") in ("true", "1")
        found = []
        for host in request.element.findall("tds:NTPManual", soap.NS):
            kind = host.findtext("tt:Type", "", soap.NS)
            tag = {"IPv4": "IPv4Address", "IPv6": "IPv6Address", "DNS": "DNSname"}.get(kind, "")
            address = host.findtext(f"tt:{tag}", "", soap.NS).strip() if tag else ""
            if not address:
                raise Fault("InvalidArgVal", "no address", more="InvalidIPv4Address")
            found.append(address)
        if not dhcp and not found:
            raise Fault("InvalidArgVal", "no time server")
        self.camera.settings.ntp_dhcp, self.camera.settings.ntp = dhcp, found
        return "<tds:SetNTPResponse/>"

    # -- names

    def tds_GetHostname(self, request: Request) -> str:
        return (
            "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
            f"<tt:Name>{escape(self.camera.settings.hostname)}</tt:Name>"
            "</tds:HostnameInformation></tds:GetHostnameResponse>"
        )

    def tds_SetHostname(self, request: Request) -> str:
        name = request.text("tds:Name") or ""
        if not name or len(name) > 63 or not name.replace("-", "").isalnum():
            raise Fault("InvalidArgVal", "no host name", more="InvalidHostname")
        self.camera.settings.hostname = name
        return "<tds:SetHostnameResponse/>"

    def tds_GetScopes(self, request: Request) -> str:
        from app.simulator.onvif import scopes

        items = "".join(
            f"<tds:Scopes><tt:ScopeDef>{'Configurable' if s.startswith(NAME_SCOPE) else 'Fixed'}"
            f"</tt:ScopeDef><tt:ScopeItem>{escape(s)}</tt:ScopeItem></tds:Scopes>"
            for s in scopes(self.camera)
        )
        return f"<tds:GetScopesResponse>{items}</tds:GetScopesResponse>"

    def tds_SetScopes(self, request: Request) -> str:
        wanted = [(e.text or "").strip() for e in request.element.findall("tds:Scopes", soap.NS)]
        names = [s.removeprefix(NAME_SCOPE) for s in wanted if s.startswith(NAME_SCOPE)]
        if len(names) != 1 or len(wanted) != 1:
            raise Fault("OperationProhibited", "only the name can be set", more="ScopeOverwrite")
        self.camera.settings.scope_name = unquote(names[0])
        return "<tds:SetScopesResponse/>"

    # -- users

    def tds_GetUsers(self, request: Request) -> str:
        items = "".join(
            f"<tds:User><tt:Username>{escape(name)}</tt:Username><tt:UserLevel>{level}"
            "</tt:UserLevel></tds:User>"
            for name, (_, level) in self.camera.settings.users.items()
        )
        return f"<tds:GetUsersResponse>{items}</tds:GetUsersResponse>"

    def _users(self, request: Request) -> list[tuple[str, str, str]]:
        found = []
        for user in request.element.findall("tds:User", soap.NS):
            name, password, level = (
                user.findtext(f"tt:{tag}", "", soap.NS)
                for tag in ("Username", "Password", "UserLevel")
            )
            if not name or level not in LEVELS:
                raise Fault("InvalidArgVal", "no such user level", more="UserLevel")
            if not 8 <= len(password) <= MAX_PASSWORD:
                raise Fault("InvalidArgVal", f"bad password {password}", more="PasswordTooWeak")
            found.append((name, password, level))
        return found

    def tds_CreateUsers(self, request: Request) -> str:
        users, wanted = self.camera.settings.users, self._users(request)
        if any(name in users for name, _, _ in wanted):
            raise Fault("OperationProhibited", "there is such a user", more="UsernameClash")
        if len(users) + len(wanted) > MAX_USERS:
            raise Fault("Action", "too many users", more="TooManyUsers")
        users.update({name: [password, level] for name, password, level in wanted})
        return "<tds:CreateUsersResponse/>"

    def tds_SetUser(self, request: Request) -> str:
        users, wanted = self.camera.settings.users, self._users(request)
        if any(name not in users for name, _, _ in wanted):
            raise Fault("InvalidArgVal", "no such user", more="UsernameMissing")
        users.update({name: [password, level] for name, password, level in wanted})
        return "<tds:SetUserResponse/>"

    def tds_DeleteUsers(self, request: Request) -> str:
        if self.camera.fault(FaultKind.USERS_FIXED) is not None:
            raise Fault("InvalidArgVal", "this user is fixed", more="FixedUser")
        users = self.camera.settings.users
        names = [(e.text or "").strip() for e in request.element.findall("tds:Username", soap.NS)]
        if any(name not in users for name in names):
            raise Fault("InvalidArgVal", "no such user", more="UsernameMissing")
        left = [level for name, (_, level) in users.items() if name not in names]
        if "Administrator" not in left:
            raise Fault("InvalidArgVal", "the last administrator", more="FixedUser")
        for name in names:
            del users[name]
        return "<tds:DeleteUsersResponse/>"

    # -- encoders

    def _allowed(self, role: StreamRole) -> tuple[list[str], list[tuple[int, int]], list[int]]:
        """Codecs, sizes and frame rates of a stream."""
        most = (PTZ_SHAPES if self.camera.has_ptz else SHAPES)[role]
        codecs = ["mjpeg"] if self.camera.codec == "mjpeg" else ["h264", "h265"]
        sizes = [s for s in SIZES if s[0] <= most.width]
        return codecs, sizes, [r for r in RATES if r <= (most.fps if self.camera.has_ptz else 25)]

    def tr2_GetVideoEncoderConfigurationOptions(self, request: Request) -> str:
        codecs, sizes, rates = self._allowed(self._encoder_role(request, "tr2"))
        resolutions = "".join(
            f"<tt:ResolutionsAvailable><tt:Width>{w}</tt:Width><tt:Height>{h}</tt:Height>"
            "</tt:ResolutionsAvailable>"
            for w, h in sizes
        )
        items = "".join(
            f'<tr2:Options GovLengthRange="{GOP[0]} {GOP[1]}" '
            f'FrameRatesSupported="{" ".join(map(str, rates))}" ProfilesSupported="Main">'
            f"<tt:Encoding>{ENCODINGS[codec]}</tt:Encoding>{_span('QualityRange', 5, 5)}"
            f"{resolutions}{_span('BitrateRange', *KBPS)}</tr2:Options>"
            for codec in codecs
        )
        return (
            f"<tr2:GetVideoEncoderConfigurationOptionsResponse>{items}"
            "</tr2:GetVideoEncoderConfigurationOptionsResponse>"
        )

    def trt_GetVideoEncoderConfigurationOptions(self, request: Request) -> str:
        codecs, sizes, rates = self._allowed(self._encoder_role(request, "trt"))
        name = "JPEG" if codecs == ["mjpeg"] else "H264"
        more = "" if name == "JPEG" else _span("GovLengthRange", *GOP)
        last = "" if name == "JPEG" else "<tt:H264ProfilesSupported>Main</tt:H264ProfilesSupported>"
        body = (
            "".join(
                f"<tt:ResolutionsAvailable><tt:Width>{w}</tt:Width><tt:Height>{h}</tt:Height>"
                "</tt:ResolutionsAvailable>"
                for w, h in sizes
            )
            + more
            + _span("FrameRateRange", min(rates), max(rates))
            + _span("EncodingIntervalRange", 1, 1)
            + last
        )
        return (
            "<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options>"
            f"{_span('QualityRange', 5, 5)}<tt:{name}>{body}</tt:{name}><tt:Extension><tt:{name}>"
            f"{body}{_span('BitrateRange', *KBPS)}</tt:{name}></tt:Extension></trt:Options>"
            "</trt:GetVideoEncoderConfigurationOptionsResponse>"
        )

    def trt_SetVideoEncoderConfiguration(self, request: Request) -> str:
        self._set_encoder(request, "trt")
        return "<trt:SetVideoEncoderConfigurationResponse/>"

    def tr2_SetVideoEncoderConfiguration(self, request: Request) -> str:
        self._set_encoder(request, "tr2")
        return "<tr2:SetVideoEncoderConfigurationResponse/>"

    def _set_encoder(self, request: Request, prefix: str) -> None:
        wanted = request.find(f"{prefix}:Configuration")
        token = "" if wanted is None else wanted.get("token", "")
        role = next((r for r in StreamRole if token == f"enc_{r.value}"), None)
        if role is None:
            raise Fault("InvalidArgVal", f"no configuration {token}", more="NoConfig")
        if prefix == "trt" and request.text("trt:ForcePersistence") is None:
            raise Fault("InvalidArgVal", "ForcePersistence is missing")

        def number(path: str) -> int:
            try:
                return int(float(wanted.findtext(path, "", soap.NS)))
            except ValueError:
                raise Fault("InvalidArgVal", f"{path} is no number") from None

        codecs, sizes, rates = self._allowed(role)
        codec = CODECS.get(wanted.findtext("tt:Encoding", "", soap.NS), "")
        size = number("tt:Resolution/tt:Width"), number("tt:Resolution/tt:Height")
        fps = number("tt:RateControl/tt:FrameRateLimit")
        kbps = number("tt:RateControl/tt:BitrateLimit")
        encoder = self.camera.settings.encoders[role]
        gop = encoder.gop
        if codec != "mjpeg":
            given = wanted.get("GovLength")
            gop = int(given) if given else gop
            if prefix == "trt":
                gop = number("tt:H264/tt:GovLength")
        good = codec in codecs and size in sizes and fps in rates
        if not good or not KBPS[0] <= kbps <= KBPS[1] or not GOP[0] <= gop <= GOP[1]:
            raise Fault("InvalidArgVal", "outside the options", more="ConfigModify")
        if self.camera.fault(FaultKind.SETTINGS_ROUNDED) is not None:
            kbps = max(512, kbps // 512 * 512)
        before = (encoder.codec, encoder.shape)
        encoder.codec, encoder.shape = codec, StreamShape(*size, fps)
        encoder.kbps, encoder.gop = kbps, gop
        if before != (encoder.codec, encoder.shape):
            self.camera.restarted()

    # -- texts on the picture, in Media and Media2 alike

    def _has_overlays(self) -> None:
        if self.camera.fault(FaultKind.OSD_ABSENT) is not None:
            raise Fault("ActionNotSupported", "no texts on the picture")

    def _get_overlays(self, prefix: str) -> str:
        self._has_overlays()
        items = "".join(
            f'<{prefix}:OSDs token="{o.token}"><tt:VideoSourceConfigurationToken>source_cfg'
            "</tt:VideoSourceConfigurationToken><tt:Type>Text</tt:Type><tt:Position><tt:Type>"
            f"{o.place}</tt:Type></tt:Position><tt:TextString><tt:Type>{o.kind}</tt:Type>"
            + ("<tt:DateFormat>yyyy-MM-dd</tt:DateFormat>" if "Date" in o.kind else "")
            + ("<tt:TimeFormat>HH:mm:ss</tt:TimeFormat>" if "Time" in o.kind else "")
            + "<tt:FontSize>32</tt:FontSize>"
            + (f"<tt:PlainText>{escape(o.text)}</tt:PlainText>" if o.kind == "Plain" else "")
            + f"</tt:TextString></{prefix}:OSDs>"
            for o in self.camera.settings.overlays
        )
        return f"<{prefix}:GetOSDsResponse>{items}</{prefix}:GetOSDsResponse>"

    def _get_overlay_options(self, prefix: str) -> str:
        self._has_overlays()
        places = "".join(f"<tt:PositionOption>{p}</tt:PositionOption>" for p in PLACES)
        kinds = "".join(f"<tt:Type>{k}</tt:Type>" for k in KINDS)
        return (
            f"<{prefix}:GetOSDOptionsResponse><{prefix}:OSDOptions>"
            f'<tt:MaximumNumberOfOSDs Total="{MAX_OVERLAYS}"/><tt:Type>Text</tt:Type>{places}'
            f"<tt:TextOption>{kinds}</tt:TextOption></{prefix}:OSDOptions>"
            f"</{prefix}:GetOSDOptionsResponse>"
        )

    def _overlay(self, request: Request, prefix: str) -> Overlay:
        self._has_overlays()
        given = request.find(f"{prefix}:OSD")
        if given is None:
            raise Fault("InvalidArgVal", "no text")
        kind = given.findtext("tt:TextString/tt:Type", "", soap.NS)
        place = given.findtext("tt:Position/tt:Type", "", soap.NS)
        text = given.findtext("tt:TextString/tt:PlainText", "", soap.NS)
        if kind not in KINDS or place not in PLACES or len(text) > 32:
            raise Fault("InvalidArgVal", "a text that cannot be shown", more="ConfigModify")
        return Overlay(given.get("token", ""), kind, place, text)

    def _set_overlay(self, request: Request, prefix: str) -> str:
        wanted, known = self._overlay(request, prefix), self.camera.settings.overlays
        places = [i for i, o in enumerate(known) if o.token == wanted.token]
        if not places:
            raise Fault("InvalidArgVal", "no such text", more="NoConfig")
        known[places[0]] = wanted
        return f"<{prefix}:SetOSDResponse/>"

    def _create_overlay(self, request: Request, prefix: str) -> str:
        wanted, known = self._overlay(request, prefix), self.camera.settings.overlays
        if len(known) >= MAX_OVERLAYS:
            raise Fault("Action", "no text is left", more="MaxOSDs")
        numbers = [int(o.token.rpartition("_")[2]) for o in known]
        wanted.token = f"osd_{max(numbers, default=0) + 1}"
        known.append(wanted)
        return (
            f"<{prefix}:CreateOSDResponse><{prefix}:OSDToken>{wanted.token}</{prefix}:OSDToken>"
            f"</{prefix}:CreateOSDResponse>"
        )

    def _delete_overlay(self, request: Request, prefix: str) -> str:
        self._has_overlays()
        token, known = request.text(f"{prefix}:OSDToken"), self.camera.settings.overlays
        if token not in [o.token for o in known]:
            raise Fault("InvalidArgVal", "no such text", more="NoConfig")
        known[:] = [o for o in known if o.token != token]
        return f"<{prefix}:DeleteOSDResponse/>"

    def trt_GetOSDs(self, request: Request) -> str:
        return self._get_overlays("trt")

    def tr2_GetOSDs(self, request: Request) -> str:
        return self._get_overlays("tr2")

    def trt_GetOSDOptions(self, request: Request) -> str:
        return self._get_overlay_options("trt")

    def tr2_GetOSDOptions(self, request: Request) -> str:
        return self._get_overlay_options("tr2")

    def trt_SetOSD(self, request: Request) -> str:
        return self._set_overlay(request, "trt")

    def tr2_SetOSD(self, request: Request) -> str:
        return self._set_overlay(request, "tr2")

    def trt_CreateOSD(self, request: Request) -> str:
        return self._create_overlay(request, "trt")

    def tr2_CreateOSD(self, request: Request) -> str:
        return self._create_overlay(request, "tr2")

    def trt_DeleteOSD(self, request: Request) -> str:
        return self._delete_overlay(request, "trt")

    def tr2_DeleteOSD(self, request: Request) -> str:
        return self._delete_overlay(request, "tr2")


def _span(name: str, low: int, high: int) -> str:
    return f"<tt:{name}><tt:Min>{low}</tt:Min><tt:Max>{high}</tt:Max></tt:{name}>"


def _network_host(address: str) -> str:
    if ":" in address:
        kind, tag = "IPv6", "IPv6Address"
    elif address.replace(".", "").isdigit():
        kind, tag = "IPv4", "IPv4Address"
    else:
        kind, tag = "DNS", "DNSname"
    return (
        f"<tt:NTPManual><tt:Type>{kind}</tt:Type><tt:{tag}>{escape(address)}</tt:{tag}>"
        "</tt:NTPManual>"
    )
