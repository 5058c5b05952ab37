"""Setting cameras up from the real window: sidebar, key, comparison, start, the wall goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.domain.setup import StreamWish, Template
from app.simulator.process import Simulator
from app.video.types import StreamState
from tests.e2e.client import Client

PASSWORD = "Kr7-wq2.Lm"


@pytest.fixture
def pair() -> Iterator[Simulator]:
    with Simulator(cameras=2, ptz=0) as running:
        yield running


@pytest.mark.e2e
@pytest.mark.timeout(300)
def test_from_the_list_of_cameras_to_a_wall_that_shows_the_new_stream(
    client: Client, pair: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras = [client.add_simulated(pair, c.id) for c in pair.cameras]
    window = client.window
    window.dropped(0, cameras)
    client.until_live(*cameras)
    tree = window.sidebar._view()
    window.sidebar._tabs.setCurrentIndex(1)
    tree = window.sidebar._view()
    client.until(lambda: tree.model().rowCount() == 2)
    tree.selectAll()
    window.activateWindow()
    client.qtbot.waitUntil(window.isActiveWindow)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    client.qtbot.keyClick(window, Qt.Key.Key_B, modifiers)
    client.until(lambda: window.bulk.window is not None)
    bulk = window.bulk.window
    assert bulk is not None
    client.until(lambda: bulk.table.topLevelItemCount() == 2)
    bulk.use_template(
        Template(
            text="{name}",
            main=StreamWish(size="1280x720"),
            account="password",
            sub=StreamWish(size="320x180", fps=10),
        )
    )
    bulk.password.setText(PASSWORD)
    bulk.password_again.setText(PASSWORD)
    client.qtbot.mouseClick(bulk.compare, Qt.MouseButton.LeftButton)
    client.until(lambda: bulk.start.isEnabled())

    def yes(box: QMessageBox) -> int:
        box.buttons()[0].click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", yes)
    client.qtbot.mouseClick(bulk.start, Qt.MouseButton.LeftButton)
    client.until(lambda: bulk.undo.isVisible() and bulk.undo.isEnabled())
    assert "0" not in bulk.told.text().partition("·")[2]
    for number, camera in enumerate(cameras):
        top = bulk.table.topLevelItem(number)
        assert top is not None
        assert top.text(3) == "done"
        access = client.store.device_access(camera)
        assert access is not None
        assert access[1].password == PASSWORD
        told = pair.state(pair.cameras[number].id)
        assert told["settings"]["users"]["admin"][0] == PASSWORD
        assert told["settings"]["overlays"][1]["text"] == pair.cameras[number].name
    # The streams were cut by the change of size: they come back with the new password by themselves.
    client.until(lambda: all(pair.state(c.id)["opened"] >= 2
                             for c in pair.cameras))  # fmt: skip
    client.until(lambda: all(client.state(c) is StreamState.LIVE for c in cameras))
    # The tiles are larger than the substream is now: the main stream, in its new size.
    client.until(
        lambda: all((client.wall.status_of(c).width, client.wall.status_of(c).height) == (1280, 720)
                    for c in cameras)
    )  # fmt: skip
    bulk.close()
    client.until(lambda: window.bulk.window is None)
    window.desk.show_registers()
    register = window.desk.registers
    register.which.setCurrentIndex(register.which.findData("setup"))
    client.until(lambda: len(register.rows) == 2 * 5)
    assert {(row[5], row[8]) for row in register.rows} >= {
        ("Account", "done"), ("Substream: picture size", "done"),
    }  # fmt: skip
    assert PASSWORD not in str(register.rows)
    register.close()


@pytest.mark.e2e
def test_the_command_shows_and_sets(pair: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(Template(text="{name}", main=StreamWish(kbps=99_999)).as_json()))
    camera = pair.cameras[0]
    command = [sys.executable, "-m", "app", "setup", "--template", str(file), "--cameras",
               f"{camera.onvif_url}=东门"]  # fmt: skip
    account = {
        "WATCHROOM_CAMERA_USER": camera.username,
        "WATCHROOM_CAMERA_PASSWORD": camera.password,
    }

    def run(*more: str) -> list[dict[str, object]]:
        import os

        done = subprocess.run([*command, *more], env=os.environ | account, capture_output=True,
                              text=True, timeout=60, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert camera.password not in done.stdout + done.stderr
        answer = json.loads(done.stdout)
        found: list[dict[str, object]] = answer[0]["changes"]
        return found

    shown = run("--dry-run")
    assert [(c["setting"], c["old"], c["new"], c["why"]) for c in shown] == [
        ("text", "IPC", "东门", None), ("main.kbps", 4096, 8192, "nearest"),
    ]  # fmt: skip
    assert pair.state(camera.id)["settings"]["encoders"]["main"]["kbps"] == 4096
    assert [c["outcome"] for c in run()] == ["done", "done"]
    assert pair.state(camera.id)["settings"]["encoders"]["main"]["kbps"] == 8192
