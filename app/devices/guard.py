"""A process that outlives the client: should the client die, it stops the cameras that it moved.

The device's own time-out does that already, on devices that heed it; some do not. The guard is told over a
pipe what moves, and acts when the pipe ends without a farewell. It imports little: no Qt, no WSDL.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from app.devices.errors import DeviceError
from app.domain.camera import Credentials

if TYPE_CHECKING:
    from app.devices.onvif import PtzDevice
    from app.devices.soap import Pins

PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
STOP_FOR_S = 30.0
"""How long the guard tries to reach a camera that moves; long cuts outlive every guard."""

AGAIN_S = 0.7

READY_S = 3.0
"""So long a head is kept from its first move at most, until the guard can act."""


@dataclass(frozen=True, slots=True)
class Moving:
    """A head under way and how to reach it. Travels over a pipe of this computer only."""

    address: str
    profile: str
    account: Credentials = field(repr=False)
    clock_offset_s: float = 0.0
    fingerprint: str = ""


class Guard:
    """The client's end. Thread-safe; starts its process with the first move."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipe: Connection | None = None
        self._process: Any = None
        self._moving: set[tuple[str, str]] = set()
        self._hearing, self._ready = threading.Lock(), False

    def start(self) -> None:
        """Start the process, if it does not run. Blocking for a moment: not on the UI's thread."""
        with self._lock:
            if self._process is not None and self._process.is_alive():
                return
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._ready = False
            self._process = context.Process(target=_main, args=(theirs,), name="watchroom-guard",
                                            daemon=True)  # fmt: skip
            try:
                self._process.start()
            except OSError:
                self._process = self._pipe = None  # the device's time-out has to do
            theirs.close()

    def ready(self, wait_s: float = READY_S) -> None:
        """Wait until the process can act, where there is one: before that, a client that dies leaves
        a camera moving for longer. Blocking: not on the UI's thread."""
        with self._hearing:
            pipe = self._pipe
            if self._ready or pipe is None:
                return
            with contextlib.suppress(OSError, ValueError, EOFError):
                if pipe.poll(wait_s):
                    self._ready = bool(pipe.recv())

    def moves(self, head: Moving) -> None:
        """This one moves from now on."""
        with self._lock:
            key = (head.address, head.profile)
            if key not in self._moving:
                self._moving.add(key)
                self._send(head)

    def stands(self, address: str, profile: str) -> None:
        """This one took a stop."""
        with self._lock:
            if (address, profile) in self._moving:
                self._moving.discard((address, profile))
                self._send((address, profile))

    def _send(self, message: Any) -> None:
        if self._pipe is not None:
            with contextlib.suppress(OSError, ValueError):
                self._pipe.send(message)

    def close(self) -> None:
        """A farewell: the client has stopped its cameras itself."""
        with self._lock:
            self._send(None)
            if self._pipe is not None:
                self._pipe.close()
            self._pipe = self._process = None
            self._moving.clear()


def guarded(head: PtzDevice, guard: Guard) -> PtzDevice:
    """The same head, which tells the guard of its moves. Waits until the guard is ready."""
    from app.devices.onvif import PTZ as PTZ_SERVICE
    from app.devices.onvif import PtzDevice

    class GuardedHead(PtzDevice):
        def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
            device = self._device
            address = device.address(PTZ_SERVICE)
            if pan or tilt or zoom:
                # Before it is sent: afterwards might be too late.
                soap = device.soap
                guard.moves(Moving(address, self._profile, soap.account, soap.clock_offset_s,
                                   soap.fingerprint))  # fmt: skip
            super().move(pan, tilt, zoom, timeout_s)
            if not (pan or tilt or zoom):
                guard.stands(address, self._profile)

        def stop(self) -> None:
            super().stop()
            guard.stands(self._device.address(PTZ_SERVICE), self._profile)

    guard.ready()
    return GuardedHead(head._device, head._profile)


# -- the process


def _main(pipe: Connection) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # ends with its client, not with the terminal
    # Now, not when it is needed: the client's process itself does without until a camera is asked.
    import app.devices.soap  # noqa: F401

    with contextlib.suppress(OSError):  # the client may be gone already: there is the more to do
        pipe.send(True)
    moving: dict[tuple[str, str], Moving] = {}
    try:
        while True:
            message = pipe.recv()
            if message is None:
                return
            if isinstance(message, Moving):
                moving[message.address, message.profile] = message
            else:
                moving.pop(message, None)
    except (EOFError, OSError):
        pass
    threads = [threading.Thread(target=_stop, args=(head,)) for head in moving.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _OnlyThis(dict[str, str]):
    """The pin that the client had."""

    def get(self, place: str) -> str:  # type: ignore[override]
        return dict.get(self, "", "")

    def set(self, place: str, fingerprint: str) -> None:
        pass


def _stop(head: Moving) -> None:
    """Stop until the camera has taken it, by Stop or by zero velocity."""
    from app.devices.soap import SoapClient, element_text

    pins: Pins = _OnlyThis({"": head.fingerprint})
    soap = SoapClient(head.account, 3.0, pins, head.clock_offset_s)
    profile = f"<ProfileToken>{element_text(head.profile)}</ProfileToken>"
    schema = 'xmlns="http://www.onvif.org/ver10/schema"'
    stop = f'<Stop xmlns="{PTZ}">{profile}<PanTilt>true</PanTilt><Zoom>true</Zoom></Stop>'
    zero = (
        f'<ContinuousMove xmlns="{PTZ}">{profile}<Velocity><PanTilt {schema} x="0" y="0"/>'
        f'<Zoom {schema} x="0"/></Velocity></ContinuousMove>'
    )
    deadline = time.monotonic() + STOP_FOR_S
    while time.monotonic() < deadline:
        for body in (stop, zero):
            try:
                soap.ask(head.address, body)
            except DeviceError:
                continue
            soap.close()
            return
        time.sleep(AGAIN_S)
