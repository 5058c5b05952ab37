"""PTZ is a safety matter: what the simulated head itself says counts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.devices.errors import DeviceError, ErrorCode
from app.devices.guard import Guard, guarded
from app.devices.onvif import PtzDevice, connect
from app.devices.ptz import Phase, PtzController, PtzState, PtzStatus
from app.domain.camera import Credentials
from app.simulator import panorama
from app.simulator.process import Simulator
from tests.conftest import PATIENCE_S, wait_for

CAMERA = "cam6"


def _head(simulator: Simulator) -> PtzDevice:
    info = simulator.camera(CAMERA)
    return connect(info.onvif_url, Credentials(info.username, info.password)).ptz()


@pytest.fixture
def states() -> list[PtzState]:
    return []


@pytest.fixture
def controller(simulator: Simulator, states: list[PtzState]) -> Iterator[PtzController]:
    running = PtzController(lambda: _head(simulator), states.append)
    running.order(lambda head: head.absolute(0.0, 0.0, 0.0))  # type: ignore[attr-defined]
    wait_for(lambda: not simulator.state(CAMERA)["ptz"]["moving"]
             and abs(simulator.state(CAMERA)["ptz"]["pan"]) < 0.01)  # fmt: skip
    yield running
    simulator.clear(CAMERA)
    running.close()


def _hold(
    controller: PtzController, seconds: float, vector: tuple[float, float, float],
    until: Callable[[], object] = lambda: True,
) -> None:  # fmt: skip
    """Held for so long at least, and until that is so: a busy machine is late with the first move."""
    end = time.monotonic() + seconds
    while time.monotonic() < end or not until():
        assert time.monotonic() < end + PATIENCE_S, "it does not come to it"
        controller.hold(*vector)
        time.sleep(0.1)


def _moving(simulator: Simulator) -> bool:
    return bool(simulator.state(CAMERA)["ptz"]["moving"])


def test_held_it_moves_released_it_stands_and_says_so(
    simulator: Simulator, controller: PtzController, states: list[PtzState]
) -> None:
    _hold(controller, 0.8, (0.5, 0.0, 0.0),
          lambda: _moving(simulator) and simulator.state(CAMERA)["ptz"]["pan"] > 0.05)  # fmt: skip
    controller.release()
    assert wait_for(lambda: not _moving(simulator), 5) < 1.5
    wait_for(lambda: controller.state.phase is Phase.IDLE, 5)
    assert simulator.state(CAMERA)["ptz"]["pan"] > 0.05
    assert [s.phase for s in states] == [Phase.MOVING, Phase.STOPPING, Phase.IDLE]


def test_a_hold_nobody_repeats_ends_by_itself(
    simulator: Simulator, controller: PtzController
) -> None:
    controller.hold(0.5, 0.0, 0.0)
    wait_for(lambda: _moving(simulator))
    assert wait_for(lambda: not _moving(simulator), 6) < 3


def test_a_refused_stop_becomes_zero_velocity(
    simulator: Simulator, controller: PtzController
) -> None:
    simulator.fault(CAMERA, "ptz-refuse-stop")
    simulator.fault(CAMERA, "ptz-ignore-timeout")
    _hold(controller, 0.5, (-0.5, 0.0, 0.0), lambda: _moving(simulator))
    controller.release()
    assert wait_for(lambda: not _moving(simulator), 5) < 1.5
    wait_for(lambda: controller.state.phase is Phase.IDLE, 5)


def test_a_slow_camera_never_gets_a_move_after_the_stop(
    simulator: Simulator, controller: PtzController, states: list[PtzState]
) -> None:
    simulator.fault(CAMERA, "ptz-slow", seconds=1.0)
    controller.hold(0.5, 0.0, 0.0)
    wait_for(lambda: simulator.state(CAMERA)["last_command"] == "ContinuousMove")
    controller.release()
    wait_for(lambda: any(s.phase is Phase.STOPPING for s in states), 15)
    wait_for(lambda: controller.state.phase in (Phase.IDLE, Phase.UNVERIFIED), 15)
    assert not _moving(simulator)
    before = simulator.state(CAMERA)["ptz"]["pan"]
    time.sleep(1.5)
    assert simulator.state(CAMERA)["ptz"]["pan"] == before


def test_a_silent_camera_is_said_to_be_unverified(
    simulator: Simulator, controller: PtzController
) -> None:
    simulator.fault(CAMERA, "ptz-no-status")
    _hold(controller, 0.4, (0.3, 0.0, 0.0), lambda: _moving(simulator))
    controller.release()
    wait_for(lambda: controller.state.phase is Phase.UNVERIFIED)
    assert not _moving(simulator)


class _Runaway:
    """A head that moves on whatever it is told."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.position = 0.0
        self.obeys = False

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        self.log.append("zero" if pan == tilt == zoom == 0 else "move")

    def stop(self) -> None:
        self.log.append("stop")

    def status(self) -> PtzStatus:
        if not self.obeys:
            self.position += 0.05
        return PtzStatus((self.position, 0.0, 0.0), False)


def test_a_runaway_raises_the_alarm_and_is_stopped_again_and_again() -> None:
    head, states = _Runaway(), list[PtzState]()
    controller = PtzController(lambda: head, states.append)
    _hold(controller, 0.3, (1.0, 0.0, 0.0), lambda: head.log)
    controller.release()
    # MoveStatus says IDLE, the position says otherwise: the position counts.
    assert wait_for(lambda: controller.state.phase is Phase.STILL_MOVING, 6) < 3
    wait_for(lambda: head.log.count("stop") >= 3, 6)
    assert "zero" in head.log
    head.obeys = True
    wait_for(lambda: controller.state.phase is Phase.IDLE, 5)
    controller.close()


class _Broken(_Runaway):
    """A head whose network breaks on the first move."""

    def __init__(self) -> None:
        super().__init__()
        self.down = threading.Event()
        self.obeys = True

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        if self.down.is_set():
            raise DeviceError(ErrorCode.UNREACHABLE, "no connection")
        super().move(pan, tilt, zoom, timeout_s)

    def stop(self) -> None:
        if self.down.is_set():
            raise DeviceError(ErrorCode.UNREACHABLE, "no connection")
        super().stop()


def test_after_a_broken_connection_the_stop_goes_first() -> None:
    head = _Broken()
    controller = PtzController(lambda: head, lambda _: None)
    _hold(controller, 0.4, (1.0, 0.0, 0.0), lambda: head.log)
    head.down.set()
    _hold(controller, 0.4, (1.0, 0.0, 0.0), lambda: controller.state.phase is Phase.FAILED)
    controller.release()
    wait_for(lambda: controller.state.phase is Phase.FAILED, 6)
    head.log.clear()
    head.down.clear()
    wait_for(lambda: bool(head.log), 6)
    assert head.log[0] == "stop"
    wait_for(lambda: controller.state.phase is Phase.IDLE, 6)
    controller.close()


def test_closing_stops(simulator: Simulator) -> None:
    controller = PtzController(lambda: _head(simulator), lambda _: None)
    _hold(controller, 0.5, (0.3, 0.0, 0.0), lambda: _moving(simulator))
    controller.close()
    assert wait_for(lambda: not _moving(simulator), 5) < 1.5


def test_a_killed_client_leaves_a_camera_that_stops_by_its_own_timer(
    simulator: Simulator, tmp_path: Path
) -> None:
    info = simulator.camera(CAMERA)
    script = tmp_path / "client.py"
    script.write_text(
        "import time\n"
        "from app.devices.onvif import connect\n"
        "from app.devices.ptz import PtzController\n"
        "from app.domain.camera import Credentials\n"
        f"account = Credentials({info.username!r}, {info.password!r})\n"
        f"c = PtzController(lambda: connect({info.onvif_url!r}, account).ptz(), print)\n"
        "while True:\n    c.hold(-0.4, 0.0, 0.0)\n    time.sleep(0.1)\n"
    )
    client = subprocess.Popen(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: _moving(simulator), 20)
    client.kill()
    client.wait()
    assert wait_for(lambda: not _moving(simulator), 6) < 2.5


def test_held_through_a_broken_connection_the_stop_still_goes_first() -> None:
    head = _Broken()
    controller = PtzController(lambda: head, lambda _: None)
    _hold(controller, 0.4, (1.0, 0.0, 0.0), lambda: head.log)
    head.down.set()
    _hold(controller, 0.5, (1.0, 0.0, 0.0), lambda: controller.state.phase is Phase.FAILED)
    head.log.clear()
    head.down.clear()
    _hold(controller, 0.8, (1.0, 0.0, 0.0), lambda: len(head.log) >= 2)
    assert head.log[:2] == ["stop", "move"]
    controller.close()


class _Refusing(_Runaway):
    """A head whose account is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.obeys = True
        self.tries = 0

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        self.tries += 1
        raise DeviceError(ErrorCode.UNAUTHORIZED, "user name or password refused")

    def stop(self) -> None:
        self.move(0, 0, 0, 0)


def test_a_refused_account_is_tried_once_a_press(states: list[PtzState]) -> None:
    head = _Refusing()
    controller = PtzController(lambda: head, states.append)
    _hold(controller, 1.5, (1.0, 0.0, 0.0), lambda: head.tries)
    controller.release()
    time.sleep(0.8)
    assert head.tries == 1
    assert states[-1].phase is Phase.FAILED
    _hold(controller, 0.3, (1.0, 0.0, 0.0), lambda: head.tries > 1)
    assert head.tries == 2
    controller.stop()  # the emergency stop is sent all the same, but not again and again
    wait_for(lambda: head.tries >= 3)
    time.sleep(1.5)
    assert 3 <= head.tries <= 4
    controller.close()


def test_an_emergency_stop_drops_what_waits_behind_it() -> None:
    head, begun, go_on = _Runaway(), threading.Event(), threading.Event()
    head.obeys = True
    controller = PtzController(lambda: head, lambda _: None)

    def slow(_: object) -> None:
        begun.set()
        go_on.wait(PATIENCE_S)

    controller.order(slow)
    assert begun.wait(PATIENCE_S)
    controller.order(lambda h: h.log.append("go"))
    controller.stop()
    go_on.set()
    wait_for(lambda: bool(head.log), 5)
    wait_for(lambda: controller.state.phase in (Phase.IDLE, Phase.UNVERIFIED), 5)
    assert head.log[0] == "stop"
    assert "go" not in head.log
    controller.order(lambda h: h.log.append("go"))
    wait_for(lambda: "go" in head.log, 3)
    controller.close()


class _Faulty(_Runaway):
    """A library that fails in a way nobody foresaw."""

    def __init__(self) -> None:
        super().__init__()
        self.obeys = True
        self.broken = True

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        super().move(pan, tilt, zoom, timeout_s)
        if self.broken:
            raise RuntimeError("unforeseen")


def test_an_unforeseen_error_is_told_and_the_stop_still_goes_out(states: list[PtzState]) -> None:
    head = _Faulty()
    controller = PtzController(lambda: head, states.append)
    _hold(controller, 0.4, (1.0, 0.0, 0.0), lambda: head.log)
    controller.release()
    wait_for(lambda: "stop" in head.log, 5)
    assert any(s.phase is Phase.FAILED and "RuntimeError" in s.message for s in states)
    head.broken = False
    _hold(controller, 0.4, (1.0, 0.0, 0.0), lambda: controller.state.phase is Phase.MOVING)
    controller.close()


class _Frozen(_Runaway):
    """A head that always tells the same position."""

    def __init__(self, said: bool | None) -> None:
        super().__init__()
        self.said = said

    def status(self) -> PtzStatus:
        return PtzStatus((0.1, 0.2, 0.0), self.said)


@pytest.mark.parametrize(
    ("said", "picture", "phase"),
    [
        (None, True, Phase.STILL_MOVING),
        (None, False, Phase.IDLE),
        (None, None, Phase.UNVERIFIED),
        (True, None, Phase.STILL_MOVING),
        (True, False, Phase.IDLE),
        (False, None, Phase.IDLE),
    ],
)
def test_a_position_that_never_changes_proves_nothing(
    said: bool | None, picture: bool | None, phase: Phase
) -> None:
    head = _Frozen(said)
    controller = PtzController(lambda: head, lambda _: None, motion_probe=lambda: picture)
    _hold(controller, 0.3, (1.0, 0.0, 0.0), lambda: head.log)
    controller.release()
    wait_for(lambda: controller.state.phase is phase, 4)
    controller.close()


# -- aiming at what is seen


def _at(simulator: Simulator) -> dict[str, float]:
    state = simulator.state(CAMERA)["ptz"]
    assert isinstance(state, dict)
    return state


def _go(simulator: Simulator, pan: float, tilt: float, zoom: float) -> None:
    _head(simulator).absolute(pan, tilt, zoom)
    _stands(simulator)


def _stands(simulator: Simulator) -> None:
    wait_for(lambda: not _moving(simulator), 8)


@pytest.mark.parametrize("zoom", [0.0, 0.6])
def test_an_aim_brings_the_point_to_the_middle(simulator: Simulator, zoom: float) -> None:
    _go(simulator, -0.3, 0.0, zoom)
    assert _head(simulator).aim(0.6, 0.4)
    _stands(simulator)
    right, up = panorama.half_view(zoom)
    now = _at(simulator)
    assert (now["pan"] + 0.3) / right == pytest.approx(0.6, abs=0.02)
    assert now["tilt"] / up == pytest.approx(0.4, abs=0.02)
    assert now["zoom"] == pytest.approx(zoom, abs=0.005)


def test_without_the_field_of_view_an_aim_is_a_guess_in_the_right_direction(
    simulator: Simulator,
) -> None:
    _go(simulator, 0.0, 0.0, 0.0)
    simulator.fault(CAMERA, "ptz-no-fov")
    assert not _head(simulator).aim(-0.8, 0.5)
    _stands(simulator)
    # It never goes beyond what was pointed at: another click brings it nearer.
    right, up = panorama.half_view(0.0)
    assert -0.8 * right < _at(simulator)["pan"] < -0.05
    assert 0.05 < _at(simulator)["tilt"] < 0.5 * up


def test_a_head_without_relative_moves_says_so(simulator: Simulator) -> None:
    simulator.fault(CAMERA, "ptz-no-fov", none=1)
    with pytest.raises(DeviceError) as caught:
        _head(simulator).aim(0.2, 0.0)
    assert caught.value.code is ErrorCode.NOT_SUPPORTED


def test_two_aims_at_different_zooms_teach_what_the_lens_can(simulator: Simulator) -> None:
    head = _head(simulator)
    for zoom in (0.0, 0.5):
        _go(simulator, 0.0, 0.0, zoom)
        head.aim(0.5, 0.0)
        _stands(simulator)
        head.rested()
    before = panorama.half_view(_at(simulator)["zoom"])[0]
    head.zoom_by(1.5)
    _stands(simulator)
    after = panorama.half_view(_at(simulator)["zoom"])[0]
    assert before / after == pytest.approx(1.5, rel=0.04)
    head.zoom_by(50)  # no further than the lens goes
    _stands(simulator)
    assert _at(simulator)["zoom"] == 1.0


def test_an_untaught_lens_is_zoomed_too_little_rather_than_too_far(simulator: Simulator) -> None:
    _go(simulator, 0.0, 0.0, 0.2)
    before = panorama.half_view(0.2)[0]
    _head(simulator).zoom_by(2.0)
    _stands(simulator)
    assert 1.2 < before / panorama.half_view(_at(simulator)["zoom"])[0] <= 2.0


class _Wire:
    """What a device is asked, with a node of narrow ranges."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sent: dict[str, Any] = {}

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        self.asked.append(operation)
        self.sent = arguments
        if operation == "GetNodes":
            generic = "http://www.onvif.org/ver10/tptz/{}Spaces/VelocityGenericSpace"
            half = SimpleNamespace(Min=-0.5, Max=0.5)
            speed = SimpleNamespace(URI=generic.format("PanTilt"), XRange=half, YRange=half)
            nonsense = SimpleNamespace(Min=1, Max="-INF")
            zoom = SimpleNamespace(URI=generic.format("Zoom"), XRange=nonsense)
            spaces = SimpleNamespace(
                ContinuousPanTiltVelocitySpace=[speed], ContinuousZoomVelocitySpace=[zoom]
            )
            return [SimpleNamespace(token="n", SupportedPTZSpaces=spaces)]
        if operation == "GetConfigurations":
            raise DeviceError(ErrorCode.REFUSED, "no")
        return None


def test_speeds_are_clipped_to_the_heads_own_range_which_is_asked_once() -> None:
    wire = _Wire()
    head = PtzDevice(wire, "p")  # type: ignore[arg-type]
    head.move(1.0, 0.0, 0.0, 1.0)
    assert wire.asked == ["ContinuousMove"]  # a move waits for no question
    head.spaces()
    head.spaces()
    head.move(1.0, -0.7, 1.0, 1.0)
    assert wire.sent["Velocity"] == {"PanTilt": {"x": 0.5, "y": -0.5}, "Zoom": {"x": 1.0}}
    assert wire.asked.count("GetNodes") == 1


@pytest.mark.parametrize("way", ["hold", "stop", "order", "close"])
def test_what_follows_an_aim_is_dropped_when_something_else_is_wanted(
    simulator: Simulator, controller: PtzController, way: str
) -> None:
    then, ended = list[str](), threading.Event()
    controller.order(lambda head: head.aim(0.9, 0.0), lambda _: ended.set(),
                     lambda _: then.append("zoom"))  # fmt: skip
    wait_for(lambda: _moving(simulator))
    match way:
        case "hold":
            controller.hold(-0.2, 0.0, 0.0)
        case "stop":
            controller.stop()
        case "order":
            controller.order(lambda head: head.aim(-0.3, 0.0))
        case "close":
            controller.close()
    assert ended.wait(PATIENCE_S)
    controller.release()
    _stands(simulator)
    assert not then
    if way == "stop":
        assert _at(simulator)["pan"] < 0.5 * panorama.half_view(0.0)[0]


def test_what_follows_an_aim_waits_until_the_camera_stands(
    simulator: Simulator, controller: PtzController, states: list[PtzState]
) -> None:
    stood = list[bool]()
    controller.order(lambda head: head.aim(0.9, 0.0),
                     then=lambda _: stood.append(not _moving(simulator)))  # fmt: skip
    wait_for(lambda: bool(stood), 8)
    assert stood == [True]
    assert _at(simulator)["pan"] == pytest.approx(0.9 * panorama.half_view(0.0)[0], abs=0.02)
    assert [s.phase for s in states][-2:] == [Phase.MOVING, Phase.IDLE]


def test_a_killed_clients_guard_stops_a_camera_that_ignores_timeouts(
    simulator: Simulator, tmp_path: Path
) -> None:
    info = simulator.camera(CAMERA)
    simulator.fault(CAMERA, "ptz-ignore-timeout")
    simulator.fault(CAMERA, "ptz-refuse-stop")
    _head(simulator).absolute(0.0, 0.0, 0.0)
    wait_for(lambda: not _moving(simulator))
    script = tmp_path / "client.py"
    script.write_text(
        "import time\n"
        "from app.devices.guard import Guard, guarded\n"
        "from app.devices.onvif import connect\n"
        "from app.domain.camera import Credentials\n"
        "if __name__ == '__main__':\n"
        "    guard = Guard()\n    guard.start()\n"
        f"    account = Credentials({info.username!r}, {info.password!r})\n"
        f"    head = guarded(connect({info.onvif_url!r}, account).ptz(), guard)\n"
        "    head.move(-0.2, 0.0, 0.0, 1.0)\n"
        "    time.sleep(60)\n"
    )
    client = subprocess.Popen(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    wait_for(lambda: _moving(simulator), 20)
    wait_for(lambda: simulator.state(CAMERA)["ptz"]["pan"] < -0.1, 10)
    client.kill()
    client.wait()
    assert wait_for(lambda: not _moving(simulator), 6) < 2.5
    assert simulator.state(CAMERA)["ptz"]["pan"] > -0.9  # not by its end stop


def test_a_head_is_not_moved_before_the_guard_can_act(simulator: Simulator) -> None:
    info = simulator.camera(CAMERA)
    guard = Guard()
    try:
        guard.start()
        head = connect(info.onvif_url, Credentials(info.username, info.password)).ptz()
        guarded(head, guard)
        assert guard._ready
    finally:
        guard.close()


class _Noted:
    """A head that notes what it is told, and turns whenever somebody else wants it to."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.pan = 0.0
        self.turns = False

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        self.told.append("move" if pan or tilt or zoom else "zero")

    def stop(self) -> None:
        self.told.append("stop")

    def status(self) -> PtzStatus:
        self.pan += 0.05 if self.turns else 0.0
        return PtzStatus((self.pan, 0.0, 0.0), self.turns)


def test_a_move_waits_for_the_gate_and_a_release_meanwhile_sends_nothing(
    states: list[PtzState],
) -> None:
    head, leave = _Noted(), list[str | None]([None])
    controller = PtzController(lambda: head, states.append, gate=lambda: leave[0])
    try:
        controller.hold(0.5, 0, 0)
        time.sleep(0.1)  # nothing may come: there is no event to wait for
        controller.release()
        leave[0] = ""
        time.sleep(0.1)
        assert head.told == []
        controller.hold(0.5, 0, 0)
        wait_for(lambda: head.told)
        assert head.told[0] == "move"
    finally:
        controller.close()


def test_refused_by_the_gate_nothing_moves_until_the_next_press(states: list[PtzState]) -> None:
    head, leave = _Noted(), ["韩梅 (分局)"]
    failed: list[Exception | None] = []
    controller = PtzController(lambda: head, states.append, gate=lambda: leave[0])
    try:
        controller.hold(0.5, 0, 0)
        wait_for(lambda: controller.state == PtzState(Phase.YIELDED, "韩梅 (分局)"))
        leave[0] = ""
        controller.hold(0.5, 0, 0)  # still the same press
        controller.release()
        leave[0] = "韩梅 (分局)"
        controller.order(lambda h: h.stop(), failed.append)
        wait_for(lambda: failed)
        assert isinstance(failed[0], DeviceError)
        assert (failed[0].code, failed[0].message) == (ErrorCode.HELD, "韩梅 (分局)")
        assert head.told == []
        controller.order(lambda h: h.stop(), failed.append, gated=False)
        wait_for(lambda: len(failed) == 2)
        assert head.told == ["stop"]
        leave[0] = ""
        controller.hold(0.5, 0, 0)
        wait_for(lambda: "move" in head.told)
    finally:
        controller.close()


def test_a_lost_lock_stops_at_once_and_leaves_the_others_move_alone(
    states: list[PtzState],
) -> None:
    head = _Noted()
    controller = PtzController(lambda: head, states.append)
    try:
        controller.hold(0.5, 0, 0)
        wait_for(lambda: "move" in head.told)
        head.turns = True  # the other one's move
        controller.lose("李雷 (市局)")
        took = wait_for(lambda: "stop" in head.told)
        assert took < 0.7, "at once, and not when the hold has run out"
        wait_for(lambda: controller.state == PtzState(Phase.YIELDED, "李雷 (市局)"))
        controller.hold(0.5, 0, 0)  # the finger is still on the key
        time.sleep(1.3)  # as long as a verification would have gone on stopping it
        assert head.told.count("stop") == 1
        assert head.told[-1] == "stop"
    finally:
        controller.close()


def test_lost_while_a_stop_is_verified_the_stops_end_too(states: list[PtzState]) -> None:
    head = _Noted()
    controller = PtzController(lambda: head, states.append)
    try:
        controller.hold(0.5, 0, 0)
        wait_for(lambda: "move" in head.told)
        head.turns = True
        controller.release()
        wait_for(lambda: "stop" in head.told)
        controller.lose("李雷")
        wait_for(lambda: controller.state.phase is Phase.YIELDED)
        sent = len(head.told)
        time.sleep(0.8)
        assert len(head.told) == sent
    finally:
        controller.close()
