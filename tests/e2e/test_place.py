"""Find by place and the joystick in the real window, on simulated cameras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.camera import Organisation, Site
from app.simulator.process import Simulator
from app.video.types import StreamState
from tests.conftest import wait_for
from tests.devices.test_joystick import VirtualStick
from tests.e2e.test_client import Client

pytestmark = pytest.mark.e2e


@pytest.fixture
def client(qtbot: QtBot, data: Path) -> Any:
    running = Client(qtbot, data)
    yield running
    running.close()


def test_typed_asked_seen_and_opened(client: Client, simulator: Simulator) -> None:
    store = client.store
    owner = store.save_organisation(Organisation("", "分局"))
    store.save_site(Site("", owner, "中山街片区", "", "", 28.45, 119.92))
    camera = client.add_simulated(simulator, "cam1")
    QTest.keyClick(client.wall, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    finder = client.window.place
    client.until(finder.isVisible)
    QTest.keyClicks(finder.search, "zsj")
    # On no tile: the camera itself is asked for a picture.

    def look() -> Any:
        return finder._cameras.looks.get(camera)

    client.until(lambda: look() and look().image)
    assert not look().live
    QTest.keyClick(finder.search, Qt.Key.Key_Return)
    assert not finder.isVisible()
    client.until_live(camera)
    assert client.wall.camera_at(0) == camera
    # Its picture was kept on disk, and on the wall it is live in the list, too.
    client.until((store.path.parent / "thumbnails" / f"{camera}.jpg").exists)
    client.until(client.in_front)
    QTest.keyClick(client.wall, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    client.until(lambda: look() and look().live)


def test_a_stick_turns_the_camera_and_stops_it_when_unplugged(
    client: Client, simulator: Simulator
) -> None:
    sdl = pytest.importorskip("sdl2")
    assert sdl.SDL_InitSubSystem(sdl.SDL_INIT_JOYSTICK) == 0
    camera = client.add_simulated(simulator, "cam6")
    client.window.dropped(0, [camera])
    client.until(lambda: client.window.ptz.steers and client.state(camera) is StreamState.LIVE)
    head = client.store_head(camera)
    head.absolute(-0.5, 0.0, 0.0)  # wherever others left it: with room to turn right
    client.until(lambda: not simulator.state("cam6")["ptz"]["moving"])
    stick = VirtualStick(sdl)
    try:
        client.until(lambda: client.window.joystick.sticks)
        tracker = client.window.joystick._stick._tracker
        client.until(lambda: any(all(k.counts) for k in tracker._known.values()))
        stick.push(0, 0.7)
        client.until(lambda: simulator.state("cam6")["ptz"]["moving"])
        stick.unplug()
        client.until(lambda: not simulator.state("cam6")["ptz"]["moving"])
    finally:
        stick.unplug()
        sdl.SDL_QuitSubSystem(sdl.SDL_INIT_JOYSTICK)
        wait_for(lambda: not simulator.state("cam6")["ptz"]["moving"])
