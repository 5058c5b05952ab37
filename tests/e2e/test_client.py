"""The real window on a real X server, with real cameras, servers, keys and pointers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.camera import (
    StreamRole,
    StreamSpec,
)
from app.domain.camera_event import CameraEvent, EventKind
from app.domain.layout import BUILT_IN, View
from app.paths import RESOURCES
from app.simulator.process import Simulator
from app.store.secrets import FileSecrets
from app.store.store import NamedView, Store
from app.ui.camera_dialog import CameraDialog
from app.ui.shelving import ShelveDialog
from app.ui.wall import CAMERA_MIME, SITE_PREFIX
from app.video.types import StreamState
from tests.e2e.client import Client

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def gstreamer() -> Iterator[int]:
    clips = sorted(str(p) for p in (RESOURCES / "footage").glob("*.mp4"))
    server = subprocess.Popen(
        ["/usr/bin/python3", str(Path(__file__).parent / "gst_server.py"), *clips],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    line = server.stdout.readline().strip()
    assert line, "GStreamer's RTSP server did not start: run packaging/setup.sh test"
    yield int(line)
    server.kill()
    server.wait()


def test_the_wall_plays_real_clips_from_gstreamers_server(client: Client, gstreamer: int) -> None:
    cameras = [
        client.add(name, (StreamSpec(StreamRole.MAIN, f"rtsp://127.0.0.1:{gstreamer}/{name}"),))
        for name in ("car-detection", "one-by-one-person-detection")
    ]
    client.window.dropped(0, cameras)
    client.until_live(*cameras)
    first = client.pixels(1)
    client.until(lambda: np.abs(client.pixels(1) - first).mean() > 0.5)


def _drop(client: Client, index: int, ids: list[str]) -> None:
    mime = QMimeData()
    mime.setData(CAMERA_MIME, json.dumps(ids).encode())
    point = QPointF(client.wall.tile_rectangle(index).center())
    event = QDropEvent(
        point, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    client.wall.dropEvent(event)


def test_a_site_dragged_to_a_tile_fills_the_wall_and_undo_takes_it_back(
    client: Client, simulator: Simulator
) -> None:
    cameras = [client.add_simulated(simulator, c) for c in ("cam1", "cam2", "cam4")]
    site = client.store.sites()[0].id
    _drop(client, 1, [SITE_PREFIX + site])
    client.until(lambda: set(client.wall.view().cameras) >= set(cameras))
    client.until_live(*cameras)
    client.window.action("undo").trigger()
    assert client.wall.view().cameras == (None,) * 4


def test_find_by_typing_and_open_with_enter(client: Client, simulator: Simulator) -> None:
    camera = client.add("中山路与丽阳街口", simulator.camera("cam1").streams, ("admin", "x"))
    client.add("花园路", simulator.camera("cam4").streams)
    client.qtbot.keyClick(client.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    client.qtbot.keyClicks(client.window.sidebar.search, "zsl")
    client.until(lambda: client.window.sidebar._list_model.rowCount() == 1)
    client.qtbot.keyClick(client.window.sidebar.search, Qt.Key.Key_Return)
    client.until(lambda: client.wall.camera_at(0) == camera)
    # The account is wrong: the tile says so and does not try again.
    client.until(lambda: client.state(camera) is StreamState.UNAUTHORIZED)


def test_a_frozen_stream_is_dimmed_says_since_when_and_recovers(
    client: Client, simulator: Simulator
) -> None:
    frozen, other = (client.add_simulated(simulator, c) for c in ("cam1", "cam4"))
    client.window.dropped(0, [frozen, other])
    client.until_live(frozen, other)
    client.until(lambda: client.pixels(0)[40:].mean() > 30)
    bright = client.pixels(0)[40:].mean()
    simulator.fault("cam1", "stop-sending")
    client.until(lambda: client.state(frozen) is StreamState.STALLED)
    client.until(lambda: client.pixels(0)[40:].mean() < bright * 0.75)
    client.until(lambda: client.state(other) is StreamState.LIVE)
    assert client.state(frozen) is not StreamState.LIVE
    simulator.clear("cam1")
    client.until_live(frozen)


def test_maximise_by_enter_and_double_click_and_back_by_escape(
    client: Client, simulator: Simulator
) -> None:
    camera = client.add_simulated(simulator, "cam5")
    client.window.dropped(0, [camera])
    client.until_live(camera)
    client.wall.setFocus()
    client.qtbot.keyClick(client.wall, Qt.Key.Key_Return)
    assert client.wall.maximised == 0
    client.until(lambda: client.wall.status_of(camera).role is StreamRole.MAIN)
    client.qtbot.keyClick(client.wall, Qt.Key.Key_Escape)
    assert client.wall.maximised is None
    client.qtbot.mouseDClick(
        client.wall, Qt.MouseButton.LeftButton,
        pos=client.wall.tile_rectangle(0).center(),
    )  # fmt: skip
    assert client.wall.maximised == 0


def test_swap_by_dragging_and_clear_with_undo(client: Client, simulator: Simulator) -> None:
    a, b = (client.add_simulated(simulator, c) for c in ("cam1", "cam4"))
    client.window.dropped(0, [a, b])
    client.wall.set_view(client.wall.view().swap(0, 3))
    assert client.wall.view().cameras == (None, b, None, a)
    client.wall.select(3)
    client.wall.setFocus()
    client.qtbot.keyClick(client.wall, Qt.Key.Key_Delete)
    assert client.wall.view().cameras == (None, b, None, None)
    client.window.notice.button.click()
    assert client.wall.view().cameras == (None, b, None, a)


def _ptz(simulator: Simulator, camera: str) -> dict[str, float]:
    state = simulator.state(camera)["ptz"]
    assert isinstance(state, dict)
    return state


@pytest.fixture
def steered(client: Client, simulator: Simulator) -> str:
    camera = client.add_simulated(simulator, "cam6")
    client.window.dropped(0, [camera])
    client.until_live(camera)
    client.wall.setFocus()
    client.until(lambda: client.window.ptz.steers)
    return camera


def test_a_held_key_moves_the_picture_and_its_release_stops_it(
    client: Client, simulator: Simulator, steered: str
) -> None:
    before, start = client.pixels(0)[40:], _ptz(simulator, "cam6")["pan"]
    key = Qt.Key.Key_Left if start > 0 else Qt.Key.Key_Right
    client.qtbot.keyPress(client.wall, key)
    client.until(lambda: abs(_ptz(simulator, "cam6")["pan"] - start) > 0.2)
    client.until(lambda: np.abs(client.pixels(0)[40:] - before).mean() > 8)
    began = time.monotonic()
    client.qtbot.keyRelease(client.wall, key)
    assert client.stood_after(simulator, "cam6", began) < 2
    assert client.wall.selected == 0


def test_plus_released_after_shift_still_stops(
    client: Client, simulator: Simulator, steered: str
) -> None:
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier

    def send(kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        event = QKeyEvent(kind, key, held, 21, 0, 0, "")
        QApplication.sendEvent(client.wall, event)

    send(QEvent.Type.KeyPress, Qt.Key.Key_Plus, shift)
    client.until(lambda: _ptz(simulator, "cam6")["moving"])
    began = time.monotonic()
    send(QEvent.Type.KeyRelease, Qt.Key.Key_Equal, none)
    assert client.stood_after(simulator, "cam6", began) < 2


@pytest.mark.parametrize("way", ["focus", "deactivate", "tile", "close"])
def test_every_way_to_let_go_stops_the_camera(
    client: Client, simulator: Simulator, steered: str, way: str
) -> None:
    key = Qt.Key.Key_Left if _ptz(simulator, "cam6")["pan"] > 0 else Qt.Key.Key_Right
    client.qtbot.keyPress(client.wall, key)
    client.until(lambda: _ptz(simulator, "cam6")["moving"])
    began = time.monotonic()
    match way:
        case "focus":
            client.window.sidebar.search.setFocus()
        case "deactivate":
            QApplication.sendEvent(client.window, QEvent(QEvent.Type.WindowDeactivate))
        case "tile":
            client.wall.select(2)
        case "close":
            client.window.close()
    assert client.stood_after(simulator, "cam6", began) < 2


def test_dragging_in_ptz_mode_moves_and_letting_go_stops(
    client: Client, simulator: Simulator, steered: str
) -> None:
    client.wall.set_ptz_mode(True)
    middle = client.wall.tile_rectangle(0).center()
    client.qtbot.mousePress(client.wall, Qt.MouseButton.LeftButton, pos=middle)
    side = -120 if _ptz(simulator, "cam6")["pan"] > 0 else 120
    client.qtbot.mouseMove(client.wall, middle + QPoint(side, 0))
    client.until(lambda: _ptz(simulator, "cam6")["moving"])
    client.qtbot.mouseRelease(client.wall, Qt.MouseButton.LeftButton, pos=middle)
    client.until(lambda: not _ptz(simulator, "cam6")["moving"])


def test_presets_are_listed_gone_to_and_removed(
    client: Client, simulator: Simulator, steered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = client.window.ptz
    monkeypatch.setattr("app.ui.ptz_panel.QInputDialog.getText", lambda *_, **__: ("大门", True))
    panel._set()

    def row(name: str) -> int:
        items = [panel._presets.item(i).text() for i in range(panel._presets.count())]
        return next((i for i, text in enumerate(items) if name in text), -1)

    client.until(lambda: row("大门") >= 0)
    panel._presets.setCurrentRow(row("大门"))
    where = _ptz(simulator, "cam6")["pan"]
    client.store_head(steered).absolute(-where or 0.5, 0.0, 0.0)
    client.until(lambda: abs(_ptz(simulator, "cam6")["pan"] - where) > 0.05)
    panel._go()
    client.until(lambda: abs(_ptz(simulator, "cam6")["pan"] - where) < 0.01)
    # A new name keeps the position: the camera is sent there and seen to stand first.
    client.store_head(steered).absolute(-where or 0.5, 0.0, 0.0)
    monkeypatch.setattr("app.ui.ptz_panel.QInputDialog.getText", lambda *_, **__: ("东门", True))
    panel._rename()
    client.until(lambda: row("东门") >= 0)
    assert abs(_ptz(simulator, "cam6")["pan"] - where) < 0.01
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr("app.ui.ptz_panel.QMessageBox.question", lambda *_: yes)
    panel._delete()
    client.until(lambda: panel._presets.count() and row("东门") < 0)


def test_add_a_camera_by_onvif_with_a_picture_before_it_is_saved(
    client: Client, simulator: Simulator
) -> None:
    info = simulator.camera("cam6")
    dialog = CameraDialog(client.store, client.tasks, ([], []), None, "en", client.window)
    dialog.show()
    dialog.address.setText(info.onvif_url)
    client.qtbot.keyClicks(dialog.username, info.username)
    client.qtbot.keyClicks(dialog.password, "wrong")
    dialog.test.click()
    client.until(lambda: "refused" in dialog.message.text())
    assert not dialog.save.isEnabled()
    dialog.password.clear()
    client.qtbot.keyClicks(dialog.password, info.password)
    dialog.test.click()
    client.until(lambda: not dialog.preview.pixmap().isNull())
    client.qtbot.keyClicks(dialog.name, "Square")
    dialog.site.setEditText("Centre")
    dialog.save.click()
    client.until(lambda: dialog.saved_id)
    row = client.store.rows([dialog.saved_id])[0]
    assert (row.name, row.has_ptz) == ("Square", True)
    assert {s.role for s in client.store.source(row.id).streams} == set(StreamRole)  # type: ignore[union-attr]


def test_a_rtsp_url_with_an_account_is_taken_apart(client: Client, simulator: Simulator) -> None:
    info = simulator.camera("cam1")
    dialog = CameraDialog(client.store, client.tasks, ([], []), None, "en", client.window)
    dialog.show()
    dialog.kind.setCurrentIndex(1)
    url = info.url().replace("rtsp://", f"rtsp://{info.username}:{info.password}@")
    client.qtbot.keyClicks(dialog.url, url)
    dialog.test.click()
    client.until(lambda: not dialog.preview.pixmap().isNull())
    assert info.password not in dialog.url.text()
    assert dialog.username.text() == info.username


def test_remove_asks_and_can_be_undone(
    client: Client, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = client.add_simulated(simulator, "cam1")
    client.window.dropped(0, [camera])
    client.until_live(camera)
    no, yes = QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes
    asked: list[object] = []

    def refuse(*question: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return no

    monkeypatch.setattr("app.ui.camera_commands.QMessageBox.question", refuse)
    client.window.cameras.remove(camera)
    client.until(lambda: asked and not client.tasks._pending)
    assert client.store.count() == 1
    monkeypatch.setattr("app.ui.camera_commands.QMessageBox.question", lambda *_: yes)
    client.window.cameras.remove(camera)
    client.until(lambda: client.wall.camera_at(0) is None)
    client.until(lambda: "was removed" in client.window.notice.text)
    client.window.notice.button.click()
    client.until(lambda: client.wall.camera_at(0) == camera)
    client.until_live(camera)


def test_killed_decoders_come_back_and_the_window_never_waits(
    client: Client, simulator: Simulator
) -> None:
    cameras = [client.add_simulated(simulator, c) for c in ("cam1", "cam4")]
    client.window.dropped(0, cameras)
    client.until_live(*cameras)
    from PySide6.QtCore import QTimer

    longest = []
    for _ in range(3):
        late, last = [0.0], [time.monotonic()]

        def beat(late: list[float] = late, last: list[float] = last) -> None:
            late.append(time.monotonic() - last[0])
            last[0] = time.monotonic()

        timer = QTimer()
        timer.timeout.connect(beat)
        timer.start(10)
        for worker in client.engine.workers():
            os.kill(worker.pid, signal.SIGKILL)
        client.until(lambda: not any(client.state(c) is StreamState.LIVE for c in cameras))
        client.until_live(*cameras)
        timer.stop()
        longest.append(max(late))
        if longest[-1] < 0.5:
            break
    assert min(longest) < 0.5, longest  # the best: others work on this machine too


def test_language_switches_at_run_time_and_all_is_back_after_a_restart(
    qtbot: QtBot, data: Path, simulator: Simulator
) -> None:
    client = Client(qtbot, data)
    camera = client.add_simulated(simulator, "cam1")
    client.window.commands.set_layout(BUILT_IN["1+5"])
    client.window.dropped(2, [camera])
    client.window.use_language("zh_CN")
    client.until(lambda: client.window.docks["sidebar"].windowTitle() == "相机")
    client.until(lambda: client.store.setting("language") == "zh_CN")
    client.window.resize(1300, 800)
    client.until(lambda: (client.window.width(), client.window.height()) == (1300, 800))
    client.close()
    again = Client(qtbot, data)
    again.until(lambda: again.wall.view().layout.key == "1+5")
    assert again.wall.camera_at(2) == camera
    again.until(lambda: (again.window.width(), again.window.height()) == (1300, 800))
    again.close()


def test_a_damaged_setting_does_not_keep_the_client_from_starting(qtbot: QtBot, data: Path) -> None:
    store = Store(data / "watchroom.db", FileSecrets(data))
    store.set_setting("wall", '{"layout": {"rows": 2')
    store.set_setting("window", {"geometry": "%%%", "state": 7})
    store.close()
    client = Client(qtbot, data)
    assert client.wall.view().layout.key == "2x2"
    client.close()


def test_the_demo_without_a_display_leaves_a_screenshot(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    picture = tmp_path / "demo.png"
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--seconds", "12", "--screenshot", str(picture)],
        env=environment | {"WATCHROOM_DATA": str(tmp_path)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "offscreen" in done.stdout
    assert str(picture) in done.stdout
    assert picture.stat().st_size > 100_000


def test_a_late_answer_does_not_take_a_newer_one_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two views saved at once: the list of before the second comes after that of after it."""
    client.until(lambda: not client.tasks._pending)
    store, read, asked, go_on = client.store, client.store.views, [], threading.Event()

    def slow_at_first(person: str = "local") -> list[NamedView]:
        answer = read(person)
        asked.append(len(answer))
        if len(asked) == 1:
            go_on.wait(20)
        return answer

    monkeypatch.setattr(store, "views", slow_at_first)
    store.save_view("one", View(BUILT_IN["2x2"]))
    client.until(lambda: asked == [1])
    store.save_view("two", View(BUILT_IN["2x2"]))
    client.until(lambda: len(client.window.kept.views) == 2)
    go_on.set()
    client.until(lambda: not client.tasks._pending)
    assert len(client.window.kept.views) == 2


def test_an_alarm_is_put_off_by_key_and_listed_by_key(client: Client) -> None:
    window = client.window
    camera = client.add("Bridge", (StreamSpec(StreamRole.MAIN, "rtsp://127.0.0.1:9/none"),))
    client.qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    client.until(
        lambda: "Select the alarm" in window.notice.text and "Shift+Z" in window.notice.text
    )
    assert window.events.isVisible()
    now = datetime.now(UTC)
    window.events.model.add([CameraEvent(camera, now, now, EventKind.MOTION, True, "", "", "")])
    window.events.view.selectRow(0)
    assert "Shift+Z" in window.events.shelve.toolTip()
    client.qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    client.until(lambda: window.findChildren(ShelveDialog))
    (dialog,) = window.findChildren(ShelveDialog)
    dialog.reason.setText("building site")
    dialog.accept()
    client.until(lambda: window.events.shown.rowCount() == 0)
    assert window.events.shelf.isVisible()
    window.keymap.apply({"shelved": "Ctrl+Alt+Z"})
    assert "Ctrl+Alt+Z" in window.events.shelf.toolTip()
    window.activateWindow()
    client.until(window.isActiveWindow)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    client.qtbot.keyClick(window, Qt.Key.Key_Z, both)
    client.until(lambda: window.desk.shelf.dialog is not None)
    dialog_of = window.desk.shelf.dialog
    assert dialog_of is not None
    row = dialog_of.list.topLevelItem(0)
    assert row is not None
    assert row.text(3) == "building site"
    assert window.action("shelve") in window.menus.menus["log"].actions()
    assert window.action("shelved") in window.menus.menus["log"].actions()
