"""A real window with a real server process: enrol, sign in, work, lose the server, come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.camera import Site, StreamRole, StreamSpec
from app.domain.layout import BUILT_IN, View
from app.simulator.process import Simulator
from app.store.secrets import FileSecrets
from app.store.sync_models import OutboxRow
from app.sync.account import Account
from app.ui.application import open_desk
from app.ui.server_desk import ServerDesk
from tests.e2e.client import Client
from tests.server_process import PASSWORD, ServerProcess

pytestmark = pytest.mark.e2e


class Console(Client):
    """A client with its server desk, as `run_client` builds it."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        super().__init__(qtbot, data)
        self.account = Account(self.store.secrets, data)
        self.desk: ServerDesk = open_desk(self.account, self.store, self.tasks, self.window)
        self.desk.start()

    def type(self, text: str, widget: object) -> None:
        assert hasattr(widget, "setFocus")
        widget.setFocus()
        QTest.keyClicks(widget, text)

    def connect(self, server: ServerProcess) -> None:
        """As a person does it, comparing the fingerprint."""
        self.window.action("server").trigger()
        dialog = self.desk.server_dialog
        assert dialog is not None
        self.type(server.url, dialog.address)
        self.type(server.console_code(), dialog.code)
        dialog.button.click()
        self.until(lambda: dialog.panel.isVisible())
        assert not dialog.button.isEnabled()
        dialog.same.setChecked(True)
        dialog.button.click()
        self.until(lambda: self.desk.dialog is not None)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        dialog = self.desk.dialog
        assert dialog is not None
        dialog.login.setCurrentText("")
        edit = dialog.login.lineEdit()
        assert edit is not None
        self.type(login, edit)
        self.type(password, dialog.password)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)

    def until_in_step(self) -> None:
        """The label says so, and it is true: the status may be a moment old."""
        self.until(lambda: self.window.sync.status.phase == "in_step"
                   and not self.window.sync.status.waiting and not self.waiting(), 40)  # fmt: skip

    def waiting(self) -> int:
        """Entries that the server has not answered."""
        with self.store.looking() as connection:
            query = sa.select(sa.func.count()).select_from(OutboxRow)
            return int(connection.scalar(query.where(OutboxRow.seq.is_(None))) or 0)

    def rename(self, camera: str, name: str) -> None:
        """As the dialog saves it."""
        details = self.store.camera(camera)
        assert details is not None
        self.store.save_camera(replace(details, row=replace(details.row, name=name)), None)

    def close(self) -> None:
        self.desk.close()
        super().close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path / "server")
    running.account("li", "李雷", "commissioner", "operator")
    running.account("han", "韩梅", "commissioner")
    yield running
    running.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "console"
    made.mkdir()
    return made


@pytest.fixture
def console(qtbot: QtBot, folder: Path) -> Iterator[Console]:
    running = Console(qtbot, folder)
    yield running
    running.close()


def _pan(simulator: Simulator) -> float:
    state = simulator.state("cam5")["ptz"]
    assert isinstance(state, dict)
    return float(state["pan"])


def names_of(server: ServerProcess) -> list[str]:
    """All names that a camera has had on the server, in their order: each write counts."""
    with sqlite3.connect(server.folder / "data" / "server.sqlite", timeout=10) as database:
        return [name for (name,) in database.execute("SELECT name FROM channel ORDER BY id")]


def writes_of(server: ServerProcess, camera: str) -> int:
    with sqlite3.connect(server.folder / "data" / "server.sqlite", timeout=10) as database:
        query = "SELECT count(*) FROM sync_change WHERE entity_id = ?"
        return int(database.execute(query, (camera,)).fetchone()[0])


def test_enrol_sign_in_edit_lose_the_server_edit_on_and_come_back(
    console: Console, server: ServerProcess
) -> None:
    assert console.desk.dialog is None  # no server: nothing changes
    console.connect(server)
    assert console.desk.dialog is not None
    console.sign_in("li", "not the password")
    console.until(lambda: "wrong" in console.desk.dialog.told.text())
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    assert console.window.session.settings.operator == "李雷"
    assert "李雷" in console.window.session.watermark()
    assert console.desk.label.text() == "李雷"
    console.store.save_site(Site("", server.organisation, "广场"))
    camera = console.add("东门", (StreamSpec(StreamRole.MAIN, "rtsp://127.0.0.1:9/main"),))
    console.rename(camera, "东门一")
    console.until(lambda: names_of(server) == ["东门一"])
    console.until_in_step()
    before = writes_of(server, camera)

    server.kill()
    console.until(lambda: console.window.sync.status.phase == "offline", 40)
    console.rename(camera, "东门二")
    details = console.store.camera(camera)
    assert details is not None
    console.store.save_camera(replace(details, note="lamp broken"), None)
    console.until(lambda: console.window.sync.status.waiting == 2)
    assert "2 waiting" in console.window.sync.text()

    server.start()
    console.until_in_step()
    assert names_of(server) == ["东门二"]
    assert writes_of(server, camera) == before + 2  # each once
    assert not console.store.conflicts()


def test_the_server_off_before_log_in(
    qtbot: QtBot, folder: Path, server: ServerProcess, simulator: Simulator
) -> None:
    """T11, as far as it exists: log in, search, open a saved wall, call a preset."""
    first = Console(qtbot, folder)
    first.connect(server)
    first.sign_in("li")
    first.until(lambda: first.desk.dialog is None)
    first.until_in_step()
    first.store.save_site(Site("", server.organisation, "广场"))
    camera = first.add_simulated(simulator, "cam5")
    first.store.save_view("夜班", View(BUILT_IN["2x2"], (camera,)))
    first.store_head(camera).set_preset("大门")
    first.until(lambda: names_of(server))
    first.until_in_step()
    first.close()

    server.kill()
    console = Console(qtbot, folder)
    try:
        assert console.desk.dialog is not None
        console.sign_in("li", "guessed")
        console.until(lambda: "wrong" in console.desk.dialog.told.text())
        console.sign_in("li")
        console.until(lambda: console.desk.dialog is None, 40)
        assert "without the server" in console.window.notice.text
        assert console.desk.label.text() == "李雷 · offline sign-in"
        row = console.store.rows([camera])[0]
        assert [r.id for r in console.store.cameras(search=row.name)] == [camera]
        console.until(lambda: any(v.name == "夜班" for v in console.window._views))
        (named,) = [v for v in console.window._views if v.name == "夜班"]
        console.window._open_view(named)
        console.until_live(camera)
        console.wall.select(0)
        panel = console.window.ptz
        console.until(lambda: panel.preset_name(1) is not None)
        where = _pan(simulator)
        console.store_head(camera).absolute(-where or 0.5, 0.0, 0.0)
        console.until(lambda: abs(_pan(simulator) - where) > 0.05)
        panel.go_to_number(1)
        console.until(lambda: abs(_pan(simulator) - where) < 0.01)
        # The server comes back, and the same sign-in goes on with it.
        server.start()
        console.until_in_step()
        console.until(lambda: console.desk.label.text() == "李雷")
    finally:
        console.close()


def test_guessing_without_the_server_is_slowed_down_and_told(
    qtbot: QtBot, folder: Path, server: ServerProcess
) -> None:
    first = Console(qtbot, folder)
    first.connect(server)
    first.sign_in("li")
    first.until(lambda: first.desk.dialog is None)
    first.close()
    server.kill()
    console = Console(qtbot, folder)
    try:
        dialog = console.desk.dialog
        assert dialog is not None
        for _ in range(3):
            console.sign_in("li", "guess")
            console.until(lambda: dialog.button.isEnabled() and "wrong" in dialog.told.text())
            dialog.told.setText("")
        console.sign_in("li")
        console.until(lambda: "next try" in dialog.told.text())
        assert not dialog.button.isEnabled()
        console.until(dialog.button.isEnabled, 10)
        console.sign_in("li")
        console.until(lambda: console.desk.dialog is None)
    finally:
        console.close()


def test_a_blocked_account_leads_to_the_sign_in_and_to_no_loop(
    console: Console, server: ServerProcess
) -> None:
    console.connect(server)
    console.sign_in("han")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    found = server.admin("GET", "/api/accounts")["items"]
    (identity,) = [a["id"] for a in found if a["login"] == "han"]
    server.admin("PATCH", f"/api/accounts/{identity}", {"disabled": True})
    console.until(lambda: console.desk.dialog is not None, 40)
    assert "ended this sign-in" in console.desk.dialog.told.text()
    assert console.desk.sync is None
    console.sign_in("han")
    console.until(lambda: "wrong" in console.desk.dialog.told.text())
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    assert console.window.session.settings.operator == "李雷"


def test_the_lock_opens_with_the_accounts_password_or_for_another_person(
    console: Console, server: ServerProcess
) -> None:
    console.connect(server)
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.window.action("lock").trigger()
    lock = console.window.session._dialog
    assert lock is not None
    assert [lock.who.itemText(i) for i in range(lock.who.count())] == ["李雷"]
    console.type("wrong", lock.pin)
    lock.button.click()
    console.until(lambda: "wrong" in lock._told.text())
    console.type(PASSWORD, lock.pin)
    lock.button.click()
    console.until(lambda: not console.window.session.is_locked)
    console.window.action("lock").trigger()
    lock = console.window.session._dialog
    assert lock is not None
    lock.other.click()
    console.sign_in("han")
    console.until(lambda: not console.window.session.is_locked)
    assert console.window.session.settings.operator == "韩梅"
    assert FileSecrets(console.store.path.parent).get("server-account:han")


def test_the_demos_cable_from_the_menu(console: Console, server: ServerProcess) -> None:
    console.connect(server)
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    console.store.save_site(Site("", server.organisation, "广场"))
    camera = console.add("东门", (StreamSpec(StreamRole.MAIN, "rtsp://127.0.0.1:9/main"),))
    console.until_in_step()
    cable = console.window.action("cut_network")
    assert not cable.isVisible()  # the demo's only
    cable.setVisible(True)
    cable.trigger()
    console.until(lambda: console.window.sync.text().startswith("offline"))
    console.rename(camera, "东门一")
    console.until(lambda: "1 waiting" in console.window.sync.text())
    assert names_of(server) == ["东门"]
    cable.trigger()
    console.until_in_step()
    assert names_of(server) == ["东门一"]


def test_disconnecting_leaves_the_consoles_own_people(
    console: Console, server: ServerProcess
) -> None:
    before = console.window.session.settings.operator
    console.connect(server)
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    console.window.action("server").trigger()
    dialog = console.desk.server_dialog
    assert dialog is not None
    dialog.disconnect_asked.emit()
    dialog.accept()
    console.until(lambda: console.account.server is None)
    console.until(lambda: console.window.session.settings.operator == before)
    assert console.desk.label.isHidden()
    assert not console.window.session.account
