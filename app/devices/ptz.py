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
from typing import Any, Protocol

from app.devices.errors import DeviceError, ErrorCode

ROUGH_ZOOM = 1.5
"""After a rough aim no nearer than this at once: what was wanted stays in the picture."""

RENEW_S = 0.3
"""A held move is sent again so often."""

DEVICE_TIMEOUT_S = 0.8
"""The device stops by itself so long after the last renewal, also when this program is killed: with
its brakes, within a second of a cable being pulled (acceptance test T3)."""

WHOLE_TIMEOUT_S = 1.0
"""For devices that refuse part of a second."""

HOLD_S = 0.9
"""A hold that the UI does not repeat for so long is over: a frozen window must not steer."""

VERIFY_S = 1.0
"""A camera that still moves so long after a stop is an alarm."""

VERIFY_STEP_S = 0.12
STILL = 0.002
"""Change of position between two looks that counts as standing."""

REST_LOOKS = 3
"""So many equal positions one after the other count as having arrived."""

SET_OFF_S, ARRIVE_S = 0.4, 15.0
"""A head may stand so long before it sets off; it is waited for no longer than this."""

BLIND_S = 2.0
"""A head that tells nothing is taken to have arrived after so long."""

STOP_AGAIN_S = 0.5
GATE_S = 0.01
"""How often the gate is asked again while it does not know yet."""

Gate = Callable[[], str | None]
"""Asked before every move and order, also each renewal; must not wait. "" lets it pass, None means
not known yet (ask again), any other text is who steers the camera instead."""

MAX_CHECKS = 60
"""After so many looks at a camera that does not stop, the alarm stands and a person must act."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A stored position; tokens are opaque, names may be empty."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class PtzStatus:
    """Where the head is (generic spaces) and whether it moves; None where the device is silent."""

    position: tuple[float, float, float] | None
    moving: bool | None


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
    YIELDED = "yielded"  # somebody else steers; the message is who. What moved here was stopped


@dataclass(frozen=True, slots=True)
class PtzState:
    """News for the panel. `message` is English, free of secrets."""

    phase: Phase
    message: str = ""


Velocity = tuple[float, float, float]
REST: Velocity = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Order:
    """A command in its turn; `then` follows once the camera stands, `done` is told the outcome."""

    command: Callable[[Any], Any]
    done: Callable[[Exception | None], None]
    then: Callable[[Any], Any] | None = None
    gated: bool = True


class PtzController:
    """Steers one camera. Methods return at once; `on_state` is called on its thread."""

    def __init__(
        self,
        head: Callable[[], Head],
        on_state: Callable[[PtzState], None],
        *,
        motion_probe: Callable[[], bool | None] | None = None,
        gate: Gate = lambda: "",
    ) -> None:
        """`head` connects (blocking, on the thread) and is called again after a failure.

        `motion_probe` tells whether the picture moves, for devices whose status does not.
        `gate`: the control lock. Stops are never asked about.
        """
        self._connect, self._on_state, self._probe = head, on_state, motion_probe
        self._gate = gate
        self._head: Head | None = None
        self._changed = threading.Condition()
        # Shared, under the condition:
        self._wanted = REST
        self._held_at = 0.0
        self._orders: deque[_Order] = deque()
        self._stop_owed = False
        self._refused = False
        self._yields_to: str | None = None
        self._turn = 0
        self._closing = False
        # The thread's own:
        self._moving_at: float | None = None
        self._timeout_s = DEVICE_TIMEOUT_S
        self._sent: Velocity = REST
        self._lost = False
        self._seen: Velocity | None = None
        self._position_tells = False
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
            if self._wanted == REST:
                self._refused = False  # a new press may try the account once more
                self._turn += 1
            self._wanted = (clip(pan), clip(tilt), clip(zoom))
            self._held_at = time.monotonic()
            if self._wanted != REST:
                self._orders.clear()
            self._changed.notify()

    def release(self) -> None:
        """Let go: stops whatever was set moving here. Orders that wait are dropped."""
        with self._changed:
            self._wanted = REST
            self._turn += 1
            self._orders.clear()
            self._changed.notify()

    def stop(self) -> None:
        """The emergency stop: sent whatever is believed of the camera, before all else."""
        with self._changed:
            self._stop_owed = True
        self.release()

    def order(
        self,
        command: Callable[[Any], Any],
        done: Callable[[Exception | None], None] = lambda _: None,
        then: Callable[[Any], Any] | None = None,
        *,
        gated: bool = True,
    ) -> None:
        """A single command (a preset, home) in its turn; `done` gets None or the error.

        All are called on the thread. An order that a move or a stop overtakes is dropped. With
        `then` the camera is watched until it stands, and `then` called: dropped as well when
        somebody moves or stops it meanwhile, or gives another order. `gated` False: without the
        control lock, for what is done once it was given back.
        """
        with self._changed:
            if not self._closing:
                self._orders.append(_Order(command, done, then, gated))
                self._changed.notify()

    def lose(self, to: str) -> None:
        """The control lock is another's now: what moves here stops at once, orders are dropped.

        The stop is sent until it was taken and is not repeated after that: the camera may move
        because the other one wants it to.
        """
        with self._changed:
            if self._closing:
                return
            self._refused = True  # until the next press
            self._yields_to = to
            self._turn += 1
            self._orders.clear()
            self._changed.notify()

    @property
    def turn(self) -> int:
        """Changes whenever somebody moves or stops the camera here."""
        return self._turn

    @property
    def state(self) -> PtzState:
        """The last news."""
        return self._state

    def end(self) -> None:
        """Stop if anything may move, then end; returns at once."""
        with self._changed:
            self._closing = True
            self._wanted = REST
            self._orders.clear()
            self._changed.notify()

    def close(self, timeout_s: float = 2.0) -> None:
        """`end`, and wait for it."""
        self.end()
        self._thread.join(timeout_s)

    # -- on the thread

    def _say(self, phase: Phase, message: str = "") -> None:
        state = PtzState(phase, message)
        if state != self._state:
            self._state = state
            # A listener that fails must not keep a stop from being sent.
            with contextlib.suppress(Exception):
                self._on_state(state)

    def _velocity(self) -> Velocity:
        """What is wanted now; a hold nobody repeats has ended, a refused one counts for nothing."""
        if self._wanted != REST and time.monotonic() - self._held_at > HOLD_S:
            self._wanted = REST
        return REST if self._refused else self._wanted

    def _run(self) -> None:
        while True:
            try:
                if self._step():
                    return
            except Exception as error:
                # Whatever it is: a camera must not be left without its stop.
                self._head, self._lost = None, True
                self._say(Phase.FAILED, f"internal error: {type(error).__name__}")
                self._pause()

    def _step(self) -> bool:
        """One command; True at the end."""
        with self._changed:
            if not self._work_waits():
                self._changed.wait(None if self._moving_at is None else RENEW_S / 3)
            velocity = self._velocity()
            stop = velocity == REST and self._stop_waits()
            order = None
            if velocity == REST and not stop and self._orders:
                order = self._orders[0]
            if stop:
                self._stop_owed = False
            closing, turn = self._closing, self._turn
        if velocity != REST:
            if self._move_waits(velocity) and self._let():
                self._send_move(velocity)
        elif stop:
            self._stop_and_verify()
        elif order is not None:
            if self._let(order) and self._is_next(order):
                self._carry_out(order, turn)
        elif closing:
            return True
        return False

    def _let(self, order: _Order | None = None) -> bool:
        """Whether the gate lets a move or an order pass now."""
        leave = self._gate() if order is None or order.gated else ""
        if leave is None:
            with self._changed:
                if self._velocity() != REST or self._orders:  # else it was let go of meanwhile
                    self._changed.wait(GATE_S)
        elif leave and order is not None:
            if self._is_next(order):
                order.done(DeviceError(ErrorCode.HELD, leave))
        elif leave:
            with self._changed:
                self._refused = True
                self._yields_to = leave
        return leave == ""

    def _is_next(self, order: _Order) -> bool:
        """Take the order from the queue, unless it was dropped meanwhile."""
        with self._changed:
            if not self._orders or self._orders[0] is not order:
                return False
            self._orders.popleft()
            return True

    def _yields(self) -> bool:
        return self._yields_to is not None

    def _stop_waits(self) -> bool:
        return self._stop_owed or self._lost or self._yields() or self._moving_at is not None

    def _move_waits(self, velocity: Velocity) -> bool:
        if self._moving_at is None or velocity != self._sent:
            return True
        return time.monotonic() - self._moving_at >= RENEW_S

    def _work_waits(self) -> bool:
        velocity = self._velocity()
        if velocity != REST:
            return self._move_waits(velocity)
        return self._closing or bool(self._orders) or self._stop_waits()

    def _reach(self) -> Head:
        if self._head is None:
            self._head = self._connect()
        return self._head

    def _send_move(self, velocity: Velocity) -> None:
        try:
            if self._head is None:
                self._reach()
                return  # that may have taken long: what is wanted is looked at again
            head = self._head
            if self._lost:
                # First thing after a failure: what the camera last heard from us is not known.
                head.stop()
                self._lost = False
            self._moving_at = time.monotonic()
            try:
                head.move(*velocity, self._timeout_s)
            except DeviceError as error:
                if error.code is not ErrorCode.REFUSED or self._timeout_s == WHOLE_TIMEOUT_S:
                    raise
                head.move(*velocity, WHOLE_TIMEOUT_S)
                self._timeout_s = WHOLE_TIMEOUT_S
        except DeviceError as error:
            self._head = None
            self._sent = REST
            if error.code is ErrorCode.UNAUTHORIZED:
                # Trying again while the key is held would lock the account.
                with self._changed:
                    self._refused = True
                self._moving_at = None
            else:
                self._lost = self._lost or self._moving_at is not None
            self._say(Phase.FAILED, error.message)
            self._pause()
        else:
            self._moving_at, self._sent = time.monotonic(), velocity
            self._say(Phase.MOVING)

    def _pause(self) -> None:
        """After a failure: do not hammer the device while the key is still held."""
        with self._changed:
            self._changed.wait(RENEW_S)

    def _carry_out(self, order: _Order, turn: int) -> None:
        try:
            head = self._reach()
            if turn != self._turn:
                return  # overtaken while the camera was connected to
            order.command(head)
            if order.then is not None and self._arrives(turn):
                order.then(self._reach())
        except DeviceError as error:
            if error.code is not ErrorCode.NOT_SUPPORTED:
                self._head = None  # else it answers well, and is known by now
            if self._state.phase is Phase.MOVING:
                self._say(Phase.IDLE)
            order.done(error)
        else:
            order.done(None)

    def _arrives(self, turn: int) -> bool:
        """Watch a head on its way until it stands; False when something else is wanted first."""
        self._say(Phase.MOVING)
        began = time.monotonic()
        equal, before = 0, None
        while True:
            with self._changed:
                self._changed.wait(VERIFY_STEP_S)
                if self._closing or self._orders or self._stop_owed or self._turn != turn:
                    return False
            elapsed = time.monotonic() - began
            try:
                status = self._reach().status()
            except DeviceError as error:
                if error.code is ErrorCode.UNAUTHORIZED:
                    raise
                status = PtzStatus(None, None)
            if status.position is None and status.moving is None:
                if elapsed >= BLIND_S:
                    self._say(Phase.UNVERIFIED, "the camera does not tell whether it stands")
                    return True
                continue
            stands = status.moving is not True and status.position == before
            equal, before = (equal + 1 if stands else 0), status.position
            if equal >= REST_LOOKS and elapsed >= SET_OFF_S:
                self._say(Phase.IDLE)
                return True
            if elapsed >= ARRIVE_S:
                self._say(Phase.UNVERIFIED, "the camera does not tell whether it stands")
                return False

    def _send_stop(self) -> DeviceError | None:
        """Stop, or zero velocity where Stop is refused. What went wrong, or None."""
        try:
            head = self._reach()
            try:
                head.stop()
            except DeviceError as error:
                if error.code is ErrorCode.UNAUTHORIZED:
                    raise
                # Some want zero velocity instead; all of it is harmless.
                with contextlib.suppress(DeviceError):
                    head.move(0.0, 0.0, 0.0, self._timeout_s)
                    return None
                raise
        except DeviceError as error:
            self._head = None
            return error
        return None

    def _stop_and_verify(self) -> None:
        """Send stops until the camera is seen to stand, or somebody moves it again."""
        if self._yields():
            self._yield()
            return
        self._say(Phase.STOPPING)
        self._moving_at, self._sent = None, REST
        began = sent_at = time.monotonic()
        trouble = self._send_stop()
        before: Velocity | None = None
        attempts = 0
        while True:
            self._lost = trouble is not None
            with self._changed:
                elapsed = time.monotonic() - began
                if self._velocity() != REST or (self._orders and elapsed >= VERIFY_S):
                    return
                if self._yields() and not trouble:
                    return
                closing = self._closing
                self._stop_owed = False
            verdict, before = (None, before) if trouble else self._moves(before)
            if verdict is False:
                self._say(Phase.IDLE)
                return
            if verdict is None and not trouble and elapsed >= VERIFY_S:
                self._say(Phase.UNVERIFIED, "stopped; the camera does not tell whether it stands")
                return
            if elapsed >= VERIFY_S:
                if trouble:
                    self._say(Phase.FAILED, f"the stop may not have arrived: {trouble.message}")
                else:
                    self._say(Phase.STILL_MOVING, "the camera still moves after the stop")
                attempts += 1
                if closing or attempts > MAX_CHECKS:
                    self._lost = False
                    return
            if time.monotonic() - sent_at >= STOP_AGAIN_S:
                if trouble and trouble.code is ErrorCode.UNAUTHORIZED:
                    # The device's own time-out has ended the move; asking on would lock the account.
                    self._lost = False
                    self._say(Phase.FAILED, f"the stop was refused: {trouble.message}")
                    return
                sent_at = time.monotonic()
                trouble = self._send_stop()
                if not trouble and self._head is not None:
                    with contextlib.suppress(DeviceError):
                        self._head.move(0.0, 0.0, 0.0, self._timeout_s)
            with self._changed:
                if self._velocity() == REST and not self._stop_owed:
                    self._changed.wait(VERIFY_STEP_S)

    def _yield(self) -> None:
        """Somebody else steers: stop what was set moving here, and no more than that."""
        with self._changed:
            to, self._yields_to = self._yields_to or "", None
            moved = self._stop_owed or self._lost or self._moving_at is not None
            self._stop_owed = False
        self._moving_at, self._sent = None, REST
        deadline = time.monotonic() + self._timeout_s
        if moved:
            self._say(Phase.STOPPING)
            while self._send_stop() is not None and time.monotonic() < deadline:
                with self._changed:
                    self._changed.wait(VERIFY_STEP_S)
        # Later than that the device's own time-out has ended our move: a stop would end another's.
        self._lost = False
        self._say(Phase.YIELDED, to)

    def _moves(self, before: Velocity | None) -> tuple[bool | None, Velocity | None]:
        """(still moving?, position): by two positions, by MoveStatus, else by the picture."""
        try:
            status = self._reach().status()
        except DeviceError:
            return self._picture_moves(), before
        position, said = status.position, status.moving
        if position is None:
            return (said if said is not None else self._picture_moves()), before
        last, self._seen = self._seen, position
        if last is not None and _apart(position, last) > STILL:
            self._position_tells = True
        if before is None:
            return (True if said else None), position
        if _apart(position, before) > STILL:
            return True, position
        if self._position_tells or said is False:
            # Some devices never change MoveStatus: two equal positions count as standing, once
            # this device has shown that its position changes at all.
            return False, position
        by_picture = self._picture_moves()
        return (said if by_picture is None else by_picture), position

    def _picture_moves(self) -> bool | None:
        return self._probe() if self._probe else None


def _apart(a: Velocity, b: Velocity) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
