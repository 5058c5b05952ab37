"""Reporting, list, board and a ticket in real windows, with a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from app.domain.ticket import DEFAULT_RULES, Action, Priority, State
from app.store.store import Store
from app.store.tickets import Draft, Filter, Reported, Tickets, Who
from app.ui.tasks import Tasks
from app.ui.ticket_board import JoinDialog, TicketWindow
from app.ui.ticket_report import ReportDialog
from app.ui.ticket_rules import RulesDialog
from app.ui.ticket_texts import badge_text, due_text
from app.ui.ticket_view import ActionDialog, Around, TicketDialog, VerifyDialog
from app.video.types import StreamState, StreamStatus

ZHANG, LI = Who("zhang", "wall-1"), Who("li", "wall-1")


@pytest.fixture
def desk(store: Store) -> Tickets:
    return Tickets(store)


def status(state: StreamState = StreamState.LIVE, seconds: float = 60) -> StreamStatus:
    moment = datetime.now(UTC) - timedelta(seconds=seconds)
    return StreamStatus(state, moment, last_picture_at=moment)


def image() -> QImage:
    made = QImage(320, 180, QImage.Format.Format_RGB32)
    made.fill(QColor("teal"))
    return made


def report_dialog(
    qtbot: QtBot, desk: Tickets, tasks: Tasks, camera: str, now: StreamStatus | None = None,
    lost: tuple[str, ...] = (),
) -> ReportDialog:  # fmt: skip
    filled = desk.filled(camera)
    assert filled is not None
    dialog = ReportDialog(desk, tasks, filled, ZHANG, "en", now or status(), image(), lost)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_two_keys_report_a_fault_with_its_picture(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    """F opened it; a digit says what is wrong, Enter sends it."""
    camera = store.cameras(limit=1)[0].id
    dialog = report_dialog(qtbot, desk, tasks, camera)
    assert not dialog.send.isEnabled()
    with qtbot.waitSignal(dialog.sent) as sent:
        qtbot.keyClick(dialog, "3")
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert sent.args is not None
    reported: Reported = sent.args[0]
    full = desk.full(reported.line.id, ZHANG)
    assert full is not None
    assert (full.ticket.category, full.line.author) == ("V03", "zhang")
    assert [f.name for f in full.files] == ["snapshot.jpg"]
    path = full.files[0].path
    assert path is not None
    assert QImage.fromData(path.read_bytes()).width() == 320


def test_what_the_wall_saw_is_taken_at_once_and_digits_can_be_typed_as_words(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    camera = store.cameras(limit=1)[0].id
    gone = status(StreamState.UNREACHABLE, 600)
    dialog = report_dialog(qtbot, desk, tasks, camera, gone)
    assert dialog.category == "V01", "no signal: a guess that Enter accepts"
    dialog.text.setFocus()
    qtbot.keyClicks(dialog.text, "3 lamps out")
    assert dialog.category == "V01"
    with qtbot.waitSignal(dialog.sent):
        qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    (line,) = desk.lines(Filter(), ZHANG)
    full = desk.full(line.id, ZHANG)
    assert full is not None
    assert full.report.content["text"] == "3 lamps out"
    assert full.ticket.fault_at == gone.last_picture_at.replace(  # type: ignore[union-attr]
        microsecond=gone.last_picture_at.microsecond // 1000 * 1000  # type: ignore[union-attr]
    )


def test_a_second_report_is_told_to_join_and_a_site_is_offered(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    camera = store.cameras(limit=1)[0].id
    details = store.camera(camera)
    assert details is not None
    others = tuple(c for c in store.camera_ids_of_site(details.site.id) if c != camera)[:2]
    gone = status(StreamState.UNREACHABLE)
    dialog = report_dialog(qtbot, desk, tasks, camera, gone, others)
    assert dialog.site.isChecked()
    assert "2 more" in dialog.site.text()
    with qtbot.waitSignal(dialog.sent):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    again = report_dialog(qtbot, desk, tasks, others[0], gone)
    assert "joins it" in again._joins.text()
    with qtbot.waitSignal(again.sent) as sent:
        qtbot.keyClick(again, Qt.Key.Key_Return)
    assert sent.args is not None
    assert sent.args[0].joined
    assert desk.count(Filter(), ZHANG) == 1


def test_the_list_filters_finds_and_opens(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    rows = store.cameras(limit=3)
    for row, priority in zip(rows, ("P4", "P1", "P2"), strict=True):
        desk.report(Draft(row.id, "V03", priority=priority), ZHANG)
    window = TicketWindow(desk, tasks, lambda: ZHANG, lambda: "en")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.model.rowCount() == 3)
    assert [line.priority for line in window.model.lines] == ["P1", "P2", "P4"]
    assert "left" in window.model.data(window.model.index(0, 1))
    window.search.setText(rows[2].name_en)
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    window.save_filter("mine")
    window.search.clear()
    qtbot.waitUntil(lambda: window.model.rowCount() == 3)
    window._use_saved(window.saved.findData("mine"))
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    qtbot.waitUntil(lambda: "mine" in desk.filters())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.table.selectRow(0)
    window.table.setFocus()
    with qtbot.waitSignal(window.open_asked) as asked:
        qtbot.keyClick(window.table, Qt.Key.Key_Return)
    assert asked.args == [window.model.lines[0].id]


def test_overdue_is_said_by_shape_and_words(store: Store, desk: Tickets) -> None:
    line = desk.report(Draft(store.cameras(limit=1)[0].id, "V03", priority="P1"), ZHANG).line
    now = datetime.now(UTC)
    assert due_text(line, now) == "15 min left  ⇧", "of a P1 somebody above knows at once"
    late = now + timedelta(minutes=45)
    assert due_text(line, late) == "▲ OVERDUE by 30 min  ⇧"
    assert badge_text(line, now)[0] == "◢#1"
    assert badge_text(line, late)[1].startswith("▲#1 new ")


def test_the_board_has_columns(qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks) -> None:
    rows = store.cameras(limit=3)
    lines = [desk.report(Draft(row.id, "V03"), ZHANG).line for row in rows]
    desk.act(lines[0].id, Action.DISPATCH, ZHANG, {"team": "Night team"})
    window = TicketWindow(desk, tasks, lambda: ZHANG, lambda: "en")
    qtbot.addWidget(window)
    window.show()

    def cards(key: str) -> int:
        found = window.board.findChild(QListWidget, f"cards {key}")
        return found.count() if isinstance(found, QListWidget) else -1

    window.view.setCurrentIndex(window.view.findData("state"))
    qtbot.waitUntil(lambda: (cards("new"), cards("dispatched"), cards("repaired")) == (2, 1, 0))
    window.view.setCurrentIndex(window.view.findData("team"))
    qtbot.waitUntil(lambda: cards("Night team") == 1)
    window.view.setCurrentIndex(window.view.findData("due"))
    qtbot.waitUntil(lambda: cards("late") == 0)


def test_a_ticket_shows_who_may_do_what_and_is_verified_by_eyes(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks, tmp_path: Path
) -> None:
    camera = store.cameras(limit=1)[0].id
    ticket = desk.report(Draft(camera, "V03"), ZHANG).line.id
    desk.act(ticket, Action.DISPATCH, ZHANG)
    desk.act(ticket, Action.ACCEPT, LI)
    who, seen = [LI], [status(StreamState.STALLED)]
    dialog = TicketDialog(desk, tasks, ticket, lambda: who[0], "en", store.organisations(),
                          lambda _: (seen[0], image()))  # fmt: skip
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.full is not None)
    dialog.ask(Action.REPAIR)
    asking = dialog.findChild(ActionDialog)
    assert isinstance(asking, ActionDialog)
    asking._accept()
    assert asking.told.isVisible(), "what was done is missing"
    asking.field("work").setPlainText("new power supply")
    asking._accept()
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.REPAIRED)
    verify = dialog.buttons[Action.VERIFY]
    qtbot.waitUntil(lambda: not verify.isEnabled())
    assert "you worked on it" in verify.text()
    who[0] = ZHANG
    dialog.reload()
    qtbot.waitUntil(verify.isEnabled)
    dialog.ask(Action.VERIFY)
    eyes = dialog.findChild(VerifyDialog)
    assert isinstance(eyes, VerifyDialog)
    eyes.same.setChecked(True)
    assert not eyes.ok.isEnabled(), "the wall does not see it"
    seen[0] = status(seconds=4)
    eyes.look()
    assert not eyes.ok.isEnabled(), "not long enough"
    seen[0] = status(seconds=11)
    eyes.look()
    eyes.same.setChecked(False)
    assert not eyes.ok.isEnabled(), "nobody compared it"
    eyes.same.setChecked(True)
    with qtbot.waitSignal(dialog.shown):
        dialog.reload()  # somebody wrote something
    assert eyes.same.isChecked(), "what was compared stays compared"
    qtbot.waitUntil(eyes.ok.isEnabled)
    qtbot.mouseClick(eyes.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.VERIFIED)
    assert desk.reference(camera) is not None
    dialog.ask(Action.CLOSE)
    closing = next(d for d in dialog.findChildren(ActionDialog) if d.isVisible())
    score = closing.field("score")
    score.setCurrentIndex(score.findData(4))
    closing._accept()
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.CLOSED)
    assert dialog.full is not None
    assert dialog.full.ticket.score == 4
    dialog.write_pdf(tmp_path / "fault.pdf")
    assert (tmp_path / "fault.pdf").read_bytes().startswith(b"%PDF")
    assert "new power supply" in dialog.story.toPlainText()


def repaired(desk: Tickets, camera: str, lost: tuple[str, ...] = (), by: Who = LI) -> str:
    ticket = desk.report(Draft(camera, "N03", lost=lost), ZHANG).line.id
    desk.act(ticket, Action.DISPATCH, ZHANG)
    desk.act(ticket, Action.ACCEPT, by)
    desk.act(ticket, Action.REPAIR, by, {"cause": "N03", "work": "switch", "serial": "SN-77"})
    return ticket


def test_a_site_is_verified_camera_by_camera(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    camera = store.cameras(limit=1)[0].id
    details = store.camera(camera)
    assert details is not None
    beside = [c for c in store.camera_ids_of_site(details.site.id) if c != camera][:2]
    ticket = repaired(desk, camera, tuple(beside))
    seen: dict[str, StreamStatus] = {}
    dialog = TicketDialog(
        desk, tasks, ticket, lambda: ZHANG, "en", store.organisations(),
        lambda c: (seen.get(c, status(StreamState.UNREACHABLE)), image()),
    )  # fmt: skip
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.full is not None)
    assert "to be accepted" in dialog.about.text(), "the device was replaced"
    dialog.ask(Action.VERIFY)
    eyes = dialog.findChild(VerifyDialog)
    assert isinstance(eyes, VerifyDialog)
    assert eyes.list.count() == 3
    for one in (camera, beside[0]):
        qtbot.waitUntil(lambda one=one: eyes.camera == one)  # type: ignore[misc]
        seen[one] = status(seconds=30)
        eyes.look()
        eyes.same.setChecked(True)
        qtbot.waitUntil(eyes.ok.isEnabled)
        assert "next" in eyes.ok.text()
        qtbot.mouseClick(eyes.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: eyes.camera == beside[1])
    assert desk.reference(beside[0]) is not None
    eyes.same.setChecked(True)
    assert not eyes.ok.isEnabled(), "its picture is not back"
    qtbot.mouseClick(eyes.rest, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: eyes.list.count() == 2)
    assert desk.open_of([beside[1]])[beside[1]].id != ticket
    eyes.same.setChecked(True)
    qtbot.waitUntil(eyes.ok.isEnabled)
    qtbot.mouseClick(eyes.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.VERIFIED)


def test_who_repaired_alone_at_a_desk_calls_a_second_person(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    """With a PIN, without a network: the event is the second person's."""
    ticket = repaired(desk, store.cameras(limit=1)[0].id, by=ZHANG)
    asked: list[str] = []

    def second(why: str, window: object, then: Callable[[str], None]) -> None:
        asked.append(why)
        then("li")

    dialog = TicketDialog(
        desk, tasks, ticket, lambda: ZHANG, "en", store.organisations(),
        lambda _: (status(seconds=30), image()), around=Around(second=second),
    )  # fmt: skip
    qtbot.addWidget(dialog)
    dialog.show()
    verify = dialog.buttons[Action.VERIFY]
    qtbot.waitUntil(lambda: "PIN" in verify.text())
    qtbot.mouseClick(verify, Qt.MouseButton.LeftButton)
    assert asked
    eyes = dialog.findChild(VerifyDialog)
    assert isinstance(eyes, VerifyDialog)
    eyes.same.setChecked(True)
    qtbot.waitUntil(eyes.ok.isEnabled)
    qtbot.mouseClick(eyes.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.VERIFIED)
    assert dialog.full is not None
    event = dialog.full.events[-1]
    assert (event.person, event.author, event.content["at_desk_of"]) == ("local:li", "li", "zhang")


def test_two_in_the_list_become_one_and_part_again(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    rows = store.cameras(limit=2)
    lines = [desk.report(Draft(row.id, "V05"), ZHANG).line for row in rows]
    window = TicketWindow(desk, tasks, lambda: ZHANG, lambda: "en")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)
    assert not window.join.isEnabled()
    window.table.selectAll()
    assert window.join.isEnabled()
    qtbot.mouseClick(window.join, Qt.MouseButton.LeftButton)
    asking = window.findChild(JoinDialog)
    assert isinstance(asking, JoinDialog)
    assert asking.lead() == lines[0].id, "the older one"
    asking.accept()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    assert window.model.lines[0].cameras == 2
    dialog = TicketDialog(desk, tasks, lines[1].id, lambda: ZHANG, "en", [],
                          lambda _: (status(), image()))  # fmt: skip
    qtbot.addWidget(dialog)
    dialog.show()
    apart = dialog.buttons[Action.UNMERGE]
    qtbot.waitUntil(apart.isVisible)
    qtbot.mouseClick(apart, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.full is not None and dialog.full.ticket.state is State.NEW)
    window.reload()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)


def test_an_empty_list_says_what_to_do_and_a_narrow_one_shows_what_matters(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    window = TicketWindow(desk, tasks, lambda: ZHANG, lambda: "en")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "press F" in window.empty.text())
    assert window.empty.isVisible()
    desk.report(Draft(store.cameras(limit=1)[0].id, "V05"), ZHANG)
    window.reload()
    qtbot.waitUntil(window.table.isVisible)
    for width in (1360, 900, 660):
        window.resize(width, 500)
        qtbot.waitUntil(lambda: window.table.horizontalScrollBar().maximum() == 0)
    assert window.table.isColumnHidden(8)
    assert not any(window.table.isColumnHidden(c) for c in (0, 1, 2, 3, 5))


def test_limits_are_set_on_a_screen(
    qtbot: QtBot, store: Store, desk: Tickets, tasks: Tasks
) -> None:
    organisation = store.organisations()[0]
    who = [Who("wu", "wall-1", supervisor=False)]
    dialog = RulesDialog(desk, tasks, lambda: who[0], "en", store.organisations())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.save.isEnabled())
    who[0] = ZHANG
    dialog.reload()
    qtbot.waitUntil(dialog.save.isEnabled)
    dialog.spans[Priority.P1][0].number.setValue(300)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert "P1" in dialog.told.text(), "longer to accept than to be there"
    dialog.spans[Priority.P1][0].number.setValue(10)
    dialog.holidays.setPlainText("2026-10-01..2026-10-03\nsoon")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert "soon" in dialog.told.text()
    dialog.holidays.setPlainText("2026-10-01..2026-10-03")
    dialog.note.setText("new contract")
    with qtbot.waitSignal(dialog.saved):
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    rules = desk.rules_of(organisation.id)
    assert rules.limits[Priority.P1].accept_s == 600
    assert rules.limits[Priority.P4] == replace(
        DEFAULT_RULES.limits[Priority.P4], calendar=rules.limits[Priority.P4].calendar
    )
    assert len(rules.limits[Priority.P4].calendar.holidays) == 3
    qtbot.waitUntil(lambda: dialog.past.rowCount() == 1)
    item = dialog.past.item(0, 3)
    assert item is not None
    assert item.text() == "new contract"
