"""One PTZ camera, two operators of two organisations, a real server (T18)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.camera import Site
from app.domain.layout import BUILT_IN, View
from app.simulator.process import Simulator
from app.ui.way_back import Return
from tests.e2e.client import Client
from tests.e2e.test_server import Console, names_of
from tests.server_process import PASSWORD, ServerProcess

pytestmark = pytest.mark.e2e
CAMERA = "cam5"


class Guest:
    """Another organisation on the server, with an administrator's words."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        made = server.admin("POST", "/api/organisations", {"name": "分局"})
        self.organisation = str(made["id"])
        body = {"login": "boss", "name": "局长", "password": PASSWORD, "roles": ["administrator"],
                "organisation_id": self.organisation}  # fmt: skip
        server.admin("POST", "/api/accounts", body)
        body |= {"login": "han", "name": "韩梅", "roles": ["operator"]}
        server.admin("POST", "/api/accounts", body)

    def code(self) -> str:
        """With which a console of theirs enrols."""
        body = {"login": "boss", "password": PASSWORD}
        token = self.server.ask("POST", "/api/session", body)["access"]
        if self.server.ask("GET", "/api/me", token=token).get("password_once"):
            new = {"old": PASSWORD, "new": PASSWORD + "!"}
            self.server.ask("PUT", "/api/me/password", new, token)
        made = self.server.ask(
            "POST", "/api/consoles/codes", {"organisation_id": self.organisation}, token
        )
        return str(made["code"])


class Seat(Console):
    """A console whose panel is used."""

    def begin(self, server: ServerProcess, login: str, code: str) -> None:
        self.account.enrol(server.url, code, login, fingerprint=self._fingerprint(server))
        self.desk.start(login, PASSWORD)
        self.until(lambda: self.account.identity is not None and self.desk.sync is not None)
        self.until_in_step()

    @staticmethod
    def _fingerprint(server: ServerProcess) -> str:
        from app.sync.account import probe

        found = probe(server.url)
        assert found is not None
        return found.fingerprint

    def look_at(self, camera: str) -> None:
        self.wall.set_view(View(BUILT_IN["2x2"], (camera,)))
        self.wall.select(0)
        self.until(lambda: self.window.ptz.steers)
        self.until(lambda: self.box.standing().known)

    @property
    def box(self) -> Any:
        return self.window.ptz.control

    def press(self, speed: int = 10) -> None:
        """At 10 a head turns for more than half a minute before it is at its end."""
        self.window.ptz._speed.setValue(speed)
        QTest.mousePress(right(self), Qt.MouseButton.LeftButton)

    def let_go(self) -> None:
        QTest.mouseRelease(right(self), Qt.MouseButton.LeftButton)

    def said(self) -> str:
        return str(self.box.line.text()).replace("\u00a0", " ").replace("\u2060", "")


def right(client: Client) -> QToolButton:
    return next(b for b, sign in client.window.ptz._hold_buttons if sign == "→")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path / "server")
    running.account("li", "李雷", "commissioner", "supervisor")
    yield running
    running.stop()


@pytest.fixture
def seats(
    qtbot: QtBot, tmp_path: Path, server: ServerProcess, simulator: Simulator
) -> Iterator[tuple[Seat, Seat, str]]:
    """李雷 of the owner's, 韩梅 of a guest organisation, and the camera both look at."""
    guest = Guest(server)
    for name in ("owner", "guest"):
        (tmp_path / name).mkdir()
    owner, visitor = Seat(qtbot, tmp_path / "owner"), Seat(qtbot, tmp_path / "guest")
    try:
        owner.begin(server, "li", server.console_code())
        owner.store.save_site(Site("", server.organisation, "广场"))
        camera = owner.add_simulated(simulator, CAMERA)
        owner.until(lambda: names_of(server))
        owner.until_in_step()
        server.admin("POST", "/api/grants", {
            "subject_kind": "organisation", "subject_id": guest.organisation,
            "object_kind": "camera", "object_id": camera, "permissions": ["view", "control"],
            "basis": "agreement 7",
            "not_after": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        })  # fmt: skip
        visitor.begin(server, "han", guest.code())
        visitor.until(lambda: visitor.store.rows([camera]), 60)
        owner.look_at(camera)
        visitor.look_at(camera)
        turn_to(owner, camera, simulator, -0.9)
        yield owner, visitor, camera
    finally:
        visitor.close()
        owner.close()


def turning(simulator: Simulator) -> bool:
    state = simulator.state(CAMERA)["ptz"]
    assert isinstance(state, dict)
    return bool(state["moving"])


def pan(simulator: Simulator) -> float:
    state = simulator.state(CAMERA)["ptz"]
    assert isinstance(state, dict)
    return float(state["pan"])


def turn_to(seat: Client, camera: str, simulator: Simulator, at: float) -> None:
    """Past the panel; whatever the head did before, a tour of its own too, is over."""
    seat.store_head(camera).absolute(at, 0.0, 0.0)
    seat.until(lambda: not turning(simulator) and abs(pan(simulator) - at) < 0.02)


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(QInputDialog, "getText", staticmethod(lambda *_, **__: (text, True)))


def test_t18_two_operators_of_two_organisations_share_one_ptz_camera(
    seats: tuple[Seat, Seat, str], simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, han, camera = seats
    head = li.store_head(camera)
    for name, at in (("gate", -0.4), ("yard", 0.4)):
        turn_to(li, camera, simulator, at)
        head.set_preset(name)
    turn_to(li, camera, simulator, -0.9)
    # The guest moves it: the owner sees holder, organisation, priority and the seconds left.
    han.press()
    han.until(lambda: turning(simulator))
    li.until(lambda: li.said().startswith("韩梅 (分局) steers"))
    assert "priority 40" in li.said()
    assert "s left" in li.said()
    han.until(lambda: han.said().startswith("You steer"))
    # Without the lock nothing moves, and who has it is said.
    before = li.window.ptz._controller(camera).state
    li.press()
    li.until(lambda: "韩梅 (分局) steers this camera" in li.window.ptz._status.text())
    assert before.phase == "idle"
    li.let_go()
    # A higher priority takes over: what moves stops at once, and the displaced is told why.
    type_in(monkeypatch, "打架，三号门")
    li.until(li.box.take.isEnabled)
    began = time.monotonic()
    li.box.take.click()
    assert han.stood_after(simulator, CAMERA, began) < 10
    han.until(lambda: "打架，三号门" in han.window.notice.text)
    assert "李雷 (市局) took this camera over" in han.window.notice.text
    han.until(lambda: "stopped here: 李雷 (市局)" in han.window.ptz._status.text())
    han.until(lambda: not han.box.take.isEnabled())
    han.let_go()
    li.box.hold_menu.actions()[1].trigger()  # so that a slow machine does not let it run out
    li.until(lambda: li.box.standing().left_s() > 60)
    # The guest asks, the owner keeps it, then gives it.
    type_in(monkeypatch, "follow the van")
    han.until(han.box.ask.isVisible)
    han.box.ask.click()
    li.until(lambda: "韩梅 (分局) asks for it: follow the van" in li.box.asked.text())
    li.until(lambda: "asks for this camera" in li.window.notice.text)
    li.box.hold_menu.actions()[0].trigger()
    han.until(lambda: "Kept for" in han.box.asked.text())
    kept = re.search(r"(\d+) s", han.box.asked.text())
    assert kept is not None
    assert 45 <= int(kept[1]) <= 60
    li.box.give.click()
    han.until(lambda: han.said().startswith("You steer"))
    han.until(lambda: "It is yours now" in han.window.notice.text)
    han.press()
    han.until(lambda: turning(simulator))
    han.let_go()
    han.until(lambda: not turning(simulator))
    # A head that is not known to stand is not sent away.
    han.until(lambda: han.window.ptz._controller(camera).state.phase == "idle")
    # Given back, the camera goes on with its own patrol.
    for seat in (li, han):
        seat.window.ptz.return_by(camera, Return("tour", "Tour_1"))
    han.until(lambda: han.box.give.text() == "Give back")
    han.box.give.click()
    han.until(lambda: han.said().startswith("Free"))
    li.until(lambda: turning(simulator))
    # All of it is in the list of who steered.
    li.box.show_log()
    dialog = li.box._log
    li.until(lambda: dialog.table.rowCount() >= 9, 60)
    told = [dialog.table.item(row, 2).text() for row in range(dialog.table.rowCount())]
    assert [t.partition("  ·")[0] for t in reversed(told)] == [
        "began to steer", "took it over", "holds it for a stated time (120 s)",
        "asked for it", "kept it (60 s)", "gave it back",
        "got it, having asked", "gave it back", "console sent it back by itself",
    ]  # fmt: skip
    dialog.close()


def test_the_server_gone_a_move_goes_on_and_it_is_said_that_others_may_steer(
    seats: tuple[Seat, Seat, str], simulator: Simulator, server: ServerProcess
) -> None:
    li, han, _ = seats
    li.press()
    li.until(lambda: turning(simulator))
    server.kill()
    li.until(lambda: "others may steer too" in li.box.alone.text() and li.box.alone.isVisible())
    assert turning(simulator)
    li.let_go()
    li.until(lambda: not turning(simulator))
    li.press()
    li.until(lambda: turning(simulator))
    # The server is back: whoever moves there first has it, and the other one stops at once.
    li.let_go()
    li.until(lambda: not turning(simulator))
    server.start()
    li.until(lambda: not li.box.standing().alone, 60)

    def free_there() -> bool:
        """As the server says it: what was held when it went has run out."""
        standing = han.box.standing()
        return standing.rev >= 0 and not standing.alone and standing.holder is None

    han.until(free_there, 60)
    han.press()
    han.until(lambda: turning(simulator))
    li.until(lambda: li.said().startswith("韩梅"))
    han.let_go()


def test_who_loses_the_right_while_moving_is_stopped_and_told(
    seats: tuple[Seat, Seat, str], simulator: Simulator, server: ServerProcess
) -> None:
    _, han, _ = seats
    han.press()
    han.until(lambda: turning(simulator))
    (grant,) = [g["id"] for g in server.admin("GET", "/api/grants")["items"]]
    began = time.monotonic()
    server.admin("POST", f"/api/grants/{grant}/withdrawal", {"reason": "agreement ended"})
    assert han.stood_after(simulator, CAMERA, began) < 10
    assert pan(simulator) < 0.9, "it is not at its end"
    han.let_go()


def test_presets_of_a_camera_that_somebody_else_steers_stay_as_they_are(
    seats: tuple[Seat, Seat, str], simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, han, camera = seats
    head = li.store_head(camera)
    token = head.set_preset("kiosk")
    before = head.presets()
    li.window.ptz._load_presets()
    li.until(lambda: li.window.ptz.preset_name(len(before)) == "kiosk")
    type_in(monkeypatch, "mine now")
    monkeypatch.setattr(
        QMessageBox, "question", staticmethod(lambda *_, **__: QMessageBox.StandardButton.Yes)
    )
    ptz = li.window.ptz
    li.window.ptz._presets.setCurrentRow(len(before) - 1)
    han.press()
    li.until(lambda: li.said().startswith("韩梅 (分局) steers"))
    for button in ("set", "rename", "delete", "set home"):
        li.until(lambda b=button: ptz._buttons[b].isEnabled())
        ptz._status.setText("")
        ptz._buttons[button].click()
        li.until(
            lambda: "Not changed: 韩梅 (分局) has steered this camera since" in ptz._status.text()
        )
    said = re.search(r"since (\d\d):(\d\d):(\d\d)\.", ptz._status.text())
    assert said is not None
    now = datetime.now()
    began = now.replace(hour=int(said[1]), minute=int(said[2]), second=int(said[3]))
    assert timedelta(0) <= (now - began) % timedelta(days=1) < timedelta(seconds=120)
    assert head.presets() == before
    # Taken while the question was on screen: refused all the same, by the lock itself.
    monkeypatch.setattr(ptz, "_may_change", lambda: True)
    ptz._status.setText("")
    ptz._buttons["delete"].click()
    li.until(lambda: "Not changed: 韩梅 (分局)" in ptz._status.text())
    assert head.presets() == before
    # Free again: who changes presets has the camera, as who moves it.
    han.let_go()
    han.until(lambda: han.box.give.text() == "Give back")
    han.box.give.click()
    li.until(lambda: li.said().startswith("Free"))
    ptz._buttons["rename"].click()
    li.until(lambda: li.said().startswith("You steer"))
    han.until(lambda: han.said().startswith("李雷 (市局) steers"))
    li.until(
        lambda: [p.name for p in head.presets()] == [*(p.name for p in before[:-1]), "mine now"]
    )
    head.remove_preset(token)


def aim_home(seat: Client, camera: str, simulator: Simulator, at: float) -> None:
    turn_to(seat, camera, simulator, at)
    seat.store_head(camera).set_home()


def test_the_console_that_steered_is_gone_and_another_sends_the_camera_home(
    seats: tuple[Seat, Seat, str], simulator: Simulator
) -> None:
    li, han, camera = seats
    aim_home(li, camera, simulator, -0.5)
    li.window.ptz.return_by(camera, Return("home"))
    li.press(40)
    li.until(lambda: pan(simulator) > -0.3)
    li.let_go()
    li.until(lambda: not turning(simulator))
    han.until(lambda: han.said().startswith("李雷 (市局) steers"))
    away = pan(simulator)
    # As if it had crashed: nothing more is heard of it.
    li.window.ptz.way_back._timer.stop()
    li.box.controls.use("")
    li.box.freed.disconnect()
    han.window.ptz.way_back._timer.setInterval(500)
    han.until(lambda: pan(simulator) < -0.45, 60)
    assert away > -0.3
    han.until(lambda: han.said().startswith("Free"))
    han.box.show_log()
    dialog = han.box._log
    han.until(lambda: dialog.table.rowCount() >= 3)
    assert dialog.table.item(0, 1).text() == "韩梅 (分局)"
    assert dialog.table.item(0, 2).text() == "console sent it back by itself  ·  李雷 (市局)"
    dialog.close()


def test_without_a_server_the_camera_goes_home_at_the_next_start_once(
    qtbot: QtBot, tmp_path: Path, simulator: Simulator
) -> None:
    first = Console(qtbot, tmp_path)
    camera = first.add_simulated(simulator, CAMERA)
    aim_home(first, camera, simulator, -0.5)
    first.wall.set_view(View(BUILT_IN["2x2"], (camera,)))
    first.wall.select(0)
    first.until(lambda: first.window.ptz.steers)
    first.window.ptz.return_by(camera, Return("home"))
    QTest.mousePress(right(first), Qt.MouseButton.LeftButton)
    first.until(lambda: pan(simulator) > -0.3)
    QTest.mouseRelease(right(first), Qt.MouseButton.LeftButton)
    first.until(lambda: not turning(simulator))
    first.until(lambda: first.store.setting("ptz_owed") == {camera: "home"})
    first.window.ptz.control.controls.freed = lambda _: None  # it ends before its 15 s are over
    first.close()
    assert pan(simulator) > -0.35
    second = Console(qtbot, tmp_path)
    second.until(lambda: pan(simulator) < -0.45)
    second.until(lambda: second.store.setting("ptz_owed") == {})
    second.store_head(camera).absolute(0.3, 0.0, 0.0)
    second.until(lambda: not turning(simulator) and pan(simulator) > 0.25)
    second.close()
    third = Console(qtbot, tmp_path)
    third.until(lambda: not third.tasks._pending)  # what is owed was read
    assert camera not in third.window.ptz._controllers
    assert pan(simulator) > 0.25
    third.close()
