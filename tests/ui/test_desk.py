"""Practice, qualifications, on-site inspections, task cards. Real windows and database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from app.domain.inspection import Verdict
from app.domain.people import Record, RecordKind, Standing, current, run_out, standing, warnings
from app.domain.person import Person
from app.store import files
from app.store.people import Guide, Guides
from app.ui import log_texts, reports
from app.ui.people import RecordDialog
from app.ui.session import Settings
from tests.ui.test_incidents import Room

TABLES = ("log", "log_subject", "retrieval", "outbox", "attachment", "ticket", "person_record")


@pytest.fixture
def room(qtbot: QtBot, data: Path) -> Iterator[Room]:
    made = Room(qtbot, data)
    yield made
    made.close()
    log_texts.use_guides({})


def _counts(room: Room) -> dict[str, int]:
    with room.store.looking() as connection:
        return {
            t: int(connection.scalar(sa.text(f"SELECT count(*) FROM {t}")) or 0) for t in TABLES
        }


def test_practice_reaches_neither_registers_nor_server(room: Room) -> None:
    room.store.recording = True  # as on a console that has met a server: every write would be sent
    before = _counts(room)
    room.desk.show_practice()
    window = room.desk.practice
    assert "PRACTICE" in window.windowTitle()
    assert "PRACTICE" in window.band.text()
    assert window.band.isVisible()
    assert window.band.width() == window.width()
    window.start()
    room.until(lambda: window.incident is not None)
    folder = window.folder
    assert folder is not None
    assert folder.exists()
    assert room.data not in folder.parents
    room.until(lambda: window.view.has_picture)
    steps = list(window.card.boxes)
    assert len(steps) > 2
    # As fast as hands can be: all of it counts, written or not.
    for step in steps[:2]:
        window.card.boxes[step].click()
    room.qtbot.keyClicks(window.line, "two men run east")
    room.qtbot.keyClick(window.line, Qt.Key.Key_Return)
    window.finish()
    assert window.band.isVisible()
    room.until(lambda: window.result is not None)
    result = window.result
    assert result is not None
    assert (len(result.done), len(result.left), result.lines) == (2, len(steps) - 2, 1)
    assert f"2 of {len(steps)}" in window.verdict.text()
    assert not room.desk.held  # no tour waits because of it
    assert _counts(room) == before
    window.enter.click()
    room.until(lambda: room.desk.records.records())
    (kept,) = room.desk.records.records()
    assert (kept.person, kept.kind) == ("Li", RecordKind.PRACTICE)
    assert kept.result.startswith(f"2/{len(steps)}")
    after = _counts(room)
    changed = {t for t in TABLES if after[t] != before[t]}
    assert changed == {"person_record", "outbox"}
    assert not window.enter.isEnabled()  # not twice
    window.close()
    assert not folder.exists()


def test_what_runs_out_is_told_in_time() -> None:
    today = date(2026, 6, 1)

    def record(days: int, title: str = "licence") -> Record:
        until = today + timedelta(days=days)
        return Record("Li", RecordKind.QUALIFICATION, title, valid_until=until, id=str(days))

    assert [standing(record(d), today) for d in (-1, 0, 30, 31, 60, 61)] == [
        Standing.OUT, Standing.URGENT, Standing.URGENT, Standing.SOON, Standing.SOON,
        Standing.VALID,
    ]  # fmt: skip
    # A licence that was renewed warns no more; another one that was not does.
    assert not run_out(current([record(-5), record(300)]), today)
    assert run_out([record(-5, "first aid"), record(300)], today) == {"Li"}
    found = warnings([record(20), record(-3, "first aid"), record(200, "x")], today)
    assert [(r.title, s) for r, s in found] == [
        ("first aid", Standing.OUT), ("licence", Standing.URGENT),
    ]  # fmt: skip
    assert record(-5).problem() == ""
    assert Record("", RecordKind.TRAINING, "x").problem() == "person"


def test_the_days_of_warning_are_a_version_of_the_organisations(room: Room) -> None:
    room.session.use(Settings("Zhao", "WS1", room.session.settings.people))
    room.store.set_setting("qualification_warning", [90, 45])  # of a version before
    soon = date.today() + timedelta(days=80)
    room.desk.records.save(Record("Li", RecordKind.QUALIFICATION, "licence", valid_until=soon))
    room.desk.show_people()
    window = room.desk.people
    room.until(lambda: window.first.value() == 90)
    assert "whole organisation" in window.first.toolTip()
    room.until(lambda: window.list.topLevelItemCount() == 1)
    assert window.list.topLevelItem(0).text(5) == "◢ 80 d left"
    window.first.setValue(70)
    window.first.editingFinished.emit()
    room.until(lambda: "Version 1" in window.first.toolTip())
    assert "Zhao" in window.first.toolTip()
    room.until(lambda: window.list.topLevelItem(0).text(5) == "80 d left")
    # What another console of the organisation enters is in force here at once.
    Guides(room.store).add("warning", [100, 10], "Qian")
    room.until(lambda: (window.first.value(), window.second.value()) == (100, 10))
    assert "Qian" in window.second.toolTip()
    told: list[str] = []
    room.desk.qualification_due.connect(told.append)
    room.desk._people_looked = None
    room.desk._look_at_people()
    room.until(lambda: told)
    assert [g.content for g in Guides(room.store).versions("warning")] == [[100, 10], [70, 45]]


def test_qualifications_are_kept_changed_removed_and_brought_back(room: Room) -> None:
    room.session.use(Settings("Zhao", "WS1", room.session.settings.people))
    room.desk.show_people()
    window = room.desk.people
    room.until(lambda: window.pages.currentIndex() == 1)
    assert "New qualification" in window.empty.text()
    window.add_qualification.click()
    dialog = window.findChildren(RecordDialog)[-1]
    dialog._save()
    assert dialog.isVisible()
    assert dialog.error.text()
    dialog.person.setCurrentText("Li")
    dialog.title.setText("CCTV licence")
    dialog.until.has.setChecked(True)
    dialog.until.edit.setDate(dialog.until.edit.date().addDays(-2))
    dialog.issued.edit.setDate(dialog.issued.edit.date().addDays(-900))
    dialog._save()
    room.until(lambda: window.list.topLevelItemCount() == 1)
    item = window.list.topLevelItem(0)
    assert item is not None
    assert "ran out" in item.text(5)
    # On the roster, whoever has a licence that ran out is marked.
    room.desk.show_shift()
    shifts = room.desk.shifts
    shifts.roster_people.setText("Li, Wang")
    shifts.roster_name.setCurrentText("Night")
    shifts.roster_add.click()
    room.until(lambda: shifts.roster.topLevelItemCount() == 1)
    room.until(lambda: "▲ Li" in shifts.roster.topLevelItem(0).text(4))
    assert "▲ Wang" not in shifts.roster.topLevelItem(0).text(4)
    told: list[str] = []
    room.desk.qualification_due.connect(told.append)
    room.desk._people_looked = None
    room.desk._look_at_people()
    room.until(lambda: told)
    assert "CCTV licence" in told[0]
    window.list.setCurrentItem(window.list.topLevelItem(0))
    window.remove.click()
    room.until(lambda: window.list.topLevelItemCount() == 0)
    # The list hears of it from the store; the offer comes when the writing thread has ended.
    room.until(lambda: window.notice.isVisible() and "removed" in window.notice.text)
    window.notice.button.click()
    room.until(lambda: window.list.topLevelItemCount() == 1)
    # Others see their own records only.
    room.desk.records.save(Record("Zhao", RecordKind.TRAINING, "fire drill"))
    for me, count in (("Zhao", 2), ("Li", 1), ("Wang", 0)):
        room.session.use(Settings(me, "WS1", room.session.settings.people))
        window.reload()
        room.until(lambda n=count: len(window.records) == n)
    assert not window.add_training.isEnabled()


def test_a_site_is_looked_at_with_photos_and_a_fault_becomes_a_ticket(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = room.desk
    desk.show_inspections()
    window = desk.inspections
    room.until(lambda: window.list.topLevelItemCount() > 0)
    site = room.rows[0].site_id
    for i in range(window.list.topLevelItemCount()):
        item = window.list.topLevelItem(i)
        assert item is not None
        if item.data(0, Qt.ItemDataRole.UserRole) == site:
            assert "never" in item.text(4)
            window.list.setCurrentItem(item)
    window.start()
    room.until(lambda: window.made is not None)
    assert window.made is not None
    cameras, items = window.made.cameras, window.made.items
    found: list[tuple[str, str, str]] = []
    desk.fault_found.connect(lambda *a: found.append(a))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("cobwebs", True))
    assert not window.sign.isEnabled()
    window.buttons["lens", Verdict.FAULT].click()
    room.until(lambda: found)
    camera, words, category = found[0]
    assert (camera, category) == (cameras[0][0], "V05")
    assert "cobwebs" in words
    picture = QImage(3000, 2000, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    picture.setText("Comment", "secret place")
    picture.save(str(tmp_path / "pole.png"))
    window.add_photo(tmp_path / "pole.png")
    room.until(lambda: window.made is not None and window.made.photos)
    assert window.made is not None
    photo = window.made.photos[0]
    kept = files.read(room.store, photo.data["sha256"])
    assert kept is not None
    assert QImage.fromData(kept).width() == 1920
    assert b"secret place" not in kept
    # It goes on where it was left.
    left = len(window.made.missing)
    window.leave.click()
    room.until(lambda: window.pages.currentIndex() == 0 and site in window._open)
    window.start()
    room.until(lambda: window.made is not None)
    assert window.made is not None
    assert len(window.made.missing) == left
    for row in range(len(cameras)):
        window.cameras.setCurrentRow(row)
        window.all_good.click()
        room.until(lambda r=row: window.made is not None and not window.made.left(cameras[r][0]))
    assert window.sign.isEnabled()
    window.sign.click()
    room.until(lambda: window.made is not None and window.made.signed)
    made = window.made
    assert made is not None
    assert len(made.faults()) == 1
    assert made.count(Verdict.OK) == len(cameras) * len(items) - 1
    window.save_paper(tmp_path / "form.pdf")
    room.until((tmp_path / "form.pdf").exists)
    text = reports.inspection_html(made, {photo.data["sha256"]: 0})
    for part in ("cobwebs", "picture:0", photo.data["sha256"], made.signed.chain):  # type: ignore[union-attr]
        assert part in text
    last, begun = desk.logbook.inspected()
    assert site in last
    assert site not in begun
    assert window.due(site) <= date.today() + timedelta(days=31)
    window.leave.click()
    desk.show_registers()
    desk.registers.which.setCurrentIndex(desk.registers.which.findData("inspection"))
    room.until(lambda: desk.registers.rows and "cobwebs" in desk.registers.rows[0][8])


def test_what_is_typed_while_a_list_is_read_again_stays(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.session.use(Settings("Zhao", "WS1", room.session.settings.people))
    room.desk.show_guides()
    window, go_on, asked = room.desk.guides, threading.Event(), list[str]()
    room.until(lambda: window.table.rowCount() > 0 and not room.tasks._pending)
    read = window._guides.versions

    def slow(key: str) -> list[Guide]:
        found = read(key)
        asked.append(key)
        go_on.wait(60)
        return found

    monkeypatch.setattr(window._guides, "versions", slow)
    window.refresh()  # somebody wrote a list
    room.until(lambda: asked)
    cell = window.table.item(0, 1)
    assert cell is not None
    cell.setText("mine")
    go_on.set()
    room.until(lambda: not room.tasks._pending)
    assert window.content["items"][0]["en"] == "mine"
    assert window.save.isEnabled()
    window.undo.click()
    room.until(lambda: not window.dirty)


def test_a_card_that_was_rewritten_counts_from_the_next_incident_on(room: Room) -> None:
    room.session.use(Settings("Zhao", "WS1", room.session.settings.people))
    desk = room.desk
    desk.show_guides()
    window = desk.guides
    window.lists.setCurrentRow(1)  # fight
    room.until(lambda: window.key == "card:fight" and window.table.rowCount() > 0)
    steps = window.table.rowCount()
    assert not window.save.isEnabled()
    window.table.setCurrentCell(0, 0)
    window.add.click()
    cell = window.table.item(1, 1)
    assert cell is not None
    cell.setText("Call the dog unit")
    assert window.save.isEnabled()
    window.save.click()
    room.until(lambda: window._versions and not window.dirty)
    card = log_texts.card_of("fight", "en")
    room.until(lambda: len(log_texts.card_of("fight", "en").steps) == steps + 1)  # type: ignore[union-attr]
    card = log_texts.card_of("fight", "en")
    assert card is not None
    assert card.version == 2
    assert card.steps[1][1] == "Call the dog unit"
    assert log_texts.card_of("fight", "zh_CN").steps[1][1] == "Call the dog unit"  # type: ignore[union-attr]
    room.open("two men", "fight")
    assert "Call the dog unit" in " ".join(b.accessibleName() for b in
                                           desk.incidents.card.boxes.values())  # fmt: skip
    # The delivered one can be had again, as a new version; nothing is lost.
    window.versions.setCurrentIndex(window.versions.count() - 1)
    window._show_version(window.versions.count() - 1)
    assert window.table.rowCount() == steps
    window.save.click()
    room.until(lambda: (c := log_texts.card_of("fight", "en")) and c.version == 3)
    assert [g.version for g in Guides(room.store).versions("card:fight")] == [3, 2]
    # An operator reads them only.
    room.session.use(Settings("Li", "WS1", (*room.session.settings.people, Person("Wu"))))
    window.reload()
    room.until(lambda: not window.add.isEnabled())
