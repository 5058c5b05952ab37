"""Incidents and outages on the real window with real cameras."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from app.domain.layout import BUILT_IN
from app.domain.tour import Step, Tour
from app.simulator.process import Simulator
from app.ui.incidents import OpenDialog
from app.video.types import StreamState
from tests.e2e.client import Client

pytestmark = pytest.mark.e2e


def test_i_opens_an_incident_of_the_selected_tile_and_no_tour_changes_it(
    client: Client, simulator: Simulator
) -> None:
    cameras = [client.add_simulated(simulator, f"cam{i}") for i in (1, 2, 3)]
    client.wall.set_layout(BUILT_IN["2x2"])
    client.wall.place(0, cameras[:2])
    client.until_live(*cameras[:2])
    client.wall.select(1)
    client.wall.setFocus()
    client.qtbot.keyClick(client.wall, Qt.Key.Key_I)
    client.until(lambda: client.window.findChildren(OpenDialog))
    dialog = client.window.findChildren(OpenDialog)[-1]
    name = client.store.rows([cameras[1]])[0].title("en")
    assert dialog.place.text() == name
    client.qtbot.keyClicks(dialog.first, "two men")
    client.qtbot.keyClick(dialog.first, Qt.Key.Key_Return)
    client.until(lambda: client.window.held == frozenset({cameras[1]}))
    window = client.window.desk.incidents
    client.until(lambda: window.incident is not None)
    assert window.incident is not None
    assert window.incident.cameras == ((cameras[1], name),)
    # A tour that would put another camera into that tile leaves it alone.
    tour_id = client.store.save_tour("Round", Tour((Step(camera_id=cameras[2], tile=1),), 3.0))
    client.until(lambda: any(t.id == tour_id for t in client.window.kept.tours))
    client.window.activateWindow()
    # Another tile is selected: it is the incident alone that holds this one.
    client.wall.select(3)
    shown: list[int] = []
    client.window.pane.tours.shown.connect(shown.append)
    client.window.pane.start_tour(tour_id)
    run = client.window.pane.tours.run
    assert run is not None
    client.until(lambda: cameras[2] in run.skipped)
    assert run.skipped[cameras[2]].reason == "in use"
    assert not shown
    assert client.wall.camera_at(1) == cameras[1]
    window.line.setFocus()
    client.qtbot.keyClicks(window.line, "they left")
    client.qtbot.keyClick(window.line, Qt.Key.Key_Return)
    client.until(lambda: window.incident is not None and len(window.incident.lines) == 2)


def test_a_camera_lost_and_back_is_an_outage(client: Client, simulator: Simulator) -> None:
    camera = client.add_simulated(simulator, "cam1")
    desk = client.window.desk
    desk.watch.delay = timedelta(seconds=1)
    desk._timer.setInterval(200)
    began = datetime.now(UTC) - timedelta(seconds=1)
    client.wall.place(0, [camera])
    client.until_live(camera)
    simulator.fault("cam1", "stop-sending")
    client.until(lambda: client.state(camera) is not StreamState.LIVE)
    client.until(lambda: desk.logbook.outages(began))
    (lost,) = desk.logbook.outages(began)
    assert (lost.camera_id, lost.until) == (camera, None)
    client.until(lambda: desk._here().trouble)  # between two tries it is not sure
    simulator.clear("cam1")
    client.until_live(camera, timeout_s=90)
    client.until(lambda: desk.logbook.outages(began)[0].until)
    assert len(desk.logbook.outages(began)) == 1
