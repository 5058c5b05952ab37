"""What joins the faults to the rest of the window: reporting, lists, marks on tiles, maintenance.

Its windows are imported when they are opened: a start must not load them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QDateTime, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area, Organisation
from app.domain.shift import Fact, Item
from app.domain.ticket import DEFAULT_RULES, NO_PICTURE
from app.store.logbook import Subject
from app.store.store import Changes, Store
from app.store.ticket_links import Links
from app.store.tickets import (
    Care,
    Draft,
    File,
    Filled,
    Filter,
    Line,
    Maintenance,
    Reported,
    Tickets,
    Who,
)
from app.ui import theme
from app.ui.desk import Desk
from app.ui.session import SecondPersonDialog, Session
from app.ui.tasks import Task, Tasks
from app.ui.thumbnails import covered, image_of
from app.ui.ticket_texts import (
    back_text,
    badge_text,
    category_label,
    category_text,
    number_text,
    problem_text,
    short_when,
    state_text,
    when_text,
)
from app.video.types import Picture, StreamState, StreamStatus

if TYPE_CHECKING:
    from app.ui.registers import Asked, Register
    from app.ui.ticket_board import TicketWindow
    from app.ui.ticket_view import Around, TicketDialog

BIG = QSize(1280, 960)
"""Pictures that go with a ticket are at most so large."""
REFRESH_MS = 30_000
WATCH_MS = 2000
GONE_S = 30
"""A picture that went again counts as gone after so long: cameras restart."""
GONE = frozenset({StreamState.UNREACHABLE, StreamState.STALLED})

SEEN = {
    StreamState.STALLED: "V03", StreamState.UNREACHABLE: "V01", StreamState.UNAUTHORIZED: "V01",
    StreamState.UNSUPPORTED: "V01", StreamState.NO_SIGNAL: "V01",
}  # fmt: skip
"""What a round found, as far as the stream tells; who sorts the ticket may choose another. Else V04."""

KINDS = frozenset({"ticket", "ticket_event", "maintenance", "ticket_rules"})


class Eyes(Protocol):
    """What is asked of the video engine."""

    def picture(self, camera_id: str) -> Picture | None: ...


class TicketDesk(QObject):
    """Opens the windows of faults and knows which cameras have one.

    `marks_changed`: tiles and lists look different; `told` (kind, text, ticket id) is for the
    notice; `history_changed`: of the camera in the details.
    """

    marks_changed = Signal()
    told = Signal(str, str, str)
    show_camera = Signal(str)
    accept_asked = Signal(str)
    """A device was replaced: its camera is to be accepted."""
    change_person_asked = Signal()

    def __init__(
        self, store: Store, tasks: Tasks, session: Session, eyes: Eyes,
        status_of: Callable[[str], StreamStatus | None], areas: Callable[[str], tuple[Area, ...]],
        language: Callable[[], str], window: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self.tickets = Tickets(store)
        self._store, self._tasks, self._session, self._eyes = store, tasks, session, eyes
        self._status_of, self._areas, self._language = status_of, areas, language
        self._window = window
        self.lines: dict[str, Line] = {}
        self.maintained: dict[str, Maintenance] = {}
        self.back: frozenset[str] = frozenset()
        """Cameras of open faults whose picture is back, as far as is noted."""
        self.to_tell = 0
        self.statuses: Callable[[], Mapping[str, StreamStatus]] = dict
        """The cameras on the walls. Set by who has them."""
        self.links: Links | None = None
        self._desk: Desk | None = None
        self._gone_seen: set[tuple[str, str]] = set()
        self._noted: set[tuple[str, str, bool]] = set()
        self._reading: Task | None = None
        self.counter = QPushButton(window)
        self.counter.setFlat(True)
        self.counter.setStyleSheet(
            f"QPushButton {{ color: {theme.AMBER.name()}; border: none; padding: 0 8px; }}"
        )
        self.counter.clicked.connect(lambda: self.show_board(Filter("escalated")))
        self.counter.hide()
        self.board: TicketWindow | None = None
        self._dialogs: dict[str, TicketDialog] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(150)
        self._soon.timeout.connect(self.refresh)
        # Limits pass and maintenance ends without anybody writing anything.
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._in_time)
        self._tick.start(REFRESH_MS)
        self._eye = QTimer(self)
        self._eye.timeout.connect(self.watch)
        self._eye.start(WATCH_MS)
        self._soon.start()
        session.changed.connect(self._soon.start)  # somebody else may do other things

    def who(self) -> Who:
        """The person at this console."""
        settings = self._session.settings
        here = next((p for p in settings.people if p.name == settings.operator), None)
        supervisor = here.supervisor if here else not settings.people
        return Who(settings.operator or "?", settings.console or "?", supervisor)

    # -- marks

    def stored(self, changes: Changes) -> None:
        """Stored data changed."""
        if changes.kinds.keys() & KINDS:
            self._soon.start()

    def _in_time(self) -> None:
        """Limits pass and maintenance ends without anybody writing anything: of the faults only
        how many take too long is read."""

        def show(answer: tuple[dict[str, Maintenance], int]) -> None:
            self.maintained, self.to_tell = answer
            self._show_counter()
            self.marks_changed.emit()
            if self.board is not None and self.board.isVisible():
                self.board.reload()

        tickets = self.tickets
        self._tasks.run(
            self, lambda _: (tickets.maintained(), tickets.to_tell()), show, lambda error: None
        )

    def refresh(self) -> None:
        """Read which cameras have an open fault, and which are in maintenance."""

        def read(_: Any) -> tuple[Any, ...]:
            tickets = self.tickets
            return (tickets.open_lines(), tickets.maintained(), tickets.back_cameras(),
                    tickets.to_tell())  # fmt: skip

        def show(answer: tuple[Any, ...]) -> None:
            self.lines, self.maintained, self.back, self.to_tell = answer
            open_now = {(line.id, camera) for camera, line in self.lines.items()}
            self._gone_seen &= open_now
            self._noted = {n for n in self._noted if (n[0], n[1]) in open_now}
            self._show_counter()
            self.marks_changed.emit()
            if self.board is not None and self.board.isVisible():
                self.board.reload()
            for dialog in self._dialogs.values():
                dialog.reload()

        if self._reading is not None:
            self._reading.cancel()  # of before the newest change
        self._reading = self._tasks.run(self, read, show, lambda error: None)

    def badge(self, camera: str) -> tuple[str, str]:
        """What a tile and a list say of a camera: short, and where there is room; "" for nothing."""
        now, parts = datetime.now(UTC), []
        if (kept := self.maintained.get(camera)) is not None and kept.active(now):
            until = self.tr("⚒ maintenance until {time}").format(time=short_when(kept.until, now))
            parts.append(("⚒", until))
        if (line := self.lines.get(camera)) is not None:
            parts.append(badge_text(line, now))
        return " ".join(p[0] for p in parts), "  ".join(p[1] for p in parts)

    def _show_counter(self) -> None:
        """In the status bar: faults that take too long, and nobody above knows."""
        count = self.to_tell
        self.counter.setText(self.tr("⇧ %n fault(s) escalated", "", count))
        self.counter.setToolTip(
            self.tr("Somebody above should know: open the list, then “I know of it” or “Escalate”")
        )
        self.counter.setVisible(count > 0)

    # -- pictures that return

    def watch(self) -> None:
        """Note once, in its ticket, that a camera's picture is back, or went again."""
        now = datetime.now(UTC)
        for camera, status in self.statuses().items():
            line = self.lines.get(camera)
            if line is None or line.category not in NO_PICTURE:
                continue
            since = (now - status.since).total_seconds()
            if status.state in (*GONE, StreamState.NO_SIGNAL):
                self._gone_seen.add((line.id, camera))
                if camera in self.back and since >= GONE_S:
                    self._note(line, camera, live=False)
                continue
            seen = status.state is StreamState.LIVE and since >= DEFAULT_RULES.live_s
            if seen and camera not in self.back:
                self._note(line, camera, live=True)

    def _note(self, line: Line, camera: str, *, live: bool) -> None:
        if (line.id, camera, live) in self._noted:
            return
        self._noted.add((line.id, camera, live))
        self._noted.discard((line.id, camera, not live))
        seen, who = (line.id, camera) in self._gone_seen, self.who()

        def done(noted: bool) -> None:
            if noted and live:
                text = self.tr("The picture of fault {number} is back: {camera}").format(
                    number=number_text(line), camera=line.name(self._language())
                )
                self.told.emit("", text, line.id)

        self._tasks.run(
            self,
            lambda _: self.tickets.signal(line.id, camera, live=live, who=who, seen_gone=seen),
            done, lambda _: None,
        )  # fmt: skip

    # -- incidents, handovers, registers

    def join_desk(self, desk: Desk) -> None:
        """Be the faults of the supervisor's desk: its handovers, registers and incidents."""
        self._desk = desk
        self.links = Links(self.tickets, desk.logbook)
        desk.faults_owed = self._owed
        desk.more_registers.append(self._registers)
        desk.ticket_asked.connect(self.open)

    def _owed(self) -> list[Item]:
        """Open faults for a handover. Blocking."""
        assert self.links is not None
        lines, count = self.links.owed(self.who())
        language = self._language()
        items = []
        # Moments, not spans: what changes with the clock would have to be read again.
        for line in lines:
            title = f"{line.console}-{line.number}  {line.name(language)}: "
            detail = (
                self.tr("{state} since {time}").format(
                    state=state_text(line.state), time=when_text(line.state_since)[:16]
                ),
                self.tr("due {time}").format(time=when_text(line.due)[:16]) if line.due else "",
                back_text(line),
            )
            items.append(Item(Fact.FAULT, line.id, title + category_text(line.category),
                              ", ".join(d for d in detail if d), line.reported_at))  # fmt: skip
        if count > len(lines):
            more = self.tr("and %n more: see the list of faults", "", count - len(lines))
            items.append(Item(Fact.FAULT, "more", more))
        return items

    def _registers(self) -> list[Register]:
        from app.ui.registers import Register

        links = self.links
        assert links is not None
        language = self._language

        def head() -> list[str]:
            return [self.tr("No."), self.tr("Reported"), self.tr("Reported by"), self.tr("Camera"),
                    self.tr("Fault"), self.tr("Priority"), self.tr("State"), self.tr("Since"),
                    self.tr("Restore until"), self.tr("Closed"), self.tr("Team")]  # fmt: skip

        def rows(asked: Asked) -> list[list[str]]:
            found = links.register(asked.since, asked.until, asked.camera_id, asked.person,
                                   asked.words)  # fmt: skip
            return [
                [f"{line.console}-{line.number:06d}", when_text(line.reported_at), line.author,
                 line.name(language()), category_label(line.category), str(line.priority),
                 state_text(line.state), when_text(line.state_since), when_text(line.due_restore),
                 when_text(line.closed_at), line.team]
                for line in found
            ]  # fmt: skip

        return [Register("fault", lambda: self.tr("Faults"), head, rows,
                         lambda: links.check(self.who().console))]  # fmt: skip

    def _ask_incident(self, line: Line, window: QWidget) -> None:
        """Which open incident a fault belongs to."""
        links = self.links
        if links is None:
            return

        def choose(found: list[Subject]) -> None:
            if not found:
                QMessageBox.information(
                    window, self.tr("Incident"),
                    self.tr("No incident is open. I opens one for the selected tile."),
                )  # fmt: skip
                return
            names = {f"{s.number}   {s.title}   {when_text(s.begun_at)[:16]}": s for s in found}
            name, good = QInputDialog.getItem(
                window, self.tr("Incident"), self.tr("The fault belongs to:"), list(names), 0, False
            )
            if good:
                self.link(names[name].id, line)

        self._tasks.run(self, lambda _: links.open_incidents(), choose, self._failed)

    def link(self, incident_id: str, line: Line) -> None:
        """Enter a fault in an incident."""
        links, who = self.links, self.who()
        if links is None:
            return

        def done(_: Any) -> None:
            if (dialog := self._dialogs.get(line.id)) is not None:
                dialog.reload()

        self._tasks.run(self, lambda _: links.link(incident_id, line, who), done, self._failed)

    def _open_incident(self, incident_id: str) -> None:
        if self._desk is not None:
            self._desk.show_incidents()
            self._desk.incidents.open(incident_id)

    def _second(self, why: str, window: QWidget, then: Callable[[str], None]) -> None:
        """Another supervisor confirms with a PIN."""
        settings = self._session.settings
        dialog = SecondPersonDialog(why, settings.people, settings.operator, self._tasks, window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: then(dialog.name))
        dialog.open()

    def _around(self) -> Around:
        from app.ui.ticket_view import Around

        links, store, language = self.links, self._store, self._language

        def names(ids: Sequence[str]) -> dict[str, str]:
            return {row.id: row.title(language()) for row in store.rows(list(ids))}

        if links is None:
            return Around(names=names, second=self._second, show_camera=self.show_camera.emit,
                          accept_device=self.accept_asked.emit, open_ticket=self.open,
                          change_person=self.change_person_asked.emit)  # fmt: skip
        return Around(
            links.incidents_of, self._ask_incident, self._open_incident, self.open,
            self.show_camera.emit, self.accept_asked.emit, self._second, names,
            self.change_person_asked.emit,
        )  # fmt: skip

    # -- pictures

    def look(self, camera: str) -> tuple[StreamStatus, QImage | None]:
        """What the wall knows of a camera, with private areas covered."""
        status = self._status_of(camera) or StreamStatus(StreamState.IDLE, datetime.now(UTC))
        picture = self._eyes.picture(camera) if status.state is not StreamState.IDLE else None
        if picture is None:
            return status, None
        return status, covered(image_of(picture, BIG), self._areas(camera))

    # -- reporting

    def found(self, camera: str, words: str, category: str = "") -> None:
        """Somebody on a round found a fault: a ticket at once, or a note in the one that is open."""
        status, who = self._status_of(camera), self.who()
        state = status.state if status is not None else StreamState.IDLE
        draft = Draft(camera, category or SEEN.get(state, "V04"), words, state=str(state),
                      fault_at=datetime.now(UTC), source="patrol")  # fmt: skip
        self._tasks.run(self, lambda _: self.tickets.report(draft, who), self._sent, self._failed)

    def report(
        self, camera: str, category: str = "", words: str = "", files: tuple[File, ...] = ()
    ) -> None:
        """Ask what is wrong with a camera; what is known already is filled in. Files given take the
        place of the wall's picture."""

        def read(_: Any) -> tuple[Filled | None, dict[str, tuple[Area, ...]], list[str]]:
            filled = self.tickets.filled(camera)
            site = filled.details.site.id if filled else ""
            beside = self._store.camera_ids_of_site(site, 200) if site else []
            return filled, self._store.masks([camera]), beside

        def show(answer: tuple[Filled | None, dict[str, tuple[Area, ...]], list[str]]) -> None:
            filled, masks, beside = answer
            if filled is None:
                return
            status = self._status_of(camera)
            picture = self._eyes.picture(camera) if status is not None else None
            image = None
            if picture is not None and not files:
                image = covered(image_of(picture, BIG), masks.get(camera, ()))
            lost = tuple(c for c in beside if c != camera and self._gone(c))
            from app.ui.ticket_report import ReportDialog

            dialog = ReportDialog(
                self.tickets, self._tasks, filled, self.who(), self._language(), status, image,
                lost, self._window,
            )  # fmt: skip
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.sent.connect(self._sent)
            if category or words or files:
                dialog.fill(category, words, files)
            dialog.open()

        self._tasks.run(self, read, show, self._failed)

    def _gone(self, camera: str) -> bool:
        status = self._status_of(camera)
        return status is not None and status.state in GONE

    def _sent(self, reported: Reported) -> None:
        line = reported.line
        text = self.tr("Fault {number} reported.")
        if reported.joined:
            text = self.tr("Your report joined the open fault {number}.")
        self.told.emit("", text.format(number=number_text(line)), line.id)

    def _failed(self, error: Exception) -> None:
        self.told.emit("warning", problem_text(error), "")

    # -- windows

    def show_board(self, filter: Filter | None = None) -> None:
        """The list and the board. `filter`: what is shown first."""
        if self.board is None:
            from app.ui.ticket_board import TicketWindow

            self.board = TicketWindow(
                self.tickets, self._tasks, self.who, self._language, self._window
            )
            self.board.open_asked.connect(self.open)
            self.board.rules_asked.connect(self.show_rules)
        else:
            self.board.reload()
        if filter is not None:
            self.board.view.setCurrentIndex(0)
            self.board.only("", "")
            self.board.use(filter)
        self.board.show()
        self.board.raise_()
        self.board.activateWindow()

    def show_history(self, camera: str, title: str) -> None:
        """All faults of one camera."""
        self.show_board(Filter())
        assert self.board is not None
        self.board.only(camera, title)

    def show_rules(self) -> None:
        """Time limits of an organisation."""

        def show(organisations: list[Organisation]) -> None:
            from app.ui.ticket_rules import RulesDialog

            dialog = RulesDialog(
                self.tickets, self._tasks, self.who, self._language(), organisations,
                parent=self.board or self._window,
            )  # fmt: skip
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()

        self._tasks.run(self, lambda _: self._store.organisations(), show, self._failed)

    def retranslate(self) -> None:
        """Another language: windows are made anew when they are asked for."""
        if self.board is not None:
            self.board.close()
            self.board.deleteLater()
            self.board = None
        self._show_counter()
        self.marks_changed.emit()

    def open(self, ticket_id: str) -> None:
        """One ticket."""

        def raised() -> bool:
            there = self._dialogs.get(ticket_id)
            if there is not None:
                there.raise_()
                there.activateWindow()
            return there is not None

        def show(organisations: list[Organisation]) -> None:
            from app.ui.ticket_view import TicketDialog

            if raised():  # asked for twice
                return
            dialog = TicketDialog(
                self.tickets, self._tasks, ticket_id, self.who, self._language(), organisations,
                self.look, self._window, self._around(),
            )  # fmt: skip
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialogs[ticket_id] = dialog
            dialog.destroyed.connect(lambda: self._dialogs.pop(ticket_id, None))
            dialog.show()

        if not raised():
            self._tasks.run(self, lambda _: self._store.organisations(), show, self._failed)

    # -- maintenance, and who answers for a site

    def maintenance(self, cameras: Sequence[str]) -> None:
        """Begin it, or end it where it is on."""
        ids = list(cameras)
        if not ids:
            return
        if any(camera in self.maintained for camera in ids):
            self._tasks.run(
                self, lambda _: self.tickets.end_maintenance(ids),
                lambda _: self.told.emit("", self.tr("Maintenance ended."), ""), self._failed,
            )  # fmt: skip
            return
        dialog = MaintenanceDialog(len(ids), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        who = self.who()

        def begin() -> None:
            until, reason = dialog.until(), dialog.reason.text().strip()
            self._tasks.run(
                self, lambda _: self.tickets.begin_maintenance(ids, until, reason, who),
                lambda _: self.told.emit("", self.tr("Maintenance began."), ""), self._failed,
            )  # fmt: skip

        dialog.accepted.connect(begin)
        dialog.open()

    def care(self, site_id: str) -> None:
        """Who answers for a site."""

        def show(answer: tuple[Care, list[Organisation]]) -> None:
            dialog = CareDialog(*answer, self._language(), self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

            def keep() -> None:
                care = dialog.care()
                self._tasks.run(
                    self, lambda _: self.tickets.set_care(site_id, care), None, self._failed
                )

            dialog.accepted.connect(keep)
            dialog.open()

        self._tasks.run(
            self, lambda _: (self.tickets.care(site_id), self._store.organisations()), show,
            self._failed,
        )  # fmt: skip


class MaintenanceDialog(QDialog):
    """Until when, and why."""

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Maintenance of %n camera(s)", "", count))
        self.hours = QComboBox()
        for hours in (1, 2, 4, 8, 24, 72):
            self.hours.addItem(self.tr("%n hour(s)", "", hours), hours)
        self.hours.setCurrentIndex(1)
        self.end = QDateTimeEdit()
        self.end.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.end.setCalendarPopup(True)
        self.hours.currentIndexChanged.connect(lambda _: self._preset())
        self._preset()
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        self.reason.setPlaceholderText(self.tr("For instance: cleaning, new pole, road works"))
        self.reason.textChanged.connect(lambda _: self._check())
        form = QFormLayout()
        form.addRow(self.tr("For"), self.hours)
        form.addRow(self.tr("Until"), self.end)
        form.addRow(self.tr("Reason"), self.reason)
        hint = QLabel(
            self.tr("Its faults do not count in the figures meanwhile; what happens is kept. It "
                    "ends by itself.")
        )  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Begin"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)
        self.reason.setFocus()
        self._check()

    def _preset(self) -> None:
        self.end.setDateTime(
            QDateTime.currentDateTime().addSecs(3600 * int(self.hours.currentData()))
        )

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.reason.text().strip()))

    def until(self) -> datetime:
        """When it ends."""
        end = datetime.fromtimestamp(self.end.dateTime().toSecsSinceEpoch(), UTC)
        return max(end, datetime.now(UTC) + timedelta(minutes=1))


class CareDialog(QDialog):
    """Responsible unit, maintainer and contact of a site."""

    def __init__(
        self, care: Care, organisations: list[Organisation], language: str, parent: QWidget
    ) -> None:
        from app.ui.ticket_report import organisation_name

        super().__init__(parent)
        self.setWindowTitle(self.tr("Who answers for this site"))
        self.responsible, self.maintainer = QComboBox(), QComboBox()
        for box, present in (
            (self.responsible, care.responsible_id), (self.maintainer, care.maintainer_id),
        ):  # fmt: skip
            box.addItem(self.tr("(the site's own organisation)"), "")
            for organisation in organisations:
                box.addItem(organisation_name(organisation, language), organisation.id)
            box.setCurrentIndex(max(0, box.findData(present)))
        self.contact = QLineEdit(care.contact)
        self.contact.setMaxLength(200)
        self.contact.setPlaceholderText(self.tr("Name and telephone number"))
        form = QFormLayout()
        form.addRow(self.tr("Responsible"), self.responsible)
        form.addRow(self.tr("Maintainer"), self.maintainer)
        form.addRow(self.tr("Contact"), self.contact)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)

    def care(self) -> Care:
        """What was entered."""
        return Care(self.responsible.currentData(), self.maintainer.currentData(),
                    self.contact.text().strip())  # fmt: skip
