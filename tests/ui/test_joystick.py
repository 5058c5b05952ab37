"""The stick at the panel: what reaches the head, and every way a held stick is let go of."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.devices.joystick import StickSettings
from app.devices.ptz import Preset, PtzStatus
from app.domain.camera import CameraRow
from app.ui import ptz_panel
from app.ui.joystick import JoystickBridge
from app.ui.ptz_panel import PtzPanel
from app.ui.tasks import Tasks
from tests.devices.test_joystick import stick

HALF, STILL = (0.5, 0.0, 0.0), (0.0, 0.0, 0.0)


class Head:
    """A head that obeys and remembers."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.velocity = STILL
        self.stopped_at = 0.0
        self.went: list[str] = []

    def move(self, pan: float, tilt: float, zoom: float, timeout_s: float) -> None:
        self.velocity = (pan, tilt, zoom)
        self.log.append("move")

    def stop(self) -> None:
        self.velocity, self.stopped_at = STILL, time.monotonic()
        self.log.append("stop")

    def status(self) -> PtzStatus:
        return PtzStatus((0.0, 0.0, 0.0), False)

    def presets(self) -> list[Preset]:
        return [Preset("a", "gate"), Preset("b", "car park")]

    def go_to_preset(self, token: str) -> None:
        self.went.append(token)


class FakeStick:
    """The library: one stick, as the test holds it."""

    def __init__(self) -> None:
        self.axes = STILL
        self.buttons: tuple[int, ...] = ()
        self.plugged = True
        self.silent = False

    def read(self, axes: tuple[int, int, int]) -> list[Any]:
        while self.silent:
            time.sleep(0.01)
        return [stick(*self.axes, *self.buttons)] if self.plugged else []

    def close(self) -> None: ...


class Desk:
    """A window with the panel, a field to type in, two heads, and a stick that has rested."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.heads = {"a": Head(), "b": Head()}
        self.tasks = Tasks()
        self.window = QWidget()
        self.field, self.other = QLineEdit(), QLineEdit()
        self.panel = PtzPanel(self._connect, self.tasks)
        layout = QVBoxLayout(self.window)
        for part in (self.field, self.other, self.panel):
            layout.addWidget(part)
        qtbot.addWidget(self.window, before_close_func=lambda _: self.close())
        self.library = FakeStick()
        self.bridge = JoystickBridge(self.panel, StickSettings(), library=lambda: self.library)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.field.setFocus()
        self.choose("a")
        self.bridge.start()
        tracker = self.bridge._stick._tracker
        self.until(lambda: any(all(k.counts) for k in tracker._known.values()))

    def close(self) -> None:
        self.library.silent = False
        self.bridge.close()
        self.panel.close_all()
        self.tasks.close()

    def _connect(self, camera_id: str, *, steering: bool = False) -> Any:
        return self.heads[camera_id]

    def choose(self, camera: str | None, ptz: bool = True) -> None:
        row = camera and CameraRow(camera, camera, "", 1, "", "", "", "", ptz, False)
        self.panel.set_camera(row or None, camera or "")

    def until(self, condition: Any) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20_000)

    def moves(self, camera: str = "a") -> bool:
        return self.heads[camera].velocity != STILL

    def spent(self) -> bool:
        """Whether the panel has seen the stick held and not taken it, and not centred since."""
        return self.panel._stick_spent

    def hold(self) -> None:
        self.library.axes = HALF
        self.until(self.moves)

    def stays_still(self, camera: str, seconds: float = 0.6) -> None:
        """Longer than the stick repeats itself and the controller renews a move."""
        before = len(self.heads[camera].log)
        self.qtbot.wait(int(seconds * 1000))
        assert not self.moves(camera)
        assert "move" not in self.heads[camera].log[before:]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_held_it_moves_for_as_long_as_it_is_held_and_centred_it_stops(desk: Desk) -> None:
    desk.hold()
    log, began = desk.heads["a"].log, time.monotonic()
    # Longer than a hold lasts that nobody repeats, and with moves after that.
    desk.until(lambda: time.monotonic() - began > 1.2 and log.count("move") >= 4)
    assert "stop" not in log
    assert desk.moves()
    desk.library.axes = STILL
    desk.until(lambda: not desk.moves())
    assert desk.heads["a"].log[-1] == "stop"
    desk.hold()  # and again


def test_unplugged_while_it_moves_the_camera_stops(desk: Desk) -> None:
    desk.hold()
    desk.library.plugged = False
    desk.until(lambda: not desk.moves())
    desk.until(lambda: desk.bridge.sticks == [])


def test_a_stick_that_hangs_lets_go(desk: Desk) -> None:
    desk.hold()
    desk.library.silent = True
    began = time.monotonic()
    desk.until(lambda: not desk.moves())
    assert desk.heads["a"].stopped_at - began < ptz_panel.STICK_MS / 1000 + 1


def test_another_tile_stops_and_is_not_moved_by_the_stick_still_held(desk: Desk) -> None:
    desk.hold()
    desk.choose("b")
    desk.until(lambda: not desk.moves("a"))
    desk.library.axes = (0.9, 0.0, 0.0)
    desk.stays_still("b")
    desk.library.axes = STILL
    desk.until(lambda: not desk.spent())
    desk.library.axes = HALF
    desk.until(lambda: desk.moves("b"))
    assert not desk.moves("a")


def test_a_stick_held_over_a_fixed_camera_does_not_take_the_next_one(desk: Desk) -> None:
    desk.choose("a", ptz=False)
    desk.library.axes = HALF
    desk.until(desk.spent)
    desk.choose("b")
    desk.stays_still("b")


def test_when_the_focus_goes_elsewhere_it_stops(desk: Desk) -> None:
    desk.hold()
    desk.other.setFocus()
    desk.until(lambda: not desk.moves())
    desk.stays_still("a")


def test_the_stop_button_stops_though_the_stick_is_held(desk: Desk) -> None:
    desk.hold()
    desk.library.buttons = (0,)
    desk.until(lambda: not desk.moves())
    desk.stays_still("a")


def test_buttons_step_tiles_and_call_presets(desk: Desk) -> None:
    steps: list[int] = []
    numbers: list[int] = []
    desk.bridge.tile_stepped.connect(steps.append)
    desk.bridge.preset_called.connect(numbers.append)
    for buttons, told in (((1,), ([-1], [])), ((2,), ([-1, 1], [])), ((4,), ([-1, 1], [2]))):
        desk.library.buttons = buttons
        desk.until(lambda told=told: (steps, numbers) == told)  # type: ignore[misc]


def test_while_a_question_or_the_lock_is_up_nothing_moves_but_the_stop_works(desk: Desk) -> None:
    desk.hold()
    steps: list[int] = []
    desk.bridge.tile_stepped.connect(steps.append)
    question = QDialog(desk.window)
    question.open()
    desk.until(lambda: not desk.moves())
    desk.library.axes = STILL
    desk.until(lambda: not desk.spent())
    desk.library.axes = HALF
    desk.library.buttons = (2,)
    desk.until(desk.spent)
    desk.stays_still("a")
    assert steps == []
    before = desk.heads["a"].log.count("stop")
    desk.library.buttons = (0,)
    desk.until(lambda: desk.heads["a"].log.count("stop") > before)
    question.close()


def test_closing_the_bridge_stops_what_is_held(desk: Desk) -> None:
    desk.hold()
    desk.bridge.close()
    desk.until(lambda: not desk.moves())
