"""Several walls: one engine, the wall touched last, screens, and all of it again after a crash."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.layout import BUILT_IN, View
from app.domain.tour import Step, Tour
from app.simulator.process import Simulator
from app.store import encryption
from app.store.cache import find_key
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.wall_window import MOST_WINDOWS, WALLS, WALLS_BEFORE, WallWindow
from app.video.types import StreamState
from tests.e2e.client import Client
from tests.ui.monitors import monitors

pytestmark = pytest.mark.e2e


def _second(client: Client) -> WallWindow:
    """A second wall, opened by its keys."""
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    client.qtbot.keyClick(client.window, Qt.Key.Key_N, modifiers)
    window = client.window.windows.windows[-1]
    client.qtbot.waitExposed(window)
    window.activateWindow()  # nobody manages windows here
    client.until(window.isActiveWindow)
    return window


def _click(client: Client, window: Any, tile: int) -> None:
    wall = window.wall
    client.qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile_rectangle(tile).center())


def test_walls_share_sessions_and_the_one_touched_last_is_steered(
    client: Client,
    simulator: Simulator,
) -> None:
    a, turning = (client.add_simulated(simulator, f"cam{n}") for n in (1, 6))
    main, second = client.window, _second(client)
    assert second.windowTitle().startswith("Wall 2")
    main.wall.cameras_dropped.emit(0, [a])
    assert main.wall.camera_at(0) == a
    _click(client, second, 3)
    assert main.active is second.wall
    assert "here" in second.windowTitle()
    assert "wall 2" in main.docks["sidebar"].windowTitle()
    # The sidebar opens on the wall touched last.
    main.sidebar.open_requested.emit([a, turning])
    assert second.wall.camera_at(3) == a
    assert turning in second.wall.cameras()
    assert turning not in main.wall.cameras()
    client.until_live(a)
    client.until(lambda: second.wall.status_of(turning).state is StreamState.LIVE)
    client.until(lambda: second.wall.painted.get(a, 0) > 5)
    client.until(lambda: main.wall.painted.get(a, 0) > 5)
    # Two tiles, one camera; while another quality takes over there is one more.
    client.until(lambda: sum(len(p.sessions) for p in client.engine._processes) == 2)
    # PTZ follows the selection in that wall, and leaves it with the focus.
    index = next(i for i in range(9) if second.wall.camera_at(i) == turning)
    _click(client, second, index)
    assert main.ptz.steers
    _click(client, main, 0)
    assert main.active is main.wall
    assert not main.ptz.steers
    second.close()
    assert main.windows.windows == []
    client.until(lambda: sum(len(p.sessions) for p in client.engine._processes) == 1)
    assert main.active is main.wall


def test_a_wall_window_has_its_own_views_layouts_undo_and_tour(
    client: Client,
    simulator: Simulator,
) -> None:
    cameras = [client.add_simulated(simulator, f"cam{n}") for n in (1, 2, 3)]
    client.store.save_view("Gates", View(BUILT_IN["2x2"], tuple(cameras)))
    client.store.save_view("For all", View(BUILT_IN["1"], (cameras[2],)), shared=True)
    client.store.save_tour("Round", Tour(tuple(Step(camera_id=c) for c in cameras), 2.0))
    client.until(lambda: client.window.kept.tours and len(client.window.kept.views) == 2)
    second = _second(client)
    menu = QMenu()
    second.fill_menu(menu, 0)
    entries = {a.text(): a for a in menu.actions()}
    views = entries["V&iews"].menu()
    assert isinstance(views, QMenu)
    assert [a.text() for a in views.actions()] == ["Gates", "", "Everybody's", "For all"]
    views.actions()[0].trigger()
    assert second.wall.cameras() == set(cameras)
    assert second.windowTitle().startswith("Wall 2 – Gates")
    assert client.wall.cameras() == set()
    client.qtbot.keyClick(second, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert second.wall.view().layout == BUILT_IN["1"]
    assert second.windowTitle().startswith("Wall 2")
    assert "Gates" not in second.windowTitle()  # it shows something else by now
    client.qtbot.keyClick(second, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert second.wall.cameras() == set(cameras)
    second.wall.setFocus()
    client.qtbot.keyClick(second.wall, Qt.Key.Key_T)
    assert second.pane.tours.run is not None
    assert client.window.pane.tours.run is None
    client.until(lambda: second.pane.strip.isVisible())
    second.pane.tours.stop()
    for _ in range(MOST_WINDOWS):
        client.window.new_wall()
    assert len(client.window.windows.windows) == MOST_WINDOWS
    assert client.window.notice.isVisible()
    client.window.close()
    assert not client.window._save_soon.isActive(), "what closes then is no change to be kept"


def test_a_wall_on_another_screen_survives_its_unplugging(client: Client) -> None:
    with monitors() as plugged:
        plugged.plug("left", 0, 0, 960, 1080)
        plugged.plug("right", 960, 0, 960, 1080)
        client.until(lambda: len(QGuiApplication.screens()) == 2)
        # The one screen that there was is gone: the main window is a guest until it is moved.
        client.until(lambda: client.window.home._placed is not None)
        client.window.setGeometry(0, 0, 900, 700)
        client.until(lambda: client.window.home.screen.name == "left")
        second = _second(client)
        right = QRect(960, 0, 960, 1080)
        client.until(lambda: right.contains(second.geometry()))  # the screen that is free
        client.qtbot.keyClick(second, Qt.Key.Key_F11)
        client.until(lambda: second.geometry() == right)
        second.wall.set_layout(BUILT_IN["2x2"])
        plugged.unplug("right")
        client.until(lambda: second.geometry() == QRect(0, 0, 960, 1080))
        assert second.isVisible()
        assert second.wall.view().layout == BUILT_IN["2x2"]
        plugged.plug("right", 960, 0, 960, 1080)
        client.until(lambda: second.geometry() == right)
        menu = QMenu()
        second.fill_menu(menu, 0)
        screens = next(a.menu() for a in menu.actions() if a.text() == "Move to &screen")
        assert isinstance(screens, QMenu)
        assert [a.isChecked() for a in screens.actions()] == [False, True]
        screens.actions()[0].trigger()
        client.until(lambda: second.geometry() == QRect(0, 0, 960, 1080))
    client.until(lambda: len(QGuiApplication.screens()) == 1)


def _work(process: psutil.Process | None = None) -> float:
    """Seconds that processors worked: for a process and those it started, or for anybody (what a host
    took from this machine as well)."""
    if process is None:
        all_ = psutil.cpu_times()
        return float(sum(all_) - all_.idle - getattr(all_, "iowait", 0.0))
    own = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(t.user + t.system for t in own))


class Driven:
    """The real client in a process that can be killed."""

    def __init__(self, data: Path) -> None:
        self.began, before = time.monotonic(), _work()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.driven_client", str(data)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.seconds = time.monotonic() - self.began
        """From the start until the walls were back."""
        running = psutil.Process(self.process.pid)
        times = running.cpu_times()
        self.cpu_seconds = times.user + times.system
        self.others = (_work() - before - _work(running)) / self.seconds
        """Processors that others kept busy meanwhile."""
        assert line.strip() == '"restored"', line

    def __call__(self, expression: str) -> Any:
        """The value of a line of Python in the client."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(expression + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def views(self) -> list[list[str | None]]:
        """The cameras of all walls."""
        answer = self("[w.view().cameras for w in window._walls()]")
        assert isinstance(answer, list)
        return answer

    def kill(self) -> None:
        """As a crash: nothing can be written any more."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def cameras(data: Path, simulator: Simulator, qtbot: QtBot) -> list[str]:
    """Cameras in a database that no client has open."""
    running = Client(qtbot, data)
    added = [running.add_simulated(simulator, f"cam{n}") for n in (1, 2, 3)]
    running.close()
    return added


def test_after_a_crash_all_walls_are_back_within_three_seconds(
    data: Path, cameras: list[str]
) -> None:
    a, b, c = cameras
    first = Driven(data)
    first(f"window.wall.set_view(View(BUILT_IN['1+5'], ({a!r}, None, {b!r})))")
    first("window.windows.open().wall.select(0)")
    first(f"window.windows.windows[0].wall.set_view(View(BUILT_IN['2x2'], (None, {c!r})))")
    first("window.windows.windows[0].toggle_full()")
    changed = time.monotonic()
    # Kept at most a second after the change: seen from outside, in the file itself.
    key = find_key(data, FileSecrets(data), None)
    while True:
        connection = encryption.connect(data / "watchroom.db", key, 5)
        row = connection.execute("SELECT value FROM setting WHERE key=?", (WALLS,)).fetchone()
        connection.close()
        windows = json.loads(row[0])["windows"] if row else []
        if windows and c in windows[0]["view"] and windows[0]["full"]:
            break
        assert time.monotonic() - changed < 20  # and the time that others take of this machine
        time.sleep(0.02)
    first.kill()
    views = [[a, None, b, None, None, None], [None, c, None, None]]
    times, work, others = [], [], []
    for _ in range(5):
        again = Driven(data)
        times.append(again.seconds)
        work.append(again.cpu_seconds)
        others.append(again.others)
        assert again.views() == views
        assert again("window.windows.windows[0].isFullScreen()") is True
        assert again("window.windows.windows[0].isVisible()") is True
        again.kill()
        if times[-1] < 3:
            break
    # On a machine that others keep busy, only the client's own work can be judged.
    busy = psutil.getloadavg()[0] > (os.cpu_count() or 1) or max(others) > 0.5
    assert min(times) < 3 or (busy and min(work) < 3), (times, work, others)


def test_a_state_cut_short_lets_the_client_start_and_offers_the_one_before(
    qtbot: QtBot, data: Path
) -> None:
    good = View(BUILT_IN["2x2"], (None, None))
    store = Store(data / "watchroom.db", FileSecrets(data))
    store.set_settings({WALLS: {"main": {"view": "{}"}, "windows": []}})
    store.close()
    running = Client(qtbot, data)  # what it says is no view: the client starts all the same
    assert not running.window.notice.isVisible()
    running.wall.set_view(good)
    running.window.new_wall()
    running.close()
    running = Client(qtbot, data)
    assert len(running.window.windows.windows) == 1
    running.wall.set_view(View(BUILT_IN["3x3"]))
    running.close()  # now there is one before: 2x2 and a second wall
    connection = sqlite3.connect(data / "watchroom.db")
    with connection:
        connection.execute("UPDATE setting SET value=substr(value, 1, 40) WHERE key=?", (WALLS,))
    connection.close()
    running = Client(qtbot, data)
    window = running.window
    assert window.notice.isVisible()
    assert "cannot be read" in window.notice._text.text()
    assert window.windows.windows == []
    qtbot.mouseClick(window.notice.button, Qt.MouseButton.LeftButton)
    assert running.wall.view().layout == BUILT_IN["2x2"]
    assert len(window.windows.windows) == 1
    running.until(lambda: running.store.setting(WALLS))  # and it is kept anew
    assert running.store.setting(WALLS_BEFORE)
    running.close()
