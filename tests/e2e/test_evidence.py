"""Replay, snapshot, export and verification with the real window, real streams, real keys."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.person import Person, hash_pin
from app.domain.retrieval import RetrievalKind, broken_at
from app.simulator.process import Simulator
from app.ui.evidence import CaseDialog, ExportDialog
from app.ui.replay import _Play
from app.ui.session import LockDialog, SecondPersonDialog, Settings
from tests.e2e.client import Client

pytestmark = pytest.mark.e2e
KEYS = Qt.Key


def _press(client: Client, key: Qt.Key) -> None:
    # Without a window manager nobody gives the focus back after a dialog.
    client.window.activateWindow()
    client.until(client.window.isActiveWindow)
    client.qtbot.keyClick(client.wall, key)


def _watch(client: Client, simulator: Simulator, camera: str, seconds: float) -> str:
    identity = client.add_simulated(simulator, camera)
    client.window.dropped(0, [identity])
    client.until_live(identity)
    until = time.monotonic() + seconds
    client.until(lambda: time.monotonic() >= until, seconds + 5)
    client.wall.setFocus()
    return identity


def _settled(client: Client, play: _Play) -> float:
    """Where a replay stands once it does not move any more: pictures of before a key was worked on
    may still come."""
    seen, since = play.at, time.monotonic()

    def still() -> bool:
        nonlocal seen, since
        if play.at != seen:
            seen, since = play.at, time.monotonic()
        return time.monotonic() - since > 1

    client.until(still)
    return seen


def _dialog(client: Client, kind: type[QDialog]) -> QDialog:
    """The open dialog of that kind."""

    def find() -> QDialog | None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind)]
        return next((w for w in found if w.isVisible()), None)

    client.until(lambda: find() is not None)
    dialog = find()
    assert dialog is not None
    return dialog


def _answer_case(client: Client) -> None:
    dialog = _dialog(client, CaseDialog)
    assert isinstance(dialog, CaseDialog)
    dialog._done()
    assert dialog.isVisible(), "purpose and basis are needed"
    dialog.number.setText("2026-113")
    dialog.purpose.setCurrentText("Traffic accident")
    dialog.basis.setCurrentText("Emergency call")
    dialog._done()


def _packages(client: Client) -> list[Path]:
    return sorted(client.window.evidence.packages.glob("EVID-*"))


def _verify(client: Client, package: Path) -> int:
    trusted = client.store.path.parent / "trusted-keys"
    command = [sys.executable, "-m", "app", "verify", str(package), "--trusted", str(trusted)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def test_replay_by_key_is_marked_and_goes_back_to_live(
    client: Client, simulator: Simulator
) -> None:
    _watch(client, simulator, "cam1", 3)
    live = client.pixels(0)
    _press(client, KEYS.Key_R)
    client.until(lambda: client.window.replay.bar.isVisible())
    # The blue frame: nobody takes it for live.
    client.until(lambda: client.pixels(0)[24, 5, 0] > 150 and client.pixels(0)[24, 5, 2] < 100)
    assert live[24, 5, 0] < 150
    _press(client, KEYS.Key_Space)
    client.until(lambda: client.window.replay.bar.buttons["play"].text() == "▶")
    before = client.window.replay.bar.timeline.play
    assert before is not None
    client.until(lambda: before.handle.end and before.at >= before.handle.begin)
    at = _settled(client, before)
    _press(client, KEYS.Key_Period)
    client.until(lambda: before.at > at)
    _press(client, KEYS.Key_Comma)
    client.until(lambda: before.at == at)
    _press(client, KEYS.Key_Escape)
    client.until(lambda: not client.window.replay.bar.isVisible())
    assert not client.wall.replaying(0)
    client.until(lambda: client.pixels(0)[24, 5, 0] < 150)


def test_space_freezes_and_lets_go(client: Client, simulator: Simulator) -> None:
    _watch(client, simulator, "cam1", 2)
    _press(client, KEYS.Key_Space)
    client.until(lambda: client.wall.replaying(0))
    client.until(lambda: client.window.replay.bar.timeline.play.handle.end)
    _press(client, KEYS.Key_Space)
    client.until(lambda: not client.wall.replaying(0))


def test_a_marked_clip_becomes_a_package_that_verifies_until_a_bit_flips(
    client: Client, simulator: Simulator
) -> None:
    camera = _watch(client, simulator, "cam1", 5)
    _press(client, KEYS.Key_R)
    client.until(lambda: client.window.replay.bar.isVisible())
    play = client.window.replay._plays[0]
    client.until(lambda: play.handle.end > 0)
    client.window.replay.seek(play.handle.end - 3)
    client.until(lambda: abs(play.at - (play.handle.end - 3)) < 1)
    _press(client, KEYS.Key_BracketLeft)
    begin = play.mark_in
    assert begin is not None
    client.until(lambda: play.at > begin + 1.5)
    _press(client, KEYS.Key_BracketRight)
    end = play.mark_out
    assert end is not None
    _press(client, KEYS.Key_E)
    _answer_case(client)
    _dialog(client, ExportDialog).accept()
    client.until(lambda: _packages(client))
    client.until(lambda: "is written" in client.window.notice.text)
    (package,) = _packages(client)
    (video,) = (package / "video").glob("*.mp4")
    with av.open(str(video)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        # From the key frame before on, one a second; a key may have been worked on late.
        fps = max(s.fps for s in simulator.camera("cam1").streams)
        assert 15 < sum(1 for _ in container.decode(video=0)) < (end - begin + 2) * fps
    manifest = json.loads((package / "manifest.json").read_text())
    assert manifest["purpose"] == "Traffic accident"
    assert manifest["case"] == "2026-113"
    entries = client.store.retrievals(client.window.session.settings.console)
    assert [e.kind for e in entries] == [RetrievalKind.EXPORT, RetrievalKind.RESULT]
    assert entries[0].camera_id == camera
    assert entries[1].result == "complete"
    assert broken_at(entries) is None
    assert _verify(client, package) == 0
    data = bytearray(video.read_bytes())
    data[len(data) // 2] ^= 1
    video.write_bytes(data)
    assert _verify(client, package) == 11
    # The case holds: the next picture asks nothing.
    _press(client, KEYS.Key_S)
    client.until(lambda: len(_packages(client)) == 2)
    (still,) = (_packages(client)[1] / "stills").glob("*.png")
    with av.open(str(still)) as png:
        frame = next(png.decode(video=0))
        assert (frame.width, frame.height) == (640, 360)
    client.until(lambda: not list(client.window.evidence.packages.glob(".taking-*")))


def test_a_cancelled_snapshot_leaves_nothing(client: Client, simulator: Simulator) -> None:
    _watch(client, simulator, "cam1", 0.5)
    _press(client, KEYS.Key_S)
    _dialog(client, CaseDialog).reject()
    client.until(lambda: not list(client.window.evidence.packages.glob(".taking-*")))
    assert not _packages(client)


HALF = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)


def test_private_areas_are_covered_on_the_wall_and_burned_into_what_is_taken(
    client: Client, simulator: Simulator
) -> None:
    camera = _watch(client, simulator, "cam1", 3)
    client.store.set_masks(camera, HALF)
    half = client.pixels(0).shape[1] // 2

    def covered() -> bool:
        rows = client.pixels(0)[120:300]
        return bool(rows[:, 30 : half - 40].std() < 12 and rows[:, half + 40 : -10].std() > 20)

    client.until(covered)
    _press(client, KEYS.Key_S)
    _answer_case(client)
    client.until(lambda: len(_packages(client)) == 1)
    (still,) = (_packages(client)[0] / "stills").glob("*.png")
    with av.open(str(still)) as png:
        picture = next(png.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert picture[:, :310].std(axis=(0, 1)).max() < 1
    assert picture[:, 330:].std() > 10
    _press(client, KEYS.Key_R)
    client.until(lambda: client.wall.replaying(0) and client.window.replay._plays[0].handle.end)
    _press(client, KEYS.Key_E)
    _dialog(client, ExportDialog).accept()
    client.until(lambda: len(_packages(client)) == 2, 60)
    (video,) = (_packages(client)[1] / "video").glob("*.mp4")
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            luma = frame.to_ndarray(format="gray").astype(int)
            assert luma[:, :300].std() < 6
    entries = client.store.retrievals(client.window.session.settings.console)
    assert all(e.masked for e in entries)


def test_without_masks_only_when_a_second_person_confirms(
    client: Client, simulator: Simulator
) -> None:
    camera = _watch(client, simulator, "cam1", 3)
    client.store.set_masks(camera, HALF)
    client.until(lambda: client.window.areas)
    people = (Person("王", hash_pin("1111"), True), Person("李", hash_pin("2222"), True))
    client.window.session.use(Settings("王", "K1", people))
    _press(client, KEYS.Key_R)
    client.until(lambda: client.wall.replaying(0) and client.window.replay._plays[0].handle.end)
    _press(client, KEYS.Key_E)
    _answer_case(client)
    export = _dialog(client, ExportDialog)
    assert isinstance(export, ExportDialog)
    export.unmasked.setChecked(True)
    export.accept()
    second = _dialog(client, SecondPersonDialog)
    assert isinstance(second, SecondPersonDialog)
    assert [second.who.itemText(i) for i in range(second.who.count())] == ["李"]
    second.pin.setText("1111")
    second.confirm.click()
    client.until(lambda: second._told.text() and second.confirm.isEnabled())
    assert not _packages(client)
    second.pin.setText("2222")
    second.confirm.click()
    client.until(lambda: _packages(client))
    entries = client.store.retrievals("K1")
    assert (entries[0].masked, entries[0].second_person) == (False, "李")


def test_locked_the_pictures_run_on_and_nothing_else_works(
    client: Client, simulator: Simulator
) -> None:
    _watch(client, simulator, "cam1", 0.5)
    client.window.session.use(Settings("王", "K1", (Person("李", hash_pin("2222")),)))
    client.window.lock()
    dialog = _dialog(client, LockDialog)
    assert isinstance(dialog, LockDialog)
    painted = dict(client.wall.painted)
    client.until(lambda: sum(client.wall.painted.values()) > sum(painted.values()) + 5)
    assert QApplication.activeModalWidget() is dialog
    client.qtbot.keyClick(dialog, KEYS.Key_Escape)
    dialog.close()
    assert dialog.isVisible()
    dialog.pin.setText("0000")
    dialog.button.click()
    client.until(lambda: dialog._told.text() and dialog.button.isEnabled())
    assert client.window.session.is_locked
    dialog.pin.setText("2222")
    dialog.button.click()
    client.until(lambda: not client.window.session.is_locked)
    assert client.window.session.settings.operator == "李"


def test_the_spot_tile_follows_in_main_stream(client: Client, simulator: Simulator) -> None:
    first, second = (client.add_simulated(simulator, c) for c in ("cam1", "cam4"))
    client.window.dropped(0, [first, second])
    client.until_live(first, second)
    client.wall.select(3)
    client.window.commands.toggle_spot()
    client.wall.select(1)
    assert client.wall.camera_at(3) == second
    client.until(lambda: client.wall.status_of(second).role == "main", 30)
    assert client.wall.status_of(first).role == "sub"
    client.wall.select(0)
    assert client.wall.camera_at(3) == first
    client.until(lambda: client.wall.status_of(first).role == "main", 30)


def test_wheel_zooms_drag_moves_and_escape_shows_all(client: Client, simulator: Simulator) -> None:
    camera = _watch(client, simulator, "cam1", 0.2)
    whole = client.pixels(0)
    client.window.action("zoom_in").trigger()
    client.window.action("zoom_in").trigger()
    assert client.wall.zoom_of(0).factor > 2
    client.until(lambda: np.abs(client.pixels(0)[60:200] - whole[60:200]).mean() > 8)
    # Zoomed, the tile deserves more pixels: the main stream.
    client.until(lambda: client.wall.status_of(camera).role == "main", 30)
    before = client.wall.zoom_of(0).x
    middle = client.wall.tile_rectangle(0).center()
    client.qtbot.mousePress(client.wall, Qt.MouseButton.LeftButton, pos=middle)
    client.qtbot.mouseMove(client.wall, middle + QPoint(60, 0))
    client.qtbot.mouseRelease(client.wall, Qt.MouseButton.LeftButton, pos=middle)
    assert client.wall.zoom_of(0).x < before
    assert client.wall.camera_at(0) == camera
    _press(client, KEYS.Key_Escape)
    assert not client.wall.zoom_of(0).on


def test_keys_can_be_changed_without_conflicts_and_come_back(client: Client) -> None:
    keymap = client.window.keymap
    used = [text for a in keymap.actions().values() if (text := a.shortcut().toString())]
    assert sorted(used) == sorted(set(used)), "two actions with the same keys"
    assert keymap.conflict("snapshot", "R") == "replay"
    assert keymap.conflict("snapshot", "5") == "fixed"
    keymap.apply({"snapshot": "Ctrl+Alt+Z", "replay": "S", "nonsense": "X", "help": 7})
    assert client.window.action("snapshot").shortcut().toString() == "Ctrl+Alt+Z"
    assert client.window.action("replay").shortcut().toString() == "S"
    assert "Ctrl+Alt+Z" in client.window.action("snapshot").toolTip()
    assert keymap.changes() == {"snapshot": "Ctrl+Alt+Z", "replay": "S"}
    keymap.apply({"snapshot": "F11"})
    assert client.window.action("snapshot").shortcut().toString() == "S"
