"""Sound of one tile in the real window, by keys and pointer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.layout import BUILT_IN, View
from app.simulator.process import Simulator
from app.ui import theme
from app.ui.tile_painter import meter_box
from app.ui.wall import WallWidget
from tests.e2e.test_client import Client

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def hearing() -> Iterator[Simulator]:
    """cam1 and cam2 have microphones, cam3 has none."""
    with Simulator(cameras=3, ptz=0, audio=("pcmu", "aac", "")) as running:
        yield running


@pytest.fixture
def client(qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("WATCHROOM_SOUND", "null")
    running = Client(qtbot, data)
    yield running
    running.close()


def _fill(client: Client, hearing: Simulator) -> list[str]:
    ids = [client.add_simulated(hearing, f"cam{n}") for n in (1, 2, 3)]
    client.wall.set_view(View(BUILT_IN["2x2"], (*ids, None)))
    client.until_live(*ids)
    client.wall.select(0)
    client.wall.setFocus()
    return ids


def _bar(wall: WallWidget, index: int) -> int:
    """How many pixels of the level are lit in a tile's strip."""
    box = meter_box(wall._strip(wall.tile_rectangle(index))).toRect()
    image: QImage = wall.grab(box).toImage()
    y = image.height() // 2
    return sum(image.pixelColor(x, y) == theme.BLUE for x in range(image.width()))


def test_one_tile_is_heard_until_it_is_closed(client: Client, hearing: Simulator) -> None:
    wall, key = client.wall, Qt.Key
    first, second, _ = _fill(client, hearing)
    act, place = client.window.action("sound"), client.window.menus.sound_place
    assert not act.isChecked()
    assert not place.isVisible()
    client.qtbot.keyClick(wall, key.Key_U)
    client.until(lambda: _bar(wall, 0) >= 10)
    assert act.isChecked()
    assert place.isVisible()
    assert _bar(wall, 1) == 0
    # Another tile is selected: the same one is heard, and told so.
    client.qtbot.keyClick(wall, key.Key_Right)
    assert wall.selected == 1
    assert not act.isChecked()
    client.until(lambda: _bar(wall, 0) >= 10)
    client.qtbot.keyClick(wall, key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    client.until(lambda: _bar(wall, 0) == 0)
    assert client.window.sound.status.muted
    client.qtbot.keyClick(wall, key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    client.until(lambda: _bar(wall, 0) >= 10)
    # It moves with its camera, and goes on while nobody sees it.
    wall.set_view(View(BUILT_IN["2x2"], (None, second, None, first)))
    client.until(lambda: _bar(wall, 3) >= 10)
    client.window.showMinimized()
    client.qtbot.wait(3000)
    assert client.window.sound.status.camera_id == first
    client.until(lambda: client.engine.sound().rms_db > -40)
    client.window.showNormal()
    client.window.activateWindow()
    client.until(client.window.isActiveWindow)
    # The other one instead.
    wall.select(1)
    wall.setFocus()
    client.qtbot.keyClick(wall, key.Key_U)
    client.until(lambda: _bar(wall, 1) >= 10)
    assert _bar(wall, 3) == 0
    client.qtbot.keyClick(wall, key.Key_Delete)
    client.until(lambda: client.window.sound.status.camera_id is None)
    client.until(lambda: not place.isVisible())


def test_a_camera_without_sound_says_so_once(client: Client, hearing: Simulator) -> None:
    _fill(client, hearing)
    client.wall.select(2)
    client.qtbot.keyClick(client.wall, Qt.Key.Key_U)
    client.until(lambda: "sends no sound" in client.window.notice.text)
    client.window.notice.hide()
    client.qtbot.wait(1000)
    assert "sends no sound" not in client.window.notice.text
    client.qtbot.keyClick(client.wall, Qt.Key.Key_U)
    client.until(lambda: client.window.sound.status.camera_id is None)


def test_an_empty_tile_and_a_search_are_not_heard(client: Client, hearing: Simulator) -> None:
    _fill(client, hearing)
    client.wall.select(3)
    client.qtbot.keyClick(client.wall, Qt.Key.Key_U)
    assert not client.window.action("sound").isChecked()
    client.wall.select(0)
    search = client.window.sidebar.search
    search.setFocus()
    client.qtbot.keyClick(search, Qt.Key.Key_U)
    assert search.text() == "u"
    assert client.window.sound.status.camera_id is None


def test_the_volume_is_kept(
    qtbot: QtBot, data: Path, hearing: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHROOM_SOUND", "null")
    client = Client(qtbot, data)
    slider = client.window.menus.sound_control.slider
    slider.setValue(35)
    assert client.engine.sound().volume == 0.35
    client.until(lambda: client.store.setting("volume") == 0.35)
    client.close()
    again = Client(qtbot, data)
    again.until(lambda: again.engine.sound().volume == 0.35)
    again.until(lambda: again.window.menus.sound_control.slider.value() == 35)
    again.close()
    assert QApplication.instance() is not None
