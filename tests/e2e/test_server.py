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
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.camera import Site, StreamRole, StreamSpec
from app.domain.incident import Kind
from app.domain.layout import BUILT_IN, View
from app.domain.logbook import Book, Entry
from app.simulator.process import Simulator
from app.store.logbook import Logbook, Wanted
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.store.sync_models import OutboxRow
from app.sync.account import Account, probe
from app.sync.client import SyncClient, become
from app.ui.client import open_desk
from app.ui.conflicts import ConflictDialog
from app.ui.incidents import OpenDialog
from app.ui.server_desk import ServerDesk
from app.ui.ticket_report import ReportDialog
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
        try:
            self.until(lambda: self.window.sync.status.phase == "in_step"
                       and not self.window.sync.status.waiting and not self.waiting(), 120)  # fmt: skip
        except Exception as error:
            raise AssertionError(f"{self.window.sync.status}, {self.waiting()} waiting") from error

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
    console.until(lambda: console.window.sync.status.phase == "offline", 60)
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


class Elsewhere:
    """A second console, without a window."""

    def __init__(self, server: ServerProcess, folder: Path, login: str) -> None:
        folder.mkdir()
        secrets = FileSecrets(folder)
        self.store = Store(folder / "watchroom.db", secrets)
        self.account = Account(secrets, folder)
        seen = probe(server.url)
        assert seen is not None
        self.account.enrol(server.url, server.console_code(), "台2", fingerprint=seen.fingerprint)
        identity = self.account.sign_in(login, PASSWORD)
        become(self.store, identity.user_id)
        self.client = SyncClient(self.store, self.account.transport())
        self.client.round()

    def names(self, table: str, column: str) -> list[str]:
        """A column of a table here, sorted."""
        with self.store.looking() as connection:
            return sorted(connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars())

    def close(self) -> None:
        self.account.sign_out()
        self.store.close()


def on_server(server: ServerProcess, table: str, column: str, where: str = "1") -> list[str]:
    """A column of a table on the server, sorted."""
    with sqlite3.connect(server.folder / "data" / "server.sqlite", timeout=10) as database:
        query = f"SELECT {column} FROM {table} WHERE {where}"
        return sorted(value for (value,) in database.execute(query))


def open_incident(console: Console, words: str) -> None:
    """With the key, on the selected tile."""
    known = len(console.window.desk.logbook.subjects(Wanted(Book.INCIDENT)))
    console.window.action("incident_new").trigger()
    console.until(lambda: any(d.isVisible() for d in console.window.findChildren(OpenDialog)))
    dialog = next(d for d in console.window.findChildren(OpenDialog) if d.isVisible())
    QTest.keyClicks(dialog.first, words)
    QTest.keyClick(dialog.first, Qt.Key.Key_Return)
    console.until(
        lambda: len(console.window.desk.logbook.subjects(Wanted(Book.INCIDENT))) == known + 1
    )
    gone(console, OpenDialog)


def report_fault(console: Console, tile: int, category: str, words: str) -> None:
    """With the key, on a tile's camera."""
    console.wall.select(tile)
    console.window.action("report").trigger()
    console.until(lambda: any(d.isVisible() for d in console.window.findChildren(ReportDialog)))
    dialog = next(d for d in console.window.findChildren(ReportDialog) if d.isVisible())
    next(b for b in dialog.keys.buttons() if b.property("code") == category).click()
    QTest.keyClicks(dialog.text, words)
    dialog.send.click()
    console.until(lambda: words in reports(console))
    gone(console, ReportDialog)


def gone(console: Console, dialog: type[QDialog]) -> None:
    """What was written is kept a moment before the dialog closes: the next must not find it."""
    console.until(lambda: not any(d.isVisible() for d in console.window.findChildren(dialog)))
    console.window.activateWindow()


def reports(console: Console) -> str:
    """All reports of faults at this console."""
    with console.store.looking() as connection:
        return "\n".join(connection.exec_driver_sql("SELECT report FROM ticket").scalars())


def test_the_server_off_before_log_in(
    qtbot: QtBot, folder: Path, server: ServerProcess, simulator: Simulator
) -> None:
    """T11: log in, search, open a saved wall, call a preset by its name, three incidents and two
    faults, all without the server; then everything is on it and on another console, once."""
    first = Console(qtbot, folder)
    first.connect(server)
    first.sign_in("li")
    first.until(lambda: first.desk.dialog is None)
    first.until_in_step()
    first.store.save_site(Site("", server.organisation, "广场"))
    camera, second = first.add_simulated(simulator, "cam5"), first.add_simulated(simulator, "cam1")
    first.store.save_view("夜班", View(BUILT_IN["2x2"], (camera, second)))
    head = first.store_head(camera)
    head.absolute(0.3, 0.0, 0.0)  # wherever others left it, and whatever it did by itself
    first.until(lambda: abs(_pan(simulator) - 0.3) < 0.001)
    head.set_preset("大门")
    head.set_preset("停车场")
    first.until(lambda: len(names_of(server)) == 2)
    first.until_in_step()
    first.close()
    server.account("wei", "魏强", "commissioner", "operator")
    other = Elsewhere(server, folder.parent / "other", "wei")

    server.kill()
    console = Console(qtbot, folder)
    try:
        assert console.desk.dialog is not None
        console.sign_in("li", "guessed")
        console.until(lambda: "wrong" in console.desk.dialog.told.text())
        console.sign_in("li")
        console.until(lambda: console.desk.dialog is None, 60)
        assert "without the server" in console.window.notice.text
        assert console.desk.label.text() == "李雷 · offline sign-in"
        # Search, and the saved wall.
        row = console.store.rows([camera])[0]
        assert [r.id for r in console.store.cameras(search=row.name)] == [camera]
        console.until(lambda: any(v.name == "夜班" for v in console.window.kept.views))
        (named,) = [v for v in console.window.kept.views if v.name == "夜班"]
        console.window.kept.open_view(named)
        console.until_live(camera)
        console.wall.select(0)
        # A preset by its name.
        panel = console.window.ptz
        console.until(lambda: panel.preset_name(2) is not None)
        where = _pan(simulator)
        assert where == pytest.approx(0.3, abs=0.01)
        console.store_head(camera).absolute(-where, 0.0, 0.0)
        console.until(lambda: abs(_pan(simulator) - where) > 0.05)
        (item,) = panel._presets.findItems("大门", Qt.MatchFlag.MatchContains)
        panel._presets.setCurrentItem(item)
        panel._presets.itemActivated.emit(item)
        console.until(lambda: abs(_pan(simulator) - where) < 0.01)
        # Three incidents, two faults, and an edit that another makes, too.
        for words in ("two men at the gate", "a child is lost", "smoke"):
            console.wall.select(0)
            open_incident(console, words)
        report_fault(console, 0, "V03", "stands still since noon")
        report_fault(console, 1, "V02", "grey picture")
        console.rename(camera, "李雷的名字")
        console.until(lambda: console.window.sync.status.phase == "offline", 60)
        waiting = console.waiting()
        assert waiting >= 3 + 2 + 1

        # The server comes back; before it hears this console, another has changed that name.
        console.account.cut = True
        server.start()
        details = other.store.camera(camera)
        assert details is not None
        other.store.save_camera(replace(details, row=replace(details.row, name="魏强的名字")), None)
        other.client.round()
        assert "魏强的名字" in names_of(server)
        assert on_server(server, "ticket", "id") == []
        console.account.cut = False
        console.desk.sync.sync_now()
        console.until_in_step()
        console.until(lambda: console.desk.label.text() == "李雷")
        # Everything is on the server once, and so on the other console.
        opened = "book = 'incident' AND kind = 'opened'"
        assert len(on_server(server, "log", "subject", opened)) == 3
        apart: list[str] = []

        def alike() -> bool:
            """The wall may note something at any time: that comes with the next round."""
            apart.clear()
            other.client.round()
            for table, column in (("log", "id"), ("log", "chain"), ("ticket", "id"),
                                  ("ticket_event", "id"), ("channel", "name")):  # fmt: skip
                here = on_server(server, table, column)
                assert len(here) == len(set(here)), table
                if other.names(table, column) != here:
                    apart.append(table)
            return not apart

        console.until(alike)
        assert not apart
        there = Logbook(other.store)
        assert len(there.subjects(Wanted(Book.INCIDENT))) == 3
        texts = "\n".join(other.names("log", "content"))
        for words in ("two men at the gate", "a child is lost", "smoke"):
            assert texts.count(f'"{words}"') == 1
        faults = "\n".join(other.names("ticket", "report"))
        assert faults.count("stands still since noon") == faults.count("grey picture") == 1
        assert [c.broken for c in there.check()[Book.INCIDENT]] == [None]
        twice = "SELECT op_id FROM sync_change WHERE op_id <> '' AND kind <> 'conflict' "
        with sqlite3.connect(server.folder / "data" / "server.sqlite", timeout=10) as database:
            assert not database.execute(
                twice + "GROUP BY op_id, kind, entity_id HAVING count(*) > 1"
            ).fetchall()
        # Theirs is in use, and who came late is asked.
        assert "魏强的名字" in names_of(server)
        assert "李雷的名字" not in names_of(server)
        console.until(lambda: "1 to decide" in console.window.sync.text())
        console.window.sync.conflicts_requested.emit()
        console.until(lambda: console.window.findChildren(ConflictDialog))
        dialog = console.window.findChildren(ConflictDialog)[-1]
        console.until(dialog.mine.isVisible)
        shown = "\n".join(label.text() for label in dialog.findChildren(QLabel))
        for text in ("李雷的名字", "魏强的名字"):
            assert text in shown
        assert "魏强  20" in shown, "who gave it, and when"
        dialog.mine.click()
        console.until(lambda: "李雷的名字" in names_of(server))
        dialog.close()
    finally:
        console.close()
        other.close()


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
        console.until(dialog.button.isEnabled)
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
    console.until(lambda: console.desk.dialog is not None, 60)
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
    console.until(lambda: console.window.sync.text().startswith("offline"), 60)
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


def test_one_incident_written_apart_on_two_consoles(
    console: Console, server: ServerProcess
) -> None:
    """T12: both were offline; nothing is lost, both versions are seen, the chains verify."""
    server.account("wei", "魏强", "operator")
    console.connect(server)
    console.sign_in("li")
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()
    open_incident(console, "two men, red jacket")
    window, log = console.window.desk.incidents, console.window.desk.logbook
    console.until(lambda: window.incident is not None and len(window.incident.lines) == 1)
    console.until_in_step()
    other = Elsewhere(server, console.store.path.parent.parent / "other", "wei")
    try:
        there = Logbook(other.store)
        (subject,) = [s.id for s in there.subjects(Wanted(Book.INCIDENT))]
        found = there.incident(subject)
        assert found is not None
        line, opened = found.lines[0].first, found.opened

        # The cable is out of both, and both correct the same line and set the same field.
        console.account.cut = other.account.cut = True
        window.lines.setCurrentItem(next(
            item for item in window.lines.findItems("red jacket", Qt.MatchFlag.MatchContains, 2)
        ))  # fmt: skip
        window._correct()
        window.line.clear()
        QTest.keyClicks(window.line, "two men, blue jacket")
        QTest.keyClick(window.line, Qt.Key.Key_Return)
        window._set("category", "damage")
        for kind, about, data in (
            (Kind.TEXT, line.id, {"text": "three men, red jacket"}),
            (Kind.SET, opened.id, {"field": "category", "value": "crowd"}),
        ):
            there.add(Entry(Book.INCIDENT, subject, kind, "魏强", "台2", data, "", (about,)))
        console.until(lambda: console.waiting() == 2)

        console.account.cut = other.account.cut = False
        other.client.round()
        assert console.desk.sync is not None
        console.desk.sync.sync_now()
        console.until_in_step()
        console.until(lambda: window.incident is not None and len(window.incident.disputed) == 2)
        # Those of an earlier look may be about to go.
        console.until(lambda: len(window.decide.findChildren(QPushButton)) == 4)
        buttons = [b.text() for b in window.decide.findChildren(QPushButton)]
        assert window.decide.isVisible()
        for text in ("two men, blue jacket", "three men, red jacket"):
            assert text in buttons
        other.client.round()
        for book in (log, there):
            incident = book.incident(subject)
            assert incident is not None
            assert {v.value for v in incident.fields["category"]} == {"damage", "crowd"}
            assert {e.data["text"] for e in incident.lines[0].versions} == {
                "two men, blue jacket", "three men, red jacket",
            }  # fmt: skip
            assert [e.data["text"] for e in incident.lines[0].before] == ["two men, red jacket"]
            checked = book.check()[Book.INCIDENT]
            assert len(checked) == 2
            assert not any(c.broken for c in checked)
        assert not console.store.conflicts()
        # A person decides in the window, and the other console sees that.
        next(b for b in window.decide.findChildren(QPushButton) if "three men" in b.text()).click()
        console.until(lambda: window.incident is not None and len(window.incident.disputed) == 1)
        console.until_in_step()
        other.client.round()
        incident = there.incident(subject)
        assert incident is not None
        assert [e.data["text"] for e in incident.lines[0].versions] == ["three men, red jacket"]
    finally:
        other.close()
