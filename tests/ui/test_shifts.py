"""A shift from sign-on to the countersigned handover; registers; patrols. Real windows and database."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from app.domain import shift as shifts
from app.domain.logbook import Book
from app.domain.patrol import Plan, Verdict
from app.domain.person import Person, hash_pin
from app.domain.retrieval import Case, Retrieval, RetrievalKind
from app.domain.shift import Fact, Outage, Shift
from app.store.logbook import Wanted
from app.ui import reports
from app.ui.desk import Breaks
from app.ui.session import SecondPersonDialog, Settings
from tests.ui.test_incidents import Room

PINS = {name: hash_pin(pin) for name, pin in (("Wang", "2222"), ("Zhao", "3333"))}


@pytest.fixture
def room(qtbot: QtBot, data: Path) -> Iterator[Room]:
    made = Room(qtbot, data)
    people = (Person("Li"), Person("Wang", PINS["Wang"]), Person("Zhao", PINS["Zhao"], True))
    made.session.use(Settings("Li", "WS1", people))
    yield made
    made.close()


def _begin(room: Room) -> None:
    room.desk.show_shift()
    window = room.desk.shifts
    room.until(window.begin.isVisible)
    window.name.setCurrentText("Night shift")
    room.qtbot.mouseClick(window.begin, Qt.MouseButton.LeftButton)
    room.until(lambda: window.shift is not None)


def _click(room: Room, button: object) -> None:
    room.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]


def test_a_shift_is_handed_over_from_facts_read_one_by_one(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T20: complete without typing, both signatures stored, works offline."""
    _begin(room)
    window, rows = room.desk.shifts, room.rows
    assert window.shift is not None
    assert [name for name, _, _ in window.shift.staff] == ["Li"]
    began = window.shift.began_at
    incident = room.open("two men")
    log = room.desk.logbook
    lost = Outage(rows[1].id, "unreachable", began + timedelta(seconds=1))
    back = Outage(rows[2].id, "stalled", began + timedelta(seconds=1))
    log.add_outages([lost, back])
    log.add_outages([replace(back, until=began + timedelta(seconds=40))])
    room.desk.turned(rows[0].id, False)
    room.desk.turned(rows[1].id, False)
    room.desk.turned(rows[1].id, True)
    room.store.add_retrieval(
        Retrieval(0, began, "WS1", "Li", RetrievalKind.EXPORT, rows[0].id, "gate", began, began,
                  Case("7", "theft", "order"))
    )  # fmt: skip
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("battery flat", True))
    _click(room, window.check_buttons["radio", False])
    room.until(lambda: window.shift and "radio" in window.shift.checks)
    window.activateWindow()
    room.qtbot.keyClicks(window.note, "key is with the porter")
    room.qtbot.keyClick(window.note, Qt.Key.Key_Return)
    room.until(lambda: window.shift and window.shift.notes)
    window.tabs.setCurrentIndex(1)
    window.reload()
    room.until(lambda: {i.fact for i in window.handover.items} >= {
        Fact.INCIDENT, Fact.LOST, Fact.RETURNED, Fact.PTZ, Fact.EXPORT, Fact.CHECK, Fact.NOTE
    })  # fmt: skip
    told = {i.fact: i for i in window.handover.items}
    assert incident.number in told[Fact.INCIDENT].title
    assert told[Fact.PTZ].title == rows[0].title("en")
    assert told[Fact.CHECK].detail == "battery flat"
    count = len(window.handover.items)
    window.taking.who.setCurrentText("Wang")
    assert not window.sign.isEnabled()
    window.handover.setFocus()
    for left in range(count, 0, -1):
        assert window.handover.unread == left
        assert not window.sign.isEnabled()  # the last unread item blocks the signature
        room.qtbot.keyClick(window.handover, Qt.Key.Key_Space)
    assert window.sign.isEnabled()
    window.taking.pin.setText("9999")
    _click(room, window.sign)
    room.until(window.error.isVisible)
    assert window.shift is not None
    assert log.subjects(Wanted(Book.SHIFT))[0].state == "running"  # nothing was signed
    before = window.shift.id
    window.taking.pin.setText("2222")
    _click(room, window.sign)
    room.until(lambda: window.shift is not None and window.shift.id != before)
    # The next shift runs, with who took over.
    assert [name for name, _, _ in window.shift.staff] == ["Wang"]
    done = log.shift(before)
    assert done is not None
    assert done.handover is not None
    document = done.handover.data["document"]
    assert len(document["items"]) == count
    assert all(i["read"] for i in document["items"])
    assert (document["leaving"]["name"], document["taking"]["name"]) == ("Li", "Wang")
    assert document["taking"]["confirmed"]
    assert shifts.hash_of(document) == done.handover.data["sha256"]
    # The supervisor countersigns, with a PIN.
    window.tabs.setCurrentIndex(3)
    room.until(lambda: window.past.topLevelItemCount() == 1)
    window.past.setCurrentItem(window.past.topLevelItem(0))
    _click(room, window.countersign)
    room.until(lambda: [d for d in window.findChildren(SecondPersonDialog) if d.isVisible()])
    (dialog,) = [d for d in window.findChildren(SecondPersonDialog) if d.isVisible()]
    dialog.pin.setText("3333")
    _click(room, dialog.confirm)
    room.until(lambda: (s := log.shift(before)) is not None and s.countersign is not None)
    path = room.data / "handover.pdf"
    room.desk._write_handover(path, before)
    assert path.read_bytes().startswith(b"%PDF-")
    signed = log.shift(before)
    assert signed is not None
    text = reports.handover_html(signed)
    for part in ("Li", "Wang", "Zhao", "key is with the porter", done.handover.data["sha256"]):
        assert part in text
    assert not [c for some in log.check().values() for c in some if c.broken]


def test_what_changed_after_it_was_read_must_be_read_again(room: Room) -> None:
    _begin(room)
    window = room.desk.shifts
    log = room.desk.logbook
    assert window.shift is not None
    outage = Outage(room.rows[0].id, "stalled", window.shift.began_at + timedelta(seconds=1))
    log.add_outages([outage])
    window.reload()
    room.until(lambda: len(window.handover.items) == 1)
    window.handover.setFocus()
    room.qtbot.keyClick(window.handover, Qt.Key.Key_Space)
    assert window.handover.unread == 0
    window.reload()
    room.open()
    room.until(lambda: window.handover.unread == 1)
    log.add_outages([replace(outage, until=outage.since + timedelta(seconds=30))])
    window.reload()
    room.until(lambda: window.handover.unread == 2)


def test_what_was_read_first_does_not_cover_what_was_read_last(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(room)
    window, log, go_on = room.desk.shifts, room.desk.logbook, threading.Event()
    read, calls = log.running_shift, list[str]()

    def slow(console: str) -> Shift | None:
        found = read(console)
        calls.append(console)
        if len(calls) == 1:
            go_on.wait(60)  # a thread that the machine leaves standing, with what it has read
        return found

    monkeypatch.setattr(log, "running_shift", slow)
    window.reload()
    room.until(lambda: calls)
    room.qtbot.keyClicks(window.note, "key is with the porter")
    room.qtbot.keyClick(window.note, Qt.Key.Key_Return)
    room.until(lambda: window.shift and window.shift.notes)
    go_on.set()
    room.until(lambda: not room.tasks._pending)
    assert window.shift is not None
    assert window.shift.notes
    assert window.notes.topLevelItemCount() == 1


def test_a_break_is_reminded_of_and_only_what_was_acknowledged_is_kept(room: Room) -> None:
    _begin(room)
    texts: list[str] = []
    room.desk.break_due.connect(texts.append)
    now = datetime.now(UTC)
    room.desk.breaks.look(now + timedelta(minutes=10))
    assert not texts
    room.desk.breaks.look(now + timedelta(minutes=31))
    room.desk.breaks.look(now + timedelta(minutes=40))
    assert len(texts) == 1
    assert "30" in texts[0]
    window = room.desk.shifts
    assert window.shift is not None
    entries = len(room.desk.logbook.entries(window.shift.id))
    room.desk.breaks.look(now + timedelta(minutes=121))
    assert len(texts) == 2
    assert len(room.desk.logbook.entries(window.shift.id)) == entries  # ignored: nothing anywhere
    room.desk.break_taken()
    room.until(lambda: len(room.desk.logbook.entries(window.shift.id)) == entries + 1)  # type: ignore[union-attr]
    assert isinstance(room.desk.breaks, Breaks)


def test_the_roster_is_planned_and_changed(room: Room) -> None:
    room.desk.show_shift()
    window = room.desk.shifts
    window.roster_people.setText("Li, Wang")
    window.roster_name.setCurrentText("Night shift")
    _click(room, window.roster_add)
    room.until(lambda: window.roster.topLevelItemCount() == 1)
    window.roster_people.setText("Zhao")
    _click(room, window.roster_add)
    room.until(lambda: window.roster.topLevelItem(0).text(4) == "Zhao")  # type: ignore[union-attr]
    assert window.roster.topLevelItemCount() == 1
    window.roster_day.setText("tomorrow")
    _click(room, window.roster_add)
    assert window.error.isVisible()


# -- registers


def _retrieve(room: Room, camera: int, operator: str, purpose: str = "theft") -> None:
    row = room.rows[camera]
    now = datetime.now(UTC).replace(microsecond=0)
    taken = Retrieval(0, now, "WS1", operator, RetrievalKind.SNAPSHOT, row.id, row.title("en"),
                      now, now, Case("7", purpose, "order"))  # fmt: skip
    entry = room.store.add_retrieval(taken)
    room.store.add_retrieval(
        replace(taken, kind=RetrievalKind.RESULT, about=entry.number, result="complete",
                package=f"EVID-{entry.number}", manifest_sha256="a" * 64)
    )  # fmt: skip


def test_an_auditor_lists_every_retrieval_of_one_camera(room: Room) -> None:
    for camera, operator in ((0, "Li"), (1, "Li"), (0, "Wang")):
        _retrieve(room, camera, operator)
    room.desk.show_registers()
    window = room.desk.registers
    room.until(lambda: window.list.topLevelItemCount() == 3)
    window.choose_camera(room.rows[0].id, room.rows[0].title("en"))
    room.until(lambda: window.list.topLevelItemCount() == 2)
    assert {row[2] for row in window.rows} == {"Li", "Wang"}
    assert all(row[5] == room.rows[0].title("en") and row[14] for row in window.rows)
    window.person.setText("Wang")
    room.until(lambda: [row[2] for row in window.rows] == ["Wang"])
    _click(room, window.verify)
    room.until(lambda: "hold" in window.chain.text())
    with room.store._writing() as session:
        session.execute(sa.text("DELETE FROM retrieval WHERE number = 3"))
    _click(room, window.verify)
    room.until(lambda: "Broken" in window.chain.text())
    assert "No. 3" in window.chain.text()
    _click(room, window.last_month)
    room.until(lambda: window.list.topLevelItemCount() == 0)


def test_incidents_and_shifts_have_their_registers(room: Room) -> None:
    _begin(room)
    incident = room.open("two men")
    room.desk.show_registers()
    window = room.desk.registers
    window.which.setCurrentIndex(window.which.findData("incident"))
    room.until(lambda: [r[0] for r in window.rows] == [incident.number])
    assert len(window.rows[0]) == window.list.columnCount()
    window.words.setText("nothing like it")
    room.until(lambda: not window.rows)
    window.words.clear()
    window.which.setCurrentIndex(window.which.findData("shift"))
    room.until(lambda: window.rows and window.rows[0][1] == "Night shift")
    _click(room, window.verify)
    room.until(lambda: "hold" in window.chain.text())


def test_a_spreadsheet_has_no_formulas_and_a_pdf_is_one(room: Room) -> None:
    for evil in ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "plain"):
        _retrieve(room, 0, "Li", evil)
    room.desk.show_registers()
    window = room.desk.registers
    room.until(lambda: window.list.topLevelItemCount() == 5)
    sheet, paper = room.data / "register.xlsx", room.data / "register.pdf"
    window.save(sheet)
    room.until(sheet.exists)
    with zipfile.ZipFile(sheet) as archive:
        content = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in content
    from openpyxl import load_workbook

    cells = [c for row in load_workbook(sheet).active for c in row]
    assert {c.data_type for c in cells if c.value is not None} == {"s"}
    found = {c.value: c for c in cells}
    assert found['=HYPERLINK("http://x")'].quotePrefix
    window.save(paper)
    room.until(paper.exists)
    assert paper.read_bytes().startswith(b"%PDF-")


# -- patrols


def test_a_patrol_goes_from_camera_to_camera_and_is_signed(room: Room) -> None:
    log = room.desk.logbook
    ids = [r.id for r in room.rows]
    log.save_plan("Night patrol", Plan(tuple(ids), 20, ("00:00",)))
    shown: list[str] = []
    faults: list[tuple[str, str]] = []
    room.desk.show_camera.connect(shown.append)
    room.desk.fault_found.connect(lambda c, w: faults.append((c, w)))
    room.desk.show_patrol()
    window = room.desk.patrol
    room.until(lambda: window.list.topLevelItemCount() == 1)
    _click(room, window.start_button)
    room.until(lambda: window.camera == ids[0])
    room.until(window.isActiveWindow)
    room.qtbot.keyClick(window, Qt.Key.Key_1)
    room.until(lambda: window.camera == ids[1])
    room.qtbot.keyClick(window, Qt.Key.Key_2)
    assert window.words.isVisible()
    room.qtbot.keyClick(window.words, Qt.Key.Key_Return)  # no words, no verdict
    assert window.camera == ids[1]
    room.qtbot.keyClicks(window.words, "blurred")
    room.qtbot.keyClick(window.words, Qt.Key.Key_Return)
    room.until(lambda: window.camera == ids[2])
    assert faults == [(ids[1], "blurred")]
    assert not window.sign.isEnabled()
    room.qtbot.keyClick(window, Qt.Key.Key_4)
    room.qtbot.keyClicks(window.words, "road works")
    room.qtbot.keyClick(window.words, Qt.Key.Key_Return)
    room.until(window.sign.isEnabled)
    assert shown == ids
    _click(room, window.sign)
    room.until(lambda: log.subjects(Wanted(Book.PATROL, states=("signed",))))
    (subject,) = log.subjects(Wanted(Book.PATROL))
    made = log.round(subject.id)
    assert made is not None
    assert [made.count(v) for v in Verdict] == [1, 1, 0, 1]
    room.until(lambda: window.pages.currentIndex() == 0)
    # When the last round was is read anew after the signature.
    room.until(lambda: (row := window.list.topLevelItem(0)) is not None and row.text(2))


def test_a_round_left_is_gone_on_with_and_a_patrol_that_is_due_is_told_once(room: Room) -> None:
    log = room.desk.logbook
    now = datetime.now().astimezone()
    due = (now - timedelta(minutes=5)).strftime("%H:%M")
    log.save_plan("Gates", Plan(tuple(r.id for r in room.rows), 20, (due,)))
    told: list[str] = []
    room.desk.patrol_due.connect(told.append)
    room.desk._half_minute()
    room.until(lambda: told)
    assert "Gates" in told[0]
    room.desk.show_patrol()
    window = room.desk.patrol
    room.until(lambda: window.list.topLevelItemCount() == 1)
    assert window.owed() == ["Gates"]
    _click(room, window.start_button)
    room.until(lambda: window.camera)
    room.qtbot.keyClick(window, Qt.Key.Key_1)
    room.until(lambda: window.camera == room.rows[1].id)
    first = window.round
    _click(room, window.leave)
    window.reload()
    room.until(lambda: not window.owed())
    _click(room, window.start_button)
    room.until(lambda: window.round is not None)
    assert window.round is not None
    assert first is not None
    assert window.round.id == first.id
    assert window.camera == room.rows[1].id
    assert len(told) == 1


def test_another_camera_and_a_ticket_are_added_to_the_incident_on_screen(room: Room) -> None:
    room.open()
    told: list[str] = []
    room.desk.told.connect(told.append)
    room.desk.add_camera(room.rows[1])
    room.until(lambda: room.rows[1].id in dict(room.incident.cameras))
    assert room.incident.number in told[-1]
    room.until(lambda: room.desk.held == {room.rows[0].id, room.rows[1].id})
    assert room.desk.incidents.link_ticket("t1", "F-7")
    room.until(lambda: any("F-7" in row[0] for row in room.shown()))
