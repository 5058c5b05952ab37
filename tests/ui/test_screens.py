"""Windows and screens: which is which, unplugged, plugged in again. On a real X server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.screens import Home, ScreenKey, box_from_json, find
from tests.ui.monitors import Monitors, monitors

LEFT, RIGHT = (0, 0, 960, 1080), (960, 0, 960, 1080)


def names() -> list[str]:
    return [s.name() for s in QGuiApplication.screens()]


@pytest.fixture
def two(qtbot: QtBot) -> Iterator[Monitors]:
    """Two screens side by side."""
    with monitors() as plugged:
        plugged.plug("left", *LEFT)
        plugged.plug("right", *RIGHT)
        qtbot.waitUntil(lambda: names() == ["left", "right"])
        yield plugged
    qtbot.waitUntil(lambda: len(names()) == 1)


def test_a_screen_is_found_by_serial_then_name_then_place() -> None:
    a, b = ScreenKey("DP-1", "", LEFT), ScreenKey("DP-2", "", RIGHT)
    assert find(b, [a, b]) == 1
    assert find(ScreenKey("DP-2", "", LEFT), [a, b]) == 1  # moved on the desktop
    assert find(ScreenKey("HDMI-1", "", RIGHT), [a, b]) == 1  # plugged in elsewhere
    assert find(ScreenKey("HDMI-1", "", (5, 5, 10, 10)), [a, b]) is None
    known = ScreenKey("DP-1", "S7", LEFT)
    assert find(known, [a, ScreenKey("DP-9", "S7", RIGHT)]) == 1
    assert find(known, [ScreenKey("DP-1", "S8", LEFT)]) is None  # another screen in its place
    # All screens of a maker with one number: the name decides.
    assert find(known, [ScreenKey("DP-2", "S7", RIGHT), known]) == 1
    assert find(known, [a]) == 0


@pytest.mark.parametrize("bad", [None, [], [1, 2, 3], [0, 0, 0, 5], [0, 0, 5, "x"], [9e9, 0, 1, 1]])
def test_a_damaged_place_is_refused(bad: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        box_from_json(bad)
    assert ScreenKey.from_json({"name": "a", "serial": "", "box": bad}) is None
    assert ScreenKey.from_json(bad) is None


@pytest.mark.parametrize("full", [False, True])
def test_an_unplugged_screens_window_comes_to_another_and_goes_back(
    qtbot: QtBot, two: Monitors, full: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(1100, 200, 500, 300)
    home = Home(window)
    window.show()
    qtbot.waitUntil(lambda: home.screen.name == "right" and home.box == (1100, 200, 500, 300))
    if full:
        home.set_full(True)
        qtbot.waitUntil(lambda: window.geometry() == QRect(*RIGHT))
    two.unplug("right")
    left = QRect(*LEFT)
    qtbot.waitUntil(lambda: names() == ["left"] and home.away and (
        window.geometry() == left if full else left.contains(window.geometry())))  # fmt: skip
    assert window.isVisible()
    assert window.isFullScreen() == full
    qtbot.wait(300)  # its rest there is no wish of a person
    assert home.screen.name == "right"
    two.plug("right", *RIGHT)
    back = QRect(*RIGHT) if full else QRect(1100, 200, 500, 300)
    qtbot.waitUntil(lambda: window.geometry() == back and not home.away)
    assert window.isFullScreen() == full
    if full:
        home.set_full(False)
        qtbot.waitUntil(lambda: window.geometry() == QRect(1100, 200, 500, 300))


def test_a_person_gives_a_window_another_home(qtbot: QtBot, two: Monitors) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(1100, 200, 500, 300)
    home = Home(window)
    window.show()
    qtbot.waitUntil(lambda: home.screen.name == "right")
    home.move_to(QGuiApplication.screens()[0])
    assert window.geometry() == QRect(140, 200, 500, 300)
    two.unplug("right")
    qtbot.waitUntil(lambda: names() == ["left"])
    qtbot.wait(50)
    assert not home.away
    assert window.geometry() == QRect(140, 200, 500, 300)


def test_a_window_kept_for_a_screen_that_is_not_there_waits_for_it(
    qtbot: QtBot, two: Monitors
) -> None:
    two.unplug("right")
    qtbot.waitUntil(lambda: names() == ["left"])
    window = QWidget()
    qtbot.addWidget(window)
    home = Home(window)
    home.set(ScreenKey("right", "", RIGHT), (1000, 100, 2000, 800), full=True)
    window.show()
    qtbot.waitUntil(lambda: window.geometry() == QRect(*LEFT))
    assert home.as_json()["screen"]["name"] == "right"  # the next start looks for it again
    two.plug("right", *RIGHT)
    qtbot.waitUntil(lambda: window.geometry() == QRect(*RIGHT))
    home.set_full(False)
    qtbot.waitUntil(lambda: QRect(*RIGHT).contains(window.geometry()))
