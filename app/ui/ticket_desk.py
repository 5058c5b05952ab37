"""What joins the faults to the rest of the window: reporting, lists, marks on tiles, maintenance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QDateTime, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area, Organisation
from app.store.store import Changes, Store
from app.store.tickets import Care, Filled, Line, Maintenance, Reported, Tickets, Who
from app.ui.session import Session
from app.ui.tasks import Tasks
from app.ui.thumbnails import covered, image_of
from app.ui.ticket_board import TicketWindow
from app.ui.ticket_report import ReportDialog, organisation_name
from app.ui.ticket_texts import badge_text, number_text, problem_text, short_when
from app.ui.ticket_view import TicketDialog
from app.video.types import Picture, StreamState, StreamStatus

BIG = QSize(1280, 960)
"""Pictures that go with a ticket are at most so large."""
REFRESH_MS = 30_000
GONE = frozenset({StreamState.UNREACHABLE, StreamState.STALLED})

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
        self.board: TicketWindow | None = None
        self._dialogs: dict[str, TicketDialog] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(150)
        self._soon.timeout.connect(self.refresh)
        # Limits pass and maintenance ends without anybody writing anything.
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.refresh)
        self._tick.start(REFRESH_MS)
        self._soon.start()

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

    def refresh(self) -> None:
        """Read which cameras have an open fault, and which are in maintenance."""

        def read(_: Any) -> tuple[dict[str, Line], dict[str, Maintenance]]:
            return self.tickets.open_lines(), self.tickets.maintained()

        def show(answer: tuple[dict[str, Line], dict[str, Maintenance]]) -> None:
            self.lines, self.maintained = answer
            self.marks_changed.emit()
            if self.board is not None and self.board.isVisible():
                self.board.reload()
            for dialog in self._dialogs.values():
                dialog.reload()

        self._tasks.run(self, read, show, lambda error: None)

    def badge(self, camera: str) -> tuple[str, str]:
        """What a tile and a list say of a camera: short, and where there is room; "" for nothing."""
        now, parts = datetime.now(UTC), []
        if (kept := self.maintained.get(camera)) is not None and kept.active(now):
            until = self.tr("⚒ maintenance until {time}").format(time=short_when(kept.until, now))
            parts.append(("⚒", until))
        if (line := self.lines.get(camera)) is not None:
            parts.append(badge_text(line, now))
        return " ".join(p[0] for p in parts), "  ".join(p[1] for p in parts)

    # -- pictures

    def look(self, camera: str) -> tuple[StreamStatus, QImage | None]:
        """What the wall knows of a camera, with private areas covered."""
        status = self._status_of(camera) or StreamStatus(StreamState.IDLE, datetime.now(UTC))
        picture = self._eyes.picture(camera) if status.state is not StreamState.IDLE else None
        if picture is None:
            return status, None
        return status, covered(image_of(picture, BIG), self._areas(camera))

    # -- reporting

    def report(self, camera: str) -> None:
        """Ask what is wrong with a camera."""

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
            if picture is not None:
                image = covered(image_of(picture, BIG), masks.get(camera, ()))
            lost = tuple(c for c in beside if c != camera and self._gone(c))
            dialog = ReportDialog(
                self.tickets, self._tasks, filled, self.who(), self._language(), status, image,
                lost, self._window,
            )  # fmt: skip
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.sent.connect(self._sent)
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

    def show_board(self) -> None:
        """The list and the board."""
        if self.board is None:
            self.board = TicketWindow(
                self.tickets, self._tasks, self.who, self._language, self._window
            )
            self.board.open_asked.connect(self.open)
        else:
            self.board.reload()
        self.board.show()
        self.board.raise_()
        self.board.activateWindow()

    def retranslate(self) -> None:
        """Another language: windows are made anew when they are asked for."""
        if self.board is not None:
            self.board.close()
            self.board.deleteLater()
            self.board = None
        self.marks_changed.emit()

    def open(self, ticket_id: str) -> None:
        """One ticket."""
        if (there := self._dialogs.get(ticket_id)) is not None:
            there.raise_()
            there.activateWindow()
            return

        def show(organisations: list[Organisation]) -> None:
            dialog = TicketDialog(
                self.tickets, self._tasks, ticket_id, self.who, self._language(), organisations,
                self.look, self._window,
            )  # fmt: skip
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialogs[ticket_id] = dialog
            dialog.destroyed.connect(lambda: self._dialogs.pop(ticket_id, None))
            dialog.show()

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
