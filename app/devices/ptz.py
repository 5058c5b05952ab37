"""Moving cameras safely: a move is a lease, a stop is verified.

One controller and one thread a camera. While somebody holds, the move is renewed with the device's
own time-out set; everything else ends it. Commands go out one after the other, and what is wanted
is read just before sending, so a late start never overtakes a stop.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.devices.errors import DeviceError
from app.devices.onvif import PtzStatus

RENEW_S = 0.3
"""A held move is sent again so often."""

DEVICE_TIMEOUT_S = 1.0
"""The device stops by itself so long after the last renewal: also when this program is killed."""

HOLD_S = 0.9
"""A hold that the UI does not repeat for so long is over: a frozen window must not steer."""

VERIFY_S = 1.0
"""A camera that still moves so long after a stop is an alarm."""

VERIFY_STEP_S = 0.12
STILL = 0.002
"""Change of position between two looks that counts as standing."""

STOP_AGAIN_S = 0.5


class Head(Protocol):
    """What the controller needs of `onvif.PtzDevice`."""

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None: ...
    def stop(self) -> None: ...
    def status(self) -> PtzStatus: ...


class Phase(StrEnum):
    """What the head does, as far as we know."""

    IDLE = "idle"
    MOVING = "moving"
    STOPPING = "stopping"
    UNVERIFIED = "unverified"  # stopped, but the device does not tell
    STILL_MOVING = "still-moving"  # alarm
    FAILED = "failed"  # the last command did not arrive


@dataclass(frozen=True, slots=True)
class PtzState:
    """News for the panel. `message` is English, free of secrets."""

    phase: Phase
    message: str = ""


Velocity = tuple[float, float, float]
REST: Velocity = (0.0, 0.0, 0.0)


class PtzController:
    """Steers one camera. Methods return at once; `on_state` is called on its thread."""

    def __init__(
        self,
        head: Callable[[], Head],
        on_state: Callable[[PtzState], None],
        *,
        motion_probe: Callable[[], bool | None] | None = None,
    ) -> None:
        """`head` connects (blocking, on the thread) and is called again after a failure.

        `motion_probe` tells whether the picture moves, for devices whose status does not.
        """
        self._connect, self._on_state, self._probe = head, on_state, motion_probe
        self._head: Head | None = None
        self._changed = threading.Condition()
        self._wanted = REST
        self._held_at = 0.0
        self._orders: deque[tuple[Callable[[Head], None], Callable[[Exception | None], None]]]
        self._orders = deque()
        self._stop_owed = False
        self._closing = False
        self._state = PtzState(Phase.IDLE)
        self._thread = threading.Thread(target=self._run, name="ptz", daemon=True)
        self._thread.start()

    # -- for the UI

    def hold(self, pan: float, tilt: float, zoom: float) -> None:
        """Move at these speeds (-1..1) as long as this is repeated within HOLD_S."""

        def clip(value: float) -> float:
            return max(-1.0, min(1.0, value))

        with self._changed:
            if self._closing:
                return
            self._wanted = (clip(pan), clip(tilt), clip(zoom))
            self._held_at = time.monotonic()
            if self._wanted != REST:
                self._orders.clear()
            self._changed.notify()

    def release(self) -> None:
        """Stop. Also the emergency stop: it is sent whatever is believed of the camera."""
        with self._changed:
            self._wanted = REST
            self._stop_owed = True
            self._changed.notify()

    def order(
        self,
        command: Callable[[Head], None],
        done: Callable[[Exception | None], None] = lambda _: None,
    ) -> None:
        """A single command (a preset, home); `done` gets None or the error, on the thread."""
        with self._changed:
            self._orders.append((command, done))
            self._changed.notify()

    @property
    def state(self) -> PtzState:
        """The last news."""
        return self._state

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop if anything may move, then end."""
        with self._changed:
            self._closing = True
            self._wanted = REST
            self._orders.clear()
            self._changed.notify()
        self._thread.join(timeout_s)

    # -- on the thread

    def _say(self, phase: Phase, message: str = "") -> None:
        state = PtzState(phase, message)
        if state != self._state:
            self._state = state
            self._on_state(state)

    def _velocity(self) -> Velocity:
        """What is wanted now; a hold nobody repeats has ended."""
        if self._wanted != REST and time.monotonic() - self._held_at > HOLD_S:
            self._wanted = REST
            self._stop_owed = True
        return self._wanted

    def _run(self) -> None:
        moving_at: float | None = None
        last: Velocity = REST
        while True:
            with self._changed:
                if not self._work_waits(moving_at, last):
                    wait = None if moving_at is None else RENEW_S / 3
                    self._changed.wait(wait)
                velocity = self._velocity()
                stop = velocity == REST and (self._stop_owed or moving_at is not None)
                order = self._orders.popleft() if self._orders and velocity == REST else None
                if velocity != REST:
                    self._stop_owed = False
                closing = self._closing
            if velocity != REST:
                now = time.monotonic()
                if velocity != last or moving_at is None or now - moving_at >= RENEW_S:
                    if self._send_move(velocity):
                        moving_at, last = now, velocity
                    else:
                        # Whether it arrived is unknown: a stop goes first thing when it is back.
                        moving_at, last = now, REST
                        self._stop_owed = True
                continue
            if stop:
                self._stop_owed = False
                moving_at, last = None, REST
                self._stop_and_verify()
            if order is not None:
                self._carry_out(*order)
            if closing and not self._stop_owed:
                return

    def _work_waits(self, moving_at: float | None, last: Velocity) -> bool:
        velocity = self._velocity()
        if self._closing or self._stop_owed or self._orders:
            return True
        if velocity == REST:
            return moving_at is not None
        return velocity != last or moving_at is None or time.monotonic() - moving_at >= RENEW_S

    def _reach(self) -> Head:
        if self._head is None:
            self._head = self._connect()
        return self._head

    def _send_move(self, velocity: Velocity) -> bool:
        try:
            self._reach().move(*velocity, DEVICE_TIMEOUT_S)
        except DeviceError as error:
            self._head = None
            self._say(Phase.FAILED, error.message)
            self._pause()
            return False
        self._say(Phase.MOVING)
        return True

    def _pause(self) -> None:
        """After a failure: do not hammer the device while the key is still held."""
        with self._changed:
            self._changed.wait(RENEW_S)

    def _carry_out(
        self, command: Callable[[Head], None], done: Callable[[Exception | None], None]
    ) -> None:
        try:
            command(self._reach())
        except DeviceError as error:
            self._head = None
            done(error)
        else:
            done(None)

    def _send_stop(self) -> str:
        """Stop, or zero velocity where Stop is refused. "" or what went wrong."""
        try:
            head = self._reach()
            try:
                head.stop()
            except DeviceError:
                # Some want zero velocity, some the axes one by one; all of it is harmless.
                with contextlib.suppress(DeviceError):
                    head.move(0.0, 0.0, 0.0, DEVICE_TIMEOUT_S)
                    return ""
                raise
        except DeviceError as error:
            self._head = None
            return error.message
        return ""

    def _stop_and_verify(self) -> None:
        """Send stops until the camera is seen to stand, or somebody moves it again."""
        self._say(Phase.STOPPING)
        began = sent_at = time.monotonic()
        trouble = self._send_stop()
        before: tuple[float, float, float] | None = None
        attempts = 0
        while True:
            with self._changed:
                if self._velocity() != REST:
                    return
                closing = self._closing
                self._stop_owed = False
            verdict, before = (None, before) if trouble else self._moves(before)
            elapsed = time.monotonic() - began
            if verdict is False:
                self._say(Phase.IDLE)
                return
            if verdict is None and not trouble and elapsed >= VERIFY_S:
                self._say(Phase.UNVERIFIED, "stopped; the camera does not tell whether it stands")
                return
            if elapsed >= VERIFY_S:
                if trouble:
                    self._say(Phase.FAILED, f"the stop may not have arrived: {trouble}")
                else:
                    self._say(Phase.STILL_MOVING, "the camera still moves after the stop")
                attempts += 1
                if closing or attempts > 60:
                    return
            if time.monotonic() - sent_at >= STOP_AGAIN_S:
                sent_at = time.monotonic()
                trouble = self._send_stop()
                if not trouble and self._head is not None:
                    with contextlib.suppress(DeviceError):
                        self._head.move(0.0, 0.0, 0.0, DEVICE_TIMEOUT_S)
            with self._changed:
                if self._velocity() == REST and not self._stop_owed:
                    self._changed.wait(VERIFY_STEP_S)

    def _moves(
        self, before: tuple[float, float, float] | None
    ) -> tuple[bool | None, tuple[float, float, float] | None]:
        """(still moving?, position): by two positions, by MoveStatus, else by the picture."""
        try:
            status = self._reach().status()
        except DeviceError:
            return (self._probe() if self._probe else None), before
        if status.position is not None:
            if before is None:
                return (True if status.moving else None), status.position
            moved = max(abs(a - b) for a, b in zip(status.position, before, strict=True))
            # Some devices never change MoveStatus: two equal positions count as standing.
            return moved > STILL, status.position
        if status.moving is not None:
            return status.moving, before
        return (self._probe() if self._probe else None), before
