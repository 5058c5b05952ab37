"""Incidents as a person opens, writes, corrects, decides and closes them. Real windows and database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QInputDialog, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.incident import Incident, Kind, State
from app.domain.logbook import Book, Entry
from app.domain.person import Person
from app.store import sample
from app.store.logbook import Wanted
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.desk import Desk
from app.ui.incidents import OpenDialog
from app.ui.session import Session, Settings
from app.ui.tasks import Tasks

D = TypeVar("D", bound=QDialog)


class Room:
    """A desk in a bare window, with cameras to choose from."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        self.qtbot, self.data = qtbot, data
        self.store = Store(data / "watchroom.db", FileSecrets(data))
        sample.fill(self.store)
        self.rows = self.store.cameras(limit=3)
        self.tasks = Tasks()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.session = Session(self.window)
        people = (Person("Li"), Person("Zhao", supervisor=True))
        self.session.use(Settings("Li", "WS1", people))
        self.desk = Desk(self.store, self.tasks, self.session, lambda: "en", dict,
                         lambda: data / "evidence", self.window)  # fmt: skip
        self.window.show()

    @property
    def incident(self) -> Incident:
        found = self.desk.incidents.incident
        assert found is not None
        return found

    def open(self, text: str = "", category: str = "fight") -> Incident:
        """As a person does with I on a tile."""
        before = self.desk.incidents.incident
        self.desk.open_incident(self.rows[0], always=True)
        (dialog,) = self.visible(OpenDialog)
        dialog.category.setCurrentIndex(dialog.category.findData(category))
        dialog.first.setText(text)
        self.qtbot.keyClick(dialog.first, Qt.Key.Key_Return)
        # The one before is shown until the new one was read.
        self.until(lambda: self.desk.incidents.isVisible()
                   and (now := self.desk.incidents.incident)
                   and (before is None or now.id != before.id))  # fmt: skip
        return self.incident

    def visible(self, kind: type[D]) -> list[D]:
        """Dialogs of that kind that a person sees. One that was closed may be a child for a while."""
        return [d for d in self.window.findChildren(kind) if d.isVisible()]

    def type(self, text: str) -> None:
        line, count = self.desk.incidents.line, len(self.incident.entries)
        self.qtbot.keyClicks(line, text)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)
        self.until(lambda: len(self.incident.entries) > count)

    def until(self, condition: object) -> None:
        assert callable(condition)
        self.qtbot.waitUntil(lambda: bool(condition()))

    def shown(self) -> list[list[str]]:
        """What the log says on screen, corrections below what they correct."""
        tree = self.desk.incidents.lines
        rows = []
        for i in range(tree.topLevelItemCount()):
            top = tree.topLevelItem(i)
            assert top is not None
            rows.append([top.text(2), *(top.child(j).text(2) for j in range(top.childCount()))])
        return rows

    def close(self) -> None:
        self.desk.close()
        self.tasks.close()
        self.store.close()


@pytest.fixture
def room(qtbot: QtBot, data: Path) -> Iterator[Room]:
    made = Room(qtbot, data)
    yield made
    made.close()


def test_an_incident_of_a_tile_knows_camera_time_and_operator(room: Room) -> None:
    incident = room.open("two men, red jacket")
    row = room.rows[0]
    assert incident.number == "WS1-000001"
    assert incident.cameras == ((row.id, row.title("en")),)
    assert incident.opened.author == "Li"
    assert incident.value("category") == "fight"
    title = room.desk.incidents.title.text()
    assert "WS1-000001" in title
    assert "open" in title
    assert room.shown()[-1] == ["two men, red jacket"]
    room.until(lambda: row.id in room.desk.held)  # no tour changes that tile now
    # I again goes to the same incident, and makes no second one.
    room.desk.incidents.hide()
    room.desk.open_incident(row)
    room.until(room.desk.incidents.isVisible)
    assert len(room.desk.logbook.subjects(Wanted(Book.INCIDENT))) == 1


def test_leaving_the_form_leaves_no_trace_and_no_gap(room: Room) -> None:
    room.desk.open_incident(room.rows[0])
    room.until(lambda: room.visible(OpenDialog))
    (dialog,) = room.visible(OpenDialog)
    room.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not room.desk.logbook.subjects(Wanted(Book.INCIDENT))
    assert room.open().number == "WS1-000001"


def test_a_line_has_the_time_of_its_first_key(room: Room) -> None:
    room.open()
    window = room.desk.incidents
    room.qtbot.keyClick(window.line, Qt.Key.Key_X)
    begun = window.line.begun
    assert begun is not None
    assert window.begun.text()
    room.qtbot.waitUntil(lambda: begun.timestamp() + 1.1 < time.time())
    room.type("yz")
    entry = room.incident.entries[-1]
    assert entry.data["text"] == "xyz"
    assert entry.data["begun"] == begun.isoformat()
    assert entry.at > begun


def test_a_correction_keeps_what_was_there(room: Room) -> None:
    room.open()
    room.type("two men")
    window = room.desk.incidents
    window.lines.setCurrentItem(window.lines.topLevelItem(1))
    button = window._buttons["correct"]
    room.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.line.text() == "two men"
    window.line.clear()
    room.type("three men")
    assert room.shown()[1] == ["three men", "two men"]
    top = window.lines.topLevelItem(1)
    assert top is not None
    assert top.child(0).font(2).strikeOut()
    room.type("further")  # a line of its own again
    assert room.shown()[2] == ["further"]


def test_two_versions_are_both_shown_and_a_person_decides(room: Room) -> None:
    incident = room.open()
    room.type("two men")
    first, line = room.incident.opened, room.incident.lines[0].first
    for console, text, category in (("WS1", "blue jacket", "theft"), ("WS2", "red jacket", "fire")):
        room.desk.logbook.add(
            Entry(Book.INCIDENT, incident.id, Kind.TEXT, "x", console, {"text": text}, "",
                  (line.id,)),
            Entry(Book.INCIDENT, incident.id, Kind.SET, "x", console,
                  {"field": "category", "value": category}, "", (first.id,)),
        )  # fmt: skip
    window = room.desk.incidents
    window.reload()
    room.until(lambda: len(room.incident.disputed) == 2)
    assert window.decide.isVisible()
    texts = [row[0] for row in room.shown()]
    assert any("blue jacket" in t and "two versions" in t for t in texts)
    assert any("red jacket" in t and "two versions" in t for t in texts)
    assert "⚠" in window.list.topLevelItem(0).text(0)  # type: ignore[union-attr]
    for wanted in ("theft", "red jacket"):
        # Rows that were shown before live on as children for a moment.
        shown = [window._decide_layout.itemAt(i) for i in range(window._decide_layout.count())]
        button = next(b for item in shown for b in item.widget().findChildren(QPushButton)
                      if b.text() == wanted)  # fmt: skip
        count = len(room.incident.disputed)
        room.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        room.until(lambda count=count: len(room.incident.disputed) < count)
    assert room.incident.value("category") == "theft"
    assert room.incident.lines[0].versions[0].data["text"] == "red jacket"
    assert not window.decide.isVisible()


def test_it_is_closed_with_a_result_reviewed_and_takes_nothing_more(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.open()
    window = room.desk.incidents
    answers = iter(["calmed down", "well done"])
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *_: (next(answers), True))
    room.qtbot.mouseClick(window._buttons["close"], Qt.MouseButton.LeftButton)
    room.until(lambda: room.incident.state is State.CLOSED)
    assert not window.line.isEnabled()
    assert not window._buttons["unit"].isVisible()
    room.until(lambda: not room.desk.held)  # tours may go on
    room.session.use(Settings("Zhao", "WS1", room.session.settings.people))
    room.qtbot.mouseClick(window._buttons["review"], Qt.MouseButton.LeftButton)
    room.until(lambda: room.incident.state is State.REVIEWED)
    assert room.incident.entries[-1].author == "Zhao"


def test_a_tick_of_the_task_card_is_an_entry(room: Room) -> None:
    room.open(category="fire")
    card = room.desk.incidents.card
    assert "fire-1" in card.boxes
    room.qtbot.mouseClick(card.boxes["fire-2"], Qt.MouseButton.LeftButton)
    room.until(lambda: room.incident.of(Kind.TICK))
    tick = room.incident.of(Kind.TICK)[0]
    assert (tick.data["step"], tick.data["version"]) == ("fire-2", 1)
    assert not room.desk.incidents.card.boxes["fire-2"].isEnabled()
    assert room.desk.incidents.card.boxes["fire-1"].isEnabled()


def test_the_list_finds_by_words_number_and_state(room: Room) -> None:
    room.open("a red car")
    room.open("somebody fell", "medical")
    window = room.desk.incidents
    room.until(lambda: window.list.topLevelItemCount() == 2)
    window.search.setText("red car")
    room.until(lambda: window.list.topLevelItemCount() == 1)
    assert "WS1-000001" in window.list.topLevelItem(0).text(0)  # type: ignore[union-attr]
    window.search.setText("000002")
    room.until(lambda: "WS1-000002" in window.list.topLevelItem(0).text(0))  # type: ignore[union-attr]
    window.search.clear()
    window.state.setCurrentIndex(window.state.findData("closed"))
    room.until(lambda: window.list.topLevelItemCount() == 0)


def test_the_timeline_has_a_mark_for_each_entry_and_tells_it(room: Room) -> None:
    room.open()
    room.type("first")
    window = room.desk.incidents
    window.tabs.setCurrentIndex(1)
    timeline = window.timeline
    entry = room.incident.entries[-1]
    place = timeline.place_of(entry.id)
    assert place is not None
    found = timeline.mark_at(place)
    assert found is not None
    with room.qtbot.waitSignal(timeline.chosen):
        room.qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert window.tabs.currentIndex() == 0
    assert window.lines.currentItem() is not None


def test_a_failed_write_brings_the_line_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.open()
    window = room.desk.incidents

    def full(*_: object) -> list[Entry]:
        raise OSError("disk full")

    monkeypatch.setattr(room.desk.logbook, "add", full)
    room.qtbot.keyClicks(window.line, "important")
    room.qtbot.keyClick(window.line, Qt.Key.Key_Return)
    room.until(window.error.isVisible)
    assert window.line.text() == "important"


def test_the_report_has_everything_and_the_pictures_with_their_hashes(room: Room) -> None:
    incident = room.open("two men")
    stills = room.data / "evidence" / "EVID-WS1-000001" / "stills"
    stills.mkdir(parents=True)
    room.window.grab().save(str(stills / "a.png"))
    room.desk.logbook.add(
        Entry(Book.INCIDENT, incident.id, Kind.EVIDENCE, "Li", "WS1",
              {"package": "EVID-WS1-000001", "sha256": "f" * 64})
    )  # fmt: skip
    path = room.data / "report.pdf"
    room.desk._write_incident(path, incident.id)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/Image" in data
    from app.ui import reports

    found = room.desk.logbook.incident(incident.id)
    assert found is not None
    pictures = reports.pictures_of(found, room.data / "evidence")
    text = reports.incident_html(found, pictures)
    for part in ("WS1-000001", "two men", pictures[0].sha256, found.entries[-1].chain, "f" * 64):
        assert part in text
    evil = Entry(Book.INCIDENT, incident.id, Kind.EVIDENCE, "Li", "WS1", {"package": "../../x"})
    room.desk.logbook.add(evil)
    found = room.desk.logbook.incident(incident.id)
    assert found is not None
    assert len(reports.pictures_of(found, room.data / "evidence")) == 1
