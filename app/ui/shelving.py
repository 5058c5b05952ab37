"""Alarms that are put off: with a reason, to the end of the shift at most, told at the handover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera_event import EventKind
from app.domain.logbook import Book, Entry, cleaned
from app.domain.shift import LONGEST_SHELVED, Kind, Shelved
from app.store.logbook import Logbook
from app.store.store import Store, new_id
from app.ui import i18n, theme
from app.ui.events import kind_text
from app.ui.log_texts import moment_text
from app.ui.session import Session
from app.ui.tasks import Newest, Tasks

_ID = Qt.ItemDataRole.UserRole
MINUTES = (15, 60, 240, int(LONGEST_SHELVED.total_seconds()) // 60)
LOOK_MS = 15_000


def what_text(kind: str) -> str:
    """A kind of a camera's event."""
    try:
        return kind_text(EventKind(kind))
    except ValueError:
        return kind


class ShelveDialog(QDialog):
    """How long, and why."""

    def __init__(self, name: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Put off an alarm"))
        title = QLabel(f"{name}  ·  {what_text(kind)}")
        title.setObjectName("heading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        self.time, self.reason = QComboBox(), QLineEdit()
        words = (self.tr("15 minutes"), self.tr("1 hour"), self.tr("4 hours"),
                 self.tr("12 hours, the longest shift"))  # fmt: skip
        for minutes, text in zip(MINUTES, words, strict=True):
            self.time.addItem(text, minutes)
        self.time.setCurrentIndex(1)
        self.reason.setMaxLength(300)
        self.reason.setPlaceholderText(self.tr("such as: building site until Friday"))
        form = QFormLayout()
        form.addRow(self.tr("For"), self.time)
        form.addRow(self.tr("Why"), self.reason)
        hint = QLabel(self.tr("It is not shown for so long. Who takes over reads it in the list."))
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(self.tr("Put off"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setEnabled(False)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.reason.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)
        self.reason.setFocus()


class ShelfDialog(QDialog):
    """What is put off now."""

    take_back = Signal(str)  # id of the entry

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Alarms that are put off"))
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels(
            [self.tr("Until"), self.tr("Camera"), self.tr("Event"), self.tr("Why"), self.tr("Who")]
        )
        for column, width in enumerate((80, 210, 110, 220)):
            self.list.setColumnWidth(column, width)
        self.back = QPushButton(self.tr("Take back"))
        self.back.setToolTip(self.tr("The events are shown again."))
        self.back.setEnabled(False)
        self.back.clicked.connect(self._back)
        self.list.currentItemChanged.connect(lambda now, _: self.back.setEnabled(now is not None))
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignRight)
        theme.fit(self, 760, 320)

    def fill(self, shelved: list[Shelved]) -> None:
        """Show these."""
        self.list.clear()
        for one in shelved:
            row = QTreeWidgetItem([moment_text(one.until), one.name, what_text(one.what),
                                   one.reason, one.entry.author])  # fmt: skip
            row.setData(0, _ID, one.entry.id)
            row.setToolTip(3, one.reason)
            self.list.addTopLevelItem(row)
        self.back.setEnabled(self.list.currentItem() is not None)

    def _back(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.take_back.emit(str(item.data(0, _ID)))


class Shelf(QObject):
    """Knows what is put off, and asks. `changed`: (camera id, kind) that are hidden now."""

    changed = Signal(object)
    told = Signal(str)

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, session: Session,
        language: Callable[[], str], window: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._store, self._log, self._tasks, self._session = store, logbook, tasks, session
        self._language, self._window = language, window
        self.shelved: list[Shelved] = []
        self._newest = Newest()
        self.dialog: ShelfDialog | None = None
        self._timer = QTimer(self)  # what is put off comes back by itself
        self._timer.timeout.connect(self.reload)
        self._timer.start(LOOK_MS)

    def reload(self) -> None:
        """Read again what is put off."""
        show = self._newest(self._show)
        self._tasks.run(self, lambda _: self._log.shelved(), show, lambda _: None)

    def _show(self, shelved: list[Shelved]) -> None:
        before = {s.entry.id for s in self.shelved}
        self.shelved = shelved
        if before != {s.entry.id for s in shelved}:
            self.changed.emit(frozenset((s.camera_id, s.what) for s in shelved))
            if self.dialog is not None:
                self.dialog.fill(shelved)

    def ask(self, camera_id: str, kind: str) -> None:
        """Put an alarm off."""

        def show(name: str) -> None:
            dialog = ShelveDialog(name, kind, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(
                lambda: self._write(
                    Kind.SHELVED, camera_id, what=kind, name=name,
                    reason=cleaned(dialog.reason.text()),
                    until=(datetime.now(UTC) + timedelta(minutes=int(dialog.time.currentData()))
                           ).replace(microsecond=0).isoformat(),
                )
            )  # fmt: skip
            dialog.open()

        self._tasks.run(self, lambda _: self._name(camera_id), show, self._failed)

    def _name(self, camera_id: str) -> str:
        return next((r.title(self._language()) for r in self._store.rows([camera_id])), camera_id)

    def _write(self, kind: Kind, camera_id: str, about: tuple[str, ...] = (), **data: Any) -> None:
        settings = self._session.settings

        def work(_: Any) -> None:
            shift = self._log.running_shift(settings.console)
            subject = shift.id if shift else new_id()  # without a shift it stands for itself
            self._log.add(Entry(Book.SHIFT, subject, kind, settings.operator[:100],
                                settings.console, data, camera_id, about))  # fmt: skip

        self._tasks.run(self, work, lambda _: self.reload(), self._failed)

    def show(self) -> None:
        """The list."""
        if self.dialog is None:
            self.dialog = ShelfDialog(self._window)
            self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog.take_back.connect(self._take_back)
            self.dialog.destroyed.connect(lambda: setattr(self, "dialog", None))
        self.dialog.fill(self.shelved)
        self.dialog.show()

    def _take_back(self, identity: str) -> None:
        self._write(Kind.TAKEN_BACK, "", (identity,))

    def _failed(self, error: Exception) -> None:
        self.told.emit(i18n.error_text(error))
