"""All simulated cameras on one event loop, and the HTTP JSON API that makes them fail.

GET    /cameras                      every camera's addresses and state
GET    /cameras/ID                   one camera
POST   /cameras/ID/faults            {"kind": "stop-sending", "parameters": {...}}
DELETE /cameras/ID/faults[/KIND]     all faults, or one
POST   /cameras/ID/clock             {"skew_s": 3600}
POST   /cameras/ID/events            {"topic": "tns1:…", "source": {…}, "data": {…}}
POST   /cameras/ID/reset             settings and users as they came
GET    /connections                  when RTSP connections were made, and how many are open
"""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.camera import StreamRole
from app.simulator import scenes
from app.simulator.camera import FaultKind, SimulatedCamera
from app.simulator.discovery import PORT, DiscoveryResponder
from app.simulator.motion import PtzMotion
from app.simulator.onvif import OnvifServer
from app.simulator.rtsp import RtspServer

MAX_BODY = 65536

CUTS = (
    FaultKind.REFUSE,
    FaultKind.UNAUTHORIZED,
    FaultKind.NOT_FOUND,
    FaultKind.NO_BANDWIDTH,
    FaultKind.UNAVAILABLE,
    FaultKind.HANG_BEFORE_PLAY,
    FaultKind.DROP_SOCKET,
    FaultKind.REDIRECT,
)
"""Faults of the answers: who is playing would not notice them otherwise."""

SET_UP = (
    FaultKind.CHANGE_CODEC,
    FaultKind.INTRA_REFRESH,
    FaultKind.LONG_GOP,
    FaultKind.WRONG_CODEC,
    FaultKind.AUDIO_ONLY,
    FaultKind.UNKNOWN_AUDIO,
    FaultKind.HUGE_SDP,
    FaultKind.CORRUPT_SDP,
)
"""Faults of the camera's set-up: sessions of before end when they come and when they go."""


@dataclass(frozen=True)
class Options:
    """What to simulate. Ports of 0 are chosen by the system."""

    cameras: int = 4
    ptz: int = 1
    codecs: tuple[str, ...] = ("h264",)
    audio: tuple[str, ...] = ("",)
    """Sound codecs in turn, as `codecs`: "pcmu", "pcma", "aac", or "" for none."""
    host: str = "127.0.0.1"
    rtsp_port: int = 0
    onvif_port: int = 0
    control_port: int = 0
    username: str = "admin"
    password: str = "watchroom-sim"  # noqa: S105 -- an invented account on invented cameras
    names: tuple[tuple[str, str], ...] = ()
    discovery: bool = False
    discovery_port: int = PORT
    discovery_loss: float = 0.0
    """Share of datagrams that get lost, each way."""
    own_ports: bool = False
    """Each camera listens on an RTSP port of its own, as cameras do; recorders share one."""
    tls: bool = False
    """RTSP and ONVIF over TLS, too, with certificates for another host, signed by themselves."""


def wrong_certificate() -> ssl.SSLContext:
    """A TLS server's side with a certificate for another host that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "another-camera.invalid")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context.load_cert_chain(file)
    return context


def make_cameras(options: Options) -> list[SimulatedCamera]:
    """The cameras, the PTZ ones last."""
    cameras = []
    for i in range(options.cameras):
        name, name_en = (
            options.names[i] if i < len(options.names) else (f"模拟相机 {i + 1}", f"Camera {i + 1}")
        )
        is_ptz = i >= options.cameras - options.ptz
        head = PtzMotion(position={"pan": (0.0, -0.7, 0.6)[i % 3], "tilt": 0.0, "zoom": 0.0})
        cameras.append(
            SimulatedCamera(
                index=i + 1,
                camera_id=f"cam{i + 1}",
                name=name,
                name_en=name_en,
                username=options.username,
                password=options.password,
                codec=options.codecs[i % len(options.codecs)],
                audio=options.audio[i % len(options.audio)],
                scene=scenes.SCENES[i % len(scenes.SCENES)],
                motion=head if is_ptz else None,
                host=options.host,
            )
        )
    return cameras


class SimulatorServer:
    """RTSP, ONVIF and control servers around the same cameras."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.cameras = make_cameras(options)
        self.by_id = {c.camera_id: c for c in self.cameras}
        self.rtsp = RtspServer(
            self.cameras, options.host, options.rtsp_port, own_ports=options.own_ports
        )
        self.onvif = OnvifServer(self.cameras, options.host, options.onvif_port)
        self.onvif_port = 0
        self.control_port = 0
        for camera in self.cameras:
            camera.restarted = functools.partial(self.rtsp.drop, camera.camera_id)
            camera.reboots = functools.partial(self._reboot, camera)
        self._discovery: DiscoveryResponder | None = None
        self._control: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on all ports; raises OSError where one is taken."""
        await self.rtsp.start()
        if self.options.tls:
            await self.rtsp.start_tls(await asyncio.to_thread(wrong_certificate))
        self.onvif_port = await self.onvif.start()
        if self.options.tls:
            await self.onvif.start_tls(await asyncio.to_thread(wrong_certificate))
        if self.options.discovery:
            self._discovery = DiscoveryResponder(
                self.cameras, self.onvif.device_url, self.options.host,
                self.options.discovery_port, self.options.discovery_loss,
            )  # fmt: skip
            await self._discovery.start()
        self._control = await asyncio.start_server(
            self._serve_control, "127.0.0.1", self.options.control_port
        )
        self.control_port = int(self._control.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close everything."""
        if self._control is not None:
            self._control.close()
        if self._discovery is not None:
            self._discovery.stop()
        await self.onvif.stop()
        await self.rtsp.stop()

    def describe(self, camera: SimulatedCamera) -> dict[str, Any]:
        """A camera's addresses and state; the account is an invented one."""
        streams = {}
        for role in StreamRole:
            shape, sender = camera.shape(role), self.rtsp.sender(camera, role)
            streams[role.value] = {
                "url": camera.uri(role),
                "width": shape.width,
                "height": shape.height,
                "fps": shape.fps,
                "sessions": camera.sessions[role.value],
                "listeners": sender.listeners,
                "first_frame_at": sender.first_frame_at,
            }
        state: dict[str, Any] = {
            "id": camera.camera_id,
            "name": camera.name,
            "name_en": camera.name_en,
            "codec": camera.codec_of(StreamRole.MAIN),
            "settings": asdict(camera.settings),
            "audio": camera.audio,
            "has_ptz": camera.has_ptz,
            "username": camera.username,
            "password": camera.password,
            "onvif_url": self.onvif.device_url(camera),
            "onvif_tls_url": self.onvif.device_url(camera, tls=True) if self.onvif.tls_port else "",
            "clock_skew_s": camera.clock_skew_s,
            "faults": camera.faults,
            "opened": camera.opened,
            "last_command": camera.last_command,
            "tls_port": self.rtsp.tls_port,
            "subscriptions": self.onvif.services[camera.camera_id].events.count,
            "streams": streams,
        }
        if camera.motion is not None:
            camera.motion.advance(time.monotonic())
            state["ptz"] = dict(camera.motion.position) | {
                "moving": camera.motion.moving, "stood_at": camera.motion.stood_at,
            }  # fmt: skip
        return state

    def _reboot(self, camera: SimulatedCamera, seconds: float) -> None:
        if camera.fault(FaultKind.REBOOT) is None:
            self.set_fault(camera, FaultKind.REBOOT, {"seconds": seconds})

    def set_fault(self, camera: SimulatedCamera, kind: str, parameters: dict[str, Any]) -> None:
        """Switch a fault on. Raises ValueError or TypeError where there is no such thing."""
        known = FaultKind(kind)
        parameters = {name: float(value) for name, value in parameters.items()}
        if known is FaultKind.DROP_SOCKET and not parameters.get("every_s"):
            self.rtsp.drop(camera.camera_id)
            return
        camera.faults[known.value] = parameters
        if known in (FaultKind.REBOOT, FaultKind.EVENTS_FORGET):
            self.onvif.services[camera.camera_id].events.forget()
        if known is FaultKind.EVENTS_FORGET:
            del camera.faults[known.value]
        elif known is FaultKind.REBOOT:
            self.rtsp.reboot(camera, parameters.get("seconds", 90.0))
        elif known is FaultKind.HALF_OPEN:
            self.rtsp.kill_half(camera.camera_id)
            del camera.faults[known.value]  # who comes now is served
        elif known in CUTS or known in SET_UP or parameters.get("taken"):
            self.rtsp.drop(camera.camera_id)

    def clear_faults(self, camera: SimulatedCamera, *kinds: FaultKind) -> None:
        """Repair: what was changed in the camera's set-up starts its sessions anew."""
        for kind in kinds:
            if camera.faults.pop(kind.value, None) is None:
                continue
            if kind is FaultKind.REBOOT:
                self.rtsp.end_reboot(camera)
            elif kind in SET_UP:
                self.rtsp.drop(camera.camera_id)

    async def _serve_control(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(10):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = 0
                for line in head.split("\r\n"):
                    if line.lower().startswith("content-length:"):
                        length = int(line.split(":", 1)[1])
                if length > MAX_BODY:
                    raise ValueError("body too large")
                body = json.loads(await reader.readexactly(length)) if length else {}
            method, path, _ = head.split(" ", 2)
            status, answer = self._control_request(method, path, body)
        except (ValueError, KeyError, TypeError) as error:
            status, answer = 400, {"error": str(error)}
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        data = json.dumps(answer, ensure_ascii=False).encode()
        writer.write(
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode()
            + data
        )
        writer.close()

    def _control_request(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = [p for p in path.split("/") if p]
        if parts == ["connections"]:
            return 200, {
                "open": len(self.rtsp.connections),
                "accepted": list(self.rtsp.accepted),
            }
        if parts[:1] != ["cameras"]:
            return 404, {"error": "only /cameras and /connections are served"}
        if len(parts) == 1:
            return 200, [self.describe(c) for c in self.cameras]
        camera = self.by_id.get(parts[1])
        if camera is None:
            return 404, {"error": f"no camera {parts[1]}"}
        match method, parts[2:]:
            case "GET", []:
                pass
            case "POST", ["faults"]:
                self.set_fault(camera, body["kind"], dict(body.get("parameters", {})))
            case "DELETE", ["faults"]:
                self.clear_faults(camera, *FaultKind)
            case "DELETE", ["faults", kind]:
                self.clear_faults(camera, FaultKind(kind))
            case "POST", ["events"]:
                events = self.onvif.services[camera.camera_id].events
                events.emit(str(body["topic"]), dict(body["source"]), dict(body["data"]))
            case "POST", ["reset"]:
                camera.reset()
            case "POST", ["clock"]:
                camera.clock_skew_s = float(body["skew_s"])
            case _:
                return 404, {"error": f"{method} {path} is not served"}
        return 200, self.describe(camera)
