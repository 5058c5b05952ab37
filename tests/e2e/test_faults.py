"""A fault from a frozen picture to its closing: two organisations, two consoles, one server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.domain.camera import Site, StreamRole, StreamSpec
from app.domain.shift import Fact
from app.domain.ticket import Action, State
from app.simulator.process import Simulator
from app.store.figures import Facts, Figures
from app.store.tickets import Care, Filter, Line
from app.ui.incidents import Place, opening
from app.ui.registers import Asked
from app.ui.ticket_report import ReportDialog
from app.ui.ticket_view import ActionDialog, TicketDialog, VerifyDialog
from app.video.types import StreamState
from tests.e2e.client import Client
from tests.e2e.test_server import Console
from tests.server_process import PASSWORD, ServerProcess

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path / "server")
    running.account("li", "李雷", "commissioner", "operator")
    running.account("han", "韩梅", "supervisor")
    yield running
    running.stop()


class Foreign:
    """The server as somebody of the maintainer's organisation sees it."""

    def __init__(self, server: ServerProcess) -> None:
        self._server, self.url = server, server.url
        made = server.admin("POST", "/api/organisations", {"name": "维保公司"})
        self.organisation = str(made["id"])
        for login, name, role in (
            ("qian", "钱经理", "administrator"),
            ("zhao", "赵工", "maintainer"),
        ):
            server.admin("POST", "/api/accounts", {
                "login": login, "name": name, "password": PASSWORD,
                "organisation_id": self.organisation, "roles": [role],
            })  # fmt: skip
        self._token = server.ask("POST", "/api/session", {"login": "qian", "password": PASSWORD})[
            "access"
        ]

    def console_code(self) -> str:
        body = {"organisation_id": self.organisation}
        made = self._server.ask("POST", "/api/consoles/codes", body, self._token)
        return str(made["code"])


def enter(console: Console, server: ServerProcess | Foreign, login: str) -> None:
    console.connect(server)  # type: ignore[arg-type]
    console.sign_in(login)
    console.until(lambda: console.desk.dialog is None)
    console.until_in_step()


def known(console: Console, ticket: str) -> Line | None:
    faults = console.window.faults
    return next(
        (x for x in faults.tickets.lines(Filter("all"), faults.who()) if x.id == ticket), None
    )


def dialog_of(console: Client, ticket: str) -> TicketDialog:
    console.window.faults.open(ticket)
    console.until(lambda: ticket in console.window.faults._dialogs)
    found = console.window.faults._dialogs[ticket]
    console.until(lambda: found.full is not None)
    return found


def step(console: Client, dialog: TicketDialog, action: Action, **said: str) -> None:
    """Press the button, fill in what is asked, wait until it is done."""
    button = dialog.buttons[action]
    console.until(lambda: button.isVisible() and button.isEnabled())
    assert dialog.full is not None

    def done() -> int:
        """Others may enter something meanwhile: the wall, that the picture is back."""
        assert dialog.full is not None
        return sum(event.action is action for event in dialog.full.events)

    events = done()
    before = set(dialog.findChildren(QDialog))
    button.click()
    asked = [d for d in dialog.findChildren(ActionDialog) if d not in before]
    for name, value in said.items():
        widget = asked[0].field(name)
        (widget.setPlainText if hasattr(widget, "setPlainText") else widget.setText)(value)
    if asked:
        asked[0]._accept()
    console.until(lambda: done() > events)


def figures(console: Console) -> Facts:
    now = datetime.now(UTC) + timedelta(seconds=1)
    return Figures(console.store).facts(now - timedelta(days=7), now, {})


def test_a_frozen_camera_is_reported_offline_repaired_by_others_verified_and_closed(
    qtbot: QtBot, tmp_path: Path, server: ServerProcess, simulator: Simulator
) -> None:
    consoles: list[Console] = []
    for name in ("home", "foreign"):
        (tmp_path / name).mkdir()
        consoles.append(Console(qtbot, tmp_path / name))
    home, away = consoles
    try:
        foreign = Foreign(server)
        enter(away, foreign, "zhao")
        enter(home, server, "li")
        site = home.store.save_site(Site("", server.organisation, "广场"))
        home.window.faults.tickets.set_care(site, Care("", foreign.organisation, "赵工 138"))
        camera = home.add_simulated(simulator, "cam1")
        home.window.dropped(0, [camera])
        home.until_live(camera)
        home.until_in_step()

        # Frozen, and no server: two keys report it.
        simulator.fault("cam1", "stop-sending")
        server.kill()
        home.until(lambda: home.state(camera) is StreamState.STALLED)
        home.wall.select(0)
        home.window.action("report").trigger()
        home.until(lambda: home.window.findChild(ReportDialog))
        report = home.window.findChild(ReportDialog)
        assert isinstance(report, ReportDialog)
        QTest.keyClick(report, Qt.Key.Key_3)
        QTest.keyClick(report, Qt.Key.Key_Return)
        home.until(lambda: camera in home.window.faults.lines)
        ticket = home.window.faults.lines[camera].id
        assert "#1" in home.wall.badge(camera)[0]
        assert home.waiting() > 0
        assert (len(figures(home).open), len(figures(home).repair().parts)) == (1, 0)

        # The network is back: the maintainer of the other organisation has it, its clock runs.
        simulator.clear("cam1", "stop-sending")
        server.start()
        home.until_in_step()
        away.until(lambda: known(away, ticket) is not None, 60)
        theirs = known(away, ticket)
        assert theirs is not None
        assert (theirs.state, theirs.category, theirs.author) == (State.NEW, "V03", "李雷")
        assert theirs.due is not None
        assert timedelta(0) < theirs.due - datetime.now(UTC) < timedelta(minutes=30)
        assert not away.store.cameras(), "the camera itself is not theirs to see"

        # The supervisor takes over at the desk and sends it to them.
        home.window.action("change_person").trigger()
        home.sign_in("han")
        home.until(lambda: home.desk.label.text() == "韩梅")
        desk = dialog_of(home, ticket)
        step(home, desk, Action.DISPATCH, team="一组")
        crew = dialog_of(away, ticket)
        away.until(lambda: crew.full is not None and crew.full.ticket.state is State.DISPATCHED, 60)
        step(away, crew, Action.ACCEPT)
        step(away, crew, Action.REPAIR, work="重启编码器")
        assert crew.full is not None
        assert crew.full.may[Action.VERIFY] is not None

        # Back on the wall, seen by a second person, compared, closed.
        home.until(lambda: desk.full is not None and desk.full.ticket.state is State.REPAIRED, 60)
        home.until(lambda: desk.full is not None and desk.full.ticket.back == (camera,), 60)
        desk.buttons[Action.VERIFY].click()
        eyes = desk.findChild(VerifyDialog)
        assert isinstance(eyes, VerifyDialog)
        assert not eyes.ok.isEnabled(), "nobody has compared anything"
        eyes.same.setChecked(True)
        home.until(eyes.ok.isEnabled)
        eyes.ok.click()
        home.until(lambda: desk.full is not None and desk.full.ticket.state is State.VERIFIED)
        step(home, desk, Action.CLOSE)
        away.until(lambda: (t := known(away, ticket)) is not None and t.state is State.CLOSED, 40)
        home.until(
            lambda: camera not in home.window.faults.lines and not home.wall.badge(camera)[0]
        )
        after = figures(home)
        assert (len(after.open), len(after.repair().parts)) == (0, 1)
        assert after.limits().value == 1.0
        assert not home.store.conflicts()
        assert not away.store.conflicts()
    finally:
        for console in consoles:
            console.close()


def test_a_fault_is_part_of_the_desk(client: Client) -> None:
    """Found by a round, told above, entered in an incident, handed over, registered."""
    camera = client.add("东门", (StreamSpec(StreamRole.MAIN, "rtsp://127.0.0.1:9/main"),))
    window, faults = client.window, client.window.faults
    faults.report(camera, "V06", "lens full of leaves")
    client.until(lambda: window.findChild(ReportDialog))
    report = window.findChild(ReportDialog)
    assert isinstance(report, ReportDialog)
    assert report.text.text() == "lens full of leaves"
    report.priority.setCurrentIndex(report.priority.findData("P1"))
    QTest.keyClick(report, Qt.Key.Key_Return)
    client.until(lambda: camera in faults.lines)
    line = faults.lines[camera]
    # A second report, of a round that is not held up by questions, joins it.
    window.desk.fault_found.emit(camera, "and a spider", "V05")
    client.until(lambda: "and a spider" in str(faults.tickets.full(line.id, faults.who())))
    found = faults.tickets.full(line.id, faults.who())
    assert found is not None
    assert found.ticket.category == "V06"

    # P1: somebody above should know at once. The status bar says so, and leads there.
    client.until(faults.counter.isVisible)
    assert "1 fault" in faults.counter.text()
    faults.counter.click()
    client.until(lambda: faults.board is not None and faults.board.model.rowCount() == 1)
    assert faults.board is not None
    assert faults.board.show_.currentData() == "escalated"
    faults.open(line.id)
    dialog = dialog_of(client, line.id)  # asked for twice, it is one window all the same
    client.until(lambda: not client.tasks._pending)
    assert window.findChildren(TicketDialog) == [dialog]
    step(client, dialog, Action.ACKNOWLEDGE, text="the night team knows")
    client.until(lambda: not faults.counter.isVisible())
    client.until(lambda: "has to be told" in faults.board.empty.text())  # type: ignore[union-attr]

    # It belongs to an incident; each leads to the other.
    entries = opening(Place(camera, "东门", "东门", datetime.now(UTC)), {"category": "damage"}, "",
                      "li", line.console)  # fmt: skip
    window.desk.logbook.add(*entries)
    faults.link(entries[0].subject, line)
    client.until(lambda: dialog.linked)
    assert dialog.linked[0].number in dialog.about.text()
    dialog._follow(f"incident:{entries[0].subject}")
    incidents = window.desk.incidents
    client.until(lambda: incidents.isVisible() and incidents.lines.topLevelItemCount() == 2)
    dialog.accept()
    client.until(lambda: line.id not in faults._dialogs)
    incidents.lines.setCurrentItem(incidents.lines.topLevelItem(1))
    incidents.lines.itemActivated.emit(incidents.lines.topLevelItem(1), 0)
    client.until(lambda: line.id in faults._dialogs)

    # A handover lists it, the register has it.
    (item,) = window.desk.faults_owed()
    assert item.fact is Fact.FAULT
    assert f"-{line.number}" in item.title
    assert "View blocked" in item.title
    assert "new since" in item.detail
    (register,) = [r for r in window.desk.registers.registers if r.key == "fault"]
    now = datetime.now(UTC)
    asked = Asked(now - timedelta(days=1), now + timedelta(days=1), "", "", "")
    assert [cells[0] for cells in register.rows(asked)] == [f"{line.console}-000001"]
    assert register.check()[0].broken is None

    # All faults of the camera, from the menu.
    client.wall.select(0)
    window.dropped(0, [camera])
    client.until(lambda: client.wall.camera_at(0) == camera)
    client.wall.setFocus()
    window.action("fault_history").trigger()
    board = faults.board
    client.until(lambda: board.camera_id == camera and board.model.rowCount() == 1)
