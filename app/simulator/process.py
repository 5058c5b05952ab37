"""The simulator as a process of its own, for the demo, the benchmarks and the tests."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from app.domain.camera import CameraSource, Credentials, StreamRole, StreamSpec
from app.simulator.server import Options, SimulatorServer


@dataclass(frozen=True, slots=True)
class SimulatedCameraInfo:
    """How to reach one simulated camera. `password` is invented."""

    id: str
    name: str
    name_en: str
    codec: str
    has_ptz: bool
    onvif_url: str
    streams: tuple[StreamSpec, ...]
    username: str
    password: str = field(repr=False)
    onvif_tls_url: str = ""

    def url(self, role: StreamRole = StreamRole.SUB) -> str:
        """The RTSP address of a stream, without the account."""
        return next(s.url for s in self.streams if s.role is role)

    def source(self, camera_id: str | None = None) -> CameraSource:
        """What the video engine wants."""
        account = Credentials(self.username, self.password)
        return CameraSource(camera_id or self.id, self.streams, account)


def call(control_url: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One request to the control API. Raises OSError where it is not reached or refuses."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(control_url + path, data, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 -- loopback
            return json.loads(reply.read())
    except urllib.error.HTTPError as error:
        raise OSError(json.loads(error.read())["error"]) from error
    except urllib.error.URLError as error:
        raise OSError(f"no simulator answers at {control_url}: {error.reason}") from error


def camera_info(description: dict[str, Any]) -> SimulatedCameraInfo:
    """The control API's description as an object."""
    streams = tuple(
        StreamSpec(
            StreamRole(role), s["url"], description["codec"], s["width"], s["height"], s["fps"]
        )
        for role, s in description["streams"].items()
    )
    d = description
    return SimulatedCameraInfo(
        d["id"],
        d["name"],
        d["name_en"],
        d["codec"],
        d["has_ptz"],
        d["onvif_url"],
        streams,
        d["username"],
        d["password"],
        d["onvif_tls_url"],
    )


class Simulator:
    """Starts and stops the process; a context manager."""

    def __init__(self, cameras: int = 4, ptz: int = 1, **options: Any) -> None:
        """`options` are those of `server.Options`."""
        self._options = Options(cameras=cameras, ptz=ptz, **options)
        self._process: Any = None
        self._pipe: Connection | None = None
        self.control_url = ""
        self.cameras: list[SimulatedCameraInfo] = []

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process's id."""
        return int(self._process.pid)

    def start(self, timeout_s: float = 30.0) -> None:
        """Returns when all ports listen. Raises RuntimeError when they do not."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_process_main, args=(self._options, theirs), name="watchroom-simulator"
        )
        self._process.daemon = True
        self._process.start()
        theirs.close()
        try:
            if not self._pipe.poll(timeout_s):
                raise RuntimeError(f"the simulator was not ready within {timeout_s:.0f} s")
            answer = self._pipe.recv()
        except EOFError:
            answer = "it ended"
        except RuntimeError:
            self.stop()
            raise
        if not isinstance(answer, int):
            self.stop()
            raise RuntimeError(f"the simulator did not start: {answer}")
        self.control_url = f"http://127.0.0.1:{answer}"
        self.cameras = [camera_info(d) for d in call(self.control_url, "GET", "/cameras")]

    def stop(self) -> None:
        """Ends the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.join(3)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(3)
            self._process.close()
            self._process = None

    def camera(self, camera_id: str) -> SimulatedCameraInfo:
        """One of `cameras` by its id."""
        return next(c for c in self.cameras if c.id == camera_id)

    def fault(self, camera_id: str, kind: str, **parameters: Any) -> None:
        """Make a camera fail (`camera.FaultKind`)."""
        body = {"kind": kind, "parameters": parameters}
        call(self.control_url, "POST", f"/cameras/{camera_id}/faults", body)

    def clear(self, camera_id: str, kind: str | None = None) -> None:
        """Repair it: one fault, or all."""
        tail = f"/{kind}" if kind else ""
        call(self.control_url, "DELETE", f"/cameras/{camera_id}/faults{tail}")

    def state(self, camera_id: str) -> dict[str, Any]:
        """What the control API says of a camera."""
        answer = call(self.control_url, "GET", f"/cameras/{camera_id}")
        assert isinstance(answer, dict)
        return answer

    def reset(self, camera_id: str) -> None:
        """Settings and users as they came."""
        call(self.control_url, "POST", f"/cameras/{camera_id}/reset")

    def emit(
        self, camera_id: str, topic: str, data: dict[str, str], source: dict[str, str] | None = None
    ) -> None:
        """Let the camera report an event."""
        body = {"topic": topic, "source": source or {}, "data": data}
        call(self.control_url, "POST", f"/cameras/{camera_id}/events", body)

    def set_clock_skew(self, camera_id: str, seconds: float) -> None:
        """Let the camera's clock be wrong by so much."""
        call(self.control_url, "POST", f"/cameras/{camera_id}/clock", {"skew_s": seconds})


def _process_main(options: Options, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(options, pipe))


async def _serve(options: Options, pipe: Connection) -> None:
    server = SimulatorServer(options)
    try:
        await server.start()
    except OSError as error:
        pipe.send(str(error))
        return
    pipe.send(server.control_port)
    # The parent's end closes when it stops us or dies; nothing else is ever sent.
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(pipe.fileno(), gone.set)
    await gone.wait()
    await server.stop()
