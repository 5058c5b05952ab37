"""The dock “Events”: real service, real simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.events import EventService
from app.domain.camera import Credentials
from app.domain.camera_event import CameraEvent, EventKind
from app.simulator.process import Simulator
from app.ui import events, theme
from app.ui.events import EventsPanel

MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"
SOURCE = {"VideoSourceConfigurationToken": "source_cfg"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Cameras that nobody else listens to."""
    with Simulator(cameras=2, ptz=0) as running:
        yield running


@pytest.fixture
def panel(qtbot: QtBot, simulator: Simulator) -> Iterator[EventsPanel]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    info = simulator.camera("cam1")
    account = Credentials(info.username, info.password)
    shown = EventsPanel(
        lambda tell: EventService(lambda c: (simulator.camera(c).onvif_url, account), tell),
        lambda camera: f"Camera {camera}",
    )
    qtbot.addWidget(shown)
    shown.resize(1100, 300)
    shown.show()
    yield shown
    shown.close_all()


def _column(panel: EventsPanel, column: int) -> list[str]:
    return [panel.shown.index(r, column).data() for r in range(panel.shown.rowCount())]


def test_events_are_listed_newest_first_filtered_and_lead_to_their_camera(
    qtbot: QtBot, panel: EventsPanel, simulator: Simulator
) -> None:
    panel.watch({"cam1", "cam2"})
    qtbot.waitUntil(
        lambda: panel.state.text().replace("(s)", "s").startswith("2 cameras"), timeout=10_000
    )
    simulator.emit("cam1", MOTION, {"IsMotion": "true"}, SOURCE)
    simulator.emit("cam1", MOTION, {"IsMotion": "false"}, SOURCE)
    qtbot.waitUntil(lambda: panel.shown.rowCount() == 2, timeout=10_000)
    simulator.emit("cam2", "tns1:Device/HardwareFailure/StorageFailure", {"Failed": "true"})
    qtbot.waitUntil(lambda: panel.shown.rowCount() == 3, timeout=10_000)
    assert _column(panel, 2) == ["storage fault", "motion", "motion"]
    assert _column(panel, 3) == ["began", "ended", "began"]
    panel.begun.click()
    assert _column(panel, 3) == ["began", "began"]
    panel.kind.setCurrentIndex(panel.kind.findData("faults"))
    assert _column(panel, 1) == ["Camera cam2"]
    panel.kind.setCurrentIndex(0)
    panel.filter.setText("cam1 motion")
    assert _column(panel, 1) == ["Camera cam1"]
    panel.view.setCurrentIndex(panel.shown.index(0, 0))
    assert "IsMotion" in panel.raw.toPlainText()
    with qtbot.waitSignal(panel.open_requested) as asked:
        panel.view.setFocus()
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert asked.args == [["cam1"]]
    simulator.emit("cam2", "tns1:Device/HardwareFailure/StorageFailure", {"Failed": "false"})


def test_not_listening_gives_the_subscriptions_back(
    qtbot: QtBot, panel: EventsPanel, simulator: Simulator
) -> None:
    # What the panel of another test had is given back first.
    qtbot.waitUntil(lambda: simulator.state("cam1")["subscriptions"] == 0)
    before = 0
    panel.watch({"cam1"})
    qtbot.waitUntil(lambda: simulator.state("cam1")["subscriptions"] == before + 1, timeout=10_000)
    with qtbot.waitSignal(panel.listening_changed) as told:
        panel.listen.click()
    assert told.args == [False]
    qtbot.waitUntil(lambda: simulator.state("cam1")["subscriptions"] == before, timeout=10_000)
    panel.watch({"cam1"})
    assert panel.state.text() == "not listening"


def test_the_list_is_bounded(
    qtbot: QtBot, panel: EventsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST", 50)
    now = datetime.now(UTC)
    for i in range(120):
        panel.service.put(CameraEvent("c", now, now, EventKind.OTHER, None, str(i), "", ""))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 50 and _column(panel, 4)[0] == "119")
    assert _column(panel, 4)[-1] == "70"


def test_a_closed_window_subscribes_to_nothing_more(panel: EventsPanel) -> None:
    panel.close_all()
    panel.watch({"cam1"})  # the window's clock may tick once more
    assert panel.service.states() == {}


def test_an_event_of_a_recorder_itself_is_called_so(qtbot: QtBot, panel: EventsPanel) -> None:
    at = datetime.now(UTC)
    panel.model.add([
        CameraEvent("cam1", at, at, EventKind.STORAGE, True, "sd_1", "t", "", recorder="10.0.0.9:80"),
        CameraEvent("cam1", at, at, EventKind.MOTION, True, "source_1", "t", ""),
    ])  # fmt: skip
    assert _column(panel, 1) == ["Camera cam1", "recorder 10.0.0.9:80"]
