"""The supervisor's desk from end to end: a shift handed over without a network, and an auditor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from app.domain.camera import Site
from app.domain.camera_event import EventKind
from app.domain.layout import BUILT_IN
from app.domain.logbook import Book
from app.domain.permission import Role
from app.domain.person import Person, hash_pin
from app.domain.retrieval import Case, Retrieval, RetrievalKind, broken_at, chain_of, text_of
from app.domain.shift import Fact, hash_of
from app.simulator.process import Simulator
from app.store.logbook import Logbook, Wanted
from app.store.models import RetrievalRow
from app.store.server_models import AccountRow
from app.store.store import new_id
from app.sync.client import SyncClient
from app.ui.custody import CustodyDialog
from app.ui.incidents import OpenDialog
from app.ui.register import RegisterDialog
from app.ui.registers import RegisterWindow
from app.ui.session import Settings
from app.ui.shelving import ShelveDialog
from app.ui.tasks import Tasks
from app.video.types import StreamState
from tests.e2e.test_server import Console
from tests.server_process import ServerProcess
from tests.sync.conftest import AT, HOME, World, principal, template, world
from tests.ui.test_incidents import Room

__all__ = ["template", "world"]

pytestmark = pytest.mark.e2e
PEOPLE = (Person("李雷", hash_pin("1111")), Person("王芳", hash_pin("2222")))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path / "server")
    running.account("li", "李雷", "commissioner", "operator")
    running.account("wang", "王芳", "commissioner", "operator")
    running.account("zhao", "赵敏", "supervisor", "auditor")
    yield running
    running.stop()


def _console(qtbot: QtBot, folder: Path, server: ServerProcess, login: str) -> Console:
    folder.mkdir()
    console = Console(qtbot, folder)
    console.connect(server)
    console.sign_in(login)
    console.until(lambda: console.desk.dialog is None)
    return console


def _lose(console: Console, simulator: Simulator, name: str, camera: str) -> None:
    simulator.fault(name, "stop-sending")
    desk = console.window.desk
    console.until(lambda: console.state(camera) is not StreamState.LIVE)
    console.until(lambda: [o for o in desk.logbook.outages(datetime.now(UTC) - timedelta(hours=1))
                           if o.camera_id == camera])  # fmt: skip


@pytest.mark.timeout(300)
def test_a_shift_is_handed_over_without_a_network_and_without_typing(
    qtbot: QtBot, tmp_path: Path, server: ServerProcess, simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """T20: all facts are in the list by themselves, read one by one, both signatures are stored, no
    network is needed; the supervisor countersigns what arrived."""
    here = _console(qtbot, tmp_path / "here", server, "li")
    there = None
    try:
        window, desk = here.window, here.window.desk
        window.session.use(Settings("李雷", "台1", PEOPLE))
        here.until_in_step()
        here.store.save_site(Site("", server.organisation, "广场"))
        cameras = {n: here.add_simulated(simulator, n) for n in ("cam1", "cam2", "cam6")}
        title = {n: here.store.rows([c])[0].title("en") for n, c in cameras.items()}
        here.until_in_step()
        here.wall.set_layout(BUILT_IN["2x2"])
        here.wall.place(0, list(cameras.values()))
        here.until_live(*cameras.values())
        server.kill()  # no network from here to the signatures

        desk.show_shift()
        shifts = desk.shifts
        here.until(lambda: shifts.begin.isVisible())
        shifts.begin.click()
        here.until(lambda: shifts.shift is not None)
        shift_id = shifts.shift.id if shifts.shift else ""
        desk.watch.delay = timedelta(seconds=1)
        desk._timer.setInterval(200)
        # One camera is lost and comes back, one stays away, one is left turned.
        _lose(here, simulator, "cam1", cameras["cam1"])
        simulator.clear("cam1")
        here.until_live(cameras["cam1"], timeout_s=60)
        _lose(here, simulator, "cam2", cameras["cam2"])
        window.activateWindow()
        here.wall.select(2)
        here.wall.setFocus()
        here.until(lambda: window.ptz.steers)
        qtbot.keyPress(here.wall, Qt.Key.Key_Left)
        here.until(lambda: cameras["cam6"] in desk.away)
        qtbot.keyRelease(here.wall, Qt.Key.Key_Left)
        # An incident that stays open, and one that is closed and waits for its review.
        incidents = desk.incidents
        for result in ("", "false alarm"):
            desk.open_incident(None, always=True)
            (dialog,) = [d for d in window.findChildren(OpenDialog) if d.isVisible()]
            dialog.first.setText("two men")
            dialog.accept()
            here.until(lambda: incidents.incident is not None and incidents.incident.lines)
            if result:
                monkeypatch.setattr(
                    QInputDialog, "getMultiLineText", lambda *_, r=result: (r, True)
                )
                incidents._close()
                here.until(
                    lambda: incidents.incident is not None and incidents.incident.state == "closed"
                )
            incidents.open("")
            here.until(lambda: incidents.incident is None)
        # A fault that a patrol found becomes a ticket; an alarm is put off; an export fails.
        desk.fault_found.emit(cameras["cam1"], "spider on the lens", "V05")
        here.until(lambda: window.faults.tickets.open_lines())
        window.events.shelve_asked.emit(cameras["cam1"], str(EventKind.MOTION))
        here.until(lambda: [d for d in window.findChildren(ShelveDialog) if d.isVisible()])
        (shelve,) = [d for d in window.findChildren(ShelveDialog) if d.isVisible()]
        shelve.reason.setText("building site")
        shelve.accept()
        here.until(lambda: desk.shelf.shelved)
        now = datetime.now(UTC).replace(microsecond=0)
        here.store.add_retrieval(
            Retrieval(0, now, "台1", "李雷", RetrievalKind.EXPORT, cameras["cam1"], title["cam1"],
                      now, now, Case("7", "theft", "order"))
        )  # fmt: skip

        # The list is complete without a letter typed.
        shifts.tabs.setCurrentIndex(1)
        shifts.reload()
        wanted = {Fact.INCIDENT, Fact.FAULT, Fact.LOST, Fact.RETURNED, Fact.PTZ, Fact.EXPORT,
                  Fact.REVIEW, Fact.ALARM}  # fmt: skip
        here.until(lambda: {i.fact for i in shifts.handover.items} >= wanted)
        told = {i.fact: i for i in shifts.handover.items}

        def titles(fact: Fact) -> set[str]:
            return {i.title for i in shifts.handover.items if i.fact is fact}

        # One that the machine itself held up for a second is in the list as well, and rightly so.
        assert title["cam2"] in titles(Fact.LOST)
        assert title["cam1"] not in titles(Fact.LOST)
        assert title["cam1"] in titles(Fact.RETURNED)
        assert title["cam2"] not in titles(Fact.RETURNED)
        assert told[Fact.PTZ].title == title["cam6"]
        assert title["cam1"] in told[Fact.FAULT].title
        assert "building site" in told[Fact.ALARM].detail
        count = len(shifts.handover.items)
        shifts.leaving.who.setCurrentText("李雷")
        shifts.leaving.pin.setText("1111")
        shifts.taking.who.setCurrentText("王芳")
        shifts.taking.pin.setText("2222")
        for left in range(count, 0, -1):
            assert shifts.handover.unread == left
            assert not shifts.sign.isEnabled()
            qtbot.keyClick(shifts.handover, Qt.Key.Key_Space)
        assert shifts.sign.isEnabled()
        shifts.sign.click()
        here.until(lambda: shifts.shift is not None and shifts.shift.id != shift_id)
        done = desk.logbook.shift(shift_id)
        assert done is not None
        assert done.handover is not None
        document = done.handover.data["document"]
        assert (document["leaving"]["name"], document["taking"]["name"]) == ("李雷", "王芳")
        assert document["leaving"]["confirmed"]
        assert document["taking"]["confirmed"]
        assert len([i for i in document["items"] if i["read"]]) == count
        assert here.waiting() > 0  # nothing of it has left this console
        # An operator's account cannot countersign, and is told so before the server refuses it.
        shifts.tabs.setCurrentIndex(3)
        shifts.past.setCurrentItem(shifts.past.topLevelItem(0))
        shifts.countersign.click()
        here.until(lambda: "supervisor" in shifts.error.text()
                   and not shifts.error.text().startswith("Handed over"))  # fmt: skip

        server.start()
        here.until_in_step()
        assert not here.store.conflicts()

        there = _console(qtbot, tmp_path / "there", server, "zhao")
        other = there.window.desk
        there.until(lambda: (s := other.logbook.shift(shift_id)) is not None and s.handover)
        arrived = other.logbook.shift(shift_id)
        assert arrived is not None
        assert arrived.handover is not None
        assert hash_of(arrived.handover.data["document"]) == done.handover.data["sha256"]
        other.show_shift()
        past = other.shifts
        past.tabs.setCurrentIndex(3)
        there.until(lambda: past.past.topLevelItemCount() == 1)
        past.past.setCurrentItem(past.past.topLevelItem(0))
        there.until(lambda: there.window.session.supervises)
        past.countersign.click()
        there.until(lambda: (s := other.logbook.shift(shift_id)) is not None and s.countersign)
        here.until(lambda: (s := desk.logbook.shift(shift_id)) is not None and s.countersign)
        assert desk.logbook.subjects(Wanted(Book.SHIFT))[-1].state == "countersigned"
        assert not there.store.conflicts()
    finally:
        simulator.clear("cam1")
        simulator.clear("cam2")
        if there is not None:
            there.close()
        here.close()


def _taken(
    client: SyncClient, console: str, who: str, cameras: list[str], days: list[datetime]
) -> None:
    """Retrievals as they were entered on those days, with their chain and with their results."""
    before, number = "", 0
    with client.store._writing(retrieval=set()) as session:
        for camera, day in zip(cameras, days, strict=True):
            for kind in (RetrievalKind.EXPORT, RetrievalKind.RESULT):
                number += 1
                result = kind is RetrievalKind.RESULT
                entry = Retrieval(
                    number, day, console, who, kind, camera, f"=Camera {camera[-1]}", day, day,
                    Case("2026-118", "theft", "order", "Zhang"), about=number - 1 if result else None,
                    result="complete" if result else "",
                    package=f"EVID-{console}-{number}" if result else "",
                )  # fmt: skip
                entry = replace(entry, chain=chain_of(before, entry))
                before = entry.chain
                session.add(
                    RetrievalRow(
                        id=new_id(), console=console, number=number, at=day.isoformat(),
                        content=text_of(entry), chain=entry.chain, camera_id=camera,
                    )
                )  # fmt: skip
    client.round()


def test_an_auditor_lists_every_retrieval_of_one_camera_last_month(
    qtbot: QtBot, world: World, tmp_path: Path
) -> None:
    with world.database.writing() as session:
        for user, name in (("u1", "李雷"), ("u2", "韩梅")):
            session.add(AccountRow(
                id=user, login=user, name=name, organisation_id=HOME, password_hash="", roles="operator",
                created_at=AT,
            ))  # fmt: skip
    first = world.console("one", principal("u1", role=Role.OPERATOR))
    second = world.console("two", principal("u2", role=Role.OPERATOR))
    now = datetime.now().astimezone()
    month = now.replace(day=1, hour=12, minute=0, second=0, microsecond=0) - timedelta(days=20)
    last = [month.replace(day=d).astimezone(UTC) for d in (1, 9, 28)]
    this = now.astimezone(UTC).replace(microsecond=0)
    gate, yard = new_id()[:-1] + "a", new_id()[:-1] + "b"
    _taken(first, "台1", "李雷", [gate, yard, gate], [last[0], last[1], this])
    _taken(second, "台2", "韩梅", [gate, gate], [last[1], last[2]])
    auditor = world.console("auditor", principal("u3", role=Role.AUDITOR))
    tasks = Tasks()
    try:
        logbook = Logbook(auditor.store)
        window = RegisterWindow(auditor.store, logbook, tasks, lambda: "en")
        qtbot.addWidget(window)
        window.show()
        window.choose_camera(gate, "Gate")
        window.last_month.click()
        window.reload()
        numbers = {"台1-000001", "台2-000001", "台2-000003"}
        qtbot.waitUntil(lambda: {r[0] for r in window.rows} == numbers)
        assert {r[2] for r in window.rows} == {"李雷", "韩梅"}
        assert all("complete" in r for r in window.rows)
        window.person.setText("韩梅")
        qtbot.waitUntil(lambda: len(window.rows) == 2)
        window.person.clear()
        qtbot.waitUntil(lambda: len(window.rows) == 3)
        for name in ("list.pdf", "list.xlsx"):
            window.save(tmp_path / name)
            qtbot.waitUntil((tmp_path / name).exists)
        assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF-")
        from openpyxl import load_workbook

        sheet = load_workbook(tmp_path / "list.xlsx").active
        assert sheet is not None
        cells = [c for row in sheet.iter_rows(min_row=2) for c in row]
        assert len(cells) >= 3 * 16
        assert {c.data_type for c in cells if c.value is not None} == {"s"}, "no cell is a formula"
        assert sum(str(c.value).startswith("=Camera") for c in cells) == 3
        window.check()
        qtbot.waitUntil(lambda: "chains hold" in window.chain.text())
        # Somebody takes an entry out of the other console's register: that is seen, and where.
        with auditor.store.syncing() as connection:
            connection.execute(sa.delete(RetrievalRow).where(
                RetrievalRow.console == "台2", RetrievalRow.number == 2))  # fmt: skip
        window.check()
        qtbot.waitUntil(lambda: "台2 No. 2" in window.chain.text())
    finally:
        tasks.close()


def test_a_hand_over_of_an_export_is_in_its_register(qtbot: QtBot, data: Path) -> None:
    room = Room(qtbot, data)
    try:
        now = datetime.now(UTC).replace(microsecond=0)
        camera = room.rows[0]
        case = Case("2026-7", "theft", "warrant 12", "Officer Zhang")
        made = room.store.add_retrieval(
            Retrieval(0, now, "WS1", "Li", RetrievalKind.EXPORT, camera.id, camera.title("en"), now,
                      now, case)
        )  # fmt: skip
        room.desk.show_registers()
        window = room.desk.registers
        window.which.setCurrentIndex(window.which.findData("export"))
        room.until(lambda: window.rows)
        for ended in (False, True):
            window.list.setCurrentItem(window.list.topLevelItem(0))
            button = window.ended if ended else window.given
            assert button.isVisible()
            button.click()
            (dialog,) = [d for d in window.findChildren(CustodyDialog) if d.isVisible()]
            if ended:
                dialog._enter()
                assert dialog.isVisible()
                assert dialog.error.text()  # nobody is named
                dialog.receiver.setText("Officer Zhang")
            else:
                assert dialog.receiver.text() == "Officer Zhang"
                dialog.unit.setText("Precinct 3")
                dialog.medium.setCurrentIndex(dialog.medium.findData("usb"))
            dialog._enter()
            word = "returned" if ended else "Precinct 3"
            room.until(lambda w=word: window.rows and any(w in c for c in window.rows[0]))
        (row,) = window.rows
        for part in ("Officer Zhang", "Precinct 3", "warrant 12", "USB stick"):
            assert part in row
        kept = room.store.retrievals("WS1")
        assert [r.kind for r in kept] == ["export", "handed over", "returned"]
        assert {r.about for r in kept[1:]} == {made.number}
        assert broken_at(kept) is None
        dialog = RegisterDialog(room.store, room.tasks, "WS1", room.window)
        room.until(lambda: dialog.list.topLevelItemCount() == 3)
        assert dialog.list.topLevelItem(1).text(3) == f"handed over ({made.number}): Officer Zhang"
        dialog.close()
        # What was said at the hand-over cannot be changed afterwards without a trace.
        assert kept[1].custody is not None
        kept[1] = replace(kept[1], custody=replace(kept[1].custody, receiver="Somebody else"))
        assert broken_at(kept) == kept[1].number
    finally:
        room.close()
